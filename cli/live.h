/*
 * live: `mews replay --follow`: alerts as they come, until somebody ends it with Ctrl-C or SIGTERM.
 *
 *   struct live live;
 *   live_begin(&live, json);        -- SIGINT and SIGTERM are kept back from now on
 *   … = &live.control               -- for follow_open: "shall it end?"
 *   live_alert, live_event_done     -- for replay_options
 *   live_end(&live);
 *
 * A line is `TIME SEVERITY DETECTION [ORGANIZATION, …] FILE:LINE ENTITY FIELD=VALUE …`; an event's alerts of several
 * organizations are one line. With json each alert is an object on one line.
 */
#ifndef MEWS_LIVE_H
#define MEWS_LIVE_H

#include "replay/readers/follow.h"
#include "replay/report/report.h"

#include <signal.h>

struct live_line;

struct live {
	struct follow_control control;
	bool json;
	sigset_t before;
	struct arena arena;            /* of the event in hand */
	struct live_line *lines;
	size_t count;
};

void live_begin(struct live *live, bool json);
void live_end(struct live *live);
void live_alert(void *context, const struct alert *alert);
void live_event_done(void *context);

#endif
