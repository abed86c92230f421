/*
 * json_lane_learn: nodes, made of a template's edges for texts that were read (see json_lane.h).
 */
#include "replay/readers/json_lane_nodes.h"

#include "replay/readers/recipe.h"

#include <string.h>

/* A text on the way along the template's edges. */
struct lane_learning {
	struct json_lanes *lanes;
	struct json_text *t;
	const struct found *found;
	size_t count, taken;  /* of what was found; so much of it is in runs */
	struct run runs[SLOTS_MAX];
	size_t run_count;
	uint64_t stay;        /* of the first runs, by bit: those whose value is part of a node */
	uint16_t lists[LISTS_MAX];
	size_t list_count;
	size_t at;
	bool several;
};

/* The position of the edge's value among those that stay; FIXED_MAX: it has no place there. */
static size_t place_fixed(struct json_lanes *lanes, struct edge *edge, struct text value)
{
	unsigned others = 0;
	for (size_t i = 0; i < lanes->fixed_count; i++) {
		if (lanes->fixed[i].edge == edge && text_equal(lanes->fixed[i].value, value))
			return i;
		others += lanes->fixed[i].edge == edge;
	}
	if (others == FIXED_OF_EDGE_MAX)
		edge->varies = lanes->outdated = true;
	if (edge->varies || lanes->fixed_count == FIXED_MAX)
		return FIXED_MAX;
	struct text kept = text_copy(&lanes->learnt->arena, value);
	lanes->fixed[lanes->fixed_count] = (struct lane_fixed){edge, kept};
	lanes->found[FIXED_FIRST + lanes->fixed_count].value = kept;
	return lanes->fixed_count++;
}

static bool is_item(const struct json_lanes *lanes, const struct edge *edge)
{
	return edge->kind == KIND_STRING && edge->state && !lanes->learnt->states[edge->state].key;
}

/* The value of the edge, at `at`, if it is one that stays; FIXED_MAX: it is none. */
static size_t fixed_at(struct lane_learning *g, struct edge *edge, size_t at)
{
	edge = edge->last ? edge->last : edge;
	size_t length = edge->number && edge->kind == KIND_STRING && edge->same >= SAME_TIMES && !edge->varies && at < g->t->length
		? lane_usual_string(g->t, at) : 0;
	if (!length || length > FIXED_LENGTH_MAX || (is_item(g->lanes, edge) && lane_goes_on(g->t, at + length)))
		return FIXED_MAX;
	return place_fixed(g->lanes, edge, (struct text){g->t->data + at, length});
}

/* From the place at hand over values that stay to one that does not. NULL: the template does not know it. */
static struct lane_way *find_way(struct lane_learning *g, struct edge *before)
{
	struct json_lanes *lanes = g->lanes;
	struct lane_way *way = arena_alloc(&lanes->arena, sizeof *way);
	size_t at = g->at;
	*way = (struct lane_way){.count = 0};
	while ((way->edge = json_template_edge(lanes->learnt, g->t, before, at)) != NULL) {
		at += way->edge->length;
		size_t fixed = way->count < FIXED_OF_NODE_MAX ? fixed_at(g, way->edge, at) : FIXED_MAX;
		if (fixed == FIXED_MAX)
			break;
		way->fixed[way->count++] = (uint16_t)fixed;
		at += lanes->fixed[fixed].value.length;
		before = way->edge;
	}
	way->length = (uint16_t)(at - g->at);
	return way->edge && at - g->at <= UINT16_MAX ? way : NULL;
}

static void set_bytes(struct json_lanes *lanes, struct lane_node *node, const struct lane_way *way, const char *bytes)
{
	node->bytes = way->count ? arena_strndup(&lanes->arena, bytes, way->length) : way->edge->bytes;
	node->length = way->length;
	node->mask = json_edge_head(node->head, bytes, way->length);
}

/* A node behind another one, for the way; NONE: there is no room. */
static uint16_t add_node(struct lane_learning *g, uint16_t before, struct lane_way *way, uint16_t slot)
{
	struct json_lanes *lanes = g->lanes;
	unsigned beside = 0;
	for (uint16_t at = lanes->nodes[before].next[g->several]; at; at = lanes->nodes[at].beside)
		beside++;
	if (lanes->node_count == NODES_MAX || beside == BESIDE_MAX)
		return NONE;
	if (lanes->node_count >= NODES_FEW && !(lanes->node_count & (lanes->node_count - 1)))
		lanes->nodes = mem_resize(lanes->nodes, lanes->node_count * 2 * sizeof *lanes->nodes);
	struct lane_node *node = &lanes->nodes[lanes->node_count];
	*node = (struct lane_node){.slot = slot, .kind = way->edge->kind, .list = is_item(lanes, way->edge),
		.beside = lanes->nodes[before].next[g->several]};
	set_bytes(lanes, node, way, g->t->data + g->at);
	lanes->ways = arena_grow(&lanes->arena, lanes->ways, lanes->node_count, sizeof *lanes->ways);
	lanes->ways[lanes->node_count] = way;
	lanes->nodes[before].next[g->several] = (uint16_t)lanes->node_count;
	return (uint16_t)lanes->node_count++;
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

/* The same for a value that is part of a node. */
static bool note_fixed(struct lane_learning *g, size_t fixed)
{
	if (!note_run(g, g->lanes->fixed[fixed].edge->number, false, false))
		return false;
	g->runs[g->run_count - 1].from = (uint32_t)(FIXED_FIRST + fixed);
	if (g->run_count <= 64)
		g->stay |= UINT64_C(1) << (g->run_count - 1);
	return true;
}

/* Over the value of the node, by the rules of reading. */
static bool pass_value(struct lane_learning *g, const struct lane_node *node)
{
	const struct lane_node unasked = {.kind = node->kind, .slot = NO_SLOT};
	struct lane_place place = {g->at, 0, 0};
	struct text value;
	g->several = false;
	if (node->kind > KIND_NUMBER)
		return true;
	if (!lane_take_slowly(g->t, &unasked, &place.at, &value))
		return false;
	if (node->list && !lane_take_list(g->lanes, g->t, &unasked, &place, &g->several))
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
	end->alike.stay = g->stay;
	lanes->ends = arena_grow(&lanes->arena, lanes->ends, lanes->end_count, sizeof *lanes->ends);
	lanes->ends[lanes->end_count] = end;
	node->end = (uint16_t)++lanes->end_count;
	return end;
}

/* The node at the place at hand, and what it says of values that stay; a new one where there is none. NONE: it cannot be. */
static uint16_t take_node(struct lane_learning *g, uint16_t before, struct edge *edge)
{
	struct json_lanes *lanes = g->lanes;
	uint16_t *link = &lanes->nodes[before].next[g->several];
	bool there = lane_node_at(lanes, g->t, link, g->at) != NULL;
	struct lane_way *way = there ? lanes->ways[*link] : find_way(g, edge);
	for (size_t i = 0; way && i < way->count; i++)
		if (!note_fixed(g, way->fixed[i]))
			return NONE;
	if (!way || there)
		return way ? *link : NONE;
	bool named = way->edge->number && way->edge->kind != KIND_NOTHING && way->edge->kind != KIND_END;
	return add_node(g, before, way, named ? (uint16_t)g->run_count : NO_SLOT);
}

static struct lane_end *learn(struct lane_learning *g)
{
	struct json_lanes *lanes = g->lanes;
	struct edge *edge = &lanes->learnt->begin;
	for (uint16_t number = take_node(g, 0, edge); number; number = take_node(g, number, edge)) {
		struct lane_node *node = &lanes->nodes[number];
		edge = lanes->ways[number]->edge;
		if (node->slot != NO_SLOT && !note_run(g, edge->number, node->list, node->kind == KIND_EMPTY))
			return NULL;
		g->at += node->length;
		if (node->kind == KIND_END)
			return g->at == g->t->length && g->taken == g->count ? end_of(g, node) : NULL;
		if (!pass_value(g, node))
			return NULL;
	}
	return NULL;
}

static void begin_anew(struct json_lanes *lanes)
{
	arena_reset(&lanes->arena);
	lanes->nodes = mem_resize(lanes->nodes, NODES_FEW * sizeof *lanes->nodes);
	lanes->nodes[0] = (struct lane_node){.head = "\1", .bytes = "\1", .mask = 1, .length = 1}; /* fits nowhere: no way goes on */
	lanes->node_count = 1;
	lanes->ends = NULL;
	lanes->ways = arena_grow(&lanes->arena, NULL, 0, sizeof(struct lane_way *));
	lanes->fixed_count = 0;
	lanes->outdated = false;
	lanes->end_count = 0;
	lanes->built = lanes->learnt->lengthened;
	lanes->tries = 0;
	lanes->missed = 0;
	lanes->rebuild = lanes->learnt->text * 2;
}

/* When the texts have become twice as many: edges lead over more values now, or what comes is something else. */
static bool is_stale(const struct json_lanes *lanes)
{
	return lanes->outdated || (lanes->learnt->text >= lanes->rebuild &&
		(lanes->built != lanes->learnt->lengthened || lanes->missed > lanes->learnt->text / 8));
}

struct lane_end *json_lanes_learn(struct json_lanes *lanes, struct json_text *t, const struct found *found, size_t count)
{
	struct lane_learning learning = {.lanes = lanes, .t = t, .found = found, .count = count, .at = t->from};
	if (!lanes->nodes || is_stale(lanes))
		begin_anew(lanes);
	if (lanes->learnt->text < LANES_AFTER || lanes->tries == LANE_TRIES || t->bits.control)
		return NULL;
	lanes->tries++;
	struct lane_end *end = learn(&learning);
	t->why = NULL;
	return end;
}
