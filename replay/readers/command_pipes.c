/*
 * command_pipes: found by what stands between one command's end and the next one's beginning.
 */
#include "replay/readers/command_pipes.h"

#include "catalog/event.h"

#include <string.h>

/* What runs, sends or stores its standard input. Versions (python3.12) follow a name. */
static const char *const takers[] = {"sh", "bash", "dash", "ash", "zsh", "ksh", "mksh", "csh", "tcsh", "fish", "python", "perl",
	"ruby", "php", "node", "lua", "xargs", "parallel", "crontab", "at", "batch", "nc", "ncat", "netcat", "telnet", "openssl",
	"socat", "curl", "ssh", "tee", "dd", "sponge", "chpasswd"};

static bool takes(struct text name)
{
	while (name.length && strchr("0123456789.", name.data[name.length - 1]))
		name.length--;
	for (size_t i = 0; i < sizeof takers / sizeof *takers; i++)
		if (text_is(name, takers[i]))
			return true;
	return false;
}

static bool is_closer(struct text word)
{
	return text_is(word, "done") || text_is(word, "fi") || text_is(word, "esac");
}

/* Only blanks, ends of compound commands and one |, which is no ||. */
static bool joins(struct text between)
{
	size_t bars = 0;
	for (size_t i = 0; i < between.length; i++) {
		char byte = between.data[i];
		size_t word = i;
		while (word < between.length && between.data[word] >= 'a' && between.data[word] <= 'z')
			word++;
		if (word > i) {
			if (bars || !is_closer(text_slice(between, i, word)))
				return false;
			i = word - 1;
		} else if (byte == '|') {
			bars++;
		} else if (byte == '&') {
			if (!i || between.data[i - 1] != '|')
				return false;
		} else if (!strchr(" \t\r\n\\({", byte) && (bars || !strchr(");}", byte))) {
			return false;
		}
	}
	return bars == 1;
}

static bool is_taken(const struct command_line *line, const struct command_pipe *pipe)
{
	for (size_t i = pipe->first; i <= pipe->last; i++)
		if (line->commands[i].begin != pipe->begin && takes(path_name(line->commands[i].words[0])))
			return true;
	return false;
}

/* Puts the pipelines whose end nobody takes aside. */
static size_t keep_taken(const struct command_line *line, struct command_pipe *pipes, size_t count)
{
	size_t kept = 0;
	for (size_t i = 0; i < count; i++)
		if (is_taken(line, &pipes[i]))
			pipes[kept++] = pipes[i];
	return kept;
}

/* What echo and printf put into a file stands in their words, and the file in the redirection. */
static bool stores(const struct command *command)
{
	static const char *const writing[] = {">", ">>", ">|", "&>", "&>>", ">&"};
	if (command->kind != COMMAND_BUILTIN || !(text_is(command->words[0], "echo") || text_is(command->words[0], "printf")))
		return false;
	for (size_t i = 0; i < command->redirect_count; i++) {
		const struct command_redirect *redirect = &command->redirects[i];
		if (!text_contains(redirect->target, TEXT("/"), false) || text_starts(redirect->target, TEXT("/dev/"), false))
			continue;
		for (size_t k = 0; k < sizeof writing / sizeof *writing; k++)
			if (text_is(redirect->operator, writing[k]))
				return true;
	}
	return false;
}

/* A variable that decides what a program loads, runs or speaks to: it stands before the command, in none of its words. */
static bool is_prepared(const struct command *command)
{
	static const char *const telling[] = {"LD_PRELOAD", "LD_AUDIT", "LD_LIBRARY_PATH", "GCONV_PATH", "GLIBC_TUNABLES",
		"DOCKER_HOST", "CONTAINER_HOST", "EDITOR", "VISUAL", "SUDO_EDITOR", "PAGER", "BASH_ENV", "PROMPT_COMMAND",
		"PERL5OPT", "PERL5LIB", "RUBYOPT", "RUBYLIB", "PYTHONSTARTUP", "NODE_OPTIONS", "GIT_SSH_COMMAND", "HISTFILE"};
	for (size_t i = 0; i < command->setting_count; i++) {
		struct text name = text_slice(command->settings[i], 0, text_find(command->settings[i], '='));
		for (size_t k = 0; k < sizeof telling / sizeof *telling; k++)
			if (text_is(name, telling[k]))
				return true;
	}
	return false;
}

static bool is_within(const struct command_pipe *pipes, size_t count, size_t command)
{
	for (size_t i = 0; i < count; i++)
		if (pipes[i].first <= command && command <= pipes[i].last)
			return true;
	return false;
}

static size_t add_alone(struct arena *arena, const struct command_line *line, struct command_pipe **pipes, size_t count)
{
	size_t found = count;
	for (size_t i = 0; i < line->count; i++) {
		const struct command *command = &line->commands[i];
		bool nested = i && command[-1].begin == command->begin && command[-1].end == command->end;
		if (nested || !(stores(command) || is_prepared(command)) || is_within(*pipes, count, i))
			continue;
		*pipes = arena_grow(arena, *pipes, found, sizeof **pipes);
		(*pipes)[found++] = (struct command_pipe){.begin = command->begin, .end = command->end, .first = i, .last = i};
	}
	return found;
}

/* A connection that a shell opens by a redirection is one command's; who talks over it is another's. */
static bool connects(const struct command_line *line)
{
	for (size_t i = 0; i < line->count; i++)
		for (size_t k = 0; k < line->commands[i].redirect_count; k++) {
			struct text target = line->commands[i].redirects[k].target;
			if (text_starts(target, TEXT("/dev/tcp/"), false) || text_starts(target, TEXT("/dev/udp/"), false))
				return true;
		}
	return false;
}

static size_t whole(struct arena *arena, const struct command_line *line, struct command_pipe **pipes)
{
	struct command_pipe all = {.begin = line->commands[0].begin, .last = line->count - 1};
	for (size_t i = 0; i < line->count; i++) {
		const struct command *command = &line->commands[i];
		all.begin = command->begin < all.begin ? command->begin : all.begin;
		all.end = command->end > all.end ? command->end : all.end;
	}
	*pipes = arena_grow(arena, *pipes, 0, sizeof **pipes);
	**pipes = all;
	return 1;
}

size_t command_pipes_find(struct arena *arena, struct text text, const struct command_line *line, struct command_pipe **pipes)
{
	size_t count = 0;
	bool open = false;
	*pipes = NULL;
	if (line->count > 1 && connects(line))
		return whole(arena, line, pipes);
	for (size_t i = 1; i < line->count; i++) {
		const struct command *before = &line->commands[i - 1], *after = &line->commands[i];
		if (after->begin == before->begin && after->end == before->end) {
			if (open)
				(*pipes)[count - 1].last = i;
			continue;
		}
		bool joined = after->begin >= before->end && joins(text_slice(text, before->end, after->begin));
		if (joined && !open) {
			size_t first = i - 1;
			while (first && line->commands[first - 1].begin == before->begin && line->commands[first - 1].end == before->end)
				first--;
			*pipes = arena_grow(arena, *pipes, count, sizeof **pipes);
			(*pipes)[count++] = (struct command_pipe){.begin = before->begin, .first = first};
		}
		open = joined;
		if (joined) {
			(*pipes)[count - 1].last = i;
			(*pipes)[count - 1].end = after->end;
		}
	}
	count = keep_taken(line, *pipes, count);
	return add_alone(arena, line, pipes, count);
}
