/* sense: facets that Falco's sensor could show. */
#include "generator/falco/sense.h"

#include "catalog/shape.h"

#include <string.h>

struct sensing {
	const struct registry *registry;
	const struct facet *facet;
};

static const struct values *values_of(const struct sensing *s, const char *field)
{
	unsigned number = registry_field(s->registry, text_of(field));

	return number != FIELD_NONE ? facet_get(s->facet, number) : NULL;
}

static struct text value_of(const struct sensing *s, const char *field)
{
	const struct values *values = values_of(s, field);

	return values != NULL && values->count > 0 ? values->items[0].text : TEXT("");
}

static bool is(const struct sensing *s, const char *category, const char *action)
{
	return text_is(s->registry->categories[s->facet->category].name, category)
		&& (action == NULL || text_is(s->registry->actions[s->facet->action].name, action));
}

/* --- fields that only some acts have --- */

static const struct {
	const char *field, *category, *actions[3]; /* no action: all of the category */
} belongings[] = {
	{"file.mount.source", "file", {"mount"}}, {"file.mount.type", "file", {"mount"}}, {"file.mount.bind", "file", {"mount"}},
	{"file.mount.flags", "file", {"mount"}}, {"file.target_path", "file", {"rename", "link"}},
	{"process.ptrace.request", "process", {"ptrace"}}, {"process.namespaces.flags", "process", {"setns", "unshare", "fork"}},
	{"process.bpf.command", "process", {"bpf"}}, {"file.path", "file", {NULL}},
	{"destination.address", "network", {"connect", "bind"}},
	{"destination.ip", "network", {"connect", "bind"}}, {"destination.port", "network", {"connect", "bind"}},
};

static bool belong(const struct sensing *s)
{
	for (size_t i = 0; i < sizeof(belongings) / sizeof(*belongings); i++) {
		bool there = values_of(s, belongings[i].field) != NULL, fits = is(s, belongings[i].category, belongings[i].actions[0]);

		for (size_t k = 1; k < 3 && belongings[i].actions[k] != NULL; k++)
			fits = fits || is(s, belongings[i].category, belongings[i].actions[k]);
		if (there && !fits)
			return false;
	}
	return true;
}

/* --- values that the kernel has no others of --- */

static bool number_or_missing(const struct sensing *s, const char *field)
{
	struct text text = value_of(s, field);
	int64_t number;

	return text.length == 0
		|| (text_to_long(text, &number) && number >= 0 && number < 4294967295 && (text.length == 1 || text.data[0] != '0'));
}

static bool all_among(const struct sensing *s, const char *field, const char *const *known)
{
	const struct values *values = values_of(s, field);

	for (size_t i = 0; values != NULL && i < values->count; i++) {
		size_t k = 0;

		while (known[k] != NULL && !text_is(values->items[i].text, known[k]))
			k++;
		if (known[k] == NULL)
			return false;
	}
	return values == NULL || values->count > 0; /* an empty list is none there */
}

/* Names of capabilities; `whole`: every one that counts for the whole set is among them. */
static bool capabilities(const struct sensing *s, const char *field, bool *whole)
{
	const struct values *values = values_of(s, field);
	uint64_t mask = 0;

	for (size_t i = 0; values != NULL && i < values->count; i++) {
		struct text name = values->items[i].text;
		int bit = text_starts(name, TEXT("CAP_"), false) ? capability_bit(name) : -1;

		if (bit < 0 || !text_is(name, capability_name((unsigned)bit)))
			return false;
		mask |= UINT64_C(1) << bit;
	}
	*whole = capability_mask_full(mask);
	return values == NULL || values->count > 0;
}

static bool capabilities_agree(const struct sensing *s)
{
	struct text full = value_of(s, "process.capabilities.full");
	bool whole, other;

	if (!capabilities(s, "process.thread.capabilities.effective", &other)
		|| !capabilities(s, "process.thread.capabilities.permitted", &whole))
		return false;
	if (values_of(s, "process.thread.capabilities.permitted") != NULL)
		return text_is(full, whole ? "true" : "false");
	return full.length == 0 || is(s, "process", "capset"); /* there the set is told as a whole only */
}

static bool kernel_values(const struct sensing *s)
{
	static const char *const namespaces[] = {"mnt", "pid", "net", "ipc", "uts", "user", "cgroup", NULL};
	static const char *const flags[] = {"MS_RDONLY", "MS_NOSUID", "MS_NODEV", "MS_NOEXEC", "MS_REMOUNT", "MS_BIND", "MS_MOVE",
		"MS_REC", "MS_SILENT", "MS_UNBINDABLE", "MS_PRIVATE", "MS_SLAVE", "MS_SHARED", "MS_RELATIME", "MS_NOATIME", NULL};

	return number_or_missing(s, "user.id") && number_or_missing(s, "user.audit.id") && number_or_missing(s, "user.group.id")
		&& all_among(s, "process.namespaces.flags", namespaces) && all_among(s, "file.mount.flags", flags)
		&& capabilities_agree(s);
}

/* --- what belongs together --- */

/* The last component and the folder are the path's. */
static bool path_parts(const struct sensing *s)
{
	struct text path = value_of(s, "file.path"), name = value_of(s, "file.name"), directory = value_of(s, "file.directory");
	size_t slash = path.length - path_name(path).length;

	if (!is(s, "file", NULL) || path.length == 0)
		return name.length == 0 && directory.length == 0;
	struct text folder = text_slice(path, 0, slash > 1 ? slash - 1 : slash);

	return text_equal(name, path_name(path)) && (path.length == 0 || name.length > 0) && text_equal(directory, folder);
}

static bool program(const struct sensing *s)
{
	struct text path = value_of(s, "process.executable"), name = value_of(s, "process.name"), file = path_name(path);
	bool unnamed = path.length > 0 && file.length == 0; /* a program in memory: its path is / */

	return (unnamed || text_equal(name, file)) && value_of(s, "process.thread.name").length <= 15
		&& value_of(s, "process.parent.name").length <= 15;
}

/* 0.0.0.0 or ::, which the engine gives for one another. */
static bool anywhere(const struct ip *ip)
{
	static const struct ip none = {{0}}, none4 = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}};

	return memcmp(ip, &none, sizeof(none)) == 0 || memcmp(ip, &none4, sizeof(none4)) == 0;
}

static bool socket_ends(const struct sensing *s)
{
	struct text address = value_of(s, "destination.address"), ip = value_of(s, "destination.ip");
	struct ip a, b;
	bool by_ip = address.length > 0 && ip_parse(address, &a);

	if (by_ip || ip.length > 0)
		return by_ip && ip_parse(ip, &b) && (memcmp(&a, &b, sizeof(a)) == 0 || (anywhere(&a) && anywhere(&b)));
	return value_of(s, "destination.port").length == 0;
}

static bool arguments(const struct sensing *s)
{
	const struct values *args = values_of(s, "process.args");
	struct text line = value_of(s, "process.command_line");
	size_t at = 0;

	for (size_t i = 0; args != NULL && line.length > 0 && i < args->count; i++) {
		struct text arg = args->items[i].text;

		if (i > 0 && (at >= line.length || line.data[at++] != ' '))
			return false;
		if (!text_starts(text_slice(line, at, line.length), arg, false))
			return false;
		at += arg.length;
	}
	return args == NULL || at == line.length;
}

/* Mounts have three parts, and two ways of being. */
static bool mounts(const struct sensing *s)
{
	const struct values *values = values_of(s, "container.mounts");

	for (size_t i = 0; values != NULL && i < values->count; i++) {
		struct text mount = values->items[i].text;
		size_t colons = 0;

		for (size_t k = 0; k < mount.length; k++) {
			colons += mount.data[k] == ':';
			if (mount.data[k] == ',' || mount.data[k] == ' ')
				return false;
		}
		if (colons != 2)
			return false;
	}
	return values == NULL || values->count > 0; /* no mounts are an empty text there, which is no value */
}

/* A container, or the host: one of them must be known; a container's own event has an id. Recordings that do not say are taken
 * for the host's. */
static bool place(const struct sensing *s, bool recorded)
{
	struct text id = value_of(s, "container.id"), inside = value_of(s, "process.in_container");

	if (is(s, "container", NULL))
		return id.length > 0 && !text_is(inside, "false");
	if (id.length > 0)
		return !text_is(inside, "false");
	return recorded || inside.length > 0;
}

bool falco_sense(const struct registry *registry, const struct facet *facet, bool recorded)
{
	struct sensing s = {registry, facet};

	/* What was recorded happened, whatever a record leaves out of it; what is made up must be of one piece. */
	bool agrees = kernel_values(&s) && path_parts(&s) && program(&s) && socket_ends(&s) && arguments(&s) && mounts(&s);

	return (recorded || agrees) && belong(&s) && place(&s, recorded);
}
