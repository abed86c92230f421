/* tuning: a catalog in a folder, and datasets of JSON events (see tuning.h). */
#include "tests/unit/tuning.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

void tuning_begin(struct tuning_world *t)
{
	struct diagnostics d = {0};
	struct text dialect;
	*t = (struct tuning_world){0};
	world_begin(&t->world);
	if (file_read(&t->world.arena, "rulesets/dialects/ecs.yaml", 0, &d, &dialect))
		abort();
	unit_file(&t->world.arena, t->world.folder, "dialects/ecs.yaml", dialect);
	diagnostics_free(&d);
}

void tuning_load(struct tuning_world *t, const char *organization)
{
	world_load(&t->world);
	t->organizations[0] = world_organization_of(&t->world, organization);
	t->replay = (struct replay_options){.catalog = &t->world.catalog, .datasets = t->datasets, .organizations = t->organizations,
		.organization_count = 1, .as_of = TEXT("2026-06-01"), .max_rejected = 0.01};
}

void tuning_event(struct tuning_world *t, long seconds, const char *kind, const char *fields)
{
	char when[32];
	time_t time = (time_t)1767225600 + seconds; /* 2026-01-01 */
	struct tm parts;
	size_t blank = text_find(text_of(kind), ' ');
	gmtime_r(&time, &parts);
	strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &parts);
	buffer_printf(&t->events, "{\"@timestamp\": \"%s\", \"event\": {\"category\": \"%.*s\", \"action\": \"%s\"}, %s}\n",
		when, (int)blank,
		kind, kind + blank + 1, fields);
}

void tuning_dataset(struct tuning_world *t, const char *name, const char *more)
{
	struct arena *arena = &t->world.arena;
	struct diagnostics d = {0};
	unit_file(arena, t->world.folder, arena_printf(arena, "corpus/%s/events.jsonl", name), buffer_view(&t->events));
	const char *path = unit_file(arena, t->world.folder, arena_printf(arena, "corpus/%s/corpus.yaml", name),
		text_of(arena_printf(arena,
			"name: %s\ntitle: %s\norigin: made by a test\nlicense: none\nformat: json\ndialect: ecs\nfiles: [events.jsonl]\n%s", name, name,
			more)));
	struct dataset *dataset = dataset_load(arena, &t->world.catalog, path, &d);
	if (!dataset) {
		diagnostics_print(&d, stderr);
		abort();
	}
	t->datasets[t->replay.dataset_count++] = dataset;
	buffer_clear(&t->events);
	diagnostics_free(&d);
}

void tuning_end(struct tuning_world *t)
{
	buffer_free(&t->events);
	world_end(&t->world);
}
