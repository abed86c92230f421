/*
 * line: one rule line of auditctl.
 *
 *   -a always,exit -F arch=b64 -S openat,openat2 -F a2&3 -F euid=0 -F success=1 -F key=mews_write
 *
 * A conjunct of tests becomes one line for each architecture that has its calls. Nothing is quoted, since
 * rule files know no quotes: what does not fit is refused, and said.
 */
#ifndef MEWS_AUDITD_LINE_H
#define MEWS_AUDITD_LINE_H

#include "generator/rule.h"

enum { LINE_FIELDS_MAX = 63, LINE_LENGTH_MAX = 6000, LINE_CALLS_MAX = 64 };
enum { LINE_B64 = 1, LINE_B32 = 2, LINE_READ = 1, LINE_WRITE = 2 };

struct line {
	struct text calls[LINE_CALLS_MAX]; /* sorted */
	size_t call_count;
	struct text *filters;              /* "-F a2&3", "-F euid=0": sorted, without arch and key */
	size_t filter_count;
	bool unsure;                       /* names a path that a host may lack, so that the line may not load there */
	unsigned perm;                     /* LINE_READ, LINE_WRITE: instead of calls, all that do such a thing to the file */
	unsigned arches;                   /* LINE_B64, LINE_B32, or both */
	struct text key;
};

/* `folders`: blank-separated folders that every host has. A path in another folder is widened to dir= of the
 * nearest of them, since a folder that is not there makes the kernel refuse the line; below none of them the line is
 * `unsure`. Empty: no path is touched. `busy`: folders of which only files by their names are watched, since everybody opens
 * something there: what asks for all below one is no line, and *problem is NULL.
 * false: the conjunct names no call, or has something that no rule can hold; *problem says what; or it contradicts
 * itself, and *problem is NULL. */
struct line_places {
	struct text folders, busy;
};
bool line_make(struct arena *arena, const struct rule_conjunct *conjunct, struct text key, const struct line_places *places,
	struct line *line, const char **problem);
/* A line that watches a path: instead of its calls, `perm=r` for those that open it, `perm=wa` for those that change it. One
 * such line serves every call and both architectures. Other lines stay. */
void line_permit(struct line *line);
/* Does `wide` record all that `narrow` does? */
bool line_covers(const struct line *wide, const struct line *narrow);
/* Same filters, so that the calls may stand in one line? */
bool line_same_filters(const struct line *a, const struct line *b);
/* Two lines that are one but for success=0 and success=1: `line` becomes both. The other is needless then. */
bool line_join_outcomes(struct line *line, const struct line *other);
int line_compare(const struct line *a, const struct line *b); /* narrow first */
/* Prints the line for b64 and b32, as far as the architecture has the calls. Returns the number of lines. */
size_t line_print(struct buffer *out, const struct line *line);
/* The lines for the 32-bit socketcall, if its calls are among those. Equal ones may come of several lines. */
size_t line_print_socketcalls(struct buffer *out, const struct line *line);

#endif
