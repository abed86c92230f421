/* batch: memory of batches, and reading them (see batch.h). */
#include "replay/pipeline/batch.h"

#include <stdlib.h>
#include <string.h>

void batch_begin(struct batch *batch, uint64_t number)
{
	struct batch kept = *batch;
	arena_reset(&kept.arena);
	*batch = (struct batch){.number = number, .bytes = kept.bytes, .capacity = kept.capacity, .arena = kept.arena,
		.begin = kept.begin, .events = kept.events, .actors = kept.actors, .answers = kept.answers, .room = kept.room,
		.owner = kept.owner};
}

void batch_free(struct batch *batch)
{
	arena_free(&batch->arena);
	ledger_free(&batch->ledger);
	ledger_free(&batch->taken);
	diagnostics_free(&batch->diagnostics);
	buffer_free(&batch->begin);
	free(batch->bytes);
	free(batch->events);
	free(batch->actors);
	free(batch->answers);
}

char *batch_room(struct batch *batch, size_t size)
{
	if (size > batch->capacity) {
		batch->capacity = size;
		batch->bytes = mem_resize(batch->bytes, size);
	}
	return batch->bytes;
}

static int keep(void *context, struct event *event)
{
	struct batch *batch = context;
	if (batch->count == batch->room) {
		batch->room = batch->room ? batch->room * 2 : 256;
		batch->events = mem_resize(batch->events, batch->room * sizeof *batch->events);
		batch->actors = mem_resize(batch->actors, batch->room * sizeof *batch->actors);
		batch->answers = mem_resize(batch->answers, batch->room * sizeof *batch->answers);
	}
	batch->events[batch->count] = event;
	if (batch->deriver && !batch_joins(event))
		derive_alone(batch->deriver, event, &batch->actors[batch->count]);
	batch->count++;
	return 0;
}

struct event_sink batch_sink(struct batch *batch)
{
	return (struct event_sink){keep, batch};
}

void batch_empty(struct batch *batch)
{
	batch->count = 0;
	batch->lines = 0;
	ledger_free(&batch->ledger);
}

static void read_chunk(struct batch *batch, const struct source *source, struct reader_options *options)
{
	struct input *input = input_over(batch->path, (struct text){batch->bytes, batch->length});
	arena_reset(&batch->arena);
	options->chunk = &batch->chunk;
	if (reader_read(source->reader, input, options, batch_sink(batch), &batch->ledger, &batch->diagnostics))
		batch->status = -1;
	batch->lines = input_lines(input);
	input_close(input);
}

static void read_gathered(struct batch *batch, struct worker *worker, const struct source *source,
	struct reader_options *options)
{
	const struct reader_gathering *gathering = source->reader->gathering;
	options->dialect = reader_dialect(source->reader, options);
	if (!worker->gathered)
		worker->gathered = gathering->open(options, batch->path); /* for all files: stitcher.h names them */
	worker->gathering = gathering;
	options->chunk = &batch->chunk;
	if (gathering->read(worker->gathered, batch->gathered, options, batch_sink(batch), &batch->ledger))
		batch->status = -1;
}

void batch_read(struct batch *batch, struct worker *worker, const struct source *source, const struct deriver *deriver)
{
	struct reader_options options = source->options;
	if (batch->status && !batch->length)
		return; /* it could not be opened */
	if (!worker->planned)
		reader_plans_begin(&worker->plans);
	worker->planned = true;
	options.plans = &worker->plans;
	batch_empty(batch);
	batch->deriver = deriver;
	batch->ledger.chunk = true;
	batch->chunk = (struct reader_chunk){.arena = &batch->arena, .first = batch->first, .last = batch->last,
		.begin = buffer_view(&batch->begin), .resumes = batch->resumes};
	if (batch->kind == BATCH_GATHERED)
		read_gathered(batch, worker, source, &options);
	else
		read_chunk(batch, source, &options);
	batch->deriver = NULL;
}

void worker_end(struct worker *worker)
{
	if (worker->gathered)
		worker->gathering->close(worker->gathered);
	if (worker->planned)
		reader_plans_end(&worker->plans);
	*worker = (struct worker){.pipeline = worker->pipeline, .beside = worker->beside, .spare = worker->spare};
}
