/*
 * json_lane: along the nodes that were learnt (see json_lane.h).
 */
#include "replay/readers/json_lane_nodes.h"

#include "replay/readers/json_scalar.h"
#include "replay/readers/recipe.h"

#include <stdlib.h>
#include <string.h>

struct json_lanes *json_lanes_new(struct json_template *learnt)
{
	struct json_lanes *lanes = mem_alloc(sizeof *lanes);
	memset(lanes, 0, sizeof *lanes);
	lanes->learnt = learnt;
	return lanes;
}

void json_lanes_free(struct json_lanes *lanes)
{
	if (!lanes)
		return;
	arena_free(&lanes->arena);
	free(lanes->nodes);
	free(lanes);
}

const struct found *json_lanes_found(const struct json_lanes *lanes)
{
	return lanes->found;
}

/* Reading */

#define ALWAYS_INLINE __attribute__((always_inline)) inline

static inline bool rest_is(const struct lane_node *node, const char *text)
{
	for (size_t i = HEAD; i + 16 <= node->length; i += 16)
		if (!json_same16(node->bytes + i, text + i))
			return false;
	return json_same16(node->bytes + node->length - 16, text + node->length - 16);
}

/* `level` is known where this becomes part of: reading is there once for each (read_at). */
ALWAYS_INLINE static bool head_is(enum simd_level level, const struct lane_node *node, const char *text)
{
#if defined(__x86_64__)
	if (level == SIMD_AVX512)
		return json_head_is_avx512(node->head, node->mask, text);
	if (level == SIMD_AVX2)
		return json_head_is_avx2(node->head, node->mask, text);
#else
	(void)level;
#endif
	return json_head_is(node->head, node->mask, text);
}

/* Do the node's bytes stand there? `near`: up to there HEAD bytes can be looked at. */
ALWAYS_INLINE static bool bytes_fit(enum simd_level level, const struct lane_node *node, const struct json_text *t, size_t at,
	size_t near)
{
	const char *text = t->data + at;
	if (at >= near)
		return t->length - at >= node->length && memcmp(node->bytes, text, node->length) == 0;
	if (!head_is(level, node, text))
		return false;
	return node->length <= HEAD || (t->length - at >= node->length && rest_is(node, text));
}

ALWAYS_INLINE static bool fits(enum simd_level level, const struct lane_node *node, const struct json_text *t, size_t at,
	size_t near)
{
	size_t behind = at + node->length;
	return bytes_fit(level, node, t, at, near) && (node->kind != KIND_NUMBER ||
		(behind < t->length && (t->data[behind] == '-' || json_is_digit(t->data[behind]))));
}

/* Up to where HEAD bytes can be looked at. Nodes have no line's end in them, so that none fits beyond the text. */
static inline size_t near_end(const struct json_text *t)
{
	return t->near >= HEAD && t->bits.level != SIMD_PLAIN ? t->near - HEAD + 1 : 0;
}

static bool node_fits(const struct lane_node *node, const struct json_text *t, size_t at, size_t near)
{
	return fits(SIMD_PLAIN, node, t, at, near);
}

/* The node among those beside the first that fits: it is the first from now on. */
static struct lane_node *fitting(struct json_lanes *lanes, const struct json_text *t, uint16_t *link, size_t at, size_t near)
{
	uint16_t *first = link;
	for (link = &lanes->nodes[*first].beside; *link; link = &lanes->nodes[*link].beside) {
		uint16_t number = *link;
		struct lane_node *node = &lanes->nodes[number];
		if (!node_fits(node, t, at, near))
			continue;
		*link = node->beside;
		node->beside = *first;
		*first = number;
		return node;
	}
	return NULL;
}

struct lane_node *lane_node_at(struct json_lanes *lanes, const struct json_text *t, uint16_t *link, size_t at)
{
	size_t near = near_end(t);
	if (!*link)
		return NULL;
	return node_fits(&lanes->nodes[*link], t, at, near) ? &lanes->nodes[*link] : fitting(lanes, t, link, at, near);
}

/* Further strings of an array, of which the first is there. Nobody asks for those that have no list. */
static bool take_items(struct json_lanes *lanes, struct json_text *t, struct lane_place *place, const struct text *first)
{
	size_t count = place->items;
	if (count == FIXED_FIRST)
		return false;
	if (first)
		lanes->found[count++].value = *first;
	while (lane_goes_on(t, place->at)) {
		size_t from = place->at + 3, length = lane_usual_string(t, from);
		if (count == FIXED_FIRST)
			return false;
		struct text *value = &lanes->found[count].value;
		place->at = from + length;
		value->data = t->data + from; /* one by one: a text that is put together is loaded before it has been stored */
		value->length = length;
		if (!length && !json_text_string(t, &place->at, first != NULL, value))
			return false;
		count += first != NULL;
	}
	if (first) {
		lanes->list_from[place->lists] = (uint32_t)place->items;
		lanes->list_count[place->lists] = (uint32_t)(count - place->items);
		place->items = count;
	}
	return true;
}

bool lane_take_list(struct json_lanes *lanes, struct json_text *t, const struct lane_node *node, struct lane_place *place,
	bool *several)
{
	bool wanted = node->slot != NO_SLOT;
	*several = lane_goes_on(t, place->at);
	if (wanted)
		lanes->list_count[place->lists] = 0;
	if (*several && !take_items(lanes, t, place, wanted ? &lanes->found[node->slot].value : NULL))
		return false;
	place->lists += wanted;
	return true;
}

bool lane_take_slowly(struct json_text *t, const struct lane_node *node, size_t *at, struct text *value)
{
	if (node->kind == KIND_NUMBER)
		return json_text_number(t, at, value);
	return json_text_string(t, at, node->slot != NO_SLOT, value);
}

static const struct text words[] = {[KIND_TRUE] = {"true", 4}, [KIND_FALSE] = {"false", 5}, [KIND_EMPTY] = {NULL, 0},
	[KIND_NOTHING] = {NULL, 0}};

/* Runs of lists are as long as they were in the text. */
static struct lane_end *arrive(const struct json_lanes *lanes, struct lane_end *end)
{
	for (size_t i = 0; i < end->list_count; i++) {
		struct run *run = &end->runs[end->lists[i]];
		if (!lanes->list_count[i])
			continue; /* one: always so at this end */
		run->from = lanes->list_from[i];
		run->count = lanes->list_count[i];
	}
	return end;
}

/* The length of the usual value of the node at `at`: such a string, or a small whole number. 0: it is none. */
ALWAYS_INLINE static size_t usual_length(const struct json_text *t, const struct lane_node *node, size_t at)
{
	if (node->kind == KIND_STRING)
		return lane_usual_string(t, at);
	return node->kind == KIND_NUMBER ? json_usual_digits(t->data + at, t->length - at) : 0;
}

/* Behind the value of the node, which is no usual one. 0: it is not good. */
static size_t take_other(struct json_lanes *lanes, struct json_text *t, const struct lane_node *node, size_t at)
{
	struct text *value = &lanes->found[node->slot].value;
	if (node->kind > KIND_NUMBER) {
		*value = words[node->kind];
		return at;
	}
	return lane_take_slowly(t, node, &at, value) ? at : 0;
}

ALWAYS_INLINE static struct lane_end *read_at(enum simd_level level, struct json_lanes *lanes, struct json_text *text)
{
	struct json_text copy = *text, *t = &copy; /* nothing that is written can change it */
	const size_t near = near_end(t);
	struct lane_node *const nodes = lanes->nodes;
	struct lane_place place = {0, SLOTS_MAX, 0};
	uint16_t *link = &nodes[0].next[0];
	for (size_t at = t->from;;) {
		struct lane_node *node = &nodes[*link];
		if (!*link || (!fits(level, node, t, at, near) && !(node = fitting(lanes, t, link, at, near))))
			return NULL;
		at += node->length;
		size_t length = usual_length(t, node, at);
		if (length) {
			lanes->found[node->slot].value = (struct text){t->data + at, length};
			at += length;
		} else if (node->kind == KIND_END) {
			return at == t->length ? arrive(lanes, lanes->ends[node->end - 1]) : NULL;
		} else if (!(at = take_other(lanes, t, node, at))) {
			return NULL;
		}
		link = &node->next[0];
		if (node->list) {
			bool several;
			place.at = at;
			if (!lane_take_list(lanes, t, node, &place, &several))
				return NULL;
			at = place.at;
			link = &node->next[several];
		}
	}
}

#if defined(__x86_64__)
JSON_AVX2 static struct lane_end *read_avx2(struct json_lanes *lanes, struct json_text *text)
{
	return read_at(SIMD_AVX2, lanes, text);
}

JSON_AVX512 static struct lane_end *read_avx512(struct json_lanes *lanes, struct json_text *text)
{
	return read_at(SIMD_AVX512, lanes, text);
}
#endif

static struct lane_end *follow(struct json_lanes *lanes, struct json_text *text)
{
#if defined(__x86_64__)
	if (text->bits.level == SIMD_AVX512)
		return read_avx512(lanes, text);
	if (text->bits.level == SIMD_AVX2)
		return read_avx2(lanes, text);
#endif
	return read_at(SIMD_PLAIN, lanes, text);
}

/* Is there a way that may be tried? */
static bool is_tried(struct json_lanes *lanes, const struct json_text *t)
{
	bool poor = lanes->tries == LANE_TRIES && lanes->misses > POOR;
	if (t->bits.control || !lanes->end_count || (poor && lanes->learnt->text % POOR))
		return false;
	return !json_template_looks(lanes->learnt);
}

struct lane_end *json_lanes_read(struct json_lanes *lanes, struct json_text *t)
{
	if (!is_tried(lanes, t))
		return NULL;
	struct lane_end *end = follow(lanes, t);
	if (!end || end->unfit) {
		lanes->misses++;
		lanes->missed++;
		t->why = NULL;
		return NULL;
	}
	lanes->misses = 0;
	lanes->learnt->text++;
	return end;
}
