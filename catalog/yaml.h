/*
 * yaml: YAML documents as a tree that remembers where everything stood.
 *
 * Read by libyaml. Bounded: size of the file, depth, number of nodes after aliases are expanded
 * (a "billion laughs" file is an error, not a crash). Duplicate keys are errors. Merge keys (<<) are
 * expanded. All texts are copies in the arena that was handed in.
 */
#ifndef MEWS_YAML_H
#define MEWS_YAML_H

#include "catalog/diagnostic.h"

enum yaml_kind { YAML_NULL, YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

struct yaml {
	enum yaml_kind kind;
	struct place place;
	unsigned end_line;       /* last line of the node */
	bool quoted;             /* a scalar in quotes or a block: always a string */
	bool block;              /* a scalar as | or >: its text begins on the next line */
	bool reset, override;    /* compose's tags !reset and !override */
	struct text text;        /* of a scalar; the key's text stands in the pair */
	struct yaml *items;      /* of a sequence: its items; of a mapping: its values */
	struct yaml_key *keys;   /* of a mapping, beside items */
	size_t count;
	struct text document;    /* the whole source, for diagnostics_show_line */
};

struct yaml_key {
	struct text text;
	struct place place;
};

enum { YAML_DEFAULT_BYTES = 16 << 20 };
struct yaml_limits {
	size_t bytes, depth, nodes; /* 0: the default: 16 MiB, 64, 1,000,000 */
	bool last_wins;             /* a key that stands twice has its last value, as Kubernetes reads it; else it is an error */
};

/* Parses all documents of `source` (a stream). Returns 0 and *documents, *count in the arena; -1 with
 * an error at its place. An empty stream gives count 0. `file` and `source` are copied. */
int yaml_parse(struct arena *arena, struct text source, const char *file, const struct yaml_limits *limits,
	struct diagnostics *d, struct yaml **documents, size_t *count);
/* The same for a tree that goes before its texts do: what is no text stands in `nodes`, and `source` and `file`, which outlive
 * the tree, are not copied. */
int yaml_parse_apart(struct arena *nodes, struct arena *texts, struct text source, const char *file,
	const struct yaml_limits *limits, struct diagnostics *d, struct yaml **documents, size_t *count);

/* Reads a file whole and parses it. A missing or unreadable file is an error without line. */
int yaml_parse_file(struct arena *arena, const char *path, const struct yaml_limits *limits,
	struct diagnostics *d, struct yaml **documents, size_t *count);
/* Reads a file whole, at most `limit` bytes (0: 16 MiB), as it is. */
int file_read(struct arena *arena, const char *path, size_t limit, struct diagnostics *d, struct text *content);

/* The value of a key, or NULL. A key whose value is null gives a YAML_NULL node. */
const struct yaml *yaml_get(const struct yaml *mapping, const char *key);

/* Reports at the node's place, with its source line. Returns -1. */
int yaml_error(struct diagnostics *d, const struct yaml *node, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int yaml_error_key(struct diagnostics *d, const struct yaml *mapping, size_t key, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Typed access. Each reports and returns -1 when the node is of another shape. `what` names it. */
int yaml_text(const struct yaml *node, struct diagnostics *d, const char *what, struct text *text);
int yaml_bool(const struct yaml *node, struct diagnostics *d, const char *what, bool *value);
int yaml_long(const struct yaml *node, struct diagnostics *d, const char *what, int64_t *value);
/* A sequence of scalars, or one scalar as a list of one. */
int yaml_texts(const struct yaml *node, struct arena *arena, struct diagnostics *d, const char *what,
	struct text **texts, size_t *count);

/* A mapping's shape as a table, so that every file format is data. The table ends with key NULL. Its order is that in
 * which `mews fmt` writes the keys. */
enum yaml_need { YAML_OPTIONAL, YAML_REQUIRED };
struct yaml_form; /* yaml_form.h */
struct yaml_shape {
	const char *key;
	enum yaml_need need;
	const struct yaml_form *form; /* what the value must be */
	const char *about;            /* a sentence for people */
};
/* Reports every unknown, missing and misshapen key (with the nearest known key as a hint). */
int yaml_check(const struct yaml *mapping, const struct yaml_shape *shape, struct diagnostics *d, const char *what);

#endif
