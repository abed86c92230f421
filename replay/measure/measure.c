/* measure: the event at hand, counted for every organization (see measure.h). */
#include "replay/measure/measure.h"
#include "replay/measure/state.h"
#include "replay/readers/labels.h"

#include <stdlib.h>
#include <string.h>

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
	verdict_register(m, side);
	side->monitored = arena_array(arena, m->words, sizeof *side->monitored);
	side->sampled = arena_array(arena, m->detections + 1, sizeof *side->sampled);
	side->whole = arena_array(arena, m->detections + 1, sizeof *side->whole);
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

static const uint64_t *const *monitored_of(struct measurer *m)
{
	const uint64_t **monitored = arena_array(&m->lasting, m->side_count, sizeof(uint64_t *));
	for (size_t i = 0; i < m->side_count; i++)
		monitored[i] = m->sides[i].monitored;
	return monitored;
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
	m->false_positives = zeroed(m->detections, sizeof *m->false_positives);
	m->written = zeroed(m->words, sizeof *m->written);
	m->results->target = options->deployed ? options->deployed->target : NULL;
	m->asked = zeroed(m->words, sizeof *m->asked);
	m->near = zeroed(m->words, sizeof *m->near);
	m->benign = benign_new(m->detections, monitored_of(m), m->side_count);
	placing_register(options->engine, options->datasets, options->dataset_count);
	engine_mark_words(options->engine, bits_words(m->side_count));
	m->sequences = engine_plan(options->engine)->sequence_count > 0;
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
	free(m->answers);
	placing_free(m->placing);
	free(m->asked);
	free(m->near);
	benign_free(m->benign);
	arena_free(&m->lasting);
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

/* Are events looked at that match nothing? */
static bool looks_at_events(const struct measurer *m)
{
	return m->options.deployed || (m->options.observer && m->options.observer->event);
}

void measurer_begin(struct measurer *m, const struct dataset *dataset)
{
	arena_reset(&m->arena);
	engine_begin(m->options.engine);
	if (m->options.deployed)
		m->options.deployed->begin(m->options.deployed->context);
	m->dataset = dataset;
	m->plain = !dataset->episode_count && !dataset->decisions && !looks_at_events(m);
	m->first = INT64_MAX;
	m->last = INT64_MIN;
	for (size_t i = 0; i < m->side_count; i++) {
		m->sides[i].slot = slot_of(&m->sides[i], dataset);
		for (size_t k = 0; k < m->detections; k++)
			group_clear(&m->sides[i].groups[k]);
	}
	placing_free(m->placing);
	m->placing = placing_new(dataset, m->options.engine);
	rulings_begin(m);
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
	const struct hour_list **lists = arena_array(&m->arena, m->detections + 1, sizeof(struct hour_list *));
	for (size_t i = 0; i < m->side_count; i++) {
		struct side *side = &m->sides[i];
		side->observed[side->slot] += observed;
		side->datasets[side->slot]++;
		benign_lists(m->benign, i, &m->lasting, lists);
		for (size_t k = 0; k <= m->detections; k++)
			tally_dataset_end(&side->tallies[side->slot][k], observed > 0, lists[k], &m->lasting);
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
	/* Rules that are deployed hold their exceptions already. */
	const bool excepted = !m->options.deployed || m->options.deployed->collects;
	enum verdict verdict = verdict_of(m, side, now, match, excepted, &exception);
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
	return raise_alert(m, side, now, match, &outline);
}

/* The event */

static int take_for(struct measurer *m, struct side *side, const struct moment *now)
{
	const size_t number = (size_t)(side - m->sides);
	const enum label label = now->ruling->labels[number], judged = now->ruling->judged[number];
	if (m->options.observer && m->options.observer->event && !now->settled) {
		struct observed observed = observed_of_moment(m, side, now, judged);
		m->options.observer->event(m->options.observer->context, &observed);
	}
	m->false_count = 0;
	for (size_t i = 0; i < now->matches.count; i++) {
		int stop = take_match(m, side, now, &now->matches.items[i], label, judged);
		if (stop)
			return stop;
	}
	if (judged == LABEL_BENIGN)
		rulings_false(m, side, now);
	return 0;
}

static int64_t hour_key_of(const struct event *event)
{
	if (event->time != INT64_MIN)
		return hour_of_time(event->time);
	return event->file ? (int64_t)text_hash(text_of(event->file)) : 0;
}

/* Where the event stands, and what that means for each side. */
static void place_moment(struct measurer *m, struct moment *now)
{
	const struct event *event = now->event;
	long episode = placing_find(m->placing, event);
	enum label label = LABEL_UNKNOWN;
	bool labelled = dataset_event_label(m->dataset, event, &label);
	now->decision = m->dataset->decisions ? labels_decision(m->dataset, event) : NULL;
	if (episode >= 0) {
		now->episode = &m->dataset->episodes[episode];
		now->state = &m->episodes[episode];
	}
	now->ruling = ruling_of(m, now, labelled, label);
	now->hour_key = hour_key_of(event);
	if (now->matches.count || m->options.deployed)
		now->point = group_point_of(&m->group_fields, event, &now->entity);
	now->point.episode = episode;
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
	m->moment++;
	if (!deployed)
		note_matched(now);
	for (size_t i = 0; i < m->side_count; i++) {
		struct moment mine = *now;
		if (deployed && !now->settled) {
			deploy_match(m, &m->sides[i], &mine);
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
	while ((settled = engine_settled(m->options.engine)) != NULL) {
		struct moment now = {.event = settled->event, .settled = true, .matches = settled->matches, .marks = settled->marks};
		engine_turn(m->options.engine, settled->event, NULL);
		place_moment(m, &now);
		int stop = take_matches(m, &now);
		if (stop)
			return stop;
	}
	return 0;
}

/* Of an event of nobody's own label, outside of all episodes. */
static __attribute__((noinline)) void count_outside(struct measurer *m, const struct event *event, const struct answer *answer)
{
	const struct moment now = {.event = event, .ruling = &m->outside, .hour_key = hour_key_of(event)};
	rulings_count(m, &now, answer);
}

/* An event that no condition needs to be asked of any more, in a dataset without episodes and decisions. */
static void take_plain(struct measurer *m, const struct event *event, const struct answer *answer)
{
	if (m->outside.audience)
		count_outside(m, event, answer);
}

static int take_moment(struct measurer *m, const struct event *event, const struct answer *answer,
	const struct matches *matches)
{
	struct moment now = {.event = event, .matches = *matches, .scope = answer->scope->bits,
		.marks = engine_marks(m->options.engine)};
	place_moment(m, &now);
	if (now.state) {
		now.state->events++;
		bits_or(now.state->in_scope, now.scope, m->words);
	}
	rulings_count(m, &now, answer);
	return now.matches.count || looks_at_events(m) ? take_matches(m, &now) : 0;
}

/* What is needed of events that match something, or of all of them where they depend on each other. */
static __attribute__((noinline)) int take_in_order(struct measurer *m, const struct event *event, const struct answer *answer)
{
	struct matches matches;
	struct answer own;
	int stop = 0;
	if (m->options.deployed)
		m->options.deployed->take(m->options.deployed->context, event);
	if (!answer)
		engine_ask(m->options.engine, event, &own);
	answer = answer ? answer : &own;
	engine_order(m->options.engine, event, answer, &matches);
	if (m->plain && !matches.count && !event->label.length)
		take_plain(m, event, answer);
	else
		stop = take_moment(m, event, answer, &matches);
	return stop ? stop : take_settled(m);
}

int measurer_take(struct measurer *m, const struct event *event, const struct answer *answer)
{
	m->results->events++;
	if (event->time != INT64_MIN) {
		m->first = event->time < m->first ? event->time : m->first;
		m->last = event->time > m->last ? event->time : m->last;
	}
	if (!m->plain || m->sequences || !answer || answer->count || event->label.length)
		return take_in_order(m, event, answer);
	take_plain(m, event, answer);
	return 0;
}
