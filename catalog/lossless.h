/*
 * lossless: a YAML document as a tree that keeps comments, empty lines and the way in which values were written.
 *
 * For whoever writes a file again: `mews fmt`. Made by libyaml's events; what stands between two of them is blanks, signs of
 * structure and comments. A comment belongs to the item that follows it (`lead`), to what stands before it in its line
 * (`trail`, or `head` behind `key:` and `[`), or to the end of a collection (`tail`), by its column.
 *
 *   struct lossless document;
 *   if (lossless_parse(&arena, source, "a.yaml", &document, &d) != 0) …
 *
 * The source must be one document that yaml_parse takes. Line ends become LF. All lives in the arena; texts may point into
 * the source. What cannot be kept (directives, an alias for a key) is an error at its place.
 */
#ifndef MEWS_LOSSLESS_H
#define MEWS_LOSSLESS_H

#include "catalog/yaml.h"

enum lossless_style { LOSSLESS_PLAIN, LOSSLESS_SINGLE, LOSSLESS_DOUBLE, LOSSLESS_LITERAL, LOSSLESS_FOLDED };

struct lossless_comment {
	struct text text; /* from its # on, without blanks at the end */
	bool apart;       /* an empty line stands before it */
	unsigned column;  /* from 0 */
};
struct lossless_comments {
	struct lossless_comment *items;
	size_t count;
};

struct lossless {
	enum yaml_kind kind;      /* an alias is YAML_NULL with `alias` */
	struct text alias;        /* its name; else empty */
	struct text properties;   /* &anchor and !tag, as they are written; or empty */
	bool flow;                /* a collection in [] or {} */
	bool broken;              /* a flow collection over several lines */
	bool commented;           /* comments stand inside a flow collection: it can only be written as a block */
	enum lossless_style style;
	bool folded_lines;        /* a plain or quoted scalar over several lines */
	struct text text;         /* a scalar's value */
	struct text body, marks;  /* a block scalar's lines as they stand there, and what follows its | or > in the header */
	struct lossless_item **items;
	size_t count;
	struct text head, trail;  /* comments behind `[`, `|` or the sequence's `key:`; behind the value; or empty */
	struct lossless_comments tail;
};

struct lossless_item {
	struct lossless *key;     /* NULL in a sequence; its trail stands behind `key:`, before a collection of lines */
	struct lossless value;
	struct lossless_comments lead;
	bool apart;               /* an empty line stands before it, behind its comments */
};

struct lossless_document {
	struct lossless root;
	struct lossless_comments header; /* comments before the first key */
	bool header_apart;               /* an empty line stands between them and the first key */
	bool aliases;                    /* something is named by an alias, so that the order of things matters */
};

int lossless_parse(struct arena *arena, struct text source, const char *file, struct lossless_document *document,
	struct diagnostics *d);

/* The indentation of a block scalar's body: what its first line has more than its text. */
size_t lossless_indent(const struct lossless *block);

/* All comments of a source in their order, found in another way (libyaml's tokens): to prove that none was lost. */
void lossless_comments_of(struct arena *arena, struct text source, struct text **comments, size_t *count);

/* CR LF and CR as LF, without a byte order mark. */
struct text lossless_lines(struct arena *arena, struct text source);

#endif
