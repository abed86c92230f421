/* arena: alignment, zeroes, growth, deferred calls, reset. */
#include "tests/unit/unit.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool all_zero(const unsigned char *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (data[i])
			return false;
	return true;
}

static void test_pieces_are_zeroed_and_aligned(void)
{
	struct arena arena = {0};
	for (int round = 0; round < 3; round++) {
		for (size_t size = 0; size < 300; size += 7) {
			unsigned char *piece = arena_alloc(&arena, size);
			CU_ASSERT_PTR_NOT_NULL_FATAL(piece);
			CU_ASSERT_EQUAL((uintptr_t)piece % _Alignof(max_align_t), 0);
			CU_ASSERT(all_zero(piece, size));
			memset(piece, 0xee, size); /* so that the next round would see it */
		}
		arena_reset(&arena);
	}
	arena_free(&arena);
}

static void test_large_pieces(void)
{
	struct arena arena = {0};
	char *small = arena_strdup(&arena, "small");
	char *large = arena_alloc(&arena, 5 << 20);
	char *after = arena_strdup(&arena, "after");
	large[(5 << 20) - 1] = 'x';
	CU_ASSERT_STRING_EQUAL(small, "small");
	CU_ASSERT_STRING_EQUAL(after, "after");
	arena_reset(&arena);
	CU_ASSERT_STRING_EQUAL(arena_strdup(&arena, "again"), "again");
	arena_free(&arena);
	CU_ASSERT_PTR_NULL(arena.blocks);
	CU_ASSERT_STRING_EQUAL(arena_strdup(&arena, "after free"), "after free");
	arena_free(&arena);
}

static void test_grow_keeps_what_stands(void)
{
	struct arena arena = {0};
	unsigned *numbers = NULL, *others = NULL;
	for (unsigned i = 0; i < 5000; i++) {
		numbers = arena_grow(&arena, numbers, i, sizeof *numbers);
		CU_ASSERT_EQUAL(numbers[i], 0);
		numbers[i] = i * 3;
		if (i % 3 == 0) { /* now and then another array lies behind */
			others = arena_grow(&arena, others, i / 3, sizeof *others);
			others[i / 3] = i;
		}
	}
	for (unsigned i = 0; i < 5000; i++)
		CU_ASSERT_EQUAL(numbers[i], i * 3);
	for (unsigned i = 0; i < 5000; i += 3)
		CU_ASSERT_EQUAL(others[i / 3], i);
	arena_free(&arena);
}

static void test_grow_in_place(void)
{
	struct arena arena = {0};
	char *first = arena_grow(&arena, NULL, 0, 64);
	CU_ASSERT_PTR_EQUAL(arena_grow(&arena, first, 1, 64), first);
	CU_ASSERT_PTR_EQUAL(arena_grow(&arena, first, 3, 64), first);
	CU_ASSERT_PTR_EQUAL(arena_grow(&arena, first, 4, 64), first); /* nothing lies behind */
	CU_ASSERT(all_zero((unsigned char *)first, (size_t)64 * 8));
	memset(first, 'f', (size_t)64 * 8);
	char *behind = arena_strdup(&arena, "behind");
	char *moved = arena_grow(&arena, first, 8, 64);
	CU_ASSERT_PTR_NOT_EQUAL(moved, first);
	CU_ASSERT_EQUAL(moved[64 * 8 - 1], 'f');
	CU_ASSERT_EQUAL(moved[64 * 8], 0);
	CU_ASSERT_STRING_EQUAL(behind, "behind");
	arena_free(&arena);
}

static void test_strings(void)
{
	struct arena arena = {0};
	CU_ASSERT_STRING_EQUAL(arena_strndup(&arena, "abcdef", 3), "abc");
	CU_ASSERT_STRING_EQUAL(arena_strndup(&arena, NULL, 0), "");
	CU_ASSERT_STRING_EQUAL(arena_printf(&arena, "%s-%d-%%", "x", 42), "x-42-%");
	CU_ASSERT_STRING_EQUAL(arena_printf(&arena, "%s", ""), "");
	char *wide = arena_printf(&arena, "%10000d", 7);
	CU_ASSERT_EQUAL(strlen(wide), 10000);
	CU_ASSERT_EQUAL(wide[9999], '7');
	arena_free(&arena);
}

struct called {
	char order[8];
	size_t count;
};
struct call {
	struct called *called;
	char name;
};

static void note_call(void *object)
{
	struct call *call = object;
	call->called->order[call->called->count++] = call->name;
}

static void test_deferred_run_backwards_and_once(void)
{
	struct arena arena = {0};
	struct called called = {0};
	struct call a = {&called, 'a'}, b = {&called, 'b'}, c = {&called, 'c'};
	arena_defer(&arena, note_call, &a);
	arena_defer(&arena, note_call, &b);
	CU_ASSERT_EQUAL(called.count, 0);
	arena_reset(&arena);
	CU_ASSERT_STRING_EQUAL(called.order, "ba");
	arena_defer(&arena, note_call, &c);
	arena_free(&arena);
	CU_ASSERT_STRING_EQUAL(called.order, "bac");
	arena_free(&arena);
	CU_ASSERT_EQUAL(called.count, 3);
}

static void test_mem(void)
{
	char *data = mem_alloc(0);
	CU_ASSERT_PTR_NOT_NULL(data);
	data = mem_resize(data, 100);
	memset(data, 1, 100);
	data = mem_resize(data, 200);
	CU_ASSERT_EQUAL(data[99], 1);
	free(data);
}

void suite_arena(void)
{
	CU_pSuite suite = unit_suite("arena");
	UNIT_TEST(suite, test_pieces_are_zeroed_and_aligned);
	UNIT_TEST(suite, test_large_pieces);
	UNIT_TEST(suite, test_grow_keeps_what_stands);
	UNIT_TEST(suite, test_grow_in_place);
	UNIT_TEST(suite, test_strings);
	UNIT_TEST(suite, test_deferred_run_backwards_and_once);
	UNIT_TEST(suite, test_mem);
}
