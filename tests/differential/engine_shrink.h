/*
 * engine_shrink: a difference between an engine and the plain evaluator, made small and said in words.
 *
 * Conditions are left out, then parts of those that are left, then facets, fields, values and bytes of the event, as long as a
 * fresh engine still differs in the same way.
 */
#ifndef MEWS_TESTS_ENGINE_SHRINK_H
#define MEWS_TESTS_ENGINE_SHRINK_H

#include "catalog/made.h"
#include "tests/differential/engine_check.h"

#include <stdio.h>

struct shrinking {
	struct arena arena;
	const struct registry *registry;
	enum simd_level level;
	const struct event *const *sample; /* of engine_calibrate; NULL: none */
	size_t sample_count;
	struct condition **conditions;     /* each a detection of its own */
	size_t count;
	struct condition **besides;
	size_t besides_count;
	struct test_event event;
	enum difference_kind kind;
};

static struct catalog shrink_catalog(struct arena *arena, const struct shrinking *s)
{
	struct catalog catalog = {.registry = *s->registry, .detection_count = s->count};
	catalog.detections = arena_array(arena, s->count + 1, sizeof(*catalog.detections));
	for (size_t i = 0; i < s->count; i++) {
		catalog.detections[i] = arena_alloc(arena, sizeof(**catalog.detections));
		*catalog.detections[i] = (struct detection){.conditions = &s->conditions[i], .condition_count = 1};
	}
	return catalog;
}

static bool differs_asked(const struct shrinking *s, struct arena *arena, const struct catalog *catalog, struct engine *engine,
	const struct besides *besides, const struct event *event)
{
	struct evaluator *e = evaluator_new();
	struct difference difference;
	struct said oracle = oracle_says(arena, e, catalog, besides, event);
	struct said said = engine_says(arena, engine, besides, event);
	evaluator_free(e);
	return !said_agree(catalog, besides, &oracle, &said, &difference) && difference.kind == s->kind;
}

/* Does a fresh engine differ in the same way? Nearness is asked of each detection, and of all at once. */
static bool still_differs(const struct shrinking *s)
{
	struct arena arena = {0};
	struct catalog catalog = shrink_catalog(&arena, s);
	struct engine *engine = engine_new_at(&catalog, s->level);
	uint32_t *numbers = arena_array(&arena, s->besides_count + 1, sizeof(*numbers));
	uint64_t *needed = arena_array(&arena, bits_words(s->count) + 1, sizeof(*needed));
	struct event event;

	for (size_t i = 0; i < s->besides_count; i++)
		numbers[i] = engine_register(engine, s->besides[i]);
	memset(needed, 0xff, (bits_words(s->count) + 1) * sizeof(*needed));
	if (s->sample)
		engine_calibrate(engine, s->sample, s->sample_count);
	event_begin(&event, &arena, s->registry);
	test_event_make(&s->event, &event);
	struct besides besides = {.conditions = s->besides, .numbers = numbers, .count = s->besides_count, .near = true};
	bool differs = differs_asked(s, &arena, &catalog, engine, &besides, &event);
	besides.needed = needed;
	differs = differs || differs_asked(s, &arena, &catalog, engine, &besides, &event);
	engine_free(engine);
	arena_free(&arena);
	return differs;
}

/* Leaves out runs of conditions, half as long each time. */
static void shrink_list(struct shrinking *s, struct condition ***list, size_t *count)
{
	for (size_t run = *count; run > 0; run /= 2)
		for (size_t at = 0; at < *count;) {
			size_t length = at + run < *count ? run : *count - at, before = *count;
			struct condition **old = *list, **shorter = arena_array(&s->arena, before + 1, sizeof(*shorter));
			memcpy(shorter, old, at * sizeof(*old));
			memcpy(shorter + at, old + at + length, (before - at - length) * sizeof(*old));
			*list = shorter;
			*count = before - length;
			if (still_differs(s))
				continue;
			*list = old;
			*count = before;
			at += length;
		}
}

/* ---- a tree ---- */

/* The n-th smaller tree (from 0; *n counts down to it); NULL: *n is still to go. */
static struct node *smaller(struct arena *arena, struct node *node, size_t *n);

static struct node *without_value(struct arena *arena, const struct node *node, size_t from, size_t count)
{
	struct node *copy = arena_alloc(arena, sizeof(*copy));
	*copy = *node;
	copy->predicate.values += from;
	copy->predicate.cidrs = node->predicate.cidrs ? node->predicate.cidrs + from : NULL;
	copy->predicate.regexes = node->predicate.regexes ? node->predicate.regexes + from : NULL;
	copy->predicate.count = count;
	copy->predicate.list = (struct text){0};
	return copy;
}

static struct node *smaller_predicate(struct arena *arena, struct node *node, size_t *n)
{
	size_t count = node->predicate.count;
	if (count > 1 && (*n)-- == 0)
		return without_value(arena, node, 0, count / 2);
	if (count > 1 && (*n)-- == 0)
		return without_value(arena, node, count / 2, count - count / 2);
	if ((*n)-- == 0)
		return node_true();
	if ((*n)-- == 0)
		return node_false();
	return NULL;
}

static struct node *smaller_many(struct arena *arena, struct node *node, size_t *n)
{
	struct node **children = arena_array(arena, node->count + 1, sizeof(*children));
	for (size_t i = 0; i < node->count; i++) {
		if ((*n)-- == 0)
			return node->children[i];
		if ((*n)-- == 0) {
			memcpy(children, node->children, i * sizeof(*children));
			memcpy(children + i, node->children + i + 1, (node->count - i - 1) * sizeof(*children));
			return node->kind == NODE_AND ? node_and(arena, children, node->count - 1) : node_or(arena, children, node->count - 1);
		}
	}
	for (size_t i = 0; i < node->count; i++) {
		struct node *child = smaller(arena, node->children[i], n);
		if (child == NULL)
			continue;
		memcpy(children, node->children, node->count * sizeof(*children));
		children[i] = child;
		return node->kind == NODE_AND ? node_and(arena, children, node->count) : node_or(arena, children, node->count);
	}
	return NULL;
}

static struct node *smaller(struct arena *arena, struct node *node, size_t *n)
{
	struct node *child;
	switch (node->kind) {
	case NODE_PREDICATE:
		return smaller_predicate(arena, node, n);
	case NODE_NOT:
		if ((*n)-- == 0)
			return node->children[0];
		child = smaller(arena, node->children[0], n);
		return child ? node_not(arena, child) : NULL;
	case NODE_AND:
	case NODE_OR:
		return smaller_many(arena, node, n);
	default:
		return NULL;
	}
}

static size_t tree_size(const struct node *node)
{
	size_t size = node->kind == NODE_TRUE || node->kind == NODE_FALSE ? 0 : 1 + node->predicate.count;
	for (size_t i = 0; i < node->count; i++)
		size += tree_size(node->children[i]);
	return size;
}

static void shrink_tree(struct shrinking *s, struct condition **place)
{
	for (size_t n = 0;; n++) {
		size_t left = n;
		struct condition *old = *place;
		struct node *root = smaller(&s->arena, old->root, &left);
		if (root == NULL)
			return;
		if (tree_size(root) >= tree_size(old->root))
			continue;
		struct condition *copy = arena_alloc(&s->arena, sizeof(*copy));
		*copy = *old;
		copy->root = root;
		*place = copy;
		if (still_differs(s))
			n = SIZE_MAX; /* from the beginning */
		else
			*place = old;
	}
}

/* ---- the event ---- */

static struct test_facet *own_facets(struct shrinking *s)
{
	struct test_facet *facets = arena_array(&s->arena, s->event.facet_count + 1, sizeof(*facets));
	memcpy(facets, s->event.facets, s->event.facet_count * sizeof(*facets));
	return facets;
}

static bool try_event(struct shrinking *s, const struct test_facet *facets, size_t count)
{
	struct test_event old = s->event;
	s->event.facets = facets;
	s->event.facet_count = count;
	if (still_differs(s))
		return true;
	s->event = old;
	return false;
}

static bool without_facet(struct shrinking *s, size_t at)
{
	struct test_facet *facets = own_facets(s);
	memmove(facets + at, facets + at + 1, (s->event.facet_count - at - 1) * sizeof(*facets));
	return try_event(s, facets, s->event.facet_count - 1);
}

static bool with_fields(struct shrinking *s, size_t at, const struct test_field *fields, size_t count)
{
	struct test_facet *facets = own_facets(s);
	facets[at].fields = fields;
	facets[at].count = count;
	return try_event(s, facets, s->event.facet_count);
}

static struct test_field *own_fields(struct shrinking *s, size_t at)
{
	const struct test_facet *facet = &s->event.facets[at];
	struct test_field *fields = arena_array(&s->arena, facet->count + 1, sizeof(*fields));
	memcpy(fields, facet->fields, facet->count * sizeof(*fields));
	return fields;
}

static bool with_texts(struct shrinking *s, size_t at, size_t field, const struct text *texts, size_t count)
{
	struct test_field *fields = own_fields(s, at);
	fields[field].values = (struct texts){texts, count};
	return with_fields(s, at, fields, s->event.facets[at].count);
}

static bool with_text(struct shrinking *s, size_t at, size_t field, size_t value, struct text text)
{
	const struct texts *old = &s->event.facets[at].fields[field].values;
	struct text *texts = arena_array(&s->arena, old->count + 1, sizeof(*texts));
	memcpy(texts, old->items, old->count * sizeof(*texts));
	texts[value] = text;
	return with_texts(s, at, field, texts, old->count);
}

/* Cuts pieces out of one value. */
static void shrink_text(struct shrinking *s, size_t at, size_t field, size_t value)
{
	for (size_t run = s->event.facets[at].fields[field].values.items[value].length / 2; run > 0; run /= 2)
		for (size_t from = 0;;) {
			struct text text = s->event.facets[at].fields[field].values.items[value];
			if (from + run > text.length || text.length == run)
				break;
			char *cut = arena_alloc(&s->arena, text.length);
			memcpy(cut, text.data, from);
			memcpy(cut + from, text.data + from + run, text.length - from - run);
			if (!with_text(s, at, field, value, (struct text){cut, text.length - run}))
				from += run;
		}
}

static void shrink_field(struct shrinking *s, size_t at, size_t field)
{
	for (size_t value = 0; value < s->event.facets[at].fields[field].values.count;) {
		const struct texts *old = &s->event.facets[at].fields[field].values;
		struct text *texts = arena_array(&s->arena, old->count + 1, sizeof(*texts));
		memcpy(texts, old->items, value * sizeof(*texts));
		memcpy(texts + value, old->items + value + 1, (old->count - value - 1) * sizeof(*texts));
		if (old->count > 1 && with_texts(s, at, field, texts, old->count - 1))
			continue;
		shrink_text(s, at, field, value);
		value++;
	}
}

static void shrink_event(struct shrinking *s)
{
	for (size_t i = 0; i < s->event.facet_count;)
		i += !without_facet(s, i);
	for (size_t i = 0; i < s->event.facet_count; i++)
		for (size_t k = 0; k < s->event.facets[i].count;) {
			struct test_field *fields = own_fields(s, i);
			memmove(fields + k, fields + k + 1, (s->event.facets[i].count - k - 1) * sizeof(*fields));
			if (with_fields(s, i, fields, s->event.facets[i].count - 1))
				continue;
			shrink_field(s, i, k);
			k++;
		}
}

/* ---- in words ---- */

static void tell_conditions(const struct shrinking *s, struct condition *const *conditions, size_t count, const char *what)
{
	for (size_t i = 0; i < count && i < 8; i++) {
		struct buffer out = {0};
		condition_print(conditions[i], s->registry, &out);
		printf("  %s: %.*s\n", what, TEXT_ARGS(buffer_view(&out)));
		buffer_free(&out);
	}
	if (count > 8)
		printf("  … and %zu more\n", count - 8);
}

static void shrink_tell(const struct shrinking *s)
{
	struct arena arena = {0};
	struct event event;
	struct buffer out = {0};

	event_begin(&event, &arena, s->registry);
	test_event_make(&s->event, &event);
	tell_conditions(s, s->conditions, s->count, "condition");
	tell_conditions(s, s->besides, s->besides_count, "condition of no detection");
	for (size_t i = 0; i < event.facet_count; i++) {
		buffer_clear(&out);
		made_print_facet(event.facets[i], &out);
		printf("  facet: %.*s\n", TEXT_ARGS(buffer_view(&out)));
	}
	buffer_free(&out);
	arena_free(&arena);
}

/* Makes the difference small and tells it. False: a fresh engine does not differ, so it needs what went before. */
__attribute__((unused)) static bool shrink(struct shrinking *s)
{
	const struct event *const *sample = s->sample;
	if (!still_differs(s)) {
		printf("  (not with an engine that saw nothing else before)\n");
		shrink_tell(s);
		return false;
	}
	s->sample = NULL;
	if (!still_differs(s))
		s->sample = sample;
	shrink_list(s, &s->conditions, &s->count);
	shrink_list(s, &s->besides, &s->besides_count);
	for (size_t i = 0; i < s->count; i++)
		shrink_tree(s, &s->conditions[i]);
	for (size_t i = 0; i < s->besides_count; i++)
		shrink_tree(s, &s->besides[i]);
	shrink_event(s);
	printf("  smallest, at level %s%s:\n", simd_level_name(s->level), s->sample ? ", after a sample" : "");
	shrink_tell(s);
	return true;
}

#endif
