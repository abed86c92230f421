/*
 * json_template_learn: states and edges, made of texts that were read (see json_template.h).
 */
#include "replay/readers/json_template_edges.h"

#include <string.h>

uint32_t json_edge_head(char head[HEAD], const char *bytes, size_t length)
{
	size_t count = length < HEAD ? length : HEAD;
	memset(head, 0, HEAD);
	if (count)
		memcpy(head, bytes, count);
	return count == HEAD ? UINT32_MAX : (UINT32_C(1) << count) - 1;
}

static void set_bytes(struct json_template *l, struct edge *edge, struct text bytes)
{
	edge->bytes = arena_strndup(&l->arena, bytes.data, bytes.length);
	edge->length = (uint32_t)bytes.length;
	edge->mask = json_edge_head(edge->head, bytes.data, bytes.length);
}

/* Values that stay */

static uint64_t value_hash(const char *data, size_t length)
{
	uint64_t hash = length;
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)data[i]) * UINT64_C(0x100000001b3);
	return hash;
}

static void compare_values(struct json_template *l, const struct json_text *t)
{
	for (size_t i = 0; i < l->step_count; i++) {
		const struct way_step *step = &l->steps[i];
		uint64_t hash = value_hash(t->data + step->value, step->end - step->value);
		step->edge->same = hash == step->edge->newest ? step->edge->same + 1 : 0;
		step->edge->newest = hash;
	}
}

static bool stays(const struct edge *edge)
{
	return !edge->number && edge->kind != KIND_END && edge->same >= SAME_TIMES;
}

/* An edge from the place before the step `first` to the value of the step `last`; NULL: there is no room. */
static struct edge *add_long(struct json_template *l, const struct json_text *t, size_t first, size_t last)
{
	const struct way_step *from = &l->steps[first], *to = &l->steps[last];
	struct state *state = &l->states[from->state];
	struct text bytes = {t->data + from->from, to->value - from->from};
	uint64_t bits = 0;
	bool listed = false;
	for (size_t i = first; i <= last; i++) {
		bits |= l->steps[i].edge->bits;
		listed = listed || l->steps[i].edge->key_count;
	}
	if (state->longs == LONG_OF_STATE_MAX || l->edge_count == EDGES_MAX || bytes.length > BYTES_MAX || listed)
		return NULL;
	struct edge *edge = arena_alloc(&l->arena, sizeof *edge);
	*edge = *to->edge;
	edge->bits = bits;
	edge->last = to->edge;
	set_bytes(l, edge, bytes);
	edge->hits = edge->misses = edge->same = 0;
	edge->next = state->first_long;
	edge->follow = to->edge->follow;
	state->first_long = edge;
	state->longs++;
	l->edge_count++;
	l->lengthened++;
	return edge;
}

/* The long edge that is there already, as long as this one would be; or NULL. */
static struct edge *long_of(const struct json_template *l, const struct json_text *t, const struct way_step *from,
	const struct way_step *to)
{
	struct edge *edge = l->states[from->state].first_long;
	while (edge && (edge->length != to->value - from->from || !json_edge_fits(edge, t, from->from)))
		edge = edge->next;
	return edge;
}

static void lengthen(struct json_template *l, const struct json_text *t)
{
	struct edge *before = &l->begin;
	for (size_t first = 0, last; first < l->step_count; first = last + 1) {
		struct edge *edge = NULL;
		for (last = first; last + 1 < l->step_count && stays(l->steps[last].edge); last++)
			;
		if (last > first)
			edge = long_of(l, t, &l->steps[first], &l->steps[last]);
		if (last > first && !edge)
			edge = add_long(l, t, first, last);
		if (!edge)
			edge = l->steps[last = first].edge;
		before->follow = edge;
		before = edge;
	}
}

void json_template_lengthen(struct json_template *l, const struct json_text *t)
{
	compare_values(l, t);
	lengthen(l, t);
}

/* Learning */

struct learning {
	struct json_template *l;
	const struct json_text *t;
	size_t at;          /* in the text, which is good */
	size_t behind;      /* the newest value */
	unsigned state;     /* there */
	uint16_t keys[KEYS_MAX];
	unsigned key_count; /* since then, without a bit */
	uint64_t bits;      /* of the others */
	bool unfit;         /* nothing more is learnt */
};

static bool give_up(struct learning *g)
{
	g->unfit = true;
	return false;
}

static char peek(struct learning *g)
{
	while (memchr(" \t\r\n", g->t->data[g->at], 4))
		g->at++;
	return g->t->data[g->at];
}

/* The nesting below `parent` by the key, or as an item; SIZE_MAX: there is no room. */
static size_t nesting(struct json_template *l, size_t parent, struct text key)
{
	for (uint32_t child = l->states[parent].child; child; child = l->states[child - 1].next_child) {
		const struct state *state = &l->states[child - 1];
		if ((state->key != NULL) == (key.data != NULL) && text_equal((struct text){state->key, state->key_length}, key))
			return child - 1;
	}
	if (l->state_count == STATES_MAX || key.length > BYTES_MAX)
		return SIZE_MAX;
	l->states = arena_grow(&l->arena, l->states, l->state_count, sizeof *l->states);
	l->states[l->state_count] = (struct state){.parent = (uint32_t)parent,
		.key = key.data ? arena_strndup(&l->arena, key.data, key.length) : NULL, .key_length = (uint32_t)key.length,
		.next_child = l->states[parent].child};
	l->states[parent].child = (uint32_t)++l->state_count;
	return l->state_count - 1;
}

static bool same_edge(const struct edge *edge, enum edge_kind kind, struct text bytes, unsigned state)
{
	return edge->kind == kind && edge->state == state && text_equal((struct text){edge->bytes, edge->length}, bytes);
}

/* An edge from the newest value to the one whose bytes begin at `to` and end at `behind`, in `state`. */
static bool add_edge(struct learning *g, enum edge_kind kind, size_t to, size_t behind, unsigned state, unsigned number)
{
	struct json_template *l = g->l;
	struct text bytes = {g->t->data + g->behind, to - g->behind};
	struct state *from = &l->states[g->state];
	struct edge **last = &from->first;
	while (*last && !same_edge(*last, kind, bytes, state))
		last = &(*last)->next;
	if (!*last) {
		if (from->edges == EDGES_OF_STATE_MAX || l->edge_count == EDGES_MAX || bytes.length > BYTES_MAX)
			return give_up(g);
		struct edge *edge = arena_alloc(&l->arena, sizeof *edge);
		*edge = (struct edge){.state = (uint16_t)state, .number = (uint16_t)number, .kind = (uint8_t)kind,
			.key_count = (uint8_t)g->key_count, .bits = g->bits, .follow = &l->never};
		memcpy(edge->keys, g->keys, sizeof g->keys);
		set_bytes(l, edge, bytes);
		*last = edge;
		from->edges++;
		l->edge_count++;
	}
	g->state = state;
	g->behind = g->at = behind;
	g->key_count = 0;
	g->bits = 0;
	return true;
}

static bool learn_value(struct learning *g, size_t state, unsigned node);

static bool learn_word(struct learning *g, enum edge_kind kind, size_t length, size_t state, unsigned node)
{
	size_t behind = g->at + length;
	return add_edge(g, kind, behind, behind, (unsigned)state, g->l->paths->nodes[node].number);
}

/* The node below a key; *wanted: the key must not come twice. */
static unsigned node_below(struct learning *g, size_t state, unsigned node, struct text key, bool *wanted)
{
	bool root = !state && text_equal(key, g->l->root);
	unsigned child = node ? json_paths_child(g->l->paths, node, key) : 0;
	*wanted = child || root;
	return root && peek(g) == '{' ? JSON_PATHS_TOP : child;
}

/* The first wanted keys have a bit each. */
static void note_wanted(struct learning *g, size_t key)
{
	struct state *state = &g->l->states[key];
	if (!state->bit && g->l->bit_count < KEYS_BY_BIT)
		state->bit = (uint8_t)++g->l->bit_count;
	if (state->bit)
		g->bits |= UINT64_C(1) << (state->bit - 1);
	else
		g->keys[g->key_count++] = (uint16_t)key;
}

static bool learn_member(struct learning *g, size_t state, unsigned node)
{
	peek(g);
	bool wanted, escaped;
	size_t from = g->at + 1, close = json_text_close(g->t, from, &escaped);
	struct text key = {g->t->data + from, close - from};
	if (escaped)
		return give_up(g);
	g->at = close + 1;
	peek(g);
	g->at++; /* the colon */
	unsigned child = node_below(g, state, node, key, &wanted);
	size_t below = nesting(g->l, state, key);
	if (below == SIZE_MAX || (wanted && g->key_count == KEYS_MAX))
		return give_up(g);
	if (wanted)
		note_wanted(g, below);
	return learn_value(g, below, child);
}

static bool learn_container(struct learning *g, size_t state, unsigned node, bool object)
{
	size_t below = state;
	char end = object ? '}' : ']';
	g->at++;
	if (peek(g) == end) {
		g->at++;
		if (!state)
			return give_up(g); /* behind it is not the beginning again */
		return learn_word(g, object ? KIND_NOTHING : KIND_EMPTY, 0, state, node);
	}
	if (!object && (below = nesting(g->l, state, (struct text){NULL, 0})) == SIZE_MAX)
		return give_up(g);
	do {
		if (!object && node && peek(g) == '{')
			return give_up(g);
		if (!(object ? learn_member(g, state, node) : learn_value(g, below, node)))
			return false;
		peek(g);
	} while (g->t->data[g->at++] == ',');
	return true;
}

static bool learn_value(struct learning *g, size_t state, unsigned node)
{
	unsigned number = g->l->paths->nodes[node].number;
	size_t from, behind;
	struct text text;
	bool escaped;
	switch (peek(g)) {
	case '{':
	case '[':
		return learn_container(g, state, node, g->t->data[g->at] == '{');
	case '"':
		from = g->at + 1;
		return add_edge(g, KIND_STRING, from, json_text_close(g->t, from, &escaped), (unsigned)state, number) && (g->at++, true);
	case 't':
		return learn_word(g, KIND_TRUE, 4, state, node);
	case 'f':
		return learn_word(g, KIND_FALSE, 5, state, node);
	case 'n':
		return learn_word(g, KIND_NOTHING, 4, state, node);
	default:
		break;
	}
	struct json_text copy = *g->t;
	behind = g->at;
	return json_text_number(&copy, &behind, &text) && add_edge(g, KIND_NUMBER, g->at, behind, (unsigned)state, number);
}

void json_template_learn(struct json_template *learnt, const struct json_text *t)
{
	struct learning learning = {.l = learnt, .t = t, .at = t->from, .behind = t->from};
	if (t->bits.control || learnt->tries == TRIES_MAX || (learnt->misses > POOR_AFTER && learnt->text % POOR_AFTER))
		return;
	learnt->tries++;
	if (learn_value(&learning, 0, JSON_PATHS_TOP))
		add_edge(&learning, KIND_END, t->length, t->length, 0, 0);
}
