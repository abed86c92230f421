/*
 * trigger_index: by field, a table of literals for each place and width of key, ranges, networks, and what any value or the
 * field alone makes true.
 */
#include "replay/engine/trigger_index.h"

#include "replay/engine/gram_scan.h"
#include "replay/engine/gram_share.h"
#include "replay/engine/interval_index.h"

#include <stdlib.h>

enum { PIECE = 1024 /* places that are looked at before their candidates are compared */ };

/* A table, and of it what is looked at first. Keys of an edge are cut out of the eight bytes there (key_of_edge). */
struct literals_index {
	const uint32_t *bits;
	const struct literal_table *table;
	uint64_t mask;
	uint8_t place, width, bits_shift, down;
};

/* Tables of literals that stand inside, looked for in one pass over a value. */
struct inside_index {
	const struct gram_sieve *sieve;
	const struct literal_table *tables[GRAM_WIDTH]; /* by the sieve's sets */
};

/* By a byte (with bit 0x20), bits over the tables of a field: a value that begins with it, that ends with it may be there. */
enum { TABLES_MAX = 16 };
struct table_ends {
	uint16_t first[256], last[256];
};

struct field_index {
	enum value_type type;
	unsigned field;
	size_t number;           /* among those of the index */
	const uint32_t *present; /* triggers that hold where the field is there */
	size_t present_count;
	const uint32_t *any;     /* … where it has a value, whichever */
	size_t any_count;
	struct literals_index *tables; /* of all places but inside */
	size_t table_count;
	const struct table_ends *ends;
	bool presence; /* some trigger holds whatever the value is */
	bool edges;    /* tables are all there is to search a value by */
	struct inside_index insides[GRAM_WIDTH];
	size_t inside_count;
	const struct range *ranges;
	size_t range_count;
	const struct network *networks;
	size_t network_count;
};

struct trigger_index {
	struct field_index **asked;  /* fields that some trigger asks for */
	size_t asked_count;
	size_t trigger_count;
	gram_scanner *scan;
};

/* A field of a facet that triggers ask for. */
struct due {
	const struct field_index *field;
	size_t entry;
};

/* Those of a form. */
struct due_list {
	uint64_t form; /* its number; 0: of none */
	struct due *items; /* [asked_count] */
	size_t count;
};

struct trigger_scratch {
	struct finds finds;
	struct due_list lists[FORM_PLACES + 1]; /* by place of the form; the last: of no known form */
	size_t trigger_count;
	struct value_memo *memos; /* [memo_count]: by field of the index */
	struct trigger_recalled *recalled; /* [memo_count]: by field of the index */
	size_t memo_count;
	uint32_t places[PIECE + 1];
};

/* ---- making ---- */

struct making {
	struct arena *arena;
	const struct trigger *triggers;
	const uint32_t *members; /* the triggers of the field at hand */
	size_t count;
	const struct gram_counts *counts;
	struct literal_entry *entries; /* [count] */
};

static bool is_text(enum trigger_kind kind)
{
	return kind == TRIGGER_EQUAL || kind == TRIGGER_STARTS || kind == TRIGGER_ENDS || kind == TRIGGER_CONTAINS;
}

/* Starts, ends and contains of the empty text hold for every value. */
static bool is_any(const struct trigger *trigger)
{
	return is_text(trigger->kind) && trigger->kind != TRIGGER_EQUAL && !trigger->text.length;
}

static bool is_presence(const struct trigger *trigger)
{
	return trigger->kind == TRIGGER_EXISTS;
}

static const uint32_t *pick(struct making *m, bool (*wanted)(const struct trigger *), size_t *count)
{
	uint32_t *picked = arena_array(m->arena, m->count, sizeof *picked);
	*count = 0;
	for (size_t i = 0; i < m->count; i++)
		if (wanted(&m->triggers[m->members[i]]))
			picked[(*count)++] = m->members[i];
	return picked;
}

static unsigned key_width(enum literal_place place, size_t length)
{
	unsigned widest = place == LITERAL_INSIDE ? GRAM_WIDTH : 8;
	if (place == LITERAL_WHOLE)
		return 0;
	for (size_t i = 0; i < KEY_WIDTHS; i++)
		if (key_widths[i] <= widest && key_widths[i] <= length)
			return key_widths[i];
	return 0;
}

static struct gram_set grams_of(struct making *m, const struct literal_table *table)
{
	uint32_t *grams = arena_array(m->arena, table->group_count, sizeof *grams);
	size_t count = 0;
	for (size_t i = 0; i < table->group_count; i++)
		if (i == 0 || table->groups[i].key != table->groups[i - 1].key)
			grams[count++] = (uint32_t)table->groups[i].key;
	qsort(grams, count, sizeof *grams, gram_order);
	return (struct gram_set){table->width, table->bits_shift, gram_mask(table->width), table->bits, grams, count};
}

static unsigned end_of(char byte)
{
	return (unsigned char)byte | 0x20u;
}

/* What a value that a table may find begins and ends with. */
static void note_ends(struct table_ends *ends, size_t table, enum literal_place place, const struct literal_entry *entries,
	size_t count)
{
	bool begins = place == LITERAL_WHOLE || place == LITERAL_START, closes = place == LITERAL_WHOLE || place == LITERAL_END;
	uint16_t bit = (uint16_t)(1u << table);
	for (size_t i = 0; i <= UINT8_MAX; i++) {
		ends->first[i] |= begins ? 0 : bit;
		ends->last[i] |= closes ? 0 : bit;
	}
	for (size_t i = 0; i < count; i++) {
		struct text literal = entries[i].text;
		if (begins && literal.length)
			ends->first[end_of(literal.data[0])] |= bit;
		if (closes && literal.length)
			ends->last[end_of(literal.data[literal.length - 1])] |= bit;
	}
}

/* Into m->entries those of the field's literals that belong into the table; their number. */
static size_t gather(struct making *m, enum literal_place place, unsigned width)
{
	static const enum trigger_kind kinds[] = {TRIGGER_EQUAL, TRIGGER_STARTS, TRIGGER_ENDS, TRIGGER_CONTAINS};
	size_t count = 0;
	for (size_t i = 0; i < m->count; i++) {
		const struct trigger *trigger = &m->triggers[m->members[i]];
		if (trigger->kind != kinds[place] || is_any(trigger) || key_width(place, trigger->text.length) != width)
			continue;
		size_t before = place == LITERAL_INSIDE && width == GRAM_WIDTH
			? gram_rarest(m->counts, trigger->field, trigger->text) : 0;
		m->entries[count++] = (struct literal_entry){trigger->text, trigger->fold, m->members[i], (uint32_t)before};
	}
	if (place == LITERAL_INSIDE && width == GRAM_WIDTH && count)
		gram_share(m->entries, count, COARSE_MAX, m->counts, m->triggers[m->members[0]].field);
	return count;
}

static void add_table(struct making *m, struct field_index *field, struct table_ends *ends, enum literal_place place,
	unsigned width)
{
	size_t count = gather(m, place, width);
	if (!count)
		return;
	note_ends(ends, field->table_count, place, m->entries, count);
	field->tables = arena_grow(m->arena, field->tables, field->table_count, sizeof *field->tables);
	struct literals_index *made = &field->tables[field->table_count++];
	const struct literal_table *table = literal_table_make(m->arena, place, width, m->entries, count);
	uint64_t mask = width < 8 ? (UINT64_C(1) << 8 * width) - 1 : UINT64_MAX;
	*made = (struct literals_index){.bits = table->bits, .table = table, .mask = mask, .place = (uint8_t)place,
		.width = (uint8_t)width, .bits_shift = (uint8_t)table->bits_shift,
		.down = (uint8_t)(place == LITERAL_END ? 64 - 8 * width : 0)};
}

static void add_tables(struct making *m, struct field_index *field)
{
	struct table_ends *ends = arena_alloc(m->arena, sizeof *ends);
	field->ends = ends;
	add_table(m, field, ends, LITERAL_WHOLE, 0);
	for (int place = LITERAL_START; place <= LITERAL_END; place++)
		for (size_t i = 0; i < KEY_WIDTHS; i++)
			add_table(m, field, ends, (enum literal_place)place, key_widths[i]);
}

/* One pass for all widths that go through one coarse sieve together, one for each that has too many grams. */
static void add_insides(struct making *m, struct field_index *field)
{
	struct gram_set sets[GRAM_WIDTH];
	struct inside_index together = {0};
	size_t count = 0, grams = 0;
	for (unsigned width = 1; width <= GRAM_WIDTH; width++) {
		size_t literals = gather(m, LITERAL_INSIDE, width);
		if (!literals)
			continue;
		const struct literal_table *table = literal_table_make(m->arena, LITERAL_INSIDE, width, m->entries, literals);
		struct gram_set set = grams_of(m, table);
		if (grams + set.count > COARSE_MAX) {
			field->insides[field->inside_count++] = (struct inside_index){gram_sieve_make(m->arena, &set, 1), {table}};
			continue;
		}
		grams += set.count;
		together.tables[count] = table;
		sets[count++] = set;
	}
	if (!count)
		return;
	together.sieve = gram_sieve_make(m->arena, sets, count);
	field->insides[field->inside_count++] = together;
}

static void add_ranges(struct making *m, struct field_index *field)
{
	struct range *ranges = arena_array(m->arena, m->count, sizeof *ranges);
	size_t count = 0;
	for (size_t i = 0; i < m->count; i++) {
		const struct trigger *trigger = &m->triggers[m->members[i]];
		if (trigger->kind == TRIGGER_RANGE)
			ranges[count++] = (struct range){trigger->low, trigger->high, m->members[i], 0};
	}
	ranges_sort(ranges, count);
	field->ranges = ranges;
	field->range_count = count;
}

static void add_networks(struct making *m, struct field_index *field)
{
	struct network *networks = arena_array(m->arena, m->count, sizeof *networks);
	size_t count = 0;
	for (size_t i = 0; i < m->count; i++) {
		const struct trigger *trigger = &m->triggers[m->members[i]];
		if (trigger->kind == TRIGGER_NETWORK)
			networks[count++] = (struct network){*trigger->cidr, m->members[i], LITERAL_NONE};
	}
	networks_sort(networks, count);
	field->networks = networks;
	field->network_count = count;
}

static struct field_index *make_field(struct making *m, enum value_type type)
{
	struct field_index *field = arena_alloc(m->arena, sizeof *field);
	field->type = type;
	field->present = pick(m, is_presence, &field->present_count);
	field->any = pick(m, is_any, &field->any_count);
	add_tables(m, field);
	add_insides(m, field);
	add_ranges(m, field);
	add_networks(m, field);
	field->presence = field->present_count || field->any_count;
	field->edges = !field->inside_count && !field->range_count && !field->network_count;
	return field;
}

/* Numbers of the triggers, field by field; *first: [fields + 1]. */
static uint32_t *sort_by_field(const struct trigger *triggers, size_t count, size_t fields, size_t *first)
{
	uint32_t *members = mem_alloc((count + 1) * sizeof *members);
	memset(first, 0, (fields + 2) * sizeof *first);
	for (size_t i = 0; i < count; i++)
		first[triggers[i].field + 2]++;
	for (size_t i = 2; i < fields + 2; i++)
		first[i] += first[i - 1];
	for (size_t i = 0; i < count; i++)
		members[first[triggers[i].field + 1]++] = (uint32_t)i;
	return members;
}

struct trigger_index *trigger_index_make(struct arena *arena, const struct registry *registry, const struct trigger *triggers,
	size_t count, const struct gram_counts *counts, enum simd_level level)
{
	struct trigger_index *index = arena_alloc(arena, sizeof *index);
	size_t *first = mem_alloc((registry->field_count + 2) * sizeof *first);
	uint32_t *members = sort_by_field(triggers, count, registry->field_count, first);
	struct making m = {.arena = arena, .triggers = triggers, .counts = counts};
	m.entries = mem_alloc((count + 1) * sizeof *m.entries);
	index->trigger_count = count;
	index->scan = gram_scanner_of(level);
	for (size_t f = 0; f < registry->field_count; f++) {
		m.members = members + first[f];
		m.count = first[f + 1] - first[f];
		if (!m.count)
			continue;
		struct field_index *field = make_field(&m, registry->fields[f].type);
		field->field = (unsigned)f;
		field->number = index->asked_count;
		index->asked = arena_grow(arena, index->asked, index->asked_count, sizeof(struct field_index *));
		index->asked[index->asked_count++] = field;
	}
	free(m.entries);
	free(members);
	free(first);
	return index;
}

struct trigger_scratch *trigger_scratch_new(const struct trigger_index *index)
{
	struct trigger_scratch *scratch = mem_alloc(sizeof *scratch);
	size_t size = (index->trigger_count + 1) * sizeof *scratch->finds.stamps;
	scratch->finds = (struct finds){.stamps = mem_alloc(size)};
	scratch->trigger_count = index->trigger_count;
	memset(scratch->finds.stamps, 0, size);
	scratch->memo_count = index->asked_count;
	scratch->memos = mem_alloc((index->asked_count + 1) * sizeof *scratch->memos);
	memset(scratch->memos, 0, (index->asked_count + 1) * sizeof *scratch->memos);
	scratch->recalled = mem_alloc((index->asked_count + 1) * sizeof *scratch->recalled);
	memset(scratch->recalled, 0, (index->asked_count + 1) * sizeof *scratch->recalled);
	for (size_t i = 0; i <= FORM_PLACES; i++)
		scratch->lists[i] = (struct due_list){.items = mem_alloc((index->asked_count + 1) * sizeof(struct due))};
	return scratch;
}

void trigger_scratch_free(struct trigger_scratch *scratch)
{
	if (!scratch)
		return;
	for (size_t i = 0; i < scratch->memo_count; i++)
		value_memo_free(&scratch->memos[i]);
	for (size_t i = 0; i <= FORM_PLACES; i++)
		free(scratch->lists[i].items);
	free(scratch->memos);
	free(scratch->recalled);
	free(scratch->finds.stamps);
	free(scratch);
}

const struct trigger_recalled *trigger_scratch_recalled(const struct trigger_scratch *scratch, uint32_t *search)
{
	*search = scratch->finds.epoch;
	return scratch->recalled;
}

uint64_t trigger_scratch_compared(const struct trigger_scratch *scratch)
{
	return scratch->finds.compared;
}

/* ---- searching ---- */

/* A place where a literal may stand, of any of the tables. */
static void search_place(struct trigger_scratch *scratch, const struct inside_index *inside, struct text value, size_t at)
{
	uint32_t gram = gram_at(value, at);
	for (size_t i = 0; i < inside->sieve->set_count; i++) {
		const struct gram_set *set = &inside->sieve->sets[i];
		uint32_t key = gram & set->mask;
		if (at + set->width <= value.length)
			literal_table_find(inside->tables[i], key, gram_hash(key), value, at, &scratch->finds);
	}
}

static void search_inside(const struct trigger_index *index, struct trigger_scratch *scratch, const struct inside_index *inside,
	struct text value)
{
	if (value.length < inside->sieve->least)
		return;
	size_t end = value.length - inside->sieve->least + 1;
	for (size_t from = 0; from < end; from += PIECE) {
		size_t to = end - from < PIECE ? end : from + PIECE;
		size_t count = index->scan(inside->sieve, value, from, to, scratch->places);
		for (size_t i = 0; i < count; i++)
			search_place(scratch, inside, value, scratch->places[i]);
	}
}

/* The value's first eight bytes or its last ones, as keys are. Of a shorter value what there is: at the lower end of the first
 * ones, at the upper end of the last ones. */
static uint64_t edge_of(enum literal_place place, struct text value)
{
	const uint64_t fold = UINT64_C(0x2020202020202020);
	uint64_t bytes = 0;
	if (value.length >= 8)
		return literal_load(place == LITERAL_END ? value.data + value.length - 8 : value.data) | fold;
	for (size_t i = 0; i < value.length; i++)
		bytes |= (uint64_t)(unsigned char)value.data[i] << 8 * i;
	return (bytes | fold) << (place == LITERAL_END && value.length ? 64 - 8 * value.length : 0);
}

/* The tables of edges in which the value may be found; of an empty value: a whole literal. */
static inline uint32_t due_of(const struct field_index *field, struct text value)
{
	if (!value.length)
		return field->table_count > 0;
	return field->ends->first[end_of(value.data[0])] & field->ends->last[end_of(value.data[value.length - 1])];
}

static void search_edges(struct trigger_scratch *scratch, const struct field_index *field, struct text value, uint32_t due)
{
	for (; due; due &= due - 1) {
		const struct literals_index *one = &field->tables[__builtin_ctz(due)];
		enum literal_place place = (enum literal_place)one->place;
		if (value.length < one->width)
			continue;
		uint64_t key = place == LITERAL_WHOLE ? literal_key_whole(value) : edge_of(place, value) >> one->down & one->mask;
		uint32_t hash = literal_hash(place, key);
		if (literal_bit(one->bits, one->bits_shift, hash))
			literal_table_find(one->table, key, hash, value, 0, &scratch->finds);
	}
}

static bool number_of(enum value_type type, const struct value *value, int64_t *number)
{
	if (type == TYPE_LONG || type == TYPE_DATE)
		*number = value->number;
	else if (type == TYPE_BOOLEAN)
		*number = value->truth;
	else
		return text_to_long(value->text, number);
	return true;
}

static void search_value(const struct trigger_index *index, struct trigger_scratch *scratch, const struct field_index *field,
	const struct value *value)
{
	struct finds *finds = &scratch->finds;
	int64_t number;
	struct ip ip;
	search_edges(scratch, field, value->text, due_of(field, value->text));
	for (size_t i = 0; i < field->inside_count; i++)
		search_inside(index, scratch, &field->insides[i], value->text);
	if (field->range_count && number_of(field->type, value, &number))
		ranges_find(field->ranges, field->range_count, number, finds);
	if (field->network_count && field->type == TYPE_IP)
		networks_find(field->networks, field->network_count, &value->ip, finds);
	else if (field->network_count && ip_parse(value->text, &ip))
		networks_find(field->networks, field->network_count, &ip, finds);
}

/* What was found of the value before, else it is searched. `clean`: no trigger of a value of the field was found on the
 * facet yet, so that all that is found now is. `alone`: the facet has no other value of the field. */
static void search_known(const struct trigger_index *index, struct trigger_scratch *scratch, const struct field_index *field,
	const struct value *value, bool clean, bool alone)
{
	struct finds *finds = &scratch->finds;
	struct value_memo *memo = &scratch->memos[field->number];
	struct recalled *known = value_memo_recall(memo, value->text);
	size_t before = finds->count;
	uint64_t compared = finds->compared;
	if (!known) {
		search_value(index, scratch, field, value);
		if (clean)
			known = value_memo_keep(memo, value->text, finds->found + before, finds->count - before,
				finds->compared - compared);
	} else {
		for (uint32_t i = 0; i < known->count; i++)
			finds_add(finds, known->triggers[i]);
		finds->compared += known->compared;
	}
	if (alone)
		scratch->recalled[field->number] = (struct trigger_recalled){known, finds->epoch};
}

/* What holds since the field is there, and since it has a value. */
static void add_presence(struct trigger_scratch *scratch, const struct field_index *field, const struct values *values)
{
	for (size_t t = 0; t < field->present_count; t++)
		finds_add(&scratch->finds, field->present[t]);
	for (size_t t = 0; values->count && t < field->any_count; t++)
		finds_add(&scratch->finds, field->any[t]);
}

static void search_values(const struct trigger_index *index, struct trigger_scratch *scratch, const struct field_index *field,
	const struct values *values)
{
	if (field->presence)
		add_presence(scratch, field, values);
	size_t before = scratch->finds.count;
	for (size_t v = 0; v < values->count; v++) {
		const struct value *value = &values->items[v];
		if (field->edges && !due_of(field, value->text))
			continue; /* to remember that would cost more */
		if (field->type == TYPE_KEYWORD)
			search_known(index, scratch, field, value, scratch->finds.count == before, values->count == 1);
		else
			search_value(index, scratch, field, value);
	}
}

static const struct due_list *due_of_form(const struct trigger_index *index, struct trigger_scratch *scratch,
	const struct facet *facet, struct facet_form form)
{
	struct due_list *list = &scratch->lists[form.number ? form.place : FORM_PLACES];
	if (form.number && list->form == form.number)
		return list;
	list->form = form.number;
	list->count = 0;
	for (size_t i = 0; facet->count && i < index->asked_count; i++) {
		unsigned at = facet->position[index->asked[i]->field];
		if (at)
			list->items[list->count++] = (struct due){index->asked[i], at - 1};
	}
	return list;
}

static void begin(struct trigger_scratch *scratch, uint32_t *found)
{
	struct finds *finds = &scratch->finds;
	if (!++finds->epoch) {
		memset(finds->stamps, 0, scratch->trigger_count * sizeof *finds->stamps);
		memset(scratch->recalled, 0, scratch->memo_count * sizeof *scratch->recalled);
		finds->epoch = 1;
	}
	finds->found = found;
	finds->count = 0;
}

size_t trigger_index_search_form(const struct trigger_index *index, struct trigger_scratch *scratch, const struct facet *facet,
	struct facet_form form, uint32_t *found)
{
	const struct due_list *list = due_of_form(index, scratch, facet, form);
	const struct facet_entry *entries = facet->entries;
	begin(scratch, found);
	/* Events that were read in batches have left the nearest cache: all is fetched before the first value is looked at. */
	for (const struct due *due = list->items; due < list->items + list->count; due++)
		if (entries[due->entry].values.count)
			__builtin_prefetch(entries[due->entry].values.items[0].text.data);
	for (const struct due *due = list->items; due < list->items + list->count; due++)
		search_values(index, scratch, due->field, &entries[due->entry].values);
	return scratch->finds.count;
}

size_t trigger_index_search(const struct trigger_index *index, struct trigger_scratch *scratch, const struct facet *facet,
	uint32_t *found)
{
	return trigger_index_search_form(index, scratch, facet, (struct facet_form){0, 0}, found);
}

size_t trigger_index_field(const struct trigger_index *index, unsigned field)
{
	size_t at = 0;
	while (at < index->asked_count && index->asked[at]->field != field)
		at++;
	return at < index->asked_count && index->asked[at]->type == TYPE_KEYWORD ? at : SIZE_MAX;
}
