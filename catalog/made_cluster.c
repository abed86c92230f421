/* made_cluster: see made_cluster.h. */
#include "catalog/made_cluster.h"

#include <string.h>

/* --- clusters and their parts --- */

static bool find_part(const struct search *s, unsigned primary, size_t *cluster, size_t *part)
{
	for (size_t i = 0; i < s->cluster_count; i++) {
		for (size_t k = 0; k < s->clusters[i].part_count; k++) {
			*cluster = i;
			*part = k;
			if (s->clusters[i].parts[k] == primary)
				return true;
		}
	}
	return false;
}

static void add_part(struct search *s, struct cluster *cluster, unsigned primary, const struct made_pool *pool)
{
	size_t at = cluster->part_count++;

	cluster->parts = arena_grow(s->arena, cluster->parts, at, sizeof(*cluster->parts));
	cluster->pools = arena_grow(s->arena, cluster->pools, at, sizeof(*cluster->pools));
	cluster->parts[at] = primary;
	cluster->pools[at] = *pool;
}

/* The pool of a primary field, in the cluster that has it. */
static struct made_pool *pool_of(struct search *s, unsigned primary, const struct registry *registry, size_t *cluster)
{
	struct made_pool pool;
	size_t part;

	if (find_part(s, primary, cluster, &part))
		return &s->clusters[*cluster].pools[part];
	s->clusters = arena_grow(s->arena, s->clusters, s->cluster_count, sizeof(*s->clusters));
	*cluster = s->cluster_count++;
	s->clusters[*cluster] = (struct cluster){.part_count = 0};
	made_pool_begin(&pool, s->arena, &registry->fields[primary]);
	add_part(s, &s->clusters[*cluster], primary, &pool);
	return &s->clusters[*cluster].pools[0];
}

static void add_atom(struct search *s, size_t cluster, size_t atom)
{
	struct cluster *into = &s->clusters[cluster];

	into->atoms = arena_grow(s->arena, into->atoms, into->atom_count, sizeof(*into->atoms));
	into->atoms[into->atom_count++] = atom;
}

/* Two clusters become one; returns its place. */
static size_t join(struct search *s, size_t a, size_t b)
{
	if (a == b)
		return a;
	size_t low = a < b ? a : b, high = a < b ? b : a;
	const struct cluster *from = &s->clusters[high];

	for (size_t i = 0; i < from->part_count; i++)
		add_part(s, &s->clusters[low], from->parts[i], &from->pools[i]);
	for (size_t i = 0; i < from->atom_count; i++)
		add_atom(s, low, from->atoms[i]);
	for (size_t i = high; i + 1 < s->cluster_count; i++)
		s->clusters[i] = s->clusters[i + 1];
	s->cluster_count--;
	return low;
}

/* --- values --- */

static void copy_texts(struct text *to, const struct text *from, size_t count)
{
	for (size_t i = 0; i < count; i++)
		to[i] = from[i];
}

/* Arguments are a program's own: its name goes before them, but where a value is that name. */
static void pool_arguments(struct made_pool *pool, const struct made_pool *values)
{
	for (size_t i = 0; i < values->count; i++) {
		const struct texts *texts = &values->items[i].texts;

		if (values->items[i].missing || texts->count == 0)
			continue;
		struct text *words = arena_array(pool->arena, texts->count + 1, sizeof(*words));

		words[0] = MADE_PROGRAM;
		copy_texts(words + 1, texts->items, texts->count);
		made_pool_add(pool, words, texts->count + 1);
		if (texts->count == 1 && text_find(texts->items[0], ' ') < texts->items[0].length && i < 20) {
			size_t count = text_split(pool->arena, texts->items[0], ' ', &words);
			struct text *split = arena_array(pool->arena, count + 1, sizeof(*split));

			copy_texts(split + 1, words, count);
			made_pool_add(pool, split, count + 1);
		}
	}
	made_pool_add(pool, &MADE_PROGRAM, 1);
}

/* What meets a predicate on `field`, as values of its primary field. */
static void pool_values(struct made_pool *pool, const struct registry *registry, unsigned field, unsigned primary,
	const struct made_pool *values)
{
	if (primary != field) {
		made_lift(pool, field, registry, values);
		return;
	}
	if (text_is(registry->fields[primary].name, "process.args")) {
		pool_arguments(pool, values);
		return;
	}
	for (size_t i = 0; i < values->count; i++) {
		if (!values->items[i].missing)
			made_pool_add(pool, values->items[i].texts.items, values->items[i].texts.count);
	}
}

/* Values of one of two fields that are compared: equal ones, others, other cases, longer ones. */
static void pair_values(struct made_pool *values)
{
	static const char *const samples[][5] = {
		[TYPE_KEYWORD] = {"same", "Same", "other", "same/more", "x same"},
		[TYPE_LONG] = {"1", "2", "7"},
		[TYPE_BOOLEAN] = {"true", "false"},
		[TYPE_IP] = {"192.0.2.1", "192.0.2.2", "2001:db8::7"},
		[TYPE_DATE] = {"2026-01-31T12:00:00Z", "2026-01-31T12:00:01Z"},
	};

	for (size_t i = 0; i < 5 && samples[values->field->type][i] != NULL; i++) {
		struct text text = text_of(samples[values->field->type][i]);
		const char *path = arena_printf(values->arena, "/srv/%s", samples[values->field->type][i]);

		if (values->field->path)
			text = text_of(path);
		made_pool_add(values, &text, 1);
	}
}

static size_t pool_field(struct search *s, const struct registry *registry, const struct predicate *p, unsigned field)
{
	unsigned primary = made_primary(registry, field);
	size_t cluster;
	struct made_pool *pool = pool_of(s, primary, registry, &cluster), values;
	struct text any = registry->fields[field].path ? TEXT("/srv/any") : TEXT("any");
	struct value value;

	made_pool_begin(&values, s->arena, &registry->fields[field]);
	values.words_only = s->words_only;
	if (p->other != FIELD_NONE)
		pair_values(&values);
	else
		made_pool_predicate(&values, p);
	pool_values(pool, registry, field, primary, &values);
	/* The predicate names no value: any will do. */
	if (values.count == 1 && primary == field && value_parse(registry->fields[field].type, any, &value))
		made_pool_add(pool, &any, 1);
	return cluster;
}

void cluster_atom(struct search *s, const struct registry *registry, size_t atom)
{
	const struct predicate *p = s->atoms[atom];
	size_t cluster = pool_field(s, registry, p, p->field);

	if (p->other != FIELD_NONE)
		cluster = join(s, cluster, pool_field(s, registry, p, p->other));
	add_atom(s, cluster, atom);
}
