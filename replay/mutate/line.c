/* line: operators over the options of a command line (spelling.h). */
#include "replay/mutate/operators.h"
#include "replay/mutate/spelling.h"

/* false: the act is no command line that is known whole. */
static bool read_line(struct maker *maker, struct spelling *spelling)
{
	const struct texts *words = maker_words(maker);
	if (words == NULL)
		return false;
	const struct text name = act_text(maker->act, maker->fields->name), own = path_name(words->items[0]);
	return spelling_read(maker->arena, &maker->catalog->clients, maker->tools, name.length > 0 ? name : own, words->items,
		words->count, spelling);
}

static void add_line(struct maker *maker, const struct spelling *spelling)
{
	struct text *words = NULL;
	const size_t count = spelling_write(maker->arena, spelling, &words);
	maker_add_words(maker, words, count);
}

static struct spelled_part *last_part(struct spelling *spelling)
{
	return &spelling->parts[spelling->part_count - 1];
}

/* The command and its image alone. Where that is caught, too, it is not its options that are suspicious. */
static struct spelling without_options(struct maker *maker, const struct spelling *line)
{
	struct spelling bare = spelling_copy(maker->arena, line);
	last_part(&bare)->option_count = 0;
	bare.operand_count = 1;
	return bare;
}

static bool matches_line(struct maker *maker, const struct spelling *spelling)
{
	struct text *words = NULL;
	const size_t count = spelling_write(maker->arena, spelling, &words);
	const struct act act = act_of_words(maker->arena, maker->fields, maker->act, words, count);
	return maker->matches(maker->context, &act);
}

/* The last of several counts where a field has one value; so options of one field, or of no known one, keep their order. */
static bool may_swap(const struct spelled_option *a, const struct spelled_option *b)
{
	return a->option != b->option && (a->option->field == FIELD_NONE || a->option->field != b->option->field);
}

void make_option_order(struct maker *maker)
{
	struct spelling line;
	if (!read_line(maker, &line))
		return;
	for (size_t p = 0; p < line.part_count; p++)
		for (size_t i = 1; i < line.parts[p].option_count; i++) {
			struct spelling other = spelling_copy(maker->arena, &line);
			struct spelled_option *options = other.parts[p].options;
			for (size_t k = i; k > 0 && may_swap(&options[k - 1], &options[k]); k--) {
				const struct spelled_option swapped = options[k];
				options[k] = options[k - 1];
				options[k - 1] = swapped;
			}
			add_line(maker, &other);
		}
}

/* Each option in another name or joint that `choose` gives it. */
static void each_option(struct maker *maker,
	bool (*choose)(const struct spelling *line, struct spelled_option *option, size_t turn))
{
	struct spelling line;
	if (!read_line(maker, &line))
		return;
	for (size_t p = 0; p < line.part_count; p++)
		for (size_t i = 0; i < line.parts[p].option_count; i++)
			for (size_t turn = 0; turn < 4; turn++) {
				struct spelling other = spelling_copy(maker->arena, &line);
				if (choose(&line, &other.parts[p].options[i], turn))
					add_line(maker, &other);
			}
}

static bool choose_joint(const struct spelling *line, struct spelled_option *option, size_t turn)
{
	static const enum option_joint joints[] = {JOINT_APART, JOINT_EQUALS, JOINT_DIRECT};
	if (turn > 2 || option->joint == JOINT_NONE || option->joint == joints[turn] ||
		!option_fits(line->style, option->option, option->name, option->value, joints[turn]))
		return false;
	option->joint = joints[turn];
	return true;
}

void make_option_joint(struct maker *maker)
{
	each_option(maker, choose_joint);
}

static enum option_joint other_joint(const struct spelled_option *option)
{
	if (option->joint == JOINT_DIRECT)
		return JOINT_EQUALS;
	return option->option->value == OPTION_TEXT ? JOINT_APART : JOINT_DIRECT;
}

static bool choose_name(const struct spelling *line, struct spelled_option *option, size_t turn)
{
	if (turn >= option->option->name_count || text_equal(option->option->names[turn], option->name))
		return false;
	option->name = option->option->names[turn];
	if (!option_fits(line->style, option->option, option->name, option->value, option->joint))
		option->joint = other_joint(option);
	return option_fits(line->style, option->option, option->name, option->value, option->joint);
}

void make_option_name(struct maker *maker)
{
	each_option(maker, choose_name);
}

/* All short options in one word: those without a value first, at most one with a value behind them. */
void make_option_cluster(struct maker *maker)
{
	struct spelling line;
	if (!read_line(maker, &line) || line.style == OPTIONS_GOFLAG)
		return;
	struct spelled_part *part = last_part(&line);
	struct spelled_option *kept = arena_array(maker->arena, part->option_count + 2, sizeof *kept);
	struct text letters = TEXT("-");
	size_t count = 0, clustered = 0;
	if (line.client != NULL && line.command != NULL)
		letters = option_set_find(part->set, TEXT("-i")) != NULL ? TEXT("-i") : letters;
	for (size_t i = 0; i < part->option_count; i++)
		if (part->options[i].joint == JOINT_NONE && !option_is_long(line.style, part->options[i].name)) {
			letters = maker_text(maker, "%.*s%c", TEXT_ARGS(letters), part->options[i].name.data[1]);
			clustered++;
		}
	for (size_t i = 0; i < part->option_count; i++) {
		struct spelled_option option = part->options[i];
		const bool brief = !option_is_long(line.style, option.name);
		if (option.joint == JOINT_NONE && brief)
			continue;
		if (brief && letters.length > 1 && (option.joint == JOINT_APART || option.joint == JOINT_DIRECT)) {
			option.name = maker_text(maker, "%.*s%c", TEXT_ARGS(letters), option.name.data[1]);
			letters.length = 1;
		}
		kept[count++] = option;
	}
	if (letters.length > 1 && clustered > 0)
		kept[count++] = (struct spelled_option){part->options[0].option, letters, TEXT(""), JOINT_NONE};
	part->options = kept;
	part->option_count = count;
	add_line(maker, &line);
}

/* getopt_long takes any beginning of a long name that fits no other. */
static bool choose_beginning(const struct spelling *line, struct spelled_option *option, size_t turn)
{
	const struct option_set *set = line->parts[line->part_count - 1].set;
	if (line->style != OPTIONS_GETOPT || !option_is_long(line->style, option->name) || option->name.length < 6 + turn)
		return false;
	option->name.length -= turn + 1;
	for (size_t i = 0; i < set->count; i++)
		for (size_t k = 0; &set->options[i] != option->option && k < set->options[i].name_count; k++)
			if (text_starts(set->options[i].names[k], option->name, false))
				return false;
	return true;
}

void make_option_beginning(struct maker *maker)
{
	each_option(maker, choose_beginning);
}

static bool choose_true(const struct spelling *line, struct spelled_option *option, size_t turn)
{
	static const char *const words[] = {"true", "1", "TRUE", "t"};
	if (line->style == OPTIONS_GETOPT || option->option->value != OPTION_BOOLEAN || option->joint != JOINT_NONE ||
		!option_is_long(line->style, option->name))
		return false;
	option->value = text_of(words[turn]);
	option->joint = JOINT_EQUALS;
	return true;
}

void make_boolean_value(struct maker *maker)
{
	each_option(maker, choose_true);
}

static bool choose_false(const struct spelling *line, struct spelled_option *option, size_t turn)
{
	static const char *const words[] = {"false", "0", "FALSE", "f"};
	if (line->style == OPTIONS_GETOPT || option->option->value != OPTION_BOOLEAN || option->option->field == FIELD_NONE ||
		!option_is_long(line->style, option->name))
		return false;
	if (option->value.length > 0 && text_find(TEXT("1tT"), option->value.data[0]) == 3)
		return false; /* it is false already */
	option->value = text_of(words[turn]);
	option->joint = JOINT_EQUALS;
	return true;
}

/* Only where nothing else on the line asks for anything. */
static bool asks_once(const struct spelling *line)
{
	size_t asking = 0;
	for (size_t p = 0; p < line->part_count; p++)
		for (size_t i = 0; i < line->parts[p].option_count; i++)
			asking += line->parts[p].options[i].option->field != FIELD_NONE;
	return asking == 1;
}

void miss_boolean_off(struct maker *maker)
{
	struct spelling line;
	if (!read_line(maker, &line) || line.command == NULL || !asks_once(&line))
		return;
	struct spelling bare = without_options(maker, &line);
	bare.operand_count = line.operand_count;
	if (!matches_line(maker, &bare))
		each_option(maker, choose_false);
}

static bool same_operands(const struct client_command *a, const struct client_command *b)
{
	if (a->operand_count != b->operand_count)
		return false;
	for (size_t i = 0; i < a->operand_count; i++)
		if (a->operands[i] != b->operands[i])
			return false;
	return true;
}

static bool same_command(const struct client_command *a, const struct client_command *b)
{
	return a->action == b->action && a->options == b->options && a->next == b->next && same_operands(a, b);
}

void make_command_word(struct maker *maker)
{
	struct spelling line;
	if (!read_line(maker, &line) || line.command == NULL)
		return;
	for (size_t i = 0; i < line.client->command_count; i++) {
		const struct client_command *other = &line.client->commands[i];
		if (other == line.command || !same_command(other, line.command))
			continue;
		last_part(&line)->words = other->words;
		last_part(&line)->word_count = other->word_count;
		add_line(maker, &line);
	}
}

/* The other client's option that means the same by the same name. */
static bool translate(struct spelled_part *part, const struct option_set *set)
{
	for (size_t i = 0; i < part->option_count; i++) {
		const struct client_option *own = part->options[i].option, *other = option_set_find(set, part->options[i].name);
		if (other == NULL || other->field != own->field || other->comma != own->comma || other->form != own->form ||
			other->value != own->value ||
			!text_equal(other->parameter, own->parameter) || (other->field == FIELD_NONE && own->form != FORM_NONE))
			return false;
		part->options[i].option = other;
	}
	part->set = set;
	return true;
}

static bool translates(const struct text *words, size_t count, const struct client_command *command)
{
	if (count != command->word_count)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!text_equal(words[i], command->words[i]))
			return false;
	return true;
}

static bool asks_for(struct maker *maker, const char *field);

/* docker, podman and nerdctl: the same words of another client. Not for options of the client itself, which name its own
 * engine; nor where the detection asks for the engine. */
void make_other_client(struct maker *maker)
{
	struct spelling line;
	if (!read_line(maker, &line) || line.command == NULL || line.part_count != 2 || line.parts[0].option_count > 0 ||
		line.style != OPTIONS_PFLAG || asks_for(maker, "container.runtime"))
		return;
	for (size_t i = 0; i < maker->catalog->clients.count; i++) {
		const struct client *client = &maker->catalog->clients.items[i];
		if (client == line.client || client->style != line.client->style || client->runtime.length == 0)
			continue;
		for (size_t k = 0; k < client->command_count; k++) {
			const struct client_command *command = &client->commands[k];
			if (command->options == NULL || command->action != line.command->action ||
				command->complete != line.command->complete || !same_operands(command, line.command) ||
				!translates(line.parts[1].words, line.parts[1].word_count, command))
				continue;
			struct spelling other = spelling_copy(maker->arena, &line);
			other.parts[0].words = client->names;
			if (translate(&other.parts[1], command->options))
				add_line(maker, &other);
		}
	}
}

struct asking {
	unsigned field;
	bool found;
};

static void ask(const struct predicate *predicate, void *context)
{
	struct asking *asking = context;
	asking->found = asking->found || predicate->field == asking->field || predicate->other == asking->field;
}

static bool asks_for(struct maker *maker, const char *field)
{
	struct asking asking = {registry_field(&maker->catalog->registry, text_of(field)), false};
	for (size_t i = 0; i < maker->detection->condition_count; i++)
		condition_visit(maker->detection->conditions[i], ask, &asking);
	return asking.found;
}

static struct text letter_case(struct maker *maker, struct text text, bool upper)
{
	char *copy = arena_strndup(maker->arena, text.data, text.length);
	for (size_t i = 0; i < text.length; i++) {
		if (upper && copy[i] >= 'a' && copy[i] <= 'z')
			copy[i] = (char)(copy[i] - 'a' + 'A');
		else if (!upper && copy[i] >= 'A' && copy[i] <= 'Z')
			copy[i] = (char)(copy[i] - 'A' + 'a');
	}
	return (struct text){copy, text.length};
}

/* SYS_ADMIN, CAP_SYS_ADMIN, sys_admin, cap_sys_admin. */
void make_capability(struct maker *maker)
{
	struct spelling line;
	if (!read_line(maker, &line) || line.command == NULL)
		return;
	const struct spelled_part *part = last_part(&line);
	for (size_t i = 0; i < part->option_count; i++) {
		struct text value = part->options[i].value;
		if (part->options[i].option->form != FORM_CAPABILITY || text_find(value, ',') < value.length ||
			line.style == OPTIONS_GOFLAG)
			continue;
		if (text_starts(value, TEXT("CAP_"), true))
			value = text_slice(value, 4, value.length);
		for (size_t turn = 0; turn < 4; turn++) {
			struct spelling other = spelling_copy(maker->arena, &line);
			const struct text cased = letter_case(maker, value, turn % 2 == 0);
			const char *before = turn < 2 || text_equal_fold(value, TEXT("ALL")) ? "" : turn == 2 ? "CAP_" : "cap_";
			last_part(&other)->options[i].value = maker_text(maker, "%s%.*s", before, TEXT_ARGS(cased));
			add_line(maker, &other);
		}
	}
}

/* -v SOURCE:DESTINATION[:ro] → --mount type=bind,…; of absolute sources without further options. */
void make_volume_as_mount(struct maker *maker)
{
	static const char *const keys[][2] = {{"source", "target"}, {"src", "dst"}, {"source", "destination"}};
	struct spelling line;
	if (!read_line(maker, &line) || line.command == NULL || line.style == OPTIONS_GOFLAG)
		return;
	const struct client_option *mount = option_set_find(last_part(&line)->set, TEXT("--mount"));
	for (size_t i = 0; mount != NULL && i < last_part(&line)->option_count; i++) {
		const struct spelled_option *option = &last_part(&line)->options[i];
		struct text *pieces = NULL;
		const size_t count = text_split(maker->arena, option->value, ':', &pieces);
		const bool ro = count == 3 && text_is(pieces[2], "ro"), rw = count == 2 || (count == 3 && text_is(pieces[2], "rw"));
		if (option->option->form != FORM_VOLUME || !(ro || rw) || pieces[0].data[0] != '/' || pieces[1].data[0] != '/' ||
			text_find(option->value, ',') < option->value.length)
			continue;
		for (size_t turn = 0; turn < 3; turn++) {
			struct spelling other = spelling_copy(maker->arena, &line);
			const struct text value = maker_text(maker, "type=bind,%s=%.*s,%s=%.*s%s", keys[turn][0], TEXT_ARGS(pieces[0]),
				keys[turn][1], TEXT_ARGS(pieces[1]), !ro ? "" : turn == 1 ? ",readonly=true" : ",readonly");
			last_part(&other)->options[i] = (struct spelled_option){mount, mount->names[0], value,
				turn == 1 ? JOINT_EQUALS : JOINT_APART};
			add_line(maker, &other);
		}
	}
}

static void add_option(struct maker *maker, const struct spelling *line, size_t part, bool first, const char *name,
	const char *value)
{
	const struct option_set *set = line->parts[part].set;
	const struct client_option *option = set != NULL ? option_set_find(set, text_of(name)) : NULL;
	if (option == NULL || (option->value == OPTION_TEXT) != (value != NULL))
		return;
	struct spelling other = spelling_copy(maker->arena, line);
	struct spelled_part *to = &other.parts[part];
	struct spelled_option *options = arena_array(maker->arena, to->option_count + 1, sizeof *options);
	for (size_t i = 0; i < to->option_count; i++)
		options[i + first] = to->options[i];
	options[first ? 0 : to->option_count] = (struct spelled_option){option, text_of(name), text_of(value),
		value != NULL ? JOINT_APART : JOINT_NONE};
	to->options = options;
	to->option_count++;
	add_line(maker, &other);
}

/* Options that change nothing of what is asked for. */
void make_padding(struct maker *maker)
{
	static const struct {
		const char *name, *value;
	} padding[] = {
		{"--rm", NULL},
		{"-t", NULL},
		{"--label", "build=7"},
		{"--env", "TERM=xterm"},
		{"-e", "A=b"},
		{"--hostname", "node"},
		{"--interactive", NULL},
		{"--stop-timeout", "5"},
	};
	struct spelling line;
	if (!read_line(maker, &line) || line.command == NULL)
		return;
	for (size_t i = 0; i < sizeof padding / sizeof *padding; i++)
		add_option(maker, &line, line.part_count - 1, i % 2 == 0, padding[i].name, padding[i].value);
}

/* Options before the command that change nothing of it. */
void make_global_option(struct maker *maker)
{
	struct spelling line;
	if (!read_line(maker, &line) || line.client == NULL)
		return;
	add_option(maker, &line, 0, true, "--log-level", "error");
	add_option(maker, &line, 0, true, "-l", "warn");
	add_option(maker, &line, 0, false, "--debug", NULL);
	add_option(maker, &line, 0, true, "--config", "/tmp/c");
	add_option(maker, &line, 0, true, "--namespace", "default");
}

/* The same words behind the image are the container's own. */
void miss_behind_image(struct maker *maker)
{
	struct spelling line;
	if (!read_line(maker, &line) || line.command == NULL || line.operand_count == 0 || last_part(&line)->set->interspersed ||
		last_part(&line)->option_count == 0)
		return;
	struct spelling other = spelling_copy(maker->arena, &line);
	other.operand_count = 0;
	struct text *written = NULL, *words = NULL;
	struct spelling bare = without_options(maker, &line);
	if (matches_line(maker, &bare))
		return;
	const size_t count = spelling_write(maker->arena, &bare, &words), all = spelling_write(maker->arena, &other, &written);
	struct text *out = arena_array(maker->arena, count + all, sizeof *out);
	size_t at = 0;
	for (size_t i = 0; i < count; i++)
		out[at++] = words[i];
	for (size_t i = count - 1; i < all; i++)
		out[at++] = written[i];
	maker_add_words(maker, out, at);
}

/* The same words as values of the environment. */
void miss_in_environment(struct maker *maker)
{
	struct spelling line;
	if (!read_line(maker, &line) || line.command == NULL || line.operand_count == 0 || last_part(&line)->option_count == 0)
		return;
	const struct client_option *environment = option_set_find(last_part(&line)->set, TEXT("-e"));
	if (environment == NULL || environment->value != OPTION_TEXT)
		return;
	struct spelled_part *part = last_part(&line);
	const struct spelling bare = without_options(maker, &line);
	if (matches_line(maker, &bare))
		return;
	for (size_t i = 0; i < part->option_count; i++) {
		const struct spelled_option *option = &part->options[i];
		const char *between = option->joint == JOINT_NONE ? "" : "=";
		part->options[i] = (struct spelled_option){environment, TEXT("-e"), maker_text(maker, "ARGS=%.*s%s%.*s",
			TEXT_ARGS(option->name), between, TEXT_ARGS(option->value)), JOINT_APART};
	}
	line.operand_count = 1;
	add_line(maker, &line);
}

void miss_capability_dropped(struct maker *maker)
{
	struct spelling line;
	if (!read_line(maker, &line) || line.command == NULL || !asks_once(&line))
		return;
	struct spelling bare = without_options(maker, &line);
	bare.operand_count = line.operand_count;
	if (matches_line(maker, &bare))
		return;
	struct spelled_part *part = last_part(&line);
	const struct client_option *drop = option_set_find(part->set, TEXT("--cap-drop"));
	for (size_t i = 0; drop != NULL && i < part->option_count; i++)
		if (part->options[i].option->form == FORM_CAPABILITY && part->options[i].option != drop) {
			part->options[i].option = drop;
			part->options[i].name = TEXT("--cap-drop");
			add_line(maker, &line);
		}
}
