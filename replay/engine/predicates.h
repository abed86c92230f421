/*
 * predicates: the different predicates of all conditions, each once and with a number, prepared for being asked often.
 *
 *   endswith~(process.executable, "\CMD.EXE") in 90 rules, an exception and a step of a sequence → 17: ends "\cmd.exe"
 *
 * Whoever asks 17 on a facet twice is told what was found the first time (asker.h). Two predicates are equal if they have
 * the same field, operator and values in the same order.
 */
#ifndef MEWS_PREDICATES_H
#define MEWS_PREDICATES_H

#include "catalog/condition.h"
#include "replay/engine/slots.h"

/* How it is asked. */
enum asking {
	ASK_PRESENT,
	ASK_ABSENT,
	ASK_NAMES,    /* the value is one of the literals: one by one */
	ASK_NAME_SET, /* the same by a hash of them */
	ASK_NUMBERS,  /* the value is one of the numbers, which are sorted */
	ASK_STARTS,
	ASK_ENDS,
	ASK_CONTAINS,
	ASK_LIKE,     /* wildcards of other forms than these: literals between stars, or as the oracle does */
	ASK_REGEX,
	ASK_PLAIN     /* as catalog/evaluate.c does: two fields, length, number, order, addresses */
};

/* A pattern cut at its stars: its literals stand one behind the other, without overlap. */
struct wildcard {
	const struct text *parts; /* folded, if the predicate folds */
	size_t count;
	bool at_start, at_end;    /* the first, the last part stands at that end of the value */
	bool whole;               /* there is no star */
	bool plain;               /* pattern_match has to do it (`?`) */
};

struct interned {
	const struct predicate *predicate; /* the first of its kind that was met */
	enum asking asking;
	bool fold;
	bool negated;  /* NOT_EQUAL: no value fits */
	bool variable; /* other values of its fields could change the answer: neither presence nor what sort of event it is */
	unsigned field, other;
	const struct text *literals; /* folded, if it folds */
	size_t count;
	size_t least;                /* bytes: no shorter value fits */
	const int64_t *numbers;      /* [count] */
	const struct wildcard *wildcards; /* [count], of ASK_LIKE */
	const uint32_t *slots;       /* [mask + 1]: 1 + index of a literal, by its hash; 0: none */
	uint32_t mask;
};

struct predicates {
	struct arena arena;
	struct interned *items;
	size_t count, capacity;
	struct slots slots; /* numbers, by hash */
};

void predicates_free(struct predicates *predicates);
/* Its number. The predicate and what it points to must outlive the set. */
uint32_t predicates_intern(struct predicates *predicates, const struct registry *registry, const struct predicate *predicate);

#endif
