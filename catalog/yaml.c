/*
 * yaml: reading files, typed access to the tree, and shapes. The tree itself is made in yaml_tree.c.
 */
#include "catalog/yaml_form.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *const kind_names[] = {
	[YAML_NULL] = "nothing",
	[YAML_SCALAR] = "a single value",
	[YAML_SEQUENCE] = "a list",
	[YAML_MAPPING] = "a mapping",
};

/* Reads on until the end or one byte past the limit. */
static int read_stream(FILE *file, size_t limit, struct buffer *content)
{
	char chunk[16384];
	size_t got;
	while (content->length <= limit && (got = fread(chunk, 1, sizeof chunk, file)) > 0)
		buffer_add(content, chunk, got);
	return ferror(file) ? -1 : 0;
}

int file_read(struct arena *arena, const char *path, size_t limit, struct diagnostics *d, struct text *content)
{
	struct place place = {arena_strdup(arena, path), 0, 0};
	struct stat status;
	struct buffer buffer = {0};
	if (!limit)
		limit = YAML_DEFAULT_BYTES;
	FILE *file = fopen(path, "rb");
	if (!file)
		return diagnostics_error(d, place, "cannot be read: %s", strerror(errno));
	if (fstat(fileno(file), &status) == 0 && S_ISDIR(status.st_mode)) {
		fclose(file);
		return diagnostics_error(d, place, "cannot be read: it is a directory");
	}
	int failed = read_stream(file, limit, &buffer);
	int reason = errno;
	fclose(file);
	if (failed || buffer.length > limit) {
		buffer_free(&buffer);
		if (failed)
			return diagnostics_error(d, place, "cannot be read: %s", strerror(reason));
		return diagnostics_error(d, place, "larger than %zu bytes", limit);
	}
	*content = text_copy(arena, buffer_view(&buffer));
	buffer_free(&buffer);
	return 0;
}

int yaml_parse_file(struct arena *arena, const char *path, const struct yaml_limits *limits,
	struct diagnostics *d, struct yaml **documents, size_t *count)
{
	struct text content;
	*documents = NULL;
	*count = 0;
	if (file_read(arena, path, limits ? limits->bytes : 0, d, &content))
		return -1;
	return yaml_parse(arena, content, path, limits, d, documents, count);
}

const struct yaml *yaml_get(const struct yaml *mapping, const char *key)
{
	if (!mapping || mapping->kind != YAML_MAPPING)
		return NULL;
	for (size_t i = 0; i < mapping->count; i++)
		if (text_is(mapping->keys[i].text, key))
			return &mapping->items[i];
	return NULL;
}

static int report(struct diagnostics *d, struct place place, struct text document, const char *format,
	va_list arguments)
{
	struct arena scratch = {0};
	diagnostics_error(d, place, "%s", arena_vprintf(&scratch, format, arguments));
	arena_free(&scratch);
	diagnostics_show_line(d, document);
	return -1;
}

int yaml_error(struct diagnostics *d, const struct yaml *node, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	report(d, node->place, node->document, format, arguments);
	va_end(arguments);
	return -1;
}

int yaml_error_key(struct diagnostics *d, const struct yaml *mapping, size_t key, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	report(d, mapping->keys[key].place, mapping->document, format, arguments);
	va_end(arguments);
	return -1;
}

int yaml_text(const struct yaml *node, struct diagnostics *d, const char *what, struct text *text)
{
	if (node->kind != YAML_SCALAR)
		return yaml_error(d, node, "%s must be a text, not %s", what, kind_names[node->kind]);
	*text = node->text;
	return 0;
}

int yaml_bool(const struct yaml *node, struct diagnostics *d, const char *what, bool *value)
{
	bool plain = node->kind == YAML_SCALAR && !node->quoted;
	bool yes = plain && (text_is(node->text, "true") || text_is(node->text, "True") || text_is(node->text, "TRUE"));
	bool no = plain && (text_is(node->text, "false") || text_is(node->text, "False") || text_is(node->text, "FALSE"));
	if (!yes && !no)
		return yaml_error(d, node, "%s must be true or false", what);
	*value = yes;
	return 0;
}

int yaml_long(const struct yaml *node, struct diagnostics *d, const char *what, int64_t *value)
{
	if (node->kind != YAML_SCALAR || node->quoted || !text_to_long(node->text, value))
		return yaml_error(d, node, "%s must be a whole number", what);
	return 0;
}

int yaml_texts(const struct yaml *node, struct arena *arena, struct diagnostics *d, const char *what,
	struct text **texts, size_t *count)
{
	bool sequence = node->kind == YAML_SEQUENCE;
	if (!sequence && node->kind != YAML_SCALAR)
		return yaml_error(d, node, "%s must be a list of texts, not %s", what, kind_names[node->kind]);
	const struct yaml *items = sequence ? node->items : node;
	size_t number = sequence ? node->count : 1;
	struct text *list = arena_array(arena, number, sizeof *list);
	int status = 0;
	for (size_t i = 0; i < number; i++) {
		if (items[i].kind != YAML_SCALAR)
			status = yaml_error(d, &items[i], "%s must be a list of texts; this item is %s", what,
				kind_names[items[i].kind]);
		list[i] = items[i].text;
	}
	if (status)
		return -1;
	*texts = list;
	*count = number;
	return 0;
}

static const struct yaml_shape *find_shape(const struct yaml_shape *shape, struct text key)
{
	for (; shape->key; shape++)
		if (text_is(key, shape->key))
			return shape;
	return NULL;
}

static int report_unknown(const struct yaml *mapping, size_t key, const struct yaml_shape *shape,
	struct diagnostics *d, const char *what)
{
	struct text name = mapping->keys[key].text;
	const char *nearest = NULL;
	size_t best = SIZE_MAX;
	for (; shape->key; shape++)
		if (text_nearer(name, text_of(shape->key), &best))
			nearest = shape->key;
	if (nearest)
		return yaml_error_key(d, mapping, key, "unknown key `%.*s` in %s; did you mean `%s`?", TEXT_ARGS(name), what,
			nearest);
	return yaml_error_key(d, mapping, key, "unknown key `%.*s` in %s", TEXT_ARGS(name), what);
}

static int check_kind(const struct yaml *value, const struct yaml_shape *shape, struct diagnostics *d)
{
	enum yaml_kind kind = yaml_form_kind(shape->form);
	if (kind == YAML_NULL || value->kind == kind || (value->kind == YAML_NULL && shape->form->flags & YAML_OR_NULL))
		return 0;
	return yaml_error(d, value, "`%s` must be %s, not %s", shape->key, kind_names[kind],
		kind_names[value->kind]);
}

int yaml_check(const struct yaml *mapping, const struct yaml_shape *shape, struct diagnostics *d, const char *what)
{
	int status = 0;
	if (mapping->kind != YAML_MAPPING)
		return yaml_error(d, mapping, "%s must be a mapping, not %s", what, kind_names[mapping->kind]);
	for (size_t i = 0; i < mapping->count; i++) {
		const struct yaml_shape *known = find_shape(shape, mapping->keys[i].text);
		if (known ? check_kind(&mapping->items[i], known, d) : report_unknown(mapping, i, shape, d, what))
			status = -1;
	}
	for (const struct yaml_shape *key = shape; key->key; key++)
		if (key->need == YAML_REQUIRED && !yaml_get(mapping, key->key))
			status = yaml_error(d, mapping, "%s lacks the key `%s`", what, key->key);
	return status;
}
