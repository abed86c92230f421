/*
 * commands_record: raw names of a command.
 */
#include "catalog/event.h"
#include "replay/readers/commands.h"

static void add(struct record *record, const char *name, struct text value)
{
	if (value.length)
		record_add(record, text_of(name), value);
}

/* What a redirection opens: where it is relative, in the folder that the shell is in. */
static void add_redirects(struct record *record, const struct command *command)
{
	for (size_t i = 0; i < command->redirect_count; i++) {
		const struct command_redirect *redirect = &command->redirects[i];
		struct record_part *part = record_add_part(record, TEXT("REDIRECT"));
		record_part_add(record, part, TEXT("REDIRECT.operator"), redirect->operator);
		if (redirect->target.length)
			record_part_add(record, part, TEXT("REDIRECT.target"), redirect->target);
		struct text path = redirect->target;
		bool absolute = path.length && path.data[0] == '/';
		if (!absolute && text_is(redirect->operator, ">&"))
			continue; /* a descriptor */
		if (!absolute)
			path = command_folder_path(record->arena, &command->folder, path);
		if (redirect->exact && path.length)
			record_part_add(record, part, TEXT("REDIRECT.path"), path);
	}
}

void commands_record(struct record *record, struct text text, const struct command *command)
{
	static const char *const kinds[] = {"exec", "builtin", "function"};
	struct text first = command->words[0];
	add(record, "kind", text_of(kinds[command->kind]));
	add(record, "command_line", text_slice(text, command->begin, command->end));
	for (size_t i = 0; i < command->count; i++)
		record_add(record, TEXT("args"), command->words[i]);
	if (first.length && first.data[0] == '/')
		add(record, "executable", first);
	add(record, "name", path_name(first));
	add(record, "exact", command->exact ? TEXT("yes") : TEXT("no"));
	add(record, "user", command->user);
	add(record, "folder", command->folder.now);
	for (size_t i = 0; i < command->setting_count; i++)
		add(record, "settings", command->settings[i]);
	add_redirects(record, command);
}

void commands_record_pipe(struct record *record, struct text text, const struct command_line *line,
	const struct command_pipe *pipe)
{
	struct text words = text_slice(text, pipe->begin, pipe->end);
	const struct command *first = &line->commands[pipe->first];
	add(record, "kind", TEXT("pipeline"));
	add(record, "command_line", words);
	add(record, "args", TEXT("sh"));
	add(record, "args", TEXT("-c"));
	add(record, "args", words);
	add(record, "name", TEXT("sh"));
	add(record, "exact", TEXT("no"));
	for (size_t i = pipe->first; i <= pipe->last; i++)
		if (line->commands[i].begin != first->begin)
			add(record, "into", path_name(line->commands[i].words[0]));
}
