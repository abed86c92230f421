/* plan_guard: which variant a facet is of, by words of all lengths. */
#include "replay/engine/plan.h"
#include "tests/unit/unit.h"

static size_t variant_of(const struct plan_guard *guard, const struct registry *registry, struct arena *arena,
	const struct text *words, size_t count)
{
	struct event event;
	event_begin(&event, arena, registry);
	struct facet *facet = event_add_facet(&event, unit_category(registry, "process"), unit_action(registry, "process", "exec"));
	if (count)
		facet_set_texts(&event, facet, guard->field, words, count);
	return plan_variant_by(guard, facet);
}

static size_t variant_of_word(const struct plan_guard *guard, const struct registry *registry, struct arena *arena, const char *word)
{
	struct text text = text_of(word);
	return variant_of(guard, registry, arena, &text, 1);
}

static void test_words_of_all_lengths(void)
{
	static const char *const words[] = {"x", "abc", "unix", "macos", "windows8", "solarises"};
	static const char *const others[] = {"y", "abd", "unit", "mac", "macoss", "windows9", "windowz8", "window", "solariset",
		"solaris", "xunix", "unixunix", "cosmacos"};
	struct arena arena = {0};
	const struct registry *registry = unit_registry(&arena);
	struct plan_guard guard = {.field = unit_field(registry, "process.args")};
	enum { COUNT = sizeof words / sizeof *words };
	CU_ASSERT_EQUAL_FATAL(COUNT, GUARD_VALUES);
	for (size_t i = 0; i < COUNT; i++)
		plan_guard_add(&guard, text_of(words[i]));
	for (size_t i = 0; i < COUNT; i++)
		CHECK_LONG(variant_of_word(&guard, registry, &arena, words[i]), GUARD_FIRST + i);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		CHECK_LONG(variant_of_word(&guard, registry, &arena, others[i]), GUARD_OTHER);
	CHECK_LONG(variant_of_word(&guard, registry, &arena, "MacOS"), GUARD_ANY);
	CHECK_LONG(variant_of_word(&guard, registry, &arena, "Solarises"), GUARD_ANY);
	CHECK_LONG(variant_of_word(&guard, registry, &arena, "X"), GUARD_ANY);
	struct text two[] = {TEXT("macos"), TEXT("unix")};
	CHECK_LONG(variant_of(&guard, registry, &arena, two, 2), GUARD_ANY);
	CHECK_LONG(variant_of(&guard, registry, &arena, NULL, 0), GUARD_MISSING);
	arena_free(&arena);
}

void suite_plan_guard(void)
{
	CU_pSuite suite = unit_suite("plan_guard");
	UNIT_TEST(suite, test_words_of_all_lengths);
}
