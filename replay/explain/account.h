/*
 * account: what a detection makes of one event, and each organization of the match.
 *
 *   struct accountant *a = accountant_new(catalog, organizations, count, "2026-11-25");
 *   account_make(a, &arena, event, detection, &account);
 *   account_print(&account, stdout) or account_json(&account, &json)      (tell.h)
 *
 * The verdicts are the engine's and the baseline's own; what stands beside them (lines, exceptions asked) is
 * worked out again for people, by the same evaluator. All of an account lives in the arena.
 */
#ifndef MEWS_EXPLAIN_ACCOUNT_H
#define MEWS_EXPLAIN_ACCOUNT_H

#include "replay/explain/because.h"
#include "replay/measure/baseline.h"

/* One line of a tree that was asked. */
struct asked_line {
	const struct node *node;
	unsigned depth;
	bool holds;
	struct because because; /* of a predicate */
};

/* A tree asked of a facet: a condition, or an exception's. */
struct asked {
	const struct condition *condition;
	const struct facet *facet;
	size_t number;          /* of the facet, from 0 */
	bool holds;
	bool failed_act;        /* the tree holds, but the act failed and the condition does not ask for failures */
	bool step;              /* of a sequence; its `until` has no name */
	const char *no_key;     /* of a step: the event fits, but lacks this field of the key; or NULL */
	struct asked_line *lines;
	size_t count;
};

struct exception_account {
	const struct exception *exception;
	bool shipped, expired;
	bool holds;             /* on all that it is asked of; where `expired` it would have held */
	struct asked *asked;    /* on each facet that matched; of shared fields only: where it held, else the first */
	size_t count;
};

struct organization_account {
	const struct organization *organization; /* NULL: no baseline */
	enum verdict verdict;                     /* meaningful where the detection matches */
	struct baseline_decision decision;
	bool overridden;                          /* the organization gives the severity */
	struct exception_account *exceptions;     /* that speak of the detection; none where nothing matched */
	size_t count;
	const struct exception_account *decided;  /* of VERDICT_EXCEPTED */
};

struct account {
	const struct event *event;
	const struct detection *detection;
	bool matches;
	bool sequences;         /* the detection has conditions over several events: `asked` has their steps */
	bool alone;             /* no events stand around this one, so it can end no sequence */
	struct asked *asked;    /* facet by facet, the conditions and steps that ask its category */
	size_t count;
	struct organization_account *organizations;
	size_t organization_count;
};

struct accountant;
/* No organizations: one without a baseline. `as_of` as in replay. */
struct accountant *accountant_new(const struct catalog *catalog, const struct organization *const *organizations,
	size_t count, struct text as_of);
void accountant_free(struct accountant *accountant);
struct engine *accountant_engine(struct accountant *accountant);
/* Organizations, at least one (whose `organization` may be NULL), each with its baseline. */
size_t accountant_sides(const struct accountant *accountant, const struct baseline **baselines);

/* What is known of the events around one. Zeroes: nothing, it stands alone. */
struct surroundings {
	bool known;
	const struct hit *hits; /* sequences that end at the event, as the engine tells them */
	size_t count;
};
/* The same for a few events that are all there is; *hits has room for the detection's conditions. */
size_t account_ends(struct evaluator *e, const struct detection *detection, const struct event *const *events, size_t count,
	size_t index, struct hit *hits);

/* The event was derived already. Its facets must outlive the account. */
void account_make(struct accountant *accountant, struct arena *arena, const struct event *event,
	const struct detection *detection, const struct surroundings *around, struct account *account);
/* One tree on one facet, line by line. */
struct asked account_ask(struct evaluator *e, struct arena *arena, const struct condition *condition,
	const struct facet *facet, size_t number);
/* The detection's number in the catalog. */
uint32_t account_index(const struct catalog *catalog, const struct detection *detection);
/* What a side makes of a match, with every exception that speaks of the detection. */
void account_side(struct accountant *accountant, struct arena *arena, size_t side, const struct event *event,
	const struct match *match, struct organization_account *account);

#endif
