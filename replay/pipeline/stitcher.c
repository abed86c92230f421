/* stitcher: what has to be done with batches in their order (see stitcher.h). */
#include "replay/pipeline/stitcher.h"

#include <string.h>

enum { TORN_MOST = 16 };

void stitcher_begin(struct stitcher *stitcher, const struct source *source, struct deriver *deriver, struct ledger *ledger)
{
	*stitcher = (struct stitcher){.source = source, .deriver = deriver, .ledger = ledger};
	stitcher->joiner.ledger = &stitcher->account;
}

void stitcher_end(struct stitcher *stitcher)
{
	joiner_end(&stitcher->joiner, 1);
	ledger_free(&stitcher->account);
	buffer_free(&stitcher->open);
}

static void begin_file(struct stitcher *stitcher)
{
	stitcher->lines = 0;
	stitcher->first = true;
	stitcher->resumes = false;
	stitcher->next_try = 0;
	buffer_clear(&stitcher->open);
}

static uint64_t lines_in(const char *bytes, size_t length)
{
	uint64_t lines = 0;
	for (const char *end = bytes + length, *at = bytes; at < end && (at = memchr(at, '\n', (size_t)(end - at))); at++)
		lines++;
	return lines;
}

/* The open end and the batch become one. */
static void prepend(struct stitcher *stitcher, struct batch *batch)
{
	size_t length = stitcher->open.length;
	if (!length)
		return;
	batch_room(batch, batch->length + length);
	memmove(batch->bytes + length, batch->bytes, batch->length);
	memcpy(batch->bytes, stitcher->open.data, length);
	batch->length += length;
}

/* What is open of the batch that was read is kept for the next. */
static void keep_open(struct stitcher *stitcher, struct batch *batch)
{
	size_t whole = batch->chunk.whole;
	stitcher->first = stitcher->first && batch->chunk.torn && !whole;
	buffer_clear(&stitcher->open);
	if (!batch->chunk.torn || batch->last) {
		stitcher->torn -= stitcher->torn > 0;
		return;
	}
	stitcher->resumes = whole ? batch->chunk.resume : batch->chunk.resumes;
	stitcher->torn += stitcher->torn < TORN_MOST;
	buffer_add(&stitcher->open, batch->bytes + whole, batch->length - whole);
	stitcher->next_try = whole ? 0 : 2 * batch->length;
	if (whole)
		batch->lines = lines_in(batch->bytes, whole);
	else
		batch_empty(batch);
}

/* Reads what could not be read ahead. */
static void put_together(struct stitcher *stitcher, struct batch *batch, struct worker *worker)
{
	size_t all = stitcher->open.length + batch->length;
	if (!batch->last && stitcher->open.length && all < stitcher->next_try) {
		buffer_add(&stitcher->open, batch->bytes, batch->length);
		batch_empty(batch);
		return;
	}
	if (stitcher->open.length || !batch->ahead) {
		prepend(stitcher, batch);
		batch->first = stitcher->first;
		batch->resumes = stitcher->open.length && stitcher->resumes;
		batch_read(batch, worker, stitcher->source, stitcher->deriver);
	}
	keep_open(stitcher, batch);
}

static void end_file(struct stitcher *stitcher, struct batch *batch)
{
	const struct source *source = stitcher->source;
	const struct dialect *dialect = reader_dialect(source->reader, &source->options);
	ledger_add(&stitcher->account, &batch->taken);
	if (batch->path)
		ledger_add_file(stitcher->ledger, &stitcher->account, batch->path, source->reader->name,
			dialect ? dialect->name.data : NULL);
	for (size_t i = 0; !batch->path && i < batch->taken.file_count; i++) {
		const struct ledger *file = &batch->taken.files[i];
		ledger_add_file(stitcher->ledger, file, file->file, file->reader, file->dialect);
	}
	ledger_free(&stitcher->account);
	ledger_free(&batch->taken);
}

/* Those of one event become it. The one that waits for further records passes from batch to batch. */
static void join_records(struct stitcher *stitcher, struct batch *batch)
{
	struct joiner *joiner = &stitcher->joiner;
	bool any = joiner_open(joiner);
	for (size_t i = 0; i < batch->count && !any; i++)
		any = batch_joins(batch->events[i]);
	if (!any)
		return;
	size_t count = batch->count;
	struct event **events = arena_array(&batch->arena, count + 1, sizeof *events);
	if (count)
		memcpy(events, batch->events, count * sizeof *events);
	batch->count = 0;
	batch->joined = true;
	joiner->sink = batch_sink(batch);
	joiner_move(joiner, &batch->arena);
	struct event_sink sink = joiner_sink(joiner);
	for (size_t i = 0; i < count; i++)
		sink.take(sink.context, events[i]);
	if (batch->last)
		joiner_end(joiner, 0);
	else
		joiner_move(joiner, NULL);
}

static void derive_all(struct stitcher *stitcher, struct batch *batch)
{
	struct deriver *deriver = stitcher->deriver;
	for (size_t i = 0; i < batch->count && batch->joined; i++)
		if (batch_joins(batch->events[i]))
			derive_alone(deriver, batch->events[i], &batch->actors[i]);
		else
			derive_look(deriver, batch->events[i], &batch->actors[i]);
	derive_in_order(deriver, batch->events, batch->actors, batch->count);
}

void stitcher_take(struct stitcher *stitcher, struct batch *batch, struct worker *worker)
{
	if (batch->first)
		begin_file(stitcher);
	if (batch->kind == BATCH_CHUNK && (batch->length || batch->first || stitcher->open.length))
		put_together(stitcher, batch, worker);
	for (size_t i = 0; i < batch->count && batch->kind != BATCH_EVENTS; i++) {
		batch->events[i]->file = batch->path;
		batch->events[i]->line += batch->kind == BATCH_CHUNK ? stitcher->lines : 0;
	}
	if (batch->kind != BATCH_EVENTS)
		join_records(stitcher, batch);
	derive_all(stitcher, batch);
	ledger_add_chunk(&stitcher->account, &batch->ledger, batch->kind == BATCH_CHUNK ? stitcher->lines : 0);
	stitcher->lines += batch->lines;
	ledger_free(&batch->ledger);
	if (batch->last)
		end_file(stitcher, batch);
}
