/* Falco's rule files: the language of conditions, and what lists, macros, exceptions and overrides make of them. */
#include "generator/falco/expand.h"
#include "generator/falco/parse.h"
#include "generator/falco/raw.h"
#include "tests/unit/ruling.h"
#include "tests/unit/unit.h"

static struct arena arena;

/* The tree in our own words: (and a (not b)), with each comparison in its canonical spelling. */
static void shape(struct buffer *out, const struct filter *filter)
{
	static const char *const words[] = {"and", "or", "not"};

	if (filter->kind == FILTER_CHECK) {
		buffer_text(out, falco_check_text(&arena, filter));
	} else if (filter->kind == FILTER_MACRO) {
		buffer_printf(out, "<%.*s>", TEXT_ARGS(filter->macro));
	} else {
		buffer_printf(out, "(%s", words[filter->kind]);
		for (size_t i = 0; i < filter->count; i++) {
			buffer_char(out, ' ');
			shape(out, filter->children[i]);
		}
		buffer_char(out, ')');
	}
}

static struct text shown(const struct filter *filter)
{
	struct buffer out = {0};

	shape(&out, filter);
	struct text text = text_copy(&arena, buffer_view(&out));

	buffer_free(&out);
	return text;
}

static struct text parsed(const char *condition)
{
	const char *error;
	struct filter *filter = filter_parse(&arena, text_of(condition), &error);

	return filter != NULL ? shown(filter) : text_of(error);
}

static void test_precedence(void)
{
	CHECK_TEXT(parsed("a.b=1 or c.d=2 and not e.f=3"), "(or a.b = 1 (and c.d = 2 (not e.f = 3)))");
	CHECK_TEXT(parsed("(a.b=1 or c.d=2)and(x)"), "(and (or a.b = 1 c.d = 2) <x>)");
	CHECK_TEXT(parsed("not not x"), "<x>");
	CHECK_TEXT(parsed("not not not(x)"), "(not <x>)");
	CHECK_TEXT(parsed("x or(y) or z"), "(or <x> <y> <z>)");
	CHECK_CONTAINS(parsed("x or(y) and z"), "needs `and` or `or` near `and z`");
	CHECK_CONTAINS(parsed("!x"), "needs a (");
	CHECK_CONTAINS(parsed("x andy"), "needs a blank");
	CHECK_CONTAINS(parsed("(x"), "needs a ) here at its end");
	CHECK_CONTAINS(parsed(""), "is empty");
	CHECK_CONTAINS(parsed("  "), "is empty");
}

static void test_operators(void)
{
	CHECK_TEXT(parsed("fd.name startswith /etc"), "fd.name startswith /etc");
	CHECK_TEXT(parsed("fd.name contains\t'a b'"), "fd.name contains \"a b\"");
	CHECK_TEXT(parsed("proc.aname[2]in(a,b , \"c d\")"), "proc.aname[2] in (a, b, \"c d\")");
	CHECK_TEXT(parsed("proc.env[\"A B\"] exists"), "proc.env[\"A B\"] exists");
	CHECK_TEXT(parsed("fd.num<=0x1f"), "fd.num <= 0x1f");
	CHECK_TEXT(parsed("a.b startswith oneof (x, y)"), "a.b startswith oneof (x, y)");
	CHECK_TEXT(parsed("a.b = oneof and x"), "(and a.b = \"oneof\" <x>)");
	CHECK_TEXT(parsed("a.b = val(c.d)"), "a.b = val(c.d)");
	CHECK_TEXT(parsed("tolower(toupper(a.b)) = join(\",\", (c.d, 1))"), "tolower(toupper(a.b)) = join(\",\", (c.d, \"1\"))");
	CHECK_TEXT(parsed("a.b in ()"), "a.b in ()");
	CHECK_TEXT(parsed("a.b pmatch (/etc, /usr/*)"), "a.b pmatch (/etc, \"/usr/*\")");
	CHECK_CONTAINS(parsed("fd.num < x"), "needs a number");
	CHECK_CONTAINS(parsed("a.b containsx"), "needs an operator");
	CHECK_CONTAINS(parsed("a.b in x, y"), "needs `and` or `or`");
	CHECK_CONTAINS(parsed("a.b[ = 1"), "argument between the brackets");
}

static void test_quotes(void)
{
	CHECK_TEXT(parsed("a.b = \"x\\\"y\""), "a.b = 'x\"y'");
	CHECK_TEXT(parsed("a.b = 'x\\'y'"), "a.b = \"x'y\"");
	CHECK_TEXT(parsed("a.b = \"\\x41\\t\\/\""), "a.b = \"A\\t/\"");
	CHECK_TEXT(parsed("a.b = \"\""), "a.b = \"\"");
	CHECK_TEXT(parsed("a.b = x:y-z*"), "a.b = \"x:y-z*\"");
	CHECK_CONTAINS(parsed("a.b = \"x\\q\""), "an escape that the engine does not know");
	CHECK_CONTAINS(parsed("a.b = \"x\\\\\""), "needs a value"); /* the backslash before the quote keeps it open */
	CHECK_CONTAINS(parsed("a.b = \"x"), "needs a value");
}

/* --- files --- */

static struct falco_rules *rules_of(const char *first, const char *second)
{
	struct falco_source sources[] = {{TEXT("first.yaml"), text_of(first)}, {TEXT("second.yaml"), text_of(second)}};

	return falco_parse(&arena, sources, second != NULL ? 2 : 1);
}

static struct text whole(const struct falco_rules *rules, const char *name)
{
	const struct falco_rule *rule = falco_rule_find(rules, text_of(name));

	CU_ASSERT_PTR_NOT_NULL_FATAL(rule);
	return rule->filter != NULL ? shown(rule->filter) : text_of(rule->error);
}

static struct falco_rules *traps(void)
{
	struct diagnostics d = {0};
	struct falco_source source = {TEXT("tests/cases/falco_traps.yaml"), {NULL, 0}};

	CU_ASSERT_EQUAL_FATAL(file_read(&arena, source.name.data, 0, &d, &source.content), 0);
	return falco_parse(&arena, &source, 1);
}

static void test_traps(void)
{
	struct falco_rules *rules = traps();

	for (size_t i = 0; i < rules->item_count; i++)
		CU_ASSERT_PTR_NULL(rules->items[i].fault);
	CHECK_TEXT(whole(rules, "appended"), "(or (and <tt_exec> proc.name = a) (and proc.name = b proc.pname = c))");
	CHECK_TEXT(whole(rules, "pasted"), "(and <tt_exec> proc.name in (x, y, \"two words\", \"a=b\"))");
	CHECK_TEXT(whole(rules, "within quotes"), "(and <tt_exec> proc.cmdline contains \"run zsh now\")");
	CHECK_TEXT(whole(rules, "nested"), "(and <tt_exec> proc.name in (sh, bash, zsh, fish) proc.pname in (tt_shells, tt_inner, fish))");
	CHECK_TEXT(whole(rules, "empty"), "(and <tt_exec> (or proc.name in () proc.name in (sh)))");
	CHECK_TEXT(whole(rules, "exceptions"),
		"(and (or (and <tt_exec> <tt_container>) evt.type = mount) (not proc.name in (a, \"b c\", d)) "
		"(not proc.cmdline startswith anyof (\"x y\", z)) "
		"(not (or (and proc.name = cat fd.directory = /etc) (and proc.name = ls fd.directory = /tmp))) "
		"(not (or (and proc.name in (sh, bash) user.uid >= 1000) (and proc.name in (dash) user.uid >= 0))))");
	CHECK_LONG(falco_rule_find(rules, TEXT("replaced"))->priority, FALCO_ALERT);
	CU_ASSERT_FALSE(falco_rule_find(rules, TEXT("replaced"))->enabled);
	CHECK_LONG(falco_rule_find(rules, TEXT("empty"))->tags.count, 6);
}

static struct text fault_of(const char *file)
{
	struct falco_rules *rules = rules_of(file, NULL);

	for (size_t i = 0; i < rules->item_count; i++) {
		if (rules->items[i].fault != NULL)
			return text_of(rules->items[i].fault);
	}
	for (size_t i = 0; i < rules->rule_count; i++) {
		if (rules->rules[i].error != NULL)
			return text_of(rules->rules[i].error);
	}
	return TEXT("");
}

#define RULE "- rule: r\n  desc: d\n  output: o\n  priority: error\n  condition: "

static void test_faults(void)
{
	CHECK_CONTAINS(fault_of("- rule: r\n  desc: d\n  output: o\n  condition: x\n  priority: warn\n"), "warn is no priority");
	CHECK_CONTAINS(fault_of("- rule: r\n  desc: d\n  output: o\n  priority: error\n"), "condition is missing");
	CHECK_CONTAINS(fault_of("- rule: r\n  enabled: true\n"), "no rule of this name");
	CHECK_CONTAINS(fault_of("- macro: m\n  condition: x\n  append: true\n"), "no macro of this name");
	CHECK_CONTAINS(fault_of("- macro: m-x\n  condition: x\n"), "letters, digits and _");
	CHECK_CONTAINS(fault_of(RULE "nowhere\n"), "the macro nowhere is not defined");
	CHECK_CONTAINS(fault_of("- macro: a\n  condition: b\n- macro: b\n  condition: x.y=1\n" RULE "a\n"), "not defined before its use");
	CHECK_CONTAINS(fault_of("- macro: a\n  condition: a\n" RULE "a\n"), "a is not defined before");
	CHECK_CONTAINS(fault_of(RULE "x.y=1\n  exceptions: [{name: e, fields: a.b, comps: =, values: [c]}]\n"), "one field is compared by");
	CHECK_CONTAINS(fault_of(RULE "x.y=1\n  exceptions: [{name: e, fields: [a.b], values: [[c, d]]}]\n"), "as many as its fields");
	CHECK_CONTAINS(fault_of(RULE "x.y=1\n  exceptions: [{name: e, values: [c]}]\n"), "must have fields");
	CHECK_CONTAINS(fault_of(RULE "x.y=1\n- rule: r\n  condition: and x.y=2\n  override: {condition: append, tags: append}\n"),
		"override names tags");
	CHECK_CONTAINS(fault_of(RULE "x.y=1\n- rule: r\n  priority: error\n  override: {priority: append}\n"), "cannot be overridden so");
	CHECK_CONTAINS(fault_of(RULE "x.y=1\n  source: syscall\n" RULE "x.y=1\n  source: k8s_audit\n"), "another source");
	CHECK_CONTAINS(fault_of("rule: x\n"), "a sequence of items");
	CHECK_CONTAINS(fault_of("- [\n"), "");
	CHECK_TEXT(fault_of(RULE "x.y=1\n"), "");
}

/* A later file has the last word, and sees what the first one defined. */
static void test_files(void)
{
	struct falco_rules *rules = rules_of(
		"- list: l\n  items: [a]\n- macro: m\n  condition: x.y in (l)\n" RULE "m and n\n- macro: n\n  condition: x.z=1\n",
		"- list: l\n  items: [b]\n  override: {items: append}\n- macro: n\n  condition: x.z=2\n");

	CHECK_TEXT(whole(rules, "r"), "(and <m> <n>)");
	CHECK_TEXT(shown(rules->macros[0].filter), "x.y in (a, b)");
	CHECK_TEXT(shown(rules->macros[1].filter), "x.z = 2");
	CU_ASSERT_TRUE(rules->items[3].replaced);
}

/* Macros that double themselves are stopped. */
static void test_bounds(void)
{
	struct buffer file = {0};

	buffer_string(&file, "- macro: m0\n  condition: x.y=1\n");
	for (unsigned i = 1; i < 40; i++)
		buffer_printf(&file, "- macro: m%u\n  condition: m%u and m%u\n", i, i - 1, i - 1);
	buffer_string(&file, RULE "m39\n");
	CHECK_CONTAINS(fault_of(file.data), "too large");
	buffer_clear(&file);
	buffer_string(&file, RULE);
	for (unsigned i = 0; i < 400; i++)
		buffer_char(&file, '(');
	buffer_string(&file, "x\n");
	CHECK_CONTAINS(fault_of(file.data), "nested too deeply");
	buffer_free(&file);
}

/* --- tests of raw names --- */

static struct text raw_of(const char *condition)
{
	struct falco_raw raw = {.arena = &arena};
	const char *error;
	struct filter *filter = filter_parse(&arena, text_of(condition), &error);

	CU_ASSERT_PTR_NOT_NULL_FATAL(filter);
	struct rule_node *tree = falco_raw_tree(&raw, filter);

	return raw.error != NULL ? text_of(raw.error) : ruling_print(&arena, tree);
}

static void test_raw(void)
{
	CHECK_TEXT(raw_of("fd.sport != 22"), "(fd.sport exists and not (fd.sport = 22))");
	CHECK_TEXT(raw_of("fd.num >= 0x10"), "fd.num >= 16");
	CHECK_TEXT(raw_of("tolower(proc.name) in (sh, Bash)"), "proc.name = sh" /* without regard to case, which this print does not show */);
	CHECK_TEXT(raw_of("basename(proc.exepath) = sh"), "(proc.exepath = sh or proc.exepath endswith /sh)");
	CHECK_TEXT(raw_of("fd.name pmatch (/etc/)"), "(fd.name = /etc or fd.name startswith /etc/)");
	CHECK_TEXT(raw_of("fd.name pmatch (/usr/*/x)"), "fd.name regex \"/+usr/+[^/]*/+x(/(.|\\n)*)?\"");
	CHECK_TEXT(raw_of("fd.snet in (\"127.0.0.1/8\")"), "fd.snet in (127.0.0.0/8)");
	CHECK_TEXT(raw_of("evt.num >= 0 and evt.dir = <"), "evt.num >= 0");
	CHECK_TEXT(raw_of("evt.num = 0 or proc.name = a"), "proc.name = a");
	CHECK_TEXT(raw_of("proc.name contains oneof (a, b)"),
		"((proc.name contains b and not (proc.name contains a)) or (not (proc.name contains b) and proc.name contains a))");
	CHECK_TEXT(raw_of("container.mount.rdwr[/etc] = true"), "container.mounts glob \"/etc:*:rw\"");
	CHECK_TEXT(raw_of("evt.buffer bcontains cafebabe"), "(evt.buffer bcontains cafebabe)");
	CHECK_TEXT(raw_of("proc.aname != sh"), "(proc.aname != sh)");
	CHECK_CONTAINS(raw_of("fd.num contains 1"), "no text");
	CHECK_CONTAINS(raw_of("proc.name bcontains ab"), "no row of bytes");
	CHECK_CONTAINS(raw_of("proc.name regex \"\\\\s\""), "POSIX syntax");
	arena_free(&arena);
}

void suite_falco_parse(void)
{
	CU_pSuite suite = unit_suite("falco_parse");

	UNIT_TEST(suite, test_precedence);
	UNIT_TEST(suite, test_operators);
	UNIT_TEST(suite, test_quotes);
	UNIT_TEST(suite, test_traps);
	UNIT_TEST(suite, test_faults);
	UNIT_TEST(suite, test_files);
	UNIT_TEST(suite, test_bounds);
	UNIT_TEST(suite, test_raw);
}
