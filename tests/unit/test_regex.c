/*
 * test_regex: what is in the subset, where what is not in it is refused, and what matches.
 */
#include "catalog/regex.h"
#include "tests/unit/unit.h"

#include <stdio.h>

void suite_regex(void);

static const struct {
	const char *pattern, *text;
	bool exact, fold;
} matches[] = {
	{"", "", true, true},
	{"", "a", false, false},
	{"abc", "abc", true, true},
	{"abc", "ABC", false, true},
	{"ABC", "abc", false, true},
	{"\\x41", "a", false, true},
	{"a|b", "b", true, true},
	{"a|", "", true, true},
	{"()", "", true, true},
	{"(|a)b", "ab", true, true},
	{"a.c", "aéc", true, true},
	{"a.c", "a\nc", false, false},
	{"a.c", "a\rc", true, true},
	{"a\\nc", "a\nc", true, true},
	{"[^b]", "\n", true, true},
	{"[a-c]+", "abcABC", false, true},
	{"[A-C]", "b", false, true},
	{"[^A-C]", "b", true, false},
	{"[Z-a]", "A", false, true},
	{"[Z-a]", "_", true, true},
	{"[^k]", "K", true, false},
	{"[k]", "\xE2\x84\xAA", false, false}, /* Kelvin sign */
	{"s", "\xC5\xBF", false, false}, /* long s */
	{"é", "É", false, false},
	{"[é]", "É", false, false},
	{"[\\d\\s]+", "1 2\t3", true, true},
	{"[^\\d]", "x", true, true},
	{"[\\D]", "1", false, false},
	{"[\\W\\d]+", "-1é", true, true},
	{"[\\S]", "\v", true, true},
	{"\\s", "\v", false, false},
	{"\\S", "\v", true, true},
	{"\\d", "\xD9\xA1", false, false}, /* an Arabic digit */
	{"[-a]", "-", true, true},
	{"[a-]", "-", true, true},
	{"[+--]", ",", true, true},
	{"[a\\-z]", "b", false, false},
	{"[\\]]", "]", true, true},
	{"[[]", "[", true, true},
	{"[.*]", "*", true, true},
	{"[\\x00-\\x7f]", "a", true, true},
	{"]}", "]}", true, true},
	{"\\(\\)\\{\\}\\/\\-", "(){}/-", true, true},
	{"a\\ b", "a b", true, true},
	{"a b#c", "a b#c", true, true},
	{"(?:ab){2}", "abab", true, true},
	{"a{2,}", "aaa", true, true},
	{"a{2,3}?", "aaaa", false, false},
	{"a*?b+?c??", "aabbc", true, true},
	{"a{0}", "", true, true},
	{"a", "a\n", false, false}, /* the end is the end, not before a final newline */
	{"\\\\Ea", "\\Ea", true, true},
	{"😀+", "😀😀", true, true},
};

static void check_match(struct regex_match *match, const char *pattern, const char *text, bool fold, bool expected)
{
	const char *error = NULL;
	size_t offset = 0;
	bool limited = false;
	struct regex *regex = regex_compile(text_of(pattern), fold, &error, &offset);

	if (regex == NULL)
		fprintf(stderr, "\n%s: %s\n", pattern, error);
	CU_ASSERT_PTR_NOT_NULL_FATAL(regex);
	CU_ASSERT_PTR_NULL(error);
	bool holds = regex_holds(regex, match, text_of(text), &limited);
	if (holds != expected)
		fprintf(stderr, "\n%s on %s, fold %d\n", pattern, text, fold);
	CU_ASSERT_EQUAL(holds, expected);
	CU_ASSERT_FALSE(limited);
	CU_ASSERT_TRUE(text_is(regex_pattern(regex), pattern));
	regex_free(regex);
}

static void test_matches(void)
{
	struct regex_match *match = regex_match_new();
	for (size_t i = 0; i < sizeof(matches) / sizeof(matches[0]); i++) {
		check_match(match, matches[i].pattern, matches[i].text, false, matches[i].exact);
		check_match(match, matches[i].pattern, matches[i].text, true, matches[i].fold);
	}
	regex_match_free(match);
}

static const struct {
	const char *pattern;
	size_t offset;
	const char *error;
} refused[] = {
	{"a(b", 1, "not closed"},
	{"((a)", 0, "not closed"},
	{"a)", 1, "closes no group"},
	{"^a", 0, "anchors"},
	{"a$", 1, "anchors"},
	{"a\\Ab", 1, "anchors"},
	{"\\z", 0, "anchors"},
	{"\\ba", 0, "word boundaries"},
	{"a(?=b)", 1, "look-ahead"},
	{"(?!b)", 0, "look-ahead"},
	{"(?<=b)", 0, "look-behind"},
	{"(?<!b)", 0, "look-behind"},
	{"(?>b)", 0, "atomic"},
	{"(?P<n>b)", 0, "named"},
	{"(?<n>b)", 0, "named"},
	{"(?i)b", 0, "inline flags"},
	{"(?i:b)", 0, "inline flags"},
	{"(*UTF)b", 0, "verbs"},
	{"(a)\\1", 3, "back-references"},
	{"\\pL", 0, "Unicode"},
	{"\\Qa\\E", 0, "escape each"},
	{"\\0", 0, "not in the subset"},
	{"\\e", 0, "not in the subset"},
	{"\\v", 0, "not in the subset"},
	{"\\h", 0, "not in the subset"},
	{"\\é", 0, "not in the subset"},
	{"a\\", 1, "backslash ends"},
	{"\\x4", 0, "two hexadecimal"},
	{"\\xg0", 0, "two hexadecimal"},
	{"\\x{41}", 0, "two hexadecimal"},
	{"[a", 0, "not closed"},
	{"a[]", 1, "empty"},
	{"[^]", 0, "empty"},
	{"[]a]", 0, "empty"},
	{"[[:alpha:]]", 1, "POSIX"},
	{"[a[.x.]]", 2, "POSIX"},
	{"[z-a]", 1, "backwards"},
	{"[\\d-z]", 1, "range"},
	{"[a-\\d]", 1, "range"},
	{"[\\b]", 1, "word boundaries"},
	{"*a", 0, "nothing to repeat"},
	{"a|+", 2, "nothing to repeat"},
	{"(?)", 0, "inline flags"},
	{"(+a)", 1, "nothing to repeat"},
	{"{2}", 0, "nothing to repeat"},
	{"a**", 2, "into a group"},
	{"a++", 2, "possessive"},
	{"a{2}{3}", 4, "into a group"},
	{"a{,3}", 1, "\\{"},
	{"a{x", 1, "\\{"},
	{"a{2", 1, "\\{"},
	{"a{3,2}", 1, "backwards"},
	{"a{1001}", 1, "1,000"},
	{"a{1,99999999999999999999}", 1, "1,000"},
	{"(a{100}){11}", 8, "multiply"},
	{"\xC3", 0, "not UTF-8"},
	{"ab\xFF", 2, "not UTF-8"},
};

static void test_refused(void)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		const char *error = NULL;
		size_t offset = 0;
		struct regex *regex = regex_compile(text_of(refused[i].pattern), i % 2, &error, &offset);
		bool good = regex == NULL && error != NULL && offset == refused[i].offset &&
			text_contains(text_of(error), text_of(refused[i].error), false);
		if (!good)
			fprintf(stderr, "\n%s: %zu: %s\n", refused[i].pattern, offset, error != NULL ? error : "taken");
		CU_ASSERT_TRUE(good);
		regex_free(regex);
	}
}

static void test_depth(void)
{
	struct buffer pattern = {0};
	const char *error;
	size_t offset;

	for (int depth = 1; depth <= 2; depth++) {
		buffer_clear(&pattern);
		for (int i = 0; i < 100 * depth; i++)
			buffer_char(&pattern, '(');
		buffer_char(&pattern, 'a');
		for (int i = 0; i < 100 * depth; i++)
			buffer_char(&pattern, ')');
		struct regex *regex = regex_compile(buffer_view(&pattern), true, &error, &offset);
		CU_ASSERT_EQUAL(regex != NULL, depth == 1);
		if (depth == 2)
			CU_ASSERT_EQUAL(offset, 100);
		regex_free(regex);
	}
	buffer_free(&pattern);
}

static void test_limit(void)
{
	const char *error;
	size_t offset;
	bool limited = false;
	struct regex_match *match = regex_match_new();
	struct regex *regex = regex_compile(TEXT("(a+)+b"), false, &error, &offset);

	CU_ASSERT_PTR_NOT_NULL_FATAL(regex);
	CU_ASSERT_FALSE(regex_holds(regex, match, TEXT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaacb"), &limited));
	CU_ASSERT_TRUE(limited);
	limited = false;
	CU_ASSERT_TRUE(regex_holds(regex, match, TEXT("aaab"), &limited));
	CU_ASSERT_FALSE(limited);
	regex_free(regex);
	regex_match_free(match);
}

/* A stray byte is one character, so it hides nothing from `.`. */
static void test_stray_bytes(void)
{
	struct regex_match *match = regex_match_new();
	check_match(match, ".*docker.*", "x\xFF docker", false, true);
	check_match(match, "a.c", "a\xC3"
				  "c",
		false, true);
	check_match(match, "a..c", "a\xED\xA0"
				   "c",
		false, true);
	check_match(match, "ac", "a\xFF"
				 "c",
		false, false);
	regex_match_free(match);
}

static void test_escape(void)
{
	struct buffer out = {0}, literal = {0};
	struct regex_match *match = regex_match_new();

	for (int byte = 1; byte < 128; byte++)
		buffer_char(&literal, (char)byte);
	buffer_string(&literal, "é😀");
	regex_escape(&out, buffer_view(&literal));
	check_match(match, out.data, literal.data, false, true);
	buffer_clear(&out);
	regex_escape(&out, TEXT("a.b"));
	CU_ASSERT_STRING_EQUAL(out.data, "a\\.b");
	buffer_free(&out);
	buffer_free(&literal);
	regex_match_free(match);
}

/* Long values are matched, whatever the stack that JIT needs. */
static void test_long(void)
{
	struct buffer text = {0};
	const char *error;
	size_t offset;
	bool limited = false;
	struct regex_match *match = regex_match_new();
	struct regex *regex = regex_compile(TEXT("(?:a|b|cd)*"), true, &error, &offset);

	for (int i = 0; i < 20000; i++)
		buffer_string(&text, "abCd");
	CU_ASSERT_TRUE(regex_holds(regex, match, buffer_view(&text), &limited));
	CU_ASSERT_FALSE(limited);
	CU_ASSERT_TRUE(regex_holds(regex, match, (struct text){0}, &limited));
	buffer_free(&text);
	regex_free(regex);
	regex_match_free(match);
}

/* What is looked for anywhere is told like the same expression in a group, which is matched as it is written. */
static void test_sought(void)
{
	static const char *const inner[] = {"a", "a[0-9]{2}", "\\s[ab]{3}\\S", "[[a]b", "a\\]\\[b", ".b", "[^a\\]]{2}", "a?", "a|b", "(a)b",
		"a{1,2}", "\\\\", "a\\", "[ab", "\xC3\xA9", "{2}", "?a", "[b]*"};
	static const char *const texts[] = {"", "a", "b", "ab", "xa12", "xa1", "\nab\n", "a\xFF", "\xFF\x62", "\xC3\xA9", " aba!", " aba ", "a][b",
		"[b", "\\", "aa", "]]", "\n\n"};
	struct regex_match *match = regex_match_new();
	for (size_t i = 0; i < sizeof inner / sizeof inner[0]; i++) {
		char plain[64], grouped[64];
		const char *error;
		size_t offset, other;
		(void)snprintf(plain, sizeof plain, "[\\s\\S]*%s[\\s\\S]*", inner[i]);
		(void)snprintf(grouped, sizeof grouped, "(?:[\\s\\S]*%s[\\s\\S]*)", inner[i]);
		struct regex *regex = regex_compile(text_of(plain), i % 2, &error, &offset);
		struct regex *group = regex_compile(text_of(grouped), i % 2, &error, &other);
		CU_ASSERT_EQUAL(regex == NULL, group == NULL);
		CU_ASSERT(regex || offset + 3 == other);
		for (size_t k = 0; regex && group && k < sizeof texts / sizeof texts[0]; k++)
			CU_ASSERT_EQUAL(regex_holds(regex, match, text_of(texts[k]), NULL), regex_holds(group, match, text_of(texts[k]), NULL));
		CU_ASSERT(!regex || text_equal(regex_pattern(regex), text_of(plain)));
		regex_free(regex);
		regex_free(group);
	}
	regex_match_free(match);
}

static const struct {
	const char *pattern, *text, *taken; /* NULL: the text does not match */
} takes[] = {
	{"(?:[a-z]+://)?([0-9a-f]+)", "docker://0abc", "0abc"},
	{"(?:[a-z]+://)?([0-9a-f]+)", "0abc", "0abc"},
	{"(?:[a-z]+://)?([0-9a-f]+)", "docker://xyz", NULL},
	{"a(b)?c", "ac", ""},
	{"(a|b)(c)", "bc", "b"},
	{"((a)b)c", "abc", "ab"},
	{"(.*)", "", ""},
	{"(a)", "ab", NULL},
	{"(.)", "\xff", NULL},
};

static void test_take(void)
{
	struct regex_match *match = regex_match_new();
	const char *error;
	size_t offset;

	for (size_t i = 0; i < sizeof(takes) / sizeof(takes[0]); i++) {
		struct regex *regex = regex_compile_taking(text_of(takes[i].pattern), &error, &offset);
		struct text taken = {0};
		CU_ASSERT_PTR_NOT_NULL_FATAL(regex);
		CU_ASSERT_EQUAL(regex_take(regex, match, text_of(takes[i].text), &taken), takes[i].taken != NULL);
		if (takes[i].taken != NULL)
			CHECK_TEXT(taken, takes[i].taken);
		regex_free(regex);
	}
	CU_ASSERT_PTR_NULL(regex_compile_taking(TEXT("a(?:b)c"), &error, &offset));
	CU_ASSERT_PTR_NOT_NULL(error);
	CU_ASSERT_PTR_NULL(regex_compile_taking(TEXT("(a"), &error, &offset));
	regex_match_free(match);
}

void suite_regex(void)
{
	CU_pSuite suite = unit_suite("regex");
	unit_add(suite, "what matches", test_matches);
	unit_add(suite, "what is refused, and where", test_refused);
	unit_add(suite, "depth is bounded", test_depth);
	unit_add(suite, "the match limit", test_limit);
	unit_add(suite, "stray bytes", test_stray_bytes);
	unit_add(suite, "escape", test_escape);
	unit_add(suite, "what a group takes", test_take);
	unit_add(suite, "long values", test_long);
	unit_add(suite, "what is sought", test_sought);
}
