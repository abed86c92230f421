/*
 * request: parses the command line of a container client as that client does.
 *
 * spf13/pflag: `-itv X`, `-vX`, `-v=X`, `--volume X`, `--volume=X`, booleans take a value only as =value,
 * `--` ends the options, and where options are not interspersed so does the first operand. Go's own flag
 * package (urfave/cli): `-name` and `--name` alike, nothing clustered.
 */
#include "replay/derive/request.h"

#include "replay/derive/gather.h"

struct line {
	const struct client *client; /* whose part of the line is being read */
	const struct text *words;
	size_t count, at;
	struct gather gather;
	bool refused; /* the client would end here with an error */
};

/* The value of an option that takes one: the next word. */
static bool next_word(struct line *line, struct text *value)
{
	if (line->at == line->count)
		return false;
	*value = line->words[line->at++];
	return true;
}

static bool take_option(struct line *line, const struct client_option *option, bool joined, struct text value)
{
	if (!joined && option->value == OPTION_TEXT && !next_word(line, &value))
		return false;
	if (joined && option->value == OPTION_FLAG)
		return false;
	/* A boolean with an empty value after `=` is refused; without `=` it is true. */
	if (joined && option->value == OPTION_BOOLEAN && value.length == 0)
		return false;
	return gather_option(&line->gather, option, value);
}

/* Both libraries give every command a --help and an -h where it has no such option of its own. */
static bool take_help(struct line *line, struct text name)
{
	bool help = text_is(name, "--help") || text_is(name, "-help") || text_is(name, "-h");
	line->gather.help = line->gather.help || help;
	return help;
}

/* --name, --name=value */
static bool take_long(struct line *line, const struct option_set *set, struct text word)
{
	size_t equals = text_find(word, '=');
	const struct client_option *option = option_set_find(set, text_slice(word, 0, equals));
	bool joined = equals < word.length;
	return option == NULL ? take_help(line, text_slice(word, 0, equals)) :
		take_option(line, option, joined, joined ? text_slice(word, equals + 1, word.length) : TEXT(""));
}

/* -abc, -abcVALUE, -c=VALUE: letters up to the first that takes a value. */
static bool take_short(struct line *line, const struct option_set *set, struct text word)
{
	for (size_t i = 1; i < word.length; i++) {
		char name[2] = {'-', word.data[i]};
		const struct client_option *option = option_set_find(set, (struct text){name, 2});
		struct text rest = text_slice(word, i + 1, word.length);
		if (option == NULL)
			return take_help(line, (struct text){name, 2});
		if (rest.length > 1 && rest.data[0] == '=')
			return take_option(line, option, true, text_slice(rest, 1, rest.length));
		if (option->value == OPTION_TEXT)
			return take_option(line, option, rest.length > 0, rest);
		if (!take_option(line, option, false, TEXT("")))
			return false;
	}
	return true;
}

/* Go's flag package: one or two dashes, any name. */
static bool take_go(struct line *line, const struct option_set *set, struct text word)
{
	size_t equals = text_find(word, '='), dashes = text_starts(word, TEXT("--"), false) ? 2 : 1;
	struct text name = text_slice(word, dashes, equals > dashes ? equals : dashes);
	bool joined = equals < word.length;
	for (size_t i = 0; set != NULL && i < set->count; i++) {
		const struct client_option *option = &set->options[i];
		for (size_t j = 0; j < option->name_count; j++) {
			size_t own = text_starts(option->names[j], TEXT("--"), false) ? 2 : 1;
			if (text_equal(text_slice(option->names[j], own, option->names[j].length), name))
				return take_option(line, option, joined, joined ? text_slice(word, equals + 1, word.length) : TEXT(""));
		}
	}
	return take_help(line, word);
}

/* Reads options from here; returns at the first operand (interspersed: operands are put into `operands`). */
static void take_options(struct line *line, const struct option_set *set, struct text *operands, size_t *operand_count)
{
	while (line->at < line->count && !line->refused) {
		struct text word = line->words[line->at];
		if (text_is(word, "--")) {
			line->at++;
			return;
		}
		if (word.length < 2 || word.data[0] != '-') { /* an operand; "-" and "" are operands too */
			if (operands == NULL)
				return;
			operands[(*operand_count)++] = word;
			line->at++;
			continue;
		}
		line->at++;
		bool lengthy = word.data[1] == '-';
		bool taken = line->client->style == STYLE_GOFLAG ? take_go(line, set, word)
			: lengthy									 ? take_long(line, set, word)
														 : take_short(line, set, word);
		line->refused = !taken;
	}
}

/* Global options and the command's words, through clients that hand over to others (docker compose …). */
static const struct client_command *find_command(struct line *line)
{
	for (;;) {
		take_options(line, line->client->global, NULL, NULL);
		if (line->refused || line->gather.help)
			return NULL;
		const struct client_command *command =
			client_command_find(line->client, line->words + line->at, line->count - line->at);
		if (command == NULL)
			return NULL;
		line->at += command->word_count;
		if (command->next == NULL)
			return command;
		line->client = command->next;
	}
}

static void take_command(struct line *line, const struct text *words, size_t count)
{
	unsigned field = registry_field(line->gather.registry, TEXT("container.command"));
	for (size_t i = 0; field != FIELD_NONE && i < count; i++)
		gather_text(&line->gather, field, words[i]);
}

static void take_operands(struct line *line, const struct client_command *command, const struct text *words, size_t count)
{
	size_t at = 0;
	for (size_t i = 0; i < command->operand_count; i++) {
		enum operand operand = command->operands[i];
		if (operand == OPERAND_CONTAINER && line->gather.latest)
			continue;
		if (at == count) {
			line->refused = line->refused || operand == OPERAND_IMAGE || operand == OPERAND_CONTAINER;
			return;
		}
		if (operand == OPERAND_COMMAND) {
			take_command(line, words + at, count - at);
			return;
		}
		if (operand == OPERAND_IMAGE)
			gather_image(&line->gather, words[at]);
		else if (operand == OPERAND_CONTAINER)
			gather_container(&line->gather, words[at]);
		at++;
	}
}

static void take_request(struct line *line, const struct client_command *command)
{
	struct text *operands = arena_array(line->gather.arena, line->count + 1, sizeof(*operands));
	size_t count = 0;
	take_options(line, command->options, command->options->interspersed ? operands : NULL, &count);
	if (line->refused)
		return;
	while (line->at < line->count) /* what follows the first operand, or `--` */
		operands[count++] = line->words[line->at++];
	take_operands(line, command, operands, count);
}

/* The facet of the request: the actor's fields, and of the container only what was asked for. */
static struct facet *make_facet(struct event *event, const struct facet *exec, unsigned action, struct text runtime)
{
	const struct registry *registry = event->registry;
	struct facet *facet = event_copy_facet(event, exec, registry->actions[action].category, action);
	for (unsigned field = FIELD_FIRST_OTHER; field < registry->field_count; field++) {
		if (facet->position[field] != 0 && text_starts(registry->fields[field].name, TEXT("container."), false))
			facet_unset(event->arena, facet, field);
	}
	unsigned field = registry_field(registry, TEXT("container.runtime"));
	if (field != FIELD_NONE && runtime.length > 0)
		facet_set_text(event, facet, field, runtime);
	facet->derived = true;
	return facet;
}

/* File name of the executable; empty where only the arguments are known. */
static struct text client_name(const struct exec_fields *fields, const struct facet *exec)
{
	struct text name = facet_text(exec, fields->name), executable = facet_text(exec, fields->executable);
	if (name.length > 0)
		return name;
	return executable.length > 0 ? path_name(executable) : TEXT("");
}

/* The arguments; of a source that joins them, the line split at blanks. */
static size_t exec_words(const struct exec_fields *fields, struct event *event, const struct facet *exec, struct text **words)
{
	const struct values *values = facet_get(exec, fields->args);
	if (values == NULL) {
		struct text line = facet_text(exec, fields->command_line);
		return line.length == 0 ? 0 : text_split(event->arena, line, ' ', words);
	}
	*words = arena_array(event->arena, values->count + 1, sizeof(**words));
	for (size_t i = 0; i < values->count; i++)
		(*words)[i] = values->items[i].text;
	return values->count;
}

struct facet *request_derive(const struct clients *clients, struct event *event, const struct facet *exec)
{
	struct text *words = NULL;
	struct text name = client_name(&clients->exec, exec);
	const struct client *client = clients_find(clients, name);
	if (name.length > 0 && client == NULL)
		return NULL;
	size_t count = exec_words(&clients->exec, event, exec, &words);
	if (name.length == 0 && count > 0)
		client = clients_find(clients, path_name(words[0]));
	if (client == NULL || count < 2 || text_is(facet_text(exec, FIELD_OUTCOME), "failure"))
		return NULL;
	struct line line = {.client = client, .words = words, .count = count, .at = 1,
		.gather = {.arena = event->arena, .registry = event->registry,
			.directory = facet_text(exec, clients->exec.working_directory)}};
	const struct client_command *command = find_command(&line);
	if (command == NULL || command->action == 0)
		return NULL;
	take_request(&line, command);
	if (line.gather.help)
		return NULL;
	struct facet *facet = make_facet(event, exec, command->action, client->runtime);
	gather_apply(&line.gather, event, facet, command->complete && !line.refused ? command->options : NULL);
	return facet;
}

/* Bytes that a shell does not take as they stand: `#` and `~` only where a word begins. */
static bool is_special(char c, bool first)
{
	struct text anywhere = TEXT("|&;<>()$`*?[\n");
	return text_find(anywhere, c) < anywhere.length || (first && (c == '#' || c == '~'));
}

/* One word from `*at` into `out`; false where the shell would do more than take it. */
static bool split_word(struct text line, size_t *at, struct buffer *out)
{
	char quote = '\0';
	size_t first = *at;
	for (; *at < line.length; ++*at) {
		char c = line.data[*at];
		if (quote == '\'' ? c == '\'' : quote == '"' && c == '"') {
			quote = '\0';
		} else if (quote == '\'') {
			buffer_char(out, c);
		} else if (c == '\\' && *at + 1 < line.length) {
			char next = line.data[++*at];
			/* Inside double quotes a backslash stays before all but these. */
			if (quote == '"' && text_find(TEXT("$`\"\\\n"), next) == 5)
				buffer_char(out, c);
			if (next != '\n')
				buffer_char(out, next);
		} else if (quote == '\0' && (c == '\'' || c == '"')) {
			quote = c;
		} else if (quote == '\0' && (c == ' ' || c == '\t')) {
			return true;
		} else if (quote == '"' ? c == '$' || c == '`' : is_special(c, *at == first)) {
			return false;
		} else {
			buffer_char(out, c);
		}
	}
	return quote == '\0';
}

bool request_split(struct arena *arena, struct text line, struct text **words, size_t *count)
{
	struct buffer word = {0};
	bool simple = true;
	*words = NULL;
	*count = 0;
	for (size_t at = 0; simple && at < line.length;) {
		if (line.data[at] == ' ' || line.data[at] == '\t') {
			at++;
			continue;
		}
		buffer_clear(&word);
		simple = split_word(line, &at, &word);
		if (simple) {
			*words = arena_grow(arena, *words, *count, sizeof(**words));
			(*words)[(*count)++] = text_copy(arena, buffer_view(&word));
		}
	}
	buffer_free(&word);
	return simple;
}
