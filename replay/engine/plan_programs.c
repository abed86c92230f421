/* plan_programs: programs for the facets that come to one sieve, by what is known of them and what a sample says. */
#include "replay/engine/plan.h"

#include <stdlib.h>
#include <string.h>

enum { FACETS_MOST = 256, /* of a sample, that units are asked of */
	REMEMBERED_FROM = 4   /* times that a predicate was asked there, for its answers to be remembered with values */ };

/* What a sample says of a sieve. */
struct answers {
	bool *looked_at;        /* by number of the unit: the sieve let it through */
	uint32_t *asked, *held; /* by predicate: of the facets on which a unit that asks it was looked at */
};

static void count_answers(const struct plan *plan, const struct sieve *sieve, const struct facet *const *facets, size_t count,
	struct answers *answers)
{
	struct sifting sifting;
	struct asker asker;
	sifting_make(&sifting, sieve);
	asker_make(&asker, &plan->predicates, plan->evaluator, plan->level);
	for (size_t i = 0; i < count; i += count / FACETS_MOST + 1) {
		asker_begin(&asker, facets[i]);
		sieve_search(sieve, &sifting, facets[i], (struct facet_form){0, 0}, &asker);
		for (size_t k = 0; k < sifting.count; k++) {
			const struct program *program = &sifting.units[k]->program;
			const struct question *questions = questions_of(&plan->questions, program);
			answers->looked_at[sifting.units[k] - sifting.all] = true;
			for (uint32_t q = 0; q < program->count; q++) {
				answers->asked[questions[q].predicate]++;
				answers->held[questions[q].predicate] += asker_ask(&asker, questions[q].predicate) & ANSWER_HOLDS;
			}
		}
	}
	asker_free(&asker);
	sifting_free(&sifting);
}

/* Is its answer a matter of a value alone, if the facet has one? */
static bool is_of_value(const struct interned *one)
{
	return one->other == FIELD_NONE && one->asking != ASK_PRESENT && one->asking != ASK_ABSENT && one->asking != ASK_PLAIN;
}

struct often {
	uint32_t predicate, asked;
};

static int order_often(const void *left, const void *right)
{
	const struct often *a = left, *b = right;
	if (a->asked != b->asked)
		return a->asked > b->asked ? -1 : 1;
	return (a->predicate > b->predicate) - (a->predicate < b->predicate);
}

/* Those that were asked most often, of each field. */
static void choose_remembered(struct plan *plan, struct sieve *sieve, const uint32_t *asked, struct arena *arena)
{
	struct often *often = arena_array(arena, sieve->predicate_count + 1, sizeof *often);
	uint8_t *used = arena_array(arena, plan->catalog->registry.field_count, sizeof *used);
	uint16_t *remembered = arena_array(&plan->arena, sieve->predicate_count + 1, sizeof *remembered);
	size_t count = 0;
	for (size_t i = 0; i < sieve->predicate_count; i++)
		if (asked[i] >= REMEMBERED_FROM && is_of_value(&plan->predicates.items[i]))
			often[count++] = (struct often){(uint32_t)i, asked[i]};
	if (count)
		qsort(often, count, sizeof *often, order_often);
	for (size_t i = 0; i < count; i++) {
		unsigned field = plan->predicates.items[often[i].predicate].field;
		size_t place = trigger_index_field(sieve->index, field);
		if (place < UINT16_MAX / VALUE_MEMO_QUESTIONS && used[field] < VALUE_MEMO_QUESTIONS)
			remembered[often[i].predicate] = (uint16_t)(1 + VALUE_MEMO_QUESTIONS * place + used[field]++);
	}
	sieve->remembered = remembered;
}

/* As they stand, they never change: out of the heap. */
static void settle(struct questions *questions, struct arena *arena)
{
	struct question *items = arena_array(arena, questions->count + 1, sizeof *items);
	if (questions->count)
		memcpy(items, questions->items, questions->count * sizeof *items);
	questions_free(questions);
	questions->items = items;
}

void plan_programs_make(struct plan *plan, struct sieve *sieve, const unsigned char *known, const struct facet *const *facets,
	size_t count)
{
	struct arena arena = {0};
	size_t predicates = plan->predicates.count;
	struct answers answers = {arena_array(&arena, sieve->count + 1, sizeof *answers.looked_at),
		arena_array(&arena, predicates + 1, sizeof *answers.asked), arena_array(&arena, predicates + 1, sizeof *answers.held)};
	count_answers(plan, sieve, facets, count, &answers);
	struct program_facets of = {known, answers.asked, answers.held};
	for (size_t i = 0; i < sieve->count; i++) {
		struct sieved *one = &sieve->sieved[i];
		if (!answers.looked_at[i])
			continue;
		one->program = program_make_for(&sieve->questions, &plan->predicates, one->outline, &of);
		one->own = true;
	}
	settle(&sieve->questions, &plan->arena);
	choose_remembered(plan, sieve, answers.asked, &arena);
	arena_free(&arena);
}
