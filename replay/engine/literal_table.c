/* literal_table: see literal_table.h. */
#include "replay/engine/literal_table.h"

#include <stdlib.h>

const unsigned key_widths[KEY_WIDTHS] = {8, 4, 3, 2, 1};

/* BITS_INSIDE: as fine as the counters of gram_counts, so that what was not met in the sample has no bit. Of FEW_KEYS the
 * coarse sieve leaves little to ask. */
enum { BITS_PER_KEY = 32, BITS_MIN = 9, BITS_INSIDE = 16, FEW_KEYS = 64, BITS_MAX = 20, STARTS_MIN = 3, STARTS_MAX = 20 };
/* Of a group's bits for what stands behind the bytes that its literals share. */
enum { NEXT_BITS = 13, NEXT_LEAST = 16 /* literals */, NEXT_SHIFT = 32 - NEXT_BITS };

/* ---- bytes ---- */

/* Eight bytes in lower case: those from A to Z are told by two additions that carry into their top bits. */
static uint64_t lower64(uint64_t bytes)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), top = ones * 0x80;
	uint64_t low = bytes & ~top;
	uint64_t from_a = low + ones * (0x80 - 'A'), above_z = low + ones * (0x7f - 'Z');
	return bytes | (from_a & ~above_z & ~bytes & top) >> 2;
}

static unsigned char lower(char byte)
{
	return (unsigned char)(byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte);
}

static size_t common_forward(const char *literal, const char *text, size_t most, bool fold)
{
	size_t at = 0;
	for (; at + 8 <= most; at += 8) {
		uint64_t bytes = literal_load(text + at);
		uint64_t differ = literal_load(literal + at) ^ (fold ? lower64(bytes) : bytes);
		if (differ)
			return at + (size_t)__builtin_ctzll(differ) / 8;
	}
	while (at < most && (unsigned char)literal[at] == (fold ? lower(text[at]) : (unsigned char)text[at]))
		at++;
	return at;
}

/* Of their last bytes; both point behind them. */
static size_t common_backward(const char *literal, const char *text, size_t most, bool fold)
{
	size_t at = 0;
	for (; at + 8 <= most; at += 8) {
		uint64_t bytes = literal_load(text - at - 8);
		uint64_t differ = literal_load(literal - at - 8) ^ (fold ? lower64(bytes) : bytes);
		if (differ)
			return at + (size_t)__builtin_clzll(differ) / 8;
	}
	while (at < most && (unsigned char)literal[-1 - (ptrdiff_t)at] ==
			(fold ? lower(text[-1 - (ptrdiff_t)at]) : (unsigned char)text[-1 - (ptrdiff_t)at]))
		at++;
	return at;
}

/* A text as it is read from the place where literals are laid against it. */
static size_t common_of(enum literal_place place, struct text literal, struct text text, bool fold)
{
	size_t most = literal.length < text.length ? literal.length : text.length;
	return place == LITERAL_END ? common_backward(literal.data + literal.length, text.data + text.length, most, fold)
				    : common_forward(literal.data, text.data, most, fold);
}

static unsigned char byte_of(enum literal_place place, struct text text, size_t at)
{
	return (unsigned char)text.data[place == LITERAL_END ? text.length - 1 - at : at];
}

/* Is the literal, whose first `common` bytes are the text's, above the text? */
static bool is_above(enum literal_place place, struct text literal, struct text text, size_t common, bool fold)
{
	if (common == literal.length || common == text.length)
		return common < literal.length;
	unsigned char byte = byte_of(place, text, common);
	return byte_of(place, literal, common) > (fold ? lower((char)byte) : byte);
}

/* ---- making ---- */

struct sorted {
	struct literal_entry entry; /* its text in lower case where it folds */
	enum literal_place place;
	uint64_t key;
	uint32_t hash;
};

static int order_texts(enum literal_place place, struct text a, struct text b)
{
	size_t common = common_of(place, a, b, false);
	if (common == a.length || common == b.length)
		return (common < a.length) - (common < b.length);
	return (int)byte_of(place, a, common) - (int)byte_of(place, b, common);
}

static int order_sorted(const void *left, const void *right)
{
	const struct sorted *a = left, *b = right;
	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	if (a->entry.fold != b->entry.fold)
		return (int)a->entry.fold - (int)b->entry.fold;
	if (a->entry.before != b->entry.before)
		return a->entry.before < b->entry.before ? -1 : 1;
	int order = order_texts(a->place, a->entry.text, b->entry.text);
	return order ? order : (a->entry.trigger > b->entry.trigger) - (a->entry.trigger < b->entry.trigger);
}

static uint64_t key_of(enum literal_place place, unsigned width, const struct literal_entry *entry)
{
	switch (place) {
	case LITERAL_WHOLE:
		return literal_key_whole(entry->text);
	case LITERAL_START:
		return literal_key_edge(entry->text.data, width);
	case LITERAL_END:
		return literal_key_edge(entry->text.data + entry->text.length - width, width);
	default:
		return gram_read(entry->text.data + entry->before, width);
	}
}

/* The caller's to free. */
static struct sorted *sort_entries(struct arena *arena, enum literal_place place, unsigned width,
	const struct literal_entry *entries, size_t count)
{
	struct sorted *sorted = mem_alloc((count + 1) * sizeof *sorted);
	for (size_t i = 0; i < count; i++) {
		struct sorted *one = &sorted[i];
		*one = (struct sorted){.entry = entries[i], .place = place};
		one->entry.text = entries[i].fold ? text_fold(arena, entries[i].text) : text_copy(arena, entries[i].text);
		one->key = key_of(place, width, &one->entry);
		one->hash = literal_hash(place, one->key);
	}
	qsort(sorted, count, sizeof *sorted, order_sorted);
	return sorted;
}

static unsigned logarithm(size_t at_least, unsigned least, unsigned most)
{
	unsigned bits = least;
	while (bits < most && (size_t)1 << bits < at_least)
		bits++;
	return bits;
}

static void add_literal(struct literal_table *table, struct literal_group *group, const struct sorted *one)
{
	uint32_t at = group->first + group->count++, parent = at > group->first ? at - 1 : LITERAL_NONE;
	struct text text = one->entry.text;
	for (; parent != LITERAL_NONE; parent = table->literals[parent].parent) {
		const struct literal *other = &table->literals[parent];
		struct text begin = {other->data, other->length};
		if (common_of(table->place, begin, text, false) == other->length)
			break;
	}
	table->literals[at] = (struct literal){text.data, (uint32_t)text.length, one->entry.trigger, parent};
}

static bool same_key(const struct sorted *a, const struct sorted *b)
{
	return a->hash == b->hash && a->key == b->key;
}

static bool same_group(const struct sorted *a, const struct sorted *b)
{
	return same_key(a, b) && a->entry.fold == b->entry.fold && a->entry.before == b->entry.before;
}

static void fill(struct literal_table *table, const struct sorted *sorted, size_t count)
{
	struct literal_group *group = table->groups;
	size_t start = 0;
	for (size_t i = 0; i < count; i++) {
		const struct sorted *one = &sorted[i];
		if (i == 0 || !same_group(one, one - 1)) {
			group += i > 0;
			*group = (struct literal_group){one->key, (uint32_t)i, 0, one->entry.before, one->entry.fold, 0, NULL};
			for (; start <= one->hash >> table->starts_shift; start++)
				table->starts[start] = (uint32_t)(group - table->groups);
		}
		add_literal(table, group, one);
		uint32_t bit = one->hash >> table->bits_shift;
		table->bits[bit / 32] |= UINT32_C(1) << bit % 32;
	}
	for (; start <= UINT32_MAX >> table->starts_shift; start++)
		table->starts[start] = (uint32_t)table->group_count;
	table->starts[start] = (uint32_t)table->group_count;
}

static uint32_t next_bit(const char *data)
{
	return gram_hash(gram_read(data, GRAM_WIDTH)) >> NEXT_SHIFT;
}

/* They are in order: what the first and the last one share, all do. */
static void look_ahead(struct literal_table *table, struct literal_group *group, struct arena *arena)
{
	const struct literal *literals = table->literals + group->first, *last = literals + group->count - 1;
	if (group->count < NEXT_LEAST)
		return;
	struct text first = {literals->data, literals->length}, end = {last->data, last->length};
	size_t skip = common_of(table->place, first, end, false);
	for (size_t i = 0; i < group->count; i++)
		if (literals[i].length < skip + GRAM_WIDTH)
			return;
	uint32_t *next = arena_array(arena, (1u << NEXT_BITS) / 32, sizeof *next);
	for (size_t i = 0; i < group->count; i++) {
		uint32_t bit = next_bit(literals[i].data + skip);
		next[bit / 32] |= UINT32_C(1) << bit % 32;
	}
	group->skip = (uint32_t)skip;
	group->next = next;
}

/* May one of the group's literals stand there? */
static inline bool may_follow(const struct literal_group *group, struct text text)
{
	if (!group->next)
		return true;
	if (text.length < group->skip + GRAM_WIDTH)
		return false;
	uint32_t bit = next_bit(text.data + group->skip);
	return group->next[bit / 32] >> bit % 32 & 1;
}

struct literal_table *literal_table_make(struct arena *arena, enum literal_place place, unsigned width,
	const struct literal_entry *entries, size_t count)
{
	struct literal_table *table = arena_alloc(arena, sizeof *table);
	struct sorted *sorted = sort_entries(arena, place, width, entries, count);
	size_t groups = count > 0, keys = count > 0;
	for (size_t i = 1; i < count; i++) {
		groups += !same_group(&sorted[i], &sorted[i - 1]);
		keys += !same_key(&sorted[i], &sorted[i - 1]);
	}
	unsigned least = place == LITERAL_INSIDE && keys > FEW_KEYS ? BITS_INSIDE : BITS_MIN;
	unsigned bits = logarithm(keys * BITS_PER_KEY, least, BITS_MAX), starts = logarithm(keys, STARTS_MIN, STARTS_MAX);
	*table = (struct literal_table){.place = place, .width = width, .bits_shift = 32 - bits, .starts_shift = 32 - starts,
		.group_count = groups};
	table->bits = arena_array(arena, ((size_t)1 << bits) / 32, sizeof *table->bits);
	table->starts = arena_array(arena, ((size_t)1 << starts) + 1, sizeof *table->starts);
	table->groups = arena_array(arena, groups, sizeof *table->groups);
	table->literals = arena_array(arena, count, sizeof *table->literals);
	fill(table, sorted, count);
	for (size_t i = 0; i < table->group_count && place == LITERAL_INSIDE; i++)
		look_ahead(table, &table->groups[i], arena);
	free(sorted);
	return table;
}

/* ---- finding ---- */

/* `text`: the value from where the group's literals would begin, or to where they would end. */
static void find_in_group(const struct literal_table *table, const struct literal_group *group, struct text text,
	struct finds *finds)
{
	uint32_t low = group->first, high = group->first + group->count;
	size_t common;
	if (group->count == 1 && finds->stamps[table->literals[low].trigger] == finds->epoch) {
		finds->compared++; /* the same, in whatever order places are looked at */
		return;
	}
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;
		struct text literal = {table->literals[middle].data, table->literals[middle].length};
		common = common_of(table->place, literal, text, group->fold);
		finds->compared++;
		if (is_above(table->place, literal, text, common, group->fold))
			high = middle;
		else
			low = middle;
	}
	struct text greatest = {table->literals[low].data, table->literals[low].length};
	common = common_of(table->place, greatest, text, group->fold);
	finds->compared++;
	for (uint32_t i = low; i != LITERAL_NONE; i = table->literals[i].parent) {
		const struct literal *literal = &table->literals[i];
		if (literal->length > common || (table->place == LITERAL_WHOLE && literal->length != text.length))
			continue;
		if (!finds_add(finds, literal->trigger))
			return; /* then its prefixes were found with it */
	}
}

void literal_table_find(const struct literal_table *table, uint64_t key, uint32_t hash, struct text value, size_t at,
	struct finds *finds)
{
	uint32_t start = hash >> table->starts_shift;
	for (uint32_t g = table->starts[start]; g < table->starts[start + 1]; g++) {
		const struct literal_group *group = &table->groups[g];
		if (group->key != key)
			continue;
		struct text text = value;
		if (table->place == LITERAL_INSIDE) {
			if (group->before > at)
				continue;
			text = (struct text){value.data + at - group->before, value.length - at + group->before};
			if (!may_follow(group, text))
				continue;
		}
		find_in_group(table, group, text, finds);
	}
}
