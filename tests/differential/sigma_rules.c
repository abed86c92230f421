/*
 * What mews reads in Sigma rules, as JSON lines, for comparison with other readers:
 *
 *   sigma_rules trees FILE…              one line a document: its trees, or why it was refused
 *   sigma_rules verdicts EVENTS FILE…    one line an event of the JSON lines: the places of the rules that fire
 *
 * Events are flat objects under the rules' own names; the log source is not looked at, as other engines do not.
 */
#include "catalog/evaluate.h"
#include "generator/sight.h"
#include "generator/sigma/parse.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *json_of(struct text text)
{
	json_t *string = json_stringn(text.data ? text.data : "", text.length);

	return string ? string : json_string("(not UTF-8)");
}

static const char *const names[TEST_OPERATOR_COUNT] = {
	[TEST_PRESENT] = "present", [TEST_EQUAL] = "equal", [TEST_LESS] = "lt", [TEST_LESS_EQUAL] = "lte",
	[TEST_GREATER] = "gt", [TEST_GREATER_EQUAL] = "gte", [TEST_LIKE] = "like", [TEST_REGEX] = "regex",
	[TEST_STARTS] = "starts", [TEST_ENDS] = "ends", [TEST_CONTAINS] = "contains", [TEST_CIDR] = "cidr",
};

static json_t *json_test(const struct rule_test *test)
{
	json_t *values = json_array();

	for (size_t i = 0; i < test->count; i++)
		json_array_append_new(values, json_of(test->values[i]));
	return json_pack("{s:s, s:o, s:s, s:b, s:b, s:o, s:o}", "kind", "test", "name", json_of(test->name), "op", names[test->op],
		"fold", test->fold, "number", test->number, "values", values, "other", json_of(test->other));
}

static json_t *json_node(const struct rule_node *node)
{
	static const char *const kinds[] = {"false", "true", "and", "or", "not"};

	if (node->kind == RULE_TEST)
		return json_test(&node->test);
	json_t *children = json_array();

	for (size_t i = 0; i < node->count; i++)
		json_array_append_new(children, json_node(node->children[i]));
	return json_pack("{s:s, s:o}", "kind", kinds[node->kind], "children", children);
}

static void print_document(const char *file, size_t index, const struct sigma_document *document)
{
	static const char *const kinds[] = {"rule", "correlation", "filter", "pipeline"};
	json_t *conditions = json_array();

	for (size_t i = 0; i < document->condition_count && document->error == NULL; i++)
		json_array_append_new(conditions, json_node(document->conditions[i].node));
	json_t *line = json_pack("{s:s, s:i, s:s, s:o, s:o, s:s?, s:i}", "file", file, "index", (int)index, "kind",
		kinds[document->kind], "id", json_of(document->id), "conditions", conditions, "error", document->error, "line",
		(int)document->error_place.line);

	json_dumpf(line, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(line);
}

static int print_trees(int count, char **files)
{
	for (int i = 0; i < count; i++) {
		struct arena arena = {0};
		struct diagnostics d = {0};
		struct sigma_document **documents;
		struct text content;
		size_t found;

		if (file_read(&arena, files[i], 0, &d, &content) != 0) {
			diagnostics_print(&d, stderr);
			return 2;
		}
		sigma_parse(&arena, content, files[i], NULL, &documents, &found);
		for (size_t k = 0; k < found; k++)
			print_document(files[i], k, documents[k]);
		diagnostics_free(&d);
		arena_free(&arena);
	}
	return 0;
}

/* --- verdicts --- */

static void sight_json(struct arena *arena, struct sight *sight, const char *name, json_t *value)
{
	struct text *text = arena_alloc(arena, sizeof(*text));

	switch (json_typeof(value)) {
	case JSON_STRING:
		*text = text_copy(arena, (struct text){json_string_value(value), json_string_length(value)});
		break;
	case JSON_INTEGER:
		*text = text_of(arena_printf(arena, "%lld", (long long)json_integer_value(value)));
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		*text = json_is_true(value) ? TEXT("true") : TEXT("false");
		break;
	default:
		return;
	}
	sight_set_list(arena, sight, arena_strdup(arena, name), text, 1);
}

static void print_verdicts(struct evaluator *evaluator, struct rule_node **rules, size_t count, const char *line)
{
	struct arena arena = {0};
	struct sights sights = {NULL, 0};
	struct sight *sight = sight_add(&arena, &sights, NULL, TEXT(""));
	json_t *event = json_loads(line, 0, NULL), *value;
	const char *name;

	json_object_foreach(event, name, value)
		sight_json(&arena, sight, name, value);
	for (size_t i = 0, shown = 0; i < count; i++) {
		if (rules[i] != NULL && sight_holds(evaluator, rules[i], sight))
			printf(shown++ ? " %zu" : "%zu", i);
	}
	putchar('\n');
	json_decref(event);
	arena_free(&arena);
}

/* Documents count on over all files, refused ones too. */
static int print_all_verdicts(const char *events, int count, char **files)
{
	struct arena arena = {0};
	struct rule_node **rules = NULL;
	size_t rule_count = 0;
	struct evaluator *evaluator = evaluator_new();
	FILE *in = fopen(events, "r");
	char *line = NULL;
	size_t size = 0;

	for (int i = 0; i < count; i++) {
		struct diagnostics d = {0};
		struct sigma_document **documents;
		struct text content;
		size_t found;

		if (file_read(&arena, files[i], 0, &d, &content) != 0)
			return 2;
		sigma_parse(&arena, content, files[i], NULL, &documents, &found);
		for (size_t k = 0; k < found; k++) {
			rules = arena_grow(&arena, rules, rule_count, sizeof(*rules));
			rules[rule_count++] = documents[k]->error == NULL && documents[k]->condition_count > 0
				? documents[k]->conditions[0].node : NULL;
		}
		diagnostics_free(&d);
	}
	while (in != NULL && getline(&line, &size, in) > 0)
		print_verdicts(evaluator, rules, rule_count, line);
	free(line);
	if (in == NULL || fclose(in) != 0)
		return 2;
	evaluator_free(evaluator);
	arena_free(&arena);
	return 0;
}

int main(int count, char **arguments)
{
	if (count > 2 && strcmp(arguments[1], "trees") == 0)
		return print_trees(count - 2, arguments + 2);
	if (count > 3 && strcmp(arguments[1], "verdicts") == 0)
		return print_all_verdicts(arguments[2], count - 3, arguments + 3);
	fputs("usage: sigma_rules trees FILE… | verdicts EVENTS FILE…\n", stderr);
	return 2;
}
