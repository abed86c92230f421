/*
 * text: slices of bytes, and a growing buffer.
 */
#include "catalog/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

static char fold_byte(char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* memcmp that takes the NULL of an empty text. */
static int compare_bytes(const char *a, const char *b, size_t length)
{
	return length ? memcmp(a, b, length) : 0;
}

static bool same_bytes(const char *a, const char *b, size_t length, bool fold)
{
	if (!fold)
		return compare_bytes(a, b, length) == 0;
	for (size_t i = 0; i < length; i++)
		if (fold_byte(a[i]) != fold_byte(b[i]))
			return false;
	return true;
}

struct text text_copy(struct arena *arena, struct text text)
{
	return (struct text){arena_strndup(arena, text.data, text.length), text.length};
}

struct text text_fold(struct arena *arena, struct text text)
{
	char *copy = arena_strndup(arena, text.data, text.length);
	for (size_t i = 0; i < text.length; i++)
		copy[i] = fold_byte(copy[i]);
	return (struct text){copy, text.length};
}

struct text text_trim(struct text text)
{
	size_t from = 0, to = text.length;
	while (from < to && is_blank(text.data[from]))
		from++;
	while (to > from && is_blank(text.data[to - 1]))
		to--;
	return text_slice(text, from, to);
}

bool text_equal_fold(struct text a, struct text b)
{
	return a.length == b.length && same_bytes(a.data, b.data, a.length, true);
}

bool text_among(const struct text *texts, size_t count, struct text text)
{
	for (size_t i = 0; i < count; i++)
		if (text_equal(texts[i], text))
			return true;
	return false;
}

int text_compare(struct text a, struct text b)
{
	int order = compare_bytes(a.data, b.data, a.length < b.length ? a.length : b.length);
	return order ? order : (a.length > b.length) - (a.length < b.length);
}

bool text_starts(struct text text, struct text with, bool fold)
{
	return text.length >= with.length && same_bytes(text.data, with.data, with.length, fold);
}

bool text_ends(struct text text, struct text with, bool fold)
{
	if (text.length < with.length)
		return false;
	struct text end = text_slice(text, text.length - with.length, text.length);
	return same_bytes(end.data, with.data, with.length, fold);
}

static bool contains_exact(struct text text, struct text part)
{
	const char *at = text.data;
	size_t starts = text.length - part.length + 1;
	while (starts) {
		const char *hit = memchr(at, part.data[0], starts);
		if (!hit)
			return false;
		if (memcmp(hit, part.data, part.length) == 0)
			return true;
		starts -= (size_t)(hit + 1 - at);
		at = hit + 1;
	}
	return false;
}

bool text_contains(struct text text, struct text part, bool fold)
{
	if (!part.length)
		return true;
	if (part.length > text.length)
		return false;
	if (!fold)
		return contains_exact(text, part);
	char first = fold_byte(part.data[0]);
	for (size_t i = 0; i + part.length <= text.length; i++)
		if (fold_byte(text.data[i]) == first && same_bytes(text.data + i, part.data, part.length, true))
			return true;
	return false;
}

size_t text_find(struct text text, char byte)
{
	const char *hit = text.length ? memchr(text.data, byte, text.length) : NULL;
	return hit ? (size_t)(hit - text.data) : text.length;
}

/* Eight bytes at a time: xor, multiply by an odd number, fold the high half down. */
uint64_t text_hash(struct text text)
{
	const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t hash = text.length * odd;
	size_t i = 0;
	for (; i + 8 <= text.length; i += 8) {
		uint64_t word;
		memcpy(&word, text.data + i, 8);
		hash = (hash ^ word) * odd;
		hash ^= hash >> 32;
	}
	uint64_t rest = 0;
	if (i < text.length)
		memcpy(&rest, text.data + i, text.length - i);
	hash = (hash ^ rest) * odd;
	hash ^= hash >> 29;
	hash *= odd;
	return hash ^ hash >> 32;
}

static int digit_of(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	byte = fold_byte(byte);
	return byte >= 'a' && byte <= 'z' ? byte - 'a' + 10 : 99;
}

bool text_to_ulong_base(struct text text, int base, uint64_t *number)
{
	enum { NEVER_MORE = 12 }; /* digits of any base that 64 bits hold */
	const uint64_t factor = (uint64_t)base;
	uint64_t sum = 0;
	for (size_t i = 0; i < text.length; i++) {
		int digit = digit_of(text.data[i]);
		if (digit >= base)
			return false;
		if (i < NEVER_MORE)
			sum = sum * factor + (uint64_t)digit;
		else if (__builtin_mul_overflow(sum, factor, &sum) || __builtin_add_overflow(sum, (uint64_t)digit, &sum))
			return false;
	}
	if (!text.length)
		return false;
	*number = sum;
	return true;
}

bool text_to_long(struct text text, int64_t *number)
{
	bool negative = text.length && text.data[0] == '-';
	bool sign = negative || (text.length && text.data[0] == '+');
	uint64_t amount;
	if (!text_to_ulong_base(text_slice(text, sign, text.length), 10, &amount))
		return false;
	if (amount > (uint64_t)INT64_MAX + negative)
		return false;
	*number = negative ? (int64_t)(0 - amount) : (int64_t)amount;
	return true;
}

size_t text_split(struct arena *arena, struct text text, char separator, struct text **pieces)
{
	struct text *list = NULL;
	size_t count = 0, from = 0;
	while (from < text.length) {
		size_t length = text_find(text_slice(text, from, text.length), separator);
		if (length) {
			list = arena_grow(arena, list, count, sizeof *list);
			list[count++] = text_slice(text, from, from + length);
		}
		from += length + 1;
	}
	*pieces = list;
	return count;
}

struct text text_join(struct arena *arena, const struct text *pieces, size_t count, char separator)
{
	size_t length = count ? count - 1 : 0;
	for (size_t i = 0; i < count; i++)
		length += pieces[i].length;
	char *joined = arena_alloc(arena, length + 1);
	size_t at = 0;
	for (size_t i = 0; i < count; i++) {
		if (i)
			joined[at++] = separator;
		if (pieces[i].length)
			memcpy(joined + at, pieces[i].data, pieces[i].length);
		at += pieces[i].length;
	}
	return (struct text){joined, length};
}

/* Distance with a swap of neighbours as one step; three rows, so that `row - 2` is at hand. */
size_t text_distance(struct text a, struct text b)
{
	size_t rows[3][TEXT_DISTANCE_MAX + 1];
	if (a.length > TEXT_DISTANCE_MAX || b.length > TEXT_DISTANCE_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= b.length; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a.length; i++) {
		size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *second = rows[(i + 1) % 3];
		row[0] = i;
		for (size_t j = 1; j <= b.length; j++) {
			bool same = a.data[i - 1] == b.data[j - 1];
			size_t best = above[j - 1] + !same;
			if (above[j] + 1 < best)
				best = above[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			bool swapped = i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] && a.data[i - 2] == b.data[j - 1];
			if (swapped && second[j - 2] + 1 < best)
				best = second[j - 2] + 1;
			row[j] = best;
		}
	}
	return rows[a.length % 3][b.length];
}

bool text_nearer(struct text word, struct text candidate, size_t *best)
{
	size_t bound = word.length < 3 ? 1 : word.length / 3 + 1;
	if (word.length > candidate.length + bound || candidate.length > word.length + bound)
		return false;
	size_t distance = text_distance(word, candidate);
	if (distance > bound || distance >= *best || distance >= candidate.length)
		return false;
	*best = distance;
	return true;
}

static bool is_continuation(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

/* Length of the sequence that the first two bytes promise (overlong forms, surrogates and what lies
 * above U+10FFFF show in the second byte), or 0. */
static size_t promised_length(unsigned char first, unsigned char second)
{
	if (first >= 0xc2 && first <= 0xdf)
		return 2;
	if (first >= 0xe0 && first <= 0xef) {
		bool bad = (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f);
		return bad ? 0 : 3;
	}
	if (first >= 0xf0 && first <= 0xf4) {
		bool bad = (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f);
		return bad ? 0 : 4;
	}
	return 0;
}

/* Bytes of the well-formed character at `data`, or 0. */
static size_t well_formed(const char *data, size_t left)
{
	if ((unsigned char)data[0] < 0x80)
		return 1;
	size_t length = left > 1 ? promised_length((unsigned char)data[0], (unsigned char)data[1]) : 0;
	if (!length || length > left)
		return 0;
	for (size_t i = 1; i < length; i++)
		if (!is_continuation(data[i]))
			return 0;
	return length;
}

size_t utf8_step(const char *data, size_t left)
{
	size_t length = well_formed(data, left);
	return length ? length : 1;
}

size_t utf8_skip(struct text text, size_t from, size_t count)
{
	while (count-- && from < text.length)
		from += utf8_step(text.data + from, text.length - from);
	return from;
}

/* How many bytes from `from` on are ASCII, but for up to seven in front of the end. */
static size_t ascii_words(struct text text, size_t from)
{
	size_t at = from;
#ifdef __SSE2__
	for (; at + 64 <= text.length; at += 64) {
		const __m128i *bytes = (const __m128i *)(const void *)(text.data + at);
		__m128i low = _mm_or_si128(_mm_loadu_si128(bytes), _mm_loadu_si128(bytes + 1));
		__m128i high = _mm_or_si128(_mm_loadu_si128(bytes + 2), _mm_loadu_si128(bytes + 3));
		if (_mm_movemask_epi8(_mm_or_si128(low, high)))
			break;
	}
#endif
	for (; at + 8 <= text.length; at += 8) {
		uint64_t word;
		memcpy(&word, text.data + at, sizeof word);
		word &= UINT64_C(0x8080808080808080);
		if (!word)
			continue;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		at += (size_t)__builtin_ctzll(word) / 8;
#endif
		break;
	}
	return at - from;
}

bool utf8_valid(struct text text)
{
	for (size_t i = 0; i < text.length;) {
		i += ascii_words(text, i);
		if (i == text.length)
			break;
		size_t length = well_formed(text.data + i, text.length - i);
		if (!length)
			return false;
		i += length;
	}
	return true;
}

static void buffer_reserve(struct buffer *buffer, size_t more)
{
	if (more >= SIZE_MAX / 2 - buffer->length)
		mem_alloc(SIZE_MAX); /* says so and ends */
	size_t need = buffer->length + more + 1;
	if (need <= buffer->capacity)
		return;
	size_t capacity = buffer->capacity ? buffer->capacity : 64;
	while (capacity < need)
		capacity *= 2;
	buffer->data = mem_resize(buffer->data, capacity);
	buffer->capacity = capacity;
}

void buffer_add(struct buffer *buffer, const char *data, size_t length)
{
	buffer_reserve(buffer, length);
	if (length)
		memcpy(buffer->data + buffer->length, data, length);
	buffer->length += length;
	buffer->data[buffer->length] = '\0';
}

void buffer_text(struct buffer *buffer, struct text text)
{
	buffer_add(buffer, text.data, text.length);
}

void buffer_string(struct buffer *buffer, const char *string)
{
	buffer_text(buffer, text_of(string));
}

void buffer_char(struct buffer *buffer, char byte)
{
	buffer_reserve(buffer, 1);
	buffer->data[buffer->length++] = byte;
	buffer->data[buffer->length] = '\0';
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
	va_list arguments, again;
	va_start(arguments, format);
	va_copy(again, arguments);
	/* Most often there is room: then one pass does. */
	size_t room = buffer->capacity - buffer->length;
	int length = vsnprintf(buffer->data ? buffer->data + buffer->length : NULL, room, format, arguments);
	if (length > 0 && (size_t)length >= room) {
		buffer_reserve(buffer, (size_t)length);
		vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, again);
	}
	if (length > 0)
		buffer->length += (size_t)length;
	va_end(again);
	va_end(arguments);
}

struct text buffer_view(const struct buffer *buffer)
{
	return buffer->data ? (struct text){buffer->data, buffer->length} : (struct text){"", 0};
}

void buffer_clear(struct buffer *buffer)
{
	buffer->length = 0;
	if (buffer->data)
		buffer->data[0] = '\0';
}

void buffer_free(struct buffer *buffer)
{
	free(buffer->data);
	*buffer = (struct buffer){0};
}

int text_hex_digit(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

char *text_put_number(char *end, int64_t number)
{
	uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
	do
		*--end = (char)('0' + left % 10);
	while ((left /= 10) != 0);
	if (number < 0)
		*--end = '-';
	return end;
}
