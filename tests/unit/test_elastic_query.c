/* elastic: queries as they are written, and as they are read; a property holds both together. */
#include "generator/elastic/ask.h"
#include "generator/elastic/lucene.h"
#include "generator/elastic/query.h"
#include "generator/elastic/quote.h"
#include "generator/elastic/trail.h"

#include "catalog/regex.h"
#include "generator/target.h"
#include "tests/unit/ruling.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

/* --- texts --- */

static void check_quoted(const char *text, const char *expected)
{
	struct buffer out = {0};

	elastic_quote(&out, text_of(text));
	CHECK_TEXT(buffer_view(&out), expected);
	buffer_free(&out);
}

static void test_quotes(void)
{
	check_quoted("bash", "\"bash\"");
	check_quoted("say \"hi\"", "\"say \\\"hi\\\"\"");
	check_quoted("C:\\temp", "\"\"\"C:\\temp\"\"\"");
	check_quoted("a\\\"", "\"a\\\\\\\"\"");
	check_quoted("a\\\n", "\"a\\\\\\n\"");
	check_quoted("bell\a", "\"bell\\u{07}\"");
	CU_ASSERT_FALSE(elastic_quotable(TEXT("\xff")));
	CU_ASSERT_FALSE(elastic_quotable((struct text){"a\0b", 3}));
	CU_ASSERT_TRUE(elastic_quotable(TEXT("\xc3\xa9")));
}

static void test_names(void)
{
	struct buffer out = {0};

	elastic_name(&out, TEXT("process.name"));
	elastic_name(&out, TEXT("@timestamp"));
	elastic_name(&out, TEXT("a.b-c"));
	elastic_name(&out, TEXT("a..b"));
	elastic_name(&out, TEXT("1a"));
	CHECK_TEXT(buffer_view(&out), "process.name@timestamp`a.b-c``a..b``1a`");
	buffer_free(&out);
}

static void test_patterns(void)
{
	struct arena arena = {0};
	struct buffer out = {0};

	CU_ASSERT_TRUE(elastic_can_like(&arena, TEXT("a*b?c\\\\d")));
	CU_ASSERT_FALSE(elastic_can_like(&arena, TEXT("a\\*b*")));
	elastic_like(&arena, &out, TEXT("a*b?c\\\\d"));
	CHECK_TEXT(buffer_view(&out), "a*b?c\\d");
	CHECK_TEXT(elastic_like_read(&arena, TEXT("C:\\*")), "C:\\\\*");
	CU_ASSERT_TRUE(elastic_wildcard(TEXT("C:\\*x"), TEXT("c:\\a\nx"), true));
	CU_ASSERT_FALSE(elastic_wildcard(TEXT("a?"), TEXT("a"), false));
	CU_ASSERT_TRUE(elastic_wildcard(TEXT("a?c"), TEXT("a\xc3\xa9""c"), false));
	buffer_free(&out);
	arena_free(&arena);
}

/* --- regular expressions --- */

static void check_written(const char *regex, const char *expected)
{
	struct buffer out = {0};
	bool fine = lucene_write(&out, text_of(regex));

	CHECK_TEXT(fine ? buffer_view(&out) : TEXT("(refused)"), expected);
	buffer_free(&out);
}

static void check_read(const char *regex, const char *expected)
{
	struct buffer out = {0};
	const char *error = NULL;
	bool fine = lucene_read(&out, text_of(regex), &error);

	CHECK_TEXT(fine ? buffer_view(&out) : text_of(error), expected);
	buffer_free(&out);
}

static void test_regexes_written(void)
{
	check_written("a.b", "a[^\n]b");
	check_written("[\\s\\S]*a(.|\\n)", ".*a.");
	check_written("\\d+\\w\\s", "[0-9]+[A-Za-z0-9_][ \t\n\f\r]");
	check_written("\\D[\\d_]", "[^0-9][0-9_]");
	check_written("[\\Dx]", "(refused)");
	check_written("a*?b{2,3}?", "a*b{2,3}");
	check_written("(?:a|b)", "(a|b)");
	check_written("x@y~z#<&>\"", "x\\@y\\~z\\#\\<\\&\\>\\\"");
	check_written("\\x41\\xe9\\n", "A\xc3\xa9\n");
	check_written("\\x00", "(refused)");
	check_written("[a\\]b-]", "[a\\]b\\-]");
	check_written("[^:]*\\.sh", "[^:]*\\.sh");
}

static void test_regexes_read(void)
{
	check_read("a.b", "a[\\s\\S]b");
	check_read("\"a.b\"+", "(?:a\\.b)+");
	check_read("a+?", "(?:a+)?");
	check_read("^a$", "\\^a\\$");
	check_read("\\s[\\s_]", "[ \\t\\n\\r][ \\t\\n\\r_]");
	check_read("a@b", "a(?:[\\s\\S]*)b");
	check_read("a\\@b", "a@b");
	check_read("a~b", "complement, intersection, empty language and number intervals of Lucene have no equal here");
	check_read("(a", "a group is not closed");
	check_read("a)", "a group is closed that was not opened");
	check_read("*a", "a repetition stands behind nothing");
	check_read("[a", "a set of characters is not closed");
	check_read("\xc3\xa9+", "\xc3\xa9+");
}

/* The longest text between quotes. */
static size_t longest_quoted(struct text query)
{
	size_t longest = 0;

	for (size_t i = 0, from = SIZE_MAX; i < query.length; i++) {
		if (query.data[i] != '"')
			continue;
		longest = from != SIZE_MAX && i - from - 1 > longest ? i - from - 1 : longest;
		from = i;
	}
	return longest;
}

/* Elasticsearch refuses a search with an expression of more than 1,000 characters. */
static void test_long_regexes(void)
{
	struct arena arena = {0};
	struct buffer regex = {0}, out = {0};
	struct rule_test test = {.name = TEXT("process.command_line"), .op = TEST_REGEX, .count = 1};
	const char *error;
	size_t offset;

	for (unsigned i = 0; i < 300; i++)
		buffer_printf(&regex, "%sword%u", i > 0 ? "|" : "tar (", i);
	buffer_string(&regex, ") .*");
	struct text value = text_copy(&arena, buffer_view(&regex)), repeated;

	test.values = &value;
	CU_ASSERT_TRUE(elastic_accepts(&test));
	elastic_query(&arena, &out, rule_true(), rule_test(&arena, &test), 0);
	struct text query = text_copy(&arena, buffer_view(&out));
	struct eql_query *read = eql_parse(&arena, query, &error, &offset);

	CU_ASSERT(longest_quoted(query) <= 1000 && longest_quoted(query) > 500);
	CU_ASSERT_PTR_NOT_NULL_FATAL(read);
	CU_ASSERT_EQUAL(read->steps[0].where->kind, EQL_OR); /* no list of more than that either */
	CU_ASSERT_TRUE(text_contains(query, TEXT("word299"), false));
	/* What is repeated cannot be cut. */
	repeated = text_of(arena_printf(&arena, "(%.*s)+", TEXT_ARGS(value)));
	test.values = &repeated;
	CU_ASSERT_FALSE(elastic_accepts(&test));
	buffer_free(&regex);
	buffer_free(&out);
	arena_free(&arena);
}

/* What is written of an expression and read back fits the same texts. */
static void test_regexes_agree(void)
{
	static const char *const regexes[] = {"a.b", ".*x", "(ab|c)*?d", "[^a-c]+", "\\d{2,3}", "\\w+\\s\\S*",
		"a\\.b|c\\\\", "[\\w.-]+@x", "(?:a?b)+", "[]", "\\x41|\\t", "#<>~&\"", "(.|\\n)*y"};
	static const char *const texts[] = {"", "a.b", "axb", "a\nb", "ab\nx", "ababd", "cd", "d", "zz", "12", "123",
		"1234", "ab cd", "c\\", "a-b@x", "abb", "A", "\t", "#<>~&\"", "1\n\ny", "\xc3\xa9"};
	struct evaluator *e = evaluator_new();

	for (size_t i = 0; i < sizeof(regexes) / sizeof(*regexes); i++) {
		struct buffer theirs = {0}, ours = {0};
		const char *error = NULL;
		size_t offset;
		struct regex *regex = regex_compile(text_of(regexes[i]), false, &error, &offset);

		if (regex == NULL)
			continue;
		regex_free(regex);
		CU_ASSERT_TRUE(lucene_write(&theirs, text_of(regexes[i])));
		CU_ASSERT_TRUE(lucene_read(&ours, buffer_view(&theirs), &error));
		for (size_t k = 0; k < sizeof(texts) / sizeof(*texts); k++) {
			bool a = evaluate_regex(e, text_of(regexes[i]), false, text_of(texts[k]));
			bool b = evaluate_regex(e, buffer_view(&ours), false, text_of(texts[k]));

			if (a != b)
				fprintf(stderr, "%s | %s | %s on %s\n", regexes[i], theirs.data, ours.data, texts[k]);
			CU_ASSERT_EQUAL(a, b);
		}
		buffer_free(&theirs);
		buffer_free(&ours);
	}
	evaluator_free(e);
}

/* --- reading queries --- */

static void print_eql(const struct eql_node *node, struct buffer *out)
{
	static const char *const ops[] = {"null", "there", "bare", "==", "!=", "<", "<=", ">", ">=", "like", "regex",
		"starts", "ends", "contains", "cidr"};
	static const char *const kinds[] = {"false", "true", "and", "or", "not"};
	const struct eql_test *test = &node->test;

	if (node->kind != EQL_TEST) {
		buffer_printf(out, "(%s", kinds[node->kind]);
		for (size_t i = 0; i < node->count; i++) {
			buffer_char(out, ' ');
			print_eql(node->children[i], out);
		}
		buffer_char(out, ')');
		return;
	}
	buffer_printf(out, "[%s%.*s %s%s", test->length ? "#" : "", TEXT_ARGS(test->field), ops[test->op], test->fold ? "~" : "");
	for (size_t i = 0; i < test->count; i++)
		buffer_printf(out, " %.*s", TEXT_ARGS(test->values[i].text));
	buffer_printf(out, "%s%.*s]", test->other.length ? " field " : "", TEXT_ARGS(test->other));
}

static void check_parsed(const char *source, const char *expected)
{
	struct arena arena = {0};
	struct buffer out = {0};
	const char *error = NULL;
	size_t offset = 0;
	struct eql_query *query = eql_parse(&arena, text_of(source), &error, &offset);

	if (query == NULL)
		buffer_printf(&out, "%zu: %s", offset, error);
	for (size_t i = 0; query != NULL && i < query->count; i++) {
		const struct eql_step *step = &query->steps[i];

		buffer_printf(&out, "%s%s%.*s ", i > 0 ? " / " : "", step->missing ? "!" : "", TEXT_ARGS(step->category));
		print_eql(step->where, &out);
		for (size_t k = 0; k < step->by_count; k++)
			buffer_printf(&out, " by %.*s", TEXT_ARGS(step->by[k]));
		if (step->runs > 1)
			buffer_printf(&out, " runs %zu", step->runs);
	}
	CHECK_TEXT(buffer_view(&out), expected);
	buffer_free(&out);
	arena_free(&arena);
}

static void test_parser(void)
{
	check_parsed("process where true", "process (true)");
	check_parsed("any where a == \"x\" and not b : (\"y*\", \"z\") or c", " (or (and [a == x] (not [b like~ y* z])) [c bare])");
	check_parsed("any where a not in (1, 2) and ?b != null", " (and (not [a == 1 2]) [b there])");
	check_parsed("any where 5 <= length(a)", " [#a >= 5]");
	check_parsed("any where null != a and true == b", " (and [a there] [b == true])");
	check_parsed("any where startsWith~(a, \"x\") and stringContains(a, b.c)", " (and [a starts~ x] [a contains field b.c])");
	check_parsed("any where cidrmatch(a, \"10.0.0.0/8\", \"::1\")", " [a cidr 10.0.0.0/8 ::1]");
	check_parsed("any where a == \"\\\"\\u{e9}\\n\" /* /* nested */ */ // end", " [a == \"\xc3\xa9\n]");
	check_parsed("any where a == \"\"\"C:\\\"x\"\"\"\"", " [a == C:\\\"x\"]");
	check_parsed("sequence by a with maxspan = 5 m [x where true] by b with runs=3 ![y where c] by d until [z where true] by e",
		"x (true) by b runs 3 / !y [c bare] by d");
	check_parsed("sample by a [x where true] [y where true]", "x (true) / y (true)");
}

static void test_parser_refuses(void)
{
	check_parsed("process where concat(a, b) == \"x\"", "14: the function concat is not taken");
	check_parsed("process where a == 'x'", "19: strings stand in double quotes");
	check_parsed("process where a == \"x", "19: a string is not closed");
	check_parsed("process where a", "process [a bare]");
	check_parsed("process where a == \"x\" | head 5", "23: pipes are not taken");
	check_parsed("process where a + 1 == 2", "16: the query goes on where it should end");
	check_parsed("process a == 1", "8: where is expected here");
	check_parsed("sequence [x where true]", "23: a sequence has two steps or more");
	check_parsed("sequence [x where true] by a [y where true]", "0: the steps are joined by different numbers of fields");
	check_parsed("process where a == \"\\q\"", "19: there is no such escape");
	check_parsed("process where /* a", "14: a comment is not closed");
	check_parsed("", "0: an event category is expected here");
}

/* --- three answers --- */

static enum answer asked(const char *expression, const char *name, const struct text *values, size_t count)
{
	struct arena arena = {0};
	struct sights sights = {NULL, 0};
	struct sight *sight = sight_add(&arena, &sights, NULL, TEXT("endpoint"));
	struct evaluator *e = evaluator_new();
	const char *error = NULL;
	size_t offset = 0;
	struct eql_query *query = eql_parse(&arena, text_of(arena_printf(&arena, "any where %s", expression)), &error, &offset);

	CU_ASSERT_PTR_NOT_NULL_FATAL(query);
	sight_set_list(&arena, sight, name, values, count);
	enum answer answer = elastic_ask(e, query->steps[0].where, sight);

	evaluator_free(e);
	arena_free(&arena);
	return answer;
}

static void test_answers(void)
{
	const struct text one[] = {TEXT("a")}, two[] = {TEXT("a"), TEXT("b")}, number[] = {TEXT("7")}, ip[] = {TEXT("10.1.2.3")};

	CHECK_LONG(asked("f == \"a\"", "g", one, 1), ANSWER_UNKNOWN);
	CHECK_LONG(asked("not f == \"a\"", "g", one, 1), ANSWER_UNKNOWN);
	CHECK_LONG(asked("f != \"a\"", "g", one, 1), ANSWER_UNKNOWN);
	CHECK_LONG(asked("f == null", "g", one, 1), ANSWER_TRUE);
	CHECK_LONG(asked("not f != null", "g", one, 1), ANSWER_TRUE);
	CHECK_LONG(asked("f == \"a\" or g == \"a\"", "g", one, 1), ANSWER_TRUE);
	CHECK_LONG(asked("f == \"a\" and g == \"b\"", "g", one, 1), ANSWER_FALSE);
	CHECK_LONG(asked("not (f == \"a\" and g == \"b\")", "g", one, 1), ANSWER_TRUE);
	CHECK_LONG(asked("f != \"a\"", "f", two, 2), ANSWER_FALSE);
	CHECK_LONG(asked("f != \"c\"", "f", two, 2), ANSWER_TRUE);
	CHECK_LONG(asked("f : \"B\"", "f", two, 2), ANSWER_TRUE);
	CHECK_LONG(asked("f == \"B\"", "f", two, 2), ANSWER_FALSE);
	CHECK_LONG(asked("f == 7 and f >= 7 and not f < 7", "f", number, 1), ANSWER_TRUE);
	CHECK_LONG(asked("length(f) == 1", "f", one, 1), ANSWER_TRUE);
	CHECK_LONG(asked("cidrMatch(f, \"10.0.0.0/8\")", "f", ip, 1), ANSWER_TRUE);
	CHECK_LONG(asked("f regex \"[0-9.]+\"", "f", ip, 1), ANSWER_TRUE);
	CHECK_LONG(asked("startsWith(f, f)", "f", one, 1), ANSWER_TRUE);
	CHECK_LONG(asked("f == null", "f", NULL, 0), ANSWER_TRUE);
}

/* --- what is written means what the tree means --- */

static struct rule_node *random_test(struct arena *arena, uint64_t *state)
{
	static const char *const names[] = {"a", "b", "c.d"};
	static const char *const texts[] = {"x", "xy", "X", "y*", "", "a\"\\", "x?y", "\n"};
	static const char *const patterns[] = {"x*", "*y", "*\\**", "?", "x\\?y", "*"};
	static const char *const regexes[] = {"x.*", "[^x]+", "(.|\\n)*y", "x|y\\*", "\\w+"};
	struct text *values = arena_array(arena, 2, sizeof(*values));
	struct rule_test test = {
		.name = text_of(names[ruling_random(state) % 3]), .values = values, .count = 1 + ruling_random(state) % 2};

	test.op = (enum test_operator[]){TEST_PRESENT, TEST_EQUAL, TEST_LIKE, TEST_REGEX, TEST_STARTS, TEST_ENDS,
		TEST_CONTAINS}[ruling_random(state) % 7];
	test.fold = ruling_random(state) % 4 == 0;
	for (size_t i = 0; i < test.count; i++) {
		uint64_t pick = ruling_random(state);

		values[i] = text_of(test.op == TEST_LIKE ? patterns[pick % 6]
				: test.op == TEST_REGEX          ? regexes[pick % 5]
												 : texts[pick % 8]);
		if (values[i].length == 0)
			values[i] = TEXT("z");
	}
	if (test.op == TEST_PRESENT)
		test.count = 0;
	return rule_test(arena, &test);
}

static struct rule_node *random_tree(struct arena *arena, uint64_t *state, unsigned depth)
{
	struct rule_node *parts[3];
	size_t count = 2 + ruling_random(state) % 2;

	if (depth == 0 || ruling_random(state) % 4 == 0)
		return random_test(arena, state);
	if (ruling_random(state) % 3 == 0)
		return rule_not(arena, random_tree(arena, state, depth - 1));
	for (size_t i = 0; i < count; i++)
		parts[i] = random_tree(arena, state, depth - 1);
	return ruling_random(state) % 2 ? rule_and(arena, parts, count) : rule_or(arena, parts, count);
}

static void random_sight(struct arena *arena, uint64_t *state, struct sight *sight)
{
	static const char *const names[] = {"a", "b", "c.d"};
	static const struct text texts[] = {
		{"x", 1}, {"xy", 2}, {"X", 1}, {"y*", 2}, {"a\"\\", 3}, {"x?y", 3}, {"\n", 1}, {"x\ny", 3}, {"z", 1}};

	for (size_t i = 0; i < 3; i++) {
		struct text *values = arena_array(arena, 2, sizeof(*values));
		size_t count = ruling_random(state) % 3;

		for (size_t k = 0; k < count; k++)
			values[k] = texts[ruling_random(state) % 9];
		if (count > 0)
			sight_set_list(arena, sight, names[i], values, count);
	}
}

/* The other reading of a query: what Elasticsearch makes of `not` and `!=` lets a missing field pass. */
static bool asked_as_filter(struct evaluator *e, const struct eql_node *node, const struct sight *sight)
{
	bool any = node->kind == EQL_OR;

	if (node->kind == EQL_NOT)
		return !asked_as_filter(e, node->children[0], sight);
	if (node->kind == EQL_TEST && elastic_ask(e, node, sight) == ANSWER_UNKNOWN)
		return node->test.op == EQL_NOT_EQUAL;
	if (node->kind != EQL_AND && node->kind != EQL_OR)
		return elastic_ask(e, node, sight) == ANSWER_TRUE;
	for (size_t i = 0; i < node->count; i++) {
		if (asked_as_filter(e, node->children[i], sight) == any)
			return any;
	}
	return !any;
}

static void test_written_means_the_same(void)
{
	const struct target *target = target_find(TEXT("elastic"));
	struct evaluator *e = evaluator_new();
	uint64_t state = 20261125;
	size_t exact = 0, differing = 0;

	for (unsigned round = 0; round < 4000 && differing == 0; round++) {
		struct arena arena = {0};
		struct bounds bounds = target_fit(&arena, target, random_tree(&arena, &state, 3));
		struct buffer out = {0};
		const char *error = NULL;
		size_t offset = 0;

		elastic_query(&arena, &out, rule_true(), bounds.upper, 2);
		struct eql_query *query = eql_parse(&arena, buffer_view(&out), &error, &offset);

		if (query == NULL)
			fprintf(stderr, "%s\n%s at %zu\n", out.data, error, offset);
		CU_ASSERT_PTR_NOT_NULL_FATAL(query);
		exact += bounds.exact;
		for (unsigned k = 0; k < 12 && differing == 0; k++) {
			struct sights sights = {NULL, 0};
			struct sight *sight = sight_add(&arena, &sights, NULL, TEXT(""));

			random_sight(&arena, &state, sight);
			bool meant = sight_holds(e, bounds.upper, sight);
			enum answer said = elastic_ask(e, query->steps[0].where, sight);

			/* Nothing that is written leaves an answer open where it matters. */
			differing += meant != (said == ANSWER_TRUE) || meant != asked_as_filter(e, query->steps[0].where, sight);
			if (differing > 0) {
				struct buffer shown = {0};

				sight_print(sight, &shown);
				fprintf(stderr, "%s\nmeant %d, said %d\n%s\n", out.data, meant, said, shown.data);
				buffer_free(&shown);
			}
		}
		buffer_free(&out);
		arena_free(&arena);
	}
	CHECK_LONG(differing, 0);
	CU_ASSERT(exact > 3000);
	evaluator_free(e);
}

/* --- sequences --- */

static const char *followed(const char *query_text, const char *events)
{
	static char fired[64];
	struct arena arena = {0};
	struct evaluator *e = evaluator_new();
	const char *error = NULL;
	size_t offset = 0, count = 0;
	struct eql_query *query = eql_parse(&arena, text_of(query_text), &error, &offset);

	CU_ASSERT_PTR_NOT_NULL_FATAL(query);
	struct trail *trail = trail_new(&arena, query);

	memset(fired, 0, sizeof(fired));
	for (size_t i = 0; events[i] != '\0'; i += 2) { /* a letter: what; a digit: whose; one each second */
		struct sights sights = {NULL, 0};
		struct sight *sight = sight_add(&arena, &sights, NULL, TEXT(""));
		const struct sight *asked_of[] = {sight};

		if (events[i] == '.')
			continue;
		sight_set(&arena, sight, "what", text_of(arena_strndup(&arena, &events[i], 1)));
		sight_set(&arena, sight, "who", text_of(arena_strndup(&arena, &events[i + 1], 1)));
		if (trail_take(trail, e, asked_of, 1, (int64_t)(i / 2) * 1000000000) != NULL && count + 3 < sizeof(fired))
			count += (size_t)snprintf(fired + count, sizeof(fired) - count, "%zu ", i / 2);
	}
	evaluator_free(e);
	arena_free(&arena);
	return fired;
}

static void test_sequences(void)
{
	static const char ab[] = "sequence by who with maxspan=3s [any where what == \"a\"] [any where what == \"b\"]";

	CU_ASSERT_STRING_EQUAL(followed(ab, "a1b1"), "1 ");
	CU_ASSERT_STRING_EQUAL(followed(ab, "a1b2b1"), "2 ");
	CU_ASSERT_STRING_EQUAL(followed(ab, "a1....b1"), "3 ");
	CU_ASSERT_STRING_EQUAL(followed(ab, "a1......b1"), "");
	CU_ASSERT_STRING_EQUAL(followed(ab, "a1b1b1"), "1 ");
	CU_ASSERT_STRING_EQUAL(
		followed("sequence by who with maxspan=9s [any where what == \"a\"] with runs=3 [any where what == \"b\"]",
			"a1a1b1a1b1"),
		"4 ");
	CU_ASSERT_STRING_EQUAL(followed("sequence by who with maxspan=9s [any where what == \"a\"] ![any where what == \"c\"] "
		"[any where what == \"b\"]", "a1c1b1a1b1"), "4 ");
	CU_ASSERT_STRING_EQUAL(followed("sequence by who with maxspan=9s [any where what == \"a\"] [any where what == \"b\"] "
		"until [any where what == \"c\"]", "a1c1b1a1b1"), "4 ");
	CU_ASSERT_STRING_EQUAL(followed("sample by who [any where what == \"a\"] [any where what == \"b\"]", "b1a2a1b2"), "2 3 ");
}

void suite_elastic_query(void)
{
	CU_pSuite suite = unit_suite("elastic_query");

	UNIT_TEST(suite, test_quotes);
	UNIT_TEST(suite, test_names);
	UNIT_TEST(suite, test_patterns);
	UNIT_TEST(suite, test_regexes_written);
	UNIT_TEST(suite, test_regexes_read);
	UNIT_TEST(suite, test_long_regexes);
	UNIT_TEST(suite, test_regexes_agree);
	UNIT_TEST(suite, test_parser);
	UNIT_TEST(suite, test_parser_refuses);
	UNIT_TEST(suite, test_answers);
	UNIT_TEST(suite, test_written_means_the_same);
	UNIT_TEST(suite, test_sequences);
}
