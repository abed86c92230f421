/* emit_tests: the tests of a detection, as its file writes them. Declared in generator/emit.h. */
#include "generator/emit.h"

static void emit_value(struct emitter *e, enum value_type type, struct text value)
{
	if (type == TYPE_LONG || type == TYPE_BOOLEAN)
		emit_plain(e, value);
	else
		emit_text(e, value);
}

static void emit_field(struct emitter *e, const struct registry *registry, const struct test_field *field)
{
	const struct field *known = &registry->fields[field->field];

	emit_text(e, known->name);
	if (field->null) {
		emit_plain(e, TEXT("null"));
		return;
	}
	if (field->values.count != 1)
		emit_sequence(e, true);
	for (size_t i = 0; i < field->values.count; i++)
		emit_value(e, known->type, field->values.items[i]);
	if (field->values.count != 1)
		emit_end(e);
}

static void emit_facet(struct emitter *e, const struct registry *registry, const struct test_facet *facet)
{
	emit_mapping(e, true);
	emit_pair(e, "event.category", registry->categories[facet->category].name);
	emit_pair(e, "event.action", registry->actions[facet->action].name);
	for (size_t i = 0; i < facet->count; i++) {
		unsigned field = facet->fields[i].field;

		if (field != FIELD_CATEGORY && field != FIELD_ACTION && field != FIELD_TYPE)
			emit_field(e, registry, &facet->fields[i]);
	}
	emit_end(e);
}

static void emit_event(struct emitter *e, const struct registry *registry, const struct test_facet *facets, size_t count)
{
	if (count != 1)
		emit_sequence(e, false);
	for (size_t i = 0; i < count; i++)
		emit_facet(e, registry, &facets[i]);
	if (count != 1)
		emit_end(e);
}

static void emit_events(struct emitter *e, const struct registry *registry, const struct detection_test *test)
{
	emit_key(e, "events");
	emit_sequence(e, false);
	for (size_t i = 0; i < test->event_count; i++)
		emit_event(e, registry, test->events[i].facets, test->events[i].facet_count);
	emit_end(e);
}

static void emit_test(struct emitter *e, const struct registry *registry, const struct detection_test *test)
{
	emit_mapping(e, false);
	emit_pair(e, "name", test->name);
	if (test->event_count > 0) {
		emit_events(e, registry, test);
	} else {
		emit_key(e, "event");
		emit_event(e, registry, test->facets, test->facet_count);
	}
	emit_pair(e, "expect", text_of(expectation_name(test->expect)));
	emit_end(e);
}

void emit_tests(struct emitter *e, const struct registry *registry, const struct draft_tests *tests)
{
	emit_key(e, "tests");
	emit_sequence(e, false);
	for (size_t i = 0; i < tests->count; i++)
		emit_test(e, registry, &tests->items[i]);
	emit_end(e);
}
