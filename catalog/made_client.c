/* made_client: see made_client.h. */
#include "catalog/made_client.h"

#include "catalog/made_facet.h"

enum { WORDS_MOST = 256 };
/* Where the options stand: before the image, behind it, or as the value of another option. */
enum place_of_options { OPTIONS_BEFORE, OPTIONS_BEHIND, OPTIONS_AS_VALUE };

struct line {
	const struct making *making;
	const struct client *client;
	const struct client_command *command;
	const struct test_facet *facet;
	unsigned turn;
	struct text words[WORDS_MOST];
	size_t count;
	struct text image;
	const struct texts *operands; /* the container's command */
	struct text container;
};

static void add_word(struct line *line, struct text word)
{
	if (line->count < WORDS_MOST)
		line->words[line->count++] = word;
}

/* -v X, -vX, --volume X, --volume=X: as the turn has it. */
static void add_option(struct line *line, const struct client_option *option, struct text value, bool boolean)
{
	struct text name = option->names[line->turn % option->name_count];
	bool brief = name.length == 2, flag = line->client->style == STYLE_GOFLAG;
	const char *joint = brief && !flag ? "" : "=";

	if (boolean && text_is(value, "true") && line->turn % 3 != 2) {
		add_word(line, name);
	} else if (boolean || option->value == OPTION_OPTIONAL || line->turn % 2 == 1) {
		add_word(line, text_of(arena_printf(line->making->arena, "%.*s%s%.*s", TEXT_ARGS(name), boolean ? "=" : joint,
				       TEXT_ARGS(value))));
	} else {
		add_word(line, name);
		add_word(line, value);
	}
}

/* source:destination:mode → the value of -v, or of --mount. */
static struct text mount_value(struct line *line, const struct client_option *option, struct text mount)
{
	struct text pieces[3] = {{"", 0}, {"", 0}, {"", 0}};
	size_t end = mount.length, piece = 2;

	for (size_t i = mount.length; i-- > 0 && piece > 0;) {
		if (mount.data[i] == ':') {
			pieces[piece--] = text_slice(mount, i + 1, end);
			end = i;
		}
	}
	pieces[0] = text_slice(mount, 0, end);
	if (option->form == FORM_MOUNT)
		return text_of(arena_printf(line->making->arena, "type=%s,source=%.*s,target=%.*s%s",
			pieces[0].length > 0 && pieces[0].data[0] == '/' ? "bind" : "volume", TEXT_ARGS(pieces[0]), TEXT_ARGS(pieces[1]),
			text_is(pieces[2], "ro") ? ",readonly" : ""));
	return text_of(arena_printf(line->making->arena, "%.*s:%.*s%s", TEXT_ARGS(pieces[0]), TEXT_ARGS(pieces[1]),
		text_is(pieces[2], "ro") ? ":ro" : line->turn % 4 == 3 ? ":rw" : ""));
}

/* The option's value that asks for this value of its field; false: this option cannot. */
static bool value_for(struct line *line, const struct client_option *option, struct text value, struct text *out)
{
	*out = value;
	switch (option->form) {
	case FORM_PLAIN:
		return option->parameter.length == 0;
	case FORM_PORT:
	case FORM_DEVICE:
	case FORM_SECURITY:
	case FORM_WORDS:
		return true;
	case FORM_VOLUME:
	case FORM_MOUNT:
		*out = mount_value(line, option, value);
		return true;
	case FORM_CAPABILITY:
		*out = line->turn % 2 == 0 && text_starts(value, TEXT("CAP_"), false) ? text_slice(value, 4, value.length) : value;
		return true;
	case FORM_NAMESPACE:
		*out = option->value == OPTION_BOOLEAN ? TEXT("true") : TEXT("host");
		return text_equal(option->parameter, value);
	default:
		return false;
	}
}

/* The turn-th of the options that can say it. */
static void say_value(struct line *line, unsigned field, struct text value)
{
	const struct option_set *set = line->command->options;
	const struct client_option *able[16];
	struct text asked;
	size_t count = 0;

	for (size_t i = 0; i < set->count && count < 16; i++) {
		if (set->options[i].field == field && value_for(line, &set->options[i], value, &asked))
			able[count++] = &set->options[i];
	}
	if (count == 0)
		return;
	const struct client_option *option = able[line->turn % count];

	value_for(line, option, value, &asked);
	add_option(line, option, asked, option->value == OPTION_BOOLEAN || option->value == OPTION_FLAG);
}

static void say_fields(struct line *line)
{
	const struct registry *registry = line->making->registry;

	for (size_t i = 0; i < line->facet->count; i++) {
		const struct test_field *field = &line->facet->fields[i];
		struct text name = registry->fields[field->field].name;

		if (!text_starts(name, TEXT("container."), false))
			continue;
		if (text_is(name, "container.image.name") && field->values.count > 0)
			line->image = field->values.items[0];
		else if (text_is(name, "container.command"))
			line->operands = &field->values;
		for (size_t k = 0; k < field->values.count; k++)
			say_value(line, field->field, field->values.items[k]);
		if (text_is(name, "container.name") && field->values.count > 0)
			line->container = field->values.items[0];
	}
}

static void say_operands(struct line *line)
{
	for (size_t i = 0; i < line->command->operand_count; i++) {
		switch (line->command->operands[i]) {
		case OPERAND_IMAGE:
			add_word(line, line->image);
			break;
		case OPERAND_CONTAINER:
		case OPERAND_SERVICE:
			add_word(line, line->container);
			break;
		case OPERAND_OTHER:
			add_word(line, TEXT("x"));
			break;
		default:
			for (size_t k = 0; line->operands != NULL && k < line->operands->count; k++)
				add_word(line, line->operands->items[k]);
		}
	}
}

static void begin_line(struct line *line)
{
	add_word(line, line->client->names[0]);
	for (size_t i = 0; i < line->command->word_count; i++)
		add_word(line, line->command->words[i]);
}

static void write_line(struct line *line, enum place_of_options place)
{
	begin_line(line);
	size_t from = line->count;

	say_fields(line);
	size_t options = line->count - from;

	if (place == OPTIONS_BEFORE) {
		say_operands(line);
		return;
	}
	struct text kept[WORDS_MOST];

	for (size_t i = 0; i < options; i++)
		kept[i] = line->words[from + i];
	line->count = from;
	if (place == OPTIONS_BEHIND)
		say_operands(line);
	for (size_t i = 0; i < options; i++) {
		if (place == OPTIONS_AS_VALUE)
			add_word(line, TEXT("-e"));
		add_word(line, place == OPTIONS_AS_VALUE ? text_of(arena_printf(line->making->arena, "FLAG=%.*s", TEXT_ARGS(kept[i])))
						       : kept[i]);
	}
	if (place == OPTIONS_AS_VALUE)
		say_operands(line);
}

/* The actor's fields are the exec's. */
static void add_exec(struct line *line, struct made_list *list)
{
	const struct making *making = line->making;
	const struct registry *registry = making->registry;
	bool found;
	unsigned category = registry_category(registry, TEXT("process"), &found);
	struct made_facet facet = {.arena = making->arena, .registry = registry, .category = category,
		.action = registry_action(registry, category, TEXT("exec"))};
	struct text executable = text_of(arena_printf(making->arena, "/usr/bin/%.*s", TEXT_ARGS(line->words[0])));

	for (size_t i = 0; i < line->facet->count; i++) {
		const struct test_field *field = &line->facet->fields[i];
		struct text name = registry->fields[field->field].name;

		if (!text_starts(name, TEXT("container."), false) && !text_starts(name, TEXT("process.args"), false)
			&& !text_is(name, "process.executable") && !text_is(name, "process.name") && !text_is(name, "process.thread.name")
			&& !text_is(name, "process.command_line") && field->field != FIELD_CATEGORY && field->field != FIELD_ACTION)
			made_set(&facet, field->field, field->values.items, field->values.count);
	}
	made_set(&facet, registry_field(registry, TEXT("process.executable")), &executable, 1);
	made_set(&facet, registry_field(registry, TEXT("process.args")), line->words, line->count);
	if (!made_finish(&facet, false, line->turn))
		return;
	struct made made = {.facet = made_finished(&facet), .derived = true};

	list->items = arena_grow(making->arena, list->items, list->count, sizeof(made));
	list->items[list->count++] = made;
}

/* The `wanted`-th command, of all clients, that asks for the action; their number, where there are not so many. */
static size_t find_command(struct line *line, unsigned action, size_t wanted)
{
	const struct clients *clients = line->making->clients;
	size_t at = 0;

	for (size_t i = 0; i < clients->count; i++) {
		for (size_t k = 0; k < clients->items[i].command_count; k++) {
			const struct client_command *command = &clients->items[i].commands[k];

			if (command->action != action || command->options == NULL || at++ != wanted)
				continue;
			line->client = &clients->items[i];
			line->command = command;
			return at;
		}
	}
	return at;
}

void made_clients(const struct making *making, struct made_list *list, size_t from, size_t most)
{
	const struct registry *registry = making->registry;
	size_t end = list->count, step = (end - from) / (most > 0 ? most : 1) + 1;
	unsigned turn = 0;

	for (size_t i = from; i < end; i += step) {
		const struct test_facet *facet = &list->items[i].facet;
		struct line line = {.making = making, .facet = facet, .turn = turn, .image = TEXT("alpine"), .container = TEXT("box")};

		turn++;
		if (!text_is(registry->categories[facet->category].name, "container"))
			return;
		size_t commands = find_command(&line, facet->action, SIZE_MAX);

		if (commands == 0)
			return;
		find_command(&line, facet->action, line.turn / 2 % commands);
		/* Most say it; some have it where it says nothing. */
		write_line(&line, turn % 8 == 7 ? OPTIONS_BEHIND : turn % 8 == 3 ? OPTIONS_AS_VALUE : OPTIONS_BEFORE);
		struct made_list one = {list->items, list->count};

		/* `facet` may move with the list; the line is done with it then. */
		line.facet = &(struct test_facet){facet->category, facet->action, facet->fields, facet->count};
		add_exec(&line, &one);
		*list = one;
	}
}
