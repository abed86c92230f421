/* lower_sequence: conditions over several events, step by step (see lower.h). */
#include "generator/lower.h"

#include "generator/target.h"

static enum fidelity worst(enum fidelity a, enum fidelity b)
{
	return a > b ? a : b;
}

static bool is_negated(const struct sequence *sequence, size_t step)
{
	return step >= sequence->count || sequence->steps[step].missing;
}

/* Of the rules that a step became, and of the actions that it could not have. */
static enum fidelity step_fidelity(const struct lowered *step, bool negated)
{
	enum fidelity fidelity = FIDELITY_EXACT;

	if (step->count == 0)
		return step->gap_count > 0 ? FIDELITY_UNSUPPORTED : FIDELITY_EXACT;
	for (size_t i = 0; i < step->count; i++)
		fidelity = worst(fidelity, step->rules[i].fidelity);
	if (step->gap_count > 0)
		fidelity = worst(fidelity, negated ? FIDELITY_WIDER : FIDELITY_APPROXIMATE);
	return fidelity;
}

static void add_texts(struct arena *arena, struct texts *to, const struct texts *from)
{
	for (size_t i = 0; i < from->count; i++)
		reason_add(arena, to, arena_printf(arena, "%.*s", TEXT_ARGS(from->items[i])));
}

static void step_reasons(struct arena *arena, const struct lowered *step, struct texts *reasons)
{
	for (size_t i = 0; i < step->count; i++)
		add_texts(arena, reasons, &step->rules[i].reasons);
	for (size_t i = 0; i < step->gap_count; i++)
		add_texts(arena, reasons, &step->gaps[i].reasons);
}

enum fidelity lowered_fidelity(struct arena *arena, const struct lowered *lowered, struct texts *reasons)
{
	enum fidelity fidelity = FIDELITY_EXACT;

	for (size_t i = 0; i < lowered->step_count; i++) {
		const struct lowered *step = &lowered->steps[i];
		bool negated = is_negated(lowered->sequence, i);
		enum fidelity one = step_fidelity(step, negated);

		/* What must not come and cannot be said is left out: more is matched. */
		if (negated && one != FIDELITY_EXACT)
			one = FIDELITY_WIDER;
		fidelity = worst(fidelity, one);
		step_reasons(arena, step, reasons);
	}
	return fidelity;
}

/* "step 2 alone: wider" */
static void tell_steps(const struct lowering *l, const struct lowered *lowered, struct texts *reasons)
{
	for (size_t i = 0; i < lowered->step_count; i++) {
		enum fidelity fidelity = step_fidelity(&lowered->steps[i], is_negated(lowered->sequence, i));
		bool until = i >= lowered->sequence->count;

		reason_add(l->arena, reasons, until ? arena_printf(l->arena, "until alone: %s", fidelity_name(fidelity))
			: arena_printf(l->arena, "step %zu alone: %s", i + 1, fidelity_name(fidelity)));
	}
}

static void add_gap(const struct lowering *l, struct lowered *lowered)
{
	struct gap *gap = arena_alloc(l->arena, sizeof(*gap));

	reason_add(l->arena, &gap->reasons, arena_printf(l->arena, "%s judges one event at a time", l->target->name));
	tell_steps(l, lowered, &gap->reasons);
	lowered->gaps = gap;
	lowered->gap_count = 1;
}

static void lower_step(const struct lowering *l, const struct detection *detection, const struct sequence *sequence,
	const struct sequence_step *step, struct lowered *lowered)
{
	struct lowering plain = *l;
	/* Of a sample every step may be the last, so none can carry them. */
	bool last = !sequence->sample && step == sequence_last(sequence);

	if (step->missing || step == sequence->until) {
		lower_negated(l, detection, step->condition, lowered);
		return;
	}
	if (!last)
		plain.exception_count = plain.shipped_count = 0;
	lower_condition(&plain, detection, step->condition, lowered);
}

void lower_sequence(const struct lowering *l, const struct detection *detection, const struct condition *condition,
	struct lowered *lowered)
{
	const struct sequence *sequence = condition->sequence;

	*lowered = (struct lowered){.sequence = sequence};
	lowered->steps = arena_array(l->arena, sequence->count + 1, sizeof(*lowered->steps));
	for (size_t i = 0; i < sequence->count; i++)
		lower_step(l, detection, sequence, &sequence->steps[i], &lowered->steps[lowered->step_count++]);
	if (sequence->until != NULL)
		lower_step(l, detection, sequence, sequence->until, &lowered->steps[lowered->step_count++]);
	if (!l->target->sequences)
		add_gap(l, lowered);
}
