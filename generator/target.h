/*
 * target: a rule language. One row of `targets` and one folder beside this file.
 */
#ifndef MEWS_TARGET_H
#define MEWS_TARGET_H

#include "generator/lower.h"

struct pack; /* pack_build.h: what a writer is handed: rules in order, and where to put files */

struct target {
	const char *name;     /* falco, sigma, auditd */
	const char *about;
	const char *dialect;  /* the dialect that it is written in */
	const char *version;  /* of the target that rules are written for */
	struct target_abilities abilities; /* what a test may be; lower.h */
	int (*write)(struct pack *pack, struct diagnostics *d);
};

extern const struct target targets[]; /* ends with name NULL */
const struct target *target_find(struct text name);

#endif
