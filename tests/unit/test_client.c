/*
 * The option tables of clients: what the loader accepts, and what the shipped file says.
 */
#include "catalog/client.h"
#include "tests/unit/unit.h"

#include <stdio.h>

static const char sample[] =
	"options:\n"
	"  shared:\n"
	"    options:\n"
	"      - {names: [-v, --volume], sets: container.mounts, form: volume}\n"
	"      - {names: [-c, --context]}\n"
	"  run:\n"
	"    interspersed: true\n"
	"    include: [shared]\n"
	"    options:\n"
	"      - {names: [--privileged], value: boolean, sets: container.security_context.privileged}\n"
	"    text: [-c --cpu-shares, --dns]\n"
	"    boolean: [-t --tty]\n"
	"clients:\n"
	"  one:\n"
	"    names: [one, uno]\n"
	"    runtime: docker\n"
	"    commands:\n"
	"      - {words: [run], also: [[container, run]], action: run, options: run, operands: [image, command], complete: true}\n"
	"      - {words: [two], client: two}\n"
	"    others: [ps, container, image ls]\n"
	"  two:\n"
	"    names: [two]\n"
	"    style: goflag\n"
	"    global: shared\n"
	"    commands: []\n"
	"runtimes:\n"
	"  init_threads: [\"runc:[2:INIT]\"]\n"
	"  shims: [shim*, conmon]\n"
	"  helpers: [runc]\n"
	"  hosts: [dockerd]\n";

static int load(struct arena *arena, struct clients *clients, const char *source, struct diagnostics *d)
{
	return clients_load(clients, arena, unit_registry(arena), unit_yaml(arena, source), d);
}

static void test_sets(void)
{
	struct arena arena = {0};
	struct clients clients;
	struct diagnostics d = {0};
	CU_ASSERT_EQUAL_FATAL(load(&arena, &clients, sample, &d), 0);
	CHECK_LONG(clients.count, 2);
	const struct client *one = clients_find(&clients, TEXT("uno"));
	CU_ASSERT_PTR_NOT_NULL_FATAL(one);
	CU_ASSERT_PTR_EQUAL(one, clients_find(&clients, TEXT("one")));
	CU_ASSERT_PTR_NULL(clients_find(&clients, TEXT("One")));
	CU_ASSERT_PTR_NULL(clients_find(&clients, TEXT("")));
	const struct option_set *run = one->commands[0].options;
	CU_ASSERT(run->interspersed);
	CHECK_LONG(option_set_find(run, TEXT("-v"))->form, FORM_VOLUME);
	CHECK_LONG(option_set_find(run, TEXT("--privileged"))->value, OPTION_BOOLEAN);
	CHECK_LONG(option_set_find(run, TEXT("--privileged"))->form, FORM_PLAIN);
	CHECK_LONG(option_set_find(run, TEXT("-t"))->value, OPTION_BOOLEAN);
	CHECK_LONG(option_set_find(run, TEXT("--dns"))->value, OPTION_TEXT);
	CHECK_LONG(option_set_find(run, TEXT("--dns"))->field, FIELD_NONE);
	/* Its own -c hides the included one, whose long name stays. */
	CU_ASSERT_PTR_EQUAL(option_set_find(run, TEXT("-c")), option_set_find(run, TEXT("--cpu-shares")));
	CHECK_LONG(option_set_find(run, TEXT("--context"))->name_count, 1);
	CU_ASSERT_PTR_NULL(option_set_find(run, TEXT("--nonsense")));
	CU_ASSERT_PTR_NULL(option_set_find(run, TEXT("volume")));
	CU_ASSERT_PTR_NULL(option_set_find(NULL, TEXT("-v")));
	diagnostics_free(&d);
	arena_free(&arena);
}

static void test_commands(void)
{
	static const struct {
		const char *line;
		int words; /* of the command that is found; 0: none */
		bool action;
	} cases[] = {
		{"run x", 1, true}, {"container run x", 2, true}, {"container ls", 1, false}, {"container", 1, false},
		{"ps", 1, false}, {"image ls", 2, false}, {"image", 0, false}, {"runs", 0, false}, {"", 0, false},
		{"two run", 1, false}, {"x run", 0, false},
	};
	struct arena arena = {0};
	struct clients clients;
	struct diagnostics d = {0};
	CU_ASSERT_EQUAL_FATAL(load(&arena, &clients, sample, &d), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct text *words;
		size_t count = text_split(&arena, text_of(cases[i].line), ' ', &words);
		const struct client_command *command = client_command_find(&clients.items[0], words, count);
		CHECK_LONG(command != NULL ? (int)command->word_count : 0, cases[i].words);
		CU_ASSERT_EQUAL(command != NULL && command->action != 0, cases[i].action);
	}
	CU_ASSERT_PTR_EQUAL(client_command_find(&clients.items[0], &TEXT("two"), 1)->next, &clients.items[1]);
	CHECK_LONG(clients.items[1].style, STYLE_GOFLAG);
	CHECK_LONG(clients.items[1].command_count, 0);
	diagnostics_free(&d);
	arena_free(&arena);
}

static void test_names(void)
{
	struct arena arena = {0};
	struct clients clients;
	struct diagnostics d = {0};
	CU_ASSERT_EQUAL_FATAL(load(&arena, &clients, sample, &d), 0);
	const struct runtimes *r = &clients.runtimes;
	CU_ASSERT(runtimes_name(r->shims, r->shim_count, TEXT("shim")));
	CU_ASSERT(runtimes_name(r->shims, r->shim_count, TEXT("shim-v2")));
	CU_ASSERT(runtimes_name(r->shims, r->shim_count, TEXT("conmon")));
	CU_ASSERT_FALSE(runtimes_name(r->shims, r->shim_count, TEXT("conmon2")));
	CU_ASSERT_FALSE(runtimes_name(r->shims, r->shim_count, TEXT("ashim")));
	CU_ASSERT_FALSE(runtimes_name(r->shims, r->shim_count, TEXT("")));
	CU_ASSERT_EQUAL(clients_load(&clients, &arena, unit_registry(&arena), NULL, &d), 0);
	CHECK_LONG(clients.count, 0);
	CU_ASSERT_PTR_NULL(clients_find(&clients, TEXT("one")));
	diagnostics_free(&d);
	arena_free(&arena);
}

#define SET "options: {s: {options: ["
#define END "]}}\nclients: {}\n"
#define CLIENT "options: {s: {text: [-v]}}\nclients: {c: {names: [c], commands: ["

static void test_errors(void)
{
	static const struct {
		const char *source, *message;
	} cases[] = {
		{SET "{names: [v]}" END, "'v' is no name of an option"},
		{SET "{names: [-vv]}" END, "'-vv' is no name of an option"},
		{SET "{names: [--]}" END, "'--' is no name of an option"},
		{SET "{names: [--a=b]}" END, "'--a=b' is no name of an option"},
		{SET "{names: []}" END, "an option has 1 to"},
		{SET "{names: [-v], value: bool}" END, "unknown value 'bool'"},
		{SET "{names: [-v], form: volumes}" END, "unknown form 'volumes'"},
		{SET "{names: [-v], sets: container.mount}" END, "unknown field 'container.mount'"},
		{SET "{names: [-v], form: volume}" END, "form 'volume' needs a field"},
		{SET "{names: [-v], form: volume, sets: container.name}" END, "form 'volume' makes a list"},
		{SET "{names: [-v], sets: container.security_context.privileged}" END, "is set by boolean options only"},
		{SET "{names: [-v], value: boolean, sets: container.name}" END, "needs a parameter"},
		{SET "{names: [-v]}, {names: [-x, -v]}" END, "option -v stands twice in set s"},
		{SET "{names: [-v], colour: red}" END, "colour"},
		{"options: {s: {include: [t]}, t: {}}\nclients: {}\n", "no option set 't' stands before this one"},
		{"options: {s: 1}\nclients: {}\n", "an option set is a mapping"},
		{"clients: {}\n", "options"},
		{CLIENT "{words: [run], action: fly, options: s}]}}\n", "'fly' is no action of containers"},
		{CLIENT "{words: [run], action: run, options: t}]}}\n", "there is no option set 't'"},
		{CLIENT "{words: [run], action: run}]}}\n", "a command with an action needs options"},
		{CLIENT "{words: [run]}]}}\n", "a command has an action or a client"},
		{CLIENT "{words: [], action: run, options: s}]}}\n", "at least one word"},
		{CLIENT "{words: [run], client: d}]}}\n", "there is no client 'd'"},
		{CLIENT "{words: [run], action: run, options: s, operands: [picture]}]}}\n", "unknown operand 'picture'"},
		{CLIENT "], style: argparse}}\n", "unknown style 'argparse'"},
		{"options: {}\nclients: {}\nruntimes: {shims: []}\n", "init_threads"},
		{"[]\n", "is a mapping"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct arena arena = {0};
		struct clients clients;
		struct diagnostics d = {0};
		CU_ASSERT_EQUAL(load(&arena, &clients, cases[i].source, &d), -1);
		CHECK_CONTAINS(unit_printed(&arena, &d), cases[i].message);
		CHECK_CONTAINS(unit_printed(&arena, &d), "test.yaml:");
		diagnostics_free(&d);
		arena_free(&arena);
	}
}

/* Two faults, two sentences. */
static void test_all_errors(void)
{
	struct arena arena = {0};
	struct clients clients;
	struct diagnostics d = {0};
	CU_ASSERT_EQUAL(load(&arena, &clients, SET "{names: [v]}, {names: [-w], form: x}" END, &d), -1);
	CHECK_LONG(d.errors, 2);
	diagnostics_free(&d);
	arena_free(&arena);
}

static void test_shipped(void)
{
	static const char *const names[] = {"docker", "podman", "nerdctl", "docker-compose", "ctr", "crictl"};
	struct arena arena = {0};
	struct clients clients;
	struct diagnostics d = {0};
	struct yaml *documents;
	size_t count;
	const struct registry *registry = unit_registry(&arena);
	CU_ASSERT_EQUAL_FATAL(yaml_parse_file(&arena, "rulesets/clients.yaml", NULL, &d, &documents, &count), 0);
	CU_ASSERT_EQUAL(clients_load(&clients, &arena, registry, &documents[0], &d), 0);
	CHECK_LONG(d.count, 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const struct client *client = clients_find(&clients, text_of(names[i]));
		CU_ASSERT_PTR_NOT_NULL_FATAL(client);
		const struct client_command *exec = client_command_find(client, &TEXT("exec"), 1);
		bool tasks = exec == NULL && client_command_find(client, (struct text[]){TEXT("t"), TEXT("exec")}, 2)->action != 0;
		CU_ASSERT(tasks || exec->action == unit_action(registry, "container", "exec"));
	}
	CU_ASSERT(runtimes_name(clients.runtimes.init_threads, clients.runtimes.init_thread_count, TEXT("runc:[2:INIT]")));
	diagnostics_free(&d);
	arena_free(&arena);
}

void suite_client(void)
{
	CU_pSuite suite = unit_suite("client");
	UNIT_TEST(suite, test_sets);
	UNIT_TEST(suite, test_commands);
	UNIT_TEST(suite, test_names);
	UNIT_TEST(suite, test_errors);
	UNIT_TEST(suite, test_all_errors);
	UNIT_TEST(suite, test_shipped);
}
