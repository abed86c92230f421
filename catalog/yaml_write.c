/*
 * yaml_write: a tree as YAML text.
 */
#include "catalog/yaml_write.h"

#include "catalog/yaml_scalar.h"

#include <string.h>

struct yaml yaml_new_text(struct text text)
{
	return (struct yaml){.kind = YAML_SCALAR, .quoted = true, .text = text};
}

struct yaml yaml_new_texts(struct arena *arena, const struct text *texts, size_t count)
{
	struct yaml node = {.kind = YAML_SEQUENCE, .items = arena_array(arena, count, sizeof *node.items), .count = count};
	for (size_t i = 0; i < count; i++)
		node.items[i] = yaml_new_text(texts[i]);
	return node;
}

void yaml_set(struct arena *arena, struct yaml *mapping, const char *key, struct yaml value)
{
	mapping->keys = arena_grow(arena, mapping->keys, mapping->count, sizeof *mapping->keys);
	mapping->items = arena_grow(arena, mapping->items, mapping->count, sizeof *mapping->items);
	mapping->keys[mapping->count] = (struct yaml_key){.text = text_of(key)};
	mapping->items[mapping->count++] = value;
}

bool yaml_equal(const struct yaml *a, const struct yaml *b)
{
	if (a->kind != b->kind || a->count != b->count || (a->kind == YAML_SCALAR && !text_equal(a->text, b->text)))
		return false;
	for (size_t i = 0; i < a->count; i++)
		if ((a->kind == YAML_MAPPING && !text_equal(a->keys[i].text, b->keys[i].text)) ||
			!yaml_equal(&a->items[i], &b->items[i]))
			return false;
	return true;
}

/* YYYY-MM-DD: plain, as everybody writes dates. */
static bool is_date(struct text text)
{
	static const char shape[] = "0000-00-00";
	if (text.length != sizeof shape - 1)
		return false;
	for (size_t i = 0; i < text.length; i++)
		if (shape[i] == '-' ? text.data[i] != '-' : text.data[i] < '0' || text.data[i] > '9')
			return false;
	return true;
}

/* Characters that must be escaped, or end a line for some readers. */
static bool is_special(const char *at, size_t step)
{
	unsigned char first = (unsigned char)at[0];
	if (step == 1)
		return first < 0x20 || first >= 0x7f;
	return (step == 2 && first == 0xc2 && (unsigned char)at[1] < 0xa0) ||
		(step == 3 && (memcmp(at, "\xe2\x80\xa8", 3) == 0 || memcmp(at, "\xe2\x80\xa9", 3) == 0 ||
				      memcmp(at, "\xef\xbb\xbf", 3) == 0 || memcmp(at, "\xef\xbf\xbe", 3) == 0 ||
				      memcmp(at, "\xef\xbf\xbf", 3) == 0));
}

static bool has_special(struct text text)
{
	for (size_t i = 0; i < text.length;) {
		size_t step = utf8_step(text.data + i, text.length - i);
		if (is_special(text.data + i, step))
			return true;
		i += step;
	}
	return false;
}

static void write_character(const char *at, size_t step, struct buffer *out)
{
	unsigned code = (unsigned char)at[0];
	if (step == 2)
		code = (code & 0x1fu) << 6 | ((unsigned char)at[1] & 0x3fu);
	else if (step == 3)
		code = (code & 0x0fu) << 12 | ((unsigned char)at[1] & 0x3fu) << 6 | ((unsigned char)at[2] & 0x3fu);
	if (code == '\n' || code == '\t')
		buffer_string(out, code == '\n' ? "\\n" : "\\t");
	else
		buffer_printf(out, "\\u%04x", code);
}

/* In double quotes, as JSON has it. */
static void write_double(struct text text, struct buffer *out)
{
	buffer_char(out, '"');
	for (size_t i = 0; i < text.length;) {
		size_t step = utf8_step(text.data + i, text.length - i);
		if (is_special(text.data + i, step))
			write_character(text.data + i, step, out);
		else if (text.data[i] == '"' || text.data[i] == '\\')
			buffer_printf(out, "\\%c", text.data[i]);
		else
			buffer_add(out, text.data + i, step);
		i += step;
	}
	buffer_char(out, '"');
}

/* Lines that stand as they are: none begins the text with a blank or is blank, none holds what must be escaped. */
static bool is_block(struct text text)
{
	if (text_find(text, '\n') == text.length || text.data[0] == ' ' || text.data[0] == '\n')
		return false;
	if (text.length > 1 && text_ends(text, TEXT("\n\n"), false))
		return false;
	while (text.length > 0) {
		size_t end = text_find(text, '\n');
		struct text line = text_slice(text, 0, end);
		if (has_special(line) || text_trim(line).length == 0 || text_ends(line, TEXT(" "), false))
			return false;
		text = text_slice(text, end < text.length ? end + 1 : end, text.length);
	}
	return true;
}

static const char *line_end(const struct yaml_style *style)
{
	return style->line_end ? style->line_end : "\n";
}

static void write_block(struct text text, const struct yaml_style *style, struct buffer *out)
{
	buffer_string(out, text_ends(text, TEXT("\n"), false) ? "|" : "|-");
	while (text.length > 0) {
		size_t end = text_find(text, '\n');
		buffer_printf(out, "%s%*s", line_end(style), (int)style->indent + 2, "");
		buffer_text(out, text_slice(text, 0, end));
		text = text_slice(text, end < text.length ? end + 1 : end, text.length);
	}
}

static void write_scalar(struct text text, const struct yaml_style *style, bool in_list, struct buffer *out)
{
	if (style->flow)
		write_double(text, out);
	else if (is_date(text))
		buffer_text(out, text);
	else if (!in_list && is_block(text))
		write_block(text, style, out);
	else if (has_special(text))
		write_double(text, out);
	else
		yaml_scalar_print(text, in_list, out);
}

static void write_node(const struct yaml *node, const struct yaml_style *style, bool in_list, struct buffer *out);

static void write_list(const struct yaml *node, const struct yaml_style *style, struct buffer *out)
{
	buffer_char(out, '[');
	for (size_t i = 0; i < node->count; i++) {
		if (i > 0)
			buffer_string(out, ", ");
		write_node(&node->items[i], style, true, out);
	}
	buffer_char(out, ']');
}

static void write_mapping(const struct yaml *node, const struct yaml_style *style, bool flow, struct buffer *out)
{
	if (flow)
		buffer_char(out, '{');
	for (size_t i = 0; i < node->count; i++) {
		if (i > 0 && flow)
			buffer_string(out, ", ");
		else if (i > 0)
			buffer_printf(out, "%s%*s", line_end(style), (int)style->indent, "");
		write_scalar(node->keys[i].text, style, true, out);
		buffer_string(out, ": ");
		write_node(&node->items[i], style, flow, out);
	}
	if (flow)
		buffer_char(out, '}');
}

/* In a list or a mapping in braces all is written in one line. */
static void write_node(const struct yaml *node, const struct yaml_style *style, bool in_list, struct buffer *out)
{
	if (node->kind == YAML_NULL)
		buffer_string(out, "null");
	else if (node->kind == YAML_SCALAR)
		write_scalar(node->text, style, in_list, out);
	else if (node->kind == YAML_SEQUENCE)
		write_list(node, style, out);
	else
		write_mapping(node, style, true, out);
}

void yaml_write(const struct yaml *node, const struct yaml_style *style, struct buffer *out)
{
	if (node->kind == YAML_MAPPING && node->count > 0 && !style->flow)
		write_mapping(node, style, false, out);
	else
		write_node(node, style, false, out);
}
