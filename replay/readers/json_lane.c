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

/* What of a text reading looks at all the time: nothing that is written can change it. */
struct sight {
	const char *data;
	const uint64_t *marks;
	size_t length;
	size_t near; /* up to there HEAD bytes can be looked at: no node fits beyond the text, since none has a line's end */
};

static inline struct sight sight_of(const struct json_text *t)
{
	bool heads = t->near >= HEAD && t->bits.level != SIMD_PLAIN;
	return (struct sight){t->data, t->bits.marks, t->length, heads ? t->near - HEAD + 1 : 0};
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

/* Do the node's bytes stand there? */
ALWAYS_INLINE static bool bytes_fit(enum simd_level level, const struct lane_node *node, const struct sight *sight, size_t at)
{
	const char *text = sight->data + at;
	if (at >= sight->near)
		return sight->length - at >= node->length && memcmp(node->bytes, text, node->length) == 0;
	if (!head_is(level, node, text))
		return false;
	return node->length <= HEAD || (sight->length - at >= node->length && rest_is(node, text));
}

ALWAYS_INLINE static bool fits(enum simd_level level, const struct lane_node *node, const struct sight *sight, size_t at)
{
	size_t behind = at + node->length;
	return bytes_fit(level, node, sight, at) && (node->kind != KIND_NUMBER ||
		(behind < sight->length && (sight->data[behind] == '-' || json_is_digit(sight->data[behind]))));
}

static bool node_fits(const struct lane_node *node, const struct sight *sight, size_t at)
{
	return fits(SIMD_PLAIN, node, sight, at);
}

/* The node among those beside the first that fits: it is the first from now on. Few ask for it: it is no part of its caller. */
static __attribute__((noinline)) struct lane_node *fitting(struct json_lanes *lanes, const struct json_text *t, uint16_t *link,
	size_t at)
{
	const struct sight sight = sight_of(t);
	uint16_t *first = link;
	for (link = &lanes->nodes[*first].beside; *link; link = &lanes->nodes[*link].beside) {
		uint16_t number = *link;
		struct lane_node *node = &lanes->nodes[number];
		if (!node_fits(node, &sight, at))
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
	const struct sight sight = sight_of(t);
	if (!*link)
		return NULL;
	return node_fits(&lanes->nodes[*link], &sight, at) ? &lanes->nodes[*link] : fitting(lanes, t, link, at);
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

/* Is the value of the node at `at` a usual one: a string without escapes that ends near by, or a small whole number? */
ALWAYS_INLINE static bool usual_value(const struct sight *sight, const struct lane_node *node, size_t at, size_t *length)
{
	if (node->kind == KIND_STRING) {
		uint64_t near = json_bits_near(sight->marks, at);
		*length = near ? (size_t)__builtin_ctzll(near) : 0;
		return near && sight->data[at + *length] == '"';
	}
	*length = node->kind == KIND_NUMBER ? json_usual_digits(sight->data + at, sight->length - at) : 0;
	return *length;
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

ALWAYS_INLINE static struct lane_end *read_at(enum simd_level level, struct json_lanes *lanes, struct json_text *t)
{
	const struct sight sight = sight_of(t);
	struct lane_node *const nodes = lanes->nodes;
	struct lane_place place = {0, SLOTS_MAX, 0};
	uint16_t *link = &nodes[0].next[0];
	for (size_t at = t->from;;) {
		struct lane_node *node = &nodes[*link];
		if (!fits(level, node, &sight, at) && !(node = fitting(lanes, t, link, at)))
			return NULL;
		at += node->length;
		size_t length;
		if (usual_value(&sight, node, at, &length)) {
			lanes->found[node->slot].value = (struct text){sight.data + at, length};
			at += length;
		} else if (node->kind == KIND_END) {
			return at == sight.length ? arrive(lanes, lanes->ends[node->end - 1]) : NULL;
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
JSON_AVX2 static struct lane_end *read_avx2(struct json_lanes *lanes, struct json_text *t)
{
	return read_at(SIMD_AVX2, lanes, t);
}

JSON_AVX512 static struct lane_end *read_avx512(struct json_lanes *lanes, struct json_text *t)
{
	return read_at(SIMD_AVX512, lanes, t);
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
