/* audit_batch: see audit_batch.h. */
#include "replay/readers/audit_batch.h"

#include "replay/readers/audit_lines.h"
#include "replay/readers/audit_reading.h"

#include <stdlib.h>
#include <string.h>

/* Events of one piece of the log. */
struct batch {
	struct audit_event *events;
	size_t count;
};

struct gatherer {
	struct audit_lines lines;
	uint64_t number;     /* of the next line */
	struct batch *batch; /* in hand */
	struct arena *arena; /* that it is made in */
};

/* The text where it lives as long as the batch: in the lines, or as a copy that can be read beyond its end. */
static struct text settled(const struct gatherer *gatherer, struct text text)
{
	if (!text.length || audit_events_lent(gatherer->lines.events, text))
		return text;
	char *copy = arena_alloc(gatherer->arena, text.length + AUDIT_SLACK);
	memcpy(copy, text.data, text.length);
	return (struct text){copy, text.length};
}

static int add_event(void *context, const struct audit_event *event)
{
	struct gatherer *gatherer = context;
	struct batch *batch = gatherer->batch;
	batch->events = arena_grow(gatherer->arena, batch->events, batch->count, sizeof *batch->events);
	struct audit_event *added = &batch->events[batch->count++];
	*added = *event;
	added->node = event->lent ? event->node : settled(gatherer, event->node);
	added->records = arena_room(gatherer->arena, event->count * sizeof *added->records);
	memcpy(added->records, event->records, event->count * sizeof *added->records);
	for (size_t i = 0; i < event->count && !event->lent; i++) {
		added->records[i].type = settled(gatherer, event->records[i].type);
		added->records[i].body = settled(gatherer, event->records[i].body);
	}
	return 0;
}

static void *begin(const char *file, struct ledger *ledger)
{
	struct gatherer *gatherer = mem_alloc(sizeof *gatherer);
	*gatherer = (struct gatherer){.lines = {.ledger = ledger, .file = file}, .number = 1};
	gatherer->lines.events = audit_events_new(add_event, gatherer);
	return gatherer;
}

static const void *take(void *state, struct text lines, bool last, struct arena *arena)
{
	struct gatherer *gatherer = state;
	gatherer->batch = arena_alloc(arena, sizeof *gatherer->batch);
	gatherer->arena = arena;
	audit_lines_block(&gatherer->lines, lines, &gatherer->number);
	if (last)
		audit_events_end(gatherer->lines.events);
	audit_events_keep(gatherer->lines.events);
	return gatherer->batch;
}

static void end(void *state)
{
	struct gatherer *gatherer = state;
	if (gatherer)
		audit_events_free(gatherer->lines.events);
	free(gatherer);
}

static void *open_reading(const struct reader_options *options, const char *file)
{
	return audit_reading_new(options, file);
}

static int read_batch(void *mine, const void *gathered, const struct reader_options *options, struct event_sink sink,
	struct ledger *ledger)
{
	const struct batch *batch = gathered;
	struct arena *arena = options->chunk->arena;
	struct reader_options *kept = arena_alloc(arena, sizeof *kept); /* whole events are made by them */
	int status = 0;
	*kept = *options;
	for (size_t i = 0; !status && i < batch->count; i++)
		status = audit_reading_take(mine, &batch->events[i], arena, kept, sink, ledger);
	return status;
}

static void close_reading(void *mine)
{
	audit_reading_free(mine);
}

const struct reader_gathering audit_gathering = {begin, take, end, open_reading, read_batch, close_reading};
