/*
 * recipes: which kind a record is of (see recipes.h).
 */
#include "replay/readers/recipes.h"

#include "catalog/regex.h"
#include "replay/readers/recipe.h"

#include <stdlib.h>
#include <string.h>

enum {
	RECIPES_MAX = 2048,
	TABLE_SIZE = RECIPES_MAX * 2,
	KEY_MAX = RUNS_MAX * 3,
	TESTS_MAX = 32,  /* masks and expressions of one name */
	VALUES_MAX = 16, /* of one name that tests look at */
};
#define PART_MARK UINT32_C(0x80000000) /* a word of a key that begins a part */

/* What tests ask of a name. */
struct asked {
	bool missing;  /* whether it says so */
	bool literals; /* which text it is */
	uint16_t test_count;
	const struct dialect_match **tests; /* masks and expressions */
};

/* A text that tests ask for. */
struct literal {
	struct text text;
	uint32_t id;     /* 0: a free slot */
	uint16_t number;
};

struct recipes {
	struct arena arena, scratch;
	const struct record_plan *plan;
	const struct registry *registry;
	struct asked *asked;     /* [name_count + 1] */
	struct literal *literals; /* a hash by number and text */
	size_t literal_slots, literal_count;
	uint32_t *seen;          /* [name_count + 1]: the newest record that had the name */
	uint32_t record;
	struct recipe **table;   /* [TABLE_SIZE] */
	size_t count;
	struct recipe *newest;
	struct minute minute;
	struct run runs[RUNS_MAX];
	size_t run_count;
	uint32_t key[KEY_MAX];
	size_t key_length;
};

/* --- what tests ask --- */

static size_t literal_hash(unsigned number, struct text text)
{
	uint64_t head = 0, tail = 0;
	if (text.length >= sizeof head) {
		memcpy(&head, text.data, sizeof head);
		memcpy(&tail, text.data + text.length - sizeof tail, sizeof tail);
	} else if (text.length >= 4) {
		memcpy(&head, text.data, 4);
		memcpy(&tail, text.data + text.length - 4, 4);
	} else if (text.length) {
		head = (uint64_t)(unsigned char)text.data[0] << 8 | (unsigned char)text.data[text.length - 1];
		tail = (unsigned char)text.data[text.length / 2];
	}
	uint64_t mixed = (head ^ number) * UINT64_C(0x9e3779b97f4a7c15);
	return (size_t)((mixed ^ mixed >> 29 ^ tail ^ (uint64_t)text.length << 56) * UINT64_C(0xff51afd7ed558ccd) >> 32);
}

static struct literal *literal_slot(const struct recipes *r, unsigned number, struct text text)
{
	size_t at = literal_hash(number, text) & (r->literal_slots - 1);
	while (r->literals[at].id && (r->literals[at].number != number || !text_equal(r->literals[at].text, text)))
		at = (at + 1) & (r->literal_slots - 1);
	return &r->literals[at];
}

static void literals_resize(struct recipes *r, size_t slots)
{
	struct literal *old = r->literals;
	size_t before = r->literal_slots;
	r->literals = arena_array(&r->arena, slots, sizeof *r->literals);
	r->literal_slots = slots;
	for (size_t i = 0; i < before; i++)
		if (old[i].id)
			*literal_slot(r, old[i].number, old[i].text) = old[i];
}

static void add_literals(struct recipes *r, unsigned number, const struct dialect_match *match)
{
	r->asked[number].literals = true;
	for (size_t i = 0; i < match->count; i++) {
		if (r->literal_count * 2 + 2 >= r->literal_slots)
			literals_resize(r, r->literal_slots * 2);
		struct literal *slot = literal_slot(r, number, match->values[i]);
		if (!slot->id)
			*slot = (struct literal){match->values[i], (uint32_t)++r->literal_count, (uint16_t)number};
	}
}

static bool add_test(struct recipes *r, unsigned number, const struct dialect_match *match)
{
	struct asked *asked = &r->asked[number];
	for (size_t i = 0; i < asked->test_count; i++)
		if (asked->tests[i] == match)
			return true;
	if (asked->test_count == TESTS_MAX)
		return false;
	asked->tests = arena_grow(&r->arena, (void *)asked->tests, asked->test_count, sizeof *asked->tests);
	asked->tests[asked->test_count++] = match;
	return true;
}

static bool ask(struct recipes *r, const struct plan_test *tests, size_t count)
{
	bool good = true;
	for (size_t i = 0; i < count; i++) {
		const struct dialect_match *match = tests[i].match;
		switch (match->kind) {
		case MATCH_NONE:
			r->asked[tests[i].name].missing = true;
			add_literals(r, tests[i].name, match);
			break;
		case MATCH_EQUAL:
			add_literals(r, tests[i].name, match);
			break;
		case MATCH_PRESENT:
		case MATCH_ABSENT:
			r->asked[tests[i].name].missing = true;
			break;
		case MATCH_MASK:
		case MATCH_REGEX:
			good = good && add_test(r, tests[i].name, match);
			break;
		}
	}
	return good;
}

static bool ask_group(struct recipes *r, const struct plan_group *group)
{
	bool good = ask(r, group->when, group->when_count);
	for (size_t i = 0; i < group->group->event_count; i++) {
		const struct plan_event *event = &group->events[i];
		if (!event->event)
			continue;
		good = good && ask(r, event->tests, event->test_count);
		for (size_t k = 0; k < event->need_count; k++)
			if (event->needs[k].field == FIELD_NONE)
				r->asked[event->needs[k].name].missing = true;
	}
	return good;
}

/* Is a record all that there is to know, and each of its names one number? */
static bool is_plain(const struct record_plan *plan)
{
	const struct dialect *dialect = plan->dialect;
	return !dialect->pair_count && !dialect->unpack_count && !dialect->split_count && !dialect->made_count &&
		!dialect->manifest_count && !dialect->request_count && !plan->starred && !plan->also && !plan->member_count;
}

struct recipes *recipes_new(const struct record_plan *plan, const struct registry *registry)
{
	bool good = true;
	if (!is_plain(plan))
		return NULL;
	struct recipes *r = mem_alloc(sizeof *r);
	memset(r, 0, sizeof *r);
	r->plan = plan;
	r->registry = registry;
	r->asked = arena_array(&r->arena, plan->name_count + 1, sizeof *r->asked);
	r->seen = arena_array(&r->arena, plan->name_count + 1, sizeof *r->seen);
	r->table = arena_array(&r->arena, TABLE_SIZE, sizeof *r->table);
	literals_resize(r, 64);
	for (size_t i = 0; i < plan->group_count && good; i++)
		good = ask_group(r, &plan->groups[i]);
	if (good)
		return r;
	recipes_free(r);
	return NULL;
}

void recipes_free(struct recipes *recipes)
{
	if (!recipes)
		return;
	arena_free(&recipes->scratch);
	arena_free(&recipes->arena);
	free(recipes);
}

/* --- the kind of a record --- */

static uint32_t tests_of(const struct recipes *r, const struct asked *asked, const struct found *found, size_t count)
{
	uint32_t bits = 0;
	for (size_t i = 0; i < asked->test_count; i++)
		bits |= (uint32_t)meaning_value_holds(r->plan, asked->tests[i], found, count) << i;
	return bits;
}

/* What tests see of the values. */
static bool add_asked(struct recipes *r, const struct asked *asked, const struct found *found, size_t count, uint32_t *word)
{
	if (asked->missing && count == 1 && found->value.data)
		*word |= (uint32_t)dialect_is_missing(r->plan->dialect, found->value) << 20;
	if (count > VALUES_MAX)
		return false;
	for (size_t i = 0; asked->literals && i < count && found[i].value.data; i++)
		r->key[r->key_length++] = literal_slot(r, found[i].number, found[i].value)->id;
	if (asked->test_count)
		r->key[r->key_length++] = found->value.data ? tests_of(r, asked, found, count) : 0;
	return true;
}

/* The next parts begin, up to `part`. */
static bool add_parts(struct recipes *r, const uint16_t *parts, size_t from, size_t to)
{
	if (r->key_length + (to - from) + VALUES_MAX + 3 > KEY_MAX)
		return false;
	for (; from < to; from++)
		r->key[r->key_length++] = PART_MARK | parts[from];
	return true;
}

static bool add_run(struct recipes *r, const struct found *found, size_t from, size_t end)
{
	unsigned number = found[from].number;
	bool empty = !found[from].value.data;
	if (r->seen[number] == r->record || r->run_count == RUNS_MAX || r->key_length + VALUES_MAX + 3 > KEY_MAX ||
		(empty && end > from + 1))
		return false;
	r->seen[number] = r->record;
	uint32_t *word = &r->key[r->key_length++];
	*word = number | (empty ? 0u : end - from == 1 ? 1u : 2u) << 16;
	r->runs[r->run_count++] = (struct run){(uint32_t)from, empty ? 0 : (uint32_t)(end - from), (uint16_t)number,
		(uint16_t)found[from].part};
	const struct asked *asked = &r->asked[number];
	return !(asked->missing || asked->literals || asked->test_count) || add_asked(r, asked, found + from, end - from, word);
}

/* Cuts what was found into runs, and makes the key of it. false: a name stands in two places, or parts in no order. */
static bool cut(struct recipes *r, const struct found *found, size_t count, const uint16_t *parts, size_t part_count)
{
	size_t part = 0;
	r->record++;
	r->run_count = r->key_length = 0;
	if (part_count > UINT16_MAX)
		return false;
	for (size_t i = 0, end; i < count; i = end) {
		if (found[i].part != part) {
			if (found[i].part < part || found[i].part > part_count || !add_parts(r, parts, part, found[i].part))
				return false;
			part = found[i].part;
			r->record++;
		}
		for (end = i + 1; end < count && found[end].number == found[i].number && found[end].part == part; end++)
			if (!found[end].value.data)
				return false;
		if (!add_run(r, found, i, end))
			return false;
	}
	return add_parts(r, parts, part, part_count) && r->record != 0;
}

/* The values of one name, of which there may be several, from *at on. */
static inline bool is_list_like(const struct expect *expect, const struct found *found, size_t count, size_t *at)
{
	size_t first = *at;
	if (!found[first].value.data)
		return !expect->values && ++*at;
	while (*at < count && found[*at].number == expect->number && found[*at].part == expect->part && found[*at].value.data)
		++*at;
	return expect->values > 1 && *at - first > 1;
}

/* Are the texts the same? Most are short: two overlapping words of each are compared. */
static inline bool same_text(struct text a, struct text b)
{
	uint64_t words[4];
	if (a.length != b.length)
		return false;
	if (a.length < 8 || a.length > 16)
		return text_equal(a, b);
	memcpy(&words[0], a.data, 8);
	memcpy(&words[1], b.data, 8);
	memcpy(&words[2], a.data + a.length - 8, 8);
	memcpy(&words[3], b.data + b.length - 8, 8);
	return !((words[0] ^ words[1]) | (words[2] ^ words[3]));
}

/* Do tests see the same in the one value that they saw in the recipe's own? */
static inline bool is_seen_alike(const struct recipes *r, const struct expect *expect, const struct found *found)
{
	const struct asked *asked = &r->asked[expect->number];
	if (same_text(expect->value, found->value))
		return true;
	if (asked->literals && literal_slot(r, expect->number, found->value)->id != expect->literal)
		return false;
	return (!asked->missing || dialect_is_missing(r->plan->dialect, found->value) == expect->missing) &&
		(!asked->test_count || tests_of(r, asked, found, 1) == expect->tests);
}

/* What tests see in the one value of a run. */
static void see(struct recipes *r, struct expect *expect, const struct found *found)
{
	const struct asked *asked = &r->asked[expect->number];
	expect->value = text_copy(&r->arena, found->value);
	expect->tests = asked->test_count ? tests_of(r, asked, found, 1) : 0;
	expect->literal = asked->literals ? literal_slot(r, found->number, found->value)->id : 0;
	expect->missing = dialect_is_missing(r->plan->dialect, found->value);
}

/* Is the record like the recipe's own, with the same values where tests look? Nearly always: no key is made then. */
static bool is_like(struct recipes *r, const struct recipe *recipe, const struct found *found, size_t count)
{
	const struct expect *expect = recipe->expects;
	struct run *run = r->runs;
	size_t at = 0;
	if (!expect || count < recipe->expect_count)
		return false;
	for (const struct expect *end = expect + recipe->expect_count; expect < end; expect++, run++) {
		size_t first = at;
		if (first >= count || found[first].number != expect->number || found[first].part != expect->part)
			return false;
		if (expect->values == 1)
			at += found[first].value.data != NULL;
		else if (!is_list_like(expect, found, count, &at))
			return false;
		if (expect->asked && !is_seen_alike(r, expect, &found[first]))
			return false;
		*run = (struct run){(uint32_t)first, expect->values ? (uint32_t)(at - first) : 0, expect->number, expect->part};
	}
	r->run_count = recipe->expect_count;
	return at == count;
}

static bool has_parts(const struct recipe *recipe, const uint16_t *parts, size_t count)
{
	return recipe->part_count == count && (!count || memcmp(recipe->parts, parts, count * sizeof *parts) == 0);
}

/* The recipe of the newest record, or of the one that came behind such a record before; NULL: neither. */
static struct recipe *expected(struct recipes *r, const struct recipe_case *of, size_t count)
{
	struct recipe *first = r->newest, *second = first ? first->follow : NULL;
	if (first && has_parts(first, of->parts, of->part_count) && is_like(r, first, of->found, count))
		return first;
	if (second && has_parts(second, of->parts, of->part_count) && is_like(r, second, of->found, count))
		return second;
	return NULL;
}

static bool is_of(const struct recipe *recipe, const struct recipes *r)
{
	return recipe->key_length == r->key_length && memcmp(recipe->key, r->key, r->key_length * sizeof *r->key) == 0;
}

static uint64_t key_hash(const struct recipes *r)
{
	uint64_t hash = r->key_length;
	for (size_t i = 0; i < r->key_length; i++)
		hash = ((hash << 5 | hash >> 59) ^ r->key[i]) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 32;
}

static void expect(struct recipes *r, const struct recipe_case *of, struct recipe *recipe)
{
	struct expect *expects = arena_array(&r->arena, r->run_count + 1, sizeof *expects);
	uint16_t *parts = arena_array(&r->arena, of->part_count + 1, sizeof *parts);
	uint16_t *asked_at = arena_array(&r->arena, r->run_count + 1, sizeof *asked_at);
	for (size_t i = 0; i < r->run_count; i++) {
		const struct run *run = &r->runs[i];
		const struct asked *asked = &r->asked[run->number];
		expects[i] = (struct expect){run->number, run->part, (uint8_t)(run->count < 2 ? run->count : 2), false, false, 0,
			0, {NULL, 0}};
		expects[i].asked = run->count && (asked->missing || asked->literals || asked->test_count);
		if (expects[i].asked && run->count > 1)
			return;
		if (!expects[i].asked)
			continue;
		see(r, &expects[i], &of->found[run->from]);
		if (i < 64)
			recipe->asked_early |= UINT64_C(1) << i;
		else
			asked_at[recipe->asked_count++] = (uint16_t)i;
	}
	recipe->asked = asked_at;
	if (of->part_count)
		memcpy(parts, of->parts, of->part_count * sizeof *parts);
	recipe->parts = parts;
	recipe->part_count = of->part_count;
	recipe->expects = expects;
	recipe->expect_count = r->run_count;
}

static void learn(struct recipes *r, const struct recipe_case *of, struct recipe *recipe)
{
	uint32_t *key = arena_array(&r->arena, r->key_length + 1, sizeof *key);
	memcpy(key, r->key, r->key_length * sizeof *key);
	recipe->key = key;
	recipe->key_length = r->key_length;
	expect(r, of, recipe);
	arena_reset(&r->scratch);
	recipe_learn(of, recipe, &r->arena, &r->scratch);
}

/* NULL: it is new, and there is no room for more. */
static struct recipe *recipe_of(struct recipes *r, const struct recipe_case *of)
{
	uint64_t hash = key_hash(r);
	size_t at = hash & (TABLE_SIZE - 1);
	for (; r->table[at]; at = (at + 1) & (TABLE_SIZE - 1))
		if (r->table[at]->hash == hash && is_of(r->table[at], r))
			return r->table[at];
	if (r->count == RECIPES_MAX)
		return NULL;
	struct recipe *recipe = arena_alloc(&r->arena, sizeof *recipe);
	recipe->hash = hash;
	learn(r, of, recipe);
	r->table[at] = recipe;
	r->count++;
	return recipe;
}

struct event *recipes_make(struct recipes *recipes, const struct found *found, size_t count, const uint16_t *parts,
	size_t part_count, struct arena *arena, int64_t time)
{
	struct recipe_case of = {recipes->plan, recipes->registry, found, recipes->runs, 0, parts, part_count,
		&recipes->minute};
	struct recipe *recipe = expected(recipes, &of, count);
	if (!recipe && !cut(recipes, found, count, parts, part_count))
		return NULL;
	of.run_count = recipes->run_count;
	if (!recipe)
		recipe = recipe_of(recipes, &of);
	if (recipe && recipes->newest)
		recipes->newest->follow = recipe;
	if (recipe)
		recipes->newest = recipe;
	return recipe && !recipe->general ? recipe_follow(&of, recipe, arena, time) : NULL;
}

static bool are_seen_alike(const struct recipes *r, const struct recipe *recipe, const struct found *found,
	const struct run *runs, uint64_t stay)
{
	for (uint64_t left = recipe->asked_early & ~stay; left; left &= left - 1) {
		size_t at = (size_t)__builtin_ctzll(left);
		if (!is_seen_alike(r, &recipe->expects[at], &found[runs[at].from]))
			return false;
	}
	for (size_t i = 0; i < recipe->asked_count; i++) {
		size_t at = recipe->asked[i];
		if (!is_seen_alike(r, &recipe->expects[at], &found[runs[at].from]))
			return false;
	}
	return true;
}

struct event *recipes_make_alike(struct recipes *recipes, struct alike *alike, const struct found *found,
	const struct run *runs, size_t run_count, struct arena *arena, int64_t time)
{
	struct recipe_case of = {recipes->plan, recipes->registry, found, runs, run_count, NULL, 0, &recipes->minute};
	size_t at = 0;
	while (at < alike->count && !are_seen_alike(recipes, alike->recipes[at], found, runs, alike->stay))
		at++;
	if (at == alike->count)
		return NULL;
	struct recipe *recipe = alike->recipes[at];
	for (; at; at--)
		alike->recipes[at] = alike->recipes[at - 1];
	alike->recipes[0] = recipe;
	return recipe_follow(&of, recipe, arena, time);
}

bool recipes_note_alike(struct recipes *recipes, struct alike *alike, size_t run_count)
{
	struct recipe *recipe = recipes->newest;
	if (!recipe || !recipe->expects || recipe->general || recipe->part_count || recipe->expect_count != run_count)
		return false;
	for (size_t i = 0; i < alike->count; i++)
		if (alike->recipes[i] == recipe)
			return true;
	if (alike->count < ALIKE_MAX)
		alike->count++;
	memmove(alike->recipes + 1, alike->recipes, (alike->count - 1) * sizeof(struct recipe *));
	alike->recipes[0] = recipe;
	return true;
}
