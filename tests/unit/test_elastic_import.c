/* elastic: rules of tests/elastic/rules as conditions, and back: import, generate, import gives the same conditions. ELASTIC_RULES=DIR
 * takes a folder of public rules as well. */
#include "generator/import.h"
#include "generator/pack.h"
#include "tests/unit/normal.h"
#include "tests/unit/unit.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const char rules[] = "tests/elastic/rules";

struct taking {
	struct arena arena;
	struct diagnostics d;
	struct catalog catalog;
	struct import import;
};

static void begin(struct taking *t, const char *folder)
{
	*t = (struct taking){0};
	CU_ASSERT_EQUAL_FATAL(catalog_load(&t->catalog, folder, &t->d), 0);
	t->import = (struct import){.arena = &t->arena, .catalog = &t->catalog, .target = target_find(TEXT("elastic")), .d = &t->d};
	t->import.dialect = catalog_dialect(&t->catalog, TEXT("elastic"));
	t->import.evaluator = evaluator_new();
}

static void end(struct taking *t)
{
	evaluator_free(t->import.evaluator);
	catalog_free(&t->catalog);
	diagnostics_free(&t->d);
	arena_free(&t->arena);
}

static void take(struct taking *t, const char *path, const char *into)
{
	CU_ASSERT_EQUAL_FATAL(import_files(&t->import, &path, 1, t->import.target->endings), 0);
	if (import_run(&t->import, into, true) != 0)
		diagnostics_print(&t->d, stderr);
}

static const struct import_item *item_named(const struct taking *t, const char *name)
{
	for (size_t i = 0; i < t->import.count; i++) {
		if (text_is(t->import.items[i]->name, name))
			return t->import.items[i];
	}
	fprintf(stderr, "no item %s\n", name);
	CU_FAIL_FATAL("an item is missing");
	return NULL;
}

static struct text condition_text(struct taking *t, const char *name, size_t index)
{
	const struct import_item *item = item_named(t, name);
	struct buffer out = {0};

	for (size_t i = 0; i < item->notes.count && item->draft == NULL; i++)
		fprintf(stderr, "%s: %.*s\n", name, TEXT_ARGS(item->notes.items[i]));
	CU_ASSERT_PTR_NOT_NULL_FATAL(item->draft);
	CU_ASSERT_FATAL(index < item->draft->condition_count);
	condition_print(item->draft->conditions[index].condition, &t->catalog.registry, &out);
	struct text text = text_copy(&t->arena, buffer_view(&out));

	buffer_free(&out);
	return text;
}

static void test_events(void)
{
	struct taking t;

	begin(&t, "rulesets");
	take(&t, rules, NULL);
	CHECK_TEXT(condition_text(&t, "Shell Started by a Web Server", 0),
		"process where event.action == \"exec\" and process.parent.name in (\"nginx\", \"httpd\") "
		"and process.name like~ (\"bash\", \"sh\", \"d?sh*\") and process.args != \"-l\" and process.working_directory != null "
		"and not process.working_directory like~ \"/srv/*\" and (event.outcome == null or event.outcome != null)");
	CHECK_TEXT(condition_text(&t, "Unit File Made or Renamed", 0),
		"file where event.action == \"create\" and file.path like (\"/etc/systemd/system/*\", \"/usr/lib/systemd/system/*\") "
		"and file.extension not in (\"swp\", \"swx\") and process.executable != null "
		"and not process.executable regex \"/usr/(s)?bin/(dpkg|rpm)[0-9]*\" "
		"and (process.name != \"sed\" or (file.name != null and not file.name like~ \"sed*\"))");
	CHECK_CONTAINS(condition_text(&t, "Unit File Made or Renamed", 1), "file.target_path like (\"/etc/systemd/system/*\"");
	CHECK_CONTAINS(condition_text(&t, "Unit File Made or Renamed", 1), "not file.target_name like~ \"sed*\"");
	CHECK_TEXT(condition_text(&t, "Module Loaded by Hand", 0),
		"driver where event.action == \"load\" and auditd.data.syscall in (\"init_module\", \"finit_module\") and user.id != \"0\" "
		"and length(process.name) > 2 and (event.outcome == null or event.outcome != null)");
	CHECK_TEXT(condition_text(&t, "Secrets Read", 0),
		"api where event.action in (\"get\", \"list\", \"watch\") and kubernetes.audit.objectRef.resource == \"secrets\" "
		"and `kubernetes.audit.annotations.authorization_k8s_io/decision` == \"allow\" and user.name != null "
		"and not user.name like~ \"system:*\"");
	CHECK_LONG(item_named(&t, "Secrets Read")->taken, TAKEN_EXACTLY);
	CHECK_CONTAINS(condition_text(&t, "Group Changed", 0), "event.action == \"setuid\" and ");
	CHECK_CONTAINS(condition_text(&t, "Group Changed", 1),
		"event.action == \"other\" and event.reported_action == \"gid_change\" and ");
	CHECK_CONTAINS(condition_text(&t, "Group Changed", 1),
		"process.parent.args_count >= 3 and startswith~(process.command_line, process.name)");
	CHECK_TEXT(condition_text(&t, "In Kibana's Language", 0),
		"process where event.action == \"exec\" and (process.args like \"* curl*\" or process.args == \"a b\") "
		"and user.id != null and not user.id == \"0\" and process.parent.pid > 1 "
		"and not process.name like \"docker:*\" and not process.name == \"sh\"");
	CHECK_TEXT(condition_text(&t, "Exported", 0),
		"network where event.action == \"connect\" and destination.port in (2375, 2376) and destination.ip != \"127.0.0.1\"");
	end(&t);
}

static void test_sequences(void)
{
	struct taking t;

	begin(&t, "rulesets");
	take(&t, rules, NULL);
	CHECK_TEXT(condition_text(&t, "Login After Failures", 0),
		"sequence by host.id, source.ip with maxspan=30s"
		" [authentication where event.action == \"login\" and event.outcome == \"failure\""
		" and source.ip != null and not cidrmatch(source.ip, \"10.0.0.0/8\", \"::1\")] with runs=5"
		" [authentication where event.action == \"login\" and event.outcome == \"success\"]");
	CHECK_CONTAINS(condition_text(&t, "Fork Without Exec", 0), "with maxspan=15m");
	CHECK_CONTAINS(condition_text(&t, "Fork Without Exec", 0), "until [process where event.action == \"exit\"]");
	CHECK_LONG(item_named(&t, "Fork Without Exec")->taken, TAKEN_WITH_NOTE);
	end(&t);
}

static void test_account(void)
{
	struct taking t;
	const struct import_item *item;

	begin(&t, "rulesets");
	take(&t, rules, NULL);
	CHECK_TEXT(item_named(&t, "Another System")->notes.items[0], "it asks for systems other than Linux only");
	CHECK_TEXT(item_named(&t, "Seen for the First Time")->notes.items[0],
		"rules of type new_terms in kuery are not taken, only those in EQL and queries in KQL");
	CHECK_TEXT(item_named(&t, "Concatenated")->notes.items[0],
		"the function concat is not taken (line 1, column 15 of the query)");
	item = item_named(&t, "tests/elastic/rules/broken.toml");
	CHECK_TEXT(item->notes.items[0], "the key is there already");
	CHECK_LONG(item->place.line, 3);
	CHECK_TEXT(item_named(&t, "an exception list")->notes.items[0], "exception lists are not taken");
	CHECK_LONG(item_named(&t, "Exported")->taken, TAKEN_WITH_NOTE);
	item = item_named(&t, "Shell Started by a Web Server");
	CHECK_TEXT(item->draft->description, "A web server starts a shell. Lines\nof a description are kept.");
	CHECK_TEXT(item->draft->techniques.items[0], "T1059.004");
	CHECK_LONG(item->draft->techniques.count, 1);
	CHECK_LONG(item->draft->references.count, 1);
	CHECK_TEXT(item->draft->date, "2026-11-25");
	CHECK_LONG(item->draft->severity, SEVERITY_HIGH);
	CHECK_LONG(item->draft->status, STATUS_STABLE);
	end(&t);
}

/* --- there and back --- */

static const struct import_item *item_of(const struct taking *t, struct text id)
{
	for (size_t i = 0; i < t->import.count; i++) {
		if (t->import.items[i]->draft != NULL && text_equal(t->import.items[i]->draft->id, id))
			return t->import.items[i];
	}
	return NULL;
}

static const struct dialect_group *group_named(const struct catalog *catalog, struct text name)
{
	const struct dialect *dialect = catalog_dialect(catalog, TEXT("elastic"));

	for (size_t i = 0; i < dialect->group_count; i++) {
		if (text_equal(dialect->groups[i].name, name))
			return &dialect->groups[i];
	}
	return NULL;
}

struct tally {
	size_t rules, acts, differing;
};

/* What all conditions that ask for the category say, joined. */
static struct text normal_of(struct taking *t, const struct import_item *item, const struct normal_act *act)
{
	struct node *any = node_false();

	for (size_t i = 0; i < item->draft->condition_count; i++) {
		const struct condition *condition = item->draft->conditions[i].condition;
		struct node *both[] = {any, condition->root};

		if (condition->sequence == NULL && (condition->category == act->category || condition->category == CATEGORY_ANY))
			any = node_or(&t->arena, both, 2);
	}
	return normal_form(&t->arena, act, any);
}

static void compare_act(struct taking *again, const struct fidelity_row *row, const struct import_item *item,
	const struct catalog *made, struct text act_name, struct tally *tally)
{
	size_t dot = text_find(act_name, '.');
	bool found;
	struct normal_act act = {.registry = &made->registry, .group = group_named(made, row->group)};
	struct normal_act back = {.registry = &again->catalog.registry, .group = group_named(&again->catalog, row->group)};

	act.category = back.category = registry_category(&made->registry, text_slice(act_name, 0, dot), &found);
	act.action = back.action = registry_action(&made->registry, act.category, text_slice(act_name, dot + 1, act_name.length));
	struct text there = normal_form(&again->arena, &act, row->condition->root), here = normal_of(again, item, &back);

	tally->acts++;
	if (text_equal(there, here) || text_equal(there, TEXT("false")))
		return;
	if (tally->differing++ < 10)
		fprintf(stderr, "\n%.*s, %.*s of %.*s:\n  %.*s\n  %.*s\n", TEXT_ARGS(row->detection->name), TEXT_ARGS(act_name),
			TEXT_ARGS(row->group), TEXT_ARGS(there), TEXT_ARGS(here));
}

static bool same_steps(
	struct taking *again, const struct condition *a, const struct condition *b, const struct registry *registry)
{
	const struct sequence *x = a->sequence, *y = b->sequence;
	bool same = y != NULL && x->count == y->count && x->sample == y->sample && x->key_count == y->key_count
		&& (x->sample || x->maxspan == y->maxspan) && (x->until == NULL) == (y->until == NULL);

	for (size_t i = 0; same && i < x->count; i++) {
		same = x->steps[i].runs == y->steps[i].runs && x->steps[i].missing == y->steps[i].missing;
		for (size_t k = 0; same && k < x->key_count; k++)
			same = text_equal(registry->fields[x->steps[i].by[k]].name, again->catalog.registry.fields[y->steps[i].by[k]].name);
	}
	return same;
}

static void compare_row(struct taking *again, const struct fidelity_row *row, const struct catalog *made, struct tally *tally)
{
	const struct import_item *item = item_of(again, row->rule);
	struct text *acts;
	size_t count = text_split(&again->arena, row->action, ',', &acts);

	if (row->rule.length == 0 || row->fidelity != FIDELITY_EXACT || text_is(row->source, "derived"))
		return;
	CU_ASSERT_PTR_NOT_NULL(item);
	if (item == NULL)
		return;
	tally->rules++;
	if (row->condition->sequence != NULL) {
		bool same = same_steps(again, row->condition, item->draft->conditions[0].condition, &made->registry);

		tally->acts++;
		tally->differing += !same;
		if (!same)
			fprintf(stderr, "\n%.*s: the sequence differs\n", TEXT_ARGS(row->detection->name));
		return;
	}
	for (size_t i = 0; i < count; i++)
		compare_act(again, row, item, made, text_trim(acts[i]), tally);
}

static void there_and_back(const char *folder, struct tally *tally)
{
	struct taking first, again;
	struct catalog made = {0};
	struct pack_summary summary = {0};
	struct arena arena = {0};
	const char *catalog = unit_folder(&arena), *packs = unit_folder(&arena);

	begin(&first, "rulesets");
	take(&first, folder, catalog);
	CU_ASSERT_EQUAL_FATAL(catalog_load(&made, catalog, &first.d), 0);
	struct pack_request request = {.catalog = &made, .target = target_find(TEXT("elastic")), .directory = packs,
		.as_of = TEXT("2026-11-25")};

	CU_ASSERT_EQUAL_FATAL(pack_write(&request, &summary, &first.d), 0);
	begin(&again, catalog);
	take(&again, arena_printf(&arena, "%s/mews_rules.ndjson", summary.path), NULL);
	for (size_t i = 0; i < summary.row_count; i++)
		compare_row(&again, &summary.rows[i], &made, tally);
	pack_summary_free(&summary);
	catalog_free(&made);
	end(&again);
	end(&first);
	arena_free(&arena);
}

static void test_there_and_back(void)
{
	struct tally tally = {0, 0, 0};

	there_and_back(rules, &tally);
	CU_ASSERT(tally.rules >= 6 && tally.acts >= 6);
	CHECK_LONG(tally.differing, 0);
}

static void test_public_rules(void)
{
	const char *folder = getenv("ELASTIC_RULES");
	struct tally tally = {0, 0, 0};

	if (folder == NULL) {
		puts("skipped: public rules of Elastic: ELASTIC_RULES names no folder");
		return;
	}
	there_and_back(folder, &tally);
	printf("%zu exact rules for %zu acts came back, %zu otherwise\n", tally.rules, tally.acts, tally.differing);
	CHECK_LONG(tally.differing, 0);
}

void suite_elastic_import(void)
{
	CU_pSuite suite = unit_suite("elastic_import");

	UNIT_TEST(suite, test_events);
	UNIT_TEST(suite, test_sequences);
	UNIT_TEST(suite, test_account);
	UNIT_TEST(suite, test_there_and_back);
	UNIT_TEST(suite, test_public_rules);
}
