/*
 * falco_filters: conditions of Falco on one event, by our own parser and engine.
 *
 *   falco_filters NAME=VALUE… <conditions      the event's values; one condition a line
 *
 * Prints a line for each: yes, no, or what is refused.
 */
#include "generator/falco/engine.h"
#include "generator/falco/filter.h"

#include <stdio.h>
#include <string.h>

static void answer(const struct sight *sight, struct regex_match *match, struct text condition)
{
	struct arena arena = {0};
	struct engine_run run = {sight, &arena, match};
	const char *error;
	struct filter *filter = filter_parse(&arena, condition, &error);
	struct engine_node *node = filter != NULL ? engine_compile(&arena, filter, &error) : NULL;

	if (node == NULL)
		printf("refused: %s\n", error);
	else
		puts(engine_holds(node, &run) ? "yes" : "no");
	arena_free(&arena);
}

int main(int count, char **arguments)
{
	struct arena arena = {0};
	struct sights sights = {0};
	struct sight *sight = sight_add(&arena, &sights, NULL, TEXT("syscall"));
	struct regex_match *match = regex_match_new();
	char line[4096];

	for (int i = 1; i < count; i++) {
		struct text pair = text_of(arguments[i]);
		size_t equals = text_find(pair, '=');

		sight_set(&arena, sight, arena_strndup(&arena, pair.data, equals), text_slice(pair, equals + 1, pair.length));
	}
	while (fgets(line, sizeof(line), stdin) != NULL)
		answer(sight, match, text_slice(text_of(line), 0, strcspn(line, "\n")));
	regex_match_free(match);
	arena_free(&arena);
	return 0;
}
