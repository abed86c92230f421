/*
 * baseline: what an organization makes of a match.
 *
 * Order: severity override → minimum severity → disable → the detection's exceptions → the
 * organization's. Expired exceptions do not apply. An exception must hold on every facet that matched; one
 * that names shared fields only may hold on any facet of the event. Exceptions are judged by their tree
 * alone: the rule that an action means a successful one is the detection's affair.
 */
#ifndef MEWS_BASELINE_H
#define MEWS_BASELINE_H

#include "replay/engine/engine.h"

struct baseline_exception {
	const struct exception *exception;
	const struct detection *detection; /* that it was shipped with, or NULL */
	bool shared;    /* names shared fields only */
	bool expired;
};

/* What applies to one detection in one organization: `rows` are indices into baseline.exceptions. */
struct baseline_row {
	struct baseline_decision decision;
	const uint32_t *exceptions; /* in force, in order */
	size_t exception_count;
};

struct baseline {
	const struct organization *organization; /* NULL: none, detections as they are shipped */
	struct baseline_exception *exceptions;   /* all of them: the detections', then the organization's */
	size_t exception_count;
	struct baseline_row *rows;               /* [detection_count] */
};

/* `as_of` is YYYY-MM-DD: the last day of an exception is still its own. */
void baseline_make(struct baseline *baseline, struct arena *arena, const struct catalog *catalog,
	const struct organization *organization, struct text as_of);

/* Does the exception hold on what matched? Whether it is in force is not asked. */
bool baseline_excepts(const struct baseline_exception *exception, struct evaluator *evaluator, const struct event *event,
	const struct match *match);

enum verdict { VERDICT_ALERT, VERDICT_BELOW_SEVERITY, VERDICT_DISABLED, VERDICT_EXCEPTED };
/* `exception`: index of the one that held, for VERDICT_EXCEPTED. */
enum verdict baseline_judge(const struct baseline *baseline, struct evaluator *evaluator, const struct event *event,
	const struct match *match, uint32_t *exception);

#endif
