/* deploy: what the detections would alert, against what the rules do (see state.h). */
#include "replay/measure/state.h"

#include <string.h>

void deploy_match(struct measurer *m, struct side *side, struct moment *now)
{
	const struct deployed *deployed = m->options.deployed;
	size_t number = (size_t)(side - m->sides);
	struct tally *tallies = side->tallies[side->slot];
	uint32_t exception;
	memset(m->written, 0, m->words * sizeof *m->written);
	for (size_t i = 0; i < now->matches.count; i++)
		if (verdict_of(m, side, now, &now->matches.items[i], true, &exception) == VERDICT_ALERT)
			bits_set(m->written, now->matches.items[i].detection);
	if (!deployed->collects)
		deployed->match(deployed->context, number, &now->matches);
	else if (!deployed->records(deployed->context, number))
		now->matches.count = 0;
	for (size_t i = 0; i < now->matches.count; i++) {
		uint32_t detection = now->matches.items[i].detection;
		const struct baseline_decision *decision = &side->baseline.rows[detection].decision;
		if (!bits_get(m->written, detection) && !decision->disabled && !decision->below && !deployed->collects)
			tallies[detection].extra++;
		m->written[detection / 64] &= ~(UINT64_C(1) << detection % 64);
	}
	for (size_t i = 0; i < m->detections; i++)
		tallies[i].missed += bits_get(m->written, i);
}
