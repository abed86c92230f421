/* test_bytes: comparing by words of eight bytes equals comparing byte by byte (catalog/text.h), at every length and place. */
#include "replay/engine/bytes.h"
#include "tests/unit/random_tree.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

static struct text some_text(uint64_t *state, struct arena *arena, size_t most)
{
	static const char bytes[] = "aAbBzZ@[`{\\/  \x80\xc3\xa9\xff";
	size_t length = random_below(state, most + 1);
	char *data = arena_alloc(arena, length + 1);
	for (size_t i = 0; i < length; i++)
		data[i] = random_below(state, 3) ? (char)('a' + random_below(state, 2)) : bytes[random_below(state, sizeof bytes - 1)];
	return (struct text){data, length};
}

/* A literal that often stands in the value, in other letters. */
static struct text some_literal(uint64_t *state, struct arena *arena, struct text value)
{
	if (!value.length || random_below(state, 4) == 0)
		return some_text(state, arena, 12);
	size_t from = random_below(state, 3) ? random_below(state, value.length) : 0;
	size_t to = random_below(state, 3) ? from + random_below(state, value.length - from + 1) : value.length;
	struct text literal = text_copy(arena, text_slice(value, from, to));
	for (size_t i = 0; i < literal.length; i++)
		if (random_below(state, 4) == 0)
			((char *)(uintptr_t)literal.data)[i] = (char)(literal.data[i] ^ 0x20);
	return literal;
}

/* Levels whose answer differs from the plain one's, or lies where the literal does not stand. */
static size_t found_otherwise(struct text value, struct text literal, struct text written, bool fold)
{
	size_t wrong = 0, plain = bytes_finder_of(SIMD_PLAIN)(value, literal, fold);
	struct text there = plain == SIZE_MAX ? TEXT("") : text_slice(value, plain, plain + literal.length);
	for (int level = SIMD_PLAIN; level <= (int)simd_level_best(); level++)
		wrong += bytes_finder_of((enum simd_level)level)(value, literal, fold) != plain;
	wrong += (plain != SIZE_MAX) != text_contains(value, written, fold);
	if (plain == SIZE_MAX)
		return wrong;
	wrong += plain && text_contains(text_slice(value, 0, plain + literal.length - 1), written, fold);
	return wrong + !bytes_equal(there, literal, fold);
}

/* A value of its own piece of memory: what is read beyond it is found out. */
static void test_find(void)
{
	struct arena arena = {0};
	uint64_t state = 11;
	size_t wrong = 0, held = 0;
	for (size_t i = 0; i < 30000; i++) {
		bool fold = random_below(&state, 2);
		struct text made = some_text(&state, &arena, 200), written = some_literal(&state, &arena, made);
		if (written.length > 1 && random_below(&state, 2)) /* as words are that rules look for */
			((char *)(uintptr_t)written.data)[random_below(&state, 2) ? 0 : written.length - 1] = ' ';
		char *own = mem_alloc(made.length + !made.length);
		if (made.length)
			memcpy(own, made.data, made.length);
		struct text value = {own, made.length}, literal = bytes_fold(&arena, written, fold);
		wrong += found_otherwise(value, literal, written, fold);
		held += text_contains(value, written, fold);
		free(own);
		arena_reset(&arena);
	}
	CHECK_LONG(wrong, 0);
	CU_ASSERT(held > 3000 && held < 27000);
	arena_free(&arena);
}

static void test_like_text(void)
{
	struct arena arena = {0};
	uint64_t state = 7;
	size_t wrong = 0, held = 0;
	for (size_t i = 0; i < 60000; i++) {
		bool fold = random_below(&state, 2);
		struct text value = some_text(&state, &arena, 40), written = some_literal(&state, &arena, value);
		struct text literal = bytes_fold(&arena, written, fold);
		bool contains = text_contains(value, written, fold);
		wrong += bytes_equal(value, literal, fold) != (fold ? text_equal_fold(value, written) : text_equal(value, written));
		wrong += bytes_starts(value, literal, fold) != text_starts(value, written, fold);
		wrong += bytes_ends(value, literal, fold) != text_ends(value, written, fold);
		wrong += (bytes_finder_of(SIMD_PLAIN)(value, literal, fold) != SIZE_MAX) != contains;
		wrong += bytes_hash(value, true) != bytes_hash(bytes_fold(&arena, value, true), false);
		held += contains;
		arena_reset(&arena);
	}
	CHECK_LONG(wrong, 0);
	CU_ASSERT(held > 10000 && held < 50000);
	arena_free(&arena);
}

static void test_empty(void)
{
	struct text nothing = {NULL, 0};
	CU_ASSERT(bytes_equal(nothing, TEXT(""), true));
	CU_ASSERT(bytes_starts(nothing, nothing, true));
	CU_ASSERT(bytes_ends(TEXT("a"), nothing, false));
	for (int level = SIMD_PLAIN; level <= (int)simd_level_best(); level++) {
		bytes_finder *find = bytes_finder_of((enum simd_level)level);
		CHECK_LONG(find(nothing, nothing, false), 0);
		CU_ASSERT(find(nothing, TEXT("a"), true) == SIZE_MAX);
		CHECK_LONG(find(TEXT("a  -c x"), TEXT(" -c "), true), 2);
		CHECK_LONG(find(TEXT("a   b"), TEXT("  "), true), 1);
	}
}

void suite_bytes(void)
{
	CU_pSuite suite = unit_suite("bytes");
	UNIT_TEST(suite, test_like_text);
	UNIT_TEST(suite, test_find);
	UNIT_TEST(suite, test_empty);
}
