/*
 * message_pattern: see message_pattern.h.
 */
#include "replay/readers/message_pattern.h"

#include <string.h>

bool pattern_program(const char *programs, struct text program)
{
	struct text rest = text_of(programs);
	while (rest.length) {
		size_t end = text_find(rest, ' ');
		if (text_equal(text_slice(rest, 0, end), program))
			return true;
		rest = text_slice(rest, end + 1, rest.length);
	}
	return false;
}

/* Where `part` stands first, or last. */
static const char *find(struct text text, struct text part, bool last)
{
	const char *found = NULL;
	if (!part.length)
		return text.data + text.length;
	for (size_t at = 0; at + part.length <= text.length; at++) {
		const char *next = memchr(text.data + at, part.data[0], text.length - part.length - at + 1);
		if (!next)
			break;
		at = (size_t)(next - text.data);
		if (memcmp(next, part.data, part.length) == 0) {
			found = next;
			if (!last)
				break;
		}
	}
	return found;
}

static void add(struct pattern_match *match, struct text name, struct text value)
{
	if (!name.length || match->count == PATTERN_NAMES)
		return;
	match->names[match->count] = name;
	match->values[match->count++] = value;
}

static bool fits(const struct message_pattern *pattern, struct text message, struct pattern_match *match)
{
	struct text rest = text_of(pattern->text);
	*match = (struct pattern_match){.pattern = pattern};
	for (;;) {
		size_t literal = text_find(rest, '{');
		struct text words = text_slice(rest, 0, literal);
		if (!text_starts(message, words, false))
			return false;
		message = text_slice(message, literal, message.length);
		rest = text_slice(rest, literal, rest.length);
		if (!rest.length)
			return !message.length;
		size_t end = text_find(rest, '}');
		bool last = rest.data[1] == '>';
		struct text name = text_slice(rest, 1 + last, end);
		rest = text_slice(rest, end + 1, rest.length);
		struct text behind = text_slice(rest, 0, text_find(rest, '{'));
		const char *stop = behind.length ? find(message, behind, last) : message.data + message.length;
		if (!stop)
			return false;
		size_t length = (size_t)(stop - message.data);
		if (!behind.length && !length)
			return false;
		add(match, name, text_slice(message, 0, length));
		message = text_slice(message, length, message.length);
	}
}

bool pattern_find(const struct message_pattern *table, struct text program, struct text message, struct pattern_match *match)
{
	for (; table->text; table++) {
		/* Nearly all rows differ in their first byte. */
		if (!message.length || (table->text[0] != '{' && table->text[0] != message.data[0]))
			continue;
		if ((!table->programs || pattern_program(table->programs, program)) && fits(table, message, match))
			return true;
	}
	return false;
}

static struct text join(struct arena *arena, struct text prefix, struct text name)
{
	char *out = arena_alloc(arena, prefix.length + name.length + 2);
	memcpy(out, prefix.data, prefix.length);
	out[prefix.length] = '.';
	memcpy(out + prefix.length + 1, name.data, name.length);
	return (struct text){out, prefix.length + 1 + name.length};
}

void pattern_record(const struct pattern_match *match, struct text prefix, struct record *record)
{
	record_add(record, join(record->arena, prefix, TEXT("act")), text_of(match->pattern->act));
	for (size_t i = 0; i < match->count; i++)
		if (match->values[i].length && !text_is(match->values[i], "-"))
			record_add(record, join(record->arena, prefix, match->names[i]), match->values[i]);
}
