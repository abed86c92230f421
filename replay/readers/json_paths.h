/*
 * json_paths: the names that a plan asks for, as a tree that a JSON text can be walked along.
 *
 *   names    process.pid, process.parent.pid, containers.0.image
 *   nodes    1 (all of it) ─ process ─ pid (a name), parent ─ pid (a name)
 *                          ─ containers (has an index) ─ 0 ─ image (a name)
 *   keys     (1, "process") → process   (process, "parent.pid") → process.parent.pid   (1, "process.parent") → …
 *
 * A name is its keys joined by dots, and a key may hold dots itself ("process.pid" at the top): so each node is led to
 * from every node before it, by what stands between them. A key without a node leads to nothing that anybody asks for.
 */
#ifndef MEWS_JSON_PATHS_H
#define MEWS_JSON_PATHS_H

#include "replay/readers/record_plan.h"

enum { JSON_PATHS_TOP = 1 };

struct json_node {
	uint16_t number; /* of the name that ends here in the plan; 0: none does */
	uint16_t kind;   /* 1 + position in the plan's kinds; 0: none */
	bool indexed;    /* items of an array here are named by their index somewhere */
};

struct json_paths {
	const struct json_node *nodes; /* [node_count]; 0 is no node, JSON_PATHS_TOP the top */
	size_t node_count;
	const struct json_key *keys;   /* a hash of (node, key) → node */
	unsigned bits;                 /* of its size */
};

/* NULL: a name has more than 32 keys, or there are more nodes than 16 bits count. */
struct json_paths *json_paths_make(struct arena *arena, const struct record_plan *plan);
/* 0: nothing that is asked for. The key "" at the top stays at the top: names do not begin with a dot. */
unsigned json_paths_child(const struct json_paths *paths, unsigned node, struct text key);

#endif
