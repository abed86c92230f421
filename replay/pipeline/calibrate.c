/* calibrate: the events at the beginning of what will be replayed, for the engine (see pipeline.h). */
#include "replay/pipeline/pipeline.h"

#include <stdlib.h>

enum { SAMPLE_BYTES = 1 << 20, SAMPLE_DATASETS = 16 };

struct sample {
	struct arena arena;
	const struct event *events[ENGINE_SAMPLE];
	size_t count;
	struct deriver *deriver;
};

static int keep(void *context, struct event *event)
{
	struct sample *sample = context;
	struct event *copy = event_clone(event, &sample->arena);
	derive_event(sample->deriver, copy);
	sample->events[sample->count++] = copy;
	return sample->count == ENGINE_SAMPLE;
}

/* The beginning of a source, as if it were all of it. What is wrong with it is said when it is read. */
static void read_beginning(struct sample *sample, const struct source *source, struct input *input)
{
	struct text begin;
	struct ledger ledger = {0};
	struct diagnostics unsaid = {0};
	if (input_peek(input, SAMPLE_BYTES, &begin, &unsaid) == 0) {
		struct input *bytes = input_of(input_name(input), begin);
		reader_read(source->reader, bytes, &source->options, (struct event_sink){keep, sample}, &ledger, &unsaid);
		input_close(bytes);
	}
	ledger_free(&ledger);
	diagnostics_free(&unsaid);
}

static void sample_source(struct sample *sample, const struct source *source)
{
	struct diagnostics unsaid = {0};
	struct input *given = source->inputs ? source->inputs[0] : NULL;
	struct input *input = given || !source->file_count ? given : input_open(source->files[0], &unsaid);
	if (input)
		read_beginning(sample, source, input);
	if (!given)
		input_close(input);
	diagnostics_free(&unsaid);
}

void pipeline_calibrate(struct engine *engine, struct deriver *deriver, struct dataset *const *datasets, size_t count)
{
	struct sample *sample = mem_alloc(sizeof *sample);
	*sample = (struct sample){.deriver = deriver};
	for (size_t i = 0; i < count && i < SAMPLE_DATASETS && sample->count < ENGINE_SAMPLE; i++)
		for (size_t k = 0; !datasets[i]->live && k < datasets[i]->source_count && sample->count < ENGINE_SAMPLE; k++)
			sample_source(sample, &datasets[i]->sources[k]);
	if (sample->count)
		engine_calibrate(engine, sample->events, sample->count);
	arena_free(&sample->arena);
	free(sample);
}
