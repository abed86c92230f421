/* wording: see wording.h. */
#include "replay/tune/wording.h"

#include <stdlib.h>
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
	const uint64_t *weights; /* beside the values */
	size_t count;
	struct buffer out;
	double literal, open;    /* characters that stand; what varies, weighed */
	size_t varying;
	bool closed;
	bool wide_end;           /* the only thing that varies is the end, over several parts */
	size_t before;           /* out.length before what varies last */
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

/* A hash, a UUID, or a number so long that it is never seen again. */
static size_t once_length(struct text text, size_t at)
{
	size_t length = word_length(text, at), digits = 0, hexadecimal = 0;
	if (length == 0)
		return 0;
	if (is_uuid(text, at))
		return 36;
	for (size_t i = 0; i < length; i++) {
		digits += is_digit(text.data[at + i]);
		hexadecimal += text_hex_digit(text.data[at + i]) >= 0;
	}
	if (digits == length)
		return length >= 7 ? length : 0;
	return hexadecimal == length && length >= 10 && digits > 0 ? length : 0;
}

static void put_literal(struct making *m, struct text text)
{
	for (size_t i = 0; i < text.length;) {
		size_t once = once_length(text, i), length = once ? once : word_length(text, i);
		length += length == 0;
		if (once) {
			bool number = true, lower = true;
			for (size_t k = 0; k < once; k++) {
				char byte = text.data[i + k];
				number = number && is_digit(byte);
				lower = lower && (is_digit(byte) || (byte >= 'a' && byte <= 'f'));
			}
			m->before = m->out.length;
			m->varying++;
			m->wide_end = false;
			m->open += 1;
			if (number)
				buffer_string(&m->out, "[0-9]+");
			else
				buffer_printf(&m->out, "[0-9a-f%s]{%zu}", lower ? "" : "A-F\\-", once);
		} else {
			wording_quote(text_slice(text, i, i + length), &m->out);
			m->literal += is_word(text.data[i]) ? (double)length : 0;
		}
		i += length;
	}
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
			seen.hexadecimal = seen.hexadecimal && (is_digit((char)byte) || (byte >= 'a' && byte <= 'f'));
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

enum width { WIDTH_PART, WIDTH_PATH, WIDTH_LINE }; /* over how much a set reaches */

static enum width put_set(struct buffer *out, const struct seen *seen)
{
	enum width width = WIDTH_PART;
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
		width = byte == ' ' ? WIDTH_LINE : byte == '/' && width == WIDTH_PART ? WIDTH_PATH : width;
		if (strchr("\\]^[&~", byte))
			buffer_char(out, '\\');
		buffer_char(out, (char)byte);
	}
	if (seen->others['-'])
		buffer_string(out, "\\-");
	buffer_char(out, ']');
	return width;
}

/* Letters that all values begin with, before their numbers: web1, web12 → 3. */
static size_t stem(const struct text *values, size_t count)
{
	size_t length = 0;
	while (length < values[0].length && is_letter(values[0].data[length]))
		length++;
	for (size_t i = 0; i < count; i++)
		if (values[i].length <= length || !is_digit(values[i].data[length]) ||
			memcmp(values[i].data, values[0].data, length) != 0)
			return 0;
	return length;
}

static void put_class(struct making *m, const struct text *values, size_t count)
{
	struct seen seen = look(values, count);
	enum width width = WIDTH_PART;
	if (seen.beyond) {
		buffer_char(&m->out, '.');
		width = WIDTH_LINE;
	} else if (seen.digits && seen.hexadecimal && seen.lower && seen.least >= 4) {
		buffer_string(&m->out, "[0-9a-f]");
	} else {
		width = put_set(&m->out, &seen);
	}
	bool machine = seen.digits && (seen.hexadecimal || (!seen.lower && !seen.upper)) && width == WIDTH_PART;
	m->open += width == WIDTH_LINE ? 12 : width == WIDTH_PATH ? 5 : machine ? 1 : 3;
	m->closed = m->closed && machine;
	m->wide_end = width != WIDTH_PART;
	if (seen.least == seen.most && seen.least >= 4 && machine && seen.lower)
		buffer_printf(&m->out, "{%zu}", seen.least);
	else
		buffer_char(&m->out, seen.least == 0 ? '*' : '+');
}

/* The different words at one place, but for their numbers. */
struct word_seen {
	struct text mask, *values;
	size_t count;
	uint64_t weight;
};
enum { WORDS_LISTED = 8 };

static struct text masked(struct arena *arena, struct text text)
{
	struct buffer buffer = {0};
	wording_mask(text, &buffer);
	struct text mask = text_copy(arena, buffer_view(&buffer));
	buffer_free(&buffer);
	return mask;
}

/* 0: too many to be listed. */
static size_t sort_words(struct making *m, const struct text *values, size_t count, struct word_seen words[WORDS_LISTED])
{
	size_t kinds = 0;
	for (size_t i = 0; i < count; i++) {
		struct text mask = masked(m->arena, values[i]);
		size_t k = 0;
		while (k < kinds && !text_equal(words[k].mask, mask))
			k++;
		if (k == WORDS_LISTED)
			return 0;
		if (k == kinds)
			words[kinds++] = (struct word_seen){.mask = mask, .values = arena_array(m->arena, count, sizeof(struct text))};
		words[k].values[words[k].count++] = values[i];
		words[k].weight += m->weights && count == m->count ? m->weights[i] : 1;
	}
	return kinds;
}

static bool is_settled(const struct word_seen *words, size_t kinds)
{
	uint64_t all = 0, once = 0;
	for (size_t i = 0; i < kinds; i++) {
		all += words[i].weight;
		once += words[i].weight == 1;
	}
	return once * 5 <= all && all >= 3 * (uint64_t)kinds;
}

static int by_mask(const void *a, const void *b)
{
	return text_compare(((const struct word_seen *)a)->mask, ((const struct word_seen *)b)->mask);
}

static bool all_equal(const struct text *values, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (!text_equal(values[i], values[0]))
			return false;
	return true;
}

static void put_one_kind(struct making *m, const struct text *whole, size_t count)
{
	if (all_equal(whole, count)) {
		put_literal(m, whole[0]);
		return;
	}
	size_t begin = stem(whole, count);
	struct text *values = arena_array(m->arena, count, sizeof *values);
	put_literal(m, text_slice(whole[0], 0, begin));
	for (size_t i = 0; i < count; i++)
		values[i] = text_slice(whole[i], begin, whole[i].length);
	put_class(m, values, count);
}

/* (web|shop): each costs a little. */
static void put_words(struct making *m, struct word_seen *words, size_t kinds)
{
	double literal = m->literal;
	qsort(words, kinds, sizeof *words, by_mask);
	buffer_char(&m->out, '(');
	for (size_t i = 0; i < kinds; i++) {
		if (i > 0)
			buffer_char(&m->out, '|');
		put_one_kind(m, words[i].values, words[i].count);
	}
	buffer_char(&m->out, ')');
	m->literal = literal + (m->literal - literal) / (double)kinds;
	m->open += 0.3 * (double)kinds;
	m->wide_end = false;
}

/* One place where the values vary. */
static void put_open(struct making *m, const struct text *values, size_t count)
{
	struct word_seen words[WORDS_LISTED];
	size_t before = m->out.length;
	memset(words, 0, sizeof words);
	size_t kinds = sort_words(m, values, count, words);
	m->varying++;
	if (kinds > 1 && is_settled(words, kinds))
		put_words(m, words, kinds);
	else
		put_one_kind(m, values, count);
	m->before = before;
}

static void make(struct making *m, const struct text *values, size_t count, unsigned level);

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

/* Does the middle of each value begin with the separator, or end with it? */
static bool all_have(const struct text *values, size_t count, size_t before, size_t behind, char separator)
{
	for (size_t i = 0; i < count; i++)
		if (values[i].length <= before + behind + 1 || values[i].data[before] != separator)
			return false;
	return before > 0;
}

static bool all_end(const struct text *values, size_t count, size_t before, size_t behind, char separator)
{
	for (size_t i = 0; i < count; i++)
		if (values[i].length <= before + behind + 1 || values[i].data[values[i].length - behind - 1] != separator)
			return false;
	return behind > 0;
}

/* Values of different lengths: what they begin and end with stands, the middle is open. */
static void make_ends(struct making *m, const struct text *values, const struct parts *parts, size_t count, size_t least,
	unsigned level)
{
	size_t head = common(parts, count, least, false, 0), tail = common(parts, count, least, true, head);
	struct text *middles = arena_array(m->arena, count, sizeof *middles);
	size_t before = 0, behind = 0;
	if (head > 0)
		before = (size_t)(parts[0].items[head - 1].data + parts[0].items[head - 1].length - values[0].data);
	if (tail > 0)
		behind = (size_t)(values[0].data + values[0].length - parts[0].items[parts[0].count - tail].data);
	if (level < LEVELS && all_have(values, count, before, behind, separators[level]))
		before++;
	if (level < LEVELS && all_end(values, count, before, behind, separators[level]))
		behind++;
	for (size_t i = 0; i < count; i++)
		middles[i] = text_slice(values[i], before, values[i].length - behind);
	put_literal(m, text_slice(values[0], 0, before));
	put_open(m, middles, count);
	put_literal(m, text_slice(values[0], values[0].length - behind, values[0].length));
	m->wide_end = m->wide_end && behind == 0;
}

static bool all_uuids(const struct text *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (values[i].length != 36 || !is_uuid(values[i], 0))
			return false;
	return true;
}

static void make(struct making *m, const struct text *values, size_t count, unsigned level)
{
	if (all_equal(values, count) || all_uuids(values, count)) {
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
		make_ends(m, values, parts, count, least, level);
}

/* Only the end varies, below a folder: a prefix reads better. */
static bool is_prefix(const struct making *m)
{
	return m->varying == 1 && m->wide_end && m->before > 1 && m->out.data[m->before - 1] == '/';
}

static struct text prefix_of(struct making *m, struct text value)
{
	struct buffer pattern = {0}, quoted = {0};
	size_t length = 0;
	for (; length < value.length && quoted.length < m->before; length++) /* the quoted beginning is that of any value */
		wording_quote(text_slice(value, length, length + 1), &quoted);
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

static bool has_once(struct text text)
{
	for (size_t i = 0; i < text.length;) {
		size_t length = word_length(text, i);
		if (once_length(text, i))
			return true;
		i += length + (length == 0);
	}
	return false;
}

void wording_make(struct arena *arena, const struct text *values, const uint64_t *weights, size_t count,
	struct wording *wording)
{
	struct making m = {.arena = arena, .weights = weights, .count = count, .closed = true};
	if (all_equal(values, count) && !has_once(values[0])) {
		*wording = (struct wording){WORDING_EXACT, text_copy(arena, values[0]), 1, true};
		return;
	}
	make(&m, values, count, 0);
	wording->narrow = m.literal / (m.literal + 2 * m.open);
	wording->closed = m.closed;
	wording->kind = is_prefix(&m) ? WORDING_PREFIX : WORDING_REGEX;
	wording->text = wording->kind == WORDING_PREFIX ? prefix_of(&m, values[0]) : text_copy(arena, buffer_view(&m.out));
	buffer_free(&m.out);
}
