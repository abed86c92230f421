/*
 * command_braces: the first brace group of a word is replaced by each of its pieces in turn, and what comes of that
 * is expanded likewise.
 */
#include "replay/readers/command_braces.h"

#include "replay/readers/command_line.h"

#include <string.h>

enum { GROUPS_MAX = 64, BYTES_MAX = 1 << 20 };

struct expansion {
	struct arena *arena;
	struct text *words;
	size_t count, bytes;
	bool failed;
	bool quoted;
};

/* Text and what marks it (command_word.h). */
struct marked {
	struct text value, marks;
};

static struct marked slice(struct marked text, size_t from, size_t to)
{
	return (struct marked){text_slice(text.value, from, to), text_slice(text.marks, from, to)};
}

static struct marked join(struct arena *arena, struct marked a, struct marked b, struct marked c)
{
	size_t length = a.value.length + b.value.length + c.value.length;
	char *value = arena_alloc(arena, length + 1), *marks = arena_alloc(arena, length + 1);
	const struct marked all[] = {a, b, c};
	size_t at = 0;
	for (size_t i = 0; i < 3; i++) {
		if (!all[i].value.length)
			continue;
		memcpy(value + at, all[i].value.data, all[i].value.length);
		memcpy(marks + at, all[i].marks.data, all[i].value.length);
		at += all[i].value.length;
	}
	return (struct marked){{value, length}, {marks, length}};
}

static bool is_plain(struct marked text, size_t i, char byte)
{
	return text.value.data[i] == byte && text.marks.data[i] == '.';
}

/* The brace that closes the one at `open`, or the length; counts commas that separate pieces. */
static size_t find_close(struct marked text, size_t open, size_t *commas)
{
	size_t depth = 0;
	*commas = 0;
	for (size_t i = open; i < text.value.length; i++) {
		depth += is_plain(text, i, '{');
		*commas += depth == 1 && is_plain(text, i, ',');
		if (is_plain(text, i, '}') && --depth == 0)
			return i;
	}
	return text.value.length;
}

static void give(struct expansion *e, struct text word)
{
	if (!word.length && !e->quoted)
		return;
	if (e->count == COMMAND_BRACES_MAX) {
		e->failed = true;
		return;
	}
	e->words = arena_grow(e->arena, e->words, e->count, sizeof *e->words);
	e->words[e->count++] = word;
}

/* first..last or first..last..step */
struct range {
	int64_t first, last, step;
	int width;   /* digits with leading zeros */
	bool letters;
};

static bool padded(struct text number)
{
	size_t sign = number.length && number.data[0] == '-';
	return number.length > sign + 1 && number.data[sign] == '0';
}

static bool read_range(struct text text, struct range *range)
{
	struct text parts[3] = {0};
	size_t count = 0;
	*range = (struct range){.step = 1};
	while (count < 3) {
		size_t dots = 0;
		while (dots + 1 < text.length && !(text.data[dots] == '.' && text.data[dots + 1] == '.'))
			dots++;
		bool last = dots + 1 >= text.length;
		parts[count++] = last ? text : text_slice(text, 0, dots);
		if (last)
			break;
		text = text_slice(text, dots + 2, text.length);
		if (count == 3)
			return false;
	}
	if (count < 2 || (count == 3 && !text_to_long(parts[2], &range->step)) || range->step > INT32_MAX ||
		range->step < -INT32_MAX)
		return false;
	if (text_to_long(parts[0], &range->first) && text_to_long(parts[1], &range->last)) {
		size_t width = parts[0].length > parts[1].length ? parts[0].length : parts[1].length;
		range->width = padded(parts[0]) || padded(parts[1]) ? (int)width : 0;
		return range->first > -INT32_MAX && range->first < INT32_MAX && range->last > -INT32_MAX &&
			range->last < INT32_MAX;
	}
	range->letters = parts[0].length == 1 && parts[1].length == 1;
	for (size_t i = 0; i < 2; i++) {
		char letter = range->letters ? parts[i].data[0] : '0';
		range->letters = range->letters && ((letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'));
	}
	range->first = range->letters ? parts[0].data[0] : 0;
	range->last = range->letters ? parts[1].data[0] : 0;
	return range->letters;
}

static void expand(struct expansion *e, struct marked text, size_t from);

static void expand_range(struct expansion *e, struct marked text, size_t open, size_t close, const struct range *range)
{
	int64_t step = range->step < 0 ? -range->step : range->step;
	if (!step)
		step = 1;
	int64_t count = (range->first < range->last ? range->last - range->first : range->first - range->last) / step + 1;
	if (count > COMMAND_BRACES_MAX)
		e->failed = true;
	for (int64_t i = 0; i < count && !e->failed; i++) {
		int64_t number = range->first < range->last ? range->first + i * step : range->first - i * step;
		struct text item = range->letters ? text_of(arena_printf(e->arena, "%c", (char)number))
			: text_of(arena_printf(e->arena, "%0*lld", range->width, (long long)number));
		char *marks = arena_alloc(e->arena, item.length + 1);
		memset(marks, 'q', item.length);
		struct marked piece = {item, {marks, item.length}};
		expand(e, join(e->arena, slice(text, 0, open), piece, slice(text, close + 1, text.value.length)),
			open + item.length);
	}
}

/* The pieces of the group, each put in its place. */
static void expand_pieces(struct expansion *e, struct marked text, size_t open, size_t close)
{
	size_t depth = 0, begin = open + 1;
	for (size_t i = open + 1; i <= close && !e->failed; i++) {
		depth += is_plain(text, i, '{');
		bool ends = i == close || (depth == 0 && is_plain(text, i, ','));
		if (is_plain(text, i, '}') && depth)
			depth--;
		if (!ends)
			continue;
		expand(e, join(e->arena, slice(text, 0, open), slice(text, begin, i), slice(text, close + 1,
			text.value.length)), open);
		begin = i + 1;
	}
}

/* What stands before `from` is done. */
static void expand(struct expansion *e, struct marked text, size_t from)
{
	struct range range;
	size_t commas;
	e->bytes += text.value.length + 1;
	if (e->bytes > BYTES_MAX)
		e->failed = true;
	for (size_t open = from; open < text.value.length && !e->failed; open++) {
		if (!is_plain(text, open, '{'))
			continue;
		size_t close = find_close(text, open, &commas);
		if (close == text.value.length)
			continue;
		if (commas) {
			expand_pieces(e, text, open, close);
			return;
		}
		if (memchr(slice(text, open, close).marks.data, 'q', close - open) == NULL &&
			read_range(slice(text, open + 1, close).value, &range)) {
			expand_range(e, text, open, close, &range);
			return;
		}
	}
	if (!e->failed)
		give(e, text.value);
}

struct text *command_braces(struct arena *arena, const struct command_word *word, size_t *count, bool *whole)
{
	struct expansion e = {.arena = arena, .quoted = word->quoted};
	struct marked text = {word->value, word->marks};
	size_t groups = 0;
	for (size_t i = 0; word->braces && i < text.value.length; i++)
		groups += is_plain(text, i, '{');
	*whole = true;
	if (groups && groups <= GROUPS_MAX) {
		expand(&e, text, 0);
		*whole = !e.failed;
	} else if (groups) {
		*whole = false;
	}
	if (!groups || !*whole) {
		e = (struct expansion){.arena = arena, .quoted = true};
		give(&e, word->value);
	}
	*count = e.count;
	return e.words;
}
