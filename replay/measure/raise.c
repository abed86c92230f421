/* raise: what becomes of an alert (see state.h). */
#include "replay/measure/json_write.h"
#include "replay/measure/matched.h"
#include "replay/measure/state.h"

#include <string.h>

#define HOUR (INT64_C(3600) * 1000000000)

static struct text condition_names(struct arena *arena, const struct detection *detection, const struct match *match)
{
	struct text *names = arena_array(arena, match->count, sizeof *names);
	size_t count = 0;
	for (size_t i = 0; i < match->count; i++)
		if (!i || match->hits[i].condition != match->hits[i - 1].condition)
			names[count++] = detection->conditions[match->hits[i].condition]->name;
	struct text joined = TEXT("");
	for (size_t i = 0; i < count; i++)
		joined = i ? text_of(arena_printf(arena, "%.*s, %.*s", TEXT_ARGS(joined), TEXT_ARGS(names[i]))) : names[0];
	return joined;
}

/* The event as JSON, made once however many alerts it raises. */
static struct text event_json(struct measurer *m, const struct event *event)
{
	if (!m->json.length) {
		struct json_write json;
		jsonw_begin(&json, &m->json);
		jsonw_event(&json, event_complete(event));
	}
	return buffer_view(&m->json);
}

static struct text fields_of(struct measurer *m, const struct event *event, const struct detection *detection,
	const struct match *match)
{
	buffer_clear(&m->fields);
	for (size_t i = 0; i < match->count; i++)
		matched_fields(&m->fields, engine_evaluator(m->options.engine), detection->conditions[match->hits[i].condition],
			event->facets[match->hits[i].facet]);
	return buffer_view(&m->fields);
}

static void keep(struct arena *arena, struct alert **list, size_t *count, const struct alert *alert)
{
	*list = arena_grow(arena, *list, *count, sizeof **list);
	struct alert *kept = &(*list)[(*count)++];
	*kept = *alert;
	kept->conditions = text_copy(arena, alert->conditions);
	kept->entity = text_copy(arena, alert->entity);
	kept->event = text_copy(arena, alert->event);
	kept->fields = text_copy(arena, alert->fields);
	kept->file = alert->file ? arena_strdup(arena, alert->file) : NULL;
}

static bool wants_sample(struct side *side, uint32_t detection, enum outcome outcome)
{
	if (outcome != OUTCOME_FP && outcome != OUTCOME_UNATTRIBUTED && outcome != OUTCOME_UNKNOWN)
		return false;
	unsigned char *taken = &side->sampled[detection][outcome];
	if (*taken == SAMPLES)
		return false;
	(*taken)++;
	return true;
}

static bool is_kept_whole(const struct measurer *m, struct side *side, uint32_t detection)
{
	const size_t most = m->options.whole_alerts;
	return m->options.keep_alerts || !most || side->whole[detection]++ < most;
}

static int hand_on(struct measurer *m, struct side *side, const struct moment *now, const struct match *match,
	const struct alert *outline, bool first)
{
	struct results *results = m->results;
	bool sample = wants_sample(side, match->detection, outline->outcome);
	if (!sample && !first && !m->options.keep_alerts && !m->options.alert)
		return 0;
	struct alert alert = *outline;
	alert.sample = sample;
	alert.first = first;
	alert.moment = m->moment;
	alert.position = (size_t)(side - m->sides);
	alert.whole = sample || first || is_kept_whole(m, side, match->detection);
	alert.conditions = condition_names(now->event->arena, alert.detection, match);
	alert.dataset = m->dataset;
	alert.episode = now->episode;
	alert.file = now->event->file;
	alert.line = now->event->line;
	alert.time = now->event->time;
	alert.entity = now->entity;
	if (alert.whole) {
		alert.event = event_json(m, now->event);
		alert.fields = fields_of(m, now->event, alert.detection, match);
	}
	if (sample)
		keep(&results->arena, &results->samples, &results->sample_count, &alert);
	if (first)
		keep(&results->arena, &results->firsts, &results->first_count, &alert);
	if (m->options.keep_alerts)
		keep(&results->arena, &results->alerts, &results->alert_count, &alert);
	return m->options.alert ? m->options.alert(m->options.alert_context, &alert) : 0;
}

static void count_hour(struct side *side, int64_t hour, enum outcome outcome)
{
	size_t low = 0, high = side->hour_count;
	if (side->newest_hour < high && side->hours[side->newest_hour].hour == hour)
		low = high = side->newest_hour;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (side->hours[middle].hour < hour)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == side->hour_count || side->hours[low].hour != hour) {
		if (side->hour_count == side->hour_capacity) {
			side->hour_capacity = side->hour_capacity ? side->hour_capacity * 2 : 32;
			side->hours = mem_resize(side->hours, side->hour_capacity * sizeof *side->hours);
		}
		memmove(&side->hours[low + 1], &side->hours[low], (side->hour_count - low) * sizeof *side->hours);
		side->hours[low] = (struct hour_result){.organization = side->organization, .hour = hour};
		side->hour_count++;
	}
	side->newest_hour = low;
	side->hours[low].alerts[outcome]++;
}

int64_t hour_of_time(int64_t time)
{
	return time / HOUR - (time % HOUR < 0);
}

int raise_alert(struct measurer *m, struct side *side, const struct moment *now, const struct match *match,
	const struct alert *outline)
{
	struct tally *tally = &side->tallies[side->slot][match->detection];
	enum outcome outcome = outline->outcome;
	struct group_point point = now->point;
	point.outcome = outcome;
	tally->alerts[outcome]++;
	m->alerts++;
	uint64_t *alerted = now->state ? now->state->alerted + side_word(m, (size_t)(side - m->sides)) : NULL;
	const bool first = alerted && !bits_get(alerted, match->detection);
	if (first)
		bits_set(alerted, match->detection);
	if (outcome == OUTCOME_FP)
		m->false_positives[m->false_count++] = match->detection;
	struct group_set *groups = &side->groups[match->detection];
	if (group_add(groups, &point)) {
		tally->groups[outcome]++;
		tally->pending_groups += outline->label != LABEL_MALICIOUS;
		tally->pending_fp_groups += outcome == OUTCOME_FP;
	}
	if (side->slot == SLOT_OTHERS)
		return 0;
	if (now->event->time != INT64_MIN)
		count_hour(side, hour_of_time(now->event->time), outcome);
	struct alert numbered = *outline;
	numbered.group = groups->newest;
	return hand_on(m, side, now, match, &numbered, first);
}
