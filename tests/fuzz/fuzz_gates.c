/*
 * Any YAML, read as gates. Either it is refused with an error, or every gate has a limit that makes sense; judging a run in
 * which nothing happened says something of each gate, and does not fall over.
 */
#include "replay/gate/gates.h"

#include <math.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_gate(const struct gate *gate)
{
	if (gate->limit_count == 0 || !(gate->confidence >= 0.5 && gate->confidence < 1) || gate->number >= GATE_KINDS)
		abort();
	for (size_t i = 0; i < gate->limit_count; i++) {
		const struct gate_limit *limit = &gate->limits[i];
		bool number = limit->form <= GATE_FACTOR;
		if (!(gate_kinds[gate->number].forms & limit->form) || number != isfinite(limit->value) || limit->value < 0)
			abort();
		if ((limit->form == GATE_SHARE && limit->value > 1) || (limit->form == GATE_FACTOR && limit->value < 1))
			abort();
	}
}

static void judge(const struct gates *gates, const struct comparison *comparison, const struct results *results)
{
	struct gate_subject subject = {.results = results, .comparison = comparison, .excused = comparison, .as_of = TEXT("2026-11-26")};
	struct gate_results *verdicts = gates_judge(gates, &subject);
	FILE *sink = fopen("/dev/null", "w");
	if (verdicts->count < gates->count || verdicts->failed > 0)
		abort();
	if (sink != NULL) {
		gates_print(verdicts, 80, true, sink);
		fclose(sink);
	}
	gate_results_free(verdicts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct yaml_limits limits = {.bytes = 1 << 16, .depth = 12, .nodes = 5000};
	struct arena arena = {0};
	struct diagnostics d = {0};
	struct yaml *documents;
	size_t count;
	struct catalog catalog = {.detection_count = 0};
	struct results results = {.catalog = &catalog};
	struct comparison comparison = {.before = &results, .after = &results};
	if (yaml_parse(&arena, (struct text){(const char *)data, size}, "fuzz", &limits, &d, &documents, &count) == 0 && count > 0) {
		const struct gates *gates = gates_read(&arena, &documents[0], &d);
		if ((gates == NULL) != (d.errors > 0))
			abort();
		for (size_t i = 0; gates != NULL && i < gates->count; i++)
			check_gate(&gates->items[i]);
		if (gates != NULL) {
			gates_check(gates, &catalog, NULL, &d);
			judge(gates, NULL, &results);
			judge(gates, &comparison, &results);
		}
	}
	diagnostics_free(&d);
	arena_free(&arena);
	return 0;
}
