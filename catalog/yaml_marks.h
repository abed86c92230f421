/*
 * yaml_marks: at which bytes of a YAML file a mapping, one of its lists, and the list's items stand.
 *
 * For whoever changes a file's text in place (yaml_splice). libyaml's marks give the places; the ends that they give for
 * blocks are at whatever comes next, so a block ends here where its last word, quote or bracket does.
 */
#ifndef MEWS_YAML_MARKS_H
#define MEWS_YAML_MARKS_H

#include "catalog/yaml.h"

struct yaml_extent {
	size_t from, to;   /* bytes; to: behind the last character */
	bool block_scalar; /* it ends with a | or > block, whose end is at the beginning of a line */
	bool flow;         /* a list or mapping in brackets */
	bool alias, null;  /* a plain scalar: nothing, ~ or null */
	enum yaml_kind kind;
};

struct yaml_marks {
	struct yaml_extent root; /* of the first document */
	size_t root_column;      /* where its keys begin, from 0 */
	bool found;              /* the key stands there itself; `value` and `items` are of its value */
	struct yaml_extent key, value;
	struct yaml_extent *items;
	size_t count;
	struct place place;      /* of the value, else of the root */
};

/* `source` was parsed by yaml_parse without an error, and begins with no byte order mark. */
void yaml_marks_find(struct arena *arena, struct text source, const char *file, const char *key, struct yaml_marks *marks);

#endif
