/* window: a list of keys, each with the events that are not too old. */
#include "generator/sigma/window.h"

#include <stdlib.h>
#include <string.h>

/* One event, or of value_count one value of it. */
struct seen {
	int64_t time;
	char *value; /* NULL: none */
	size_t length;
};

struct keyed {
	char *key;
	size_t length;
	struct seen *seen;  /* event_count, value_count: by time */
	size_t count;
	int64_t *last;      /* temporal: [rules], when each fired last; INT64_MIN: never */
	int64_t *begun;     /* temporal_ordered: [rules], when the newest chain that has come so far began */
};

struct window {
	const struct sigma_correlation *correlation;
	size_t rules;
	struct keyed *keys;
	size_t count;
};

struct window *window_new(const struct sigma_correlation *correlation, size_t rules)
{
	struct window *window = mem_alloc(sizeof(*window));

	*window = (struct window){correlation, rules, NULL, 0};
	return window;
}

void window_reset(struct window *window)
{
	for (size_t i = 0; i < window->count; i++) {
		struct keyed *keyed = &window->keys[i];

		for (size_t k = 0; k < keyed->count; k++)
			free(keyed->seen[k].value);
		free(keyed->key);
		free(keyed->seen);
		free(keyed->last);
		free(keyed->begun);
	}
	free(window->keys);
	window->keys = NULL;
	window->count = 0;
}

void window_free(struct window *window)
{
	window_reset(window);
	free(window);
}

static char *kept(struct text text)
{
	char *copy = mem_alloc(text.length + 1);

	if (text.length)
		memcpy(copy, text.data, text.length);
	copy[text.length] = '\0';
	return copy;
}

static struct keyed *find(struct window *window, struct text key)
{
	for (size_t i = 0; i < window->count; i++) {
		if (text_equal((struct text){window->keys[i].key, window->keys[i].length}, key))
			return &window->keys[i];
	}
	window->keys = mem_resize(window->keys, (window->count + 1) * sizeof(*window->keys));
	struct keyed *keyed = &window->keys[window->count++];

	*keyed = (struct keyed){.key = kept(key), .length = key.length};
	keyed->last = mem_alloc((window->rules + 1) * sizeof(*keyed->last));
	keyed->begun = mem_alloc((window->rules + 1) * sizeof(*keyed->begun));
	for (size_t i = 0; i < window->rules; i++)
		keyed->last[i] = keyed->begun[i] = INT64_MIN;
	return keyed;
}

static bool within(const struct window *window, int64_t then, int64_t now)
{
	return then != INT64_MIN && now - then <= window->correlation->timespan * INT64_C(1000000000);
}

/* --- counting --- */

static void add_seen(struct keyed *keyed, int64_t time, const struct text *value)
{
	keyed->seen = mem_resize(keyed->seen, (keyed->count + 1) * sizeof(*keyed->seen));
	keyed->seen[keyed->count++] = (struct seen){time, value ? kept(*value) : NULL, value ? value->length : 0};
}

static void drop_old(const struct window *window, struct keyed *keyed, int64_t now)
{
	size_t old = 0;

	while (old < keyed->count && !within(window, keyed->seen[old].time, now))
		free(keyed->seen[old++].value);
	if (old > 0)
		memmove(keyed->seen, keyed->seen + old, (keyed->count - old) * sizeof(*keyed->seen));
	keyed->count -= old;
}

static int64_t distinct(const struct keyed *keyed)
{
	int64_t count = 0;

	for (size_t i = 0; i < keyed->count; i++) {
		bool known = false;

		for (size_t k = 0; k < i && !known; k++)
			known = text_equal((struct text){keyed->seen[k].value, keyed->seen[k].length},
				(struct text){keyed->seen[i].value, keyed->seen[i].length});
		count += !known;
	}
	return count;
}

static bool bound_holds(const struct sigma_bound *bound, int64_t count)
{
	if (text_is(bound->op, "gt"))
		return count > bound->count;
	if (text_is(bound->op, "gte"))
		return count >= bound->count;
	if (text_is(bound->op, "lt"))
		return count < bound->count;
	if (text_is(bound->op, "lte"))
		return count <= bound->count;
	return (count == bound->count) == text_is(bound->op, "eq");
}

static bool count_holds(struct window *window, struct keyed *keyed, const struct window_event *event)
{
	bool values = window->correlation->type == SIGMA_VALUE_COUNT;

	drop_old(window, keyed, event->time);
	if (values && event->value_count == 0)
		return false;
	for (size_t i = 0; i < event->value_count && values; i++)
		add_seen(keyed, event->time, &event->values[i]);
	if (!values)
		add_seen(keyed, event->time, NULL);
	int64_t count = values ? distinct(keyed) : (int64_t)keyed->count;

	for (size_t i = 0; i < window->correlation->bound_count; i++) {
		if (!bound_holds(&window->correlation->bounds[i], count))
			return false;
	}
	return true;
}

/* --- rules beside each other, and in order --- */

/* How many of the rules fired within the span, this event standing for rule `own`. */
static bool all_fired(const struct window *window, const struct keyed *keyed, const struct window_event *event, size_t own)
{
	for (size_t i = 0; i < window->rules; i++) {
		if (i != own && !within(window, keyed->last[i], event->time))
			return false;
	}
	return true;
}

static bool temporal_holds(struct window *window, struct keyed *keyed, const struct window_event *event)
{
	bool holds = false;

	for (size_t i = 0; i < window->rules; i++)
		holds = holds || (event->fired[i] && all_fired(window, keyed, event, i));
	for (size_t i = 0; i < window->rules; i++) {
		if (event->fired[i])
			keyed->last[i] = event->time;
	}
	return holds;
}

/* From the last rule to the first, so that an event is one link of a chain only. */
static bool ordered_holds(struct window *window, struct keyed *keyed, const struct window_event *event)
{
	bool holds = false;

	for (size_t i = window->rules; i-- > 0;) {
		if (!event->fired[i])
			continue;
		int64_t begun = i == 0 ? event->time : keyed->begun[i - 1];
		bool goes_on = within(window, begun, event->time);

		if (i > 0)
			keyed->begun[i - 1] = INT64_MIN;
		if (i + 1 == window->rules)
			holds = holds || goes_on;
		else if (goes_on && begun > keyed->begun[i])
			keyed->begun[i] = begun;
	}
	return holds;
}

bool window_take(struct window *window, const struct window_event *event)
{
	struct keyed *keyed = find(window, event->key);

	switch (window->correlation->type) {
	case SIGMA_TEMPORAL:
		return temporal_holds(window, keyed, event);
	case SIGMA_TEMPORAL_ORDERED:
		return ordered_holds(window, keyed, event);
	default:
		return count_holds(window, keyed, event);
	}
}
