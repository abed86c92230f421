/*
 * json_source: see json_source.h.
 */
#include "replay/readers/json_source.h"

#include "replay/readers/formats.h"
#include "replay/readers/json_member.h"
#include "replay/readers/recent.h"

#include <jansson.h>
#include <stdlib.h>

enum { NESTED_MAX = 4 };

struct inner {
	struct text text;
	uint64_t line;
};

struct json_source {
	const struct reader_options *options;
	struct json_names *names;
	struct event_sink sink;
	struct ledger *ledger;
	const char *file;
	struct arena own[2]; /* without a chunk */
	struct arena *arena, *record_arena; /* of the envelope; of the record in hand */
	struct record record;
	struct recent *recent;            /* NULL: the dialect has no `once` */
	struct inner *inner;              /* what the envelope holds, in the arena */
	size_t inner_count;
};

struct json_source *json_source_new(const struct reader_options *options, struct json_names *names, struct event_sink sink,
	struct ledger *ledger, const char *file)
{
	struct json_source *source = mem_alloc(sizeof *source);
	*source = (struct json_source){.options = options, .names = names, .sink = sink, .ledger = ledger, .file = file};
	source->arena = options->chunk ? options->chunk->arena : &source->own[0];
	source->record_arena = options->chunk ? options->chunk->arena : &source->own[1];
	if (options->dialect && options->dialect->once.length)
		source->recent = recent_new();
	return source;
}

void json_source_free(struct json_source *source)
{
	if (!source)
		return;
	recent_free(source->recent);
	arena_free(&source->own[0]);
	arena_free(&source->own[1]);
	free(source);
}

/* What an arena of the source's own holds is of the object before. */
static void begin_arena(const struct json_source *source, struct arena *arena)
{
	if (!source->options->chunk)
		arena_reset(arena);
}

static uint64_t lines_before(struct text text, const char *end)
{
	uint64_t lines = 0;
	for (const char *at = text.data; at < end; at++)
		lines += *at == '\n';
	return lines;
}

/* The text that a JSON string stands for, or an empty one. */
static struct text unquoted(struct json_source *source, struct text quoted)
{
	json_t *value = json_loadb(quoted.data, quoted.length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	struct text text = {0};
	if (json_is_string(value))
		text = text_trim(text_copy(source->arena, (struct text){json_string_value(value), json_string_length(value)}));
	json_decref(value);
	return text;
}

static bool unwrap(struct json_source *source, struct text object, uint64_t line, unsigned depth);

static void add_inner(struct json_source *source, struct text object, uint64_t line)
{
	source->inner = arena_grow(source->arena, source->inner, source->inner_count, sizeof *source->inner);
	source->inner[source->inner_count++] = (struct inner){object, line};
}

/* One value of a member that holds records: an object, or a string that is one. */
static void add_value(struct json_source *source, struct text value, uint64_t line, unsigned depth)
{
	if (value.length && value.data[0] == '"')
		value = unquoted(source, value);
	if (value.length && value.data[0] == '{' && !unwrap(source, value, line, depth + 1))
		add_inner(source, value, line);
}

/* The records in one member of an envelope. */
static void add_member(struct json_source *source, struct text value, uint64_t line, unsigned depth)
{
	struct text item;
	size_t at = 0;
	while (value.data[0] == '[' && json_item(value, &at, &item))
		add_value(source, item, line + lines_before(value, item.data), depth);
	if (value.data[0] != '[')
		add_value(source, value, line, depth);
}

/* Collects what an envelope holds; false: the object is none. */
static bool unwrap(struct json_source *source, struct text object, uint64_t line, unsigned depth)
{
	const struct dialect *dialect = source->options->dialect;
	struct text values[DIALECT_WRAPPED_MAX];
	size_t before = source->inner_count, count = dialect->wrapped_count;
	if (depth >= NESTED_MAX)
		return false;
	json_members(object, dialect->wrapped, count, values);
	for (size_t i = 0; i < count && source->inner_count == before; i++)
		if (values[i].length)
			add_member(source, values[i], line + lines_before(object, values[i].data), depth);
	return source->inner_count > before;
}

static void begin_record(struct json_source *source, struct text object, uint64_t line)
{
	begin_arena(source, source->record_arena);
	record_begin(&source->record, source->record_arena, source->file, line);
	source->record.text = object;
}

static const char *make_record(struct json_source *source, struct text object, uint64_t line)
{
	begin_record(source, object, line);
	return json_record(source->names, object, &source->record);
}

static bool test_holds(const struct record *record, const struct dialect_match *match)
{
	const struct raw_value *raw = record_get(record, NULL, match->name);
	for (size_t i = 0; match->kind == MATCH_EQUAL && raw && raw->count && i < match->count; i++)
		if (text_equal(raw->values[0], match->values[i]))
			return true;
	return match->kind == MATCH_PRESENT ? raw != NULL : match->kind == MATCH_ABSENT && !raw;
}

/* One that does not count as the first of its happening. */
static bool is_excused(const struct json_source *source)
{
	const struct dialect *dialect = source->options->dialect;
	for (size_t i = 0; i < dialect->once_unless_count; i++)
		if (!test_holds(&source->record, &dialect->once_unless[i]))
			return false;
	return dialect->once_unless_count > 0;
}

static void mark_repeated(struct json_source *source)
{
	const struct dialect *dialect = source->options->dialect;
	const struct raw_value *raw = source->recent ? record_get(&source->record, NULL, dialect->once) : NULL;
	if (!raw || !raw->count || !raw->values[0].length || is_excused(source))
		return;
	if (recent_seen(source->recent, raw->values[0]))
		record_add(&source->record, TEXT("repeated"), TEXT("true"));
}

static int deliver(struct json_source *source, struct text label)
{
	struct text name = source->options->label_name;
	if (label.length && !record_get(&source->record, NULL, name))
		record_add(&source->record, name, label);
	mark_repeated(source);
	return reader_deliver(&source->record, source->options, source->sink, source->ledger);
}

/* What the envelope says of its label: a string, or another scalar as it stands. */
static struct text label_of(struct json_source *source, struct text object)
{
	struct text name = source->options->label_name;
	struct text value = name.length ? json_member(object, name) : TEXT("");
	if (!value.length || value.data[0] == '{' || value.data[0] == '[')
		return TEXT("");
	return value.data[0] == '"' ? unquoted(source, value) : value;
}

static int take_envelope(struct json_source *source, struct text object, const char **why)
{
	struct text label = label_of(source, object);
	int status = 0;
	for (size_t i = 0; i < source->inner_count && !*why; i++)
		*why = make_record(source, source->inner[i].text, source->inner[i].line);
	for (size_t i = 0; i < source->inner_count && !*why && !status; i++) {
		*why = make_record(source, source->inner[i].text, source->inner[i].line);
		status = deliver(source, label);
	}
	return status;
}

/* An object that is no envelope. */
static int take_record(struct json_source *source, struct text object, uint64_t line, const struct json_lines *lines,
	const char **why)
{
	struct event *event = NULL;
	begin_record(source, object, line);
	if (source->recent || source->options->watch)
		*why = json_record(source->names, object, &source->record);
	else
		event = json_event(source->names, object, lines, &source->record, why);
	if (event)
		return reader_deliver_event(&source->record, event, source->options, source->sink, source->ledger);
	return *why ? 0 : deliver(source, TEXT(""));
}

int json_source_take(struct json_source *source, struct text object, uint64_t line, const struct json_lines *lines,
	const char **why)
{
	const struct dialect *dialect = source->options->dialect;
	*why = NULL;
	source->inner_count = 0;
	source->inner = NULL;
	if (dialect && dialect->wrapped_count) {
		begin_arena(source, source->arena);
		if (unwrap(source, object, line, 0))
			return take_envelope(source, object, why);
	}
	return take_record(source, object, line, lines, why);
}
