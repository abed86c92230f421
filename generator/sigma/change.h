/*
 * change: what the modifiers of an item do to its values, one after the other. Internal to modifier.c.
 */
#ifndef MEWS_SIGMA_CHANGE_H
#define MEWS_SIGMA_CHANGE_H

#include "generator/sigma/fault.h"
#include "generator/sigma/scalar.h"
#include "generator/sigma/search.h"

/* What the values of an item are. */
enum form { FORM_PLAIN, FORM_REGEX, FORM_CIDR, FORM_COMPARED, FORM_EXISTS, FORM_FIELD };

struct meant {
	enum scalar_kind kind;
	struct text text; /* PLAIN text: a pattern; else as written */
};
/* What one written value became: any of them. */
struct group {
	struct meant *values;
	size_t count;
};

struct item {
	struct sigma_reading *reading;
	struct place place;
	struct text name;
	enum form form;
	bool all, negated, cased, starts, ends, changed;
	enum test_operator compare;
	struct search_flags flags;
	struct group *groups;
	size_t count, total;
};

/* Applies the modifier of that name. false: a fault was left. */
bool change_apply(struct item *item, struct text name);

/* The pattern with a star before it, behind it or both, where none stands there. */
enum { BEFORE = 1, BEHIND = 2 };
struct text change_starred(struct arena *arena, struct text pattern, int where);

#endif
