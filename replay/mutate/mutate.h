/*
 * mutate: how robust a detection is: its labelled events in other spellings, and nearly so but harmless.
 *
 *   struct mutation *mutation = mutation_new(&catalog, detection, &(struct mutate_options){0});
 *   mutation_tests(mutation);                 -- the detection's own tests that match
 *   mutation_event(mutation, event, "web/breakout, audit.log:12");    -- an event of a recording, as often as one likes
 *   mutation_score(mutation)                  -- caught of equivalents, silent of near misses
 *   mutation_misses(mutation, &count)         -- what went wrong, each with its spelling and its operators
 *   mutation_free(mutation);
 *
 * Each operator (operator.h) makes mutants of an event before anything is derived from it: of the words of a command, of the
 * text handed to a shell, of the values of fields, of the document that asks for a container. What a mutant means is worked
 * out as for a recorded event: command lines are taken apart, documents read, requests derived (judge.h). Of one event an
 * operator makes `most` mutants at most, and as many pairs of operators are tried as operators applied; where there are more,
 * the seed chooses. The same catalog, options and events give the same mutants.
 *
 * The mutation owns all that it shows. Nothing fails: an event that no operator applies to makes no mutants.
 */
#ifndef MEWS_MUTATE_H
#define MEWS_MUTATE_H

#include "replay/mutate/operator.h"

struct mutate_options {
	uint64_t seed;
	size_t most; /* mutants of one event by one operator; 0: MUTATE_MOST */
};
enum { MUTATE_MOST = 8, MUTATE_PAIRS = 12 };

struct mutate_score {
	size_t caught, equivalents; /* equivalent spellings that the detection matches, of those made */
	size_t silent, near_misses; /* near misses that it does not match, of those made */
};

/* How one operator did over all events. */
struct operator_score {
	size_t made, right;
};

struct mutate_miss {
	const struct mutate_operator *first, *second; /* second NULL: it was one alone */
	enum mutant_kind kind;
	struct text origin;    /* the test's name, or where the event stands */
	struct text before, spelled; /* the event and its mutant, as one would type them */
	struct text condition; /* of a near miss: that matched */
	struct text event;     /* the mutant's first event as `mews explain` takes it */
};

struct mutation;

struct mutation *mutation_new(const struct catalog *catalog, const struct detection *detection,
	const struct mutate_options *options);
void mutation_free(struct mutation *mutation);
void mutation_tests(struct mutation *mutation);
/* `event`: whole. One that the detection does not match by itself, or that was there already, is left out. Returns whether it
 * was taken. */
bool mutation_event(struct mutation *mutation, const struct event *event, const char *origin);
size_t mutation_origins(const struct mutation *mutation); /* events that were mutated */
struct mutate_score mutation_score(const struct mutation *mutation);
/* In the order of mutate_operators. */
const struct operator_score *mutation_operators(const struct mutation *mutation);
const struct mutate_miss *mutation_misses(const struct mutation *mutation, size_t *count);

/* The half caught and the half silent, counted alike; a half without mutants is not counted, and with none at all it is 1. */
double mutate_value(const struct mutate_score *score);

/* Of the detection's tests alone, with default options: what pages and lists show. */
struct mutate_score mutate_score(const struct catalog *catalog, const struct detection *detection);

#endif
