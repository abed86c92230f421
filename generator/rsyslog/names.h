/*
 * names: how a pack finds in a message what its rules ask for.
 *
 * The dialect's raw names (`exe`, `cmdline`) are local variables, `$.mews!exe`, that the pack takes out of `$msg` before
 * it tests them; which message has which is the table here. `type` is what the message is: a type of audit record, sudo
 * or sshd. hostname and programname are rsyslog's own properties.
 */
#ifndef MEWS_RSYSLOG_NAMES_H
#define MEWS_RSYSLOG_NAMES_H

#include "generator/rule.h"

/* `set $.mews!NAME = re_extract(FROM, REGEX, 0, GROUP, "");` */
struct rsyslog_name {
	const char *type;  /* of the messages that have it; NULL: all audit records */
	const char *name;
	const char *from;  /* another name, which is set before; NULL: $msg */
	const char *regex; /* POSIX; NULL: put together by code (names.c) */
	unsigned group;
};
/* NULL: such messages have no such name. */
const struct rsyslog_name *rsyslog_name(struct text type, struct text name);
/* Is it a property of the message and no variable? */
bool rsyslog_property(struct text name);

/* The variable or property, as scripts write it. */
void rsyslog_variable(struct buffer *out, struct text name);
/* The statements that set it. */
void rsyslog_set(struct buffer *out, const struct rsyslog_name *name, const char *indent);
/* The statements that find out `$.mews!type`; `types`: those that are asked for. */
void rsyslog_set_type(struct buffer *out, const struct text *types, size_t count, const char *indent);

#endif
