/*
 * form: what a query asks, with two answers instead of three, on its way to a condition.
 *
 * EQL knows a third answer: a comparison with a missing field is neither true nor false, and `not` keeps it so. A form
 * is what makes the query *true*; so `not` is pushed down to the comparisons, and what is negated asks that its
 * field be there:
 *
 *   not process.name like "a*"                        process.name != null and not process.name like "a*"
 *   not user.id == "0"                                user.id != "0"
 *   user.id == null or not user.id == "0"             not user.id == "0"
 *
 * Forms are shared and never changed.
 */
#ifndef MEWS_ELASTIC_FORM_H
#define MEWS_ELASTIC_FORM_H

#include "catalog/text.h"

enum form_kind {
	FORM_FALSE,
	FORM_TRUE,
	FORM_AND,
	FORM_OR,
	FORM_THERE,   /* field != null */
	FORM_MISSING, /* field == null */
	FORM_HOLDS,   /* a comparison, which is false where the field is missing */
	FORM_OTHER,   /* the field is there, and the comparison does not hold: `!=`, `not in` */
	FORM_NOT      /* the comparison does not hold; the field may be missing */
};

struct form {
	enum form_kind kind;
	const struct form **children; /* AND, OR: two or more, none of their own kind */
	size_t count;
	struct text field;            /* as conditions write it */
	struct text second;           /* the other field of a comparison of two, or empty */
	struct text holds, other;     /* the comparison, and the `!=` or `not in` of it; empty: there is none */
};

const struct form *form_true(void);
const struct form *form_false(void);
const struct form *form_leaf(struct arena *arena, const struct form *leaf);
/* What makes it false: comparisons' negations where their fields are there. */
const struct form *form_negated(struct arena *arena, const struct form *form);
/* The same with two answers: whatever does not make it true. */
const struct form *form_opposite(struct arena *arena, const struct form *form);
/* Flat, each child once, without what the others say already. */
const struct form *form_and(struct arena *arena, const struct form *const *children, size_t count);
const struct form *form_or(struct arena *arena, const struct form *const *children, size_t count);
const struct form *form_both(struct arena *arena, const struct form *a, const struct form *b);
const struct form *form_either(struct arena *arena, const struct form *a, const struct form *b);
bool form_equal(const struct form *a, const struct form *b);
/* Does it ask this field anything? */
bool form_names(const struct form *form, struct text field);

/* As an expression of a condition; `around`: AND or OR that it stands in, for brackets; else FORM_TRUE. */
void form_print(const struct form *form, enum form_kind around, struct buffer *out);

#endif
