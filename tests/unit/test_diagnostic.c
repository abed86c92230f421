/* diagnostic: what is counted, how it is ordered, how it looks. */
#include "tests/unit/unit.h"

#include <string.h>

static struct place at(const char *file, unsigned line, unsigned column)
{
	return (struct place){file, line, column};
}

static void test_counts_and_results(void)
{
	struct diagnostics d = {0};
	CHECK_LONG(diagnostics_error(&d, at("a", 1, 1), "one %d", 1), -1);
	CHECK_LONG(diagnostics_warning(&d, at("a", 1, 1), "two"), 0);
	CHECK_LONG(diagnostics_add(&d, DIAGNOSTIC_NOTE, at("a", 1, 1), "three"), 0);
	CHECK_LONG(d.count, 3);
	CHECK_LONG(d.errors, 1);
	diagnostics_free(&d);
	CHECK_LONG(d.count, 0);
}

static void test_the_file_name_is_kept(void)
{
	struct arena arena = {0};
	struct diagnostics d = {0};
	char name[] = "short-lived";
	diagnostics_error(&d, at(name, 1, 0), "x");
	memset(name, '?', sizeof name - 1);
	diagnostics_error(&d, at("other", 1, 0), "y");
	CHECK_TEXT(unit_printed(&arena, &d), "short-lived:1: error: x\nother:1: error: y\n");
	diagnostics_free(&d);
	arena_free(&arena);
}

static void test_heads(void)
{
	struct arena arena = {0};
	struct diagnostics d = {0};
	diagnostics_error(&d, at(NULL, 0, 0), "no file");
	diagnostics_error(&d, at("f.yaml", 0, 0), "no line");
	diagnostics_warning(&d, at("f.yaml", 3, 0), "no column");
	diagnostics_add(&d, DIAGNOSTIC_NOTE, at("f.yaml", 3, 7), "all");
	CHECK_TEXT(unit_printed(&arena, &d),
		"mews: error: no file\nf.yaml: error: no line\nf.yaml:3: warning: no column\nf.yaml:3:7: note: all\n");
	diagnostics_free(&d);
	arena_free(&arena);
}

/* Prints one error at a place of a document. */
static struct text shown(struct arena *arena, struct text document, unsigned line, unsigned column)
{
	struct diagnostics d = {0};
	diagnostics_error(&d, at("f", line, column), "m");
	diagnostics_show_line(&d, document);
	struct text printed = unit_printed(arena, &d);
	diagnostics_free(&d);
	return printed;
}

static void test_source_lines(void)
{
	struct arena arena = {0};
	struct text document = TEXT("first\nsecond\r\nthird\rfourth");
	CHECK_TEXT(shown(&arena, document, 1, 1), "f:1:1: error: m\nfirst\n^\n");
	CHECK_TEXT(shown(&arena, document, 2, 3), "f:2:3: error: m\nsecond\n  ^\n");
	CHECK_TEXT(shown(&arena, document, 3, 1), "f:3:1: error: m\nthird\n^\n");
	CHECK_TEXT(shown(&arena, document, 4, 6), "f:4:6: error: m\nfourth\n     ^\n");
	CHECK_TEXT(shown(&arena, document, 4, 7), "f:4:7: error: m\nfourth\n      ^\n");
	CHECK_TEXT(shown(&arena, document, 4, 99), "f:4:99: error: m\nfourth\n      ^\n"); /* not beyond the line */
	CHECK_TEXT(shown(&arena, document, 5, 1), "f:5:1: error: m\n");
	CHECK_TEXT(shown(&arena, document, 4, 0), "f:4: error: m\nfourth\n");
	CHECK_TEXT(shown(&arena, document, 0, 0), "f: error: m\n");
	CHECK_TEXT(shown(&arena, TEXT(""), 1, 1), "f:1:1: error: m\n");
	arena_free(&arena);
}

static void test_caret_counts_characters_and_keeps_tabs(void)
{
	struct arena arena = {0};
	CHECK_TEXT(shown(&arena, TEXT("\ta\tb"), 1, 4), "f:1:4: error: m\n\ta\tb\n\t \t^\n");
	CHECK_TEXT(shown(&arena, TEXT("\xc3\xa9\xe2\x82\xacx"), 1, 3), "f:1:3: error: m\n\xc3\xa9\xe2\x82\xacx\n  ^\n");
	arena_free(&arena);
}

static void test_control_characters_do_not_reach_the_terminal(void)
{
	struct arena arena = {0};
	CHECK_TEXT(shown(&arena, TEXT("a\x1b[31mb\x7f\xff\xc2\x9b" "c"), 1, 1), "f:1:1: error: m\na?[31mb???c\n^\n");
	struct diagnostics d = {0};
	diagnostics_error(&d, at("n\x1bm", 1, 0), "two\nlines \xe2\x82\xac");
	CHECK_TEXT(unit_printed(&arena, &d), "n?m:1: error: two?lines \xe2\x82\xac\n");
	diagnostics_free(&d);
	arena_free(&arena);
}

/* A line of `length` letters with an X at the column. */
static struct text long_line(struct arena *arena, size_t length, size_t column)
{
	char *line = arena_alloc(arena, length + 1);
	memset(line, 'o', length);
	line[column - 1] = 'X';
	return (struct text){line, length};
}

static void test_long_lines_are_cut_around_the_column(void)
{
	static const struct {
		size_t length, column;
		bool head, tail;
	} cases[] = {
		{100, 100, false, false}, {101, 1, false, true}, {101, 101, true, false}, {5000, 2500, true, true},
		{5000, 61, false, true}, {5000, 62, true, true}, {5000, 5000, true, false}, {5000, 4960, true, true}, {5000, 4961, true, false},
	};
	struct arena arena = {0};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct diagnostics d = {0};
		diagnostics_error(&d, at("f", 1, (unsigned)cases[i].column), "m");
		diagnostics_show_line(&d, long_line(&arena, cases[i].length, cases[i].column));
		struct text line = text_of(d.items[0].source_line);
		CU_ASSERT_EQUAL(text_starts(line, TEXT("\xe2\x80\xa6"), false), cases[i].head);
		CU_ASSERT_EQUAL(text_ends(line, TEXT("\xe2\x80\xa6"), false), cases[i].tail);
		CHECK_LONG(line.length, 100 + (cases[i].head ? 3 : 0) + (cases[i].tail ? 3 : 0));
		/* the caret is below the X */
		CHECK_LONG(text_find(line, 'X'), d.items[0].caret + (cases[i].head ? 2 : 0));
		diagnostics_free(&d);
	}
	arena_free(&arena);
}

static void test_sort(void)
{
	struct arena arena = {0};
	struct diagnostics d = {0};
	diagnostics_error(&d, at("b", 1, 1), "last");
	diagnostics_error(&d, at("a", 10, 1), "ten");
	diagnostics_error(&d, at("a", 9, 5), "later column");
	diagnostics_error(&d, at("a", 9, 2), "z first reported");
	diagnostics_warning(&d, at("a", 9, 2), "a second reported");
	diagnostics_error(&d, at("a", 9, 2), "z first reported");
	diagnostics_error(&d, at("a", 9, 2), "a second reported"); /* an error: no repetition of the warning */
	diagnostics_error(&d, at(NULL, 0, 0), "no file");
	diagnostics_sort(&d);
	CHECK_TEXT(unit_printed(&arena, &d), "mews: error: no file\n"
		"a:9:2: error: z first reported\na:9:2: warning: a second reported\na:9:2: error: a second reported\n"
		"a:9:5: error: later column\na:10:1: error: ten\nb:1:1: error: last\n");
	CHECK_LONG(d.count, 7);
	CHECK_LONG(d.errors, 6);
	diagnostics_free(&d);
	diagnostics_sort(&d);
	CHECK_LONG(d.count, 0);
	arena_free(&arena);
}

void suite_diagnostic(void)
{
	CU_pSuite suite = unit_suite("diagnostic");
	UNIT_TEST(suite, test_counts_and_results);
	UNIT_TEST(suite, test_the_file_name_is_kept);
	UNIT_TEST(suite, test_heads);
	UNIT_TEST(suite, test_source_lines);
	UNIT_TEST(suite, test_caret_counts_characters_and_keeps_tabs);
	UNIT_TEST(suite, test_control_characters_do_not_reach_the_terminal);
	UNIT_TEST(suite, test_long_lines_are_cut_around_the_column);
	UNIT_TEST(suite, test_sort);
}
