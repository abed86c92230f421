/*
 * message_pattern: text messages that a program writes always alike, as rows of a table.
 *
 *   {"sshd", "Failed {method} for invalid user {>user} from {from} port {port} {}", "failed"}
 *
 * What stands outside of braces stands so in the message. {name} is what stands there up to the first place where the
 * text behind it follows, {>name} up to the last such place where the rest fits: for what a stranger chose (a user name
 * may hold ` from 10.0.0.1 port 22`). {} is anything. The last one takes all that is left, at least one byte. A row's
 * programs are words; with none, any program. Messages of more than 16 KiB are none of these.
 */
#ifndef MEWS_MESSAGE_PATTERN_H
#define MEWS_MESSAGE_PATTERN_H

#include "replay/readers/record.h"

struct message_pattern {
	const char *programs; /* "su login"; NULL: any */
	const char *text;
	const char *act;      /* what it says happened */
};

enum { PATTERN_NAMES = 12 };

struct pattern_match {
	const struct message_pattern *pattern;
	size_t count;
	struct text names[PATTERN_NAMES], values[PATTERN_NAMES]; /* by place; a name may be empty, and points into the pattern */
};

/* The first row of the table (it ends with text NULL) that the message is. */
bool pattern_find(const struct message_pattern *table, struct text program, struct text message, struct pattern_match *match);
/* Adds PREFIX.act and a value of each name, `-` and empty ones left out. */
void pattern_record(const struct pattern_match *match, struct text prefix, struct record *record);
/* Is the program one of the words? */
bool pattern_program(const char *programs, struct text program);

#endif
