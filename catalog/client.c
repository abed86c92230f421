/*
 * client: loads rulesets/clients.yaml, the option tables of container clients.
 */
#include "catalog/client.h"
#include "catalog/yaml_form.h"

#define NAMES_AT_MOST 16

/* Words of the file, in the order of their enums. */
static const char *const value_names[] = {"flag", "boolean", "text", "optional", NULL};
static const char *const form_names[] = {"none", "plain", "volume", "mount", "tmpfs", "capability", "namespace",
	"port", "device", "words", "json", "security", "volumes-from",
	"elsewhere", "image", "rootfs", "latest", "help", "endpoint", NULL};
static const char *const operand_names[] = {"image", "container", "service", "command", "other", NULL};
static const char *const style_names[] = {"pflag", "goflag", NULL};

#define OPTION_NAME "^(--[^=]+|-[^-=])$"

static const struct yaml_form names_form = {.sort = YAML_LIST, .of = &yaml_any_text, .flags = YAML_FILLED};
static const struct yaml_form spelling_form = {.sort = YAML_LIST, .of = &yaml_any_text, .flags = YAML_OR_ONE | YAML_FILLED};
static const struct yaml_form list_form = {.sort = YAML_LIST, .of = &yaml_any_text};
static const struct yaml_form brief_form = {.sort = YAML_LIST, .of = YAML_FORM(.sort = YAML_TEXT, .flags = YAML_DIGITS,
	.sample = "-h --hostname",
	.pattern = "^ *(--[^= ]+|-[^-= ])( +(--[^= ]+|-[^-= ]))* *$")};
static const struct yaml_form option_names_form = {.sort = YAML_LIST, .flags = YAML_FILLED, .rules = "\"maxItems\":16",
	.of = YAML_FORM(.sort = YAML_TEXT, .pattern = OPTION_NAME, .sample = "--volume")};

static const struct yaml_shape option_shape[] = {
	{"names", YAML_REQUIRED, &option_names_form, "All its spellings: -v, --volume."},
	{"value", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TEXT, .words = value_names),
		"text (left out: this): one value. boolean: with a value only as =true. flag: never one. optional: only as =value."},
	{"sets", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TEXT, .names = YAML_FIELDS),
		"The field of the asked container that the value goes to."},
	{"form", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TEXT, .words = form_names),
		"What the value means; plain where it `sets` a field."},
	{"parameter", YAML_OPTIONAL, &yaml_any_text,
		"Of a namespace: which. Of a boolean on a list field: the value that it adds."},
	{"comma", YAML_OPTIONAL, &yaml_flag, "The value is a list with commas."},
	{NULL, YAML_OPTIONAL, NULL, NULL},
};

static const struct yaml_shape set_shape[] = {
	{"interspersed", YAML_OPTIONAL, &yaml_flag, "May options follow operands? Left out: no."},
	{"include", YAML_OPTIONAL, &list_form, "Sets that stand before this one; own names hide theirs."},
	{"options", YAML_OPTIONAL, YAML_FORM(.sort = YAML_LIST, .of = YAML_FORM(.sort = YAML_RECORD, .shape = option_shape)),
		"Options that say something of the container."},
	{"text", YAML_OPTIONAL, &brief_form, "Options with a value that says nothing that we keep."},
	{"boolean", YAML_OPTIONAL, &brief_form, "Options without a value that say nothing that we keep."},
	{NULL, YAML_OPTIONAL, NULL, NULL},
};

static const struct yaml_shape command_shape[] = {
	{"words", YAML_REQUIRED, &names_form, "The command's words: [container, run]."},
	{"also", YAML_OPTIONAL, YAML_FORM(.sort = YAML_LIST, .of = &spelling_form), "Its other spellings."},
	{"action", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TEXT, .names = YAML_ACTIONS_OF_CONTAINERS), "What it asks for."},
	{"options", YAML_OPTIONAL, &yaml_any_text, "Its set of options."},
	{"operands", YAML_OPTIONAL, YAML_FORM(.sort = YAML_LIST, .of = YAML_FORM(.sort = YAML_TEXT, .words = operand_names)),
		"What its operands are, in order."},
	{"complete", YAML_OPTIONAL, &yaml_flag, "What it does not name has the client's defaults."},
	{"client", YAML_OPTIONAL, &yaml_any_text, "Instead of an action: the client whose commands follow."},
	{NULL, YAML_OPTIONAL, NULL, NULL},
};
static const struct yaml_form command_form = {.sort = YAML_RECORD, .shape = command_shape,
	.rules = "\"oneOf\":[{\"required\":[\"action\",\"options\"]},{\"required\":[\"client\"]}]"};

static const struct yaml_shape client_shape[] = {
	{"names", YAML_REQUIRED, &list_form, "File names of its executable."},
	{"runtime", YAML_OPTIONAL, &yaml_any_text, "container.runtime of what it asks for."},
	{"style", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TEXT, .words = style_names),
		"How it reads options: pflag (left out: this) or goflag."},
	{"global", YAML_OPTIONAL, &yaml_any_text, "The set of options that stand before the command."},
	{"commands", YAML_REQUIRED, YAML_FORM(.sort = YAML_LIST, .of = &command_form),
		"Commands that ask for a container, or go on to another client."},
	{"others", YAML_OPTIONAL, &list_form, "Commands that are known and ask for none; one word stands for all below it."},
	{NULL, YAML_OPTIONAL, NULL, NULL},
};

static const struct yaml_shape runtimes_shape[] = {
	{"init_threads", YAML_REQUIRED, &list_form, "Names of threads that set a container up."},
	{"shims", YAML_REQUIRED, &list_form, "Programs whose children are in a container."},
	{"helpers", YAML_REQUIRED, &list_form, "A shim's helpers, which are not: a name, then words that the arguments hold."},
	{"hosts", YAML_REQUIRED, &list_form, "Engines and daemons, which are on the host."},
	{NULL, YAML_OPTIONAL, NULL, NULL},
};

static const struct yaml_shape document_shape[] = {
	{"options", YAML_REQUIRED, YAML_FORM(.sort = YAML_TABLE, .of = YAML_FORM(.sort = YAML_RECORD, .shape = set_shape)),
		"Sets of options, by name."},
	{"clients", YAML_REQUIRED, YAML_FORM(.sort = YAML_TABLE, .of = YAML_FORM(.sort = YAML_RECORD, .shape = client_shape)),
		"Clients, by name."},
	{"runtimes", YAML_OPTIONAL, YAML_FORM(.sort = YAML_RECORD, .shape = runtimes_shape),
		"How processes show that they are in a container."},
	{NULL, YAML_OPTIONAL, NULL, NULL},
};
const struct yaml_form clients_form = {.sort = YAML_RECORD, .shape = document_shape};

struct loading {
	struct arena *arena;
	const struct registry *registry;
	struct diagnostics *d;
	struct option_set *sets;
	size_t set_count;
	struct client *clients;
	size_t client_count;
};

static int load_word(const struct loading *l, const struct yaml *node, const char *what, const char *const *names,
	unsigned *choice)
{
	struct text text;
	if (node == NULL)
		return 0;
	if (yaml_text(node, l->d, what, &text) != 0)
		return -1;
	for (unsigned i = 0; names[i] != NULL; i++) {
		if (text_is(text, names[i])) {
			*choice = i;
			return 0;
		}
	}
	return yaml_error(l->d, node, "unknown %s '%.*s'", what, TEXT_ARGS(text));
}

static int check_names(const struct loading *l, const struct yaml *node, const struct text *names, size_t count)
{
	if (count == 0 || count > NAMES_AT_MOST)
		return yaml_error(l->d, node, "an option has 1 to %d names", NAMES_AT_MOST);
	for (size_t i = 0; i < count; i++) {
		struct text n = names[i];
		bool lengthy = text_starts(n, TEXT("--"), false) && n.length > 2;
		bool brief = n.length == 2 && n.data[0] == '-' && n.data[1] != '-';
		if ((!lengthy && !brief) || text_find(n, '=') < n.length)
			return yaml_error(l->d, node, "'%.*s' is no name of an option: write -x or --name", TEXT_ARGS(n));
	}
	return 0;
}

/* Does the form make sense for the field that the option sets? */
static int check_form(const struct loading *l, const struct yaml *node, const struct client_option *option)
{
	bool lists = option->form >= FORM_VOLUME && option->form <= FORM_VOLUMES_FROM;
	if (option->field == FIELD_NONE) {
		if (lists || option->form == FORM_PLAIN || option->form == FORM_ELSEWHERE)
			return yaml_error(l->d, node, "form '%s' needs a field: sets: container.…", form_names[option->form]);
		return 0;
	}
	const struct field *field = &l->registry->fields[option->field];
	if (lists && (!field->list || field->type != TYPE_KEYWORD))
		return yaml_error(l->d, node, "form '%s' makes a list, but %.*s is none", form_names[option->form],
			TEXT_ARGS(field->name));
	if (option->form == FORM_PLAIN && option->value == OPTION_BOOLEAN && field->type != TYPE_BOOLEAN &&
		option->parameter.length == 0)
		return yaml_error(l->d, node, "a boolean that sets %.*s needs a parameter: the value where it is true",
			TEXT_ARGS(field->name));
	if (field->type == TYPE_BOOLEAN && option->value != OPTION_BOOLEAN)
		return yaml_error(l->d, node, "%.*s is set by boolean options only", TEXT_ARGS(field->name));
	return 0;
}

static int load_sets_field(const struct loading *l, const struct yaml *node, struct client_option *option)
{
	const struct yaml *sets = yaml_get(node, "sets");
	struct text name;
	if (sets == NULL)
		return 0;
	if (yaml_text(sets, l->d, "sets", &name) != 0)
		return -1;
	option->field = registry_field(l->registry, name);
	if (option->field == FIELD_NONE)
		return yaml_error(l->d, sets, "unknown field '%.*s'", TEXT_ARGS(name));
	if (yaml_get(node, "form") == NULL)
		option->form = FORM_PLAIN;
	return 0;
}

static int load_option(const struct loading *l, const struct yaml *node, struct client_option *option)
{
	struct text *names = NULL;
	size_t count = 0;
	unsigned value = OPTION_TEXT, form = FORM_NONE;
	if (yaml_check(node, option_shape, l->d, "option") != 0)
		return -1;
	const struct yaml *list = yaml_get(node, "names"), *parameter = yaml_get(node, "parameter"),
					  *comma = yaml_get(node, "comma");
	if (yaml_texts(list, l->arena, l->d, "names", &names, &count) != 0 || check_names(l, list, names, count) != 0)
		return -1;
	if (load_word(l, yaml_get(node, "value"), "value", value_names, &value) != 0 ||
		load_word(l, yaml_get(node, "form"), "form", form_names, &form) != 0)
		return -1;
	*option = (struct client_option){.names = names, .name_count = count, .value = (enum option_value)value,
		.form = (enum option_form)form, .place = node->place};
	if (load_sets_field(l, node, option) != 0)
		return -1;
	if (parameter != NULL && yaml_text(parameter, l->d, "parameter", &option->parameter) != 0)
		return -1;
	if (comma != NULL && yaml_bool(comma, l->d, "comma", &option->comma) != 0)
		return -1;
	return check_form(l, node, option);
}

const struct client_option *option_set_find(const struct option_set *set, struct text name)
{
	if (set == NULL)
		return NULL;
	for (size_t i = 0; i < set->count; i++) {
		for (size_t j = 0; j < set->options[i].name_count; j++) {
			if (text_equal(set->options[i].names[j], name))
				return &set->options[i];
		}
	}
	return NULL;
}

static int add_option(const struct loading *l, struct option_set *set, const struct client_option *option,
	const struct yaml *node)
{
	for (size_t i = 0; i < option->name_count; i++) {
		if (option_set_find(set, option->names[i]) != NULL)
			return yaml_error(l->d, node, "option %.*s stands twice in set %.*s", TEXT_ARGS(option->names[i]),
				TEXT_ARGS(set->name));
	}
	struct client_option *options = arena_grow(l->arena, (void *)set->options, set->count, sizeof(*option));
	options[set->count++] = *option;
	set->options = options;
	return 0;
}

/* What of an included option the set does not say itself: names that are free stay. */
static void include_option(const struct loading *l, struct option_set *set, const struct client_option *option)
{
	struct text *names = arena_array(l->arena, option->name_count, sizeof(*names));
	size_t count = 0;
	for (size_t i = 0; i < option->name_count; i++) {
		if (option_set_find(set, option->names[i]) == NULL)
			names[count++] = option->names[i];
	}
	if (count == 0)
		return;
	struct client_option *options = arena_grow(l->arena, (void *)set->options, set->count, sizeof(*option));
	options[set->count] = *option;
	options[set->count].names = names;
	options[set->count++].name_count = count;
	set->options = options;
}

/* The short lists: options that are known and say nothing, `-h --hostname` each. */
static int load_brief(const struct loading *l, struct option_set *set, const struct yaml *list, enum option_value value)
{
	int bad = 0;
	for (size_t i = 0; list != NULL && i < list->count; i++) {
		struct text line, *names;
		if (yaml_text(&list->items[i], l->d, "option", &line) != 0) {
			bad = -1;
			continue;
		}
		size_t count = text_split(l->arena, line, ' ', &names);
		struct client_option option = {.names = names, .name_count = count, .value = value,
			.place = list->items[i].place};
		if (check_names(l, &list->items[i], names, count) != 0 || add_option(l, set, &option, &list->items[i]) != 0)
			bad = -1;
	}
	return bad;
}

static const struct option_set *find_set(const struct loading *l, struct text name)
{
	for (size_t i = 0; i < l->set_count; i++) {
		if (text_equal(l->sets[i].name, name))
			return &l->sets[i];
	}
	return NULL;
}

static int load_includes(const struct loading *l, struct option_set *set, const struct yaml *node)
{
	struct text *names = NULL;
	size_t count = 0;
	if (node == NULL)
		return 0;
	if (yaml_texts(node, l->arena, l->d, "include", &names, &count) != 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		const struct option_set *from = find_set(l, names[i]);
		if (from == NULL)
			return yaml_error(l->d, &node->items[i], "no option set '%.*s' stands before this one", TEXT_ARGS(names[i]));
		for (size_t j = 0; j < from->count; j++)
			include_option(l, set, &from->options[j]);
	}
	return 0;
}

static int load_set(const struct loading *l, struct text name, const struct yaml *node, struct option_set *set)
{
	int bad = 0;
	*set = (struct option_set){.name = name};
	if (node->kind != YAML_MAPPING)
		return yaml_error(l->d, node, "an option set is a mapping");
	if (yaml_check(node, set_shape, l->d, "option set") != 0)
		return -1;
	const struct yaml *interspersed = yaml_get(node, "interspersed"), *list = yaml_get(node, "options");
	if (interspersed != NULL && yaml_bool(interspersed, l->d, "interspersed", &set->interspersed) != 0)
		bad = -1;
	for (size_t i = 0; list != NULL && i < list->count; i++) {
		struct client_option option;
		if (load_option(l, &list->items[i], &option) != 0 || add_option(l, set, &option, &list->items[i]) != 0)
			bad = -1;
	}
	if (load_brief(l, set, yaml_get(node, "text"), OPTION_TEXT) != 0 ||
		load_brief(l, set, yaml_get(node, "boolean"), OPTION_BOOLEAN) != 0)
		bad = -1;
	return load_includes(l, set, yaml_get(node, "include")) != 0 ? -1 : bad;
}

static int load_sets(struct loading *l, const struct yaml *node)
{
	int bad = 0;
	l->sets = arena_array(l->arena, node->count, sizeof(*l->sets));
	for (size_t i = 0; i < node->count; i++) {
		if (load_set(l, node->keys[i].text, &node->items[i], &l->sets[l->set_count]) != 0)
			bad = -1;
		l->set_count++;
	}
	return bad;
}

static int load_reference(const struct loading *l, const struct yaml *node, const char *what,
	const struct option_set **set)
{
	struct text name;
	if (node == NULL)
		return 0;
	if (yaml_text(node, l->d, what, &name) != 0)
		return -1;
	*set = find_set(l, name);
	return *set != NULL ? 0 : yaml_error(l->d, node, "there is no option set '%.*s'", TEXT_ARGS(name));
}

static int load_next(const struct loading *l, const struct yaml *node, const struct client **next)
{
	struct text name;
	if (node == NULL)
		return 0;
	if (yaml_text(node, l->d, "client", &name) != 0)
		return -1;
	for (size_t i = 0; i < l->client_count; i++) {
		if (text_equal(l->clients[i].name, name)) {
			*next = &l->clients[i];
			return 0;
		}
	}
	return yaml_error(l->d, node, "there is no client '%.*s'", TEXT_ARGS(name));
}

static int load_action(const struct loading *l, const struct yaml *node, unsigned *action)
{
	struct text name;
	bool found;
	if (node == NULL)
		return 0;
	if (yaml_text(node, l->d, "action", &name) != 0)
		return -1;
	*action = registry_action(l->registry, registry_category(l->registry, TEXT("container"), &found), name);
	return *action != 0 ? 0 : yaml_error(l->d, node, "'%.*s' is no action of containers", TEXT_ARGS(name));
}

static int load_operands(const struct loading *l, const struct yaml *node, struct client_command *command)
{
	if (node == NULL)
		return 0;
	enum operand *operands = arena_array(l->arena, node->count, sizeof(*operands));
	for (size_t i = 0; i < node->count; i++) {
		unsigned choice = 0;
		if (load_word(l, &node->items[i], "operand", operand_names, &choice) != 0)
			return -1;
		operands[i] = (enum operand)choice;
	}
	command->operands = operands;
	command->operand_count = node->count;
	return 0;
}

static void add_command(const struct loading *l, struct client *client, const struct client_command *command)
{
	struct client_command *commands = arena_grow(l->arena, (void *)client->commands, client->command_count,
		sizeof(*command));
	commands[client->command_count++] = *command;
	client->commands = commands;
}

/* The command once for each of its spellings. */
static int load_spellings(const struct loading *l, const struct yaml *node, struct client *client,
	struct client_command *command)
{
	const struct yaml *also = yaml_get(node, "also");
	for (size_t i = 0; i <= (also == NULL ? 0 : also->count); i++) {
		const struct yaml *spelling = i == 0 ? yaml_get(node, "words") : &also->items[i - 1];
		struct text *words = NULL;
		if (yaml_texts(spelling, l->arena, l->d, "words", &words, &command->word_count) != 0)
			return -1;
		if (command->word_count == 0)
			return yaml_error(l->d, spelling, "a command has at least one word");
		command->words = words;
		add_command(l, client, command);
	}
	return 0;
}

static int load_command(const struct loading *l, const struct yaml *node, struct client *client)
{
	struct client_command command = {.place = node->place};
	if (yaml_check(node, command_shape, l->d, "command") != 0)
		return -1;
	const struct yaml *complete = yaml_get(node, "complete");
	if (load_action(l, yaml_get(node, "action"), &command.action) != 0 ||
		load_reference(l, yaml_get(node, "options"), "options", &command.options) != 0 ||
		load_operands(l, yaml_get(node, "operands"), &command) != 0 ||
		load_next(l, yaml_get(node, "client"), &command.next) != 0)
		return -1;
	if (complete != NULL && yaml_bool(complete, l->d, "complete", &command.complete) != 0)
		return -1;
	if (command.action != 0 && command.options == NULL)
		return yaml_error(l->d, node, "a command with an action needs options");
	if ((command.action == 0) == (command.next == NULL))
		return yaml_error(l->d, node, "a command has an action or a client; those with neither go to others");
	return load_spellings(l, node, client, &command);
}

static int load_others(const struct loading *l, const struct yaml *node, struct client *client)
{
	struct text *names = NULL;
	size_t count = 0;
	if (node == NULL)
		return 0;
	if (yaml_texts(node, l->arena, l->d, "others", &names, &count) != 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		struct text *words;
		struct client_command command = {.place = node->items[i].place};
		command.word_count = text_split(l->arena, names[i], ' ', &words);
		command.words = words;
		add_command(l, client, &command);
	}
	return 0;
}

static int load_client(const struct loading *l, const struct yaml *node, struct client *client)
{
	int bad = 0;
	unsigned style = STYLE_PFLAG;
	struct text *names = NULL;
	if (yaml_check(node, client_shape, l->d, "client") != 0)
		return -1;
	const struct yaml *runtime = yaml_get(node, "runtime"), *commands = yaml_get(node, "commands");
	if (yaml_texts(yaml_get(node, "names"), l->arena, l->d, "names", &names, &client->name_count) != 0 ||
		load_word(l, yaml_get(node, "style"), "style", style_names, &style) != 0 ||
		load_reference(l, yaml_get(node, "global"), "global", &client->global) != 0)
		bad = -1;
	if (runtime != NULL && yaml_text(runtime, l->d, "runtime", &client->runtime) != 0)
		bad = -1;
	client->names = names;
	client->style = (enum client_style)style;
	for (size_t i = 0; i < commands->count; i++) {
		if (load_command(l, &commands->items[i], client) != 0)
			bad = -1;
	}
	return load_others(l, yaml_get(node, "others"), client) != 0 ? -1 : bad;
}

static int load_clients(struct loading *l, const struct yaml *node)
{
	int bad = 0;
	l->clients = arena_array(l->arena, node->count, sizeof(*l->clients));
	l->client_count = node->count;
	for (size_t i = 0; i < node->count; i++) { /* all names first: commands may name later clients */
		l->clients[i].name = node->keys[i].text;
		l->clients[i].place = node->keys[i].place;
	}
	for (size_t i = 0; i < node->count; i++) {
		if (load_client(l, &node->items[i], &l->clients[i]) != 0)
			bad = -1;
	}
	return bad;
}

static int load_runtimes(const struct loading *l, const struct yaml *node, struct runtimes *runtimes)
{
	struct {
		const char *key;
		const struct text **names;
		size_t *count;
	} lists[] = {
		{"init_threads", &runtimes->init_threads, &runtimes->init_thread_count},
		{"shims", &runtimes->shims, &runtimes->shim_count},
		{"helpers", &runtimes->helpers, &runtimes->helper_count},
		{"hosts", &runtimes->hosts, &runtimes->host_count},
	};
	if (node == NULL)
		return 0;
	if (yaml_check(node, runtimes_shape, l->d, "runtimes") != 0)
		return -1;
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		struct text *names = NULL;
		if (yaml_texts(yaml_get(node, lists[i].key), l->arena, l->d, lists[i].key, &names, lists[i].count) != 0)
			return -1;
		*lists[i].names = names;
	}
	return 0;
}

int clients_load(struct clients *clients, struct arena *arena, const struct registry *registry,
	const struct yaml *document, struct diagnostics *d)
{
	struct loading l = {.arena = arena, .registry = registry, .d = d};
	*clients = (struct clients){.exec = {
		.name = registry_field(registry, TEXT("process.name")),
		.executable = registry_field(registry, TEXT("process.executable")),
		.args = registry_field(registry, TEXT("process.args")),
		.command_line = registry_field(registry, TEXT("process.command_line")),
		.working_directory = registry_field(registry, TEXT("process.working_directory")),
	}};
	if (document == NULL)
		return 0;
	if (document->kind != YAML_MAPPING)
		return yaml_error(d, document, "clients.yaml is a mapping of options, clients and runtimes");
	if (yaml_check(document, document_shape, d, "clients.yaml") != 0)
		return -1;
	if (load_sets(&l, yaml_get(document, "options")) != 0 || load_clients(&l, yaml_get(document, "clients")) != 0 ||
		load_runtimes(&l, yaml_get(document, "runtimes"), &clients->runtimes) != 0)
		return -1;
	clients->items = l.clients;
	clients->count = l.client_count;
	return 0;
}

const struct client *clients_find(const struct clients *clients, struct text file_name)
{
	for (size_t i = 0; i < clients->count; i++) {
		for (size_t j = 0; j < clients->items[i].name_count; j++) {
			if (text_equal(clients->items[i].names[j], file_name))
				return &clients->items[i];
		}
	}
	return NULL;
}

const struct client_command *client_command_find(const struct client *client, const struct text *words, size_t count)
{
	const struct client_command *best = NULL;
	for (size_t i = 0; i < client->command_count; i++) {
		const struct client_command *command = &client->commands[i];
		size_t same = 0;
		while (same < command->word_count && same < count && text_equal(command->words[same], words[same]))
			same++;
		if (same == command->word_count && (best == NULL || best->word_count < same))
			best = command;
	}
	return best;
}

bool runtimes_name(const struct text *names, size_t count, struct text text)
{
	for (size_t i = 0; i < count; i++) {
		bool prefix = names[i].length > 0 && names[i].data[names[i].length - 1] == '*';
		struct text stem = prefix ? text_slice(names[i], 0, names[i].length - 1) : names[i];
		if (prefix ? text_starts(text, stem, false) : text_equal(text, stem))
			return true;
	}
	return false;
}
