/* measure: the event at hand, counted for every organization (see measure.h). */
#include "replay/measure/measure.h"
#include "replay/measure/json_write.h"
#include "replay/measure/matched.h"
#include "replay/measure/state.h"
#include "replay/readers/labels.h"

#include <stdlib.h>
#include <string.h>

#define HOUR (INT64_C(3600) * 1000000000)

/* What is found once for an event and used for every organization. */
struct moment {
	const struct event *event;
	struct matches matches;
	const uint64_t *scope;
	const struct episode *episode; /* NULL: outside */
	struct episode_state *state;
	bool labelled;                 /* by the event itself */
	const struct decision *decision; /* by somebody who looked at it, or NULL */
	enum label label;
	struct group_point point;
	struct text entity;
	int64_t hour_key;
	bool settled;                  /* it came before; now what it matches of sequences is known */
	uint64_t *marks;               /* bits by side: it was counted as a benign event with a false positive; may be NULL */
};

/* Making and ending */

static bool holds_name(const struct texts *names, struct text name)
{
	for (size_t i = 0; i < names->count; i++)
		if (text_equal(names->items[i], name))
			return true;
	return false;
}

static void *zeroed(size_t count, size_t size)
{
	void *memory = mem_alloc((count + 1) * size);
	return memset(memory, 0, (count + 1) * size);
}

static void side_make(struct measurer *m, struct side *side, const struct organization *organization)
{
	struct arena *arena = &m->results->arena;
	const struct measure_options *options = &m->options;
	side->organization = organization;
	side->name = organization ? organization->name : TEXT("");
	baseline_make(&side->baseline, arena, options->catalog, organization, m->results->as_of);
	side->monitored = arena_array(arena, m->words, sizeof *side->monitored);
	side->sampled = arena_array(arena, m->detections + 1, sizeof *side->sampled);
	side->removed = arena_array(arena, side->baseline.exception_count + 1, sizeof *side->removed);
	for (size_t i = 0; i < m->detections; i++) {
		const struct baseline_decision *decision = &side->baseline.rows[i].decision;
		if (!decision->disabled && !decision->below)
			bits_set(side->monitored, i);
	}
	for (size_t i = 0; i < SLOT_COUNT; i++)
		side->tallies[i] = zeroed(m->detections + 1, sizeof **side->tallies);
	side->groups = zeroed(m->detections, sizeof *side->groups);
}

struct measurer *measurer_new(const struct measure_options *options)
{
	struct measurer *m = zeroed(1, sizeof *m);
	m->options = *options;
	m->results = zeroed(1, sizeof *m->results);
	m->results->catalog = options->catalog;
	m->results->as_of = text_copy(&m->results->arena, options->as_of);
	m->results->datasets = arena_array(&m->results->arena, options->dataset_count + 1, sizeof *m->results->datasets);
	m->detections = options->catalog->detection_count;
	m->words = bits_words(m->detections) + (m->detections == 0);
	m->group_fields = group_fields_of(&options->catalog->registry);
	m->side_count = options->organization_count ? options->organization_count : 1;
	m->sides = zeroed(m->side_count, sizeof *m->sides);
	for (size_t i = 0; i < m->side_count; i++)
		side_make(m, &m->sides[i], options->organization_count ? options->organizations[i] : NULL);
	m->false_positives = zeroed(m->words, sizeof *m->false_positives);
	m->written = zeroed(m->words, sizeof *m->written);
	m->results->target = options->deployed ? options->deployed->target : NULL;
	m->nearness = zeroed(m->detections, sizeof *m->nearness);
	engine_mark_words(options->engine, bits_words(m->side_count));
	return m;
}

static void side_free(struct measurer *m, struct side *side)
{
	for (size_t i = 0; i < SLOT_COUNT; i++) {
		for (size_t k = 0; k <= m->detections; k++)
			tally_free(&side->tallies[i][k]);
		free(side->tallies[i]);
	}
	for (size_t i = 0; i < m->detections; i++)
		group_free(&side->groups[i]);
	free(side->groups);
	free(side->hours);
}

void measurer_free(struct measurer *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->side_count; i++)
		side_free(m, &m->sides[i]);
	results_free(m->results);
	arena_free(&m->arena);
	buffer_free(&m->json);
	buffer_free(&m->fields);
	free(m->sides);
	free(m->false_positives);
	free(m->written);
	free(m->nearness);
	free(m);
}

uint64_t measurer_alerts(const struct measurer *m)
{
	return m->alerts;
}

/* Datasets */

static enum slot slot_of(const struct side *side, const struct dataset *dataset)
{
	bool own = !dataset->organizations.count || !side->organization || holds_name(&dataset->organizations, side->name);
	if (!own)
		return SLOT_OTHERS;
	return dataset->use == USE_HOLD_OUT ? SLOT_HOLD_OUT : SLOT_DEVELOP;
}

void measurer_begin(struct measurer *m, const struct dataset *dataset)
{
	arena_reset(&m->arena);
	engine_begin(m->options.engine);
	if (m->options.deployed)
		m->options.deployed->begin(m->options.deployed->context);
	m->dataset = dataset;
	m->first = INT64_MAX;
	m->last = INT64_MIN;
	for (size_t i = 0; i < m->side_count; i++) {
		m->sides[i].slot = slot_of(&m->sides[i], dataset);
		for (size_t k = 0; k < m->detections; k++)
			group_clear(&m->sides[i].groups[k]);
	}
	episodes_begin(m);
}

static int take_settled(struct measurer *m);

static double observed_of(const struct measurer *m)
{
	if (m->dataset->observed >= 0)
		return m->dataset->observed;
	return m->first < m->last ? ((double)m->last - (double)m->first) / 1e9 : 0;
}

int measurer_end(struct measurer *m, const struct ledger *ledger)
{
	engine_finish(m->options.engine);
	int stop = take_settled(m);
	double observed = observed_of(m);
	struct results *results = m->results;
	results->datasets[results->dataset_count++] = (struct dataset_result){
		.dataset = m->dataset,
		.ledger = *ledger,
		.first = m->first <= m->last ? m->first : INT64_MIN,
		.last = m->first <= m->last ? m->last : INT64_MIN,
		.observed = observed,
	};
	episodes_end(m);
	for (size_t i = 0; i < m->side_count; i++) {
		struct side *side = &m->sides[i];
		side->observed[side->slot] += observed;
		side->datasets[side->slot]++;
		for (size_t k = 0; k <= m->detections; k++)
			tally_dataset_end(&side->tallies[side->slot][k], observed > 0);
	}
	return stop;
}

struct results *measurer_finish(struct measurer *m)
{
	figures_make(m);
	struct results *results = m->results;
	m->results = NULL;
	measurer_free(m);
	return results;
}

/* Alerts */

static enum outcome outcome_of(const struct measurer *m, enum label label, const struct moment *now, uint32_t detection)
{
	if (label == LABEL_BENIGN)
		return OUTCOME_FP;
	if (label == LABEL_RISKY)
		return OUTCOME_BTP;
	if (label == LABEL_UNKNOWN)
		return OUTCOME_UNKNOWN;
	bool named = now->state && (bits_get(now->state->expects, detection) || bits_get(now->state->allows, detection));
	if (!named && now->decision)
		named = holds_name(&now->decision->detections, m->options.catalog->detections[detection]->name);
	return named ? OUTCOME_TP : OUTCOME_UNATTRIBUTED;
}

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
	alert.conditions = condition_names(now->event->arena, alert.detection, match);
	alert.dataset = m->dataset;
	alert.episode = now->episode;
	alert.file = now->event->file;
	alert.line = now->event->line;
	alert.time = now->event->time;
	alert.entity = now->entity;
	alert.event = event_json(m, now->event);
	alert.fields = fields_of(m, now->event, alert.detection, match);
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
	side->hours[low].alerts[outcome]++;
}

static int64_t hour_of_time(int64_t time)
{
	return time / HOUR - (time % HOUR < 0);
}

static int take_alert(struct measurer *m, struct side *side, const struct moment *now, const struct match *match,
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
		bits_set(m->false_positives, match->detection);
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

/* Rules that are deployed hold their exceptions already. */
static enum verdict verdict_of(struct measurer *m, struct side *side, const struct moment *now, const struct match *match,
	uint32_t *exception)
{
	const struct baseline_decision *decision = &side->baseline.rows[match->detection].decision;
	if (!m->options.deployed || m->options.deployed->collects)
		return baseline_judge(&side->baseline, engine_evaluator(m->options.engine), now->event, match, exception);
	if (decision->below)
		return VERDICT_BELOW_SEVERITY;
	return decision->disabled ? VERDICT_DISABLED : VERDICT_ALERT;
}

static struct observed observed_of_moment(const struct measurer *m, const struct side *side, const struct moment *now,
	enum label judged)
{
	return (struct observed){
		.event = now->event,
		.organization = side->organization,
		.dataset = m->dataset,
		.episode = now->episode,
		.label = judged,
		.own = side->slot != SLOT_OTHERS,
	};
}

static void show_match(const struct measurer *m, const struct side *side, const struct moment *now,
	const struct match *match,
	const struct observed_match *outline)
{
	struct observed_match observed = *outline;
	observed.at = observed_of_moment(m, side, now, outline->at.label);
	observed.match = match;
	observed.point = now->point;
	observed.point.outcome = outline->outcome;
	m->options.observer->match(m->options.observer->context, &observed);
}

static int take_match(struct measurer *m, struct side *side, const struct moment *now, const struct match *match,
	enum label label, enum label judged)
{
	struct tally *tally = &side->tallies[side->slot][match->detection];
	enum outcome outcome = outcome_of(m, judged, now, match->detection);
	uint32_t exception = 0;
	enum verdict verdict = verdict_of(m, side, now, match, &exception);
	tally->matches++;
	if (m->options.observer && m->options.observer->match)
		show_match(m, side, now, match, &(struct observed_match){.at = {.label = judged}, .outcome = outcome,
			.alerts = verdict == VERDICT_ALERT, .excepted = verdict == VERDICT_EXCEPTED, .exception = exception});
	switch (verdict) {
	case VERDICT_EXCEPTED:
		tally->excepted++;
		side->removed[exception][outcome] += side->slot != SLOT_OTHERS;
		return 0;
	case VERDICT_BELOW_SEVERITY:
	case VERDICT_DISABLED:
		return 0;
	case VERDICT_ALERT:
		break;
	}
	struct alert outline = {
		.organization = side->organization,
		.detection = m->options.catalog->detections[match->detection],
		.label = label,
		.outcome = outcome,
		.severity = side->baseline.rows[match->detection].decision.severity,
	};
	return take_alert(m, side, now, match, &outline);
}

/* Benign events */

static bool is_near(struct measurer *m, const struct moment *now, uint32_t detection)
{
	unsigned char *known = &m->nearness[detection];
	if (!*known)
		*known = engine_near(m->options.engine, now->event, detection) ? 2 : 1;
	return *known == 2;
}

static void take_benign(struct measurer *m, struct side *side, const struct moment *now)
{
	struct tally *tallies = side->tallies[side->slot];
	bool any = false, any_false = false;
	for (size_t word = 0; word < m->words; word++) {
		any = any || (now->scope[word] & side->monitored[word]);
		any_false = any_false || m->false_positives[word];
		for (uint64_t rest = now->scope[word], bit = 0; rest; rest >>= 1, bit++) {
			if (!(rest & 1))
				continue;
			uint32_t detection = (uint32_t)(word * 64 + bit);
			struct tally *tally = &tallies[detection];
			tally_benign(tally, now->hour_key, bits_get(m->false_positives, detection));
			if (!tally->near && !tally->fp_events)
				tally->near = is_near(m, now, detection);
		}
	}
	if (any)
		tally_benign(&tallies[m->detections], now->hour_key, any_false);
	if (any_false && now->marks)
		bits_set(now->marks, (size_t)(side - m->sides));
}

/* A benign event that was counted when it came: what is new are false positives by sequences. */
static void take_benign_settled(struct measurer *m, struct side *side, const struct moment *now)
{
	struct tally *tallies = side->tallies[side->slot];
	size_t number = (size_t)(side - m->sides);
	for (size_t i = 0; i < m->detections; i++) {
		if (!bits_get(m->false_positives, i))
			continue;
		tally_turned_false(&tallies[i], now->hour_key);
		if (!bits_get(now->marks, number))
			tally_turned_false(&tallies[m->detections], now->hour_key);
		bits_set(now->marks, number);
	}
}

/* The event */

static int take_for(struct measurer *m, struct side *side, const struct moment *now)
{
	const struct label_rule *rule = now->episode ? &now->episode->label : &m->dataset->label;
	enum label label = now->labelled ? now->label : label_for(rule, side->name);
	bool tolerated = label == LABEL_RISKY && side->organization && side->organization->tolerates_risky;
	enum label judged = tolerated ? LABEL_BENIGN : label;
	if (m->options.observer && m->options.observer->event && !now->settled) {
		struct observed observed = observed_of_moment(m, side, now, judged);
		m->options.observer->event(m->options.observer->context, &observed);
	}
	memset(m->false_positives, 0, m->words * sizeof *m->false_positives);
	for (size_t i = 0; i < now->matches.count; i++) {
		int stop = take_match(m, side, now, &now->matches.items[i], label, judged);
		if (stop)
			return stop;
	}
	if (judged == LABEL_BENIGN)
		(now->settled ? take_benign_settled : take_benign)(m, side, now);
	return 0;
}

/* `settled`: the event came before; else its `answer` counts. */
static void find_moment(struct measurer *m, const struct event *event, const struct answer *answer,
	const struct settled *settled, struct moment *now)
{
	struct engine *engine = m->options.engine;
	long episode = dataset_episode(m->dataset, engine_evaluator(engine), event);
	*now = (struct moment){.event = event};
	now->labelled = dataset_event_label(m->dataset, event, &now->label);
	now->decision = m->dataset->decisions ? labels_decision(m->dataset, event) : NULL;
	if (episode >= 0) {
		now->episode = &m->dataset->episodes[episode];
		now->state = &m->episodes[episode];
	}
	if (settled) {
		now->settled = true;
		now->matches = settled->matches;
		now->marks = settled->marks;
	} else {
		now->scope = answer->scope->bits;
		engine_order(engine, event, answer, &now->matches);
		now->marks = engine_marks(engine);
	}
	bool timed = event->time != INT64_MIN;
	now->hour_key = timed ? hour_of_time(event->time) : event->file ? (int64_t)text_hash(text_of(event->file)) : 0;
	if (now->matches.count || m->options.deployed)
		now->point = group_point_of(&m->group_fields, event, &now->entity);
	now->point.episode = episode;
}

/* What the detections would alert, against what the rules do: the moment's matches become the rules'. */
static void deploy(struct measurer *m, struct side *side, struct moment *now)
{
	const struct deployed *deployed = m->options.deployed;
	size_t number = (size_t)(side - m->sides);
	struct tally *tallies = side->tallies[side->slot];
	uint32_t exception;
	memset(m->written, 0, m->words * sizeof *m->written);
	for (size_t i = 0; i < now->matches.count; i++)
		if (baseline_judge(&side->baseline, engine_evaluator(m->options.engine), now->event, &now->matches.items[i],
			    &exception) == VERDICT_ALERT)
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

static void note_matched(const struct moment *now)
{
	for (size_t i = 0; now->state && i < now->matches.count; i++)
		bits_set(now->state->matched, now->matches.items[i].detection);
}

/* Its matches, for its episode and every organization. */
static int take_matches(struct measurer *m, const struct moment *now)
{
	const struct deployed *deployed = m->options.deployed;
	buffer_clear(&m->json);
	if (!deployed)
		note_matched(now);
	for (size_t i = 0; i < m->side_count; i++) {
		struct moment mine = *now;
		if (deployed && !now->settled) {
			deploy(m, &m->sides[i], &mine);
			note_matched(&mine);
		} else if (deployed && !deployed->collects) {
			continue; /* rules over several events have fired when the event came */
		}
		int stop = take_for(m, &m->sides[i], &mine);
		if (stop)
			return stop;
	}
	return 0;
}

/* Earlier events whose sequences are decided by now. */
static int take_settled(struct measurer *m)
{
	const struct settled *settled;
	struct moment now;
	while ((settled = engine_settled(m->options.engine)) != NULL) {
		find_moment(m, settled->event, NULL, settled, &now);
		int stop = take_matches(m, &now);
		if (stop)
			return stop;
	}
	return 0;
}

int measurer_take(struct measurer *m, const struct event *event, const struct answer *answer)
{
	struct moment now;
	struct answer own;
	if (m->options.deployed)
		m->options.deployed->take(m->options.deployed->context, event);
	if (!answer)
		engine_ask(m->options.engine, event, &own);
	find_moment(m, event, answer ? answer : &own, NULL, &now);
	m->results->events++;
	memset(m->nearness, 0, m->detections);
	if (event->time != INT64_MIN) {
		m->first = event->time < m->first ? event->time : m->first;
		m->last = event->time > m->last ? event->time : m->last;
	}
	if (now.state) {
		now.state->events++;
		bits_or(now.state->in_scope, now.scope, m->words);
	}
	int stop = take_matches(m, &now);
	return stop ? stop : take_settled(m);
}
