/* Items put into lists of YAML files: exactly as expected, and, over random files, with nothing else changed. */
#include "unit.h"

#include "catalog/yaml_splice.h"

#include <string.h>

static struct yaml item_of(struct arena *arena, const char *name, const char *condition)
{
	struct yaml item = {.kind = YAML_MAPPING};

	yaml_set(arena, &item, "name", yaml_new_text(text_of(name)));
	if (condition)
		yaml_set(arena, &item, "condition", yaml_new_text(text_of(condition)));
	return item;
}

/* `expected` NULL: refused, with `message`. */
static void check_splice(enum splice_kind kind, size_t at, const char *source, const char *expected, const char *message)
{
	struct arena arena = {0};
	struct diagnostics d = {0};
	struct yaml item = item_of(&arena, "new", NULL);
	struct splice splice = {.kind = kind, .key = "x", .at = at, .item = &item};
	struct text result = TEXT("");
	int status = yaml_splice(&arena, text_of(source), "f.yaml", &splice, &d, &result);

	CHECK_LONG(status, expected ? 0 : -1);
	if (expected)
		CHECK_TEXT(result, expected);
	else
		CHECK_CONTAINS(unit_printed(&arena, &d), message);
	if (expected && status)
		CHECK_TEXT(unit_printed(&arena, &d), "");
	diagnostics_free(&d);
	arena_free(&arena);
}

static const struct {
	size_t at;
	const char *source, *expected;
} inserts[] = {
	/* behind the last item; other indentation; comments */
	{SPLICE_END, "x:\n  - name: a\ny: 1\n", "x:\n  - name: a\n  - name: new\ny: 1\n"},
	{SPLICE_END, "x:\n- name: a\ny: 1\n", "x:\n- name: a\n- name: new\ny: 1\n"},
	{SPLICE_END, "x:\n    -   name: a\n        k: v\n\n# about y\ny: 1\n",
		"x:\n    -   name: a\n        k: v\n    - name: new\n\n# about y\ny: 1\n"},
	{SPLICE_END, "x:\n  - name: a # why\n    # more of a\n  # name: gone\n# about y\ny: 1\n",
		"x:\n  - name: a # why\n    # more of a\n  - name: new\n  # name: gone\n# about y\ny: 1\n"},
	{SPLICE_END, "x:\n  -\n    name: a\n", "x:\n  -\n    name: a\n  - name: new\n"},
	{SPLICE_END, "x: # c\n  # - comment\n  - a\n", "x: # c\n  # - comment\n  - a\n  - name: new\n"},
	{SPLICE_END, "x: &anchor\n  - a\n", "x: &anchor\n  - a\n  - name: new\n"},
	{SPLICE_END, "? x\n: - a\n  - b\n", "? x\n: - a\n  - b\n  - name: new\n"},
	{SPLICE_END, "x:\n  - a:\n    b:\ny:\n", "x:\n  - a:\n    b:\n  - name: new\ny:\n"},
	{SPLICE_END, "x:\n  -\n  - \ny: 1\n", "x:\n  -\n  - \n  - name: new\ny: 1\n"},
	{SPLICE_END, "x:\n  - one\n    two\n", "x:\n  - one\n    two\n  - name: new\n"},
	/* blocks of text: blank lines behind them belong to |+ alone */
	{SPLICE_END, "x:\n  - k: |\n      t\n\n\ny: 1\n", "x:\n  - k: |\n      t\n  - name: new\n\n\ny: 1\n"},
	{SPLICE_END, "x:\n  - k: |+\n      t\n\n\ny: 1\n", "x:\n  - k: |+\n      t\n\n\n  - name: new\ny: 1\n"},
	{SPLICE_END, "x:\n  - k: >-\n      t\n      # no comment\n", "x:\n  - k: >-\n      t\n      # no comment\n  - name: new\n"},
	/* in other places */
	{0, "x:\n  # a\n  - a\n  - b\n", "x:\n  - name: new\n  # a\n  - a\n  - b\n"},
	{1, "x:\n  - a # of a\n  # of b\n  - b\n", "x:\n  - a # of a\n  - name: new\n  # of b\n  - b\n"},
	/* no list yet */
	{SPLICE_END, "y: 1\n", "y: 1\nx:\n  - name: new\n"},
	{SPLICE_END, "y: 1", "y: 1\nx:\n  - name: new"},
	{SPLICE_END, "  y: 1\n  # c\n", "  y: 1\n  x:\n    - name: new\n  # c\n"},
	{SPLICE_END, "---\ny: 1\n...\n", "---\ny: 1\nx:\n  - name: new\n...\n"},
	{SPLICE_END, "y: 1\n---\ny: 2\n", "y: 1\nx:\n  - name: new\n---\ny: 2\n"},
	{SPLICE_END, "x:\ny: 1\n", "x:\n  - name: new\ny: 1\n"},
	{SPLICE_END, "x:", "x:\n  - name: new"},
	{SPLICE_END, "x: ~  # none\ny: 1\n", "x:  # none\n  - name: new\ny: 1\n"},
	{SPLICE_END, "x: []\n\ny: 1\n", "x:\n  - name: new\n\ny: 1\n"},
	{SPLICE_END, "x: [] # none", "x: # none\n  - name: new"},
	{SPLICE_END, "x: [\n  # none\n]\n", "x: [\n  # none\n{\"name\": \"new\"}]\n"},
	/* brackets */
	{SPLICE_END, "x: [a, {b: c}, ] # d\n", "x: [a, {b: c}, {\"name\": \"new\"}, ] # d\n"},
	{0, "x: [a]\n", "x: [{\"name\": \"new\"}, a]\n"},
	{SPLICE_END, "x: [\n  {a: b} # c\n]\n", "x: [\n  {a: b}, {\"name\": \"new\"} # c\n]\n"},
	{SPLICE_END, "{\"y\": 1, \"x\": []}\n", "{\"y\": 1, \"x\": [{\"name\": \"new\"}]}\n"},
	{SPLICE_END, "{\n  \"y\": 1\n}\n", "{\n  \"y\": 1, \"x\": [{\"name\": \"new\"}]\n}\n"},
	{SPLICE_END, "{}", "{\"x\": [{\"name\": \"new\"}]}"},
	{SPLICE_END, "{x: null}", "{x: [{\"name\": \"new\"}]}"},
	/* line ends, a byte order mark, characters of several bytes */
	{SPLICE_END, "x:\r\n  - a\r\ny: 1\r\n", "x:\r\n  - a\r\n  - name: new\r\ny: 1\r\n"},
	{SPLICE_END, "x:\r  - a\r", "x:\r  - a\r  - name: new\r"},
	{SPLICE_END, "\xef\xbb\xbfy: \"\xc3\xa4\xf0\x9f\x90\xb1\"\r\nx:\r\n  - \xc3\xa4 # \xc3\xa4\r\n",
		"\xef\xbb\xbfy: \"\xc3\xa4\xf0\x9f\x90\xb1\"\r\nx:\r\n  - \xc3\xa4 # \xc3\xa4\r\n  - name: new\r\n"},
	{SPLICE_END, "x:\n  - a\xc2\x85# c\xc2\x85y: 1\n", "x:\n  - a\xc2\x85  - name: new\n# c\xc2\x85y: 1\n"},
};

static void test_insert(void)
{
	for (size_t i = 0; i < sizeof inserts / sizeof *inserts; i++)
		check_splice(SPLICE_INSERT, inserts[i].at, inserts[i].source, inserts[i].expected, NULL);
}

static void test_remove(void)
{
	static const char list[] = "x:\n  # of a\n  - a # c\n    # deep\n  # of b\n  - k: |\n      t\n\n  - c\ny: 1\n";

	check_splice(SPLICE_REMOVE, 0, list, "x:\n  # of a\n  # of b\n  - k: |\n      t\n\n  - c\ny: 1\n", NULL);
	check_splice(SPLICE_REMOVE, 1, list, "x:\n  # of a\n  - a # c\n    # deep\n  # of b\n\n  - c\ny: 1\n", NULL);
	check_splice(SPLICE_REMOVE, 2, list, "x:\n  # of a\n  - a # c\n    # deep\n  # of b\n  - k: |\n      t\n\ny: 1\n", NULL);
	check_splice(SPLICE_REMOVE, 0, "x: # c\n  # d\n  - a\ny: 1\n", "x: [] # c\n  # d\ny: 1\n", NULL);
	check_splice(SPLICE_REMOVE, 0, "x: [a, b, c]\n", "x: [b, c]\n", NULL);
	check_splice(SPLICE_REMOVE, 2, "x: [a, b, c,]\n", "x: [a, b,]\n", NULL);
	check_splice(SPLICE_REMOVE, 0, "x: [ a, ]\n", "x: [ ]\n", NULL);
	check_splice(SPLICE_REMOVE, 1, "x: [a]\n", NULL, "f.yaml:1:4: error: the list has no such item");
	check_splice(SPLICE_REMOVE, 0, "? x\n: - a\n", NULL, "f.yaml:2:3: error: this list is written in a way");
}

static void test_replace(void)
{
	check_splice(SPLICE_REPLACE, 0, "x:\n  # of a\n  - name: a\n    # deep\n    k: v\n  - b\n",
		"x:\n  # of a\n    # deep\n  - name: new\n  - b\n", NULL);
	check_splice(SPLICE_REPLACE, 1, "x:\n  - a\n  - b", "x:\n  - a\n  - name: new", NULL);
	check_splice(SPLICE_REPLACE, 0, "x: [a, b]\n", "x: [{\"name\": \"new\"}, b]\n", NULL);
}

static void test_refused(void)
{
	static const struct {
		const char *source, *message;
	} cases[] = {
		{"x: [\n", "f.yaml:2:1: error: "},
		{"", "error: the file must hold a mapping"},
		{"- a\n", "f.yaml:1:1: error: the file must hold a mapping"},
		{"y: 1\nx: text\n", "f.yaml:2:4: error: `x` must be a list"},
		{"{x, y: 1}\n", "error: this list is written in a way"},
		{"x: {}\n", "f.yaml:1:4: error: `x` must be a list"},
		{"y: &y [a]\nx: *y\n", "error: `x` is brought here by an alias or `<<`"},
		{"y: &y {x: [a]}\n<<: *y\n", "error: `x` is brought here by an alias or `<<`"},
		{"x: &x\n  - a\ny: *x\n", "f.yaml:1:4: error: this list is written in a way"},
		{"y: 1\nz: |\n  text", "error: this list is written in a way"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check_splice(SPLICE_INSERT, SPLICE_END, cases[i].source, NULL, cases[i].message);
}

/* --- how texts are written -------------------------------------------------------------------- */

static void check_written(const char *text, const char *expected)
{
	struct arena arena = {0};
	struct buffer out = {0};
	struct yaml item = {.kind = YAML_MAPPING};

	yaml_set(&arena, &item, "k", yaml_new_text(text_of(text)));
	yaml_write(&item, &(struct yaml_style){0}, &out);
	CHECK_TEXT(buffer_view(&out), expected);
	buffer_char(&out, '\n');
	struct yaml *back = unit_yaml(&arena, out.data);

	CU_ASSERT(yaml_equal(back, &item));
	buffer_free(&out);
	arena_free(&arena);
}

static void test_written(void)
{
	check_written("user.name == \"ci\" and x like \"/a*\"", "k: user.name == \"ci\" and x like \"/a*\"");
	check_written("process.name : \"a\"", "k: 'process.name : \"a\"'");
	check_written("a: b", "k: \"a: b\"");
	check_written("a: \"b\" it's", "k: 'a: \"b\" it''s'");
	check_written("x #y", "k: \"x #y\"");
	check_written("x#y", "k: x#y");
	check_written("2027-03-31", "k: 2027-03-31");
	check_written("12", "k: \"12\"");
	check_written("No", "k: \"No\"");
	check_written("null", "k: \"null\"");
	check_written("", "k: \"\"");
	check_written(" a", "k: \" a\"");
	check_written("\"a\\b\"", "k: '\"a\\b\"'");
	check_written("a\nb\n", "k: |\n  a\n  b");
	check_written("a\n  b", "k: |-\n  a\n    b");
	check_written("a\n\n", "k: \"a\\n\\n\"");
	check_written(" a\nb", "k: \" a\\nb\"");
	check_written("a\tb\x7f\xc2\x85\xe2\x80\xa8", "k: \"a\\tb\\u007f\\u0085\\u2028\"");
	check_written("\xc3\xa4", "k: \xc3\xa4");
}

/* --- random files ----------------------------------------------------------------------------- */

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 16;
}

struct maker {
	struct buffer out;
	uint32_t state;
	const char *line_end;
};

static unsigned dice(struct maker *m, unsigned sides)
{
	return next_random(&m->state) % sides;
}

static void line(struct maker *m, unsigned indent, const char *text)
{
	buffer_printf(&m->out, "%*s%s", (int)indent, "", text);
	if (dice(m, 6) == 0)
		buffer_string(&m->out, dice(m, 2) ? "  # said" : " # - x: [");
	buffer_string(&m->out, m->line_end);
}

static void noise(struct maker *m, unsigned indent)
{
	while (dice(m, 4) == 0) {
		if (dice(m, 2) == 0)
			buffer_string(&m->out, m->line_end);
		else
			line(m, dice(m, 2) ? indent : dice(m, 9), "# - name: gone");
	}
}

static void random_item(struct maker *m, unsigned dash)
{
	static const char *const flows[] = {"- {name: a, detections: [b, \"c # d\"]}", "- name: x", "-", "- [a, [b]]", "- 'it''s'",
		"- \"x # \\\" y\"", "- &a k: v", "- \xc3\xa4"};
	static const char *const values[] = {"reason: a long story", "condition: 'a == \"# b\"'", "expires: 2027-01-01", "empty:",
		"targets: {falco: {condition: x}}", "more:\n", "quoted: \"a\\\"b\""};
	line(m, dash, flows[dice(m, 8)]);
	if (!text_ends(buffer_view(&m->out), text_of(m->line_end), false) || dice(m, 2))
		return;
	buffer_printf(&m->out, "%*s- name: y%s", (int)dash, "", m->line_end);
	for (unsigned i = dice(m, 4); i > 0; i--) {
		unsigned which = dice(m, 8);

		noise(m, dash + 2);
		if (which == 5)
			which = 0;
		if (which < 7) {
			buffer_printf(&m->out, "%*sk%u: %s%s", (int)dash + 2, "", i, strchr(values[which], ':') + 1, m->line_end);
		} else {
			static const char *const marks[] = {"|", "|-", "|+", ">", ">-", ">+"};
			buffer_printf(&m->out, "%*sb%u: %s%s%*stext # no comment%s", (int)dash + 2, "", i, marks[dice(m, 6)], m->line_end,
				(int)dash + 6, "", m->line_end);
			if (dice(m, 2))
				buffer_printf(&m->out, "%s%*s- more: [%s", m->line_end, (int)dash + 6, "", m->line_end);
		}
	}
}

static void random_list(struct maker *m, unsigned root)
{
	static const char *const nothings[] = {"x:", "x: []", "x: ~", "x: [ ]  # none", "x: [a, {b: c}]", "\"x\": [ [ ], 'y' , ]"};
	if (dice(m, 4) == 0) {
		line(m, root, nothings[dice(m, 6)]);
		return;
	}
	line(m, root, dice(m, 5) ? "x:" : "x: &list");
	unsigned dash = root + dice(m, 4);
	for (unsigned i = 1 + dice(m, 4); i > 0; i--) {
		noise(m, dash);
		random_item(m, dash);
	}
}

static void random_file(struct maker *m)
{
	static const char *const ends[] = {"\n", "\n", "\r\n", "\r"};
	unsigned root = dice(m, 5) == 0 ? 2 : 0, keys = 1 + dice(m, 4), list = dice(m, 5);
	buffer_clear(&m->out);
	m->line_end = ends[dice(m, 4)];
	if (dice(m, 6) == 0)
		buffer_string(&m->out, "\xef\xbb\xbf");
	noise(m, 0);
	if (dice(m, 4) == 0)
		line(m, 0, "---");
	for (unsigned i = 0; i < keys || i == list; i++) {
		noise(m, root);
		if (i == list)
			random_list(m, root);
		else if (dice(m, 3) == 0)
			buffer_printf(&m->out, "%*sl%u:%s%*s- a%s", (int)root, "", i, m->line_end, (int)root + 2, "", m->line_end);
		else
			buffer_printf(&m->out, "%*sk%u: %s%s", (int)root, "", i, dice(m, 2) ? "v" : "{a: [b]}", m->line_end);
	}
	noise(m, root);
	if (dice(m, 6) == 0)
		line(m, 0, "...");
	if (dice(m, 6) == 0) {
		size_t end = text_of(m->line_end).length;

		m->out.length -= end;
		m->out.data[m->out.length] = '\0';
	}
}

/* Nothing that was there is gone, in its order: what was added is one stretch. */
static bool only_added(struct text before, struct text after)
{
	size_t front = 0, back = 0;
	while (front < before.length && front < after.length && before.data[front] == after.data[front])
		front++;
	while (back < before.length - front && back < after.length - front &&
		before.data[before.length - 1 - back] == after.data[after.length - 1 - back])
		back++;
	/* `x: []` and `x: ~` give way to what comes. */
	struct text gone = text_trim(text_slice(before, front, before.length - back));
	return gone.length == 0 || text_starts(gone, TEXT("["), false) || text_starts(gone, TEXT("~"), false) ||
		text_starts(gone, TEXT("]"), false);
}

static void check_random(struct maker *m, struct arena *arena, size_t *done, size_t *refused)
{
	static const char *const conditions[] = {"a == \"b\"", "a : \"b\" and\n  c == 'x'\n", "# no", "any where x: y", "\t\xc2\x85"};
	struct diagnostics d = {0};
	struct yaml *before, *after;
	size_t before_count, after_count;
	struct text source = buffer_view(&m->out), result = TEXT("");
	struct yaml item = item_of(arena, "new", conditions[dice(m, 5)]);
	struct splice splice = {.key = "x", .at = dice(m, 3) ? SPLICE_END : dice(m, 4), .item = &item};
	if (yaml_parse(arena, source, "f", NULL, &d, &before, &before_count) || before_count == 0 || before->kind != YAML_MAPPING) {
		diagnostics_free(&d);
		return;
	}
	(*done)++;
	if (yaml_splice(arena, source, "f", &splice, &d, &result)) {
		(*refused)++;
		diagnostics_free(&d);
		return;
	}
	const struct yaml *old = yaml_get(before, "x");
	size_t old_count = old && old->kind == YAML_SEQUENCE ? old->count : 0;
	size_t at = splice.at < old_count ? splice.at : old_count;

	CHECK_LONG(yaml_parse(arena, result, "f", NULL, &d, &after, &after_count), 0);
	CHECK_LONG(after_count, before_count);
	CHECK_LONG(after->count, before->count + !old);
	const struct yaml *new = yaml_get(after, "x");
	CU_ASSERT_PTR_NOT_NULL_FATAL(new);
	CHECK_LONG(new->count, old_count + 1);
	for (size_t i = 0; i < new->count; i++)
		CU_ASSERT(yaml_equal(&new->items[i], i == at ? &item : &old->items[i - (i > at)]));
	CU_ASSERT(only_added(source, result));
	/* What was put in comes out again. */
	struct splice remove = {.kind = SPLICE_REMOVE, .key = "x", .at = at};
	struct text back;

	if (new->count > 1 && yaml_splice(arena, result, "f", &remove, &d, &back) == 0)
		CU_ASSERT(text_equal(back, source) || text_find(source, '#') < source.length ||
			!text_ends(source, text_of(m->line_end), false) || text_contains(source, TEXT(", ]"), false));
	diagnostics_free(&d);
}

static void test_random(void)
{
	struct maker m = {.state = 11};
	size_t done = 0, refused = 0;

	for (unsigned round = 0; round < 6000; round++) {
		struct arena arena = {0};

		random_file(&m);
		check_random(&m, &arena, &done, &refused);
		arena_free(&arena);
	}
	buffer_free(&m.out);
	CU_ASSERT(done > 4000);
	CU_ASSERT(refused * 50 < done);
	if (refused * 50 >= done || done <= 4000)
		printf("\n    %zu of %zu refused", refused, done);
}

void suite_yaml_splice(void)
{
	CU_pSuite suite = unit_suite("yaml_splice");

	UNIT_TEST(suite, test_insert);
	UNIT_TEST(suite, test_remove);
	UNIT_TEST(suite, test_replace);
	UNIT_TEST(suite, test_refused);
	UNIT_TEST(suite, test_written);
	UNIT_TEST(suite, test_random);
}
