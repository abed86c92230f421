/*
 * chain: how far a sequence got in an episode, step by step.
 */
#ifndef MEWS_EXPLAIN_CHAIN_H
#define MEWS_EXPLAIN_CHAIN_H

#include "replay/explain/inquest.h"

/* One for each condition of the detection that asks several events. */
void chain_begin(struct inquest *inquest, struct detection_inquest *of);
/* An event of the episode. */
void chain_take(struct inquest *inquest, struct chain_inquest *chain, const struct event *event);
/* The longest beginning of the sequence that the kept events complete: the oracle is asked for each. */
void chain_end(struct inquest *inquest, struct chain_inquest *chain);

#endif
