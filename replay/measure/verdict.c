/* verdict: what each side makes of a match; an exception is asked once for a match, whoever has it (see state.h). */
#include "replay/measure/state.h"

#include <stdlib.h>

void verdict_register(struct measurer *m, struct side *side)
{
	const struct baseline *baseline = &side->baseline;
	side->registered = arena_array(&m->lasting, baseline->exception_count + 1, sizeof *side->registered);
	for (size_t i = 0; i < baseline->exception_count; i++) {
		if (baseline->exceptions[i].expired)
			continue;
		side->registered[i] = engine_register(m->options.engine, baseline->exceptions[i].exception->condition);
		m->registered = side->registered[i] >= m->registered ? side->registered[i] + 1 : m->registered;
	}
}

/* As baseline_excepts says it, through the engine's plan. */
static bool holds(const struct measurer *m, const struct moment *now, const struct match *match, bool shared, uint32_t registered)
{
	struct engine *engine = m->options.engine;
	if (shared)
		return engine_fits_any(engine, registered, now->event);
	for (size_t i = 0; i < match->count; i++)
		if (!engine_fits(engine, registered, now->event, match->hits[i].facet))
			return false;
	return match->count > 0;
}

/* Answers of this moment: by match, or once where the exception asks the whole event. */
static bool excepts(struct measurer *m, const struct moment *now, const struct match *match, bool shared, uint32_t registered)
{
	const size_t row = shared ? 0 : 1 + (size_t)(match - now->matches.items), at = row * m->registered + registered;
	const size_t needed = (now->matches.count + 1) * m->registered;
	if (needed > m->answer_capacity) {
		m->answers = mem_resize(m->answers, 2 * needed * sizeof *m->answers);
		for (size_t i = m->answer_capacity; i < 2 * needed; i++)
			m->answers[i] = 0;
		m->answer_capacity = 2 * needed;
	}
	if (m->answers[at] >> 1 != m->moment)
		m->answers[at] = m->moment << 1 | (uint64_t)holds(m, now, match, shared, registered);
	return m->answers[at] & 1;
}

static enum verdict judge(struct measurer *m, const struct side *side, const struct moment *now, const struct match *match,
	uint32_t *exception)
{
	const struct baseline_row *row = &side->baseline.rows[match->detection];
	for (size_t i = 0; i < row->exception_count; i++) {
		*exception = row->exceptions[i];
		if (excepts(m, now, match, side->baseline.exceptions[*exception].shared, side->registered[*exception]))
			return VERDICT_EXCEPTED;
	}
	return VERDICT_ALERT;
}

enum verdict verdict_of(struct measurer *m, const struct side *side, const struct moment *now, const struct match *match,
	bool excepted, uint32_t *exception)
{
	const struct baseline_decision *decision = &side->baseline.rows[match->detection].decision;
	if (decision->below)
		return VERDICT_BELOW_SEVERITY;
	if (decision->disabled)
		return VERDICT_DISABLED;
	return excepted ? judge(m, side, now, match, exception) : VERDICT_ALERT;
}
