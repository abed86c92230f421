/* findings: see findings.h. Alerts are in findings_alerts.c. */
#include "replay/report/findings.h"
#include "replay/report/findings_list.h"
#include "replay/report/misses.h"
#include "replay/report/show.h"

#include <stdlib.h>

#define DAY_NANOSECONDS (86400 * INT64_C(1000000000))

struct finding *findings_new(struct findings_list *list, enum finding_kind kind, enum finding_level level)
{
	list->items = arena_grow(list->arena, list->items, list->count, sizeof *list->items);
	list->items[list->count] = (struct listed){.finding = {.kind = kind, .level = level, .events = 1}, .order = list->count};
	return &list->items[list->count++].finding;
}

void findings_relate(struct findings_list *list, struct finding *finding, struct finding_place place)
{
	if (finding->related_count == RELATED_MOST || !place.file)
		return;
	finding->related = arena_grow(list->arena, finding->related, finding->related_count, sizeof place);
	finding->related[finding->related_count++] = place;
}

struct finding_place findings_place(const struct place *place, const char *message)
{
	return (struct finding_place){place->file, place->line, place->column, message};
}

/* Exceptions of the organization, or shipped with the detection, that took an alert away where one was expected. */
static void relate_exceptions(struct findings_list *list, struct finding *finding, const struct miss *miss)
{
	const struct results *results = list->results;
	for (size_t i = 0; miss->missed->cause == MISS_EXCEPTED && i < results->exception_count; i++) {
		const struct exception_result *it = &results->exceptions[i];
		bool concerns = it->detection ? it->detection == miss->missed->detection
			: exception_covers(it->exception, miss->missed->detection);
		bool own = false;
		for (size_t k = 0; k < miss->organization_count; k++)
			own = own || it->organization == miss->organizations[k];
		if (own && concerns && !it->expired && it->removed[OUTCOME_TP])
			findings_relate(list, finding, findings_place(&it->exception->place,
				arena_printf(list->arena, "exception %.*s took it away", TEXT_ARGS(it->exception->name))));
	}
}

static void add_misses(struct findings_list *list)
{
	struct misses misses = misses_of(list->arena, list->results);
	for (size_t i = 0; i < misses.count; i++) {
		const struct miss *miss = &misses.items[i];
		const struct missed *missed = miss->missed;
		const struct episode *episode = miss->episode->episode;
		bool open = miss->open;
		if (!open && (!missed->gap.length || miss->off || miss->episode->label != LABEL_MALICIOUS))
			continue;
		struct finding *finding = findings_new(list, FINDING_MISSED, open ? LEVEL_ERROR : LEVEL_NOTE);
		finding->detection = missed->detection;
		finding->message = arena_printf(list->arena, "%.*s misses the attack %.*s of %.*s for %s: %s.",
			TEXT_ARGS(missed->detection->name), TEXT_ARGS(episode->name), TEXT_ARGS(miss->episode->dataset->name),
			misses_organizations(list->arena, miss), miss_cause_name(missed->cause));
		finding->place = findings_place(&missed->detection->place, NULL);
		finding->same = arena_printf(list->arena, "missed\n%.*s\n%.*s\n%.*s", TEXT_ARGS(missed->detection->id),
			TEXT_ARGS(miss->episode->dataset->name), TEXT_ARGS(episode->name));
		if (missed->gap.length)
			finding->accepted = arena_strndup(list->arena, missed->gap.data, missed->gap.length);
		findings_relate(list, finding, findings_place(&episode->place, "the episode that expects it"));
		relate_exceptions(list, finding, miss);
	}
}

static void add_gates(struct findings_list *list, const struct gate_results *gates)
{
	for (size_t i = 0; gates && i < gates->count; i++) {
		const struct gate_result *gate = &gates->items[i];
		if (gate->outcome == GATE_PASSED)
			continue;
		bool failed = gate->outcome == GATE_FAILED;
		enum finding_level level = failed ? LEVEL_ERROR : gate->tolerated ? LEVEL_NOTE : LEVEL_WARNING;
		struct finding *finding = findings_new(list, FINDING_GATE, level);
		struct text organization = gate->organization ? gate->organization->name : TEXT("");
		finding->rule = arena_printf(list->arena, "gate.%s", gate->gate);
		finding->message = arena_printf(list->arena, "Gate %s %s: %s%s%s", gate->gate, failed ? "failed" : "is undecided",
			gate->message, gate->event ? "; decided by " : "", gate->event ? gate->event : "");
		finding->place = gate->place.file ? findings_place(&gate->place, NULL) : (struct finding_place){"mews.yaml", 1, 0, NULL};
		finding->same = arena_printf(list->arena, "gate\n%s\n%.*s\n%.*s\n%s\n%s", gate->gate, TEXT_ARGS(organization),
			TEXT_ARGS(gate->detection ? gate->detection->id : TEXT("")), gate->reference_baseline ? "reference" : "",
			gate->event ? gate->event : "");
		if (gate->detection)
			findings_relate(list, finding, findings_place(&gate->detection->place,
				arena_printf(list->arena, "%.*s", TEXT_ARGS(gate->detection->name))));
	}
}

int64_t findings_days_left(const struct results *results, const struct exception *exception)
{
	int64_t today, last;
	if (!exception->expires.length || !date_parse(exception->expires, &last) || !date_parse(results->as_of, &today))
		return INT64_MAX;
	return (last - today) / DAY_NANOSECONDS;
}

/* One that is shipped with its detection stands in the results once for each organization. */
static bool came_before(const struct results *results, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (results->exceptions[i].exception == results->exceptions[index].exception)
			return true;
	return false;
}

static void add_exceptions(struct findings_list *list)
{
	const struct results *results = list->results;
	for (size_t i = 0; i < results->exception_count; i++) {
		const struct exception_result *it = &results->exceptions[i];
		int64_t left = findings_days_left(results, it->exception);
		if (left > EXPIRING_DAYS || came_before(results, i))
			continue;
		bool expired = left < 0;
		struct finding *finding = findings_new(list, FINDING_EXCEPTION, expired ? LEVEL_WARNING : LEVEL_NOTE);
		struct text owner = it->detection ? it->detection->name : show_organization(it->organization);
		finding->rule = expired ? "exception.expired" : "exception.expiring";
		const char *what = expired ? "expired on" : "applies until";
		const char *then = expired ? " and does not apply: renew it with a reason, or remove it"
			: arena_printf(list->arena, ", %lld more day%s", (long long)left, left == 1 ? "" : "s");
		finding->message = arena_printf(list->arena, "Exception %.*s of %.*s %s %.*s%s.", TEXT_ARGS(it->exception->name),
			TEXT_ARGS(owner), what, TEXT_ARGS(it->exception->expires), then);
		finding->place = findings_place(&it->exception->place, NULL);
		finding->same = arena_printf(list->arena, "exception\n%.*s\n%.*s", TEXT_ARGS(owner), TEXT_ARGS(it->exception->name));
	}
}

static int by_level(const void *left, const void *right)
{
	const struct listed *a = left, *b = right;
	if (a->finding.level != b->finding.level)
		return a->finding.level < b->finding.level ? -1 : 1;
	return (a->order > b->order) - (a->order < b->order);
}

struct findings findings_of(struct arena *arena, const struct results *results, const struct report_beside *beside)
{
	struct findings_list list = {.arena = arena, .results = results};
	add_gates(&list, beside->gates);
	add_misses(&list);
	findings_add_alerts(&list);
	add_exceptions(&list);
	if (list.count)
		qsort(list.items, list.count, sizeof *list.items, by_level);
	struct findings findings = {arena_array(arena, list.count + 1, sizeof *findings.items), list.count};
	for (size_t i = 0; i < list.count; i++) {
		struct finding *finding = &findings.items[i];
		*finding = list.items[i].finding;
		if (!finding->rule)
			finding->rule = arena_printf(arena, "%.*s", TEXT_ARGS(finding->detection->name));
	}
	return findings;
}
