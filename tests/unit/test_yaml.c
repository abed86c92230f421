/* yaml: the tree, its places, its bounds, and what faults are told. */
#include "catalog/yaml_form.h"
#include "tests/unit/unit.h"

#include <string.h>

struct fixture {
	struct arena arena;
	struct diagnostics d;
	struct yaml *documents;
	size_t count;
};

static int parse(struct fixture *f, struct text source, const struct yaml_limits *limits)
{
	*f = (struct fixture){0};
	return yaml_parse(&f->arena, source, "f.yaml", limits, &f->d, &f->documents, &f->count);
}

static void tear_down(struct fixture *f)
{
	diagnostics_free(&f->d);
	arena_free(&f->arena);
}

static void test_kinds(void)
{
	struct fixture f;
	CHECK_LONG(parse(&f, TEXT("a: 1\nb: 'q'\nc: [x, ~, {d: e}]\nn:\nnull_word: null\nempty: ''\nt: |\n  line\n  two\n"), NULL), 0);
	CHECK_LONG(f.count, 1);
	const struct yaml *root = f.documents;
	CU_ASSERT_EQUAL(root->kind, YAML_MAPPING);
	CHECK_LONG(root->count, 7);
	CHECK_TEXT(yaml_get(root, "a")->text, "1");
	CU_ASSERT_FALSE(yaml_get(root, "a")->quoted);
	CU_ASSERT(yaml_get(root, "b")->quoted);
	const struct yaml *list = yaml_get(root, "c");
	CU_ASSERT_EQUAL(list->kind, YAML_SEQUENCE);
	CHECK_LONG(list->count, 3);
	CU_ASSERT_EQUAL(list->items[1].kind, YAML_NULL);
	CHECK_TEXT(yaml_get(&list->items[2], "d")->text, "e");
	CU_ASSERT_EQUAL(yaml_get(root, "n")->kind, YAML_NULL);
	CU_ASSERT_EQUAL(yaml_get(root, "null_word")->kind, YAML_NULL);
	CU_ASSERT_EQUAL(yaml_get(root, "empty")->kind, YAML_SCALAR);
	CU_ASSERT(yaml_get(root, "t")->block && yaml_get(root, "t")->quoted);
	CHECK_TEXT(yaml_get(root, "t")->text, "line\ntwo\n");
	CU_ASSERT_PTR_NULL(yaml_get(root, "z"));
	CU_ASSERT_PTR_NULL(yaml_get(list, "a"));
	CU_ASSERT_PTR_NULL(yaml_get(NULL, "a"));
	tear_down(&f);
}

static void check_place(const struct yaml *node, unsigned line, unsigned column, unsigned end_line)
{
	CHECK_LONG(node->place.line, line);
	CHECK_LONG(node->place.column, column);
	CHECK_LONG(node->end_line, end_line);
	CU_ASSERT_STRING_EQUAL(node->place.file, "f.yaml");
}

static void test_places(void)
{
	struct fixture f;
	CHECK_LONG(parse(&f, TEXT("# head\n"
		"k\xc3\xa4y: \xc3\xa9\xc3\xa9\n"      /* 2: columns are characters */
		"list:\n  - one\n  - two\n\n"         /* 3-5 */
		"flow: [a,\n  b\n  ]\n"               /* 7-9 */
		"block: |\n  x\n  y\n"                /* 10-12 */
		"anchored: &a text\n"                 /* 13 */
		"tagged: !!str &b  5\n"               /* 14 */
		"folded: a\n  b\n"                    /* 15-16 */
		"quoted: \"q\"\n"), NULL), 0);        /* 17 */
	const struct yaml *root = f.documents;
	check_place(root, 2, 1, 17);
	check_place(yaml_get(root, "k\xc3\xa4y"), 2, 6, 2);
	check_place(yaml_get(root, "list"), 4, 3, 5);
	check_place(&yaml_get(root, "list")->items[1], 5, 5, 5);
	check_place(yaml_get(root, "flow"), 7, 7, 9);
	check_place(yaml_get(root, "block"), 10, 8, 12);
	check_place(yaml_get(root, "anchored"), 13, 14, 13);
	check_place(yaml_get(root, "tagged"), 14, 19, 14);
	check_place(yaml_get(root, "folded"), 15, 9, 16);
	check_place(yaml_get(root, "quoted"), 17, 9, 17);
	CHECK_LONG(root->keys[1].place.line, 3);
	CHECK_LONG(root->keys[1].place.column, 1);
	CU_ASSERT(yaml_get(root, "tagged")->quoted);
	CHECK_TEXT(yaml_get(root, "folded")->text, "a b");
	tear_down(&f);
}

static void test_documents(void)
{
	struct fixture f;
	CHECK_LONG(parse(&f, TEXT(""), NULL), 0);
	CHECK_LONG(f.count, 0);
	tear_down(&f);
	CHECK_LONG(parse(&f, TEXT("# only a comment\n"), NULL), 0);
	CHECK_LONG(f.count, 0);
	tear_down(&f);
	CHECK_LONG(parse(&f, TEXT("a: &x 1\n---\n- b\n---\n---\nc\n...\n"), NULL), 0);
	CHECK_LONG(f.count, 4);
	CU_ASSERT_EQUAL(f.documents[0].kind, YAML_MAPPING);
	CU_ASSERT_EQUAL(f.documents[1].kind, YAML_SEQUENCE);
	CU_ASSERT_EQUAL(f.documents[2].kind, YAML_NULL);
	CHECK_TEXT(f.documents[3].text, "c");
	tear_down(&f);
	CHECK_LONG(parse(&f, TEXT("a: &x 1\n---\nb: *x\n"), NULL), -1); /* anchors end with their document */
	CHECK_CONTAINS(unit_printed(&f.arena, &f.d), "f.yaml:3:4: error: the alias `*x` names no anchor above it");
	tear_down(&f);
}

static void test_aliases_and_merges(void)
{
	struct fixture f;
	CHECK_LONG(parse(&f, TEXT("base: &base {x: 1, y: 2}\nmore: &more {y: 9, z: 3}\n"
		"copy: *base\n"
		"one: {<<: *base, y: own}\n"
		"two: {<<: [*base, *more], w: 0}\n"
		"quoted: {'<<': plain}\n"
		"inline: {<<: {a: b}}\n"), NULL), 0);
	const struct yaml *root = f.documents;
	CHECK_TEXT(yaml_get(yaml_get(root, "copy"), "y")->text, "2");
	const struct yaml *one = yaml_get(root, "one"), *two = yaml_get(root, "two");
	CHECK_LONG(one->count, 2);
	CHECK_TEXT(yaml_get(one, "y")->text, "own");
	CHECK_TEXT(yaml_get(one, "x")->text, "1");
	CHECK_LONG(two->count, 4);
	CHECK_TEXT(yaml_get(two, "y")->text, "2"); /* what is merged first wins */
	CHECK_TEXT(yaml_get(two, "z")->text, "3");
	CHECK_TEXT(yaml_get(yaml_get(root, "quoted"), "<<")->text, "plain");
	CHECK_TEXT(yaml_get(yaml_get(root, "inline"), "a")->text, "b");
	tear_down(&f);
}

static void test_many_keys(void)
{
	struct arena arena = {0};
	struct buffer source = {0};
	for (int i = 0; i < 3000; i++)
		buffer_printf(&source, "key%d: %d\n", i, i);
	struct fixture f;
	CHECK_LONG(parse(&f, buffer_view(&source), NULL), 0);
	CHECK_LONG(f.documents->count, 3000);
	CHECK_TEXT(yaml_get(f.documents, "key2999")->text, "2999");
	tear_down(&f);
	buffer_string(&source, "key7: again\nkey8: again\n");
	CHECK_LONG(parse(&f, buffer_view(&source), NULL), -1);
	CHECK_LONG(f.d.errors, 2);
	CHECK_CONTAINS(unit_printed(&arena, &f.d), "f.yaml:3001:1: error: the key `key7` stands here a second time; the first is in line 8\n");
	tear_down(&f);
	buffer_free(&source);
	arena_free(&arena);
}

static void test_faults(void)
{
	static const struct {
		const char *source, *message;
	} cases[] = {
		{"a: 1\nb: c: d\n", "f.yaml:2:5: error: a `: ` cannot stand here; check the indentation, or quote a text that "
			"contains `: `\nb: c: d\n    ^\n"},
		{"a: @x\n", "f.yaml:1:4: error: no value can begin with this character"},
		{"\ta: 1\n", "f.yaml:1:1: error: no value can begin with this character"},
		{"a: [1, 2\nb: 3\n", "expected"},
		{"a: \"open\nb: 1\n", "the file ends before the closing quote (what it belongs to begins in line 1)"},
		{"a: \"\\q\"\n", "f.yaml:1:5: error: no such escape"},
		{"a:\n  - 1\n b: 2\n", "expected"},
		{"{a: 1, a: 2}\n", "f.yaml:1:8: error: the key `a` stands here a second time; the first is in line 1\n"},
		{"[a]: 1\n", "f.yaml:1:1: error: a key must be a single word or text"},
		{"? {a: b}\n: 1\n", "a key must be a single word or text"},
		{"? \n: 1\n", "a key must be a single word or text"},
		{"a: *nowhere\n", "f.yaml:1:4: error: the alias `*nowhere` names no anchor above it"},
		{"a: &a [*a]\n", "f.yaml:1:8: error: the alias `*a` stands inside what it names"},
		{"a: {<<: text}\n", "f.yaml:1:9: error: `<<` takes a mapping or a list of mappings"},
		{"a: {<<: [text]}\n", "f.yaml:1:10: error: `<<` takes a mapping or a list of mappings"},
		{"a: \"x\\0y\"\n", "f.yaml:1:4: error: a text cannot hold the NUL character"},
		{"a: 1\nk\xc3\xa4\xff: 1\n", "f.yaml:2:3: error: the byte 0xff is not UTF-8"},
		{"a: \xed\xa0\x80\n", "f.yaml:1:4: error: the byte 0xed is not UTF-8"},
		{"a: \x1b[1m\n", "f.yaml:1:4: error: the character U+001B is not allowed in YAML"},
		{"a: x\r\nb: \x01\r\n", "f.yaml:2:4: error: the character U+0001 is not allowed"},
		{"a: \xef\xbb\xbf\n", "f.yaml:1:4: error: the character U+FEFF is not allowed"},
		{"\xff\xfe" "a", "f.yaml: error: the file is UTF-16; it must be UTF-8"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct fixture f;
		CHECK_LONG(parse(&f, text_of(cases[i].source), NULL), -1);
		CHECK_LONG(f.d.errors, 1);
		CHECK_CONTAINS(unit_printed(&f.arena, &f.d), cases[i].message);
		tear_down(&f);
	}
	struct fixture f;
	CHECK_LONG(parse(&f, TEXT("a: b\nc: \0\n"), NULL), -1);
	CHECK_CONTAINS(unit_printed(&f.arena, &f.d), "f.yaml:2:4: error: the character U+0000 is not allowed in YAML");
	tear_down(&f);
}

static void test_byte_order_mark(void)
{
	struct fixture f;
	CHECK_LONG(parse(&f, TEXT("\xef\xbb\xbfname: x\nb: 1\n"), NULL), 0);
	CHECK_TEXT(f.documents->keys[0].text, "name");
	CHECK_LONG(f.documents->keys[0].place.column, 1);
	tear_down(&f);
}

static void test_bounds(void)
{
	struct fixture f;
	CHECK_LONG(parse(&f, TEXT("a: 1\n"), &(struct yaml_limits){.bytes = 5}), 0);
	tear_down(&f);
	CHECK_LONG(parse(&f, TEXT("a: 1\n\n"), &(struct yaml_limits){.bytes = 5}), -1);
	CHECK_CONTAINS(unit_printed(&f.arena, &f.d), "f.yaml: error: larger than 5 bytes");
	tear_down(&f);
	CHECK_LONG(parse(&f, TEXT("[[x]]"), &(struct yaml_limits){.depth = 3}), 0);
	tear_down(&f);
	CHECK_LONG(parse(&f, TEXT("[[[x]]]"), &(struct yaml_limits){.depth = 3}), -1);
	CHECK_CONTAINS(unit_printed(&f.arena, &f.d), "f.yaml:1:4: error: nested deeper than 3 levels");
	tear_down(&f);
	/* An alias cannot go round the depth: *a is two levels, at the third. */
	CHECK_LONG(parse(&f, TEXT("a: &a [x]\nb: [*a]\n"), &(struct yaml_limits){.depth = 4}), 0);
	tear_down(&f);
	CHECK_LONG(parse(&f, TEXT("a: &a [x]\nb: [*a]\n"), &(struct yaml_limits){.depth = 3}), -1);
	CHECK_CONTAINS(unit_printed(&f.arena, &f.d), "f.yaml:2:5: error: nested deeper than 3 levels");
	tear_down(&f);
	CHECK_LONG(parse(&f, TEXT("[a, b, c]"), &(struct yaml_limits){.nodes = 4}), 0);
	tear_down(&f);
	CHECK_LONG(parse(&f, TEXT("[a, b, c]"), &(struct yaml_limits){.nodes = 3}), -1);
	CHECK_CONTAINS(unit_printed(&f.arena, &f.d), "more than 3 values");
	tear_down(&f);
}

static void test_alias_bombs(void)
{
	struct buffer source = {0};
	struct fixture f;
	buffer_string(&source, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
	for (int i = 1; i < 12; i++) {
		buffer_printf(&source, "a%d: &a%d [", i, i);
		for (int j = 0; j < 10; j++)
			buffer_printf(&source, "%s*a%d", j ? ", " : "", i - 1);
		buffer_string(&source, "]\n");
	}
	CHECK_LONG(parse(&f, buffer_view(&source), NULL), -1);
	CHECK_CONTAINS(unit_printed(&f.arena, &f.d), "more than 1000000 values (aliases expanded)");
	tear_down(&f);
	buffer_clear(&source);
	for (int i = 0; i < 1001; i++)
		buffer_printf(&source, "- &a%d x\n", i);
	CHECK_LONG(parse(&f, buffer_view(&source), NULL), -1);
	CHECK_CONTAINS(unit_printed(&f.arena, &f.d), "f.yaml:1001:3: error: more than 1000 anchors");
	tear_down(&f);
	buffer_free(&source);
}

static void test_typed_access(void)
{
	struct fixture f;
	struct text text;
	bool truth = false;
	int64_t number = 0;
	CHECK_LONG(parse(&f, TEXT("s: text\nt: true\nf: False\nn: -12\nq: 'true'\nqn: '5'\nl: [a]\nm: {a: b}\nz:\ny: yes\n"), NULL), 0);
	const struct yaml *root = f.documents;
	CHECK_LONG(yaml_text(yaml_get(root, "s"), &f.d, "s", &text), 0);
	CHECK_TEXT(text, "text");
	CHECK_LONG(yaml_text(yaml_get(root, "n"), &f.d, "n", &text), 0);
	CHECK_LONG(yaml_bool(yaml_get(root, "t"), &f.d, "t", &truth), 0);
	CU_ASSERT(truth);
	CHECK_LONG(yaml_bool(yaml_get(root, "f"), &f.d, "f", &truth), 0);
	CU_ASSERT_FALSE(truth);
	CHECK_LONG(yaml_long(yaml_get(root, "n"), &f.d, "n", &number), 0);
	CHECK_LONG(number, -12);
	CHECK_LONG(f.d.count, 0);
	CHECK_LONG(yaml_text(yaml_get(root, "l"), &f.d, "the name", &text), -1);
	CHECK_LONG(yaml_text(yaml_get(root, "z"), &f.d, "the name", &text), -1);
	CHECK_LONG(yaml_bool(yaml_get(root, "q"), &f.d, "flag", &truth), -1);
	CHECK_LONG(yaml_bool(yaml_get(root, "y"), &f.d, "flag", &truth), -1);
	CHECK_LONG(yaml_long(yaml_get(root, "qn"), &f.d, "number", &number), -1);
	CHECK_LONG(yaml_long(yaml_get(root, "m"), &f.d, "number", &number), -1);
	CHECK_LONG(f.d.errors, 6);
	CHECK_CONTAINS(unit_printed(&f.arena, &f.d), "f.yaml:7:4: error: the name must be a text, not a list\nl: [a]\n   ^\n");
	CHECK_CONTAINS(unit_printed(&f.arena, &f.d), "the name must be a text, not nothing");
	CHECK_CONTAINS(unit_printed(&f.arena, &f.d), "f.yaml:10:4: error: flag must be true or false");
	tear_down(&f);
}

static void test_lists_of_texts(void)
{
	struct fixture f;
	struct text *texts;
	size_t count = 9;
	CHECK_LONG(parse(&f, TEXT("l: [a, 'b']\ns: one\ne: []\nz:\nbad: [a, [b], ~]\nm: {}\n"), NULL), 0);
	const struct yaml *root = f.documents;
	CHECK_LONG(yaml_texts(yaml_get(root, "l"), &f.arena, &f.d, "l", &texts, &count), 0);
	CHECK_LONG(count, 2);
	CHECK_TEXT(texts[1], "b");
	CHECK_LONG(yaml_texts(yaml_get(root, "s"), &f.arena, &f.d, "s", &texts, &count), 0);
	CHECK_LONG(count, 1);
	CHECK_TEXT(texts[0], "one");
	CHECK_LONG(yaml_texts(yaml_get(root, "e"), &f.arena, &f.d, "e", &texts, &count), 0);
	CHECK_LONG(count, 0);
	CHECK_LONG(yaml_texts(yaml_get(root, "z"), &f.arena, &f.d, "z", &texts, &count), -1);
	CHECK_LONG(yaml_texts(yaml_get(root, "m"), &f.arena, &f.d, "m", &texts, &count), -1);
	CHECK_LONG(yaml_texts(yaml_get(root, "bad"), &f.arena, &f.d, "bad", &texts, &count), -1);
	CHECK_LONG(f.d.errors, 4); /* both bad items are told */
	tear_down(&f);
}

static const struct yaml_shape shape[] = {
	{"title", YAML_REQUIRED, &yaml_any_text, "A title."},
	{"techniques", YAML_OPTIONAL, YAML_FORM(.sort = YAML_LIST, .of = &yaml_any_text), "Techniques."},
	{"targets", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TABLE, .of = &yaml_any_text), "Targets."},
	{"anything", YAML_OPTIONAL, YAML_FORM(.sort = YAML_ANYTHING), "Anything."},
	{0},
};

static void test_shapes(void)
{
	struct fixture f;
	CHECK_LONG(parse(&f, TEXT("title: x\ntechniques: []\ntargets: {}\nanything:\n"), NULL), 0);
	CHECK_LONG(yaml_check(f.documents, shape, &f.d, "a detection"), 0);
	CHECK_LONG(f.d.count, 0);
	tear_down(&f);
	CHECK_LONG(parse(&f, TEXT("tehcniques: []\ntechniques: T1611\ntargets:\nqqq: 1\n"), NULL), 0);
	CHECK_LONG(yaml_check(f.documents, shape, &f.d, "a detection"), -1);
	struct text printed = unit_printed(&f.arena, &f.d);
	CHECK_LONG(f.d.errors, 5);
	CHECK_CONTAINS(printed, "f.yaml:1:1: error: unknown key `tehcniques` in a detection; did you mean `techniques`?\n");
	CHECK_CONTAINS(printed, "f.yaml:2:13: error: `techniques` must be a list, not a single value\n");
	CHECK_CONTAINS(printed, "`targets` must be a mapping, not nothing\n");
	CHECK_CONTAINS(printed, "f.yaml:4:1: error: unknown key `qqq` in a detection\nqqq: 1\n^\n");
	CHECK_CONTAINS(printed, "a detection lacks the key `title`\n");
	tear_down(&f);
	CHECK_LONG(parse(&f, TEXT("- x\n"), NULL), 0);
	CHECK_LONG(yaml_check(f.documents, shape, &f.d, "a detection"), -1);
	CHECK_CONTAINS(unit_printed(&f.arena, &f.d), "a detection must be a mapping, not a list");
	tear_down(&f);
}

static void test_files(void)
{
	struct arena arena = {0};
	struct diagnostics d = {0};
	struct yaml *documents;
	struct text content;
	size_t count;
	const char *folder = unit_folder(&arena);
	const char *path = unit_file(&arena, folder, "deep/er/a.yaml", TEXT("a: 1\n"));
	CHECK_LONG(yaml_parse_file(&arena, path, NULL, &d, &documents, &count), 0);
	CHECK_LONG(count, 1);
	CU_ASSERT_STRING_EQUAL(documents->place.file, path);
	CHECK_LONG(file_read(&arena, unit_file(&arena, folder, "bytes", TEXT("x\0y")), 3, &d, &content), 0);
	CU_ASSERT(text_equal(content, TEXT("x\0y")));
	CHECK_LONG(file_read(&arena, unit_file(&arena, folder, "empty", TEXT("")), 3, &d, &content), 0);
	CHECK_TEXT(content, "");
	CHECK_LONG(d.count, 0);
	CHECK_LONG(file_read(&arena, path, 4, &d, &content), -1);
	CHECK_LONG(file_read(&arena, folder, 0, &d, &content), -1);
	CHECK_LONG(yaml_parse_file(&arena, arena_printf(&arena, "%s/missing", folder), NULL, &d, &documents, &count), -1);
	CHECK_LONG(count, 0);
	CHECK_LONG(d.errors, 3);
	struct text printed = unit_printed(&arena, &d);
	CHECK_CONTAINS(printed, "/a.yaml: error: larger than 4 bytes\n");
	CHECK_CONTAINS(printed, ": error: cannot be read: it is a directory\n");
	CHECK_CONTAINS(printed, "/missing: error: cannot be read: No such file");
	diagnostics_free(&d);
	arena_free(&arena);
}

void suite_yaml(void)
{
	CU_pSuite suite = unit_suite("yaml");
	UNIT_TEST(suite, test_kinds);
	UNIT_TEST(suite, test_places);
	UNIT_TEST(suite, test_documents);
	UNIT_TEST(suite, test_aliases_and_merges);
	UNIT_TEST(suite, test_many_keys);
	UNIT_TEST(suite, test_faults);
	UNIT_TEST(suite, test_byte_order_mark);
	UNIT_TEST(suite, test_bounds);
	UNIT_TEST(suite, test_alias_bombs);
	UNIT_TEST(suite, test_typed_access);
	UNIT_TEST(suite, test_lists_of_texts);
	UNIT_TEST(suite, test_shapes);
	UNIT_TEST(suite, test_files);
}
