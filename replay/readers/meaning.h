/*
 * meaning: one record on its way through a dialect; what the files that make sense of it share (meaning.c: groups and
 * events; row_source.c: values that are made of others).
 */
#ifndef MEWS_MEANING_H
#define MEWS_MEANING_H

#include "replay/readers/found.h"
#include "replay/readers/record.h"

struct meaning {
	const struct record *record;
	const struct record_part *piece; /* of the record, that is a record of its own (the dialect's `split`); or NULL */
	const struct record_plan *plan;
	struct event *event;
	const struct plan_group *group;
	size_t from; /* facets that the event had before the group */
	struct recipe_draft *draft; /* NULL, or what is told of the choice (recipe.h) */
};

/* The values of a name by its number: of the part (may be NULL), else of the piece, else of the record. NULL: not there. */
const struct raw_value *meaning_value(const struct meaning *m, const struct record_part *part, unsigned number);
/* A raw name that is not there, or whose only value says so. */
bool meaning_absent(const struct meaning *m, const struct raw_value *raw);

bool meaning_all_hold(const struct meaning *m, const struct plan_test *tests, size_t count, const struct record_part *part);

/* Does a mask or an expression hold for the values of a name? */
bool meaning_value_holds(const struct record_plan *plan, const struct dialect_match *match, const struct found *found,
	size_t count);
/* What one row gives the facet, if anything. */
void meaning_fill_row(const struct meaning *m, struct facet *facet, const struct plan_row *row, const struct record_part *part);
struct recipe_draft;
/* As record_mean, of a record that is in use by the plan and open; tells what was chosen. */
int meaning_draft(struct record *record, const struct record_plan *plan, struct event *event, struct recipe_draft *draft);

/* The raw values of any row, in the event's arena: markers of "missing" are none. */
size_t row_values(const struct meaning *m, const struct plan_row *row, const struct record_part *part, struct text **values);
/* The raw values of a row that has a `source` (docs/dialects.md: format, each, take, base), in the event's arena. 0: none. */
size_t row_source_values(const struct meaning *m, const struct plan_row *row, const struct record_part *part,
	struct text **values);

#endif
