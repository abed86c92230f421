/* read: Elastic's detection rules → detections. */
#include "generator/elastic/read.h"

#include "generator/elastic/kql.h"
#include "generator/elastic/rulefile.h"
#include "generator/elastic/toml.h"
#include "generator/elastic/turn.h"

#include "catalog/sequence.h"

#include <string.h>

const char *const elastic_endings[] = {".toml", ".ndjson", NULL};

/* --- keys of sequences --- */

struct keys {
	struct text *shared; /* all steps', where they are the same everywhere */
	size_t shared_count;
	struct text **steps; /* [step][key]: the query's own, then the step's */
	size_t count;
};

static bool map_keys(struct turning *t, const struct eql_query *query, struct keys *keys, const char **error)
{
	struct arena *arena = t->import->arena;
	size_t steps = query->count + (query->until != NULL);

	keys->count = query->by_count + query->steps[0].by_count;
	keys->steps = arena_array(arena, steps + 1, sizeof(*keys->steps));
	for (size_t i = 0; i < steps; i++) {
		const struct eql_step *step = i < query->count ? &query->steps[i] : query->until;

		keys->steps[i] = arena_array(arena, keys->count + 1, sizeof(struct text));
		for (size_t k = 0; k < keys->count; k++) {
			struct text raw = k < query->by_count ? query->by[k] : step->by[k - query->by_count];

			keys->steps[i][k] = turn_key(t, step, raw);
			if (keys->steps[i][k].length == 0) {
				*error = arena_printf(arena, "%.*s is a different field in each of the events that a step takes", TEXT_ARGS(raw));
				return false;
			}
		}
	}
	return true;
}

static bool same_everywhere(const struct keys *keys, size_t steps, size_t key)
{
	for (size_t i = 1; i < steps; i++) {
		if (!text_equal(keys->steps[i][key], keys->steps[0][key]))
			return false;
	}
	return true;
}

static void print_name(struct buffer *out, struct text name)
{
	bool plain = true;

	for (size_t i = 0; i < name.length; i++) {
		char byte = name.data[i];

		plain = plain && (byte == '.' || byte == '_' || byte == '@' || (byte >= '0' && byte <= '9')
			|| ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z'));
	}
	buffer_printf(out, plain ? "%.*s" : "`%.*s`", TEXT_ARGS(name));
}

static void print_keys(struct buffer *out, const struct text *names, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		buffer_string(out, i == from ? " by " : ", ");
		print_name(out, names[i]);
	}
}

/* --- sequences --- */

/* "now-9m" → "9m" */
static struct text window_of(const struct elastic_rule *rule)
{
	struct text span = text_starts(rule->from, TEXT("now-"), false) ? text_slice(rule->from, 4, rule->from.length) : TEXT("6m");
	int64_t nanoseconds;

	return duration_parse(span, &nanoseconds) ? span : TEXT("6m");
}

static struct text maxspan_of(struct turning *t, const struct elastic_rule *rule, const struct eql_query *query)
{
	int64_t nanoseconds;

	if (query->maxspan.length > 0 && duration_parse(query->maxspan, &nanoseconds))
		return query->maxspan;
	struct text window = window_of(rule);

	import_note(t->import, t->item, "the %s has no maxspan: the %.*s that the rule looks back are taken for one",
		query->kind == EQL_SAMPLE ? "sample" : "sequence", TEXT_ARGS(window));
	return window;
}

static int print_step(struct turning *t, const struct eql_step *step, struct buffer *out, const char **error)
{
	struct turned turned;

	if (turn_step(t, step, true, &turned, error) != 0)
		return -1;
	buffer_printf(out, "%s%.*s]", step->missing ? "![" : "[", TEXT_ARGS(turned.queries[0]));
	return 0;
}

static int print_sequence(struct turning *t, const struct elastic_rule *rule, const struct eql_query *query, struct buffer *out,
	const char **error)
{
	struct keys keys = {0};
	size_t steps = query->count + (query->until != NULL), shared = 0;

	if (!map_keys(t, query, &keys, error))
		return -1;
	while (shared < query->by_count && same_everywhere(&keys, steps, shared))
		shared++;
	struct text span = maxspan_of(t, rule, query);

	buffer_string(out, query->kind == EQL_SAMPLE ? "sample" : "sequence");
	print_keys(out, keys.steps[0], 0, shared);
	buffer_printf(out, " with maxspan=%.*s", TEXT_ARGS(span));
	for (size_t i = 0; i < steps; i++) {
		const struct eql_step *step = i < query->count ? &query->steps[i] : query->until;

		buffer_string(out, i < query->count ? "\n  " : "\n  until ");
		if (print_step(t, step, out, error) != 0)
			return -1;
		print_keys(out, keys.steps[i], shared, keys.count);
		if (step->runs > 1)
			buffer_printf(out, " with runs=%zu", step->runs);
	}
	return 0;
}

/* --- conditions --- */

static int add_condition(struct turning *t, struct text query, struct text name)
{
	const char *error = NULL;
	struct condition *condition = import_parse(t->import, query, t->item->place, &error);

	if (condition == NULL)
		return import_refuse(t->import, t->item, "%s", error);
	draft_add_condition(t->import->arena, t->item->draft, name, condition);
	return 0;
}

static int take_sequence(struct turning *t, const struct elastic_rule *rule, const struct eql_query *query)
{
	struct buffer out = {0};
	const char *error = NULL;
	int failed;

	if (print_sequence(t, rule, query, &out, &error) != 0)
		failed = import_refuse(t->import, t->item, "%s", error);
	else
		failed = add_condition(t, text_copy(t->import->arena, buffer_view(&out)),
			query->kind == EQL_SAMPLE ? TEXT("sample") : TEXT("sequence"));
	buffer_free(&out);
	return failed;
}

static int take_event(struct turning *t, const struct eql_query *query)
{
	struct turned turned;
	const char *error = NULL;

	if (turn_step(t, query->steps, false, &turned, &error) != 0)
		return import_refuse(t->import, t->item, "%s", error);
	for (size_t i = 0; i < turned.count; i++) {
		if (add_condition(t, turned.queries[i], turned.names[i]) != 0)
			return -1;
	}
	return 0;
}

static struct place place_in(struct text source, size_t offset)
{
	struct place place = {NULL, 1, 1};

	for (size_t i = 0; i < offset && i < source.length; i++) {
		place.column = source.data[i] == '\n' ? 1 : place.column + ((source.data[i] & 0xC0) != 0x80);
		place.line += source.data[i] == '\n';
	}
	return place;
}

static int take_query(struct import *import, struct import_item *item, const struct elastic_rule *rule)
{
	bool kuery = text_is(rule->language, "kuery");
	struct turning t = {.import = import, .item = item, .two_answers = kuery};
	const char *error = NULL;
	size_t offset = 0;
	struct eql_query *query = (kuery ? kql_parse : eql_parse)(import->arena, rule->query, &error, &offset);

	if (query == NULL) {
		struct place place = place_in(rule->query, offset);

		return import_refuse(import, item, "%s (line %u, column %u of the query)", error, place.line, place.column);
	}
	turn_groups(&t, &rule->indices);
	return query->kind == EQL_EVENT ? take_event(&t, query) : take_sequence(&t, rule, query);
}

/* --- rules --- */

/* References are https URLs here. */
static struct texts secure(struct import *import, struct import_item *item, struct texts references)
{
	struct text *kept = arena_array(import->arena, references.count + 1, sizeof(*kept));
	size_t count = 0;

	for (size_t i = 0; i < references.count; i++) {
		if (text_starts(references.items[i], TEXT("https://"), false))
			kept[count++] = references.items[i];
		else
			import_note(import, item, "the reference %.*s is left out: it is no https URL", TEXT_ARGS(references.items[i]));
	}
	return (struct texts){kept, count};
}

static void fill_draft(struct draft *draft, const struct elastic_rule *rule)
{
	draft->id = rule->id;
	draft->title = rule->name;
	draft->description = rule->description;
	draft->author = rule->author;
	draft->date = rule->date;
	draft->modified = rule->modified;
	draft->severity = rule->severity;
	draft->status = rule->status;
	draft->techniques = rule->techniques;
	draft->false_positives = rule->false_positives;
}

static void take_rule(struct import *import, const struct elastic_rule *rule, struct place place)
{
	struct import_item *item = import_rule(import, rule->name.length > 0 ? rule->name : TEXT("a rule without a name"), place);

	bool simple = text_is(rule->type, "query") && text_is(rule->language, "kuery");

	if (!text_is(rule->type, "eql") && !simple) {
		bool typed = rule->type.length > 0;

		import_refuse(import, item,
			typed ? "rules of type %.*s%s%.*s are not taken, only those in EQL and queries in KQL" : "it is no rule%.*s%s%.*s",
			TEXT_ARGS(rule->type), rule->language.length > 0 ? " in " : "", TEXT_ARGS(rule->language));
		return;
	}
	fill_draft(import_draft(import, item), rule);
	item->draft->references = secure(import, item, rule->references);
	if (rule->filters)
		import_note(import, item, "its filters in Kibana's form are left out: more is matched");
	if (rule->exceptions)
		import_note(import, item, "its exceptions are kept elsewhere and are left out: more is matched");
	take_query(import, item, rule);
}

/* --- files --- */

static void read_toml(struct import *import, const struct import_file *file)
{
	struct toml_error error;
	struct place place = {arena_strndup(import->arena, file->path.data, file->path.length), 1, 1};
	json_t *json = toml_parse(file->content, &error);
	struct elastic_rule rule;

	if (json == NULL) {
		place.line = error.line;
		place.column = error.column;
		import_refuse(import, import_rule(import, file->path, place), "%s", error.message);
		return;
	}
	if (!json_is_object(json_object_get(json, "rule"))) {
		import_refuse(import, import_rule(import, file->path, place), "it has no table rule");
	} else {
		elastic_rule_read(import->arena, json_object_get(json, "rule"), json_object_get(json, "metadata"), &rule);
		take_rule(import, &rule, place);
	}
	json_decref(json);
}

static void read_object(struct import *import, const json_t *json, struct place place)
{
	struct elastic_rule rule;

	if (json_object_get(json, "exported_count") != NULL || json_object_get(json, "exported_rules_count") != NULL)
		return; /* the export's own account */
	if (json_object_get(json, "entries") != NULL || json_object_get(json, "list_id") != NULL) {
		struct text name = {"an exception list", 17};

		import_refuse(import, import_rule(import, name, place), "exception lists are not taken");
		return;
	}
	elastic_rule_read(import->arena, json, NULL, &rule);
	take_rule(import, &rule, place);
}

static void read_ndjson(struct import *import, const struct import_file *file)
{
	struct place place = {arena_strndup(import->arena, file->path.data, file->path.length), 0, 1};
	size_t from = 0;

	while (from < file->content.length) {
		struct text rest = text_slice(file->content, from, file->content.length);
		struct text line = text_slice(rest, 0, text_find(rest, '\n'));
		json_error_t error;

		place.line++;
		from += line.length + 1;
		if (text_trim(line).length == 0)
			continue;
		json_t *json = json_loadb(line.data, line.length, JSON_REJECT_DUPLICATES, &error);

		if (!json_is_object(json))
			import_refuse(import, import_rule(import, file->path, place), "%s",
				json == NULL ? arena_strdup(import->arena, error.text) : "the line is no object");
		else
			read_object(import, json, place);
		json_decref(json);
	}
}

int elastic_read(struct import *import)
{
	for (size_t i = 0; i < import->file_count; i++) {
		if (text_ends(import->files[i].path, TEXT(".toml"), true))
			read_toml(import, &import->files[i]);
		else
			read_ndjson(import, &import->files[i]);
	}
	return 0;
}
