/* runs_alerts: what became of each episode, and the alerts of a run. */
#include "replay/runs/parts.h"

#include <string.h>

static enum miss_cause cause_from_name(struct text name)
{
	for (enum miss_cause cause = MISS_NO_EVENT; cause <= MISS_BELOW_SEVERITY; cause++)
		if (text_is(name, miss_cause_name(cause)))
			return cause;
	return MISS_UNMATCHED;
}

static void read_results(struct reading *r)
{
	struct results *results = r->run->results;
	struct row row;
	sqlite3_stmt *statement = reading_select(r, "run_episode_result", "organization, dataset, episode, label, events, others",
		NULL, "ORDER BY position");
	while (reading_next(r, statement, &row)) {
		struct episode_result result = {.organization = reading_organization(r, row_view(&row))};
		const struct dataset_result *dataset = reading_dataset(r, row_view(&row));
		if (!dataset)
			continue;
		result.dataset = dataset->dataset;
		result.episode = reading_episode(r, result.dataset, row_view(&row));
		if (!result.episode)
			continue;
		label_from_name(row_view(&row), &result.label);
		result.events = row_count(&row);
		result.foreign = row_count(&row) != 0;
		results->episodes = arena_grow(&results->arena, results->episodes, results->episode_count, sizeof *results->episodes);
		results->episodes[results->episode_count++] = result;
	}
}

/* Rows come in the order of the results, or nearly so. */
static struct episode_result *result_of(struct reading *r, size_t *newest, struct text organization, struct text dataset,
	struct text episode)
{
	struct results *results = r->run->results;
	for (size_t i = 0; i < results->episode_count; i++) {
		size_t at = (*newest + i) % results->episode_count;
		struct episode_result *result = &results->episodes[at];
		if (text_equal(result->episode->name, episode) && text_equal(result->dataset->name, dataset) &&
			text_equal(result->organization ? result->organization->name : TEXT(""), organization)) {
			*newest = at;
			return result;
		}
	}
	return NULL;
}

static void read_outcomes(struct reading *r)
{
	struct arena *arena = &r->run->results->arena;
	struct row row;
	size_t newest = 0;
	sqlite3_stmt *statement = reading_select(r, "run_episode", "organization, dataset, episode, detection, outcome, cause",
		NULL, "ORDER BY dataset, organization, episode, detection");
	while (reading_next(r, statement, &row)) {
		struct text organization = row_view(&row), dataset = row_view(&row), episode = row_view(&row);
		struct episode_result *result = result_of(r, &newest, organization, dataset, episode);
		const struct detection *detection = reading_detection(r, row_view(&row));
		if (!result || !detection)
			continue;
		if (text_is(row_view(&row), "alerted")) {
			result->alerted = arena_grow(arena, result->alerted, result->alerted_count, sizeof *result->alerted);
			result->alerted[result->alerted_count++] = detection;
		} else {
			result->missed = arena_grow(arena, result->missed, result->missed_count, sizeof *result->missed);
			result->missed[result->missed_count++] = (struct missed){detection, cause_from_name(row_view(&row)),
				result->episode->gap};
		}
	}
}

void reading_episodes(struct reading *r)
{
	read_results(r);
	read_outcomes(r);
}

/* Alerts */

static enum outcome outcome_from_name(struct text name)
{
	for (enum outcome outcome = 0; outcome < OUTCOME_COUNT; outcome++)
		if (text_is(name, outcome_name(outcome)))
			return outcome;
	return OUTCOME_UNKNOWN;
}

/* What many alerts after each other share is kept once. */
static const char *file_of(struct arena *arena, const struct alert *before, struct text file)
{
	if (!file.length)
		return NULL;
	if (before && before->file && text_is(file, before->file))
		return before->file;
	return text_copy(arena, file).data;
}

static struct text text_as(struct arena *arena, const struct text *before, struct text text)
{
	return before && text_equal(*before, text) ? *before : text_copy(arena, text);
}

static bool read_alert(struct reading *r, struct row *row, const struct alert *before, struct alert *alert)
{
	struct arena *arena = &r->run->results->arena;
	*alert = (struct alert){.organization = reading_organization(r, row_view(row))};
	alert->detection = reading_detection(r, row_view(row));
	const struct dataset_result *dataset = reading_dataset(r, row_view(row));
	struct text episode = row_view(row);
	if (!dataset || !alert->detection)
		return false;
	alert->dataset = dataset->dataset;
	alert->episode = episode.length ? reading_episode(r, alert->dataset, episode) : NULL;
	label_from_name(row_view(row), &alert->label);
	alert->outcome = outcome_from_name(row_view(row));
	severity_from_name(row_view(row), &alert->severity);
	alert->file = file_of(arena, before, row_view(row));
	alert->line = row_count(row);
	alert->time = row_time(row);
	alert->group = row_count(row);
	const uint64_t marks = row_count(row);
	alert->sample = (marks & ALERT_SAMPLE) != 0;
	alert->first = (marks & ALERT_FIRST) != 0;
	alert->conditions = text_as(arena, before ? &before->conditions : NULL, row_view(row));
	alert->entity = text_as(arena, before ? &before->entity : NULL, row_view(row));
	if (r->depth == RUN_PLACES && !marks)
		return true;
	alert->fields = row_text(row, arena);
	alert->event = row_text(row, arena);
	return true;
}

/* A run's alerts lie together, so its rows are read as they lie; samples have an index of their own. */
static sqlite3_stmt *select_alerts(struct reading *r)
{
	static const char columns[] = "organization, detection, dataset, episode, label, outcome, severity, file, line, time,"
		" alert_group, sample, condition, entity, fields, event";
	if (r->depth == RUN_FIGURES)
		return reading_select(r, "alert", columns, NULL, "AND sample ORDER BY id");
	const char *rest = arena_printf(&r->scratch, "AND id BETWEEN (SELECT min(id) FROM alert WHERE run = %lld)"
		" AND (SELECT max(id) FROM alert WHERE run = %lld) ORDER BY id", (long long)r->run->head.id,
		(long long)r->run->head.id);
	return reading_select(r, "alert NOT INDEXED", columns, NULL, rest);
}

void reading_alerts(struct reading *r)
{
	struct results *results = r->run->results;
	struct row row;
	struct alert alert;
	sqlite3_stmt *statement = select_alerts(r);
	while (reading_next(r, statement, &row)) {
		const struct alert *before = results->alert_count ? &results->alerts[results->alert_count - 1] : NULL;
		if (!read_alert(r, &row, before, &alert))
			continue;
		if (alert.sample) {
			results->samples = arena_grow(&results->arena, results->samples, results->sample_count, sizeof *results->samples);
			results->samples[results->sample_count++] = alert;
		}
		if (alert.first) {
			results->firsts = arena_grow(&results->arena, results->firsts, results->first_count, sizeof *results->firsts);
			results->firsts[results->first_count++] = alert;
		}
		if (r->depth == RUN_FIGURES)
			continue;
		results->alerts = arena_grow(&results->arena, results->alerts, results->alert_count, sizeof *results->alerts);
		results->alerts[results->alert_count++] = alert;
	}
}
