/* text: slices, comparison, numbers, UTF-8, distance, buffers. */
#include "tests/unit/unit.h"

#include <string.h>

static const struct text nothing = {NULL, 0};

static void test_slices(void)
{
	CHECK_TEXT(text_of(NULL), "");
	CHECK_TEXT(text_slice(TEXT("abcdef"), 2, 4), "cd");
	CHECK_TEXT(text_slice(TEXT("abc"), 2, 99), "c");
	CHECK_TEXT(text_slice(TEXT("abc"), 7, 99), "");
	CHECK_TEXT(text_slice(TEXT("abc"), 2, 1), "");
	CHECK_TEXT(text_slice(nothing, 0, 5), "");
	CHECK_TEXT(text_trim(TEXT(" \t\r\n a b \n")), "a b");
	CHECK_TEXT(text_trim(TEXT(" \n ")), "");
	CHECK_TEXT(text_trim(nothing), "");
}

static void test_copies(void)
{
	struct arena arena = {0};
	struct text copy = text_copy(&arena, text_slice(TEXT("abcdef"), 1, 3));
	CHECK_TEXT(copy, "bc");
	CU_ASSERT_EQUAL(copy.data[2], '\0');
	CHECK_TEXT(text_copy(&arena, nothing), "");
	CHECK_TEXT(text_fold(&arena, TEXT("AZ[@`az\xc3\x84")), "az[@`az\xc3\x84");
	CU_ASSERT_EQUAL(text_copy(&arena, TEXT("a\0b")).length, 3);
	CU_ASSERT(text_equal(text_copy(&arena, TEXT("a\0b")), TEXT("a\0b")));
	arena_free(&arena);
}

static void test_comparison(void)
{
	CU_ASSERT(text_equal(nothing, TEXT("")));
	CU_ASSERT(text_equal(TEXT("a"), TEXT("a")));
	CU_ASSERT_FALSE(text_equal(TEXT("a"), TEXT("A")));
	CU_ASSERT_FALSE(text_equal(TEXT("a"), TEXT("a\0")));
	CU_ASSERT(text_equal_fold(TEXT("Docker"), TEXT("dOCKER")));
	CU_ASSERT_FALSE(text_equal_fold(TEXT("{"), TEXT("["))); /* differ by the bit that letters fold by */
	CU_ASSERT_FALSE(text_equal_fold(TEXT("\xc3\xa4"), TEXT("\xc3\x84")));
	CU_ASSERT(text_is(TEXT("x"), "x"));
	CU_ASSERT_FALSE(text_is(TEXT("x"), "xy"));
	CU_ASSERT(text_compare(TEXT("a"), TEXT("b")) < 0);
	CU_ASSERT(text_compare(TEXT("ab"), TEXT("a")) > 0);
	CU_ASSERT(text_compare(TEXT("\xff"), TEXT("a")) > 0);
	CHECK_LONG(text_compare(nothing, TEXT("")), 0);
}

static void test_parts(void)
{
	CU_ASSERT(text_starts(TEXT("/etc/passwd"), TEXT("/etc/"), false));
	CU_ASSERT_FALSE(text_starts(TEXT("/et"), TEXT("/etc"), false));
	CU_ASSERT(text_starts(TEXT("ABC"), TEXT("ab"), true));
	CU_ASSERT(text_starts(TEXT("abc"), nothing, false));
	CU_ASSERT(text_ends(TEXT("docker.sock"), TEXT(".sock"), false));
	CU_ASSERT_FALSE(text_ends(TEXT("docker.sock"), TEXT(".SOCK"), false));
	CU_ASSERT(text_ends(TEXT("docker.sock"), TEXT(".SOCK"), true));
	CU_ASSERT(text_contains(TEXT("aaab"), TEXT("aab"), false));
	CU_ASSERT(text_contains(TEXT("xAAb"), TEXT("aaB"), true));
	CU_ASSERT_FALSE(text_contains(TEXT("aab"), TEXT("aaab"), false));
	CU_ASSERT_FALSE(text_contains(TEXT("abab"), TEXT("ba "), false));
	CU_ASSERT(text_contains(TEXT("abc"), TEXT("c"), false));
	CU_ASSERT(text_contains(nothing, nothing, false));
	CHECK_LONG(text_find(TEXT("a:b:c"), ':'), 1);
	CHECK_LONG(text_find(TEXT("abc"), ':'), 3);
	CHECK_LONG(text_find(nothing, ':'), 0);
}

static void test_hash(void)
{
	CU_ASSERT_EQUAL(text_hash(TEXT("abcdefghijk")), text_hash(text_slice(TEXT("xabcdefghijk"), 1, 12)));
	CU_ASSERT_NOT_EQUAL(text_hash(TEXT("a")), text_hash(TEXT("b")));
	CU_ASSERT_NOT_EQUAL(text_hash(TEXT("a")), text_hash(TEXT("a\0")));
	CU_ASSERT_NOT_EQUAL(text_hash(TEXT("abcdefgh")), text_hash(TEXT("abcdefgi")));
	CU_ASSERT_EQUAL(text_hash(nothing), text_hash(TEXT("")));
	/* The low bits, which tables use, spread: 4,096 names into as many slots fill more than half. */
	struct arena arena = {0};
	bool *used = arena_array(&arena, 4096, sizeof *used);
	size_t filled = 0;
	for (int i = 0; i < 4096; i++) {
		size_t slot = text_hash(text_of(arena_printf(&arena, "field.%d", i))) & 4095;
		filled += !used[slot];
		used[slot] = true;
	}
	CU_ASSERT(filled > 2300 && filled < 3000);
	arena_free(&arena);
}

static void test_numbers(void)
{
	static const struct {
		const char *text;
		bool fine;
		int64_t number;
	} cases[] = {
		{"0", true, 0}, {"-0", true, 0}, {"+17", true, 17}, {"007", true, 7}, {"-42", true, -42},
		{"9223372036854775807", true, INT64_MAX}, {"-9223372036854775808", true, INT64_MIN},
		{"9223372036854775808", false, 0}, {"-9223372036854775809", false, 0},
		{"18446744073709551616", false, 0}, {"99999999999999999999", false, 0},
		{"", false, 0}, {"-", false, 0}, {"+", false, 0}, {"--1", false, 0}, {" 1", false, 0}, {"1 ", false, 0},
		{"1.0", false, 0}, {"0x10", false, 0}, {"1e3", false, 0}, {"a", false, 0},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int64_t number = 0;
		CHECK_LONG(text_to_long(text_of(cases[i].text), &number), cases[i].fine);
		CHECK_LONG(number, cases[i].number);
	}
	uint64_t number;
	CU_ASSERT(text_to_ulong_base(TEXT("7fFf"), 16, &number) && number == 0x7fff);
	CU_ASSERT(text_to_ulong_base(TEXT("ffffffffffffffff"), 16, &number) && number == UINT64_MAX);
	CU_ASSERT_FALSE(text_to_ulong_base(TEXT("10000000000000000"), 16, &number));
	CU_ASSERT(text_to_ulong_base(TEXT("0755"), 8, &number) && number == 0755);
	CU_ASSERT_FALSE(text_to_ulong_base(TEXT("8"), 8, &number));
	CU_ASSERT_FALSE(text_to_ulong_base(TEXT("-1"), 10, &number));
	CU_ASSERT_FALSE(text_to_ulong_base(TEXT("0x1"), 16, &number));
	CU_ASSERT_FALSE(text_to_ulong_base(nothing, 16, &number));
}

static void test_split_and_join(void)
{
	struct arena arena = {0};
	struct text *pieces;
	CHECK_LONG(text_split(&arena, TEXT(",a,,bc,"), ',', &pieces), 2);
	CHECK_TEXT(pieces[0], "a");
	CHECK_TEXT(pieces[1], "bc");
	CHECK_TEXT(text_join(&arena, pieces, 2, ' '), "a bc");
	CHECK_LONG(text_split(&arena, TEXT(""), ',', &pieces), 0);
	CHECK_LONG(text_split(&arena, TEXT(",,,"), ',', &pieces), 0);
	CHECK_LONG(text_split(&arena, TEXT("abc"), ',', &pieces), 1);
	CHECK_TEXT(pieces[0], "abc");
	CHECK_LONG(text_split(&arena, TEXT("1 2 3 4 5 6 7 8 9"), ' ', &pieces), 9);
	CHECK_TEXT(pieces[8], "9");
	CHECK_TEXT(text_join(&arena, NULL, 0, ' '), "");
	CHECK_TEXT(text_join(&arena, (struct text[]){nothing, TEXT("x"), nothing}, 3, ':'), ":x:");
	arena_free(&arena);
}

static void test_utf8(void)
{
	static const char *const good[] = {
		"", "ascii", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\xa6\x85", "\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf",
	};
	static const char *const bad[] = {
		"\x80", "\xc0\x80", "\xc1\xbf", "\xc3", "a\xc3 ", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xe2\x82", "\xf0\x8f\xbf\xbf",
		"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xf0\x9f\xa6",
	};
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		CU_ASSERT(utf8_valid(text_of(good[i])));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		CU_ASSERT_FALSE(utf8_valid(text_of(bad[i])));
		if ((unsigned char)bad[i][0] >= 0x80)
			CHECK_LONG(utf8_step(bad[i], strlen(bad[i])), 1);
	}
	CHECK_LONG(utf8_step("\xe2\x82\xac", 3), 3);
	CHECK_LONG(utf8_step("\xe2\x82\xac", 2), 1);
	CHECK_LONG(utf8_skip(TEXT("a\xe2\x82\xac" "b"), 0, 2), 4);
	CHECK_LONG(utf8_skip(TEXT("ab"), 1, 9), 2);
	CHECK_LONG(utf8_step("\xf0\x9f\xa6\x85z", 5), 4);
	CHECK_LONG(utf8_step("a\xcc\x81", 3), 1);
}

static void test_distance(void)
{
	CHECK_LONG(text_distance(TEXT(""), TEXT("")), 0);
	CHECK_LONG(text_distance(TEXT(""), TEXT("abc")), 3);
	CHECK_LONG(text_distance(TEXT("abc"), TEXT("")), 3);
	CHECK_LONG(text_distance(TEXT("kitten"), TEXT("sitting")), 3);
	CHECK_LONG(text_distance(TEXT("tehcniques"), TEXT("techniques")), 1);
	CHECK_LONG(text_distance(TEXT("ab"), TEXT("ba")), 1);
	struct arena arena = {0};
	struct text longer = text_of(arena_printf(&arena, "%*d", TEXT_DISTANCE_MAX + 1, 1));
	CU_ASSERT_EQUAL(text_distance(longer, TEXT("a")), SIZE_MAX);
	longer.length--;
	CHECK_LONG(text_distance(longer, longer), 0);
	arena_free(&arena);
	size_t best = SIZE_MAX;
	CU_ASSERT(text_nearer(TEXT("tittle"), TEXT("title"), &best));
	CHECK_LONG(best, 1);
	CU_ASSERT_FALSE(text_nearer(TEXT("tittle"), TEXT("little"), &best)); /* no better */
	best = SIZE_MAX;
	CU_ASSERT_FALSE(text_nearer(TEXT("surface"), TEXT("owner"), &best));
	CU_ASSERT_FALSE(text_nearer(TEXT("x"), TEXT("y"), &best));
}

static void test_buffer(void)
{
	struct buffer buffer = {0};
	CHECK_TEXT(buffer_view(&buffer), "");
	buffer_string(&buffer, "a");
	buffer_char(&buffer, 'b');
	buffer_text(&buffer, TEXT("c"));
	buffer_add(&buffer, NULL, 0);
	buffer_printf(&buffer, "-%d-%s", 5, "x");
	CHECK_TEXT(buffer_view(&buffer), "abc-5-x");
	CU_ASSERT_EQUAL(buffer.data[buffer.length], '\0');
	for (int i = 0; i < 1000; i++)
		buffer_printf(&buffer, "%04d", i);
	CHECK_LONG(buffer.length, 7 + 4000);
	CU_ASSERT_STRING_EQUAL(buffer.data + buffer.length - 4, "0999");
	size_t capacity = buffer.capacity;
	buffer_clear(&buffer);
	CHECK_TEXT(buffer_view(&buffer), "");
	CHECK_LONG(buffer.capacity, capacity);
	buffer_free(&buffer);
	CU_ASSERT_PTR_NULL(buffer.data);
	buffer_clear(&buffer);
	buffer_free(&buffer);
}

void suite_text(void)
{
	CU_pSuite suite = unit_suite("text");
	UNIT_TEST(suite, test_slices);
	UNIT_TEST(suite, test_copies);
	UNIT_TEST(suite, test_comparison);
	UNIT_TEST(suite, test_parts);
	UNIT_TEST(suite, test_hash);
	UNIT_TEST(suite, test_numbers);
	UNIT_TEST(suite, test_split_and_join);
	UNIT_TEST(suite, test_utf8);
	UNIT_TEST(suite, test_distance);
	UNIT_TEST(suite, test_buffer);
}
