/* fields: operators over the fields of events that are no commands. */
#include "replay/mutate/operators.h"

#include <string.h>

static const struct registry *registry_of(const struct maker *maker)
{
	return &maker->catalog->registry;
}

static unsigned field_named(const struct maker *maker, const char *name)
{
	return registry_field(registry_of(maker), text_of(name));
}

static bool is_command(const struct maker *maker)
{
	return maker_words(maker) != NULL || maker->act->format != NULL;
}

static bool is_action(const struct maker *maker, const char *category, const char *action)
{
	const struct registry *registry = registry_of(maker);
	const struct action *own = &registry->actions[maker->act->facet.action];
	return text_is(registry->categories[maker->act->facet.category].name, category) &&
		(action == NULL || text_is(own->name, action));
}

/* Sets of which the order says nothing. */
void make_list_order(struct maker *maker)
{
	static const char *const sets[] = {"container.mounts", "container.capabilities.added", "container.capabilities.dropped",
		"container.devices", "container.ports", "container.environment", "container.labels", "container.namespaces.host",
		"container.security_context.options", "container.sysctls", "orchestrator.role.permissions",
			"orchestrator.binding.subjects",
		"file.mount.flags", "process.namespaces.flags", "process.thread.capabilities.effective",
		"process.thread.capabilities.permitted", "user.groups"};
	if (is_command(maker))
		return;
	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
		const struct test_field *field = act_get(maker->act, field_named(maker, sets[i]));
		if (field == NULL || field->values.count < 2)
			continue;
		const size_t count = field->values.count;
		struct text *turned = arena_array(maker->arena, count + 1, sizeof *turned);
		for (size_t turn = 1; turn < count; turn++) {
			for (size_t k = 0; k < count; k++)
				turned[k] = field->values.items[(k + turn) % count];
			maker_add(maker, act_with(maker->arena, maker->act, field->field, turned, count));
		}
		for (size_t k = 0; k < count; k++)
			turned[k] = field->values.items[count - 1 - k];
		maker_add(maker, act_with(maker->arena, maker->act, field->field, turned, count));
	}
}

static const struct test_field *path_field(const struct maker *maker)
{
	static const char *const names[] = {"file.path", "file.mount.source", "destination.address", "file.target_path"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const struct test_field *field = act_get(maker->act, field_named(maker, names[i]));
		if (field != NULL && field->values.count == 1 && field->values.items[0].length > 1 &&
			field->values.items[0].data[0] == '/')
			return field;
	}
	return NULL;
}

/* What the kernel records is the path as the program wrote it. */
void make_field_path(struct maker *maker)
{
	const struct test_field *field = path_field(maker);
	if (is_command(maker) || field == NULL)
		return;
	const struct text path = field->values.items[0], rest = text_slice(path, 1, path.length);
	const size_t slash = text_find(rest, '/');
	const struct text first = text_slice(rest, 0, slash), behind = text_slice(rest, slash, rest.length);
	const bool last = behind.length == 0;
	const struct text made[] = {
		maker_text(maker, "//%.*s", TEXT_ARGS(rest)),
		maker_text(maker, "/./%.*s", TEXT_ARGS(rest)),
		last ? path : maker_text(maker, "/%.*s/%.*s", TEXT_ARGS(first), TEXT_ARGS(behind)),
		last ? path : maker_text(maker, "/%.*s/.%.*s", TEXT_ARGS(first), TEXT_ARGS(behind)),
		text_starts(path, TEXT("/run/"), false) ? maker_text(maker, "/var%.*s", TEXT_ARGS(path)) : path,
		text_starts(path, TEXT("/var/run/"), false) ? text_slice(path, 4, path.length) : path,
	};
	for (size_t i = 0; i < sizeof made / sizeof *made; i++)
		maker_add(maker, act_with(maker->arena, maker->act, field->field, &made[i], 1));
}

struct asking {
	unsigned field;
	bool found;
};

static void ask(const struct predicate *predicate, void *context)
{
	struct asking *asking = context;
	asking->found = asking->found || predicate->field == asking->field || predicate->other == asking->field;
}

static bool asks_for(const struct maker *maker, const char *field)
{
	struct asking asking = {field_named(maker, field), false};
	for (size_t i = 0; i < maker->detection->condition_count; i++)
		condition_visit(maker->detection->conditions[i], ask, &asking);
	return asking.found;
}

/* The file is written by another program. Who connects to a socket or runs in a runtime's thread, is another matter. */
void make_program(struct maker *maker)
{
	static const char *const programs[] = {"python3.11", "cp", "dd", "vim.tiny", "perl", "implant", "busybox", "sed"};
	const bool writes = is_action(maker, "file", "modify") || is_action(maker, "file", "create") ||
		is_action(maker, "file", "rename") || is_action(maker, "file", "delete");
	if (!writes || act_get(maker->act, maker->fields->thread) != NULL || asks_for(maker, "process.executable") ||
		asks_for(maker, "process.name"))
		return;
	const struct act bare = act_without(maker->arena, maker->act, maker->fields->executable);
	for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
		const struct text name = text_of(programs[i]);
		maker_add(maker, act_with(maker->arena, &bare, maker->fields->name, &name, 1));
	}
	for (size_t i = 0; i < 2; i++) {
		const struct registry *registry = registry_of(maker);
		const unsigned action = registry_action(registry, maker->act->facet.category, i == 0 ? TEXT("create") : TEXT("modify"));
		if (!is_action(maker, "file", "rename") && !is_action(maker, "file", "delete"))
			maker_add(maker, act_as(maker->arena, registry, maker->act, maker->act->facet.category, action));
	}
}

/* A client says of itself what it likes. */
void make_user_agent(struct maker *maker)
{
	static const char *const agents[] = {"kubectl/v1.31.0 (linux/amd64) kubernetes/9edcffc", "curl/8.5.0", "Go-http-client/2.0",
		"python-requests/2.31.0", "Mozilla/5.0"};
	const unsigned field = field_named(maker, "user_agent.original");
	if (!is_action(maker, "api", NULL) || field == FIELD_NONE || asks_for(maker, "user_agent.original") || is_command(maker))
		return;
	for (size_t i = 0; i < sizeof agents / sizeof *agents; i++) {
		const struct text agent = text_of(agents[i]);
		maker_add(maker, act_with(maker->arena, maker->act, field, &agent, 1));
	}
}

/* --- near misses --- */

/* A condition means acts that succeeded, unless it names the outcome. */
void miss_failed(struct maker *maker)
{
	if (asks_for(maker, "event.outcome") || maker->act->series != NULL || is_command(maker))
		return;
	for (size_t i = 0; i < maker->detection->condition_count; i++)
		if (maker->detection->conditions[i]->names_outcome)
			return;
	const struct text failure = TEXT("failure");
	maker_add(maker, act_with(maker->arena, maker->act, FIELD_OUTCOME, &failure, 1));
}

/* A file beside it: where the last part of the path is what it is known by, and no pattern leaves its end open. */
void miss_field_suffix(struct maker *maker)
{
	static const char *const suffixes[] = {".md", "-notes", "_backup.html"};
	const struct test_field *field = path_field(maker);
	if (is_command(maker) || field == NULL)
		return;
	const struct text path = field->values.items[0], other = TEXT("/srv/notes/readme");
	const struct act moved = act_with(maker->arena, maker->act, field->field, &other, 1);
	const struct text folder = maker_text(maker, "%.*sreadme", (int)(path.length - path_name(path).length), path.data);
	const struct act beside = act_with(maker->arena, maker->act, field->field, &folder, 1);
	if (maker->matches(maker->context, &moved) || maker->matches(maker->context, &beside))
		return;
	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		const struct text made = maker_text(maker, "/srv/notes/%.*s%s", TEXT_ARGS(path_name(path)), suffixes[i]);
		maker_add(maker, act_with(maker->arena, maker->act, field->field, &made, 1));
	}
}

/* A port that begins alike. */
void miss_port(struct maker *maker)
{
	const unsigned field = field_named(maker, "destination.port");
	const struct text port = act_text(maker->act, field);
	int64_t number = 0;
	if (is_command(maker) || port.length == 0 || !text_to_long(port, &number) || number < 1 || number > 6553)
		return;
	const struct text none = TEXT("7"), longer = maker_text(maker, "%.*s0", TEXT_ARGS(port));
	const struct act other = act_with(maker->arena, maker->act, field, &none, 1);
	if (!maker->matches(maker->context, &other))
		maker_add(maker, act_with(maker->arena, maker->act, field, &longer, 1));
}

/* What is switched on, switched off; what is off by default is another matter. */
void miss_boolean(struct maker *maker)
{
	const struct registry *registry = registry_of(maker);
	for (size_t i = 0; i < maker->act->facet.count && !is_command(maker); i++) {
		const struct test_field *field = &maker->act->facet.fields[i];
		if (field->null || registry->fields[field->field].type != TYPE_BOOLEAN || field->values.count != 1 ||
			!text_is(field->values.items[0], "true"))
			continue;
		const struct act missing = act_without(maker->arena, maker->act, field->field);
		const struct text turned = TEXT("false");
		if (!maker->matches(maker->context, &missing))
			maker_add(maker, act_with(maker->arena, maker->act, field->field, &turned, 1));
	}
}

/* On the host, where the detection speaks of containers: it does not match where nothing is known of that. */
void miss_host(struct maker *maker)
{
	const struct text no = TEXT("false");
	if (!text_is(act_text(maker->act, maker->fields->in_container), "true"))
		return;
	const struct act missing = act_without(maker->arena, maker->act, maker->fields->in_container);
	if (!maker->matches(maker->context, &missing))
		maker_add(maker, act_with(maker->arena, maker->act, maker->fields->in_container, &no, 1));
}

/* Opened to be read, where the detection is about what is written. */
void miss_read(struct maker *maker)
{
	const struct registry *registry = registry_of(maker);
	const unsigned open = registry_action(registry, maker->fields->file_category, TEXT("open"));
	if (!is_action(maker, "file", "modify") && !is_action(maker, "file", "create"))
		return;
	for (size_t i = 0; i < maker->detection->condition_count; i++)
		if (text_contains(maker->detection->conditions[i]->source, TEXT("\"open\""), false))
			return;
	maker_add(maker, act_as(maker->arena, registry, maker->act, maker->act->facet.category, open));
}
