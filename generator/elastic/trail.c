/* trail: sequences and samples of Elastic's, followed through events. */
#include "generator/elastic/trail.h"

#include "catalog/sequence.h"
#include "generator/elastic/ask.h"

#include <string.h>

enum { STATES_MAX = 512 };

/* What is known of one key. */
struct key_trail {
	struct text key;
	int64_t *begun;    /* [states]: when the pending sequence that waits behind state k began; INT64_MIN: none */
	int64_t *seen;     /* [steps]: when the step last fitted: of missing steps in front, and of samples */
	uint64_t *event;   /* [steps]: by which event, for samples */
	int64_t last;      /* newest event */
};

struct trail {
	struct arena learned;
	const struct eql_query *query;
	int64_t maxspan;       /* INT64_MAX: none */
	size_t *states;        /* [state_count]: the step that each state waits for; steps with runs several times */
	size_t state_count;
	struct key_trail *trails;
	size_t trail_count;
	uint64_t events;
};

static void forget(void *object)
{
	arena_free(&((struct trail *)object)->learned);
}

struct trail *trail_new(struct arena *arena, const struct eql_query *query)
{
	struct trail *chain = arena_alloc(arena, sizeof(*chain));

	chain->query = query;
	if (!duration_parse(query->maxspan, &chain->maxspan))
		chain->maxspan = INT64_MAX;
	chain->states = arena_array(arena, STATES_MAX, sizeof(*chain->states));
	for (size_t i = 0; i < query->count; i++) {
		for (size_t run = 0; run < query->steps[i].runs && !query->steps[i].missing && chain->state_count < STATES_MAX; run++)
			chain->states[chain->state_count++] = i;
	}
	arena_defer(arena, forget, chain);
	return chain;
}

void trail_reset(struct trail *chain)
{
	arena_reset(&chain->learned);
	chain->trails = NULL;
	chain->trail_count = 0;
}

/* --- keys --- */

/* Values of the keys, one behind the other; false: one is missing. */
static bool key_of(const struct trail *chain, const struct eql_step *step, const struct sight *sight, struct buffer *out)
{
	const struct eql_query *query = chain->query;

	for (size_t i = 0; i < query->by_count + step->by_count; i++) {
		struct text name = i < query->by_count ? query->by[i] : step->by[i - query->by_count];
		const struct sight_value *value = sight_get(sight, name);

		if (value == NULL || value->count == 0)
			return false;
		buffer_printf(out, "%zu:%.*s", value->values[0].length, TEXT_ARGS(value->values[0]));
	}
	return true;
}

static struct key_trail *key_trail_of(struct trail *chain, struct text key)
{
	struct key_trail *trail;

	for (size_t i = 0; i < chain->trail_count; i++) {
		if (text_equal(chain->trails[i].key, key))
			return &chain->trails[i];
	}
	chain->trails = arena_grow(&chain->learned, chain->trails, chain->trail_count, sizeof(*chain->trails));
	trail = &chain->trails[chain->trail_count++];
	*trail = (struct key_trail){.key = text_copy(&chain->learned, key), .last = INT64_MIN};
	trail->begun = arena_array(&chain->learned, chain->state_count + 1, sizeof(*trail->begun));
	trail->seen = arena_array(&chain->learned, chain->query->count + 1, sizeof(*trail->seen));
	trail->event = arena_array(&chain->learned, chain->query->count + 1, sizeof(*trail->event));
	for (size_t i = 0; i <= chain->state_count; i++)
		trail->begun[i] = INT64_MIN;
	for (size_t i = 0; i <= chain->query->count; i++)
		trail->seen[i] = INT64_MIN;
	return trail;
}

/* The trail of the sight's key for that step, if it fits the step. */
static struct key_trail *fitting(
	struct trail *chain, struct evaluator *evaluator, const struct eql_step *step, const struct sight *sight)
{
	struct buffer key = {0};
	struct key_trail *trail = NULL;

	if (elastic_fits(evaluator, step, sight) && key_of(chain, step, sight, &key))
		trail = key_trail_of(chain, buffer_view(&key));
	buffer_free(&key);
	return trail;
}

static bool within(const struct trail *chain, int64_t from, int64_t to)
{
	return from != INT64_MIN && (chain->maxspan == INT64_MAX || to - from <= chain->maxspan);
}

/* --- sequences --- */

static void end_all(const struct trail *chain, struct key_trail *trail)
{
	for (size_t i = 0; i < chain->state_count; i++)
		trail->begun[i] = INT64_MIN;
}

/* Missing steps: what waits behind the step before them is over. */
static void see_missing(struct trail *chain, struct evaluator *evaluator, const struct sight *sight, int64_t time)
{
	size_t state = 0;

	for (size_t i = 0; i < chain->query->count; i++) {
		const struct eql_step *step = &chain->query->steps[i];
		struct key_trail *trail = step->missing ? fitting(chain, evaluator, step, sight) : NULL;

		if (trail != NULL && state > 0)
			trail->begun[state - 1] = INT64_MIN;
		if (trail != NULL)
			trail->seen[i] = time;
		state += step->missing ? 0 : step->runs;
	}
}

/* Was a missing step in front seen within maxspan before the end, up to the beginning? */
static bool front_is_clear(const struct trail *chain, const struct key_trail *trail, int64_t begun, int64_t time)
{
	for (size_t i = 0; i < chain->query->count && chain->query->steps[i].missing; i++) {
		int64_t seen = trail->seen[i];

		if (seen != INT64_MIN && within(chain, seen, time) && seen <= begun)
			return false;
	}
	return true;
}

static bool take_state(struct trail *chain, struct key_trail *trail, size_t state, int64_t time)
{
	int64_t begun = state == 0 ? time : trail->begun[state - 1];

	if (!within(chain, begun, time))
		return false;
	if (state > 0)
		trail->begun[state - 1] = INT64_MIN;
	if (state + 1 == chain->state_count)
		return front_is_clear(chain, trail, begun, time);
	trail->begun[state] = begun;
	return false;
}

static const struct sight *take_sequence(
	struct trail *chain, struct evaluator *evaluator, const struct sight *sight, int64_t time)
{
	const struct sight *fired = NULL;
	const struct eql_query *query = chain->query;

	see_missing(chain, evaluator, sight, time);
	if (query->until != NULL) {
		struct key_trail *trail = fitting(chain, evaluator, query->until, sight);

		if (trail != NULL)
			end_all(chain, trail);
	}
	/* From the last state on, so that one event fills one step. */
	for (size_t state = chain->state_count; state-- > 0;) {
		struct key_trail *trail = fitting(chain, evaluator, &query->steps[chain->states[state]], sight);

		if (trail != NULL && take_state(chain, trail, state, time))
			fired = sight;
	}
	return fired;
}

/* --- samples --- */

static const struct sight *take_sample(
	struct trail *chain, struct evaluator *evaluator, const struct sight *sight, int64_t time)
{
	const struct sight *fired = NULL;
	size_t steps = chain->query->count;

	for (size_t i = 0; i < steps; i++) {
		struct key_trail *trail = fitting(chain, evaluator, &chain->query->steps[i], sight);
		size_t others = 0;

		for (size_t k = 0; trail != NULL && k < steps; k++)
			others += k != i && trail->seen[k] != INT64_MIN && trail->event[k] != chain->events;
		if (trail != NULL && others == steps - 1)
			fired = sight;
	}
	for (size_t i = 0; i < steps; i++) {
		struct key_trail *trail = fitting(chain, evaluator, &chain->query->steps[i], sight);

		if (trail == NULL)
			continue;
		trail->seen[i] = time;
		trail->event[i] = chain->events;
	}
	return fired;
}

const struct sight *trail_take(
	struct trail *chain, struct evaluator *evaluator, const struct sight *const *sights, size_t count, int64_t time)
{
	const struct sight *fired = NULL;

	if (time == INT64_MIN)
		return NULL;
	chain->events++;
	for (size_t i = 0; i < count; i++) {
		const struct sight *one = chain->query->kind == EQL_SAMPLE ? take_sample(chain, evaluator, sights[i], time)
			: take_sequence(chain, evaluator, sights[i], time);

		fired = fired != NULL ? fired : one;
	}
	return fired;
}
