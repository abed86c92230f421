/*
 * message_pattern: see message_pattern.h.
 */
#include "replay/readers/message_pattern.h"

#include <string.h>

enum { TRIES_MAX = 64, MESSAGE_MAX = 16 << 10 };

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

static bool stands_at(struct text text, size_t at, struct text part)
{
	return at + part.length <= text.length && memcmp(text.data + at, part.data, part.length) == 0;
}

/* Where `part` stands first; text.length + 1: nowhere. */
static size_t find_first(struct text text, struct text part)
{
	for (size_t at = 0; at + part.length <= text.length; at++) {
		const char *next = memchr(text.data + at, part.data[0], text.length - part.length - at + 1);
		if (!next)
			break;
		at = (size_t)(next - text.data);
		if (stands_at(text, at, part))
			return at;
	}
	return text.length + 1;
}

static void set(struct pattern_match *match, size_t place, struct text name, struct text value)
{
	if (!name.length || place >= PATTERN_NAMES)
		return;
	match->names[place] = name;
	match->values[place] = value;
	match->count = place + 1;
}

static bool fits(struct text pattern, struct text message, struct pattern_match *match, size_t place);

/* What a name takes ends where the text behind it stands last, or at an earlier such place if the rest does not fit then. */
static bool fits_last(struct text pattern, struct text message, struct text name, struct pattern_match *match, size_t place)
{
	struct text behind = text_slice(pattern, 0, text_find(pattern, '{'));
	size_t tries = 0, at = message.length + 1 - (behind.length < message.length ? behind.length : message.length);
	while (at-- > 0 && tries < TRIES_MAX) {
		if (!stands_at(message, at, behind))
			continue;
		tries++;
		set(match, place, name, text_slice(message, 0, at));
		if (fits(pattern, text_slice(message, at, message.length), match, place + 1))
			return true;
	}
	return false;
}

static bool fits(struct text pattern, struct text message, struct pattern_match *match, size_t place)
{
	for (;; place++) {
		size_t literal = text_find(pattern, '{');
		if (!text_starts(message, text_slice(pattern, 0, literal), false))
			return false;
		message = text_slice(message, literal, message.length);
		pattern = text_slice(pattern, literal, pattern.length);
		if (!pattern.length)
			return !message.length;
		size_t end = text_find(pattern, '}');
		bool last = pattern.data[1] == '>';
		struct text name = text_slice(pattern, 1 + last, end);
		pattern = text_slice(pattern, end + 1, pattern.length);
		if (last)
			return fits_last(pattern, message, name, match, place);
		struct text behind = text_slice(pattern, 0, text_find(pattern, '{'));
		size_t length = behind.length ? find_first(message, behind) : message.length;
		if (length > message.length || (!behind.length && !length))
			return false;
		set(match, place, name, text_slice(message, 0, length));
		message = text_slice(message, length, message.length);
	}
}

bool pattern_find(const struct message_pattern *table, struct text program, struct text message, struct pattern_match *match)
{
	for (; table->text && message.length <= MESSAGE_MAX; table++) {
		/* Nearly all rows differ in their first byte. */
		if (!message.length || (table->text[0] != '{' && table->text[0] != message.data[0]))
			continue;
		if (table->programs && !pattern_program(table->programs, program))
			continue;
		*match = (struct pattern_match){.pattern = table};
		if (fits(text_of(table->text), message, match, 0))
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
		if (match->names[i].length && match->values[i].length && !text_is(match->values[i], "-"))
			record_add(record, join(record->arena, prefix, match->names[i]), match->values[i]);
}
