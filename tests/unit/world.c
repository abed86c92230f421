/* world: a small catalog and events for tests (see world.h). */
#include "tests/unit/world.h"

#include <stdlib.h>
#include <string.h>

static void give_up(const struct diagnostics *d, const char *what)
{
	fprintf(stderr, "world: %s\n", what);
	diagnostics_print(d, stderr);
	abort();
}

void world_begin(struct world *world)
{
	struct diagnostics d = {0};
	struct text fields;
	*world = (struct world){0};
	world->folder = unit_folder(&world->arena);
	if (file_read(&world->arena, "rulesets/fields.yaml", 0, &d, &fields))
		give_up(&d, "no registry");
	unit_file(&world->arena, world->folder, "fields.yaml", fields);
}

void world_file(struct world *world, const char *path, const char *content)
{
	unit_file(&world->arena, world->folder, path, text_of(content));
}

/* Indents every line of the text by two blanks. */
static const char *indented(struct arena *arena, const char *lines)
{
	struct buffer out = {0};
	for (struct text rest = text_of(lines); rest.length;) {
		size_t end = text_find(rest, '\n');
		buffer_string(&out, "  ");
		buffer_text(&out, text_slice(rest, 0, end));
		buffer_char(&out, '\n');
		rest = text_slice(rest, end + (end < rest.length), rest.length);
	}
	const char *copy = arena_strndup(arena, out.data, out.length);
	buffer_free(&out);
	return copy;
}

void world_detection_with(struct world *world, const char *name, const char *severity, const char *conditions,
	const char *more)
{
	char id[37];
	uuid5(TEXT("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), text_of(name), id);
	const char *content = arena_printf(&world->arena,
		"id: %s\nname: %s\ntitle: Test %s\nstatus: test\nseverity: %s\ntechniques: [T1611]\nconditions:\n%s%s%stests:\n"
		"  - {name: other, event: {event.category: log, event.action: other, message: x}, expect: no-match}\n"
		"  - {name: some, event: {event.category: log, event.action: other, message: y}, expect: match}\n",
		id, name, name, severity, indented(&world->arena, conditions), more ? more : "", more ? "\n" : "");
	world_file(world, arena_printf(&world->arena, "detections/%s.yaml", name), content);
}

void world_detection(struct world *world, const char *name, const char *severity, const char *conditions)
{
	world_detection_with(world, name, severity, conditions, NULL);
}

void world_organization(struct world *world, const char *name, const char *more)
{
	const char *content = arena_printf(&world->arena, "name: %s\n%s\n", name, more);
	world_file(world, arena_printf(&world->arena, "organizations/%s.yaml", name), content);
}

void world_load(struct world *world)
{
	struct diagnostics d = {0};
	if (catalog_load(&world->catalog, world->folder, &d))
		give_up(&d, "the catalog is no good");
	diagnostics_free(&d);
	world->engine = engine_new(&world->catalog);
}

void world_end(struct world *world)
{
	engine_free(world->engine);
	catalog_free(&world->catalog);
	arena_free(&world->event_arena);
	arena_free(&world->arena);
}

static void set_field(struct event *event, struct facet *facet, struct text assignment)
{
	size_t equals = text_find(assignment, '=');
	struct text name = text_slice(assignment, 0, equals), value = text_slice(assignment, equals + 1, assignment.length);
	unsigned field = unit_field(event->registry, arena_strndup(event->arena, name.data, name.length));
	if (!event->registry->fields[field].list) {
		facet_set_text(event, facet, field, value);
		return;
	}
	struct text *items;
	size_t count = text_split(event->arena, value, ',', &items);
	facet_set_texts(event, facet, field, items, count);
}

static void add_facet(struct event *event, struct text words)
{
	struct text *items;
	size_t count = text_split(event->arena, words, ' ', &items), dot = text_find(items[0], '.');
	const char *category = arena_strndup(event->arena, items[0].data, dot);
	const char *action = arena_strndup(event->arena, items[0].data + dot + 1, items[0].length - dot - 1);
	struct facet *facet = event_add_facet(event, unit_category(event->registry, category),
		unit_action(event->registry, category, action));
	for (size_t i = 1; i < count; i++)
		set_field(event, facet, items[i]);
}

struct event *world_event(struct world *world, uint64_t line, long seconds, const char *facets)
{
	struct event *event = &world->event;
	struct text *parts;
	arena_reset(&world->event_arena);
	event_begin(event, &world->event_arena, &world->catalog.registry);
	event->file = "events.log";
	event->line = line;
	const int64_t start = INT64_C(1767225600);
	event->time = seconds == WORLD_UNTIMED ? INT64_MIN : (start + seconds) * INT64_C(1000000000);
	struct text copy = text_copy(&world->event_arena, text_of(facets));
	size_t count = text_split(&world->event_arena, copy, '|', &parts);
	for (size_t i = 0; i < count; i++)
		add_facet(event, text_trim(parts[i]));
	event_share(event);
	return event;
}

const struct organization *world_organization_of(const struct world *world, const char *name)
{
	return catalog_organization(&world->catalog, text_of(name));
}

const struct detection *world_detection_of(const struct world *world, const char *name)
{
	return catalog_detection(&world->catalog, text_of(name));
}

struct texts world_names(struct world *world, const char *names)
{
	struct text *items = NULL;
	size_t count = text_split(&world->arena, text_of(arena_strdup(&world->arena, names)), ' ', &items);
	return (struct texts){items, count};
}
