/* sightings: see sightings.h. */
#include "cli/sightings.h"

#include <stdlib.h>
#include <string.h>

enum { GROUPS_LOOKED_AT = 256 };
#define GROUP_NS (INT64_C(300) * 1000000000)

void sightings_free(struct sightings *s)
{
	arena_free(&s->arena);
	arena_free(&s->scratch);
}

bool sightings_is_open(const struct sighting_group *group)
{
	return !group->decided && (group->outcome == OUTCOME_UNKNOWN || group->outcome == OUTCOME_UNATTRIBUTED);
}

/* Several organizations' alerts of one detection are one. */
void sightings_alert(void *context, const struct alert *alert)
{
	struct sightings *s = context;
	for (size_t i = 0; i < s->alert_count; i++)
		if (s->alerts[i].detection == alert->detection)
			return;
	s->alerts = arena_grow(&s->scratch, s->alerts, s->alert_count, sizeof *s->alerts);
	struct alert *kept = &s->alerts[s->alert_count++];
	*kept = *alert;
	kept->file = alert->file != NULL ? arena_strdup(&s->scratch, alert->file) : "";
	kept->entity = text_copy(&s->scratch, alert->entity);
	kept->fields = text_copy(&s->scratch, alert->fields);
	kept->event = kept->conditions = (struct text){NULL, 0};
}

static bool is_alike(const struct sightings *s, const struct sighting_group *group)
{
	const struct alert *first = &s->alerts[0];
	if (group->dataset != first->dataset || group->detection_count != s->alert_count || group->outcome != first->outcome ||
		group->label != first->label || !text_equal(group->entity, first->entity))
		return false;
	for (size_t i = 0; i < s->alert_count; i++)
		if (group->detections[i] != s->alerts[i].detection)
			return false;
	const int64_t began = s->items[group->first].time;
	const bool timed = began != INT64_MIN && first->time != INT64_MIN;
	return timed ? first->time - began <= GROUP_NS && began - first->time <= GROUP_NS
		: began == first->time && strcmp(s->items[group->first].file, first->file) == 0;
}

static struct text all_fields(struct sightings *s)
{
	struct text fields = s->alerts[0].fields;
	for (size_t i = 1; i < s->alert_count; i++)
		if (!text_contains(fields, s->alerts[i].fields, false))
			fields = text_of(arena_printf(&s->scratch, "%.*s %.*s", TEXT_ARGS(fields), TEXT_ARGS(s->alerts[i].fields)));
	return text_copy(&s->arena, fields);
}

static size_t begin_group(struct sightings *s)
{
	const struct alert *first = &s->alerts[0];
	s->groups = arena_grow(&s->arena, s->groups, s->group_count, sizeof *s->groups);
	struct sighting_group *group = &s->groups[s->group_count];
	*group = (struct sighting_group){.dataset = first->dataset, .detection_count = s->alert_count, .label = first->label,
		.outcome = first->outcome, .entity = text_copy(&s->arena, first->entity), .fields = all_fields(s), .first = s->count};
	group->detections = arena_array(&s->arena, s->alert_count, sizeof(const struct detection *));
	for (size_t i = 0; i < s->alert_count; i++) {
		group->detections[i] = s->alerts[i].detection;
		if (s->alerts[i].severity > group->severity)
			group->severity = s->alerts[i].severity;
	}
	return s->group_count++;
}

/* As the dataset calls it, which lasts. */
static const char *lasting_name(const struct dataset *dataset, const char *file)
{
	for (size_t i = 0; i < dataset->file_count; i++)
		if (strcmp(dataset->files[i], file) == 0)
			return dataset->files[i];
	return "";
}

void sightings_event_done(void *context)
{
	struct sightings *s = context;
	if (s->alert_count == 0)
		return;
	const struct alert *first = &s->alerts[0];
	size_t at = s->group_count;
	for (size_t looked = 0; at > 0 && looked < GROUPS_LOOKED_AT && !is_alike(s, &s->groups[at - 1]); looked++)
		at--;
	at = at > 0 && is_alike(s, &s->groups[at - 1]) ? at - 1 : begin_group(s);
	s->groups[at].count++;
	s->items = arena_grow(&s->arena, s->items, s->count, sizeof *s->items);
	const char *known = s->count > 0 ? s->items[s->count - 1].file : "";
	s->items[s->count++] = (struct sighting){
		.dataset = first->dataset,
		.file = strcmp(known, first->file) == 0 ? known : lasting_name(first->dataset, first->file),
		.line = first->line,
		.time = first->time,
		.group = at,
	};
	arena_reset(&s->scratch);
	s->alerts = NULL;
	s->alert_count = 0;
}

static bool has_decision(const struct dataset *dataset, const char *id)
{
	for (size_t i = 0; dataset->decisions != NULL && i < dataset->decisions->count; i++)
		if (text_is(dataset->decisions->items[i].id, id))
			return true;
	return false;
}

int sightings_name(struct sightings *s, struct dataset *const *datasets, size_t count, struct diagnostics *d)
{
	struct labelled_place *places = mem_alloc((s->count + 1) * sizeof *places);
	size_t *whose = mem_alloc((s->count + 1) * sizeof *whose);
	int failed = 0;
	for (size_t i = 0; i < count; i++) {
		size_t found = 0;
		for (size_t k = 0; k < s->count; k++)
			if (s->items[k].dataset == datasets[i]) {
				places[found] = (struct labelled_place){.file = s->items[k].file, .line = s->items[k].line};
				whose[found++] = k;
			}
		failed |= labels_ids(datasets[i], places, found, d);
		for (size_t k = 0; k < found; k++) {
			struct sighting *sighting = &s->items[whose[k]];
			memcpy(sighting->id, places[k].id, sizeof sighting->id);
			s->groups[sighting->group].decided |= has_decision(datasets[i], sighting->id);
		}
	}
	free(whose);
	free(places);
	return failed;
}
