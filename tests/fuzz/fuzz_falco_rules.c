/*
 * fuzz_falco_rules: a file of Falco rules is read, and read again after itself (as a later file that overrides it); what parses
 * can be turned into tests and, where the engine would take it, be evaluated on an event. Rules with an error have no tree.
 */
#include "generator/falco/engine.h"
#include "generator/falco/parse.h"
#include "generator/falco/raw.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_rule(struct arena *arena, const struct falco_rule *rule, struct regex_match *match)
{
	struct falco_raw raw = {.arena = arena};
	struct sights sights = {0};
	struct arena scratch = {0};
	const char *error;

	if (rule->error != NULL) {
		if (rule->filter != NULL && rule->bare != NULL)
			abort();
		return;
	}
	if (rule->filter == NULL || rule->bare == NULL)
		abort();
	if (rule->filter->size > 300)
		return;
	if (falco_raw_tree(&raw, rule->filter) == NULL)
		abort();
	struct engine_node *node = engine_compile(arena, rule->filter, &error);
	struct sight *sight = sight_add(arena, &sights, NULL, TEXT("syscall"));

	sight_set(arena, sight, "evt.type", TEXT("execve"));
	sight_set(arena, sight, "proc.name", TEXT("sh"));
	sight_set(arena, sight, "fd.name", TEXT("/etc/passwd"));
	struct engine_run run = {sight, &scratch, match};

	if (node != NULL)
		engine_holds(node, &run);
	arena_free(&scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct text content = {(const char *)data, size};
	const struct falco_source sources[] = {{TEXT("a.yaml"), content}, {TEXT("b.yaml"), content}};
	struct falco_rules *rules = falco_parse(&arena, sources, size < 4096 ? 2 : 1);
	struct regex_match *match = regex_match_new();

	for (size_t i = 0; i < rules->rule_count; i++)
		try_rule(&arena, &rules->rules[i], match);
	regex_match_free(match);
	arena_free(&arena);
	return 0;
}
