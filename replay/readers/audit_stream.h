/*
 * audit_stream: audit records one by one → events, wherever the records come from: lines of an audit log, messages
 * of a syslog, entries of a journal.
 *
 * Each record that is handed over is put into the account as the line it stood on: the first of an event, a further
 * one, or rejected. `lines` and `blank` are the caller's. Events come out in the order of their first records, some of
 * them only at the end (audit_event.h says how long one waits).
 */
#ifndef MEWS_AUDIT_STREAM_H
#define MEWS_AUDIT_STREAM_H

#include "replay/readers/audit_head.h"
#include "replay/readers/reader.h"

struct audit_stream;

/* options->dialect is auditd's. All that is handed over must live as long as the stream. */
struct audit_stream *audit_stream_new(const struct reader_options *options, struct event_sink sink,
	struct ledger *ledger, const char *file);
void audit_stream_free(struct audit_stream *stream);

/* A record with all that stands before it on its line (a syslog head, `node=`); its text lives until the call
 * returns. Not 0: what the sink returned. */
int audit_stream_take(struct audit_stream *stream, struct text record, uint64_t line);
/* A record whose head came apart, as in the fields of a journal (_AUDIT_TYPE, _AUDIT_ID, …): type and number by
 * audit_head_type, time, serial, and `body` with its fields. */
int audit_stream_add(struct audit_stream *stream, const struct audit_line *record, uint64_t line);
int audit_stream_end(struct audit_stream *stream);
/* Nothing came for a while: what waits for more records is handed on; records may follow. */
int audit_stream_flush(struct audit_stream *stream);

#endif
