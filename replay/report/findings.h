/*
 * findings: what somebody should mend, each at the line where it is mended: a detection that misses or floods, a manifest
 * that asks for what it should not, a gate that failed, an exception that ended.
 *
 *   struct findings findings = findings_of(&arena, results, &options->beside);
 *   for each findings.items[i]: message, place, related places, what it is the same as in the next run
 *
 * The worst come first. All is the arena's.
 */
#ifndef MEWS_FINDINGS_H
#define MEWS_FINDINGS_H

#include "replay/report/report.h"

enum finding_kind {
	FINDING_MISSED,           /* an attack's episode without the alert that it expects */
	FINDING_FALSE_POSITIVES,  /* of one detection in one episode, or outside of any in one dataset */
	FINDING_UNATTRIBUTED,     /* likewise: alerts in attacks that do not name the detection */
	FINDING_MANIFEST,         /* what a manifest asks for */
	FINDING_GATE,
	FINDING_EXCEPTION,        /* expired, or about to */
};

enum finding_level { LEVEL_ERROR, LEVEL_WARNING, LEVEL_NOTE };

struct finding_place {
	const char *file;
	uint64_t line;
	unsigned column;          /* 0: not known */
	const char *message;
};

struct finding {
	enum finding_kind kind;
	enum finding_level level;
	const struct detection *detection; /* NULL: of a gate or an exception */
	const char *rule;         /* the detection's name; gate.NAME; exception.expired, exception.expiring */
	const char *message;
	struct finding_place place;
	struct finding_place *related; /* RELATED_MOST at most */
	size_t related_count;
	uint64_t events;          /* that it stands for */
	/* What makes it the same finding in another run, whatever lines and names do: ids, datasets, episodes. */
	const char *same;
	const char *accepted;     /* why it may stay (a known gap), or NULL */
};

enum { RELATED_MOST = 20 };

struct findings {
	struct finding *items;
	size_t count;
};

struct findings findings_of(struct arena *arena, const struct results *results, const struct report_beside *beside);
/* Days from the results' day to the last on which the exception applies; negative: it has expired. INT64_MAX: it never ends. */
int64_t findings_days_left(const struct results *results, const struct exception *exception);
enum { EXPIRING_DAYS = 30 };

#endif
