/* wording: see wording.h. */
#include "replay/tune/wording.h"

#include <string.h>

enum { PARTS_MAX = 96, LEVELS = 5 };

/* What parts texts, from the coarsest to the finest; below stand words. */
static const char separators[LEVELS] = {' ', '/', ':', ',', '='};

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte)
{
	return ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') || (unsigned char)byte >= 0x80;
}

static bool is_word(char byte)
{
	return is_digit(byte) || is_letter(byte);
}

/* --- masks --- */

static bool is_uuid(struct text text, size_t at)
{
	if (text.length - at < 36)
		return false;
	for (size_t i = 0; i < 36; i++) {
		char byte = text.data[at + i];
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash ? byte != '-' : text_hex_digit(byte) < 0)
			return false;
	}
	return text.length - at == 36 || !is_word(text.data[at + 36]);
}

/* Bytes of the word at `at`. */
static size_t word_length(struct text text, size_t at)
{
	size_t end = at;
	while (end < text.length && is_word(text.data[end]))
		end++;
	return end - at;
}

/* Made by a machine as a whole: a hash, a random name. */
static bool is_made(struct text word)
{
	size_t digits = 0, hexadecimal = 0, changes = 0, capitals = 0;
	for (size_t i = 0; i < word.length; i++) {
		char byte = word.data[i];
		digits += is_digit(byte);
		hexadecimal += text_hex_digit(byte) >= 0;
		capitals += byte >= 'A' && byte <= 'Z';
		changes += i > 0 && is_digit(byte) != is_digit(word.data[i - 1]);
	}
	if (digits == word.length)
		return true;
	if (hexadecimal == word.length && word.length >= 7 && digits > 0)
		return true;
	if (word.length >= 5 && changes >= 2)
		return true;
	return word.length >= 6 && capitals >= 2 && capitals <= word.length - 2 && (digits > 0 || changes > 0);
}

static void mask_word(struct text word, struct buffer *out)
{
	if (is_made(word)) {
		buffer_char(out, '#');
		return;
	}
	for (size_t i = 0; i < word.length; i++) {
		if (!is_digit(word.data[i]))
			buffer_char(out, word.data[i]);
		else if (i == 0 || !is_digit(word.data[i - 1]))
			buffer_char(out, '#');
	}
}

void wording_mask(struct text text, struct buffer *out)
{
	for (size_t i = 0; i < text.length;) {
		size_t length = word_length(text, i);
		if (length == 0) {
			buffer_char(out, text.data[i++]);
			continue;
		}
		if (is_uuid(text, i)) {
			buffer_char(out, '#');
			i += 36;
			continue;
		}
		mask_word(text_slice(text, i, i + length), out);
		i += length;
	}
}

/* --- parts --- */

struct parts {
	struct text items[PARTS_MAX];
	size_t count; /* 0: too many */
};

static void split_at(struct text text, char separator, struct parts *parts)
{
	size_t from = 0;
	parts->count = 0;
	for (size_t i = 0; i <= text.length; i++) {
		if (i < text.length && text.data[i] != separator)
			continue;
		if (parts->count == PARTS_MAX) {
			parts->count = 0;
			return;
		}
		parts->items[parts->count++] = text_slice(text, from, i);
		from = i + 1;
	}
}

/* Words and what stands between them, byte by byte. */
static void split_words(struct text text, struct parts *parts)
{
	parts->count = 0;
	for (size_t i = 0; i < text.length;) {
		size_t length = word_length(text, i);
		length += length == 0;
		if (parts->count == PARTS_MAX) {
			parts->count = 0;
			return;
		}
		parts->items[parts->count++] = text_slice(text, i, i + length);
		i += length;
	}
}

static void split(struct text text, unsigned level, struct parts *parts)
{
	if (level < LEVELS)
		split_at(text, separators[level], parts);
	else
		split_words(text, parts);
}

/* --- likeness --- */

static double alike(struct text a, struct text b, unsigned level)
{
	struct parts left, right;
	if (text_equal(a, b))
		return 1;
	while (level < LEVELS && text_find(a, separators[level]) == a.length && text_find(b, separators[level]) == b.length)
		level++;
	if (level > LEVELS)
		return 0;
	split(a, level, &left);
	split(b, level, &right);
	size_t most = left.count > right.count ? left.count : right.count;
	size_t least = left.count < right.count ? left.count : right.count;
	double same = 0;
	if (least == 0)
		return 0;
	if (left.count == right.count) {
		for (size_t i = 0; i < most; i++)
			same += level == LEVELS ? (double)text_equal(left.items[i], right.items[i]) : alike(left.items[i],
				right.items[i], level + 1);
		return same / (double)most;
	}
	size_t head = 0, tail = 0;
	while (head < least && text_equal(left.items[head], right.items[head]))
		head++;
	while (head + tail < least && text_equal(left.items[left.count - 1 - tail], right.items[right.count - 1 - tail]))
		tail++;
	return (double)(head + tail) / (double)most * 0.9;
}

double wording_alike(struct text a, struct text b)
{
	return alike(a, b, 0);
}

/* --- patterns --- */

struct making {
	struct arena *arena;
	struct buffer out;
	double literal, open;  /* characters that stand; what varies, weighed */
	size_t varying;
	bool wide_end;         /* the only thing that varies is the end, over several parts */
	size_t before;         /* out.length before what varies last */
};

void wording_quote(struct text text, struct buffer *out)
{
	for (size_t i = 0; i < text.length; i++) {
		unsigned char byte = (unsigned char)text.data[i];
		if (byte == '\n')
			buffer_string(out, "\\n");
		else if (byte == '\t')
			buffer_string(out, "\\t");
		else if (byte == '\r')
			buffer_string(out, "\\r");
		else if (byte < 0x20 || byte == 0x7F)
			buffer_printf(out, "\\x%02X", byte);
		else {
			if (strchr("\\.[](){}*+?|^$", byte))
				buffer_char(out, '\\');
			buffer_char(out, (char)byte);
		}
	}
}

static void put_literal(struct making *m, struct text text)
{
	wording_quote(text, &m->out);
	for (size_t i = 0; i < text.length; i++)
		m->literal += is_word(text.data[i]);
}

/* What is seen in the values at one place. */
struct seen {
	bool digits, lower, upper, beyond; /* beyond: bytes that a set would not name */
	bool hexadecimal;
	bool others[128];
	size_t least, most;
};

static struct seen look(const struct text *values, size_t count)
{
	struct seen seen = {.hexadecimal = true, .least = SIZE_MAX};
	for (size_t i = 0; i < count; i++) {
		seen.least = values[i].length < seen.least ? values[i].length : seen.least;
		seen.most = values[i].length > seen.most ? values[i].length : seen.most;
		for (size_t k = 0; k < values[i].length; k++) {
			unsigned char byte = (unsigned char)values[i].data[k];
			seen.hexadecimal = seen.hexadecimal && is_digit((char)byte) + (byte >= 'a' && byte <= 'f') > 0;
			if (is_digit((char)byte))
				seen.digits = true;
			else if (byte >= 'a' && byte <= 'z')
				seen.lower = true;
			else if (byte >= 'A' && byte <= 'Z')
				seen.upper = true;
			else if (byte >= 0x7F || byte < 0x20)
				seen.beyond = true;
			else
				seen.others[byte] = true;
		}
	}
	return seen;
}

static bool put_set(struct buffer *out, const struct seen *seen)
{
	bool wide = false;
	buffer_char(out, '[');
	if (seen->lower)
		buffer_string(out, "a-z");
	if (seen->upper)
		buffer_string(out, "A-Z");
	if (seen->digits)
		buffer_string(out, "0-9");
	for (int byte = 0x20; byte < 0x7F; byte++) {
		if (!seen->others[byte] || byte == '-')
			continue;
		wide = wide || byte == ' ' || byte == '/';
		if (strchr("\\]^[&~", byte))
			buffer_char(out, '\\');
		buffer_char(out, (char)byte);
	}
	if (seen->others['-'])
		buffer_string(out, "\\-");
	buffer_char(out, ']');
	return wide;
}

/* Letters that all values begin with, before their numbers: web1, web12 → 3. */
static size_t stem(const struct text *values, size_t count)
{
	size_t length = 0;
	while (length < values[0].length && is_letter(values[0].data[length]))
		length++;
	for (size_t i = 0; i < count; i++)
		if (values[i].length <= length || !is_digit(values[i].data[length]) || memcmp(values[i].data,
			values[0].data, length) != 0)
			return 0;
	return length;
}

/* One place where the values vary. */
static void put_open(struct making *m, const struct text *whole, size_t count)
{
	size_t begin = stem(whole, count);
	struct text *values = arena_array(m->arena, count, sizeof *values);
	put_literal(m, text_slice(whole[0], 0, begin));
	for (size_t i = 0; i < count; i++)
		values[i] = text_slice(whole[i], begin, whole[i].length);
	struct seen seen = look(values, count);
	bool wide = false;
	m->before = m->out.length;
	m->varying++;
	if (seen.beyond) {
		buffer_char(&m->out, '.');
		wide = true;
	} else if (seen.digits && seen.hexadecimal && seen.lower && seen.least >= 7) {
		buffer_string(&m->out, "[0-9a-f]");
	} else {
		wide = put_set(&m->out, &seen);
	}
	bool machine = seen.digits && (seen.hexadecimal || (!seen.lower && !seen.upper));
	m->open += wide ? 12 : machine ? 1 : 3;
	m->wide_end = wide;
	if (seen.least == seen.most && seen.least >= 8 && machine && seen.lower)
		buffer_printf(&m->out, "{%zu}", seen.least);
	else
		buffer_char(&m->out, seen.least == 0 ? '*' : '+');
}

static void make(struct making *m, const struct text *values, size_t count, unsigned level);

static bool all_equal(const struct text *values, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (!text_equal(values[i], values[0]))
			return false;
	return true;
}

/* Values of equally many parts: part by part. */
static void make_parts(struct making *m, const struct parts *parts, size_t count, unsigned level)
{
	struct text *column = arena_array(m->arena, count, sizeof *column);
	for (size_t part = 0; part < parts[0].count; part++) {
		if (part > 0 && level < LEVELS)
			put_literal(m, (struct text){&separators[level], 1});
		for (size_t i = 0; i < count; i++)
			column[i] = parts[i].items[part];
		make(m, column, count, level + 1);
	}
}

static size_t common(const struct parts *parts, size_t count, size_t least, bool from_end, size_t taken)
{
	size_t same = 0;
	for (; same + taken < least; same++)
		for (size_t i = 1; i < count; i++) {
			const struct text *a = &parts[0].items[from_end ? parts[0].count - 1 - same : same];
			const struct text *b = &parts[i].items[from_end ? parts[i].count - 1 - same : same];
			if (!text_equal(*a, *b))
				return same;
		}
	return same;
}

/* Values of different lengths: what they begin and end with stands, the middle is open. */
static void make_ends(struct making *m, const struct text *values, const struct parts *parts, size_t count, size_t least)
{
	size_t head = common(parts, count, least, false, 0), tail = common(parts, count, least, true, head);
	struct text *middles = arena_array(m->arena, count, sizeof *middles);
	size_t before = head > 0 ? (size_t)(parts[0].items[head - 1].data + parts[0].items[head - 1].length - values[0].data) : 0;
	size_t behind = 0;
	if (tail > 0)
		behind = (size_t)(values[0].data + values[0].length - parts[0].items[parts[0].count - tail].data);
	for (size_t i = 0; i < count; i++)
		middles[i] = text_slice(values[i], before, values[i].length - behind);
	put_literal(m, text_slice(values[0], 0, before));
	put_open(m, middles, count);
	put_literal(m, text_slice(values[0], values[0].length - behind, values[0].length));
	m->wide_end = m->wide_end && behind == 0;
}

static void make(struct making *m, const struct text *values, size_t count, unsigned level)
{
	if (all_equal(values, count)) {
		put_literal(m, values[0]);
		m->wide_end = false;
		return;
	}
	bool parted = false;
	for (; level < LEVELS && !parted; level += !parted)
		for (size_t i = 0; i < count && !parted; i++)
			parted = text_find(values[i], separators[level]) < values[i].length;
	if (level > LEVELS) {
		put_open(m, values, count);
		return;
	}
	struct parts *parts = arena_array(m->arena, count, sizeof *parts);
	size_t least = SIZE_MAX, most = 0;
	for (size_t i = 0; i < count; i++) {
		split(values[i], level, &parts[i]);
		least = parts[i].count < least ? parts[i].count : least;
		most = parts[i].count > most ? parts[i].count : most;
	}
	if (least == 0)
		put_open(m, values, count);
	else if (least == most)
		make_parts(m, parts, count, level);
	else
		make_ends(m, values, parts, count, least);
}

// Only the end varies, below a folder: `like "/srv/app/*"` reads better.
static bool is_prefix(const struct making *m)
{
	return m->varying == 1 && m->wide_end && m->before > 1 && m->out.data[m->before - 1] == '/';
}

static struct text prefix_of(struct making *m, struct text value)
{
	struct buffer pattern = {0}, quoted = {0};
	size_t length = 0;
	while (length < value.length && quoted.length < m->before) /* the quoted beginning is that of any value */
		wording_quote(text_slice(value, length, length + 1), &quoted), length++;
	for (size_t i = 0; i < length; i++) {
		if (strchr("*?\\", value.data[i]))
			buffer_char(&pattern, '\\');
		buffer_char(&pattern, value.data[i]);
	}
	buffer_char(&pattern, '*');
	struct text text = text_copy(m->arena, buffer_view(&pattern));
	buffer_free(&pattern);
	buffer_free(&quoted);
	return text;
}

void wording_make(struct arena *arena, const struct text *values, size_t count, struct wording *wording)
{
	struct making m = {.arena = arena};
	if (all_equal(values, count)) {
		*wording = (struct wording){WORDING_EXACT, text_copy(arena, values[0]), 1};
		return;
	}
	make(&m, values, count, 0);
	wording->narrow = m.literal / (m.literal + 2 * m.open);
	wording->kind = is_prefix(&m) ? WORDING_PREFIX : WORDING_REGEX;
	wording->text = wording->kind == WORDING_PREFIX ? prefix_of(&m, values[0]) : text_copy(arena, buffer_view(&m.out));
	buffer_free(&m.out);
}
