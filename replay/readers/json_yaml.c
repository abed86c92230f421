/*
 * json_yaml: see json_yaml.h.
 */
#include "replay/readers/json_yaml.h"

#include <jansson.h>
#include <string.h>

enum { DEPTH_MAX = 64, PATCH_NODES_MAX = 10000 };

struct conversion {
	struct arena *arena;
	struct place place;
	bool too_deep;
};

static void convert(struct conversion *c, json_t *value, struct yaml *node, unsigned depth);

static void convert_object(struct conversion *c, json_t *object, struct yaml *node, unsigned depth)
{
	const char *key;
	size_t length;
	json_t *value;
	node->kind = YAML_MAPPING;
	node->items = arena_array(c->arena, json_object_size(object) + 1, sizeof *node->items);
	node->keys = arena_array(c->arena, json_object_size(object) + 1, sizeof *node->keys);
	json_object_keylen_foreach(object, key, length, value) {
		node->keys[node->count] = (struct yaml_key){text_copy(c->arena, (struct text){key, length}), c->place};
		convert(c, value, &node->items[node->count++], depth + 1);
	}
}

static void convert_array(struct conversion *c, json_t *array, struct yaml *node, unsigned depth)
{
	size_t index;
	json_t *value;
	node->kind = YAML_SEQUENCE;
	node->items = arena_array(c->arena, json_array_size(array) + 1, sizeof *node->items);
	json_array_foreach(array, index, value) {
		convert(c, value, &node->items[node->count++], depth + 1);
	}
}

static struct text scalar_text(struct conversion *c, json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_STRING:
		return text_copy(c->arena, (struct text){json_string_value(value), json_string_length(value)});
	case JSON_INTEGER:
		return text_of(arena_printf(c->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value)));
	case JSON_REAL:
		return text_of(arena_printf(c->arena, "%.17g", json_real_value(value)));
	default:
		return json_is_true(value) ? TEXT("true") : TEXT("false");
	}
}

static void convert(struct conversion *c, json_t *value, struct yaml *node, unsigned depth)
{
	node->place = c->place;
	node->end_line = c->place.line;
	if (depth > DEPTH_MAX) {
		c->too_deep = true;
	} else if (json_is_object(value)) {
		convert_object(c, value, node, depth);
	} else if (json_is_array(value)) {
		convert_array(c, value, node, depth);
	} else if (!json_is_null(value)) {
		node->kind = YAML_SCALAR;
		node->quoted = json_is_string(value);
		node->text = scalar_text(c, value);
	}
}

const struct yaml *json_yaml(struct arena *arena, struct text text, const char *file, uint64_t line)
{
	struct conversion c = {.arena = arena, .place = {file, (unsigned)line, 1}};
	struct yaml *node = arena_alloc(arena, sizeof *node);
	json_t *value = json_loadb(text.data, text.length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	if (!value)
		return NULL;
	convert(&c, value, node, 0);
	json_decref(value);
	return c.too_deep ? NULL : node;
}

/* The next part of a JSON pointer, with ~1 and ~0 undone. */
static struct text next_token(struct arena *arena, struct text *path)
{
	struct text rest = text_slice(*path, 1, path->length);
	size_t end = text_find(rest, '/'), length = 0;
	char *token = arena_strndup(arena, rest.data, end);
	for (size_t i = 0; i < end; i++) {
		bool escaped = rest.data[i] == '~' && i + 1 < end && (rest.data[i + 1] == '0' || rest.data[i + 1] == '1');
		i += escaped;
		token[length++] = !escaped ? rest.data[i] : rest.data[i] == '0' ? '~' : '/';
	}
	*path = text_slice(rest, end, rest.length);
	return (struct text){token, length};
}

static bool is_position(struct text token)
{
	int64_t number;
	return text_is(token, "-") || text_to_long(token, &number);
}

/* The child of a node by its key; made where it is not there. Items of a list have their positions as keys meanwhile. */
static struct yaml *child_of(struct arena *arena, struct yaml *node, struct text key)
{
	if (node->kind == YAML_NULL)
		node->kind = is_position(key) ? YAML_SEQUENCE : YAML_MAPPING;
	if (node->quoted || node->kind == YAML_SCALAR)
		return NULL; /* below a value that another operation gave whole */
	for (size_t i = 0; i < node->count && !text_is(key, "-"); i++)
		if (text_equal(node->keys[i].text, key))
			return &node->items[i];
	node->items = arena_grow(arena, node->items, node->count, sizeof *node->items);
	node->keys = arena_grow(arena, node->keys, node->count, sizeof *node->keys);
	node->keys[node->count] = (struct yaml_key){key, node->place};
	node->items[node->count] = (struct yaml){.place = node->place, .end_line = node->end_line};
	return &node->items[node->count++];
}

static void apply(struct arena *arena, struct yaml *root, const struct yaml *operation, size_t *left)
{
	const struct yaml *op = operation->kind == YAML_MAPPING ? yaml_get(operation, "op") : NULL;
	const struct yaml *path = op ? yaml_get(operation, "path") : NULL, *value = op ? yaml_get(operation, "value") : NULL;
	struct yaml *at = root;
	bool adds = op && (text_is(op->text, "add") || text_is(op->text, "replace"));
	if (!adds || !path || !value || !text_starts(path->text, TEXT("/"), false))
		return;
	for (struct text rest = path->text; rest.length && at && *left; (*left)--)
		at = child_of(arena, at, next_token(arena, &rest));
	if (!at || !*left || at == root)
		return;
	*at = *value;
	at->quoted = true;
}

const struct yaml *json_patch_object(struct arena *arena, const struct yaml *operations)
{
	struct yaml *root = arena_alloc(arena, sizeof *root);
	size_t left = PATCH_NODES_MAX;
	root->place = operations->place;
	for (size_t i = 0; i < operations->count; i++)
		apply(arena, root, &operations->items[i], &left);
	return root->count ? root : NULL;
}
