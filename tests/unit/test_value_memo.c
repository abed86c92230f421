/* value_memo: what is recalled is what was kept, whatever came between; fields whose values never come again are let by. */
#include "replay/engine/value_memo.h"
#include "tests/unit/unit.h"

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <string.h>

enum { ROUNDS = 40, VALUES = 160 };

/* Values that share their length, both ends and the middle, others that are one byte long or empty, and long ones. */
static struct text value_of(unsigned number, char *room, size_t size)
{
	int length;
	if (number % 7 == 0)
		length = snprintf(room, size, "%u", number);
	else if (number % 7 == 1)
		length = snprintf(room, size, "/usr/lib/%04u/in/the/middle/of/all/%04u/usr/bin/tool", number, VALUES - number);
	else if (number % 7 == 2)
		length = snprintf(room, size, "%0*u", (int)(number % (VALUE_MEMO_LONGEST + 20)), number);
	else
		length = snprintf(room, size, "C:\\Program Files\\%u\\tool.exe", number);
	return (struct text){room, (size_t)length};
}

/* As many triggers as the number says; too many to be kept now and then. */
static size_t triggers_of(unsigned number, uint32_t *triggers)
{
	size_t count = number % 5 == 4 ? 100 : number % 5;
	for (size_t i = 0; i < count; i++)
		triggers[i] = number * 1000 + (uint32_t)i;
	return count;
}

static void recalls_what_was_kept(void)
{
	struct value_memo memo = {0};
	size_t known = 0, wrong = 0;
	char room[256];
	uint32_t triggers[100];
	for (unsigned round = 0; round < ROUNDS; round++)
		for (unsigned number = 0; number < VALUES; number++) {
			struct text value = value_of(number, room, sizeof room);
			size_t count = triggers_of(number, triggers);
			const struct recalled *recalled = value_memo_recall(&memo, value);
			if (!recalled) {
				value_memo_keep(&memo, value, triggers, count, number);
				continue;
			}
			known++;
			wrong += recalled->count != count || recalled->compared != number || value.length > VALUE_MEMO_LONGEST;
			wrong += count && memcmp(recalled->triggers, triggers, count * sizeof *triggers) != 0;
		}
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT(known > 1000);
	value_memo_free(&memo);
}

static void rests_where_nothing_comes_again(void)
{
	struct value_memo memo = {0};
	char room[64];
	size_t rested = 0;
	for (unsigned i = 0; i < 10000; i++) {
		int length = snprintf(room, sizeof room, "make -C /srv/%u all", i);
		struct text value = {room, (size_t)length};
		CU_ASSERT_PTR_NULL(value_memo_recall(&memo, value));
		rested += memo.rest > 0;
		value_memo_keep(&memo, value, NULL, 0, 0);
	}
	CU_ASSERT(rested > 9000);
	value_memo_free(&memo);
}

static void tries_again(void)
{
	struct value_memo memo = {0};
	char room[64];
	size_t known = 0;
	for (unsigned i = 0; i < 200000; i++) {
		int length = snprintf(room, sizeof room, "/usr/bin/tool-%u", i < 1000 ? i : i % 10);
		struct text value = {room, (size_t)length};
		known += value_memo_recall(&memo, value) != NULL;
		value_memo_keep(&memo, value, NULL, 0, 0);
	}
	CU_ASSERT(known > 100000);
	value_memo_free(&memo);
}

/* Answers stay with their value, and a value that is new, or was forgotten, has none. */
static void keeps_answers(void)
{
	struct value_memo memo = {0};
	char room[64];
	size_t known = 0, wrong = 0;
	for (unsigned i = 0; i < 20000; i++) {
		unsigned number = i * 7 % 40 + (i % 9 ? 0 : i); /* others come between, so that all is forgotten now and then */
		struct text value = {room, (size_t)snprintf(room, sizeof room, "/usr/lib/tools/of/a/long/path/tool-%u", number)};
		struct recalled *recalled = value_memo_recall(&memo, value);
		bool fresh = recalled == NULL;
		if (fresh)
			recalled = value_memo_keep(&memo, value, NULL, 0, 0);
		if (!recalled)
			continue; /* it rests */
		known += !fresh;
		wrong += fresh ? recalled->asked || recalled->held : recalled->asked != (UINT64_C(3) << number % 63) ||
			recalled->held != (UINT64_C(1) << number % 63);
		recalled->asked = UINT64_C(3) << number % 63;
		recalled->held = UINT64_C(1) << number % 63;
	}
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT(known > 10000);
	value_memo_free(&memo);
}

/* The value at which its rest ends was not looked at: it is not kept, however long it is. */
static void keeps_nothing_at_the_end_of_a_rest(void)
{
	static char longest[64 << 10];
	struct value_memo memo = {0};
	char room[64];
	unsigned number = 0;
	memset(longest, 'x', sizeof longest);
	for (; !memo.rest; number++) {
		int length = snprintf(room, sizeof room, "%u", number);
		value_memo_recall(&memo, (struct text){room, (size_t)length});
		value_memo_keep(&memo, (struct text){room, (size_t)length}, NULL, 0, 0);
	}
	while (memo.rest > 1)
		value_memo_recall(&memo, TEXT("y"));
	memo.at = 1; /* of whatever was looked at before */
	CU_ASSERT_PTR_NULL(value_memo_recall(&memo, (struct text){longest, sizeof longest}));
	CU_ASSERT_EQUAL(memo.at, 0);
	value_memo_keep(&memo, (struct text){longest, sizeof longest}, NULL, 0, 0);
	value_memo_free(&memo);
}

void suite_value_memo(void)
{
	CU_pSuite suite = unit_suite("value_memo");
	unit_add(suite, "recalls what was kept", recalls_what_was_kept);
	unit_add(suite, "rests where nothing comes again", rests_where_nothing_comes_again);
	unit_add(suite, "tries again", tries_again);
	unit_add(suite, "keeps answers", keeps_answers);
	unit_add(suite, "keeps nothing at the end of a rest", keeps_nothing_at_the_end_of_a_rest);
}
