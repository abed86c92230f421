/*
 * join: records of one event, as they follow each other (see join.h).
 */
#include "replay/readers/join.h"

enum { RECORDS_MAX = 1024 }; /* of one event; further ones are events of their own */

static int hand_on(struct joiner *joiner)
{
	struct event *event = joiner->event;
	if (!event)
		return 0;
	joiner->event = NULL;
	int status = joiner->sink.take(joiner->sink.context, event);
	if (!joiner->within)
		arena_reset(&joiner->arena);
	return status;
}

static bool belongs(const struct joiner *joiner, const struct event *event)
{
	return joiner->event && event->records > 1 && event->id.length && text_equal(joiner->event->id, event->id);
}

static void add(struct joiner *joiner, const struct event *event)
{
	event_take_facets(joiner->event, event);
	joiner->ledger->events--;
	if (event->line == joiner->line)
		return;
	joiner->ledger->event_lines--; /* the reader counts it as one; the sum may come a moment later */
	joiner->ledger->continued++;
}

static int take(void *context, struct event *event)
{
	struct joiner *joiner = context;
	bool further = belongs(joiner, event);
	int status = further ? 0 : hand_on(joiner);
	if (status)
		return status;
	if (event->records <= 1 || !event->id.length)
		return joiner->sink.take(joiner->sink.context, event);
	if (further) {
		add(joiner, event);
		joiner->awaited--;
	} else {
		joiner->event = event_clone(event, joiner->within ? joiner->within : &joiner->arena);
		joiner->event->file = event->file; /* the input's, as of all its events */
		joiner->awaited = (event->records < RECORDS_MAX ? event->records : RECORDS_MAX) - 1;
	}
	joiner->line = event->line;
	return joiner->awaited ? 0 : hand_on(joiner);
}

struct event_sink joiner_sink(struct joiner *joiner)
{
	return (struct event_sink){take, joiner};
}

bool joiner_open(const struct joiner *joiner)
{
	return joiner->event != NULL;
}

void joiner_move(struct joiner *joiner, struct arena *within)
{
	struct event *event = joiner->event;
	struct arena old = joiner->arena;
	joiner->within = within;
	joiner->arena = (struct arena){0};
	if (event) {
		joiner->event = event_clone(event, within ? within : &joiner->arena);
		joiner->event->file = event->file;
	}
	arena_free(&old);
}

int joiner_end(struct joiner *joiner, int status)
{
	if (!status)
		status = hand_on(joiner);
	arena_free(&joiner->arena);
	return status;
}
