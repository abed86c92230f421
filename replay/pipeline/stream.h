/*
 * stream: what cannot be cut, read in one piece by a thread of its own; its events are copied into batches.
 */
#ifndef MEWS_STREAM_H
#define MEWS_STREAM_H

#include "replay/pipeline/batch.h"

struct stream;

/* One open file of a source, or a whole dataset (`input` NULL: then `source` is not asked). NULL: no thread could be made. */
struct stream *stream_new(const struct dataset *dataset, const struct source *source, size_t file, struct input *input);
/* Waits until the batch is full, or the last one. */
void stream_take(struct stream *stream, struct batch *batch);
void stream_free(struct stream *stream); /* stops it, if need be */

#endif
