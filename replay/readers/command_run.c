/*
 * command_run: a simple command → itself and what it runs.
 */
#include "replay/readers/command_shell.h"
#include "replay/readers/command_wrap.h"

static bool is_function(const struct command_shell *shell, struct text name)
{
	for (size_t i = 0; i < shell->functions->count; i++)
		if (text_equal(shell->functions->items[i], name))
			return true;
	return false;
}

static void list(struct command_shell *shell, const struct command_call *call)
{
	struct command_line *line = shell->line;
	if (line->count == COMMAND_COUNT_MAX) {
		command_wrong(&shell->source, "there are too many commands in it");
		return;
	}
	enum command_kind kind = COMMAND_EXEC;
	if (!call->program && is_function(shell, call->words[0]))
		kind = COMMAND_FUNCTION;
	else if (!call->program && command_is_builtin(call->words[0]))
		kind = COMMAND_BUILTIN;
	line->commands = arena_grow(shell->arena, line->commands, line->count, sizeof *line->commands);
	line->commands[line->count++] = (struct command){.kind = kind, .words = call->words, .count = call->count,
		.settings = call->settings, .setting_count = call->setting_count, .redirects = call->redirects,
		.redirect_count = call->redirect_count, .folder = call->folder, .user = call->user, .begin = call->begin,
		.end = call->end, .exact = call->exact};
	/* `cd /a || cd /b`: the first is taken to succeed. */
	if (kind == COMMAND_BUILTIN && !shell->otherwise)
		command_folder_follow(shell->arena, &shell->folder, call->words, call->count, call->exact);
}

/* Where it starts what it runs: env -C FOLDER; / behind chroot. */
static struct command_folder inner_folder(const struct command_shell *shell, const struct command_call *call,
	const struct command_wrap *wrap)
{
	struct command_folder folder = call->folder;
	if (!wrap->folder.length)
		return folder;
	return (struct command_folder){.now = command_folder_path(shell->arena, &folder, wrap->folder)};
}

/* Texts that the command was handed: sh -c TEXT, eval WORD…, sh <<< TEXT. */
static void run_script(struct command_shell *shell, const struct command_call *call, const struct command_wrap *wrap)
{
	bool expanded = false;
	for (size_t i = wrap->script; i < wrap->script_to; i++)
		expanded = expanded || call->marks[i] == 's';
	struct text script = wrap->script_text;
	if (!script.length)
		script = text_join(shell->arena, call->words + wrap->script, wrap->script_to - wrap->script, ' ');
	struct command_folder folder = shell->folder;
	shell->folder = inner_folder(shell, call, wrap);
	command_script(shell, script, call->begin, call->end, expanded);
	shell->folder = folder;
}

static bool run_inner(struct command_shell *shell, const struct command_call *call, const struct command_wrap *wrap)
{
	struct command_call inner = *call;
	inner.words += wrap->from;
	inner.marks += wrap->from;
	inner.count = wrap->to - wrap->from;
	inner.depth++;
	inner.folder = inner_folder(shell, call, wrap);
	if (wrap->executed)
		inner.redirect_count = 0;
	inner.program = call->program || wrap->replaces;
	if (wrap->user.length)
		inner.user = wrap->user;
	if (wrap->settings_to > wrap->settings) {
		inner.settings = call->words + wrap->settings;
		inner.setting_count = wrap->settings_to - wrap->settings;
	}
	return command_run(shell, &inner);
}

bool command_run(struct command_shell *shell, const struct command_call *call)
{
	struct command_wrap wrap;
	bool reads = false;
	bool wraps = call->depth < COMMAND_DEPTH_MAX && command_wrap_find(call->words, call->count, 0, &wrap);
	bool runs = wraps && (wrap.from < wrap.to || wrap.script < wrap.script_to);
	if (shell->silent)
		return false;
	if (!runs || wrap.executed)
		list(shell, call);
	if (!wraps)
		return false;
	if (wrap.script < wrap.script_to)
		run_script(shell, call, &wrap);
	reads = wrap.shell;
	for (bool more = wrap.from < wrap.to; more; more = command_wrap_find(call->words, call->count, wrap.to, &wrap))
		reads = run_inner(shell, call, &wrap);
	return reads;
}
