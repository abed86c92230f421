/* raise: raw tests of the shipped dialects, as conditions. */
#include "generator/raise.h"

#include "tests/unit/unit.h"

#include <stdlib.h>

struct lifted {
	struct arena arena;
	struct diagnostics d;
	struct catalog catalog;
	struct import import;
	struct import_item *item;
	struct raising raising;
};

static void begin(struct lifted *l, const char *target, const char *group)
{
	*l = (struct lifted){0};
	if (catalog_load(&l->catalog, "rulesets", &l->d))
		abort();
	l->import = (struct import){.arena = &l->arena, .catalog = &l->catalog, .target = target_find(text_of(target)), .d = &l->d};
	l->import.dialect = catalog_dialect(&l->catalog, text_of(target));
	l->item = import_rule(&l->import, TEXT("a rule"), (struct place){0});
	import_draft(&l->import, l->item);
	l->raising = (struct raising){.import = &l->import, .item = l->item};
	for (size_t i = 0; i < l->import.dialect->group_count; i++)
		if (text_is(l->import.dialect->groups[i].name, group))
			l->raising.group = &l->import.dialect->groups[i];
}

static void end(struct lifted *l)
{
	catalog_free(&l->catalog);
	diagnostics_free(&l->d);
	arena_free(&l->arena);
}

/* `name` OP one of the values. */
static struct rule_node *test(struct lifted *l, const char *name, enum test_operator op, const char *a, const char *b)
{
	struct text *values = arena_array(&l->arena, 2, sizeof *values);
	struct rule_test made = {.name = text_of(name), .op = op, .values = values};
	if (a)
		values[made.count++] = text_of(a);
	if (b)
		values[made.count++] = text_of(b);
	return rule_test(&l->arena, &made);
}

static struct rule_node *both(struct lifted *l, struct rule_node *a, struct rule_node *b)
{
	return rule_both(&l->arena, a, b);
}

static struct text printed(struct lifted *l, const struct condition *condition)
{
	struct buffer out = {0};
	condition_print(condition, &l->catalog.registry, &out);
	struct text text = text_copy(&l->arena, buffer_view(&out));
	buffer_free(&out);
	return text;
}

/* The one condition that is made. */
static struct text raised(struct lifted *l, const struct rule_node *node)
{
	size_t before = l->item->draft ? l->item->draft->condition_count : 0;
	raise_events(&l->raising, node, TEXT("asked"));
	if (!l->item->draft)
		return l->item->notes.items[0];
	if (l->item->draft->condition_count != before + 1)
		for (size_t i = before; i < l->item->draft->condition_count; i++)
			CHECK_TEXT(printed(l, l->item->draft->conditions[i].condition), "one condition");
	return l->item->draft->condition_count > before ? printed(l, l->item->draft->conditions[before].condition) : TEXT("none");
}

#define ANY_OUTCOME " and (event.outcome == null or event.outcome != null)"

static void test_falco_events(void)
{
	struct lifted l;
	begin(&l, "falco", "syscall");
	struct rule_node *exec = test(&l, "evt.type", TEST_EQUAL, "execve", "execveat");
	struct rule_node *opens = test(&l, "evt.type", TEST_EQUAL, "open", "openat");
	CHECK_TEXT(raised(&l, both(&l, exec, test(&l, "proc.name", TEST_EQUAL, "docker", NULL))),
		"process where event.action == \"exec\" and process.thread.name == \"docker\"" ANY_OUTCOME);
	/* The first process of a container is the container. */
	CHECK_TEXT(raised(&l, both(&l, both(&l, exec, test(&l, "proc.vpid", TEST_EQUAL, "1", NULL)),
			both(&l, rule_not(&l.arena, test(&l, "container.id", TEST_EQUAL, "host", NULL)),
				both(&l, test(&l, "container.id", TEST_PRESENT, NULL, NULL), test(&l, "container.privileged", TEST_EQUAL, "true", NULL))))),
		"container where event.action == \"run\" and container.security_context.privileged == true" ANY_OUTCOME);
	/* Only opens for writing; what creates says it itself. */
	struct text written = raised(&l, both(&l, opens, both(&l, test(&l, "evt.is_open_write", TEST_EQUAL, "true", NULL),
		test(&l, "fd.name", TEST_STARTS, "/etc/", NULL))));
	CHECK_CONTAINS(written, "event.action == \"modify\"");
	CHECK_CONTAINS(written, "evt.is_open_write == \"true\"");
	CU_ASSERT_FALSE(text_contains(written, TEXT("\"open\"),"), false));
	/* A call that no row knows keeps its name. */
	CHECK_TEXT(raised(&l, both(&l, test(&l, "evt.type", TEST_EQUAL, "nanosleep", NULL), test(&l, "fd.num", TEST_GREATER_EQUAL, "0", NULL))),
		"process where event.action == \"other\" and evt.type == \"nanosleep\" and number(fd.num) >= 0" ANY_OUTCOME);
	/* No event in particular. */
	CHECK_TEXT(raised(&l, test(&l, "user.name", TEST_EQUAL, "root", NULL)), "any where user.name == \"root\"" ANY_OUTCOME);
	end(&l);
}

static void test_falco_values(void)
{
	struct lifted l;
	begin(&l, "falco", "syscall");
	struct rule_node *exec = test(&l, "evt.type", TEST_EQUAL, "execve", "execveat");
#define EXEC "process where event.action == \"exec\" and "
	/* Cut to 15 bytes. */
	CHECK_TEXT(raised(&l, both(&l, exec, test(&l, "proc.pname", TEST_EQUAL, "systemd-timesyn", "x"))),
		EXEC "(process.parent.name == \"x\" or startswith(process.parent.name, \"systemd-timesyn\"))" ANY_OUTCOME);
	CHECK_LONG(l.item->taken, TAKEN_EXACTLY);
	raised(&l, both(&l, exec, test(&l, "proc.pname", TEST_ENDS, "d", NULL)));
	CHECK_LONG(l.item->taken, TAKEN_WITH_NOTE);
	/* Missing markers, both ways. */
	CHECK_TEXT(raised(&l, both(&l, exec, test(&l, "container.id", TEST_EQUAL, "host", NULL))), EXEC "container.id == null" ANY_OUTCOME);
	CHECK_TEXT(raised(&l, both(&l, exec, test(&l, "user.loginuid", TEST_EQUAL, "-1", "0"))),
		EXEC "(user.audit.id == null or user.audit.id == \"0\")" ANY_OUTCOME);
	/* Numbers in texts. */
	CHECK_TEXT(raised(&l, both(&l, exec, test(&l, "user.uid", TEST_GREATER_EQUAL, "1000", NULL))),
		EXEC "number(user.id) >= 1000" ANY_OUTCOME);
	/* Capabilities in a list. */
	CHECK_TEXT(raised(&l, both(&l, exec, test(&l, "thread.cap_permitted", TEST_CONTAINS, "CAP_SYS_ADMIN", NULL))),
		EXEC "process.thread.capabilities.permitted == \"CAP_SYS_ADMIN\"" ANY_OUTCOME);
	/* Outcomes: named, so nothing is added. */
	CHECK_TEXT(raised(&l, both(&l, exec, test(&l, "evt.failed", TEST_EQUAL, "false", NULL))), EXEC "event.outcome == \"success\"");
	/* Names that nothing maps. */
	CHECK_TEXT(raised(&l, both(&l, exec, test(&l, "proc.is_exe_upper_layer", TEST_EQUAL, "true", NULL))),
		EXEC "proc.is_exe_upper_layer == \"true\"" ANY_OUTCOME);
	CU_ASSERT(field_native(&l.catalog.registry.fields[registry_field(&l.catalog.registry, TEXT("proc.is_exe_upper_layer"))], TEXT("falco")));
	/* Paths are cleaned; an empty text is none; two names. */
	CHECK_TEXT(raised(&l, both(&l, exec, test(&l, "proc.exepath", TEST_EQUAL, "/var/run//x", ""))),
		EXEC "(process.executable == null or process.executable == \"/run/x\")" ANY_OUTCOME);
	struct rule_test pair = {.name = TEXT("proc.pexepath"), .op = TEST_EQUAL, .other = TEXT("proc.exepath")};
	CHECK_TEXT(raised(&l, both(&l, exec, rule_test(&l.arena, &pair))), EXEC "process.parent.executable == process.executable" ANY_OUTCOME);
	end(&l);
}

static void test_sigma(void)
{
	struct lifted l;
	begin(&l, "sigma", "process_creation");
	struct rule_test folded = {.name = TEXT("Image"), .op = TEST_ENDS, .fold = true, .values = &TEXT("/docker"), .count = 1};
	CHECK_TEXT(raised(&l, rule_test(&l.arena, &folded)), EXEC "endswith~(process.executable, \"/docker\")");
	struct rule_test odd = {.name = TEXT("OriginalFileName"), .op = TEST_EQUAL, .fold = true, .values = &TEXT("a.exe"), .count = 1};
	CHECK_TEXT(raised(&l, rule_test(&l.arena, &odd)), EXEC "OriginalFileName in~ (\"a.exe\")");
	/* No log source of ours: every name is native. */
	l.raising.group = NULL;
	CHECK_TEXT(raised(&l, both(&l, test(&l, "c-uri", TEST_CONTAINS, "x", NULL), test(&l, "dst_ip", TEST_CIDR, "10.0.0.0/8", NULL))),
		"any where stringcontains(`c-uri`, \"x\") and cidrmatch(dst_ip, \"10.0.0.0/8\")");
	/* A word alone, and one that cannot be asked. */
	struct rule_test word = {.name = TEXT(""), .op = TEST_EQUAL, .fold = true, .values = &TEXT("segfault"), .count = 1};
	CHECK_TEXT(raised(&l, rule_test(&l.arena, &word)), "any where stringcontains~(message, \"segfault\")");
	raise_events(&l.raising, test(&l, "a", TEST_REGEX, "(?=x)", NULL), TEXT("asked"));
	CHECK_LONG(l.item->taken, REFUSED);
	CU_ASSERT_PTR_NULL(l.item->draft);
	end(&l);
}

void suite_raise(void)
{
	CU_pSuite suite = unit_suite("raise");
	UNIT_TEST(suite, test_falco_events);
	UNIT_TEST(suite, test_falco_values);
	UNIT_TEST(suite, test_sigma);
}
