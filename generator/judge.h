/*
 * judge: a pack's rule text, evaluated as its target would, over events as its target would see them.
 *
 * Each target brings one `struct judging`: it parses the files of a pack (the text, never the writer's trees), renders
 * events (view), and says which rules fire, the pack taken as a whole and in its order (auditd: the first match gives the
 * only key; falco: rule_matching all). cli/verify.c compares that with the conditions, row by row of fidelity.json:
 * a fidelity_row names its rule by the name that `judgement.rule` gives.
 */
#ifndef MEWS_JUDGE_H
#define MEWS_JUDGE_H

#include "generator/sight.h"
#include "catalog/catalog.h"

/* One file of a pack, by its name within the pack. */
struct pack_text {
	struct text name;
	struct text content;
};

struct judge; /* a pack that was read; each target's own */

/* A rule fires on a record of the event. For a rule over several events (Sigma correlation), on its last. */
struct judgement {
	struct text rule;          /* as fidelity.json names it */
	const struct sight *sight;
};
struct judgements {
	struct judgement *items;
	size_t count;
};

struct judging {
	/* Reads a pack. The judge lives in the arena. NULL: a file cannot be read as the target would read it; reported. */
	struct judge *(*open)(struct arena *arena, const struct catalog *catalog, const struct pack_text *files, size_t count,
		struct diagnostics *d);
	/* The records that the target's sensor makes of the event; none where it sees nothing of it. In `arena`. */
	void (*view)(const struct judge *judge, const struct event *event, struct arena *arena, struct sights *sights);
	/* Which rules fire. Events come in time order; a judge with state keeps it in itself. */
	void (*fires)(struct judge *judge, const struct event *event, const struct sights *sights, struct arena *arena,
		struct judgements *judgements);
	/* From now on `fires` asks only the rules of these names; of all again where there are none. Speed alone: what it says of
	 * them stays. NULL: rules are not independent of each other (auditd: the first match decides). */
	void (*only)(struct judge *judge, const struct text *names, size_t count);
	/* Does `fires` ask only rules over several events from now on? For events that say nothing new by themselves. NULL: it has no
	 * such rules. */
	void (*chained)(struct judge *judge, bool alone);
	/* A new recording begins: state is forgotten. NULL: there is none. */
	void (*reset)(struct judge *judge);
	/* A yes or no that the target's sensor tells of every act: where an event lacks it, its source did not know it, and it is no
	 * there. NULL: there is none. */
	const char *always;
	/* Makes an event that was made for the purpose the same act, done in the n-th other way that the target tells apart
	 * (another system call, a 32-bit program). False: there is no such way. NULL: none at all. */
	bool (*vary)(struct event *event, size_t n);
	/* Does the target's sensor see such events at all (those that a row of fidelity speaks of)? A row is only judged on
	 * facets whose view is not empty. `wider` and `exact` claim nothing about the others. */
};

#endif
