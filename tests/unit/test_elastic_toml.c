/* toml: TOML 1.0 as JSON values, and what is refused where. */
#include "generator/elastic/toml.h"
#include "tests/unit/unit.h"

#include <stdlib.h>

static void check(const char *source, const char *expected)
{
	struct toml_error error;
	json_t *json = toml_parse(text_of(source), &error);
	char *dumped = json != NULL ? json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS) : NULL, line[200];

	if (json == NULL)
		snprintf(line, sizeof(line), "%u:%u: %s", error.line, error.column, error.message);
	CHECK_TEXT(text_of(dumped != NULL ? dumped : line), expected);
	free(dumped);
	json_decref(json);
}

static void test_tables(void)
{
	check("", "{}");
	check("a = 1\n[b]\nc = 2\n[b.d]\ne = 3 # end", "{\"a\":1,\"b\":{\"c\":2,\"d\":{\"e\":3}}}");
	check("[[a]]\nb = 1\n[[a.c]]\nd = 2\n[a.e]\nf = 3\n[[a]]\nb = 4\n",
		"{\"a\":[{\"b\":1,\"c\":[{\"d\":2}],\"e\":{\"f\":3}},{\"b\":4}]}");
	check("a.b.c = 1\na.\"d e\" = 2\n'x.y' = 3", "{\"a\":{\"b\":{\"c\":1},\"d e\":2},\"x.y\":3}");
	check("[a.b]\nc = 1\n[a]\nd = 2", "{\"a\":{\"b\":{\"c\":1},\"d\":2}}");
	check("t = {a = 1, b.c = \"x\"}\r\nu = {}", "{\"t\":{\"a\":1,\"b\":{\"c\":\"x\"}},\"u\":{}}");
	check("\xEF\xBB\xBFk = true", "{\"k\":true}");
}

static void test_values(void)
{
	check("a = [1, 2,\n 3, # three\n]\nb = [[\"x\"], []]", "{\"a\":[1,2,3],\"b\":[[\"x\"],[]]}");
	check("a = +1_000\nb = -7\nc = 0xFF\nd = 0o17\ne = 0b101", "{\"a\":1000,\"b\":-7,\"c\":255,\"d\":15,\"e\":5}");
	check("a = 1.5\nb = -2e3\nc = 6.0E-1", "{\"a\":1.5,\"b\":-2000.0,\"c\":0.59999999999999998}");
	check("a = 2026-11-25\nb = 2026-11-25T10:00:00Z\nc = 2026-11-25 10:00:00\nd = 07:32:00",
		"{\"a\":\"2026-11-25\",\"b\":\"2026-11-25T10:00:00Z\",\"c\":\"2026-11-25 10:00:00\",\"d\":\"07:32:00\"}");
	check("a = \"q\\\"\\t\\u00e9\\U0001F600\\\\\"", "{\"a\":\"q\\\"\\t\xc3\xa9\xf0\x9f\x98\x80\\\\\"}");
	check("a = 'C:\\x'\nb = '''\nline\n'one' ''two'' '''", "{\"a\":\"C:\\\\x\",\"b\":\"line\\n'one' ''two'' \"}");
	check("a = \"\"\"\nfirst \\\n    second\n\"quoted\"\"\"\"", "{\"a\":\"first second\\n\\\"quoted\\\"\"}");
	check("a = \"\"\"x\"\"\"\"\"", "{\"a\":\"x\\\"\\\"\"}");
}

static void test_refused(void)
{
	check("a = 1\na = 2", "2:3: the key is there already");
	check("[a]\n[a]", "2:3: the table is there already");
	check("a = 1\n[a]\nb = 2", "2:3: the key is no table that can be gone on with");
	check("a = []\n[[a]]", "2:4: the key is no array of tables");
	check("a = {}\n[a.b]", "2:4: the key is no table that can be gone on with");
	check("[a.b]\n[a]\nb.c = 1", "3:3: the table was defined by a header");
	check("a", "1:2: = is expected here");
	check("a = ", "1:5: a value is expected here");
	check("a = 01", "1:5: a value is expected here");
	check("a = 1__0", "1:5: a value is expected here");
	check("a = 1 b = 2", "1:7: the line goes on where it should end");
	check("a = \"x\nb = 1", "1:7: a string is not closed");
	check("a = \"\\q\"", "1:7: there is no such escape");
	check("a = \"\\ud800\"", "1:8: there is no such character");
	check("a = \"\"\"x", "1:9: a string is not closed");
	check("a = [1 2]", "1:8: a comma or ] is expected here");
	check("a = {b = 1,}", "1:12: a key is expected here");
	check("[a", "1:3: ] is expected here");
	check("[[a]", "1:4: ] is expected here");
	check("a = \"\xff\"", "1:8: the string is no UTF-8");
	check("# \x01", "1:3: a control character stands in a comment");
	check("a = 9223372036854775808", "1:5: a value is expected here");
}

static void test_depth(void)
{
	struct toml_error error;
	struct buffer out = {0};

	buffer_string(&out, "a = ");
	for (unsigned i = 0; i < 5000; i++)
		buffer_char(&out, '[');
	CU_ASSERT_PTR_NULL(toml_parse(buffer_view(&out), &error));
	CHECK_TEXT(text_of(error.message), "values are nested too deeply");
	buffer_clear(&out);
	for (unsigned i = 0; i < 5000; i++)
		buffer_string(&out, i > 0 ? ".a" : "a");
	buffer_string(&out, " = 1");
	CU_ASSERT_PTR_NULL(toml_parse(buffer_view(&out), &error));
	CHECK_TEXT(text_of(error.message), "the key is nested too deeply");
	buffer_free(&out);
}

void suite_elastic_toml(void)
{
	CU_pSuite suite = unit_suite("elastic_toml");

	UNIT_TEST(suite, test_tables);
	UNIT_TEST(suite, test_values);
	UNIT_TEST(suite, test_refused);
	UNIT_TEST(suite, test_depth);
}
