/*
 * audit_lines: lines → audit records → events, and the account of the lines. What a log's reading has of state is here and
 * in audit_event.h.
 *
 *   blank lines are counted; what is no record or longer than AUDIT_LINE_MAX bytes is rejected; a record is the first one
 *   of an event or a further one.
 */
#ifndef MEWS_AUDIT_LINES_H
#define MEWS_AUDIT_LINES_H

#include "replay/readers/audit_event.h"
#include "replay/readers/reader.h"

enum { AUDIT_LINE_MAX = 1 << 20 };

struct audit_lines {
	struct ledger *ledger;
	const char *file;
	struct audit_events *events;
	struct audit_memo memo;
};

/* A record with all that stands before it on its line. Not 0: what the taker of events returned. */
int audit_lines_take(struct audit_lines *lines, struct text record, uint64_t number);
/* A record whose head came apart. */
int audit_lines_add(struct audit_lines *lines, const struct audit_line *record, uint64_t number);
/* Whole lines, the last of which need not end; `number` is the first one's, and then that of the line behind the last. The text
 * is lent to the events until audit_events_keep. */
int audit_lines_block(struct audit_lines *lines, struct text block, uint64_t *number);
#endif
