/*
 * commands_form: prompts, times and tables of commands.
 */
#include "replay/readers/commands_form.h"

#include "replay/readers/command_line.h"
#include "replay/readers/command_wrap.h"

#include <string.h>

enum { PROMPT_MAX = 120, WEAK_FIT = 15 };

static bool next_line(struct text *rest, struct text *line)
{
	if (!rest->length)
		return false;
	size_t end = text_find(*rest, '\n');
	*line = text_slice(*rest, 0, end);
	if (line->length && line->data[line->length - 1] == '\r')
		line->length--;
	*rest = text_slice(*rest, end + 1, rest->length);
	return true;
}

static bool all_digits(struct text text)
{
	for (size_t i = 0; i < text.length; i++)
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
	return text.length > 0;
}

/* #1700000000 */
static bool is_time(struct text line)
{
	return line.length >= 9 && line.length <= 12 && line.data[0] == '#' && all_digits(text_slice(line, 1, line.length));
}

/* : 1700000000:0;command → the seconds; false: it is none. */
static bool zsh_time(struct text *line, struct text *time)
{
	if (!text_starts(*line, TEXT(": "), false))
		return false;
	struct text rest = text_slice(*line, 2, line->length);
	size_t colon = text_find(rest, ':'), end = text_find(rest, ';');
	if (end == rest.length || colon > end || colon < 8 || !all_digits(text_slice(rest, 0, colon)) ||
		!all_digits(text_slice(rest, colon + 1, end)))
		return false;
	*time = text_slice(rest, 0, colon);
	*line = text_slice(rest, end + 1, rest.length);
	return true;
}

/* `$ `, `# `, `> ` */
static size_t bare_prompt(struct text line)
{
	bool is = line.length >= 1 && (line.data[0] == '$' || line.data[0] == '#') && (line.length == 1 ||
		line.data[1] == ' ');
	return is ? (line.length == 1 ? 1 : 2) : 0;
}

/* ann@web1:~$ , [root@web1 ~]# , root@web1:/#: a name with @ up to $ or # and a blank. */
static size_t host_prompt(struct text line)
{
	size_t from = line.length && line.data[0] == '[', at = from;
	bool host = false;
	if (line.length && line.data[0] == '(') { /* (venv) before it */
		size_t close = text_find(line, ')');
		from = at = close + 2 <= line.length ? close + 2 : line.length;
	}
	for (; at < line.length && at < PROMPT_MAX; at++) {
		char byte = line.data[at];
		if (byte == '@' && at > from)
			host = true;
		else if (host && (byte == '$' || byte == '#') && (at + 1 == line.length || line.data[at + 1] == ' '))
			return at + 2 <= line.length ? at + 2 : line.length;
		else if (!host && (byte == ' ' || byte == '=' || byte == '/' || byte == '"' || byte == '\''))
			return 0;
	}
	return 0;
}

static size_t prompt_of(const struct commands_form *form, struct text line)
{
	size_t length = host_prompt(line);
	if (!length && form->bare)
		length = bare_prompt(line);
	return length;
}

bool commands_form_names(struct text column)
{
	static const char *const names[] = {"command", "cmd", "shell_command"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct text name = text_of(names[i]);
		char next = column.length > name.length ? column.data[name.length] : ' ';
		if (text_starts(column, name, true) && !(next >= '0' && next <= '9'))
			return column.length <= 64;
	}
	return false;
}

static size_t tabs_of(struct text line)
{
	size_t count = 0;
	for (size_t i = 0; i < line.length; i++)
		count += line.data[i] == '\t';
	return count;
}

/* Each line has as many tabs as the first, and none begins with one. */
static bool is_table(struct text sample)
{
	struct text rest = sample, line;
	size_t tabs = 0, lines = 0;
	while (next_line(&rest, &line)) {
		if (!rest.length && sample.data[sample.length - 1] != '\n' && lines)
			break; /* it may be cut */
		if (!line.length)
			continue;
		size_t count = line.data[0] == '\t' ? 0 : tabs_of(line);
		if (!count || (lines && count != tabs))
			return false;
		tabs = count;
		lines++;
	}
	return lines > 0;
}

void commands_form_find(struct commands_form *form, struct text sample)
{
	struct text rest = sample, line;
	size_t lines = 0, hosts = 0, dollars = 0, roots = 0;
	bool recorded = text_starts(sample, TEXT("Script started"), false), first = false;
	*form = (struct commands_form){0};
	if (is_table(sample)) {
		form->separator = '\t';
		return;
	}
	while (next_line(&rest, &line)) {
		if (!line.length)
			continue;
		bool host = host_prompt(line) > 0, bare = bare_prompt(line) > 0;
		first = first || (lines == 0 && (host || (bare && line.data[0] == '$')));
		lines++;
		hosts += host;
		dollars += bare && line.data[0] == '$';
		roots += bare && line.data[0] == '#';
		form->times = form->times || is_time(line);
	}
	/* Comments are no prompts of root: those count where every line has one, or other prompts stand there, too. */
	form->prompts = recorded || (first && (hosts || dollars)) || (roots && roots == lines && roots > 1);
	form->bare = form->prompts && !hosts;
}

enum commands_line commands_form_line(const struct commands_form *form, struct text *line, struct text *time)
{
	if (form->times && is_time(*line)) {
		*time = text_slice(*line, 1, line->length);
		return COMMANDS_BLANK;
	}
	if (form->prompts) {
		size_t prompt = prompt_of(form, *line);
		if (!prompt)
			return text_starts(*line, TEXT("Script started"), false) || text_starts(*line, TEXT("Script done"), false)
				? COMMANDS_BLANK : COMMANDS_OUTPUT;
		*line = text_slice(*line, prompt, line->length);
		return COMMANDS_ENTRY;
	}
	if (zsh_time(line, time))
		return COMMANDS_ENTRY;
	return COMMANDS_TEXT;
}

/* Words that begin a command line more often than a sentence. */
static bool is_common(struct text word)
{
	static const char *const common[] = {"apt", "apt-get", "awk", "cat", "chmod", "chown", "cp", "crictl", "ctr",
		"curl", "docker",
		"find", "git", "grep", "kubectl", "ls", "make", "mkdir", "mount", "mv", "nerdctl", "nsenter", "podman", "ps",
			"python",
		"python3", "rm", "sed", "ssh", "sudo", "systemctl", "tar", "vi", "vim", "wget"};
	for (size_t i = 0; i < sizeof common / sizeof *common; i++)
		if (text_is(word, common[i]))
			return true;
	return command_is_builtin(word) || (word.length > 2 && word.data[0] == '/');
}

/* The share of lines that are read as commands with a first word that is known. */
static unsigned plain_fits(struct text sample)
{
	struct text rest = sample, line;
	size_t lines = 0, known = 0;
	struct arena arena = {0};
	while (next_line(&rest, &line) && lines < 200) {
		struct command_line parsed;
		if (!text_trim(line).length || line.data[0] == '#')
			continue;
		arena_reset(&arena);
		lines++;
		enum command_status status = command_line_parse(&arena, line, &parsed);
		known += status == COMMAND_DONE && parsed.count && is_common(parsed.commands[0].words[0]);
	}
	arena_free(&arena);
	return known * 2 > lines ? (unsigned)(known * WEAK_FIT / lines) : 0;
}

unsigned commands_form_fits(struct text sample)
{
	struct commands_form form;
	struct text rest = sample, line = TEXT(""), time, copy;
	size_t lines = 0, zsh = 0;
	commands_form_find(&form, sample);
	next_line(&rest, &line);
	if (text_starts(line, TEXT("#!"), false) && text_contains(line, TEXT("sh"), false))
		return 85;
	if (form.separator) {
		while (line.length && text_find(line, '\t') < line.length && !commands_form_names(text_slice(line, 0,
			text_find(line, '\t'))))
			line = text_slice(line, text_find(line, '\t') + 1, line.length);
		return commands_form_names(line) ? 60 : 0;
	}
	if (form.prompts)
		return text_starts(sample, TEXT("Script started"), false) ? 90 : 60;
	for (rest = sample; next_line(&rest, &line); lines++) {
		copy = line;
		zsh += zsh_time(&copy, &time);
	}
	if (form.times || (zsh && zsh * 2 > lines))
		return 80;
	return plain_fits(sample);
}
