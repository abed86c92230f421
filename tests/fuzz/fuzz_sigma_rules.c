/*
 * fuzz_sigma_rules: any bytes as a Sigma file. Every document comes out with trees or with a reason; a tree is in normal
 * form, can be asked of a record, and its expressions compile.
 */
#include "generator/sigma/parse.h"
#include "generator/sight.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_test(const struct rule_test *test, void *context)
{
	(void)context;
	if (test->op == TEST_PRESENT ? test->count != 0 || test->name.length == 0 : test->count == 0 && test->other.length == 0)
		abort();
	for (size_t i = 0; i < test->count; i++) {
		if (test->values[i].data == NULL && test->values[i].length > 0)
			abort();
	}
}

static void check_node(const struct rule_node *node, enum rule_kind parent)
{
	bool joins = node->kind == RULE_AND || node->kind == RULE_OR;

	if (joins && (node->count < 2 || node->kind == parent))
		abort();
	if ((node->kind == RULE_TRUE || node->kind == RULE_FALSE) && parent != RULE_TEST)
		abort();
	for (size_t i = 0; i < node->count; i++)
		check_node(node->children[i], node->kind);
}

static void check_document(const struct sigma_document *document, struct evaluator *evaluator, const struct sight *sight)
{
	if (document->error != NULL)
		return;
	if (document->kind == SIGMA_RULE && document->condition_count == 0)
		abort();
	if (document->kind == SIGMA_FILTER && document->condition_count != 1)
		abort();
	for (size_t i = 0; i < document->condition_count; i++) {
		check_node(document->conditions[i].node, RULE_TEST);
		rule_visit(document->conditions[i].node, check_test, NULL);
		sight_holds(evaluator, document->conditions[i].node, sight);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct text values[] = {{"root", 4}, {"%who%*", 6}};
	const struct placeholder who = {{"who", 3}, values, 2};
	const struct placeholders placeholders = {&who, 1};
	struct arena arena = {0};
	struct evaluator *evaluator = evaluator_new();
	struct sights sights = {NULL, 0};
	struct sight *sight = sight_add(&arena, &sights, NULL, TEXT("linux/process_creation/"));
	struct sigma_document **documents;
	size_t count;

	sight_set(&arena, sight, "Image", TEXT("/usr/bin/docker"));
	sight_set(&arena, sight, "CommandLine", TEXT("docker run -v /:/host alpine"));
	sight_set_number(&arena, sight, "ProcessId", 42);
	if (size > 1 << 14)
		size = 1 << 14;
	sigma_parse(&arena, (struct text){(const char *)data, size}, "fuzz.yml", &placeholders, &documents, &count);
	for (size_t i = 0; i < count; i++)
		check_document(documents[i], evaluator, sight);
	evaluator_free(evaluator);
	arena_free(&arena);
	return 0;
}
