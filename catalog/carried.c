/* carried: see carried.h. */
#include "catalog/carried.h"

static const struct carried {
	const char *field; /* with all that begins so */
	const char *actions[4];
} carried[] = {
	{"file.mount.", {"mount"}},
	{"file.target_", {"rename", "link"}},
	{"process.namespaces.flags", {"setns", "unshare", "fork"}},
	{"process.ptrace.request", {"ptrace"}},
};

bool field_carried(const struct registry *registry, unsigned field, unsigned action)
{
	struct text name = registry->fields[field].name, act = registry->actions[action].name;

	for (size_t i = 0; i < sizeof(carried) / sizeof(carried[0]); i++) {
		if (!text_starts(name, text_of(carried[i].field), false))
			continue;
		for (size_t k = 0; k < 4 && carried[i].actions[k] != NULL; k++) {
			if (text_is(act, carried[i].actions[k]))
				return true;
		}
		return false;
	}
	return true;
}
