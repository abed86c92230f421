/* test_tune: causes, conditions and choice, on a few events. */
#include "tests/unit/tuning.h"

#include "catalog/canonical.h"
#include "catalog/load.h"
#include "replay/tune/tune.h"

#include <math.h>
#include <string.h>

enum { HOUR = 3600 };

struct bench {
	struct tuning_world t;
	struct proposals *proposals;
	double budget;
	size_t most;
	bool all;
};

static void begin(struct bench *b, const char *organization)
{
	*b = (struct bench){.budget = -1};
	tuning_begin(&b->t);
	world_detection(&b->t.world, "archive", "high", "a: process where event.action == \"exec\" and process.name == \"tar\"");
	world_detection(&b->t.world, "secret", "high", "a: file where event.action == \"open\" and file.path like \"/srv/*\"");
	world_organization(&b->t.world, "shop", organization);
	tuning_load(&b->t, "shop");
}

static void run(struct bench *b)
{
	struct diagnostics d = {0};
	struct tune_options options = {.replay = &b->t.replay, .organization = b->t.organizations[0], .budget = b->budget,
		.most = b->most, .all = b->all};
	b->proposals = tune_run(&options, &d);
	if (b->proposals == NULL) {
		diagnostics_print(&d, stdout);
		CU_FAIL_FATAL("not tuned");
	}
	diagnostics_free(&d);
}

static void end(struct bench *b)
{
	proposals_free(b->proposals);
	tuning_end(&b->t);
}

static void exec(struct bench *b, long seconds, const char *args, const char *user)
{
	tuning_event(&b->t, seconds, "process exec",
		arena_printf(&b->t.world.arena,
			"\"process\": {\"executable\": \"/usr/bin/tar\", \"name\": \"tar\", \"args\": [%s], "
			"\"parent\": {\"executable\": \"/usr/sbin/cron\"}}, \"user\": {\"name\": \"%s\"}, \"host\": {\"name\": \"db-1\"}",
			args, user));
}

static void backups(struct bench *b, size_t count)
{
	for (size_t i = 0; i < count; i++)
		exec(b, (long)i * HOUR,
			arena_printf(&b->t.world.arena, "\"tar\", \"-czf\", \"/backup/%zu.tgz\", \"/srv/data\"", 4000 + i * 37), "backup");
}

static const char attack[] = "default: benign\nepisodes:\n  - {name: theft, lines: [1, 9], label: malicious, expects: [archive]}\n";

static bool has_part(const struct proposal *proposal, const char *text)
{
	for (size_t i = 0; i < proposal->part_count; i++)
		if (text_is(proposal->parts[i], text))
			return true;
	return false;
}

/* What varies is generalised, all that is stable is pinned, and what the detection asks for is not counted. */
static void test_one_cause(void)
{
	struct bench b;
	begin(&b, "title: t");
	backups(&b, 12);
	tuning_dataset(&b.t, "normal", "default: benign\n");
	exec(&b, 0, "\"tar\", \"-czf\", \"/dev/shm/x.tgz\", \"/srv/data\"", "backup");
	tuning_dataset(&b.t, "theft", attack);
	run(&b);
	CHECK_LONG(b.proposals->count, 1);
	const struct proposal *proposal = &b.proposals->items[0];
	CHECK_LONG(proposal->removed_alerts, 12);
	CHECK_LONG(proposal->removed_groups, 12);
	CHECK_LONG(proposal->lost, 0);
	CU_ASSERT(!proposal->bare);
	CU_ASSERT(has_part(proposal, "process.command_line regex \"\"\"tar -czf /backup/[0-9]+\\.tgz /srv/data\"\"\""));
	CU_ASSERT(has_part(proposal, "process.parent.executable == \"/usr/sbin/cron\""));
	CU_ASSERT(has_part(proposal, "user.name == \"backup\""));
	CU_ASSERT(has_part(proposal, "host.name == \"db-1\""));
	CU_ASSERT(!has_part(proposal, "process.name == \"tar\""));
	CHECK_LONG(b.proposals->tuned_count, 1);
	CHECK_LONG(b.proposals->tuned[0].left_alerts, 0);
	end(&b);
}

/* Where noise and attack are equal, the attack stays visible, and so does the noise. */
static void test_attack_is_noise(void)
{
	struct bench b;
	begin(&b, "title: t");
	backups(&b, 5);
	tuning_dataset(&b.t, "normal", "default: benign\n");
	exec(&b, 0, "\"tar\", \"-czf\", \"/backup/4711.tgz\", \"/srv/data\"", "backup");
	tuning_dataset(&b.t, "theft", attack);
	run(&b);
	CHECK_LONG(b.proposals->count, 0);
	CHECK_LONG(b.proposals->tuned[0].left_alerts, 5);
	CHECK_TEXT(text_of(b.proposals->tuned[0].note), "what is left is rare, or could not be told from attacks");
	end(&b);
}

/* An attack that differs in one clause of several keeps the cause apart from it; one that nobody expected here likewise. */
static void test_shield(void)
{
	struct bench b;
	begin(&b, "title: t");
	for (size_t i = 0; i < 8; i++)
		exec(&b, (long)i * HOUR, "\"tar\", \"-czf\", \"/backup/1.tgz\", \"/srv/data\"", i % 2 ? "backup" : "alice");
	tuning_dataset(&b.t, "normal", "default: benign\n");
	exec(&b, 0, "\"tar\", \"-czf\", \"/backup/1.tgz\", \"/srv/data\"", "root");
	tuning_dataset(&b.t, "theft",
		"default: benign\nepisodes:\n  - {name: theft, lines: [1, 9], label: malicious, allows: [secret]}\n");
	run(&b);
	CHECK_LONG(b.proposals->count, 1);
	CU_ASSERT(has_part(&b.proposals->items[0], "user.name in (\"alice\", \"backup\")") ||
		has_part(&b.proposals->items[0], "user.name in (\"backup\", \"alice\")"));
	CHECK_LONG(b.proposals->items[0].removed_alerts, 8);
	CHECK_LONG(b.proposals->items[0].lost, 0);
	end(&b);
}

/* Risky alerts are wanted unless the organization tolerates them. */
static void test_risky(void)
{
	for (int tolerates = 0; tolerates < 2; tolerates++) {
		struct bench b;
		begin(&b, tolerates ? "title: t\nrisky: tolerate" : "title: t");
		backups(&b, 6);
		tuning_dataset(&b.t, "normal",
			"default: benign\nepisodes:\n  - {name: by-hand, lines: [5, 6], label: risky, expects: [archive]}\n");
		run(&b);
		CHECK_LONG(b.proposals->count, tolerates);
		CHECK_LONG(b.proposals->tuned[0].false_alerts, tolerates ? 6 : 4);
		end(&b);
	}
}

/* Nothing but the program is known: it is said. */
static void test_bare(void)
{
	struct bench b;
	begin(&b, "title: t");
	for (long i = 0; i < 4; i++)
		tuning_event(&b.t, i * HOUR, "file open", "\"file\": {\"path\": \"/srv/a\"}, \"process\": {\"executable\": \"/usr/bin/indexer\"}");
	tuning_event(&b.t, 9, "file open", "\"file\": {\"path\": \"/data/a\"}, \"process\": {\"executable\": \"/usr/bin/cat\"}");
	tuning_dataset(&b.t, "normal", "default: benign\n");
	run(&b);
	CHECK_LONG(b.proposals->count, 1);
	CU_ASSERT(!b.proposals->items[0].bare); /* the file is narrower than any that the detection asks for */
	CU_ASSERT(has_part(&b.proposals->items[0], "file.path == \"/srv/a\""));
	end(&b);

	begin(&b, "title: t");
	for (long i = 0; i < 4; i++)
		tuning_event(&b.t, i * HOUR, "process exec", "\"process\": {\"name\": \"tar\"}, \"user\": {\"name\": \"bob\"}");
	tuning_dataset(&b.t, "normal", "default: benign\n");
	run(&b);
	CHECK_LONG(b.proposals->count, 1);
	CHECK_TEXT(b.proposals->items[0].condition, "user.name == \"bob\"");
	CU_ASSERT(b.proposals->items[0].bare);
	end(&b);
}

/* 24 groups in 23 hours: above ten a day, below a hundred. */
static void test_budget(void)
{
	struct bench b;
	begin(&b, "title: t\nbudget: {alert_groups_per_day: 100}");
	backups(&b, 24);
	tuning_dataset(&b.t, "normal", "default: benign\n");
	run(&b);
	CHECK_LONG(b.proposals->count, 0);
	CU_ASSERT(!b.proposals->tuned[0].noisy);
	CHECK_LONG(b.proposals->tuned[0].left_alerts, 24);
	CU_ASSERT_DOUBLE_EQUAL(b.proposals->tuned[0].daily, 24.0 * 24 / 23, 1e-6);
	proposals_free(b.proposals);

	b.budget = 10;
	run(&b);
	CHECK_LONG(b.proposals->count, 1);
	CU_ASSERT(b.proposals->tuned[0].noisy);
	CU_ASSERT_DOUBLE_EQUAL(b.proposals->tuned[0].budget, 10.0 * 23 / 24, 1e-6);
	proposals_free(b.proposals);

	b.budget = -1;
	b.all = true;
	run(&b);
	CHECK_LONG(b.proposals->count, 1);
	end(&b);
}

/* Many users who do the same at home are one cause. */
static void test_users(void)
{
	struct bench b;
	static const char *const users[] = {"alice", "bob", "carol", "dave", "erin", "frank"};
	begin(&b, "title: t");
	for (size_t i = 0; i < 24; i++)
		exec(&b, (long)i * HOUR,
			arena_printf(&b.t.world.arena, "\"tar\", \"-xf\", \"/home/%s/src/%zu.tar\"", users[i % 6], i + 10), users[i % 6]);
	tuning_dataset(&b.t, "normal", "default: benign\n");
	run(&b);
	CHECK_LONG(b.proposals->count, 1);
	CHECK_LONG(b.proposals->items[0].removed_alerts, 24);
	CU_ASSERT(has_part(&b.proposals->items[0],
		"process.command_line regex \"\"\"tar -xf /home/(alice|bob|carol|dave|erin|frank)/src/[0-9]+\\.tar\"\"\""));
	end(&b);
}

/* One actor that alerts in two ways is one exception; different programs are two. */
static void test_actors(void)
{
	struct bench b;
	begin(&b, "title: t");
	for (long i = 0; i < 10; i++) {
		exec(&b, i * HOUR, "\"tar\", \"-cf\", \"/backup/x\", \"/srv/data\"", "backup");
		tuning_event(&b.t, i * HOUR + 1, "file open",
			"\"file\": {\"path\": \"/srv/data/keys\"}, \"process\": {\"executable\": \"/usr/bin/tar\"}, \"user\": {\"name\": \"backup\"}");
		tuning_event(&b.t, i * HOUR + 2, "file open",
			"\"file\": {\"path\": \"/srv/web/page\"}, \"process\": {\"executable\": \"/usr/sbin/nginx\"}, \"user\": {\"name\": \"www\"}");
	}
	tuning_dataset(&b.t, "normal", "default: benign\n");
	run(&b);
	CHECK_LONG(b.proposals->count, 2);
	CHECK_LONG(b.proposals->items[0].detection_count, 2);
	CHECK_LONG(b.proposals->items[0].removed_alerts, 20);
	CHECK_CONTAINS(b.proposals->items[0].condition, " or (");
	CHECK_LONG(b.proposals->items[1].detection_count, 1);
	end(&b);
}

static void test_held_out(void)
{
	struct bench b;
	begin(&b, "title: t");
	backups(&b, 6);
	tuning_dataset(&b.t, "normal", "use: develop\ndefault: benign\n");
	backups(&b, 3);
	exec(&b, 9 * HOUR, "\"tar\", \"-x\"", "carol");
	tuning_dataset(&b.t, "later", "use: hold-out\ndefault: benign\n");
	run(&b);
	CHECK_LONG(b.proposals->count, 1);
	CHECK_LONG(b.proposals->items[0].removed_alerts, 9);
	CHECK_LONG(b.proposals->tuned[0].left_alerts, 1);
	CHECK_LONG(b.proposals->tuned[0].held_out_alerts, 4);
	CHECK_LONG(b.proposals->tuned[0].held_out_left, 1);
	CHECK_CONTAINS(text_of(b.proposals->tuned[0].note), "held-out");
	end(&b);
}

static void test_most(void)
{
	struct bench b;
	begin(&b, "title: t");
	backups(&b, 12);
	for (long i = 0; i < 4; i++)
		tuning_event(&b.t, i * HOUR, "file open",
			"\"file\": {\"path\": \"/srv/web/page\"}, \"process\": {\"executable\": \"/usr/sbin/nginx\"}, \"user\": {\"name\": \"www\"}");
	tuning_dataset(&b.t, "normal", "default: benign\n");
	run(&b);
	CHECK_LONG(b.proposals->count, 2);
	proposals_free(b.proposals);
	b.most = 1;
	run(&b);
	CHECK_LONG(b.proposals->count, 1);
	end(&b);
}

/* A container agent: other mounts, writable ones and other namespaces stay visible. */
static void test_lists(void)
{
	struct bench b;
	b = (struct bench){.budget = -1};
	tuning_begin(&b.t);
	world_detection(&b.t.world, "mounts", "high", "a: container where event.action == \"create\" and container.mounts like \"/*\"");
	world_organization(&b.t.world, "shop", "title: t");
	tuning_load(&b.t, "shop");
	for (long i = 0; i < 6; i++)
		tuning_event(&b.t, i * HOUR, "container create",
			"\"container\": {\"image\": {\"name\": \"quay.example/agent\"}, \"mounts\": [\"/proc:/host/proc:ro\", "
			"\"/sys:/host/sys:ro\"], \"namespaces\": {\"host\": [\"pid\"]}}");
	tuning_dataset(&b.t, "normal", "default: benign\n");
	run(&b);
	CHECK_LONG(b.proposals->count, 1);
	CHECK_CONTAINS(b.proposals->items[0].condition, "container.mounts == \"/proc:/host/proc:ro\"");
	CHECK_CONTAINS(b.proposals->items[0].condition, "\".*:rw\"");
	CHECK_CONTAINS(b.proposals->items[0].condition, "|etc|");
	CHECK_CONTAINS(b.proposals->items[0].condition, "not container.namespaces.host in (\"network\"");
	end(&b);
}

static void test_yaml(void)
{
	struct bench b;
	struct buffer yaml = {0};
	begin(&b, "title: t");
	backups(&b, 3);
	tuning_dataset(&b.t, "normal", "default: benign\n");
	run(&b);
	CHECK_LONG(b.proposals->count, 1);
	proposal_yaml(&b.proposals->items[0], 2, &yaml);
	CHECK_CONTAINS(buffer_view(&yaml), "  - name: ");
	CHECK_CONTAINS(buffer_view(&yaml), "    detections: [archive]\n");
	CHECK_CONTAINS(buffer_view(&yaml), "    owner: to be named\n");
	struct yaml *document = unit_yaml(&b.t.world.arena, arena_printf(&b.t.world.arena, "exceptions:\n%s", yaml.data));
	CU_ASSERT_PTR_NOT_NULL(document);
	/* What goes into a file is as `mews fmt` would write it. */
	struct text file = text_of(arena_printf(&b.t.world.arena, "name: acme\nexceptions:\n%s", yaml.data));
	struct buffer tidy = {0};
	struct diagnostics d = {0};
	CHECK_LONG(canonical_write(file, "acme.yaml", &organization_form, &tidy, &d), 0);
	CHECK_TEXT(buffer_view(&tidy), file.data);
	buffer_free(&tidy);
	diagnostics_free(&d);
	buffer_free(&yaml);
	end(&b);
}

void suite_tune(void)
{
	CU_pSuite suite = unit_suite("tune");
	UNIT_TEST(suite, test_one_cause);
	UNIT_TEST(suite, test_attack_is_noise);
	UNIT_TEST(suite, test_shield);
	UNIT_TEST(suite, test_risky);
	UNIT_TEST(suite, test_bare);
	UNIT_TEST(suite, test_budget);
	UNIT_TEST(suite, test_users);
	UNIT_TEST(suite, test_actors);
	UNIT_TEST(suite, test_held_out);
	UNIT_TEST(suite, test_most);
	UNIT_TEST(suite, test_lists);
	UNIT_TEST(suite, test_yaml);
}
