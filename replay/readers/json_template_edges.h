/*
 * json_template_edges: states and edges, for the files behind json_template.h: json_template.c reads along them,
 * json_template_learn.c makes them.
 */
#ifndef MEWS_JSON_TEMPLATE_EDGES_H
#define MEWS_JSON_TEMPLATE_EDGES_H

#include "replay/readers/json_template.h"

enum {
	STATES_MAX = 2048,
	EDGES_MAX = 8192,
	EDGES_OF_STATE_MAX = 24,
	KEYS_MAX = 8,     /* wanted keys between two values */
	BYTES_MAX = 4096, /* between two values */
	HEAD = 32,
	TRIES_MAX = 4096, /* texts that are learnt from, in all */
	POOR_AFTER = 64,  /* misses in a row, after which reading is tried for one text in POOR_AFTER only */
	STEPS_MAX = 1024, /* of a text that is looked at for values that stay */
	LOOK_FIRST = 16,  /* of the first texts every second one is looked at, then one in LOOK_EVERY */
	LOOK_EVERY = 256,
	SAME_TIMES = 6,   /* a value that was the same so often in a row stays */
	LONG_OF_STATE_MAX = 6,
	POOR_LONG = 32,   /* misses after which a long edge must have hit at least a quarter as often */
	KEYS_BY_BIT = 64,
};

enum edge_kind { KIND_STRING, KIND_NUMBER, KIND_TRUE, KIND_FALSE, KIND_EMPTY, KIND_NOTHING /* null, {} */, KIND_END };

/* What is looked at for each value stands in front. */
struct edge {
	char head[HEAD];     /* the first bytes */
	uint32_t mask;       /* a bit for each of them */
	uint32_t length;
	uint64_t bits;       /* wanted keys that begin in the bytes, by their bit */
	struct edge *follow; /* the edge that was taken behind this one last */
	uint16_t number;     /* of the value's name; 0: nobody asks for it */
	uint16_t state;      /* behind the value */
	uint8_t kind, key_count;
	const char *bytes;
	struct edge *next;   /* of its state */
	uint16_t keys[KEYS_MAX]; /* states of wanted keys that have no bit */
	uint64_t newest;     /* of the value that was looked at last: a hash */
	uint32_t same;       /* so often in a row before */
	bool varies;         /* it seemed to stay, and does not */
	uint32_t hits, misses; /* of a long edge */
	struct edge *last;     /* of one: its last edge, which knows whether the value stays; else NULL */
};

/* A nesting: of what it stands in, and by which key or as an array's item. As a state: behind a value there. */
struct state {
	uint32_t parent;
	const char *key; /* NULL: an item of an array */
	uint32_t key_length;
	struct edge *first, *first_long; /* edges from here; those that lead over values which stay */
	uint32_t edges, longs;
	uint32_t child;  /* 1 + position of its newest child; next_child: of its parent's one before */
	uint32_t next_child;
	uint8_t bit;     /* 1 + of a wanted key; 0: it has none */
	uint64_t seen;   /* the newest text in which this wanted key began, if it has no bit */
};

/* A value on the way through a text. */
struct way_step {
	struct edge *edge;
	uint32_t state; /* the state before */
	size_t from, value, end;
};

struct json_template {
	const struct json_paths *paths;
	struct text root;
	struct arena arena;
	struct state *states; /* 0: the text itself */
	size_t state_count;
	size_t edge_count;
	uint64_t lengthened;  /* counts long edges that were made */
	struct edge begin, never; /* in front of the first value; one that fits nowhere */
	unsigned bit_count;
	uint64_t text;        /* counts texts */
	unsigned tries, misses;
	struct way_step *steps;   /* [STEPS_MAX] */
	size_t step_count;
};

/* The first of the bytes, with zeroes behind them. Returns a bit for each. */
uint32_t json_edge_head(char head[HEAD], const char *bytes, size_t length);
/* Do the edge's bytes stand there, in front of a value of its kind? */
bool json_edge_fits(const struct edge *edge, const struct json_text *t, size_t at);
/* The edge that fits behind another one, or NULL. */
struct edge *json_template_edge(struct json_template *l, const struct json_text *t, struct edge *before, size_t at);

/* Will the next text be looked at for values that stay? */
static inline bool json_template_looks(const struct json_template *l)
{
	uint64_t text = l->text + 1;
	return text % LOOK_EVERY == 0 || (text < LOOK_FIRST * 2 && text % 2);
}

/* Of the steps of a text that was just read: values that came again and again become part of the edges. */
void json_template_lengthen(struct json_template *l, const struct json_text *t);

#endif
