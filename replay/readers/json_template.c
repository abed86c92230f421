/*
 * json_template: states and edges (see json_template.h).
 */
#include "replay/readers/json_template.h"

#include <stdlib.h>
#include <string.h>

enum {
	STATES_MAX = 2048,
	EDGES_MAX = 8192,
	EDGES_OF_STATE_MAX = 24,
	KEYS_MAX = 8,     /* wanted keys between two values */
	BYTES_MAX = 4096, /* between two values */
	TRIES_MAX = 4096, /* texts that are learnt from, in all */
	POOR_AFTER = 64,  /* misses in a row, after which reading is tried for one text in POOR_AFTER only */
};

enum kind { KIND_STRING, KIND_NUMBER, KIND_TRUE, KIND_FALSE, KIND_EMPTY, KIND_NOTHING /* null, {} */, KIND_END };

struct edge {
	uint64_t head, mask; /* the first bytes */
	const char *bytes;
	uint32_t length;
	uint32_t next;       /* 1 + position of the state's next edge; 0: none */
	uint16_t state;      /* behind the value */
	uint16_t number;     /* of the value's name; 0: nobody asks for it */
	uint8_t kind, key_count;
	uint16_t keys[KEYS_MAX]; /* states of wanted keys that begin in the bytes */
};

/* A nesting: of what it stands in, and by which key or as an array's item. As a state: behind a value there. */
struct state {
	uint32_t parent;
	const char *key; /* NULL: an item of an array */
	uint32_t key_length;
	uint32_t first;  /* 1 + position of its first edge */
	uint32_t edges;
	uint32_t child;  /* 1 + position of its newest child; next_child: of its parent's one before */
	uint32_t next_child;
	uint64_t seen;   /* the newest text in which this wanted key began */
};

struct json_template {
	const struct json_paths *paths;
	struct text root;
	struct arena arena;
	struct state *states; /* 0: the text itself */
	size_t state_count;
	struct edge *edges;
	size_t edge_count;
	uint64_t text;        /* counts texts */
	unsigned tries, misses;
};

struct json_template *json_template_new(const struct json_paths *paths, struct text root)
{
	struct json_template *learnt = mem_alloc(sizeof *learnt);
	*learnt = (struct json_template){.paths = paths, .root = root, .state_count = 1};
	learnt->states = arena_grow(&learnt->arena, NULL, 0, sizeof *learnt->states);
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

static inline bool edge_fits(const struct edge *edge, const struct json_text *t, size_t at)
{
	size_t left = t->length - at;
	uint64_t head;
	if (left < edge->length)
		return false;
	if (left < sizeof head)
		return memcmp(edge->bytes, t->data + at, edge->length) == 0;
	memcpy(&head, t->data + at, sizeof head);
	if ((head ^ edge->head) & edge->mask)
		return false;
	return edge->length <= sizeof head ||
		memcmp(edge->bytes + sizeof head, t->data + at + sizeof head, edge->length - sizeof head) == 0;
}

static inline size_t quote_from(const struct json_text *t, size_t at)
{
	size_t word = at / 64;
	uint64_t left = t->bits.quotes[word] & (UINT64_MAX << (at % 64));
	while (!left) {
		if (++word >= t->bits.words)
			return t->length;
		left = t->bits.quotes[word];
	}
	return word * 64 + (size_t)__builtin_ctzll(left);
}

/* The edge that fits, or NULL. Bytes before a number are also the beginning of those before a string. */
static inline const struct edge *edge_at(const struct json_template *l, const struct json_text *t, unsigned state, size_t at)
{
	for (uint32_t next = l->states[state].first; next; next = l->edges[next - 1].next) {
		const struct edge *edge = &l->edges[next - 1];
		if (!edge_fits(edge, t, at))
			continue;
		size_t behind = at + edge->length;
		char byte = behind < t->length ? t->data[behind] : '\0';
		if (edge->kind == KIND_NUMBER && byte != '-' && (byte < '0' || byte > '9'))
			continue;
		if (edge->kind == KIND_END && behind != t->length)
			continue;
		return edge;
	}
	return NULL;
}

/* A wanted key that comes twice is for the walk. */
static inline bool note_keys(struct json_template *l, const struct edge *edge)
{
	for (unsigned i = 0; i < edge->key_count; i++) {
		struct state *key = &l->states[edge->keys[i]];
		if (key->seen == l->text)
			return false;
		key->seen = l->text;
	}
	return true;
}

static inline bool take_string(struct json_text *t, struct found_list *finds, unsigned number, size_t *at)
{
	size_t from = *at, close = from < t->length ? quote_from(t, from) : t->length;
	bool escaped = false;
	if (close >= t->length || (t->bits.slash && !json_text_check(t, from, close, &escaped)))
		return false;
	*at = close;
	if (!number)
		return true;
	struct text raw = {t->data + from, close - from};
	found_add(finds, escaped ? json_text_decode(t, from, close) : raw, number, 0);
	return true;
}

static bool take_value(struct json_text *t, struct found_list *finds, const struct edge *edge, size_t *at)
{
	struct text number;
	switch ((enum kind)edge->kind) {
	case KIND_STRING:
		return take_string(t, finds, edge->number, at);
	case KIND_NUMBER:
		if (!json_text_number(t, at, &number))
			return false;
		if (edge->number)
			found_add(finds, number, edge->number, 0);
		return true;
	case KIND_TRUE:
	case KIND_FALSE:
		if (edge->number)
			found_add(finds, edge->kind == KIND_TRUE ? TEXT("true") : TEXT("false"), edge->number, 0);
		return true;
	case KIND_EMPTY:
		if (edge->number)
			found_add(finds, (struct text){NULL, 0}, edge->number, 0);
		return true;
	case KIND_NOTHING:
	case KIND_END:
		break;
	}
	return true;
}

static bool read_text(struct json_template *l, struct json_text *t, struct found_list *finds)
{
	unsigned state = 0;
	for (size_t at = 0;;) {
		const struct edge *edge = edge_at(l, t, state, at);
		if (!edge || !note_keys(l, edge))
			return false;
		if (edge->kind == KIND_END)
			return true;
		at += edge->length;
		if (!take_value(t, finds, edge, &at))
			return false;
		state = edge->state;
	}
}

bool json_template_read(struct json_template *learnt, struct json_text *t, struct found_list *finds)
{
	learnt->text++;
	/* Control characters: strings that hold one, or blanks, are for the walk. */
	if (t->bits.control || !learnt->edge_count || (learnt->misses > POOR_AFTER && learnt->text % POOR_AFTER))
		return false;
	if (read_text(learnt, t, finds)) {
		learnt->misses = 0;
		return true;
	}
	learnt->misses++;
	t->why = NULL; /* the walk finds it again, with what stands before it */
	return false;
}

/* Learning */

struct learning {
	struct json_template *l;
	const struct json_text *t;
	size_t at;          /* in the text, which is good */
	size_t behind;      /* the newest value */
	unsigned state;     /* there */
	uint16_t keys[KEYS_MAX];
	unsigned key_count; /* since then */
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

static bool same_edge(const struct edge *edge, enum kind kind, struct text bytes, unsigned state)
{
	return edge->kind == kind && edge->state == state && text_equal((struct text){edge->bytes, edge->length}, bytes);
}

/* An edge from the newest value to the one whose bytes begin at `to` and end at `behind`, in `state`. */
static bool add_edge(struct learning *g, enum kind kind, size_t to, size_t behind, unsigned state, unsigned number)
{
	struct json_template *l = g->l;
	struct text bytes = {g->t->data + g->behind, to - g->behind};
	struct state *from = &l->states[g->state];
	uint32_t *last = &from->first;
	while (*last && !same_edge(&l->edges[*last - 1], kind, bytes, state))
		last = &l->edges[*last - 1].next;
	if (!*last) {
		if (from->edges == EDGES_OF_STATE_MAX || l->edge_count == EDGES_MAX || bytes.length > BYTES_MAX)
			return give_up(g);
		*last = (uint32_t)l->edge_count + 1; /* before the edges may move */
		from->edges++;
		l->edges = arena_grow(&l->arena, l->edges, l->edge_count, sizeof *l->edges);
		struct edge *edge = &l->edges[l->edge_count++];
		*edge = (struct edge){.bytes = arena_strndup(&l->arena, bytes.data, bytes.length), .length = (uint32_t)bytes.length,
			.state = (uint16_t)state, .number = (uint16_t)number, .kind = (uint8_t)kind, .key_count = (uint8_t)g->key_count};
		memcpy(edge->keys, g->keys, sizeof g->keys);
		size_t head = bytes.length < sizeof edge->head ? bytes.length : sizeof edge->head;
		memcpy(&edge->head, bytes.data, head);
		memset(&edge->mask, 0xff, head);
	}
	g->state = state;
	g->behind = g->at = behind;
	g->key_count = 0;
	return true;
}

static bool learn_value(struct learning *g, size_t state, unsigned node);

static bool learn_word(struct learning *g, enum kind kind, size_t length, size_t state, unsigned node)
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

static bool learn_member(struct learning *g, size_t state, unsigned node)
{
	peek(g);
	size_t from = g->at + 1, close = quote_from(g->t, from);
	struct text key = {g->t->data + from, close - from};
	bool wanted;
	if (g->t->bits.slash && json_text_has_slash(g->t, from, close))
		return give_up(g);
	g->at = close + 1;
	peek(g);
	g->at++; /* the colon */
	unsigned child = node_below(g, state, node, key, &wanted);
	size_t below = nesting(g->l, state, key);
	if (below == SIZE_MAX || (wanted && g->key_count == KEYS_MAX))
		return give_up(g);
	if (wanted)
		g->keys[g->key_count++] = (uint16_t)below;
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
	switch (peek(g)) {
	case '{':
	case '[':
		return learn_container(g, state, node, g->t->data[g->at] == '{');
	case '"':
		from = g->at + 1;
		return add_edge(g, KIND_STRING, from, quote_from(g->t, from), (unsigned)state, number) && (g->at++, true);
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
	struct learning learning = {.l = learnt, .t = t};
	if (t->bits.control || learnt->tries == TRIES_MAX || (learnt->misses > POOR_AFTER && learnt->text % POOR_AFTER))
		return;
	learnt->tries++;
	if (learn_value(&learning, 0, JSON_PATHS_TOP))
		add_edge(&learning, KIND_END, t->length, t->length, 0, 0);
}
