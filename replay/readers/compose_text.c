/*
 * compose_text: see compose_text.h.
 */
#include "replay/readers/compose_text.h"

#include <string.h>

enum { NESTED_MAX = 8 };

static bool is_name_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_';
}

static size_t name_length(struct text text)
{
	size_t length = 0;
	while (length < text.length && is_name_byte(text.data[length]))
		length++;
	return length;
}

/* Length of a {…} at the beginning of the text, braces included; 0: it does not end. */
static size_t braces_length(struct text text)
{
	size_t depth = 0;
	for (size_t i = 0; i < text.length; i++) {
		depth += text.data[i] == '{';
		if (text.data[i] == '}' && --depth == 0)
			return i + 1;
	}
	return 0;
}

struct resolving {
	struct arena *arena;
	const struct compose_variables *variables;
};

static bool resolve(const struct resolving *r, struct text text, unsigned nested, struct buffer *out);

static bool put_variable(const struct resolving *r, struct text name, struct buffer *out)
{
	const struct text *value = compose_variable(r->variables, name);
	if (value)
		buffer_text(out, *value);
	return value != NULL;
}

/* NAME, and what may follow it: -default, :-default, +other, :+other, ?error, :?error. */
static bool resolve_braces(const struct resolving *r, struct text inside, unsigned nested, struct buffer *out)
{
	struct text name = text_slice(inside, 0, name_length(inside));
	struct text rest = text_slice(inside, name.length, inside.length);
	const struct text *value = compose_variable(r->variables, name);
	bool colon = rest.length && rest.data[0] == ':';
	rest = text_slice(rest, colon, rest.length);
	bool set = value && (value->length || !colon);
	struct text word = text_slice(rest, 1, rest.length);
	if (!rest.length || rest.data[0] == '?')
		return (set || !rest.length) && put_variable(r, name, out);
	if (nested == NESTED_MAX)
		return false;
	if (rest.data[0] == '+')
		return value && (!set || resolve(r, word, nested + 1, out));
	if (rest.data[0] != '-')
		return false;
	return set ? put_variable(r, name, out) : resolve(r, word, nested + 1, out);
}

/* What stands behind a dollar sign; *taken: how many bytes of it. */
static bool resolve_dollar(const struct resolving *r, struct text rest, unsigned nested, struct buffer *out, size_t *taken)
{
	size_t braces = rest.length && rest.data[0] == '{' ? braces_length(rest) : 0, name = name_length(rest);
	*taken = 0;
	if (rest.length && rest.data[0] == '$') {
		buffer_char(out, '$');
		*taken = 1;
		return true;
	}
	if (braces) {
		*taken = braces;
		return resolve_braces(r, text_slice(rest, 1, braces - 1), nested, out);
	}
	if (name && (rest.data[0] < '0' || rest.data[0] > '9')) {
		*taken = name;
		return put_variable(r, text_slice(rest, 0, name), out);
	}
	buffer_char(out, '$');
	return true;
}

static bool resolve(const struct resolving *r, struct text text, unsigned nested, struct buffer *out)
{
	for (size_t i = 0; i < text.length; i++) {
		size_t taken;
		if (text.data[i] != '$')
			buffer_char(out, text.data[i]);
		else if (resolve_dollar(r, text_slice(text, i + 1, text.length), nested, out, &taken))
			i += taken;
		else
			return false;
	}
	return true;
}

bool compose_resolve(struct arena *arena, const struct compose_variables *variables, struct text text, struct text *resolved)
{
	struct resolving r = {arena, variables};
	struct buffer out = {0};
	*resolved = text;
	if (text_find(text, '$') == text.length)
		return true;
	bool known = resolve(&r, text, 0, &out);
	*resolved = known ? text_copy(arena, buffer_view(&out)) : TEXT("");
	buffer_free(&out);
	return known;
}

const struct text *compose_variable(const struct compose_variables *variables, struct text name)
{
	for (size_t i = variables ? variables->count : 0; i > 0; i--)
		if (text_equal(variables->names[i - 1], name))
			return &variables->values[i - 1];
	return NULL;
}

/* A value without its quotes; without quotes a comment behind a blank ends it. */
static struct text variable_value(struct text value)
{
	value = text_trim(value);
	if (value.length && (value.data[0] == '"' || value.data[0] == '\'')) {
		struct text inner = text_slice(value, 1, value.length);
		return text_slice(inner, 0, text_find(inner, value.data[0]));
	}
	for (size_t i = 1; i < value.length; i++)
		if (value.data[i] == '#' && (value.data[i - 1] == ' ' || value.data[i - 1] == '\t'))
			return text_trim(text_slice(value, 0, i));
	return value;
}

void compose_variables_read(struct arena *arena, struct text content, struct compose_variables *variables)
{
	while (content.length) {
		size_t end = text_find(content, '\n');
		struct text line = text_trim(text_slice(content, 0, end));
		content = text_slice(content, end + 1, content.length);
		if (text_starts(line, TEXT("export "), false))
			line = text_trim(text_slice(line, 7, line.length));
		size_t equals = text_find(line, '=');
		struct text name = text_trim(text_slice(line, 0, equals));
		if (equals == line.length || !name.length || name_length(name) != name.length)
			continue;
		variables->names = arena_grow(arena, variables->names, variables->count, sizeof *variables->names);
		variables->values = arena_grow(arena, variables->values, variables->count, sizeof *variables->values);
		variables->names[variables->count] = text_copy(arena, name);
		variables->values[variables->count++] = variable_value(text_slice(line, equals + 1, line.length));
	}
}

/* One word from *at on, without its quotes. false: no more. */
static bool next_word(struct text line, size_t *at, struct buffer *word)
{
	char quote = 0;
	buffer_clear(word);
	while (*at < line.length && (line.data[*at] == ' ' || line.data[*at] == '\t' || line.data[*at] == '\n'))
		++*at;
	if (*at >= line.length)
		return false;
	for (; *at < line.length; ++*at) {
		char byte = line.data[*at];
		bool blank = byte == ' ' || byte == '\t' || byte == '\n';
		if (blank && !quote)
			break;
		if (quote && byte == quote)
			quote = 0;
		else if (!quote && (byte == '"' || byte == '\''))
			quote = byte;
		else if (byte == '\\' && quote != '\'' && *at + 1 < line.length)
			buffer_char(word, line.data[++*at]);
		else
			buffer_char(word, byte);
	}
	return true;
}

size_t compose_words(struct arena *arena, struct text line, struct text **words)
{
	struct buffer word = {0};
	size_t count = 0;
	*words = NULL;
	for (size_t at = 0; next_word(line, &at, &word);) {
		*words = arena_grow(arena, *words, count, sizeof **words);
		(*words)[count++] = text_copy(arena, buffer_view(&word));
	}
	buffer_free(&word);
	return count;
}

/* Up to the next colon that is not a drive's (C:\data, C:/data). */
static struct text volume_part(struct text text, size_t *at)
{
	struct text rest = text_slice(text, *at, text.length);
	size_t length = text_find(rest, ':');
	if (length == 1 && rest.length > 2 && (rest.data[2] == '\\' || rest.data[2] == '/') && rest.data[0] > '@')
		length = 2 + text_find(text_slice(rest, 2, rest.length), ':');
	*at += length + 1;
	return text_slice(rest, 0, length);
}

void compose_volume(struct text text, struct text *source, struct text *destination, struct text *mode)
{
	size_t at = 0;
	struct text first = volume_part(text, &at);
	*source = *mode = TEXT("");
	*destination = first;
	if (at > text.length)
		return;
	*source = first;
	*destination = volume_part(text, &at);
	if (at <= text.length)
		*mode = text_slice(text, at, text.length);
}

/* The last colon, or the text's length. */
static size_t last_colon(struct text text)
{
	for (size_t i = text.length; i > 0; i--)
		if (text.data[i - 1] == ':')
			return i - 1;
	return text.length;
}

struct text compose_port(struct arena *arena, struct text text)
{
	size_t colon = last_colon(text);
	struct text target = colon < text.length ? text_slice(text, colon + 1, text.length) : text;
	struct text outer = colon < text.length ? text_slice(text, 0, colon) : TEXT("");
	size_t second = last_colon(outer);
	struct text address = second < outer.length ? text_slice(outer, 0, second) : TEXT("0.0.0.0");
	struct text published = second < outer.length ? text_slice(outer, second + 1, outer.length) : outer;
	if (text_ends(target, TEXT("/tcp"), true))
		target.length -= 4;
	if (!target.length || target.data[0] < '0' || target.data[0] > '9')
		return TEXT("");
	return text_of(arena_printf(arena, "%.*s:%.*s:%.*s", TEXT_ARGS(address), TEXT_ARGS(published), TEXT_ARGS(target)));
}
