/* groups: alert groups (see groups.h). */
#include "replay/measure/groups.h"

#include <stdlib.h>
#include <string.h>

static const int64_t group_length = INT64_C(1000000000) * GROUP_SECONDS;

static bool differ(uint64_t a, uint64_t b)
{
	return a && b && a != b;
}

static uint64_t distance(int64_t a, int64_t b)
{
	return a > b ? (uint64_t)a - (uint64_t)b : (uint64_t)b - (uint64_t)a;
}

/* Has the group ended, or not begun, at the time of the alert? Sources may be a little out of order,
 * so an alert from shortly before the first one still belongs. */
static bool is_over(const struct group_point *first, const struct group_point *point)
{
	if (first->time == INT64_MIN || point->time == INT64_MIN)
		return first->time != point->time || first->file != point->file;
	return distance(first->time, point->time) >= (uint64_t)group_length;
}

/* Of a group of the same host. 0: does not belong; more is better. */
static int fit(const struct group_point *first, const struct group_point *point)
{
	if (first->episode != point->episode || first->outcome != point->outcome)
		return 0;
	if (is_over(first, point))
		return 0;
	if (point->time == INT64_MIN)
		return 1;
	if (differ(first->container, point->container) || differ(first->descent, point->descent))
		return 0;
	if (point->container && first->container == point->container)
		return 3;
	return point->descent && first->descent == point->descent ? 2 : 1;
}

/* The same of one whose time is past for alerts to come as well, but for a little disorder: it is kept for as long again. */
static bool is_old(const struct group_set *set, size_t at, const struct group_point *point)
{
	int64_t time = set->keys[at].time;
	if (time == INT64_MIN || point->time == INT64_MIN)
		return set->items[at].first.file != point->file;
	return distance(time, point->time) >= 2 * (uint64_t)group_length;
}

/* Mostly they are the first ones, and those alone. */
static void forget_old(struct group_set *set, const struct group_point *point)
{
	const size_t end = set->begin + set->count;
	while (set->begin < end && is_old(set, set->begin, point))
		set->begin++;
	size_t kept = set->begin;
	while (kept < end && !is_old(set, kept, point))
		kept++;
	for (size_t i = kept + 1; i < end; i++) {
		if (is_old(set, i, point))
			continue;
		set->items[kept] = set->items[i];
		set->keys[kept++] = set->keys[i];
	}
	set->count = kept - set->begin;
}

/* For one more. */
static void make_room(struct group_set *set)
{
	if (set->begin + set->count < set->capacity)
		return;
	if (set->count && set->begin) {
		memmove(set->items, set->items + set->begin, set->count * sizeof *set->items);
		memmove(set->keys, set->keys + set->begin, set->count * sizeof *set->keys);
	}
	set->begin = 0;
	if (2 * set->count < set->capacity)
		return;
	set->capacity = set->capacity ? set->capacity * 2 : 4;
	set->items = mem_resize(set->items, set->capacity * sizeof *set->items);
	set->keys = mem_resize(set->keys, set->capacity * sizeof *set->keys);
}

static void begin(struct group_set *set, const struct group_point *point)
{
	forget_old(set, point);
	make_room(set);
	set->newest = ++set->begun;
	set->keys[set->begin + set->count] = (struct group_key){point->host, point->time};
	set->items[set->begin + set->count++] = (struct open_group){*point, set->newest};
}

bool group_add(struct group_set *set, const struct group_point *point)
{
	struct open_group *best = NULL;
	int best_fit = 0;
	for (size_t i = set->begin + set->count; i-- > set->begin;) {
		if (set->keys[i].host != point->host)
			continue;
		int this_fit = fit(&set->items[i].first, point);
		if (this_fit > best_fit) {
			best = &set->items[i];
			best_fit = this_fit;
		}
	}
	if (!best) {
		begin(set, point);
		return true;
	}
	set->newest = best->number;
	if (!best->first.container)
		best->first.container = point->container;
	if (!best->first.descent)
		best->first.descent = point->descent;
	return false;
}

void group_clear(struct group_set *set)
{
	set->begin = set->count = 0;
}

void group_free(struct group_set *set)
{
	free(set->items);
	free(set->keys);
	*set = (struct group_set){0};
}

struct group_fields group_fields_of(const struct registry *registry)
{
	return (struct group_fields){
		.container = registry_field(registry, TEXT("container.id")),
		.descent = registry_field(registry, TEXT("entity.id")),
		.in_container = registry_field(registry, TEXT("process.in_container")),
		.session = registry_field(registry, TEXT("session.id")),
		.host = registry_field(registry, TEXT("host.name")),
	};
}

static struct text first_text(const struct event *event, unsigned field)
{
	for (size_t i = 0; field != FIELD_NONE && i < event->facet_count; i++) {
		struct text text = facet_text(event->facets[i], field);
		if (text.length)
			return text;
	}
	return TEXT("");
}

static uint64_t name_hash(struct text name)
{
	uint64_t hash = name.length ? text_hash(name) : 0;
	return name.length && !hash ? 1 : hash;
}

static struct text descent_of(const struct group_fields *fields, const struct event *event)
{
	for (size_t i = 0; i < event->facet_count && fields->in_container != FIELD_NONE; i++) {
		const struct values *in = facet_get(event->facets[i], fields->in_container);
		if (in && in->count && in->items[0].truth)
			return first_text(event, fields->descent);
	}
	return TEXT("");
}

static struct text entity_of(struct arena *arena, struct text kind, struct text name)
{
	char *entity = arena_alloc(arena, kind.length + name.length + 1);
	memcpy(entity, kind.data, kind.length);
	memcpy(entity + kind.length, name.data, name.length);
	return (struct text){entity, kind.length + name.length};
}

struct group_point group_point_of(const struct group_fields *fields, const struct event *event, struct text *entity)
{
	struct text container = first_text(event, fields->container), descent = descent_of(fields, event);
	struct text session = first_text(event, fields->session), host = first_text(event, fields->host);
	const struct { struct text kind, name; } entities[] = {{TEXT("container:"), container}, {TEXT("container:"), descent},
		{TEXT("session:"), session}, {TEXT("host:"), host}};
	if (entity)
		*entity = TEXT("");
	for (size_t i = 0; entity && !entity->length && i < sizeof entities / sizeof *entities; i++)
		if (entities[i].name.length)
			*entity = entity_of(event->arena, entities[i].kind, entities[i].name);
	return (struct group_point){
		.host = name_hash(host),
		.container = name_hash(container),
		.descent = name_hash(descent),
		.file = event->file ? text_hash(text_of(event->file)) : 0,
		.time = event->time,
	};
}
