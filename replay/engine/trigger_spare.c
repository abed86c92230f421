/* trigger_spare: which passes over a field's values are worth it (see triggers.h). */
#include "replay/engine/triggers.h"

#include <math.h>
#include <stdlib.h>

enum {
	PASS_COST = 800,  /* of one, as triggers cost: most of verifying a condition of every facet */
	PASS_USERS = 32   /* conditions that use it: of more it is not asked whether they could do without */
};

/* Words of one width inside of one field. */
struct pass {
	uint32_t users;
	bool barred;
};

struct sparing {
	struct trigger_choice *choice;
	const struct outline *const *roots;
	size_t count;
	struct chosen *chosen;
	struct pass *passes; /* [fields * GRAM_WIDTH] */
	uint32_t *users;     /* of the pass at hand */
};

static struct pass *pass_of(const struct sparing *s, uint32_t trigger)
{
	const struct trigger *t = &s->choice->pool->items[trigger];
	if (t->kind != TRIGGER_CONTAINS)
		return NULL;
	size_t width = t->text.length < GRAM_WIDTH ? t->text.length : GRAM_WIDTH;
	return &s->passes[t->field * GRAM_WIDTH + width - 1];
}

static bool uses(const struct sparing *s, const struct chosen *chosen, const struct pass *pass)
{
	for (size_t i = 0; i < chosen->count; i++)
		if (pass_of(s, chosen->triggers[i]) == pass)
			return true;
	return false;
}

static void count_users(struct sparing *s)
{
	for (size_t i = 0; i < s->count; i++)
		for (size_t k = 0; k < s->chosen[i].count; k++) {
			struct pass *pass = pass_of(s, s->chosen[i].triggers[k]);
			bool counted = !pass;
			for (size_t j = 0; j < k && !counted; j++)
				counted = pass_of(s, s->chosen[i].triggers[j]) == pass;
			if (pass)
				pass->users += !counted;
		}
}

/* No trigger of the pass can be taken from now on; `costs`: of all triggers, as they were: they can be taken again. */
static void bar(struct sparing *s, struct pass *pass, const double *costs)
{
	pass->barred = costs == NULL;
	for (uint32_t i = 0; i < s->choice->pool->count; i++)
		if (pass_of(s, i) == pass)
			s->choice->costs[i] = costs ? costs[i] : (double)INFINITY;
}

static double cost_of_users(const struct sparing *s, size_t count)
{
	double sum = 0;
	for (size_t i = 0; i < count; i++)
		sum += choice_cost(s->choice, s->roots[s->users[i]]);
	return sum;
}

/* Bars the pass, if what its users take instead is cheaper; they choose again. */
static void weigh(struct sparing *s, struct pass *pass, const double *costs)
{
	size_t count = 0;
	for (size_t i = 0; i < s->count && count < PASS_USERS; i++)
		if (uses(s, &s->chosen[i], pass))
			s->users[count++] = (uint32_t)i;
	double before = cost_of_users(s, count);
	bar(s, pass, NULL);
	double instead = cost_of_users(s, count);
	if (!(instead - before < PASS_COST)) {
		bar(s, pass, costs);
		return;
	}
	for (size_t i = 0; i < count; i++)
		choice_take(s->choice, s->roots[s->users[i]], CHOICE_HOLDS, &s->chosen[s->users[i]]);
}

void choice_spare(struct trigger_choice *choice, const struct outline *const *roots, size_t count, struct chosen *chosen)
{
	struct arena arena = {0};
	size_t passes = choice->pool->registry->field_count * GRAM_WIDTH;
	struct sparing s = {choice, roots, count, chosen, arena_array(&arena, passes + 1, sizeof *s.passes),
		arena_array(&arena, PASS_USERS, sizeof *s.users)};
	double *costs = arena_array(&arena, choice->pool->count + 1, sizeof *costs);
	for (size_t i = 0; i < choice->pool->count; i++)
		costs[i] = choice->costs[i];
	count_users(&s);
	for (uint32_t i = 0; i < choice->pool->count; i++) { /* nobody begins a pass that nobody took */
		const struct pass *pass = pass_of(&s, i);
		if (pass && !pass->users)
			choice->costs[i] = (double)INFINITY;
	}
	for (size_t users = 1; users <= PASS_USERS; users++)
		for (size_t i = 0; i < passes; i++)
			if (s.passes[i].users == users)
				weigh(&s, &s.passes[i], costs);
	arena_free(&arena);
}
