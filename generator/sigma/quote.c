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

/* The bytes of an "any run of characters" that begins the expression; 0: none does. */
static size_t open_start(struct text regex)
{
	static const char *const any[] = {".*", "[\\s\\S]*"};

	for (size_t i = 0; i < sizeof(any) / sizeof(*any); i++) {
		struct text run = text_of(any[i]);
		bool lazy = regex.length > run.length && regex.data[run.length] == '?';

		if (text_starts(regex, run, false) && !lazy)
			return run.length;
	}
	return 0;
}

/* The same at its end, where it is not the tail of something else: "[.*" or "\\.*". */
static size_t open_end(struct text regex)
{
	size_t last = 0, before = 0;

	for (size_t i = 0; i < regex.length; i += regex_step(regex, i)) {
		before = last;
		last = i;
	}
	struct text tail = text_slice(regex, before, regex.length);

	return last == regex.length - 1 && open_start(tail) == tail.length ? tail.length : 0;
}

void sigma_regex(struct buffer *out, struct text regex)
{
	if (has_open_alternative(regex)) {
		buffer_printf(out, "^(?:%.*s)$", TEXT_ARGS(regex));
		return;
	}
	size_t start = open_start(regex), end = regex.length > 0 ? open_end(regex) : 0;

	if (start + end >= regex.length) /* nothing between them */
		end = 0;
	buffer_string(out, start > 0 ? "" : "^");
	buffer_text(out, text_slice(regex, start, regex.length - end));
	buffer_string(out, end > 0 ? "" : "$");
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
