/*
 * merge: sources side by side (see merge.h).
 */
#include "replay/readers/merge.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { WAITING = 128 }; /* events that a source may be ahead */

struct slot {
	struct arena arena;
	struct event *event;
	int64_t time; /* that it is ordered by */
};

/* A source, its thread, and the ring of events that it made and nobody took yet. */
struct lane {
	const struct source *source;
	struct merging *merging;
	pthread_t thread;
	bool started;
	struct slot slots[WAITING];
	size_t from, count;
	bool ended;
	int64_t newest;
	const char *file;      /* of the newest event, as the source names it */
	int status;
	struct ledger ledger;
	struct diagnostics diagnostics;
};

struct merging {
	pthread_mutex_t lock;
	pthread_cond_t moved; /* an event came or went, a lane ended, or all shall stop */
	struct lane *lanes;
	size_t count;
	bool stop;
};

/* A name that outlives the input. */
static const char *lasting_name(struct lane *lane, const char *file)
{
	const struct source *source = lane->source;
	if (lane->file != NULL && strcmp(lane->file, file) == 0)
		return lane->file;
	for (size_t i = 0; i < source->file_count; i++)
		if (strcmp(source->files[i], file) == 0)
			lane->file = source->files[i];
	return lane->file;
}

/* In the lane's thread. The copy is made outside of the lock: a free slot is the lane's own. */
static int put(void *context, struct event *event)
{
	struct lane *lane = context;
	struct merging *m = lane->merging;
	pthread_mutex_lock(&m->lock);
	while (lane->count == WAITING && !m->stop)
		pthread_cond_wait(&m->moved, &m->lock);
	bool stop = m->stop;
	struct slot *slot = &lane->slots[(lane->from + lane->count) % WAITING];
	pthread_mutex_unlock(&m->lock);
	if (stop)
		return 1;
	arena_reset(&slot->arena);
	slot->event = event_clone(event, &slot->arena);
	slot->event->file = lasting_name(lane, event->file);
	if (event->time != INT64_MIN)
		lane->newest = event->time;
	slot->time = lane->newest;
	pthread_mutex_lock(&m->lock);
	lane->count++;
	pthread_cond_broadcast(&m->moved);
	pthread_mutex_unlock(&m->lock);
	return 0;
}

static void *read_lane(void *context)
{
	struct lane *lane = context;
	lane->status = source_read(lane->source, (struct event_sink){put, lane}, &lane->ledger, &lane->diagnostics);
	pthread_mutex_lock(&lane->merging->lock);
	lane->ended = true;
	pthread_cond_broadcast(&lane->merging->moved);
	pthread_mutex_unlock(&lane->merging->lock);
	return NULL;
}

/* The lane whose event is next, when every lane has shown one or ended; NULL: all have ended. Under the lock. */
static struct lane *next_lane(struct merging *m)
{
	for (;;) {
		struct lane *next = NULL;
		bool waits = false;
		for (size_t i = 0; i < m->count; i++) {
			struct lane *lane = &m->lanes[i];
			if (lane->count == 0)
				waits = waits || !lane->ended;
			else if (next == NULL || lane->slots[lane->from].time < next->slots[next->from].time)
				next = lane;
		}
		if (!waits)
			return next;
		pthread_cond_wait(&m->moved, &m->lock);
	}
}

/* Hands on all events. What the sink returned. */
static int hand_on(struct merging *m, struct event_sink sink)
{
	int status = 0;
	pthread_mutex_lock(&m->lock);
	for (struct lane *lane; status == 0 && (lane = next_lane(m)) != NULL;) {
		pthread_mutex_unlock(&m->lock);
		status = sink.take(sink.context, lane->slots[lane->from].event);
		pthread_mutex_lock(&m->lock);
		lane->from = (lane->from + 1) % WAITING;
		lane->count--;
		pthread_cond_broadcast(&m->moved);
	}
	m->stop = true;
	pthread_cond_broadcast(&m->moved);
	pthread_mutex_unlock(&m->lock);
	return status;
}

void source_account(struct ledger *account, struct diagnostics *reports, struct ledger *ledger, struct diagnostics *d)
{
	for (size_t i = 0; i < reports->count; i++)
		diagnostics_add(d, reports->items[i].severity, reports->items[i].place, "%s", reports->items[i].message);
	for (size_t i = 0; i < account->file_count; i++) {
		const struct ledger *file = &account->files[i];
		ledger_add_file(ledger, file, file->file, file->reader, file->dialect);
	}
	ledger_free(account);
	diagnostics_free(reports);
}

static int end_lane(struct lane *lane, struct ledger *ledger, struct diagnostics *d)
{
	if (lane->started)
		pthread_join(lane->thread, NULL);
	source_account(&lane->ledger, &lane->diagnostics, ledger, d);
	for (size_t i = 0; i < WAITING; i++)
		arena_free(&lane->slots[i].arena);
	return lane->started && lane->status < 0 ? -1 : 0;
}

int sources_merge(const struct source *sources, size_t count, struct event_sink sink, struct ledger *ledger,
	struct diagnostics *d)
{
	struct merging m = {.count = count};
	int failed = 0;
	m.lanes = mem_alloc(count * sizeof *m.lanes);
	memset(m.lanes, 0, count * sizeof *m.lanes);
	pthread_mutex_init(&m.lock, NULL);
	pthread_cond_init(&m.moved, NULL);
	for (size_t i = 0; i < count; i++) {
		struct lane *lane = &m.lanes[i];
		lane->source = &sources[i];
		lane->merging = &m;
		lane->newest = INT64_MIN;
		lane->started = pthread_create(&lane->thread, NULL, read_lane, lane) == 0;
		if (!lane->started) {
			lane->ended = true;
			failed = diagnostics_error(d, (struct place){.file = sources[i].files[0]}, "no thread could be made to read it");
		}
	}
	int status = hand_on(&m, sink);
	for (size_t i = 0; i < count; i++)
		failed |= end_lane(&m.lanes[i], ledger, d);
	pthread_cond_destroy(&m.moved);
	pthread_mutex_destroy(&m.lock);
	free(m.lanes);
	return status != 0 ? status : failed;
}
