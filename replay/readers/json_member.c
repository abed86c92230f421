/*
 * json_member: see json_member.h.
 */
#include "replay/readers/json_member.h"

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

/* `at` is at the quote; returns the byte behind the one that ends the string. */
static size_t skip_string(struct text text, size_t at)
{
	for (at++; at < text.length && text.data[at] != '"'; at++)
		at += text.data[at] == '\\';
	return at < text.length ? at + 1 : text.length;
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

static struct text own_member(struct text object, struct text wanted)
{
	struct text name, value, found = {0};
	size_t at = skip_spaces(object, 0);
	if (at >= object.length || object.data[at] != '{')
		return found;
	at++;
	while (next_pair(object, &at, &name, &value))
		if (text_equal(name, wanted))
			found = value;
	return found;
}

struct text json_member(struct text object, struct text path)
{
	struct text value = own_member(object, path);
	size_t dot = text_find(path, '.');
	if (value.length || dot == path.length)
		return value;
	return json_member(own_member(object, text_slice(path, 0, dot)), text_slice(path, dot + 1, path.length));
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
