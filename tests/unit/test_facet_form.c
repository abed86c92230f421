/* facet_form: one number for the same fields in the same entries, another for all else, however many forms there are. */
#include "replay/engine/facet_form.h"
#include "tests/unit/unit.h"

enum { FIELDS = 26 };

/* A facet with fields of a few letters (a is the first of the registry), in their order. */
static const struct facet *facet_of(struct arena *arena, const char *letters)
{
	struct facet *facet = arena_alloc(arena, sizeof *facet);
	uint16_t *position = arena_array(arena, FIELDS, sizeof *position);
	facet->position = position;
	for (; *letters; letters++)
		position[*letters - 'a'] = (uint16_t)++facet->count;
	return facet;
}

static void test_forms(void)
{
	static const char *const facets[] = {"abc", "acb", "", "abd", "abcd", "klmnabcdefg"};
	const struct registry registry = {.field_count = FIELDS};
	struct arena arena = {0};
	struct facet_forms forms;
	facet_forms_make(&forms, &registry);
	uint64_t before = 0;
	for (size_t i = 0; i < sizeof facets / sizeof *facets; i++) {
		struct facet_form form = facet_form_of(&forms, facet_of(&arena, facets[i]));
		CU_ASSERT(form.number > before);
		CU_ASSERT(form.place < FORM_PLACES);
		for (int again = 0; again < 3; again++)
			CHECK_LONG(facet_form_of(&forms, facet_of(&arena, facets[i])).number, form.number);
		before = form.number;
	}
	/* Of those that share a place, the last one is remembered. */
	CHECK_LONG(facet_form_of(&forms, facet_of(&arena, "abcd")).number, before - 1);
	CU_ASSERT(facet_form_of(&forms, facet_of(&arena, "abc")).number > before);
	facet_forms_free(&forms);
	arena_free(&arena);
}

/* Of facets that share their layout it is the form, and no other facet has its number. */
static void test_forms_of_layouts(void)
{
	const struct registry registry = {.field_count = FIELDS};
	struct arena arena = {0};
	struct layouts *layouts = layouts_new(&arena);
	struct facet_forms forms;
	facet_forms_make(&forms, &registry);
	struct facet shared = *facet_of(&arena, "abc");
	uint64_t own = facet_form_of(&forms, &shared).number;
	shared.layout = layouts_get(layouts, shared.position, FIELDS);
	CU_ASSERT_PTR_NOT_NULL_FATAL(shared.layout);
	struct facet_form form = facet_form_of(&forms, &shared);
	CHECK_LONG(form.number, shared.layout->number);
	CU_ASSERT(form.place < FORM_LAYOUTS);
	CU_ASSERT(own > LAYOUTS_MAX);
	CU_ASSERT(facet_form_of(&forms, facet_of(&arena, "abcd")).place >= FORM_LAYOUTS);
	facet_forms_free(&forms);
	arena_free(&arena);
}

void suite_facet_form(void)
{
	CU_pSuite suite = unit_suite("facet_form");
	UNIT_TEST(suite, test_forms);
	UNIT_TEST(suite, test_forms_of_layouts);
}
