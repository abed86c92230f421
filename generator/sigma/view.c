/* view: Sysmon's events, and events that name their log source. */
#include "generator/sigma/view.h"

#include "generator/sigma/viewing.h"

#include <arpa/inet.h>
#include <string.h>

/* --- parts --- */

const struct values *viewing_values(const struct viewing *v, const char *field)
{
	unsigned number = registry_field(v->registry, text_of(field));

	return number != FIELD_NONE ? facet_get(v->facet, number) : NULL;
}

struct text viewing_text(const struct viewing *v, const char *field)
{
	const struct values *values = viewing_values(v, field);

	return values != NULL && values->count > 0 ? values->items[0].text : TEXT("");
}

bool viewing_is(const struct viewing *v, const char *category, const char *action)
{
	return text_is(v->registry->categories[v->facet->category].name, category)
		&& (action == NULL || text_is(v->registry->actions[v->facet->action].name, action));
}

struct sight *viewing_add(const struct viewing *v, const char *kind)
{
	return sight_add(v->arena, v->sights, v->facet, text_of(kind));
}

/* As every program prints it: 10.0.0.1, fd00::1. */
static struct text address_text(struct arena *arena, const struct ip *ip)
{
	static const unsigned char mapped[12] = {[10] = 0xFF, [11] = 0xFF};
	char *out = arena_alloc(arena, INET6_ADDRSTRLEN);
	bool four = memcmp(ip->bytes, mapped, sizeof(mapped)) == 0;

	if (inet_ntop(four ? AF_INET : AF_INET6, four ? ip->bytes + 12 : ip->bytes, out, INET6_ADDRSTRLEN) == NULL)
		return TEXT("");
	return text_of(out);
}

void viewing_put(const struct viewing *v, struct sight *sight, const char *name, const char *field)
{
	const struct values *values = viewing_values(v, field);

	if (values == NULL)
		return;
	struct text *texts = arena_array(v->arena, values->count + 1, sizeof(*texts));
	bool ip = v->registry->fields[registry_field(v->registry, text_of(field))].type == TYPE_IP;

	for (size_t i = 0; i < values->count; i++)
		texts[i] = ip ? address_text(v->arena, &values->items[i].ip) : values->items[i].text;
	sight_set_list(v->arena, sight, name, texts, values->count);
}

struct text viewing_command(const struct viewing *v, const char *line, const char *args)
{
	const struct values *values = viewing_values(v, args);
	struct text *texts;

	if (viewing_text(v, line).length > 0 || values == NULL)
		return viewing_text(v, line);
	texts = arena_array(v->arena, values->count + 1, sizeof(*texts));
	for (size_t i = 0; i < values->count; i++)
		texts[i] = values->items[i].text;
	return text_join(v->arena, texts, values->count, ' ');
}

void viewing_natives(const struct viewing *v, struct sight *sight)
{
	for (size_t i = 0; i < v->facet->count; i++) {
		const struct field *field = &v->registry->fields[v->facet->entries[i].field];

		if (!field_native(field, TEXT("sigma")) || sight_get(sight, field->name) == NULL)
			continue;
		v->sights->count--; /* the newest */
		return;
	}
	sight_set_natives(v->arena, sight, v->registry, TEXT("sigma"));
}

/* --- Sysmon --- */

/* What Sysmon calls things, and which of its events have them. */
enum { EXEC = 1, FILES = 2, CONNECT = 4, EXIT = 8, ALL = 15 };
static const struct {
	const char *name, *field;
	int events;
} names[] = {
	{"Image", "process.executable", ALL},
	{"User", "user.name", ALL},
	{"ProcessId", "process.pid", ALL},
	{"CurrentDirectory", "process.working_directory", EXEC},
	{"ParentImage", "process.parent.executable", EXEC},
	{"ParentCommandLine", "process.parent.command_line", EXEC},
	{"ParentProcessId", "process.parent.pid", EXEC},
	{"TargetFilename", "file.path", FILES},
	{"Protocol", "network.transport", CONNECT},
	{"SourceIp", "source.ip", CONNECT},
	{"SourcePort", "source.port", CONNECT},
	{"DestinationIp", "destination.ip", CONNECT},
	{"DestinationPort", "destination.port", CONNECT},
};

static const struct {
	const char *category, *action, *kind;
	int event;
} shown[] = {
	{"process", "exec", "process_creation", EXEC},
	{"process", "exit", "process_termination", EXIT},
	{"file", "create", "file_event", FILES},
	{"file", "modify", "file_event", FILES},
	{"file", "delete", "file_delete", FILES},
	{"network", "connect", "network_connection", CONNECT},
};

static void view_sysmon(const struct viewing *v)
{
	struct text system = viewing_text(v, "host.os.type"), kind;
	size_t row = 0;

	while (row < sizeof(shown) / sizeof(*shown) && !viewing_is(v, shown[row].category, shown[row].action))
		row++;
	if (row == sizeof(shown) / sizeof(*shown) || !text_is(facet_text(v->facet, FIELD_OUTCOME), "success"))
		return; /* what fails leaves no event, and what left one went well */
	if (shown[row].event == CONNECT && viewing_values(v, "destination.ip") == NULL)
		return; /* TCP and UDP only */
	kind = text_of(shown[row].kind);
	if (system.length > 0 && !text_is(system, "linux"))
		kind = text_of(arena_printf(v->arena, "%s_%.*s", shown[row].kind, TEXT_ARGS(system)));
	struct sight *sight = viewing_add(v, kind.data);

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (names[i].events & shown[row].event)
			viewing_put(v, sight, names[i].name, names[i].field);
	}
	if (shown[row].event == EXEC)
		sight_set(v->arena, sight, "CommandLine", viewing_command(v, "process.command_line", "process.args"));
	viewing_natives(v, sight);
}

/* --- events that name their log source --- */

/* The one value of the field; *several: there are more, which no event of one log source has. */
static struct text only_value(const struct viewing *v, const char *field, bool *several)
{
	const struct values *values = viewing_values(v, field);

	*several = *several || (values != NULL && values->count > 1);
	return values != NULL && values->count > 0 ? values->items[0].text : TEXT("");
}

/* Returns whether the event names its log source: then it is a record of that alone. */
static bool view_named(const struct viewing *v)
{
	bool several = false;
	struct text product = only_value(v, "logsource.product", &several);
	struct text category = only_value(v, "logsource.category", &several);
	struct text service = only_value(v, "logsource.service", &several);

	if (product.length + category.length + service.length == 0)
		return false;
	if (several || text_is(facet_text(v->facet, FIELD_OUTCOME), "failure"))
		return true; /* such a record speaks in its own names, and has no outcome in ours */
	struct sight *sight = viewing_add(v, arena_printf(v->arena, "%.*s/%.*s/%.*s", TEXT_ARGS(product), TEXT_ARGS(category),
		TEXT_ARGS(service)));

	viewing_put(v, sight, "message", "message");
	sight_set_list(v->arena, sight, "message", NULL, 0); /* a record without text has no keywords */
	sight_set_natives(v->arena, sight, v->registry, TEXT("sigma"));
	return true;
}

void view_event(const struct catalog *catalog, const struct event *event, struct arena *arena, struct sights *sights)
{
	struct viewing v = {.registry = &catalog->registry, .event = event, .arena = arena, .sights = sights};

	for (size_t i = 0; i < event->facet_count; i++) {
		v.facet = event->facets[i];
		if (view_named(&v) || v.facet->derived)
			continue;
		view_sysmon(&v);
		view_audit(&v);
		view_cluster(&v);
	}
}

struct sigma_logsource view_logsource(struct text kind)
{
	size_t first = text_find(kind, '/'), second;
	struct sigma_logsource logsource = {TEXT("linux"), kind, TEXT("")};

	if (first < kind.length) {
		struct text rest = text_slice(kind, first + 1, kind.length);

		second = text_find(rest, '/');
		return (struct sigma_logsource){text_slice(kind, 0, first), text_slice(rest, 0, second),
			text_slice(rest, second < rest.length ? second + 1 : rest.length, rest.length)};
	}
	if (text_is(kind, "kubernetes_audit"))
		return (struct sigma_logsource){TEXT("kubernetes"), TEXT(""), TEXT("audit")};
	if (text_starts(kind, TEXT("auditd_"), false))
		return (struct sigma_logsource){TEXT("linux"), TEXT(""), TEXT("auditd")};
	if (text_ends(kind, TEXT("_windows"), false))
		return (struct sigma_logsource){TEXT("windows"), text_slice(kind, 0, kind.length - 8), TEXT("")};
	if (text_ends(kind, TEXT("_macos"), false))
		return (struct sigma_logsource){TEXT("macos"), text_slice(kind, 0, kind.length - 6), TEXT("")};
	return logsource;
}
