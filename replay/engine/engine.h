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
#include "catalog/simd_level.h"

struct engine;

struct engine *engine_new(const struct catalog *catalog);
/* At that level of the machine's instructions rather than at its best: for tests, which compare them. */
struct engine *engine_new_at(const struct catalog *catalog, enum simd_level level);
/* One more over the same plan, for another thread; `first` is one that engine_new made and frees it. */
struct engine *engine_beside(struct engine *first);
void engine_free(struct engine *engine);

/* Which of a condition's triggers hold rarely is measured on events of the corpus: its first ENGINE_SAMPLE or fewer. Which
 * events they are changes what verification costs (and what engine_cost says), never an answer: so that results are
 * the same whatever the number of jobs, they must be the same events. Called once, of the first engine, before others are
 * made and before it is asked; without it literals are judged by their length. */
enum { ENGINE_SAMPLE = 1000 };
void engine_calibrate(struct engine *first, const struct event *const *events, size_t count);

struct evaluator *engine_evaluator(struct engine *engine); /* for exceptions and episodes on the same events */
struct plan *engine_plan(const struct engine *engine);

/* What an event says by itself. In its arena; numbered scope sets live as long as the first engine. */
struct answer {
	struct plan_hit *hits; /* of conditions that ask one event */
	size_t count;
	struct plan_step *steps; /* of sequences, that a facet fits */
	size_t step_count;
	const struct scope_set *scope; /* see engine_scope */
	const uint32_t *near;          /* detections of those that engine_want_near wants: this event comes near them */
	size_t near_count;
	uint64_t near_wanted;          /* what engine_want_near gave when it was asked for these */
	const struct engine *by;       /* who gave it, as its `turn`th event */
	uint64_t turn;
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

/* Conditions that belong to no detection (exceptions of organizations, `where` of episodes): their predicates are the plan's,
 * and what was found out about one is not found out again for the same facet. Registered with the first engine
 * while no thread asks. Equal conditions have one number. They must outlive the engine. */
uint32_t engine_register(struct engine *first, const struct condition *condition);
/* Does it hold on the facet of the event at hand? Its category and tree count; the rule of outcomes is the detections'.
 * The event at hand is the one of engine_ask, engine_match, engine_order or engine_turn, whichever came last. */
bool engine_fits(struct engine *engine, uint32_t registered, const struct event *event, size_t facet);
bool engine_fits_any(struct engine *engine, uint32_t registered, const struct event *event); /* on any of its facets */
/* The event is at hand from now on. `answer` may be NULL. Where this engine gave it, and was asked nothing since, all
 * that it found out still counts; else it begins anew with this event: which is cheap, as only what is asked is found out. */
void engine_turn(struct engine *engine, const struct event *event, const struct answer *answer);

/* Would at most one changed predicate make the detection match (or does it match already)? */
bool engine_near(struct engine *engine, const struct event *event, uint32_t detection);
/* The same of many: sets the bits in `near` of those detections in `needed` that are near (others are cleared). By an index of
 * its own, which gets smaller when less is needed. Any engine may be asked. */
void engine_near_in(struct engine *engine, const struct event *event, const uint64_t *needed, uint64_t *near);

/* From now on engine_ask says of the answers which of these detections the event is near (answer.near): so that it is asked
 * side by side, as all else. Called of the first engine by the thread that orders, while others ask. It gives a number that
 * answers carry which were asked for all of them: the same as before where none is new, and 0 where none is wanted. */
uint64_t engine_want_near(struct engine *first, const uint64_t *needed);

/* What it costs, over all events so far and by all engines beside the first. Everything but time follows from the events
 * (and the sample) alone. */
struct engine_cost {
	uint64_t candidates;  /* facets × conditions that had to be verified: a trigger held, or there is none */
	uint64_t verified;    /* predicates that were asked for it, those included that another condition had asked before */
	uint64_t nanoseconds; /* 0 without engine_time; else estimated */
	uint64_t limited;     /* facets × conditions where a regex hit the match limit and counted as no match */
};
void engine_cost_of(const struct engine *first, uint32_t detection, struct engine_cost *cost);
uint64_t engine_asked(const struct engine *first, uint32_t detection); /* `verified` of it */
struct engine_sums {
	uint64_t events, facets;
	uint64_t candidates;
	uint64_t verified; /* predicates that were really worked out: each once a facet */
	uint64_t compared; /* literals that the indexes compared */
};
void engine_totals(const struct engine *first, struct engine_sums *sums);
/* Takes the time of one event in ENGINE_TIMED, by this engine. */
enum { ENGINE_TIMED = 64 };
void engine_time(struct engine *engine, bool on);

/* Signatures worked out rather than found in the cache, for tests and statistics. */
uint64_t engine_scope_misses(const struct engine *engine);

#endif
