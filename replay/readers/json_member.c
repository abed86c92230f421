/*
 * json_member: see json_member.h.
 */
#include "replay/readers/json_member.h"

#include <string.h>

static bool is_space(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static size_t skip_spaces(struct text text, size_t at)
{
	while (at < text.length && is_space(text.data[at]))
		at++;
	return at;
}

/* Is the quote at `at` part of its string: behind an odd number of backslashes? */
static bool is_escaped(struct text text, size_t at, size_t begin)
{
	size_t slashes = 0;
	while (at - slashes > begin && text.data[at - slashes - 1] == '\\')
		slashes++;
	return slashes % 2;
}

/* `at` is at the quote; returns the byte behind the one that ends the string. */
static size_t skip_string(struct text text, size_t at)
{
	size_t begin = at + 1;
	while (++at < text.length) {
		const char *quote = memchr(text.data + at, '"', text.length - at);
		if (!quote)
			return text.length;
		at = (size_t)(quote - text.data);
		if (!is_escaped(text, at, begin))
			return at + 1;
	}
	return text.length;
}

/* The byte behind the value that begins at `at`. */
static size_t skip_value(struct text text, size_t at)
{
	size_t depth = 0;
	while (at < text.length) {
		char byte = text.data[at];
		if (byte == '"') {
			at = skip_string(text, at);
			if (!depth)
				return at;
			continue;
		}
		if (!depth && (byte == ',' || byte == '}' || byte == ']' || is_space(byte)))
			return at;
		depth += byte == '{' || byte == '[';
		if (byte == '}' || byte == ']')
			depth--;
		at++;
		if (!depth && (byte == '}' || byte == ']'))
			return at;
	}
	return at;
}

/* One pair of an object; *at behind the brace or a comma. false: there is none. */
static bool next_pair(struct text text, size_t *at, struct text *name, struct text *value)
{
	size_t begin = skip_spaces(text, *at), end, from;
	if (begin < text.length && text.data[begin] == ',')
		begin = skip_spaces(text, begin + 1);
	if (begin >= text.length || text.data[begin] != '"')
		return false;
	end = skip_string(text, begin);
	*name = text_slice(text, begin + 1, end - 1);
	from = skip_spaces(text, end);
	if (from >= text.length || text.data[from] != ':')
		return false;
	from = skip_spaces(text, from + 1);
	*at = skip_value(text, from);
	*value = text_slice(text, from, *at);
	return *at > from;
}

/* What of `path` is behind a member's name: true where the name is its beginning. *rest is empty where it is all. */
static bool leads_to(struct text name, struct text path, struct text *rest)
{
	if (!text_starts(path, name, false) || (name.length < path.length && path.data[name.length] != '.'))
		return false;
	*rest = text_slice(path, name.length + 1, path.length);
	return name.length > 0;
}

void json_members(struct text object, const struct text *paths, size_t count, struct text *values)
{
	struct text name, value, rest;
	size_t at = skip_spaces(object, 0);
	memset(values, 0, count * sizeof *values);
	if (at >= object.length || object.data[at] != '{')
		return;
	at++;
	while (next_pair(object, &at, &name, &value)) {
		for (size_t i = 0; i < count; i++) {
			if (!leads_to(name, paths[i], &rest))
				continue;
			struct text found = rest.length ? json_member(value, rest) : value;
			if (found.length)
				values[i] = found;
		}
	}
}

struct text json_member(struct text object, struct text path)
{
	struct text value;
	json_members(object, &path, 1, &value);
	return value;
}

bool json_item(struct text array, size_t *at, struct text *item)
{
	size_t begin = skip_spaces(array, *at);
	if (!*at) {
		if (begin >= array.length || array.data[begin] != '[')
			return false;
		begin = skip_spaces(array, begin + 1);
	} else if (begin < array.length && array.data[begin] == ',') {
		begin = skip_spaces(array, begin + 1);
	}
	if (begin >= array.length || array.data[begin] == ']')
		return false;
	*at = skip_value(array, begin);
	*item = text_slice(array, begin, *at);
	return *at > begin;
}
