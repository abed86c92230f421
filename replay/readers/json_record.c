/*
 * json_record: jansson parses, nested objects become dotted names.
 */
#include "replay/readers/json_record.h"
#include "replay/readers/record.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 64, NAME_MAX = 1024 };

struct json_names {
	struct text root;       /* of the dialect: members of this object go by their own names */
	struct text *kinds;     /* arrays whose objects are parts of the record: an event of the dialect is `each` of them */
	size_t kind_count;
	struct record *record;  /* in hand */
	struct record_part *part; /* that takes the names; NULL: the record itself */
	size_t left;            /* values that may still be looked at: arrays in arrays double them */
};

/* Dotted name under way. */
struct path {
	char text[NAME_MAX];
	size_t length;
};

static void add_value(struct json_names *names, const struct path *path, struct text value)
{
	struct text name = {arena_strndup(names->record->arena, path->text, path->length), path->length};
	if (names->part)
		record_part_add(names->record, names->part, name, value);
	else
		record_add(names->record, name, value);
}

/* Shortest decimal that reads back as the same number. */
static struct text real_text(struct arena *arena, double real)
{
	char text[40];
	if (real == floor(real) && fabs(real) < 1e15)
		return text_of(arena_printf(arena, "%.0f", real));
	for (int digits = 15; digits <= 17; digits++) {
		int length = snprintf(text, sizeof text, "%.*g", digits, real);
		if (length > 0 && strtod(text, NULL) == real)
			break;
	}
	return text_of(arena_strdup(arena, text));
}

/* Texts of scalars; false for null, objects and arrays. */
static bool scalar_text(struct json_names *names, const json_t *value, struct text *text)
{
	struct arena *arena = names->record->arena;
	switch (json_typeof(value)) {
	case JSON_STRING:
		*text = text_copy(arena, (struct text){json_string_value(value), json_string_length(value)});
		return true;
	case JSON_INTEGER:
		*text = text_of(arena_printf(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value)));
		return true;
	case JSON_REAL:
		*text = real_text(arena, json_real_value(value));
		return true;
	case JSON_TRUE:
		*text = TEXT("true");
		return true;
	case JSON_FALSE:
		*text = TEXT("false");
		return true;
	default:
		return false;
	}
}

static bool push_name(struct path *path, struct text name)
{
	if (path->length + name.length + 1 >= sizeof path->text)
		return false;
	if (path->length)
		path->text[path->length++] = '.';
	memcpy(path->text + path->length, name.data, name.length);
	path->length += name.length;
	return true;
}

static const char *flatten(struct json_names *names, json_t *value, struct path *path, unsigned depth);

static const char *flatten_object(struct json_names *names, json_t *object, struct path *path, unsigned depth)
{
	const char *key, *why = NULL;
	json_t *value;
	json_object_foreach(object, key, value) {
		size_t before = path->length;
		bool root = !depth && text_is(names->root, key) && json_is_object(value);
		if (!root && !push_name(path, text_of(key)))
			return "a name in it is too long";
		why = flatten(names, value, path, depth + 1);
		path->length = before;
		if (why)
			return why;
	}
	return NULL;
}

/* An object of an array that a kind names: a part, whose names begin at the object. */
static const char *add_part(struct json_names *names, json_t *item, const struct path *path, unsigned depth)
{
	struct path inner = {.length = 0};
	const char *why = NULL;
	for (size_t i = 0; i < names->kind_count && !names->part; i++) {
		if (!text_equal(names->kinds[i], (struct text){path->text, path->length}))
			continue;
		names->part = record_add_part(names->record, names->kinds[i]);
		why = flatten(names, item, &inner, depth + 1);
	}
	names->part = NULL;
	return why;
}

/* Items count as several values of one name; objects among them also by their index. */
static const char *flatten_array(struct json_names *names, json_t *array, struct path *path, unsigned depth)
{
	const char *why = NULL;
	size_t index;
	json_t *item;
	if (json_array_size(array) == 0)
		record_add_empty(names->record, names->part,
			(struct text){arena_strndup(names->record->arena, path->text, path->length), path->length});
	json_array_foreach(array, index, item) {
		size_t before = path->length;
		char number[24];
		if (!names->part && json_is_object(item))
			why = add_part(names, item, path, depth);
		if (!why)
			why = flatten(names, item, path, depth + 1);
		if (!why && json_is_object(item)) {
			int length = snprintf(number, sizeof number, "%zu", index);
			if (!push_name(path, (struct text){number, (size_t)length}))
				return "a name in it is too long";
			why = flatten(names, item, path, depth + 1);
		}
		path->length = before;
		if (why)
			return why;
	}
	return NULL;
}

static const char *flatten(struct json_names *names, json_t *value, struct path *path, unsigned depth)
{
	struct text text;
	if (depth > DEPTH_MAX)
		return "it is nested deeper than 64";
	if (!names->left--)
		return "its arrays are nested too deep";
	if (json_is_object(value))
		return flatten_object(names, value, path, depth);
	if (json_is_array(value))
		return flatten_array(names, value, path, depth);
	if (scalar_text(names, value, &text))
		add_value(names, path, text);
	return NULL;
}

/* NULL and *value, or the reason. Integers beyond 64 bits become real numbers. */
static const char *parse(struct json_names *names, struct text text, json_t **value)
{
	json_error_t error;
	*value = json_loadb(text.data, text.length, JSON_ALLOW_NUL, &error);
	if (!*value && json_error_code(&error) == json_error_numeric_overflow)
		*value = json_loadb(text.data, text.length, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &error);
	return *value ? NULL : arena_printf(names->record->arena, "no JSON: %s", error.text);
}

static void add_kind(struct json_names *names, struct text kind)
{
	for (size_t i = 0; i < names->kind_count; i++)
		if (text_equal(names->kinds[i], kind))
			return;
	names->kinds = mem_resize(names->kinds, (names->kind_count + 1) * sizeof *names->kinds);
	names->kinds[names->kind_count++] = kind;
}

static void find_kinds(struct json_names *names, const struct dialect *dialect)
{
	for (size_t i = 0; i < dialect->group_count; i++)
		for (size_t k = 0; k < dialect->groups[i].event_count; k++)
			if (dialect->groups[i].events[k].each.length && (dialect->groups[i].events[k].use & USE_READ))
				add_kind(names, dialect->groups[i].events[k].each);
}

struct json_names *json_names_new(const struct reader_options *options)
{
	struct json_names *names = mem_alloc(sizeof *names);
	*names = (struct json_names){.root = TEXT("")};
	if (options->dialect) {
		names->root = options->dialect->root;
		find_kinds(names, options->dialect);
	}
	return names;
}

void json_names_free(struct json_names *names)
{
	free(names->kinds);
	free(names);
}

const char *json_record(struct json_names *names, struct text object, struct record *record)
{
	struct path path = {.length = 0};
	json_t *value = NULL;
	names->record = record;
	names->left = 1024 + 16 * object.length;
	const char *why = parse(names, object, &value);
	if (why)
		return why;
	why = json_is_object(value) ? flatten(names, value, &path, 0) : "it is no JSON object";
	json_decref(value);
	return why;
}
