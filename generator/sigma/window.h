/*
 * window: the state of one Sigma correlation: by key, what its rules fired on within its time span.
 */
#ifndef MEWS_SIGMA_WINDOW_H
#define MEWS_SIGMA_WINDOW_H

#include "generator/sigma/parse.h"

struct window; /* malloc'ed: it lives from event to event */

/* `rules`: how many rules the correlation names. */
struct window *window_new(const struct sigma_correlation *correlation, size_t rules);
void window_free(struct window *window);
void window_reset(struct window *window);

/* One event on which the rules of `fired` [rules] fired: its key, its time in ns, the values of the counted field (none:
 * NULL, 0). Does the correlation hold now? Events come in time order. */
struct window_event {
	struct text key;
	int64_t time;
	const bool *fired;
	const struct text *values;
	size_t value_count;
};
bool window_take(struct window *window, const struct window_event *event);

#endif
