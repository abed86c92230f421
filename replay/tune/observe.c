/* observe: see observe.h. */
#include "replay/tune/observe.h"

#include "catalog/text_map.h"
#include "replay/tune/wording.h"

#include <stdlib.h>
#include <string.h>

#define HOUR (INT64_C(3600) * 1000000000)

/* What only the pass needs. */
struct observing {
	struct observations *o;
	struct text_map texts;       /* interned */
	struct text *interned;
	size_t interned_count;
	uint32_t *slots;             /* sightings by hash, counted from 1; open addressing */
	size_t slot_mask;
	struct buffer mask;
	const struct fold *fold;
	const struct event *last;    /* the newest event that was completed */
	uint64_t last_line;
	const struct event *whole;
	uint64_t events, stride;     /* every stride-th event is background */
};

static uint64_t mix(uint64_t hash, uint64_t more)
{
	hash ^= more + UINT64_C(0x9E3779B97F4A7C15) + (hash << 6) + (hash >> 2);
	return hash * UINT64_C(0xFF51AFD7ED558CCD) ^ hash >> 29;
}

/* --- projections --- */

static struct text intern(struct observing *w, struct text text)
{
	size_t number = text_map_get(&w->texts, text);
	if (number == 0) {
		struct text copy = text_copy(&w->o->arena, text);
		w->interned = arena_grow(&w->o->arena, w->interned, w->interned_count, sizeof *w->interned);
		w->interned[w->interned_count] = copy;
		number = ++w->interned_count;
		*text_map_at(&w->texts, copy) = number;
	}
	return w->interned[number - 1];
}

static bool taken(const struct observations *o, unsigned field)
{
	return o->aspects.items[field].use != ASPECT_SKIPPED;
}

/* Of the facet, exactly (masked NULL) or with its texts masked. */
static uint64_t facet_hash(struct observing *w, const struct facet *facet, bool masked)
{
	uint64_t hash = mix(facet->category, facet->action);
	uint64_t sum = 0; /* whatever the order of the fields */
	for (size_t i = 0; i < facet->count; i++) {
		const struct facet_entry *entry = &facet->entries[i];
		if (!taken(w->o, entry->field))
			continue;
		uint64_t one = mix(entry->field, entry->values.count);
		for (size_t k = 0; k < entry->values.count; k++) {
			struct text text = entry->values.items[k].text;
			if (masked) {
				buffer_clear(&w->mask);
				wording_mask(text, &w->mask);
				text = buffer_view(&w->mask);
			}
			one = mix(one, text_hash(text));
		}
		sum += one;
	}
	return mix(hash, sum);
}

static struct facet *project(struct observing *w, const struct facet *from)
{
	struct arena *arena = &w->o->arena;
	struct facet *facet = arena_alloc(arena, sizeof *facet);
	*facet = (struct facet){.registry = from->registry, .category = from->category, .action = from->action,
		.derived = from->derived};
	uint16_t *position = arena_array(arena, from->registry->field_count, sizeof *position);
	facet->position = position;
	facet->entries = arena_array(arena, from->count + 1, sizeof *facet->entries);
	for (size_t i = 0; i < from->count; i++) {
		const struct facet_entry *entry = &from->entries[i];
		bool kind = entry->field == FIELD_CATEGORY || entry->field == FIELD_ACTION || entry->field == FIELD_TYPE;
		if (!taken(w->o, entry->field) && !kind)
			continue;
		struct value *values = arena_array(arena, entry->values.count + 1, sizeof *values);
		for (size_t k = 0; k < entry->values.count; k++) {
			values[k] = entry->values.items[k];
			values[k].text = intern(w, values[k].text);
		}
		facet->entries[facet->count] = (struct facet_entry){entry->field, {values, entry->values.count}};
		position[entry->field] = (uint16_t)++facet->count;
	}
	return facet;
}

/* The event with all its fields, made once however many detections match. */
static const struct event *whole_of(struct observing *w, const struct event *event)
{
	if (w->last != event || w->last_line != event->line || w->whole == NULL) {
		w->last = event;
		w->last_line = event->line;
		w->whole = event_complete(event);
	}
	return w->whole;
}

/* --- background --- */

static bool remarkable(const struct observed *observed)
{
	return observed->label == LABEL_MALICIOUS;
}

/* Half of the samples are thrown away when there is no more room, and half as many are taken from then on. */
static void thin_out(struct observing *w)
{
	struct observations *o = w->o;
	size_t kept = 0;
	for (size_t i = 0; i < o->background_count; i++)
		if (i % 2 == 0)
			o->background[kept++] = o->background[i];
	o->background_count = kept;
	w->stride *= 2;
}

static void see_event(void *context, const struct observed *observed)
{
	struct observing *w = context;
	struct observations *o = w->o;
	w->last = NULL;
	w->whole = NULL;
	uint64_t number = w->events++;
	o->develops = o->develops || (observed->own && observed->label == LABEL_BENIGN && observed->dataset->use != USE_HOLD_OUT);
	if (number % w->stride != 0 && !(remarkable(observed) && number % (w->stride / 4 + 1) == 0))
		return;
	const struct event *event = whole_of(w, observed->event);
	for (size_t i = 0; i < event->facet_count; i++) {
		if (o->background_count == BACKGROUND_MAX)
			thin_out(w);
		o->background[o->background_count++] =
			(struct background){project(w, event->facets[i]), observed->label == LABEL_MALICIOUS};
	}
}

/* --- matches --- */

static void grow_slots(struct observing *w)
{
	struct observations *o = w->o;
	size_t size = w->slots ? (w->slot_mask + 1) * 2 : 1024;
	free(w->slots);
	w->slots = mem_alloc(size * sizeof *w->slots);
	memset(w->slots, 0, size * sizeof *w->slots);
	w->slot_mask = size - 1;
	for (size_t i = 0; i < o->sighting_count; i++) {
		size_t at = o->sightings[i].hash & w->slot_mask;
		while (w->slots[at])
			at = (at + 1) & w->slot_mask;
		w->slots[at] = (uint32_t)i + 1;
	}
}

static struct sighting *sighting_of(struct observing *w, uint64_t hash, const struct observed_match *match)
{
	struct observations *o = w->o;
	if (!w->slots || o->sighting_count * 2 > w->slot_mask)
		grow_slots(w);
	size_t at = hash & w->slot_mask;
	for (; w->slots[at]; at = (at + 1) & w->slot_mask)
		if (o->sightings[w->slots[at] - 1].hash == hash)
			return &o->sightings[w->slots[at] - 1];
	if (o->sighting_count == SIGHTINGS_MAX)
		return NULL;
	o->sightings = arena_grow(&o->arena, o->sightings, o->sighting_count, sizeof *o->sightings);
	w->slots[at] = (uint32_t)++o->sighting_count;
	struct sighting *sighting = &o->sightings[o->sighting_count - 1];
	*sighting = (struct sighting){
		.detection = match->match->detection,
		.outcome = match->outcome,
		.own = match->at.own,
		.malicious = match->at.label == LABEL_MALICIOUS,
		.held_out = match->at.dataset->use == USE_HOLD_OUT,
		.hash = hash,
	};
	return sighting;
}

static void count_unit(struct observing *w, struct sighting *sighting, const struct observed_match *match)
{
	int64_t time = match->at.event->time;
	int64_t hour = time == INT64_MIN ? INT64_MIN : time / HOUR - (time % HOUR < 0);
	for (size_t i = sighting->unit_count; i-- > 0;) {
		struct sighting_unit *unit = &sighting->units[i];
		if (unit->dataset != match->at.dataset || unit->episode != match->at.episode || unit->hour != hour)
			continue;
		unit->count++;
		return;
	}
	sighting->units = arena_grow(&w->o->arena, sighting->units, sighting->unit_count, sizeof *sighting->units);
	sighting->units[sighting->unit_count++] = (struct sighting_unit){match->at.dataset, match->at.episode, hour, 1};
}

static void add_sample(struct observing *w, struct sighting *sighting, const struct observed_match *match,
	const struct facet *const *facets, size_t count)
{
	uint64_t hash = 0;
	for (size_t i = 0; i < count; i++)
		hash = mix(hash, facet_hash(w, facets[i], false));
	for (size_t i = 0; i < sighting->sample_count; i++)
		if (sighting->samples[i].hash == hash) {
			sighting->samples[i].count++;
			return;
		}
	if (sighting->sample_count == SIGHTING_SAMPLES)
		return;
	sighting->samples = arena_grow(&w->o->arena, sighting->samples, sighting->sample_count, sizeof *sighting->samples);
	struct sample *sample = &sighting->samples[sighting->sample_count++];
	*sample = (struct sample){
		.facets = arena_array(&w->o->arena, count, sizeof(struct facet *)),
		.facet_count = count,
		.hash = hash,
		.count = 1,
		.dataset = match->at.dataset,
		.episode = match->at.episode,
		.file = match->at.event->file ? intern(w, text_of(match->at.event->file)).data : NULL,
		.line = match->at.event->line,
	};
	for (size_t i = 0; i < count; i++)
		sample->facets[i] = project(w, facets[i]);
}

static void see_match(void *context, const struct observed_match *match)
{
	struct observing *w = context;
	const struct event *event = match->at.event;
	if (!match->alerts || match->match->count == 0)
		return;
	if (w->fold && match->outcome == OUTCOME_FP && match->at.own && !w->fold->takes(w->fold->context, match))
		return;
	const struct event *whole = whole_of(w, event);
	const struct facet **facets = arena_array(event->arena, match->match->count, sizeof *facets);
	size_t count = 0;
	for (size_t i = 0; i < match->match->count; i++) {
		const struct facet *facet = whole->facets[match->match->hits[i].facet];
		bool there = false;
		for (size_t k = 0; k < count; k++)
			there = there || facets[k] == facet;
		if (!there)
			facets[count++] = facet;
	}
	uint64_t kind = (uint64_t)match->outcome * 8 + (match->at.own ? 4 : 0) + (match->at.label == LABEL_MALICIOUS ? 2 : 0) +
		(match->at.dataset->use == USE_HOLD_OUT ? 1 : 0);
	uint64_t hash = mix(match->match->detection, kind);
	for (size_t i = 0; i < count; i++)
		hash = mix(hash, facet_hash(w, facets[i], true));
	struct sighting *sighting = sighting_of(w, hash, match);
	if (sighting == NULL) {
		w->o->overflow++;
		return;
	}
	sighting->count++;
	count_unit(w, sighting, match);
	add_sample(w, sighting, match, facets, count);
}

/* --- the pass --- */

struct observations *observe(const struct replay_options *options, const struct fold *fold, struct diagnostics *d)
{
	struct observations *o = mem_alloc(sizeof *o);
	*o = (struct observations){.catalog = options->catalog};
	struct observing observing = {.o = o, .texts = {.arena = &o->arena}, .fold = fold, .stride = 1};
	struct observer observer = {see_event, see_match, &observing};
	struct replay_options how = *options;
	o->organization = options->organization_count ? options->organizations[0] : NULL;
	o->background = arena_array(&o->arena, BACKGROUND_MAX, sizeof *o->background);
	aspects_make(&o->aspects, &o->arena, &options->catalog->registry);
	how.observer = &observer;
	int failed = replay_run(&how, &o->results, d);
	buffer_free(&observing.mask);
	free(observing.slots);
	if (failed == 0)
		return o;
	observations_free(o);
	return NULL;
}

void observations_free(struct observations *o)
{
	if (o == NULL)
		return;
	results_free(o->results);
	arena_free(&o->arena);
	free(o);
}
