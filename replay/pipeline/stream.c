/* stream: see stream.h. */
#include "replay/pipeline/stream.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { STREAM_EVENTS = 256 }; /* of a batch */

struct stream {
	const struct dataset *dataset;
	const struct source *source;
	size_t file;
	struct input *input;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t moved;  /* a batch came or was filled, or the end */
	struct batch *batch;   /* that is being filled; NULL: none */
	bool first, ended, stop;
	const char *name;      /* of the newest event's file */
	int status;
	struct ledger ledger;
	struct diagnostics diagnostics;
};

/* Names of the dataset's files outlive their inputs. */
static const char *lasting_name(struct stream *stream, const char *file)
{
	const struct dataset *dataset = stream->dataset;
	if (!file || (stream->name && strcmp(stream->name, file) == 0))
		return file ? stream->name : NULL;
	for (size_t i = 0; i < dataset->file_count; i++)
		if (strcmp(dataset->files[i], file) == 0)
			return stream->name = dataset->files[i];
	return NULL;
}

/* NULL: somebody wants it to stop. */
static struct batch *wait_for_batch(struct stream *stream)
{
	pthread_mutex_lock(&stream->lock);
	while (!stream->batch && !stream->stop)
		pthread_cond_wait(&stream->moved, &stream->lock);
	struct batch *batch = stream->stop ? NULL : stream->batch;
	pthread_mutex_unlock(&stream->lock);
	return batch;
}

static void hand_over(struct stream *stream, struct batch *batch)
{
	batch->position = stream->input ? input_position(stream->input) : 0;
	pthread_mutex_lock(&stream->lock);
	stream->batch = NULL;
	pthread_cond_broadcast(&stream->moved);
	pthread_mutex_unlock(&stream->lock);
}

static int put(void *context, struct event *event)
{
	struct stream *stream = context;
	struct batch *batch = wait_for_batch(stream);
	if (!batch)
		return 1;
	struct event *copy = event_clone(event, &batch->arena);
	copy->file = lasting_name(stream, event->file);
	struct event_sink sink = batch_sink(batch);
	sink.take(sink.context, copy);
	if (batch->count == STREAM_EVENTS)
		hand_over(stream, batch);
	return 0;
}

static void *run(void *context)
{
	struct stream *stream = context;
	const struct source *source = stream->source;
	struct event_sink sink = {put, stream};
	stream->status = stream->input
		? reader_read(source->reader, stream->input, &source->options, sink, &stream->ledger, &stream->diagnostics)
		: dataset_read(stream->dataset, sink, &stream->ledger, &stream->diagnostics);
	pthread_mutex_lock(&stream->lock);
	stream->ended = true;
	stream->batch = NULL;
	pthread_cond_broadcast(&stream->moved);
	pthread_mutex_unlock(&stream->lock);
	return NULL;
}

struct stream *stream_new(const struct dataset *dataset, const struct source *source, size_t file, struct input *input)
{
	struct stream *stream = mem_alloc(sizeof *stream);
	*stream = (struct stream){.dataset = dataset, .source = source, .file = file, .input = input, .first = true};
	pthread_mutex_init(&stream->lock, NULL);
	pthread_cond_init(&stream->moved, NULL);
	if (pthread_create(&stream->thread, NULL, run, stream) == 0)
		return stream;
	pthread_cond_destroy(&stream->moved);
	pthread_mutex_destroy(&stream->lock);
	free(stream);
	return NULL;
}

void stream_take(struct stream *stream, struct batch *batch)
{
	batch->kind = BATCH_EVENTS;
	batch->first = stream->first;
	batch->path = stream->input ? stream->source->files[stream->file] : NULL;
	batch->file = stream->file;
	stream->first = false;
	pthread_mutex_lock(&stream->lock);
	stream->batch = batch;
	pthread_cond_broadcast(&stream->moved);
	while (stream->batch && !stream->ended)
		pthread_cond_wait(&stream->moved, &stream->lock);
	batch->last = stream->ended;
	pthread_mutex_unlock(&stream->lock);
	if (!batch->last)
		return;
	batch->taken = stream->ledger;
	batch->diagnostics = stream->diagnostics;
	batch->status = stream->status < 0 ? -1 : 0;
	stream->ledger = (struct ledger){0};
	stream->diagnostics = (struct diagnostics){0};
}

void stream_free(struct stream *stream)
{
	if (!stream)
		return;
	pthread_mutex_lock(&stream->lock);
	stream->stop = true;
	pthread_cond_broadcast(&stream->moved);
	pthread_mutex_unlock(&stream->lock);
	pthread_join(stream->thread, NULL);
	pthread_cond_destroy(&stream->moved);
	pthread_mutex_destroy(&stream->lock);
	ledger_free(&stream->ledger);
	diagnostics_free(&stream->diagnostics);
	free(stream);
}
