/* threat: ATT&CK techniques → the `threat` of Elastic's rules. */
#include "generator/elastic/threat.h"

#include "generator/sigma/tactics.h"

/* Elastic's rules speak ATT&CK 18: what version 19 parts into stealth and impairment is defense evasion there. */
static const struct tactic {
	const char *slug, *id, *name;
} tactics[] = {
	{"initial-access", "TA0001", "Initial Access"},
	{"execution", "TA0002", "Execution"},
	{"persistence", "TA0003", "Persistence"},
	{"privilege-escalation", "TA0004", "Privilege Escalation"},
	{"stealth", "TA0005", "Defense Evasion"},
	{"defense-impairment", "TA0005", "Defense Evasion"},
	{"credential-access", "TA0006", "Credential Access"},
	{"discovery", "TA0007", "Discovery"},
	{"lateral-movement", "TA0008", "Lateral Movement"},
	{"collection", "TA0009", "Collection"},
	{"exfiltration", "TA0010", "Exfiltration"},
	{"command-and-control", "TA0011", "Command and Control"},
	{"impact", "TA0040", "Impact"},
};
enum { TACTICS = sizeof(tactics) / sizeof(*tactics) };

static json_t *json_of(struct text text)
{
	return json_stringn(text.data != NULL ? text.data : "", text.length);
}

static json_t *tactic_json(const struct tactic *tactic)
{
	char reference[64];

	snprintf(reference, sizeof(reference), "https://attack.mitre.org/tactics/%s/", tactic->id);
	return json_pack("{s:s, s:s, s:s}", "id", tactic->id, "name", tactic->name, "reference", reference);
}

/* T1059.004 → https://attack.mitre.org/techniques/T1059/004/ */
static json_t *technique_json(struct arena *arena, struct text id)
{
	json_t *json = json_object();
	char *path = arena_strndup(arena, id.data, id.length);

	for (char *at = path; *at; at++)
		*at = *at == '.' ? '/' : *at;
	json_object_set_new(json, "id", json_of(id));
	json_object_set_new(json, "name", json_of(id));
	json_object_set_new(json, "reference", json_string(arena_printf(arena, "https://attack.mitre.org/techniques/%s/", path)));
	return json;
}

static json_t *find(json_t *list, struct text id)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *item = json_array_get(list, i);

		if (text_is(id, json_string_value(json_object_get(item, "id"))))
			return item;
	}
	return NULL;
}

/* The technique in the list, or its parent with the sub-technique in it. */
static void add_technique(struct arena *arena, json_t *list, struct text id)
{
	struct text parent = text_slice(id, 0, text_find(id, '.'));
	json_t *known = find(list, parent), *subs;

	if (known == NULL) {
		known = technique_json(arena, parent);
		json_array_append_new(list, known);
	}
	if (parent.length == id.length)
		return;
	subs = json_object_get(known, "subtechnique");
	if (subs == NULL) {
		subs = json_array();
		json_object_set_new(known, "subtechnique", subs);
	}
	if (find(subs, id) == NULL)
		json_array_append_new(subs, technique_json(arena, id));
}

static bool serves(struct arena *arena, struct text technique, const struct tactic *tactic)
{
	const char *served = sigma_tactics(technique);
	struct text *words;
	size_t count = served != NULL ? text_split(arena, text_of(served), ' ', &words) : 0;

	for (size_t i = 0; i < count; i++) {
		if (text_is(words[i], tactic->slug))
			return true;
	}
	return false;
}

static json_t *listed(json_t *threat, const struct tactic *tactic)
{
	for (size_t i = 0; i < json_array_size(threat); i++) {
		json_t *item = json_array_get(threat, i);

		if (text_is(text_of(tactic->id), json_string_value(json_object_get(json_object_get(item, "tactic"), "id"))))
			return json_object_get(item, "technique");
	}
	return NULL;
}

json_t *elastic_threat(struct arena *arena, const struct texts *techniques)
{
	json_t *threat = json_array();

	for (size_t t = 0; t < TACTICS; t++) {
		for (size_t i = 0; i < techniques->count; i++) {
			json_t *list = listed(threat, &tactics[t]);

			if (!serves(arena, techniques->items[i], &tactics[t]))
				continue;
			if (list == NULL) {
				list = json_array();
				json_array_append_new(threat, json_pack("{s:s, s:o, s:o}", "framework", "MITRE ATT&CK", "tactic",
					tactic_json(&tactics[t]), "technique", list));
			}
			add_technique(arena, list, techniques->items[i]);
		}
	}
	return threat;
}
