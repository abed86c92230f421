/* spelling: see spelling.h. */
#include "replay/mutate/spelling.h"

#include <string.h>

struct reading {
	struct arena *arena;
	struct spelling *spelling;
	const struct text *words;
	size_t count, at;
};

bool option_is_long(enum option_style style, struct text name)
{
	return style == OPTIONS_GOFLAG || (name.length > 2 && name.data[1] == '-');
}

bool option_fits(enum option_style style, const struct client_option *option, struct text name, struct text value,
	enum option_joint joint)
{
	const bool lengthy = option_is_long(style, name);
	switch (joint) {
	case JOINT_NONE:
		return option->value != OPTION_TEXT;
	case JOINT_APART:
		return option->value == OPTION_TEXT;
	case JOINT_EQUALS:
		if (option->value == OPTION_FLAG || (!lengthy && (style == OPTIONS_GETOPT || value.length == 0)))
			return false;
		return lengthy || option->value == OPTION_TEXT;
	default:
		if (lengthy || value.length == 0 || value.data[0] == '=')
			return false;
		return option->value == OPTION_TEXT || (option->value == OPTION_OPTIONAL && style == OPTIONS_GETOPT);
	}
}

static struct spelled_part *part(const struct reading *r)
{
	return &r->spelling->parts[r->spelling->part_count - 1];
}

static void add_option(struct reading *r, struct spelled_option option)
{
	struct spelled_part *to = part(r);
	to->options = arena_grow(r->arena, to->options, to->option_count, sizeof(*to->options));
	to->options[to->option_count++] = option;
}

static bool read_value(struct reading *r, struct spelled_option option)
{
	if (option.option->value != OPTION_TEXT) {
		option.joint = JOINT_NONE;
	} else {
		if (r->at == r->count)
			return false;
		option.value = r->words[r->at++];
		option.joint = JOINT_APART;
	}
	add_option(r, option);
	return true;
}

static bool read_long(struct reading *r, struct text word)
{
	const size_t equals = text_find(word, '=');
	const struct text name = text_slice(word, 0, equals);
	const struct client_option *option = option_set_find(part(r)->set, name);
	if (option == NULL)
		return false;
	struct spelled_option spelled = {option, name, TEXT(""), JOINT_NONE};
	if (equals == word.length)
		return read_value(r, spelled);
	spelled.value = text_slice(word, equals + 1, word.length);
	spelled.joint = JOINT_EQUALS;
	add_option(r, spelled);
	return option->value != OPTION_FLAG;
}

static bool read_short(struct reading *r, struct text word)
{
	for (size_t i = 1; i < word.length; i++) {
		const struct text name = text_of(arena_printf(r->arena, "-%c", word.data[i]));
		const struct client_option *option = option_set_find(part(r)->set, name);
		struct text rest = text_slice(word, i + 1, word.length);
		if (option == NULL)
			return false;
		struct spelled_option spelled = {option, name, TEXT(""), JOINT_NONE};
		const bool takes = option->value == OPTION_TEXT ||
			(option->value == OPTION_OPTIONAL && r->spelling->style == OPTIONS_GETOPT);
		if (r->spelling->style == OPTIONS_PFLAG && rest.length > 1 && rest.data[0] == '=') {
			spelled.value = text_slice(rest, 1, rest.length);
			spelled.joint = JOINT_EQUALS;
			add_option(r, spelled);
			return option->value == OPTION_TEXT;
		}
		/* -mu is -m with the file `u`, which was hardly meant. */
		if (takes && rest.length > 0 && option->value == OPTION_OPTIONAL && rest.data[0] != '/')
			return false;
		if (takes && rest.length > 0) {
			spelled.value = rest;
			spelled.joint = JOINT_DIRECT;
			add_option(r, spelled);
			return true;
		}
		if (!read_value(r, spelled))
			return false;
	}
	return true;
}

static bool read_go(struct reading *r, struct text word)
{
	const size_t equals = text_find(word, '='), dashes = text_starts(word, TEXT("--"), false) ? 2 : 1;
	const struct option_set *set = part(r)->set;
	if (equals <= dashes)
		return false;
	const struct text own = text_slice(word, dashes, equals);
	for (size_t i = 0; i < set->count; i++)
		for (size_t k = 0; k < set->options[i].name_count; k++) {
			const struct text name = set->options[i].names[k];
			if (!text_equal(text_slice(name, text_starts(name, TEXT("--"), false) ? 2 : 1, name.length), own))
				continue;
			struct spelled_option spelled = {&set->options[i], text_slice(word, 0, equals), TEXT(""), JOINT_NONE};
			if (equals == word.length)
				return read_value(r, spelled);
			spelled.value = text_slice(word, equals + 1, word.length);
			spelled.joint = JOINT_EQUALS;
			add_option(r, spelled);
			return true;
		}
	return false;
}

/* Options up to the first operand; where they may follow, too, operands are put aside. false: one is not known. */
static bool read_options(struct reading *r, struct text *operands, size_t *operand_count)
{
	while (r->at < r->count) {
		const struct text word = r->words[r->at];
		if (text_is(word, "--")) {
			r->at++;
			r->spelling->dashes = true;
			return true;
		}
		if (word.length < 2 || word.data[0] != '-') {
			if (operands == NULL)
				return true;
			operands[(*operand_count)++] = word;
			r->at++;
			continue;
		}
		if (part(r)->set == NULL)
			return false;
		r->at++;
		const bool known = r->spelling->style == OPTIONS_GOFLAG ? read_go(r, word)
			: word.data[1] == '-' ? read_long(r, word) : read_short(r, word);
		if (!known)
			return false;
	}
	return true;
}

static bool begin_part(struct reading *r, size_t words, const struct option_set *set)
{
	struct spelling *s = r->spelling;
	if (s->part_count == SPELLED_PARTS)
		return false;
	s->parts[s->part_count++] = (struct spelled_part){.words = r->words + r->at, .word_count = words, .set = set};
	r->at += words;
	return true;
}

static bool read_operands(struct reading *r, const struct option_set *set)
{
	struct text *operands = arena_array(r->arena, r->count + 1, sizeof *operands);
	size_t count = 0;
	if (!read_options(r, set != NULL && set->interspersed ? operands : NULL, &count))
		return false;
	while (r->at < r->count)
		operands[count++] = r->words[r->at++];
	r->spelling->operands = operands;
	r->spelling->operand_count = count;
	return true;
}

/* What follows a command that asks for no container is left as it stands. */
static bool read_client(struct reading *r, const struct client *client)
{
	for (;;) {
		r->spelling->client = client;
		r->spelling->style = client->style == STYLE_GOFLAG ? OPTIONS_GOFLAG : OPTIONS_PFLAG;
		if (!read_options(r, NULL, NULL) || r->spelling->dashes)
			return false;
		const struct client_command *command = client_command_find(client, r->words + r->at, r->count - r->at);
		if (command == NULL || (command->next == NULL && command->options == NULL)) {
			r->spelling->operands = r->words + r->at;
			r->spelling->operand_count = r->count - r->at;
			return true;
		}
		if (!begin_part(r, command->word_count, command->next != NULL ? command->next->global : command->options))
			return false;
		if (command->next == NULL) {
			r->spelling->command = command;
			return read_operands(r, command->options);
		}
		client = command->next;
	}
}

bool spelling_read(struct arena *arena, const struct clients *clients, const struct tools *tools, struct text name,
	const struct text *words, size_t count, struct spelling *spelling)
{
	const struct client *client = clients_find(clients, name);
	const struct option_set *set = client == NULL ? tools_options(tools, path_name(words[0])) : client->global;
	struct reading r = {.arena = arena, .spelling = spelling, .words = words, .count = count};
	*spelling = (struct spelling){.style = OPTIONS_GETOPT};
	if ((client == NULL && set == NULL) || !begin_part(&r, 1, set))
		return false;
	return client != NULL ? read_client(&r, client) : read_operands(&r, set);
}

size_t spelling_write(struct arena *arena, const struct spelling *spelling, struct text **words)
{
	size_t most = spelling->operand_count + 2, count = 0;
	for (size_t i = 0; i < spelling->part_count; i++)
		most += spelling->parts[i].word_count + 2 * spelling->parts[i].option_count;
	struct text *out = arena_array(arena, most, sizeof *out);
	for (size_t i = 0; i < spelling->part_count; i++) {
		const struct spelled_part *from = &spelling->parts[i];
		for (size_t k = 0; k < from->word_count; k++)
			out[count++] = from->words[k];
		for (size_t k = 0; k < from->option_count; k++) {
			const struct spelled_option *option = &from->options[k];
			if (option->joint == JOINT_EQUALS || option->joint == JOINT_DIRECT) {
				out[count++] = text_of(arena_printf(arena, "%.*s%s%.*s", TEXT_ARGS(option->name),
					option->joint == JOINT_EQUALS ? "=" : "", TEXT_ARGS(option->value)));
				continue;
			}
			out[count++] = option->name;
			if (option->joint == JOINT_APART)
				out[count++] = option->value;
		}
	}
	if (spelling->dashes)
		out[count++] = TEXT("--");
	for (size_t i = 0; i < spelling->operand_count; i++)
		out[count++] = spelling->operands[i];
	*words = out;
	return count;
}

struct spelling spelling_copy(struct arena *arena, const struct spelling *spelling)
{
	struct spelling copy = *spelling;
	for (size_t i = 0; i < copy.part_count; i++) {
		struct spelled_part *own = &copy.parts[i];
		struct spelled_option *options = arena_array(arena, own->option_count + 1, sizeof *options);
		for (size_t k = 0; k < own->option_count; k++)
			options[k] = own->options[k];
		own->options = options;
	}
	return copy;
}
