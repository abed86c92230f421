/*
 * Any bytes, read as shell text. However they read, each command has words, stands within the text, and what one line
 * gives is the beginning of what the whole text gives.
 */
#include "replay/readers/command_line.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct text text, enum command_status status, const struct command_line *line)
{
	if (line->consumed > text.length || line->at > text.length || (status == COMMAND_DONE) != !line->reason)
		abort();
	for (size_t i = 0; i < line->count; i++) {
		const struct command *command = &line->commands[i];
		if (!command->count || command->begin > command->end || command->end > text.length)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct text text = {(const char *)data, size};
	struct command_line whole, one;
	check(text, command_line_parse(&arena, text, &whole), &whole);
	check(text, command_line_next(&arena, text, NULL, &one), &one);
	if (one.count > whole.count)
		abort();
	command_line_joined(&arena, text, &one);
	arena_free(&arena);
	return 0;
}
