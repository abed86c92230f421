/*
 * bound_test: what the bounds of all shapes are made of: tests of the row's raw name, values that mean missing, and
 * the reader's own answer for a raw value.
 */
#ifndef MEWS_BOUND_TEST_H
#define MEWS_BOUND_TEST_H

#include "generator/bound.h"
#include "generator/item.h"

/* Of the predicate's field. */
enum value_type bound_type(const struct bounding *b);
/* A test of the name that rules use for the row; the values are not copied. */
struct rule_node *bound_test(const struct bounding *b, enum test_operator op, const struct text *values, size_t count,
	bool number);
/* The field has a value: the raw name is there and holds no marker of a missing value. */
struct rule_node *bound_present(const struct bounding *b);
/* The raw value is one of the markers of a missing value that fit the field's type. */
struct rule_node *bound_missing_marker(const struct bounding *b);
/* Could the item hold on the text? A regex that hits its match limit could. */
bool bound_item_holds(const struct bounding *b, const struct item *item, struct text text);
/* The node, but not where a marker of missing values would make an item hold. */
struct rule_node *bound_without_markers(const struct bounding *b, const struct items *items, struct rule_node *node);
/* Does the predicate hold where the raw value is this one? The reader's shape is asked. */
bool bound_raw_holds(const struct bounding *b, struct text raw);
/* Exact bounds of a predicate on a boolean field that is true where `node` holds. */
struct bounds bound_truth(const struct bounding *b, struct rule_node *node);

#endif
