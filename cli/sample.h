/*
 * sample: a detection's test, or an event that a user typed, as an event that went through derivation.
 */
#ifndef MEWS_SAMPLE_H
#define MEWS_SAMPLE_H

#include "catalog/catalog.h"
#include "catalog/sequence.h"

/* The events of a test, derived, one after the other; they live in the arena. */
struct sample {
	struct event **events; /* one or more */
	size_t count;
};
void sample_of_test(const struct catalog *catalog, const struct detection_test *test, struct arena *arena,
	struct sample *sample);

/* An event typed as YAML or JSON: {event.category: process, event.action: exec, …} or a list of facets.
 * -1: reported with its column. */
int sample_of_text(const struct catalog *catalog, struct text text, struct arena *arena, struct event *event,
	struct diagnostics *d);

/* Does the detection match one of the events, by itself or as the last one of a sequence? *condition: the first that
 * did. */
bool sample_matches(struct evaluator *evaluator, const struct detection *detection, const struct sample *sample,
	const struct condition **condition);

#endif
