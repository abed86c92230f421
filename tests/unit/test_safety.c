/* What proposals hide beside false positives, how little imitation hides an attack, and whether they hold elsewhere. */
#include "tests/unit/tuning.h"

#include "replay/tune/safety.h"

#include <string.h>

enum { DAY = 86400 };

struct bench {
	struct tuning_world t;
	struct proposals proposals;
	struct proposal items[4];
	const struct detection *detections[2];
};

static void begin(struct bench *b)
{
	*b = (struct bench){0};
	tuning_begin(&b->t);
	world_detection(&b->t.world, "shadow", "high", "a: file where event.action == \"open\" and file.path == \"/etc/shadow\"");
	world_detection(&b->t.world, "twofold", "high",
		"a: network where event.action == \"bind\" and process.name == \"one\"\n"
		"b: network where event.action == \"bind\" and process.name == \"two\"");
	world_organization(&b->t.world, "shop", "title: t");
	tuning_load(&b->t, "shop");
	b->proposals = (struct proposals){.organization = b->t.organizations[0], .items = b->items};
}

static void propose(struct bench *b, const char *detection, const char *source)
{
	struct diagnostics d = {0};
	struct arena *arena = &b->t.world.arena;
	struct scope scope = catalog_scope(&b->t.world.catalog, NULL);
	struct condition *condition = condition_parse_expression(arena, &scope, text_of(source), (struct place){"x", 1, 1}, 0,
		text_of(source), &d);
	struct proposal *proposal = &b->items[b->proposals.count++];
	CU_ASSERT_PTR_NOT_NULL_FATAL(condition);
	proposal->detections = arena_array(arena, 1, sizeof(struct detection *));
	proposal->detections[0] = world_detection_of(&b->t.world, detection);
	proposal->detection_count = 1;
	proposal->node = condition->root;
	proposal->condition = text_of(source);
	proposal->name = TEXT("p");
	diagnostics_free(&d);
}

static void judge(struct bench *b)
{
	struct diagnostics d = {0};
	struct tune_options options = {.replay = &b->t.replay, .organization = b->t.organizations[0], .budget = -1};
	if (safety_judge(&options, &b->proposals, &d)) {
		diagnostics_print(&d, stdout);
		CU_FAIL("not judged");
	}
	diagnostics_free(&d);
}

static void end(struct bench *b)
{
	arena_free(&b->proposals.arena);
	tuning_end(&b->t);
}

/* A file opened by a program of that name, for a user. */
static void open_shadow(struct bench *b, long seconds, const char *program, const char *user)
{
	tuning_event(&b->t, seconds, "file open",
		arena_printf(&b->t.world.arena,
			"\"file\": {\"path\": \"/etc/shadow\"}, \"process\": {\"name\": \"%s\", \"executable\": \"/usr/bin/%s\"}, "
			"\"user\": {\"name\": \"%s\"}",
			program, program, user));
}

static const char attack[] = "default: benign\nepisodes:\n  - {name: theft, lines: [1, 1], label: malicious, expects: [shadow]}\n";

static void test_imitation(void)
{
	struct bench b;
	begin(&b);
	open_shadow(&b, 0, "backup", "svc");
	open_shadow(&b, 1, "backup", "svc");
	tuning_dataset(&b.t, "normal", "default: benign\n");
	open_shadow(&b, 0, "curl", "root");
	tuning_dataset(&b.t, "attack", attack);
	propose(&b, "shadow", "process.executable == \"/usr/bin/backup\" and process.name == \"backup\" and user.name == \"svc\"");
	propose(&b, "shadow", "user.name == \"svc\"");
	propose(&b, "shadow", "file.path == \"/etc/shadow\"");
	judge(&b);

	/* Three ways: the program (name and path at once), the user, both. */
	CHECK_LONG(b.items[0].attacks, 1);
	CHECK_LONG(b.items[0].mutants, 3);
	CHECK_LONG(b.items[0].mutants_hidden, 1);
	CHECK_LONG(b.items[0].imitation, 2);
	CHECK_TEXT(text_of(b.items[0].imitation_note),
		"an attacker has to imitate process.executable and user.name to be hidden by it");
	CHECK_LONG(b.items[0].hidden_recorded, 0);
	CHECK_LONG(b.items[0].hidden_count, 1);
	CHECK_TEXT(text_of(b.items[0].hidden[0].mutation),
		"process.executable: /usr/bin/curl → /usr/bin/backup, user.name: root → svc");
	CU_ASSERT(b.items[0].hidden[0].malicious);
	CHECK_LONG(b.items[0].hidden[0].line, 1);

	CHECK_LONG(b.items[1].imitation, 1);
	CHECK_TEXT(text_of(b.items[1].imitation_note), "an attacker has to imitate only user.name to be hidden by it");

	/* The recorded attack itself. Nothing has to be changed for that. */
	CHECK_LONG(b.items[2].hidden_recorded, 1);
	CHECK_LONG(b.items[2].mutants, 0);
	CU_ASSERT_PTR_NULL(b.items[2].hidden[0].mutation);
	CHECK_TEXT(text_of(b.items[2].hidden[0].what), "tp");
	end(&b);
}

static void bind(struct bench *b, const char *program)
{
	tuning_event(&b->t, 0, "network bind",
		arena_printf(&b->t.world.arena, "\"process\": {\"name\": \"%s\"}", program));
}

/* The attack matches by another condition: with the normal program it would not match at all. */
static void test_never(void)
{
	struct bench b;
	begin(&b);
	bind(&b, "one");
	tuning_dataset(&b.t, "normal", "default: benign\n");
	bind(&b, "two");
	tuning_dataset(&b.t, "attack",
		"default: benign\nepisodes:\n  - {name: e, lines: [1, 1], label: malicious, expects: [twofold]}\n");
	propose(&b, "twofold", "process.name == \"one\"");
	propose(&b, "shadow", "process.name == \"one\"");
	judge(&b);
	CHECK_LONG(b.items[0].attacks, 1);
	CHECK_LONG(b.items[0].mutants, 0);
	CHECK_LONG(b.items[0].imitation, IMITATION_NEVER);
	CHECK_CONTAINS(text_of(b.items[0].imitation_note), "no imitation of what it names hides a recorded attack");
	CHECK_LONG(b.items[1].imitation, IMITATION_UNKNOWN);
	CHECK_CONTAINS(text_of(b.items[1].imitation_note), "no attack on these detections is recorded");
	end(&b);
}

static void test_unknown_units(void)
{
	struct bench b;
	begin(&b);
	for (long i = 0; i < 9; i++)
		open_shadow(&b, i * 600, "backup", "svc"); /* 90 minutes: two hours of the clock */
	tuning_dataset(&b.t, "normal", "default: benign\n");
	propose(&b, "shadow", "user.name == \"svc\"");
	judge(&b);
	CHECK_LONG(b.items[0].stability, STABILITY_UNKNOWN);
	CHECK_LONG(b.items[0].stability_units, 2);
	CHECK_TEXT(text_of(b.items[0].stability_note),
		"its false alerts fall into 2 hours; 4 are needed to mine from half of them and look at the other");
	CHECK_LONG(b.items[0].held_out_all, 0);
	end(&b);
}

static void test_stable(void)
{
	struct bench b;
	begin(&b);
	for (long i = 0; i < 24; i++)
		open_shadow(&b, i * DAY / 4, "backup", "svc");
	tuning_dataset(&b.t, "normal", "default: benign\n");
	open_shadow(&b, 0, "curl", "root");
	tuning_dataset(&b.t, "attack", attack);
	propose(&b, "shadow", "process.name == \"backup\" and user.name == \"svc\"");
	judge(&b);
	CHECK_LONG(b.items[0].stability, STABLE);
	CHECK_LONG(b.items[0].stability_units, 6);
	CHECK_LONG(b.items[0].held_out_all, 24);
	CHECK_LONG(b.items[0].held_out_removed, 24);
	CHECK_CONTAINS(text_of(b.items[0].stability_note),
		"fall into 6 days; mined from half of them, the other half's are removed: 24 of 24");
	end(&b);
}

/* Another program for another user each day: one half says nothing of the other. */
static void test_unstable(void)
{
	static const char *const names[] = {"alpha", "bravo", "cinema", "dolphin", "eclipse", "fjord", "giraffe", "harbour"};
	struct bench b;
	struct buffer condition = {0};
	begin(&b);
	buffer_string(&condition, "process.name in (");
	for (long i = 0; i < 8; i++) {
		for (long k = 0; k < 3; k++)
			open_shadow(&b, i * DAY + k * 60, names[i], names[7 - i]);
		buffer_printf(&condition, "%s\"%s\"", i > 0 ? ", " : "", names[i]);
	}
	buffer_char(&condition, ')');
	tuning_dataset(&b.t, "normal", "default: benign\n");
	open_shadow(&b, 0, "curl", "root");
	tuning_dataset(&b.t, "attack", attack);
	propose(&b, "shadow", condition.data);
	judge(&b);
	CHECK_LONG(b.items[0].stability, UNSTABLE);
	CHECK_LONG(b.items[0].stability_units, 8);
	CHECK_LONG(b.items[0].held_out_all, 24);
	CU_ASSERT(b.items[0].held_out_removed * 2 < 24);
	buffer_free(&condition);
	end(&b);
}

/* Episodes before days: five of them in one hour are enough. */
static void test_episodes(void)
{
	struct bench b;
	begin(&b);
	for (long i = 0; i < 10; i++)
		open_shadow(&b, i, "backup", "svc");
	tuning_dataset(&b.t, "normal",
		"default: benign\nepisodes:\n  - {name: a, lines: [1, 2], label: benign}\n  - {name: b, lines: [3, 4], label: benign}\n"
		"  - {name: c, lines: [5, 6], label: benign}\n  - {name: d, lines: [7, 8], label: benign}\n");
	propose(&b, "shadow", "user.name == \"svc\"");
	judge(&b);
	CHECK_LONG(b.items[0].stability, STABLE);
	CHECK_LONG(b.items[0].stability_units, 5); /* four, and what stands outside */
	CHECK_CONTAINS(text_of(b.items[0].stability_note), "5 episodes");
	end(&b);
}

/* Datasets of use hold-out prove what was mined from the others. */
static void test_held_out(void)
{
	struct bench b;
	begin(&b);
	open_shadow(&b, 0, "backup", "svc");
	tuning_dataset(&b.t, "normal", "default: benign\nuse: develop\n");
	open_shadow(&b, 0, "backup", "svc");
	open_shadow(&b, 1, "other", "svc");
	tuning_dataset(&b.t, "later", "default: benign\nuse: hold-out\n");
	propose(&b, "shadow", "process.name == \"backup\"");
	propose(&b, "shadow", "process.name == \"nothing\"");
	b.proposals.hold_out = true;
	b.items[0].held_out_removed = 1; /* as the second pass of tune counts them */
	b.items[0].held_out_all = b.items[1].held_out_all = 2;
	judge(&b);
	CHECK_LONG(b.items[0].stability, STABLE);
	CHECK_CONTAINS(text_of(b.items[0].stability_note), "it removes 1 of 2");
	CHECK_LONG(b.items[1].stability, UNSTABLE);
	end(&b);
}

void suite_safety(void)
{
	CU_pSuite suite = unit_suite("safety");

	UNIT_TEST(suite, test_imitation);
	UNIT_TEST(suite, test_never);
	UNIT_TEST(suite, test_unknown_units);
	UNIT_TEST(suite, test_stable);
	UNIT_TEST(suite, test_unstable);
	UNIT_TEST(suite, test_episodes);
	UNIT_TEST(suite, test_held_out);
}
