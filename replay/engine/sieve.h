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

struct sieve {
	struct trigger_index *index;
	struct trigger *triggers;
	size_t trigger_count;
	const uint32_t *begin;  /* [trigger_count + 1]: where a trigger's units begin */
	const uint32_t *units;
	const uint32_t *always; /* units without a trigger */
	size_t always_count;
	const uint32_t *told_begin; /* [trigger_count + 1]: where the predicates begin that hold if the trigger does */
	const uint32_t *told;
	const uint64_t *decided;    /* bits over predicates: all its triggers are here, so that it holds only if it is told, or it is
				     * known of all facets that come here (trigger_choice.known) */
	const uint64_t *certain;    /* of the latter: it holds */
	size_t predicate_count;     /* that there were when the sieve was made: exceptions may bring more later */
	const struct program *programs; /* [unit]: made for the facets that come here, or NO_PROGRAM; NULL: none was */
	struct questions questions;     /* theirs */
};

/* What a unit is to the sieve. */
struct sieved {
	uint32_t unit;
	const struct outline *outline;
};

/* Chooses each one's triggers, as `choice` has them count. In the arena. */
void sieve_make(struct sieve *sieve, struct arena *arena, struct trigger_choice *choice, enum choice_for purpose,
	const struct sieved *units, size_t count, const struct gram_counts *grams, enum simd_level level);

/* One thread's room for searching a sieve, and for a list of units, each once. */
struct sifting {
	struct trigger_scratch *scratch;
	uint32_t *found;     /* [trigger_count] */
	uint32_t *units;     /* what was found */
	size_t count;
	uint32_t *seen;      /* [unit_count]: the search that found a unit last */
	uint32_t search;
	size_t unit_count;
};
void sifting_make(struct sifting *sifting, const struct sieve *sieve, size_t unit_count);
void sifting_free(struct sifting *sifting);
/* The units that the facet may answer come into sifting.units, those without a trigger last. The facet is at hand for the
 * asker, and has been asked nothing: it learns what the search found out about predicates. NULL: nobody learns. */
void sieve_search(const struct sieve *sieve, struct sifting *sifting, const struct facet *facet, struct facet_form form,
	struct asker *asker);

#endif
