/* automaton: chains of one sequence, by lanes (see automaton.h). */
#include "replay/engine/automaton.h"
#include "replay/engine/counter.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_BUCKETS = 64 };

/* A step that is no ![ ], with what must not come before it. */
struct position {
	size_t step, runs, distinct;
	long missing;  /* the ![ ] before it; -1: none */
	size_t slot;   /* of the lane: [slot, slot + runs): how many events were taken; the last one: all */
	size_t counter;
};

struct wait {
	struct wait *in_lane, *next; /* the next to end: of the same key, of all */
	struct lane *lane;           /* NULL: it was resolved before its end */
	void *ticket;
	int64_t since;
};

struct lane {
	struct lane *in_bucket, *older, *newer;
	uint64_t hash;
	struct text key;
	int64_t touched;
	struct mark forbidden;    /* the newest event of a ![ ] in front */
	struct counter *counters; /* of steps that count values */
	struct wait *first_wait, *last_wait;
	struct mark *slots;
};

struct automaton {
	const struct sequence *sequence;
	struct automaton_waits reports;
	struct position positions[SEQUENCE_STEPS_MAX];
	size_t position_count, slot_count, counter_count;
	long trailing; /* the ![ ] at the end; -1: none */
	struct lane **buckets;
	size_t bucket_count, lane_count, lane_limit;
	struct lane *oldest, *newest;
	struct wait *first_wait, *last_wait;
	size_t wait_count;
	uint64_t clock, dropped;
};

/* ---- making ---- */

static void set_positions(struct automaton *a)
{
	const struct sequence *sequence = a->sequence;
	long missing = -1;

	for (size_t i = 0; i < sequence->count; i++) {
		const struct sequence_step *step = &sequence->steps[i];
		if (step->missing) {
			missing = (long)i;
			continue;
		}
		bool counts = step->distinct_count > 0;
		a->positions[a->position_count++] = (struct position){i, counts ? 1 : step->runs, step->distinct_count, missing,
			a->slot_count, a->counter_count};
		a->slot_count += counts ? 1 : step->runs;
		a->counter_count += counts;
		missing = -1;
	}
	a->trailing = missing;
}

struct automaton *automaton_new(const struct sequence *sequence, size_t limit, struct automaton_waits waits)
{
	struct automaton *a = mem_alloc(sizeof *a);
	size_t places = 1;

	*a = (struct automaton){.sequence = sequence, .reports = waits};
	set_positions(a);
	for (size_t i = 0; i < a->position_count; i++)
		places += a->positions[i].runs + 2 * a->positions[i].distinct;
	a->lane_limit = limit / places > 1 ? limit / places : 1;
	a->bucket_count = FIRST_BUCKETS;
	a->buckets = mem_alloc(a->bucket_count * sizeof(struct lane *));
	memset(a->buckets, 0, a->bucket_count * sizeof(struct lane *));
	return a;
}

static void lane_free(struct automaton *a, struct lane *lane)
{
	for (size_t i = 0; i < a->counter_count; i++)
		counter_clear(&lane->counters[i]);
	free(lane->counters);
	free(lane->slots);
	free((char *)lane->key.data);
	free(lane);
}

void automaton_reset(struct automaton *a)
{
	while (a->oldest != NULL) {
		struct lane *next = a->oldest->newer;
		lane_free(a, a->oldest);
		a->oldest = next;
	}
	while (a->first_wait != NULL) {
		struct wait *next = a->first_wait->next;
		free(a->first_wait);
		a->first_wait = next;
	}
	a->newest = NULL;
	a->last_wait = NULL;
	a->wait_count = 0;
	a->lane_count = 0;
	memset(a->buckets, 0, a->bucket_count * sizeof(struct lane *));
}

void automaton_free(struct automaton *a)
{
	if (a == NULL)
		return;
	automaton_reset(a);
	free(a->buckets);
	free(a);
}

size_t automaton_lanes(const struct automaton *a)
{
	return a->lane_count;
}

uint64_t automaton_dropped(const struct automaton *a)
{
	return a->dropped;
}

bool automaton_may_end(const struct sequence *sequence, size_t step)
{
	return step < sequence->count && (sequence->sample || &sequence->steps[step] == sequence_last(sequence));
}

/* ---- waits ---- */

static void resolve(struct automaton *a, struct wait *wait, bool holds)
{
	wait->lane = NULL;
	a->reports.resolved(a->reports.context, wait->ticket, holds);
}

static void kill_waits(struct automaton *a, struct lane *lane)
{
	for (struct wait *wait = lane->first_wait; wait != NULL; wait = wait->in_lane)
		resolve(a, wait, false);
	lane->first_wait = lane->last_wait = NULL;
}

/* Takes out the one that ends first. */
static void end_wait(struct automaton *a, bool holds)
{
	struct wait *wait = a->first_wait;
	struct lane *lane = wait->lane;

	a->first_wait = wait->next;
	if (a->first_wait == NULL)
		a->last_wait = NULL;
	a->wait_count--;
	if (lane != NULL) {
		lane->first_wait = wait->in_lane; /* the first of all is the first of its lane */
		if (lane->first_wait == NULL)
			lane->last_wait = NULL;
		resolve(a, wait, holds);
	}
	free(wait);
}

static void add_wait(struct automaton *a, struct lane *lane, int64_t time, void *ticket)
{
	struct wait *wait = mem_alloc(sizeof *wait);

	if (a->wait_count == AUTOMATON_WAITS_MAX) {
		a->dropped += a->first_wait->lane != NULL;
		end_wait(a, false);
	}
	a->wait_count++;
	*wait = (struct wait){NULL, NULL, lane, ticket, time};
	*(lane->last_wait != NULL ? &lane->last_wait->in_lane : &lane->first_wait) = wait;
	lane->last_wait = wait;
	*(a->last_wait != NULL ? &a->last_wait->next : &a->first_wait) = wait;
	a->last_wait = wait;
}

/* Is `time` more than maxspan behind `since`? */
static bool is_over(const struct automaton *a, int64_t since, int64_t time)
{
	return time >= since && (uint64_t)time - (uint64_t)since > (uint64_t)a->sequence->maxspan;
}

/* ---- lanes ---- */

static void unlink_age(struct automaton *a, struct lane *lane)
{
	*(lane->older != NULL ? &lane->older->newer : &a->oldest) = lane->newer;
	*(lane->newer != NULL ? &lane->newer->older : &a->newest) = lane->older;
}

static void link_newest(struct automaton *a, struct lane *lane)
{
	lane->older = a->newest;
	lane->newer = NULL;
	*(a->newest != NULL ? &a->newest->newer : &a->oldest) = lane;
	a->newest = lane;
}

static void touch(struct automaton *a, struct lane *lane, int64_t time)
{
	lane->touched = time;
	unlink_age(a, lane);
	link_newest(a, lane);
}

static struct lane **bucket_of(const struct automaton *a, uint64_t hash)
{
	return &a->buckets[hash % a->bucket_count];
}

static struct lane *find_lane(const struct automaton *a, struct text key, uint64_t hash)
{
	struct lane *lane = *bucket_of(a, hash);
	while (lane != NULL && (lane->hash != hash || !text_equal(lane->key, key)))
		lane = lane->in_bucket;
	return lane;
}

static void remove_lane(struct automaton *a, struct lane *lane)
{
	struct lane **at = bucket_of(a, lane->hash);
	while (*at != lane)
		at = &(*at)->in_bucket;
	*at = lane->in_bucket;
	unlink_age(a, lane);
	a->lane_count--;
	lane_free(a, lane);
}

/* Chains that are under way in a lane, for the account of what was dropped. */
static uint64_t chains_of(const struct automaton *a, const struct lane *lane)
{
	uint64_t count = 0;
	for (size_t i = 0; i < a->slot_count; i++)
		count += lane->slots[i].at != 0;
	for (size_t i = 0; i < a->counter_count; i++)
		count += lane->counters[i].chain_count;
	for (const struct wait *wait = lane->first_wait; wait != NULL; wait = wait->in_lane)
		count++;
	return count;
}

static void drop_oldest(struct automaton *a)
{
	struct lane *lane = a->oldest;
	a->dropped += chains_of(a, lane);
	kill_waits(a, lane);
	remove_lane(a, lane);
}

static void grow(struct automaton *a)
{
	size_t count = a->bucket_count * 2;
	if (a->lane_count < a->bucket_count)
		return;
	free(a->buckets);
	a->bucket_count = count;
	a->buckets = mem_alloc(count * sizeof(struct lane *));
	memset(a->buckets, 0, count * sizeof(struct lane *));
	for (struct lane *lane = a->oldest; lane != NULL; lane = lane->newer) {
		struct lane **bucket = bucket_of(a, lane->hash);
		lane->in_bucket = *bucket;
		*bucket = lane;
	}
}

static struct lane *add_lane(struct automaton *a, struct text key, uint64_t hash)
{
	struct lane *lane = mem_alloc(sizeof *lane);
	char *copy = mem_alloc(key.length);
	size_t slots = a->slot_count * sizeof *lane->slots, counters = a->counter_count * sizeof *lane->counters;

	if (a->lane_count >= a->lane_limit)
		drop_oldest(a);
	grow(a);
	if (key.length > 0)
		memcpy(copy, key.data, key.length);
	*lane = (struct lane){.hash = hash, .key = {copy, key.length}};
	lane->slots = memset(mem_alloc(slots), 0, slots);
	lane->counters = memset(mem_alloc(counters), 0, counters);
	struct lane **bucket = bucket_of(a, hash);
	lane->in_bucket = *bucket;
	*bucket = lane;
	link_newest(a, lane);
	a->lane_count++;
	return lane;
}

/* ---- an event in a lane ---- */

struct step_in {
	struct automaton *a;
	struct lane *lane;
	const struct fit *fit;
	struct mark here;
};

static bool fits(const struct step_in *in, long step)
{
	return step >= 0 && (in->fit->steps >> step & 1) != 0;
}

/* A chain that began at the mark may still go on. */
static bool goes_on(const struct step_in *in, const struct mark *begin)
{
	return begin->at != 0 && begin->time <= in->here.time && !is_over(in->a, begin->time, in->here.time);
}

static struct mark take_mark(const struct step_in *in, struct mark *from)
{
	struct mark mark = *from;
	*from = (struct mark){0, 0};
	return goes_on(in, &mark) ? mark : (struct mark){0, 0};
}

static struct mark *done_slot(const struct step_in *in, size_t position)
{
	const struct position *p = &in->a->positions[position];
	return &in->lane->slots[p->slot + p->runs - 1];
}

/* The chain that comes to the position: the one that has done the position before, or the one that begins here. */
static struct mark arriving(const struct step_in *in, size_t position)
{
	if (position > 0)
		return take_mark(in, done_slot(in, position - 1));
	bool barred = in->lane->forbidden.at != 0 && !is_over(in->a, in->lane->forbidden.time, in->here.time);
	return barred ? (struct mark){0, 0} : in->here;
}

/* Each chain at the position takes the event; returns the newest one that is done with it. */
static struct mark advance_runs(const struct step_in *in, size_t position)
{
	const struct position *p = &in->a->positions[position];
	struct mark *slots = &in->lane->slots[p->slot], done = {0, 0}, came = arriving(in, position);

	if (p->runs == 1)
		return came;
	done = take_mark(in, &slots[p->runs - 2]);
	memmove(slots + 1, slots, (p->runs - 2) * sizeof *slots);
	slots[0] = came;
	return done;
}

static struct mark advance_distinct(const struct step_in *in, size_t position)
{
	const struct position *p = &in->a->positions[position];
	struct counter *counter = &in->lane->counters[p->counter];
	struct mark came = arriving(in, position), done = {0, 0};

	if (came.at != 0)
		counter_enter(counter, came, in->here.at - 1);
	for (size_t i = 0; i < in->fit->value_count; i++)
		if (in->fit->values[i].step == p->step)
			counter_see(counter, in->fit->values[i].text, in->here.at);
	counter_finish(counter, p->distinct, in->here.time, in->a->sequence->maxspan, &done);
	return done;
}

/* Returns whether a chain is complete. */
static bool take_position(const struct step_in *in, size_t position)
{
	const struct position *p = &in->a->positions[position];

	if (!fits(in, (long)p->step)) {
		if (position > 0 && fits(in, p->missing))
			*done_slot(in, position - 1) = (struct mark){0, 0};
		return false;
	}
	struct mark done = p->distinct > 0 ? advance_distinct(in, position) : advance_runs(in, position);
	if (done.at == 0)
		return false;
	if (position + 1 == in->a->position_count)
		return true;
	*done_slot(in, position) = done;
	return false;
}

static void clear_chains(const struct step_in *in)
{
	for (size_t i = 0; i < in->a->slot_count; i++)
		in->lane->slots[i] = (struct mark){0, 0};
	for (size_t i = 0; i < in->a->counter_count; i++)
		counter_clear(&in->lane->counters[i]);
	kill_waits(in->a, in->lane);
}

static bool take_sequence(const struct step_in *in)
{
	struct automaton *a = in->a;
	bool complete = false;

	if (fits(in, (long)a->sequence->count))
		clear_chains(in);
	if (fits(in, a->trailing))
		kill_waits(a, in->lane);
	for (size_t i = a->position_count; i-- > 0;)
		complete = take_position(in, i) || complete;
	if (fits(in, a->positions[0].missing))
		in->lane->forbidden = in->here;
	return complete;
}

/* A sample's slots are the newest events of its steps: a chain is complete when the oldest of them moves. */
static struct mark oldest_slot(const struct step_in *in)
{
	struct mark oldest = in->lane->slots[0];
	for (size_t i = 1; i < in->a->slot_count; i++)
		if (in->lane->slots[i].at < oldest.at)
			oldest = in->lane->slots[i];
	return oldest;
}

static bool take_sample(const struct step_in *in)
{
	struct mark before = oldest_slot(in);
	for (size_t i = 0; i < in->a->slot_count; i++)
		if (fits(in, (long)i))
			in->lane->slots[i] = in->here;
	struct mark after = oldest_slot(in);
	return after.at > before.at && goes_on(in, &after);
}

/* Only what begins something needs a lane. */
static bool begins(const struct automaton *a, const struct fit *fit)
{
	uint64_t first = a->sequence->sample ? UINT64_MAX : UINT64_C(1) << a->positions[0].step;
	if (a->positions[0].missing >= 0)
		first |= UINT64_C(1) << a->positions[0].missing;
	return (fit->steps & first) != 0;
}

enum automaton_answer automaton_take(struct automaton *a, const struct fit *fit, int64_t time, void *ticket)
{
	uint64_t hash = text_hash(fit->key);
	struct lane *lane = find_lane(a, fit->key, hash);

	a->clock++;
	if (lane == NULL && !begins(a, fit))
		return AUTOMATON_NOTHING;
	if (lane == NULL)
		lane = add_lane(a, fit->key, hash);
	struct step_in in = {a, lane, fit, {time, a->clock}};
	touch(a, lane, time);
	if (!(a->sequence->sample ? take_sample(&in) : take_sequence(&in)))
		return AUTOMATON_NOTHING;
	if (a->trailing < 0)
		return AUTOMATON_ENDS;
	add_wait(a, lane, time, ticket);
	return AUTOMATON_WAITS;
}

/* ---- time ---- */

void automaton_settle(struct automaton *a, int64_t now)
{
	while (a->first_wait != NULL && is_over(a, a->first_wait->since, now))
		end_wait(a, true);
	while (a->oldest != NULL && is_over(a, a->oldest->touched, now) && a->oldest->first_wait == NULL)
		remove_lane(a, a->oldest);
}

void automaton_finish(struct automaton *a)
{
	while (a->first_wait != NULL)
		end_wait(a, true);
}
