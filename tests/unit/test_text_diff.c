/* Unified diffs: both texts can be made of one, no shorter one would do, and what is printed reads as expected. */
#include "unit.h"

#include "catalog/text_diff.h"

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 16;
}

/* A few different lines, so that many are equal; the last may be open, some are empty, some end in CR. */
static struct text random_text(struct arena *arena, uint32_t *state, unsigned most, unsigned alphabet)
{
	struct buffer buffer = {0};
	unsigned count = next_random(state) % (most + 1);

	for (unsigned i = 0; i < count; i++) {
		unsigned word = next_random(state) % alphabet;
		bool open = i + 1 == count && next_random(state) % 4 == 0;

		if (word > 0)
			buffer_printf(&buffer, "line %u%s", word, word % 7 == 0 ? "\r" : "");
		else if (open)
			break;
		if (!open)
			buffer_char(&buffer, '\n');
	}
	struct text text = text_copy(arena, buffer_view(&buffer));

	buffer_free(&buffer);
	return text;
}

static void put_back(const struct text_diff *diff, enum diff_kind without, struct buffer *out)
{
	for (size_t i = 0; i < diff->count; i++) {
		if (diff->lines[i].kind == without)
			continue;
		buffer_text(out, diff->lines[i].text);
		if (!diff->lines[i].open)
			buffer_char(out, '\n');
	}
}

/* The longest common subsequence, the slow way. */
static size_t longest_common(struct arena *arena, struct text a, struct text b)
{
	struct text *left, *right;
	size_t left_count = 0, right_count = 0;
	struct text lines[2][64];
	struct text rest[2] = {a, b};
	size_t *counts[] = {&left_count, &right_count};

	for (size_t side = 0; side < 2; side++)
		while (rest[side].length > 0) {
			size_t end = text_find(rest[side], '\n');

			end = end < rest[side].length ? end + 1 : end;
			lines[side][(*counts[side])++] = text_slice(rest[side], 0, end);
			rest[side] = text_slice(rest[side], end, rest[side].length);
		}
	left = lines[0];
	right = lines[1];
	size_t *table = arena_array(arena, (left_count + 1) * (right_count + 1), sizeof *table);
	size_t wide = right_count + 1;

	for (size_t i = 1; i <= left_count; i++)
		for (size_t j = 1; j <= right_count; j++) {
			size_t up = table[(i - 1) * wide + j], beside = table[i * wide + j - 1];

			table[i * wide + j] = text_equal(left[i - 1], right[j - 1]) ? table[(i - 1) * wide + j - 1] + 1
			                      : up > beside                        ? up
			                                                           : beside;
		}
	return table[left_count * wide + right_count];
}

static void test_random(void)
{
	uint32_t state = 5;

	for (unsigned round = 0; round < 4000; round++) {
		struct arena arena = {0};
		unsigned alphabet = 1 + next_random(&state) % 12;
		struct text before = random_text(&arena, &state, 40, alphabet);
		struct text after = random_text(&arena, &state, 40, alphabet);
		struct text_diff diff = text_diff(&arena, before, after);
		struct buffer old = {0}, new = {0};

		put_back(&diff, DIFF_ADDED, &old);
		put_back(&diff, DIFF_REMOVED, &new);
		CU_ASSERT(text_equal(buffer_view(&old), before));
		CU_ASSERT(text_equal(buffer_view(&new), after));
		CHECK_LONG(diff.kept, longest_common(&arena, before, after));
		CHECK_LONG(diff.count, diff.kept + diff.removed + diff.added);
		buffer_free(&old);
		buffer_free(&new);
		arena_free(&arena);
	}
}

/* Numbers of the lines count up on both sides, and added lines follow removed ones. */
static void test_order(void)
{
	struct arena arena = {0};
	uint32_t state = 9;
	struct text before = random_text(&arena, &state, 60, 9), after = random_text(&arena, &state, 60, 9);
	struct text_diff diff = text_diff(&arena, before, after);
	size_t old = 0, new = 0;

	for (size_t i = 0; i < diff.count; i++) {
		const struct diff_line *line = &diff.lines[i];

		CHECK_LONG(line->before, line->kind == DIFF_ADDED ? 0 : ++old);
		CHECK_LONG(line->after, line->kind == DIFF_REMOVED ? 0 : ++new);
		if (i > 0 && line->kind == DIFF_REMOVED)
			CU_ASSERT(diff.lines[i - 1].kind != DIFF_ADDED);
	}
	arena_free(&arena);
}

/* Thousands of different lines: the script need not be the shortest, but must be right, and soon there. */
static void test_large(void)
{
	struct arena arena = {0};
	struct buffer one = {0}, other = {0}, old = {0}, new = {0};

	for (unsigned i = 0; i < 6000; i++) {
		buffer_printf(&one, "a%u\n", i % 100 == 0 ? i : i * 7919);
		buffer_printf(&other, "a%u\n", i % 100 == 0 ? i : i * 6101 + 3);
	}
	struct text_diff diff = text_diff(&arena, buffer_view(&one), buffer_view(&other));

	put_back(&diff, DIFF_ADDED, &old);
	put_back(&diff, DIFF_REMOVED, &new);
	CU_ASSERT(text_equal(buffer_view(&old), buffer_view(&one)));
	CU_ASSERT(text_equal(buffer_view(&new), buffer_view(&other)));
	CU_ASSERT(diff.kept > 0);
	buffer_free(&one);
	buffer_free(&other);
	buffer_free(&old);
	buffer_free(&new);
	arena_free(&arena);
}

static void check_print(const char *before, const char *after, const struct text_diff_style *style, const char *expected)
{
	struct arena arena = {0};
	struct buffer out = {0};
	struct text_diff diff = text_diff(&arena, text_of(before), text_of(after));

	text_diff_print(&diff, style, &out);
	CHECK_TEXT(buffer_view(&out), expected);
	buffer_free(&out);
	arena_free(&arena);
}

static void test_print(void)
{
	struct text_diff_style named = {.before = "a/x y", .after = "b/x", .context = 1};
	struct text_diff_style bare = {.context = 1}, all = {.context = SIZE_MAX};

	check_print("a\nb\n", "a\nb\n", &named, "");
	check_print("", "", &named, "");
	check_print("a\nb\nc\nd\ne\n", "a\nb\nx\nd\ne\n", &named, "--- a/x y\t\n+++ b/x\n@@ -2,3 +2,3 @@\n b\n-c\n+x\n d\n");
	check_print("", "a\n", &bare, "@@ -0,0 +1 @@\n+a\n");
	check_print("a\n", "", &bare, "@@ -1 +0,0 @@\n-a\n");
	check_print("a", "a\n", &bare, "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
	/* Two changes: together where their contexts touch, else apart. */
	check_print("1\n2\n3\n4\n", "x\n2\n3\ny\n", &bare, "@@ -1,4 +1,4 @@\n-1\n+x\n 2\n 3\n-4\n+y\n");
	check_print("1\n2\n3\n4\n5\n", "x\n2\n3\n4\ny\n", &bare, "@@ -1,2 +1,2 @@\n-1\n+x\n 2\n@@ -4,2 +4,2 @@\n 4\n-5\n+y\n");
	check_print("1\n2\n3\n4\n5\n", "1\n2\n3\n4\n", &all, "@@ -1,5 +1,4 @@\n 1\n 2\n 3\n 4\n-5\n");
}

static void test_terminal(void)
{
	struct text_diff_style safe = {.context = 0, .safe = true}, colour = {.context = 0, .safe = true, .colour = true};

	check_print("a\r\n", "\033[2Jb\t\x80\xc2\x9b\xc3\xa4\n", &safe, "@@ -1 +1 @@\n-a\n+?[2Jb\t??\xc3\xa4\n");
	check_print("a\n", "b\n", &colour,
		"\033[36m@@ -1 +1 @@\033[0m\n\033[31m-a\033[0m\n\033[32m+b\033[0m\n");
}

static void test_lists(void)
{
	struct arena arena = {0};
	struct text before[] = {TEXT("and"), TEXT("a == 1"), TEXT("b\nc")}, after[] = {TEXT("and"), TEXT("b\nc"), TEXT("d")};
	struct text_diff diff = text_diff_lines(&arena, before, 3, after, 3);

	CHECK_LONG(diff.count, 4);
	CHECK_LONG(diff.lines[1].kind, DIFF_REMOVED);
	CHECK_TEXT(diff.lines[2].text, "b\nc");
	CHECK_LONG(diff.lines[3].kind, DIFF_ADDED);
	CHECK_LONG(text_diff_lines(&arena, NULL, 0, NULL, 0).count, 0);
	CHECK_LONG(text_diff_lines(&arena, NULL, 0, after, 3).added, 3);
	arena_free(&arena);
}

void suite_text_diff(void)
{
	CU_pSuite suite = unit_suite("text_diff");

	UNIT_TEST(suite, test_random);
	UNIT_TEST(suite, test_order);
	UNIT_TEST(suite, test_large);
	UNIT_TEST(suite, test_print);
	UNIT_TEST(suite, test_terminal);
	UNIT_TEST(suite, test_lists);
}
