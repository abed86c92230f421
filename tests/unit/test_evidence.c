/*
 * By which kind of record a condition sees an act.
 */
#include "catalog/evidence.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *condition, *kinds; /* names of all kinds, in their order */
} cases[] = {
	{"process where event.action == \"exec\" and process.name == \"dd\"", "command"},
	{"process where process.name == \"dd\"", "command kernel"},
	{"process where event.action in (\"ptrace\", \"setns\")", "kernel"},
	{"process where event.action in (\"exec\", \"setns\")", "command kernel"},
	{"process where event.action != \"exec\"", "kernel"},
	{"process where not event.action == \"exec\" and process.name == \"x\"", "kernel"},
	{"process where event.action == \"exec\" or process.pid == 1", "command kernel"},
	{"container where event.action in (\"create\", \"run\") and container.security_context.privileged == true", "request"},
	{"api where event.action == \"create\"", "api"},
	{"file where file.path == \"/etc/shadow\"", "file kernel"},
	{"file where event.action in (\"open\", \"modify\")", "file"},
	{"file where event.action == \"mount\"", "kernel"},
	{"network where event.action == \"connect\"", "network"},
	{"driver where event.action == \"load\"", "kernel"},
	{"authentication where user.name == \"root\"", "log"},
	{"session where true", "log"},
	{"iam where true", "log"},
	{"log where message like \"*x*\"", "log"},
	{"any where user.name == \"root\"", "command request api file network kernel log"},
	{"any where event.category == \"file\"", "file kernel"},
	{"sequence with maxspan=1m [file where event.action == \"open\"] [network where event.action == \"connect\"]",
		"file network"},
};

static void test_kinds(void)
{
	struct arena arena = {0};
	const struct registry *registry = unit_registry(&arena);
	const struct scope scope = {.registry = registry};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct diagnostics d = {0};
		const struct place place = {"test", 1, 1};
		struct condition *condition = condition_parse(&arena, &scope, text_of(cases[i].condition), place, 0, TEXT("test"), &d);
		CU_ASSERT_PTR_NOT_NULL_FATAL(condition);
		unsigned kinds = evidence_of(condition, registry);
		char names[128] = "";
		for (enum evidence kind = 0; kind < EVIDENCE_COUNT; kind++)
			if (kinds & 1u << kind)
				snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", *names ? " " : "", evidence_name(kind));
		if (strcmp(names, cases[i].kinds) != 0)
			printf("\n    %s:", cases[i].condition);
		CHECK_TEXT(text_of(names), cases[i].kinds);
		diagnostics_free(&d);
	}
	arena_free(&arena);
}

static void test_words(void)
{
	for (enum evidence kind = 0; kind < EVIDENCE_COUNT; kind++) {
		CU_ASSERT(strlen(evidence_name(kind)) > 0);
		CU_ASSERT(strchr(evidence_about(kind), ' ') != NULL);
		for (enum evidence other = 0; other < kind; other++)
			CU_ASSERT_STRING_NOT_EQUAL(evidence_name(kind), evidence_name(other));
	}
}

void suite_evidence(void)
{
	CU_pSuite suite = unit_suite("evidence");
	UNIT_TEST(suite, test_kinds);
	UNIT_TEST(suite, test_words);
}
