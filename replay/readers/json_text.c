/*
 * json_text: strings, escapes and numbers of JSON.
 */
#include "replay/readers/json_text.h"

#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

void found_grow(struct found_list *list)
{
	list->capacity = list->capacity ? list->capacity * 2 : 64;
	list->items = mem_resize(list->items, list->capacity * sizeof *list->items);
}

bool json_text_fail(struct json_text *t, size_t at, const char *why)
{
	if (!t->why) {
		t->why = why;
		t->where = at;
	}
	return false;
}

/* The first byte that is no UTF-8. */
static size_t bad_byte(const struct json_text *t)
{
	size_t at = t->from;
	while (at < t->length) {
		size_t step = utf8_step(t->data + at, t->length - at);
		if (step == 1 && (unsigned char)t->data[at] > 0x7f)
			break;
		at += step;
	}
	return at;
}

static bool begin(struct json_text *t, const char *data, size_t from, size_t length, struct arena *arena)
{
	t->data = data;
	t->from = from;
	t->length = t->near = length;
	t->arena = arena;
	t->spare = NULL;
	t->spare_size = 0;
	t->why = NULL;
	t->where = 0;
	return !t->bits.bad || json_text_fail(t, bad_byte(t), "a byte is no UTF-8");
}

bool json_text_begin(struct json_text *t, struct text text, struct arena *arena)
{
	json_bits_find(&t->bits, text);
	return begin(t, text.data, 0, text.length, arena);
}

bool json_text_begin_line(struct json_text *t, const struct json_lines *lines, struct arena *arena)
{
	t->bits.marks = lines->bits.marks;
	t->bits.words = lines->bits.words;
	t->bits.control = lines->bits.control;
	t->bits.bad = lines->bits.bad;
	bool good = begin(t, lines->piece, lines->from, lines->end, arena);
	t->near = (size_t)(lines->left.data - lines->piece) + lines->left.length;
	return good;
}

/* The first mark from `at` on, or a place behind the text. */
static inline size_t next_mark(const struct json_text *t, size_t at)
{
	size_t word = at / 64;
	uint64_t left = t->bits.marks[word] & (UINT64_MAX << at % 64);
	while (!left) {
		if (++word >= t->bits.words)
			return t->length;
		left = t->bits.marks[word];
	}
	return word * 64 + (size_t)__builtin_ctzll(left);
}

size_t json_text_close(const struct json_text *t, size_t at, bool *escaped)
{
	bool slash = false;
	size_t close = t->length;
	while (at < t->length) {
		uint64_t near = json_bits_from(t->bits.marks, at);
		size_t bit = 0;
		for (; near; near &= ~(UINT64_C(3) << bit)) { /* what is behind a backslash is no mark of its own */
			bit = (size_t)__builtin_ctzll(near);
			if (t->data[at + bit] != '\\')
				break;
			slash = true;
		}
		if (near) {
			close = at + bit < close ? at + bit : close;
			break;
		}
		at += bit == 63 ? 65 : 64;
	}
	*escaped = slash;
	return close;
}

/* Is there an escape in the string in [from, to)? */
static bool has_escape(const struct json_text *t, size_t from, size_t to)
{
	return from < to && next_mark(t, from) < to;
}

/* Four hex digits from `at` on, before `to`; -1: there are none. */
static long hex4(const struct json_text *t, size_t at, size_t to)
{
	long code = 0;
	if (to - at < 4)
		return -1;
	for (size_t i = 0; i < 4; i++) {
		int digit = text_hex_digit(t->data[at + i]);
		if (digit < 0)
			return -1;
		code = code * 16 + digit;
	}
	return code;
}

/* What stands behind a backslash, and what it means. */
static const char meanings[256] = {['"'] = '"', ['\\'] = '\\', ['/'] = '/', ['b'] = '\b', ['f'] = '\f', ['n'] = '\n',
	['r'] = '\r', ['t'] = '\t'};

/* The length of the escape at `at` and its character; 0 where it is none. Surrogates come in pairs. */
static size_t read_escape(const struct json_text *t, size_t at, size_t to, unsigned long *character)
{
	char meaning = at + 1 < to ? meanings[(unsigned char)t->data[at + 1]] : '\0';
	if (meaning) {
		*character = (unsigned char)meaning;
		return 2;
	}
	if (at + 1 >= to || t->data[at + 1] != 'u')
		return 0;
	long code = hex4(t, at + 2, to);
	if (code < 0 || (code >= 0xdc00 && code <= 0xdfff))
		return 0;
	*character = (unsigned long)code;
	if (code < 0xd800 || code > 0xdbff)
		return 6;
	if (to - at < 12 || t->data[at + 6] != '\\' || t->data[at + 7] != 'u')
		return 0;
	long low = hex4(t, at + 8, to);
	if (low < 0xdc00 || low > 0xdfff)
		return 0;
	*character = 0x10000 + ((unsigned long)(code - 0xd800) << 10) + (unsigned long)(low - 0xdc00);
	return 12;
}

bool json_text_check(struct json_text *t, size_t from, size_t to, bool *escaped)
{
	if (t->bits.control)
		for (size_t i = from; i < to; i++)
			if ((unsigned char)t->data[i] < 0x20)
				return json_text_fail(t, i, "a control character stands in a string");
	*escaped = has_escape(t, from, to);
	for (size_t i = from; *escaped && i < to;) {
		const char *slash = memchr(t->data + i, '\\', to - i);
		unsigned long character;
		if (!slash)
			break;
		i = (size_t)(slash - t->data);
		size_t length = read_escape(t, i, to, &character);
		if (!length)
			return json_text_fail(t, i, "an escape in a string is none");
		i += length;
	}
	return true;
}

static size_t put_character(char *out, unsigned long character)
{
	if (character < 0x80) {
		out[0] = (char)character;
		return 1;
	}
	size_t length = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
	for (size_t i = length - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (character & 0x3f));
		character >>= 6;
	}
	out[0] = (char)((0xf00 >> length & 0xff) | character);
	return length;
}

enum {
	NEAR = 56,
	BEYOND = 80, /* bytes that may be looked at behind a place that is near to no end */
	SLACK = 64,  /* bytes that are written behind a string's end */
};

/* Copies `length` bytes, sixteen at a time: there is room for more. */
static inline void copy_wide(char *out, const char *from, size_t length)
{
	size_t i = 0;
	do {
		memcpy(out + i, from + i, 16);
		i += 16;
	} while (i < length);
}

/* How far a string is resolved, and the length of that at `out`. */
struct resolved {
	size_t at, length;
};

/* Resolves what stands before the string's end, an escape that is no doubled backslash, or the text's end's neighbourhood:
 * Windows' paths are full of those. */
static inline struct resolved resolve_doubled(const struct json_text *t, size_t at, char *out)
{
	const char *const data = t->data;
	const size_t end = t->length > BEYOND ? t->length - BEYOND : 0;
	size_t length = 0;
	while (at < end) {
		uint64_t near = json_bits_near(t->bits.marks, at);
		if (!near) {
			copy_wide(out + length, data + at, NEAR);
			length += NEAR;
			at += NEAR;
		}
		while (near) {
			size_t plain = (size_t)__builtin_ctzll(near);
			copy_wide(out + length, data + at, plain + 1);
			length += plain;
			at += plain;
			if (memcmp(data + at, "\\\\", 2) != 0)
				return (struct resolved){at, length};
			length++; /* the first one was copied */
			at += 2;
			near = near >> plain >> 2;
		}
	}
	return (struct resolved){at, length};
}

#if defined(__x86_64__)
/* How many of the first bytes hold no marks but in pairs that a backslash begins. first: where a run of marks begins, by bit. */
static inline size_t paired_up_to(uint64_t marks, uint64_t first, uint64_t quotes, size_t count)
{
	/* a third one in a row, what stands behind a single one, or a quote by itself */
	uint64_t odd = (marks ^ (first | first << 1)) | (first & quotes);
	if (odd) {
		size_t at = (size_t)__builtin_ctzll(odd);
		return marks >> at & 1 ? at : at - 1;
	}
	return count == 64 && first >> 63 ? 63 : count;
}

/* As resolve_doubled, 64 bytes at a time, and over escaped quotes too. */
__attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi2,bmi,bmi2,popcnt"))) static struct resolved resolve_wide(
	const struct json_text *t, size_t at, char *out)
{
	const __m512i quote = _mm512_set1_epi8('"'), slash = _mm512_set1_epi8('\\');
	size_t length = 0, count = 64;
	while (count == 64 && at < t->length) {
		size_t left = t->length - at;
		uint64_t held = left < 64 ? (UINT64_C(1) << left) - 1 : UINT64_MAX;
		__m512i bytes = _mm512_maskz_loadu_epi8(held, t->data + at);
		count = left < 64 ? left : 64;
		uint64_t quotes = _mm512_cmpeq_epi8_mask(bytes, quote), marks = quotes | _mm512_cmpeq_epi8_mask(bytes, slash);
		uint64_t first = marks & ~(marks << 1);
		count = paired_up_to(marks, first, quotes, count);
		if (!count)
			break;
		uint64_t kept = UINT64_MAX >> (64 - count) & ~first;
		_mm512_storeu_si512(out + length, _mm512_maskz_compress_epi8(kept, bytes));
		length += (size_t)__builtin_popcountll(kept);
		at += count;
	}
	return (struct resolved){at, length};
}
#endif

static inline struct resolved resolve_usual(const struct json_text *t, size_t at, char *out)
{
#if defined(__x86_64__)
	if (t->bits.level == SIMD_AVX512)
		return resolve_wide(t, at, out);
#endif
	return resolve_doubled(t, at, out);
}

/* The same without escapes, wherever it stands. */
static size_t copy_plain(const struct json_text *t, size_t from, char *out)
{
	size_t plain = 0;
	while (from + plain < t->length && t->data[from + plain] != '\\' && t->data[from + plain] != '"')
		plain++;
	memcpy(out, t->data + from, plain);
	return plain;
}

/* The rest of a string in which something else comes next; at its quote, or SIZE_MAX: it is not good, which is noted. Not part of
 * its caller, which most strings need no more than. */
static __attribute__((noinline)) struct resolved resolve_rest(struct json_text *t, struct resolved done, char *out)
{
	for (;;) {
		size_t plain = copy_plain(t, done.at, out + done.length), at = done.at + plain;
		done.length += plain;
		if (at < t->length && t->data[at] == '"')
			return (struct resolved){at, done.length};
		unsigned long character;
		size_t used = at < t->length ? read_escape(t, at, t->length, &character) : 0;
		if (!used) {
			json_text_fail(t, at, at < t->length ? "an escape in a string is none" : "a string does not end");
			return (struct resolved){SIZE_MAX, 0};
		}
		done.length += put_character(out + done.length, character);
		struct resolved more = resolve_usual(t, at + used, out + done.length);
		done = (struct resolved){more.at, done.length + more.length};
	}
}

/* Room for the string at `from`, and for all behind it if the text is no large one: none grows. */
static __attribute__((noinline)) void more_spare(struct json_text *t, size_t from)
{
	enum { LARGE = 16 << 10 };
	bool escaped;
	size_t end = t->length - from > LARGE ? json_text_close(t, from, &escaped) : t->length;
	t->spare_size = end - from + SLACK;
	t->spare = arena_room(t->arena, t->spare_size);
}

bool json_text_resolve(struct json_text *t, size_t *at, struct text *text)
{
	if (t->spare_size < t->length - *at + SLACK)
		more_spare(t, *at);
	struct resolved done = resolve_usual(t, *at, t->spare);
	if (done.at >= t->length || t->data[done.at] != '"')
		done = resolve_rest(t, done, t->spare);
	if (done.at == SIZE_MAX)
		return false;
	*at = done.at;
	text->data = t->spare;
	text->length = done.length;
	t->spare += done.length;
	t->spare_size -= done.length;
	return true;
}

struct text json_text_decode(struct json_text *t, size_t at)
{
	struct text text = {"", 0};
	json_text_resolve(t, &at, &text);
	return text;
}

/* A string that has escapes, as it stands; few are passed. */
static __attribute__((noinline)) bool pass_escaped(struct json_text *t, size_t *at, struct text *text)
{
	bool escaped;
	size_t from = *at, close = json_text_close(t, from, &escaped);
	if (close >= t->length)
		return json_text_fail(t, from, "a string does not end");
	*at = close;
	*text = (struct text){t->data + from, close - from};
	return json_text_check(t, from, close, &escaped);
}

bool json_text_string(struct json_text *t, size_t *at, bool wanted, struct text *text)
{
	size_t from = *at, mark = next_mark(t, from);
	if (mark >= t->length)
		return json_text_fail(t, from, "a string does not end");
	if (t->data[mark] != '"')
		return wanted ? json_text_resolve(t, at, text) : pass_escaped(t, at, text);
	*at = mark;
	text->data = t->data + from;
	text->length = mark - from;
	return true;
}

static inline size_t digits_from(const struct json_text *t, size_t at)
{
	while (at < t->length && t->data[at] >= '0' && t->data[at] <= '9')
		at++;
	return at;
}

/* A whole number that was written as one with an exponent; else the text as it is. */
static struct text exponent_text(const struct json_text *t, struct text raw)
{
	char copy[64];
	if (raw.length >= sizeof copy)
		return raw;
	memcpy(copy, raw.data, raw.length);
	copy[raw.length] = '\0';
	double number = strtod(copy, NULL);
	if (!(number > -1e15 && number < 1e15) || number != (double)(long long)number)
		return raw;
	return text_of(arena_printf(t->arena, "%lld", (long long)number));
}

/* Where the text of a number without exponent ends: zeroes alone behind its point are none. */
static size_t end_of_text(const struct json_text *t, size_t whole, size_t end)
{
	for (size_t i = whole + 1; i < end; i++)
		if (t->data[i] != '0')
			return end;
	return whole;
}

bool json_text_number(struct json_text *t, size_t *at, struct text *number)
{
	size_t from = *at, first = from + (t->data[from] == '-'), whole = digits_from(t, first), end = whole;
	if (whole == first || (t->data[first] == '0' && whole > first + 1))
		return json_text_fail(t, from, "a number is none");
	if (end < t->length && t->data[end] == '.') {
		end = digits_from(t, whole + 1);
		if (end == whole + 1)
			return json_text_fail(t, from, "a number has no digit behind its point");
	}
	size_t fraction = end;
	if (end < t->length && (t->data[end] | 0x20) == 'e') {
		size_t digits = end + 1;
		digits += digits < t->length && (t->data[digits] == '+' || t->data[digits] == '-');
		end = digits_from(t, digits);
		if (end == digits)
			return json_text_fail(t, from, "a number has no digit in its exponent");
	}
	*at = end;
	if (fraction < end)
		*number = exponent_text(t, (struct text){t->data + from, end - from});
	else
		*number = (struct text){t->data + from, end_of_text(t, whole, end) - from};
	return true;
}
