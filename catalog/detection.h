/*
 * detection, organization: what the catalog holds (rulesets/detections, rulesets/organizations).
 */
#ifndef MEWS_DETECTION_H
#define MEWS_DETECTION_H

#include "catalog/condition.h"

enum severity { SEVERITY_INFORMATIONAL, SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH, SEVERITY_CRITICAL };
enum status { STATUS_EXPERIMENTAL, STATUS_TEST, STATUS_STABLE, STATUS_DEPRECATED };
enum expectation { EXPECT_MATCH, EXPECT_NO_MATCH, EXPECT_TODO_MATCH, EXPECT_TODO_NO_MATCH };

const char *severity_name(enum severity severity);
bool severity_from_name(struct text name, enum severity *severity);
const char *status_name(enum status status);
const char *expectation_name(enum expectation expectation);

struct texts {
	const struct text *items;
	size_t count;
};

/* Rule languages for which a form may be written by hand: falco, sigma, auditd. Ends with NULL. */
enum { TARGET_MAX = 8 };
extern const char *const target_names[TARGET_MAX + 1];

struct exception {
	struct text name;
	struct texts detections;      /* names, technique ids or "*"; empty for one shipped with its detection */
	const struct place *detection_places; /* beside detections */
	struct condition *condition;
	struct text reason, owner;
	struct text expires;          /* YYYY-MM-DD: the last day on which it applies; empty: never ends */
	struct text targets[TARGET_MAX]; /* hand-written forms in the target's language (falco), by target_names[]; empty: none */
	struct place place;
};

/* One test's event: fields of one facet (event.category and event.action among them), or a list of such; or several. */
struct test_field {
	unsigned field;
	struct texts values;
	bool null;
	struct place place;
};
struct test_facet {
	unsigned category, action;
	const struct test_field *fields;
	size_t count;
};
struct test_event {
	const struct test_facet *facets;
	size_t facet_count;
	struct place place;
};
struct detection_test {
	struct text name;
	const struct test_facet *facets; /* `event:` */
	size_t facet_count;
	const struct test_event *events; /* `events:`, each with a time; then there are no `facets` */
	size_t event_count;
	enum expectation expect;
	struct place place;
};

struct target_override { /* targets: {falco: {condition: …}} */
	struct text target, text;
	struct condition *condition; /* of a detection: one more condition, lowered for that target alone; else NULL */
	struct place place;
};

/* Another detection that alerts on the same acts, and why both are there. */
struct overlap {
	struct text detection, reason;
	struct place place;
};

struct detection {
	struct text id, name, title, description, author, date, modified, surface;
	enum status status;
	enum severity severity;
	struct texts techniques, references, false_positives;
	const struct place *technique_places; /* beside techniques */
	struct condition **conditions;
	size_t condition_count;
	const struct exception *exceptions;
	size_t exception_count;
	const struct overlap *overlaps;
	size_t overlap_count;
	const struct target_override *targets;
	size_t target_count;
	const struct detection_test *tests;
	size_t test_count;
	struct place place;           /* of `id` … the file's first line */
};

extern const char *const detection_surfaces[]; /* where an act may happen, NULL-terminated */

struct severity_override {
	struct text detection;
	enum severity severity;
	struct place place;
};

struct organization {
	struct text name, title, description;
	enum severity minimum_severity;
	struct texts disable;         /* detection names */
	const struct place *disable_places; /* beside disable */
	const struct severity_override *severities;
	size_t severity_count;
	bool tolerates_risky;         /* risky: tolerate */
	double budget;                /* alert groups a day for each detection; < 0: none said */
	const struct named_list *lists;
	size_t list_count;
	const struct exception *exceptions;
	size_t exception_count;
	struct place place;
};

/* Both read one document and report every fault that they find. NULL: something was reported. The file's
 * name must be the name with .yaml behind it. */
struct detection *detection_load(struct arena *arena, const struct scope *scope, const struct yaml *document,
	struct diagnostics *d);
struct organization *organization_load(struct arena *arena, const struct scope *scope, const struct yaml *document,
	struct diagnostics *d);

/* The test's event, as facets of an event that event_begin was called for; shared fields are shared. */
void detection_test_event(const struct detection_test *test, struct event *event);
/* The same of one of its `events`. */
void test_event_make(const struct test_event *from, struct event *event);

/* Does the exception speak of this detection (by name, technique — parents count: T1611 covers T1611.001 — or "*")? */
bool exception_covers(const struct exception *exception, const struct detection *detection);
/* `today` is YYYY-MM-DD. */
bool exception_expired(const struct exception *exception, struct text today);
/* Exceptions may only be evaluated on what all facets share if they name shared fields alone. */
bool exception_shared_only(const struct exception *exception, const struct registry *registry);

#endif
