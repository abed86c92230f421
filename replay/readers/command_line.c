/*
 * command_line: lists, pipelines, compound commands.
 */
#include "replay/readers/command_line.h"

#include "replay/readers/command_braces.h"
#include "replay/readers/command_shell.h"
#include "replay/readers/command_simple.h"

#include <stdlib.h>
#include <string.h>

enum { SOURCE_DEPTH_MAX = 150, OPEN_MAX = 1000 };

/* What stands open, and what the shell waits for then. */
enum open { PAREN = 1, FUNCTION, BRACE, IF, THEN, ELSE, LOOP, BODY, PATTERN, CASE };
static const char *const closers[] = {NULL, ")", "}", "}", "fi", "fi", "fi", "done", "done", "esac", "esac"};

enum word { W_NONE, W_BANG, W_TEST, W_CASE, W_COPROC, W_DO, W_DONE, W_ELIF, W_ELSE, W_ESAC, W_FI, W_FOR, W_FUNCTION, W_IF,
	W_SELECT, W_THEN, W_TIME, W_UNTIL, W_WHILE, W_OPEN, W_CLOSE };

/* One list on its way. */
struct list {
	struct command_shell *shell;
	size_t base;   /* what stood open when it began */
	char close;
	bool after;    /* a command ended: an operator or a newline comes, not another one */
	bool need;     /* an operator asks for a command */
	bool piped;    /* it was a | */
	bool any;      /* a command was read */
	bool function; /* a function's name was read: its body comes */
};

static enum word reserved(const struct command_word *word)
{
	static const struct {
		const char *name;
		enum word word;
	} words[] = {{"!", W_BANG}, {"[[", W_TEST}, {"case", W_CASE}, {"coproc", W_COPROC}, {"do", W_DO}, {"done", W_DONE},
		{"elif", W_ELIF}, {"else", W_ELSE}, {"esac", W_ESAC}, {"fi", W_FI}, {"for", W_FOR}, {"function", W_FUNCTION},
		{"if", W_IF}, {"select", W_SELECT}, {"then", W_THEN}, {"time", W_TIME}, {"until", W_UNTIL}, {"while", W_WHILE},
		{"{", W_OPEN}, {"}", W_CLOSE}};
	for (size_t i = 0; !word->quoted && i < sizeof words / sizeof *words; i++)
		if (text_is(word->value, words[i].name))
			return words[i].word;
	return W_NONE;
}

static enum open top(const struct list *list)
{
	const struct command_shell *shell = list->shell;
	return shell->open_count > list->base ? (enum open)shell->open[shell->open_count - 1] : 0;
}

static void push(struct list *list, enum open open)
{
	struct command_shell *shell = list->shell;
	if (shell->open_count == OPEN_MAX) {
		command_wrong(&shell->source, "its commands are nested too deeply");
		return;
	}
	shell->open = arena_grow(shell->arena, shell->open, shell->open_count, 1);
	shell->outside = arena_grow(shell->arena, shell->outside, shell->open_count, sizeof *shell->outside);
	shell->outside[shell->open_count] = shell->folder;
	shell->open[shell->open_count++] = (char)open;
	list->after = list->function = false;
}

static void become(struct list *list, enum open open)
{
	list->shell->open[list->shell->open_count - 1] = (char)open;
	list->after = false;
}

/* A subshell takes its shell nowhere, nor does a function where it is only defined. */
static void pop(struct list *list)
{
	struct command_shell *shell = list->shell;
	enum open open = (enum open)shell->open[--shell->open_count];
	if (open == PAREN || open == FUNCTION)
		shell->folder = shell->outside[shell->open_count];
	list->after = true;
	list->any = true;
}

/* for NAME [in WORDS] and for ((…)); what follows is `do`. */
static void read_for(struct list *list)
{
	struct command_shell *shell = list->shell;
	struct command_source *source = &shell->source;
	struct command_word word;
	command_blanks(source);
	if (source->end - source->at >= 2 && memcmp(source->at, "((", 2) == 0) {
		source->at += 2;
		command_word_skip(source, shell->arena, "))");
	} else if (!command_word_read(source, shell->arena, &word)) {
		command_wrong(source, "a for has no name");
	} else {
		command_newlines(source);
		const char *before = source->at;
		if (command_word_read(source, shell->arena, &word) && text_is(word.value, "in") && !word.quoted) {
			while (!source->reason && (command_blanks(source), command_word_read(source, shell->arena, &word)))
				;
		} else if (!source->reason) {
			source->at = before;
		}
	}
	command_blanks(source);
	if (source->at < source->end && *source->at == ';')
		source->at++;
	push(list, LOOP);
}

static void read_case(struct list *list)
{
	struct command_shell *shell = list->shell;
	struct command_source *source = &shell->source;
	struct command_word word;
	command_blanks(source);
	if (!command_word_read(source, shell->arena, &word)) {
		command_incomplete(source, "a case has no word", "esac");
		return;
	}
	command_newlines(source);
	if (command_word_read(source, shell->arena, &word) && text_is(word.value, "in"))
		push(list, PATTERN);
	else if (source->at == source->end)
		command_incomplete(source, "a case has no `in`", "esac");
	else
		command_wrong(source, "a case has no `in`");
}

/* [(] WORD [| WORD]… ) */
static void read_pattern(struct list *list)
{
	struct command_shell *shell = list->shell;
	struct command_source *source = &shell->source;
	struct command_word word;
	bool first = true;
	if (*source->at == '(')
		source->at++;
	while (!source->reason) {
		command_blanks(source);
		if (source->at == source->end) {
			command_incomplete(source, "a case is not ended", "esac");
		} else if (*source->at == ')') {
			source->at++;
			become(list, CASE);
			return;
		} else if (*source->at == '|') {
			source->at++;
		} else if (!command_word_read(source, shell->arena, &word)) {
			command_wrong(source, "a pattern of a case has no )");
		} else if (first && reserved(&word) == W_ESAC) {
			pop(list);
			return;
		}
		first = false;
	}
}

static void read_function(struct list *list)
{
	struct command_shell *shell = list->shell;
	struct command_source *source = &shell->source;
	struct command_word word;
	command_blanks(source);
	if (!command_word_read(source, shell->arena, &word)) {
		command_wrong(source, "a function has no name");
		return;
	}
	command_blanks(source);
	if (source->at < source->end && *source->at == '(')
		command_function_brackets(source);
	command_function(shell, word.value);
	list->need = list->function = true;
}

/* Words that go on with what stands open, or end it. */
struct closer {
	enum word word;
	enum open first, second; /* one of these stands open */
	enum open then;          /* what it is then; 0: it is ended */
	const char *reason;
};
static const struct closer closing[] = {
	{W_DO, LOOP, LOOP, BODY, "a `do` without its loop"},
	{W_DONE, BODY, BODY, 0, "a `done` without its loop"},
	{W_ELIF, THEN, THEN, IF, "an `elif` without its if"},
	{W_ELSE, THEN, THEN, ELSE, "an `else` without its if"},
	{W_ESAC, CASE, CASE, 0, "an `esac` without its case"},
	{W_FI, THEN, ELSE, 0, "a `fi` without its if"},
	{W_THEN, IF, IF, THEN, "a `then` without its if"},
	{W_CLOSE, FUNCTION, BRACE, 0, "a } without its {"},
};

static bool read_closer(struct list *list, enum word word)
{
	enum open open = top(list);
	for (size_t i = 0; i < sizeof closing / sizeof *closing; i++) {
		const struct closer *closer = &closing[i];
		if (closer->word != word)
			continue;
		bool fits = open && (open == closer->first || open == closer->second);
		if (!fits)
			command_wrong(&list->shell->source, closer->reason);
		else if (closer->then)
			become(list, closer->then);
		else
			pop(list);
		return true;
	}
	return false;
}

static void read_reserved(struct list *list, enum word word)
{
	struct command_source *source = &list->shell->source;
	list->need = word == W_BANG;
	if (read_closer(list, word))
		return;
	switch (word) {
	case W_TEST:
		command_word_skip(source, list->shell->arena, "]]");
		list->after = list->any = true;
		break;
	case W_CASE:
		read_case(list);
		break;
	case W_FOR:
	case W_SELECT:
		read_for(list);
		break;
	case W_FUNCTION:
		read_function(list);
		break;
	case W_IF:
		push(list, IF);
		break;
	case W_UNTIL:
	case W_WHILE:
		push(list, LOOP);
		break;
	case W_OPEN:
		push(list, list->function ? FUNCTION : BRACE);
		break;
	case W_TIME:
		command_blanks(source);
		if (source->end - source->at > 2 && memcmp(source->at, "-p ", 3) == 0)
			source->at += 2;
		break;
	default:
		break; /* !, coproc: a command follows */
	}
}

/* ; & | and what begins with them; and brackets. */
static void read_operator(struct list *list)
{
	struct command_source *source = &list->shell->source;
	char byte = *source->at, next = source->at + 1 < source->end ? source->at[1] : '\0';
	if (byte == '(' && !list->after) {
		source->at++;
		list->need = list->piped = false;
		if (next == '(' && command_is_arithmetic(source, source->at + 1)) {
			source->at++;
			command_word_skip(source, list->shell->arena, "))");
			list->after = list->any = true;
		} else {
			push(list, PAREN);
		}
	} else if (byte == ')') {
		if (top(list) == PAREN && !list->need)
			pop(list);
		else
			command_wrong(source, "a ) stands where none can");
		source->at++;
	} else if (byte == ';' && (next == ';' || next == '&') && top(list) == CASE) {
		source->at += 2;
		if (source->at < source->end && *source->at == '&')
			source->at++;
		become(list, PATTERN);
		list->need = false;
	} else if (!list->after || byte == '(') {
		command_wrong(source, "an operator stands where a command should");
	} else {
		list->piped = byte == '|' && next != '|';
		list->shell->otherwise = byte == '|' && next == '|';
		list->need = byte == '|' || (byte == '&' && next == '&');
		source->at += (byte == '|' && (next == '|' || next == '&')) || (byte == '&' && next == '&') ? 2 : 1;
		list->after = false;
	}
}

/* A word where a command begins, or behind a compound one. */
static void read_command(struct list *list)
{
	struct command_shell *shell = list->shell;
	struct command_source *source = &shell->source;
	struct command_word word;
	const char *start = source->at;
	if (command_is_redirect(source)) {
		if (list->after)
			command_redirects(shell);
		else
			command_simple(shell, NULL, start);
		list->after = list->any = true;
		list->need = false;
		return;
	}
	if (!command_word_read(source, shell->arena, &word)) {
		if (!source->reason && source->at < source->end && !strchr(" \t\r\n", *source->at))
			command_wrong(source, "it cannot be read as a command");
		return;
	}
	enum word known = reserved(&word);
	bool piped = list->piped;
	list->piped = false;
	if (piped && known == W_BANG) {
		command_wrong(source, "a ! stands behind a |");
	} else if (known && !(piped && known == W_TIME)) {
		read_reserved(list, known);
	} else if (list->after) {
		source->at = start;
		command_wrong(source, "a word stands where a ; or a newline should");
	} else {
		list->after = command_simple(shell, &word, start);
		list->need = list->function = !list->after; /* a function's name: its body comes */
		list->any = true;
	}
}

static void end_of_text(struct list *list)
{
	struct command_shell *shell = list->shell;
	struct command_source *source = &shell->source;
	if (shell->here_count)
		command_here_end(shell);
	else if (top(list))
		command_incomplete(source, "it is not ended", closers[top(list)]);
	else if (list->close)
		command_incomplete(source, "a $( is not closed", ")");
	else if (list->need)
		command_incomplete(source, "it ends with an operator", "");
}

void command_list(struct command_shell *shell, char close, bool one)
{
	struct command_source *source = &shell->source;
	struct list list = {.shell = shell, .base = shell->open_count, .close = close};
	while (!source->reason) {
		command_blanks(source);
		if (source->at == source->end) {
			end_of_text(&list);
			break;
		}
		if (*source->at == '\n') {
			source->at++;
			command_here_bodies(shell);
			list.after = shell->otherwise = false;
			if (one && !top(&list) && !list.need && !source->reason)
				break;
		} else if (top(&list) == PATTERN) {
			read_pattern(&list);
		} else if (close && *source->at == close && !top(&list)) {
			source->at++;
			break;
		} else if (strchr(";&|()", *source->at) && *source->at && !command_is_redirect(source)) {
			read_operator(&list);
		} else {
			read_command(&list);
		}
	}
	if (shell->open_count > list.base)
		shell->open_count = list.base;
}

static void read_inside(struct command_source *source)
{
	struct command_shell *shell = (struct command_shell *)source;
	bool silent = shell->silent;
	struct command_folder folder = shell->folder;
	struct command_here *heres = shell->heres;
	size_t here_count = shell->here_count;
	if (source->depth >= SOURCE_DEPTH_MAX) {
		command_wrong(source, "substitutions are nested too deeply");
		return;
	}
	source->depth++;
	shell->silent = silent || shell->expanded;
	shell->heres = NULL;
	shell->here_count = 0;
	command_list(shell, ')', false);
	shell->silent = silent;
	shell->folder = folder;
	shell->heres = heres;
	shell->here_count = here_count;
	source->depth--;
}

static void read_apart(struct command_source *source, struct text script, const char *where)
{
	struct command_shell *shell = (struct command_shell *)source;
	if (!shell->silent && !shell->expanded)
		command_script(shell, script, (size_t)(where - source->begin), (size_t)(source->at - source->begin), false);
}

static void shell_begin(struct command_shell *shell, struct arena *arena, struct text text, struct command_line *line)
{
	*shell = (struct command_shell){.arena = arena, .line = line};
	struct command_source *source = &shell->source;
	source->begin = source->at = text.length ? text.data : "";
	source->end = source->begin + text.length;
	source->inside = read_inside;
	source->apart = read_apart;
}

static void shell_end(struct command_shell *shell)
{
	buffer_free(&shell->source.value);
	buffer_free(&shell->source.marks);
}

void command_script(struct command_shell *outer, struct text script, size_t begin, size_t end, bool expanded)
{
	struct command_shell shell;
	if (outer->nested + 1 >= COMMAND_DEPTH_MAX || outer->source.depth + 6 >= SOURCE_DEPTH_MAX)
		return;
	shell_begin(&shell, outer->arena, script, outer->line);
	shell.functions = outer->functions;
	shell.folder = outer->folder;
	shell.nested = outer->nested + 1;
	shell.begin = outer->nested ? outer->begin : begin;
	shell.end = outer->nested ? outer->end : end;
	shell.expanded = expanded;
	shell.source.final = true;
	shell.source.depth = outer->source.depth + 6;
	command_list(&shell, 0, false);
	shell_end(&shell);
}

/* Lines of the commands: they stand nearly in order. */
static void count_lines(struct text text, struct command_line *line)
{
	size_t at = 0, lines = 0;
	for (size_t i = 0; i < line->count; i++) {
		size_t to = line->commands[i].begin;
		for (; at < to; at++)
			lines += text.data[at] == '\n';
		for (; at > to; at--)
			lines -= text.data[at - 1] == '\n';
		line->commands[i].line = lines;
	}
}

static enum command_status parse(struct arena *arena, struct text text, const struct command_folder *from, bool one,
	struct command_line *line)
{
	struct command_shell shell;
	struct command_names functions = {0};
	*line = (struct command_line){0};
	shell_begin(&shell, arena, text, line);
	shell.functions = &functions;
	if (from)
		shell.folder = *from;
	command_list(&shell, 0, one);
	const struct command_source *source = &shell.source;
	line->consumed = (size_t)(source->at - source->begin);
	line->reason = source->reason;
	line->at = source->reason ? (size_t)(source->noticed - source->begin) : 0;
	line->awaits = source->awaits;
	line->folder = shell.folder;
	count_lines(text, line);
	enum command_status status = source->incomplete ? COMMAND_INCOMPLETE : source->reason ? COMMAND_WRONG : COMMAND_DONE;
	shell_end(&shell);
	return status;
}

enum command_status command_line_parse(struct arena *arena, struct text text, struct command_line *line)
{
	return parse(arena, text, NULL, false, line);
}

enum command_status command_line_next(struct arena *arena, struct text text, const struct command_folder *from,
	struct command_line *line)
{
	return parse(arena, text, from, true, line);
}

void command_line_words(struct arena *arena, const struct text *words, size_t count, struct command_line *line)
{
	struct command_shell shell;
	struct command_names functions = {0};
	*line = (struct command_line){0};
	if (!count)
		return;
	shell_begin(&shell, arena, (struct text){0}, line);
	shell.functions = &functions;
	struct command_call call = {.count = count, .exact = true, .program = true};
	call.words = arena_array(arena, count, sizeof *call.words);
	call.marks = arena_alloc(arena, count);
	memcpy(call.words, words, count * sizeof *words);
	memset(call.marks, 'w', count);
	command_run(&shell, &call);
	for (size_t i = 0; i < line->count; i++)
		line->commands[i].begin = line->commands[i].end = line->commands[i].line = 0;
	shell_end(&shell);
}

void command_line_joined(struct arena *arena, struct text text, struct command_line *line)
{
	struct text *words;
	size_t count = text_split(arena, text, ' ', &words);
	command_line_words(arena, words, count, line);
	line->consumed = text.length;
}
