/* quote: texts as Sigma rules read them. */
#include "generator/sigma/quote.h"

#include "catalog/pattern.h"

void sigma_literal(struct buffer *out, struct text literal)
{
	for (size_t i = 0; i < literal.length; i++) {
		char byte = literal.data[i];

		if (byte == '*' || byte == '?' || byte == '\\')
			buffer_char(out, '\\');
		buffer_char(out, byte);
	}
}

void sigma_pattern(struct arena *arena, struct buffer *out, struct text pattern)
{
	struct pattern_part *parts;
	size_t count = pattern_parts(arena, pattern, &parts);

	for (size_t i = 0; i < count; i++) {
		if (parts[i].kind == PATTERN_LITERAL)
			sigma_literal(out, parts[i].text);
		else
			buffer_char(out, parts[i].kind == PATTERN_ANY ? '*' : '?');
	}
}

/* Bytes of the character, escape or class at `i`. */
static size_t regex_step(struct text regex, size_t i)
{
	size_t at = i;

	if (regex.data[i] == '\\')
		return i + 1 < regex.length ? 2 : 1;
	if (regex.data[i] != '[')
		return 1;
	for (at++; at < regex.length && (regex.data[at] != ']' || at == i + 1); at++) {
		if (regex.data[at] == '\\')
			at++;
	}
	return at < regex.length ? at + 1 - i : regex.length - i;
}

/* An alternative outside of all groups would come apart from its anchors. */
static bool has_open_alternative(struct text regex)
{
	size_t depth = 0;

	for (size_t i = 0; i < regex.length; i += regex_step(regex, i)) {
		if (regex.data[i] == '(')
			depth++;
		else if (regex.data[i] == ')' && depth > 0)
			depth--;
		else if (regex.data[i] == '|' && depth == 0)
			return true;
	}
	return false;
}

/* Is the text's ".*" at its end not the tail of something else: "[.*" or "\.*"? */
static bool ends_open(struct text regex)
{
	size_t last = 0, before = 0;

	for (size_t i = 0; i < regex.length; i += regex_step(regex, i)) {
		before = last;
		last = i;
	}
	return regex.length >= 2 && last == regex.length - 1 && before == regex.length - 2 && text_ends(regex, TEXT(".*"), false);
}

void sigma_regex(struct buffer *out, struct text regex)
{
	if (has_open_alternative(regex)) {
		buffer_printf(out, "^(?:%.*s)$", TEXT_ARGS(regex));
		return;
	}
	bool open_start = text_starts(regex, TEXT(".*"), false) && !text_starts(regex, TEXT(".*?"), false);
	bool open_end = ends_open(regex) && regex.length > (open_start ? 4U : 2U);
	struct text inner = text_slice(regex, open_start ? 2 : 0, regex.length - (open_end ? 2 : 0));

	buffer_string(out, open_start ? "" : "^");
	buffer_text(out, inner);
	buffer_string(out, open_end ? "" : "$");
}

void sigma_yaml(struct buffer *out, struct text text)
{
	bool control = false;

	for (size_t i = 0; i < text.length; i++)
		control = control || (unsigned char)text.data[i] < ' ' || text.data[i] == 127;
	buffer_char(out, control ? '"' : '\'');
	for (size_t i = 0; i < text.length; i++) {
		unsigned char byte = (unsigned char)text.data[i];

		if (control && (byte < ' ' || byte == 127)) {
			buffer_printf(out, "\\x%02x", byte);
			continue;
		}
		if (!control && byte == '\'')
			buffer_char(out, '\'');
		else if (control && (byte == '"' || byte == '\\'))
			buffer_char(out, '\\');
		buffer_char(out, (char)byte);
	}
	buffer_char(out, control ? '"' : '\'');
}
