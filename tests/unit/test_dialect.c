/* dialect: what the loader takes, what it refuses, and where it says so. */
#include "catalog/dialect.h"
#include "tests/unit/unit.h"

#include <stdlib.h>

#define HEAD "name: x\ngroups:\n  - name: g\n"

struct fixture {
	struct arena arena;
	const struct registry *registry;
	struct diagnostics d;
	const struct dialect *dialect;
};

static void load(struct fixture *f, const char *source)
{
	*f = (struct fixture){0};
	f->registry = unit_registry(&f->arena);
	f->dialect = dialect_load(&f->arena, f->registry, unit_yaml(&f->arena, source), &f->d);
}

static void done(struct fixture *f)
{
	diagnostics_free(&f->d);
	arena_free(&f->arena);
}

static const struct dialect_field *row_of(const struct fixture *f, const char *field, const char *category, const char *action,
	enum dialect_use use)
{
	return dialect_field_of(&f->dialect->groups[0], unit_field(f->registry, field), unit_category(f->registry, category),
		unit_action(f->registry, category, action), use);
}

static void test_everything(void)
{
	struct fixture f;
	load(&f, "name: x\ntitle: X\nversion: \"2\"\nreads: json\nroot: data\nmissing: [\"-\"]\ntime: {name: t, shape: seconds}\n"
		"groups:\n  - name: g\n    when: {kind: [a, b], \"*\": \"*\", gone: \"!\"}\n    attributes: {product: linux}\n    other: process\n"
		"    events:\n      - {event: process.exec, match: {flags&: 0x3, call: [execve]}, each: PATH, needs: [process.args], use: read}\n"
		"      - {event: process.fork}\n"
		"    fields:\n      process.name: comm\n"
		"      process.pid: {name: [pid, tid], shape: hex-number, missing: [\"0\"], rule: p, approximate: inode, use: write, since: \"3.1\"}\n"
		"      process.args:\n        - {name: args, shape: separated, separator: \";\", events: process.exec}\n"
		"        - {name: cmd, shape: joined, events: [process.fork, file.*]}\n"
		"      event.outcome: {name: ok, shape: mapped, map: {\"yes\": success}}\n");
	CU_ASSERT_PTR_NOT_NULL_FATAL(f.dialect);
	const struct dialect_group *g = &f.dialect->groups[0];
	CHECK_TEXT(f.dialect->root, "data");
	CHECK_LONG(f.dialect->time_count, 1);
	CHECK_TEXT(f.dialect->times[0].name, "t");
	CU_ASSERT_EQUAL(f.dialect->times[0].shape.shape, SHAPE_SECONDS);
	CU_ASSERT_EQUAL(g->when[0].kind, MATCH_EQUAL);
	CHECK_LONG(g->when[0].count, 2);
	CU_ASSERT_EQUAL(g->when[1].kind, MATCH_PRESENT);
	CU_ASSERT_EQUAL(g->when[2].kind, MATCH_ABSENT);
	CHECK_TEXT(dialect_attribute(g, "product"), "linux");
	CHECK_TEXT(dialect_attribute(g, "service"), "");
	CU_ASSERT(g->other);
	CHECK_LONG(g->event_count, 2);
	CU_ASSERT_EQUAL(g->events[0].matches[0].kind, MATCH_MASK);
	CHECK_TEXT(g->events[0].matches[0].name, "flags");
	CHECK_LONG(g->events[0].matches[0].mask, 3);
	CHECK_TEXT(g->events[0].each, "PATH");
	CU_ASSERT_EQUAL(g->events[0].use, USE_READ);
	CU_ASSERT_EQUAL(g->events[1].use, USE_BOTH);
	const struct dialect_field *pid = row_of(&f, "process.pid", "process", "exec", USE_WRITE);
	CU_ASSERT_PTR_NOT_NULL_FATAL(pid);
	CHECK_TEXT(pid->names[1], "tid");
	CHECK_TEXT(pid->rule, "p");
	CHECK_TEXT(pid->approximate, "inode");
	CHECK_TEXT(pid->since, "3.1");
	CU_ASSERT(dialect_field_is_missing(f.dialect, pid, TEXT("0")));
	CU_ASSERT(dialect_field_is_missing(f.dialect, pid, TEXT("-")));
	CU_ASSERT_FALSE(dialect_is_missing(f.dialect, TEXT("0")));
	CU_ASSERT_PTR_NULL(row_of(&f, "process.pid", "process", "exec", USE_READ));
	CHECK_TEXT(row_of(&f, "process.args", "process", "exec", USE_READ)->names[0], "args");
	CHECK_TEXT(row_of(&f, "process.args", "file", "open", USE_READ)->names[0], "cmd");
	CU_ASSERT_PTR_NULL(row_of(&f, "process.args", "process", "exit", USE_BOTH));
	done(&f);
}

static void test_registered(void)
{
	struct fixture f;
	load(&f, HEAD "    events: registered\n    fields: {registered: true, process.name: comm}\n");
	CU_ASSERT_PTR_NOT_NULL_FATAL(f.dialect);
	const struct dialect_group *g = &f.dialect->groups[0];
	size_t actions = 0;
	for (unsigned i = 1; i < f.registry->category_count; i++)
		actions += f.registry->categories[i].action_count + 1;
	CHECK_LONG(g->event_count, actions);
	CHECK_TEXT(row_of(&f, "process.name", "process", "exec", USE_READ)->names[0], "comm");
	CHECK_TEXT(row_of(&f, "process.pid", "process", "exec", USE_READ)->names[0], "process.pid");
	CU_ASSERT_PTR_NULL(dialect_field_of(g, FIELD_CATEGORY, 1, 1, USE_READ));
	done(&f);
}

struct error_case {
	const char *source, *message;
};

static const struct error_case errors[] = {
	{"name: x\n", "groups"},
	{"- a\n", "a dialect must be a mapping"},
	{"name: x\ngroups: []\ncolour: red\n", "colour"},
	{"name: x\nreads: xml\ngroups: []\n", "`reads` is audit, json, csv"},
	{HEAD "    colour: red\n", "colour"},
	{HEAD "    use: never\n", "`use` is read, write or both"},
	{HEAD "    other: planet\n", "`planet` is no category"},
	{HEAD "    events: all\n", "`events` is a list"},
	{HEAD "    events: [all]\n", "an event is a mapping, or one of the words"},
	{HEAD "    events: [{event: exec}]\n", "no registered event"},
	{HEAD "    events: [{event: process.cook}]\n", "no action `cook`"},
	{HEAD "    events: [{event: process.*}]\n", "names one action"},
	{HEAD "    events: [{event: any.exec}]\n", "no registered event"},
	{HEAD "    events: [{event: process.exec, match: {a&: x}}]\n", "a mask is one number in hex"},
	{HEAD "    events: [{event: process.exec, match: {a: []}}]\n", "a match needs a value"},
	{HEAD "    events: [{event: process.exec, match: {a~: '('}}]\n", "no regular expression"},
	{HEAD "    events: [{event: process.exec, match: {a&10: [1, 2]}}]\n", "a mask is one number in hex"},
	{HEAD "    fields: {process.name: {shape: plain}}\n", "needs a raw name (`name`) or a `format`"},
	{HEAD "    fields: {process.name: {name: a, format: '{a}'}}\n", "needs a raw name (`name`) or a `format`"},
	{HEAD "    fields: {process.name: {format: 'x{a'}}\n", "a format is text with {raw names}"},
	{HEAD "    fields: {process.name: {format: 'x}a'}}\n", "a format is text with {raw names}"},
	{HEAD "    fields: {process.name: {format: '{}'}}\n", "a format is text with {raw names}"},
	{HEAD "    fields: {process.name: {format: '{a}', words: {b: {x: y}}}}\n", "the format has no {b}"},
	{HEAD "    fields: {process.name: {format: '{a}', words: {a: x}}}\n", "a mapping of its words"},
	{HEAD "    fields: {process.name: {name: a, words: {a: {x: y}}}}\n", "has the shape mapped"},
	{HEAD "    fields: {process.name: {name: a, take: 'abc'}}\n", "a group ( ) must say what is taken"},
	{HEAD "    fields: {process.name: {name: a, take: '(a)', use: write}}\n", "is for reading"},
	{HEAD "    fields: {\"@timestamp\": {name: a, shape: date}}\n", "the shape date and the key `layout` go together"},
	{HEAD "    fields: {\"@timestamp\": {name: a, layout: '%Y'}}\n", "the shape date and the key `layout` go together"},
	{HEAD "    fields: {\"@timestamp\": {name: a, shape: date, layout: '%Y-%m'}}\n", "a layout has the year"},
	{HEAD "    fields: {\"@timestamp\": {name: a, shape: date, layout: '%Y-%m-%d %Q'}}\n", "a layout knows"},
	{"name: x\npairs: {args: {name: n}}\ngroups: []\n", "value"},
	{HEAD "    fields: [a]\n", "`fields` is a mapping"},
	{HEAD "    fields: {process.nam: a}\n", "did you mean `process.name`"},
	{HEAD "    fields: {process.name: {}}\n", "name"},
	{HEAD "    fields: {process.name: {name: []}}\n", "needs a raw name"},
	{HEAD "    fields: {process.name: {name: a, shape: plian}}\n", "did you mean `plain`"},
	{HEAD "    fields: {process.name: {name: a, shape: mapped}}\n", "`map` go together"},
	{HEAD "    fields: {process.name: {name: a, map: {a: b}}}\n", "`map` go together"},
	{HEAD "    fields: {process.name: {name: a, shape: truncated}}\n", "have a `size`"},
	{HEAD "    fields: {process.name: {name: a, shape: truncated, size: big}}\n", "`size` is a number"},
	{HEAD "    fields: {process.name: {name: a, separator: ab}}\n", "`separator` is one character"},
	{HEAD "    fields: {process.name: {name: a, events: [process.x]}}\n", "no action `x`"},
	{HEAD "  - name: g\n", "two groups `g`"},
};

static void test_errors(void)
{
	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
		struct fixture f;
		load(&f, errors[i].source);
		CU_ASSERT_PTR_NULL(f.dialect);
		CHECK_CONTAINS(unit_printed(&f.arena, &f.d), errors[i].message);
		done(&f);
	}
}

/* The dialects of the rulesets load without a word. */
static void test_rulesets(void)
{
	static const char *const names[] = {"ecs", "falco", "auditd", "sigma"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct fixture f = {0};
		struct yaml *documents;
		size_t count;
		f.registry = unit_registry(&f.arena);
		char *path = arena_printf(&f.arena, "rulesets/dialects/%s.yaml", names[i]);
		CU_ASSERT_EQUAL_FATAL(yaml_parse_file(&f.arena, path, NULL, &f.d, &documents, &count), 0);
		CU_ASSERT_PTR_NOT_NULL(dialect_load(&f.arena, f.registry, documents, &f.d));
		CHECK_TEXT(unit_printed(&f.arena, &f.d), "");
		done(&f);
	}
}

void suite_dialect(void);
void suite_dialect(void)
{
	CU_pSuite suite = unit_suite("dialect");
	UNIT_TEST(suite, test_everything);
	UNIT_TEST(suite, test_registered);
	UNIT_TEST(suite, test_errors);
	UNIT_TEST(suite, test_rulesets);
}
