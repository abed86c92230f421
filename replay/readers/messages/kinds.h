/*
 * kinds: the kinds of messages that stand in logs. A new one is one file beside this and a row of message_kinds.
 *
 * `fits` looks at the envelope: a few bytes of the message or the program's name.
 * `take` adds raw names to the record, in which the envelope's stand already, and may choose another dialect; false: the
 * message is not what it seemed, and what was added stays as it is (names of a kind carry its prefix). A kind that hands
 * the message to a stream of its own (audit) sets `delivered` and `status` instead.
 */
#ifndef MEWS_MESSAGES_KINDS_H
#define MEWS_MESSAGES_KINDS_H

#include "replay/readers/envelope.h"
#include "replay/readers/reader.h"
#include "replay/readers/syslog_time.h"

/* What kinds with a state of their own are made with; lives as long as the state. */
struct message_place {
	const struct reader_options *options;
	struct event_sink sink;
	struct ledger *ledger;
	const char *file;
	struct syslog_clock *clock; /* for times that a message leaves half out */
};

struct message {
	const struct message_place *place;
	const struct envelope *envelope;
	void *state;                   /* what the kind's `open` returned */
	struct record *record;         /* texts: in its arena, or where the envelope's are */
	const struct dialect *dialect; /* reads the record: the wrapper's own, until a kind chooses another */
	struct text kind;              /* value of syslog.kind: the kind's name, until it says more */
	int64_t time;                  /* the envelope's; a kind sets it where that has none and the message does */
	bool delivered;
	int status;
};

struct message_kind {
	const char *name;
	bool alone; /* may stand on its line without an envelope, and then tells the format */
	const char *programs; /* words, and */
	const char *begins;   /* bytes: `fits` is asked of messages by one of these programs, or that begin with one of these */
	bool (*fits)(const struct envelope *envelope);
	bool (*take)(struct message *message);
	void *(*open)(const struct message_place *place); /* NULL: the kind has no state */
	int (*end)(void *state);
	void (*close)(void *state);
};

extern const struct message_kind *const message_kinds[]; /* ends with NULL; the first that fits and takes has it */

/* A row for each kind. */
extern const struct message_kind message_audit, message_json, message_cef, message_sysmon, message_sudo, message_login,
	message_account, message_cron, message_netfilter, message_falco, message_logfmt, message_klog;

/* The raw name that a kind gives to a key of its message: `cef.` and `src` are cef.src. */
struct text message_name(struct arena *arena, struct text prefix, struct text key);

/* Adds a part COMMAND for each program that a command runs (command_line.h), itself the first: command.args,
 * command.program (the first of them), and command.user where it is told whom to become. */
void message_add_words(struct record *record, const struct text *words, size_t count);

#endif
