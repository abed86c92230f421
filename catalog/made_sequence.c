/* made_sequence: lists of events made for sequences (see made_sequence.h). */
#include "catalog/made_sequence.h"

#include "catalog/sequence.h"

#include <string.h>

#define BEGINNING INT64_C(1767225600000000000) /* 2026-01-01 */
#define SECOND INT64_C(1000000000)
#define MILLISECOND INT64_C(1000000)

struct chaining {
	const struct making *making;
	const struct sequence *sequence;
	struct test_facet *facets;            /* of all events, in order */
	const struct sequence_step **steps;   /* beside them */
	size_t count;
};

/* ---- fields ---- */

static struct test_field *find_field(const struct test_facet *facet, unsigned field)
{
	for (size_t i = 0; i < facet->count; i++)
		if (facet->fields[i].field == field)
			return (struct test_field *)&facet->fields[i];
	return NULL;
}

/* A list keeps what it has, and has the value too. */
static void add_value(const struct making *making, struct test_field *field, struct text value)
{
	struct text *values = arena_array(making->arena, field->values.count + 1, sizeof *values);

	for (size_t i = 0; i < field->values.count; i++) {
		values[i] = field->values.items[i];
		if (text_equal(values[i], value))
			return;
	}
	values[field->values.count] = value;
	field->values = (struct texts){values, field->values.count + 1};
}

static void set_field(const struct making *making, struct test_facet *facet, unsigned field, struct text value)
{
	struct text *one = arena_alloc(making->arena, sizeof *one);
	struct test_field *old = find_field(facet, field);

	*one = value;
	if (old != NULL && making->registry->fields[field].list && !old->null) {
		add_value(making, old, value);
		return;
	}
	if (old != NULL) {
		old->values = (struct texts){one, 1};
		old->null = false;
		return;
	}
	struct test_field *fields = arena_array(making->arena, facet->count + 1, sizeof *fields);
	if (facet->count > 0)
		memcpy(fields, facet->fields, facet->count * sizeof *fields);
	fields[facet->count++] = (struct test_field){.field = field, .values = {one, 1}};
	facet->fields = fields;
}

/* A value of the field's type, another one for each number. */
static struct text value_of(const struct making *making, unsigned field, size_t number)
{
	char date[32];

	switch (making->registry->fields[field].type) {
	case TYPE_LONG:
		return text_of(arena_printf(making->arena, "%zu", 1000 + number));
	case TYPE_BOOLEAN:
		return number % 2 ? TEXT("false") : TEXT("true");
	case TYPE_IP:
		return text_of(arena_printf(making->arena, "10.0.0.%zu", 1 + number % 254));
	case TYPE_DATE:
		return text_copy(making->arena, (struct text){date, date_format(BEGINNING + (int64_t)number * SECOND, date)});
	default:
		return text_of(arena_printf(making->arena, "key-%zu", number));
	}
}

/* ---- fields that depend on each other ---- */

static unsigned named(const struct making *making, const char *name)
{
	return registry_field(making->registry, text_of(name));
}

/* Values that differ in the command line differ in an argument. */
static void set_distinct(const struct making *making, struct test_facet *facet, unsigned field, size_t number)
{
	struct text value = value_of(making, field, number);
	struct test_field *args = find_field(facet, named(making, "process.args"));

	if (field == named(making, "process.command_line") && args != NULL && !args->null)
		add_value(making, args, value);
	else
		set_field(making, facet, field, value);
}

/* A command line is its arguments, and so many are they. */
static void set_command_line(const struct making *making, struct test_facet *facet)
{
	const struct test_field *args = find_field(facet, named(making, "process.args"));
	struct buffer line = {0};

	if (args == NULL || args->null || args->values.count == 0)
		return;
	for (size_t i = 0; i < args->values.count; i++) {
		buffer_string(&line, i > 0 ? " " : "");
		buffer_text(&line, args->values.items[i]);
	}
	if (find_field(facet, named(making, "process.command_line")) != NULL)
		set_field(making, facet, named(making, "process.command_line"), text_copy(making->arena, buffer_view(&line)));
	if (find_field(facet, named(making, "process.args_count")) != NULL)
		set_field(making, facet, named(making, "process.args_count"),
			text_of(arena_printf(making->arena, "%zu", args->values.count)));
	buffer_free(&line);
}

/* ---- the events ---- */

static bool add_event(struct chaining *c, const struct sequence_step *step, const struct test_facet *facet)
{
	if (c->count == MADE_CHAIN_MOST)
		return false;
	struct test_facet *copy = &c->facets[c->count];
	struct test_field *fields = arena_array(c->making->arena, facet->count + 1, sizeof *fields);

	if (facet->count > 0)
		memcpy(fields, facet->fields, facet->count * sizeof *fields);
	*copy = *facet;
	copy->fields = fields;
	c->steps[c->count++] = step;
	return true;
}

static bool add_step(struct chaining *c, const struct sequence_step *step)
{
	struct made made;
	size_t events = step->distinct_count > 0 ? step->distinct_count : step->runs;

	if (step->missing)
		return true;
	if (!made_match(c->making, step->condition, &made))
		return false;
	for (size_t i = 0; i < events; i++) {
		if (!add_event(c, step, &made.facet))
			return false;
		if (step->distinct_count > 0)
			set_distinct(c->making, &c->facets[c->count - 1], step->distinct, i);
	}
	return true;
}

/* The value that some step's question asks for, rather than one of a list, or any. */
static struct text key_value(const struct chaining *c, size_t key)
{
	for (size_t i = 0; i < 2 * c->count; i++) {
		unsigned by = c->steps[i % c->count]->by[key];
		const struct test_field *field = find_field(&c->facets[i % c->count], by);
		if (i < c->count && c->making->registry->fields[by].list)
			continue;
		if (field != NULL && field->values.count > 0 && !field->null)
			return field->values.items[0];
	}
	return value_of(c->making, c->sequence->steps[0].by[key], key);
}

static void set_keys(struct chaining *c)
{
	for (size_t key = 0; key < c->sequence->key_count; key++) {
		struct text value = key_value(c, key);
		for (size_t i = 0; i < c->count; i++)
			set_field(c->making, &c->facets[i], c->steps[i]->by[key], value);
	}
	for (size_t i = 0; i < c->count; i++)
		set_command_line(c->making, &c->facets[i]);
}

static void set_times(struct chaining *c)
{
	int64_t gap = c->sequence->maxspan / (int64_t)(c->count + 1);
	char date[32];

	gap = gap > SECOND ? SECOND : gap > MILLISECOND ? gap / MILLISECOND * MILLISECOND : gap;
	for (size_t i = 0; i < c->count; i++) {
		struct text time = {date, date_format(BEGINNING + (int64_t)i * gap, date)};
		set_field(c->making, &c->facets[i], FIELD_TIMESTAMP, text_copy(c->making->arena, time));
	}
}

/* ---- judging ---- */

bool made_matches(const struct making *making, const struct condition *condition, const struct test_event *events,
	size_t count)
{
	struct arena arena = {0};
	struct event **built = arena_array(&arena, count + 1, sizeof(struct event *));

	for (size_t i = 0; i < count; i++) {
		built[i] = arena_alloc(&arena, sizeof *built[i]);
		event_begin(built[i], &arena, making->registry);
		test_event_make(&events[i], built[i]);
	}
	bool matches = condition_matches(making->evaluator, condition, (const struct event *const *)built, count);
	arena_free(&arena);
	return matches;
}

bool made_chain(const struct making *making, const struct condition *condition, struct made_chain *chain)
{
	struct chaining c = {.making = making, .sequence = condition->sequence};

	c.facets = arena_array(making->arena, MADE_CHAIN_MOST, sizeof *c.facets);
	c.steps = arena_array(making->arena, MADE_CHAIN_MOST, sizeof(const struct sequence_step *));
	for (size_t i = 0; i < c.sequence->count; i++)
		if (!add_step(&c, &c.sequence->steps[i]))
			return false;
	set_keys(&c);
	set_times(&c);
	*chain = (struct made_chain){arena_array(making->arena, c.count, sizeof *chain->events), c.count, false};
	for (size_t i = 0; i < c.count; i++)
		chain->events[i] = (struct test_event){&c.facets[i], 1, {0}};
	if (!made_matches(making, condition, chain->events, c.count))
		return false;
	chain->misses = c.count > 1 && !made_matches(making, condition, chain->events + 1, c.count - 1);
	return true;
}
