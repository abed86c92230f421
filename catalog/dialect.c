/*
 * dialect: rulesets/dialects/NAME.yaml → struct dialect. Format: docs/dialects.md.
 */
#include "catalog/dialect_loading.h"
#include "catalog/dialect_plan.h"
#include "catalog/yaml_form.h"

#include <string.h>

static const char *const reads_names[] = {"audit", "json", "csv", "syslog", "commands", NULL};

static const struct yaml_form list_of_texts = {.sort = YAML_LIST, .of = &yaml_any_text};

static const struct yaml_shape once_keys[] = {
	{"name", YAML_REQUIRED, &yaml_any_text, "Raw name of what is told several times."},
	{"unless", YAML_OPTIONAL, &dialect_match_form, "Records in which these tests hold do not count as the first."},
	{0},
};
static const struct yaml_shape time_keys[] = {
	{"name", YAML_REQUIRED, &yaml_any_text, "Raw name of the time."},
	{"shape", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TEXT, .names = YAML_SHAPES),
		"How it is written: seconds, nanoseconds, date …"},
	{"layout", YAML_OPTIONAL, &yaml_any_text, "Of the shape date, as \"%d/%b/%Y:%H:%M:%S %z\"."},
	{0},
};
#define TIME {.sort = YAML_TEXT}, {.sort = YAML_RECORD, .shape = time_keys}
static const struct yaml_form time_form = {.sort = YAML_EITHER, .of = YAML_FORMS(TIME)};

static const struct yaml_shape pair_keys[] = {
	{"name", YAML_REQUIRED, &yaml_any_text, "The member that holds the name."},
	{"value", YAML_REQUIRED, &yaml_any_text, "The member that holds the value."},
	{0},
};
static const struct yaml_shape event_keys[] = {
	{"event", YAML_REQUIRED, YAML_FORM(.sort = YAML_TEXT, .names = YAML_EVENTS, .sample = "process.exec"),
		"category.action of the registry."},
	{"match", YAML_OPTIONAL, &dialect_match_form,
		"Raw name → values. \"*\" is there, \"!\" is not there; NAME& masks, NAME~ is an expression, NAME! none of."},
	{"each", YAML_OPTIONAL, &yaml_any_text, "A facet for each part of that kind in which the match holds."},
	{"needs", YAML_OPTIONAL, &yaml_texts_of, "Fields, raw names or kinds of parts without which there is no facet."},
	{"use", YAML_OPTIONAL, &dialect_use_form, "read, write or both; left out: as the group."},
	{0},
};
static const char *const registered_words[] = {"registered", NULL};
static const char *const event_words[] = {"registered", "other", NULL};
static const struct yaml_form event_form = {.sort = YAML_EITHER,
	.of = YAML_FORMS({.sort = YAML_TEXT, .words = event_words}, {.sort = YAML_RECORD, .shape = event_keys})};

static const struct yaml_shape group_keys[] = {
	{"name", YAML_REQUIRED, &yaml_any_text, "Unique in the dialect."},
	{"use", YAML_OPTIONAL, &dialect_use_form, "Default for its rows: read, write or both (left out: this)."},
	{"when", YAML_OPTIONAL, &dialect_match_form, "Which records belong to it; left out: all."},
	{"attributes", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TABLE, .of = &yaml_any_text),
		"Free words for the writer of rules: a log source."},
	{"other", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TEXT, .names = YAML_CATEGORIES),
		"Records that no event fits become CATEGORY.other; left out: they stay unmapped."},
	{"events", YAML_OPTIONAL, YAML_FORM(.sort = YAML_EITHER,
		.of = YAML_FORMS({.sort = YAML_TEXT, .words = registered_words}, {.sort = YAML_LIST, .of = &event_form})),
		"What its records are: of each category the first whose match holds. `registered`: all by their own names."},
	{"fields", YAML_OPTIONAL, YAML_FORM(.sort = YAML_EITHER, .of = YAML_FORMS({.sort = YAML_TEXT, .words = registered_words},
		{.sort = YAML_TABLE, .of = &dialect_rows_form, .names = YAML_FIELDS})),
		"Registered field → raw name, or rows that say more. `registered`: all by their own names."},
	{0},
};

static const struct yaml_shape dialect_keys[] = {
	{"name", YAML_REQUIRED, &yaml_any_text, "Unique name; the file's name."},
	{"title", YAML_OPTIONAL, &yaml_any_text, "The product's name for people."},
	{"version", YAML_OPTIONAL, &yaml_any_text, "The product's version that it was written for."},
	{"reads", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TEXT, .words = reads_names),
		"The reader that makes its records; left out: for writing only."},
	{"root", YAML_OPTIONAL, &yaml_any_text, "json: members of this object go by their own names."},
	{"missing", YAML_OPTIONAL, &list_of_texts, "Raw values that mean \"no value\", in reading and in writing."},
	{"time", YAML_OPTIONAL, YAML_FORM(.sort = YAML_EITHER, .of = YAML_FORMS(TIME, {.sort = YAML_LIST, .of = &time_form})),
		"Raw name of the time; or how it is written, too; or a list: the first that is there."},
	{"id", YAML_OPTIONAL, &yaml_any_text, "Raw name of the event's own name."},
	{"records", YAML_OPTIONAL, &yaml_any_text, "Raw name that says in how many records the event stands."},
	{"wrapped", YAML_OPTIONAL, &list_of_texts, "json: members that hold the records themselves."},
	{"once", YAML_OPTIONAL, YAML_FORM(.sort = YAML_RECORD, .shape = once_keys),
		"json: records that share a value are one happening."},
	{"manifests", YAML_OPTIONAL, &list_of_texts, "json: members that hold a Kubernetes object that is asked for."},
	{"requests", YAML_OPTIONAL, &list_of_texts,
		"json: members that hold what a container engine is asked for; \".\" is the record itself."},
	{"split", YAML_OPTIONAL, &yaml_texts_of, "Arrays whose objects are events of their own."},
	{"pairs", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TABLE, .of = YAML_FORM(.sort = YAML_RECORD, .shape = pair_keys)),
		"Arrays of objects that are a name and a value: args.flags."},
	{"unpack", YAML_OPTIONAL, &yaml_texts_of, "Raw names that hold a document as text."},
	{"names", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TABLE, .of = &dialect_rows_form),
		"Raw names that are made of others, in order."},
	{"groups", YAML_REQUIRED, YAML_FORM(.sort = YAML_LIST, .of = YAML_FORM(.sort = YAML_RECORD, .shape = group_keys)),
		"The ways in which the product presents events."},
	{0},
};
const struct yaml_form dialect_form = {.sort = YAML_RECORD, .shape = dialect_keys};

static struct dialect_event *add_event(struct loading *l)
{
	struct dialect_event *events = (struct dialect_event *)(uintptr_t)l->group->events;
	events = arena_grow(l->arena, events, l->group->event_count, sizeof *events);
	l->group->events = events;
	return &events[l->group->event_count++];
}

/* `name` equals `value`, as a row of a registered event. */
static struct dialect_match equals(struct loading *l, const char *name, struct text value)
{
	struct text *values = arena_array(l->arena, 1, sizeof *values);
	values[0] = value;
	return (struct dialect_match){.name = text_of(name), .kind = MATCH_EQUAL, .values = values, .count = 1};
}

static void add_registered_event(struct loading *l, unsigned category, unsigned action, bool by_action)
{
	struct dialect_match *matches = arena_array(l->arena, 2, sizeof *matches);
	matches[0] = equals(l, "event.category", l->registry->categories[category].name);
	if (by_action)
		matches[1] = equals(l, "event.action", l->registry->actions[action].name);
	*add_event(l) = (struct dialect_event){.category = category, .action = action, .matches = matches,
		.match_count = by_action ? 2 : 1, .use = l->use, .place = l->group->place};
}

/* `registered`: every action under its own name. `other`: what is left of every category. */
static void add_registered_events(struct loading *l, const struct yaml *node)
{
	bool by_action = text_is(node->text, "registered");
	if (!by_action && !text_is(node->text, "other")) {
		loading_note(l, yaml_error(l->d, node, "an event is a mapping, or one of the words registered and other"));
		return;
	}
	for (unsigned category = 1; category < l->registry->category_count; category++) {
		const struct category *known = &l->registry->categories[category];
		unsigned other = registry_action(l->registry, category, TEXT("other"));
		if (!by_action && other)
			add_registered_event(l, category, other, false);
		for (unsigned i = 0; by_action && i < known->action_count; i++)
			add_registered_event(l, category, known->first_action + i, true);
	}
}

static void read_event(struct loading *l, const struct yaml *node)
{
	struct dialect_event event = {.place = node->place};
	struct text name = {0};
	if (node->kind == YAML_SCALAR) {
		add_registered_events(l, node);
		return;
	}
	if (yaml_check(node, event_keys, l->d, "an event")) {
		l->failed = true;
		return;
	}
	loading_note(l, yaml_text(yaml_get(node, "event"), l->d, "event", &name));
	if (!loading_event_name(l, yaml_get(node, "event"), name, &event.category, &event.action))
		return;
	if (!event.action)
		loading_note(l, yaml_error(l->d, yaml_get(node, "event"), "an event row names one action, not all"));
	loading_matches(l, yaml_get(node, "match"), &event.matches, &event.match_count);
	loading_text(l, node, "each", &event.each);
	loading_texts(l, node, "needs", &event.needs, &event.need_count);
	event.use = loading_use(l, node);
	*add_event(l) = event;
}

static void read_events(struct loading *l, const struct yaml *node)
{
	if (!node)
		return;
	if (node->kind == YAML_SCALAR && text_is(node->text, "registered")) {
		struct yaml other = *node;
		other.text = TEXT("other");
		add_registered_events(l, node);
		add_registered_events(l, &other);
		return;
	}
	if (node->kind != YAML_SEQUENCE) {
		loading_note(l, yaml_error(l->d, node, "`events` is a list of events, or the word registered"));
		return;
	}
	for (size_t i = 0; i < node->count; i++)
		read_event(l, &node->items[i]);
}

/* By field: does the group have a row for it? */
static bool *mapped_fields(struct loading *l)
{
	bool *mapped = arena_array(l->arena, l->registry->field_count, sizeof *mapped);
	for (size_t i = 0; i < l->group->field_count; i++)
		mapped[l->group->fields[i].field] = true;
	return mapped;
}

/* Every field that has no row yet, under its own name. What follows from the event has none. */
static void add_registered_fields(struct loading *l, struct place place)
{
	bool *mapped = mapped_fields(l);
	for (unsigned number = FIELD_OUTCOME; number < l->registry->field_count; number++)
		if (!mapped[number])
			dialect_row_named(l, number, place, l->registry->fields[number].name);
}

/* The group's attribute `natives`: an expression of the native fields that its records can have. NULL: of all. */
static struct regex *natives_of(struct loading *l)
{
	struct text source = dialect_attribute(l->group, "natives");
	const char *error = NULL;
	size_t offset;

	if (!source.length)
		return NULL;
	struct regex *regex = regex_compile(source, false, &error, &offset);

	if (regex == NULL) {
		diagnostics_error(l->d, l->group->place, "natives is no regular expression: %s", error);
		l->failed = true;
	}
	return regex;
}

/* Fields that came with other people's rules stand under their own names in every group that does not map them. */
static void add_native_fields(struct loading *l)
{
	bool *mapped = mapped_fields(l), limited = false;
	struct regex *natives = natives_of(l);
	struct regex_match *match = regex_match_new();

	for (unsigned number = FIELD_FIRST_OTHER; number < l->registry->field_count; number++) {
		const struct field *field = &l->registry->fields[number];

		if (field_native(field, l->dialect->name) && !mapped[number]
			&& (natives == NULL || regex_holds(natives, match, field->name, &limited)))
			dialect_row_named(l, number, l->group->place, field->name);
	}
	regex_match_free(match);
	if (natives != NULL)
		regex_free(natives);
}

static void index_fields(struct loading *l)
{
	uint16_t *first = arena_array(l->arena, l->registry->field_count, sizeof *first);
	for (size_t i = l->group->field_count; i-- > 0;)
		if (i < UINT16_MAX)
			first[l->group->fields[i].field] = (uint16_t)(i + 1);
	l->group->first = first;
	l->group->first_count = l->registry->field_count;
}

static void report_field(struct loading *l, const struct yaml *mapping, size_t key)
{
	struct text name = mapping->keys[key].text, nearest = registry_nearest_field(l->registry, name);
	if (nearest.length)
		loading_note(l, yaml_error_key(l->d, mapping, key, "`%.*s` is no registered field; did you mean `%.*s`?", TEXT_ARGS(name),
			TEXT_ARGS(nearest)));
	else
		loading_note(l, yaml_error_key(l->d, mapping, key, "`%.*s` is no registered field", TEXT_ARGS(name)));
}

static void read_field(struct loading *l, const struct yaml *mapping, size_t key)
{
	const struct yaml *node = &mapping->items[key];
	unsigned number = registry_field(l->registry, mapping->keys[key].text);
	if (number == FIELD_NONE) {
		report_field(l, mapping, key);
		return;
	}
	if (node->kind != YAML_SEQUENCE) {
		dialect_row_read(l, number, node);
		return;
	}
	for (size_t i = 0; i < node->count; i++)
		dialect_row_read(l, number, &node->items[i]);
}

static void read_fields(struct loading *l, const struct yaml *node)
{
	const struct yaml *registered;
	bool all = false;
	if (!node)
		return;
	if (node->kind == YAML_SCALAR && text_is(node->text, "registered")) {
		add_registered_fields(l, node->place);
		return;
	}
	if (node->kind != YAML_MAPPING) {
		loading_note(l, yaml_error(l->d, node, "`fields` is a mapping of registered fields, or the word registered"));
		return;
	}
	for (size_t i = 0; i < node->count; i++)
		if (!text_is(node->keys[i].text, "registered"))
			read_field(l, node, i);
	registered = yaml_get(node, "registered");
	if (registered)
		loading_note(l, yaml_bool(registered, l->d, "registered", &all));
	if (all)
		add_registered_fields(l, registered->place);
}

static void read_attributes(struct loading *l, const struct yaml *node)
{
	if (!node)
		return;
	struct dialect_attribute *list = arena_array(l->arena, node->count, sizeof *list);
	for (size_t i = 0; i < node->count; i++) {
		list[i].name = node->keys[i].text;
		loading_note(l, yaml_text(&node->items[i], l->d, "an attribute", &list[i].value));
	}
	l->group->attributes = list;
	l->group->attribute_count = node->count;
}

static void read_other(struct loading *l, const struct yaml *node)
{
	struct text name = {0};
	bool found = false;
	if (!node)
		return;
	loading_note(l, yaml_text(node, l->d, "other", &name));
	l->group->other_category = registry_category(l->registry, name, &found);
	l->group->other = found && registry_action(l->registry, l->group->other_category, TEXT("other"));
	if (!l->group->other)
		loading_note(l, yaml_error(l->d, node, "`%.*s` is no category that has the action other", TEXT_ARGS(name)));
}

static void read_group(struct loading *l, const struct yaml *node, struct dialect_group *group)
{
	l->group = group;
	l->use = USE_BOTH;
	group->place = node->place;
	if (yaml_check(node, group_keys, l->d, "a group")) {
		l->failed = true;
		return;
	}
	loading_note(l, yaml_text(yaml_get(node, "name"), l->d, "name", &group->name));
	l->use = loading_use(l, node);
	loading_matches(l, yaml_get(node, "when"), &group->when, &group->when_count);
	read_attributes(l, yaml_get(node, "attributes"));
	read_other(l, yaml_get(node, "other"));
	read_events(l, yaml_get(node, "events"));
	read_fields(l, yaml_get(node, "fields"));
	add_native_fields(l);
	index_fields(l);
	if (!l->failed)
		group->plan = dialect_plan_make(l->arena, l->registry, group);
}

static void read_groups(struct loading *l, const struct yaml *node)
{
	struct dialect_group *groups = arena_array(l->arena, node->count ? node->count : 1, sizeof *groups);
	for (size_t i = 0; i < node->count; i++) {
		read_group(l, &node->items[i], &groups[i]);
		for (size_t k = 0; k < i; k++)
			if (groups[i].name.length && text_equal(groups[i].name, groups[k].name))
				loading_note(l, yaml_error(l->d, &node->items[i], "there are two groups `%.*s`", TEXT_ARGS(groups[i].name)));
	}
	l->dialect->groups = groups;
	l->dialect->group_count = node->count;
}

static void read_one_time(struct loading *l, const struct yaml *node)
{
	struct dialect_time time = {0}, *times = (struct dialect_time *)(uintptr_t)l->dialect->times;
	if (node->kind == YAML_SCALAR) {
		loading_note(l, yaml_text(node, l->d, "time", &time.name));
	} else if (yaml_check(node, time_keys, l->d, "`time`")) {
		l->failed = true;
	} else {
		loading_text(l, node, "name", &time.name);
		loading_shape(l, node, &time.shape);
	}
	times = arena_grow(l->arena, times, l->dialect->time_count, sizeof *times);
	times[l->dialect->time_count++] = time;
	l->dialect->times = times;
}

static void read_time(struct loading *l, const struct yaml *node)
{
	if (node && node->kind != YAML_SEQUENCE)
		read_one_time(l, node);
	for (size_t i = 0; node && node->kind == YAML_SEQUENCE && i < node->count; i++)
		read_one_time(l, &node->items[i]);
}

static void read_pairs(struct loading *l, const struct yaml *node)
{
	struct dialect_pairs *pairs = node ? arena_array(l->arena, node->count, sizeof *pairs) : NULL;
	for (size_t i = 0; node && i < node->count; i++) {
		pairs[i].array = node->keys[i].text;
		if (yaml_check(&node->items[i], pair_keys, l->d, "pairs")) {
			l->failed = true;
			continue;
		}
		loading_text(l, &node->items[i], "name", &pairs[i].name);
		loading_text(l, &node->items[i], "value", &pairs[i].value);
	}
	l->dialect->pairs = pairs;
	l->dialect->pair_count = node ? node->count : 0;
}

/* The rows of one made name are read as those of a field are, into a group that is only for them. */
static void read_made(struct loading *l, const struct yaml *node, struct dialect_made *made)
{
	struct dialect_group rows = {.place = node->place};
	l->group = &rows;
	l->use = USE_READ;
	if (node->kind != YAML_SEQUENCE)
		dialect_row_read(l, FIELD_NONE, node);
	for (size_t i = 0; node->kind == YAML_SEQUENCE && i < node->count; i++)
		dialect_row_read(l, FIELD_NONE, &node->items[i]);
	made->rows = rows.fields;
	made->row_count = rows.field_count;
	for (size_t i = 0; i < rows.field_count; i++)
		if (rows.fields[i].shape.shape != SHAPE_PLAIN && rows.fields[i].shape.shape != SHAPE_MAPPED)
			loading_note(l, yaml_error(l->d, node, "a made name knows the shapes plain and mapped"));
	l->group = NULL;
}

static void read_names(struct loading *l, const struct yaml *node)
{
	struct dialect_made *made = node ? arena_array(l->arena, node->count, sizeof *made) : NULL;
	for (size_t i = 0; node && i < node->count; i++) {
		made[i].name = node->keys[i].text;
		read_made(l, &node->items[i], &made[i]);
	}
	l->dialect->made = made;
	l->dialect->made_count = node ? node->count : 0;
}

static void read_reads(struct loading *l, const struct yaml *node)
{
	if (!node)
		return;
	loading_note(l, yaml_text(node, l->d, "reads", &l->dialect->reads));
	for (size_t i = 0; reads_names[i]; i++)
		if (text_is(l->dialect->reads, reads_names[i]))
			return;
	loading_note(l, yaml_error(l->d, node, "`reads` is audit, json, csv, syslog or commands; "
					       "leave it out where the dialect is for writing only"));
}

static void read_once(struct loading *l, const struct yaml *node)
{
	if (!node)
		return;
	if (yaml_check(node, once_keys, l->d, "`once`")) {
		l->failed = true;
		return;
	}
	loading_text(l, node, "name", &l->dialect->once);
	loading_matches(l, yaml_get(node, "unless"), &l->dialect->once_unless, &l->dialect->once_unless_count);
}

struct dialect *dialect_load(struct arena *arena, const struct registry *registry, const struct yaml *document,
	struct diagnostics *d)
{
	struct dialect *dialect = arena_alloc(arena, sizeof *dialect);
	struct loading loading = {.arena = arena, .registry = registry, .d = d, .dialect = dialect};
	struct loading *l = &loading;
	if (yaml_check(document, dialect_keys, d, "a dialect"))
		return NULL;
	dialect->place = document->place;
	loading_text(l, document, "name", &dialect->name);
	loading_text(l, document, "title", &dialect->title);
	loading_text(l, document, "version", &dialect->version);
	loading_text(l, document, "root", &dialect->root);
	loading_text(l, document, "id", &dialect->id);
	loading_text(l, document, "records", &dialect->records);
	loading_texts(l, document, "missing", &dialect->missing, &dialect->missing_count);
	loading_texts(l, document, "wrapped", &dialect->wrapped, &dialect->wrapped_count);
	if (dialect->wrapped_count > DIALECT_WRAPPED_MAX)
		loading_note(l, yaml_error(d, yaml_get(document, "wrapped"), "`wrapped` names at most %d members", DIALECT_WRAPPED_MAX));
	loading_texts(l, document, "manifests", &dialect->manifests, &dialect->manifest_count);
	loading_texts(l, document, "requests", &dialect->requests, &dialect->request_count);
	read_once(l, yaml_get(document, "once"));
	read_reads(l, yaml_get(document, "reads"));
	read_time(l, yaml_get(document, "time"));
	loading_texts(l, document, "split", &dialect->splits, &dialect->split_count);
	loading_texts(l, document, "unpack", &dialect->unpacks, &dialect->unpack_count);
	read_pairs(l, yaml_get(document, "pairs"));
	read_names(l, yaml_get(document, "names"));
	read_groups(l, yaml_get(document, "groups"));
	return loading.failed ? NULL : dialect;
}

bool dialect_field_carries(const struct dialect_field *field, unsigned category, unsigned action)
{
	for (size_t i = 0; i < field->event_count; i++)
		if (field->events[2 * i] == category && field->events[2 * i + 1] == action)
			return true;
	return !field->events;
}

const struct dialect_field *dialect_field_of(const struct dialect_group *group, unsigned field, unsigned category,
	unsigned action, enum dialect_use use)
{
	if (field >= group->first_count || !group->first[field])
		return NULL;
	for (size_t i = group->first[field] - 1u; i < group->field_count; i++) {
		const struct dialect_field *row = &group->fields[i];
		if (row->field == field && (row->use & use) && dialect_field_carries(row, category, action))
			return row;
	}
	return NULL;
}

static bool is_one_of(struct text raw, const struct text *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text_equal(raw, values[i]))
			return true;
	return false;
}

bool dialect_is_missing(const struct dialect *dialect, struct text raw)
{
	return !raw.length || is_one_of(raw, dialect->missing, dialect->missing_count);
}

bool dialect_field_is_missing(const struct dialect *dialect, const struct dialect_field *field, struct text raw)
{
	return dialect_is_missing(dialect, raw) || is_one_of(raw, field->missing, field->missing_count);
}

struct text dialect_attribute(const struct dialect_group *group, const char *name)
{
	for (size_t i = 0; i < group->attribute_count; i++)
		if (text_is(group->attributes[i].name, name))
			return group->attributes[i].value;
	return TEXT("");
}
