/*
 * reader_plans: what a reader keeps between records (formats.h).
 */
#include "replay/readers/formats.h"
#include "replay/readers/json_record.h"
#include "replay/readers/recipes.h"

void reader_plans_begin(struct reader_plans *plans)
{
	*plans = (struct reader_plans){0};
	pthread_mutex_init(&plans->lock, NULL);
}

void reader_plans_end(struct reader_plans *plans)
{
	arena_free(&plans->reading.arena);
	arena_free(&plans->whole.arena);
	pthread_mutex_destroy(&plans->lock);
}

static struct reader_plan *find_plan(struct reader_plan_list *list, const struct reader_options *options, const uint8_t *wanted)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].plan->dialect == options->dialect && list->items[i].wanted == wanted &&
			text_equal(list->items[i].label, options->label_name))
			return &list->items[i];
	list->items = arena_grow(&list->arena, list->items, list->count, sizeof *list->items);
	struct reader_plan *item = &list->items[list->count++];
	*item = (struct reader_plan){.wanted = wanted, .label = options->label_name};
	item->plan = record_plan_make(&list->arena, options->dialect, &options->catalog->registry, wanted, options->label_name);
	return item;
}

static void release_names(void *names)
{
	json_names_free(names);
}

static struct json_names *find_names(struct reader_plan_list *list, const struct reader_options *options,
	const uint8_t *wanted)
{
	struct reader_plan *item = find_plan(list, options, wanted);
	if (!item->names) {
		struct reader_options all = *options;
		all.wanted = wanted;
		item->names = json_names_new_plan(&all, item->plan);
		arena_defer(&list->arena, release_names, item->names);
	}
	return item->names;
}

const struct record_plan *reader_plan(const struct reader_options *options)
{
	if (!options->plans || !options->dialect)
		return NULL;
	return find_plan(&options->plans->reading, options, options->wanted)->plan;
}

struct json_names *reader_json_names(const struct reader_options *options)
{
	if (!options->plans || !options->dialect)
		return NULL;
	return find_names(&options->plans->reading, options, options->wanted);
}

static void release_recipes(void *recipes)
{
	recipes_free(recipes);
}

struct recipes *reader_recipes(const struct reader_options *options)
{
	if (!options->plans || !options->dialect || options->watch)
		return NULL;
	struct reader_plan_list *list = &options->plans->reading;
	struct reader_plan *item = find_plan(list, options, options->wanted);
	if (!item->recipes && !item->no_recipes) {
		item->recipes = recipes_new(item->plan, &options->catalog->registry);
		item->no_recipes = !item->recipes;
		if (item->recipes)
			arena_defer(&list->arena, release_recipes, item->recipes);
	}
	return item->recipes;
}

const struct record_plan *reader_plan_whole(const struct reader_options *options)
{
	return find_plan(&options->plans->whole, options, NULL)->plan;
}

struct json_names *reader_json_names_whole(const struct reader_options *options)
{
	return find_names(&options->plans->whole, options, NULL);
}
