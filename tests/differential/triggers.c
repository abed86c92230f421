/*
 * triggers: the index of triggers beside each trigger asked by itself, on random triggers and events near them, at every level.
 *
 *   triggers CATALOG [PAIRS [SEED]]      a pair is a trigger and a facet
 */
#include "replay/engine/trigger_index.h"
#include "tests/differential/engine_random.h"

#include <inttypes.h>

enum { MOST_DIFFERENCES = 5 };

struct testing {
	struct arena arena;
	const struct catalog *catalog;
	struct random_making making;
	struct literals literals;
	struct trigger *triggers;
	size_t count;
	struct gram_counts *grams;
	uint64_t pairs, found, differences;
};

static bool value_holds(const struct trigger *t, enum value_type type, const struct value *value)
{
	struct ip ip;
	switch (t->kind) {
	case TRIGGER_EQUAL:
		return t->fold ? text_equal_fold(value->text, t->text) : text_equal(value->text, t->text);
	case TRIGGER_STARTS:
		return text_starts(value->text, t->text, t->fold);
	case TRIGGER_ENDS:
		return text_ends(value->text, t->text, t->fold);
	case TRIGGER_CONTAINS:
		return text_contains(value->text, t->text, t->fold);
	case TRIGGER_RANGE:
		if (type == TYPE_BOOLEAN)
			return (int64_t)value->truth >= t->low && (int64_t)value->truth <= t->high;
		return value->number >= t->low && value->number <= t->high;
	case TRIGGER_NETWORK:
		return type == TYPE_IP ? cidr_holds(t->cidr, &value->ip) : ip_parse(value->text, &ip) && cidr_holds(t->cidr, &ip);
	default:
		return true;
	}
}

static bool holds(const struct trigger *t, const struct facet *facet)
{
	const struct values *values = facet_get(facet, t->field);
	if (t->kind == TRIGGER_EXISTS || values == NULL)
		return values != NULL;
	for (size_t i = 0; i < values->count; i++)
		if (value_holds(t, facet->registry->fields[t->field].type, &values->items[i]))
			return true;
	return false;
}

/* ---- random triggers ---- */

static void add_trigger(struct testing *t, struct trigger trigger)
{
	t->triggers = arena_grow(&t->arena, t->triggers, t->count, sizeof(*t->triggers));
	t->triggers[t->count++] = trigger;
}

static struct cidr *random_network(struct testing *t)
{
	struct cidr *cidr = arena_alloc(&t->arena, sizeof(*cidr));
	cidr_parse(text_of(RANDOM_OF(&t->making.state, networks)), cidr);
	return cidr;
}

static void random_trigger(struct testing *t)
{
	uint64_t *state = &t->making.state;
	unsigned field = random_field(state, &t->catalog->registry);
	enum value_type type = t->catalog->registry.fields[field].type;
	struct trigger trigger = {.field = field, .kind = TRIGGER_EXISTS};

	if (type == TYPE_KEYWORD) {
		trigger.kind = TRIGGER_EQUAL + (enum trigger_kind)random_below(state, 4);
		trigger.fold = random_below(state, 3) == 0;
		trigger.text = literal_word(&t->making);
		while (trigger.text.length == 0)
			trigger.text = random_word(state, &t->arena);
		if (random_below(state, 12) == 0) {
			trigger.kind = TRIGGER_NETWORK;
			trigger.cidr = random_network(t);
		}
	} else if (type == TYPE_IP) {
		trigger.kind = TRIGGER_NETWORK;
		trigger.cidr = random_network(t);
	} else if (random_below(state, 20)) {
		int64_t a = type == TYPE_BOOLEAN ? (int64_t)random_below(state, 2) : RANDOM_OF(state, some_numbers), b = RANDOM_OF(state, some_numbers);
		trigger.kind = TRIGGER_RANGE;
		trigger.low = random_below(state, 2) || a < b ? a : b;
		trigger.high = trigger.low == a && a <= b && random_below(state, 2) ? b : trigger.low;
		if (random_below(state, 6) == 0)
			trigger.low = INT64_MIN;
	}
	if (random_below(state, 40) == 0)
		trigger.kind = TRIGGER_EXISTS;
	add_trigger(t, trigger);
}

/* Events come near literals; these are the triggers' own, as predicates. */
static void note_trigger(struct testing *t, const struct trigger *trigger)
{
	static const enum predicate_operator operators[] = {[TRIGGER_EXISTS] = OPERATOR_EXISTS, [TRIGGER_EQUAL] = OPERATOR_EQUAL,
		[TRIGGER_STARTS] = OPERATOR_STARTS, [TRIGGER_ENDS] = OPERATOR_ENDS, [TRIGGER_CONTAINS] = OPERATOR_CONTAINS,
		[TRIGGER_RANGE] = OPERATOR_EQUAL, [TRIGGER_NETWORK] = OPERATOR_CIDR};
	struct predicate *p = arena_alloc(&t->arena, sizeof(*p));
	struct value *value = arena_alloc(&t->arena, sizeof(*value));
	*value = (struct value){.text = trigger->text};
	if (trigger->kind == TRIGGER_RANGE)
		value->number = random_below(&t->making.state, 2) ? trigger->low : trigger->high;
	*p = (struct predicate){.field = trigger->field, .op = operators[trigger->kind], .fold = trigger->fold, .values = value,
		.count = trigger->kind != TRIGGER_EXISTS, .other = FIELD_NONE};
	if (trigger->kind == TRIGGER_NETWORK)
		p->values = NULL, p->count = 0;
	t->literals.items = arena_grow(&t->arena, t->literals.items, t->literals.count, sizeof(*t->literals.items));
	t->literals.items[t->literals.count++] = (struct literal){p, 0};
}

/* ---- asking ---- */

static void tell(const struct testing *t, size_t at, const struct facet *facet, enum simd_level level, bool expected)
{
	const struct trigger *trigger = &t->triggers[at];
	struct buffer out = {0};
	const struct values *values = facet_get(facet, trigger->field);

	condition_print_string(trigger->text, &out);
	printf("DIFFERENT at level %s: %.*s, kind %d%s, %s, %" PRId64 " to %" PRId64 ": %s expected, of %zu triggers\n", simd_level_name(level),
		TEXT_ARGS(t->catalog->registry.fields[trigger->field].name), (int)trigger->kind, trigger->fold ? " fold" : "", out.data, trigger->low,
		trigger->high, expected ? "yes" : "no", t->count);
	for (size_t i = 0; values && i < values->count; i++) {
		buffer_clear(&out);
		condition_print_string(values->items[i].text, &out);
		printf("  value: %s\n", out.data);
	}
	buffer_free(&out);
}

static void compare(struct testing *t, const struct facet *facet, enum simd_level level, const uint32_t *found, size_t count)
{
	uint8_t *seen = mem_alloc(t->count + 1);
	memset(seen, 0, t->count + 1);
	for (size_t i = 0; i < count; i++)
		seen[found[i]]++;
	for (size_t i = 0; i < t->count; i++) {
		bool expected = holds(&t->triggers[i], facet);
		t->found += expected && level == SIMD_PLAIN;
		if (seen[i] != expected && t->differences++ < MOST_DIFFERENCES)
			tell(t, i, facet, level, expected);
	}
	t->pairs += level == SIMD_PLAIN ? t->count : 0;
	free(seen);
}

static void ask(struct testing *t, size_t events)
{
	struct trigger_index *indexes[SIMD_LEVELS];
	struct trigger_scratch *scratches[SIMD_LEVELS];
	enum simd_level levels = simd_level_best() + 1;
	uint32_t *found = arena_array(&t->arena, t->count + 1, sizeof(*found));
	struct arena arena = {0};

	for (enum simd_level level = SIMD_PLAIN; level < levels; level++) {
		indexes[level] = trigger_index_make(&t->arena, &t->catalog->registry, t->triggers, t->count, t->grams, level);
		scratches[level] = trigger_scratch_new(indexes[level]);
	}
	for (size_t i = 0; i < events && t->differences < MOST_DIFFERENCES; i++) {
		struct test_event spec = engine_event(&t->making.state, &arena, &t->catalog->registry, &t->literals);
		struct event event;
		event_begin(&event, &arena, &t->catalog->registry);
		test_event_make(&spec, &event);
		for (size_t f = 0; f < event.facet_count; f++)
			for (enum simd_level level = SIMD_PLAIN; level < levels; level++)
				compare(t, event.facets[f], level, found,
					trigger_index_search(indexes[level], scratches[level], event.facets[f], found));
		arena_reset(&arena);
	}
	for (enum simd_level level = SIMD_PLAIN; level < levels; level++)
		trigger_scratch_free(scratches[level]);
	arena_free(&arena);
}

/* Counts of grams, of a few events; every other time there are none. */
static void count_grams(struct testing *t)
{
	t->grams = random_below(&t->making.state, 2) ? gram_counts_new(&t->catalog->registry) : NULL;
	for (size_t i = 0; t->grams && i < 50; i++) {
		struct test_event spec = engine_event(&t->making.state, &t->arena, &t->catalog->registry, &t->literals);
		struct event event;
		event_begin(&event, &t->arena, &t->catalog->registry);
		test_event_make(&spec, &event);
		for (size_t f = 0; f < event.facet_count; f++)
			gram_counts_add(t->grams, event.facets[f]);
	}
}

static void run(const struct catalog *catalog, size_t count, size_t events, uint64_t seed, struct testing *sums)
{
	struct testing t = {.catalog = catalog};
	t.making = (struct random_making){.arena = &t.arena, .registry = &catalog->registry, .scope = &catalog->scope, .state = seed};
	t.making.word_count = 1 + random_below(&t.making.state, 200);
	t.making.words = arena_array(&t.arena, 200, sizeof(*t.making.words));
	t.literals.arena = &t.arena;
	for (size_t i = 0; i < t.making.word_count; i++)
		t.making.words[i] = random_word(&t.making.state, &t.arena);
	for (size_t i = 0; i < count; i++)
		random_trigger(&t);
	for (size_t i = 0; i < count; i++)
		note_trigger(&t, &t.triggers[i]);
	count_grams(&t);
	ask(&t, events);
	gram_counts_free(t.grams);
	sums->pairs += t.pairs;
	sums->found += t.found;
	sums->differences += t.differences;
	arena_free(&t.arena);
}

int main(int count, char **arguments)
{
	static const struct {
		size_t triggers, events;
	} sizes[] = {{1, 100}, {3, 100}, {20, 200}, {300, 200}, {5000, 100}};
	struct catalog catalog = {.documents = NULL};
	struct diagnostics d = {0};
	struct testing sums = {.pairs = 0};
	uint64_t pairs = count > 2 ? strtoull(arguments[2], NULL, 10) : 2000000, seed = count > 3 ? strtoull(arguments[3], NULL, 10) : 1;

	if (count < 2 || catalog_load(&catalog, arguments[1], &d) != 0) {
		diagnostics_print(&d, stderr);
		return 2;
	}
	while (sums.pairs < pairs && sums.differences == 0)
		for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
			for (size_t k = 0; k < 1 + 40 / (sizes[i].triggers + 1); k++)
				run(&catalog, sizes[i].triggers, sizes[i].events, seed++, &sums);
	printf("%" PRIu64 " pairs of a trigger and a facet, %" PRIu64 " hold, levels plain to %s\n", sums.pairs, sums.found,
		simd_level_name(simd_level_best()));
	bool vain = sums.found < sums.pairs / 500;
	printf("%d passed, %" PRIu64 " failed, 0 skipped\n", sums.differences == 0 && !vain, sums.differences + vain);
	catalog_free(&catalog);
	diagnostics_free(&d);
	return sums.differences > 0 || vain;
}
