/* Falco's regular expressions, both ways. */
#include "catalog/regex.h"
#include "generator/falco/pieces.h"
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

/* --- long ones --- */

static bool holds(struct text regex, bool fold, struct text text)
{
	const char *error;
	size_t offset;
	bool limited = false;
	struct regex *compiled = regex_compile(regex, fold, &error, &offset);
	struct regex_match *match = regex_match_new();

	CU_ASSERT_PTR_NOT_NULL_FATAL(compiled);
	bool answer = regex_holds(compiled, match, text, &limited);

	regex_match_free(match);
	regex_free(compiled);
	return answer;
}

/* `PREFIX(word0|word1|…)SUFFIX` with so many words. */
static struct text many(const char *prefix, const char *suffix, unsigned words)
{
	struct buffer out = {0};

	buffer_string(&out, prefix);
	for (unsigned i = 0; i < words; i++)
		buffer_printf(&out, "%sword%u/[a-c|)]+", i > 0 ? "|" : "", i);
	buffer_string(&out, suffix);
	struct text text = text_copy(&arena, buffer_view(&out));

	buffer_free(&out);
	return text;
}

/* Each piece is short enough, and together they match what the whole matches. */
static size_t check_pieces(struct text regex, bool fold)
{
	static const char *const texts[] = {"word0/a", "-v word0/b:rw", "-v word17/|:rw", "-v word59/ca)", "-v word60/a:rw", "-v :rw", "-v",
		"-v WORD3/A:rw", "-vword1/ab:ro", "x", "", "-v word1/a:rw word2/b", "abc", "a(b", "-v /etc:rw", "word2/aword3/b"};
	struct rule_test test = {.op = TEST_REGEX, .fold = fold};
	struct text *pieces;
	size_t count = falco_pieces(&arena, &test, regex, &pieces);

	for (size_t i = 0; i < count; i++) {
		struct buffer out = {0};

		falco_regex_write(&out, pieces[i], fold, false);
		CU_ASSERT(out.length <= FALCO_VALUE_MOST);
		buffer_free(&out);
	}
	for (size_t i = 0; count > 0 && i < sizeof(texts) / sizeof(*texts); i++) {
		bool any = false;

		for (size_t k = 0; k < count; k++)
			any = any || holds(pieces[k], fold, text_of(texts[i]));
		CU_ASSERT_EQUAL(any, holds(regex, fold, text_of(texts[i])));
	}
	return count;
}

static void test_pieces(void)
{
	CHECK_LONG(check_pieces(TEXT("short|regex"), false), 1);
	CU_ASSERT(check_pieces(many("", "", 60), false) > 2);
	CU_ASSERT(check_pieces(many("-v ?(", "):r[wo]", 60), false) > 2);
	CU_ASSERT(check_pieces(many("-v ?(", "):r[wo]", 60), true) > 4);
	CU_ASSERT(check_pieces(many("-v ?(:rw|(?:", ")(:rw)?)", 60), false) > 2);
	CU_ASSERT(check_pieces(many("-v (", ")?:rw", 60), false) > 2);
	CU_ASSERT(check_pieces(many("((x|y)+|[(]|\\(|(", "))", 60), false) > 2);
	/* What is repeated cannot be cut, nor what has no alternatives. */
	CHECK_LONG(check_pieces(many("(", ")+", 60), false), 0);
	struct buffer longest = {0};

	for (unsigned i = 0; i < 300; i++)
		buffer_char(&longest, 'a');
	CHECK_LONG(check_pieces(buffer_view(&longest), false), 0);
	buffer_free(&longest);
}

/* Does the tree of REGEX tests hold on the text? Each expression is short enough. */
static bool tree_holds(const struct rule_node *node, struct text text)
{
	bool all = true, any = false;

	if (node->kind == RULE_TRUE || node->kind == RULE_FALSE)
		return node->kind == RULE_TRUE;
	for (size_t i = 0; i < node->test.count; i++) {
		CU_ASSERT(falco_regex_fits(node->test.values[i], node->test.fold, node->test.lines, FALCO_VALUE_MOST));
		any = any || holds(node->test.values[i], false, text);
	}
	for (size_t i = 0; i < node->count; i++) {
		bool child = tree_holds(node->children[i], text);

		all = all && child;
		any = any || child;
	}
	return node->kind == RULE_AND ? all : any;
}

/* What cannot be cut is loosened: above and below the whole, and still far from everything. */
static void check_loosened(const char *regex, const char *const *matching, const char *const *others)
{
	struct text value = text_of(regex);
	struct rule_test test = {.name = TEXT("proc.exeline"), .op = TEST_REGEX, .values = &value, .count = 1};

	CU_ASSERT_FALSE(falco_cuttable(&test, value));
	struct bounds bounds = falco_loosen(&arena, &test);

	CU_ASSERT_FALSE(bounds.exact);
	for (size_t i = 0; matching[i] != NULL; i++) {
		CU_ASSERT_TRUE(holds(value, false, text_of(matching[i])));
		CU_ASSERT_TRUE(tree_holds(bounds.upper, text_of(matching[i])));
	}
	for (size_t i = 0; others[i] != NULL; i++) {
		CU_ASSERT_FALSE(tree_holds(bounds.upper, text_of(others[i])));
		CU_ASSERT_FALSE(tree_holds(bounds.lower, text_of(others[i])));
	}
}

#define WRAPPERS "(([^\\s]*/)?(sudo|doas|env|nohup|setsid|timeout|nice|busybox|toybox|(ba|da)?sh|python[0-9.]*|perl)" \
	"\\s(-\\S+\\s(\\w+\\s)?|\\w+=\\S*\\s|[0-9]+[smh]?\\s)*)*([^\\s]*/)?"
#define TOOLS "(rkhunter|chkrootkit|linpeas|linenum|pspy64|pspy32|deepce|amicontained|botb|peirates|kubeletctl|kube-hunter)"
#define MODES "(--everything|--thorough-tests|--no-color-output|--report-to-file|--export-everything|--silent-mode-please)"

static void test_loosened(void)
{
	static const char *const matching[] = {"crontab", "sudo crontab -e", "sudo -u root env A=b /usr/bin/crontab -", NULL};
	static const char *const others[] = {"cron", "vi /etc/crontab", "crontabs -e", "sudo ls", "", NULL};
	static const char *const run[] = {"sudo /opt/linpeas --no-color-output", "pspy64 x --everything", NULL};
	static const char *const not_run[] = {"sudo /opt/linpeas --quiet", "ls --everything", "linpeas", "", NULL};

	check_loosened(WRAPPERS WRAPPERS "crontab(\\s[\\s\\S]*)?", matching, others);
	check_loosened(WRAPPERS TOOLS "\\s(.*\\s)?" MODES WRAPPERS, run, not_run);
	struct buffer longest = {0};

	for (unsigned i = 0; i < 300; i++)
		buffer_char(&longest, i < 150 ? 'a' : 'b');
	struct text whole = buffer_view(&longest);
	struct rule_test test = {.name = TEXT("proc.exeline"), .op = TEST_REGEX, .values = &whole, .count = 1};
	struct bounds bounds = falco_loosen(&arena, &test);

	CU_ASSERT_TRUE(tree_holds(bounds.upper, whole));
	CU_ASSERT_FALSE(tree_holds(bounds.upper, text_slice(whole, 60, whole.length)));
	CU_ASSERT_FALSE(tree_holds(bounds.lower, whole)); /* nothing can say so much */
	buffer_free(&longest);
}

/* What RE2 refuses in its POSIX syntax, or reads otherwise, is spelled out. */
static void test_write(void)
{
	CHECK_TEXT(written("a[.]b", false), "a[.]b");
	CHECK_TEXT(written("(?:a|b)c", false), "(a|b)c");
	CHECK_TEXT(written("a+?b*?c??d{2,3}?", false), "a+b*c?d{2,3}");
	CHECK_TEXT(written("\\s\\S\\d\\D\\w", false), "[\t\n\f\r ][^\t\n\f\r ][0-9][^0-9][[:word:]]");
	CHECK_TEXT(written("[^\\s;]+", false), "[^\t\n\f\r ;]+");
	CHECK_TEXT(written("[\\w.-]", false), "[[:word:].-]");
	CHECK_TEXT(written("tcp", true), "[tT][cC][pP]");
	CHECK_TEXT(written("[a-f0]\\.x\\x41", true), "[a-fA-F0]\\.[xX][Aa]");
	CHECK_TEXT(written("\\(\\\\", false), "\\(\\\\");
	CHECK_TEXT(written("é{2}", true), "é{2}");
	CHECK_TEXT(written("[\\s\\S]*a", false), "(.|\n)*a");
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

	UNIT_TEST(suite, test_pieces);
	UNIT_TEST(suite, test_loosened);
	UNIT_TEST(suite, test_write);
	UNIT_TEST(suite, test_read);
	UNIT_TEST(suite, test_both);
	UNIT_TEST(suite, test_globs);
}
