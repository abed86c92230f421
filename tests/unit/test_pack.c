/* Packs of the golden catalog: files, overrides, exceptions, twins, and what happens to an older pack. */
#include "generator/pack.h"
#include "tests/unit/unit.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char golden[] = "tests/golden/generator/catalog";

struct packing {
	struct arena arena;
	struct catalog *catalog;
	struct diagnostics diagnostics;
	const char *folder;
	struct pack_summary summary;
	json_t *fidelity;
};

static void begin(struct packing *p)
{
	*p = (struct packing){.catalog = mem_alloc(sizeof(struct catalog))};
	memset(p->catalog, 0, sizeof(*p->catalog));
	p->folder = unit_folder(&p->arena);
	CU_ASSERT_EQUAL_FATAL(catalog_load(p->catalog, golden, &p->diagnostics), 0);
}

static void write_pack(struct packing *p, const char *target, const char *organization, const char *as_of)
{
	struct pack_request request = {p->catalog, catalog_organization(p->catalog, text_of(organization)),
		target_find(text_of(target)), p->folder, text_of(as_of), false, NULL};

	pack_summary_free(&p->summary);
	json_decref(p->fidelity);
	p->summary = (struct pack_summary){.rows = NULL};
	CU_ASSERT_EQUAL_FATAL(pack_write(&request, &p->summary, &p->diagnostics), 0);
	p->fidelity = json_load_file(arena_printf(&p->arena, "%s/fidelity.json", p->summary.path), 0, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(p->fidelity);
}

static struct text content(struct packing *p, const char *name)
{
	struct text text = {NULL, 0};

	CU_ASSERT_EQUAL(file_read(&p->arena, arena_printf(&p->arena, "%s/%s", p->summary.path, name), 1 << 20, &p->diagnostics, &text), 0);
	return text;
}

static void end(struct packing *p)
{
	json_decref(p->fidelity);
	pack_summary_free(&p->summary);
	catalog_free(p->catalog);
	free(p->catalog);
	diagnostics_free(&p->diagnostics);
	arena_free(&p->arena);
}

static json_t *named(json_t *list, const char *key, const char *name)
{
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item) {
		const char *value = json_string_value(json_object_get(item, key));

		if (value != NULL && strcmp(value, name) == 0)
			return item;
	}
	return NULL;
}

static const char *word(json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value ? value : "";
}

static void test_head(void)
{
	struct packing p;

	begin(&p);
	write_pack(&p, "falco", "acme", "2026-11-23");
	struct text rules = content(&p, "mews_rules.yaml");

	CHECK_CONTAINS(rules, "# target: falco 0.44.1\n");
	CHECK_CONTAINS(rules, "# organization: acme\n");
	CHECK_CONTAINS(rules, arena_printf(&p.arena, "# catalog revision: %s\n", p.catalog->revision));
	CHECK_CONTAINS(rules, "- required_engine_version: ");
	CHECK_CONTAINS(rules, "    - name: container\n");
	CHECK_TEXT(text_of(word(p.fidelity, "catalog_revision")), p.catalog->revision);
	CHECK_LONG(json_integer_value(json_object_get(p.fidelity, "rules")), p.summary.rules);
	end(&p);
}

static void test_baseline(void)
{
	struct packing p;

	begin(&p);
	write_pack(&p, "falco", "acme", "2026-11-23");
	struct text rules = content(&p, "mews_rules.yaml");

	CU_ASSERT_FALSE(text_contains(rules, TEXT("Not For Everybody"), false));
	CHECK_TEXT(text_of(json_string_value(json_array_get(json_object_get(p.fidelity, "disabled"), 0))), "disabled-one");
	CHECK_CONTAINS(rules, "  priority: CRITICAL\n"); /* socket-mount, by the organization */
	CU_ASSERT_FALSE(text_contains(rules, TEXT("temp"), false)); /* the exception is over */
	write_pack(&p, "falco", "acme", "2019-12-31");
	CHECK_CONTAINS(content(&p, "mews_rules.yaml"), "temp");
	write_pack(&p, "falco", "plain", "2026-11-23");
	rules = content(&p, "mews_rules.yaml");
	CHECK_CONTAINS(rules, "Not For Everybody");
	CU_ASSERT_FALSE(text_contains(rules, TEXT("  priority: CRITICAL\n"), false));
	end(&p);
}

static void test_exceptions(void)
{
	struct packing p;

	begin(&p);
	write_pack(&p, "falco", "acme", "2026-11-23");
	json_t *list = json_object_get(p.fidelity, "exceptions");

	CHECK_TEXT(text_of(word(named(list, "exception", "not-plain"), "fidelity")), "exact");
	CHECK_TEXT(text_of(word(named(list, "exception", "runners"), "fidelity")), "narrowed"); /* no command line tells */
	CHECK_TEXT(text_of(word(named(list, "exception", "known-root"), "origin")), "detection");
	CU_ASSERT_PTR_NULL(named(list, "exception", "over"));
	CHECK_LONG(p.summary.exceptions_exact + p.summary.exceptions_narrowed + p.summary.exceptions_lost, 3);
	write_pack(&p, "auditd", "acme", "2026-11-23");
	CHECK_LONG(p.summary.exceptions_lost, 3); /* audit rules collect */
	write_pack(&p, "sigma", "acme", "2026-11-23");
	struct text filter = content(&p, "filters/proc_creation_lnx_filter_not_plain.yml");

	CHECK_CONTAINS(filter, "    selection:\n");
	CHECK_CONTAINS(filter, "    condition: not (not selection)\n");
	end(&p);
}

static void test_twins(void)
{
	struct packing p;

	begin(&p);
	write_pack(&p, "falco", "plain", "2026-11-23");
	struct text rules = content(&p, "mews_rules.yaml");

	CHECK_CONTAINS(rules, "- rule: \"Twin A (command)\"");
	CU_ASSERT_FALSE(text_contains(rules, TEXT("- rule: \"Twin B"), false));
	CHECK_CONTAINS(rules, "tags: [mews, container, twin-a, T1609, twin-b]");
	json_t *detections = json_object_get(p.fidelity, "detections");
	json_t *a = json_array_get(json_object_get(named(detections, "detection", "twin-a"), "rows"), 0);
	json_t *b = json_array_get(json_object_get(named(detections, "detection", "twin-b"), "rows"), 0);

	CHECK_TEXT(text_of(word(a, "rule")), word(b, "rule"));
	write_pack(&p, "sigma", "plain", "2026-11-23");
	struct text twin = content(&p, "rules/proc_creation_lnx_twin_a_command.yml");

	CHECK_CONTAINS(twin, "level: low\n"); /* the lower of the two */
	CHECK_CONTAINS(twin, "      type: merged\n");
	end(&p);
}

static struct detection *detection_of(struct packing *p, const char *name)
{
	for (size_t i = 0; i < p->catalog->detection_count; i++) {
		if (text_is(p->catalog->detections[i]->name, name))
			return p->catalog->detections[i];
	}
	CU_FAIL_FATAL("no such detection");
	return NULL;
}

static struct condition *condition_of(struct packing *p, const char *source)
{
	struct condition *condition = condition_parse(&p->arena, &p->catalog->scope, text_of(source),
		(struct place){"test", 1, 1}, 0, TEXT(""), &p->diagnostics);

	CU_ASSERT_PTR_NOT_NULL_FATAL(condition);
	return condition;
}

/* What one twin excepts says nothing of the other, and is accounted for whichever of them is written. */
static void test_twins_except(void)
{
	struct packing p;
	struct exception exception = {.name = TEXT("alone"), .reason = TEXT("known")};

	begin(&p);
	struct detection *b = detection_of(&p, "twin-b");

	exception.condition = condition_of(&p, "any where process.args == \"--known\"");
	b->exceptions = &exception;
	b->exception_count = 1;
	write_pack(&p, "falco", "plain", "2026-11-23");
	CU_ASSERT_FALSE(text_contains(content(&p, "mews_rules.yaml"), TEXT("- rule: \"Twin B"), false));
	CHECK_TEXT(text_of(word(named(json_object_get(p.fidelity, "exceptions"), "exception", "alone"), "fidelity")), "lost");
	exception.targets[0] = TEXT("proc.pname = \n cron");
	write_pack(&p, "falco", "plain", "2026-11-23");
	struct text rules = content(&p, "mews_rules.yaml");
	size_t at = 0;

	CHECK_CONTAINS(rules, "- rule: \"Twin B (command)\"");
	CHECK_CONTAINS(rules, "    and not (proc.pname =   cron)\n");
	while (at < rules.length && !text_starts(text_slice(rules, at, rules.length), TEXT("- rule: \"Twin B"), false))
		at++;
	CU_ASSERT_FALSE(text_contains(text_slice(rules, 0, at), TEXT("proc.pname = "), false));
	CHECK_TEXT(text_of(word(named(json_object_get(p.fidelity, "exceptions"), "exception", "alone"), "fidelity")), "exact");
	end(&p);
}

/* One more condition that a single target is asked. */
static void test_target_condition(void)
{
	struct packing p;
	struct target_override target = {.target = TEXT("falco")};

	begin(&p);
	target.condition = condition_of(&p, "process where event.action == \"exec\" and process.name == \"only-here\"");
	target.condition->name = target.target;
	detection_of(&p, "twin-a")->targets = &target;
	detection_of(&p, "twin-a")->target_count = 1;
	write_pack(&p, "falco", "plain", "2026-11-23");
	CHECK_CONTAINS(content(&p, "mews_rules.yaml"), "- rule: \"Twin A (falco)\"");
	CHECK_CONTAINS(content(&p, "mews_rules.yaml"), "only-here");
	json_t *twin = named(json_object_get(p.fidelity, "detections"), "detection", "twin-a");

	CHECK_TEXT(text_of(word(named(json_object_get(twin, "rows"), "condition", "falco"), "fidelity")), "exact");
	CHECK_LONG(json_integer_value(json_object_get(twin, "conditions")), 1);
	write_pack(&p, "sigma", "plain", "2026-11-23");
	twin = named(json_object_get(p.fidelity, "detections"), "detection", "twin-a");
	CU_ASSERT_PTR_NULL(named(json_object_get(twin, "rows"), "condition", "falco"));
	end(&p);
}

static void test_counts(void)
{
	struct packing p;

	begin(&p);
	write_pack(&p, "sigma", "plain", "2026-11-23");
	json_t *socket = named(json_object_get(p.fidelity, "detections"), "detection", "socket-mount");

	CHECK_LONG(json_integer_value(json_object_get(socket, "conditions")), 2);
	CHECK_LONG(json_integer_value(json_object_get(socket, "covered")), 2);
	json_t *gap = named(json_object_get(socket, "rows"), "fidelity", "unsupported");

	CHECK_TEXT(text_of(word(gap, "source")), "native");
	CHECK_CONTAINS(text_of(json_string_value(json_array_get(json_object_get(gap, "reasons"), 0))), "sees no such event");
	end(&p);
}

static bool is_there(struct packing *p, const char *name)
{
	struct stat status;

	return stat(arena_printf(&p->arena, "%s/%s", p->summary.path, name), &status) == 0;
}

static void test_older_pack(void)
{
	struct packing p;

	begin(&p);
	write_pack(&p, "sigma", "acme", "2026-11-23");
	struct text first = content(&p, "fidelity.json");

	write_pack(&p, "sigma", "acme", "2026-11-23");
	CU_ASSERT_TRUE(text_equal(first, content(&p, "fidelity.json")));
	/* An older pack said that it made one.yml; somebody else put two.yml there, and a name leads outside. */
	unit_file(&p.arena, p.summary.path, "rules/one.yml", TEXT("old"));
	unit_file(&p.arena, p.summary.path, "rules/two.yml", TEXT("not ours"));
	unit_file(&p.arena, p.folder, "outside.yml", TEXT("keep"));
	unit_file(&p.arena, p.summary.path, "fidelity.json", TEXT("{\"files\": [\"rules/one.yml\", \"../../outside.yml\"]}"));
	write_pack(&p, "sigma", "acme", "2026-11-23");
	CU_ASSERT_FALSE(is_there(&p, "rules/one.yml"));
	CU_ASSERT_TRUE(is_there(&p, "rules/two.yml"));
	CU_ASSERT_TRUE(is_there(&p, "../../outside.yml"));
	CU_ASSERT_TRUE(text_equal(first, content(&p, "fidelity.json")));
	end(&p);
}

static const struct fidelity_row *next_of(const struct pack_summary *summary, const struct detection *detection, size_t *from)
{
	while (*from < summary->row_count) {
		const struct fidelity_row *row = &summary->rows[(*from)++];

		if (row->detection == detection)
			return row;
	}
	return NULL;
}

static bool same_claims(const struct pack_summary *whole, const struct pack_summary *part, const struct detection *detection)
{
	const struct fidelity_row *a = NULL, *b = NULL;
	size_t i = 0, k = 0;

	do {
		a = next_of(whole, detection, &i);
		b = next_of(part, detection, &k);
		if (a == NULL || b == NULL)
			return a == b;
	} while (a->condition == b->condition && a->fidelity == b->fidelity && a->reasons.count == b->reasons.count);
	return false;
}

/* What is claimed of a detection depends neither on the others nor, without exceptions of its own, on the organization. */
static void check_part(struct packing *p, const struct target *target, const struct organization *organization)
{
	struct text as_of = TEXT("2026-11-23");
	bool *only = arena_array(&p->arena, p->catalog->detection_count + 1, sizeof(*only));
	struct pack_request request = {.catalog = p->catalog, .organization = organization, .target = target, .as_of = as_of};
	struct pack_summary whole = {.rows = NULL}, plain = {.rows = NULL};

	CU_ASSERT_EQUAL_FATAL(pack_build(&request, &whole, &p->diagnostics), 0);
	request.organization = NULL;
	CU_ASSERT_EQUAL_FATAL(pack_build(&request, &plain, &p->diagnostics), 0);
	request.organization = organization;
	request.only = only;
	for (size_t i = 0; i < p->catalog->detection_count; i++) {
		const struct detection *detection = p->catalog->detections[i];
		struct baseline_decision decision = catalog_decide(organization, detection);
		struct pack_summary part = {.rows = NULL};

		only[i] = true;
		CU_ASSERT_EQUAL_FATAL(pack_build(&request, &part, &p->diagnostics), 0);
		only[i] = false;
		CU_ASSERT_TRUE(same_claims(&whole, &part, detection));
		if (!decision.disabled && !decision.below && !pack_excepts(organization, detection, as_of))
			CU_ASSERT_TRUE(same_claims(&plain, &part, detection));
		pack_summary_free(&part);
	}
	pack_summary_free(&whole);
	pack_summary_free(&plain);
}

static void test_part(void)
{
	struct packing p;

	begin(&p);
	for (size_t i = 0; targets[i].name != NULL; i++) {
		for (size_t k = 0; targets[i].exceptions && k < p.catalog->organization_count; k++)
			check_part(&p, &targets[i], p.catalog->organizations[k]);
	}
	end(&p);
}

static void test_unwritable(void)
{
	struct packing p;

	begin(&p);
	struct pack_request request = {p.catalog, NULL, target_find(TEXT("falco")),
		arena_printf(&p.arena, "%s/file", p.folder), TEXT("2026-11-23"), false, NULL};

	unit_file(&p.arena, p.folder, "file", TEXT("no folder"));
	CU_ASSERT_EQUAL(pack_write(&request, &p.summary, &p.diagnostics), -1);
	CHECK_LONG(p.diagnostics.errors, 1);
	end(&p);
}

void suite_pack(void)
{
	CU_pSuite suite = unit_suite("pack");

	UNIT_TEST(suite, test_head);
	UNIT_TEST(suite, test_baseline);
	UNIT_TEST(suite, test_exceptions);
	UNIT_TEST(suite, test_twins);
	UNIT_TEST(suite, test_twins_except);
	UNIT_TEST(suite, test_target_condition);
	UNIT_TEST(suite, test_counts);
	UNIT_TEST(suite, test_older_pack);
	UNIT_TEST(suite, test_part);
	UNIT_TEST(suite, test_unwritable);
}
