/* dialect_row: the rows of a dialect's fields (dialect_loading.h). */
#include "catalog/dialect_loading.h"
#include "catalog/yaml_form.h"

#include <string.h>

static const struct yaml_form texts_table = {.sort = YAML_TABLE, .of = &yaml_any_text};

static const struct yaml_shape field_keys[] = {
	{"name", YAML_OPTIONAL, &yaml_texts_of, "Its raw name, or several in order: the first that is there."},
	{"format", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TEXT, .sample = "\"{source}:{target}:{mode|unknown}\""),
		"Instead of `name`: text with raw names in braces; what follows a bar stands there where the name is missing."},
	{"words", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TABLE, .of = &texts_table),
		"Of a `format`: what words of a raw name become in it."},
	{"each", YAML_OPTIONAL, &yaml_any_text, "A value for each object of this array."},
	{"where", YAML_OPTIONAL, &dialect_match_form, "With `each`: only of the objects in which these tests hold."},
	{"item", YAML_OPTIONAL, YAML_FORM(.sort = YAML_WHOLE, .rules = "\"minimum\":0,\"maximum\":65535"),
		"Of several values the one at this place, from 0."},
	{"take", YAML_OPTIONAL, &yaml_any_text,
		"An expression for the whole value; what its first plain group holds is the value."},
	{"base", YAML_OPTIONAL, &yaml_any_text, "The raw name of the folder in which a relative path stands."},
	{"shape", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TEXT, .names = YAML_SHAPES),
		"How the value stands there; left out: as it is."},
	{"size", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TEXT, .flags = YAML_DIGITS,
		.pattern = "^([0-9]+|0[xX][0-9a-fA-F]+)$"),
		"Of truncated: bytes; of bits-set: the mask."},
	{"separator", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TEXT, .pattern = "^[\\x00-\\x7f]$"), "One character."},
	{"layout", YAML_OPTIONAL, &yaml_any_text, "Of date: how it is written, as \"%d/%b/%Y:%H:%M:%S %z\"."},
	{"map", YAML_OPTIONAL, &texts_table, "Of mapped: raw word → value; \"*\" is any other."},
	{"open", YAML_OPTIONAL, &yaml_any_text,
		"true, of mapped: words that the map lacks stand for values, too, which nobody here knows."},
	{"key", YAML_OPTIONAL, &yaml_any_text, "Of query: the parameter of the URL."},
	{"rule", YAML_OPTIONAL, &yaml_any_text, "Its name in rules, where that is another."},
	{"missing", YAML_OPTIONAL, &yaml_texts_of, "Raw values that mean \"no value\", here only."},
	{"events", YAML_OPTIONAL, YAML_FORM(.sort = YAML_LIST, .flags = YAML_OR_ONE,
		.of = YAML_FORM(.sort = YAML_TEXT, .names = YAML_EVENTS,
			.sample = "process.*")), "Events that have it; left out: all of the group."},
	{"approximate", YAML_OPTIONAL, &yaml_any_text, "Why equality may also miss there."},
	{"fails", YAML_OPTIONAL, &yaml_any_text, "Why a question may miss there where the act failed."},
	{"misses", YAML_OPTIONAL, &yaml_any_text, "Why any question may miss there."},
	{"use", YAML_OPTIONAL, &dialect_use_form, "read, write or both; left out: as the group."},
	{"since", YAML_OPTIONAL, &yaml_any_text, "The product's version that first has it."},
	{0},
};
#define ROW {.sort = YAML_TEXT}, {.sort = YAML_RECORD, .shape = field_keys, \
	.rules = "\"oneOf\":[{\"required\":[\"name\"]},{\"required\":[\"format\"]}]"}
static const struct yaml_form row_form = {.sort = YAML_EITHER, .of = YAML_FORMS(ROW)};
const struct yaml_form dialect_rows_form = {.sort = YAML_EITHER, .of = YAML_FORMS(ROW, {.sort = YAML_LIST, .of = &row_form})};

static struct dialect_field *add_field(struct loading *l, unsigned number, struct place place)
{
	struct dialect_field *fields = (struct dialect_field *)(uintptr_t)l->group->fields;
	fields = arena_grow(l->arena, fields, l->group->field_count, sizeof *fields);
	l->group->fields = fields;
	struct dialect_field *field = &fields[l->group->field_count++];
	*field = (struct dialect_field){.field = number, .use = l->use, .place = place};
	return field;
}

static void set_name(struct loading *l, struct dialect_field *field, struct text name)
{
	struct text *names = arena_array(l->arena, 1, sizeof *names);
	names[0] = name;
	field->names = names;
	field->name_count = 1;
}

void dialect_row_named(struct loading *l, unsigned field, struct place place, struct text name)
{
	set_name(l, add_field(l, field, place), name);
}

/* --- events --- */

static void add_pair(struct loading *l, struct dialect_field *field, unsigned category, unsigned action)
{
	unsigned *pairs = (unsigned *)(uintptr_t)field->events;
	for (unsigned part = 0; part < 2; part++) {
		size_t at = 2 * field->event_count + part;
		pairs = arena_grow(l->arena, pairs, at, sizeof *pairs);
		pairs[at] = part ? action : category;
	}
	field->events = pairs;
	field->event_count++;
}

static void read_events(struct loading *l, const struct yaml *node, struct dialect_field *field)
{
	struct text *names = NULL;
	size_t count = 0;
	unsigned category, action;
	if (!node)
		return;
	loading_note(l, yaml_texts(node, l->arena, l->d, "events", &names, &count));
	for (size_t i = 0; i < count; i++) {
		if (!loading_event_name(l, node, names[i], &category, &action))
			continue;
		const struct category *known = &l->registry->categories[category];
		if (action)
			add_pair(l, field, category, action);
		for (unsigned k = 0; !action && k < known->action_count; k++)
			add_pair(l, field, category, known->first_action + k);
	}
}

/* --- shapes --- */

/* Decimal, or hex after 0x. */
static bool read_number(struct text text, uint64_t *number)
{
	if (text_starts(text, TEXT("0x"), true))
		return text_to_ulong_base(text_slice(text, 2, text.length), 16, number);
	return text_to_ulong_base(text, 10, number);
}

static void read_shape(struct loading *l, const struct yaml *mapping, struct shape_use *use)
{
	const struct yaml *map = yaml_get(mapping, "map"), *size = yaml_get(mapping, "size");
	const struct yaml *separator = yaml_get(mapping, "separator");
	struct text text = {0};
	loading_shape(l, mapping, use);
	if (map)
		loading_map(l, map, &use->map, &use->map_count);
	if (size && (yaml_text(size, l->d, "size", &text) || !read_number(text, &use->size)))
		loading_note(l, yaml_error(l->d, size, "`size` is a number"));
	if (separator && !yaml_text(separator, l->d, "separator", &text) && text.length == 1)
		use->separator = text.data[0];
	else if (separator)
		loading_note(l, yaml_error(l->d, separator, "`separator` is one character"));
	use->open = yaml_get(mapping, "open") != NULL && text_is(yaml_get(mapping, "open")->text, "true");
	if ((use->shape == SHAPE_MAPPED) != (map != NULL))
		loading_note(l, yaml_error(l->d, mapping, "the shape mapped and the key `map` go together"));
	loading_text(l, mapping, "key", &use->key);
	if ((use->shape == SHAPE_QUERY) != (use->key.length > 0))
		loading_note(l, yaml_error(l->d, mapping, "the shape query, and no other, has a `key`"));
	if ((use->shape == SHAPE_TRUNCATED || use->shape == SHAPE_BITS_SET) != (size != NULL))
		loading_note(l, yaml_error(l->d, mapping, "the shapes truncated and bits-set, and no other, have a `size`"));
}

/* --- where the raw value comes from --- */

static const char format_fault[] = "a format is text with {raw names}, or {raw name|what stands there without it}; "
				   "a brace is doubled";

/* Text up to the next name, or to the end; doubled braces are single ones. false: a brace stands alone. */
static bool take_literal(struct loading *l, struct text format, size_t *at, struct text *literal)
{
	char *bytes = arena_alloc(l->arena, format.length + 1);
	size_t length = 0;
	while (*at < format.length) {
		char byte = format.data[*at];
		bool doubled = *at + 1 < format.length && format.data[*at + 1] == byte;
		if ((byte == '{' || byte == '}') && !doubled) {
			*literal = (struct text){bytes, length};
			return byte == '{';
		}
		*at += byte == '{' || byte == '}' ? 2 : 1;
		bytes[length++] = byte;
	}
	*literal = (struct text){bytes, length};
	return true;
}

static bool take_piece(struct loading *l, struct text format, size_t *at, struct format_piece *piece)
{
	if (!take_literal(l, format, at, &piece->before))
		return false;
	if (*at == format.length)
		return true;
	struct text rest = text_slice(format, *at + 1, format.length);
	size_t end = text_find(rest, '}'), bar = text_find(text_slice(rest, 0, end), '|');
	piece->name = text_slice(rest, 0, bar);
	piece->optional = bar < end;
	piece->otherwise = text_slice(rest, bar + 1, end);
	*at += end + 2;
	return end < rest.length && piece->name.length;
}

static void find_words(struct loading *l, const struct yaml *words, struct format_piece *piece)
{
	for (size_t i = 0; words && i < words->count; i++) {
		if (!text_equal(words->keys[i].text, piece->name))
			continue;
		if (words->items[i].kind == YAML_MAPPING)
			loading_map(l, &words->items[i], &piece->words, &piece->word_count);
		else
			loading_note(l, yaml_error(l->d, &words->items[i], "`words` has for a raw name a mapping of its words"));
	}
}

static bool has_piece(const struct dialect_source *source, struct text name)
{
	for (size_t i = 0; i < source->format_count; i++)
		if (text_equal(source->format[i].name, name))
			return true;
	return false;
}

static void read_format(struct loading *l, const struct yaml *mapping, struct dialect_source *source,
	struct dialect_field *field)
{
	const struct yaml *node = yaml_get(mapping, "format"), *words = yaml_get(mapping, "words");
	struct format_piece *pieces = NULL;
	struct text format = {0}, *names = NULL;
	loading_text(l, mapping, "format", &format);
	for (size_t at = 0; at < format.length;) {
		struct format_piece piece = {0};
		if (!take_piece(l, format, &at, &piece)) {
			loading_note(l, yaml_error(l->d, node, "%s", format_fault));
			return;
		}
		find_words(l, words, &piece);
		pieces = arena_grow(l->arena, pieces, source->format_count, sizeof *pieces);
		names = arena_grow(l->arena, names, source->format_count, sizeof *names);
		names[source->format_count] = piece.name;
		pieces[source->format_count++] = piece;
	}
	source->format = pieces;
	for (size_t i = 0; words && i < words->count; i++)
		if (!has_piece(source, words->keys[i].text))
			loading_note(l, yaml_error_key(l->d, words, i, "the format has no {%.*s}", TEXT_ARGS(words->keys[i].text)));
	field->names = names;
	field->name_count = source->format_count;
}

static void read_item(struct loading *l, const struct yaml *mapping, struct dialect_source *source)
{
	const struct yaml *node = yaml_get(mapping, "item");
	struct text text = {0};
	uint64_t number = 0;
	if (!node)
		return;
	if (yaml_text(node, l->d, "item", &text) || !text_to_ulong_base(text, 10, &number) || number > UINT16_MAX)
		loading_note(l, yaml_error(l->d, node, "`item` is the place of a value, from 0"));
	source->item = (size_t)number + 1;
}

static bool has_members(const struct dialect_field *field)
{
	for (size_t i = 0; i < field->name_count; i++)
		if (text_ends(field->names[i], TEXT(".*"), false))
			return true;
	return false;
}

/* Values that are made of others, or looked for elsewhere: such rows are not for rules. */
static void read_source(struct loading *l, const struct yaml *mapping, struct dialect_field *field)
{
	struct dialect_source *source = arena_alloc(l->arena, sizeof *source);
	const struct yaml *take = yaml_get(mapping, "take"), *format = yaml_get(mapping, "format"), *use = yaml_get(mapping, "use");
	loading_text(l, mapping, "each", &source->each);
	loading_text(l, mapping, "base", &source->base);
	read_item(l, mapping, source);
	loading_matches(l, yaml_get(mapping, "where"), &source->where, &source->where_count);
	if (source->where_count && !source->each.length)
		loading_note(l, yaml_error(l->d, mapping, "`where` chooses among the parts of an `each`"));
	if (take)
		source->take = loading_regex(l, take, true);
	if ((format != NULL) == (field->name_count > 0))
		loading_note(l, yaml_error(l->d, mapping, "a field's row needs a raw name (`name`) or a `format`"));
	else if (format)
		read_format(l, mapping, source, field);
	else if (yaml_get(mapping, "words"))
		loading_note(l, yaml_error(l->d, mapping, "`words` says what words of a `format` become; "
							  "a raw name alone has the shape mapped"));
	source->members = has_members(field);
	if (!source->each.length && !source->base.length && !take && !format && !source->members && !source->item)
		return;
	field->source = source;
	if (use && field->use != USE_READ)
		loading_note(l, yaml_error(l->d, use, "a row with format, each, item, take, base or all members "
							  "of a name is for reading"));
	field->use = USE_READ;
}

void dialect_row_read(struct loading *l, unsigned number, const struct yaml *node)
{
	struct dialect_field *field;
	struct text name = {0};
	if (node->kind == YAML_SCALAR) {
		field = add_field(l, number, node->place);
		loading_note(l, yaml_text(node, l->d, "a raw name", &name));
		set_name(l, field, name);
		if (has_members(field)) {
			struct dialect_source *source = arena_alloc(l->arena, sizeof *source);
			source->members = true;
			field->source = source;
			field->use = USE_READ;
		}
		return;
	}
	if (yaml_check(node, field_keys, l->d, "a field's row")) {
		l->failed = true;
		return;
	}
	field = add_field(l, number, node->place);
	loading_texts(l, node, "name", &field->names, &field->name_count);
	read_shape(l, node, &field->shape);
	loading_texts(l, node, "missing", &field->missing, &field->missing_count);
	loading_text(l, node, "rule", &field->rule);
	loading_text(l, node, "approximate", &field->approximate);
	loading_text(l, node, "fails", &field->fails);
	loading_text(l, node, "misses", &field->misses);
	loading_text(l, node, "since", &field->since);
	field->use = loading_use(l, node);
	read_events(l, yaml_get(node, "events"), field);
	read_source(l, node, field);
}
