/* canonical: what formatting makes of a file, one thing at a time; what it must refuse; that it stays. */
#include "catalog/canonical.h"

#include "catalog/eql_layout.h"
#include "catalog/lists.h"
#include "catalog/yaml_scalar.h"
#include "tests/unit/unit.h"

#include <string.h>

/* Formatted as that form; what went wrong where it was refused. */
static struct text formatted(struct arena *arena, const struct yaml_form *form, const char *source)
{
	struct buffer out = {0};
	struct diagnostics d = {0};
	int failed = canonical_write(text_of(source), "f.yaml", form, &out, &d);
	struct text text = failed ? unit_printed(arena, &d) : text_copy(arena, buffer_view(&out));
	diagnostics_free(&d);
	buffer_free(&out);
	return text;
}

static void check(const struct yaml_form *form, const char *source, const char *expected)
{
	struct arena arena = {0};
	struct text once = formatted(&arena, form, source);
	CHECK_TEXT(once, expected);
	CHECK_TEXT(formatted(&arena, form, once.data), expected);
	arena_free(&arena);
}

static void test_keys(void)
{
	check(&organization_form, "budget: {alert_groups_per_day: 1}\ntitle: B\nname: a\n",
		"name: a\ntitle: B\nbudget: {alert_groups_per_day: 1}\n");
	/* Keys that no table has stay behind; the order of free keys is theirs. */
	check(&organization_form, "zzz: 1\nlists: {b: [], a: []}\nname: a\n", "name: a\nlists: {b: [], a: []}\nzzz: 1\n");
	/* Where something else stands than the table says, nothing changes its place. */
	check(&organization_form, "exceptions:\n  a:\n    expires: x\n    condition: y\n",
		"exceptions:\n  a:\n    expires: x\n    condition: y\n");
	/* What an alias names must stand before it. */
	check(&organization_form, "title: &x A\nname: *x\n", "title: &x A\nname: *x\n");
	check(&registry_extension_form,
		"fields:\n  a.b: {about: x, type: long}\n  a.much.longer.name.than.the.column: {type: ip, about: y}\n",
		"fields:\n  a.b:                       {type: long, about: x}\n"
		"  a.much.longer.name.than.the.column: {type: ip, about: y}\n");
}

static void test_comments(void)
{
	/* Of the file, of a key, behind a value, at the end of a list, of the file again. */
	check(&organization_form,
		"# head\n\n# of title\ntitle:   A   # behind\n# of name\nname: a\nexceptions: # all\n    # first\n    - name: b   # b\n"
		"      # last\n# end\n",
		"# head\n\n# of title\n# of name\nname: a\ntitle: A # behind\nexceptions: # all\n  # first\n  - name: b # b\n"
		"    # last\n# end\n");
	/* What is in brackets with comments is written in lines. */
	check(&organization_form, "name: a\nlists: {x: [a, # one\n  b], # two\n  y: []} # three\n",
		"name: a\nlists:\n  x:\n    - a # one\n    - b\n    # two\n  y: []\n  # three\n");
	/* Of a list's first item that stands in the line of another list's. */
	check(&organization_form, "name: a\nlists:\n  x:\n    - - # one\n      # two\n        b: c\n",
		"name: a\nlists:\n  x:\n    # one\n    # two\n    - - b: c\n");
	check(&organization_form, "name: a\nlists:\n  x: [ # empty\n  ]\n  y: []\n",
		"name: a\nlists:\n  x: []\n  # empty\n  y: []\n");
	check(&organization_form, "name:\n  # why\n  a\n", "# why\nname: a\n");
}

static void test_blank_lines(void)
{
	check(&lists_form, "\n\nlists:\n\n\n  a: []\n\n\n\n  # c\n\n  b: []\n\n\n", "lists:\n  a: []\n\n  # c\n\n  b: []\n");
	check(&lists_form, "lists:\r\n  a:\r\n  - x\r\n", "lists:\n  a:\n    - x\n");
}

static void test_texts(void)
{
	check(&lists_form,
		"lists: {a: [\"x\", 'z', 'y', \"1\", 2, \"true\", no, \"a:b\", a b, \"c, d\", \"it's\", '\"x\"', \"\\x01\", \"\"]}\n",
		"lists: {a: [x, z, \"y\", \"1\", 2, \"true\", no, \"a:b\", a b, \"c, d\", it's, '\"x\"', \"\\x01\", \"\"]}\n");
	check(&organization_form, "name: a\ntitle: 'a: b'\ndescription: \"a:b # c\"\n",
		"name: a\ntitle: \"a: b\"\ndescription: \"a:b # c\"\n");
	/* Several lines that fit in one; a block; a block whose text begins with blanks. */
	check(&organization_form, "name: a\ndescription: one\n  two\n   three\n", "name: a\ndescription: one two three\n");
	check(&organization_form, "name: a\ndescription: >-\n      one\n      two\n", "name: a\ndescription: >-\n  one\n  two\n");
	check(&organization_form, "name: a\ndescription: |4\n      one\n    two\n", "name: a\ndescription: |2\n    one\n  two\n");
	check(&organization_form, "name: a\ndescription: |+\n  one\n\n\ntitle: x\n",
		"name: a\ntitle: x\ndescription: |+\n  one\n\n\n");
	/* What has a tag keeps its quotes, whatever stands in them. */
	check(&organization_form, "name: ! 'a'\ntitle: ! 'a \"b\"'\n", "name: ! \"a\"\ntitle: ! 'a \"b\"'\n");
	/* A comment in the line behind it is its own line's, not the text's. */
	check(&organization_form, "name: a\ndescription: |+\n  one\n\n# of title\ntitle: x\n",
		"name: a\n# of title\ntitle: x\ndescription: |+\n  one\n\n");
	check(&organization_form, "name: a\ndescription: |+\n  one\n# end\n", "name: a\ndescription: |+\n  one\n# end\n");
	/* An empty line that comes to stand behind it would be its. */
	check(&organization_form, "description: |+\n  one\ntitle: x\n\nname: a\n\n# end\n",
		"name: a\ntitle: x\ndescription: |+\n  one\n# end\n");
	check(&organization_form, "description: |+\n  one\ntitle: x\n\nbudget: {alert_groups_per_day: 1}\n",
		"title: x\ndescription: |+\n  one\nbudget: {alert_groups_per_day: 1}\n");
	check(&organization_form, "name: a\ndescription: |\n  one", "name: a\ndescription: |-\n  one\n");
}

static void test_long_texts(void)
{
	struct arena arena = {0};
	char source[1024] = "name: a\ndescription: ";
	for (size_t i = 0; i < 40; i++)
		memcpy(source + strlen(source), i == 20 ? "word\n   " : "words ", i == 20 ? 9 : 7);
	struct text text = formatted(&arena, &organization_form, source);
	CHECK_CONTAINS(text, "description: >-\n  words words");
	CHECK_TEXT(formatted(&arena, &organization_form, text.data), text.data);
	/* What could be a number without quotes is none as a block. */
	char key[200];
	memset(key, 'k', sizeof key);
	const char *typed = arena_printf(&arena, "%.*s: 2\n  b\n", (int)sizeof key, key);
	CHECK_TEXT(formatted(&arena, &organization_form, typed), arena_printf(&arena, "%.*s: 2 b\n", (int)sizeof key, key));
	arena_free(&arena);
}

static void test_conditions(void)
{
	check(&lists_form, "macros: {}\n", "macros: {}\n");
	check(&lists_form, "macros:\n  a: |\n    process.name==\"x\"\n", "macros:\n  a: process.name == \"x\"\n");
	check(&lists_form, "macros:\n  a: |\n    process.name  ==  \"x\" and\n      not (user.id in(\"a\",\"b\") or\n      y)\n",
		"macros:\n  a: |\n    process.name == \"x\"\n      and not (user.id in (\"a\", \"b\")\n        or y)\n");
	check(&lists_form, "macros:\n  a: |\n    true\n  b: true\n", "macros:\n  a: \"true\"\n  b: true\n");
	/* A condition with comments keeps its lines. */
	check(&lists_form, "macros:\n    a: |\n        x   and // why\n          y\n",
		"macros:\n  a: |\n    x   and // why\n      y\n");
	/* What is no condition is left as a text. */
	check(&lists_form, "macros:\n  a: ' x  & y '\n", "macros:\n  a: \" x  & y \"\n");
	check(&lists_form, "macros:\n  a: \"x == \\\"b\\\\\\\\c\\\"\"\n", "macros:\n  a: x == \"\"\"b\\c\"\"\"\n");
	/* A block of lines has no escapes. */
	check(&organization_form, "exceptions:\n  - condition: \"process.name == \\\"a\\Lb\\\"\"\n",
		"exceptions:\n  - condition: \"process.name == \\\"a\\Lb\\\"\"\n");
}

static struct text laid_out(struct arena *arena, const char *source, size_t width)
{
	struct eql_lines lines;
	if (!eql_layout(arena, text_of(source), width, &lines))
		return TEXT("(left)");
	return text_join(arena, lines.items, lines.count, '\n');
}

static void test_layout(void)
{
	struct arena arena = {0};
	CHECK_TEXT(laid_out(&arena, "a  and\nb", 80), "a\n  and b");
	CHECK_TEXT(laid_out(&arena, "x where\n a in ( \"1\" ,\n\"2\" )", 80), "x where\n  a in (\"1\",\n    \"2\")");
	CHECK_TEXT(laid_out(&arena, "length( a )>3 and startswith~ (b, \"c\")", 80), "length(a) > 3 and startswith~(b, \"c\")");
	CHECK_TEXT(laid_out(&arena, "aaaa and (bbbb or cccc) and dddd", 20), "aaaa\n  and (bbbb or cccc)\n  and dddd");
	CHECK_TEXT(laid_out(&arena, "aaaa and (bbbb or cccc)", 14), "aaaa\n  and (bbbb\n    or cccc)");
	CHECK_TEXT(laid_out(&arena, "sequence by h with maxspan = 5m [a where b] by x ![c where d] until [e where f]", 40),
		"sequence by h with maxspan=5m\n  [a where b] by x\n  ![c where d]\n  until [e where f]");
	CHECK_TEXT(laid_out(&arena, "`a b` == ?c", 80), "`a b` == ?c");
	CHECK_TEXT(laid_out(&arena, "a /* b */ and c", 80), "(left)");
	CHECK_TEXT(laid_out(&arena, "a and c // b", 80), "(left)");
	CHECK_TEXT(laid_out(&arena, "// b\na", 80), "(left)");
	CHECK_TEXT(laid_out(&arena, "a & b", 80), "(left)");
	CHECK_TEXT(laid_out(&arena, "", 80), "(left)");
	CU_ASSERT(eql_same_words(&arena, TEXT("a==\"b\\\\c\""), TEXT("a == \"\"\"b\\c\"\"\"")));
	CU_ASSERT(!eql_same_words(&arena, TEXT("a == \"b\""), TEXT("a == \"b \"")));
	CU_ASSERT(!eql_same_words(&arena, TEXT("a in b"), TEXT("a in~ b")));
	arena_free(&arena);
}

static void test_refusals(void)
{
	static const struct {
		const char *source, *part;
	} cases[] = {
		{"", "f.yaml: error: the file is empty"},
		{"- a\n", "f.yaml:1:1: error: a file of mews's is a mapping of keys"},
		{"a: 1\n---\nb: 1\n", "more than one document cannot be formatted"},
		{"%YAML 1.1\n---\na: 1\n", "a file with directives (%) cannot be formatted"},
		{"name: &x a\n*x : 1\n", "f.yaml:2:1: error: an alias or a collection as a key cannot be formatted"},
		{"? |\n  a\n: 1\n", "a block of text as a key cannot be formatted"},
		{"a: [\n", "f.yaml:"},
		{"a: 1\na: 2\n", "the key `a` stands here a second time"},
		{"a: \"\xc2\x85\"\n", "cannot be formatted"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = {0};
		CHECK_CONTAINS(formatted(&arena, &organization_form, cases[i].source), cases[i].part);
		arena_free(&arena);
	}
}

/* Each text, written as a scalar, is read as that text, and as no number or truth. */
static void test_scalars(void)
{
	static const char *const texts[] = {"", "a", " a", "a ", "a: b", "a:", ":a", "#a", "a #b", "a#b", "-", "- a", "-a",
		"?", "? a", "?a",
		"[a", "a]", "{", "a, b", "&a", "*a", "!a", "|", ">", "%a", "@a", "`a", "\"a\"", "'a'", "it's", "a\\b", "a\nb",
			"a\tb", "1", "1.5",
		"0x3", "1e3", "12:30:45", "2026-11-23", "true", "No", "null", "~", "<<", "=", "---", "--- a", "...", "\x01",
			"é ü", "\xc2\x85",
		"\xe2\x80\xa8", "a:b", "a?b", "://", "*/docker.sock:*:*"};
	for (size_t i = 0; i < 2 * (sizeof texts / sizeof *texts); i++) {
		struct arena arena = {0};
		struct buffer out = {0};
		bool flow = i % 2;
		buffer_string(&out, flow ? "[" : "a: ");
		yaml_scalar_print(text_of(texts[i / 2]), flow, &out);
		buffer_string(&out, flow ? "]" : "\n");
		const struct yaml *node = unit_yaml(&arena, out.data)->items;
		CHECK_LONG(node->kind, YAML_SCALAR);
		CHECK_TEXT(node->text, texts[i / 2]);
		CU_ASSERT(node->quoted || !yaml_is_typed(node->text));
		buffer_free(&out);
		arena_free(&arena);
	}
}

void suite_canonical(void);
void suite_canonical(void)
{
	CU_pSuite suite = unit_suite("canonical");
	UNIT_TEST(suite, test_keys);
	UNIT_TEST(suite, test_comments);
	UNIT_TEST(suite, test_blank_lines);
	UNIT_TEST(suite, test_texts);
	UNIT_TEST(suite, test_long_texts);
	UNIT_TEST(suite, test_conditions);
	UNIT_TEST(suite, test_layout);
	UNIT_TEST(suite, test_refusals);
	UNIT_TEST(suite, test_scalars);
}
