/* mutate: see mutate.h. */
#include "replay/mutate/mutate.h"

#include "replay/mutate/judge.h"
#include "replay/mutate/tools.h"

#include <stdarg.h>
#include <stdlib.h>

struct candidate {
	struct act act;
	const struct mutate_operator *first, *second;
};

struct mutation {
	struct arena arena;   /* misses, tools */
	struct arena scratch; /* mutants of the event in hand */
	const struct catalog *catalog;
	const struct detection *detection;
	struct mutate_options options;
	struct act_fields fields;
	struct tools *tools;
	struct mutate_judge *judge;
	struct mutate_score score;
	struct operator_score *operators;
	struct mutate_miss *misses;
	size_t miss_count, origins;
	uint64_t *origin_hashes; /* of what was mutated, as it was spelt */
	uint64_t random;
	/* of the event in hand */
	struct text origin, before;
	bool needed;          /* without it the detection does not match */
	uint64_t *seen;
	size_t seen_count;
	struct candidate *kept; /* equivalents of one operator, for pairs */
	size_t kept_count;
};

/* --- what operators are given --- */

void maker_add(struct maker *maker, struct act act)
{
	if (maker->count == MADE_MOST_OF_ONE)
		return;
	maker->made = arena_grow(maker->arena, maker->made, maker->count, sizeof(*maker->made));
	maker->made[maker->count++] = act;
}

void maker_add_words(struct maker *maker, const struct text *words, size_t count)
{
	maker_add(maker, act_of_words(maker->arena, maker->fields, maker->act, words, count));
}

const struct texts *maker_words(const struct maker *maker)
{
	return act_words(maker->fields, maker->act);
}

struct text maker_text(struct maker *maker, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	struct text text = text_of(arena_vprintf(maker->arena, format, arguments));
	va_end(arguments);
	return text;
}

size_t mutate_operator_count(void)
{
	size_t count = 0;
	while (mutate_operators[count].name != NULL)
		count++;
	return count;
}

/* --- choosing --- */

/* splitmix64 */
static uint64_t draw(struct mutation *m)
{
	uint64_t z = m->random += 0x9e3779b97f4a7c15U;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return z ^ (z >> 31);
}

static bool is_new(struct mutation *m, struct text spelled)
{
	const uint64_t hash = text_hash(spelled);
	for (size_t i = 0; i < m->seen_count; i++)
		if (m->seen[i] == hash)
			return false;
	m->seen = arena_grow(&m->scratch, m->seen, m->seen_count, sizeof(*m->seen));
	m->seen[m->seen_count++] = hash;
	return true;
}

static bool matches(void *context, const struct act *act)
{
	struct mutation *m = context;
	return mutate_judge_matches(m->judge, m->detection, act);
}

static void apply(struct mutation *m, const struct mutate_operator *op, const struct act *act, struct maker *maker)
{
	*maker = (struct maker){.arena = &m->scratch, .catalog = m->catalog, .fields = &m->fields, .tools = m->tools,
		.detection = m->detection, .act = act, .matches = matches, .context = m};
	op->make(maker);
}

/* --- judging --- */

static void add_miss(struct mutation *m, const struct candidate *mutant, enum mutant_kind kind, struct text spelled)
{
	struct mutate_miss miss = {.first = mutant->first, .second = mutant->second, .kind = kind, .origin = m->origin,
		.before = m->before, .spelled = text_copy(&m->arena, spelled)};
	mutate_judge_explains(m->judge, m->detection, &mutant->act, &m->arena, &miss.condition, &miss.event);
	m->misses = arena_grow(&m->arena, m->misses, m->miss_count, sizeof(*m->misses));
	m->misses[m->miss_count++] = miss;
}

/* false: such a one came before. */
static bool judge(struct mutation *m, const struct candidate *mutant)
{
	const struct mutate_operator *last = mutant->second != NULL ? mutant->second : mutant->first;
	const struct text spelled = act_spelled(&m->scratch, &m->catalog->registry, &m->fields, &mutant->act);
	if ((last->kind == MUTANT_NEAR_MISS && !m->needed) || !is_new(m, spelled))
		return false;
	const bool equivalent = last->kind == MUTANT_EQUIVALENT;
	const bool right = mutate_judge_matches(m->judge, m->detection, &mutant->act) == equivalent;
	struct operator_score *own = &m->operators[mutant->first - mutate_operators];
	struct operator_score *second = &m->operators[last - mutate_operators];
	own->made++;
	own->right += right;
	if (second != own) {
		second->made++;
		second->right += right;
	}
	if (equivalent) {
		m->score.equivalents++;
		m->score.caught += right;
	} else {
		m->score.near_misses++;
		m->score.silent += right;
	}
	if (!right)
		add_miss(m, mutant, last->kind, spelled);
	return true;
}

static void run_operator(struct mutation *m, const struct mutate_operator *op, const struct act *act)
{
	struct maker maker;
	apply(m, op, act, &maker);
	size_t left = maker.count, taken = 0;
	while (left > 0 && taken < m->options.most) {
		const size_t at = maker.count > m->options.most ? draw(m) % left : 0;
		const struct candidate mutant = {maker.made[at], op, NULL};
		for (size_t i = at + 1; i < left; i++)
			maker.made[i - 1] = maker.made[i];
		left--;
		if (!judge(m, &mutant))
			continue;
		taken++;
		if (op->kind != MUTANT_EQUIVALENT)
			continue;
		m->kept = arena_grow(&m->scratch, m->kept, m->kept_count, sizeof(*m->kept));
		m->kept[m->kept_count++] = mutant;
	}
}

/* Equivalents are mutated once more, by another operator of either kind. */
static void run_pairs(struct mutation *m)
{
	const size_t operators = mutate_operator_count();
	size_t tries = m->kept_count > 0 ? MUTATE_PAIRS * 6 : 0;
	for (size_t made = 0; made < MUTATE_PAIRS && tries > 0; tries--) {
		const struct candidate *first = &m->kept[draw(m) % m->kept_count];
		const struct mutate_operator *op = &mutate_operators[draw(m) % operators];
		struct maker maker = {0};
		if (op == first->first)
			continue;
		apply(m, op, &first->act, &maker);
		if (maker.count == 0)
			continue;
		const struct candidate mutant = {maker.made[draw(m) % maker.count], first->first, op};
		made += judge(m, &mutant);
	}
}

/* Of a series the others may do: then one of them is nothing that must be caught or spared. */
static bool is_needed(struct mutation *m, const struct act *act)
{
	struct act without = *act;
	without.absent = true;
	return act->series == NULL || !mutate_judge_matches(m->judge, m->detection, &without);
}

static bool mutate_act(struct mutation *m, const struct act *act, struct text origin)
{
	const struct text before = act_spelled(&m->scratch, &m->catalog->registry, &m->fields, act);
	const uint64_t hash = text_hash(before);
	for (size_t i = 0; i < m->origins; i++)
		if (m->origin_hashes[i] == hash && act->series == NULL)
			return false;
	if (!mutate_judge_matches(m->judge, m->detection, act))
		return false;
	m->origin_hashes = arena_grow(&m->arena, m->origin_hashes, m->origins, sizeof(*m->origin_hashes));
	m->origin_hashes[m->origins] = hash;
	m->random = m->options.seed ^ text_hash(m->detection->name) ^ (text_hash(origin) << 1);
	m->origin = text_copy(&m->arena, origin);
	m->before = text_copy(&m->arena, before);
	m->origins++;
	is_new(m, m->before);
	m->needed = is_needed(m, act);
	for (const struct mutate_operator *op = mutate_operators; op->name != NULL; op++)
		run_operator(m, op, act);
	run_pairs(m);
	return true;
}

static void end_act(struct mutation *m)
{
	arena_reset(&m->scratch);
	m->seen = NULL;
	m->kept = NULL;
	m->seen_count = m->kept_count = 0;
}

/* --- from outside --- */

struct mutation *mutation_new(const struct catalog *catalog, const struct detection *detection,
	const struct mutate_options *options)
{
	struct mutation *m = mem_alloc(sizeof *m);
	*m = (struct mutation){.catalog = catalog, .detection = detection, .options = *options};
	if (m->options.most == 0)
		m->options.most = MUTATE_MOST;
	act_fields_find(&m->fields, &catalog->registry);
	m->tools = tools_new(&m->arena);
	m->judge = mutate_judge_new(catalog);
	m->operators = arena_array(&m->arena, mutate_operator_count() + 1, sizeof *m->operators);
	return m;
}

void mutation_free(struct mutation *m)
{
	if (m == NULL)
		return;
	mutate_judge_free(m->judge);
	arena_free(&m->scratch);
	arena_free(&m->arena);
	free(m);
}

static void mutate_test(struct mutation *m, const struct detection_test *test)
{
	struct test_event alone = {test->facets, test->facet_count, test->place};
	const struct test_event *events = test->event_count > 0 ? test->events : &alone;
	const size_t count = test->event_count > 0 ? test->event_count : 1;
	for (size_t i = 0; i < count; i++) {
		struct act act = {.facet = events[i].facets[0], .beside = events[i].facets + 1,
			.beside_count = events[i].facet_count - 1};
		if (test->event_count > 0) {
			act.series = events;
			act.series_count = count;
			act.at = i;
		}
		mutate_act(m, &act, test->name);
		end_act(m);
	}
}

void mutation_tests(struct mutation *m)
{
	for (size_t i = 0; i < m->detection->test_count; i++)
		if (m->detection->tests[i].expect == EXPECT_MATCH)
			mutate_test(m, &m->detection->tests[i]);
}

bool mutation_event(struct mutation *m, const struct event *event, const char *origin)
{
	const struct act act = act_of_event(&m->scratch, event);
	const bool taken = event->facet_count > 0 && mutate_act(m, &act, text_of(origin));
	end_act(m);
	return taken;
}

size_t mutation_origins(const struct mutation *m)
{
	return m->origins;
}

struct mutate_score mutation_score(const struct mutation *m)
{
	return m->score;
}

const struct operator_score *mutation_operators(const struct mutation *m)
{
	return m->operators;
}

const struct mutate_miss *mutation_misses(const struct mutation *m, size_t *count)
{
	*count = m->miss_count;
	return m->misses;
}

double mutate_value(const struct mutate_score *score)
{
	const double caught = score->equivalents > 0 ? (double)score->caught / (double)score->equivalents : 1;
	const double silent = score->near_misses > 0 ? (double)score->silent / (double)score->near_misses : 1;
	if (score->equivalents == 0)
		return silent;
	return score->near_misses == 0 ? caught : (caught + silent) / 2;
}

struct mutate_score mutate_score(const struct catalog *catalog, const struct detection *detection)
{
	struct mutation *m = mutation_new(catalog, detection, &(struct mutate_options){0});
	mutation_tests(m);
	const struct mutate_score score = mutation_score(m);
	mutation_free(m);
	return score;
}
