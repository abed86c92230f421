/* Sigma documents: selections, modifiers, escapes, conditions, expressions, correlations and filters. */
#include "generator/sigma/encode.h"
#include "generator/sigma/parse.h"
#include "generator/sigma/search.h"
#include "tests/unit/ruling.h"
#include "tests/unit/unit.h"

#include <string.h>

static struct arena arena;

/* The first document of a text. */
static const struct sigma_document *parse(const char *source)
{
	struct sigma_document **documents;
	size_t count;

	sigma_parse(&arena, text_of(source), "rule.yml", NULL, &documents, &count);
	CU_ASSERT_FATAL(count > 0);
	return documents[0];
}

static void write_node(struct buffer *out, const struct rule_node *node)
{
	static const char *const operators[TEST_OPERATOR_COUNT] = {"present", "=", "<", "<=", ">", ">=", "like", "regex", "starts",
		"ends", "contains", "cidr", "mask", "maskall"};
	static const char *const kinds[] = {"false", "true", "and", "or", "not"};

	if (node->kind == RULE_TEST) {
		const struct rule_test *test = &node->test;

		buffer_printf(out, "%.*s %s%s%s", TEXT_ARGS(test->name), operators[test->op], test->fold ? "~" : "", test->number ? "#" : "");
		for (size_t i = 0; i < test->count; i++)
			buffer_printf(out, "%s%.*s", i > 0 ? "|" : " ", TEXT_ARGS(test->values[i]));
		if (test->other.length)
			buffer_printf(out, " @%.*s", TEXT_ARGS(test->other));
		return;
	}
	buffer_printf(out, "%s", kinds[node->kind]);
	for (size_t i = 0; i < node->count; i++) {
		buffer_string(out, i == 0 ? "(" : ", ");
		write_node(out, node->children[i]);
	}
	buffer_string(out, node->count > 0 ? ")" : "");
}

static struct text shown(const struct sigma_document *document)
{
	struct buffer out = {0};

	if (document->error != NULL)
		return text_of(arena_printf(&arena, "error: %s", document->error));
	for (size_t i = 0; i < document->condition_count; i++) {
		buffer_string(&out, i > 0 ? "; " : "");
		write_node(&out, document->conditions[i].node);
	}
	struct text text = text_copy(&arena, buffer_view(&out));

	buffer_free(&out);
	return text;
}

/* The tree of a detection. */
static struct text tree(const char *detection)
{
	return shown(parse(arena_printf(&arena, "title: t\nlogsource: {category: c}\ndetection:\n%s", detection)));
}

/* The tree of one item of a map. */
static struct text item(const char *written)
{
	return tree(arena_printf(&arena, "  s:\n    %s\n  condition: s\n", written));
}

static void test_values(void)
{
	CHECK_TEXT(item("f: a"), "f =~ a");
	CHECK_TEXT(item("f: [a, b, a]"), "f =~ a|b");
	CHECK_TEXT(item("f: 5"), "f =# 5");
	CHECK_TEXT(item("f: '5'"), "f =~ 5");
	CHECK_TEXT(item("f: 0x10"), "f =# 16");
	CHECK_TEXT(item("f: 010"), "f =# 8");
	CHECK_TEXT(item("f: 1_000"), "f =# 1000");
	CHECK_TEXT(item("f: 1:30"), "f =# 90");
	CHECK_TEXT(item("f: -3"), "f =# -3");
	CHECK_TEXT(item("f: 09"), "f =~ 09");
	CHECK_TEXT(item("f: 1.5"), "f =~ 1.5");
	CHECK_TEXT(item("f: yes"), "f =# true");
	CHECK_TEXT(item("f: OFF"), "f =# false");
	CHECK_TEXT(item("f: yEs"), "f =~ yEs");
	CHECK_TEXT(item("f: null"), "not(f present)");
	CHECK_TEXT(item("f: []"), "not(f present)");
	CHECK_TEXT(item("f: ''"), "f =~ ");
	CHECK_TEXT(item("f: '*'"), "f present");
	CHECK_TEXT(item("f: [a, null]"), "or(f =~ a, not(f present))");
	CHECK_CONTAINS(item("f: 2024-01-01"), "date");
	CHECK_CONTAINS(item("f: 99999999999999999999"), "64 bits");
	CHECK_CONTAINS(item("f: {a: b}"), "mapping");
}

/* Backslashes, as every Sigma parser reads them. */
static void test_escapes(void)
{
	CHECK_TEXT(item("f: 'a\\b'"), "f =~ a\\b");
	CHECK_TEXT(item("f: 'a\\\\b'"), "f =~ a\\b");
	CHECK_TEXT(item("f: 'a\\*b'"), "f =~ a*b");
	CHECK_TEXT(item("f: 'a\\\\*'"), "f starts~ a\\");
	CHECK_TEXT(item("f: 'a\\\\\\*'"), "f =~ a\\*");
	CHECK_TEXT(item("f: 'a\\'"), "f =~ a\\");
	CHECK_TEXT(item("f|endswith: '\\x.exe'"), "f ends~ \\x.exe");
	CHECK_TEXT(item("f: 'a*b?'"), "f like~ a*b?");
	CHECK_TEXT(item("f: '*a*b'"), "f like~ *a*b");
	CHECK_TEXT(item("f: '*a*'"), "f contains~ a");
	CHECK_TEXT(item("f: '**a'"), "f ends~ a");
	CHECK_TEXT(item("f|contains: 'a?b*'"), "f like~ *a?b*");
	CHECK_TEXT(item("f|contains: 'a\\*'"), "f contains~ a*");
}

static void test_modifiers(void)
{
	CHECK_TEXT(item("f|contains|all: [a, b]"), "and(f contains~ a, f contains~ b)");
	CHECK_TEXT(item("f|startswith|cased: Ab"), "f starts Ab");
	CHECK_TEXT(item("f|contains: ''"), "f present");
	CHECK_TEXT(item("f|exists: true"), "f present");
	CHECK_TEXT(item("f|exists: no"), "not(f present)");
	CHECK_TEXT(item("f|neq: [a, b]"), "not(f =~ a|b)");
	CHECK_TEXT(item("f|gte: 5"), "f >=# 5");
	CHECK_TEXT(item("f|cidr: [10.0.0.0/8, '::1/128']"), "f cidr 10.0.0.0/8|::1/128");
	CHECK_TEXT(item("f|fieldref: g"), "f =~ @g");
	CHECK_TEXT(item("f|fieldref|endswith: g"), "f ends~ @g");
	CHECK_TEXT(item("f|base64: foo"), "f =~ Zm9v");
	CHECK_TEXT(item("f|base64offset|contains: foobar"), "f contains~ Zm9vYmFy|Zvb2Jhc|mb29iYX");
	CHECK_TEXT(item("f|wide|base64: ab"), "f =~ YQBiAA==");
	CHECK_TEXT(item("f|utf16be|base64: ab"), "f =~ AGEAYg==");
	CHECK_TEXT(item("f|utf16|base64: ab"), "f =~ //5hAGIA");
	CHECK_TEXT(item("f|windash|contains: ' -x a-b'"),
		"f contains~  -x a-b| /x a-b| \xE2\x80\x93x a-b| \xE2\x80\x94x a-b| \xE2\x80\x95x a-b");
	CHECK_CONTAINS(item("f|contains: 5"), "for texts");
	CHECK_CONTAINS(item("f|contains: null"), "for texts");
	CHECK_CONTAINS(item("f|contains|re: a"), "must come before");
	CHECK_CONTAINS(item("f|cidr: 10.0.0.1/8"), "no network");
	CHECK_CONTAINS(item("f|expand: '%x%'"), "nothing says what the placeholder %x%");
	CHECK_CONTAINS(item("f|hour: 5"), "parts of a time");
	CHECK_CONTAINS(item("f|what: 5"), "not known");
	CHECK_CONTAINS(item("f|gt: a"), "whole numbers");
	CHECK_CONTAINS(item("f|i: a"), "belong to re");
	CHECK_CONTAINS(item("f|exists: maybe"), "true or false");
	CHECK_CONTAINS(item("f|base64: 'a*'"), "wildcards");
}

static void test_selections(void)
{
	CHECK_TEXT(item("a: b\n    c: d"), "and(a =~ b, c =~ d)");
	CHECK_TEXT(tree("  s: [{a: b, c: d}, {e: f}]\n  condition: s"), "or(and(a =~ b, c =~ d), e =~ f)");
	CHECK_TEXT(tree("  s: [one, 't*wo', 5]\n  condition: s"), "or( contains~ one|5,  like~ *t*wo*)");
	CHECK_TEXT(tree("  s: one\n  condition: s"), " contains~ one");
	CHECK_TEXT(tree("  s: {'|all': [one, two]}\n  condition: s"), "and( contains~ one,  contains~ two)");
	CHECK_TEXT(tree("  s: {'|re': [o+]}\n  condition: s"), " regex [\\s\\S]*o+[\\s\\S]*");
	CHECK_TEXT(tree("  s: [{a: b}, word]\n  condition: s"), "or(a =~ b,  contains~ word)");
	CHECK_CONTAINS(tree("  s: {}\n  condition: s"), "empty");
	CHECK_CONTAINS(tree("  s: []\n  condition: s"), "empty");
}

static void test_conditions(void)
{
	static const char names[] = "  a1: {a: 1}\n  a2: {a: 2}\n  b: {b: 1}\n  _c: {c: 1}\n  condition: ";
	static const struct {
		const char *condition, *expected;
	} cases[] = {
		{"a1 and a2", "and(a =# 1, a =# 2)"},
		{"1 of a*", "a =# 1|2"},
		{"any of a*", "a =# 1|2"},
		{"all of a*", "and(a =# 1, a =# 2)"},
		{"1 of them", "or(a =# 1|2, b =# 1)"},
		{"1 of _*", "c =# 1"},
		{"a1 or b and not a2", "or(a =# 1, and(b =# 1, not(a =# 2)))"},
		{"(a1 or b) and not a2", "and(or(a =# 1, b =# 1), not(a =# 2))"},
		{"not not b", "b =# 1"},
		{"not 1 of a*", "not(a =# 1|2)"},
		{"[b, a1]", "b =# 1; a =# 1"},
		{"2 of a*", "error: only `1 of` and `all of` exist"},
		{"a1 AND b", "error: the condition has AND where `and` or `or` is expected"},
		{"x", "error: the condition names x, which the detection does not define"},
		{"not 1 of x*", "error: nothing in the detection fits x*"},
		{"a1 and", "error: the condition ends too early"},
		{"(a1", "error: a parenthesis of the condition is not closed"},
		{"'a1 | count() > 5'", "error: aggregations behind | are no longer part of Sigma: a correlation says that"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		CHECK_TEXT(tree(arena_printf(&arena, "%s%s\n", names, cases[i].condition)), cases[i].expected);
}

static void test_expressions(void)
{
	static const struct {
		const char *written, *expected;
	} cases[] = {
		{"-D", "f contains -D"},
		{"^a\\.b$", "f = a.b"},
		{"^a", "f starts a"},
		{"a$", "f ends a"},
		{"(?i)net", "f contains~ net"},
		{"a+", "f regex [\\s\\S]*a+[\\s\\S]*"},
		{"^a+$", "f regex a+"},
		{".*a+.*", "f regex [\\s\\S]*a+[\\s\\S]*"},
		{"a|b", "f regex [\\s\\S]*(a|b)[\\s\\S]*"},
		{"(^|/)x+", "f regex (|[\\s\\S]*/)x+[\\s\\S]*"},
		{"x+(\\s|$)", "f regex [\\s\\S]*x+(\\s[\\s\\S]*|)"},
		{"^a+|b+$", "f regex a+[\\s\\S]*|[\\s\\S]*b+"},
		{"(^a$)|(^b$)", "f regex (a)|(b)"},
		{"a{2}", "f regex [\\s\\S]*a{2}[\\s\\S]*"},
		{"a{x+", "f regex [\\s\\S]*a\\{x+[\\s\\S]*"},
		{"[]x]", "f regex [\\s\\S]*[\\]x][\\s\\S]*"},
		{"[\\w-.]", "f regex [\\s\\S]*[\\w\\-.][\\s\\S]*"},
		{"^a[\\s\\S]*b[\\s\\S]$", "f like a*b?"},
		{"[*]x[\\s\\S]*y", "f like *\\*x*y*"},
		{"(a+|b)", "f regex [\\s\\S]*(a+|b)[\\s\\S]*"},
		{"(^a+|b)", "f regex a+[\\s\\S]*|[\\s\\S]*b[\\s\\S]*"},
		{"^(a+|b)$", "f regex a+|b"},
		{"a[.]b[$]$", "f ends a.b$"},
		{"[\\\\]x[^a]", "f regex [\\s\\S]*\\\\x[^a][\\s\\S]*"},
		{"[[:digit:]]", "f regex [\\s\\S]*[0-9][\\s\\S]*"},
		{"(?P<n>a)+", "f regex [\\s\\S]*(a)+[\\s\\S]*"},
		{"a(?=b)", "error: look-ahead cannot be said"},
		{"(a)\\1", "error: a back-reference cannot be said"},
		{"a^b", "error: an anchor in the middle of the expression cannot be said"},
		{"(a", "error: a group of the expression is not closed"},
		{"a)", "error: a ) of the expression closes no group"},
		{"*a", "error: the expression repeats nothing"},
		{"a{,3}", "error: engines read {,n} differently: {0,n} says it"},
		{"a++", "error: a possessive repetition cannot be said"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		CHECK_TEXT(item(arena_printf(&arena, "f|re: '%s'", cases[i].written)), cases[i].expected);
	CHECK_TEXT(item("f|re|i: 'a+'"), "f regex~ [\\s\\S]*a+[\\s\\S]*");
	CHECK_TEXT(item("f|re|s: 'a.+b'"), "f regex [\\s\\S]*a[\\s\\S]+b[\\s\\S]*");
	CHECK_TEXT(item("f|re|m: '^a+$'"), "f regex (|[\\s\\S]*\\n)a+(|\\n[\\s\\S]*)");
	CHECK_TEXT(item("f|re|contains: 'a+'"), "f regex [\\s\\S]*a+[\\s\\S]*");
}

static void test_documents(void)
{
	static const char stream[] = "action: global\nlogsource: {product: Windows}\ndetection: {condition: s}\n---\n"
				     "title: one\ndetection: {s: {a: 1}}\n---\naction: repeat\ntitle: two\n---\n"
				     "action: reset\n---\ntitle: three\ndetection: {s: x, condition: s}\n";
	struct sigma_document **documents;
	size_t count;

	sigma_parse(&arena, text_of(stream), "rule.yml", NULL, &documents, &count);
	CU_ASSERT_EQUAL_FATAL(count, 3);
	CHECK_TEXT(documents[0]->logsource.product, "windows");
	CHECK_TEXT(shown(documents[0]), "a =# 1");
	CHECK_TEXT(documents[1]->title, "two");
	CHECK_TEXT(shown(documents[1]), "a =# 1");
	CHECK_TEXT(shown(documents[2]), "error: the document has no log source");
	CHECK_LONG(parse("title: t\nlogsource: {}\ndetection: [x\n")->error_place.line, 4);
	CU_ASSERT_PTR_NOT_NULL(parse("- a\n")->error);
	CU_ASSERT_PTR_NOT_NULL(parse("title: t\nlogsource: {category: c}\ndetection: {s: x}\n")->error);
}

static void test_correlations(void)
{
	const struct sigma_document *d = parse("title: c\ncorrelation:\n  type: value_count\n  rules: [a, b]\n  group-by: [u]\n"
					       "  timespan: 5m\n  condition: {gte: 10, field: f}\n  aliases: {u: {a: x, b: y}}\n");

	CU_ASSERT_PTR_NULL_FATAL(d->error);
	CU_ASSERT_EQUAL(d->kind, SIGMA_CORRELATION);
	CU_ASSERT_EQUAL(d->correlation.type, SIGMA_VALUE_COUNT);
	CHECK_LONG(d->correlation.timespan, 300);
	CHECK_LONG(d->correlation.rules.count, 2);
	CHECK_LONG(d->correlation.bounds[0].count, 10);
	CHECK_TEXT(d->correlation.fields.items[0], "f");
	CHECK_LONG(d->correlation.alias_count, 2);
	CU_ASSERT_PTR_NOT_NULL(parse("title: c\ncorrelation: {type: event_count, rules: [a], timespan: 5x, condition: {gte: 1}}\n")->error);
	CU_ASSERT_PTR_NOT_NULL(parse("title: c\ncorrelation: {type: event_count, rules: [a], timespan: 5m}\n")->error);
	CU_ASSERT_PTR_NOT_NULL(parse("title: c\ncorrelation: {type: value_avg, rules: [a], timespan: 5m}\n")->error);
	CU_ASSERT_PTR_NOT_NULL(parse("title: c\ncorrelation: {type: temporal, timespan: 5m}\n")->error);
}

static void test_filters(void)
{
	const struct sigma_document *d = parse("title: f\nlogsource: {product: linux}\nfilter:\n  rules: [a]\n  s: {u: x}\n"
					       "  condition: not s\n");

	CU_ASSERT_EQUAL(d->kind, SIGMA_FILTER);
	CHECK_TEXT(shown(d), "not(u =~ x)");
	CU_ASSERT_FALSE(d->filters_all);
	CU_ASSERT_TRUE(parse("title: f\nlogsource: {product: linux}\nfilter: {rules: any, s: {u: x}, condition: s}\n")->filters_all);
	CU_ASSERT_PTR_NOT_NULL(parse("title: f\nlogsource: {product: linux}\nfilter: {s: {u: x}, condition: s}\n")->error);
}

static void test_placeholders(void)
{
	static const char source[] = "title: t\nlogsource: {category: c}\ndetection: {s: {'f|expand|contains': '%who%x'}, condition: s}\n";
	const struct text values[] = {TEXT("root"), TEXT("a*")};
	const struct placeholder item_of = {TEXT("who"), values, 2};
	const struct placeholders placeholders = {&item_of, 1};
	struct sigma_document **documents;
	size_t count;

	sigma_parse(&arena, text_of(source), "rule.yml", &placeholders, &documents, &count);
	CHECK_TEXT(shown(documents[0]), "or(f contains~ rootx, f like~ *a*x*)");
	const struct sigma_document *pipeline = parse("name: p\nvars: {who: [root, admin]}\ntransformations: []\n");

	CU_ASSERT_EQUAL(pipeline->kind, SIGMA_PIPELINE);
	CHECK_LONG(pipeline->placeholders.items[0].count, 2);
}

/* The whole-value form finds what the expression finds, by a search of our own: every substring is tried. */
static void test_search_is_exact(void)
{
	static const char *const expressions[] = {"a+b", "^a|b$", "(^|x)a", "a(b|$)", ".*a.*", "[^a]b", "a.b", "(a|b)+$", "^.a"};
	static const char letters[] = "abx\n";
	struct evaluator *evaluator = evaluator_new();

	for (size_t i = 0; i < sizeof(expressions) / sizeof(*expressions); i++) {
		bool open = expressions[i][0] != '^' || strchr(expressions[i], '|') != NULL;
		struct search search;
		const char *error = NULL;

		CU_ASSERT_FATAL(search_convert(&arena, text_of(expressions[i]), (struct search_flags){0}, &search, &error));
		/* An anchor at an end of a text is a mark there that no other text has. */
		struct buffer marked = {0};

		for (const char *at = expressions[i]; *at; at++)
			buffer_string(&marked, *at == '^' && at[-(at > expressions[i])] != '[' ? "<" : *at == '$' ? ">" : (char[]){*at, 0});
		for (unsigned n = 0; n < 1024 && open; n++) {
			char value[8] = "<", *end = value + 1;

			for (unsigned rest = n, k = 0; k < n % 6; k++, rest /= 4)
				*end++ = letters[rest % 4];
			*end++ = '>';
			bool found = false;

			for (char *from = value; from < end && !found; from++) {
				for (char *to = from; to <= end && !found; to++)
					found = evaluate_regex(evaluator, buffer_view(&marked), false, (struct text){from, (size_t)(to - from)});
			}
			struct text inner = {value + 1, (size_t)(end - value - 2)};
			/* "any" of the expression itself must not take the marks. */
			bool marks = strchr(expressions[i], '.') != NULL || strchr(expressions[i], '[') != NULL;
			bool holds = search.op == TEST_REGEX && evaluate_regex(evaluator, search.text, search.fold, inner);

			if (!marks)
				CU_ASSERT_EQUAL(holds, found);
		}
		buffer_free(&marked);
	}
	evaluator_free(evaluator);
}

static void test_deep(void)
{
	struct buffer out = {0};

	for (unsigned i = 0; i < 5000; i++)
		buffer_char(&out, '(');
	CHECK_CONTAINS(item(arena_printf(&arena, "f|re: '%s'", out.data)), "nested too deeply");
	CHECK_CONTAINS(tree(arena_printf(&arena, "  s: {a: b}\n  condition: %s\n", out.data)), "nested too deeply");
	buffer_free(&out);
}

void suite_sigma_parse(void)
{
	CU_pSuite suite = unit_suite("sigma_parse");

	UNIT_TEST(suite, test_values);
	UNIT_TEST(suite, test_escapes);
	UNIT_TEST(suite, test_modifiers);
	UNIT_TEST(suite, test_selections);
	UNIT_TEST(suite, test_conditions);
	UNIT_TEST(suite, test_expressions);
	UNIT_TEST(suite, test_documents);
	UNIT_TEST(suite, test_correlations);
	UNIT_TEST(suite, test_filters);
	UNIT_TEST(suite, test_placeholders);
	UNIT_TEST(suite, test_search_is_exact);
	UNIT_TEST(suite, test_deep);
}
