/*
 * test_sequence: conditions over several events. The oracle against the table of cases; the automata, as events come,
 * against the oracle: on the table and on random sequences, in order and shuffled within the lag.
 */
#include "catalog/made_sequence.h"
#include "replay/engine/automaton.h"
#include "replay/engine/engine.h"
#include "tests/unit/random_tree.h"
#include "tests/unit/world.h"

#include <stdlib.h>
#include <string.h>

void suite_sequence(void);

#define SECOND INT64_C(1000000000)
enum { EVENTS_MAX = 64, RANDOM_SEQUENCES = 20000 };

static const int64_t epoch = INT64_C(1767225600) * SECOND; /* 2026-01-01 */

/* A list of events, and the one condition of a catalog that is asked. */
struct trial {
	struct arena arena;
	struct catalog catalog;
	struct detection detection, *detections[1];
	struct condition *conditions[1];
	struct event *events[EVENTS_MAX];
	size_t count;
};

static void trial_begin(struct trial *t, const struct registry *registry, struct condition *condition)
{
	t->catalog = (struct catalog){.registry = *registry, .detections = t->detections, .detection_count = 1};
	t->detection = (struct detection){.name = TEXT("one"), .conditions = t->conditions, .condition_count = 1};
	t->detections[0] = &t->detection;
	t->conditions[0] = condition;
}

static bool trial_oracle(struct trial *t, bool *ends)
{
	struct evaluator *e = evaluator_new();
	size_t count = sequence_evaluate(e, t->conditions[0]->sequence, (const struct event *const *)t->events, t->count, ends);
	evaluator_free(e);
	return count > 0;
}

static void note_settled(struct engine *engine, bool *ends)
{
	const struct settled *settled;
	while ((settled = engine_settled(engine)) != NULL) {
		CU_ASSERT_EQUAL(settled->matches.count, 1);
		CU_ASSERT_TRUE(settled->matches.items[0].count > 0);
		CU_ASSERT_FALSE(ends[settled->event->line - 1]);
		ends[settled->event->line - 1] = true;
	}
}

/* The engine over the events in this order. */
static void trial_engine(struct trial *t, struct engine *engine, const size_t *order, bool *ends)
{
	memset(ends, 0, t->count * sizeof(*ends));
	engine_begin(engine);
	for (size_t i = 0; i < t->count; i++) {
		struct matches matches;
		t->events[order[i]]->line = order[i] + 1;
		engine_match(engine, t->events[order[i]], &matches);
		CU_ASSERT_EQUAL(matches.count, 0);
		note_settled(engine, ends);
	}
	engine_finish(engine);
	note_settled(engine, ends);
}

/* ---- the table ---- */

static void set_time(struct event *event, const struct yaml *item)
{
	const struct yaml *first = item->kind == YAML_SEQUENCE ? &item->items[0] : item;
	const struct yaml *at = yaml_get(first, "at"), *id = yaml_get(first, "id");
	struct text seconds = at != NULL ? at->text : TEXT("");
	int64_t whole = 0, thousandths = 0;
	size_t dot = text_find(seconds, '.');

	if (id != NULL)
		event->id = id->text;
	if (at == NULL)
		return;
	CU_ASSERT_TRUE(text_to_long(text_slice(seconds, 0, dot), &whole));
	if (dot < seconds.length) {
		static const int64_t scale[] = {0, 100, 10, 1};
		CU_ASSERT_TRUE(text_to_long(text_slice(seconds, dot + 1, seconds.length), &thousandths));
		thousandths *= scale[seconds.length - dot - 1];
	}
	event->time = epoch + whole * SECOND + thousandths * (SECOND / 1000);
}

static void check_ends(const struct yaml *item, const char *who, const bool *ends, size_t count)
{
	const struct yaml *list = yaml_get(item, "ends");
	for (size_t i = 0; i < count; i++) {
		bool wanted = false;
		int64_t number;
		for (size_t k = 0; k < list->count; k++)
			wanted = wanted || (text_to_long(list->items[k].text, &number) && (size_t)number == i + 1);
		if (ends[i] != wanted)
			fprintf(stderr, "\ntests/cases/conditions.yaml:%u: %s: event %zu %s\n", item->place.line, who, i + 1,
				wanted ? "should end a match" : "should end no match");
		CU_ASSERT_EQUAL(ends[i], wanted);
	}
}

static unsigned first_category(const struct sequence *sequence)
{
	return sequence->steps[0].condition->category;
}

/* The condition, printed and parsed again. */
static struct condition *parsed_again(const struct cases *cases, struct arena *arena, const struct condition *condition,
	struct diagnostics *d)
{
	struct buffer out = {0};
	condition_print(condition, &cases->registry, &out);
	struct condition *again = condition_parse(arena, &cases->scope, buffer_view(&out), (struct place){"again", 1, 1}, 0,
		(struct text){0}, d);
	buffer_free(&out);
	return again;
}

static void run_case(const struct cases *cases, const struct yaml *item)
{
	static const struct { const char *name; bool again; } ways[] = {
		{"engine", false}, {"engine, printed and parsed again", true}};
	struct trial t = {0};
	struct diagnostics d = {0};
	struct condition *condition = cases_condition(cases, item, &t.arena, &d);
	const struct yaml *events = yaml_get(item, "events");
	bool ends[EVENTS_MAX];
	size_t order[EVENTS_MAX];

	if (condition == NULL || condition->sequence == NULL)
		cases_give_up(&d, "a sequence does not parse");
	trial_begin(&t, &cases->registry, condition);
	for (size_t i = 0; i < events->count; i++) {
		struct event *event = arena_alloc(&t.arena, sizeof(*event));
		cases_event(cases, &events->items[i], first_category(condition->sequence), &t.arena, event);
		set_time(event, &events->items[i]);
		t.events[t.count] = event;
		order[t.count] = t.count;
		t.count++;
	}
	trial_oracle(&t, ends);
	check_ends(item, "oracle", ends, t.count);
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (ways[i].again)
			t.conditions[0] = parsed_again(cases, &t.arena, condition, &d);
		CU_ASSERT_PTR_NOT_NULL_FATAL(t.conditions[0]);
		struct engine *engine = engine_new(&t.catalog);
		trial_engine(&t, engine, order, ends);
		check_ends(item, ways[i].name, ends, t.count);
		engine_free(engine);
	}
	diagnostics_free(&d);
	arena_free(&t.arena);
}

static void test_cases(void)
{
	struct cases cases;
	cases_load(&cases, "tests/cases/conditions.yaml");
	const struct yaml *sequences = yaml_get(cases.document, "sequences");
	CU_ASSERT_TRUE(sequences->count >= 38);
	for (size_t i = 0; i < sequences->count; i++)
		run_case(&cases, &sequences->items[i]);
	cases_free(&cases);
}

/* ---- random ---- */

static void random_step(uint64_t *state, struct buffer *out, size_t key)
{
	static const char *const keys[][2] = {{"", ""}, {" by process.pid", " by process.parent.pid"}, {" by process.name", " by process.args"}};
	const char *const *by = keys[key];

	static const char *const questions[] = {"process where process.name == \"a\"", "process where process.name == \"b\"",
		"process where process.name in (\"a\", \"c\")", "any where process.pid < 2", "file where true", "process where true",
		"any where process.name == \"c\" or process.pid == 3"};
	buffer_printf(out, "[%s]", questions[random_below(state, 7)]);
	buffer_string(out, by[random_below(state, 2)]);
}

static void random_counting(uint64_t *state, struct buffer *out)
{
	static const char *const fields[] = {"process.pid", "process.args", "process.name"};
	size_t kind = random_below(state, 8);
	if (kind < 2)
		buffer_printf(out, " with runs=%zu", 2 + random_below(state, 3));
	else if (kind < 4)
		buffer_printf(out, " with distinct(%s)=%zu", fields[random_below(state, 3)], 2 + random_below(state, 3));
}

static void random_sequence(uint64_t *state, struct buffer *out)
{
	bool sample = random_below(state, 5) == 0, until = !sample && random_below(state, 4) == 0;
	size_t steps = 1 + random_below(state, 4), there = 0, key = random_below(state, 2) ? 0 : 1 + random_below(state, 2);

	buffer_printf(out, "%s%s with maxspan=%zus ", sample ? "sample" : "sequence", random_below(state, 2) ? " by user.name" : "",
		1 + random_below(state, 12));
	bool barred = false, counted = false;
	for (size_t i = 0; i < steps || there + counted < 2; i++) {
		if (!sample && !barred && random_below(state, 5) == 0) {
			barred = true;
			buffer_char(out, '!');
			random_step(state, out, key);
			continue;
		}
		barred = false;
		random_step(state, out, key);
		there++;
		size_t before = out->length;
		if (!sample)
			random_counting(state, out);
		counted = counted || out->length > before;
	}
	if (!sample && !barred && random_below(state, 5) == 0) {
		buffer_char(out, '!');
		random_step(state, out, key);
	}
	if (until) {
		buffer_string(out, " until ");
		random_step(state, out, key);
	}
}

static void random_fields_of(uint64_t *state, struct event *event, struct facet *facet)
{
	static const char *const letters[] = {"a", "b", "c"};
	const struct registry *registry = event->registry;
	struct text args[3];
	size_t count = random_below(state, 3);

	facet_set_text(event, facet, registry_field(registry, TEXT("process.name")), text_of(letters[random_below(state, 3)]));
	if (random_below(state, 8))
		facet_set_long(event, facet, registry_field(registry, TEXT("process.pid")), (int64_t)random_below(state, 4));
	if (random_below(state, 8))
		facet_set_long(event, facet, registry_field(registry, TEXT("process.parent.pid")), (int64_t)random_below(state, 4));
	for (size_t i = 0; i < count; i++)
		args[i] = text_of(letters[random_below(state, 3)]);
	if (random_below(state, 4))
		facet_set_texts(event, facet, registry_field(registry, TEXT("process.args")), args, count);
	if (random_below(state, 10) == 0)
		facet_set_text(event, facet, FIELD_OUTCOME, TEXT("failure"));
}

/* Times go on by a second or so; the id says the order where times are equal. */
static struct event *random_step_event(uint64_t *state, struct arena *arena, const struct registry *registry, int64_t *time,
	size_t number)
{
	static const char *const categories[] = {"process", "process", "process", "file"}, *const users[] = {"u", "v"};
	struct event *event = arena_alloc(arena, sizeof(*event));
	bool found;

	event_begin(event, arena, registry);
	for (size_t i = random_below(state, 5) > 0; i < 2; i++) {
		unsigned category = registry_category(registry, text_of(categories[random_below(state, 4)]), &found);
		random_fields_of(state, event, event_add_facet(event, category, registry->categories[category].first_action));
	}
	if (random_below(state, 6))
		facet_set_text(event, event->facets[0], registry_field(registry, TEXT("user.name")), text_of(users[random_below(state, 2)]));
	event_share(event);
	*time += (int64_t)random_below(state, 5) * (SECOND / 2);
	event->time = random_below(state, 25) ? *time : INT64_MIN;
	event->id = text_of(arena_printf(arena, "%zu", 1000 + number));
	event->file = "events.log";
	return event;
}

/* A permutation that moves no event past one that is SEQUENCER_LAG away. */
static void shuffle(uint64_t *state, const struct trial *t, size_t *order)
{
	for (size_t i = 0; i < t->count; i++)
		order[i] = i;
	for (size_t round = 0; round < t->count * 6; round++) {
		size_t i = t->count > 1 ? random_below(state, t->count - 1) : 0, swap = order[i];
		if (t->count < 2)
			return;
		int64_t a = t->events[order[i]]->time, b = t->events[order[i + 1]]->time;
		if (a != INT64_MIN && b != INT64_MIN && llabs(a - b) > SEQUENCER_LAG)
			continue;
		order[i] = order[i + 1];
		order[i + 1] = swap;
	}
	/* A swap of neighbours can add up: put back what would come too late. */
	int64_t newest = INT64_MIN;
	for (size_t i = 0; i < t->count; i++) {
		int64_t time = t->events[order[i]]->time;
		if (time != INT64_MIN && newest != INT64_MIN && newest > time && newest - time > SEQUENCER_LAG) {
			for (size_t k = 0; k < t->count; k++)
				order[k] = k;
			return;
		}
		newest = time > newest ? time : newest;
	}
}

static void report(const struct trial *t, uint64_t seed, const char *who, const char *source, const bool *a, const bool *b)
{
	fprintf(stderr, "\nseed %llu: %s differs from the oracle: %s\n", (unsigned long long)seed, who, source);
	for (size_t i = 0; i < t->count; i++) {
		const struct event *event = t->events[i];
		fprintf(stderr, "  %zu: %s%s at %.1f", i, a[i] ? "oracle " : "", b[i] ? who : "",
			event->time == INT64_MIN ? -1.0 : (double)(event->time - epoch) / 1e9);
		for (size_t f = 0; f < event->facet_count; f++) {
			fputs(" |", stderr);
			for (size_t k = 0; k < event->facets[f]->count; k++)
				fprintf(stderr, " %.*s=%.*s",
					TEXT_ARGS(event->registry->fields[event->facets[f]->entries[k].field].name),
					TEXT_ARGS(facet_text(event->facets[f], event->facets[f]->entries[k].field)));
		}
		fputc('\n', stderr);
	}
}

static void run_random(const struct cases *cases, uint64_t seed, size_t *matched)
{
	struct trial t = {0};
	struct diagnostics d = {0};
	struct buffer source = {0};
	uint64_t state = seed;
	int64_t time = epoch;
	bool wanted[EVENTS_MAX], ends[EVENTS_MAX];
	size_t order[EVENTS_MAX];

	random_sequence(&state, &source);
	struct condition *condition = condition_parse(&t.arena, &cases->scope, buffer_view(&source), (struct place){"random", 1, 1},
		0, (struct text){0}, &d);
	if (condition == NULL) {
		fprintf(stderr, "%s\n", source.data);
		cases_give_up(&d, "a random sequence does not parse");
	}
	CU_ASSERT_PTR_NOT_NULL(parsed_again(cases, &t.arena, condition, &d));
	trial_begin(&t, &cases->registry, condition);
	t.count = 1 + random_below(&state, 40);
	for (size_t i = 0; i < t.count; i++)
		t.events[i] = random_step_event(&state, &t.arena, &cases->registry, &time, i);
	*matched += trial_oracle(&t, wanted);
	struct engine *engine = engine_new(&t.catalog);
	for (size_t round = 0; round < 3; round++) {
		for (size_t i = 0; i < t.count; i++)
			order[i] = i;
		if (round > 0)
			shuffle(&state, &t, order);
		trial_engine(&t, engine, order, ends);
		bool same = memcmp(wanted, ends, t.count * sizeof(*ends)) == 0;
		if (!same)
			report(&t, seed, round > 0 ? "shuffled" : "engine", source.data, wanted, ends);
		CU_ASSERT_TRUE_FATAL(same);
	}
	CU_ASSERT_EQUAL(engine_losses(engine).late, 0);
	CU_ASSERT_EQUAL(engine_losses(engine).dropped, 0);
	engine_free(engine);
	buffer_free(&source);
	diagnostics_free(&d);
	arena_free(&t.arena);
}

static void test_random(void)
{
	struct cases cases;
	size_t matched = 0;
	cases_load(&cases, "tests/cases/conditions.yaml");
	for (uint64_t seed = 1; seed <= RANDOM_SEQUENCES; seed++)
		run_random(&cases, seed, &matched);
	CU_ASSERT_TRUE(matched > RANDOM_SEQUENCES / 4);
	CU_ASSERT_TRUE(matched < RANDOM_SEQUENCES);
	cases_free(&cases);
}

/* ---- events that are made ---- */

static void test_made(void)
{
	struct cases cases;
	size_t made = 0, missed = 0;
	cases_load(&cases, "tests/cases/conditions.yaml");
	struct evaluator *e = evaluator_new();
	for (uint64_t seed = 1; seed <= 400; seed++) {
		struct arena arena = {0};
		struct diagnostics d = {0};
		struct buffer source = {0};
		uint64_t state = seed;
		struct made_chain chain;
		struct making making = {.arena = &arena, .registry = &cases.registry, .evaluator = e, .plain = true, .most = 400};
		random_sequence(&state, &source);
		struct condition *condition = condition_parse(&arena, &cases.scope, buffer_view(&source),
			(struct place){"random", 1, 1}, 0, (struct text){0}, &d);
		CU_ASSERT_PTR_NOT_NULL_FATAL(condition);
		if (made_chain(&making, condition, &chain)) {
			made++;
			missed += chain.misses;
			CU_ASSERT_TRUE(made_matches(&making, condition, chain.events, chain.count));
			CU_ASSERT_EQUAL(!chain.misses,
				chain.count < 2 || made_matches(&making, condition, chain.events + 1, chain.count - 1));
		}
		buffer_free(&source);
		diagnostics_free(&d);
		arena_free(&arena);
	}
	CU_ASSERT_TRUE(made > 200);
	CU_ASSERT_TRUE(missed > 100);
	evaluator_free(e);
	cases_free(&cases);
}

/* ---- what is lost, and what is held back ---- */

static size_t settled_at(struct world *w, uint64_t *lines)
{
	const struct settled *settled;
	size_t count = 0;
	while ((settled = engine_settled(w->engine)) != NULL)
		lines[count++] = settled->event->line;
	return count;
}

static size_t ask(struct world *w, uint64_t line, long seconds, const char *facets)
{
	struct matches matches;
	engine_match(w->engine, world_event(w, line, seconds, facets), &matches);
	return matches.count;
}

/* A detection's other conditions wait for its sequence, so that it matches an event once; another detection's do not. */
static void test_held_back(void)
{
	struct world w;
	const struct settled *settled;
	world_begin(&w);
	world_detection(&w, "a", "high", "alone: process where process.name == \"b\"\n"
		"after: sequence with maxspan=1m [process where process.name == \"a\"] [process where process.name in (\"b\", \"c\")]");
	world_detection(&w, "b", "high", "x: process where process.name == \"b\"");
	world_load(&w);
	CHECK_LONG(ask(&w, 1, 0, "process.exec process.name=b"), 2); /* no dataset has begun: sequences are not asked */
	engine_begin(w.engine);
	CHECK_LONG(ask(&w, 1, 0, "process.exec process.name=b"), 1);
	CU_ASSERT_PTR_NOT_NULL(engine_marks(w.engine));
	CHECK_LONG(ask(&w, 2, 1, "process.exec process.name=a"), 0);
	CU_ASSERT_PTR_NULL(engine_marks(w.engine));
	CHECK_LONG(ask(&w, 3, 2, "process.exec process.name=x | process.exec process.name=b"), 1);
	CHECK_LONG(ask(&w, 4, 3, "process.exec process.name=c"), 0);
	CU_ASSERT_PTR_NULL(engine_settled(w.engine));
	CHECK_LONG(ask(&w, 5, 100, "process.exec process.name=x"), 0);
	settled = engine_settled(w.engine);
	CU_ASSERT_PTR_NOT_NULL_FATAL(settled);
	CHECK_LONG(settled->event->line, 1);
	CHECK_LONG(settled->matches.items[0].count, 1);
	settled = engine_settled(w.engine);
	CU_ASSERT_PTR_NOT_NULL_FATAL(settled);
	CHECK_LONG(settled->event->line, 3);
	CHECK_LONG(settled->matches.count, 1);
	CHECK_LONG(settled->matches.items[0].count, 2);
	CHECK_LONG(settled->matches.items[0].hits[0].condition, 0);
	CHECK_LONG(settled->matches.items[0].hits[1].condition, 1);
	CHECK_LONG(settled->matches.items[0].hits[1].facet, 1);
	CHECK_TEXT(facet_text(settled->event->facets[1], FIELD_ACTION), "exec");
	CU_ASSERT_PTR_NULL(engine_settled(w.engine));
	engine_finish(w.engine);
	CU_ASSERT_PTR_NULL(engine_settled(w.engine));
	world_end(&w);
}

/* Nothing of one dataset goes on in the next; another file's clock is its own, but chains go on. */
static void test_files(void)
{
	struct world w;
	uint64_t lines[8];
	world_begin(&w);
	world_detection(&w, "a", "high",
		"x: sequence with maxspan=1m [process where process.name == \"a\"] [process where process.name == \"b\"]");
	world_load(&w);
	engine_begin(w.engine);
	ask(&w, 1, 0, "process.exec process.name=a");
	engine_begin(w.engine);
	ask(&w, 2, 1, "process.exec process.name=b");
	engine_finish(w.engine);
	CHECK_LONG(settled_at(&w, lines), 0);
	engine_begin(w.engine);
	ask(&w, 1, 1000, "process.exec process.name=a");
	struct event *event = world_event(&w, 2, 1030, "process.exec process.name=b");
	struct matches matches;
	event->file = "next.log";
	engine_match(w.engine, event, &matches);
	event = world_event(&w, 3, 20, "process.exec process.name=b");
	event->file = "older.log";
	engine_match(w.engine, event, &matches);
	engine_finish(w.engine);
	CHECK_LONG(settled_at(&w, lines), 1);
	CHECK_LONG(lines[0], 2);
	CHECK_LONG(engine_losses(w.engine).late, 0);
	engine_begin(w.engine);
	ask(&w, 1, 1000, "process.exec process.name=a");
	ask(&w, 2, 980, "process.exec process.name=a");
	ask(&w, 3, 985, "process.exec process.name=b");
	engine_finish(w.engine);
	CHECK_LONG(settled_at(&w, lines), 1);
	CHECK_LONG(lines[0], 3);
	CHECK_LONG(engine_losses(w.engine).late, 1);
	world_end(&w);
}

struct resolutions {
	size_t held, fell;
};

static void count_resolution(void *context, void *ticket, bool holds)
{
	struct resolutions *r = context;
	(void)ticket;
	r->held += holds;
	r->fell += !holds;
}

/* Room for so many places: the key touched longest ago goes, and is counted. */
static void test_dropped(void)
{
	struct cases cases;
	struct arena arena = {0};
	struct diagnostics d = {0};
	struct resolutions resolutions = {0, 0};
	struct automaton_waits waits = {count_resolution, &resolutions};
	cases_load(&cases, "tests/cases/conditions.yaml");
	struct condition *condition = condition_parse(&arena, &cases.scope, TEXT("sequence by user.name with maxspan=1m "
		"[process where process.pid == 1] [process where process.pid == 2] ![process where process.pid == 3]"),
		(struct place){"case", 1, 1}, 0, (struct text){0}, &d);
	CU_ASSERT_PTR_NOT_NULL_FATAL(condition);
	struct automaton *a = automaton_new(condition->sequence, 31, waits); /* 3 places a key, one spare: 10 keys */
	char keys[26];
	for (int i = 0; i < 26; i++) {
		keys[i] = (char)('a' + i);
		struct fit first = {.key = {&keys[i], 1}, .steps = 1};
		CU_ASSERT_EQUAL(automaton_take(a, &first, i * SECOND, NULL), AUTOMATON_NOTHING);
	}
	CU_ASSERT_TRUE(automaton_lanes(a) <= 11);
	CHECK_LONG(automaton_dropped(a) + automaton_lanes(a), 26);
	struct fit gone = {.key = {&keys[0], 1}, .steps = 2}, there = {.key = {&keys[25], 1}, .steps = 2}, forbidden = there;
	CU_ASSERT_EQUAL(automaton_take(a, &gone, 30 * SECOND, NULL), AUTOMATON_NOTHING);
	CU_ASSERT_EQUAL(automaton_take(a, &there, 31 * SECOND, NULL), AUTOMATON_WAITS);
	there.key.data = &keys[24];
	CU_ASSERT_EQUAL(automaton_take(a, &there, 31 * SECOND, NULL), AUTOMATON_WAITS);
	forbidden.steps = 4;
	automaton_settle(a, 91 * SECOND);
	CHECK_LONG(resolutions.held, 0); /* the last moment of maxspan is still to come */
	CU_ASSERT_EQUAL(automaton_take(a, &forbidden, 91 * SECOND, NULL), AUTOMATON_NOTHING);
	CHECK_LONG(resolutions.fell, 1);
	automaton_settle(a, 91 * SECOND + 1);
	CHECK_LONG(resolutions.held, 1);
	automaton_settle(a, 1000 * SECOND);
	CHECK_LONG(automaton_lanes(a), 0);
	/* Complete chains that wait are as many as there is room for. */
	uint64_t dropped = automaton_dropped(a);
	resolutions = (struct resolutions){0, 0};
	struct fit begin = {.key = {keys, 1}, .steps = 1}, end = {.key = {keys, 1}, .steps = 2};
	for (size_t i = 0; i < AUTOMATON_WAITS_MAX + 10; i++) {
		automaton_take(a, &begin, 2000 * SECOND, NULL);
		CU_ASSERT_EQUAL(automaton_take(a, &end, 2000 * SECOND, NULL), AUTOMATON_WAITS);
	}
	CHECK_LONG(automaton_dropped(a) - dropped, 10);
	CHECK_LONG(resolutions.fell, 10);
	automaton_finish(a);
	CHECK_LONG(resolutions.held, AUTOMATON_WAITS_MAX);
	automaton_free(a);
	diagnostics_free(&d);
	arena_free(&arena);
	cases_free(&cases);
}

/* Keys that come and go leave nothing behind. */
static void test_forgetting(void)
{
	struct world w;
	uint64_t lines[8];
	world_begin(&w);
	world_detection(&w, "a", "high", "x: sequence by process.pid with maxspan=10s [process where process.name == \"a\"]"
		" with distinct(process.args)=3 [process where process.name == \"b\"]");
	world_load(&w);
	engine_begin(w.engine);
	for (int i = 0; i < 50000; i++) {
		char facets[96];
		snprintf(facets, sizeof facets, "process.exec process.name=a process.pid=%d process.args=%d,%d,%d", i, i, i + 1, i + 2);
		ask(&w, 1, i, facets);
	}
	ask(&w, 7, 50001, "process.exec process.name=b process.pid=49999");
	engine_finish(w.engine);
	CHECK_LONG(settled_at(&w, lines), 1);
	CHECK_LONG(engine_losses(w.engine).dropped, 0);
	world_end(&w);
}

void suite_sequence(void)
{
	CU_pSuite suite = CU_add_suite("sequence", NULL, NULL);
	unit_add(suite, "the table of cases", test_cases);
	unit_add(suite, "events made for sequences", test_made);
	unit_add(suite, "a detection matches an event once", test_held_back);
	unit_add(suite, "datasets, files and late events", test_files);
	unit_add(suite, "keys that are dropped for want of room", test_dropped);
	unit_add(suite, "keys that are forgotten", test_forgetting);
	unit_add(suite, "random sequences: automata as the oracle, in order and shuffled", test_random);
}
