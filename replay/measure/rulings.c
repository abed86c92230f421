/* rulings: what an event's label means for each organization, worked out once a dataset (see state.h). */
#include "replay/measure/state.h"

#include <string.h>

static void rule(struct measurer *m, const struct label_rule *labels, struct ruling *ruling)
{
	uint64_t *benign = arena_array(&m->arena, bits_words(m->side_count), sizeof *benign);
	ruling->labels = arena_array(&m->arena, m->side_count, sizeof *ruling->labels);
	ruling->judged = arena_array(&m->arena, m->side_count, sizeof *ruling->judged);
	for (size_t i = 0; i < m->side_count; i++) {
		const struct side *side = &m->sides[i];
		const enum label label = label_for(labels, side->name);
		const bool tolerated = label == LABEL_RISKY && side->organization && side->organization->tolerates_risky;
		ruling->labels[i] = label;
		ruling->judged[i] = tolerated ? LABEL_BENIGN : label;
		if (ruling->judged[i] == LABEL_BENIGN)
			bits_set(benign, i);
	}
	ruling->audience = benign_audience(m->benign, benign);
	m->audiences = ruling->audience > m->audiences ? ruling->audience : m->audiences;
}

/* Nearness is asked for where some side of the audience does not know it yet. Where it has false positives, nobody
 * wants to know. */
static void begin_far(struct measurer *m, uint32_t audience)
{
	struct far *far = &m->far[audience];
	far->bits = arena_array(&m->arena, m->words, sizeof *far->bits);
	for (size_t i = 0; i < m->side_count; i++) {
		const struct side *side = &m->sides[i];
		for (size_t k = 0; benign_includes(m->benign, audience, i) && k < m->detections; k++) {
			const struct tally *tally = &side->tallies[side->slot][k];
			if (tally->near || tally->fp_events)
				continue;
			bits_set(far->bits, k);
			far->any = true;
		}
	}
}

/* The engines are told what any audience asks for: answers bring it. */
static void want_near(struct measurer *m)
{
	memset(m->asked, 0, m->words * sizeof *m->asked);
	for (uint32_t i = 1; i <= m->audiences; i++)
		bits_or(m->asked, m->far[i].bits, m->words);
	m->near_wanted = engine_want_near(m->options.engine, m->asked);
}

void rulings_begin(struct measurer *m)
{
	benign_begin(m->benign);
	m->audiences = 0;
	rule(m, &m->dataset->label, &m->outside);
	m->within = arena_array(&m->arena, m->dataset->episode_count + 1, sizeof *m->within);
	for (size_t i = 0; i < m->dataset->episode_count; i++)
		rule(m, &m->dataset->episodes[i].label, &m->within[i]);
	memset(m->own, 0, sizeof m->own);
	m->far = arena_array(&m->arena, m->dataset->episode_count + LABELS + 2, sizeof *m->far);
	for (uint32_t i = 1; i <= m->audiences; i++)
		begin_far(m, i);
	want_near(m);
}

/* Only when an event comes that has the label: engines shall not be asked on behalf of events that there are none of. */
static void rule_own(struct measurer *m, enum label label)
{
	const size_t before = m->audiences;
	rule(m, &(struct label_rule){.otherwise = label}, &m->own[label]);
	for (size_t i = before + 1; i <= m->audiences; i++)
		begin_far(m, (uint32_t)i);
	if (m->audiences > before)
		want_near(m);
}

const struct ruling *ruling_of(struct measurer *m, const struct moment *now, bool labelled, enum label label)
{
	if (labelled && !m->own[label].labels)
		rule_own(m, label);
	if (labelled)
		return &m->own[label];
	return now->episode ? &m->within[now->episode - m->dataset->episodes] : &m->outside;
}

static void come_near(struct measurer *m, uint32_t audience, uint32_t detection)
{
	for (size_t i = 0; i < m->side_count; i++)
		if (benign_includes(m->benign, audience, i))
			m->sides[i].tallies[m->sides[i].slot][detection].near = true;
}

/* Of an event that was asked before the dataset began: its answer is about other detections. */
static void ask_near(struct measurer *m, const struct moment *now, uint32_t audience)
{
	struct far *far = &m->far[audience];
	uint64_t any = 0;
	for (size_t i = 0; i < m->words; i++)
		any |= far->bits[i];
	if (!any)
		return;
	engine_near_in(m->options.engine, now->event, far->bits, m->near);
	for (size_t i = 0; i < m->words; i++) {
		for (uint64_t rest = m->near[i]; rest; rest &= rest - 1)
			come_near(m, audience, (uint32_t)(i * 64 + (size_t)__builtin_ctzll(rest)));
		far->bits[i] &= ~m->near[i];
	}
}

static void count_near(struct measurer *m, const struct moment *now, const struct answer *answer, uint32_t audience)
{
	struct far *far = &m->far[audience];
	bool fewer = false;
	if (answer->near_wanted != m->near_wanted) {
		ask_near(m, now, audience);
		return;
	}
	for (size_t i = 0; i < answer->near_count; i++) {
		uint32_t detection = answer->near[i];
		if (!bits_get(far->bits, detection))
			continue;
		come_near(m, audience, detection);
		far->bits[detection / 64] &= ~(UINT64_C(1) << detection % 64);
		fewer = true;
	}
	if (fewer)
		want_near(m);
}

void rulings_count(struct measurer *m, const struct moment *now, const struct answer *answer)
{
	const uint32_t audience = now->ruling->audience;
	if (!audience)
		return;
	benign_count(m->benign, audience, answer->scope, now->hour_key);
	if (m->far[audience].any)
		count_near(m, now, answer, audience);
}

static bool monitors(const struct measurer *m, const struct side *side, const uint64_t *scope)
{
	for (size_t i = 0; i < m->words; i++)
		if (scope[i] & side->monitored[i])
			return true;
	return false;
}

void rulings_false(struct measurer *m, struct side *side, const struct moment *now)
{
	struct tally *tallies = side->tallies[side->slot];
	const size_t number = (size_t)(side - m->sides);
	if (!m->false_count)
		return;
	for (size_t i = 0; i < m->false_count; i++)
		if (now->settled || bits_get(now->scope, m->false_positives[i]))
			tally_false(&tallies[m->false_positives[i]], now->hour_key);
	/* Of an event that came before, what is new are false positives by sequences: it counts once. */
	if (now->settled ? !bits_get(now->marks, number) : monitors(m, side, now->scope))
		tally_false(&tallies[m->detections], now->hour_key);
	if (now->marks)
		bits_set(now->marks, number);
}
