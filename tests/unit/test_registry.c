/* registry: the shipped file, numbers by name, and what a wrong file is told. */
#include "tests/unit/unit.h"

static void test_the_shipped_file(void)
{
	struct arena arena = {0};
	const struct registry *registry = unit_registry(&arena);
	CHECK_LONG(registry_field(registry, TEXT("event.category")), FIELD_CATEGORY);
	CHECK_LONG(registry_field(registry, TEXT("event.action")), FIELD_ACTION);
	CHECK_LONG(registry_field(registry, TEXT("event.type")), FIELD_TYPE);
	CHECK_LONG(registry_field(registry, TEXT("event.outcome")), FIELD_OUTCOME);
	CHECK_LONG(registry_field(registry, TEXT("@timestamp")), FIELD_TIMESTAMP);
	for (unsigned i = 1; i < registry->field_count; i++)
		CHECK_LONG(registry_field(registry, registry->fields[i].name), i);
	const struct field *mounts = &registry->fields[unit_field(registry, "container.mounts")];
	CU_ASSERT(mounts->list && mounts->path && mounts->mount && mounts->extension && !mounts->shared);
	CU_ASSERT_FALSE(registry->fields[unit_field(registry, "file.path")].mount);
	CU_ASSERT(registry->fields[unit_field(registry, "host.name")].shared);
	CU_ASSERT_EQUAL(registry->fields[unit_field(registry, "process.pid")].type, TYPE_LONG);
	CHECK_LONG(registry_field(registry, TEXT("process.pi")), FIELD_NONE);
	CHECK_LONG(registry_field(registry, TEXT("")), FIELD_NONE);
	CHECK_LONG(registry_field(registry, TEXT("exec")), FIELD_NONE); /* an action is no field */
	arena_free(&arena);
}

static void test_categories_and_actions(void)
{
	struct arena arena = {0};
	bool found;
	const struct registry *registry = unit_registry(&arena);
	CHECK_LONG(registry_category(registry, TEXT("any"), &found), CATEGORY_ANY);
	CU_ASSERT(found);
	CHECK_LONG(registry_category(registry, TEXT("proces"), &found), 0);
	CU_ASSERT_FALSE(found);
	for (unsigned c = 1; c < registry->category_count; c++) {
		const struct category *category = &registry->categories[c];
		CHECK_LONG(registry_category(registry, category->name, &found), c);
		CU_ASSERT(found && category->action_count > 0);
		for (unsigned a = category->first_action; a < category->first_action + category->action_count; a++) {
			CHECK_LONG(registry_action(registry, c, registry->actions[a].name), a);
			CHECK_LONG(registry->actions[a].category, c);
		}
		CU_ASSERT(registry_action(registry, c, TEXT("other")) > 0);
	}
	unsigned process = unit_category(registry, "process"), container = unit_category(registry, "container");
	CU_ASSERT_NOT_EQUAL(registry_action(registry, process, TEXT("exec")), registry_action(registry, container, TEXT("exec")));
	CHECK_LONG(registry_action(registry, process, TEXT("connect")), 0);
	CHECK_LONG(registry_action(registry, CATEGORY_ANY, TEXT("exec")), 0);
	CHECK_TEXT(registry->actions[unit_action(registry, "process", "exec")].type, "start");
	arena_free(&arena);
}

static void test_nearest_field(void)
{
	struct arena arena = {0};
	const struct registry *registry = unit_registry(&arena);
	CHECK_TEXT(registry_nearest_field(registry, TEXT("proces.name")), "process.name");
	CHECK_TEXT(registry_nearest_field(registry, TEXT("process.cmdline")), "process.command_line");
	CHECK_TEXT(registry_nearest_field(registry, TEXT("container.mount")), "container.mounts");
	CHECK_TEXT(registry_nearest_field(registry, TEXT("completely_different_thing")), "");
	CHECK_TEXT(registry_nearest_field(registry, TEXT("")), "");
	arena_free(&arena);
}

#define EVENTS "events: {process: {exec: start}}\n"
#define KNOWN \
	"  event.outcome: {type: keyword, about: x}\n" \
	"  event.type: {type: keyword, about: x}\n" \
	"  event.action: {type: keyword, about: x}\n" \
	"  event.category: {type: keyword, about: x}\n" \
	"  \"@timestamp\": {type: date, shared: true, about: x}\n"

static void test_any_order(void)
{
	struct arena arena = {0};
	struct diagnostics d = {0};
	struct registry registry;
	CHECK_LONG(registry_load(&registry, &arena, unit_yaml(&arena, EVENTS "fields:\n  a.b: {type: ip, about: x}\n" KNOWN),
		&d), 0);
	CHECK_LONG(registry.field_count, FIELD_FIRST_OTHER + 1);
	CHECK_LONG(registry_field(&registry, TEXT("event.category")), FIELD_CATEGORY);
	CHECK_LONG(registry_field(&registry, TEXT("@timestamp")), FIELD_TIMESTAMP);
	CHECK_LONG(registry_field(&registry, TEXT("a.b")), FIELD_FIRST_OTHER);
	CU_ASSERT_EQUAL(registry.fields[FIELD_TIMESTAMP].type, TYPE_DATE);
	diagnostics_free(&d);
	arena_free(&arena);
}

static void test_wrong_files(void)
{
	static const struct {
		const char *source, *message;
	} cases[] = {
		{"- a", "must be a mapping"},
		{EVENTS, "lacks the key `fields`"},
		{"fields:\n" KNOWN, "lacks the key `events`"},
		{"fields:\n" KNOWN EVENTS "field: 1\n", "unknown key `field`"},
		{EVENTS "fields:\n  a: {type: keyword, about: x}\n", "the field `event.category` is missing"},
		{EVENTS "fields:\n" KNOWN "  a: {type: text, about: x}\n", "test.yaml:8:13: error: `text` is no type"},
		{EVENTS "fields:\n" KNOWN "  a: {type: keyword}\n", "lacks the key `about`"},
		{EVENTS "fields:\n" KNOWN "  a: {type: keyword, about: x, lists: true}\n", "did you mean `list`?"},
		{EVENTS "fields:\n" KNOWN "  a: {type: keyword, about: x, list: yes}\n", "list must be true or false"},
		{EVENTS "fields:\n" KNOWN "  a: {type: long, about: x, path: true}\n", "only a keyword field can hold paths"},
		{EVENTS "fields:\n" KNOWN "  a..b: {type: long, about: x}\n", "`a..b` cannot be a name"},
		{EVENTS "fields:\n" KNOWN "  1a: {type: long, about: x}\n", "`1a` cannot be a name"},
		{EVENTS "fields:\n" KNOWN "  a.: {type: long, about: x}\n", "`a.` cannot be a name"},
		{"events: {any: {exec: start}}\nfields:\n" KNOWN, "`any` is the word for all categories"},
		{"events: {process: {exec: begin}}\nfields:\n" KNOWN, "`begin` is no event.type"},
		{"events: {process: {}}\nfields:\n" KNOWN, "a category must be a mapping of actions"},
		{"events: {process: [exec]}\nfields:\n" KNOWN, "a category must be a mapping of actions"},
		{"events: {process: {a.b: start}}\nfields:\n" KNOWN, "`a.b` cannot be a name"},
		{EVENTS "fields:\n  event.type: {type: long, about: x}\n", "`event.type` must be a keyword and no list"},
		{EVENTS "fields:\n  event.type: {type: keyword, list: true, about: x}\n", "must be a keyword and no list"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct arena arena = {0};
		struct diagnostics d = {0};
		struct registry registry;
		CHECK_LONG(registry_load(&registry, &arena, unit_yaml(&arena, cases[i].source), &d), -1);
		CHECK_CONTAINS(unit_printed(&arena, &d), cases[i].message);
		diagnostics_free(&d);
		arena_free(&arena);
	}
}

static void test_type_names(void)
{
	CU_ASSERT_STRING_EQUAL(value_type_name(TYPE_KEYWORD), "keyword");
	CU_ASSERT_STRING_EQUAL(value_type_name(TYPE_DATE), "date");
}

/* A registry of its own, that may grow. */
static void load(struct registry *registry, struct arena *arena, struct diagnostics *d)
{
	CHECK_LONG(registry_load(registry, arena, unit_yaml(arena,
		"events: {log: {message: info, other: info}}\n"
		"fields:\n"
		"  event.category: {type: keyword, about: c}\n"
		"  event.action: {type: keyword, about: a}\n"
		"  event.type: {type: keyword, about: t}\n"
		"  event.outcome: {type: keyword, about: o}\n"
		"  \"@timestamp\": {type: date, about: t}\n"
		"  message: {type: keyword, about: m}\n"), d), 0);
}

static void test_further_fields(void)
{
	struct arena arena = {0};
	struct diagnostics d = {0};
	struct registry registry;
	load(&registry, &arena, &d);
	size_t before = registry.field_count;
	CHECK_LONG(registry_extend(&registry, &arena, unit_yaml(&arena,
		"fields:\n"
		"  c-uri: {type: keyword, list: true, native: [sigma], about: u}\n"
		"  message: {type: keyword, native: [sigma, falco], about: m}\n"), &d), 0);
	CHECK_LONG(registry.field_count, before + 1);
	const struct field *uri = &registry.fields[registry_field(&registry, TEXT("c-uri"))];
	CU_ASSERT(uri->list && field_native(uri, TEXT("sigma")) && !field_native(uri, TEXT("falco")));
	const struct field *message = &registry.fields[registry_field(&registry, TEXT("message"))];
	CU_ASSERT(field_native(message, TEXT("falco")) && !message->list);
	CU_ASSERT(registry_extend(&registry, &arena, unit_yaml(&arena,
		"fields:\n  message: {type: long, native: [sigma], about: m}\n"), &d) != 0);
	CHECK_CONTAINS(unit_printed(&arena, &d), "`message` is a keyword elsewhere");
	CU_ASSERT(registry_extend(&registry, &arena, unit_yaml(&arena,
		"fields:\n  \"a`b\": {type: long, native: [sigma], about: m}\n"), &d) != 0);
	CHECK_CONTAINS(unit_printed(&arena, &d), "can hold neither backquotes nor control characters");
	diagnostics_free(&d);
	arena_free(&arena);
}

/* Numbers stay when the index grows. */
static void test_many_further_fields(void)
{
	struct arena arena = {0};
	struct diagnostics d = {0};
	struct registry registry;
	load(&registry, &arena, &d);
	unsigned first = (unsigned)registry.field_count;
	for (unsigned i = 0; i < 3000; i++) {
		struct field field = {.name = text_of(arena_printf(&arena, "field %u", i)), .type = TYPE_KEYWORD};
		CU_ASSERT_EQUAL_FATAL(registry_add(&registry, &arena, &field), first + i);
	}
	for (unsigned i = 0; i < 3000; i++)
		CU_ASSERT_EQUAL_FATAL(registry_field(&registry, text_of(arena_printf(&arena, "field %u", i))), first + i);
	CHECK_LONG(registry_field(&registry, TEXT("message")), FIELD_FIRST_OTHER);
	diagnostics_free(&d);
	arena_free(&arena);
}

void suite_registry(void)
{
	CU_pSuite suite = unit_suite("registry");
	UNIT_TEST(suite, test_the_shipped_file);
	UNIT_TEST(suite, test_categories_and_actions);
	UNIT_TEST(suite, test_nearest_field);
	UNIT_TEST(suite, test_any_order);
	UNIT_TEST(suite, test_wrong_files);
	UNIT_TEST(suite, test_type_names);
	UNIT_TEST(suite, test_further_fields);
	UNIT_TEST(suite, test_many_further_fields);
}
