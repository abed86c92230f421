/* show: one detection or organization, whole. */
#include "cli/project.h"

#include "catalog/hint.h"

#include <jansson.h>
#include <string.h>

static void line(const char *label, struct text text)
{
	if (text.length > 0)
		printf("%-16s %.*s\n", label, TEXT_ARGS(text));
}

static void lines(const char *label, struct texts texts)
{
	for (size_t i = 0; i < texts.count; i++)
		line(i == 0 ? label : "", texts.items[i]);
}

static void print_condition(const struct catalog *catalog, const struct condition *condition)
{
	struct buffer text = {0};
	condition_print(condition, &catalog->registry, &text);
	printf("  %.*s: %.*s\n", TEXT_ARGS(condition->name), TEXT_ARGS(buffer_view(&text)));
	buffer_free(&text);
}

static void print_exception(const struct catalog *catalog, const struct exception *exception)
{
	struct arena arena = {0};
	struct buffer text = {0};
	condition_print(exception->condition, &catalog->registry, &text);
	struct text covers = text_join(&arena, exception->detections.items, exception->detections.count, ' ');
	printf("  %.*s%s%.*s\n    %.*s\n    reason: %.*s\n", TEXT_ARGS(exception->name), covers.length > 0 ? ": " : "",
		TEXT_ARGS(covers), TEXT_ARGS(buffer_view(&text)), TEXT_ARGS(exception->reason));
	if (exception->expires.length > 0)
		printf("    expires: %.*s\n", TEXT_ARGS(exception->expires));
	buffer_free(&text);
	arena_free(&arena);
}

static void show_detection(const struct catalog *catalog, const struct detection *detection)
{
	line("detection", detection->name);
	line("title", detection->title);
	line("id", detection->id);
	line("severity", text_of(severity_name(detection->severity)));
	line("status", text_of(status_name(detection->status)));
	line("surface", detection->surface);
	lines("techniques", detection->techniques);
	line("description", detection->description);
	lines("false positives", detection->false_positives);
	lines("references", detection->references);
	for (size_t i = 0; i < detection->overlap_count; i++)
		printf("%-16s %.*s: %.*s\n", i == 0 ? "overlaps" : "", TEXT_ARGS(detection->overlaps[i].detection),
			TEXT_ARGS(detection->overlaps[i].reason));
	puts("conditions (any of them):");
	for (size_t i = 0; i < detection->condition_count; i++)
		print_condition(catalog, detection->conditions[i]);
	if (detection->target_count > 0)
		puts("for one target only:");
	for (size_t i = 0; i < detection->target_count; i++)
		printf("  %.*s: %.*s\n", TEXT_ARGS(detection->targets[i].target), TEXT_ARGS(detection->targets[i].text));
	if (detection->exception_count > 0)
		puts("exceptions:");
	for (size_t i = 0; i < detection->exception_count; i++)
		print_exception(catalog, &detection->exceptions[i]);
	printf("tests: %zu\n", detection->test_count);
	for (size_t i = 0; i < detection->test_count; i++)
		printf("  %-13s %.*s\n", expectation_name(detection->tests[i].expect), TEXT_ARGS(detection->tests[i].name));
	printf("defined in %s\n", detection->place.file);
}

static void show_organization(const struct catalog *catalog, const struct organization *organization)
{
	line("organization", organization->name);
	line("title", organization->title);
	line("description", organization->description);
	line("minimum severity", text_of(severity_name(organization->minimum_severity)));
	line("risky", organization->tolerates_risky ? TEXT("tolerate") : TEXT("alert"));
	if (organization->budget >= 0)
		printf("%-16s %g alert groups a day for each detection\n", "budget", organization->budget);
	lines("disabled", organization->disable);
	for (size_t i = 0; i < organization->severity_count; i++)
		printf("%-16s %.*s is %s here\n", i == 0 ? "severity" : "", TEXT_ARGS(organization->severities[i].detection),
			severity_name(organization->severities[i].severity));
	printf("exceptions: %zu\n", organization->exception_count);
	for (size_t i = 0; i < organization->exception_count; i++)
		print_exception(catalog, &organization->exceptions[i]);
	printf("defined in %s\n", organization->place.file);
}

static json_t *json_of(struct text text)
{
	return json_stringn(text.data != NULL ? text.data : "", text.length);
}

static json_t *json_texts(struct texts texts)
{
	json_t *array = json_array();
	for (size_t i = 0; i < texts.count; i++)
		json_array_append_new(array, json_of(texts.items[i]));
	return array;
}

static json_t *json_conditions(const struct catalog *catalog, const struct detection *detection)
{
	json_t *object = json_object();
	for (size_t i = 0; i < detection->condition_count; i++) {
		struct buffer text = {0};
		condition_print(detection->conditions[i], &catalog->registry, &text);
		json_object_set_new(object, detection->conditions[i]->name.data, json_of(buffer_view(&text)));
		buffer_free(&text);
	}
	return object;
}

static json_t *json_overlaps(const struct detection *detection)
{
	json_t *object = json_object();
	for (size_t i = 0; i < detection->overlap_count; i++)
		json_object_setn_new(object, detection->overlaps[i].detection.data, detection->overlaps[i].detection.length,
			json_of(detection->overlaps[i].reason));
	return object;
}

static void show_json(const struct catalog *catalog, const struct detection *detection)
{
	json_t *root = json_object();
	json_object_set_new(root, "id", json_of(detection->id));
	json_object_set_new(root, "name", json_of(detection->name));
	json_object_set_new(root, "title", json_of(detection->title));
	json_object_set_new(root, "description", json_of(detection->description));
	json_object_set_new(root, "severity", json_string(severity_name(detection->severity)));
	json_object_set_new(root, "status", json_string(status_name(detection->status)));
	json_object_set_new(root, "surface", json_of(detection->surface));
	json_object_set_new(root, "techniques", json_texts(detection->techniques));
	json_object_set_new(root, "references", json_texts(detection->references));
	json_object_set_new(root, "false_positives", json_texts(detection->false_positives));
	json_object_set_new(root, "overlaps", json_overlaps(detection));
	json_object_set_new(root, "conditions", json_conditions(catalog, detection));
	json_object_set_new(root, "tests", json_integer((json_int_t)detection->test_count));
	json_object_set_new(root, "file", json_string(detection->place.file));
	json_dumpf(root, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(root);
}

static int show(struct project *project, const char *name, bool json)
{
	if (project_open(project) != 0)
		return -1;
	const struct detection *detection = catalog_detection(&project->catalog, text_of(name));
	const struct organization *organization = catalog_organization(&project->catalog, text_of(name));
	struct hint hint = {.word = text_of(name)};
	char words[HINT_LENGTH];
	hint_detections(&hint, &project->catalog);
	hint_organizations(&hint, &project->catalog);
	if (detection == NULL && organization == NULL)
		return diagnostics_error(&project->diagnostics, ((struct place){NULL, 0, 0}),
			"there is no detection or organization \"%s\"%s (mews list)", name, hint_words(&hint, words));
	if (detection != NULL && json)
		show_json(&project->catalog, detection);
	else if (detection != NULL)
		show_detection(&project->catalog, detection);
	else
		show_organization(&project->catalog, organization);
	return 0;
}

static enum exit_status run(const struct global *global, const struct options *options)
{
	struct project project;
	const char *format = options_value(options, "format", "text");
	bool json = strcmp(format, "json") == 0;
	if (!json && strcmp(format, "text") != 0)
		return verb_wrong(&verb_show, "--format takes text or json, not \"%s\"", format);
	if (options->operand_count != 1)
		return verb_wrong(&verb_show, "name one detection or organization");
	int failed = project_begin(&project, global) != 0 || show(&project, options->operands[0], json) != 0;
	return project_end(&project, failed ? EXIT_WRONG : EXIT_FINE);
}

static const struct option_spec options[] = {
	{"format", 'f', "FORMAT", "text (default) or json (detections)"},
	OPTION_HELP,
	OPTION_END,
};

const struct verb verb_show = {
	.group = GROUP_WRITE,
	.name = "show",
	.usage = "DETECTION|ORGANIZATION",
	.about = "Shows one detection or organization, whole",
	.examples = "  mews show docker-socket-mount\n  mews show build-farm\n",
	.see = "list explain",
	.options = options,
	.run = run,
};
