/* Ways of one cause as one expression. */
#include "replay/tune/ways.h"
#include "tests/unit/unit.h"

static void test_printing(void)
{
	static const struct {
		const char *ways[3], *printed;
	} cases[] = {
		{{"file.path == \"/a\""}, "((file.path == \"/a\"))"},
		{{"file.path == \"/a\"", "file.path == \"/b\""}, "file.path in (\"/a\", \"/b\")"},
		{{"f == \"a\\\"\"", "f == \"\\\\\"", "f == \"\""}, "f in (\"a\\\"\", \"\\\\\", \"\")"},
		{{"f == \"a\"", "g == \"a\""}, "((f == \"a\") or (g == \"a\"))"},
		{{"f == \"a\"", "ff == \"a\""}, "((f == \"a\") or (ff == \"a\"))"},
		{{"f == \"a\"", "f == \"b\" and g == \"c\""}, "((f == \"a\") or (f == \"b\" and g == \"c\"))"},
		{{"f == \"a\"", "f like \"b*\""}, "((f == \"a\") or (f like \"b*\"))"},
		{{"f == 1", "f == 2"}, "((f == 1) or (f == 2))"},
		{{"f == \"a\"", "f"}, "((f == \"a\") or (f))"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct text ways[3];
		struct buffer out = {0};
		size_t count = 0;
		while (count < 3 && cases[i].ways[count]) {
			ways[count] = text_of(cases[i].ways[count]);
			count++;
		}
		ways_print(ways, count, &out);
		CHECK_TEXT(buffer_view(&out), cases[i].printed);
		buffer_free(&out);
	}
}

void suite_ways(void)
{
	CU_pSuite suite = unit_suite("ways");
	UNIT_TEST(suite, test_printing);
}
