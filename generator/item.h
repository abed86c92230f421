/*
 * item: one value of a textual predicate in the plainest form that means the same, and what is asked of
 * raw text for it. "docker*" is STARTS docker; "*a*b" stays LIKE.
 */
#ifndef MEWS_ITEM_H
#define MEWS_ITEM_H

#include "generator/bound.h"

struct item {
	enum test_operator op; /* EQUAL, STARTS, ENDS, CONTAINS, LIKE or REGEX */
	struct text text;      /* literal; pattern of LIKE; expression of REGEX */
	bool sure;             /* false: an alias that may match more than the value */
};

struct items {
	struct item *items;
	size_t count;
};

/* The values of a positive textual predicate (EQUAL … CONTAINS). A path's aliases (/var/run for /run) are added. */
struct items items_of(const struct bounding *bounding);
struct items items_plain(const struct bounding *bounding); /* without aliases */
/* The pattern that says the same as an item that is no REGEX. */
struct text item_pattern(struct arena *arena, const struct item *item);

/* Gathers tests: an upper bound, and of those that are exact a lower one. */
struct gathered {
	const struct bounding *bounding;
	struct rule_node *upper, *lower;
	bool exact;
	bool lines; /* of the regular expressions (rule.h) */
};
void gather_begin(struct gathered *gathered, const struct bounding *bounding);
void gather(struct gathered *gathered, enum test_operator op, struct text text, bool exact);
/* An expression that was put together in a buffer, which is then emptied. */
void gather_regex(struct gathered *gathered, struct buffer *regex, bool exact);
struct bounds gather_end(const struct gathered *gathered, const char *reason);

#endif
