/* derived: bounds on command lines. */
#include "generator/derived.h"

#include "catalog/pattern.h"
#include "generator/mounts.h"

#include <string.h>

static const char reason_line[] =
	"the command line is one text there: words in another place, or after the image, look the same";
static const char misses_mounts[] =
	"a source that is written relative to the working directory, or through .., is not seen on the command line";

bool derived_field(const struct registry *registry, unsigned field)
{
	return text_starts(registry->fields[field].name, TEXT("container."), false);
}

/* --- which clients --- */

static bool own_action(const struct client_command *command, const unsigned *actions, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (command->next == NULL && command->action != 0 && command->action == actions[i])
			return true;
	}
	return false;
}

/* Clients hand over to one another (docker compose …, podman remote), some to themselves. */
enum { HANDED_OVER_MAX = 2 };

static bool asks(const struct client *client, const unsigned *actions, size_t count, unsigned depth)
{
	for (size_t i = 0; i < client->command_count; i++) {
		const struct client_command *command = &client->commands[i];

		if (own_action(command, actions, count))
			return true;
		if (command->next != NULL && command->next != client && depth < HANDED_OVER_MAX
			&& asks(command->next, actions, count, depth + 1))
			return true;
	}
	return false;
}

static bool client_asks(const struct client *client, const unsigned *actions, size_t count)
{
	return asks(client, actions, count, 0);
}

bool derived_action(const struct clients *clients, unsigned action)
{
	for (size_t i = 0; i < clients->count; i++) {
		if (client_asks(&clients->items[i], &action, 1))
			return true;
	}
	return false;
}

static size_t add_once(struct arena *arena, struct text **list, size_t count, struct text text)
{
	for (size_t i = 0; i < count; i++) {
		if (text_equal((*list)[i], text))
			return count;
	}
	*list = arena_grow(arena, *list, count, sizeof(**list));
	(*list)[count] = text;
	return count + 1;
}

size_t derived_names(struct arena *arena, const struct clients *clients, const unsigned *actions, size_t action_count,
	struct text **names)
{
	size_t count = 0;

	*names = NULL;
	for (size_t i = 0; i < clients->count; i++) {
		const struct client *client = &clients->items[i];

		for (size_t k = 0; k < client->name_count && client_asks(client, actions, action_count); k++)
			count = add_once(arena, names, count, client->names[k]);
	}
	return count;
}

/* An argument may hold ends of lines, which a dot does not match: every dot becomes one that does. */
static struct text across_lines(struct arena *arena, struct text regex)
{
	struct buffer out = {0};
	bool set = false;

	for (size_t i = 0; i < regex.length; i++) {
		char byte = regex.data[i];

		if (byte == '\\' && i + 1 < regex.length) {
			buffer_add(&out, regex.data + i++, 2);
			continue;
		}
		set = byte == '[' || (set && byte != ']');
		if (byte == '.' && !set)
			buffer_string(&out, "(.|\\n)");
		else
			buffer_char(&out, byte);
	}
	struct text text = text_copy(arena, buffer_view(&out));

	buffer_free(&out);
	return text;
}

struct text derived_words(struct arena *arena, const struct clients *clients, const unsigned *actions, size_t action_count)
{
	struct text *words = NULL;
	size_t count = 0;

	for (size_t i = 0; i < clients->count; i++) {
		const struct client *client = &clients->items[i];

		for (size_t k = 0; k < client->command_count; k++) {
			const struct client_command *command = &client->commands[k];

			if (own_action(command, actions, action_count))
				count = add_once(arena, &words, count, command->words[command->word_count - 1]);
		}
	}
	struct text joined = text_join(arena, words, count, '|');

	return across_lines(arena, text_of(arena_printf(arena, ".* (%.*s)( .*)?", TEXT_ARGS(joined))));
}

/* --- options --- */

/* An option of a client in its spellings, once for all commands that have it. */
struct spelling {
	const struct client_option *option;
	enum client_style style; /* GOFLAG: one dash may stand for two */
	bool comma;
};
struct spellings {
	struct spelling *items;
	size_t count;
};

static bool same_option(const struct client_option *a, const struct client_option *b)
{
	if (a->form != b->form || a->value != b->value || a->name_count != b->name_count
		|| !text_equal(a->parameter, b->parameter))
		return false;
	for (size_t i = 0; i < a->name_count; i++) {
		if (!text_equal(a->names[i], b->names[i]))
			return false;
	}
	return true;
}

static bool all_long(const struct client_option *option)
{
	for (size_t i = 0; i < option->name_count; i++) {
		if (!text_starts(option->names[i], TEXT("--"), false))
			return false;
	}
	return true;
}

static void spelling_add(const struct deriving *d, struct spellings *list, const struct client_option *option,
	const struct client *client)
{
	if (option->form == FORM_ELSEWHERE)
		return;
	for (size_t i = 0; i < list->count; i++) {
		struct spelling *known = &list->items[i];

		if (!same_option(known->option, option) || (known->style != client->style && !all_long(option)))
			continue;
		known->comma = known->comma || option->comma;
		if (client->style == STYLE_GOFLAG)
			known->style = STYLE_GOFLAG;
		return;
	}
	list->items = arena_grow(d->arena, list->items, list->count, sizeof(*list->items));
	list->items[list->count++] = (struct spelling){option, client->style, option->comma};
}

static void spellings_of_command(const struct deriving *d, struct spellings *list, const struct client *client,
	const struct client_command *command, unsigned field)
{
	if (!own_action(command, d->actions, d->action_count) || command->options == NULL)
		return;
	for (size_t i = 0; i < command->options->count; i++) {
		if (command->options->options[i].field == field)
			spelling_add(d, list, &command->options->options[i], client);
	}
}

static struct spellings spellings_of(const struct deriving *d, unsigned field)
{
	struct spellings list = {NULL, 0};

	for (size_t i = 0; i < d->clients->count; i++) {
		const struct client *client = &d->clients->items[i];

		for (size_t k = 0; k < client->command_count; k++)
			spellings_of_command(d, &list, client, &client->commands[k], field);
	}
	return list;
}

/* ".* (-[A-Za-z0-9]*v[= ]?|--volume[= ])": the option up to where its value begins. */
static void option_prefix(struct buffer *out, const struct spelling *spelling)
{
	const struct client_option *option = spelling->option;
	bool text = option->value == OPTION_TEXT;

	buffer_string(out, ".* (");
	for (size_t i = 0; i < option->name_count; i++) {
		struct text name = option->names[i];
		bool lengthy = text_starts(name, TEXT("--"), false);
		struct text bare = text_slice(name, lengthy ? 2 : 1, name.length);

		if (i > 0)
			buffer_char(out, '|');
		if (spelling->style == STYLE_GOFLAG)
			buffer_string(out, "--?");
		else
			buffer_string(out, lengthy ? "--" : "-[A-Za-z0-9]*");
		rule_regex_literal(out, bare);
		if (text)
			buffer_string(out, lengthy || spelling->style == STYLE_GOFLAG ? "[= ]" : "[= ]?");
		else if (!lengthy && spelling->style == STYLE_PFLAG)
			buffer_string(out, "[A-Za-z0-9]*");
	}
	buffer_char(out, ')');
}

/* --- values --- */

struct building {
	const struct deriving *d;
	const struct predicate *predicate;
	struct rule_node *upper;
	const char *misses;
};

static void line_test(struct building *b, struct buffer *regex, bool fold)
{
	struct arena *arena = b->d->arena;
	struct text *values = arena_array(arena, 1, sizeof(*values));
	struct rule_test test = {
		.name = b->d->command_line, .op = TEST_REGEX, .fold = fold, .lines = true, .values = values, .count = 1};

	values[0] = across_lines(arena, buffer_view(regex));
	b->upper = rule_either(arena, b->upper, rule_test(arena, &test));
	buffer_clear(regex);
}

/* The value as a pattern; an empty text: any (a regular expression, or nothing that a pattern can say). */
static struct text value_pattern(const struct building *b, size_t index)
{
	struct text text = b->predicate->values[index].text;

	switch (b->predicate->op) {
	case OPERATOR_EQUAL:
		return pattern_escape(b->d->arena, text);
	case OPERATOR_LIKE:
		return text;
	case OPERATOR_STARTS:
		return text_of(arena_printf(b->d->arena, "%.*s*", TEXT_ARGS(pattern_escape(b->d->arena, text))));
	default:
		return TEXT("*");
	}
}

static bool value_holds(const struct building *b, struct text value)
{
	for (size_t i = 0; i < b->predicate->count; i++) {
		if (pattern_match(value_pattern(b, i), value, b->predicate->fold))
			return true;
	}
	return false;
}

/* A path as somebody may type it: //, /./ and /var/run for /run. */
static void typed_path(struct arena *arena, struct buffer *out, struct text path)
{
	struct buffer plain = {0};

	if (mounts_under_run(path)) {
		buffer_string(out, "/[/.]*(var/[/.]*)?");
		path = text_slice(path, 1, path.length);
	}
	rule_regex_pattern(arena, &plain, path, "[^:]*", "[^:]");
	for (size_t i = 0; i < plain.length; i++) {
		bool in_class = plain.data[i] == '[';

		if (in_class) {
			size_t end = i + 1;

			while (end < plain.length && plain.data[end] != ']')
				end++;
			buffer_text(out, text_slice(buffer_view(&plain), i, end + 1));
			i = end;
			continue;
		}
		buffer_char(out, plain.data[i]);
		if (plain.data[i] == '/')
			buffer_string(out, "[/.]*");
	}
	if (!text_ends(path, TEXT("/"), false))
		buffer_string(out, "[/.]*");
	buffer_free(&plain);
}

/* What follows source and destination in -v, for the modes that are asked for. */
static const char *volume_tail(unsigned modes)
{
	if (modes == MOUNT_RO)
		return ":([^ ]*,)?(ro|readonly|O)(,[^ ]*)?( .*)?";
	if (modes & MOUNT_RO)
		return "(:[^ ]*)?( .*)?";
	return "(:(r|([^r]|r[^o ]|ro[^, ])[^ ]*))?( .*)?";
}

/* (source|source…) of all patterns that share the rest; they are marked as done. */
static void sources(struct building *b, struct buffer *out, struct mount_pattern *patterns, bool *done, size_t count,
	size_t first)
{
	buffer_char(out, '(');
	for (size_t i = first; i < count; i++) {
		if (done[i] || patterns[i].modes != patterns[first].modes
			|| !text_equal(patterns[i].destination, patterns[first].destination))
			continue;
		if (i > first)
			buffer_char(out, '|');
		typed_path(b->d->arena, out, patterns[i].source);
		done[i] = true;
	}
	buffer_char(out, ')');
}

static size_t mount_patterns(struct building *b, struct mount_pattern **patterns)
{
	size_t count = 0;

	*patterns = NULL;
	for (size_t i = 0; i < b->predicate->count; i++)
		count = mounts_split(b->d->arena, value_pattern(b, i), b->predicate->fold, patterns, count);
	return count;
}

static void value_volume(struct building *b, const struct spelling *spelling)
{
	struct mount_pattern *patterns;
	size_t count = mount_patterns(b, &patterns);
	bool *done = arena_array(b->d->arena, count + 1, sizeof(*done));
	struct buffer regex = {0};

	for (size_t i = 0; i < count; i++) {
		if (done[i])
			continue;
		option_prefix(&regex, spelling);
		sources(b, &regex, patterns, done, count, i);
		buffer_char(&regex, ':');
		if (text_is(patterns[i].destination, "*"))
			buffer_string(&regex, "[^:]*");
		else
			typed_path(b->d->arena, &regex, patterns[i].destination);
		buffer_string(&regex, volume_tail(patterns[i].modes));
		line_test(b, &regex, b->predicate->fold);
	}
	buffer_free(&regex);
	b->misses = misses_mounts;
}

/* The key of a --mount with its value, wherever it stands among the others. */
static struct rule_node *mount_key(struct building *b, const struct spelling *spelling, const char *keys, struct text values)
{
	struct arena *arena = b->d->arena;
	struct text *regexes = arena_array(arena, 1, sizeof(*regexes));
	struct rule_test test = {
		.name = b->d->command_line, .op = TEST_REGEX, .fold = b->predicate->fold, .values = regexes, .count = 1};
	struct buffer regex = {0};

	option_prefix(&regex, spelling);
	buffer_printf(&regex, "[^ ]*(%s)=%.*s([, ].*)?", keys, TEXT_ARGS(values));
	regexes[0] = across_lines(arena, buffer_view(&regex));
	buffer_free(&regex);
	return rule_test(arena, &test);
}

static struct text destination_regex(struct arena *arena, struct text destination)
{
	struct buffer out = {0};

	typed_path(arena, &out, destination);
	struct text text = text_copy(arena, buffer_view(&out));

	buffer_free(&out);
	return text;
}

/* --mount has its keys in any order, so its mode is not asked for. */
static void value_mount(struct building *b, const struct spelling *spelling)
{
	struct arena *arena = b->d->arena;
	struct mount_pattern *patterns;
	size_t count = mount_patterns(b, &patterns);
	bool *done = arena_array(arena, count + 1, sizeof(*done));
	struct buffer list = {0};

	for (size_t i = 0; i < count; i++)
		patterns[i].modes = MOUNT_RW;
	for (size_t i = 0; i < count; i++) {
		if (done[i])
			continue;
		sources(b, &list, patterns, done, count, i);
		struct rule_node *node = mount_key(b, spelling, "source|src", buffer_view(&list));
		struct text destination = patterns[i].destination;

		if (!text_is(destination, "*"))
			node = rule_both(arena, node,
				mount_key(b, spelling, "destination|dst|target|dest", destination_regex(arena, destination)));
		b->upper = rule_either(arena, b->upper, node);
		buffer_clear(&list);
	}
	buffer_free(&list);
	b->misses = misses_mounts;
}

/* (value|value…) with what may stand before and after it. */
struct value_form {
	const char *before, *after;
	bool fold;
	const char *ends_at; /* what of the pattern counts ends before one of these bytes */
	const char *separators; /* bytes for which any of them may stand */
};

static void value_regex(struct building *b, struct buffer *out, struct text pattern, const struct value_form *form)
{
	struct buffer plain = {0};
	size_t end = pattern.length;

	for (size_t i = 0; form->ends_at && i < end; i++) {
		if (strchr(form->ends_at, pattern.data[i]) != NULL)
			end = i;
	}
	rule_regex_pattern(b->d->arena, &plain, text_slice(pattern, 0, end), ".*", ".");
	for (size_t i = 0; i < plain.length; i++) {
		if (form->separators && strchr(form->separators, plain.data[i]) != NULL)
			buffer_printf(out, "[%s]", form->separators);
		else
			buffer_char(out, plain.data[i]);
	}
	buffer_free(&plain);
}

static void value_words(struct building *b, const struct spelling *spelling, const struct value_form *form)
{
	struct buffer regex = {0};

	option_prefix(&regex, spelling);
	buffer_string(&regex, spelling->comma ? "([^ ]*,)?" : "");
	buffer_string(&regex, form->before);
	buffer_char(&regex, '(');
	for (size_t i = 0; i < b->predicate->count; i++) {
		if (i > 0)
			buffer_char(&regex, '|');
		value_regex(b, &regex, value_pattern(b, i), form);
	}
	buffer_char(&regex, ')');
	buffer_string(&regex, spelling->comma ? "(,[^ ]*)?" : "");
	buffer_string(&regex, form->after);
	line_test(b, &regex, form->fold || b->predicate->fold);
	buffer_free(&regex);
}

/* CAP_SYS_ADMIN may be typed SYS_ADMIN, in any case. */
static void value_capability(struct building *b, const struct spelling *spelling)
{
	static const struct value_form form = {"(CAP_)?", "( .*)?", true, NULL, NULL};
	struct predicate bare = *b->predicate;
	struct value *values = arena_array(b->d->arena, bare.count + 1, sizeof(*values));
	struct building inner = *b;

	for (size_t i = 0; i < bare.count; i++) {
		values[i] = bare.values[i];
		if (text_starts(values[i].text, TEXT("CAP_"), true))
			values[i].text = text_slice(values[i].text, 4, values[i].text.length);
		else if (bare.op == OPERATOR_LIKE
			&& (text_starts(values[i].text, TEXT("*"), false) || text_starts(values[i].text, TEXT("?"), false)))
			values[i].text = TEXT("*"); /* what it begins with may not be typed */
	}
	bare.values = values;
	inner.predicate = &bare;
	value_words(&inner, spelling, &form);
	b->upper = inner.upper;
}

/* "host", "container:…" and paths: only host is kept, as the namespace's name. */
static void value_namespace(struct building *b, const struct spelling *spelling)
{
	const struct client_option *option = spelling->option;
	struct buffer regex = {0};

	if (option->parameter.length && !value_holds(b, option->parameter))
		return;
	option_prefix(&regex, spelling);
	if (option->value == OPTION_TEXT)
		buffer_string(&regex, option->parameter.length == 0 ? ".*"
			: spelling->comma ? "([^ ]*,)?host(,[^ ]*)?( .*)?" : "host( .*)?");
	else
		buffer_string(&regex, "(=(1|[tT]|[tT][rR][uU][eE]))?( .*)?");
	line_test(b, &regex, false);
	buffer_free(&regex);
}

static void value_boolean(struct building *b, const struct spelling *spelling)
{
	struct buffer regex = {0};

	if (spelling->option->parameter.length && !value_holds(b, spelling->option->parameter))
		return;
	option_prefix(&regex, spelling);
	buffer_string(&regex, "(=(1|[tT]|[tT][rR][uU][eE]))?( .*)?");
	line_test(b, &regex, false);
	buffer_free(&regex);
}

/* A form whose value is put together from what is typed: only that the option is there. */
static void value_any(struct building *b, const struct spelling *spelling)
{
	struct buffer regex = {0};

	option_prefix(&regex, spelling);
	buffer_string(&regex, ".*");
	line_test(b, &regex, false);
	buffer_free(&regex);
}

/* A tmpfs has no source. */
static void value_tmpfs(struct building *b, const struct spelling *spelling)
{
	struct mount_pattern *patterns;
	size_t count = mount_patterns(b, &patterns);

	for (size_t i = 0; i < count; i++) {
		if (pattern_match(patterns[i].source, TEXT(""), false)) {
			value_any(b, spelling);
			return;
		}
	}
}

static void value_of(struct building *b, const struct spelling *spelling)
{
	static const struct value_form plain = {"", "( .*)?", false, NULL, NULL};
	static const struct value_form device = {"", "(:[^ ]*)?( .*)?", false, ":", NULL};
	static const struct value_form security = {"", "( .*)?", false, NULL, "=:"};

	if (spelling->option->value != OPTION_TEXT && spelling->option->form == FORM_PLAIN) {
		value_boolean(b, spelling);
		return;
	}
	switch (spelling->option->form) {
	case FORM_PLAIN:
		value_words(b, spelling, &plain);
		break;
	case FORM_VOLUME:
		value_volume(b, spelling);
		break;
	case FORM_MOUNT:
		value_mount(b, spelling);
		break;
	case FORM_TMPFS:
		value_tmpfs(b, spelling);
		break;
	case FORM_CAPABILITY:
		value_capability(b, spelling);
		break;
	case FORM_NAMESPACE:
		value_namespace(b, spelling);
		break;
	case FORM_DEVICE:
		value_words(b, spelling, &device);
		break;
	case FORM_SECURITY:
		value_words(b, spelling, &security);
		break;
	default:
		value_any(b, spelling);
	}
}

/* --- operands --- */

/* The image, or the container of an exec, stands somewhere on the line. */
static bool operand_regex(struct text field, const char **before, const char **after)
{
	static const struct {
		const char *field, *before, *after;
	} operands[] = {
		{"container.image.name", ".* ([a-z+-]+://)?", "([:@ ].*)?"},
		{"container.image.tag", ".* [^ ]*:", "([@ ].*)?"},
		{"container.name", ".* ([^ ]*=)?", "( .*)?"},
		{"container.id", ".* ", "( .*)?"},
		{"container.command", ".* ", "( .*)?"},
	};

	for (size_t i = 0; i < sizeof(operands) / sizeof(*operands); i++) {
		if (text_is(field, operands[i].field)) {
			*before = operands[i].before;
			*after = operands[i].after;
			return true;
		}
	}
	return false;
}

static void operand_test(struct building *b, const char *before, const char *after)
{
	static const struct value_form form = {"", "", false, NULL, NULL};
	struct buffer regex = {0};

	buffer_string(&regex, before);
	buffer_char(&regex, '(');
	for (size_t i = 0; i < b->predicate->count; i++) {
		if (i > 0)
			buffer_char(&regex, '|');
		value_regex(b, &regex, value_pattern(b, i), &form);
	}
	buffer_char(&regex, ')');
	buffer_string(&regex, after);
	line_test(b, &regex, b->predicate->fold);
	buffer_free(&regex);
}

/* --- fields that are read from the values of another's options --- */

static const struct within {
	const char *field, *options; /* of the field that the options set */
	const char *value;           /* what a value that says it holds */
} withins[] = {
	{"container.namespaces.joined", "container.namespaces.host", "[^ ]*(container|service):.*"},
	{"container.mount_propagation", "container.mounts", ".*(shared|slave).*"},
};

static const struct within *within_of(struct text field)
{
	for (size_t i = 0; i < sizeof(withins) / sizeof(*withins); i++) {
		if (text_is(field, withins[i].field))
			return &withins[i];
	}
	return NULL;
}

static void within_test(struct building *b, const struct within *within)
{
	struct spellings list = spellings_of(b->d, registry_field(b->d->registry, text_of(within->options)));

	for (size_t i = 0; i < list.count; i++) {
		const struct client_option *option = list.items[i].option;
		bool said = option->form == FORM_NAMESPACE || option->form == FORM_VOLUME || option->form == FORM_MOUNT;
		struct buffer regex = {0};

		if (option->value != OPTION_TEXT || !said)
			continue;
		option_prefix(&regex, &list.items[i]);
		buffer_string(&regex, within->value);
		line_test(b, &regex, false);
		buffer_free(&regex);
	}
}

/* Is what the predicate asks also so where the option is left out? */
static bool holds_by_default(const struct deriving *d, const struct predicate *p)
{
	if (p->op == OPERATOR_EXISTS || p->op == OPERATOR_MISSING || p->op == OPERATOR_NOT_EQUAL || p->length || p->number)
		return true;
	if (d->registry->fields[p->field].type != TYPE_BOOLEAN)
		return false;
	for (size_t i = 0; i < p->count; i++) {
		if (!p->values[i].truth)
			return true;
	}
	return false;
}

static const char reason_default[] = "what a command line leaves out cannot be told from its text";

struct bounds derived_bound(const struct deriving *d, const struct predicate *p)
{
	struct building b = {d, p, rule_false(), NULL};
	struct spellings list = spellings_of(d, p->field);
	const char *before, *after;
	bool operand = operand_regex(d->registry->fields[p->field].name, &before, &after);

	if (holds_by_default(d, p))
		return bounds_none(reason_default);
	for (size_t i = 0; i < list.count; i++)
		value_of(&b, &list.items[i]);
	if (operand)
		operand_test(&b, before, after);
	const struct within *within = within_of(d->registry->fields[p->field].name);

	if (within != NULL)
		within_test(&b, within);
	if (list.count == 0 && !operand && within == NULL)
		return bounds_none("no option of a client asks for it");
	struct bounds bounds = bounds_upper(b.upper, reason_line);

	bounds.misses = b.misses;
	return bounds;
}
