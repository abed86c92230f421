/*
 * json_lane: nodes, along which a text is read (see json_lane.h).
 */
#include "replay/readers/json_lane.h"

#include "replay/readers/json_scalar.h"
#include "replay/readers/json_template_edges.h"
#include "replay/readers/recipe.h"

#include <stdlib.h>
#include <string.h>

enum {
	NODES_MAX = 8192,
	NODES_FEW = 64,     /* nodes that are made room for at first */
	SLOTS_MAX = 128,    /* values of a text, lists as one */
	ITEMS_MAX = 4096,   /* of all its lists */
	LISTS_MAX = 16,
	BESIDE_MAX = 16,    /* nodes behind one */
	TRIES = 2048,       /* texts that are learnt from, in all */
	LANES_AFTER = 64,   /* texts: then the template knows which values stay */
	POOR = 64,          /* misses in a row, after which one text in POOR is tried, once nothing more is learnt */
	NO_SLOT = SLOTS_MAX - 1, /* values that nobody asks for go here */
	FOUND_MAX = SLOTS_MAX + ITEMS_MAX,
	NONE = 0,           /* no node */
};

/* 64 bytes, one behind the other as a text went. */
struct lane_node {
	char head[HEAD];
	const char *bytes;
	uint32_t mask;     /* of the head */
	uint16_t length;
	uint16_t slot;
	uint8_t kind;      /* enum edge_kind */
	bool list;         /* a string in an array: further ones may follow */
	uint16_t end;      /* KIND_END: 1 + position of its end */
	uint16_t next[2];  /* behind one value; behind several */
	uint16_t beside;   /* another one that came behind the same node */
	uint16_t room;
};

struct json_lanes {
	struct json_template *learnt;
	struct arena arena;
	struct lane_node *nodes;  /* [0] stands in front of all */
	size_t node_count;
	struct edge **edges;      /* that they were made of */
	struct lane_end **ends;
	size_t end_count;
	struct found found[FOUND_MAX]; /* slots, and behind them items of lists */
	uint32_t list_from[LISTS_MAX], list_count[LISTS_MAX]; /* of the text in hand */
	unsigned tries, misses;
	uint64_t built;           /* the template's count of long edges when nodes were begun */
	uint64_t rebuild;         /* the text from which on they may begin anew */
	uint64_t missed;          /* texts, since they were begun */
};

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

/* A string that has escapes or is long: in [from, close). */
static bool string_of(struct json_text *t, size_t from, size_t close, bool wanted, struct text *value)
{
	bool escaped;
	if (close >= t->length)
		return false;
	*value = (struct text){t->data + from, close - from};
	if (!t->bits.slash || !json_text_has_slash(t, from, close))
		return true;
	return wanted ? json_text_resolve(t, from, close, value) : json_text_check(t, from, close, &escaped);
}

/* The length of a string without escapes at `at`, near to its quote. 0: it is none, or empty. */
ALWAYS_INLINE static size_t usual_string(const struct json_text *t, size_t at)
{
	uint64_t near = json_bits_near(t->bits.quotes, at);
	if (!near || (t->bits.slash && json_bits_near(t->bits.slashes, at) & ((near & (0 - near)) - 1)))
		return 0;
	return (size_t)__builtin_ctzll(near);
}

/* Does a string end at `at`, in front of another one of the same array? */
static inline bool goes_on(const struct json_text *t, size_t at)
{
	return t->length - at > 3 && memcmp(t->data + at, "\",\"", 3) == 0;
}

/* Where a text is being read. */
struct lane_place {
	size_t at, items; /* items: behind the newest of a list */
	unsigned lists;
};

/* Further strings of an array, of which the first is there. Nobody asks for those that have no list. */
static bool take_items(struct json_lanes *lanes, struct json_text *t, struct lane_place *place, const struct text *first)
{
	size_t count = place->items;
	if (first)
		lanes->found[count++].value = *first;
	while (goes_on(t, place->at)) {
		struct text value;
		size_t from = place->at + 3, length = usual_string(t, from);
		size_t close = length ? from + length : json_text_quote(t, from);
		if (length)
			value = (struct text){t->data + from, length};
		if (count == FOUND_MAX || (!length && !string_of(t, from, close, first != NULL, &value)))
			return false;
		lanes->found[count].value = value;
		count += first != NULL;
		place->at = close;
	}
	if (first) {
		lanes->list_from[place->lists] = (uint32_t)place->items;
		lanes->list_count[place->lists] = (uint32_t)(count - place->items);
		place->items = count;
	}
	return true;
}

static bool take_list(struct json_lanes *lanes, struct json_text *t, const struct lane_node *node, struct lane_place *place,
	bool *several)
{
	bool wanted = node->slot != NO_SLOT;
	*several = goes_on(t, place->at);
	if (wanted)
		lanes->list_count[place->lists] = 0;
	if (*several && !take_items(lanes, t, place, wanted ? &lanes->found[node->slot].value : NULL))
		return false;
	place->lists += wanted;
	return true;
}

/* A value that is no usual one, up to its end. */
static bool take_slowly(struct json_text *t, const struct lane_node *node, size_t *at, struct text *value)
{
	size_t from = *at;
	if (node->kind == KIND_NUMBER)
		return json_text_number(t, at, value);
	*at = json_text_quote(t, from);
	return string_of(t, from, *at, node->slot != NO_SLOT, value);
}

static const struct text words[] = {[KIND_TRUE] = {"true", 4}, [KIND_FALSE] = {"false", 5}, [KIND_EMPTY] = {NULL, 0},
	[KIND_NOTHING] = {NULL, 0}};

/* The length of the usual value of the node at `at`: such a string, or a small whole number. 0: it is none. */
ALWAYS_INLINE static size_t usual_length(const struct json_text *t, const struct lane_node *node, size_t at)
{
	return node->kind == KIND_STRING ? usual_string(t, at) : json_usual_digits(t->data + at, t->length - at);
}

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

/* Behind the value of the node. *several: it is a list of more than one. */
ALWAYS_INLINE static bool take_value(struct json_lanes *lanes, struct json_text *t, const struct lane_node *node,
	struct lane_place *place, bool *several)
{
	struct text *value = &lanes->found[node->slot].value;
	if (node->kind > KIND_NUMBER) {
		*value = words[node->kind];
		return true;
	}
	size_t length = usual_length(t, node, place->at);
	if (length) {
		*value = (struct text){t->data + place->at, length};
		place->at += length;
	} else {
		size_t at = place->at;
		if (!take_slowly(t, node, &at, value))
			return false;
		place->at = at;
	}
	if (!node->list)
		return true;
	struct lane_place far = *place;
	bool good = take_list(lanes, t, node, &far, several);
	*place = far;
	return good;
}

/* Up to where HEAD bytes can be looked at. */
static inline size_t near_end(const struct json_text *t)
{
	return t->length >= HEAD && t->bits.level != SIMD_PLAIN ? t->length - HEAD + 1 : 0;
}

ALWAYS_INLINE static struct lane_end *read_at(enum simd_level level, struct json_lanes *lanes, struct json_text *text)
{
	struct json_text copy = *text, *t = &copy; /* nothing that is written can change it */
	const size_t near = near_end(t);
	struct lane_node *const nodes = lanes->nodes;
	struct lane_place place = {t->from, SLOTS_MAX, 0};
	uint16_t *link = &nodes[0].next[0];
	for (;;) {
		struct lane_node *node = &nodes[*link];
		bool several = false;
		if (!*link || (!fits(level, node, t, place.at, near) && !(node = fitting(lanes, t, link, place.at, near))))
			return NULL;
		place.at += node->length;
		if (node->kind == KIND_END)
			return place.at == t->length ? arrive(lanes, lanes->ends[node->end - 1]) : NULL;
		if (!take_value(lanes, t, node, &place, &several))
			return NULL;
		link = &node->next[several];
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
	bool poor = lanes->tries == TRIES && lanes->misses > POOR;
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

/* Learning */

/* A text on the way along the template's edges. */
struct lane_learning {
	struct json_lanes *lanes;
	struct json_text *t;
	const struct found *found;
	size_t count, taken;  /* of what was found; so much of it is in runs */
	struct run runs[SLOTS_MAX];
	size_t run_count;
	uint16_t lists[LISTS_MAX];
	size_t list_count;
	size_t at;
	bool several;
};

/* A node behind another one, for the edge; NONE: there is no room. */
static uint16_t add_node(struct json_lanes *lanes, uint16_t before, bool several, struct edge *edge, uint16_t slot)
{
	unsigned beside = 0;
	for (uint16_t at = lanes->nodes[before].next[several]; at; at = lanes->nodes[at].beside)
		beside++;
	if (lanes->node_count == NODES_MAX || beside == BESIDE_MAX)
		return NONE;
	if (lanes->node_count >= NODES_FEW && !(lanes->node_count & (lanes->node_count - 1)))
		lanes->nodes = mem_resize(lanes->nodes, lanes->node_count * 2 * sizeof *lanes->nodes);
	struct lane_node *node = &lanes->nodes[lanes->node_count];
	*node = (struct lane_node){.bytes = edge->bytes, .mask = edge->mask, .length = (uint16_t)edge->length, .slot = slot,
		.kind = edge->kind, .list = edge->kind == KIND_STRING && edge->state && !lanes->learnt->states[edge->state].key,
		.beside = lanes->nodes[before].next[several]};
	memcpy(node->head, edge->head, sizeof node->head);
	lanes->edges = arena_grow(&lanes->arena, lanes->edges, lanes->node_count, sizeof *lanes->edges);
	lanes->edges[lanes->node_count] = edge;
	lanes->nodes[before].next[several] = (uint16_t)lanes->node_count;
	return (uint16_t)lanes->node_count++;
}

/* The node that reading would take, if there is one. */
static uint16_t node_there(struct lane_learning *g, uint16_t before)
{
	struct json_lanes *lanes = g->lanes;
	uint16_t *link = &lanes->nodes[before].next[g->several];
	size_t near = near_end(g->t);
	if (!*link || (!node_fits(&lanes->nodes[*link], g->t, g->at, near) && !fitting(lanes, g->t, link, g->at, near)))
		return NONE;
	return *link;
}

/* What was found next must be these values, of one name that the runs before do not have. */
static bool note_run(struct lane_learning *g, unsigned number, bool list, bool empty)
{
	size_t from = g->taken, end = from;
	while (end < g->count && g->found[end].number == number && !g->found[end].part)
		end++;
	if (end == from || g->run_count == NO_SLOT || (list && g->list_count == LISTS_MAX) || (!list && end > from + 1))
		return false;
	if (list)
		g->lists[g->list_count++] = (uint16_t)g->run_count;
	g->runs[g->run_count] = (struct run){(uint32_t)g->run_count, empty ? 0 : (uint32_t)(end - from), (uint16_t)number, 0};
	g->run_count++;
	g->taken = end;
	return true;
}

/* Over the value of an edge, by the rules of reading. */
static bool pass_value(struct lane_learning *g, const struct edge *edge, bool list)
{
	const struct lane_node node = {.kind = edge->kind, .slot = NO_SLOT};
	struct lane_place place = {g->at, 0, 0};
	struct text value;
	g->several = false;
	if (edge->kind > KIND_NUMBER)
		return true;
	if (!take_slowly(g->t, &node, &place.at, &value))
		return false;
	if (list && !take_list(g->lanes, g->t, &node, &place, &g->several))
		return false;
	g->at = place.at;
	return true;
}

static struct lane_end *end_of(struct lane_learning *g, struct lane_node *node)
{
	struct json_lanes *lanes = g->lanes;
	if (node->end)
		return lanes->ends[node->end - 1];
	struct lane_end *end = arena_alloc(&lanes->arena, sizeof *end);
	end->runs = arena_array(&lanes->arena, g->run_count + 1, sizeof *end->runs);
	memcpy(end->runs, g->runs, g->run_count * sizeof *end->runs);
	end->run_count = g->run_count;
	end->lists = arena_array(&lanes->arena, g->list_count + 1, sizeof *end->lists);
	memcpy(end->lists, g->lists, g->list_count * sizeof *end->lists);
	end->list_count = g->list_count;
	lanes->ends = arena_grow(&lanes->arena, lanes->ends, lanes->end_count, sizeof *lanes->ends);
	lanes->ends[lanes->end_count] = end;
	node->end = (uint16_t)++lanes->end_count;
	return end;
}

static struct lane_end *learn(struct lane_learning *g)
{
	struct json_lanes *lanes = g->lanes;
	struct edge *before = &lanes->learnt->begin;
	uint16_t node = 0;
	for (;;) {
		uint16_t there = node_there(g, node);
		struct edge *edge = there ? lanes->edges[there] : json_template_edge(lanes->learnt, g->t, before, g->at);
		if (!edge)
			return NULL;
		bool named = edge->number && edge->kind != KIND_NOTHING && edge->kind != KIND_END;
		node = there ? there : add_node(lanes, node, g->several, edge, named ? (uint16_t)g->run_count : NO_SLOT);
		bool list = node && lanes->nodes[node].list;
		if (!node || (named && !note_run(g, edge->number, list, edge->kind == KIND_EMPTY)))
			return NULL;
		g->at += edge->length;
		if (edge->kind == KIND_END)
			return g->at == g->t->length && g->taken == g->count ? end_of(g, &lanes->nodes[node]) : NULL;
		if (!pass_value(g, edge, list))
			return NULL;
		before = edge;
	}
}

static void begin_anew(struct json_lanes *lanes)
{
	arena_reset(&lanes->arena);
	lanes->nodes = mem_resize(lanes->nodes, NODES_FEW * sizeof *lanes->nodes);
	lanes->nodes[0] = (struct lane_node){.length = 0};
	lanes->node_count = 1;
	lanes->ends = NULL;
	lanes->edges = arena_grow(&lanes->arena, NULL, 0, sizeof(struct edge *));
	lanes->end_count = 0;
	lanes->built = lanes->learnt->lengthened;
	lanes->tries = 0;
	lanes->missed = 0;
	lanes->rebuild = lanes->learnt->text * 2;
}

/* When the texts have become twice as many: edges lead over more values now, or what comes is something else. */
static bool is_stale(const struct json_lanes *lanes)
{
	return lanes->learnt->text >= lanes->rebuild &&
		(lanes->built != lanes->learnt->lengthened || lanes->missed > lanes->learnt->text / 8);
}

struct lane_end *json_lanes_learn(struct json_lanes *lanes, struct json_text *t, const struct found *found, size_t count)
{
	struct lane_learning learning = {.lanes = lanes, .t = t, .found = found, .count = count, .at = t->from};
	if (!lanes->nodes || is_stale(lanes))
		begin_anew(lanes);
	if (lanes->learnt->text < LANES_AFTER || lanes->tries == TRIES || t->bits.control)
		return NULL;
	lanes->tries++;
	struct lane_end *end = learn(&learning);
	t->why = NULL;
	return end;
}
