/* ways: see ways.h. */
#include "generator/auditd/ways.h"

#include <string.h>

static const struct way {
	const char *action, *call, *field, *value; /* an argument that the call has elsewhere; NULL: none */
	bool old;                                  /* of 32-bit programs alone */
} ways[] = {
	{"process.exec", "execveat", NULL, NULL, false},
	{"file.modify", "open", "audit.a1", "1", false},
	{"file.modify", "openat2", NULL, NULL, false},
	{"file.modify", "creat", NULL, NULL, false},
	{"file.create", "open", "audit.a1", "40", false},
	{"file.create", "openat", "audit.a2", "40", false},
	{"file.create", "openat2", NULL, NULL, false},
	{"file.create", "creat", NULL, NULL, false},
	{"file.create", "mkdir", NULL, NULL, false},
	{"file.rename", "rename", NULL, NULL, false},
	{"file.rename", "renameat", NULL, NULL, false},
	{"file.mknod", "mknod", NULL, NULL, false},
	{"file.setxattr", "fsetxattr", NULL, NULL, false},
	{"process.keyctl", "add_key", NULL, NULL, false},
	{"driver.load", "init_module", NULL, NULL, false},
	{"network.connect", "socketcall", "audit.a0", "3", true},
	{"network.bind", "socketcall", "audit.a0", "2", true},
	{"network.connect", "connect", "audit.a2", "1c", false}, /* last: IPv6 where the event does not say which IP it is */
};

static const char *const told[] = {"audit.syscall", "audit.syscall_number", "audit.a0", "audit.a1", "audit.a2",
	"audit.a3", "audit.open_flags"};

static bool is_set(const struct event *event, const struct facet *facet, const char *name)
{
	unsigned field = registry_field(event->registry, text_of(name));

	return field != FIELD_NONE && facet_get(facet, field) != NULL;
}

static bool says_its_call(const struct event *event, const struct facet *facet)
{
	for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
		if (is_set(event, facet, told[i]))
			return true;
	}
	return false;
}

static bool is_of(const struct event *event, const struct facet *facet, const char *action)
{
	struct text category = event->registry->categories[facet->category].name;

	return text_starts(text_of(action), category, false) && action[category.length] == '.'
		&& text_is(event->registry->actions[facet->action].name, action + category.length + 1);
}

static bool set(struct event *event, struct facet *facet, const char *name, const char *value)
{
	unsigned field = registry_field(event->registry, text_of(name));

	return field != FIELD_NONE && facet_set_text(event, facet, field, text_of(value));
}

/* An address has its length: where it is known, the call has no other. */
static bool can_be(const struct event *event, const struct facet *facet, const struct way *way)
{
	return way->field == NULL || strcmp(way->field, "audit.a2") != 0 || strcmp(way->call, "connect") != 0
		|| (is_set(event, facet, "destination.port") && !is_set(event, facet, "destination.ip"));
}

static bool vary(struct event *event, struct facet *facet, size_t n)
{
	if (says_its_call(event, facet))
		return false;
	if (n == 0)
		return set(event, facet, "audit.arch", "i386");
	size_t at = 1;

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		const struct way *way = &ways[i];

		if (!is_of(event, facet, way->action) || !can_be(event, facet, way))
			continue;
		for (int old = way->old; old < 2; old++, at++) {
			if (at == n)
				return set(event, facet, "audit.syscall", way->call)
					&& (way->field == NULL || set(event, facet, way->field, way->value))
					&& (!old || set(event, facet, "audit.arch", "i386"));
		}
	}
	return false;
}

bool auditd_vary(struct event *event, size_t n)
{
	bool varied = false;

	for (size_t i = 0; i < event->facet_count; i++) {
		if (!event->facets[i]->derived)
			varied |= vary(event, event->facets[i], n);
	}
	return varied;
}
