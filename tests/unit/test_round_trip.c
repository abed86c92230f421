/*
 * test_round_trip: random conditions → rules of each target → read back from their text → asked of events as the target
 * sees them; what the plain evaluator says must be within what the pack claims.
 *
 * ROUND_TRIPS=100000 asks so many conditions of each target (default: few, for every run); ROUND_TRIP_SEED=N begins with
 * that one, ROUND_TRIP_TARGET=falco asks one target alone. A failure prints the seed, the condition and what differs.
 */
#include "catalog/made.h"
#include "cli/trial_report.h"
#include "replay/derive/derive.h"
#include "tests/unit/ruling.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRIPS = 1000, EVENTS_EACH = 60, FAILURES_SHOWN = 5 };

/* --- random conditions --- */

static const struct words {
	const char *category;
	const char *actions[6];
	const char *fields[16];
} vocabulary[] = {
	{"process", {"exec"}, {"process.name", "process.executable", "process.args", "process.command_line", "process.parent.name",
		"process.parent.executable", "process.parent.command_line", "user.id", "user.name", "process.pid", "process.in_container",
		"process.working_directory", "container.image.name", "container.name", "event.outcome"}},
	{"process", {"setns", "unshare", "capset", "ptrace"}, {"process.name", "process.executable", "process.thread.name", "user.id",
		"process.namespaces.flags", "process.thread.capabilities.permitted", "process.capabilities.full", "process.in_container",
		"process.ptrace.request", "process.parent.pid", "user.audit.id"}},
	{"file", {"open", "create", "modify", "delete"}, {"file.path", "file.name", "file.directory", "process.name",
		"process.executable", "user.id", "user.name", "process.in_container"}},
	{"file", {"rename", "link", "chmod", "mount"}, {"file.path", "file.target_path", "file.mount.source", "file.mount.type",
		"file.mount.bind", "file.mount.flags", "process.thread.name", "process.executable", "user.id"}},
	{"network", {"connect", "bind"}, {"destination.ip", "destination.port", "destination.address", "network.transport",
		"process.name", "process.executable", "user.id", "process.in_container"}},
	{"driver", {"load"}, {"process.name", "process.executable", "user.id", "process.in_container", "driver.name"}},
	{"container", {"run", "create", "exec"}, {"container.image.name", "container.name", "container.mounts",
		"container.capabilities.added", "container.security_context.privileged", "container.namespaces.host",
		"container.environment", "container.user", "user.name", "process.name"}},
	{"authentication", {"login", "verify"}, {"user.name", "source.ip", "process.name", "event.outcome", "message"}},
	{"session", {"open"}, {"user.name", "process.name", "message"}},
	{"api", {"create", "connect"}, {"user.name", "orchestrator.namespace", "orchestrator.resource.name",
		"orchestrator.resource.type", "url.path", "http.response.status_code"}},
};

static size_t below(uint64_t *state, size_t limit)
{
	return (size_t)(ruling_random(state) % limit);
}

static const char *pick_text(uint64_t *state, const struct field *field)
{
	static const char *const paths[] = {"/usr/bin/docker", "/etc/passwd", "/run/docker.sock", "/opt/a b/c", "/srv/\\u{e9}.sh", "/",
		"/proc/1/root", "/usr/local/bin/averyveryverylongname", "/tmp/x[1]*?.sh", "/usr/bin/DOCKER", "/a\\\"b\\\\c"};
	static const char *const names[] = {"docker", "curl", "a b", "\\u{e9}t\\u{e9}", "averyveryverylongname", "x*y?", "-c", "--privileged",
		"a\\\"b", "a\\\\b", "Docker", "run", "null", "0", "'q'", "%d$x", "a,b", "(a|b)", "{}", "#x", "\\ttab"};
	static const char *const ids[] = {"0", "1000", "33"};
	static const char *const mounts[] = {"/run/docker.sock:/s:rw", "/:/host:ro", "/etc:/etc:rw", "data:/d:rw"};
	static const char *const closed[] = {"CAP_SYS_ADMIN", "ALL", "pid", "network", "mnt", "user", "MS_BIND", "MS_RDONLY", "tcp", "unix",
		"PTRACE_ATTACH", "bpf", "cgroup"};

	if (text_is(field->name, "orchestrator.resource.type"))
		return below(state, 2) ? "pod" : "secret";
	if (text_is(field->name, "event.outcome"))
		return below(state, 2) ? "success" : "failure";
	if (field->mount)
		return mounts[below(state, sizeof(mounts) / sizeof(mounts[0]))];
	if (field->path)
		return paths[below(state, sizeof(paths) / sizeof(paths[0]))];
	if (text_ends(field->name, TEXT(".id"), false))
		return ids[below(state, sizeof(ids) / sizeof(ids[0]))];
	if (text_contains(field->name, TEXT("capabilities"), false) || text_contains(field->name, TEXT("namespaces"), false)
		|| text_contains(field->name, TEXT("flags"), false) || text_is(field->name, "network.transport")
		|| text_is(field->name, "process.ptrace.request"))
		return closed[below(state, sizeof(closed) / sizeof(closed[0]))];
	return names[below(state, sizeof(names) / sizeof(names[0]))];
}

static void put_value(struct buffer *out, uint64_t *state, const struct field *field, const char *op)
{
	static const char *const networks[] = {"10.0.0.0/8", "192.0.2.0/24", "fd00::/8", "10.1.2.3"};
	static const char *const addresses[] = {"10.0.0.1", "192.0.2.7", "::1", "fd00::1"};
	static const char *const regexes[] = {"[a-z]+", ".*docker.*", "/(etc|run)/.*", "[^/]*", "a{1,3}b?", "(?:x|y)+\\\\d*", ".*\\\\.sh",
		"\\\\w+\\\\s.*", ".*[\\u{e9}].*"};
	const char *text = pick_text(state, field);

	if (field->type == TYPE_LONG)
		buffer_printf(out, "%d", (int)below(state, 5) * 700 + (int)below(state, 2));
	else if (field->type == TYPE_BOOLEAN)
		buffer_string(out, below(state, 2) ? "true" : "false");
	else if (field->type == TYPE_IP)
		buffer_printf(out, "\"%s\"", strcmp(op, "cidrmatch") == 0 ? networks[below(state, 4)] : addresses[below(state, 4)]);
	else if (text_is(field->name, "event.outcome"))
		buffer_printf(out, "\"%s\"", text);
	else if (strncmp(op, "regex", 5) == 0)
		buffer_printf(out, "\"%s\"", regexes[below(state, sizeof(regexes) / sizeof(regexes[0]))]);
	else if (strncmp(op, "like", 4) == 0 && below(state, 3) > 0)
		buffer_printf(out, below(state, 2) ? "\"*%s\"" : "\"%s*\"", strncmp(text, "x*", 2) == 0 ? "x" : text);
	else
		buffer_printf(out, "\"%s\"", text);
}

static void put_predicate(struct buffer *out, uint64_t *state, const struct registry *registry, const struct words *words)
{
	static const char *const textual[] = {"==", "!=", "in", "in~", "not in", "like", "like~", "regex", "regex~", "startswith",
		"startswith~", "endswith", "endswith~", "stringcontains", "stringcontains~"};
	static const char *const numeric[] = {"==", "!=", "<", "<=", ">", ">="};
	static const char *const address[] = {"==", "!=", "cidrmatch"};
	size_t fields = 0;

	while (fields < 16 && words->fields[fields] != NULL)
		fields++;
	unsigned number = registry_field(registry, text_of(words->fields[below(state, fields)]));
	const struct field *field = &registry->fields[number];
	const char *op = text_is(field->name, "event.outcome") ? numeric[below(state, 2)]
		: field->type == TYPE_KEYWORD        ? textual[below(state, 15)]
		: field->type == TYPE_IP             ? address[below(state, 3)]
		: field->type == TYPE_BOOLEAN        ? numeric[below(state, 2)]
						     : numeric[below(state, 6)];
	bool function = strstr(op, "with") != NULL || strstr(op, "contains") != NULL || strcmp(op, "cidrmatch") == 0;
	bool list = strstr(op, "in") == op || strstr(op, "not in") == op || (!function && (op[0] == 'l' || op[0] == 'r'));
	size_t count = (list || function) && below(state, 3) == 0 ? 2 : 1;

	if (below(state, 12) == 0) {
		buffer_printf(out, "%.*s %s null", TEXT_ARGS(field->name), below(state, 2) ? "==" : "!=");
		return;
	}
	buffer_printf(out, function ? "%s(%.*s, " : "%.0s%.*s ", op, TEXT_ARGS(field->name));
	buffer_printf(out, function ? "%.0s" : list ? "%s (" : "%s ", op);
	for (size_t i = 0; i < count; i++) {
		buffer_string(out, i > 0 ? ", " : "");
		put_value(out, state, field, op);
	}
	buffer_string(out, function || list ? ")" : "");
}

static void put_expression(struct buffer *out, uint64_t *state, const struct registry *registry, const struct words *words,
	unsigned depth)
{
	size_t kind = depth == 0 ? 9 : below(state, 10);

	if (kind < 5) {
		const char *word = below(state, 2) ? " and " : " or ";
		size_t count = 2 + below(state, 2);

		for (size_t i = 0; i < count; i++) {
			buffer_printf(out, "%s(", i > 0 ? word : "");
			put_expression(out, state, registry, words, depth - 1);
			buffer_char(out, ')');
		}
	} else if (kind == 5) {
		buffer_string(out, "not (");
		put_expression(out, state, registry, words, depth - 1);
		buffer_char(out, ')');
	} else {
		put_predicate(out, state, registry, words);
	}
}

/* --- a catalog of one detection --- */

struct trip {
	struct arena arena;
	const struct catalog *shipped;
	struct catalog catalog;
	struct detection detection;
	struct detection *detections[1];
	struct condition *conditions[1];
	struct exception exception;
	struct text source, except;
	struct making making;
	struct deriver *deriver;
	uint64_t seed;
};

static struct condition *parsed(struct trip *t, struct text source)
{
	struct diagnostics d = {0};
	struct condition *condition = condition_parse(&t->arena, &t->shipped->scope, source, (struct place){"random", 1, 1}, 0,
		source, &d);

	if (condition == NULL)
		diagnostics_print(&d, stderr);
	diagnostics_free(&d);
	return condition;
}

static struct text random_source(struct trip *t, uint64_t *state, const struct words *words, bool exception)
{
	struct buffer out = {0};
	size_t actions = 0;

	while (actions < 6 && words->actions[actions] != NULL)
		actions++;
	if (exception)
		buffer_string(&out, "any where ");
	else if (below(state, 4) == 0)
		buffer_printf(&out, "%s where event.action == \"%s\" and ", words->category, words->actions[below(state, actions)]);
	else
		buffer_printf(&out, "%s where event.action in (\"%s\", \"%s\") and ", words->category,
			words->actions[below(state, actions)], words->actions[below(state, actions)]);
	buffer_char(&out, '(');
	put_expression(&out, state, &t->shipped->registry, words, exception ? 1 : 3);
	buffer_char(&out, ')');
	struct text text = text_copy(&t->arena, buffer_view(&out));

	buffer_free(&out);
	return text;
}

/* NULL: a random text that is none (a literal that the field's type refuses). */
static const struct words *trip_begin(struct trip *t, uint64_t seed)
{
	uint64_t state = seed * 0x9E3779B97F4A7C15u + 1;

	for (int i = 0; i < 4; i++)
		ruling_random(&state);
	const struct words *words = &vocabulary[below(&state, sizeof(vocabulary) / sizeof(vocabulary[0]))];

	t->seed = seed;
	t->source = random_source(t, &state, words, false);
	t->conditions[0] = parsed(t, t->source);
	t->except = below(&state, 3) == 0 ? random_source(t, &state, words, true) : TEXT("");
	t->detection = (struct detection){.id = TEXT("0b9d3f52-7c7e-4c8e-9d61-1f0c7c5f9a10"), .name = TEXT("random"),
		.title = TEXT("Random Detection"), .description = TEXT("A condition that nobody meant."), .author = TEXT("nobody"),
		.date = TEXT("2026-01-01"), .status = STATUS_TEST, .severity = SEVERITY_HIGH, .conditions = t->conditions,
		.condition_count = 1, .surface = TEXT("host")};
	if (t->conditions[0] == NULL)
		return NULL;
	t->conditions[0]->name = TEXT("asked");
	if (t->except.length > 0) {
		t->exception = (struct exception){.name = TEXT("excepted"), .reason = TEXT("because"), .condition = parsed(t, t->except)};
		t->detection.exceptions = &t->exception;
		t->detection.exception_count = t->exception.condition != NULL;
	}
	t->catalog = *t->shipped;
	t->detections[0] = &t->detection;
	t->catalog.detections = t->detections;
	t->catalog.detection_count = 1;
	t->catalog.organization_count = 0;
	return words;
}

static void trip_end(struct trip *t)
{
	arena_free(&t->arena);
	t->arena = (struct arena){0};
}

/* --- there and back --- */

static void ask_events(struct trip *t, struct trial *trial, const struct made_list *list)
{
	struct arena one = {0};

	for (size_t i = 0; i < list->count; i++) {
		struct event event;
		struct trial_event what = {&event, "made"};

		event_begin(&event, &one, &t->catalog.registry);
		made_event(&list->items[i], &event);
		deriver_reset(t->deriver, NULL);
		derive_event(t->deriver, &event);
		trial_reset(trial);
		trial_take(trial, &what, &one);
		arena_reset(&one);
	}
	arena_free(&one);
}

/* false: printed. */
static bool there_and_back(struct trip *t, const struct target *target, const struct made_list *list, bool show)
{
	struct pack_summary summary = {0};
	struct diagnostics d = {0};
	struct pack_request request = {.catalog = &t->catalog, .target = target, .as_of = TEXT("2026-01-01")};
	struct trial *trial = NULL;
	bool fine = pack_build(&request, &summary, &d) == 0;

	if (fine)
		trial = trial_new(&request, summary.texts, summary.text_count, &d);
	fine = trial != NULL;
	if (fine) {
		ask_events(t, trial, list);
		fine = trial_wrong(trial) == 0;
	}
	if (!fine && show) {
		fprintf(stderr, "\n%s, ROUND_TRIP_SEED=%llu: %.*s\n", target->name, (unsigned long long)t->seed, TEXT_ARGS(t->source));
		if (t->except.length > 0)
			fprintf(stderr, "except %.*s\n", TEXT_ARGS(t->except));
		diagnostics_print(&d, stderr);
		for (size_t i = 0; i < summary.text_count && getenv("ROUND_TRIP_SHOW") != NULL; i++)
			fprintf(stderr, "--- %.*s\n%.*s\n", TEXT_ARGS(summary.texts[i].name), TEXT_ARGS(summary.texts[i].content));
		if (trial != NULL)
			trial_print(trial, false, stderr);
	}
	trial_free(trial);
	pack_summary_free(&summary);
	diagnostics_free(&d);
	return fine;
}

static unsigned long number_of(const char *name, unsigned long otherwise)
{
	const char *value = getenv(name);

	return value != NULL && *value != '\0' ? strtoul(value, NULL, 10) : otherwise;
}

static bool is_asked(const struct target *target)
{
	const char *only = getenv("ROUND_TRIP_TARGET");

	return target->judging != NULL && (only == NULL || strcmp(only, target->name) == 0);
}

static void test_round_trips(void)
{
	struct catalog *shipped = mem_alloc(sizeof(*shipped));
	struct diagnostics d = {0};
	size_t failures[32] = {0}, asked = 0;
	unsigned long trips = number_of("ROUND_TRIPS", UNIT_EVERY == 1 ? TRIPS : TRIPS / 8), first = number_of("ROUND_TRIP_SEED", 1);
	struct trip t = {.shipped = shipped};

	memset(shipped, 0, sizeof(*shipped));
	if (catalog_load(shipped, "rulesets", &d) != 0)
		diagnostics_print(&d, stderr);
	t.making = (struct making){.registry = &shipped->registry, .clients = &shipped->clients, .evaluator = evaluator_new(),
		.most = EVENTS_EACH};
	t.deriver = deriver_new(shipped);
	if (getenv("ROUND_TRIP_SEED") != NULL && getenv("ROUND_TRIPS") == NULL)
		trips = 1;
	for (unsigned long seed = first; seed < first + trips; seed++) {
		struct made_list list = {NULL, 0};

		t.making.arena = &t.arena;
		if (trip_begin(&t, seed) != NULL) {
			made_events(&t.making, t.conditions[0], &list);
			asked++;
		}
		for (size_t i = 0; targets[i].name != NULL && list.count > 0; i++) {
			if (is_asked(&targets[i]) && !there_and_back(&t, &targets[i], &list, failures[i] < FAILURES_SHOWN))
				failures[i]++;
		}
		trip_end(&t);
	}
	for (size_t i = 0; targets[i].name != NULL; i++) {
		if (failures[i] > 0) {
			fprintf(stderr, "%s: %zu of %zu conditions do not come back as claimed\n", targets[i].name, failures[i], asked);
			CU_FAIL("a claim is wrong");
		}
	}
	CU_ASSERT_TRUE(asked * 10 >= trips * 9 || trips == 1);
	deriver_free(t.deriver);
	evaluator_free(t.making.evaluator);
	diagnostics_free(&d);
	catalog_free(shipped);
	free(shipped);
}

void suite_round_trip(void)
{
	CU_pSuite suite = unit_suite("round_trip");

	UNIT_TEST(suite, test_round_trips);
}
