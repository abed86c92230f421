/* wanted: a replay that makes wanted fields alone gives the same alerts, with the same whole events, as one that makes all. */
#include "replay/replay.h"
#include "replay/wanted.h"
#include "tests/unit/unit.h"

#include <string.h>

/* Events with fields that no detection asks for, beside those that give alerts; the facets that derivation adds, too. */
static const char events[] =
	"{\"@timestamp\":\"2026-11-23T10:00:00Z\",\"event\":{\"category\":\"process\",\"action\":\"exec\",\"kind\":\"event\",\"severity\":3},"
	"\"message\":\"m\",\"process\":{\"pid\":7,\"name\":\"docker\",\"executable\":\"/usr/bin/docker\",\"args\":[\"docker\",\"run\",\"--privileged\","
	"\"-v\",\"/:/host\",\"alpine\"],\"working_directory\":\"/\",\"hash\":{\"sha256\":\"00\"},\"tty\":{\"name\":\"pts0\"}},\"host\":{\"name\":\"a\",\"os\":{\"name\":\"x\"}},"
	"\"user\":{\"id\":\"0\",\"name\":\"root\",\"group\":{\"id\":\"0\"}},\"source\":{\"ip\":\"10.0.0.1\"}}\n"
	"{\"event\":{\"category\":[\"file\"],\"action\":\"modify\"},\"file\":{\"path\":\"/proc/sys/kernel/core_pattern\",\"mode\":\"0644\",\"inode\":\"7\"},"
	"\"process\":{\"pid\":9,\"name\":\"sh\",\"parent\":{\"pid\":7}},\"message\":\"written\"}\n"
	"{\"event\":{\"category\":\"container\",\"action\":\"create\"},\"message\":\"c\",\"container\":{\"image\":{\"name\":\"alpine\"},"
	"\"mounts\":[\"/var/run/docker.sock:/run/docker.sock:rw\"],\"security_context\":{\"privileged\":true}},\"user\":{\"name\":\"u\"}}\n";

static struct results *run(const struct catalog *catalog, struct dataset **datasets, size_t count, bool whole,
	struct diagnostics *d)
{
	struct results *results = NULL;
	struct replay_options options = {.catalog = catalog, .datasets = datasets, .dataset_count = count,
		.as_of = TEXT("2026-11-25"), .keep_alerts = true, .max_rejected = 1, .whole_events = whole};
	CHECK_LONG(replay_run(&options, &results, d), 0);
	return results;
}

static void compare(const struct results *some, const struct results *all)
{
	CU_ASSERT(all->alert_count > 0);
	CHECK_LONG(some->alert_count, all->alert_count);
	for (size_t i = 0; i < some->alert_count && i < all->alert_count; i++) {
		const struct alert *a = &some->alerts[i], *b = &all->alerts[i];
		CU_ASSERT_PTR_EQUAL(a->detection, b->detection);
		CHECK_LONG(a->line, b->line);
		if (!text_equal(a->event, b->event) || !text_equal(a->conditions, b->conditions) || !text_equal(a->entity, b->entity)) {
			printf("    some: %.*s\n    all:  %.*s\n", TEXT_ARGS(a->event), TEXT_ARGS(b->event));
			CU_FAIL("an alert differs");
			return;
		}
	}
}

static void check_datasets(const struct catalog *catalog, struct dataset **datasets, size_t count, struct diagnostics *d)
{
	struct results *some = run(catalog, datasets, count, false, d), *all = run(catalog, datasets, count, true, d);
	if (some && all)
		compare(some, all);
	if (some)
		results_free(some);
	if (all)
		results_free(all);
}

/* To the front: all but the hosts' hour-long logs, which the same reader reads as the scenarios' short ones. */
static size_t short_ones(struct dataset **datasets, size_t count)
{
	size_t kept = 0, seen = 0;
	for (size_t i = 0; i < count; i++)
		if (!text_starts(datasets[i]->name, TEXT("hosts-"), false) && seen++ % UNIT_EVERY == 0)
			datasets[kept++] = datasets[i];
	return kept;
}

static void test_alerts(void)
{
	struct catalog catalog = {0};
	struct diagnostics d = {0};
	struct arena arena = {0};
	struct dataset **datasets = NULL;
	size_t count = 0;
	CHECK_LONG(catalog_load(&catalog, "rulesets", &d), 0);
	CHECK_LONG(corpus_load(&arena, &catalog, "corpus", &datasets, &count, &d), 0);
	check_datasets(&catalog, datasets, short_ones(datasets, count), &d);
	CU_ASSERT(count > 0);
	const char *path = unit_file(&arena, unit_folder(&arena), "events.jsonl", text_of(events));
	struct dataset *made = datasets[0];
	made->sources[0].reader = reader_find(TEXT("json"));
	made->sources[0].options.dialect = catalog_dialect(&catalog, TEXT("ecs"));
	made->sources[0].files[0] = arena_strdup(&arena, path);
	made->sources[0].file_count = made->file_count = 1;
	made->files = made->sources[0].files;
	check_datasets(&catalog, &made, 1, &d);
	diagnostics_free(&d);
	arena_free(&arena);
	catalog_free(&catalog);
}

/* What conditions ask for is wanted, what nobody asks for is not. */
static void test_fields(void)
{
	struct catalog catalog = {0};
	struct diagnostics d = {0};
	struct arena arena = {0};
	CHECK_LONG(catalog_load(&catalog, "rulesets", &d), 0);
	uint8_t *wanted = wanted_fields(&arena, &catalog, NULL, 0);
	size_t count = 0;
	for (unsigned i = 1; i < catalog.registry.field_count; i++)
		count += wanted[i];
	CU_ASSERT(wanted[registry_field(&catalog.registry, TEXT("process.args"))]);
	CU_ASSERT(wanted[registry_field(&catalog.registry, TEXT("container.security_context.privileged"))]);
	CU_ASSERT_FALSE(wanted[registry_field(&catalog.registry, TEXT("message"))]);
	CU_ASSERT(count < catalog.registry.field_count - 10);
	/* An organization with an exception that is not in the catalog yet. */
	struct scope scope = catalog_scope(&catalog, NULL);
	struct text source = TEXT("message like \"x*\"");
	struct exception exception = {.condition = condition_parse_expression(&arena, &scope, source, (struct place){0}, 0, source, &d)};
	wanted_of_organization(wanted, &catalog.registry, &(struct organization){.exceptions = &exception, .exception_count = 1});
	CU_ASSERT(wanted[registry_field(&catalog.registry, TEXT("message"))]);
	wanted_of_organization(wanted, &catalog.registry, NULL);
	diagnostics_free(&d);
	arena_free(&arena);
	catalog_free(&catalog);
}

void suite_wanted(void);
void suite_wanted(void)
{
	CU_pSuite suite = unit_suite("wanted");
	UNIT_TEST(suite, test_alerts);
	UNIT_TEST(suite, test_fields);
}
