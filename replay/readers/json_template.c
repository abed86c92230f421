/*
 * json_template: along the edges that were learnt (see json_template.h).
 */
#include "replay/readers/json_scalar.h"
#include "replay/readers/json_template_edges.h"

#include <stdlib.h>
#include <string.h>

struct json_template *json_template_new(const struct json_paths *paths, struct text root)
{
	struct json_template *learnt = mem_alloc(sizeof *learnt);
	*learnt = (struct json_template){.paths = paths, .root = root, .state_count = 1};
	learnt->never = (struct edge){.mask = 1, .length = 1, .bytes = ""};
	learnt->begin.follow = &learnt->never;
	learnt->states = arena_grow(&learnt->arena, NULL, 0, sizeof *learnt->states);
	learnt->steps = arena_array(&learnt->arena, STEPS_MAX, sizeof *learnt->steps);
	return learnt;
}

void json_template_free(struct json_template *learnt)
{
	if (!learnt)
		return;
	arena_free(&learnt->arena);
	free(learnt);
}

/* Reading */

static bool rest_fits(const struct edge *edge, const struct json_text *t, size_t at)
{
	return t->length - at >= edge->length && memcmp(edge->bytes + HEAD, t->data + at + HEAD, edge->length - HEAD) == 0;
}

/* Do the edge's bytes stand there, in front of a value of its kind? Those before a number are also the beginning of those
 * before a string. */
bool json_edge_fits(const struct edge *edge, const struct json_text *t, size_t at)
{
	size_t left = t->length - at, behind = at + edge->length;
	if (left < edge->length || memcmp(edge->bytes, t->data + at, edge->length) != 0)
		return false;
	if (edge->kind == KIND_END)
		return behind == t->length;
	return edge->kind != KIND_NUMBER || (behind < t->length && (t->data[behind] == '-' || json_is_digit(t->data[behind])));
}

/* The same where there are at least HEAD bytes; the end of a text, and numbers below zero, are for edge_fits. */
static inline bool edge_follows(const struct edge *edge, const struct json_text *t, size_t at)
{
	if (!json_head_is(edge->head, edge->mask, t->data + at) || (edge->length > HEAD && !rest_fits(edge, t, at)))
		return false;
	size_t behind = at + edge->length;
	if (edge->kind == KIND_NUMBER)
		return behind < t->length && json_is_digit(t->data[behind]);
	return edge->kind != KIND_END;
}

/* The long edge that fits, or NULL; those that seldom do are let go. */
static struct edge *long_edge_at(const struct json_text *t, struct state *state, size_t at)
{
	for (struct edge **link = &state->first_long; *link;) {
		struct edge *edge = *link;
		if (json_edge_fits(edge, t, at)) {
			edge->hits++;
			return edge;
		}
		if (++edge->misses > POOR_LONG && edge->misses / 4 > edge->hits) {
			*link = edge->next;
			state->longs--;
		} else {
			link = &edge->next;
		}
	}
	return NULL;
}

/* The edge that fits behind another one, or NULL. */
static struct edge *find_edge(struct json_template *l, const struct json_text *t, struct edge *before, size_t at, bool longs)
{
	struct state *state = &l->states[before->state];
	struct edge *edge = longs && state->first_long ? long_edge_at(t, state, at) : NULL;
	struct edge **link = &state->first;
	while (!edge && *link && !json_edge_fits(*link, t, at))
		link = &(*link)->next;
	if (!edge && *link) {
		edge = *link;
		*link = edge->next; /* to the front */
		edge->next = state->first;
		state->first = edge;
	}
	if (edge && longs)
		before->follow = edge;
	return edge;
}

struct edge *json_template_edge(struct json_template *l, const struct json_text *t, struct edge *before, size_t at)
{
	return find_edge(l, t, before, at, true);
}

static bool note_listed(struct json_template *l, const struct edge *edge)
{
	for (unsigned i = 0; i < edge->key_count; i++) {
		struct state *key = &l->states[edge->keys[i]];
		if (key->seen == l->text)
			return false;
		key->seen = l->text;
	}
	return true;
}

/* A wanted key that comes twice is for the walk. */
static inline bool note_keys(struct json_template *l, const struct edge *edge, uint64_t *keys)
{
	bool twice = (*keys & edge->bits) != 0;
	*keys |= edge->bits;
	return !twice && (!edge->key_count || note_listed(l, edge));
}

static inline bool take_string(struct json_text *t, struct found_list *finds, unsigned number, size_t *at)
{
	struct text text;
	if (!json_text_string(t, at, number != 0, &text))
		return false;
	if (number)
		found_add(finds, text, number, 0);
	return true;
}

static bool take_other_number(struct json_text *t, struct found_list *finds, unsigned number, size_t *at)
{
	struct text text;
	if (!json_text_number(t, at, &text))
		return false;
	if (number)
		found_add(finds, text, number, 0);
	return true;
}

/* Whole numbers of at most seven digits; others by json_text_number. */
static inline bool take_number(struct json_text *t, struct found_list *finds, unsigned number, size_t *at)
{
	size_t from = *at, digits = json_usual_digits(t->data + from, t->length - from);
	if (!digits)
		return take_other_number(t, finds, number, at);
	*at = from + digits;
	if (number)
		found_add(finds, (struct text){t->data + from, digits}, number, 0);
	return true;
}

static void take_word(struct found_list *finds, const struct edge *edge)
{
	if (!edge->number || edge->kind == KIND_NOTHING)
		return;
	struct text word = edge->kind == KIND_TRUE ? TEXT("true") : edge->kind == KIND_FALSE ? TEXT("false") : (struct text){NULL, 0};
	found_add(finds, word, edge->number, 0);
}

static inline bool take_value(struct json_text *t, struct found_list *finds, const struct edge *edge, size_t *at)
{
	if (edge->kind == KIND_STRING)
		return take_string(t, finds, edge->number, at);
	if (edge->kind == KIND_NUMBER)
		return take_number(t, finds, edge->number, at);
	take_word(finds, edge);
	return true;
}

/* Where the next value is put; there is room up to `end`. */
struct put {
	struct found *at, *end;
};

static struct put put_begin(struct found_list *finds)
{
	if (finds->capacity - finds->count < 1)
		found_grow(finds);
	return (struct put){finds->items + finds->count, finds->items + finds->capacity};
}

/* Whatever is no text without escapes of less than 64 bytes, nor a small whole number. */
static bool take_slowly(struct json_text *t, struct found_list *finds, const struct edge *edge, size_t *at, struct put *put)
{
	finds->count = (size_t)(put->at - finds->items);
	if (!take_value(t, finds, edge, at))
		return false;
	*put = put_begin(finds);
	return true;
}

/* The end of the usual value at `at` of the kind, or 0. */
static inline size_t usual_end(const struct json_text *t, const struct edge *edge, const char *data, const uint64_t *marks,
	size_t at)
{
	if (edge->kind == KIND_STRING) {
		uint64_t near = json_bits_from(marks, at);
		size_t end = near ? at + (size_t)__builtin_ctzll(near) : at;
		return near && data[end] == '"' ? end : 0;
	}
	size_t digits = edge->kind == KIND_NUMBER ? json_usual_digits(data + at, t->length - at) : 0;
	return digits ? at + digits : 0;
}

static bool read_text(struct json_template *l, struct json_text *t, struct found_list *finds)
{
	struct edge *before = &l->begin;
	/* Up to where HEAD bytes can be looked at. */
	const size_t near = t->length >= HEAD && t->bits.level != SIMD_PLAIN ? t->length - HEAD + 1 : 0;
	const char *const data = t->data;
	const uint64_t *const marks = t->bits.marks;
	struct put put = put_begin(finds);
	uint64_t keys = 0;
	for (size_t at = t->from;;) {
		struct edge *edge = before->follow;
		if (at >= near || !edge_follows(edge, t, at)) {
			edge = find_edge(l, t, before, at, true);
			if (!edge)
				return false;
		}
		if (!note_keys(l, edge, &keys))
			return false;
		if (edge->kind == KIND_END)
			break;
		at += edge->length;
		size_t end = put.at < put.end ? usual_end(t, edge, data, marks, at) : 0;
		if (end) {
			*put.at = (struct found){{data + at, end - at}, edge->number, 0};
			put.at += edge->number != 0;
			at = end;
		} else if (!take_slowly(t, finds, edge, &at, &put)) {
			return false;
		}
		before = edge;
	}
	finds->count = (size_t)(put.at - finds->items);
	return true;
}

/* The same without long edges, step by step noted. */
static bool look_through(struct json_template *l, struct json_text *t, struct found_list *finds)
{
	struct edge *before = &l->begin;
	uint64_t keys = 0;
	l->step_count = 0;
	for (size_t at = t->from; l->step_count < STEPS_MAX;) {
		struct edge *edge = find_edge(l, t, before, at, false);
		if (!edge || !note_keys(l, edge, &keys))
			return false;
		struct way_step *step = &l->steps[l->step_count++];
		*step = (struct way_step){edge, before->state, at, at + edge->length, at + edge->length};
		if (edge->kind == KIND_END)
			return true;
		at += edge->length;
		if (!take_value(t, finds, edge, &at))
			return false;
		step->end = at;
		before = edge;
	}
	return false;
}

static bool read_slowly(struct json_template *l, struct json_text *t, struct found_list *finds)
{
	if (!look_through(l, t, finds))
		return false;
	json_template_lengthen(l, t);
	return true;
}

bool json_template_read(struct json_template *learnt, struct json_text *t, struct found_list *finds)
{
	bool look = json_template_looks(learnt);
	uint64_t text = ++learnt->text;
	/* Control characters: strings that hold one, or blanks, are for the walk. */
	if (t->bits.control || !learnt->edge_count || (learnt->misses > POOR_AFTER && text % POOR_AFTER))
		return false;
	if ((look && read_slowly(learnt, t, finds)) || (finds->count = 0, read_text(learnt, t, finds))) {
		learnt->misses = 0;
		return true;
	}
	learnt->misses++;
	t->why = NULL; /* the walk finds it again, with what stands before it */
	return false;
}
