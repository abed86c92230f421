/* import: drafts as files that load again, names and ids, fields that came along, all or nothing. */
#include "generator/import.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

struct taking {
	struct arena arena;
	struct diagnostics d;
	struct catalog catalog;
	struct target target;
	struct import import;
};

/* What a file of this made-up format holds: lines NAME: CONDITION; "-" before a name refuses it, "~" notes it. */
static void read_line(struct import *import, const struct import_file *file, struct text line, unsigned number)
{
	size_t colon = text_find(line, ':');
	struct text name = text_slice(line, 0, colon), source = text_trim(text_slice(line, colon + 1, line.length));
	struct import_item *item = import_rule(import, name, (struct place){file->path.data, number, 1});
	struct draft *draft = import_draft(import, item);
	const char *error = NULL;
	struct condition *condition = import_parse(import, source, item->place, &error);
	draft->title = name;
	if (!condition) {
		import_refuse(import, item, "%s", error);
		return;
	}
	if (name.data[0] == '~')
		import_note(import, item, "this is a note");
	draft_add_condition(import->arena, draft, TEXT("Asked of it"), condition);
	draft_add_exception(import->arena, draft, TEXT("But not this"), TEXT("it is\nordinary: here"),
		import_expression(import, TEXT("user.name == \"alice\""), &error));
}

static int read_lines(struct import *import)
{
	for (size_t i = 0; i < import->file_count; i++) {
		struct text *lines;
		size_t count = text_split(import->arena, import->files[i].content, '\n', &lines);
		for (size_t k = 0; k < count; k++)
			read_line(import, &import->files[i], lines[k], (unsigned)k + 1);
	}
	return 0;
}

static const char *const endings[] = {".lines", NULL};

static void begin(struct taking *t, const char *content)
{
	*t = (struct taking){0};
	if (catalog_load(&t->catalog, "rulesets", &t->d))
		abort();
	t->target = *target_find(TEXT("sigma"));
	t->target.read = read_lines;
	t->import = (struct import){.arena = &t->arena, .catalog = &t->catalog, .target = &t->target, .d = &t->d};
	t->import.dialect = catalog_dialect(&t->catalog, TEXT("sigma"));
	t->import.evaluator = evaluator_new();
	const char *path = unit_file(&t->arena, unit_folder(&t->arena), "a.lines", text_of(content));
	CHECK_LONG(import_files(&t->import, &path, 1, endings), 0);
}

static void end(struct taking *t)
{
	evaluator_free(t->import.evaluator);
	catalog_free(&t->catalog);
	diagnostics_free(&t->d);
	arena_free(&t->arena);
}

static const char rules[] =
	"A Shell!: process where process.name == \"sh\" and `c-uri` : \"*x y*\" and number(Level) > 3\n"
	"A shell?: process where process.name == \"bash\"\n"
	"~Odd one: any where user.name regex \"\"\"a\\.b|\"c\"\"\"\n"
	"wrong: process where process.name = 3\n";

static void test_catalog_loads_again(void)
{
	struct taking t;
	struct catalog made = {0};
	begin(&t, rules);
	const char *folder = unit_folder(&t.arena);
	CHECK_LONG(import_run(&t.import, folder, false), 0);
	for (size_t i = 0; i < 3; i++)
		CHECK_TEXT(t.import.items[i]->taken == REFUSED ? t.import.items[i]->notes.items[0] : TEXT(""), "");
	CHECK_LONG(t.import.taken, 2);
	CHECK_LONG(t.import.noted, 1);
	CHECK_LONG(t.import.refused, 1);
	CHECK_LONG(catalog_load(&made, folder, &t.d), 0);
	CHECK_TEXT(unit_printed(&t.arena, &t.d), "");
	CHECK_LONG(made.detection_count, 3);
	const struct detection *first = catalog_detection(&made, TEXT("a-shell"));
	CU_ASSERT_PTR_NOT_NULL_FATAL(first);
	CU_ASSERT_PTR_NOT_NULL(catalog_detection(&made, TEXT("a-shell-2")));
	CHECK_TEXT(first->title, "A Shell!");
	CHECK_TEXT(first->conditions[0]->name, "asked-of-it");
	CHECK_LONG(first->exception_count, 1);
	CU_ASSERT(first->test_count >= 2);
	unsigned uri = registry_field(&made.registry, TEXT("c-uri"));
	CU_ASSERT(uri != FIELD_NONE && field_native(&made.registry.fields[uri], TEXT("sigma")));
	CU_ASSERT(registry_field(&made.registry, TEXT("Level")) != FIELD_NONE);
	CHECK_CONTAINS(made.documents[made.document_count - 1].content, "");
	catalog_free(&made);
	end(&t);
}

/* The same rules give the same files; what is there is not overwritten unaskedly, and then nothing changes. */
static void test_twice(void)
{
	struct taking t;
	begin(&t, rules);
	const char *folder = unit_folder(&t.arena);
	struct text first, second;
	const char *name = arena_printf(&t.arena, "%s/detections/a-shell.yaml", folder);
	CHECK_LONG(import_run(&t.import, folder, false), 0);
	CHECK_LONG(file_read(&t.arena, name, 0, &t.d, &first), 0);
	t.import.count = 0;
	CHECK_LONG(import_run(&t.import, folder, false), -1);
	CHECK_CONTAINS(unit_printed(&t.arena, &t.d), "is there already; --force writes it again");
	t.import.count = 0;
	CHECK_LONG(import_run(&t.import, folder, true), 0);
	CHECK_LONG(file_read(&t.arena, name, 0, &t.d, &second), 0);
	CU_ASSERT(text_equal(first, second));
	end(&t);
}

static void test_slugs(void)
{
	struct arena arena = {0};
	CHECK_TEXT(draft_slug(&arena, TEXT("Linux Doas Tool Execution!")), "linux-doas-tool-execution");
	CHECK_TEXT(draft_slug(&arena, TEXT("  ---  ")), "rule");
	CHECK_TEXT(draft_slug(&arena, TEXT("\xC3\xA9" "t\xC3\xA9")), "t");
	struct buffer longest = {0};
	for (int i = 0; i < 300; i++)
		buffer_string(&longest, i % 7 ? "a" : " ");
	CU_ASSERT(draft_slug(&arena, buffer_view(&longest)).length <= 100);
	buffer_free(&longest);
	arena_free(&arena);
}

static void test_files(void)
{
	struct taking t;
	begin(&t, "");
	const char *folder = unit_folder(&t.arena), *missing = "/no/such/file";
	CHECK_LONG(import_files(&t.import, &folder, 1, endings), -1);
	CHECK_CONTAINS(unit_printed(&t.arena, &t.d), "no file of sigma rules (*.lines) is in there");
	CHECK_LONG(import_files(&t.import, &missing, 1, endings), -1);
	unit_file(&t.arena, folder, "z/b.lines", TEXT("x"));
	unit_file(&t.arena, folder, "a/c.lines", TEXT("y"));
	unit_file(&t.arena, folder, "a/c.other", TEXT("z"));
	size_t before = t.import.file_count;
	CHECK_LONG(import_files(&t.import, &folder, 1, endings), 0);
	CHECK_LONG(t.import.file_count, before + 2);
	CHECK_TEXT(t.import.files[before].content, "y"); /* by path */
	end(&t);
}

void suite_import(void)
{
	CU_pSuite suite = unit_suite("import");
	UNIT_TEST(suite, test_catalog_loads_again);
	UNIT_TEST(suite, test_twice);
	UNIT_TEST(suite, test_slugs);
	UNIT_TEST(suite, test_files);
}
