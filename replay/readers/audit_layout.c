/* audit_layout: see audit_layout.h. */
#include "replay/readers/audit_layout.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { BREAK = 0x20, BODY_MAX = 4096, STEP = 64 };

/* Where a body breaks, and how many quotes it has. */
struct breaks {
	size_t count; /* of fields: breaks and one */
	size_t quotes;
	uint16_t at[AUDIT_LAYOUT_FIELDS + STEP]; /* [i]: behind field i; the last one is the body's end */
};

#ifdef __SSE2__
static inline __m128i load(const char *at)
{
	return _mm_loadu_si128((const __m128i *)(const void *)at);
}

static inline uint64_t low_bits(const char *at)
{
	__m128i bytes = load(at);
	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(BREAK)), bytes));
}

static inline uint64_t quote_bits(const char *at)
{
	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(load(at), _mm_set1_epi8('"')));
}

/* Do the bytes of the mask agree? */
static inline bool fits(const struct audit_layout_field *field, const char *at)
{
	unsigned equal = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(load(at), load(field->bytes)));
	return (equal & field->mask) == field->mask;
}
#else
static inline uint64_t low_bits(const char *at)
{
	uint64_t bits = 0;
	for (unsigned i = 0; i < 16; i++)
		bits |= (uint64_t)((unsigned char)at[i] <= BREAK) << i;
	return bits;
}

static inline uint64_t quote_bits(const char *at)
{
	uint64_t bits = 0;
	for (unsigned i = 0; i < 16; i++)
		bits |= (uint64_t)(at[i] == '"') << i;
	return bits;
}

static inline bool fits(const struct audit_layout_field *field, const char *at)
{
	return memcmp(field->bytes, at, field->length) == 0;
}
#endif

static inline size_t count_bits(uint64_t bits)
{
	size_t count = 0;
	for (; bits; bits &= bits - 1)
		count++;
	return count;
}

/* false: more fields, or a longer body, than a layout has. */
static bool find_breaks(struct text body, struct breaks *breaks)
{
	breaks->count = breaks->quotes = 0;
	if (!body.length || body.length > BODY_MAX)
		return false;
	for (size_t base = 0; base < body.length; base += STEP) {
		const char *at = body.data + base;
		uint64_t low = low_bits(at) | low_bits(at + 16) << 16 | low_bits(at + 32) << 32 | low_bits(at + 48) << 48;
		uint64_t quotes = quote_bits(at) | quote_bits(at + 16) << 16 | quote_bits(at + 32) << 32 | quote_bits(at + 48) << 48;
		if (body.length - base < STEP) {
			uint64_t inside = (UINT64_C(1) << (body.length - base)) - 1;
			low &= inside;
			quotes &= inside;
		}
		breaks->quotes += count_bits(quotes);
		for (; low; low &= low - 1)
			breaks->at[breaks->count++] = (uint16_t)(base + (size_t)__builtin_ctzll(low));
		if (breaks->count >= AUDIT_LAYOUT_FIELDS)
			return false;
	}
	breaks->at[breaks->count++] = (uint16_t)body.length;
	return true;
}

/* Would audit_next take something off the value's end? Its last byte may close what the first one opened. */
static inline bool is_trimmed(const char *value, const char *end)
{
	char last = end[-1];
	return last == ',' || (last == ')' && *value != '(') || last == '"';
}

static int find_in(const struct audit_layout *layout, struct text body, const struct breaks *breaks, struct audit_found *found)
{
	size_t quotes = 0, at = 0;
	int count = 0;
	for (size_t i = 0; i < layout->count; i++) {
		const struct audit_layout_field *field = &layout->fields[i];
		if (!fits(field, body.data + at))
			return AUDIT_LAYOUT_UNKNOWN;
		if (at + field->length > breaks->at[i])
			return AUDIT_LAYOUT_UNKNOWN; /* it goes on behind the body */
		const char *value = body.data + at + field->length, *end = body.data + breaks->at[i];
		at = breaks->at[i];
		char first = value < end ? *value : ' ';
		bool quoted = first == '"';
		if (quoted && (end - value < 2 || end[-1] != '"'))
			return AUDIT_LAYOUT_UNKNOWN;
		if (first == '{' && field->enriched)
			return AUDIT_LAYOUT_UNKNOWN;
		quotes += quoted;
		if (!field->key)
			continue;
		if (!quoted && value < end && is_trimmed(value, end))
			return AUDIT_LAYOUT_UNKNOWN;
		struct audit_found *out = &found[count++];
		out->key = field->key;
		out->field.value = (struct text){value + quoted, (size_t)(end - value) - 2 * quoted};
		out->field.quoted = quoted;
		out->field.enriched = field->enriched;
	}
	return quotes * 2 == breaks->quotes ? count : AUDIT_LAYOUT_UNKNOWN;
}

int audit_layout_find(struct audit_layouts *layouts, struct text body, struct audit_found found[AUDIT_LAYOUT_FIELDS])
{
	struct breaks breaks;
	if (!layouts->count || !find_breaks(body, &breaks))
		return AUDIT_LAYOUT_UNKNOWN;
	for (size_t i = 0; i < layouts->count; i++) {
		size_t which = (layouts->newest + i) % layouts->count;
		if (layouts->items[which]->count != breaks.count)
			continue;
		int count = find_in(layouts->items[which], body, &breaks, found);
		if (count == AUDIT_LAYOUT_UNKNOWN)
			continue;
		layouts->newest = which;
		return count;
	}
	return AUDIT_LAYOUT_UNKNOWN;
}

/* The field as part of a layout; `from` is where its separator stands (the first one: its key). false: it cannot be. */
static bool learn_field(struct audit_layout_field *learnt, struct text body, size_t from, bool first,
	const struct audit_field *field)
{
	size_t key = (size_t)(field->key.data - body.data), length = field->key.length + 1 + !first;
	if (key != from + !first || length > AUDIT_LAYOUT_ROOM || body.data[key + field->key.length] != '=' ||
		AUDIT_IS(field->key, "msg"))
		return false;
	for (size_t i = 0; i < field->key.length; i++)
		if ((unsigned char)field->key.data[i] <= BREAK || field->key.data[i] == '"')
			return false;
	memcpy(learnt->bytes, body.data + from, length);
	learnt->length = (uint32_t)length;
	learnt->mask = (uint32_t)((UINT64_C(1) << length) - 1);
	learnt->enriched = field->enriched;
	return true;
}

static bool learn(struct audit_layout *layout, const struct audit_keys *keys, struct text body)
{
	struct breaks breaks;
	struct audit_cursor cursor;
	struct audit_field field;
	if (!find_breaks(body, &breaks))
		return false;
	audit_fields(&cursor, body);
	for (; audit_next(&cursor, &field); layout->count++) {
		size_t i = layout->count;
		if (i == breaks.count || !learn_field(&layout->fields[i], body, i ? breaks.at[i - 1] : 0, !i, &field))
			return false;
		layout->fields[i].key = audit_key_find(keys, field.key);
	}
	return layout->count == breaks.count;
}

void audit_layout_learn(struct audit_layouts *layouts, struct arena *arena, const struct audit_keys *keys, struct text body)
{
	struct audit_layout layout = {.count = 0};
	if (layouts->learnt == AUDIT_LAYOUT_LEARNT || !body.length)
		return;
	layouts->learnt++;
	if (!learn(&layout, keys, body))
		return;
	if (layouts->count == AUDIT_LAYOUTS) {
		layouts->newest = (layouts->newest + AUDIT_LAYOUTS - 1) % AUDIT_LAYOUTS;
	} else {
		layouts->newest = layouts->count++;
		layouts->items[layouts->newest] = arena_alloc(arena, sizeof layout);
	}
	*layouts->items[layouts->newest] = layout;
}
