/*
 * asking: one test of an audit rule as a predicate in EQL; meaning.c puts them together.
 */
#ifndef MEWS_AUDITD_ASKING_H
#define MEWS_AUDITD_ASKING_H

#include "generator/auditd/kernel.h"

/* What a predicate may lean on: tests are asked of one category's acts. */
struct asking_about {
	struct arena *arena;
	const struct kernel_rule *rule;
	const char *category;   /* process, file, network, driver or any */
	bool moves;             /* files: renames and links are among the acts, which have two paths */
	bool mounts;            /* files: mounts are */
	bool execs;             /* processes: only execs */
	const struct text *paths; /* further paths, any of which the rule's own stands for */
	size_t path_count;
};

/* Adds the predicate (in brackets where it is an `or`) to `out`. false: no field holds what is asked; *why is a
 * sentence. A test that needs no predicate (perm, arch, key) adds nothing and is true. */
bool asking_test(const struct asking_about *about, const struct kernel_test *test, struct buffer *out, const char **why);

/* "…" with escapes. */
void asking_string(struct buffer *out, struct text text);

#endif
