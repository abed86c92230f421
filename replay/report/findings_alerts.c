/*
 * findings_alerts: alerts → findings. A thousand false positives of one detection in one recording are one thing to mend, so
 * they are one finding with the first events beside it; a manifest's alert is mended in the manifest, so it is one there.
 */
#include "replay/report/findings_list.h"
#include "replay/report/show.h"

#include <stdlib.h>
#include <string.h>

struct sight {
	const struct alert *alert;
	bool manifest;
	size_t order;
};

static bool file_is(const char *file, const char *ending)
{
	return text_ends(text_of(file), text_of(ending), true);
}

/* Read from a description of what shall run, not from a record of what did. A stored run does not tell readers. */
static bool is_manifest(const struct alert *alert)
{
	if (!alert->file || alert->time != INT64_MIN)
		return false;
	for (size_t i = 0; i < alert->dataset->source_count; i++) {
		const struct source *source = &alert->dataset->sources[i];
		const char *reader = source->reader ? source->reader->name : "";
		bool reads = strcmp(reader, "compose") == 0 || strcmp(reader, "kubernetes") == 0;
		for (size_t k = 0; reads && k < source->file_count; k++)
			if (strcmp(source->files[k], alert->file) == 0)
				return true;
	}
	return file_is(alert->file, ".yaml") || file_is(alert->file, ".yml");
}

static int compare_addresses(const void *a, const void *b)
{
	return ((uintptr_t)a > (uintptr_t)b) - ((uintptr_t)a < (uintptr_t)b);
}

/* By what makes them one finding; addresses only bring equals together. */
static int compare_group(const struct sight *a, const struct sight *b)
{
	int order = compare_addresses(a->alert->detection, b->alert->detection);
	order = order ? order : (a->manifest > b->manifest) - (a->manifest < b->manifest);
	if (order)
		return order;
	if (a->manifest) {
		order = strcmp(a->alert->file, b->alert->file);
		return order ? order : (a->alert->line > b->alert->line) - (a->alert->line < b->alert->line);
	}
	order = (a->alert->outcome > b->alert->outcome) - (a->alert->outcome < b->alert->outcome);
	order = order ? order : compare_addresses(a->alert->dataset, b->alert->dataset);
	return order ? order : compare_addresses(a->alert->episode, b->alert->episode);
}

static int by_group(const void *left, const void *right)
{
	const struct sight *a = left, *b = right;
	int order = compare_group(a, b);
	return order ? order : (a->order > b->order) - (a->order < b->order);
}

/* Organizations among these alerts, each once, in their order; they come event by event. */
static const char *organizations_of(struct arena *arena, const struct sight *sights, size_t count)
{
	const struct organization **seen = NULL;
	size_t seen_count = 0;
	const char *names = "";
	for (size_t i = 0; i < count; i++) {
		size_t k = 0;
		while (k < seen_count && seen[k] != sights[i].alert->organization)
			k++;
		if (k < seen_count)
			continue;
		seen = arena_grow(arena, seen, seen_count, sizeof(const struct organization *));
		seen[seen_count++] = sights[i].alert->organization;
		struct text name = show_organization(sights[i].alert->organization);
		names = arena_printf(arena, "%s%s%.*s", names, names[0] ? ", " : "", TEXT_ARGS(name));
	}
	return names;
}

static bool same_event(const struct sight *a, const struct sight *b)
{
	return a->alert->line == b->alert->line && strcmp(a->alert->file, b->alert->file) == 0;
}

/* Counts the events, and sets the first of them beside the finding. */
static void add_events(struct findings_list *list, struct finding *finding, const struct sight *sights, size_t count)
{
	finding->events = 0;
	for (size_t i = 0; i < count; i++) {
		const struct alert *alert = sights[i].alert;
		if (!alert->file || (i && same_event(&sights[i - 1], &sights[i])))
			continue;
		finding->events++;
		findings_relate(list, finding, (struct finding_place){alert->file, alert->line, 0,
			arena_printf(list->arena, "%.*s", TEXT_ARGS(alert->fields))});
	}
}

static const char *where_words(struct arena *arena, const struct alert *alert)
{
	return alert->episode ? arena_printf(arena, "episode %.*s of %.*s", TEXT_ARGS(alert->episode->name),
		TEXT_ARGS(alert->dataset->name)) : arena_printf(arena, "%.*s", TEXT_ARGS(alert->dataset->name));
}

static void add_noise(struct findings_list *list, const struct sight *sights, size_t count)
{
	const struct alert *alert = sights->alert;
	bool false_positives = alert->outcome == OUTCOME_FP;
	struct finding *finding = findings_new(list, false_positives ? FINDING_FALSE_POSITIVES : FINDING_UNATTRIBUTED,
		false_positives ? LEVEL_WARNING : LEVEL_NOTE);
	finding->detection = alert->detection;
	finding->place = findings_place(&alert->detection->place, NULL);
	add_events(list, finding, sights, count);
	/* Of a run that kept the first few alerts alone, the number is not known. */
	bool all = list->results->alert_count > 0;
	const char *number = all ? arena_printf(list->arena, "%s ", show_count(list->arena, finding->events)) : "";
	const char *plural = all && finding->events == 1 ? "" : "s";
	const char *whose = organizations_of(list->arena, sights, count), *where = where_words(list->arena, alert);
	finding->message = false_positives ? arena_printf(list->arena, "%.*s gives %sfalse positive%s for %s in %s; the first: %.*s",
		TEXT_ARGS(alert->detection->name), number, plural, whose, where, TEXT_ARGS(alert->fields))
		: arena_printf(list->arena, "%.*s alerts on %sevent%s for %s in %s, which does not expect it: judge it; the first: %.*s",
		TEXT_ARGS(alert->detection->name), number, plural, whose, where, TEXT_ARGS(alert->fields));
	struct text episode = alert->episode ? alert->episode->name : TEXT("");
	finding->same = arena_printf(list->arena, "%s\n%.*s\n%.*s\n%.*s", outcome_name(alert->outcome),
		TEXT_ARGS(alert->detection->id), TEXT_ARGS(alert->dataset->name), TEXT_ARGS(episode));
}

static void add_manifest(struct findings_list *list, const struct sight *sights, size_t count)
{
	static const enum finding_level levels[] = {[SEVERITY_INFORMATIONAL] = LEVEL_NOTE, [SEVERITY_LOW] = LEVEL_NOTE,
		[SEVERITY_MEDIUM] = LEVEL_WARNING, [SEVERITY_HIGH] = LEVEL_ERROR, [SEVERITY_CRITICAL] = LEVEL_ERROR};
	const struct alert *alert = sights->alert;
	enum severity severity = alert->severity;
	for (size_t i = 1; i < count; i++)
		severity = sights[i].alert->severity > severity ? sights[i].alert->severity : severity;
	struct finding *finding = findings_new(list, FINDING_MANIFEST, levels[severity]);
	finding->detection = alert->detection;
	finding->place = (struct finding_place){alert->file, alert->line, 0, NULL};
	finding->message = arena_printf(list->arena, "%.*s (for %s): %.*s", TEXT_ARGS(alert->detection->title),
		organizations_of(list->arena, sights, count), TEXT_ARGS(alert->fields));
	finding->same = arena_printf(list->arena, "manifest\n%.*s\n%s\n%.*s", TEXT_ARGS(alert->detection->id), alert->file,
		TEXT_ARGS(alert->fields));
	findings_relate(list, finding, findings_place(&alert->detection->place, "the detection"));
}

static bool is_wanted(const struct sight *sight)
{
	enum outcome outcome = sight->alert->outcome;
	return outcome == OUTCOME_FP || outcome == OUTCOME_UNATTRIBUTED || sight->manifest;
}

struct run {
	size_t from, count, order;
};

static int by_order(const void *left, const void *right)
{
	const struct run *a = left, *b = right;
	return (a->order > b->order) - (a->order < b->order);
}

void findings_add_alerts(struct findings_list *list)
{
	const struct results *results = list->results;
	const struct alert *alerts = results->alert_count ? results->alerts : results->samples;
	size_t alert_count = results->alert_count ? results->alert_count : results->sample_count, count = 0, run_count = 0;
	struct sight *sights = mem_alloc((alert_count + 1) * sizeof *sights);
	struct run *runs = mem_alloc((alert_count + 1) * sizeof *runs);
	for (size_t i = 0; i < alert_count; i++) {
		sights[count] = (struct sight){&alerts[i], false, i};
		/* A false positive is mended in the detection, also where a manifest has it. */
		sights[count].manifest = alerts[i].outcome != OUTCOME_FP && is_manifest(&alerts[i]);
		count += is_wanted(&sights[count]);
	}
	qsort(sights, count, sizeof *sights, by_group);
	for (size_t i = 0, end; i < count; i = end) {
		for (end = i + 1; end < count && compare_group(&sights[i], &sights[end]) == 0;)
			end++;
		runs[run_count++] = (struct run){i, end - i, sights[i].order};
	}
	qsort(runs, run_count, sizeof *runs, by_order);
	for (size_t i = 0; i < run_count; i++)
		(sights[runs[i].from].manifest ? add_manifest : add_noise)(list, &sights[runs[i].from], runs[i].count);
	free(runs);
	free(sights);
}
