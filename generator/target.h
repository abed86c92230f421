/*
 * target: a rule language. One row of `targets` and one folder beside this file.
 */
#ifndef MEWS_TARGET_H
#define MEWS_TARGET_H

#include "generator/lower.h"

struct pack;    /* build.h: what a writer is handed: rules in order, and where to put files */
struct import;  /* import.h: what a reader is handed: files, and where to put what it took */
struct judging; /* judge.h: how a pack's text is read back and evaluated */

/* How a target can write a test: not at all, only without regard to case, only with, or both. */
enum ability { ABLE_NOT, ABLE_FOLDED, ABLE_CASED, ABLE_BOTH };

struct target {
	const char *name;     /* falco, sigma, auditd */
	const char *about;
	const char *dialect;  /* the dialect that it is written in */
	const char *version;  /* of the target that rules are written for */
	enum ability test[TEST_OPERATOR_COUNT];
	bool exact_case;      /* where case is told apart only by a regular expression, that is taken (mews generate --exact-case) */
	bool always_present;  /* every raw name that rules may use is there in every event */
	bool exceptions;      /* exceptions can be folded into rules */
	bool handwritten;     /* an exception may bring the target's own text */
	bool fields;          /* two raw names can be compared with one another */
	bool others;          /* rules may ask for a group's records that are none of its events (CATEGORY.other) */
	bool sequences;       /* rules over several events can be written: the writer takes pack->sequences */
	bool merges;          /* rules that are equal may be written once for several detections */
	bool (*accepts)(const struct rule_test *test); /* may refuse a test that `test` allows; NULL: none */
	struct bounds (*loosen)(struct arena *arena, const struct rule_test *test); /* of a REGEX test of one value that is refused:
	                                                * what can be asked in its place; NULL: nothing */
	bool (*never)(struct text name, struct text value); /* can the raw value never be that? NULL: not known of any */
	bool (*negates)(const struct rule_test *test); /* can the test be written negated? NULL: all can */
	int (*write)(struct pack *pack, struct diagnostics *d);
	int (*read)(struct import *import);   /* rules → items of the import; NULL: not taken in. -1: reported in import->d */
	const char *const *endings;           /* of the files that `read` takes below a folder (".yml"); ends with NULL */
	const struct judging *judging;        /* NULL: packs cannot be verified */
};

extern const struct target targets[]; /* ends with name NULL */
const struct target *target_find(struct text name);

/* A tree of raw tests → what the target can write of it: bounds again. */
struct bounds target_fit(struct arena *arena, const struct target *target, struct rule_node *node);
/* The bounds of the negation. What the target cannot negate gives way: the upper bound has it true, the lower false. */
struct bounds target_not(struct arena *arena, const struct target *target, struct bounds bounds);

#endif
