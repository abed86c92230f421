/*
 * commands: command lines that messages hold.
 */
#include "replay/readers/command_line.h"
#include "replay/readers/messages/kinds.h"

void message_add_words(struct record *record, const struct text *words, size_t count)
{
	struct command_line line = {0};
	command_line_words(record->arena, words, count, &line);
	for (size_t i = 0; i < line.count; i++) {
		const struct command *one = &line.commands[i];
		if (one->kind != COMMAND_EXEC)
			continue;
		struct record_part *part = record_add_part(record, TEXT("COMMAND"));
		record_part_add(record, part, TEXT("command.program"), one->words[0]);
		for (size_t k = 0; k < one->count; k++)
			record_part_add(record, part, TEXT("command.args"), one->words[k]);
		if (one->user.length)
			record_part_add(record, part, TEXT("command.user"), one->user);
	}
}
