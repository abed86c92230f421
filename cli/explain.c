/* explain: why a detection matched an event or did not, predicate by predicate. */
#include "cli/project.h"
#include "cli/sample.h"
#include "replay/derive/derive.h"
#include "replay/readers/corpus.h"

#include <string.h>

/* The event that stands at a line of a file. */
struct search {
	const struct catalog *catalog;
	const struct detection *detection;
	struct evaluator *evaluator;
	struct deriver *deriver;
	uint64_t line, passed; /* the line asked for, the last event's line before it */
	bool found;
};

static void print_values(const struct values *values)
{
	if (values->items == NULL && values->count == 0) {
		fputs("(missing)", stdout);
		return;
	}
	if (values->count == 0)
		fputs("(empty list)", stdout);
	for (size_t i = 0; i < values->count; i++)
		printf("%s%.*s", i > 0 ? " | " : "", TEXT_ARGS(values->items[i].text));
}

static void print_facet(const struct catalog *catalog, const struct facet *facet)
{
	for (size_t i = 0; i < facet->count; i++) {
		struct text name = catalog->registry.fields[facet->entries[i].field].name;
		if (facet->entries[i].field == FIELD_CATEGORY || facet->entries[i].field == FIELD_ACTION)
			continue;
		printf("    %-34.*s ", TEXT_ARGS(name));
		print_values(&facet->entries[i].values);
		putchar('\n');
	}
}

static void print_line(const struct catalog *catalog, const struct explained *line)
{
	struct buffer text = {0};
	static const char *const words[] = {"false", "true", "and", "or", "not"};
	if (line->node->kind == NODE_PREDICATE)
		predicate_print(&line->node->predicate, &catalog->registry, &text);
	else
		buffer_string(&text, words[line->node->kind]);
	printf("    %-4s%*s%.*s", line->holds ? "yes" : "no", (int)(2 * line->depth), "", TEXT_ARGS(buffer_view(&text)));
	if (line->node->kind == NODE_PREDICATE) {
		fputs("   <- ", stdout);
		print_values(&line->seen);
	}
	putchar('\n');
	buffer_free(&text);
}

/* One condition asked of one facet. */
static bool explain_condition(const struct search *s, const struct condition *condition, const struct facet *facet)
{
	struct arena arena = {0};
	struct explained *lines = NULL;
	bool holds = evaluate_condition(s->evaluator, condition, facet);
	size_t count = evaluate_explain(s->evaluator, &arena, condition->root, facet, &lines);
	printf("  condition %.*s: %s\n", TEXT_ARGS(condition->name), holds ? "MATCH" : "no match");
	for (size_t i = 0; i < count; i++)
		print_line(s->catalog, &lines[i]);
	if (!holds && count > 0 && lines[0].holds)
		puts("    the act failed (event.outcome is failure), and the condition does not ask for failures");
	arena_free(&arena);
	return holds;
}

static bool explain_facet(const struct search *s, const struct facet *facet, size_t number, size_t count)
{
	const struct registry *registry = &s->catalog->registry;
	bool matched = false, asked = false;
	printf("facet %zu of %zu: %.*s %.*s%s\n", number, count, TEXT_ARGS(registry->categories[facet->category].name),
		TEXT_ARGS(registry->actions[facet->action].name), facet->derived ? " (derived)" : "");
	print_facet(s->catalog, facet);
	for (size_t i = 0; i < s->detection->condition_count; i++) {
		const struct condition *condition = s->detection->conditions[i];
		if (condition->category != CATEGORY_ANY && condition->category != facet->category)
			continue;
		asked = true;
		matched |= explain_condition(s, condition, facet);
	}
	if (!asked)
		puts("  no condition asks this category");
	return matched;
}

static void explain_event(const struct search *s, const struct event *event)
{
	bool matched = false;
	for (size_t i = 0; i < event->facet_count; i++)
		matched |= explain_facet(s, event->facets[i], i + 1, event->facet_count);
	if (event->facet_count == 0)
		puts("the dialect gives this record no meaning: it has no facet");
	printf("%.*s %s\n", TEXT_ARGS(s->detection->name), matched ? "matches this event" : "does not match this event");
}

static int take(void *context, struct event *event)
{
	struct search *s = context;
	derive_event(s->deriver, event);
	if (event->line > s->line)
		return 1;
	if (event->line == s->line) {
		s->found = true;
		explain_event(s, event);
	}
	s->passed = event->line;
	return 0;
}

/* FILE:LINE. Reading starts at the file's first event, since descent is learnt from what came before. */
static int explain_line(struct project *project, struct search *s, const char *operand, const struct options *options)
{
	const char *colon = strrchr(operand, ':');
	struct ledger ledger = {0};
	int64_t line;
	char *file = arena_strndup(&project->arena, operand, (size_t)(colon - operand));
	if (!text_to_long(text_of(colon + 1), &line) || line < 1)
		return diagnostics_error(&project->diagnostics, ((struct place){NULL, 0, 0}),
			"an event is FILE:LINE, test:NAME, or {event.category: …}, not \"%s\"", operand);
	struct dataset *dataset = dataset_of_files(&project->arena, &project->catalog, &file, 1,
		options_value(options, "reader", NULL), options_value(options, "dialect", NULL), &project->diagnostics);
	if (dataset == NULL)
		return -1;
	s->line = (uint64_t)line;
	s->deriver = deriver_new(&project->catalog);
	int failed = dataset_read(dataset, (struct event_sink){take, s}, &ledger, &project->diagnostics);
	deriver_free(s->deriver);
	ledger_free(&ledger);
	if (failed >= 0 && !s->found)
		return diagnostics_error(&project->diagnostics, ((struct place){file, (unsigned)line, 0}),
			"no event begins at this line; the last one before it begins at line %llu", (unsigned long long)s->passed);
	return failed < 0 ? -1 : 0;
}

static int explain_test(struct project *project, struct search *s, struct text name)
{
	for (size_t i = 0; i < s->detection->test_count; i++)
		if (text_equal(s->detection->tests[i].name, name)) {
			struct event event;
			sample_of_test(&project->catalog, &s->detection->tests[i], &project->arena, &event);
			explain_event(s, &event);
			printf("the test expects: %s\n", expectation_name(s->detection->tests[i].expect));
			return 0;
		}
	return diagnostics_error(&project->diagnostics, s->detection->place, "the detection has no test \"%.*s\"",
		TEXT_ARGS(name));
}

static int explain(struct project *project, const struct options *options)
{
	const char *operand = options->operands[1];
	struct search s = {.catalog = &project->catalog};
	struct event event;
	int failed;
	if (project_open(project) != 0)
		return -1;
	s.detection = catalog_detection(&project->catalog, text_of(options->operands[0]));
	if (s.detection == NULL)
		return diagnostics_error(&project->diagnostics, ((struct place){NULL, 0, 0}),
			"there is no detection \"%s\" (mews list detections)", options->operands[0]);
	s.evaluator = evaluator_new();
	if (strncmp(operand, "test:", 5) == 0) {
		failed = explain_test(project, &s, text_of(operand + 5));
	} else if (operand[0] == '{' || operand[0] == '[') {
		failed = sample_of_text(&project->catalog, text_of(operand), &project->arena, &event, &project->diagnostics);
		if (failed == 0)
			explain_event(&s, &event);
	} else if (strrchr(operand, ':') != NULL) {
		failed = explain_line(project, &s, operand, options);
	} else {
		failed = diagnostics_error(&project->diagnostics, ((struct place){NULL, 0, 0}),
			"an event is FILE:LINE, test:NAME, or {event.category: …}, not \"%s\"", operand);
	}
	evaluator_free(s.evaluator);
	return failed;
}

static enum exit_status run(const struct global *global, const struct options *options)
{
	struct project project;
	if (options->operand_count != 2)
		return verb_wrong(&verb_explain, "a detection and an event are wanted");
	int failed = project_begin(&project, global) != 0 || explain(&project, options) != 0;
	return project_end(&project, failed ? EXIT_WRONG : EXIT_FINE);
}

static const struct option_spec options[] = {
	{"reader", 'r', "READER", "how the file is read (default: told from it)"},
	{"dialect", 'd', "DIALECT", "whose names a json or csv file uses"},
	OPTION_HELP,
	OPTION_END,
};

const struct verb verb_explain = {
	.name = "explain",
	.usage = "DETECTION FILE:LINE\nDETECTION test:NAME\nDETECTION '{event.category: …, event.action: …, …}'",
	.about = "Shows why a detection matches an event or not, predicate by predicate",
	.details = "Each facet of the event is shown with its fields, then each condition that asks its category, with what\n"
		   "every predicate saw.",
	.examples = "  mews explain privileged-container 'test:the plain flag'\n"
		    "  mews explain docker-socket-mount '{event.category: process, event.action: exec, process.name: docker,\n"
		    "      process.args: [docker, run, -v, /run:/run, alpine]}'\n"
		    "  mews explain core-pattern-written audit.log:1234\n",
	.options = options,
	.run = run,
};
