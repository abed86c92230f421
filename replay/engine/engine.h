/*
 * engine: which detections match an event, and by which conditions and facets.
 *
 * Inside stands the plain evaluator over the plan's partitions; a compiled matcher takes its place
 * behind the same three questions: what matches, what is in scope, what was near.
 *
 * One engine serves one thread. Answers live in the event's arena or in the engine, until the next
 * question of the same kind; nothing else is allocated for an event.
 */
#ifndef MEWS_ENGINE_H
#define MEWS_ENGINE_H

#include "replay/engine/plan.h"

struct engine;

struct engine *engine_new(const struct catalog *catalog);
void engine_free(struct engine *engine);
struct evaluator *engine_evaluator(struct engine *engine); /* for exceptions and episodes on the same events */
const struct plan *engine_plan(const struct engine *engine);

/* A condition that holds on a facet of the event. */
struct hit {
	uint32_t condition; /* index in the detection's conditions */
	uint32_t facet;     /* index in the event's facets */
};

/* A detection that matches: once, whatever the number of its hits. */
struct match {
	uint32_t detection; /* index in catalog->detections */
	const struct hit *hits; /* by condition, then facet */
	size_t count;
};

struct matches {
	struct match *items; /* by detection */
	size_t count;
};

void engine_match(struct engine *engine, const struct event *event, struct matches *matches);

/* Bits over detections: on some facet, with its category, action, type, outcome and the presence of its
 * fields as they are and all other values free, some condition could be true. Cached by that signature. */
const uint64_t *engine_scope(struct engine *engine, const struct event *event);

/* Would at most one changed predicate make the detection match (or does it match already)? */
bool engine_near(struct engine *engine, const struct event *event, uint32_t detection);

/* Signatures worked out rather than found in the cache, for tests and statistics. */
uint64_t engine_scope_misses(const struct engine *engine);

#endif
