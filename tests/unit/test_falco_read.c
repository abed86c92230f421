/* Falco's rules as detections: conditions, exceptions, notes and refusals; and what is written of them read again. */
#include "generator/falco/condition.h"
#include "generator/import.h"
#include "generator/lower.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

struct taking {
	struct arena arena;
	struct catalog catalog;
	struct diagnostics d;
	struct import import;
};

static void begin(struct taking *t, const char *path, const char *content)
{
	*t = (struct taking){0};
	CU_ASSERT_EQUAL_FATAL(catalog_load(&t->catalog, "rulesets", &t->d), 0);
	t->import = (struct import){.arena = &t->arena, .catalog = &t->catalog, .target = target_find(TEXT("falco")), .d = &t->d};
	t->import.dialect = catalog_dialect(&t->catalog, TEXT("falco"));
	t->import.files = arena_array(&t->arena, 1, sizeof(*t->import.files));
	t->import.files[0] = (struct import_file){text_of(path), text_of(content)};
	t->import.file_count = 1;
	if (content == NULL)
		CU_ASSERT_EQUAL_FATAL(file_read(&t->arena, path, 0, &t->d, &t->import.files[0].content), 0);
	CU_ASSERT_EQUAL(t->import.target->read(&t->import), 0);
}

static void end(struct taking *t)
{
	catalog_free(&t->catalog);
	diagnostics_free(&t->d);
	arena_free(&t->arena);
}

static const struct import_item *named(const struct taking *t, const char *name)
{
	for (size_t i = 0; i < t->import.count; i++) {
		if (text_is(t->import.items[i]->name, name) && (t->import.items[i]->draft != NULL || t->import.items[i]->taken == REFUSED))
			return t->import.items[i];
	}
	return NULL;
}

static struct text condition_of(struct taking *t, const struct import_item *item, size_t index)
{
	struct buffer out = {0};

	CU_ASSERT_TRUE_FATAL(item != NULL && item->draft != NULL && index < item->draft->condition_count);
	condition_print(item->draft->conditions[index].condition, &t->catalog.registry, &out);
	struct text text = text_copy(&t->arena, buffer_view(&out));

	buffer_free(&out);
	return text;
}

#define ANY " and (event.outcome == null or event.outcome != null)"
#define RULE "- rule: r\n  desc: d\n  output: o\n  priority: error\n  condition: "

/* The one rule of a file, as EQL. */
static void check_condition(const char *condition, const char *eql)
{
	struct taking t;
	char file[2048];

	snprintf(file, sizeof(file), RULE "%s\n", condition);
	begin(&t, "a.yaml", file);
	const struct import_item *item = named(&t, "r");

	CU_ASSERT_PTR_NOT_NULL_FATAL(item);
	CHECK_TEXT(item->draft != NULL ? condition_of(&t, item, 0) : item->notes.items[0], eql);
	end(&t);
}

static void test_conditions(void)
{
	check_condition("evt.type in (execve, execveat) and container.id != host and proc.name = sh",
		"process where event.action == \"exec\" and container.id != null and process.thread.name == \"sh\"" ANY);
	check_condition("evt.type in (execve, execveat) and proc.pname in (bash, containerd-shim)",
		"process where event.action == \"exec\" and (process.parent.name == \"bash\" or startswith(process.parent.name, \"containerd-shim\"))" ANY);
	check_condition("evt.type = setns and not proc.name in (\"<NA>\",\"N/A\") and fd.num >= 0",
		"process where event.action == \"setns\" and not (process.thread.name == null or process.thread.name == \"N/A\") and number(fd.num) >= 0" ANY);
	check_condition("evt.type=connect and fd.snet in (\"10.0.0.0/8\")",
		"network where event.action == \"connect\" and cidrmatch(fd.snet, \"10.0.0.0/8\")" ANY);
	check_condition("evt.type=ptrace and evt.failed=false", "process where event.action == \"ptrace\" and event.outcome == \"success\"");
	check_condition("evt.type=socket and evt.arg.domain contains AF_PACKET",
		"process where event.action == \"other\" and evt.type == \"socket\" and stringcontains(evt.arg.domain, \"AF_PACKET\")" ANY);
	check_condition("evt.type=execve and proc.name regex \"\\\\s\"",
		"proc.name: the engine's regular expressions have no such escape (POSIX syntax: no \\s, \\d, \\w, \\b)");
}

static void test_traps(void)
{
	struct taking t;

	begin(&t, "tests/cases/falco_traps.yaml", NULL);
	for (size_t i = 0; i < t.import.count; i++)
		CU_ASSERT(t.import.items[i]->taken != REFUSED);
	CHECK_TEXT(condition_of(&t, named(&t, "within quotes"), 0),
		"process where event.action == \"exec\" and stringcontains(proc.cmdline, \"run zsh now\")" ANY);
	const struct import_item *empty = named(&t, "empty");

	CHECK_LONG(empty->draft->severity, SEVERITY_CRITICAL);
	CHECK_LONG(empty->draft->techniques.count, 2);
	/* Exceptions of a rule over two kinds of events become part of its conditions. */
	CHECK_LONG(named(&t, "exceptions")->draft->exception_count, 0);
	CHECK_LONG(named(&t, "exceptions")->draft->condition_count, 2);
	CHECK_CONTAINS(named(&t, "replaced")->notes.items[0], "switched off");
	end(&t);
	begin(&t, "a.yaml", RULE "evt.type = execve\n  exceptions:\n    - {name: build, fields: [proc.name, user.name], values: [[make, ci]]}\n");
	CHECK_LONG(named(&t, "r")->draft->exception_count, 1);
	CHECK_LONG(named(&t, "r")->taken, TAKEN_EXACTLY);
	end(&t);
}

static void test_refusals(void)
{
	struct taking t;

	begin(&t, "a.yaml", "- macro: m\n  condition: x andy\n" RULE "m\n- list: l\n  items: 1\n- rule: q\n  enabled: true\n");
	size_t refused = 0;

	for (size_t i = 0; i < t.import.count; i++)
		refused += t.import.items[i]->taken == REFUSED;
	CHECK_LONG(refused, 4);
	CHECK_CONTAINS(named(&t, "r")->notes.items[0], "macro m: the condition needs a blank");
	end(&t);
}

void suite_falco_read(void)
{
	CU_pSuite suite = unit_suite("falco_read");

	UNIT_TEST(suite, test_conditions);
	UNIT_TEST(suite, test_traps);
	UNIT_TEST(suite, test_refusals);
}
