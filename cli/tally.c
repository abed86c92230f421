/* tally: see tally.h. */
#include "cli/tally.h"

#include "cli/sample.h"

static void tally_add(struct arena *arena, struct verdict **list, size_t *count, struct verdict verdict)
{
	*list = arena_grow(arena, *list, *count, sizeof **list);
	(*list)[(*count)++] = verdict;
}

static void run_test(const struct catalog *catalog, struct evaluator *evaluator, struct verdict verdict, struct arena *keep,
	struct tally *tally)
{
	struct arena arena = {0};
	struct sample sample;
	const struct condition *condition = NULL;
	enum expectation expect = verdict.test->expect;
	bool wanted = expect == EXPECT_MATCH || expect == EXPECT_TODO_MATCH;
	bool todo = expect == EXPECT_TODO_MATCH || expect == EXPECT_TODO_NO_MATCH;
	sample_of_test(catalog, verdict.test, &arena, &sample);
	verdict.matched = sample_matches(evaluator, verdict.detection, &sample, &condition);
	if (condition != NULL)
		verdict.condition = condition->name;
	tally->tests++;
	if (todo && verdict.matched == wanted)
		tally_add(keep, &tally->closed, &tally->closed_count, verdict);
	else if (todo)
		tally_add(keep, &tally->gaps, &tally->gap_count, verdict);
	else if (verdict.matched != wanted)
		tally_add(keep, &tally->failed, &tally->failed_count, verdict);
	arena_free(&arena);
}

void tally_run(const struct catalog *catalog, struct arena *arena, struct tally *tally)
{
	struct evaluator *evaluator = evaluator_new();
	for (size_t i = 0; i < catalog->detection_count; i++) {
		const struct detection *detection = catalog->detections[i];
		for (size_t k = 0; k < detection->test_count; k++)
			run_test(catalog, evaluator, (struct verdict){detection, &detection->tests[k], false, {NULL, 0}}, arena, tally);
	}
	evaluator_free(evaluator);
}

const char *verdict_words(struct arena *arena, const struct verdict *verdict)
{
	const char *what = "does not match";
	if (verdict->matched)
		what = arena_printf(arena, "matches by %.*s", TEXT_ARGS(verdict->condition));
	return arena_printf(arena, "%.*s: \"%.*s\" expects %s, and it %s", TEXT_ARGS(verdict->detection->name),
		TEXT_ARGS(verdict->test->name), expectation_name(verdict->test->expect), what);
}
