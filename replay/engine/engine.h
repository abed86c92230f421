/*
 * engine: which detections match an event, and by which conditions and facets.
 *
 * Two halves. What an event says by itself is asked in any order, by as many threads as there are; what depends on
 * the events before it (sequences) is asked in their order, by one.
 *
 *   struct engine *first = engine_new(catalog), *second = engine_beside(first);
 *   engine_ask(second, event, &answer);              any thread, with an engine of its own
 *   engine_order(first, event, &answer, &matches);   one thread, event by event; then engine_settled until it is NULL
 *
 * One engine serves one thread at a time. Answers live in the event's arena, or as long as the engine where that is
 * said; nothing else is allocated for an event.
 */
#ifndef MEWS_ENGINE_H
#define MEWS_ENGINE_H

#include "replay/engine/scope_sets.h"
#include "replay/engine/sequencer.h"
#include "replay/engine/simd_level.h"

struct engine;

struct engine *engine_new(const struct catalog *catalog);
/* At that level of the machine's instructions rather than at its best: for tests, which compare them. */
struct engine *engine_new_at(const struct catalog *catalog, enum simd_level level);
/* One more over the same plan, for another thread; `first` is one that engine_new made and frees it. */
struct engine *engine_beside(struct engine *first);
void engine_free(struct engine *engine);
struct evaluator *engine_evaluator(struct engine *engine); /* for exceptions and episodes on the same events */
const struct plan *engine_plan(const struct engine *engine);

/* What an event says by itself. In its arena; numbered scope sets live as long as the first engine. */
struct answer {
	struct plan_hit *hits; /* of conditions that ask one event */
	size_t count;
	const struct scope_set *scope; /* see engine_scope */
};
void engine_ask(struct engine *engine, const struct event *event, struct answer *answer);
/* In the events' order, by the first engine: sequences take the event (as engine_match says); hits become matches. */
void engine_order(struct engine *engine, const struct event *event, const struct answer *answer, struct matches *matches);

/* Both halves in one. What matches by conditions that ask one event. After engine_begin sequences take the event too:
 * a detection that the event may match as the last one of a sequence is left out here, and comes by engine_settled. */
void engine_match(struct engine *engine, const struct event *event, struct matches *matches);

/* A dataset begins: sequences start with nothing. Without this they are not asked. */
void engine_begin(struct engine *engine);
/* After each event, until it is NULL: an earlier event whose sequences are decided, with what it matches. It is a copy,
 * good until the next call. */
const struct settled *engine_settled(struct engine *engine);
/* The dataset ends: everything is decided (engine_settled gives it). */
void engine_finish(struct engine *engine);
/* Words of `marks` in the settled events that follow (sequencer.h). */
void engine_mark_words(struct engine *engine, size_t words);
/* The marks of the event that engine_match was asked last; NULL: nothing of it is held back. */
uint64_t *engine_marks(struct engine *engine);
struct engine_losses {
	uint64_t dropped; /* chains of sequences, for want of room */
	uint64_t late;    /* events of sequences that came too late to be put in order */
};
struct engine_losses engine_losses(const struct engine *engine);

/* Bits over detections: on some facet, with its category, action, type, outcome and the presence of its
 * fields as they are and all other values free, some condition could be true. Cached by that signature. */
const uint64_t *engine_scope(struct engine *engine, const struct event *event);

/* Would at most one changed predicate make the detection match (or does it match already)? */
bool engine_near(struct engine *engine, const struct event *event, uint32_t detection);

/* Predicates that were asked to know whether the detection matches, over all events so far and by all engines beside the
 * first: what it costs. */
uint64_t engine_asked(const struct engine *engine, uint32_t detection);

/* Signatures worked out rather than found in the cache, for tests and statistics. */
uint64_t engine_scope_misses(const struct engine *engine);

#endif
