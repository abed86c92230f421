/*
 * json_paths: names → nodes and keys.
 */
#include "replay/readers/json_paths.h"

#include <string.h>

enum { NODES_MAX = UINT16_MAX, PIECES_MAX = 32 };

struct json_key {
	const char *data;
	uint32_t length;
	uint16_t node, child; /* node 0: a free slot */
};

struct making {
	struct arena *arena;
	struct json_node *nodes;
	struct json_key *keys; /* hashed; there is room for all that will come */
	unsigned bits;
	size_t node_count;
};

static uint64_t load8(const char *data)
{
	uint64_t word;
	memcpy(&word, data, sizeof word);
	return word;
}

static uint32_t load4(const char *data)
{
	uint32_t word;
	memcpy(&word, data, sizeof word);
	return word;
}

/* First and last bytes of the key, and how many there are. */
static size_t key_hash(unsigned node, const char *key, size_t length, unsigned bits)
{
	uint64_t head, tail;
	if (length >= 8) {
		head = load8(key);
		tail = load8(key + length - 8);
	} else if (length >= 4) {
		head = load4(key);
		tail = load4(key + length - 4);
	} else {
		head = length ? (uint64_t)(unsigned char)key[0] << 8 | (unsigned char)key[length - 1] : 0;
		tail = length > 1 ? (unsigned char)key[1] : 0;
	}
	uint64_t mixed = (head ^ node) * UINT64_C(0x9e3779b97f4a7c15);
	mixed = (mixed ^ (mixed >> 29) ^ tail ^ ((uint64_t)length << 56)) * UINT64_C(0xff51afd7ed558ccd);
	return (size_t)(mixed >> (64 - bits));
}

/* The slot that holds the key, or the free one where it would go. */
static size_t slot_of(const struct json_key *keys, unsigned bits, unsigned node, struct text key)
{
	size_t mask = ((size_t)1 << bits) - 1, at = key_hash(node, key.data, key.length, bits);
	for (; keys[at].node; at = (at + 1) & mask) {
		const struct json_key *entry = &keys[at];
		if (entry->node == node && entry->length == key.length && memcmp(entry->data, key.data, key.length) == 0)
			break;
	}
	return at;
}

unsigned json_paths_child(const struct json_paths *paths, unsigned node, struct text key)
{
	const struct json_key *found = &paths->keys[slot_of(paths->keys, paths->bits, node, key)];
	if (found->node)
		return found->child;
	return node == JSON_PATHS_TOP && !key.length ? JSON_PATHS_TOP : 0;
}

static bool is_index(struct text key)
{
	for (size_t i = 0; i < key.length; i++)
		if (key.data[i] < '0' || key.data[i] > '9')
			return false;
	return key.length > 0;
}

static void add_key(struct making *m, unsigned node, struct text key, unsigned child)
{
	if ((node == JSON_PATHS_TOP && !key.length) || key.length > UINT32_MAX)
		return;
	struct json_key *slot = &m->keys[slot_of(m->keys, m->bits, node, key)];
	if (slot->node)
		return;
	*slot = (struct json_key){key.data, (uint32_t)key.length, (uint16_t)node, (uint16_t)child};
	m->nodes[node].indexed = m->nodes[node].indexed || is_index(key);
}

/* The child by one piece between dots, made where it is not there. 0: there are too many. */
static unsigned step(struct making *m, unsigned node, struct text piece)
{
	unsigned child = m->keys[slot_of(m->keys, m->bits, node, piece)].child;
	if (child || m->node_count >= NODES_MAX)
		return child;
	m->nodes = arena_grow(m->arena, m->nodes, m->node_count, sizeof *m->nodes);
	child = (unsigned)m->node_count++;
	if (node == JSON_PATHS_TOP && !piece.length)
		return child; /* of ".a": only the whole key leads on */
	add_key(m, node, piece, child);
	return child;
}

/* The node of a name; 0: there is no room for more. */
static unsigned add_name(struct making *m, struct text name)
{
	unsigned nodes[PIECES_MAX + 1] = {JSON_PATHS_TOP};
	size_t begins[PIECES_MAX], pieces = 0;
	for (size_t from = 0; from <= name.length; pieces++) {
		if (pieces == PIECES_MAX)
			return 0;
		size_t length = text_find(text_slice(name, from, name.length), '.');
		begins[pieces] = from;
		nodes[pieces + 1] = step(m, nodes[pieces], text_slice(name, from, from + length));
		if (!nodes[pieces + 1])
			return 0;
		for (size_t i = 0; i < pieces; i++)
			add_key(m, nodes[i], text_slice(name, begins[i], from + length), nodes[pieces + 1]);
		from += length + 1;
	}
	return nodes[pieces];
}

/* A key for each run of pieces of a name. */
static size_t keys_of(struct text name)
{
	size_t pieces = 1;
	for (size_t i = 0; i < name.length; i++)
		pieces += name.data[i] == '.';
	return pieces > PIECES_MAX ? 0 : pieces * (pieces + 1) / 2;
}

static void make_room(struct making *m, const struct record_plan *plan)
{
	size_t keys = 0;
	for (size_t i = 1; i <= plan->name_count; i++)
		keys += keys_of(plan->names[i]);
	for (size_t i = 0; i < plan->kind_count; i++)
		keys += keys_of(plan->kinds[i]);
	for (m->bits = 4; (size_t)1 << m->bits < keys * 2; m->bits++)
		;
	m->keys = arena_array(m->arena, (size_t)1 << m->bits, sizeof *m->keys);
}

struct json_paths *json_paths_make(struct arena *arena, const struct record_plan *plan)
{
	struct making making = {.arena = arena}, *m = &making;
	struct json_paths *paths = arena_alloc(arena, sizeof *paths);
	make_room(m, plan);
	m->nodes = arena_grow(arena, NULL, 0, sizeof *m->nodes);
	m->node_count = JSON_PATHS_TOP + 1;
	for (size_t i = 1; i <= plan->name_count; i++) {
		unsigned node = add_name(m, plan->names[i]);
		if (!node)
			return NULL;
		m->nodes[node].number = (uint16_t)i;
	}
	for (size_t i = 0; i < plan->kind_count; i++) {
		unsigned node = add_name(m, plan->kinds[i]);
		if (!node)
			return NULL;
		m->nodes[node].kind = (uint16_t)(i + 1);
	}
	paths->nodes = m->nodes;
	paths->node_count = m->node_count;
	paths->keys = m->keys;
	paths->bits = m->bits;
	return paths;
}
