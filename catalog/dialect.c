/*
 * dialect: rulesets/dialects/NAME.yaml → struct dialect. Format: docs/dialects.md.
 */
#include "catalog/dialect_plan.h"
#include "catalog/regex.h"

#include <string.h>

struct loading {
	struct arena *arena;
	const struct registry *registry;
	struct diagnostics *d;
	struct dialect *dialect;
	struct dialect_group *group;
	enum dialect_use use; /* of the group, where a row does not say */
	bool failed;
};

struct use_name {
	const char *name;
	enum dialect_use use;
};

static const struct use_name use_names[] = {{"read", USE_READ}, {"write", USE_WRITE}, {"both", USE_BOTH}};
static const char *const reads_names[] = {"audit", "json", "csv", "syslog"};

static const struct yaml_shape dialect_keys[] = {
	{"name", YAML_REQUIRED, YAML_SCALAR}, {"title", YAML_OPTIONAL, YAML_SCALAR},
	{"version", YAML_OPTIONAL, YAML_SCALAR}, {"reads", YAML_OPTIONAL, YAML_SCALAR},
	{"root", YAML_OPTIONAL, YAML_SCALAR}, {"missing", YAML_OPTIONAL, YAML_SEQUENCE},
	{"time", YAML_OPTIONAL, YAML_NULL}, {"id", YAML_OPTIONAL, YAML_SCALAR}, {"records", YAML_OPTIONAL, YAML_SCALAR},
	{"wrapped", YAML_OPTIONAL, YAML_SEQUENCE}, {"once", YAML_OPTIONAL, YAML_MAPPING},
	{"manifests", YAML_OPTIONAL, YAML_SEQUENCE},
	{"groups", YAML_REQUIRED, YAML_SEQUENCE}, {0},
};
static const struct yaml_shape once_keys[] = {
	{"name", YAML_REQUIRED, YAML_SCALAR}, {"unless", YAML_OPTIONAL, YAML_MAPPING}, {0},
};
static const struct yaml_shape time_keys[] = {
	{"name", YAML_REQUIRED, YAML_SCALAR}, {"shape", YAML_OPTIONAL, YAML_SCALAR}, {0},
};
static const struct yaml_shape group_keys[] = {
	{"name", YAML_REQUIRED, YAML_SCALAR}, {"when", YAML_OPTIONAL, YAML_MAPPING},
	{"attributes", YAML_OPTIONAL, YAML_MAPPING}, {"use", YAML_OPTIONAL, YAML_SCALAR},
	{"other", YAML_OPTIONAL, YAML_SCALAR}, {"events", YAML_OPTIONAL, YAML_NULL},
	{"fields", YAML_OPTIONAL, YAML_NULL}, {0},
};
static const struct yaml_shape event_keys[] = {
	{"event", YAML_REQUIRED, YAML_SCALAR}, {"match", YAML_OPTIONAL, YAML_MAPPING},
	{"each", YAML_OPTIONAL, YAML_SCALAR}, {"needs", YAML_OPTIONAL, YAML_NULL},
	{"use", YAML_OPTIONAL, YAML_SCALAR}, {0},
};
static const struct yaml_shape field_keys[] = {
	{"name", YAML_REQUIRED, YAML_NULL}, {"shape", YAML_OPTIONAL, YAML_SCALAR},
	{"separator", YAML_OPTIONAL, YAML_SCALAR}, {"open", YAML_OPTIONAL, YAML_SCALAR}, {"size", YAML_OPTIONAL, YAML_SCALAR},
	{"map", YAML_OPTIONAL, YAML_MAPPING}, {"key", YAML_OPTIONAL, YAML_SCALAR}, {"missing", YAML_OPTIONAL, YAML_NULL},
	{"rule", YAML_OPTIONAL, YAML_SCALAR}, {"approximate", YAML_OPTIONAL, YAML_SCALAR}, {"misses", YAML_OPTIONAL, YAML_SCALAR},
	{"use", YAML_OPTIONAL, YAML_SCALAR}, {"since", YAML_OPTIONAL, YAML_SCALAR},
	{"events", YAML_OPTIONAL, YAML_NULL}, {0},
};

static void note(struct loading *l, int status)
{
	if (status)
		l->failed = true;
}

/* The text of an optional key; stays empty where the key is not there. */
static void optional_text(struct loading *l, const struct yaml *mapping, const char *key, struct text *text)
{
	const struct yaml *node = yaml_get(mapping, key);
	if (node)
		note(l, yaml_text(node, l->d, key, text));
}

static void optional_texts(struct loading *l, const struct yaml *mapping, const char *key, const struct text **texts,
	size_t *count)
{
	const struct yaml *node = yaml_get(mapping, key);
	struct text *items = NULL;
	if (!node)
		return;
	note(l, yaml_texts(node, l->arena, l->d, key, &items, count));
	*texts = items;
}

static enum dialect_use read_use(struct loading *l, const struct yaml *mapping)
{
	const struct yaml *node = yaml_get(mapping, "use");
	struct text name = {0};
	if (!node)
		return l->use;
	note(l, yaml_text(node, l->d, "use", &name));
	for (size_t i = 0; i < sizeof use_names / sizeof *use_names; i++)
		if (text_is(name, use_names[i].name))
			return use_names[i].use;
	note(l, yaml_error(l->d, node, "`use` is read, write or both, not `%.*s`", TEXT_ARGS(name)));
	return l->use;
}

/* Decimal, or hex after 0x. */
static bool read_number(struct text text, uint64_t *number)
{
	if (text_starts(text, TEXT("0x"), true))
		return text_to_ulong_base(text_slice(text, 2, text.length), 16, number);
	return text_to_ulong_base(text, 10, number);
}

/* category.action, or category.* (then *action is 0). */
static bool read_event_name(struct loading *l, const struct yaml *node, struct text name, unsigned *category,
	unsigned *action)
{
	size_t dot = text_find(name, '.');
	struct text wanted = text_slice(name, dot + 1, name.length);
	bool found;
	*category = registry_category(l->registry, text_slice(name, 0, dot), &found);
	if (!found || *category == CATEGORY_ANY || dot == name.length) {
		note(l, yaml_error(l->d, node, "`%.*s` is no registered event: write category.action", TEXT_ARGS(name)));
		return false;
	}
	*action = text_is(wanted, "*") ? 0 : registry_action(l->registry, *category, wanted);
	if (*action || text_is(wanted, "*"))
		return true;
	note(l, yaml_error(l->d, node, "the category has no action `%.*s`", TEXT_ARGS(wanted)));
	return false;
}

static void read_match_value(struct loading *l, const struct yaml *node, struct dialect_match *match)
{
	struct text *values = NULL;
	size_t last = match->name.length - 1;
	note(l, yaml_texts(node, l->arena, l->d, "a match", &values, &match->count));
	match->values = values;
	if (match->name.length && match->name.data[last] == '&') {
		struct text mask = match->count ? values[0] : (struct text){0};
		match->name.length = last;
		match->kind = MATCH_MASK;
		if (text_starts(mask, TEXT("0x"), true))
			mask = text_slice(mask, 2, mask.length);
		if (match->count != 1 || !text_to_ulong_base(mask, 16, &match->mask))
			note(l, yaml_error(l->d, node, "a mask is one number in hex"));
		return;
	}
	if (match->count == 1 && node->kind == YAML_SCALAR && text_is(values[0], "*"))
		match->kind = MATCH_PRESENT;
	else if (match->count == 1 && node->kind == YAML_SCALAR && text_is(values[0], "!"))
		match->kind = MATCH_ABSENT;
	else if (!match->count)
		note(l, yaml_error(l->d, node, "a match needs a value; \"*\" means there, \"!\" not there"));
}

static void read_matches(struct loading *l, const struct yaml *mapping, const struct dialect_match **matches,
	size_t *count)
{
	if (!mapping || mapping->kind != YAML_MAPPING)
		return;
	struct dialect_match *list = arena_array(l->arena, mapping->count, sizeof *list);
	for (size_t i = 0; i < mapping->count; i++) {
		list[i].name = mapping->keys[i].text;
		read_match_value(l, &mapping->items[i], &list[i]);
	}
	*matches = list;
	*count = mapping->count;
}

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
		note(l, yaml_error(l->d, node, "an event is a mapping, or one of the words registered and other"));
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
	note(l, yaml_text(yaml_get(node, "event"), l->d, "event", &name));
	if (!read_event_name(l, yaml_get(node, "event"), name, &event.category, &event.action))
		return;
	if (!event.action)
		note(l, yaml_error(l->d, yaml_get(node, "event"), "an event row names one action, not all"));
	read_matches(l, yaml_get(node, "match"), &event.matches, &event.match_count);
	optional_text(l, node, "each", &event.each);
	optional_texts(l, node, "needs", &event.needs, &event.need_count);
	event.use = read_use(l, node);
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
		note(l, yaml_error(l->d, node, "`events` is a list of events, or the word registered"));
		return;
	}
	for (size_t i = 0; i < node->count; i++)
		read_event(l, &node->items[i]);
}

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

static void read_field_events(struct loading *l, const struct yaml *node, struct dialect_field *field)
{
	struct text *names = NULL;
	size_t count = 0;
	unsigned category, action;
	if (!node)
		return;
	note(l, yaml_texts(node, l->arena, l->d, "events", &names, &count));
	for (size_t i = 0; i < count; i++) {
		if (!read_event_name(l, node, names[i], &category, &action))
			continue;
		const struct category *known = &l->registry->categories[category];
		if (action)
			add_pair(l, field, category, action);
		for (unsigned k = 0; !action && k < known->action_count; k++)
			add_pair(l, field, category, known->first_action + k);
	}
}

static void read_map(struct loading *l, const struct yaml *node, struct shape_use *use)
{
	struct shape_map *map = arena_array(l->arena, node->count, sizeof *map);
	for (size_t i = 0; i < node->count; i++) {
		map[i].raw = node->keys[i].text;
		note(l, yaml_text(&node->items[i], l->d, "a mapped value", &map[i].value));
	}
	use->map = map;
	use->map_count = node->count;
}

static void read_shape_name(struct loading *l, const struct yaml *mapping, struct shape_use *use)
{
	const struct yaml *node = yaml_get(mapping, "shape");
	struct text name = {0};
	if (!node || (yaml_text(node, l->d, "shape", &name) && (l->failed = true)))
		return;
	if (shape_from_name(name, &use->shape))
		return;
	const char *nearest = NULL;
	size_t best = SIZE_MAX;
	for (size_t i = 0; i < SHAPE_COUNT; i++)
		if (text_nearer(name, text_of(shape_name((enum shape)i)), &best))
			nearest = shape_name((enum shape)i);
	note(l, yaml_error(l->d, node, "there is no shape `%.*s`%s%s%s", TEXT_ARGS(name), nearest ? "; did you mean `" : "",
		nearest ? nearest : "", nearest ? "`?" : ""));
}

static void read_shape(struct loading *l, const struct yaml *mapping, struct shape_use *use)
{
	const struct yaml *map = yaml_get(mapping, "map"), *size = yaml_get(mapping, "size");
	const struct yaml *separator = yaml_get(mapping, "separator");
	struct text text = {0};
	read_shape_name(l, mapping, use);
	if (map)
		read_map(l, map, use);
	if (size && (yaml_text(size, l->d, "size", &text) || !read_number(text, &use->size)))
		note(l, yaml_error(l->d, size, "`size` is a number"));
	if (separator && !yaml_text(separator, l->d, "separator", &text) && text.length == 1)
		use->separator = text.data[0];
	else if (separator)
		note(l, yaml_error(l->d, separator, "`separator` is one character"));
	use->open = yaml_get(mapping, "open") != NULL && text_is(yaml_get(mapping, "open")->text, "true");
	if ((use->shape == SHAPE_MAPPED) != (map != NULL))
		note(l, yaml_error(l->d, mapping, "the shape mapped and the key `map` go together"));
	optional_text(l, mapping, "key", &use->key);
	if ((use->shape == SHAPE_QUERY) != (use->key.length > 0))
		note(l, yaml_error(l->d, mapping, "the shape query, and no other, has a `key`"));
	if ((use->shape == SHAPE_TRUNCATED || use->shape == SHAPE_BITS_SET) != (size != NULL))
		note(l, yaml_error(l->d, mapping, "the shapes truncated and bits-set, and no other, have a `size`"));
}

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

/* One row of a field: a raw name alone, or a mapping. */
static void read_row(struct loading *l, unsigned number, const struct yaml *node)
{
	struct dialect_field *field;
	struct text name = {0};
	if (node->kind == YAML_SCALAR) {
		field = add_field(l, number, node->place);
		note(l, yaml_text(node, l->d, "a raw name", &name));
		set_name(l, field, name);
		return;
	}
	if (yaml_check(node, field_keys, l->d, "a field's row")) {
		l->failed = true;
		return;
	}
	field = add_field(l, number, node->place);
	optional_texts(l, node, "name", &field->names, &field->name_count);
	if (!field->name_count)
		note(l, yaml_error(l->d, node, "a field's row needs a raw name"));
	read_shape(l, node, &field->shape);
	optional_texts(l, node, "missing", &field->missing, &field->missing_count);
	optional_text(l, node, "rule", &field->rule);
	optional_text(l, node, "approximate", &field->approximate);
	optional_text(l, node, "misses", &field->misses);
	optional_text(l, node, "since", &field->since);
	field->use = read_use(l, node);
	read_field_events(l, yaml_get(node, "events"), field);
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
			set_name(l, add_field(l, number, place), l->registry->fields[number].name);
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
			set_name(l, add_field(l, number, l->group->place), field->name);
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
		note(l, yaml_error_key(l->d, mapping, key, "`%.*s` is no registered field; did you mean `%.*s`?", TEXT_ARGS(name),
			TEXT_ARGS(nearest)));
	else
		note(l, yaml_error_key(l->d, mapping, key, "`%.*s` is no registered field", TEXT_ARGS(name)));
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
		read_row(l, number, node);
		return;
	}
	for (size_t i = 0; i < node->count; i++)
		read_row(l, number, &node->items[i]);
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
		note(l, yaml_error(l->d, node, "`fields` is a mapping of registered fields, or the word registered"));
		return;
	}
	for (size_t i = 0; i < node->count; i++)
		if (!text_is(node->keys[i].text, "registered"))
			read_field(l, node, i);
	registered = yaml_get(node, "registered");
	if (registered)
		note(l, yaml_bool(registered, l->d, "registered", &all));
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
		note(l, yaml_text(&node->items[i], l->d, "an attribute", &list[i].value));
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
	note(l, yaml_text(node, l->d, "other", &name));
	l->group->other_category = registry_category(l->registry, name, &found);
	l->group->other = found && registry_action(l->registry, l->group->other_category, TEXT("other"));
	if (!l->group->other)
		note(l, yaml_error(l->d, node, "`%.*s` is no category that has the action other", TEXT_ARGS(name)));
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
	note(l, yaml_text(yaml_get(node, "name"), l->d, "name", &group->name));
	l->use = read_use(l, node);
	read_matches(l, yaml_get(node, "when"), &group->when, &group->when_count);
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
				note(l, yaml_error(l->d, &node->items[i], "there are two groups `%.*s`", TEXT_ARGS(groups[i].name)));
	}
	l->dialect->groups = groups;
	l->dialect->group_count = node->count;
}

static void read_time(struct loading *l, const struct yaml *node)
{
	if (!node)
		return;
	if (node->kind == YAML_SCALAR) {
		note(l, yaml_text(node, l->d, "time", &l->dialect->time));
		return;
	}
	if (yaml_check(node, time_keys, l->d, "`time`")) {
		l->failed = true;
		return;
	}
	note(l, yaml_text(yaml_get(node, "name"), l->d, "name", &l->dialect->time));
	read_shape_name(l, node, &l->dialect->time_shape);
}

static void read_reads(struct loading *l, const struct yaml *node)
{
	if (!node)
		return;
	note(l, yaml_text(node, l->d, "reads", &l->dialect->reads));
	for (size_t i = 0; i < sizeof reads_names / sizeof *reads_names; i++)
		if (text_is(l->dialect->reads, reads_names[i]))
			return;
	note(l, yaml_error(l->d, node, "`reads` is audit, json, csv or syslog; leave it out where the dialect is for writing only"));
}

static void read_once(struct loading *l, const struct yaml *node)
{
	if (!node)
		return;
	if (yaml_check(node, once_keys, l->d, "`once`")) {
		l->failed = true;
		return;
	}
	optional_text(l, node, "name", &l->dialect->once);
	read_matches(l, yaml_get(node, "unless"), &l->dialect->once_unless, &l->dialect->once_unless_count);
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
	optional_text(l, document, "name", &dialect->name);
	optional_text(l, document, "title", &dialect->title);
	optional_text(l, document, "version", &dialect->version);
	optional_text(l, document, "root", &dialect->root);
	optional_text(l, document, "id", &dialect->id);
	optional_text(l, document, "records", &dialect->records);
	optional_texts(l, document, "missing", &dialect->missing, &dialect->missing_count);
	optional_texts(l, document, "wrapped", &dialect->wrapped, &dialect->wrapped_count);
	optional_texts(l, document, "manifests", &dialect->manifests, &dialect->manifest_count);
	read_once(l, yaml_get(document, "once"));
	read_reads(l, yaml_get(document, "reads"));
	read_time(l, yaml_get(document, "time"));
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
