/*
 * sieve: units under their triggers, so that of many the few are found that a facet may answer.
 *
 *   triggers   [ends \reg.exe] → 4 17 90     [contains "save"] → 4     …       and those without: 2 55
 *   facet      process.executable = C:\Windows\reg.exe                   → 4 17 90 2 55
 */
#ifndef MEWS_SIEVE_H
#define MEWS_SIEVE_H

#include "replay/engine/program.h"
#include "replay/engine/triggers.h"

#include <stdalign.h>

struct sieve {
	struct trigger_index *index;
	struct trigger *triggers;
	size_t trigger_count;
	const uint32_t *begin;  /* [trigger_count + 1]: where a trigger's units begin */
	const uint32_t *units;  /* their numbers */
	const uint32_t *always; /* those without a trigger */
	size_t always_count;
	const uint32_t *told_begin; /* [trigger_count + 1]: where the predicates begin that hold if the trigger does */
	const uint32_t *told;
	const uint64_t *decided;    /* bits over predicates: all its triggers are here, so that it holds only if it is told, or it is
				     * known of all facets that come here (trigger_choice.known) */
	const uint64_t *certain;    /* of the latter: it holds */
	const uint16_t *remembered; /* [predicate_count]: 0, or 1 + VALUE_MEMO_QUESTIONS times the place of its field
				     * (trigger_index_field) + the bit of its answer in what is remembered of a value
				     * (value_memo.h). NULL: nothing is */
	size_t predicate_count;     /* that there were when the sieve was made: exceptions may bring more later */
	struct sieved *sieved;      /* [count]: units are numbered by their place here */
	size_t count;
	struct questions questions; /* of programs that were made for the facets that come here */
};

/* What a unit is to the sieve, and all that is needed to verify it. */
struct sieved {
	const struct outline *outline;
	uint32_t unit;
	uint32_t category;      /* that it asks for, or CATEGORY_ANY */
	bool names_outcome;
	bool own;               /* its program is of the sieve's questions; else of the plan's */
	struct program program;
};

/* Chooses each one's triggers, as `choice` has them count. In the arena, with copies of the units. */
void sieve_make(struct sieve *sieve, struct arena *arena, struct trigger_choice *choice, enum choice_for purpose,
	const struct sieved *units, size_t count, const struct gram_counts *grams, enum simd_level level);

/* A unit in one thread's room: what it is and what it cost, in one line of the nearest cache. Units are met in any order, and
 * there are more of them than that cache holds. */
struct sifted {
	alignas(64) uint32_t search; /* that found it last */
	uint32_t unit, category;
	bool names_outcome, own;
	struct program program;
	struct sifted_cost {
		uint64_t candidates, verified, limited; /* as engine_cost has them (engine.h) */
	} cost;
};

/* One thread's room for searching a sieve, and for a list of units, each once. */
struct sifting {
	struct trigger_scratch *scratch;
	uint32_t *found;       /* [trigger_count] */
	struct sifted *all;    /* [unit_count] */
	size_t unit_count;
	struct sifted **units; /* what was found */
	size_t count;
	uint32_t search;
};
void sifting_make(struct sifting *sifting, const struct sieve *sieve);
void sifting_free(struct sifting *sifting);
/* The units that the facet may answer come into sifting.units, those without a trigger last. The facet is at hand for the
 * asker, and has been asked nothing: it learns what the search found out about predicates. NULL: nobody learns. */
void sieve_search(const struct sieve *sieve, struct sifting *sifting, const struct facet *facet, struct facet_form form,
	struct asker *asker);

#endif
