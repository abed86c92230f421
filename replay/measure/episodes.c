/* episodes: what each episode expected, and what came (see state.h). */
#include "replay/measure/state.h"

size_t side_word(const struct measurer *m, size_t side)
{
	return side * m->words;
}

static void set_names(const struct measurer *m, const struct texts *names, uint64_t *bits)
{
	const struct catalog *catalog = m->options.catalog;
	for (size_t i = 0; i < names->count; i++)
		for (size_t k = 0; k < m->detections; k++)
			if (text_equal(names->items[i], catalog->detections[k]->name))
				bits_set(bits, k);
}

void episodes_begin(struct measurer *m)
{
	const struct dataset *dataset = m->dataset;
	m->episodes = arena_array(&m->arena, dataset->episode_count + 1, sizeof *m->episodes);
	for (size_t i = 0; i < dataset->episode_count; i++) {
		struct episode_state *state = &m->episodes[i];
		uint64_t *bits = arena_array(&m->arena, (4 + m->side_count) * m->words, sizeof *bits);
		state->expects = bits;
		state->allows = bits + m->words;
		state->in_scope = bits + 2 * m->words;
		state->matched = bits + 3 * m->words;
		state->alerted = bits + 4 * m->words;
		set_names(m, &dataset->episodes[i].expects, state->expects);
		set_names(m, &dataset->episodes[i].allows, state->allows);
	}
}

/* Why nothing came, the cause that comes first in the event's way. */
static enum miss_cause cause_of(const struct episode_state *state, const struct side *side, size_t detection)
{
	const struct baseline_decision *decision = &side->baseline.rows[detection].decision;
	if (!bits_get(state->in_scope, detection))
		return MISS_NO_EVENT;
	if (!bits_get(state->matched, detection))
		return MISS_UNMATCHED;
	if (decision->below)
		return MISS_BELOW_SEVERITY;
	return decision->disabled ? MISS_DISABLED : MISS_EXCEPTED;
}

static void count_expected(struct tally *tally, enum label label, bool caught, bool matched)
{
	if (label == LABEL_MALICIOUS) {
		tally->expected++;
		tally->caught += caught;
		tally->matched += matched;
	} else {
		tally->risky_expected++;
		tally->risky_caught += caught;
	}
}

/* Expectations hold for attacks, and for risky episodes where those are worth an alert. */
static bool expectations_hold(const struct side *side, enum label label)
{
	bool tolerates = side->organization && side->organization->tolerates_risky;
	return label == LABEL_MALICIOUS || (label == LABEL_RISKY && !tolerates);
}

static void judge_expected(struct measurer *m, struct side *side, const struct episode_state *state,
	struct episode_result *result)
{
	const struct catalog *catalog = m->options.catalog;
	struct tally *tallies = side->tallies[side->slot];
	const uint64_t *alerted = state->alerted + side_word(m, (size_t)(side - m->sides));
	bool any = false, any_caught = false, any_matched = false;
	result->missed = arena_array(&m->results->arena, m->detections + 1, sizeof *result->missed);
	for (size_t i = 0; i < m->detections; i++) {
		if (!bits_get(state->expects, i))
			continue;
		bool caught = bits_get(alerted, i), matched = bits_get(state->matched, i);
		any = true;
		any_caught = any_caught || caught;
		any_matched = any_matched || matched;
		count_expected(&tallies[i], result->label, caught, matched);
		if (!caught)
			result->missed[result->missed_count++] = (struct missed){
				catalog->detections[i], cause_of(state, side, i), result->episode->gap};
	}
	if (any)
		count_expected(&tallies[m->detections], result->label, any_caught, any_matched);
}

static void list_alerted(struct measurer *m, const uint64_t *alerted, struct episode_result *result)
{
	result->alerted = arena_array(&m->results->arena, m->detections + 1, sizeof *result->alerted);
	for (size_t i = 0; i < m->detections; i++)
		if (bits_get(alerted, i))
			result->alerted[result->alerted_count++] = m->options.catalog->detections[i];
}

static void add_result(struct measurer *m, struct side *side, size_t episode)
{
	struct results *results = m->results;
	const struct episode_state *state = &m->episodes[episode];
	results->episodes = arena_grow(&results->arena, results->episodes, results->episode_count,
		sizeof *results->episodes);
	struct episode_result *result = &results->episodes[results->episode_count++];
	*result = (struct episode_result){
		.organization = side->organization,
		.foreign = side->slot == SLOT_OTHERS,
		.dataset = m->dataset,
		.episode = &m->dataset->episodes[episode],
		.label = label_for(&m->dataset->episodes[episode].label, side->name),
		.events = state->events,
	};
	list_alerted(m, state->alerted + side_word(m, (size_t)(side - m->sides)), result);
	if (expectations_hold(side, result->label))
		judge_expected(m, side, state, result);
}

void episodes_end(struct measurer *m)
{
	for (size_t i = 0; i < m->side_count; i++)
		for (size_t k = 0; k < m->dataset->episode_count; k++)
			add_result(m, &m->sides[i], k);
	m->episodes = NULL;
}
