/* placing: see placing.h. */
#include "replay/measure/placing.h"
#include "replay/measure/dictionary.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/* Of one file: its episodes, and those of them that cover the stretch of time and lines that came last. */
struct spot {
	uint32_t *episodes;      /* rising */
	size_t count;
	uint32_t *covering;
	size_t covering_count;
	int64_t from, to;        /* the stretch, both included; of events without a time both are INT64_MIN */
	uint64_t first, last;    /* 0, 0: none yet */
};

struct placing {
	const struct dataset *dataset;
	struct engine *engine;
	struct arena arena;
	struct dictionary files; /* numbers are indices of spots, from 1 */
	struct spot **spots;
	size_t spot_count;
	const char *file;        /* of the event before */
	struct spot *spot;
	uint32_t *registered;    /* [episodes]: of those with `where` */
	unsigned session, container;
};

void placing_register(struct engine *engine, struct dataset *const *datasets, size_t count)
{
	for (size_t i = 0; datasets && i < count; i++)
		for (size_t k = 0; k < datasets[i]->episode_count; k++)
			if (datasets[i]->episodes[k].where)
				engine_register(engine, datasets[i]->episodes[k].where);
}

struct placing *placing_new(const struct dataset *dataset, struct engine *engine)
{
	struct placing *p = mem_alloc(sizeof *p);
	*p = (struct placing){.dataset = dataset, .engine = engine};
	const struct registry *registry = &engine_plan(engine)->catalog->registry;
	p->session = registry_field(registry, TEXT("session.id"));
	p->container = registry_field(registry, TEXT("container.id"));
	p->registered = arena_array(&p->arena, dataset->episode_count + 1, sizeof *p->registered);
	for (size_t i = 0; i < dataset->episode_count; i++)
		if (dataset->episodes[i].where)
			p->registered[i] = engine_register(engine, dataset->episodes[i].where);
	return p;
}

void placing_free(struct placing *p)
{
	if (!p)
		return;
	dictionary_free(&p->files);
	arena_free(&p->arena);
	free(p);
}

static bool file_fits(const struct episode *episode, const char *file)
{
	for (size_t i = 0; i < episode->file_count; i++)
		if (file && fnmatch(episode->files[i].data, file, FNM_PATHNAME) == 0)
			return true;
	return episode->file_count == 0;
}

static struct spot *add_spot(struct placing *p, const char *file)
{
	const size_t episodes = p->dataset->episode_count;
	struct spot *spot = arena_alloc(&p->arena, sizeof *spot);
	*spot = (struct spot){.episodes = arena_array(&p->arena, episodes, sizeof *spot->episodes),
		.covering = arena_array(&p->arena, episodes, sizeof *spot->covering)};
	for (size_t i = 0; i < episodes; i++)
		if (file_fits(&p->dataset->episodes[i], file))
			spot->episodes[spot->count++] = (uint32_t)i;
	p->spots = arena_grow(&p->arena, p->spots, p->spot_count, sizeof(struct spot *));
	return p->spots[p->spot_count++] = spot;
}

/* The memory of a name may be another's by the next event: bytes are compared. */
static struct spot *spot_of(struct placing *p, const char *file)
{
	bool added;
	if (p->spot && (file ? p->file && strcmp(p->file, file) == 0 : !p->file))
		return p->spot;
	const uint64_t number = dictionary_number(&p->files, file ? text_of(file) : (struct text){"\0", 1}, &added);
	p->spot = added ? add_spot(p, file) : p->spots[number - 1];
	p->file = file ? arena_strdup(&p->arena, file) : NULL;
	return p->spot;
}

/* Does the episode cover the time? The stretch for which that is so becomes no longer than that. */
static bool covers_time(const struct episode *episode, int64_t time, struct spot *spot)
{
	if (episode->from == INT64_MIN && episode->to == INT64_MAX)
		return true;
	if (time == INT64_MIN)
		return false;
	if (time < episode->from) {
		spot->to = episode->from - 1 < spot->to ? episode->from - 1 : spot->to;
		return false;
	}
	if (time > episode->to) {
		spot->from = episode->to + 1 > spot->from ? episode->to + 1 : spot->from;
		return false;
	}
	spot->from = episode->from > spot->from ? episode->from : spot->from;
	spot->to = episode->to < spot->to ? episode->to : spot->to;
	return true;
}

static bool covers_line(const struct episode *episode, uint64_t line, struct spot *spot)
{
	if (episode->first_line == 0)
		return true;
	if (line < episode->first_line) {
		spot->last = episode->first_line - 1 < spot->last ? episode->first_line - 1 : spot->last;
		return false;
	}
	if (line > episode->last_line) {
		spot->first = episode->last_line + 1 > spot->first ? episode->last_line + 1 : spot->first;
		return false;
	}
	spot->first = episode->first_line > spot->first ? episode->first_line : spot->first;
	spot->last = episode->last_line < spot->last ? episode->last_line : spot->last;
	return true;
}

static void begin_stretch(const struct placing *p, const struct event *event, struct spot *spot)
{
	const bool timed = event->time != INT64_MIN;
	spot->from = timed ? INT64_MIN + 1 : INT64_MIN;
	spot->to = timed ? INT64_MAX : INT64_MIN;
	spot->first = 0;
	spot->last = UINT64_MAX;
	spot->covering_count = 0;
	for (size_t i = 0; i < spot->count; i++) {
		const struct episode *episode = &p->dataset->episodes[spot->episodes[i]];
		const bool at_time = covers_time(episode, event->time, spot), at_line = covers_line(episode, event->line, spot);
		if (at_time && at_line)
			spot->covering[spot->covering_count++] = spot->episodes[i];
	}
}

static bool field_fits(const struct event *event, unsigned field, struct text wanted)
{
	for (size_t i = 0; wanted.length && i < event->facet_count; i++)
		if (text_equal(facet_text(event->facets[i], field), wanted))
			return true;
	return !wanted.length;
}

long placing_find(struct placing *p, const struct event *event)
{
	if (!p->dataset->episode_count)
		return -1;
	struct spot *spot = spot_of(p, event->file);
	if (event->time < spot->from || event->time > spot->to || event->line < spot->first || event->line > spot->last ||
		spot->last == 0)
		begin_stretch(p, event, spot);
	for (size_t i = 0; i < spot->covering_count; i++) {
		const uint32_t at = spot->covering[i];
		const struct episode *episode = &p->dataset->episodes[at];
		if (field_fits(event, p->session, episode->session) && field_fits(event, p->container, episode->container) &&
			(!episode->where || engine_fits_any(p->engine, p->registered[at], event)))
			return at;
	}
	return -1;
}
