/*
 * meaning: what one audit rule asks of an event, as conditions (EQL) on registered fields.
 *
 *   -a always,exit -F arch=b64 -S unlink,rename -F dir=/etc -F auid>=1000 -F auid!=unset
 *     file where event.action in ("delete", "rename") and (file.path like ("/etc", "/etc/…") or
 *       file.target_path like ("/etc", "/etc/…")) and number(user.audit.id) >= 1000 and event.outcome != null
 *
 * A rule records what failed too, unless it asks otherwise; so its conditions name event.outcome. A call that stands
 * for an act (execve for process.exec) becomes the act, with a note where the rule leaves out another call of it; a call
 * that is but one way to do it (creat, mkdir) keeps its name as audit.syscall. What no field holds is left out and noted:
 * the conditions then match more than the rule does.
 */
#ifndef MEWS_AUDITD_MEANING_H
#define MEWS_AUDITD_MEANING_H

#include "catalog/dialect.h"
#include "generator/auditd/kernel.h"

struct meaning_part {
	struct text category; /* process, file, network, driver; or any */
	struct text expression; /* without `CATEGORY where` */
};

struct meaning {
	struct meaning_part *parts; /* any of them */
	size_t count;
	struct texts notes;
	bool wider;           /* something was left out */
	const char *problem;  /* nothing is left: a sentence; NULL: there are parts */
};

/* One condition may stand for several rules. */
struct meaning_rules {
	const struct kernel_rule *rule;
	const struct kernel_rule *twin; /* the same rule for the calls of the other architecture; NULL: none */
	const struct text *paths;       /* of the same rules for other paths (meaning_siblings) */
	size_t path_count;
};

/* The rule for the calls of its architecture, or of both where it has a twin, and for all the paths.
 * `dialect` is auditd's: its group `syscall` says which call is which act. */
void meaning_of(struct arena *arena, const struct registry *registry, const struct dialect *dialect,
	const struct meaning_rules *rules, struct meaning *meaning);

/* Are the two one rule, written for the 64-bit and the 32-bit calls of one machine? */
bool meaning_twins(const struct kernel_rule *a, const struct kernel_rule *b);

/* Are the two one rule for two paths? */
bool meaning_siblings(const struct kernel_rule *a, const struct kernel_rule *b);
/* The path that a rule asks for, or NULL. */
const struct kernel_test *meaning_path(const struct kernel_rule *rule);

/* Have they a call in common, on an architecture that both are for? */
bool meaning_overlap(const struct kernel_rule *a, const struct kernel_rule *b);

#endif
