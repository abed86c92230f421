/*
 * batch: a piece of a source on its way through the pipeline.
 *
 * Whoever runs one of its stages has it alone; it passes from thread to thread between stages. Its memory is used again for
 * later batches.
 */
#ifndef MEWS_BATCH_H
#define MEWS_BATCH_H

#include "replay/pipeline/pipeline.h"
#include "replay/readers/formats.h"

enum stage { STAGE_TAKE, STAGE_READ, STAGE_DERIVE, STAGE_ASK, STAGE_MEASURE, STAGE_COUNT };

enum batch_kind {
	BATCH_CHUNK,    /* bytes up to a border */
	BATCH_GATHERED, /* lines, of which the reader has gathered what belongs together */
	BATCH_EVENTS,   /* events of what is read in one piece */
};

struct batch {
	uint64_t number;
	enum stage stage; /* the next one */
	bool busy;        /* a thread is at it */
	struct worker *owner; /* whose processor has seen its memory last, if all went well */
	struct batch *next;   /* of its owner's spare ones */
	/* take */
	enum batch_kind kind;
	const char *path;  /* of its file; NULL: of several (BATCH_EVENTS) */
	size_t file;       /* which of the source */
	bool first, last;  /* of that file, or of what is read in one piece */
	bool resumes;      /* reader_chunk's */
	bool ahead;        /* it may be read before the batch in front of it is known */
	struct buffer begin; /* of the source, for the reader */
	char *bytes;
	size_t length, capacity;
	const void *gathered;
	struct ledger taken; /* with the last one: what is accounted for in this stage */
	uint64_t position;   /* bytes of all files up to here */
	int status;          /* -1: the file, or the rest of it, cannot be read */
	struct diagnostics diagnostics;
	/* read */
	struct arena arena;
	struct reader_chunk chunk;
	struct ledger ledger;
	uint64_t lines;
	const struct deriver *deriver; /* it has what it keeps now derived alone; NULL: it does not */
	struct event **events;
	struct actor *actors; /* of derive_alone */
	struct answer *answers;
	size_t count, room;
	bool joined; /* events stand elsewhere than when they were derived */
};

/* What one thread has of its own. */
struct worker {
	struct pipeline *pipeline;
	struct engine *engine;  /* that it asks now */
	struct engine *beside;  /* its own; NULL: there was no need of it yet */
	struct reader_plans plans;
	bool planned;           /* they have begun */
	struct batch *spare;    /* its batches that are not under way, the one that was used last in front */
	const struct reader_gathering *gathering;
	void *gathered;         /* its */
};

void batch_begin(struct batch *batch, uint64_t number); /* what stood there is gone; memory stays */
void batch_free(struct batch *batch);
char *batch_room(struct batch *batch, size_t size); /* for so many bytes; those that are there stay */
struct event_sink batch_sink(struct batch *batch);  /* keeps events that are the arena's */
/* No event, nothing in its account. */
void batch_empty(struct batch *batch);

/* Bytes → events, and what can be derived of each by itself (deriver NULL: nothing). */
void batch_read(struct batch *batch, struct worker *worker, const struct source *source, const struct deriver *deriver);
/* Is it one of several records of an event? Then derivation waits until they are joined. */
static inline bool batch_joins(const struct event *event)
{
	return event->records > 1 && event->id.length;
}
/* When no event is left that was read with it. */
void worker_end(struct worker *worker);

#endif
