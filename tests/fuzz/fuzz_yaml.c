/*
 * Any bytes, read as YAML under small bounds. What comes out must keep what the header promises: keys are
 * unique, children lie within the bounds, an error was reported exactly where -1 is returned.
 */
#include "catalog/yaml.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t walk(const struct yaml *node, size_t depth, const struct yaml_limits *limits)
{
	size_t nodes = 1;
	if (depth > limits->depth || node->end_line < node->place.line || node->place.column == 0)
		abort();
	if (node->kind == YAML_SCALAR && !utf8_valid(node->text))
		abort();
	for (size_t i = 0; i < node->count; i++) {
		nodes += walk(&node->items[i], depth + 1, limits);
		for (size_t j = 0; node->kind == YAML_MAPPING && j < i; j++)
			if (text_equal(node->keys[i].text, node->keys[j].text))
				abort();
	}
	return nodes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct yaml_limits limits = {.bytes = 1 << 16, .depth = 12, .nodes = 5000};
	struct arena arena = {0};
	struct diagnostics d = {0};
	struct yaml *documents;
	size_t count, nodes = 0;
	int status = yaml_parse(&arena, (struct text){(const char *)data, size}, "fuzz", &limits, &d, &documents, &count);
	if ((status == -1) != (d.errors > 0))
		abort();
	for (size_t i = 0; status == 0 && i < count; i++)
		nodes += walk(&documents[i], 1, &limits);
	if (nodes > limits.nodes)
		abort();
	FILE *sink = fopen("/dev/null", "w");
	if (sink) {
		diagnostics_sort(&d);
		diagnostics_print(&d, sink);
		fclose(sink);
	}
	diagnostics_free(&d);
	arena_free(&arena);
	return 0;
}
