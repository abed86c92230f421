/*
 * describe: samples of one cause → clauses that hold on all of them, each as narrow as can be.
 *
 * A clause speaks of one field that every matched facet of every sample has: a value, several, the narrowest pattern of
 * all, a network. Of a list it names what every sample's list holds, and shuts out what none of them holds where that is
 * known to be a short vocabulary. Clauses that the detection itself requires are marked: they narrow nothing.
 *
 *   describe(&describer, samples, count, detections, detection_count, &description);
 *   for each description.clauses[i]: text, narrow, rate
 */
#ifndef MEWS_TUNE_DESCRIBE_H
#define MEWS_TUNE_DESCRIBE_H

#include "replay/tune/observe.h"

struct clause {
	unsigned field;
	enum aspect_kind kind;
	struct text text;      /* EQL */
	struct node *node;
	double narrow;         /* 1: exact … 0: anything */
	double rate;           /* share of all seen facets of the category that it holds on */
	bool closed;           /* of what varies in it nothing is open to any word */
	bool required;         /* by every detection that is concerned */
};

struct description {
	struct clause *clauses;
	size_t count;
};

struct weighed_sample {
	const struct sample *sample;
	uint64_t count;
};

struct describer; /* holds what was worked out before: expressions, rates, what detections require */
struct describer *describer_new(const struct observations *observations, struct diagnostics *d);
void describer_free(struct describer *describer);
struct evaluator *describer_evaluator(struct describer *describer);
struct arena *describer_arena(struct describer *describer); /* lives as long as the describer */

void describe(struct describer *describer, const struct weighed_sample *samples, size_t count, const uint32_t *detections,
	size_t detection_count, struct description *description);
/* An expression over clauses, parsed; NULL: it is none (reported). */
struct condition *describer_parse(struct describer *describer, struct text expression);
/* Would the exception hold on all facets that matched? */
bool describer_holds(struct describer *describer, const struct node *node, const struct sample *sample);
/* The field's values where all matched facets have the same ones; NULL: not so, or missing. */
const struct values *sample_values(const struct sample *sample, unsigned field);

#endif
