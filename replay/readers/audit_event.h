/*
 * audit_event: records → events. Records of one (node, time, serial) are one event, however they interleave.
 *
 * An event ends with PROCTITLE, EOE, a KERNEL or other single-record type, or when a record of the same node is
 * two seconds (of log time, whole seconds) newer. Ended events are handed on in the order of their first
 * records, so an event waits for those that began before it. Bounded: when AUDIT_OPEN_MAX events or
 * AUDIT_BYTES_MAX bytes are held, the oldest event is taken as ended; a record that comes later begins a new event.
 */
#ifndef MEWS_AUDIT_EVENT_H
#define MEWS_AUDIT_EVENT_H

#include "replay/readers/audit_parse.h"

enum { AUDIT_OPEN_MAX = 4096, AUDIT_BYTES_MAX = 16 << 20 };

struct audit_stored {
	struct text type, body; /* AUDIT_SLACK bytes behind a body can be read */
	unsigned number;
	uint64_t line;
};

struct audit_event {
	struct text node;
	int64_t seconds;
	unsigned milliseconds;
	uint64_t serial;
	struct audit_stored *records;
	size_t count;
	bool lent; /* all its texts point into what is lent; else ask audit_events_lent */
};

struct audit_events;
/* `take` is called for each event, which lives until it returns; not 0 stops, and is returned by the functions below. */
struct audit_events *audit_events_new(int (*take)(void *context, const struct audit_event *event), void *context);
void audit_events_free(struct audit_events *events);

/* Texts of records are copied, unless they stand in the bytes that are lent: then they live at least until
 * audit_events_keep, which copies those of events that are still open. */
void audit_events_lend(struct audit_events *events, struct text bytes);
void audit_events_keep(struct audit_events *events);
/* Does a text of the event point into something that was lent? Else all are its own, and die when `take` returns. */
bool audit_events_lent(const struct audit_events *events, struct text text);

/* What a record turned out to be. */
enum audit_role { AUDIT_ROLE_FIRST, AUDIT_ROLE_FURTHER };
/* Adds a record. An EOE without its event (which ended before) is FURTHER and makes none. */
int audit_events_add(struct audit_events *events, const struct audit_line *line, uint64_t number, enum audit_role *role);
int audit_events_end(struct audit_events *events); /* the log ended: all events do */

#endif
