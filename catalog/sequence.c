/*
 * sequence: the oracle of conditions over several events. It follows every chain by itself.
 */
#include "catalog/sequence.h"

#include <stdlib.h>
#include <string.h>

/* ---- keys and order ---- */

static void add_part(const struct registry *registry, unsigned field, const struct value *value, struct buffer *key)
{
	size_t length = value->text.length;

	switch (registry->fields[field].type) {
	case TYPE_LONG:
	case TYPE_DATE:
		buffer_add(key, (const char *)&value->number, sizeof(value->number));
		break;
	case TYPE_BOOLEAN:
		buffer_char(key, value->truth ? 1 : 0);
		break;
	case TYPE_IP:
		buffer_add(key, (const char *)value->ip.bytes, sizeof(value->ip.bytes));
		break;
	default:
		buffer_add(key, (const char *)&length, sizeof(length));
		buffer_text(key, value->text);
	}
}

size_t sequence_keys(const struct sequence *sequence, const struct sequence_step *step, const struct facet *facet)
{
	size_t keys = 1;

	for (size_t i = 0; i < sequence->key_count; i++) {
		const struct values *values = facet_get(facet, step->by[i]);
		if (values == NULL || values->count == 0)
			return 0;
		keys = values->count < SEQUENCE_KEYS_OF_ONE / keys ? keys * values->count : SEQUENCE_KEYS_OF_ONE;
	}
	return keys;
}

size_t sequence_fits(struct evaluator *e, const struct sequence *sequence, const struct sequence_step *step,
	const struct facet *facet)
{
	size_t keys = sequence_keys(sequence, step, facet);
	return keys > 0 && evaluate_condition(e, step->condition, facet) ? keys : 0;
}

void sequence_key(const struct sequence *sequence, const struct sequence_step *step, const struct facet *facet, size_t number,
	struct buffer *key)
{
	buffer_clear(key);
	for (size_t i = 0; i < sequence->key_count; i++) {
		const struct values *values = facet_get(facet, step->by[i]);
		add_part(facet->registry, step->by[i], &values->items[number % values->count], key);
		number /= values->count;
	}
}

/* What counts of an id is the number that it is, or that stands behind its last colon (1767225600.001:4711). */
struct sequence_order sequence_order_of(const struct event *event)
{
	struct sequence_order order = {event->time, 0};
	struct text serial = event->id;
	int64_t id;

	for (size_t colon = text_find(serial, ':'); colon < serial.length; colon = text_find(serial, ':'))
		serial = text_slice(serial, colon + 1, serial.length);
	if (text_to_long(serial, &id) && id > 0)
		order.id = (uint64_t)id;
	return order;
}

int sequence_order_compare(const struct sequence_order *a, const struct sequence_order *b)
{
	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	return (a->id > b->id) - (a->id < b->id);
}

/* ---- the list in order ---- */

struct placed {
	const struct event *event;
	struct sequence_order order;
	size_t index; /* in the list as it was given */
};

struct oracle {
	struct evaluator *e;
	const struct sequence *sequence;
	struct placed *events; /* in order; without those that have no time */
	size_t count;
	struct buffer key; /* room */
};

static int compare_placed(const void *left, const void *right)
{
	const struct placed *a = left, *b = right;
	int order = sequence_order_compare(&a->order, &b->order);
	return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

static void place(struct oracle *o, const struct event *const *events, size_t count)
{
	o->events = mem_alloc(count * sizeof(*o->events));
	for (size_t i = 0; i < count; i++)
		if (events[i]->time != INT64_MIN)
			o->events[o->count++] = (struct placed){events[i], sequence_order_of(events[i]), i};
	qsort(o->events, o->count, sizeof(*o->events), compare_placed);
}

/* Is the time from a to b (which is not before a) at most maxspan? */
static bool within(const struct oracle *o, size_t a, size_t b)
{
	return (uint64_t)o->events[b].order.time - (uint64_t)o->events[a].order.time <= (uint64_t)o->sequence->maxspan;
}

/* Does the facet fit the step with the key? */
static bool facet_fits(struct oracle *o, const struct sequence_step *step, const struct facet *facet, struct text key)
{
	size_t keys = sequence_fits(o->e, o->sequence, step, facet);

	for (size_t i = 0; i < keys; i++) {
		sequence_key(o->sequence, step, facet, i, &o->key);
		if (text_equal(buffer_view(&o->key), key))
			return true;
	}
	return false;
}

/* Does the event, on one of its facets? */
static bool fits(struct oracle *o, const struct sequence_step *step, const struct event *event, struct text key)
{
	for (size_t i = 0; i < event->facet_count; i++)
		if (facet_fits(o, step, event->facets[i], key))
			return true;
	return false;
}

/* ---- counting different values ---- */

struct seen {
	struct text *values; /* they live in the events */
	size_t count;
};

static void see(struct seen *seen, struct text value)
{
	for (size_t i = 0; i < seen->count; i++)
		if (text_equal(seen->values[i], value))
			return;
	seen->values = mem_resize(seen->values, (seen->count + 1) * sizeof(*seen->values));
	seen->values[seen->count++] = value;
}

/* The values of the counted field on the facets that fit. Returns whether there is one. */
static bool see_values(struct oracle *o, const struct sequence_step *step, const struct event *event, struct text key,
	struct seen *seen)
{
	bool any = false;

	for (size_t i = 0; i < event->facet_count; i++) {
		const struct values *values = facet_get(event->facets[i], step->distinct);
		if (values == NULL || !facet_fits(o, step, event->facets[i], key))
			continue;
		for (size_t v = 0; v < values->count; v++)
			see(seen, values->items[v].text);
		any = any || values->count > 0;
	}
	return any;
}

/* ---- one chain ---- */

struct chain {
	struct oracle *o;
	struct text key;
	size_t step;      /* that is being filled; the sequence's count: all are */
	size_t taken;     /* events of it */
	struct seen seen; /* values of it */
	size_t last;      /* event that was taken last */
};

static const struct sequence_step *step_of(const struct chain *chain, size_t step)
{
	const struct sequence *sequence = chain->o->sequence;
	return step < sequence->count ? &sequence->steps[step] : NULL;
}

/* Takes the event into the step at hand, if it fits. */
static bool take(struct chain *chain, size_t at)
{
	const struct sequence_step *step = step_of(chain, chain->step);
	const struct event *event = chain->o->events[at].event;
	bool counts = step != NULL && step->distinct_count > 0;

	if (step == NULL || !(counts ? see_values(chain->o, step, event, chain->key, &chain->seen)
				      : fits(chain->o, step, event, chain->key)))
		return false;
	chain->last = at;
	chain->taken++;
	if (counts ? chain->seen.count < step->distinct_count : chain->taken < step->runs)
		return true;
	chain->step++;
	chain->taken = chain->seen.count = 0;
	return true;
}

/* The ![ ] that must not come now; NULL: none. It stands before the step at hand, none of whose events is there yet. */
static const struct sequence_step *forbidden(const struct chain *chain)
{
	const struct sequence_step *step = step_of(chain, chain->step);
	return step != NULL && step->missing && chain->taken == 0 ? step : NULL;
}

/* From the event at which the chain stands on: where its last event is; SIZE_MAX: it is never complete. */
static size_t follow(struct chain *chain, size_t first)
{
	struct oracle *o = chain->o;
	const struct sequence *sequence = o->sequence;

	for (size_t at = first + 1; at < o->count; at++) {
		const struct sequence_step *missing = forbidden(chain);
		bool ending = chain->step + (missing != NULL) == sequence->count;
		if (ending && missing == NULL)
			return chain->last;
		if (!within(o, ending ? chain->last : first, at))
			break;
		if (sequence->until != NULL && fits(o, sequence->until, o->events[at].event, chain->key))
			return SIZE_MAX;
		if (missing != NULL)
			chain->step++;
		if (take(chain, at))
			continue;
		if (missing != NULL && fits(o, missing, o->events[at].event, chain->key))
			return SIZE_MAX;
		chain->step -= missing != NULL;
	}
	return chain->step + (forbidden(chain) != NULL) == sequence->count ? chain->last : SIZE_MAX;
}

/* Nothing of a leading ![ ] within maxspan before the event. */
static bool begins(const struct chain *chain, size_t at)
{
	struct oracle *o = chain->o;
	const struct sequence_step *missing = &o->sequence->steps[0];

	for (size_t before = at; missing->missing && before-- > 0 && within(o, before, at);)
		if (fits(o, missing, o->events[before].event, chain->key))
			return false;
	return true;
}

static void begin_with(struct oracle *o, size_t at, struct text key, bool *ends)
{
	struct chain chain = {.o = o, .key = key, .step = o->sequence->steps[0].missing};

	if (begins(&chain, at) && take(&chain, at)) {
		size_t last = follow(&chain, at);
		if (last != SIZE_MAX)
			ends[o->events[last].index] = true;
	}
	free(chain.seen.values);
}

/* A chain for each key that the facet has at the step. */
static void begin_step(struct oracle *o, size_t at, const struct facet *facet, const struct sequence_step *step,
	void (*begin)(struct oracle *, size_t, struct text, bool *), bool *ends)
{
	size_t keys = sequence_fits(o->e, o->sequence, step, facet);
	struct buffer key = {0};

	for (size_t i = 0; i < keys; i++) {
		sequence_key(o->sequence, step, facet, i, &key);
		begin(o, at, buffer_view(&key), ends);
	}
	buffer_free(&key);
}

static void begin_at(struct oracle *o, size_t at, const struct facet *facet, bool *ends)
{
	begin_step(o, at, facet, &o->sequence->steps[o->sequence->steps[0].missing], begin_with, ends);
}

/* ---- samples ---- */

/* From the event on: where every step has been fitted. */
static void sample_from(struct oracle *o, size_t at, struct text key, bool *ends)
{
	const struct sequence *sequence = o->sequence;
	bool fitted[SEQUENCE_STEPS_MAX] = {false};
	size_t missing = sequence->count;

	for (size_t last = at; last < o->count && within(o, at, last); last++) {
		for (size_t i = 0; i < sequence->count; i++)
			if (!fitted[i] && fits(o, &sequence->steps[i], o->events[last].event, key)) {
				fitted[i] = true;
				missing--;
			}
		if (missing == 0) {
			ends[o->events[last].index] = true;
			return;
		}
	}
}

static void begin_sample(struct oracle *o, size_t at, const struct facet *facet, bool *ends)
{
	for (size_t i = 0; i < o->sequence->count; i++)
		begin_step(o, at, facet, &o->sequence->steps[i], sample_from, ends);
}

size_t sequence_evaluate(struct evaluator *e, const struct sequence *sequence, const struct event *const *events,
	size_t count, bool *ends)
{
	struct oracle o = {.e = e, .sequence = sequence};
	size_t matched = 0;

	for (size_t i = 0; i < count; i++)
		ends[i] = false;
	place(&o, events, count);
	for (size_t at = 0; at < o.count; at++)
		for (size_t f = 0; f < o.events[at].event->facet_count; f++)
			(sequence->sample ? begin_sample : begin_at)(&o, at, o.events[at].event->facets[f], ends);
	for (size_t i = 0; i < count; i++)
		matched += ends[i];
	buffer_free(&o.key);
	free(o.events);
	return matched;
}

bool condition_matches(struct evaluator *e, const struct condition *condition, const struct event *const *events, size_t count)
{
	if (condition->sequence != NULL) {
		bool *ends = mem_alloc(count * sizeof(*ends));
		size_t matched = sequence_evaluate(e, condition->sequence, events, count, ends);
		free(ends);
		return matched > 0;
	}
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < events[i]->facet_count; k++)
			if (evaluate_condition(e, condition, events[i]->facets[k]))
				return true;
	return false;
}
