/*
 * derive: runs all derivations over an event, in the order in which they need each other.
 */
#include "replay/derive/derive.h"

#include "replay/derive/paths.h"
#include "replay/derive/request.h"

#include <stdlib.h>

struct deriver {
	const struct catalog *catalog;
	struct lineage *lineage;
	unsigned exec;
	struct paths paths;
	struct names clients; /* all that a client's executable may be called */
	unsigned name, executable, args, args_count, command_line, file_path, file_name, file_directory;
	unsigned *shared; /* fields that all facets of an event have in common */
	size_t shared_count;
};

static void name_clients(struct deriver *deriver)
{
	const struct clients *clients = &deriver->catalog->clients;
	size_t count = 0, most = 0;
	for (size_t i = 0; i < clients->count; i++)
		most += clients->items[i].name_count;
	struct text *names = mem_alloc((most + 1) * sizeof *names);
	for (size_t i = 0; i < clients->count; i++)
		for (size_t k = 0; k < clients->items[i].name_count; k++)
			names[count++] = clients->items[i].names[k];
	names_make(&deriver->clients, names, count);
	free(names);
}

static void find_shared(struct deriver *deriver)
{
	const struct registry *registry = &deriver->catalog->registry;
	deriver->shared = mem_alloc(registry->field_count * sizeof *deriver->shared);
	for (unsigned field = 1; field < registry->field_count; field++)
		if (registry->fields[field].shared)
			deriver->shared[deriver->shared_count++] = field;
}

struct deriver *deriver_new(const struct catalog *catalog)
{
	const struct registry *registry = &catalog->registry;
	struct deriver *deriver = mem_alloc(sizeof(*deriver));
	bool found;
	unsigned process = registry_category(registry, TEXT("process"), &found);
	*deriver = (struct deriver){
		.catalog = catalog,
		.lineage = lineage_new(registry, &catalog->clients.runtimes),
		.exec = registry_action(registry, process, TEXT("exec")),
		.name = registry_field(registry, TEXT("process.name")),
		.executable = registry_field(registry, TEXT("process.executable")),
		.args = registry_field(registry, TEXT("process.args")),
		.args_count = registry_field(registry, TEXT("process.args_count")),
		.command_line = registry_field(registry, TEXT("process.command_line")),
		.file_path = registry_field(registry, TEXT("file.path")),
		.file_name = registry_field(registry, TEXT("file.name")),
		.file_directory = registry_field(registry, TEXT("file.directory")),
	};
	paths_make(&deriver->paths, registry);
	name_clients(deriver);
	find_shared(deriver);
	return deriver;
}

/* Here, in lineage.c and request.c (which also takes all of container.* away from the actor). */
static const char *const looked_at[] = {
	"process.pid", "process.name", "process.executable", "process.args", "process.args_count", "process.command_line",
	"process.working_directory", "process.exit_code", "process.thread.name", "process.in_container", "process.parent.pid",
	"process.parent.name", "process.parent.executable", "process.parent.command_line", "file.path", "file.name",
	"file.directory", "session.id", "host.name", "entity.id",
};

void deriver_wants(const struct registry *registry, uint8_t *wanted)
{
	for (size_t i = 0; i < sizeof looked_at / sizeof *looked_at; i++)
		wanted[registry_field(registry, text_of(looked_at[i]))] = 1;
	for (unsigned field = 1; field < registry->field_count; field++)
		if (text_starts(registry->fields[field].name, TEXT("container."), false))
			wanted[field] = 1;
}

void deriver_free(struct deriver *deriver)
{
	if (deriver == NULL)
		return;
	lineage_free(deriver->lineage);
	paths_free(&deriver->paths);
	names_free(&deriver->clients);
	free(deriver->shared);
	free(deriver);
}

void deriver_reset(struct deriver *deriver, const struct dataset *dataset)
{
	lineage_reset(deriver->lineage, dataset);
}

static void fill_path(const struct deriver *deriver, struct event *event, struct facet *facet)
{
	struct text executable = facet_text(facet, deriver->executable), path = facet_text(facet, deriver->file_path);
	if (executable.length > 0 && facet_get(facet, deriver->name) == NULL)
		facet_set_keyword(event, facet, deriver->name, path_name(executable));
	if (path.length == 0)
		return;
	bool named = facet_get(facet, deriver->file_name) != NULL, placed = facet_get(facet, deriver->file_directory) != NULL;
	if (named && placed)
		return;
	struct text name = path_name(path), directory = text_slice(path, 0, path.length - name.length);
	if (directory.length == 0) /* without a slash */
		return;
	if (!named)
		facet_set_keyword(event, facet, deriver->file_name, name);
	if (!placed)
		facet_set_keyword(event, facet, deriver->file_directory,
			directory.length == 1 ? TEXT("/") : text_slice(directory, 0, directory.length - 1));
}

static void fill_arguments(const struct deriver *deriver, struct event *event, struct facet *facet)
{
	const struct values *args = facet_get(facet, deriver->args);
	if (args == NULL || args->count == 0)
		return;
	if (facet_get(facet, deriver->args_count) == NULL)
		facet_set_long(event, facet, deriver->args_count, (int64_t)args->count);
	args = facet_get(facet, deriver->args); /* a setter may move the entries */
	if (facet_get(facet, deriver->command_line) != NULL)
		return;
	struct text *words = arena_array(event->arena, args->count, sizeof(*words));
	for (size_t i = 0; i < args->count; i++)
		words[i] = args->items[i].text;
	facet_set_text(event, facet, deriver->command_line, text_join(event->arena, words, args->count, ' '));
}

static bool holds_all(const struct facet *facet, const struct facet *of)
{
	bool same = facet->category == of->category && facet->action == of->action;
	for (size_t i = 0; same && i < of->count; i++)
		same = values_equal(&of->entries[i].values, facet_get(facet, of->entries[i].field));
	return same;
}

/* Is it what the source says itself (an export that was read back)? Then that facet is the derived one. The one that it is a
 * copy of differs. */
static bool is_repeated(struct event *event, const struct facet *derived)
{
	for (size_t i = 0; i < event->facet_count; i++) {
		struct facet *facet = event->facets[i];
		if (facet == derived || facet == derived->copied || !holds_all(facet, derived))
			continue;
		facet->derived = true;
		return true;
	}
	return false;
}

/* The facets that were derived, in their order, among those that the source gave and those before: what they take from
 * lineage, and whether they stay. */
static void settle_derived(const struct deriver *deriver, struct event *event)
{
	size_t all = event->facet_count, given = 0;
	struct facet **facets = event->facets;
	while (given < all && !(facets[given]->derived && facets[given]->copied))
		given++;
	event->facet_count = given;
	for (size_t i = given; i < all; i++) {
		struct facet *derived = facets[i];
		lineage_copy(deriver->lineage, event, derived);
		facets[event->facet_count++] = derived;
		event->facet_count -= is_repeated(event, derived);
	}
}

/* Few programs are a client of a container engine; of one without a name its arguments tell. */
static bool may_request(const struct deriver *deriver, const struct facet *exec)
{
	struct text name = facet_text(exec, deriver->name);
	return name.length == 0 || names_has(&deriver->clients, name);
}

static bool lacks_time(const struct event *event)
{
	bool lacks = false;
	for (size_t i = 0; i < event->facet_count && event->time != INT64_MIN; i++)
		lacks |= event->facets[i]->position[FIELD_TIMESTAMP] == 0;
	return lacks;
}

/* Is there a facet that lacks what another one has? Most of several facets are copies of the first. */
static bool lacks_shared(const struct deriver *deriver, const struct event *event)
{
	bool lacks = false;
	for (size_t i = 1; i < event->facet_count; i++)
		for (size_t k = 0; k < deriver->shared_count; k++) {
			unsigned field = deriver->shared[k];
			lacks |= !event->facets[i]->position[field] != !event->facets[0]->position[field];
		}
	return lacks;
}

void derive_alone(const struct deriver *deriver, struct event *event, struct actor *actor)
{
	size_t count = event->facet_count; /* those that the source gave */
	for (size_t i = 0; i < count; i++) {
		fill_path(deriver, event, event->facets[i]);
		fill_arguments(deriver, event, event->facets[i]);
	}
	size_t exec = 0; /* a second one is the first in another spelling, of an event that was exported */
	while (exec < count && event->facets[exec]->action != deriver->exec)
		exec++;
	if (exec < count) {
		if (may_request(deriver, event->facets[exec]))
			request_derive(&deriver->catalog->clients, event, event->facets[exec]);
		paths_derive(&deriver->paths, event, event->facets[exec]);
	}
	if (event->facet_count == 1 && lacks_time(event))
		event_share(event);
	lineage_look(deriver->lineage, event, actor);
}

void derive_look(const struct deriver *deriver, struct event *event, struct actor *actor)
{
	lineage_look(deriver->lineage, event, actor);
}

void derive_in_order(struct deriver *deriver, struct event *const *events, struct actor *actors, size_t count)
{
	lineage_events(deriver->lineage, events, actors, count);
	for (size_t i = 0; i < count; i++) {
		if (events[i]->facet_count <= 1)
			continue;
		settle_derived(deriver, events[i]);
		if (lacks_time(events[i]) || lacks_shared(deriver, events[i]))
			event_share(events[i]);
	}
}

void derive_event(struct deriver *deriver, struct event *event)
{
	struct actor actor;
	derive_alone(deriver, event, &actor);
	derive_in_order(deriver, &event, &actor, 1);
}
