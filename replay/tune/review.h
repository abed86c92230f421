/*
 * review: the exceptions that there are, those shipped with detections and the organization's, judged by recorded events.
 *
 *   struct review *review = review_run(&options, &d);
 *   for each review->findings[i]: kind, exception (its place is file:line), message, advice
 *   for each review->items[i]: what each exception removes, alone and beside the others
 *   review_free(review);
 *
 * Every match that the organization monitors is asked of every exception that speaks of its detection, expired ones too:
 * so it is known what each would remove alone, and what nothing else removes.
 */
#ifndef MEWS_REVIEW_H
#define MEWS_REVIEW_H

#include "replay/replay.h"
#include "replay/tune/tune.h"

enum review_kind {
	REVIEW_HIDES_ATTACK,  /* an alert that an attack's episode expects is missed because of it */
	REVIEW_EXPIRED,
	REVIEW_EXPIRES_SOON,
	REVIEW_UNREACHABLE,   /* what it asks for is in none of the events that it could speak of */
	REVIEW_SHADOWED,      /* another one removes all that it removes */
	REVIEW_UNUSED,        /* it removes nothing here */
	REVIEW_WIDE,          /* a program or a user alone */
};
const char *review_kind_name(enum review_kind kind);

struct review_item {
	const struct exception *exception;
	const struct detection *detection;    /* that it was shipped with, or NULL: the organization's */
	bool expired;
	long days_left;                       /* LONG_MAX: it never ends */
	uint64_t asked;                       /* matches that it could speak of */
	uint64_t answerable;                  /* of these, those that carry what it asks for */
	uint64_t removed[OUTCOME_COUNT];      /* alerts that it removes, whatever else removes them */
	uint64_t only[OUTCOME_COUNT];         /* that nothing else in force removes */
	struct hidden_event *attacks;         /* expected alerts of attacks that are missed because of it, the first few */
	size_t attack_count;
	size_t missed;                        /* all of these, an episode and detection each */
};

struct review_finding {
	enum review_kind kind;
	const struct review_item *item;
	const struct review_item *other;      /* that shadows it, or NULL */
	struct text message, advice;          /* a sentence each, without a final dot */
};

struct review {
	struct arena arena;
	const struct catalog *catalog;
	const struct organization *organization; /* NULL: none */
	struct review_item *items;            /* the detections' first, then the organization's, as they stand */
	size_t count;
	struct review_finding *findings;      /* by kind, the most urgent first */
	size_t finding_count;
};

enum { REVIEW_SOON = 30 };
struct review_options {
	const struct replay_options *replay;  /* catalog, datasets, as_of; its organization is the first of the list, or none */
	long soon;                            /* days */
};

/* NULL: reported. */
struct review *review_run(const struct review_options *options, struct diagnostics *d);
void review_free(struct review *review); /* NULL is fine */

#endif
