/*
 * detection_test: the tests in a detection's file: an event or several, and whether the detection matches.
 */
#include "catalog/detection_test.h"

static const char *const expectation_names[] = {
	[EXPECT_MATCH] = "match",
	[EXPECT_NO_MATCH] = "no-match",
	[EXPECT_TODO_MATCH] = "todo-match",
	[EXPECT_TODO_NO_MATCH] = "todo-no-match",
	NULL,
};
enum { EXPECTATIONS = sizeof expectation_names / sizeof *expectation_names - 1 };

static const struct yaml_form facet_form = {.sort = YAML_FACET, .sample = "{event.category: process, event.action: exec}"};
static const struct yaml_form event_form = {.sort = YAML_EITHER,
	.of = YAML_FORMS({.sort = YAML_FACET}, {.sort = YAML_LIST, .of = &facet_form, .flags = YAML_FILLED})};

static const struct yaml_shape test_shape[] = {
	{"name", YAML_REQUIRED, &yaml_some_text, "What the event is, in words; unique in the detection."},
	{"event", YAML_OPTIONAL, &event_form,
		"Fields and values of the event, each field by its whole name; or a list of such: its facets."},
	{"events", YAML_OPTIONAL, YAML_FORM(.sort = YAML_LIST, .of = &event_form, .flags = YAML_FILLED),
		"Instead of `event`: several, each with an @timestamp. The detection matches if one of them ends a sequence or "
		"fits alone."},
	{"expect", YAML_REQUIRED, YAML_FORM(.sort = YAML_TEXT, .words = expectation_names),
		"match or no-match. todo-match and todo-no-match are known gaps: they are shown, and fail nothing."},
	{0},
};

const struct yaml_form detection_test_form = {.sort = YAML_RECORD, .shape = test_shape,
	.rules = "\"oneOf\":[{\"required\":[\"event\"]},{\"required\":[\"events\"]}]"};

const char *expectation_name(enum expectation expectation)
{
	return expectation_names[expectation];
}

struct loading {
	struct arena *arena;
	const struct registry *registry;
	struct diagnostics *d;
};

static int check_value(const struct loading *l, const struct field *field, const struct yaml *node, struct text text)
{
	struct value value;
	if (node->kind != YAML_SCALAR)
		return yaml_error(l->d, node, "a value of %.*s must be a text, a number or a boolean", TEXT_ARGS(field->name));
	if (text.length && !value_parse(field->type, text, &value))
		return yaml_error(l->d, node, "%.*s is of type %s, which \"%.*s\" is not", TEXT_ARGS(field->name),
			value_type_name(field->type), TEXT_ARGS(text));
	return 0;
}

static int load_values(const struct loading *l, const struct field *field, const struct yaml *node,
	struct test_field *test_field)
{
	if (node->kind == YAML_MAPPING)
		return yaml_error(l->d, node, "fields are written with their whole name (%.*s.…), not nested",
			TEXT_ARGS(field->name));
	if (node->kind == YAML_SEQUENCE && !field->list)
		return yaml_error(l->d, node, "%.*s has one value, not a list", TEXT_ARGS(field->name));
	test_field->null = node->kind == YAML_NULL;
	if (test_field->null)
		return 0;
	bool many = node->kind == YAML_SEQUENCE;
	size_t count = many ? node->count : 1, errors = l->d->errors;
	struct text *texts = arena_array(l->arena, count, sizeof *texts);
	for (size_t i = 0; i < count; i++) {
		const struct yaml *item = many ? &node->items[i] : node;
		texts[i] = item->text;
		check_value(l, field, item, texts[i]);
	}
	test_field->values = (struct texts){texts, count};
	return l->d->errors == errors ? 0 : -1;
}

static int unknown_field(const struct loading *l, const struct yaml *mapping, size_t key)
{
	struct text name = mapping->keys[key].text, near = registry_nearest_field(l->registry, name);
	if (near.length)
		return yaml_error_key(l->d, mapping, key, "\"%.*s\" is no field; is it %.*s?", TEXT_ARGS(name), TEXT_ARGS(near));
	return yaml_error_key(l->d, mapping, key, "\"%.*s\" is no field", TEXT_ARGS(name));
}

/* Category and action first: all that an event must have. */
static int load_action(const struct loading *l, const struct yaml *node, struct test_facet *facet)
{
	const struct yaml *category = yaml_get(node, "event.category"), *action = yaml_get(node, "event.action");
	const struct yaml *type = yaml_get(node, "event.type");
	bool found = false;
	if (!category || category->kind != YAML_SCALAR)
		return yaml_error(l->d, category ? category : node, "a test's event must have one event.category");
	if (!action || action->kind != YAML_SCALAR)
		return yaml_error(l->d, action ? action : node, "a test's event must have one event.action");
	facet->category = registry_category(l->registry, category->text, &found);
	if (!found || facet->category == CATEGORY_ANY)
		return yaml_error(l->d, category, "\"%.*s\" is no category of events", TEXT_ARGS(category->text));
	facet->action = registry_action(l->registry, facet->category, action->text);
	if (!facet->action)
		return yaml_error(l->d, action, "\"%.*s\" is no action of %.*s events", TEXT_ARGS(action->text),
			TEXT_ARGS(category->text));
	struct text follows = l->registry->actions[facet->action].type;
	if (type && !text_equal(type->text, follows))
		return yaml_error(l->d, type, "event.type follows from the action: %.*s is \"%.*s\"", TEXT_ARGS(action->text),
			TEXT_ARGS(follows));
	return 0;
}

static int load_facet(const struct loading *l, const struct yaml *node, struct test_facet *facet)
{
	size_t errors = l->d->errors;
	if (node->kind != YAML_MAPPING)
		return yaml_error(l->d, node, "a test's event must be a mapping of fields, or a list of such");
	load_action(l, node, facet);
	struct test_field *fields = arena_array(l->arena, node->count, sizeof *fields);
	for (size_t i = 0; i < node->count; i++) {
		fields[i].field = registry_field(l->registry, node->keys[i].text);
		fields[i].place = node->keys[i].place;
		if (fields[i].field == FIELD_NONE)
			unknown_field(l, node, i);
		else if (fields[i].field != FIELD_CATEGORY && fields[i].field != FIELD_ACTION && fields[i].field != FIELD_TYPE)
			load_values(l, &l->registry->fields[fields[i].field], &node->items[i], &fields[i]);
		else {
			struct text *word = arena_alloc(l->arena, sizeof *word);

			*word = node->items[i].text;
			fields[i].values = (struct texts){word, 1};
		}
	}
	facet->fields = fields;
	facet->count = node->count;
	return l->d->errors == errors ? 0 : -1;
}

static int load_event(const struct loading *l, const struct yaml *event, struct test_event *to)
{
	bool many = event->kind == YAML_SEQUENCE;
	size_t count = many ? event->count : 1;
	if (!count)
		return yaml_error(l->d, event, "a test's event must have a facet");
	struct test_facet *facets = arena_array(l->arena, count, sizeof *facets);
	for (size_t i = 0; i < count; i++)
		load_facet(l, many ? &event->items[i] : event, &facets[i]);
	*to = (struct test_event){facets, count, event->place};
	return 0;
}

static bool has_time(const struct test_event *event)
{
	for (size_t i = 0; i < event->facet_count; i++)
		for (size_t k = 0; k < event->facets[i].count; k++) {
			const struct test_field *field = &event->facets[i].fields[k];
			if (field->field == FIELD_TIMESTAMP && field->values.count && field->values.items[0].length)
				return true;
		}
	return false;
}

/* Several events have an order only by their times. */
static int load_events(const struct loading *l, const struct yaml *sequence, struct detection_test *test)
{
	size_t errors = l->d->errors;
	if (!sequence->count)
		return yaml_error(l->d, sequence, "a test must have an event");
	struct test_event *events = arena_array(l->arena, sequence->count, sizeof *events);
	for (size_t i = 0; i < sequence->count; i++)
		if (!load_event(l, &sequence->items[i], &events[i]) && !has_time(&events[i]) && l->d->errors == errors)
			yaml_error(l->d, &sequence->items[i], "each of several events must have an @timestamp");
	test->events = events;
	test->event_count = sequence->count;
	return l->d->errors == errors ? 0 : -1;
}

static int load_test(const struct loading *l, const struct yaml *node, struct detection_test *test)
{
	unsigned expect = EXPECT_MATCH;
	test->place = node->place;
	if (node->kind != YAML_MAPPING)
		return yaml_error(l->d, node, "a test must be a mapping");
	yaml_check(node, test_shape, l->d, "test");
	load_text(node, "name", l->d, &test->name);
	load_choice(node, "expect", expectation_names, EXPECTATIONS, l->d, &expect);
	test->expect = (enum expectation)expect;
	const struct yaml *name = yaml_get(node, "name"), *event = yaml_get(node, "event"), *events = yaml_get(node, "events");
	struct test_event one = {0};
	if (name)
		test->place = name->place;
	if (!event == !events)
		return yaml_error(l->d, node, "a test has either an event or events");
	if (events)
		return events->kind == YAML_SEQUENCE ? load_events(l, events, test) : -1;
	int failed = load_event(l, event, &one);
	test->facets = one.facets;
	test->facet_count = one.facet_count;
	return failed;
}

static void check_names(const struct loading *l, const struct yaml *sequence, const struct detection_test *tests)
{
	for (size_t i = 0; i < sequence->count; i++)
		for (size_t j = 0; j < i && tests[i].name.length; j++)
			if (text_equal(tests[i].name, tests[j].name)) {
				yaml_error(l->d, yaml_get(&sequence->items[i], "name"), "another test is named \"%.*s\" already",
					TEXT_ARGS(tests[i].name));
				break;
			}
}

int detection_tests_load(struct arena *arena, const struct registry *registry, const struct yaml *document,
	struct diagnostics *d, const struct detection_test **tests, size_t *count)
{
	const struct yaml *sequence = yaml_get(document, "tests");
	struct loading l = {arena, registry, d};
	size_t errors = d->errors, broken = 0, expected[EXPECTATIONS] = {0};
	if (!sequence || sequence->kind != YAML_SEQUENCE)
		return 0;
	struct detection_test *all = arena_array(arena, sequence->count, sizeof *all);
	for (size_t i = 0; i < sequence->count; i++) {
		size_t before = d->errors;
		load_test(&l, &sequence->items[i], &all[i]);
		/* A test that is wrong in itself is one fault, not also a missing test. */
		expected[all[i].expect]++;
		broken += d->errors != before;
	}
	check_names(&l, sequence, all);
	if (!expected[EXPECT_MATCH] && !broken)
		yaml_error(d, sequence, "no test expects a match; at least one must");
	if (!expected[EXPECT_NO_MATCH] && !broken)
		yaml_error(d, sequence, "no test expects no-match; at least one must");
	*tests = all;
	*count = sequence->count;
	return d->errors == errors ? 0 : -1;
}

static void set_field(struct event *event, struct facet *facet, const struct test_field *field)
{
	bool given = field->field == FIELD_CATEGORY || field->field == FIELD_ACTION || field->field == FIELD_TYPE;
	if (given || field->null)
		return;
	if (event->registry->fields[field->field].list)
		facet_set_texts(event, facet, field->field, field->values.items, field->values.count);
	else if (field->values.count)
		facet_set_text(event, facet, field->field, field->values.items[0]);
}

void detection_test_event(const struct detection_test *test, struct event *event)
{
	struct test_event one = {test->facets, test->facet_count, test->place};
	test_event_make(&one, event);
}

void test_event_make(const struct test_event *from, struct event *event)
{
	for (size_t i = 0; i < from->facet_count; i++) {
		const struct test_facet *fields = &from->facets[i];
		struct facet *facet = event_add_facet(event, fields->category, fields->action);
		for (size_t j = 0; j < fields->count; j++)
			set_field(event, facet, &fields->fields[j]);
	}
	event_share(event);
	const struct values *time = event->facet_count ? facet_get(event->facets[0], FIELD_TIMESTAMP) : NULL;
	if (time && time->count)
		event->time = time->items[0].number;
}
