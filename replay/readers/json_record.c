/*
 * json_record: one pass where a plan says what is asked for (json_walk.h), else the whole tree (json_tree.h).
 */
#include "replay/readers/json_record.h"

#include "replay/readers/formats.h"
#include "replay/readers/json_tree.h"
#include "replay/readers/json_walk.h"
#include "replay/readers/recipes.h"

#include <stdlib.h>
#include <string.h>

struct json_names {
	struct arena arena;
	const struct record_plan *plan; /* NULL: no dialect */
	struct json_walk *walk;         /* NULL: all names are taken */
	struct reader_options options;
	struct json_names *whole; /* without `wanted`, of options without plans; made when first needed */
	struct json_tree_options tree;
	struct recipes *recipes;        /* NULL: none for this dialect */
	bool slow;
	uint64_t laned;
};

static struct json_names *names_new(const struct reader_options *options, const struct record_plan *plan, enum simd_level level)
{
	struct json_names *names = mem_alloc(sizeof *names);
	*names = (struct json_names){.tree.root = TEXT(""), .options = *options, .plan = plan};
	if (!options->dialect)
		return names;
	if (!names->plan)
		names->plan = record_plan_make(&names->arena, options->dialect, &options->catalog->registry, options->wanted,
			options->label_name);
	names->tree = (struct json_tree_options){options->dialect->root, names->plan->kinds, names->plan->kind_count};
	/* Names below `labels.*`, and those that follow from others, are known when they are read. */
	bool open = options->watch || names->plan->member_count || names->plan->starred || options->dialect->pair_count ||
		options->dialect->unpack_count || options->dialect->split_count;
	const struct json_paths *paths = open ? NULL : json_paths_make(&names->arena, names->plan);
	if (paths)
		names->walk = json_walk_new(paths, options->dialect->root, level);
	if (paths)
		names->recipes = recipes_new(names->plan, &options->catalog->registry);
	return names;
}

struct json_names *json_names_new(const struct reader_options *options)
{
	return json_names_new_level(options, simd_level_best());
}

struct json_names *json_names_new_level(const struct reader_options *options, enum simd_level level)
{
	return names_new(options, reader_plan(options), level);
}

struct json_names *json_names_new_plan(const struct reader_options *options, const struct record_plan *plan)
{
	return names_new(options, plan, simd_level_best());
}

void json_names_free(struct json_names *names)
{
	if (!names)
		return;
	json_walk_free(names->walk);
	recipes_free(names->recipes);
	json_names_free(names->whole);
	arena_free(&names->arena);
	free(names);
}

static void take_found(const struct json_names *names, struct record *record)
{
	size_t count, part_count, before = record->part_count;
	const uint16_t *parts = json_walk_parts(names->walk, &part_count);
	const struct found *found = json_walk_found(names->walk, &count);
	for (size_t i = 0; i < part_count; i++)
		record_add_part(record, names->plan->kinds[parts[i]]);
	for (size_t i = 0; i < count; i++)
		record_add_number(record, found[i].part ? &record->parts[before + found[i].part - 1] : NULL, found[i].number,
			found[i].value);
}

/* An object whose unwanted names were left out. */
struct left_out {
	struct json_names *names;
	struct text object;
};

static void take_again(void *context, struct record *full)
{
	const struct left_out *left_out = context;
	struct json_names *names = left_out->names;
	struct json_names *whole = names->whole;
	if (names->options.plans)
		whole = reader_json_names_whole(&names->options);
	if (!whole) {
		struct reader_options all = names->options;
		all.wanted = NULL;
		names->whole = whole = json_names_new(&all);
	}
	json_record(whole, left_out->object, full);
}

static void note_left_out(struct json_names *names, struct text object, struct record *record)
{
	struct left_out *left_out = arena_alloc(record->arena, sizeof *left_out);
	*left_out = (struct left_out){names, object};
	record->again = take_again;
	record->again_context = left_out;
}

uint64_t json_names_laned(const struct json_names *names)
{
	return names->laned;
}

void json_names_hurry(struct json_names *names, bool hurry)
{
	names->slow = !hurry;
}

/* The walk's verdict → the record. */
static const char *finish(struct json_names *names, struct text object, struct record *record, enum json_verdict verdict,
	const char *why, size_t where)
{
	switch (verdict) {
	case WALK_GOOD:
		record_use(record, names->plan);
		take_found(names, record);
		if (names->options.wanted)
			note_left_out(names, object, record);
		return NULL;
	case WALK_TREE:
		return json_tree(&names->tree, object, record);
	case WALK_BAD:
		break;
	}
	return arena_printf(record->arena, "no JSON: %s (byte %zu)", why, where + 1);
}

const char *json_record(struct json_names *names, struct text object, struct record *record)
{
	const char *why;
	size_t where;
	if (!names->walk)
		return json_tree(&names->tree, object, record);
	enum json_verdict verdict = json_walk(names->walk, object, record->arena, &why, &where);
	return finish(names, object, record, verdict, why, where);
}

/* The event of an object that goes a way that is known, or NULL. */
static struct event *event_by_lane(struct json_names *names, struct text object, const struct json_lines *lines,
	struct record *record)
{
	struct lane_end *end = json_walk_lane(names->walk, object, lines, record->arena);
	return end ? recipes_make_alike(names->recipes, &end->alike, json_walk_lane_found(names->walk), end->runs, end->run_count,
		record->arena, record->time) : NULL;
}

/* The lane of the object that was read last, for others like it. */
static void learn_lane(struct json_names *names)
{
	struct lane_end *end = json_walk_learn_lane(names->walk);
	if (end)
		end->unfit = !recipes_note_alike(names->recipes, &end->alike, end->run_count);
}

struct event *json_event(struct json_names *names, struct text object, const struct json_lines *lines, struct record *record,
	const char **why)
{
	size_t where, parts, count;
	if (!names->recipes || names->slow) {
		*why = json_record(names, object, record);
		return NULL;
	}
	struct event *event = event_by_lane(names, object, lines, record);
	*why = NULL;
	names->laned += event != NULL;
	if (event)
		return event;
	enum json_verdict verdict = json_walk_rest(names->walk, why, &where);
	json_walk_parts(names->walk, &parts);
	const struct found *found = json_walk_found(names->walk, &count);
	event = verdict == WALK_GOOD && !parts
		? recipes_make(names->recipes, found, count, NULL, 0, record->arena, record->time) : NULL;
	if (event)
		learn_lane(names);
	else
		*why = finish(names, object, record, verdict, *why, where);
	return event;
}
