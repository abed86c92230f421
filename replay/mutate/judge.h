/*
 * judge: does a detection match an act?
 *
 *   struct judge *judge = mutate_judge_new(&catalog);
 *   mutate_judge_matches(judge, detection, &act)
 *
 * What the act is to a sensor is worked out from its spelling, then derived as recorded events are (replay/derive). The
 * plain evaluator asks all conditions of the detection, without exceptions.
 */
#ifndef MEWS_MUTATE_JUDGE_H
#define MEWS_MUTATE_JUDGE_H

#include "replay/mutate/act.h"

struct mutate_judge;

struct mutate_judge *mutate_judge_new(const struct catalog *catalog);
void mutate_judge_free(struct mutate_judge *judge);
bool mutate_judge_matches(struct mutate_judge *judge, const struct detection *detection, const struct act *act);
/* The same, and which condition it was (empty: none) and the event that it was asked of, as `mews explain` takes it: the
 * first one. Both in the arena. */
bool mutate_judge_explains(struct mutate_judge *judge, const struct detection *detection, const struct act *act,
	struct arena *arena, struct text *condition, struct text *event);

#endif
