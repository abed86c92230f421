/* Sigma packs judged: what each log source shows of an event, and which rules fire on it. */
#include "generator/sigma/judge.h"

#include "tests/unit/unit.h"

#include <stdarg.h>
#include <stdlib.h>

static struct arena arena;
static struct catalog catalog;
static struct diagnostics d;

static void begin(void)
{
	if (catalog.registry.field_count == 0 && catalog_load(&catalog, "rulesets", &d))
		abort();
}

static void end(void)
{
	catalog_free(&catalog);
	catalog = (struct catalog){0};
	diagnostics_free(&d);
	d = (struct diagnostics){0};
	arena_free(&arena);
	arena = (struct arena){0};
}

/* An event of one facet: pairs of field and value, ending with NULL. Lists are cut at commas. */
static struct event *event_of(const char *category, const char *action, int64_t seconds, ...)
{
	struct event *event = arena_alloc(&arena, sizeof(*event));
	va_list pairs;
	const char *name;

	event_begin(event, &arena, &catalog.registry);
	event->time = seconds * INT64_C(1000000000);
	struct facet *facet = event_add_facet(event, unit_category(&catalog.registry, category),
		unit_action(&catalog.registry, category, action));

	facet_set_text(event, facet, FIELD_OUTCOME, TEXT("success"));
	va_start(pairs, seconds);
	while ((name = va_arg(pairs, const char *)) != NULL) {
		struct text value = text_of(va_arg(pairs, const char *)), *items = NULL;
		unsigned field = registry_field(&catalog.registry, text_of(name));

		if (catalog.registry.fields[field].list) {
			size_t count = text_split(&arena, value, ',', &items);

			facet_set_texts(event, facet, field, items, count);
		} else {
			facet_set_text(event, facet, field, value);
		}
	}
	va_end(pairs);
	return event;
}

/* One record of the event, as text. */
static struct text sight_of(const struct event *event, const char *kind)
{
	struct judge *judge = sigma_judging.open(&arena, &catalog, NULL, 0, &d);
	struct sights sights = {NULL, 0};
	struct buffer out = {0};

	sigma_judging.view(judge, event, &arena, &sights);
	for (size_t i = 0; i < sights.count; i++) {
		if (text_is(sights.items[i].kind, kind))
			sight_print(&sights.items[i], &out);
	}
	struct text text = text_copy(&arena, buffer_view(&out));

	buffer_free(&out);
	return text;
}

/* The rules that fire on the event, joined by blanks. */
static struct text fired(struct judge *judge, const struct event *event)
{
	struct sights sights = {NULL, 0};
	struct judgements judgements = {NULL, 0};
	struct buffer out = {0};

	sigma_judging.view(judge, event, &arena, &sights);
	sigma_judging.fires(judge, event, &sights, &arena, &judgements);
	for (size_t i = 0; i < judgements.count; i++)
		buffer_printf(&out, "%s%.*s", i > 0 ? " " : "", TEXT_ARGS(judgements.items[i].rule));
	struct text text = text_copy(&arena, buffer_view(&out));

	buffer_free(&out);
	return text;
}

static struct judge *judge_of(const char *content)
{
	struct pack_text *file = arena_alloc(&arena, sizeof(*file));

	*file = (struct pack_text){TEXT("rules/all.yml"), text_of(content)};
	return sigma_judging.open(&arena, &catalog, file, 1, &d);
}

static void test_sysmon(void)
{
	begin();
	const struct event *exec = event_of("process", "exec", 1, "process.executable", "/usr/bin/docker", "process.args", "docker,ps",
		"user.name", "root", "process.pid", "7", "process.parent.executable", "/bin/sh", NULL);

	CHECK_TEXT(sight_of(exec, "process_creation"), "(process_creation)\nImage=/usr/bin/docker\nUser=root\nProcessId=7\n"
						       "ParentImage=/bin/sh\nCommandLine=docker ps\n");
	CHECK_TEXT(sight_of(event_of("process", "exec", 1, "process.executable", "/x", "event.outcome", "failure", NULL),
			   "process_creation"),
		"");
	CHECK_TEXT(sight_of(event_of("process", "exec", 1, "process.executable", "C:\\x", "host.os.type", "windows", NULL),
			   "process_creation_windows"),
		"(process_creation_windows)\nImage=C:\\x\n");
	CHECK_TEXT(sight_of(event_of("network", "connect", 1, "destination.address", "/run/docker.sock", NULL), "network_connection"), "");
	CHECK_TEXT(sight_of(event_of("network", "connect", 1, "destination.ip", "10.0.0.1", "destination.port", "22", NULL),
			   "network_connection"),
		"(network_connection)\nDestinationIp=10.0.0.1\nDestinationPort=22\n");
	CHECK_TEXT(sight_of(event_of("file", "delete", 1, "file.path", "/etc/x", NULL), "file_delete"), "(file_delete)\nTargetFilename=/etc/x\n");
	end();
}

static void test_records(void)
{
	begin();
	const struct event *exec = event_of("process", "exec", 1, "process.args", "nc,-l", "event.outcome", "success", NULL);

	CHECK_TEXT(sight_of(exec, "auditd_execve"), "(auditd_execve)\ntype=EXECVE\nargc=2\na0=nc\na1=-l\n");
	CHECK_TEXT(sight_of(exec, "auditd_syscall"), "(auditd_syscall)\ntype=SYSCALL\nSYSCALL=execve\nsuccess=yes\n");
	CHECK_TEXT(sight_of(event_of("process", "unshare", 1, "process.namespaces.flags", "user,net", NULL), "auditd_syscall"),
		"(auditd_syscall)\ntype=SYSCALL\nSYSCALL=unshare\nsuccess=yes\na0=50000000\n");
	CHECK_TEXT(sight_of(event_of("network", "connect", 1, "destination.ip", "10.0.0.1", "destination.address", "10.0.0.1",
				   "destination.port", "80", NULL),
			   "auditd_sockaddr"),
		"(auditd_sockaddr)\ntype=SOCKADDR\nsaddr=020000500A0000010000000000000000\n");
	CHECK_TEXT(sight_of(event_of("network", "connect", 1, "destination.address", "/a", NULL), "auditd_sockaddr"),
		"(auditd_sockaddr)\ntype=SOCKADDR\nsaddr=01002F6100\n");
	CHECK_TEXT(sight_of(event_of("file", "rename", 1, "file.path", "/a", "file.target_path", "/b", NULL), "auditd_path"),
		"(auditd_path)\ntype=PATH\nnametype=DELETE\nname=/a\n(auditd_path)\ntype=PATH\nnametype=CREATE\nname=/b\n");
	CHECK_TEXT(sight_of(event_of("process", "capset", 1, "process.thread.capabilities.permitted", "CAP_SYS_ADMIN", NULL),
			   "auditd_capset"),
		"(auditd_capset)\ntype=CAPSET\ncap_pp=0000000000200000\n");
	CHECK_TEXT(sight_of(event_of("api", "create", 1, "orchestrator.resource.type", "networkpolicy", "user.name", "alice", NULL),
			   "kubernetes_audit"),
		"(kubernetes_audit)\nverb=create\nobjectRef.resource=networkpolicies\nuser.username=alice\n");
	end();
}

static void test_rules(void)
{
	begin();
	struct judge *judge = judge_of(
		"title: a\nid: a\nlogsource: {product: linux, category: process_creation}\n"
		"detection: {s: {Image|endswith: /DOCKER}, f: {User: null}, condition: s and not f}\n---\n"
		"title: b\nid: b\nlogsource: {product: linux}\ndetection: {s: {Image|re: /DOCKER$}, condition: s}\n---\n"
		"title: c\nid: c\nlogsource: {product: windows, category: process_creation}\n"
		"detection: {s: {Image|endswith: docker}, condition: s}\n---\n"
		"title: e\nid: e\nlogsource: {product: linux, service: auditd}\ndetection: {k: [usr/bin], condition: k}\n---\n"
		"title: f\nlogsource: {product: linux}\nfilter: {rules: [a], s: {User: ci}, condition: not s}\n");

	CU_ASSERT_PTR_NOT_NULL_FATAL(judge);
	CHECK_TEXT(fired(judge, event_of("process", "exec", 1, "process.executable", "/usr/bin/docker", "user.name", "x", NULL)), "a e");
	CHECK_TEXT(fired(judge, event_of("process", "exec", 1, "process.executable", "/usr/bin/docker", "user.name", "CI", NULL)), "e");
	CHECK_TEXT(fired(judge, event_of("process", "exec", 1, "process.executable", "/usr/bin/docker", NULL)), "e");
	CHECK_TEXT(fired(judge, event_of("process", "exec", 1, "process.executable", "/DOCKER", NULL)), "b");
	CHECK_TEXT(fired(judge, event_of("process", "exec", 1, "process.executable", "docker", "host.os.type", "windows", NULL)), "c");
	CU_ASSERT_PTR_NULL(judge_of("title: a\nid: a\nlogsource: {product: linux}\ndetection: {s: {a|hour: 1}, condition: s}\n"));
	CHECK_LONG(d.errors, 1);
	end();
}

static const char base[] =
	"title: a\nid: a\nname: ra\nlogsource: {product: linux, category: process_creation}\n"
	"detection: {s: {Image: /a}, condition: s}\n---\n"
	"title: b\nid: b\nname: rb\nlogsource: {product: linux, category: process_creation}\n"
	"detection: {s: {Image: /b}, condition: s}\n---\ntitle: c\nid: c\n";

/* One exec of /a or /b a second, by users 1 and 2, in turn as written: which seconds the correlation fires in. */
static void check_correlation(const char *correlation, const char *execs, const char *expected)
{
	begin();
	struct judge *judge = judge_of(arena_printf(&arena, "%scorrelation: {%s}\n", base, correlation));
	struct buffer out = {0};

	CU_ASSERT_PTR_NOT_NULL_FATAL(judge);
	for (int64_t second = 0; execs[2 * second] != '\0'; second++) {
		const char image[] = {'/', execs[2 * second], 0}, user[] = {execs[2 * second + 1], 0};
		struct text rules = fired(judge, event_of("process", "exec", second, "process.executable", image, "user.name", user, NULL));

		if (rules.length > 0)
			buffer_printf(&out, "%lld:%.*s ", (long long)second, TEXT_ARGS(rules));
	}
	CHECK_TEXT(buffer_view(&out), expected);
	buffer_free(&out);
	end();
}

static void test_correlations(void)
{
	check_correlation("type: event_count, rules: [ra], group-by: [User], timespan: 10s, condition: {gte: 3}", "a1a1a2a1a2a2",
		"3:c 5:c ");
	check_correlation("type: event_count, rules: [ra], timespan: 2s, condition: {gte: 3}", "a1b1a1a1a1b1", "1:b 4:c 5:b ");
	check_correlation("type: value_count, rules: [ra], timespan: 10s, condition: {gt: 1, field: User}", "a1a1a2a1", "2:c 3:c ");
	check_correlation("type: temporal, rules: [ra, rb], group-by: [User], timespan: 10s", "b1a2a1b2", "2:c 3:c ");
	check_correlation("type: temporal_ordered, rules: [ra, rb], group-by: [User], timespan: 10s", "b1a1b1b1a1b2b1", "2:c 6:c ");
	check_correlation("type: temporal_ordered, rules: [ra, rb], timespan: 1s", "a1c1b1a1b1", "4:c ");
	check_correlation("type: event_count, rules: [ra], generate: true, timespan: 10s, condition: {gte: 2}", "a1a1", "0:a 1:a c ");
}

void suite_sigma_judge(void)
{
	CU_pSuite suite = unit_suite("sigma_judge");

	UNIT_TEST(suite, test_sysmon);
	UNIT_TEST(suite, test_records);
	UNIT_TEST(suite, test_rules);
	UNIT_TEST(suite, test_correlations);
}
