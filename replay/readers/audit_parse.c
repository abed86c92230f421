/*
 * audit_parse: fields of audit records.
 */
#include "replay/readers/audit_parse.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

void audit_fields(struct audit_cursor *cursor, struct text body)
{
	*cursor = (struct audit_cursor){.body = body};
}

static bool is_break(char byte)
{
	return byte == ' ' || byte == AUDIT_ADDED || byte == '\n' || byte == '\t';
}

/* Goes over blanks and marks; inside a nested msg also over the quote that ends it. */
static void skip_breaks(struct audit_cursor *c)
{
	while (c->at < c->body.length) {
		char byte = c->body.data[c->at];
		if (c->quote && c->at == c->quote)
			c->quote = 0;
		else if (byte == AUDIT_ADDED)
			c->enriched = true;
		else if (byte != ' ' && byte != '\t' && byte != '\n')
			return;
		c->at++;
	}
}

/* msg='… : its fields are fields of the record. The last quote before the mark ends it. */
static bool enter_message(struct audit_cursor *c)
{
	struct text rest = text_slice(c->body, c->at + 1, c->body.length);
	const char *mark = memchr(rest.data, AUDIT_ADDED, rest.length);
	size_t end = mark ? (size_t)(mark - rest.data) : rest.length;
	if (c->quote)
		return false;
	while (end && rest.data[end - 1] != '\'')
		end--;
	if (!end)
		return false;
	c->quote = c->at + end;
	c->at++;
	return true;
}

/* The value that begins at the cursor and ends with `closing`, which is dropped like the opening byte. */
static bool take_enclosed(struct audit_cursor *c, char closing, struct audit_field *field)
{
	size_t from = c->at + 1;
	const char *end = memchr(c->body.data + from, closing, c->body.length - from);
	if (!end)
		return false;
	size_t to = (size_t)(end - c->body.data);
	field->value = text_slice(c->body, from, to);
	c->at = to + 1;
	return true;
}

static void take_bare(struct audit_cursor *c, struct audit_field *field)
{
	size_t from = c->at;
	size_t end = c->quote ? c->quote : c->body.length;
	while (c->at < end && !is_break(c->body.data[c->at]))
		c->at++;
	size_t to = c->at;
	/* Old records enclose and separate: (hostname=?, addr=?, res=success) */
	while (to > from && (c->body.data[to - 1] == ',' || (c->body.data[to - 1] == ')' && c->body.data[from] != '(') ||
						  (c->body.data[to - 1] == '"' && c->body.data[from] != '"')))
		to--;
	field->value = text_slice(c->body, from, to);
}

static void take_value(struct audit_cursor *c, struct audit_field *field)
{
	char first = c->at < c->body.length ? c->body.data[c->at] : ' ';
	field->quoted = first == '"' && take_enclosed(c, '"', field);
	if (field->quoted || (first == '{' && c->enriched && take_enclosed(c, '}', field)))
		return;
	take_bare(c, field);
}

/* The next word up to `=`; false: a word without one, which is skipped. */
static bool take_key(struct audit_cursor *c, struct text *key)
{
	size_t end = c->quote ? c->quote : c->body.length;
	while (c->at < end && c->body.data[c->at] == '(')
		c->at++;
	size_t from = c->at;
	while (c->at < end && !is_break(c->body.data[c->at])) {
		if (c->body.data[c->at] == '=' && c->at > from) {
			*key = text_slice(c->body, from, c->at++);
			return true;
		}
		c->at++;
	}
	return false;
}

static bool next_careful(struct audit_cursor *c, struct audit_field *field)
{
	for (;;) {
		if (c->quote && c->at > c->quote)
			c->quote = 0;
		skip_breaks(c);
		if (c->at >= c->body.length)
			return false;
		*field = (struct audit_field){.enriched = c->enriched};
		if (!take_key(c, &field->key))
			continue;
		bool nested = c->at < c->body.length && c->body.data[c->at] == '\'' && text_is(field->key, "msg");
		if (nested && enter_message(c))
			continue;
		take_value(c, field);
		return true;
	}
}

/* What a key or a bare value ends at, and what may not be a bare value's last byte: see `ends`. */
enum { KEY_END = 1, VALUE_END = 2, TRIMMED = 4 };
static const unsigned char ends[256] = {
	[' '] = KEY_END | VALUE_END, ['\t'] = KEY_END | VALUE_END, ['\n'] = KEY_END | VALUE_END,
	[AUDIT_ADDED] = KEY_END | VALUE_END, ['='] = KEY_END, [','] = TRIMMED, [')'] = TRIMMED, ['"'] = TRIMMED};

static inline const char *find_end_slowly(const char *at, const char *end, unsigned kind)
{
	while (at < end && !(ends[(unsigned char)*at] & kind))
		at++;
	return at;
}

#ifdef __SSE2__
/* Sixteen bytes at once: most fields end within them, and no branch has to guess where. */
static inline unsigned equal_bits(__m128i bytes, char byte)
{
	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte)));
}

/* Bytes that end a key or a value. */
static inline unsigned break_bits(__m128i bytes)
{
	__m128i blank = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(' ')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8(AUDIT_ADDED)));
	__m128i space = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\t')));
	return (unsigned)_mm_movemask_epi8(_mm_or_si128(blank, space));
}

static inline __m128i load(const char *at)
{
	return _mm_loadu_si128((const __m128i *)(const void *)at);
}

static inline const char *find_value_end(const char *at, const char *end)
{
	for (; end - at >= 16; at += 16) {
		unsigned bits = break_bits(load(at));
		if (bits)
			return at + __builtin_ctz(bits);
	}
	return find_end_slowly(at, end, VALUE_END);
}

static inline const char *find_quote(const char *at, const char *end)
{
	if (end - at >= 16) {
		unsigned bits = equal_bits(load(at), '"');
		if (bits)
			return at + __builtin_ctz(bits);
		at += 16;
	}
	return memchr(at, '"', (size_t)(end - at));
}

/* Where the key's `=` stands, and in *value_end where the value ends, if that is near; else NULL. */
static inline const char *find_equals(const char *at, const char *end, const char **value_end)
{
	*value_end = NULL;
	if (end - at < 16)
		return find_end_slowly(at, end, KEY_END);
	__m128i bytes = load(at);
	unsigned equals = equal_bits(bytes, '='), breaks = break_bits(bytes);
	if (!equals || (breaks & (equals - 1) & ~equals))
		return find_end_slowly(at, end, KEY_END);
	unsigned key = (unsigned)__builtin_ctz(equals);
	unsigned after = breaks & ~((2u << key) - 1);
	if (after)
		*value_end = at + __builtin_ctz(after);
	return at + key;
}
#else
static inline const char *find_value_end(const char *at, const char *end)
{
	return find_end_slowly(at, end, VALUE_END);
}

static inline const char *find_quote(const char *at, const char *end)
{
	return memchr(at, '"', (size_t)(end - at));
}

static inline const char *find_equals(const char *at, const char *end, const char **value_end)
{
	*value_end = NULL;
	return find_end_slowly(at, end, KEY_END);
}
#endif

/* The commonest of fields, key=value outside of a nested msg; false: it is none, and nothing was taken. */
static inline bool take_simple(struct audit_cursor *c, struct audit_field *field)
{
	const char *start = c->body.data + c->at, *end = c->body.data + c->body.length, *value_end;
	const char *equals = find_equals(start, end, &value_end);
	if (equals == end || *equals != '=' || equals == start || *start == '(')
		return false;
	field->key = (struct text){start, (size_t)(equals - start)};
	field->enriched = c->enriched;
	const char *value = equals + 1;
	char first = value < end ? *value : ' ';
	if (first == '"') {
		const char *close = find_quote(value + 1, end);
		if (!close)
			return false;
		field->value = (struct text){value + 1, (size_t)(close - value - 1)};
		field->quoted = true;
		c->at = (size_t)(close + 1 - c->body.data);
		return true;
	}
	if (first == '\'' || first == '{')
		return false;
	if (!value_end)
		value_end = find_value_end(value, end);
	if (value_end > value && ends[(unsigned char)value_end[-1]] & TRIMMED)
		return false;
	field->value = (struct text){value, (size_t)(value_end - value)};
	field->quoted = false;
	c->at = (size_t)(value_end - c->body.data);
	return true;
}

bool audit_next(struct audit_cursor *c, struct audit_field *field)
{
	while (!c->quote && c->at < c->body.length) {
		if (c->body.data[c->at] == ' ')
			c->at++;
		else if (take_simple(c, field))
			return true;
		else
			break;
	}
	return next_careful(c, field);
}

bool audit_type_is_user(unsigned number)
{
	return (number >= 1100 && number <= 1299) || (number >= 2100 && number <= 2999);
}

/* The digit; the kernel writes upper case. BAD: none. */
enum { BAD = 0x80 };
#define BAD16 BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD
static const unsigned char digits[256] = {BAD16, BAD16, BAD16, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, BAD, BAD, BAD, BAD, BAD,
	BAD, BAD, 10, 11,
	12, 13, 14, 15, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD16, BAD16, BAD16, BAD16, BAD16, BAD16, BAD16,
		BAD16, BAD16,
	BAD16, BAD16};
#undef BAD16

static bool unhex_slowly(const char *hex, size_t pairs, unsigned char *out)
{
	const unsigned char *from = (const unsigned char *)hex;
	unsigned bad = 0;
	for (size_t i = 0; i < pairs; i++) {
		unsigned high = digits[from[2 * i]], low = digits[from[2 * i + 1]];
		bad |= high | low;
		out[i] = (unsigned char)(high << 4 | low);
	}
	return !(bad & BAD);
}

#ifdef __SSE2__
/* Sixteen digits at a time: 0–9 and A–F each give their value, all other bytes are found to be none. */
static bool unhex(const char *hex, size_t pairs, unsigned char *out)
{
	const __m128i none = _mm_set1_epi8((char)BAD);
	__m128i bad = _mm_setzero_si128();
	for (; pairs >= 8; pairs -= 8, hex += 16, out += 8) {
		__m128i bytes = load(hex);
		__m128i digit = _mm_sub_epi8(bytes, _mm_set1_epi8('0')), letter = _mm_sub_epi8(bytes, _mm_set1_epi8('A'));
		__m128i is_digit = _mm_cmpeq_epi8(_mm_min_epu8(digit, _mm_set1_epi8(9)), digit);
		__m128i is_letter = _mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8(5)), letter);
		__m128i value = _mm_or_si128(_mm_and_si128(is_digit, digit),
			_mm_and_si128(is_letter, _mm_add_epi8(letter, _mm_set1_epi8(10))));
		bad = _mm_or_si128(bad, _mm_andnot_si128(_mm_or_si128(is_digit, is_letter), none));
		/* In each pair of bytes: the first digit times sixteen, and the second one. */
		__m128i high = _mm_slli_epi16(_mm_and_si128(value, _mm_set1_epi16(0x00ff)), 4), low = _mm_srli_epi16(value, 8);
		__m128i packed = _mm_packus_epi16(_mm_or_si128(high, low), _mm_setzero_si128());
		_mm_storel_epi64((__m128i *)(void *)out, packed);
	}
	return unhex_slowly(hex, pairs, out) && !_mm_movemask_epi8(bad);
}
#else
#define unhex unhex_slowly
#endif

bool audit_unhex(struct arena *arena, struct text hex, struct text *bytes)
{
	if (!hex.length || hex.length % 2 || digits[(unsigned char)hex.data[0]] & BAD)
		return false;
	unsigned char *out = arena_room(arena, hex.length / 2 + 8);
	if (!unhex(hex.data, hex.length / 2, out))
		return false;
	*bytes = (struct text){(char *)out, hex.length / 2};
	return true;
}
