/*
 * run: a script over one message, as rsyslogd runs it: which alerts its actions would write.
 *
 * Values are texts or numbers; a variable that is not set is the empty text. What is compared with a text is
 * compared as text, unless both are numbers. A message has $msg, $programname, $hostname, $rawmsg and what is set.
 */
#ifndef MEWS_RSYSLOG_RUN_H
#define MEWS_RSYSLOG_RUN_H

#include "generator/rsyslog/script.h"

struct script_property { /* of the message: msg, programname, hostname */
	const char *name;
	struct text value;
};

struct script_alert { /* what `$!mews!rule` was when an action was reached */
	struct text rule;
};

struct script_run {
	struct script_alert *alerts;
	size_t count;
	bool too_deep; /* rulesets call each other without end: rsyslogd would fall over */
};

/* All that is made lives in the arena. */
void script_message(const struct script *script, const struct script_property *properties, size_t count,
	struct arena *arena, struct script_run *run);

#endif
