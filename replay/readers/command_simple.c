/*
 * command_simple: words and redirections up to an operator.
 */
#include "replay/readers/command_simple.h"

#include "replay/readers/command_braces.h"
#include "replay/readers/command_wrap.h"

#include <string.h>

enum { FUNCTIONS_MAX = 256 };

void command_blanks(struct command_source *source)
{
	while (source->at < source->end) {
		if (*source->at == ' ' || *source->at == '\t' || *source->at == '\r' || *source->at == '\0') {
			source->at++;
		} else if (*source->at == '\\' && source->at + 1 < source->end && source->at[1] == '\n') {
			source->at += 2;
		} else if (*source->at == '#') {
			const char *newline = memchr(source->at, '\n', (size_t)(source->end - source->at));
			source->at = newline ? newline : source->end;
		} else {
			return;
		}
	}
}

void command_newlines(struct command_source *source)
{
	for (command_blanks(source); source->at < source->end && *source->at == '\n'; command_blanks(source))
		source->at++;
}

/* The operator at `at`, behind a file descriptor's digits; 0: none. `&` is its first byte only before `>`. */
static size_t operator_length(const char *at, const char *end)
{
	static const char *const operators[] = {"<<<", "<<-", "&>>", "<<", "<&", "<>", ">>", ">&", ">|", "&>", "<", ">"};
	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
		size_t length = strlen(operators[i]);
		if ((size_t)(end - at) < length || memcmp(at, operators[i], length) != 0)
			continue;
		bool process = length == 1 && at + 1 < end && at[1] == '(';
		return process ? 0 : length;
	}
	return 0;
}

static size_t digits_of(const struct command_source *source)
{
	const char *at = source->at;
	while (at < source->end && *at >= '0' && *at <= '9' && at - source->at < 4)
		at++;
	return (size_t)(at - source->at);
}

bool command_is_redirect(const struct command_source *source)
{
	size_t digits = digits_of(source);
	const char *at = source->at + digits;
	return at < source->end && (!digits || *at != '&') && operator_length(at, source->end) > 0;
}

/* A command that is being read. */
struct building {
	struct command_shell *shell;
	struct command_call call;
	size_t marks;
};

static void read_redirect(struct building *b)
{
	struct command_shell *shell = b->shell;
	struct command_source *source = &shell->source;
	struct command_word word;
	source->at += digits_of(source);
	struct text operator= {source->at, operator_length(source->at, source->end)};
	source->at += operator.length;
	while (source->at < source->end && (*source->at == ' ' || *source->at == '\t'))
		source->at++;
	if (!command_word_read(source, shell->arena, &word)) {
		command_wrong(source, "a redirection has no target");
		return;
	}
	struct command_call *call = &b->call;
	call->redirects = arena_grow(shell->arena, call->redirects, call->redirect_count, sizeof *call->redirects);
	call->redirects[call->redirect_count++] = (struct command_redirect){operator, word.value, !word.left};
	if (!text_is(operator, "<<") && !text_is(operator, "<<-"))
		return;
	shell->heres = arena_grow(shell->arena, shell->heres, shell->here_count, sizeof *shell->heres);
	shell->heres[shell->here_count++] = (struct command_here){.delimiter = word.value, .quoted = word.quoted,
		.strip = operator.length == 3};
}

void command_redirects(struct command_shell *shell)
{
	struct building b = {.shell = shell};
	read_redirect(&b);
}

static void add_word(struct building *b, const struct command_word *word)
{
	struct arena *arena = b->shell->arena;
	struct command_call *call = &b->call;
	size_t count;
	bool whole;
	struct text *words = command_braces(arena, word, &count, &whole);
	call->exact = call->exact && whole && !word->left;
	for (size_t i = 0; i < count; i++) {
		call->marks = arena_grow(arena, call->marks, call->count, 1);
		call->marks[call->count] = word->substitutes ? 's' : 'w';
		call->words = arena_grow(arena, call->words, call->count, sizeof *call->words);
		call->words[call->count++] = words[i];
	}
}

/* NAME=…, whose name was not quoted. */
static bool is_setting(const struct command_word *word)
{
	size_t equals = text_find(word->value, '=');
	return command_is_setting(word->value) && memchr(word->marks.data, 'q', equals + 1) == NULL;
}

static void take_word(struct building *b, struct command_word *word)
{
	struct command_shell *shell = b->shell;
	struct command_source *source = &shell->source;
	bool setting = is_setting(word);
	if (setting && word->value.data[word->value.length - 1] == '=' && source->at < source->end && *source->at == '(') {
		const char *start = source->at++; /* an array */
		command_word_skip(source, shell->arena, ")");
		word->value = text_of(arena_printf(shell->arena, "%.*s%.*s", TEXT_ARGS(word->value),
			(int)(source->at - start), start));
		word->marks = (struct text){0};
		word->braces = false;
		word->left = word->substitutes = true;
	}
	if (!setting || b->call.count) {
		add_word(b, word);
		return;
	}
	struct command_call *call = &b->call;
	call->settings = arena_grow(shell->arena, call->settings, call->setting_count, sizeof *call->settings);
	call->settings[call->setting_count++] = word->value;
}

void command_function_brackets(struct command_source *source)
{
	source->at++;
	command_blanks(source);
	if (source->at < source->end && *source->at == ')')
		source->at++;
	else
		command_wrong(source, "a ( stands where none can");
}

void command_function(struct command_shell *shell, struct text name)
{
	struct command_names *functions = shell->functions;
	if (functions->count == FUNCTIONS_MAX)
		return;
	functions->items = arena_grow(shell->arena, functions->items, functions->count, sizeof *functions->items);
	functions->items[functions->count++] = name;
}

/* Lists it; here-documents and here-strings of a shell are shell text. */
static void finish(struct building *b, size_t heres)
{
	struct command_shell *shell = b->shell;
	struct command_call *call = &b->call;
	if (!call->count || shell->source.reason)
		return;
	call->begin = shell->nested ? shell->begin : call->begin;
	call->end = shell->nested ? shell->end : call->end;
	if (!command_run(shell, call))
		return;
	for (size_t i = heres; i < shell->here_count; i++)
		shell->heres[i].script = true;
	for (size_t i = 0; i < call->redirect_count; i++)
		if (text_is(call->redirects[i].operator, "<<<"))
			command_script(shell, call->redirects[i].target, call->begin, call->end, !call->redirects[i].exact);
}

bool command_simple(struct command_shell *shell, const struct command_word *first, const char *start)
{
	struct command_source *source = &shell->source;
	struct building b = {.shell = shell, .call = {.exact = true, .folder = shell->folder}};
	struct command_word word = first ? *first : (struct command_word){0};
	size_t heres = shell->here_count;
	const char *last = source->at;
	b.call.begin = (size_t)(start - source->begin);
	if (first)
		take_word(&b, &word);
	while (!source->reason) {
		last = source->at;
		command_blanks(source);
		if (source->at == source->end)
			break;
		if (command_is_redirect(source)) {
			read_redirect(&b);
		} else if (*source->at == '(') {
			if (b.call.count != 1 || b.call.setting_count || b.call.redirect_count) {
				command_wrong(source, "a ( stands where none can");
				break;
			}
			command_function_brackets(source);
			command_function(shell, b.call.words[0]);
			return false;
		} else if (command_word_read(source, shell->arena, &word)) {
			take_word(&b, &word);
		} else if (source->at == last || source->at == source->end || strchr(";&|)\n", *source->at)) {
			break;
		}
	}
	b.call.end = (size_t)(last - source->begin);
	finish(&b, heres);
	return true;
}

/* The lines up to the delimiter; false: it does not come. */
static bool find_body(struct command_source *source, const struct command_here *here, struct text *body)
{
	const char *start = source->at, *at = start;
	while (at < source->end) {
		const char *newline = memchr(at, '\n', (size_t)(source->end - at));
		const char *end = newline ? newline : source->end, *text = at;
		while (here->strip && text < end && *text == '\t')
			text++;
		size_t length = (size_t)(end - text);
		if (length && text[length - 1] == '\r')
			length--;
		if (text_equal((struct text){text, length}, here->delimiter)) {
			*body = (struct text){start, (size_t)(at - start)};
			source->at = newline ? newline + 1 : end;
			return true;
		}
		at = newline ? newline + 1 : end;
	}
	return false;
}

void command_here_end(struct command_shell *shell)
{
	command_incomplete(&shell->source, "a here-document is not ended", "");
	shell->source.awaits = shell->heres[0].delimiter;
}

static void read_body(struct command_shell *shell, const struct command_here *here)
{
	struct command_source *source = &shell->source;
	struct text body;
	const char *start = source->at;
	if (!find_body(source, here, &body)) {
		command_here_end(shell);
		return;
	}
	const char *behind = source->at;
	if (!here->quoted) {
		const char *end = source->end;
		source->at = start;
		source->end = start + body.length; /* an expansion that is not closed there ends there */
		command_word_scan(source, shell->arena, source->end);
		source->end = end;
		source->at = behind;
		if (source->incomplete) {
			source->reason = NULL;
			source->incomplete = false;
		}
	}
	if (here->script && !shell->silent)
		command_script(shell, body, shell->nested ? shell->begin : (size_t)(start - source->begin),
			shell->nested ? shell->end : (size_t)(behind - source->begin), !here->quoted);
}

void command_here_bodies(struct command_shell *shell)
{
	struct command_here *heres = shell->heres;
	size_t count = shell->here_count;
	for (size_t i = 0; i < count && !shell->source.reason; i++)
		read_body(shell, &heres[i]);
	if (!shell->source.reason)
		shell->here_count = 0;
}
