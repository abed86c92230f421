/* sample: see sample.h. */
#include "cli/sample.h"

#include "replay/derive/derive.h"

static void derive(const struct catalog *catalog, struct event *event)
{
	struct deriver *deriver = deriver_new(catalog);
	derive_event(deriver, event);
	deriver_free(deriver);
}

void sample_of_test(const struct catalog *catalog, const struct detection_test *test, struct arena *arena,
	struct sample *sample)
{
	struct deriver *deriver = deriver_new(catalog);
	size_t count = test->event_count ? test->event_count : 1;
	*sample = (struct sample){arena_array(arena, count, sizeof(struct event *)), count};
	for (size_t i = 0; i < count; i++) {
		struct event *event = sample->events[i] = arena_alloc(arena, sizeof *event);
		event_begin(event, arena, &catalog->registry);
		if (test->event_count)
			test_event_make(&test->events[i], event);
		else
			detection_test_event(test, event);
		derive_event(deriver, event);
	}
	deriver_free(deriver);
}

/* category and action of a typed facet. */
static int sample_kind(const struct catalog *catalog, const struct yaml *node, struct diagnostics *d, unsigned *category,
	unsigned *action)
{
	const struct yaml *name = yaml_get(node, "event.category"), *act = yaml_get(node, "event.action");
	struct text text;
	bool found;
	if (name == NULL || act == NULL)
		return yaml_error(d, node, "an event needs event.category and event.action");
	if (yaml_text(name, d, "event.category", &text) != 0)
		return -1;
	*category = registry_category(&catalog->registry, text, &found);
	if (!found || *category == CATEGORY_ANY)
		return yaml_error(d, name, "there is no category \"%.*s\"", TEXT_ARGS(text));
	if (yaml_text(act, d, "event.action", &text) != 0)
		return -1;
	*action = registry_action(&catalog->registry, *category, text);
	if (*action == 0)
		return yaml_error(d, act, "the category has no action \"%.*s\"", TEXT_ARGS(text));
	return 0;
}

static int sample_field(const struct catalog *catalog, const struct yaml *node, size_t at, struct event *event,
	struct facet *facet, struct diagnostics *d)
{
	struct text name = node->keys[at].text, *values = NULL;
	size_t count = 0;
	unsigned field = registry_field(&catalog->registry, name);
	if (field == FIELD_NONE) {
		struct text near = registry_nearest_field(&catalog->registry, name);
		return yaml_error_key(d, node, at, "there is no field \"%.*s\"; is it \"%.*s\"?", TEXT_ARGS(name), TEXT_ARGS(near));
	}
	if (node->items[at].kind == YAML_NULL || field == FIELD_CATEGORY || field == FIELD_ACTION)
		return 0;
	if (yaml_texts(&node->items[at], event->arena, d, "the field", &values, &count) != 0)
		return -1;
	if (!facet_set_texts(event, facet, field, values, count))
		return yaml_error(d, &node->items[at], "%.*s is of type %s", TEXT_ARGS(name),
			value_type_name(catalog->registry.fields[field].type));
	return 0;
}

static int sample_facet(const struct catalog *catalog, const struct yaml *node, struct event *event, struct diagnostics *d)
{
	unsigned category = 0, action = 0;
	int failed = 0;
	if (node->kind != YAML_MAPPING)
		return yaml_error(d, node, "an event is a mapping of fields, as {event.category: process, event.action: exec}");
	if (sample_kind(catalog, node, d, &category, &action) != 0)
		return -1;
	struct facet *facet = event_add_facet(event, category, action);
	for (size_t i = 0; i < node->count; i++)
		failed |= sample_field(catalog, node, i, event, facet, d);
	return failed;
}

int sample_of_text(const struct catalog *catalog, struct text text, struct arena *arena, struct event *event,
	struct diagnostics *d)
{
	struct yaml *documents = NULL;
	size_t count = 0;
	int failed = 0;
	event_begin(event, arena, &catalog->registry);
	if (yaml_parse(arena, text, "EVENT", NULL, d, &documents, &count) != 0)
		return -1;
	if (count != 1)
		return diagnostics_error(d, ((struct place){"EVENT", 1, 1}), "one event is wanted, not %zu", count);
	if (documents[0].kind != YAML_SEQUENCE)
		failed = sample_facet(catalog, documents, event, d);
	else if (documents[0].count == 0)
		failed = yaml_error(d, documents, "an event has at least one facet, as {event.category: process, event.action: exec}");
	else
		for (size_t i = 0; i < documents[0].count; i++)
			failed |= sample_facet(catalog, &documents[0].items[i], event, d);
	if (failed == 0)
		derive(catalog, event);
	return failed;
}

bool sample_matches(struct evaluator *evaluator, const struct detection *detection, const struct sample *sample,
	const struct condition **condition)
{
	const struct event *const *events = (const struct event *const *)sample->events;
	for (size_t i = 0; i < detection->condition_count; i++)
		if (condition_matches(evaluator, detection->conditions[i], events, sample->count)) {
			*condition = detection->conditions[i];
			return true;
		}
	return false;
}
