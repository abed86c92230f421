/*
 * yaml_write: a tree as YAML text: texts plain where every reader takes them as texts, quoted where not, a text of
 * several lines as a block.
 *
 *   struct yaml item = {.kind = YAML_MAPPING};
 *   yaml_set(&arena, &item, "name", yaml_new_text(TEXT("build-farm")));
 *   yaml_set(&arena, &item, "condition", yaml_new_text(TEXT("user.name == \"ci\" and\n  process.name : \"a*\"\n")));
 *   yaml_write(&item, &(struct yaml_style){.indent = 4}, &buffer);
 *
 *       name: build-farm
 *       condition: |
 *         user.name == "ci" and
 *           process.name : "a*"
 *
 * What was written reads back as the same tree. Texts must be UTF-8. Nothing can fail.
 */
#ifndef MEWS_YAML_WRITE_H
#define MEWS_YAML_WRITE_H

#include "catalog/yaml.h"

/* Nodes without a place. Texts are not copied. */
struct yaml yaml_new_text(struct text text);
struct yaml yaml_new_texts(struct arena *arena, const struct text *texts, size_t count);
void yaml_set(struct arena *arena, struct yaml *mapping, const char *key, struct yaml value);

struct yaml_style {
	unsigned indent;      /* columns before each line but the first */
	const char *line_end; /* NULL: LF */
	bool flow;            /* all in one line, in JSON's form: {"name": "build-farm"} */
};

/* A mapping's pairs a line each, without the line end after the last; scalars and short lists in one line. */
void yaml_write(const struct yaml *node, const struct yaml_style *style, struct buffer *out);

/* Kinds, keys in order, texts; not how they were written. */
bool yaml_equal(const struct yaml *a, const struct yaml *b);

#endif
