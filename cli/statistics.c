/* statistics: see statistics.h. */
#include "cli/statistics.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

enum { SHOWN = 10 };

static double ratio(double part, double whole)
{
	return whole > 0 ? part / whole : 0;
}

/* --- JSON --- */

static json_t *json_detection(const struct stats *stats, const struct stats_detection *one)
{
	const double events = (double)stats->events;
	return json_pack("{s:s%, s:I, s:f, s:I, s:I, s:f, s:f, s:I, s:i, s:i, s:s?}", "name", one->detection->name.data,
		one->detection->name.length, "nanoseconds", (json_int_t)one->cost.nanoseconds, "share_of_time",
		ratio((double)one->cost.nanoseconds, (double)stats->nanoseconds), "candidates", (json_int_t)one->cost.candidates,
		"verified", (json_int_t)one->cost.verified, "candidates_per_event", ratio((double)one->cost.candidates, events),
		"verified_per_event", ratio((double)one->cost.verified, events), "limited", (json_int_t)one->cost.limited, "conditions",
		(int)one->asked, "conditions_without_trigger", (int)one->untriggered, "why", one->why);
}

static json_t *json_statistics(const struct stats *stats)
{
	const double events = (double)stats->events;
	json_t *root = json_pack("{s:I, s:I, s:f, s:f, s:f, s:f, s:i, s:I, s:I}", "bytes", (json_int_t)stats->bytes, "events",
		(json_int_t)stats->events, "seconds", stats->seconds, "processor_seconds", stats->processor, "bytes_per_second",
		ratio((double)stats->bytes, stats->seconds), "events_per_second", ratio(events, stats->seconds), "jobs", (int)stats->jobs,
		"alerts", (json_int_t)stats->alerts, "peak_memory_bytes", (json_int_t)stats->peak);
	json_t *list = json_array();
	json_object_update_new(root,
		json_pack("{s:f, s:f, s:f, s:f, s:I, s:I, s:f}", "facets_per_event", ratio((double)stats->sums.facets, events),
			"candidates_per_event", ratio((double)stats->sums.candidates, events), "verified_per_event",
			ratio((double)stats->sums.verified, events), "compared_per_event", ratio((double)stats->sums.compared, events),
			"conditions", (json_int_t)stats->asked, "conditions_without_trigger", (json_int_t)stats->untriggered,
			"share_without_trigger", ratio((double)stats->untriggered, (double)stats->asked)));
	for (size_t i = 0; i < stats->detection_count; i++)
		if (stats->detections[i].cost.candidates > 0)
			json_array_append_new(list, json_detection(stats, &stats->detections[i]));
	json_object_set_new(root, "detections", list);
	return root;
}

static int write_json(const struct stats *stats, const char *path, struct diagnostics *d)
{
	json_t *root = json_statistics(stats);
	FILE *file = fopen(path, "w");
	bool failed = file == NULL || json_dumpf(root, file, JSON_INDENT(2) | JSON_PRESERVE_ORDER) != 0 || fputc('\n', file) == EOF;
	if (file != NULL && fclose(file) != 0)
		failed = true;
	if (failed)
		diagnostics_error(d, ((struct place){path, 0, 0}), "the statistics could not be written: %s", strerror(errno));
	json_decref(root);
	return failed ? -1 : 0;
}

/* --- for people --- */

/* 1,234,567 */
static const char *grouped(struct arena *arena, uint64_t number)
{
	const char *text = number < 1000 ? arena_printf(arena, "%u", (unsigned)number)
					 : arena_printf(arena, "%s,%03u", grouped(arena, number / 1000), (unsigned)(number % 1000));
	return text;
}

static const char *scaled(struct arena *arena, double number)
{
	const char *unit = number >= 1e9 ? " G" : number >= 1e6 ? " M"
		: number >= 1e3                                 ? " k"
								: " ";
	const double value = number >= 1e9 ? number / 1e9 : number >= 1e6 ? number / 1e6
		: number >= 1e3                                           ? number / 1e3
									  : number;
	return arena_printf(arena, "%.*f%s", value < 10 ? 2 : value < 100 ? 1
									  : 0,
		value, unit);
}

static void tell_run(const struct stats *stats, struct arena *arena, FILE *out)
{
	const double events = (double)stats->events;
	fprintf(out, "\nStatistics\n  %s events of %sB in %.2f s by %u %s: %s events/s, %sB/s\n", grouped(arena, stats->events),
		scaled(arena, (double)stats->bytes), stats->seconds, stats->jobs, stats->jobs == 1 ? "thread" : "threads",
		grouped(arena, (uint64_t)ratio(events, stats->seconds)), scaled(arena, ratio((double)stats->bytes, stats->seconds)));
	fprintf(out, "  %.2f s of processor time, %sB of memory at most\n", stats->processor, scaled(arena, (double)stats->peak));
	fprintf(out, "  For each event %.2f of %s conditions were looked at, and %.2f predicates.\n",
		ratio((double)stats->sums.candidates, events), grouped(arena, stats->asked), ratio((double)stats->sums.verified, events));
	if (stats->untriggered > 0)
		fprintf(out, "  %s of them (%.1f %%) have no trigger: they are looked at for every event of their kind.\n",
			grouped(arena, stats->untriggered), 100 * ratio((double)stats->untriggered, (double)stats->asked));
}

static const char *reason(const struct stats *stats, const struct stats_detection *one)
{
	if (one->cost.limited > 0)
		return "its regex hits the match limit";
	if (one->why != NULL)
		return one->why;
	return ratio((double)one->cost.candidates, (double)stats->events) > 0.05 ? "its best words are common here" : "";
}

static void tell_detections(const struct stats *stats, FILE *out)
{
	size_t count = 0;
	while (count < stats->detection_count && count < SHOWN && stats->detections[count].cost.candidates > 0)
		count++;
	if (count == 0)
		return;
	fputs("\n  of time  ns/event  looked at  detection\n", out);
	for (size_t i = 0; i < count; i++) {
		const struct stats_detection *one = &stats->detections[i];
		const char *why = reason(stats, one);
		fprintf(out, "  %5.1f %%  %8.1f  %7.2f %%  %.*s%s%s\n",
			100 * ratio((double)one->cost.nanoseconds, (double)stats->nanoseconds),
			ratio((double)one->cost.nanoseconds, (double)stats->events),
			100 * ratio((double)one->cost.candidates, (double)stats->events),
			TEXT_ARGS(one->detection->name), why[0] != '\0' ? ": " : "",
			why);
	}
	fprintf(out, "  of time: of what looking at conditions took, estimated from one event in %d\n"
		     "  looked at: for so many of the events (each of its conditions counts)\n"
		     "  What would help: mews check --cost\n",
		ENGINE_TIMED);
}

static void tell_limits(const struct stats *stats, FILE *out)
{
	size_t count = 0;
	for (size_t i = 0; i < stats->detection_count; i++)
		if (stats->detections[i].cost.limited > 0 && count++ < SHOWN)
			fprintf(out, "  %.*s: a regex hit its match limit %llu times, which counts as no match\n",
				TEXT_ARGS(stats->detections[i].detection->name), (unsigned long long)stats->detections[i].cost.limited);
	if (count > SHOWN)
		fprintf(out, "  … and %zu more detections (--stats=FILE has all)\n", count - SHOWN);
}

int statistics_write(const struct stats *stats, const char *file, FILE *out, struct diagnostics *d)
{
	struct arena arena = {0};
	if (file != NULL)
		return write_json(stats, file, d);
	tell_run(stats, &arena, out);
	tell_detections(stats, out);
	tell_limits(stats, out);
	arena_free(&arena);
	return 0;
}
