/*
 * messages: what stands inside of envelopes, each message handed to the reader that it belongs to.
 *
 * Kinds of messages are rows of a table (messages/kinds.h), one file each: audit records, JSON objects, CEF, Sysmon's
 * XML, sudo, logins, accounts, cron, the firewall's packets, Falco's text alerts, logfmt, klog. The first kind that fits
 * and can take the message has it. What none of them knows is a record with the envelope's names alone: nothing is lost.
 *
 *   struct messages *messages = messages_new(options, sink, ledger, file, &clock);
 *   messages_begin(messages, number);               -- names of the wrapper itself may be added to what this returns
 *   status = messages_take(messages, &envelope);
 *   …
 *   status = messages_end(messages);                -- audit events that were still open
 *   messages_free(messages);
 *
 * Each message is put into the account as one line: the first of an event, a further one (of an audit event), or
 * rejected. `lines` and `blank` are the caller's. Audit events come out when they are complete, which may be after events
 * of later lines (audit_stream.h). JSON is read by the dialect that understands what the program writes
 * (dialect_choice.h), Sysmon's XML by the dialect sysmon, Falco's text by falco, audit records by auditd, all else by
 * the options' own; where a dialect has no event for its record the options' own has one.
 *
 * Raw names of each kind are told in its file. `syslog.kind` is the kind's name.
 */
#ifndef MEWS_MESSAGES_H
#define MEWS_MESSAGES_H

#include "replay/readers/envelope.h"
#include "replay/readers/reader.h"
#include "replay/readers/syslog_time.h"

struct messages;

/* All that is handed over must live as long as the messages. */
struct messages *messages_new(const struct reader_options *options, struct event_sink sink, struct ledger *ledger,
	const char *file, struct syslog_clock *clock);
void messages_free(struct messages *messages);

/* Forgets the record before and begins one at this line. */
struct record *messages_begin(struct messages *messages, uint64_t line);
/* The message of the record that has begun; all texts live until the next messages_begin. Not 0: what the sink returned. */
int messages_take(struct messages *messages, const struct envelope *envelope);
int messages_end(struct messages *messages);
/* Where the input is silent for a while, what waits for more messages is handed on. Lasts as long as the messages. */
void messages_follow(struct messages *messages, struct input *input);

/* The envelope that was taken last, until the next messages_begin; false: there was none. */
bool messages_before(struct messages *messages, struct envelope *envelope);

/* Does a kind fit the text, whoever wrote it? */
bool messages_know(struct text line);
/* Is the text one of the kinds that files are made of without any envelope (Falco's text alerts, logfmt, klog, CEF,
 * Sysmon's XML)? */
bool messages_stand_alone(struct text line);

#endif
