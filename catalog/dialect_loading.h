/*
 * dialect_loading: what the two halves of the loader of dialects share (dialect.c: groups and events; dialect_row.c: fields).
 *
 * Each function reports at the node's place and marks the loading as failed; none stops it, so that one run shows all
 * that is wrong with a file.
 */
#ifndef MEWS_DIALECT_LOADING_H
#define MEWS_DIALECT_LOADING_H

#include "catalog/dialect.h"
#include "catalog/regex.h"

struct loading {
	struct arena *arena;
	const struct registry *registry;
	struct diagnostics *d;
	struct dialect *dialect;
	struct dialect_group *group;
	enum dialect_use use; /* of the group, where a row does not say */
	bool failed;
};

void loading_note(struct loading *l, int status); /* not 0: failed */
/* The text or texts of an optional key; they stay as they were where the key is not there. */
void loading_text(struct loading *l, const struct yaml *mapping, const char *key, struct text *text);
void loading_texts(struct loading *l, const struct yaml *mapping, const char *key, const struct text **texts, size_t *count);
enum dialect_use loading_use(struct loading *l, const struct yaml *mapping);
/* category.action, or category.* (then *action is 0). */
bool loading_event_name(struct loading *l, const struct yaml *node, struct text name, unsigned *category, unsigned *action);
/* A mapping of raw names to tests; NULL has none. */
void loading_matches(struct loading *l, const struct yaml *mapping, const struct dialect_match **matches, size_t *count);
/* An expression that lives as long as the dialect; `takes`: regex_take will be asked. NULL: reported. */
const struct regex *loading_regex(struct loading *l, const struct yaml *node, bool takes);
/* The shape that `shape` and its companions (`layout` …) of a mapping name. */
void loading_shape(struct loading *l, const struct yaml *mapping, struct shape_use *use);
void loading_map(struct loading *l, const struct yaml *node, const struct shape_map **map, size_t *count);

/* Forms that both halves share (yaml_form.h). */
extern const struct yaml_form dialect_match_form, dialect_use_form, dialect_rows_form;

/* dialect_row.c: a row of a field, from a raw name alone or a mapping. */
void dialect_row_read(struct loading *l, unsigned field, const struct yaml *node);
/* A row for the field, under one raw name. */
void dialect_row_named(struct loading *l, unsigned field, struct place place, struct text name);

#endif
