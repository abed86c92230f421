/* Exceptions of every kind beside each other, and what review finds of each. */
#include "tests/unit/tuning.h"

#include "replay/tune/implies.h"
#include "replay/tune/review.h"

#define READER(name, user) \
	"\"file\": {\"path\": \"/etc/shadow\"}, \"process\": {\"name\": \"" name "\", \"parent\": {\"name\": \"cron\"}}, \"user\": {\"name\": \"" user "\"}"

static const char exceptions[] =
	"exceptions:\n"
	"  - {name: backup, detections: [shadow], condition: process.name == \"backup\", reason: r, owner: o}\n"
	"  - name: backup-of-svc\n"
	"    detections: [shadow]\n"
	"    condition: process.name == \"backup\" and user.name == \"svc\"\n"
	"    reason: r\n"
	"    owner: o\n"
	"  - {name: old, detections: [shadow], condition: process.name == \"old\", reason: r, owner: o, expires: 2026-05-31}\n"
	"  - {name: ending, detections: [shadow], condition: process.name like \"end*\" and user.name == \"e\", reason: r, owner: o, expires: 2026-06-11}\n"
	"  - {name: unused, detections: [shadow], condition: process.name == \"nobody\" and user.name == \"n\", reason: r, owner: o}\n"
	"  - {name: unreachable, detections: [shadow], condition: container.image.name == \"x\", reason: r, owner: o}\n"
	"  - {name: thief, detections: [shadow], condition: process.name == \"thief\" and user.name == \"t\", reason: r, owner: o}\n"
	"  - {name: elsewhere, detections: [other], condition: process.name == \"backup\" and user.name == \"z\", reason: r, owner: o}\n";

static void begin(struct tuning_world *t, const char *more)
{
	tuning_begin(t);
	world_detection(&t->world, "shadow", "high", "a: file where event.action == \"open\" and file.path == \"/etc/shadow\"");
	world_detection(&t->world, "other", "low", "a: network where event.action == \"bind\"");
	world_organization(&t->world, "shop", more);
	tuning_load(t, "shop");
	for (long i = 0; i < 3; i++)
		tuning_event(t, 3600 * i, "file open", READER("backup", "svc"));
	tuning_event(t, 9000, "file open", READER("backup", "root"));
	tuning_event(t, 9100, "file open", READER("old", "root"));
	tuning_event(t, 9200, "file open", READER("ending", "e"));
	tuning_dataset(t, "normal", "default: benign\n");
	tuning_event(t, 100, "file open", READER("thief", "t"));
	tuning_dataset(t, "attack",
		"default: benign\nepisodes:\n  - {name: theft, lines: [1, 1], label: malicious, expects: [shadow]}\n");
}

static struct review *review_of(struct tuning_world *t, long soon)
{
	struct diagnostics d = {0};
	struct review_options options = {&t->replay, soon};
	struct review *review = review_run(&options, &d);
	if (!review)
		diagnostics_print(&d, stdout);
	CU_ASSERT_PTR_NOT_NULL_FATAL(review);
	diagnostics_free(&d);
	return review;
}

static void check_finding(const struct review *review, size_t index, enum review_kind kind, const char *name, const char *message)
{
	CU_ASSERT_FATAL(index < review->finding_count);
	const struct review_finding *finding = &review->findings[index];

	CHECK_TEXT(text_of(review_kind_name(finding->kind)), review_kind_name(kind));
	CHECK_TEXT(finding->item->exception->name, name);
	CHECK_CONTAINS(finding->message, message);
	CU_ASSERT(finding->advice.length > 0);
	CU_ASSERT(finding->item->exception->place.line > 0);
}

static void test_findings(void)
{
	struct tuning_world t;

	begin(&t, exceptions);
	struct review *review = review_of(&t, 30);

	check_finding(review, 0, REVIEW_HIDES_ATTACK, "thief",
		"shadow is expected in episode theft of attack and does not alert, first excepted at");
	check_finding(review, 1, REVIEW_EXPIRED, "old",
		"ended on 2026-05-31 and does not apply any more; it would remove 1 false positive");
	check_finding(review, 2, REVIEW_EXPIRES_SOON, "ending",
		"ends on 2026-06-11, in 10 days; then 1 false positive of these datasets comes back");
	check_finding(review, 3, REVIEW_UNREACHABLE, "unreachable",
		"none of the 7 matches that it speaks of: they do not carry what it asks for (container.image.name)");
	check_finding(review, 4, REVIEW_SHADOWED, "backup-of-svc", "is shadowed by `backup`");
	CHECK_CONTAINS(review->findings[4].message, "removes all of the 3 alerts that it removes here and holds on all of");
	check_finding(review, 5, REVIEW_UNUSED, "unused", "holds on none of the 7 matches");
	check_finding(review, 6, REVIEW_UNUSED, "elsewhere", "matched no event of these datasets");
	check_finding(review, 7, REVIEW_WIDE, "backup", "all 4 alerts");
	CHECK_TEXT(review->findings[7].advice, "add: and file.path == \"/etc/shadow\" and process.parent.name == \"cron\"");
	CHECK_LONG(review->finding_count, 8);
	CU_ASSERT_PTR_EQUAL(review->findings[4].other, &review->items[0]);
	review_free(review);
	tuning_end(&t);
}

static void test_counts(void)
{
	struct tuning_world t;

	begin(&t, exceptions);
	struct review *review = review_of(&t, 9);

	CHECK_LONG(review->count, 8);
	CHECK_LONG(review->items[0].removed[OUTCOME_FP], 4);
	CHECK_LONG(review->items[0].only[OUTCOME_FP], 1);
	CHECK_LONG(review->items[1].removed[OUTCOME_FP], 3);
	CHECK_LONG(review->items[1].only[OUTCOME_FP], 0);
	CHECK_LONG(review->items[2].expired, true);
	CHECK_LONG(review->items[2].days_left, -1);
	CHECK_LONG(review->items[2].only[OUTCOME_FP], 1);
	CHECK_LONG(review->items[3].days_left, 10); /* not within nine days */
	CHECK_LONG(review->items[5].asked, 7);
	CHECK_LONG(review->items[5].answerable, 0);
	CHECK_LONG(review->items[6].removed[OUTCOME_TP], 1);
	CHECK_LONG(review->items[6].missed, 1);
	CHECK_LONG(review->items[7].asked, 0);
	for (size_t i = 0; i < review->finding_count; i++)
		CU_ASSERT(review->findings[i].kind != REVIEW_EXPIRES_SOON);
	review_free(review);
	tuning_end(&t);
}

static void test_nothing(void)
{
	struct tuning_world t;

	begin(&t, "title: t");
	struct review *review = review_of(&t, 30);

	CHECK_LONG(review->count, 0);
	CHECK_LONG(review->finding_count, 0);
	review_free(review);
	review_free(NULL);
	tuning_end(&t);
}

static struct condition *parse(struct tuning_world *t, const char *source)
{
	struct diagnostics d = {0};
	struct scope scope = catalog_scope(&t->world.catalog, NULL);
	struct condition *condition = condition_parse_expression(&t->world.arena, &scope, text_of(source), (struct place){"x",
		1, 1}, 0,
		text_of(source), &d);
	CU_ASSERT_PTR_NOT_NULL_FATAL(condition);
	diagnostics_free(&d);
	return condition;
}

static void test_implies(void)
{
	static const struct {
		const char *narrow, *wide;
		bool yes;
	} cases[] = {
		{"process.name == \"a\" and user.name == \"b\"", "process.name == \"a\"", true},
		{"process.name == \"a\"", "process.name == \"a\" and user.name == \"b\"", false},
		{"file.path like \"/etc/*\"", "file.path like \"/*\"", true},
		{"file.path like \"/*\"", "file.path like \"/etc/*\"", false},
		{"process.name in (\"a\", \"b\")", "process.name in (\"b\", \"a\", \"c\")", true},
		{"process.name in (\"a\", \"c\")", "process.name in (\"a\", \"b\")", false},
		{"process.name == \"a\"", "user.name == \"a\"", false},
		{"process.name == \"a\"", "user.id != \"1501\"", false}, /* that events are made with a user is no reason */
		{"process.pid >= 10", "process.pid > 9", true},
		{"process.pid >= 9", "process.pid > 9", false},
	};
	struct tuning_world t;
	struct evaluator *evaluator = evaluator_new();

	begin(&t, "title: t");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t asked = 0;

		CHECK_LONG(condition_implies(&t.world.catalog, evaluator, parse(&t, cases[i].narrow), parse(&t, cases[i].wide), &asked),
			cases[i].yes);
		CU_ASSERT(asked > 0 || !cases[i].yes);
	}
	evaluator_free(evaluator);
	tuning_end(&t);
}

void suite_review(void)
{
	CU_pSuite suite = unit_suite("review");

	UNIT_TEST(suite, test_findings);
	UNIT_TEST(suite, test_counts);
	UNIT_TEST(suite, test_nothing);
	UNIT_TEST(suite, test_implies);
}
