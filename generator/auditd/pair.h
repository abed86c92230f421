/*
 * pair: one `-F field=value` or `-C field=field` of an audit rule → what the kernel gets for it.
 *
 *   auid>=1000      AUID >= 1000          exit=-EACCES   EXIT = 4294967283
 *   uid=12abc       UID = 12, with a note that the rest was ignored
 *   exe!=bin/sh     refused: the path must begin with /
 *
 * It takes what auditctl 3.0.9 or 4.x and the kernel take, and refuses what they refuse. What they take otherwise than its
 * author is likely to have meant is taken as they do, with a note. What only the host knows (does the path's folder exist,
 * what is the user's number) is left open.
 */
#ifndef MEWS_AUDITD_PAIR_H
#define MEWS_AUDITD_PAIR_H

#include "generator/auditd/kernel.h"

/* A rule in the making: pairs are judged by what stood before them. */
struct pairing {
	struct arena *arena;
	struct kernel_rule *rule;  /* `list` is set already: KERNEL_NO_LIST refuses */
	bool called, permitted, executable, filesystem; /* -S (or -w), a path or permission, exe and fstype were given */
	struct texts *notes;
	const char *problem;       /* why it was refused: a sentence without a dot; NULL: nothing was */
};

/* false: refused. */
bool pair_field(struct pairing *pairing, struct text written);
bool pair_compare(struct pairing *pairing, struct text written);
/* Letters of rwxa → bits. */
bool pair_perm(struct pairing *pairing, struct text letters, uint32_t *perm);
/* The path of a watch or of path=, dir=, exe=: as the kernel takes it. */
bool pair_path(struct pairing *pairing, struct text path);
/* b64, b32, x86_64, i686, aarch64 … or a number → the name in audit_names.h; empty: unknown. `b64` is x86_64. */
struct text pair_arch(struct text name);

/* A number as strtoul(…, 0) reads it, cut to 32 bits. Says through `odd` what was odd about it, or NULL. */
uint32_t pair_number(struct text text, const char **odd);

bool pair_refuse(struct pairing *pairing, const char *format, ...) __attribute__((format(printf, 2, 3))); /* false */
void pair_note(struct pairing *pairing, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Adds a test; false where the rule has as many as it can have. */
bool pair_add(struct pairing *pairing, const struct kernel_test *test);

#endif
