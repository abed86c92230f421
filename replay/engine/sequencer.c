/* sequencer: events held until their turn, and handed to automata (see sequencer.h). */
#include "replay/engine/sequencer.h"

#include "replay/engine/automaton.h"

#include <stdlib.h>
#include <string.h>

#define SETTLE_EVERY (UINT64_C(1000000000)) /* nanoseconds */

/* What an event is to one sequence. */
struct part {
	struct held *held;
	size_t sequence;      /* index in sequencer.sequences */
	bool candidate;       /* it may be the last of a chain */
	struct part_fit *fits; /* one a key */
	size_t count;
};

struct part_fit {
	struct fit fit;
	struct fit_value *values;
	uint32_t *facets; /* on which it fits a step that may be the last */
	size_t facet_count;
	struct part *part;
	bool ends;
};

struct held {
	struct arena arena;
	struct sequence_order order;
	uint64_t arrival;
	struct event *event;   /* a copy; NULL: nothing of it can match */
	struct part *parts;
	size_t part_count;
	struct plan_hit *hits; /* of detections that are held back */
	size_t hit_count;
	uint64_t *marks;
	size_t waits;          /* open ones */
	bool taken;            /* by the automata */
	struct held *next, *previous; /* among those that wait, or are settled */
};

struct held_list {
	struct held *first, *last;
	size_t count;
};

struct sequencer {
	const struct plan *plan;
	size_t mark_words;
	struct automaton **automata;
	uint32_t *sequences;      /* indices in plan.conditions */
	uint32_t *sequence_of;    /* [condition_count]: index in sequences */
	size_t sequence_count;
	struct held **heap;       /* not taken yet: the earliest first */
	size_t heap_count, heap_capacity;
	struct held_list waiting, settled;
	struct held *latest;      /* of the event that was taken last; NULL: nothing of it is held back */
	struct held *given;       /* by sequencer_settled */
	struct settled answer;
	struct buffer key, file;
	int64_t newest;           /* time of an event since the clock was restarted */
	int64_t settled_to;       /* the newest when waits and lanes were looked through last */
	struct sequence_order passed; /* of what the automata took last */
	uint64_t arrivals, late;
	struct plan_hit *all_hits; /* room */
	size_t all_capacity;
};

/* --- lists --- */

static void list_add(struct held_list *list, struct held *held)
{
	held->next = NULL;
	held->previous = list->last;
	*(list->last ? &list->last->next : &list->first) = held;
	list->last = held;
	list->count++;
}

static void list_remove(struct held_list *list, struct held *held)
{
	*(held->previous ? &held->previous->next : &list->first) = held->next;
	*(held->next ? &held->next->previous : &list->last) = held->previous;
	list->count--;
}

static void held_free(struct held *held)
{
	if (!held)
		return;
	arena_free(&held->arena);
	free(held);
}

static void list_free(struct held_list *list)
{
	while (list->first) {
		struct held *next = list->first->next;
		held_free(list->first);
		list->first = next;
	}
	*list = (struct held_list){0};
}

/* --- the heap --- */

static bool before(const struct held *a, const struct held *b)
{
	int order = sequence_order_compare(&a->order, &b->order);
	return order ? order < 0 : a->arrival < b->arrival;
}

static void heap_push(struct sequencer *s, struct held *held)
{
	if (s->heap_count == s->heap_capacity) {
		s->heap_capacity = s->heap_capacity ? s->heap_capacity * 2 : 64;
		s->heap = mem_resize(s->heap, s->heap_capacity * sizeof(struct held *));
	}
	size_t at = s->heap_count++;
	for (; at > 0 && before(held, s->heap[(at - 1) / 2]); at = (at - 1) / 2)
		s->heap[at] = s->heap[(at - 1) / 2];
	s->heap[at] = held;
}

static struct held *heap_pop(struct sequencer *s)
{
	struct held *first = s->heap[0], *last = s->heap[--s->heap_count];
	size_t at = 0;
	for (;;) {
		size_t child = 2 * at + 1;
		if (child + 1 < s->heap_count && before(s->heap[child + 1], s->heap[child]))
			child++;
		if (child >= s->heap_count || !before(s->heap[child], last))
			break;
		s->heap[at] = s->heap[child];
		at = child;
	}
	s->heap[at] = last;
	return first;
}

/* --- deciding --- */

/* Everything is known about the event: what it matches goes out, if it does. */
static void decide(struct sequencer *s, struct held *held)
{
	bool matches = held->hit_count > 0;
	for (size_t i = 0; i < held->part_count; i++)
		for (size_t k = 0; k < held->parts[i].count; k++)
			matches = matches || held->parts[i].fits[k].ends;
	if (matches)
		list_add(&s->settled, held);
	else
		held_free(held);
}

static void resolved(void *context, void *ticket, bool holds)
{
	struct sequencer *s = context;
	struct part_fit *fit = ticket;
	struct held *held = fit->part->held;
	fit->ends = fit->ends || holds;
	if (--held->waits > 0 || !held->taken)
		return;
	list_remove(&s->waiting, held);
	decide(s, held);
}

static void take_part(struct sequencer *s, struct part *part)
{
	struct automaton *automaton = s->automata[part->sequence];
	for (size_t i = 0; i < part->count; i++) {
		struct part_fit *fit = &part->fits[i];
		/* Counted first: a wait may be resolved by the next key. */
		part->held->waits++;
		enum automaton_answer answer = automaton_take(automaton, &fit->fit, part->held->order.time, fit);
		if (answer != AUTOMATON_WAITS)
			part->held->waits--;
		fit->ends = fit->ends || answer == AUTOMATON_ENDS;
	}
}

/* It is the event's turn. */
static void take_held(struct sequencer *s, struct held *held)
{
	s->late += sequence_order_compare(&held->order, &s->passed) < 0;
	s->passed = held->order;
	for (size_t i = 0; i < held->part_count; i++) {
		automaton_settle(s->automata[held->parts[i].sequence], held->order.time);
		take_part(s, &held->parts[i]);
	}
	held->taken = true;
	if (s->latest == held)
		s->latest = NULL;
	if (held->waits > 0)
		list_add(&s->waiting, held);
	else if (held->event)
		decide(s, held);
	else
		held_free(held);
}

static void take_all(struct sequencer *s)
{
	while (s->heap_count > 0)
		take_held(s, heap_pop(s));
}

/* --- the clock --- */

static void restart(struct sequencer *s)
{
	take_all(s);
	s->newest = s->settled_to = INT64_MIN;
	s->passed = (struct sequence_order){INT64_MIN, 0};
}

static void set_clock(struct sequencer *s, const struct event *event)
{
	struct text file = event->file ? text_of(event->file) : TEXT("");
	if (!text_equal(file, buffer_view(&s->file))) {
		buffer_clear(&s->file);
		buffer_text(&s->file, file);
		restart(s);
	}
	if (s->newest != INT64_MIN && event->time < s->newest && (uint64_t)s->newest - (uint64_t)event->time > SEQUENCER_LAG) {
		restart(s);
		s->late++;
	}
	s->newest = event->time > s->newest ? event->time : s->newest;
}

/* Takes all whose turn has come. */
static void pass(struct sequencer *s)
{
	while (s->heap_count > SEQUENCER_HELD)
		take_held(s, heap_pop(s));
	while (s->heap_count > 0 && (uint64_t)s->newest - (uint64_t)s->heap[0]->order.time > SEQUENCER_LAG)
		take_held(s, heap_pop(s));
	if (s->newest < s->settled_to || (uint64_t)s->newest - (uint64_t)s->settled_to < SETTLE_EVERY)
		return;
	s->settled_to = s->newest;
	for (size_t i = 0; i < s->sequence_count && s->newest > INT64_MIN + SEQUENCER_LAG; i++)
		automaton_settle(s->automata[i], s->newest - SEQUENCER_LAG);
}

/* --- what an event is to the steps --- */

struct fitting {
	struct sequencer *s;
	const struct event *event;
	struct held *held; /* NULL until something fits */
};

static struct part *part_of(struct fitting *f, uint32_t condition)
{
	size_t sequence = f->s->sequence_of[condition];
	if (!f->held) {
		f->held = mem_alloc(sizeof *f->held);
		*f->held = (struct held){.order = sequence_order_of(f->event), .arrival = f->s->arrivals++};
	}
	struct held *held = f->held;
	for (size_t i = 0; i < held->part_count; i++)
		if (held->parts[i].sequence == sequence)
			return &held->parts[i];
	held->parts = arena_grow(&held->arena, held->parts, held->part_count, sizeof *held->parts);
	held->parts[held->part_count] = (struct part){.held = held, .sequence = sequence};
	return &held->parts[held->part_count++];
}

static struct part_fit *fit_of(struct part *part, struct text key)
{
	struct arena *arena = &part->held->arena;
	for (size_t i = 0; i < part->count; i++)
		if (text_equal(part->fits[i].fit.key, key))
			return &part->fits[i];
	part->fits = arena_grow(arena, part->fits, part->count, sizeof *part->fits);
	part->fits[part->count] = (struct part_fit){.fit = {.key = text_copy(arena, key)}};
	return &part->fits[part->count++];
}

static void add_values(struct arena *arena, struct part_fit *fit, size_t step, const struct values *values)
{
	for (size_t i = 0; i < values->count; i++) {
		fit->values = arena_grow(arena, fit->values, fit->fit.value_count, sizeof *fit->values);
		fit->values[fit->fit.value_count++] = (struct fit_value){step, text_copy(arena, values->items[i].text)};
	}
}

/* The facet fits the step with the key that stands in s->key; `values`: those that the step counts, or NULL. */
static void add_fit(struct fitting *f, const struct plan_step *fitted, const struct values *values)
{
	struct sequencer *s = f->s;
	struct part *part = part_of(f, fitted->condition);
	struct part_fit *fit = fit_of(part, buffer_view(&s->key));
	fit->fit.steps |= UINT64_C(1) << fitted->step;
	if (values)
		add_values(&f->held->arena, fit, fitted->step, values);
	if (!automaton_may_end(s->plan->conditions[fitted->condition].condition->sequence, fitted->step))
		return;
	part->candidate = true;
	if (fit->facet_count && fit->facets[fit->facet_count - 1] == fitted->facet)
		return;
	fit->facets = arena_grow(&f->held->arena, fit->facets, fit->facet_count, sizeof *fit->facets);
	fit->facets[fit->facet_count++] = fitted->facet;
}

static void take_step(struct fitting *f, const struct plan_step *fitted)
{
	struct sequencer *s = f->s;
	const struct sequence *sequence = s->plan->conditions[fitted->condition].condition->sequence;
	const struct sequence_step *step = plan_step_of(sequence, fitted->step);
	const struct facet *facet = f->event->facets[fitted->facet];
	bool counts = step->distinct_count > 0;
	const struct values *values = counts ? facet_get(facet, step->distinct) : NULL;
	if (counts && (!values || !values->count))
		return;
	size_t keys = sequence_keys(sequence, step, facet);
	for (size_t i = 0; i < keys; i++) {
		sequence_key(sequence, step, facet, i, &s->key);
		add_fit(f, fitted, values);
	}
}

/* Addresses stay from here on. */
static bool finish_parts(struct held *held)
{
	bool candidate = false;
	for (size_t i = 0; i < held->part_count; i++) {
		struct part *part = &held->parts[i];
		candidate = candidate || part->candidate;
		for (size_t k = 0; k < part->count; k++) {
			part->fits[k].part = part;
			part->fits[k].fit.values = part->fits[k].values;
		}
	}
	return candidate;
}

static bool holds_back(const struct sequencer *s, const struct held *held, uint32_t detection)
{
	for (size_t i = 0; i < held->part_count; i++)
		if (held->parts[i].candidate
			&& s->plan->conditions[s->sequences[held->parts[i].sequence]].detection == detection)
			return true;
	return false;
}

static size_t hold_back(const struct sequencer *s, struct held *held, struct plan_hit *hits, size_t count)
{
	size_t left = 0;
	held->hits = arena_array(&held->arena, count + 1, sizeof *held->hits);
	for (size_t i = 0; i < count; i++) {
		if (holds_back(s, held, s->plan->conditions[hits[i].condition].detection))
			held->hits[held->hit_count++] = hits[i];
		else
			hits[left++] = hits[i];
	}
	return left;
}

size_t sequencer_take(struct sequencer *s, const struct event *event, const struct plan_step *steps, size_t step_count,
	struct plan_hit *hits, size_t count)
{
	struct fitting f = {s, event, NULL};
	s->latest = NULL;
	if (event->time == INT64_MIN)
		return count;
	set_clock(s, event);
	for (size_t i = 0; i < step_count; i++)
		take_step(&f, &steps[i]);
	if (f.held && finish_parts(f.held)) {
		f.held->event = event_clone(event, &f.held->arena);
		f.held->marks = arena_array(&f.held->arena, s->mark_words + 1, sizeof *f.held->marks);
		count = hold_back(s, f.held, hits, count);
		s->latest = f.held;
	}
	if (f.held)
		heap_push(s, f.held);
	pass(s);
	return count;
}

uint64_t *sequencer_marks(struct sequencer *s)
{
	return s->latest ? s->latest->marks : NULL;
}

/* --- settled --- */

static void add_hit(struct sequencer *s, size_t *count, struct plan_hit hit)
{
	if (*count == s->all_capacity) {
		s->all_capacity = s->all_capacity ? s->all_capacity * 2 : 16;
		s->all_hits = mem_resize(s->all_hits, s->all_capacity * sizeof *s->all_hits);
	}
	for (size_t i = 0; i < *count; i++)
		if (s->all_hits[i].condition == hit.condition && s->all_hits[i].facet == hit.facet)
			return;
	s->all_hits[(*count)++] = hit;
}

static size_t gather_hits(struct sequencer *s, const struct held *held)
{
	size_t count = 0;
	for (size_t i = 0; i < held->hit_count; i++)
		add_hit(s, &count, held->hits[i]);
	for (size_t i = 0; i < held->part_count; i++)
		for (size_t k = 0; k < held->parts[i].count; k++) {
			const struct part_fit *fit = &held->parts[i].fits[k];
			for (size_t f = 0; f < fit->facet_count && fit->ends; f++)
				add_hit(s, &count, (struct plan_hit){s->sequences[held->parts[i].sequence], fit->facets[f]});
		}
	return count;
}

const struct settled *sequencer_settled(struct sequencer *s)
{
	held_free(s->given);
	s->given = s->settled.first;
	if (!s->given)
		return NULL;
	list_remove(&s->settled, s->given);
	size_t count = gather_hits(s, s->given);
	s->answer = (struct settled){.event = s->given->event, .marks = s->given->marks};
	plan_matches(s->plan, s->all_hits, count, &s->given->arena, &s->answer.matches);
	return &s->answer;
}

void sequencer_finish(struct sequencer *s)
{
	take_all(s);
	for (size_t i = 0; i < s->sequence_count; i++)
		automaton_finish(s->automata[i]);
}

/* --- making and ending --- */

struct sequencer *sequencer_new(const struct plan *plan, size_t mark_words)
{
	struct sequencer *s = mem_alloc(sizeof *s);
	*s = (struct sequencer){.plan = plan, .mark_words = mark_words};
	s->newest = s->settled_to = s->passed.time = INT64_MIN;
	s->automata = mem_alloc(plan->sequence_count * sizeof(struct automaton *));
	s->sequences = mem_alloc(plan->sequence_count * sizeof *s->sequences);
	s->sequence_of = mem_alloc(plan->condition_count * sizeof *s->sequence_of);
	for (size_t i = 0; i < plan->condition_count; i++) {
		const struct sequence *sequence = plan->conditions[i].condition->sequence;
		s->sequence_of[i] = (uint32_t)s->sequence_count;
		if (!sequence)
			continue;
		struct automaton_waits waits = {resolved, s};
		s->automata[s->sequence_count] = automaton_new(sequence, SEQUENCER_PLACES, waits);
		s->sequences[s->sequence_count++] = (uint32_t)i;
	}
	return s;
}

void sequencer_reset(struct sequencer *s)
{
	for (size_t i = 0; i < s->sequence_count; i++)
		automaton_reset(s->automata[i]);
	while (s->heap_count > 0)
		held_free(s->heap[--s->heap_count]);
	list_free(&s->waiting);
	list_free(&s->settled);
	held_free(s->given);
	s->given = s->latest = NULL;
	buffer_clear(&s->file);
	s->newest = s->settled_to = INT64_MIN;
	s->passed = (struct sequence_order){INT64_MIN, 0};
}

void sequencer_free(struct sequencer *s)
{
	if (!s)
		return;
	sequencer_reset(s);
	for (size_t i = 0; i < s->sequence_count; i++)
		automaton_free(s->automata[i]);
	free(s->automata);
	free(s->sequences);
	free(s->sequence_of);
	free(s->heap);
	free(s->all_hits);
	buffer_free(&s->key);
	buffer_free(&s->file);
	free(s);
}

uint64_t sequencer_dropped(const struct sequencer *s)
{
	uint64_t dropped = 0;
	for (size_t i = 0; i < s->sequence_count; i++)
		dropped += automaton_dropped(s->automata[i]);
	return dropped;
}

uint64_t sequencer_late(const struct sequencer *s)
{
	return s->late;
}
