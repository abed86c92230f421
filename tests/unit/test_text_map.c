/* Texts → numbers: as a list that is searched from the front would have it. */
#include "unit.h"

#include "catalog/text_map.h"

static void test_empty(void)
{
	struct arena arena = {0};
	struct text_map map = {.arena = &arena};

	CHECK_LONG(text_map_get(&map, TEXT("")), 0);
	CHECK_LONG(*text_map_at(&map, TEXT("")), 0);
	*text_map_at(&map, TEXT("")) = 7;
	CHECK_LONG(text_map_get(&map, TEXT("")), 7);
	CHECK_LONG(text_map_get(&map, TEXT("a")), 0);
	CHECK_LONG(map.count, 1);
	arena_free(&arena);
}

/* Texts of which most come again, counted; and bytes of any kind. */
static void test_against_a_list(void)
{
	enum { TEXTS = 3000, DIFFERENT = 700 };
	static size_t counts[DIFFERENT];
	struct arena arena = {0};
	struct text_map map = {.arena = &arena};

	for (size_t i = 0; i < DIFFERENT; i++)
		counts[i] = 0;
	for (size_t i = 0; i < TEXTS; i++) {
		size_t number = i * i * 31 % DIFFERENT;
		char *text = arena_printf(&arena, "%zu:name", number);

		text[0] = (char)(text[0] - '0'); /* a NUL among them */
		size_t length = text_of(arena_printf(&arena, "%zu:name", number)).length;
		struct text key = {text, length};

		CHECK_LONG(text_map_get(&map, key), counts[number]);
		CHECK_LONG((*text_map_at(&map, key))++, counts[number]++);
	}
	size_t different = 0;

	for (size_t i = 0; i < DIFFERENT; i++)
		different += counts[i] > 0;
	CHECK_LONG(map.count, different);
	arena_free(&arena);
}

void suite_text_map(void)
{
	CU_pSuite suite = unit_suite("text_map");

	UNIT_TEST(suite, test_empty);
	UNIT_TEST(suite, test_against_a_list);
}
