/*
 * parse: an audit rule file, as auditctl -R reads it → its lines and the rules in them.
 *
 *   -D                                                    control
 *   -w /etc/passwd -p wa -k identity                      rule: exit, always, every call, path and perm
 *   -a always,exit -F arch=b64 -S kill -F a1=9 -k sig     rule
 *   -a exit,always -S open -F arch=b64                    refused: arch must stand before the system calls
 *
 * Takes what auditctl 3.0.9 or 4.x takes and the kernel then accepts (pair.h), and nothing else: no quotes, words are parted
 * by blanks only, `\ ` is a blank within a word. auditctl stops at the first line that it refuses, unless -i or -c stood
 * before; the lines after it are parsed all the same and say that they are not reached.
 */
#ifndef MEWS_AUDITD_PARSE_H
#define MEWS_AUDITD_PARSE_H

#include "catalog/diagnostic.h"
#include "generator/auditd/kernel.h"

enum rules_kind {
	RULES_RULE,    /* -a, -A, -w */
	RULES_DELETE,  /* -d, -W: `rule` is what goes */
	RULES_CONTROL  /* -D, -e, -b …: what the kernel's audit does as a whole */
};

struct rules_line {
	enum rules_kind kind;
	struct place place;
	struct text source;        /* without blanks at both ends */
	struct text comment;       /* the comment lines right above, without #, parted by newlines; or empty */
	struct kernel_rule *rule;  /* NULL: control, or refused before there was one */
	struct text control;       /* CONTROL: -D, -e 2 … as a sentence of what it does; or empty */
	const char *refused;       /* a sentence without a dot; NULL: taken */
	struct texts notes;        /* what the kernel takes otherwise than it may have been meant */
	unsigned removed;          /* the line that takes the rule away again (-D, -d, -W); 0: none */
	unsigned stopped;          /* the refused line before, at which auditctl stops; 0: none */
	bool empties;              /* -D */
};

struct rules {
	struct rules_line *lines;  /* without blank lines and comments */
	size_t count;
	size_t comments, blanks;   /* lines */
};

/* `file` must live as long as the rules, and so must the content. */
void rules_parse(struct arena *arena, const char *file, struct text content, struct rules *rules);

/* The rules that stand in the end, of all lists, in the order in which the kernel goes through each. */
const struct rules_line **rules_standing(struct arena *arena, const struct rules *rules, size_t *count);

#endif
