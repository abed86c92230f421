/* causes: see causes.h. Agglomeration with complete linkage in each field, nearest pair first. */
#include "replay/tune/causes.h"

#include "catalog/text_map.h"
#include "replay/tune/describe.h"
#include "replay/tune/wording.h"

#include <stdlib.h>
#include <string.h>

enum { MASKS_MAX = 12, NAMES_MAX = 4 };
#define PLACE 0.6 /* several users or hosts are more often one cause than several programs are */

/* The masked values of one field in a cluster; `count` 0: not there; MASKS_MAX + 1: too many to tell. */
struct masks {
	uint32_t items[MASKS_MAX];
	unsigned char count;
	bool many;
};

struct cluster {
	struct cause cause;
	unsigned category;
	struct masks *masks;   /* [columns] */
	size_t nearest;        /* SIZE_MAX: none */
	double nearness;
	bool gone;
};

struct memory_slot {
	uint64_t key;
	double likeness;
};

struct joining {
	struct arena *arena;
	const struct observations *o;
	unsigned executable;   /* a field, or FIELD_NONE */
	unsigned *fields;      /* [columns] */
	double *weights;
	size_t columns;
	struct text_map texts; /* masked values, numbered from 1 */
	struct text *masked;   /* [number] */
	size_t masked_count;
	struct memory_slot *memory; /* of likenesses; direct mapped */
	struct cluster *clusters;
	size_t count;
};
enum { MEMORY = 1 << 14 };

/* Names that come again in other fields: the user's in /home/alice, the host's in a command line. There they say nothing
 * more, so that what two users do alike is alike. */
struct names {
	struct text items[NAMES_MAX];
	unsigned fields[NAMES_MAX];
	size_t count;
};

static void find_names(const struct joining *j, const struct sample *sample, struct names *names)
{
	static const char *const fields[NAMES_MAX] = {"user.name", "host.name", "container.name", "orchestrator.namespace"};
	names->count = 0;
	for (size_t i = 0; i < NAMES_MAX; i++) {
		unsigned field = registry_field(&j->o->catalog->registry, text_of(fields[i]));
		const struct values *values = field != FIELD_NONE ? sample_values(sample, field) : NULL;
		if (!values || values->count != 1 || values->items[0].text.length < 3)
			continue;
		names->fields[names->count] = field;
		names->items[names->count++] = values->items[0].text;
	}
}

static bool is_part(char byte)
{
	return ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') || (byte >= '0' && byte <= '9') || byte == '-' || byte == '_';
}

/* The text, with those names as @ where they stand as whole words. */
static void add_without_names(struct text text, unsigned field, const struct names *names, struct buffer *out)
{
	for (size_t i = 0; i < text.length;) {
		size_t taken = 0;
		for (size_t k = 0; k < names->count && (i == 0 || !is_part(text.data[i - 1])) && taken == 0; k++) {
			size_t length = names->items[k].length;
			bool whole = i + length <= text.length && (i + length == text.length || !is_part(text.data[i + length]));
			if (names->fields[k] != field && whole && memcmp(text.data + i, names->items[k].data, length) == 0)
				taken = length;
		}
		if (taken)
			buffer_char(out, '@');
		else
			buffer_char(out, text.data[i]);
		i += taken ? taken : 1;
	}
}

static uint32_t number_of(struct joining *j, const struct values *values, unsigned field, const struct names *names)
{
	struct buffer text = {0}, plain = {0};
	for (size_t i = 0; i < values->count; i++) {
		if (i > 0)
			buffer_char(&text, ' ');
		struct text value = values->items[i].text;
		bool own = field == j->executable && !text_starts(value, TEXT("/home/"), false); /* a service named as its user */
		buffer_clear(&plain);
		if (own)
			buffer_text(&plain, value);
		else
			add_without_names(value, field, names, &plain);
		wording_mask(buffer_view(&plain), &text);
	}
	size_t number = text_map_get(&j->texts, buffer_view(&text));
	if (number == 0) {
		struct text copy = text_copy(j->arena, buffer_view(&text));
		number = ++j->masked_count;
		*text_map_at(&j->texts, copy) = number;
		j->masked = arena_grow(j->arena, j->masked, number, sizeof *j->masked);
		j->masked[number] = copy;
	}
	buffer_free(&plain);
	buffer_free(&text);
	return (uint32_t)number;
}

static double likeness(struct joining *j, uint32_t a, uint32_t b)
{
	if (a == b)
		return 1;
	uint64_t key = a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
	struct memory_slot *slot = &j->memory[(key * UINT64_C(0x9E3779B97F4A7C15)) >> (64 - 14)];
	if (slot->key != key)
		*slot = (struct memory_slot){key, wording_alike(j->masked[a], j->masked[b])};
	return slot->likeness;
}

/* How far is the value of `a` that is farthest from all values of `b`? */
static double farthest(struct joining *j, const struct masks *a, const struct masks *b)
{
	double worst = 1;
	for (size_t i = 0; i < a->count; i++) {
		double best = 0;
		for (size_t k = 0; k < b->count && best < 1; k++) {
			double like = likeness(j, a->items[i], b->items[k]);
			best = like > best ? like : best;
		}
		worst = best < worst ? best : worst;
	}
	return 1 - worst;
}

/* Programs of different names are different causes, save those that lie where names are made up. */
static bool is_passing(struct text executable)
{
	static const char *const folders[] = {"/tmp/", "/var/tmp/", "/dev/shm/", "/run/", "/var/lib/", "/var/cache/", "/proc/"};
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		if (text_starts(executable, text_of(folders[i]), false))
			return true;
	return text_contains(executable, TEXT("/."), false);
}

static double distance(struct joining *j, const struct cluster *a, const struct cluster *b, double limit)
{
	double all = 0, apart = 0;
	if (a->category != b->category)
		return 1;
	for (size_t i = 0; i < j->columns; i++)
		if (a->masks[i].count > 0 || b->masks[i].count > 0)
			all += j->weights[i];
	for (size_t i = 0; i < j->columns && apart <= limit * all; i++) {
		const struct masks *left = &a->masks[i], *right = &b->masks[i];
		if (left->count == 0 && right->count == 0)
			continue;
		if (left->count == 0 || right->count == 0) {
			apart += j->weights[i];
			continue;
		}
		double there = farthest(j, left, right), back = farthest(j, right, left);
		double far = there > back ? there : back;
		if (j->fields[i] == j->executable && far > 0 && !is_passing(j->masked[left->items[0]]))
			far = 1;
		apart += j->weights[i] * far;
	}
	return all > 0 ? apart / all : 1;
}

static void add_mask(struct masks *masks, uint32_t number)
{
	for (size_t i = 0; i < masks->count; i++)
		if (masks->items[i] == number)
			return;
	if (masks->count < MASKS_MAX)
		masks->items[masks->count++] = number;
	else
		masks->many = true;
}

/* --- the beginning: sightings that are alike whatever the detection --- */

static void choose_columns(struct joining *j)
{
	const struct registry *registry = &j->o->catalog->registry;
	j->fields = arena_array(j->arena, registry->field_count, sizeof *j->fields);
	j->weights = arena_array(j->arena, registry->field_count, sizeof *j->weights);
	j->executable = registry_field(registry, TEXT("process.executable"));
	for (unsigned field = 1; field < registry->field_count; field++) {
		const struct aspect *aspect = &j->o->aspects.items[field];
		if (aspect->use == ASPECT_SKIPPED)
			continue;
		j->fields[j->columns] = field;
		j->weights[j->columns++] = aspect->place ? aspect->weight * PLACE : aspect->weight;
	}
}

/* What a field implies says nothing beside it. */
static void drop_implied(struct joining *j, struct cluster *cluster)
{
	for (size_t i = 0; i < j->columns; i++)
		for (size_t k = 0; k < j->columns; k++)
			if (cluster->masks[i].count > 0 && aspects_covers(&j->o->aspects, j->fields[i], j->fields[k]))
				cluster->masks[k].count = 0;
}

static void begin_cluster(struct joining *j, struct cluster *cluster, const struct sighting *sighting)
{
	const struct sample *sample = &sighting->samples[0];
	struct names names;
	find_names(j, sample, &names);
	cluster->category = sample->facets[0]->category;
	cluster->masks = arena_array(j->arena, j->columns, sizeof *cluster->masks);
	for (size_t i = 0; i < j->columns; i++) {
		const struct values *values = sample_values(sample, j->fields[i]);
		if (values)
			add_mask(&cluster->masks[i], number_of(j, values, j->fields[i], &names));
	}
	drop_implied(j, cluster);
}

static void add_sighting(struct joining *j, struct cause *cause, const struct sighting *sighting)
{
	cause->sightings = arena_grow(j->arena, cause->sightings, cause->count, sizeof(const struct sighting *));
	cause->sightings[cause->count++] = sighting;
	cause->alerts += sighting->count;
}

static bool same_masks(const struct joining *j, const struct cluster *a, const struct cluster *b)
{
	if (a->category != b->category)
		return false;
	for (size_t i = 0; i < j->columns; i++)
		if (a->masks[i].count != b->masks[i].count || (a->masks[i].count && a->masks[i].items[0] != b->masks[i].items[0]))
			return false;
	return true;
}

static uint64_t masks_hash(const struct joining *j, const struct cluster *cluster)
{
	uint64_t hash = cluster->category;
	for (size_t i = 0; i < j->columns; i++)
		hash = (hash ^ (cluster->masks[i].count ? cluster->masks[i].items[0] : 0)) * UINT64_C(0x100000001B3) + i;
	return hash ^ hash >> 31;
}

static int by_count(const void *a, const void *b)
{
	const struct cluster *left = a, *right = b;
	if (left->cause.alerts != right->cause.alerts)
		return left->cause.alerts < right->cause.alerts ? 1 : -1;
	return left->cause.sightings[0] < right->cause.sightings[0] ? -1 : left->cause.sightings[0] > right->cause.sightings[0];
}

static void begin_clusters(struct joining *j, const bool *taken, struct causes *causes)
{
	size_t size = 64;
	while (size < j->o->sighting_count * 2 + 2)
		size *= 2;
	uint32_t *slots = arena_array(j->arena, size, sizeof *slots);
	j->clusters = arena_array(j->arena, j->o->sighting_count + 1, sizeof *j->clusters);
	for (size_t i = 0; i < j->o->sighting_count; i++) {
		const struct sighting *sighting = &j->o->sightings[i];
		struct cluster cluster = {.nearest = SIZE_MAX};
		if (!taken[i])
			continue;
		begin_cluster(j, &cluster, sighting);
		size_t at = masks_hash(j, &cluster) & (size - 1);
		while (slots[at] && !same_masks(j, &cluster, &j->clusters[slots[at] - 1]))
			at = (at + 1) & (size - 1);
		if (!slots[at]) {
			j->clusters[j->count++] = cluster;
			slots[at] = (uint32_t)j->count;
		}
		add_sighting(j, &j->clusters[slots[at] - 1].cause, sighting);
	}
	qsort(j->clusters, j->count, sizeof *j->clusters, by_count);
	causes->left_out = j->count > CAUSE_ITEMS_MAX ? j->count - CAUSE_ITEMS_MAX : 0;
	j->count -= causes->left_out;
}

/* --- joining --- */

static void look_for_nearest(struct joining *j, size_t at, size_t from, double limit)
{
	struct cluster *cluster = &j->clusters[at];
	cluster->nearest = SIZE_MAX;
	cluster->nearness = limit;
	for (size_t i = from; i < j->count; i++) {
		if (i == at || j->clusters[i].gone)
			continue;
		double apart = distance(j, cluster, &j->clusters[i], cluster->nearness);
		if (apart < cluster->nearness) {
			cluster->nearness = apart;
			cluster->nearest = i;
		}
	}
}

static void join(struct joining *j, struct cluster *into, struct cluster *from)
{
	for (size_t i = 0; i < j->columns; i++) {
		struct masks *left = &into->masks[i], *right = &from->masks[i];
		if (left->count == 0 || right->count == 0)
			left->count = 0;
		for (size_t k = 0; left->count > 0 && k < right->count; k++)
			add_mask(left, right->items[k]);
	}
	for (size_t i = 0; i < from->cause.count; i++)
		add_sighting(j, &into->cause, from->cause.sightings[i]);
	from->gone = true;
}

static bool join_nearest(struct joining *j, double limit)
{
	size_t best = SIZE_MAX;
	for (size_t i = 0; i < j->count; i++)
		if (!j->clusters[i].gone && j->clusters[i].nearest != SIZE_MAX &&
			(best == SIZE_MAX || j->clusters[i].nearness < j->clusters[best].nearness))
			best = i;
	if (best == SIZE_MAX)
		return false;
	size_t other = j->clusters[best].nearest;
	join(j, &j->clusters[best], &j->clusters[other]);
	for (size_t i = 0; i < j->count; i++)
		if (!j->clusters[i].gone && (i == best || j->clusters[i].nearest == best || j->clusters[i].nearest == other))
			look_for_nearest(j, i, i + 1, limit);
	/* Those before it look only behind themselves: the joined one may have come nearer or gone farther. */
	for (size_t i = 0; i < best; i++) {
		struct cluster *cluster = &j->clusters[i];
		if (cluster->gone)
			continue;
		double apart = distance(j, cluster, &j->clusters[best], cluster->nearness);
		if (apart < cluster->nearness) {
			cluster->nearness = apart;
			cluster->nearest = best;
		}
	}
	return true;
}

static int by_alerts(const void *a, const void *b)
{
	const struct cause *left = a, *right = b;
	if (left->alerts != right->alerts)
		return left->alerts < right->alerts ? 1 : -1;
	return left->sightings[0] < right->sightings[0] ? -1 : left->sightings[0] > right->sightings[0];
}

/* The joined clusters, in the caller's arena. */
static void hand_over(struct arena *arena, const struct joining *j, struct causes *causes)
{
	causes->items = arena_array(arena, j->count + 1, sizeof *causes->items);
	for (size_t i = 0; i < j->count; i++) {
		const struct cause *from = &j->clusters[i].cause;
		if (j->clusters[i].gone)
			continue;
		const struct sighting **sightings = arena_array(arena, from->count, sizeof(const struct sighting *));
		memcpy(sightings, from->sightings, from->count * sizeof(const struct sighting *));
		causes->items[causes->count++] = (struct cause){sightings, from->count, from->alerts};
	}
	qsort(causes->items, causes->count, sizeof *causes->items, by_alerts);
}

void causes_find(struct arena *arena, const struct observations *observations, const bool *taken, double limit,
	struct causes *causes)
{
	struct arena scratch = {0};
	struct joining j = {.arena = &scratch, .o = observations, .texts = {.arena = &scratch}};
	*causes = (struct causes){0};
	j.memory = arena_array(&scratch, MEMORY, sizeof *j.memory);
	j.masked = arena_growable(&scratch, 1, sizeof *j.masked);
	choose_columns(&j);
	begin_clusters(&j, taken, causes);
	for (size_t i = 0; i < j.count; i++)
		look_for_nearest(&j, i, i + 1, limit);
	while (join_nearest(&j, limit))
		;
	hand_over(arena, &j, causes);
	arena_free(&scratch);
}
