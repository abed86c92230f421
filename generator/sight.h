/*
 * sight: an event as a target's sensor shows it, and tests of raw names on it.
 *
 * `mews verify` must not judge a mapping by itself. So each target renders events by code of its own (TARGET/view.c):
 * joined, cut, one record at a time, under its own names; and reads its rules back from their text (TARGET/parse.c).
 *
 *   event: process.exec, process.args (docker, run, --privileged, alpine), process.executable /usr/bin/docker
 *   falco  → { evt.type execve, proc.name docker, proc.cmdline "docker run --privileged alpine", … }
 *   sigma  → { group process_creation: Image /usr/bin/docker, CommandLine "docker run --privileged alpine", … }
 *   auditd → { syscall execve, arch b64, exe /usr/bin/docker, uid 0, success 1 … }
 */
#ifndef MEWS_SIGHT_H
#define MEWS_SIGHT_H

#include "catalog/evaluate.h"
#include "generator/rule.h"

struct sight_value {
	struct text name;
	const struct text *values; /* one or more; none: an empty list that is there */
	size_t count;
};

/* One record. */
struct sight {
	struct text kind;          /* what rules can name as a whole: a log source, a record type; or empty */
	const struct facet *facet; /* that it shows */
	struct sight_value *values;
	size_t count;
};

struct sights {
	struct sight *items;
	size_t count;
};

struct sight *sight_add(struct arena *arena, struct sights *sights, const struct facet *facet, struct text kind);
/* Empty texts are not there; a name that is there already keeps its value. */
void sight_set(struct arena *arena, struct sight *sight, const char *name, struct text value);
void sight_set_list(struct arena *arena, struct sight *sight, const char *name, const struct text *values, size_t count);
void sight_set_number(struct arena *arena, struct sight *sight, const char *name, int64_t number);
/* NULL: the name is not there. */
const struct sight_value *sight_get(const struct sight *sight, struct text name);
/* Native fields (registry.h) of this dialect that the facet holds, under their own names. */
void sight_set_natives(struct arena *arena, struct sight *sight, const struct registry *registry, struct text dialect);
/* name=value, one a line, for people. */
void sight_print(const struct sight *sight, struct buffer *out);

/* A tree of tests on one record, two-valued: a test of a name that is not there is false. Values are compared as rule.h says:
 * any of the raw values with any of the test's. Targets whose comparisons differ have an evaluator of their own. */
bool sight_holds(struct evaluator *evaluator, const struct rule_node *node, const struct sight *sight);
bool sight_test(struct evaluator *evaluator, const struct rule_test *test, const struct sight *sight);

#endif
