/* What Falco shows of events, and what its engine says of them. */
#include "generator/falco/engine.h"
#include "generator/falco/judge.h"
#include "generator/falco/view.h"
#include "tests/unit/unit.h"

static struct arena arena;

static struct sight *sight_of(struct sights *sights)
{
	struct sight *sight = sight_add(&arena, sights, NULL, TEXT("syscall"));
	struct text *ancestors = arena_array(&arena, 2, sizeof(*ancestors)), *nets = arena_array(&arena, 2, sizeof(*nets));

	ancestors[0] = TEXT("bash");
	ancestors[1] = TEXT("sshd");
	nets[0] = TEXT("10.1.2.3");
	nets[1] = TEXT("8.8.8.8");
	sight_set(&arena, sight, "evt.type", TEXT("connect"));
	sight_set(&arena, sight, "proc.name", TEXT("curl"));
	sight_set(&arena, sight, "proc.exepath", TEXT("/usr/bin/Curl"));
	sight_set(&arena, sight, "proc.cmdline", TEXT("curl -k\nhttp://x"));
	sight_set(&arena, sight, "fd.name", TEXT("/etc/pam.d/sshd"));
	sight_set(&arena, sight, "fd.sip", TEXT("fd00::1"));
	sight_set_number(&arena, sight, "fd.sport", 443);
	sight_set(&arena, sight, "evt.failed", TEXT("false"));
	sight_set_list(&arena, sight, "proc.aname", ancestors, 2);
	sight_set_list(&arena, sight, "fd.net", nets, 2);
	return sight;
}

static const struct {
	const char *condition;
	bool holds;
} cases[] = {
	{"proc.name = curl", true}, {"proc.name == curl", true}, {"proc.name != curl", false}, {"proc.name != wget", true},
	{"proc.pname != bash", false}, {"not proc.pname = bash", true}, {"proc.pname exists", false}, {"proc.name exists", true},
	{"proc.name contains ur", true}, {"proc.name icontains URL", true}, {"proc.name contains URL", false},
	{"proc.name startswith cu", true}, {"proc.name endswith rl", true}, {"proc.name startswith curlx", false},
	{"proc.name glob c*l", true}, {"proc.name glob \"c[t-v]??\"", true}, {"proc.name glob cu", false}, {"proc.name iglob C*", true},
	{"proc.name regex c.*", true}, {"proc.name regex ur", false}, {"proc.name regex \"^c[[:alpha:]]+l$\"", true},
	{"proc.cmdline regex \"curl.*x\"", false}, {"proc.cmdline regex \"curl(.|\\\\n)*x\"", true},
	{"proc.name in (a, curl)", true}, {"proc.name in ()", false}, {"proc.name intersects (curl)", true},
	{"fd.name pmatch (/etc/pam.d)", true}, {"fd.name pmatch (/etc/pam)", false}, {"fd.name pmatch (/e*/p*)", true}, {"fd.name pmatch (/)", true},
	{"fd.sport = 443", true}, {"fd.sport = 0x1bb", true}, {"fd.sport > 442", true}, {"fd.sport <= 80", false},
	{"fd.sport in (80, 443)", true}, {"fd.sip = fd00:0::1", true}, {"fd.sip = 10.0.0.1", false}, {"fd.net = \"10.0.0.0/8\"", true},
	{"fd.net != \"10.0.0.0/8\"", false}, {"fd.net != \"11.0.0.0/8\"", true}, {"fd.net in (\"8.8.8.8\")", true},
	{"proc.aname = sshd", true}, {"proc.aname in (zsh, bash)", true}, {"proc.aname = zsh", false}, {"proc.aname != bash", true},
	{"evt.failed = false", true}, {"evt.failed != true", true}, {"evt.num = 0", false}, {"evt.num >= 0", true}, {"evt.dir = <", true},
	{"tolower(proc.exepath) endswith /curl", true}, {"basename(proc.exepath) = Curl", true}, {"len(proc.name) = 4", true},
	{"toupper(proc.name) = CURL", true}, {"proc.name = val(proc.pname)", false}, {"proc.name = val(evt.type)", false},
	{"proc.exepath icontains val(proc.name)", true}, {"proc.name startswith oneof (c, cu)", false},
	{"proc.name startswith oneof (c, x)", true}, {"proc.name contains allof (c, l)", true}, {"proc.name contains anyof (x, l)", true},
	{"proc.name != allof (a, b)", true}, {"proc.name != allof (curl, b)", false},
	{"proc.name = a or proc.name = curl and not proc.pname exists", true},
};

static void test_comparisons(void)
{
	struct sights sights = {0};
	struct sight *sight = sight_of(&sights);
	struct regex_match *match = regex_match_new();
	struct engine_run run = {sight, &arena, match};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *error;
		struct filter *filter = filter_parse(&arena, text_of(cases[i].condition), &error);

		CU_ASSERT_PTR_NOT_NULL_FATAL(filter);
		struct engine_node *node = engine_compile(&arena, filter, &error);

		CHECK_TEXT(text_of(error), "");
		if (node != NULL && engine_holds(node, &run) != cases[i].holds)
			CHECK_TEXT(text_of(cases[i].condition), cases[i].holds ? "holds" : "does not hold");
	}
	regex_match_free(match);
}

static struct text refused(const char *condition)
{
	const char *error;
	struct filter *filter = filter_parse(&arena, text_of(condition), &error);

	CU_ASSERT_PTR_NOT_NULL_FATAL(filter);
	return engine_compile(&arena, filter, &error) == NULL ? text_of(error) : TEXT("taken");
}

static void test_refusals(void)
{
	CHECK_CONTAINS(refused("fd.num contains 1"), "no such operator");
	CHECK_CONTAINS(refused("proc.name bcontains ab"), "no such operator");
	CHECK_CONTAINS(refused("evt.buffer bcontains cafe"), "taken");
	CHECK_CONTAINS(refused("evt.failed > 1"), "no such operator");
	CHECK_CONTAINS(refused("evt.failed = yes"), "neither true nor false");
	CHECK_CONTAINS(refused("fd.sport = http"), "this is no number");
	CHECK_CONTAINS(refused("fd.net = \"10.0.0.0/33\""), "no network");
	CHECK_CONTAINS(refused("fd.sip = \"10.0.0.0/8\""), "no address");
	CHECK_CONTAINS(refused("proc.nme = a"), "no such field");
	CHECK_CONTAINS(refused("evt.arg = a"), "needs an argument");
	CHECK_CONTAINS(refused("evt.arg.flags = a"), "taken");
	CHECK_CONTAINS(refused("proc.name[1] = a"), "takes no argument");
	CHECK_CONTAINS(refused("proc.name regex \"(?i)a\""), "repeats nothing");
	CHECK_CONTAINS(refused("proc.name = val(fd.sport)"), "different types");
	CHECK_CONTAINS(refused("ka.verb = get"), "taken");
}

/* --- views --- */

struct scene {
	const struct registry *registry;
	struct event event;
	struct facet *facet;
};

static void scene(struct scene *s, const char *category, const char *action)
{
	s->registry = unit_registry(&arena);
	event_begin(&s->event, &arena, s->registry);
	s->facet = event_add_facet(&s->event, unit_category(s->registry, category), unit_action(s->registry, category, action));
}

static void put(struct scene *s, const char *field, const char *value)
{
	facet_set_text(&s->event, s->facet, unit_field(s->registry, field), text_of(value));
}

static struct text seen(struct scene *s)
{
	struct sights sights = {0};
	struct buffer out = {0};

	falco_view(s->registry, &s->event, &arena, &sights);
	for (size_t i = 0; i < sights.count; i++)
		sight_print(&sights.items[i], &out);
	struct text text = text_copy(&arena, buffer_view(&out));

	buffer_free(&out);
	return text;
}

static void test_view_of_exec(void)
{
	static const struct text args[] = {{"/usr/bin/docker", 15}, {"run", 3}, {"a b", 3}};
	struct scene s;

	scene(&s, "process", "exec");
	facet_set_texts(&s.event, s.facet, unit_field(s.registry, "process.args"), args, 3);
	put(&s, "process.executable", "/usr/bin/docker");
	put(&s, "process.name", "docker");
	put(&s, "process.thread.name", "runc:[2:INIT]");
	put(&s, "process.working_directory", "/srv");
	put(&s, "process.in_container", "false");
	put(&s, "event.outcome", "success");
	struct text text = seen(&s);

	CHECK_CONTAINS(text, "evt.type=execve\n");
	CHECK_CONTAINS(text, "proc.exeline=/usr/bin/docker run a b\n");
	CHECK_CONTAINS(text, "proc.cmdline=runc:[2:INIT] run a b\n");
	CHECK_CONTAINS(text, "proc.args=run a b\n");
	CHECK_CONTAINS(text, "proc.name=runc:[2:INIT]\n");
	CHECK_CONTAINS(text, "proc.cwd=/srv/\n");
	CHECK_CONTAINS(text, "container.id=host\n");
	CHECK_CONTAINS(text, "evt.failed=false\n");
	CHECK_CONTAINS(text, "user.loginuid=-1\n");
}

static void test_view_of_sockets(void)
{
	struct scene s;

	scene(&s, "network", "connect");
	put(&s, "destination.address", "/run/docker.sock");
	put(&s, "process.in_container", "true");
	CHECK_CONTAINS(seen(&s), "->ffff8c0112e0b400 /run/docker.sock\n");
	CHECK_CONTAINS(seen(&s), "container.id=000000000000\n");
	scene(&s, "network", "connect");
	put(&s, "destination.address", "10.0.0.1");
	put(&s, "destination.ip", "10.0.0.1");
	put(&s, "destination.port", "2375");
	put(&s, "container.id", "0123456789abcdef0123");
	CHECK_CONTAINS(seen(&s), "fd.name=0.0.0.0:0->10.0.0.1:2375\n");
	CHECK_CONTAINS(seen(&s), "fd.snet=10.0.0.1\n");
	CHECK_CONTAINS(seen(&s), "container.id=0123456789ab\n");
}

/* The fields of paths are those of acts that succeeded; an open passes for one unless its result is -1, as EPERM is. */
static void test_view_of_failures(void)
{
	static const struct {
		const char *action, *outcome;
		int64_t exit;
		bool path;
	} acts[] = {
		{"open", "success", 3, true}, {"open", "failure", -13, true}, {"open", "failure", -1, false},
		{"delete", "success", 0, true}, {"delete", "failure", -13, false}, {"chmod", "failure", -1, false},
	};

	for (size_t i = 0; i < sizeof(acts) / sizeof(*acts); i++) {
		bool opens = text_is(text_of(acts[i].action), "open"), succeeds = text_is(text_of(acts[i].outcome), "success");
		struct scene s;

		scene(&s, "file", acts[i].action);
		put(&s, "file.path", "/dev/vda1");
		put(&s, "file.name", "vda1");
		put(&s, "process.in_container", "false");
		put(&s, "file.directory", "/dev");
		put(&s, "event.outcome", acts[i].outcome);
		facet_set_long(&s.event, s.facet, unit_field(s.registry, "audit.exit"), acts[i].exit);
		struct text text = seen(&s);

		CU_ASSERT_EQUAL(text_contains(text, TEXT("fs.path.name=/dev/vda1\n"), false), acts[i].path);
		CU_ASSERT_EQUAL(text_contains(text, TEXT("fd.name=/dev/vda1\n"), false), opens);
		CU_ASSERT_EQUAL(text_contains(text, TEXT("fd.filename=vda1\n"), false), opens && succeeds);
	}
}

static void test_view_of_container(void)
{
	static const struct text mounts[] = {{"/etc:/host:ro", 13}, {"/run:/run:rw", 12}};
	struct scene s;

	scene(&s, "container", "run");
	facet_set_texts(&s.event, s.facet, unit_field(s.registry, "container.mounts"), mounts, 2);
	put(&s, "container.id", "0123456789ab");
	CHECK_CONTAINS(seen(&s), "container.mounts=/etc:/host:ro:false:rprivate,/run:/run::true:rprivate\n");
	CHECK_CONTAINS(seen(&s), "proc.vpid=1\n");
}

/* What no event of Falco's can be, or what says too little, is not shown. */
static void test_nothing_seen(void)
{
	static const struct {
		const char *category, *action, *field, *value;
	} unknown[] = {
		{"process", "exec", "process.name", "docker"}, /* of what path? */
		{"process", "exec", "file.mount.source", "/"}, {"file", "create", "file.target_path", "/x"},
		{"process", "setns", "process.ptrace.request", "PTRACE_ATTACH"}, {"process", "exec", "user.id", "007"},
		{"network", "connect", "destination.ip", "10.0.0.1"}, {"container", "run", "container.name", "web"},
		{"authentication", "login", "user.name", "root"},
	};

	for (size_t i = 0; i < sizeof(unknown) / sizeof(*unknown); i++) {
		struct scene s;

		scene(&s, unknown[i].category, unknown[i].action);
		put(&s, "process.in_container", "true");
		put(&s, unknown[i].field, unknown[i].value);
		CHECK_TEXT(seen(&s), "");
	}
}

/* --- packs --- */

static void test_pack(void)
{
	static const char good[] =
		"- macro: in_c\n  condition: container.id exists and container.id != host\n"
		"- rule: first\n  desc: d\n  output: o\n  priority: error\n  condition: evt.type = execve\n"
		"  exceptions: [{name: e, fields: [proc.name], values: [[curl]]}]\n"
		"- rule: second\n  desc: d\n  output: o\n  priority: error\n  condition: evt.type = execve and in_c\n"
		"- rule: off\n  desc: d\n  output: o\n  priority: error\n  condition: evt.type = execve\n  enabled: false\n";
	struct pack_text file = {TEXT("mews_rules.yaml"), text_of(good)};
	struct catalog *catalog = arena_alloc(&arena, sizeof(*catalog));
	struct diagnostics d = {0};
	struct scene s;

	scene(&s, "process", "exec");
	catalog->registry = *s.registry;
	put(&s, "process.in_container", "true");
	put(&s, "process.thread.name", "sh");
	struct judge *judge = falco_judging.open(&arena, catalog, &file, 1, &d);
	struct sights sights = {0};
	struct judgements judgements = {0};

	CU_ASSERT_PTR_NOT_NULL_FATAL(judge);
	falco_judging.view(judge, &s.event, &arena, &sights);
	falco_judging.fires(judge, &s.event, &sights, &arena, &judgements);
	CHECK_LONG(judgements.count, 2);
	CHECK_TEXT(judgements.items[0].rule, "first");
	CHECK_TEXT(judgements.items[1].rule, "second");
	put(&s, "process.thread.name", "curl");
	sights = (struct sights){0};
	judgements = (struct judgements){0};
	falco_judging.view(judge, &s.event, &arena, &sights);
	falco_judging.fires(judge, &s.event, &sights, &arena, &judgements);
	CHECK_LONG(judgements.count, 1);
	file.content = TEXT("- rule: bad\n  desc: d\n  output: o\n  priority: error\n  condition: proc.nme = x\n");
	CU_ASSERT_PTR_NULL(falco_judging.open(&arena, catalog, &file, 1, &d));
	CHECK_CONTAINS(unit_printed(&arena, &d), "mews_rules.yaml:1:3: error: bad: proc.nme = x: the engine has no such field");
	diagnostics_free(&d);
	arena_free(&arena);
}

void suite_falco_judge(void)
{
	CU_pSuite suite = unit_suite("falco_judge");

	UNIT_TEST(suite, test_comparisons);
	UNIT_TEST(suite, test_refusals);
	UNIT_TEST(suite, test_view_of_exec);
	UNIT_TEST(suite, test_view_of_sockets);
	UNIT_TEST(suite, test_view_of_failures);
	UNIT_TEST(suite, test_view_of_container);
	UNIT_TEST(suite, test_nothing_seen);
	UNIT_TEST(suite, test_pack);
}
