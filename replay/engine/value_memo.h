/*
 * value_memo: which triggers hold on a value of one field, remembered from when it came before.
 *
 *   process.executable = /usr/bin/bash     searched nine tables: triggers 17 and 90 hold, 2 literals were compared
 *   process.executable = /usr/bin/bash     17 and 90; 2
 *
 * What holds on a value is a matter of the value alone. Hosts run a few hundred programs again and again under few names and
 * users, so of such fields nearly every value came before; of command lines few did. Which field is which is measured as values
 * come: a memo that knew too few of them rests for a while, and then tries again. It may forget at any time and is always
 * right (texts are compared): nothing but time depends on it.
 *
 *   const struct recalled *known = value_memo_recall(&memo, value);
 *   if (!known)
 *           value_memo_keep(&memo, value, triggers, count, compared);     -- of the value that was asked for last
 *
 * One thread's. Zeroes are an empty memo; its memory (56 KB) is there from its first value on, for good.
 */
#ifndef MEWS_VALUE_MEMO_H
#define MEWS_VALUE_MEMO_H

#include "catalog/text.h"

enum { VALUE_MEMO_QUESTIONS = 64 };
struct recalled {
	uint32_t length;   /* of the value */
	uint32_t count;    /* triggers */
	uint32_t compared; /* literals, when it was searched */
	uint64_t asked, held; /* bits of VALUE_MEMO_QUESTIONS about the value, whoever has given them numbers: which were answered, and
			       * of these which hold */
	uint32_t triggers[];
};

struct value_memo_room;

struct value_memo {
	struct value_memo_room *room; /* NULL: no value yet */
	uint64_t at;                  /* the hash of the value that was asked for last */
	uint32_t asked, known;        /* values, since it began to try */
	uint32_t rest;                /* so many values are not looked at */
};

void value_memo_free(struct value_memo *memo);

/* Values that are longer are searched each time. */
enum { VALUE_MEMO_LONGEST = 96 };

/* NULL: it is not known. What is recalled is good until a value is asked for or kept. */
struct recalled *value_memo_look(struct value_memo *memo, struct text value);
static inline struct recalled *value_memo_recall(struct value_memo *memo, struct text value)
{
	if (!memo->rest)
		return value_memo_look(memo, value);
	memo->rest--;
	memo->at = 0; /* nor is it kept, be it the last that is let by */
	return NULL;
}

/* Nothing is kept, and NULL is returned, where it rests, or where the value is too long or too many triggers hold on it. */
struct recalled *value_memo_store(struct value_memo *memo, struct text value, const uint32_t *triggers, size_t count,
	uint64_t compared);
static inline struct recalled *value_memo_keep(struct value_memo *memo, struct text value, const uint32_t *triggers,
	size_t count, uint64_t compared)
{
	return memo->rest ? NULL : value_memo_store(memo, value, triggers, count, compared);
}

#endif
