/*
 * audit_event: grouping of interleaved records.
 */
#include "replay/readers/audit_event.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 8192, TIMEOUT = 2, JUMP_BACK = 60, SPARE_MAX = 64, SPARE_BYTES = 64 << 10 };

/* An event that is being collected. Texts of records are offsets until it is handed on, since the copy moves. */
struct open_event {
	struct open_event *chain;        /* same bucket */
	struct open_event *after;        /* began later */
	struct audit_event event;
	struct buffer text;              /* node, then type and body of each record */
	size_t node_length;
	struct audit_stored *records;
	size_t capacity;
	bool ended;
};

struct audit_events {
	int (*take)(void *context, const struct audit_event *event);
	void *context;
	struct open_event *buckets[BUCKETS];
	struct open_event *oldest, *newest, *spare;
	struct open_event *last; /* that a record was added to, while it is open */
	size_t open, bytes, spares;
	int64_t clock; /* second at which time-outs were last looked for */
	bool stopped;
};

struct audit_events *audit_events_new(int (*take)(void *context, const struct audit_event *event), void *context)
{
	struct audit_events *events = mem_alloc(sizeof *events);
	memset(events, 0, sizeof *events);
	events->take = take;
	events->context = context;
	events->clock = INT64_MIN;
	return events;
}

static void free_list(struct open_event *open)
{
	while (open) {
		struct open_event *after = open->after;
		buffer_free(&open->text);
		free(open->records);
		free(open);
		open = after;
	}
}

void audit_events_free(struct audit_events *events)
{
	if (!events)
		return;
	free_list(events->oldest);
	free_list(events->spare);
	free(events);
}

static size_t bucket_of(const struct audit_line *line)
{
	uint64_t hash = line->serial * UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)line->seconds * 1000 + line->milliseconds;
	return (size_t)((hash ^ hash >> 32) % BUCKETS);
}

static struct text node_of(const struct open_event *open)
{
	return text_slice(buffer_view(&open->text), 0, open->node_length);
}

static bool is_of(const struct open_event *open, const struct audit_line *line)
{
	const struct audit_event *event = &open->event;
	return event->serial == line->serial && event->seconds == line->seconds &&
		event->milliseconds == line->milliseconds && text_equal(node_of(open), line->node);
}

/* Records of these types are events of their own. LOGIN is not: it comes with the write that caused it. */
static bool is_single(unsigned number)
{
	return (number && number < 1300 && number != AUDIT_LOGIN) || number == AUDIT_KERNEL || number >= 2100;
}

static struct open_event *new_open(struct audit_events *events)
{
	struct open_event *open = events->spare;
	if (open) {
		events->spare = open->after;
		events->spares--;
		return open;
	}
	open = mem_alloc(sizeof *open);
	memset(open, 0, sizeof *open);
	return open;
}

static struct open_event *begin(struct audit_events *events, const struct audit_line *line, size_t bucket)
{
	struct open_event *open = new_open(events);
	open->event = (struct audit_event){.seconds = line->seconds, .milliseconds = line->milliseconds,
		.serial = line->serial};
	open->ended = false;
	buffer_clear(&open->text);
	buffer_text(&open->text, line->node);
	open->node_length = line->node.length;
	open->chain = events->buckets[bucket];
	events->buckets[bucket] = open;
	open->after = NULL;
	if (events->newest)
		events->newest->after = open;
	else
		events->oldest = open;
	events->newest = open;
	events->last = open;
	events->open++;
	events->bytes += sizeof *open + line->node.length;
	return open;
}

/* Keeps the lengths now; the pointers are set by `finish`. */
static void store(struct audit_events *events, struct open_event *open, const struct audit_line *line, uint64_t number)
{
	struct audit_event *event = &open->event;
	if (event->count == open->capacity) {
		open->capacity = open->capacity ? open->capacity * 2 : 8;
		open->records = mem_resize(open->records, open->capacity * sizeof *open->records);
	}
	size_t added = line->added.length ? line->added.length + 1 : 0;
	open->records[event->count++] = (struct audit_stored){.type = {NULL, line->type.length},
		.body = {NULL, line->body.length + added}, .number = line->number, .line = number};
	buffer_text(&open->text, line->type);
	buffer_text(&open->text, line->body);
	if (added) {
		buffer_char(&open->text, AUDIT_ADDED);
		buffer_text(&open->text, line->added);
	}
	buffer_add(&open->text, "\0\0\0\0\0\0\0", 8); /* room behind it (audit_event.h) */
	open->text.length -= 8;
	events->bytes += line->type.length + line->body.length + added + sizeof *open->records;
}

static void finish(struct open_event *open)
{
	const char *at = open->text.data;
	open->event.node = node_of(open);
	if (at)
		at += open->node_length;
	for (size_t i = 0; i < open->event.count; i++) {
		struct audit_stored *stored = &open->records[i];
		stored->type.data = at;
		at += stored->type.length;
		stored->body.data = at;
		at += stored->body.length;
	}
	open->event.records = open->records;
}

static size_t size_of(const struct open_event *open)
{
	return sizeof *open + open->text.length + open->event.count * sizeof *open->records;
}

static void unlink_oldest(struct audit_events *events)
{
	struct open_event *open = events->oldest;
	struct audit_line key = {.seconds = open->event.seconds, .milliseconds = open->event.milliseconds,
		.serial = open->event.serial};
	struct open_event **link = &events->buckets[bucket_of(&key)];
	while (*link != open)
		link = &(*link)->chain;
	*link = open->chain;
	events->oldest = open->after;
	if (events->last == open)
		events->last = NULL;
	if (!events->oldest)
		events->newest = NULL;
	events->open--;
	events->bytes -= size_of(open);
}

/* Keeps a few for the next events, but none that grew large. */
static void recycle(struct audit_events *events, struct open_event *open)
{
	open->after = NULL;
	if (events->spares == SPARE_MAX || open->text.capacity > SPARE_BYTES) {
		free_list(open);
		return;
	}
	open->after = events->spare;
	events->spare = open;
	events->spares++;
}

static int hand_on_oldest(struct audit_events *events)
{
	struct open_event *open = events->oldest;
	finish(open);
	int status = events->take(events->context, &open->event);
	unlink_oldest(events);
	recycle(events, open);
	events->stopped = status != 0;
	return status;
}

static int hand_on_ended(struct audit_events *events)
{
	int status = 0;
	while (!status && events->oldest && events->oldest->ended)
		status = hand_on_oldest(events);
	while (!status && (events->open > AUDIT_OPEN_MAX || events->bytes > AUDIT_BYTES_MAX))
		status = hand_on_oldest(events);
	return status;
}

/* Ends what the clock of this line's node has left behind; looks once a second of log time. */
static void time_out(struct audit_events *events, const struct audit_line *line)
{
	if (line->seconds <= events->clock && line->seconds + JUMP_BACK > events->clock)
		return;
	events->clock = line->seconds;
	for (struct open_event *open = events->oldest; open; open = open->after)
		if (open->event.seconds + TIMEOUT <= line->seconds && text_equal(node_of(open), line->node))
			open->ended = true;
}

int audit_events_add(struct audit_events *events, const struct audit_line *line, uint64_t number, enum audit_role *role)
{
	time_out(events, line);
	struct open_event *open = events->last;
	size_t bucket = 0;
	if (!open || !is_of(open, line)) {
		bucket = bucket_of(line);
		open = events->buckets[bucket];
		while (open && !is_of(open, line))
			open = open->chain;
	}
	*role = open || line->number == AUDIT_EOE ? AUDIT_ROLE_FURTHER : AUDIT_ROLE_FIRST;
	if (*role == AUDIT_ROLE_FIRST)
		open = begin(events, line, bucket);
	if (open) {
		events->last = open;
		store(events, open, line, number);
		if (line->number == AUDIT_PROCTITLE || line->number == AUDIT_EOE || is_single(line->number))
			open->ended = true;
	}
	return hand_on_ended(events);
}

int audit_events_end(struct audit_events *events)
{
	int status = 0;
	while (!status && events->oldest && !events->stopped)
		status = hand_on_oldest(events);
	return status;
}
