/*
 * placing: the episode that an event lies in, for millions of events: the same answer as dataset_episode (corpus.h).
 *
 * Which episodes a file's events may lie in is found out once a file; which of those cover a time and a line, once for all
 * events between two bounds. What is left to ask of an event is its session, its container and the episode's `where`,
 * through the engine's plan (engine_fits: the event is at hand there).
 *
 *   placing_register(engine, datasets, count);              before the engine has others beside it
 *   struct placing *p = placing_new(dataset, engine);       a dataset begins
 *   long episode = placing_find(p, event);                  -1: none
 */
#ifndef MEWS_PLACING_H
#define MEWS_PLACING_H

#include "replay/engine/engine.h"
#include "replay/readers/corpus.h"

struct placing;

void placing_register(struct engine *engine, struct dataset *const *datasets, size_t count);
struct placing *placing_new(const struct dataset *dataset, struct engine *engine);
long placing_find(struct placing *placing, const struct event *event);
void placing_free(struct placing *placing); /* NULL is fine */

#endif
