/*
 * json_tree: jansson parses, nested objects become dotted names.
 */
#include "replay/readers/json_tree.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 64, NAME_MAX = 1024 };

struct tree {
	const struct json_tree_options *options;
	struct record *record;
	struct record_part *part; /* that takes the names; NULL: the record itself */
	size_t left;              /* values that may still be looked at */
};

/* Dotted name under way. */
struct path {
	char text[NAME_MAX];
	size_t length;
};

static void add_value(struct tree *tree, const struct path *path, struct text value)
{
	struct text name = {arena_strndup(tree->record->arena, path->text, path->length), path->length};
	if (tree->part)
		record_part_add(tree->record, tree->part, name, value);
	else
		record_add(tree->record, name, value);
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
static bool scalar_text(struct tree *tree, const json_t *value, struct text *text)
{
	struct arena *arena = tree->record->arena;
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

static const char *flatten(struct tree *tree, json_t *value, struct path *path, unsigned depth);

static const char *flatten_object(struct tree *tree, json_t *object, struct path *path, unsigned depth)
{
	const char *key, *why = NULL;
	json_t *value;
	json_object_foreach(object, key, value) {
		size_t before = path->length;
		bool root = !depth && text_is(tree->options->root, key) && json_is_object(value);
		if (!root && !push_name(path, text_of(key)))
			return "a name in it is too long";
		why = flatten(tree, value, path, depth + 1);
		path->length = before;
		if (why)
			return why;
	}
	return NULL;
}

/* An object of an array that a kind names: a part, whose names begin at the object. */
static const char *add_part(struct tree *tree, json_t *item, const struct path *path, unsigned depth)
{
	struct path inner = {.length = 0};
	const char *why = NULL;
	for (size_t i = 0; i < tree->options->kind_count && !tree->part; i++) {
		if (!text_equal(tree->options->kinds[i], (struct text){path->text, path->length}))
			continue;
		tree->part = record_add_part(tree->record, tree->options->kinds[i]);
		why = flatten(tree, item, &inner, depth + 1);
	}
	tree->part = NULL;
	return why;
}

/* Items count as several values of one name; objects among them also by their index. */
static const char *flatten_array(struct tree *tree, json_t *array, struct path *path, unsigned depth)
{
	const char *why = NULL;
	size_t index;
	json_t *item;
	if (json_array_size(array) == 0)
		record_add_empty(tree->record, tree->part,
			(struct text){arena_strndup(tree->record->arena, path->text, path->length), path->length});
	json_array_foreach(array, index, item) {
		size_t before = path->length;
		char number[24];
		if (!tree->part && json_is_object(item))
			why = add_part(tree, item, path, depth);
		if (!why)
			why = flatten(tree, item, path, depth + 1);
		if (!why && json_is_object(item)) {
			int length = snprintf(number, sizeof number, "%zu", index);
			if (!push_name(path, (struct text){number, (size_t)length}))
				return "a name in it is too long";
			why = flatten(tree, item, path, depth + 1);
		}
		path->length = before;
		if (why)
			return why;
	}
	return NULL;
}

static const char *flatten(struct tree *tree, json_t *value, struct path *path, unsigned depth)
{
	struct text text;
	if (depth > DEPTH_MAX)
		return "it is nested deeper than 64";
	if (!tree->left--)
		return "its arrays are nested too deep";
	if (json_is_object(value))
		return flatten_object(tree, value, path, depth);
	if (json_is_array(value))
		return flatten_array(tree, value, path, depth);
	if (scalar_text(tree, value, &text))
		add_value(tree, path, text);
	return NULL;
}

/* NULL and *value, or the reason. Integers beyond 64 bits become real numbers. */
static const char *parse(struct tree *tree, struct text text, json_t **value)
{
	json_error_t error;
	if (text_find(text, '\0') < text.length) /* jansson takes one behind a number for its end */
		return "no JSON: a NUL byte stands in it";
	*value = json_loadb(text.data, text.length, JSON_ALLOW_NUL, &error);
	if (!*value && json_error_code(&error) == json_error_numeric_overflow)
		*value = json_loadb(text.data, text.length, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &error);
	return *value ? NULL : arena_printf(tree->record->arena, "no JSON: %s", error.text);
}

const char *json_tree(const struct json_tree_options *options, struct text object, struct record *record)
{
	struct tree tree = {.options = options, .record = record, .left = 1024 + 16 * object.length};
	struct path path = {.length = 0};
	json_t *value = NULL;
	const char *why = parse(&tree, object, &value);
	if (why)
		return why;
	why = json_is_object(value) ? flatten(&tree, value, &path, 0) : "it is no JSON object";
	json_decref(value);
	return why;
}
