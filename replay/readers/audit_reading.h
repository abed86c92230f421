/*
 * audit_reading: audit events → events, by a dialect's plan. It has no state that one event leaves to the next: each thread
 * may have a reading of its own.
 */
#ifndef MEWS_AUDIT_READING_H
#define MEWS_AUDIT_READING_H

#include "replay/readers/audit_event.h"
#include "replay/readers/reader.h"

struct audit_reading;

/* options->dialect is auditd's. The file's name and what the options point to must live as long as the reading. */
struct audit_reading *audit_reading_new(const struct reader_options *options, const char *file);
void audit_reading_free(struct audit_reading *reading);

/* Makes the event in the arena and hands it to the sink; returns what that returns. It lives as long as the arena's pieces
 * and the audit event do. */
int audit_reading_take(struct audit_reading *reading, const struct audit_event *event, struct arena *arena,
	const struct reader_options *options, struct event_sink sink, struct ledger *ledger);

#endif
