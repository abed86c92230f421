/*
 * commands: command lines that messages hold.
 */
#include "replay/readers/command_line.h"
#include "replay/readers/messages/kinds.h"

void message_add_commands(struct record *record, struct text command, bool joined)
{
	struct command_line line = {0};
	if (joined)
		command_line_joined(record->arena, command, &line);
	else
		command_line_parse(record->arena, command, &line);
	for (size_t i = 0; i < line.count; i++) {
		const struct command *one = &line.commands[i];
		if (one->kind != COMMAND_EXEC)
			continue;
		struct record_part *part = record_add_part(record, TEXT("COMMAND"));
		for (size_t k = 0; k < one->count; k++)
			record_part_add(record, part, TEXT("command.args"), one->words[k]);
		record_part_add(record, part, TEXT("command.program"), one->words[0]);
		if (one->user.length)
			record_part_add(record, part, TEXT("command.user"), one->user);
	}
}
