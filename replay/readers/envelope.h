/*
 * envelope: what a log puts around a message, whichever log it is.
 *
 *   <86>Nov 10 07:48:16 web1 sshd[812]: Accepted publickey for root from 10.0.0.7 port 50122 ssh2
 *
 * has the time, the host web1, the program sshd with its pid 812, facility 10, severity 6 and the message behind the
 * colon. syslog_parse.h, journal.c and container_log.c take envelopes off; messages.h hands the message on to the reader
 * it belongs to. The envelope goes into every record as raw names, whatever the message is:
 *
 *   syslog.host  syslog.program  syslog.pid  syslog.facility  syslog.severity  syslog.msgid  syslog.message
 *   syslog.stream (stdout, stderr of a container)  syslog.repeated (logged so many times more)
 *   syslog.sd.ID.NAME (a parameter of RFC 5424 structured data)
 *
 * Facility and severity go by their names (authpriv, warning). All texts point into what was read.
 */
#ifndef MEWS_ENVELOPE_H
#define MEWS_ENVELOPE_H

#include "replay/readers/record.h"

/* Of names that somebody else chose (structured data, keys of a message) as many are taken; the message holds all. */
enum { ENVELOPE_NAMES_MAX = 1024 };

struct envelope {
	int64_t time;            /* ns; INT64_MIN: it has none */
	struct text host, program, pid, msgid, message, stream; /* empty: none */
	struct text structured;  /* [ID NAME="VALUE" …]… as it stands; empty: none */
	int priority;            /* facility * 8 + severity; -1: none */
	uint64_t repeated;       /* how many times more the message was logged */
};

/* Adds the names to a record that has begun. */
void envelope_record(const struct envelope *envelope, struct record *record);

/* A copy of an envelope without structured data; zeroes are none. */
struct envelope_copy {
	struct buffer text; /* host, program, pid, message */
	size_t host, program, pid; /* lengths */
	int64_t time;
	int priority;
	bool kept;
};
void envelope_keep(struct envelope_copy *copy, const struct envelope *envelope);
/* What was kept, until the next envelope_keep. false: nothing was. */
bool envelope_kept(const struct envelope_copy *copy, struct envelope *envelope);

/* The structured data at the beginning of `text`: `-` or elements. false: it is broken. `rest` is what follows. */
bool structured_take(struct text text, struct text *structured, struct text *rest);

#endif
