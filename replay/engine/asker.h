/*
 * asker: asks predicates of a facet, each once, and remembers what it found until the next facet.
 *
 *   asker_begin(&asker, facet);
 *   if (asker_ask(&asker, 17) & ANSWER_HOLDS) …      -- worked out
 *   if (asker_ask(&asker, 17) & ANSWER_HOLDS) …      -- remembered
 *
 * What is remembered carries the number of the facet that it was found on, so that nothing has to be cleared for the next.
 * One thread's.
 */
#ifndef MEWS_ASKER_H
#define MEWS_ASKER_H

#include "catalog/evaluate.h"
#include "replay/engine/bytes.h"
#include "replay/engine/predicates.h"
#include "replay/engine/trigger_index.h"

/* Bits of an answer. LIMITED: a regex hit the match limit, and counted as no match. */
enum { ANSWER_HOLDS = 1, ANSWER_LIMITED = 2, ANSWER_BITS = 2 };

struct asker {
	const struct predicates *predicates;
	struct evaluator *evaluator; /* for what is asked as the oracle does */
	struct regex_match *match;
	bytes_finder *find;
	uint32_t *memo;              /* [capacity]: number of the facet, then the answer's bits */
	size_t capacity;
	uint32_t epoch;              /* number of the facet at hand, shifted */
	const struct facet *facet;
	const uint64_t *decided;     /* bits over predicates that are known of the facet: they hold if told, … NULL: none */
	const uint64_t *certain;     /* … or if they have a bit here */
	const uint16_t *remembered;  /* which of them are remembered with a value of the facet, … (sieve.h); NULL: none */
	const struct trigger_recalled *recalled; /* … and where, by field: in those of this search */
	uint32_t search;
	size_t decided_count;        /* predicates that all three are for; of later ones nothing is known */
	uint64_t worked_out;         /* predicates */
};

void asker_make(struct asker *asker, const struct predicates *predicates, struct evaluator *evaluator, enum simd_level level);
void asker_free(struct asker *asker);
/* The facet at hand from now on; nothing is remembered of it yet. */
void asker_begin(struct asker *asker, const struct facet *facet);
unsigned asker_work_out(struct asker *asker, uint32_t predicate);

static inline unsigned asker_ask(struct asker *asker, uint32_t predicate)
{
	uint32_t known = asker->memo[predicate] ^ asker->epoch;
	return known < (1u << ANSWER_BITS) ? known : asker_work_out(asker, predicate);
}

/* It holds on the facet at hand: somebody else found out. */
static inline void asker_tell(struct asker *asker, uint32_t predicate)
{
	asker->memo[predicate] = asker->epoch | ANSWER_HOLDS;
}

/* Could the answer change with other values of the facet's fields? See evaluate_possible. */
static inline bool asker_free_to_change(const struct asker *asker, uint32_t predicate)
{
	const struct interned *one = &asker->predicates->items[predicate];
	return one->variable && facet_get(asker->facet, one->field)
		&& (one->other == FIELD_NONE || facet_get(asker->facet, one->other));
}

#endif
