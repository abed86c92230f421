/* to_judge: see to_judge.h. */
#include "replay/report/to_judge.h"
#include "replay/report/grid.h"
#include "replay/report/show.h"

#include <string.h>

enum { SHOWN_MOST = 10 };

/* Several organizations' alerts of one detection on one event are one to judge. */
static bool came_before(const struct results *results, size_t index)
{
	const struct alert *alert = &results->samples[index];
	for (size_t i = 0; i < index; i++) {
		const struct alert *other = &results->samples[i];
		if (other->outcome == alert->outcome && other->detection == alert->detection && other->line == alert->line &&
			other->dataset == alert->dataset && strcmp(other->file, alert->file) == 0)
			return true;
	}
	return false;
}

static bool is_to_judge(const struct results *results, size_t index)
{
	return results->samples[index].outcome == OUTCOME_UNKNOWN && !came_before(results, index);
}

size_t to_judge_count(const struct results *results)
{
	size_t behind = 0, count = 0;
	for (size_t i = 0; i < results->sample_count && count < SHOWN_MOST; i++) {
		if (!is_to_judge(results, i))
			continue;
		behind = i + 1;
		count++;
	}
	return behind;
}

void to_judge_print(const struct results *results, unsigned width, struct arena *arena, FILE *out)
{
	size_t count = 0;
	for (size_t i = 0; i < results->sample_count; i++) {
		const struct alert *alert = &results->samples[i];
		if (!is_to_judge(results, i) || ++count > SHOWN_MOST)
			continue;
		if (count == 1) {
			fputc('\n', out);
			grid_wrap(TEXT("Alerts on unlabelled events, the first few of each detection (mews label lists all)"), width, 2, out);
		}
		const char *when = alert->time == INT64_MIN ? "" : arena_printf(arena, "%s ", show_time(arena, alert->time));
		const char *id = alert->id.length ? arena_printf(arena, "%.*s ", TEXT_ARGS(alert->id)) : "";
		grid_wrap(text_of(arena_printf(arena, "  %s%s%.*s at %s:%llu: %.*s", id, when, TEXT_ARGS(alert->detection->name),
			alert->file, (unsigned long long)alert->line, TEXT_ARGS(alert->fields))), width, 4, out);
	}
	if (count > SHOWN_MOST)
		fprintf(out, "  … and %zu more\n", count - SHOWN_MOST);
}
