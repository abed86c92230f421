/* Falco's regular expressions, both ways. */
#include "catalog/regex.h"
#include "generator/falco/regex.h"
#include "tests/unit/unit.h"

static struct arena arena;

static struct text written(const char *regex, bool fold)
{
	struct buffer out = {0};

	falco_regex_write(&out, text_of(regex), fold, false);
	struct text text = text_copy(&arena, buffer_view(&out));

	buffer_free(&out);
	return text;
}

static struct text subset(const char *regex)
{
	struct text text;
	const char *error;

	return falco_regex_read(&arena, text_of(regex), &text, &error) ? text : text_of(error);
}

/* What RE2 refuses in its POSIX syntax, or reads otherwise, is spelled out. */
static void test_write(void)
{
	CHECK_TEXT(written("a[.]b", false), "a[.]b");
	CHECK_TEXT(written("(?:a|b)c", false), "(a|b)c");
	CHECK_TEXT(written("a+?b*?c??d{2,3}?", false), "a+b*c?d{2,3}");
	CHECK_TEXT(written("\\s\\S\\d\\D\\w", false), "[\\t\\n\\f\\r ][^\\t\\n\\f\\r ][0-9][^0-9][0-9A-Za-z_]");
	CHECK_TEXT(written("[^\\s;]+", false), "[^\\t\\n\\f\\r ;]+");
	CHECK_TEXT(written("[\\w.-]", false), "[0-9A-Za-z_.-]");
	CHECK_TEXT(written("tcp", true), "[tT][cC][pP]");
	CHECK_TEXT(written("[a-f0]\\.x\\x41", true), "[a-fA-F0]\\.[xX][Aa]");
	CHECK_TEXT(written("\\(\\\\", false), "\\(\\\\");
	CHECK_TEXT(written("é{2}", true), "é{2}");
	CHECK_TEXT(written("[\\s\\S]*a", false), "(.|\\n)*a");
}

static void test_read(void)
{
	CHECK_TEXT(subset("^a+$"), "a+");
	CHECK_TEXT(subset("[[:digit:]x]+"), "[0-9x]+");
	CHECK_TEXT(subset("\\x{41}\\v\\101"), "A\\x0bA");
	CHECK_TEXT(subset("{a}"), "\\{a\\}");
	CHECK_TEXT(subset("a{x"), "a\\{x");
	CHECK_TEXT(subset("[]a]"), "[\\]a]");
	CHECK_CONTAINS(subset("\\s+"), "POSIX syntax");
	CHECK_CONTAINS(subset("(?i)a"), "repeats nothing");
	CHECK_CONTAINS(subset("(?:a)"), "repeats nothing");
	CHECK_CONTAINS(subset("a^b"), "anchor");
	CHECK_CONTAINS(subset("a+?"), "repeats a repetition");
	CHECK_CONTAINS(subset("[a"), "not closed");
	CHECK_CONTAINS(subset("(a"), "");
}

/* Written and read back it is equal on texts that tell the sets apart. */
static void test_both(void)
{
	static const char *const regexes[] = {"\\S+\\s(?:-[A-Z]+?)?", "[^\\W_]+", "[\\D]x", "(a|B)*?\\.\\x2f", "[\\S]+ [^\\d]"};
	static const char *const texts[] = {"ls -LA", "ab9", "_", "_x", "aBb./", "A./", "é 1", "a b", "1 \n", "9x", " x", "ls ", "AB./"};
	struct regex_match *match = regex_match_new();

	for (size_t i = 0; i < sizeof(regexes) / sizeof(*regexes) * 2; i++) {
		const char *error, *source = regexes[i / 2];
		bool fold = i % 2, limited = false;
		size_t offset;
		struct text again, engine = written(source, fold);

		CU_ASSERT_TRUE_FATAL(falco_regex_read(&arena, engine, &again, &error));
		struct regex *a = regex_compile(text_of(source), fold, &error, &offset);
		struct regex *b = regex_compile(again, false, &error, &offset);

		for (size_t k = 0; k < sizeof(texts) / sizeof(*texts); k++)
			CU_ASSERT_EQUAL(regex_holds(a, match, text_of(texts[k]), &limited), regex_holds(b, match, text_of(texts[k]), &limited));
		regex_free(a);
		regex_free(b);
	}
	regex_match_free(match);
}

static void test_globs(void)
{
	bool plain;

	CHECK_TEXT(falco_glob_regex(&arena, TEXT("/etc/*.conf"), &plain), "/etc/(.|\\n)*\\.conf");
	CU_ASSERT_TRUE(plain);
	CHECK_TEXT(falco_glob_regex(&arena, TEXT("a[!b-d]\\*?"), &plain), "a[^b-d]\\*(.|\\n)");
	CU_ASSERT_FALSE(plain);
	CHECK_TEXT(falco_glob_regex(&arena, TEXT("a[b"), &plain), "a\\[b");
	CHECK_TEXT(falco_glob_regex(&arena, TEXT("[]x]"), &plain), "[\\]x]");
	arena_free(&arena);
}

void suite_falco_regex(void)
{
	CU_pSuite suite = unit_suite("falco_regex");

	UNIT_TEST(suite, test_write);
	UNIT_TEST(suite, test_read);
	UNIT_TEST(suite, test_both);
	UNIT_TEST(suite, test_globs);
}
