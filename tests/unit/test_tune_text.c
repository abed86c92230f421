/* Conditions over several lines mean what they meant, whatever stands in their strings. */
#include "unit.h"

#include "cli/tune_text.h"

static void check(const char *condition, size_t width, const char *expected)
{
	struct arena arena = {0};

	CHECK_TEXT(tune_wrap(&arena, text_of(condition), width), expected);
	arena_free(&arena);
}

static void test_wrap(void)
{
	check("a == 1 and b == 2", 40, "a == 1 and b == 2");
	check("a == 1 and b == 2", 10, "a == 1\n  and b == 2\n");
	check("a == 1 and b == 2 or c == 3 and d == 4", 20, "a == 1 and b == 2\n  or c == 3\n  and d == 4\n");
	/* strings are no places to break, nor is what cannot be broken */
	check("a == \"x and y or z\"", 10, "a == \"x and y or z\"");
	check("a == \"x \\\" and y\" and b", 10, "a == \"x \\\" and y\"\n  and b\n");
	check("a == \"\"\"x \" and \\\"\"\" and b", 10, "a == \"\"\"x \" and \\\"\"\"\n  and b\n");
	check("a == \"\" and b == \"\"\"\"\"\" or c", 10, "a == \"\"\n  and b == \"\"\"\"\"\"\n  or c\n");
	check("a == \"x and", 3, "a == \"x and");
	check("", 3, "");
}

void suite_tune_text(void)
{
	CU_pSuite suite = unit_suite("tune_text");

	UNIT_TEST(suite, test_wrap);
}
