/* tactics: ATT&CK techniques → tactics. */
#include "generator/sigma/tactics.h"

static const struct {
	const char *technique, *tactics;
} table[] = {
	{"T1005", "collection"},
	{"T1006", "stealth"},
	{"T1014", "stealth"},
	{"T1021", "lateral-movement"},
	{"T1036", "stealth"},
	{"T1046", "discovery"},
	{"T1053", "execution persistence privilege-escalation"},
	{"T1059", "execution"},
	{"T1068", "privilege-escalation"},
	{"T1078", "initial-access persistence privilege-escalation"},
	{"T1082", "discovery"},
	{"T1098", "persistence privilege-escalation"},
	{"T1133", "initial-access persistence"},
	{"T1190", "initial-access"},
	{"T1204", "execution"},
	{"T1496", "impact"},
	{"T1499", "impact"},
	{"T1525", "persistence"},
	{"T1528", "credential-access"},
	{"T1543", "persistence privilege-escalation"},
	{"T1546", "persistence privilege-escalation"},
	{"T1547", "persistence privilege-escalation"},
	{"T1548", "privilege-escalation"},
	{"T1552", "credential-access"},
	{"T1562", "defense-impairment"},
	{"T1574", "persistence privilege-escalation"},
	{"T1609", "execution"},
	{"T1610", "execution"},
	{"T1611", "privilege-escalation"},
	{"T1612", "stealth"},
	{"T1613", "discovery"},
};

const char *sigma_tactics(struct text technique)
{
	struct text parent = text_slice(technique, 0, text_find(technique, '.'));

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		if (text_is(parent, table[i].technique))
			return table[i].tactics;
	}
	return NULL;
}
