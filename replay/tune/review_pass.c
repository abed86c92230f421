/* review_pass: what review asks of the events (see review_pass.h). */
#include "replay/tune/review_pass.h"

static bool covers(const struct baseline_exception *exception, const struct detection *detection)
{
	return exception->detection ? exception->detection == detection : exception_covers(exception->exception, detection);
}

/* Could its condition be true of what matched, whatever the values? */
static bool answerable(const struct review_pass *p, const struct baseline_exception *exception,
	const struct observed_match *match)
{
	const struct event *event = match->at.event;
	const struct condition *condition = exception->exception->condition;
	bool any = false, all = match->match->count > 0;
	for (size_t i = 0; exception->shared && !any && i < event->facet_count; i++)
		any = evaluate_possible(p->evaluator, condition, event->facets[i]).can_be_true;
	for (size_t i = 0; !exception->shared && all && i < match->match->count; i++)
		all = evaluate_possible(p->evaluator, condition, event->facets[match->match->hits[i].facet]).can_be_true;
	return exception->shared ? any : all;
}

static void keep_attack(struct review_pass *p, size_t item, const struct observed_match *match)
{
	struct arena *arena = &p->review->arena;
	const struct detection *detection = p->review->catalog->detections[match->match->detection];
	for (size_t i = 0; i < p->excepted_count; i++) {
		struct excepted *known = &p->excepted[i];
		if (known->item != item || known->detection != detection || known->dataset != match->at.dataset ||
			known->episode != match->at.episode)
			continue;
		known->count++;
		return;
	}
	p->excepted = arena_grow(arena, p->excepted, p->excepted_count, sizeof *p->excepted);
	p->excepted[p->excepted_count++] = (struct excepted){
		.item = item,
		.detection = detection,
		.dataset = match->at.dataset,
		.episode = match->at.episode,
		.file = match->at.event->file ? arena_strdup(arena, match->at.event->file) : NULL,
		.line = match->at.event->line,
		.count = 1,
	};
}

/* The one value that every matched facet has. */
static struct text one_value(const struct event *event, const struct match *match, unsigned field)
{
	struct text value = {0};
	for (size_t i = 0; i < match->count; i++) {
		const struct values *values = facet_get(event->facets[match->hits[i].facet], field);
		if (!values || values->count != 1 || (i > 0 && !text_equal(values->items[0].text, value)))
			return (struct text){0};
		value = values->items[0].text;
	}
	return value;
}

static void find_common(struct review_pass *p, struct common *common, const struct observed_match *match)
{
	const struct registry *registry = &p->review->catalog->registry;
	const struct event *event = event_complete(match->at.event);
	if (!common->values)
		common->values = arena_array(&p->review->arena, registry->field_count, sizeof *common->values);
	for (unsigned field = 1; field < registry->field_count; field++) {
		if (p->aspects.items[field].use != ASPECT_USED || (common->seen > 0 && !common->values[field].data))
			continue;
		struct text value = one_value(event, match->match, field);
		if (common->seen == 0 && value.data)
			common->values[field] = text_copy(&p->review->arena, value);
		else if (!value.data || !text_equal(value, common->values[field]))
			common->values[field] = (struct text){0};
	}
	common->seen++;
}

/* Which fields the match has that the exception could ask for. */
static void note_fields(struct review_pass *p, size_t item, const struct observed_match *match)
{
	bool *present = p->present + item * p->review->catalog->registry.field_count;
	for (size_t i = 0; i < match->match->count; i++) {
		const struct facet *facet = match->at.event->facets[match->match->hits[i].facet];
		for (size_t k = 0; k < facet->count; k++)
			present[facet->entries[k].field] = true;
	}
}

static void count_removed(struct review_pass *p, const struct observed_match *match, size_t in_force)
{
	struct review *review = p->review;
	for (size_t i = 0; i < review->count; i++) {
		struct review_item *item = &review->items[i];
		if (!p->holds[i])
			continue;
		item->removed[match->outcome]++;
		item->only[match->outcome] += in_force == (item->expired ? 0 : 1);
		for (size_t k = 0; k < review->count; k++)
			p->both[i * review->count + k] += p->holds[k];
		if (match->outcome == OUTCOME_TP && !item->expired)
			keep_attack(p, i, match);
		if (p->wide[i])
			find_common(p, &p->commons[i], match);
	}
}

static void see_match(void *context, const struct observed_match *match)
{
	struct review_pass *p = context;
	const struct detection *detection = p->review->catalog->detections[match->match->detection];
	size_t in_force = 0;
	bool any = false;
	if (!match->at.own || (!match->alerts && !match->excepted))
		return;
	for (size_t i = 0; i < p->review->count; i++) {
		const struct baseline_exception *exception = &p->baseline.exceptions[i];
		struct review_item *item = &p->review->items[i];
		p->holds[i] = false;
		if (!covers(exception, detection))
			continue;
		item->asked++;
		item->answerable += answerable(p, exception, match);
		if (item->answerable == 0)
			note_fields(p, i, match);
		p->holds[i] = baseline_excepts(exception, p->evaluator, match->at.event, match->match);
		in_force += p->holds[i] && !item->expired;
		any = any || p->holds[i];
	}
	if (any)
		count_removed(p, match, in_force);
}

struct results *review_pass(struct review_pass *pass, const struct replay_options *options, struct diagnostics *d)
{
	struct replay_options how = *options;
	struct observer observer = {NULL, see_match, pass};
	struct results *results = NULL;
	how.observer = &observer;
	how.store = NULL;
	if (replay_run(&how, &results, d) == 0)
		return results;
	results_free(results);
	return NULL;
}
