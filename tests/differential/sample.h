/*
 * sample: which recorded events are compared, where asking of every one would take many minutes.
 *
 *   struct sample sample = sample_of(4000, 50);    the first 4000 of each file, and of the rest each 50th
 *   if (sample_takes(&sample, event)) …            events of a file come together
 *
 * FULL=1 in the environment takes every one.
 */
#ifndef MEWS_SAMPLE_H
#define MEWS_SAMPLE_H

#include "catalog/event.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sample {
	uint64_t first, every;   /* every 0: none of the rest */
	const char *file;        /* of the newest event: interned, or at least alive while events of it come */
	uint64_t count, left_out;
};

static inline struct sample sample_of(uint64_t first, uint64_t every)
{
	const char *full = getenv("FULL");
	bool all = full != NULL && strcmp(full, "1") == 0;
	return (struct sample){all ? UINT64_MAX : first, every, NULL, 0, 0};
}

static inline bool sample_takes(struct sample *sample, const struct event *event)
{
	if (sample->file == NULL || strcmp(sample->file, event->file) != 0) {
		sample->file = event->file;
		sample->count = 0;
	}
	sample->count++;
	bool takes = sample->count <= sample->first || (sample->every != 0 && sample->count % sample->every == 0);
	sample->left_out += !takes;
	return takes;
}

/* Said aloud, so that nobody takes a part for the whole. */
static inline void sample_tell(const struct sample *sample)
{
	if (sample->left_out > 0)
		printf("%" PRIu64 " events of long files were not asked of: FULL=1 asks of all\n", sample->left_out);
}

#endif
