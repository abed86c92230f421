/*
 * json_lane_nodes: nodes and lanes, for the files behind json_lane.h: json_lane.c reads along them, json_lane_learn.c makes them.
 */
#ifndef MEWS_JSON_LANE_NODES_H
#define MEWS_JSON_LANE_NODES_H

#include "replay/readers/json_lane.h"
#include "replay/readers/json_template_edges.h"

enum {
	NODES_MAX = 8192,
	NODES_FEW = 64,     /* nodes that are made room for at first */
	SLOTS_MAX = 128,    /* values of a text, lists as one */
	ITEMS_MAX = 4096,   /* of all its lists */
	LISTS_MAX = 16,
	BESIDE_MAX = 16,    /* nodes behind one */
	LANE_TRIES = 2048,  /* texts that are learnt from, until nodes begin anew */
	LANES_AFTER = 64,   /* texts: then the template knows which values stay */
	POOR = 64,          /* misses in a row, after which one text in POOR is tried, once nothing more is learnt */
	NO_SLOT = SLOTS_MAX - 1, /* values that nobody asks for go here */
	FIXED_FIRST = SLOTS_MAX + ITEMS_MAX, /* behind slots and items: values that stay */
	FIXED_MAX = 256,
	FIXED_OF_EDGE_MAX = 4, /* a value that was more than so many does not stay */
	FIXED_LENGTH_MAX = 56,
	FIXED_OF_NODE_MAX = 16,
	FOUND_MAX = FIXED_FIRST + FIXED_MAX,
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

/* What a node's bytes are made of: edges, each but the last with its value, which stays. */
struct lane_way {
	struct edge *edge; /* the last */
	uint16_t fixed[FIXED_OF_NODE_MAX]; /* positions in lanes->fixed */
	uint16_t count, length;
};

/* A value of an edge that stays. It is found at FIXED_FIRST and this one's position. */
struct lane_fixed {
	const struct edge *edge;
	struct text value; /* the template's memory: events may outlive nodes */
};

struct json_lanes {
	struct json_template *learnt;
	struct arena arena;
	struct lane_node *nodes;  /* [0] stands in front of all, and fits nowhere */
	size_t node_count;
	struct lane_way **ways;   /* by node */
	struct lane_end **ends;
	size_t end_count;
	struct lane_fixed fixed[FIXED_MAX];
	size_t fixed_count;
	struct found found[FOUND_MAX]; /* slots, items of lists, and values that stay */
	uint32_t list_from[LISTS_MAX], list_count[LISTS_MAX]; /* of the text in hand */
	unsigned tries, misses;
	uint64_t built;           /* the template's count of long edges when nodes were begun */
	uint64_t rebuild;         /* the text from which on they may begin anew */
	uint64_t missed;          /* texts, since they were begun */
	bool outdated;            /* a value that stayed does not: they begin anew */
};

/* Where a text is being read. */
struct lane_place {
	size_t at, items; /* items: behind the newest of a list */
	unsigned lists;
};

/* The length of a string without escapes at `at`, near to its quote. 0: it is none, or empty. */
static inline size_t lane_usual_string(const struct json_text *t, size_t at)
{
	uint64_t near = json_bits_near(t->bits.marks, at);
	size_t length = near ? (size_t)__builtin_ctzll(near) : 0;
	return length && t->data[at + length] == '"' ? length : 0;
}

/* Does the string that ends at `at` stand in front of another one of the same array? */
static inline bool lane_goes_on(const struct json_text *t, size_t at)
{
	return t->length - at > 3 && memcmp(t->data + at + 1, ",\"", 2) == 0;
}

/* The node at the link, or one beside it, which stands first there from now on; NULL: none fits. */
struct lane_node *lane_node_at(struct json_lanes *lanes, const struct json_text *t, uint16_t *link, size_t at);
/* A value that is no usual one, up to its end. false: it is not good, or for others to say so. */
bool lane_take_slowly(struct json_text *t, const struct lane_node *node, size_t *at, struct text *value);
/* Behind the first string of an array: the others. Their places are noted where the node has a slot. */
bool lane_take_list(struct json_lanes *lanes, struct json_text *t, const struct lane_node *node, struct lane_place *place,
	bool *several);

#endif
