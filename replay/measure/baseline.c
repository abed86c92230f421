/* baseline: severity, disabling and exceptions of an organization (see baseline.h). */
#include "replay/measure/baseline.h"

static void add_exception(struct baseline *baseline, struct arena *arena, const struct catalog *catalog,
	const struct exception *exception, const struct detection *detection, struct text as_of)
{
	baseline->exceptions = arena_grow(arena, baseline->exceptions, baseline->exception_count,
		sizeof *baseline->exceptions);
	baseline->exceptions[baseline->exception_count++] = (struct baseline_exception){
		.exception = exception,
		.detection = detection,
		.shared = exception_shared_only(exception, &catalog->registry),
		.expired = exception_expired(exception, as_of),
	};
}

static void fill_row(struct baseline *baseline, struct arena *arena, const struct detection *detection,
	struct baseline_row *row)
{
	uint32_t *list = NULL;
	row->decision = catalog_decide(baseline->organization, detection);
	for (size_t i = 0; i < baseline->exception_count; i++) {
		const struct baseline_exception *candidate = &baseline->exceptions[i];
		bool covers = candidate->detection ? candidate->detection == detection
			: exception_covers(candidate->exception, detection);
		if (!covers || candidate->expired)
			continue;
		list = arena_grow(arena, list, row->exception_count, sizeof *list);
		list[row->exception_count++] = (uint32_t)i;
	}
	row->exceptions = list;
}

void baseline_make(struct baseline *baseline, struct arena *arena, const struct catalog *catalog,
	const struct organization *organization, struct text as_of)
{
	*baseline = (struct baseline){.organization = organization};
	for (size_t i = 0; i < catalog->detection_count; i++) {
		const struct detection *detection = catalog->detections[i];
		for (size_t k = 0; k < detection->exception_count; k++)
			add_exception(baseline, arena, catalog, &detection->exceptions[k], detection, as_of);
	}
	for (size_t i = 0; organization && i < organization->exception_count; i++)
		add_exception(baseline, arena, catalog, &organization->exceptions[i], NULL, as_of);
	baseline->rows = arena_array(arena, catalog->detection_count + 1, sizeof *baseline->rows);
	for (size_t i = 0; i < catalog->detection_count; i++)
		fill_row(baseline, arena, catalog->detections[i], &baseline->rows[i]);
}

static bool holds_on(const struct condition *condition, struct evaluator *evaluator, const struct facet *facet)
{
	if (condition->category != CATEGORY_ANY && condition->category != facet->category)
		return false;
	return evaluate_node(evaluator, condition->root, facet);
}

bool baseline_excepts(const struct baseline_exception *exception, struct evaluator *evaluator, const struct event *event,
	const struct match *match)
{
	const struct condition *condition = exception->exception->condition;
	for (size_t i = 0; exception->shared && i < event->facet_count; i++)
		if (holds_on(condition, evaluator, event->facets[i]))
			return true;
	if (exception->shared)
		return false;
	for (size_t i = 0; i < match->count; i++)
		if (!holds_on(condition, evaluator, event->facets[match->hits[i].facet]))
			return false;
	return match->count > 0;
}

enum verdict baseline_judge(const struct baseline *baseline, struct evaluator *evaluator, const struct event *event,
	const struct match *match, uint32_t *exception)
{
	const struct baseline_row *row = &baseline->rows[match->detection];
	if (row->decision.below)
		return VERDICT_BELOW_SEVERITY;
	if (row->decision.disabled)
		return VERDICT_DISABLED;
	for (size_t i = 0; i < row->exception_count; i++) {
		if (!baseline_excepts(&baseline->exceptions[row->exceptions[i]], evaluator, event, match))
			continue;
		*exception = row->exceptions[i];
		return VERDICT_EXCEPTED;
	}
	return VERDICT_ALERT;
}
