/* wrap: long conditions on several lines mean what they meant on one. */
#include "catalog/condition.h"
#include "generator/wrap.h"
#include "tests/unit/unit.h"

#include <string.h>

static struct text wrapped(struct arena *arena, const char *line, size_t width)
{
	struct buffer out = {0};
	wrap_eql(text_of(line), width, &out);
	struct text text = text_copy(arena, buffer_view(&out));
	buffer_free(&out);
	return text;
}

static void test_short_lines_stay(void)
{
	struct arena arena = {0};
	CHECK_TEXT(wrapped(&arena, "process where true", 40), "process where true");
	CHECK_TEXT(wrapped(&arena, "", 40), "");
	arena_free(&arena);
}

static void test_breaks(void)
{
	struct arena arena = {0};
	CHECK_TEXT(wrapped(&arena, "process where user.name == \"root\" and process.name in (\"a\", \"b\") and true", 50),
		"process where user.name == \"root\"\n  and process.name in (\"a\", \"b\") and true");
	/* Outer operators first. */
	CHECK_TEXT(wrapped(&arena, "any where (user.id == \"1\" or user.id == \"2\") and (user.id == \"3\" or user.id == \"4\")", 60),
		"any where (user.id == \"1\" or user.id == \"2\")\n  and (user.id == \"3\" or user.id == \"4\")");
	/* Never inside of texts, which may hold all that a break looks for. */
	CHECK_TEXT(wrapped(&arena, "any where user.name == \"a and b or c, d (\" and user.id == \"\"\"x\\ and \"y\"\"\" and true", 24),
		"any where user.name == \"a and b or c, d (\"\n  and user.id == \"\"\"x\\ and \"y\"\"\"\n  and true");
	CHECK_TEXT(wrapped(&arena, "any where user.name == \"a \\\" and b\" and true", 10), "any where user.name == \"a \\\" and b\"\n  and true");
	/* One text that is too long stays whole. */
	CHECK_TEXT(wrapped(&arena, "any where user.name == \"0123456789012345678901234567890\"", 20),
		"any where user.name == \"0123456789012345678901234567890\"");
	arena_free(&arena);
}

/* At every width the text parses to the same tree. */
static void test_meaning_stays(void)
{
	static const char *const lines[] = {
		"process where event.action == \"exec\" and process.name in (\"a\", \"b, c\", \"d\") and not (user.id == \"0\" or user.id == \"1\")",
		"process where process.args like \"* and *\" or process.args regex \"\"\"a\\.\"b\"\"\" and length(process.name) > 3",
		"sequence by host.name with maxspan=1m [process where user.id == \"0\"] [file where file.path == \"/a and b\"] until [any where true]",
	};
	struct arena arena = {0};
	struct diagnostics d = {0};
	struct scope scope = {.registry = unit_registry(&arena)};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		for (size_t width = 1; width < strlen(lines[i]) + 2; width++) {
			struct buffer once = {0}, again = {0};
			struct place place = {"wrap", 1, 1};
			struct condition *a = condition_parse(&arena, &scope, text_of(lines[i]), place, 0, TEXT(""), &d);
			struct condition *b = condition_parse(&arena, &scope, wrapped(&arena, lines[i], width), place, 0, TEXT(""), &d);
			CU_ASSERT_FATAL(a != NULL && b != NULL);
			condition_print(a, scope.registry, &once);
			condition_print(b, scope.registry, &again);
			CU_ASSERT(text_equal(buffer_view(&once), buffer_view(&again)));
			buffer_free(&once);
			buffer_free(&again);
		}
	diagnostics_free(&d);
	arena_free(&arena);
}

void suite_wrap(void)
{
	CU_pSuite suite = unit_suite("wrap");
	UNIT_TEST(suite, test_short_lines_stay);
	UNIT_TEST(suite, test_breaks);
	UNIT_TEST(suite, test_meaning_stays);
}
