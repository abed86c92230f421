/*
 * describing: what describe.c, describe_values.c and describe_lists.c share. Nobody else includes it.
 */
#ifndef MEWS_TUNE_DESCRIBING_H
#define MEWS_TUNE_DESCRIBING_H

#include "catalog/text_map.h"
#include "replay/tune/describe.h"
#include "replay/tune/wording.h"

enum { LISTED = 8, VOCABULARY = 12 };

struct known_clause;
struct made_facets;

struct describer {
	const struct observations *o;
	struct diagnostics *d;
	struct arena arena;
	struct evaluator *evaluator;
	struct scope scope;
	struct text_map known;  /* text → index in clauses, from 1 */
	struct known_clause *clauses;
	size_t clause_count;
	struct made_facets *made; /* [detection_count] */
	struct text **vocabulary; /* [field_count]: values that are seen anywhere, of lists; NULL: not asked yet */
	size_t *vocabulary_count; /* [field_count]; VOCABULARY + 1: more than are worth naming */
};

/* One field of the samples of a cause, on its way to a clause. */
struct looking {
	struct describer *w;
	struct arena scratch;
	const struct weighed_sample *samples;
	size_t count;
	unsigned field;
	struct buffer out;  /* the clause */
	double narrow;
	bool closed;
};

/* Values that are equal but for their numbers. */
struct group {
	struct text mask;
	struct text *values; /* different ones */
	uint64_t *weights;   /* beside them */
	size_t value_count;
	uint64_t alerts;
};

struct groups_of {
	struct group *items;
	size_t count;
	uint64_t alerts;
	size_t values;
};

/* describe_values.c: clauses of fields with one value: texts, addresses, and numbers or truths. */
void word_single(struct looking *l);
void word_address(struct looking *l);
void word_plain(struct looking *l);
struct text describing_mask(struct arena *arena, struct text text);
void groups_add(struct arena *arena, struct groups_of *groups, struct text_map *at, struct text text, uint64_t alerts);
void groups_word(struct looking *l, const struct group *group, struct wording *wording);
/* Adds the predicate, after `and` where something stands there. */
void describing_print_texts(struct describer *w, unsigned field, enum predicate_operator op, const struct text *texts,
	size_t count,
	struct buffer *out);
void describing_print_wordings(struct describer *w, unsigned field, const struct wording *wordings, size_t count,
	struct buffer *out);

/* describe_lists.c: what all lists hold, and what none of them does. */
void word_list(struct looking *l);
void shut_out(struct looking *l);

#endif
