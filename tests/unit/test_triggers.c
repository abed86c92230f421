/* test_triggers: which words a condition stands under, without and with a sample; and why under none. */
#include "replay/engine/engine.h"
#include "tests/unit/world.h"

#include <string.h>

/* The triggers of the only condition: `field kind text`, one after another. */
static const char *triggers_of(struct world *w, struct arena *arena)
{
	static const char *const kinds[] = {"exists", "equal", "starts", "ends", "contains", "range", "network"};
	struct plan_triggers triggers;
	struct buffer out = {0};
	plan_triggers_of(engine_plan(w->engine), 0, 0, arena, &triggers);
	if (triggers.why)
		buffer_string(&out, triggers.why);
	for (size_t i = 0; i < triggers.count; i++)
		buffer_printf(&out, "%s%.*s %s %.*s", i ? ", " : "", TEXT_ARGS(w->catalog.registry.fields[triggers.items[i].field].name),
			kinds[triggers.items[i].kind], TEXT_ARGS(triggers.items[i].text));
	const char *copy = arena_strndup(arena, out.data ? out.data : "", out.length);
	buffer_free(&out);
	return copy;
}

static const struct {
	const char *condition, *triggers;
} cases[] = {
	{"process where process.name == \"reg.exe\"", "process.name equal reg.exe"},
	{"process where event.action == \"exec\" and endswith~(process.executable, \"\\\\REG.exe\")", "process.executable ends \\reg.exe"},
	/* of `and` one side, of `or` both */
	{"process where (process.name == \"a.exe\" or stringcontains(process.command_line, \"/add\")) and process.pid > 0",
		"process.name equal a.exe, process.command_line contains /add"},
	{"process where stringcontains(process.command_line, \"a\") and stringcontains(process.command_line, \"--privileged\")",
		"process.command_line contains --privileged"},
	/* a negation of a negation */
	{"process where not (not process.name == \"a\" or process.pid > 3)", "process.name equal a"},
	{"process where not process.name == null and process.pid != 3", "process.name exists "},
	/* what patterns and expressions require */
	{"process where process.command_line like \"*--target*1*\"", "process.command_line contains --target"},
	{"process where process.command_line regex \".*(curl|wget) [a-z]+\"",
		"process.command_line contains curl , process.command_line contains wget "},
	{"process where process.name like~ \"Docker*\"", "process.name starts docker"},
	/* no words, but the field must be there */
	{"process where length(process.name) > 3", "process.name exists "},
	{"process where process.name == process.parent.name", "process.name exists "},
	{"process where process.name != \"a\"", "process.name exists "},
	/* none */
	{"process where not process.name == \"a\"", "a negation is all there is"},
	{"process where process.name == null", "it asks for a field that is missing"},
	{"process where true", "it holds on every event"},
	{"process where process.name == \"a\" or not process.pid == 3", "one side of `or` can hold on any event"},
	{"process where event.action == \"exec\"", "it asks for a category or an action alone"},
	{"process where event.action == \"exec\" and not process.name == \"a\"", "no side of `and` needs a word to be there"},
};

static void test_choice(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct world w;
		struct arena arena = {0};
		world_begin(&w);
		world_detection(&w, "a", "high", arena_printf(&arena, "x: %s", cases[i].condition));
		world_load(&w);
		CHECK_TEXT(text_of(triggers_of(&w, &arena)), cases[i].triggers);
		world_end(&w);
		arena_free(&arena);
	}
}

static uint64_t candidates_of(struct world *w, const char *facets)
{
	struct engine_cost cost;
	struct matches matches;
	engine_match(w->engine, world_event(w, 1, 0, facets), &matches);
	engine_cost_of(w->engine, 0, &cost);
	return cost.candidates;
}

/* The shorter word is the rarer one in the sample: it is taken. */
static void test_sample(void)
{
	struct world w;
	world_begin(&w);
	world_detection(&w, "a", "high", "x: process where stringcontains(process.command_line, \"--verbose-logging\")"
		" and stringcontains(process.command_line, \"xq\")");
	world_load(&w);
	CHECK_LONG(candidates_of(&w, "process.exec process.command_line=a--xq"), 0);
	CHECK_LONG(candidates_of(&w, "process.exec process.command_line=a--verbose-logging"), 1);
	engine_free(w.engine);
	w.engine = engine_new(&w.catalog);
	const struct event *sample = world_event(&w, 1, 0, "process.exec process.command_line=a--verbose-logging");
	engine_calibrate(w.engine, &sample, 1);
	CHECK_LONG(candidates_of(&w, "process.exec process.command_line=a--verbose-logging"), 0);
	CHECK_LONG(candidates_of(&w, "process.exec process.command_line=a--xq"), 1);
	CHECK_LONG(candidates_of(&w, "process.exec process.command_line=--verbose-logging-xq"), 2);
	world_end(&w);
}

/* A partition knows its action: of `or` only the side counts that can hold there. */
static void test_sorts(void)
{
	struct world w;
	world_begin(&w);
	world_detection(&w, "a", "high", "x: process where (event.action == \"exec\" and process.name == \"a\")"
		" or (event.action == \"fork\" and not process.name == \"b\")");
	world_load(&w);
	CHECK_LONG(candidates_of(&w, "process.exec process.name=b"), 0);
	CHECK_LONG(candidates_of(&w, "process.exec process.name=a"), 1);
	CHECK_LONG(candidates_of(&w, "process.fork process.name=b"), 2); /* a negation: always asked */
	world_end(&w);
}

/* Of a field that most units compare with few words: a facet with another word is asked nothing that needs one of them. */
static void test_guard(void)
{
	static const char *const guards[] = {"user.name == \"Ann\"", "user.name in~ (\"ann\", \"bob\")",
		"not user.name in (\"Cleo\", \"bob\")", "user.name != \"Cleo\"", "user.name == null"};
	static const struct {
		const char *name;
		unsigned char asked[5]; /* by guard: is it looked at? */
	} facets[] = {
		{"Ann", {1, 1, 1, 1, 0}}, {"Cleo", {0, 0, 0, 0, 0}}, {"dora", {0, 0, 1, 1, 0}}, {"bob", {0, 1, 0, 1, 0}},
		{"ANN", {0, 1, 1, 1, 1}}, {"CLEO", {0, 0, 1, 1, 1}}, /* in other letters: whatever their triggers let through */
	};
	for (size_t g = 0; g < 5; g++)
		for (size_t i = 0; i < sizeof facets / sizeof *facets; i++) {
			struct world w;
			struct arena arena = {0};
			world_begin(&w);
			for (int k = 0; k < 20; k++) /* the first is looked at; most of the others make that field the guard */
				world_detection(&w, arena_printf(&arena, "d%02d", k), "high", arena_printf(&arena,
					"x: process where %s and not process.pid == %d", guards[k ? (size_t)k % 5 : g], k + 2));
			world_load(&w);
			CHECK_LONG(candidates_of(&w, arena_printf(&arena, "process.exec process.pid=1 user.name=%s", facets[i].name)),
				facets[i].asked[g]);
			world_end(&w);
			arena_free(&arena);
		}
}

void suite_triggers(void)
{
	CU_pSuite suite = unit_suite("triggers");
	UNIT_TEST(suite, test_choice);
	UNIT_TEST(suite, test_sample);
	UNIT_TEST(suite, test_sorts);
	UNIT_TEST(suite, test_guard);
}
