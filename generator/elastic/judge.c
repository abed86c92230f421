/* judge: packs of Elastic's detection rules, read back and asked of events. */
#include "generator/elastic/judge.h"

#include "generator/elastic/ask.h"
#include "generator/elastic/trail.h"
#include "generator/elastic/view.h"

#include <jansson.h>
#include <string.h>

struct judged_rule {
	struct text id;
	const struct text *indices;
	size_t index_count;
	struct eql_query *query;
	struct trail *chain; /* NULL: it asks one event */
	bool left_out;       /* not asked for the time being */
};

struct judge {
	const struct catalog *catalog;
	struct evaluator *evaluator;
	struct judged_rule *rules;
	size_t count;
	bool alone; /* only rules over several events are asked */
};

static void release(void *evaluator)
{
	evaluator_free(evaluator);
}

/* --- reading --- */

static struct text text_at(struct arena *arena, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_string(value) ? text_of(arena_strdup(arena, json_string_value(value))) : TEXT("");
}

static int read_rule(struct judge *judge, struct arena *arena, const json_t *json, struct place place, struct diagnostics *d)
{
	struct judged_rule rule = {.id = text_at(arena, json, "rule_id")};
	const json_t *indices = json_object_get(json, "index");
	struct text *list = arena_array(arena, json_array_size(indices) + 1, sizeof(*list));
	const char *error = NULL;
	size_t offset = 0;

	rule.query = eql_parse(arena, text_at(arena, json, "query"), &error, &offset);
	if (rule.id.length == 0 || rule.query == NULL)
		return diagnostics_error(d, place, "%s", error != NULL ? error : "a rule has no rule_id");
	for (size_t i = 0; i < rule.query->count; i++)
		elastic_prepare(arena, rule.query->steps[i].where);
	for (size_t i = 0; i < json_array_size(indices); i++) {
		const char *pattern = json_string_value(json_array_get(indices, i));

		if (pattern != NULL)
			list[rule.index_count++] = text_of(arena_strdup(arena, pattern));
	}
	rule.indices = list;
	if (rule.query->kind != EQL_EVENT)
		rule.chain = trail_new(arena, rule.query);
	judge->rules = arena_grow(arena, judge->rules, judge->count, sizeof(*judge->rules));
	judge->rules[judge->count++] = rule;
	return 0;
}

static int read_rules(struct judge *judge, struct arena *arena, const struct pack_text *file, struct diagnostics *d)
{
	struct place place = {arena_strndup(arena, file->name.data, file->name.length), 0, 1};
	int failed = 0;

	for (size_t from = 0; from < file->content.length;) {
		struct text rest = text_slice(file->content, from, file->content.length);
		struct text line = text_slice(rest, 0, text_find(rest, '\n'));
		json_error_t error;

		from += line.length + 1;
		place.line++;
		json_t *json = json_loadb(line.data, line.length, JSON_REJECT_DUPLICATES, &error);

		failed |= json_is_object(json) ? read_rule(judge, arena, json, place, d)
			: diagnostics_error(d, place, "%s", json == NULL ? error.text : "the line is no object");
		json_decref(json);
	}
	return failed;
}

static struct judge *judge_open(struct arena *arena, const struct catalog *catalog, const struct pack_text *files, size_t count,
	struct diagnostics *d)
{
	struct judge *judge = arena_alloc(arena, sizeof(*judge));
	int failed = 0;

	judge->catalog = catalog;
	judge->evaluator = evaluator_new();
	arena_defer(arena, release, judge->evaluator);
	for (size_t i = 0; i < count; i++) {
		if (text_ends(files[i].name, TEXT(".ndjson"), false))
			failed |= read_rules(judge, arena, &files[i], d);
	}
	return failed == 0 ? judge : NULL;
}

/* --- events --- */

static void judge_view(const struct judge *judge, const struct event *event, struct arena *arena, struct sights *sights)
{
	elastic_view(&judge->catalog->registry, event, arena, sights);
}

/* The data stream is called logs-DATASET-NAMESPACE. Empty: the sight is in none. */
static struct text stream_of(const struct sight *sight, struct arena *arena)
{
	const struct sight_value *dataset = sight_get(sight, TEXT("data_stream.dataset"));

	if (dataset == NULL || dataset->count == 0)
		return TEXT("");
	return text_of(arena_printf(arena, "logs-%.*s-default", TEXT_ARGS(dataset->values[0])));
}

static bool stands_in(const struct judged_rule *rule, struct text stream)
{
	for (size_t i = 0; stream.length > 0 && i < rule->index_count; i++) {
		if (elastic_wildcard(rule->indices[i], stream, false))
			return true;
	}
	return false;
}

static void fire(struct arena *arena, struct judgements *judgements, const struct judged_rule *rule, const struct sight *sight)
{
	judgements->items = arena_grow(arena, judgements->items, judgements->count, sizeof(*judgements->items));
	judgements->items[judgements->count++] = (struct judgement){rule->id, sight};
}

static void judge_fires(struct judge *judge, const struct event *event, const struct sights *sights, struct arena *arena,
	struct judgements *judgements)
{
	const struct sight **asked = arena_array(arena, sights->count + 1, sizeof(const struct sight *));
	struct text *streams = arena_array(arena, sights->count + 1, sizeof(*streams));

	for (size_t i = 0; i < sights->count; i++)
		streams[i] = stream_of(&sights->items[i], arena);
	for (size_t r = 0; r < judge->count; r++) {
		struct judged_rule *rule = &judge->rules[r];
		size_t count = 0;

		if (rule->left_out || (judge->alone && rule->chain == NULL))
			continue;
		for (size_t i = 0; i < sights->count; i++) {
			if (stands_in(rule, streams[i]))
				asked[count++] = &sights->items[i];
		}
		if (rule->chain != NULL) {
			const struct sight *last = trail_take(rule->chain, judge->evaluator, asked, count, event->time);

			if (last != NULL)
				fire(arena, judgements, rule, last);
			continue;
		}
		for (size_t i = 0; i < count; i++) {
			if (elastic_fits(judge->evaluator, &rule->query->steps[0], asked[i]))
				fire(arena, judgements, rule, asked[i]);
		}
	}
}

static void judge_chained(struct judge *judge, bool alone)
{
	judge->alone = alone;
}

static void judge_only(struct judge *judge, const struct text *names, size_t count)
{
	for (size_t i = 0; i < judge->count; i++)
		judge->rules[i].left_out = count > 0 && !text_among(names, count, judge->rules[i].id);
}

static void judge_reset(struct judge *judge)
{
	for (size_t i = 0; i < judge->count; i++) {
		if (judge->rules[i].chain != NULL)
			trail_reset(judge->rules[i].chain);
	}
}

const struct judging elastic_judging = {
	.open = judge_open,
	.view = judge_view,
	.fires = judge_fires,
	.reset = judge_reset,
	.only = judge_only,
	.chained = judge_chained,
};
