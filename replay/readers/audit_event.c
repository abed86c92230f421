/*
 * audit_event: grouping of interleaved records.
 */
#include "replay/readers/audit_event.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 8192, TIMEOUT = 2, JUMP_BACK = 60, SPARE_MAX = 64, SPARE_BYTES = 64 << 10 };

/* An event that is being collected. The texts of its first `kept` records stand in its own copy, one behind the other: type
 * and body of each behind the node. They are found there when it is handed on, since the copy moves as it grows. */
struct open_event {
	struct open_event *chain;        /* same bucket */
	struct open_event *after;        /* began later */
	struct audit_event event;
	struct buffer copy;
	size_t kept;
	size_t size;                     /* that it counts for */
	size_t capacity;                 /* of event.records */
	bool ended, owned;               /* owned: the node stands in the copy */
};

struct audit_events {
	int (*take)(void *context, const struct audit_event *event);
	void *context;
	struct open_event *buckets[BUCKETS];
	struct open_event *oldest, *newest, *spare;
	struct open_event *last; /* that a record was added to, while it is open */
	size_t open, bytes, spares;
	int64_t clock; /* second at which time-outs were last looked for */
	struct text lent;
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
		buffer_free(&open->copy);
		free(open->event.records);
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

/* Neighbours have buckets side by side: one after the other is looked up. */
static size_t bucket_of(const struct audit_line *line)
{
	uint64_t hash = (uint64_t)line->seconds * UINT64_C(0x9e3779b97f4a7c15);
	return (size_t)((line->serial + line->milliseconds + (hash >> 40)) % BUCKETS);
}

static struct text node_of(const struct open_event *open)
{
	return open->owned ? (struct text){open->copy.data, open->event.node.length} : open->event.node;
}

static bool is_of(const struct open_event *open, const struct audit_line *line)
{
	const struct audit_event *event = &open->event;
	return event->serial == line->serial && event->seconds == line->seconds &&
		event->milliseconds == line->milliseconds && event->node.length == line->node.length &&
		(!line->node.length || text_equal(node_of(open), line->node));
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
	struct audit_stored *records = open->event.records;
	open->event = (struct audit_event){.node = line->node, .seconds = line->seconds, .milliseconds = line->milliseconds,
		.serial = line->serial, .records = records};
	open->ended = open->owned = false;
	open->kept = 0;
	buffer_clear(&open->copy);
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
	open->size = sizeof *open + line->node.length;
	events->bytes += open->size;
	return open;
}

static bool is_lent(const struct audit_events *events, struct text text)
{
	return events->lent.length && text.data >= events->lent.data && text.data < events->lent.data + events->lent.length;
}

/* Can AUDIT_SLACK bytes behind the text be read, as long as it is lent? */
static bool has_slack(const struct audit_events *events, struct text text)
{
	return is_lent(events, text) &&
		(size_t)(events->lent.data + events->lent.length - text.data) >= text.length + AUDIT_SLACK;
}

/* Copies what is not the event's own yet. */
static void keep(struct open_event *open)
{
	static const char slack[AUDIT_SLACK];
	const struct audit_event *event = &open->event;
	if (!open->owned)
		buffer_text(&open->copy, event->node);
	open->owned = true;
	for (; open->kept < event->count; open->kept++) {
		buffer_text(&open->copy, event->records[open->kept].type);
		buffer_text(&open->copy, event->records[open->kept].body);
	}
	buffer_add(&open->copy, slack, sizeof slack);
	open->copy.length -= sizeof slack;
}

/* What an enriched log through syslog has behind a mark stands behind the byte again. */
static void store_added(struct open_event *open, const struct audit_line *line)
{
	struct audit_stored *stored = &open->event.records[open->event.count];
	open->event.count++;
	keep(open);
	buffer_char(&open->copy, AUDIT_ADDED);
	buffer_text(&open->copy, line->added);
	stored->body.length += 1 + line->added.length;
}

static void store(struct audit_events *events, struct open_event *open, const struct audit_line *line, uint64_t number)
{
	struct audit_event *event = &open->event;
	if (event->count == open->capacity) {
		open->capacity = open->capacity ? open->capacity * 2 : 8;
		event->records = mem_resize(event->records, open->capacity * sizeof *event->records);
	}
	struct audit_stored *stored = &event->records[event->count];
	*stored = (struct audit_stored){.type = line->type, .body = line->body, .number = line->number, .line = number};
	if (line->added.length) {
		store_added(open, line);
		keep(open); /* with room behind it */
	} else {
		event->count++;
		if (!has_slack(events, line->body))
			keep(open);
	}
	size_t size = line->type.length + stored->body.length + sizeof *stored;
	open->size += size;
	events->bytes += size;
}

static void finish(struct open_event *open)
{
	const char *at = open->copy.data;
	open->event.lent = !open->owned;
	if (!open->owned)
		return;
	open->event.node.data = at;
	at += open->event.node.length;
	for (size_t i = 0; i < open->kept; i++) {
		struct audit_stored *stored = &open->event.records[i];
		stored->type.data = at;
		at += stored->type.length;
		stored->body.data = at;
		at += stored->body.length;
	}
}

void audit_events_lend(struct audit_events *events, struct text bytes)
{
	events->lent = bytes;
}

void audit_events_keep(struct audit_events *events)
{
	for (struct open_event *open = events->oldest; open; open = open->after)
		if (!open->owned || open->kept < open->event.count)
			keep(open);
	events->lent = TEXT("");
}

bool audit_events_lent(const struct audit_events *events, struct text text)
{
	return is_lent(events, text);
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
	events->bytes -= open->size;
}

/* Keeps a few for the next events, but none that grew large. */
static void recycle(struct audit_events *events, struct open_event *open)
{
	open->after = NULL;
	if (events->spares == SPARE_MAX || open->copy.capacity > SPARE_BYTES) {
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
