/*
 * made_values: what a field may hold so that a predicate on it holds, just fails, or cannot be asked.
 */
#ifndef MEWS_MADE_VALUES_H
#define MEWS_MADE_VALUES_H

#include "catalog/condition.h"
#include "catalog/detection.h"

enum { POOL_MOST = 240 };

struct made_value {
	bool missing;
	struct texts texts; /* of a field that is no list: one */
};

struct made_pool {
	struct arena *arena;
	const struct field *field;
	bool words_only;          /* of fields with a closed list of words: no others, whatever a pattern asks */
	struct made_value *items; /* each once */
	size_t count;
};

void made_pool_begin(struct made_pool *pool, struct arena *arena, const struct field *field); /* holds: missing */
/* The values are copied. What is there already is not added again, nor more than POOL_MOST. */
void made_pool_add(struct made_pool *pool, const struct text *texts, size_t count);
/* Has the field a closed list of words (capabilities, ids, outcomes)? */
bool made_is_closed(const struct field *field);
/* Values that satisfy the predicate first, then those that miss it. */
void made_pool_predicate(struct made_pool *pool, const struct predicate *predicate);

#endif
