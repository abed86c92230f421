/*
 * fuzz_condition: a condition that parses is printed, parsed again and printed again: both prints are
 * equal, and so are the answers to some events. A sequence's automata find the same as its oracle. The engine says
 * what the plain evaluator says (hits, scope, nearness), at every level of instructions, with and without a sample, of those
 * events and of some that hold the condition's own literals. One that does not parse has at least one error, with a place inside it.
 *
 * The registry is a small one with a field of every type, so that the fuzzer need not find long names.
 */
#include "tests/differential/engine_check.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char fields[] =
	"events:\n"
	"  process: {exec: start, fork: start, other: info}\n"
	"  file: {open: access, other: info}\n"
	"fields:\n"
	"  \"@timestamp\":     {type: date, shared: true, about: Time.}\n"
	"  event.category:   {type: keyword, about: Category.}\n"
	"  event.action:     {type: keyword, about: Action.}\n"
	"  event.type:       {type: keyword, about: Type.}\n"
	"  event.outcome:    {type: keyword, about: Outcome.}\n"
	"  k:                {type: keyword, about: Keyword.}\n"
	"  k2:               {type: keyword, about: Another keyword.}\n"
	"  n2:               {type: long, about: Another number.}\n"
	"  i2:               {type: ip, about: Another address.}\n"
	"  l:                {type: keyword, list: true, about: List.}\n"
	"  n:                {type: long, about: Number.}\n"
	"  b:                {type: boolean, about: Boolean.}\n"
	"  i:                {type: ip, about: Address.}\n"
	"  p:                {type: keyword, path: true, about: Path.}\n"
	"  container.mounts: {type: keyword, list: true, path: true, about: Mounts.}\n";

static void load(struct registry *registry, struct arena *arena, struct diagnostics *d)
{
	struct yaml *documents;
	size_t count;
	if (yaml_parse(arena, text_of(fields), "fields", NULL, d, &documents, &count) != 0 ||
		registry_load(registry, arena, &documents[0], d) != 0) {
		diagnostics_print(d, stderr);
		abort();
	}
}

static struct text printed(struct arena *arena, const struct condition *condition, const struct registry *registry)
{
	struct buffer out = {0};
	condition_print(condition, registry, &out);
	struct text text = text_copy(arena, buffer_view(&out));
	buffer_free(&out);
	return text;
}

/* ---- answers ---- */

enum { EVENTS = 24 };

static const struct {
	const char *field, *values[3];
} some[] = {
	{"k", {"a", "b", "A"}}, {"k2", {"a", "", "ab"}}, {"l", {"a", "b", ""}}, {"n", {"1", "2", "-9223372036854775808"}},
	{"n2", {"1", "", "3"}}, {"b", {"true", "false", ""}}, {"i", {"10.0.0.1", "::1", ""}}, {"i2", {"10.0.0.1", "fd00::1", "::1"}},
	{"p", {"/run/a", "/etc", ""}}, {"container.mounts", {"/a:/b:rw", "", "/run/docker.sock:/x:ro"}}, {"event.outcome", {"", "", "failure"}},
};

/* Always the same events: each field has one of its values, or none, by turns of its own. */
static void make_events(struct arena *arena, const struct registry *registry, struct event **events)
{
	for (size_t i = 0; i < EVENTS; i++) {
		struct event *event = events[i] = arena_alloc(arena, sizeof(*event));
		event_begin(event, arena, registry);
		struct facet *facet = event_add_facet(event, i % 3 == 2 ? 2 : 1, registry->categories[i % 3 == 2 ? 2 : 1].first_action);
		for (size_t f = 0; f < sizeof(some) / sizeof(some[0]); f++)
			facet_set_text(event, facet, registry_field(registry, text_of(some[f].field)),
				text_of(some[f].values[(i * (f + 1) / 2 + f) % 3]));
		event->time = (int64_t)(i * i % 23 + i) * INT64_C(400000000);
		event->line = i + 1;
		event_share(event);
	}
}

static void ask(struct evaluator *e, const struct condition *condition, struct event *const *events, bool *answers)
{
	if (condition->sequence != NULL)
		sequence_evaluate(e, condition->sequence, (const struct event *const *)events, EVENTS, answers);
	for (size_t i = 0; condition->sequence == NULL && i < EVENTS; i++)
		answers[i] = evaluate_condition(e, condition, events[i]->facets[0]);
}

/* The automata over the events, as they come. */
static void ask_engine(const struct registry *registry, struct condition *condition, struct event *const *events, bool *answers)
{
	struct detection detection = {.conditions = &condition, .condition_count = 1}, *detections[] = {&detection};
	struct catalog catalog = {.registry = *registry, .detections = detections, .detection_count = 1};
	struct engine *engine = engine_new(&catalog);
	const struct settled *settled;
	struct matches matches;

	engine_begin(engine);
	for (size_t i = 0; i < EVENTS; i++) {
		engine_match(engine, events[i], &matches);
		answers[i] = matches.count > 0;
	}
	engine_finish(engine);
	while ((settled = engine_settled(engine)) != NULL)
		answers[settled->event->line - 1] = true;
	engine_free(engine);
}

/* ---- the engine, beside the plain evaluator ---- */

struct near_events {
	struct arena *arena;
	const struct registry *registry;
	struct event **events;
	size_t count, most;
};

static void add_near(struct near_events *near, const struct predicate *predicate, struct text text)
{
	if (near->count == near->most)
		return;
	struct event *event = near->events[near->count] = arena_alloc(near->arena, sizeof(*event));
	event_begin(event, near->arena, near->registry);
	for (unsigned category = 1; category <= 2; category++) {
		struct facet *facet = event_add_facet(event, category, near->registry->categories[category].first_action);
		facet_set_text(event, facet, predicate->field, text);
		if (predicate->other != FIELD_NONE && category == 1)
			facet_set_text(event, facet, predicate->other, text);
	}
	event_share(event);
	near->count++;
}

/* The literal as it is, and inside of something. */
static void note_near(const struct predicate *predicate, void *context)
{
	struct near_events *near = context;
	for (size_t i = 0; i < predicate->count; i++) {
		struct text text = predicate->values[i].text;
		add_near(near, predicate, text);
		add_near(near, predicate, text_of(arena_printf(near->arena, "x%.*sy", TEXT_ARGS(text))));
	}
}

static void compare_at(struct arena *arena, const struct catalog *catalog, struct condition *condition, struct near_events *near,
	enum simd_level level)
{
	struct engine *engine = engine_new_at(catalog, level);
	uint32_t number = engine_register(engine, condition);
	uint64_t needed = 1;
	struct evaluator *e = evaluator_new();
	if (level % 2)
		engine_calibrate(engine, (const struct event *const *)near->events, near->count);
	for (size_t i = 0; i < near->count; i++) {
		struct besides besides = {.conditions = &condition, .numbers = &number, .count = 1, .near = true, .needed = i % 2 ? &needed : NULL};
		struct difference difference;
		struct said oracle = oracle_says(arena, e, catalog, &besides, near->events[i]);
		struct said said = engine_says(arena, engine, &besides, near->events[i]);
		if (!said_agree(catalog, &besides, &oracle, &said, &difference)) {
			fprintf(stderr, "event %zu at level %s: %s: %s expected\n", i, simd_level_name(level), difference_names[difference.kind],
				difference.expected ? "yes" : "no");
			abort();
		}
	}
	evaluator_free(e);
	engine_free(engine);
}

enum { NEAR_EVENTS = EVENTS + 40 };

static void compare_engine(struct arena *arena, const struct registry *registry, struct condition *condition)
{
	struct detection detection = {.conditions = &condition, .condition_count = 1}, *detections[] = {&detection};
	struct catalog catalog = {.registry = *registry, .detections = detections, .detection_count = 1};
	struct event *events[NEAR_EVENTS];
	struct near_events near = {arena, registry, events, EVENTS, NEAR_EVENTS};

	if (condition->sequence != NULL)
		return;
	make_events(arena, registry, events);
	condition_visit(condition, note_near, &near);
	for (enum simd_level level = SIMD_PLAIN; level <= simd_level_best(); level++)
		compare_at(arena, &catalog, condition, &near, level);
}

static void compare_answers(struct arena *arena, const struct registry *registry, struct condition *condition,
	const struct condition *again)
{
	struct event *events[EVENTS];
	bool first[EVENTS], second[EVENTS], third[EVENTS];
	struct evaluator *e = evaluator_new();

	make_events(arena, registry, events);
	ask(e, condition, events, first);
	ask(e, again, events, second);
	ask_engine(registry, condition, events, third);
	for (size_t i = 0; i < EVENTS; i++)
		if (first[i] != second[i] || first[i] != third[i]) {
			fprintf(stderr, "event %zu: %d, printed and parsed again %d, the engine %d\n", i, first[i], second[i], third[i]);
			abort();
		}
	evaluator_free(e);
}

static void round_trip(struct arena *arena, const struct scope *scope, struct condition *condition, struct diagnostics *d)
{
	struct place start = {"again", 1, 1};
	struct text first = printed(arena, condition, scope->registry);
	struct condition *again = condition_parse(arena, scope, first, start, 0, (struct text){0}, d);

	if (again == NULL || !text_equal(first, printed(arena, again, scope->registry))) {
		fprintf(stderr, "%.*s\n", TEXT_ARGS(first));
		diagnostics_print(d, stderr);
		abort();
	}
	compare_answers(arena, scope->registry, condition, again);
	compare_engine(arena, scope->registry, condition);
}

static void check_errors(const struct diagnostics *d)
{
	if (d->errors == 0)
		abort();
	for (size_t i = 0; i < d->count; i++)
		if (d->items[i].place.line == 0 || d->items[i].place.column == 0 || d->items[i].message[0] == '\0')
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct diagnostics d = {0};
	struct registry registry;
	struct place start = {"input", 1, 1};
	struct text source = {(const char *)data, size}, items[] = {TEXT("a"), TEXT("/var/run/b")};
	const struct named_list lists[] = {{TEXT("x"), items, 2, start}, {TEXT("none"), NULL, 0, start}};
	const struct named_macro macros[] = {{TEXT("m"), TEXT("b or k == null"), start}, {TEXT("r"), TEXT("not r"), start}};
	const struct scope scope = {&registry, lists, 2, macros, 2, NULL, NULL};

	load(&registry, &arena, &d);
	struct condition *condition = condition_parse(&arena, &scope, source, start, 0, source, &d);
	if (condition != NULL)
		round_trip(&arena, &scope, condition, &d);
	else
		check_errors(&d);
	diagnostics_free(&d);
	arena_free(&arena);
	return 0;
}
