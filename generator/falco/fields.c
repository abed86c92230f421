/* fields: a table, and how names are looked up in it. */
#include "generator/falco/fields.h"

#include <stdlib.h>
#include <string.h>

static const struct falco_field fields[] = {
#include "generator/falco/fields_table.h"
};

static int compare(const void *key, const void *row)
{
	const struct text *name = key;

	return text_compare(*name, text_of(((const struct falco_field *)row)->name));
}

static const struct falco_field *exact(struct text name)
{
	return bsearch(&name, fields, sizeof(fields) / sizeof(*fields), sizeof(*fields), compare);
}

/* Fields whose argument stands behind a dot. */
static const char *const dotted[] = {"evt.arg", "evt.rawarg", "evt.around", "thread.cgroup", "container.label", "k8s.ns.label",
	"k8s.pod.label", "k8s.rc.label", "k8s.svc.label", "k8s.rs.label", "k8s.deployment.label"};

const struct falco_field *falco_field(struct text name)
{
	/* Always true, and deprecated; the engine does not list it. */
	static const struct falco_field direction = {"evt.dir", FALCO_TEXT, FALCO_NONE};
	const struct falco_field *found = exact(name);

	if (found == NULL && text_is(name, direction.name))
		return &direction;
	for (size_t i = 0; found == NULL && i < sizeof(dotted) / sizeof(*dotted); i++) {
		size_t length = strlen(dotted[i]);

		if (name.length > length + 1 && name.data[length] == '.' && text_starts(name, text_of(dotted[i]), false))
			return exact(text_of(dotted[i]));
	}
	return found;
}

bool falco_field_prefix(struct text name)
{
	static const char *const own[] = {"evt", "proc", "thread", "fd", "fs", "user", "group", "syscall", "fdlist", "container"};
	struct text prefix = text_slice(name, 0, text_find(name, '.'));

	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++) {
		if (text_is(prefix, own[i]))
			return true;
	}
	return false;
}

bool falco_field_ancestors(struct text name)
{
	static const char *const all[] = {"proc.apid", "proc.aname", "proc.aexe", "proc.aexepath", "proc.acmdline", "proc.aenv"};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		if (text_is(name, all[i]))
			return true;
	}
	return false;
}
