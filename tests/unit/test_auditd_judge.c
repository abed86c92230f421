/* What an audit rule asks, as conditions; and what of an event the kernel would record under which key. */
#include "generator/auditd/judge.h"
#include "generator/auditd/meaning.h"
#include "generator/auditd/parse.h"
#include "tests/unit/reading.h"
#include "tests/unit/world.h"

static struct reading reading;

static struct text meaning(const char *content)
{
	struct rules rules;
	struct meaning made;
	struct buffer out = {0};

	rules_parse(&reading.arena, "test.rules", text_of(content), &rules);
	if (rules.count == 0 || rules.lines[0].refused != NULL)
		return TEXT("refused");
	const struct kernel_rule *twin = rules.count > 1 && meaning_twins(rules.lines[0].rule, rules.lines[1].rule)
		? rules.lines[1].rule : NULL;

	struct meaning_rules asked = {rules.lines[0].rule, twin, NULL, 0};

	meaning_of(&reading.arena, &reading.catalog.registry, reading.options.dialect, &asked, &made);
	for (size_t i = 0; i < made.count; i++)
		buffer_printf(&out, "%s%.*s where %.*s", i > 0 ? "\n" : "", TEXT_ARGS(made.parts[i].category),
			TEXT_ARGS(made.parts[i].expression));
	for (size_t i = 0; i < made.notes.count; i++)
		buffer_printf(&out, "\nnote: %.*s", TEXT_ARGS(made.notes.items[i]));
	if (made.problem != NULL)
		buffer_printf(&out, "problem: %s", made.problem);
	struct text text = text_copy(&reading.arena, buffer_view(&out));

	buffer_free(&out);
	return text;
}

static void test_acts(void)
{
	CHECK_TEXT(meaning("-a always,exit -F arch=b64 -S execve,execveat -F euid=0 -F auid>=1000 -F auid!=unset -k root\n"
		"-a always,exit -F arch=b32 -S execve,execveat -F euid=0 -F auid>=1000 -F auid!=unset -k root"),
		"process where event.action == \"exec\" and user.id == \"0\" and number(user.audit.id) >= 1000 and event.outcome != null");
	CHECK_TEXT(meaning("-a always,exit -F arch=b64 -S execve -F success=1"),
		"process where event.action == \"exec\" and event.outcome == \"success\" and audit.arch == \"x86_64\"\n"
		"note: the conditions ask for the act process.exec, which also has the calls: execveat");
	CHECK_TEXT(meaning("-a always,exit -F arch=b64 -S mkdir,rmdir -F success=1"),
		"file where event.action in (\"create\", \"delete\") and audit.syscall in (\"mkdir\", \"rmdir\") "
		"and event.outcome == \"success\" and audit.arch == \"x86_64\"");
	CHECK_TEXT(meaning("-a always,exit -F arch=b64 -S adjtimex -F auid=unset"),
		"process where event.action == \"other\" and audit.syscall == \"adjtimex\" and user.audit.id == null "
		"and audit.arch == \"x86_64\" and event.outcome != null");
	CHECK_CONTAINS(meaning("-a always,exit -S open -k a"), "note: no architecture is named");
	CHECK_CONTAINS(meaning("-a always,exit -F arch=b64 -S read -F path=/a -F perm=x -k a"), "problem: none of its calls");
	CHECK_TEXT(meaning("-a always,exit -F arch=b32 -S socketcall -F a0=3 -F success=1"),
		"network where event.action == \"connect\" and event.outcome == \"success\" and audit.a0 == \"3\" "
		"and audit.arch == \"i386\"");
}

static void test_paths(void)
{
	CHECK_CONTAINS(meaning("-w /etc/passwd -p wa -k a"),
		"(file.path like (\"/etc/passwd\", \"/etc/passwd/*\") or file.target_path like (\"/etc/passwd\", \"/etc/passwd/*\"))");
	CHECK_CONTAINS(meaning("-w /etc/passwd -p wa -k a"),
		"event.action in (\"create\", \"modify\", \"rename\", \"delete\", \"link\", \"mknod\", \"chmod\", \"chown\", \"setxattr\")");
	CHECK_TEXT(meaning("-a always,exit -F path=/usr/bin/su -F perm=x -k a"),
		"process where event.action == \"exec\" and (process.executable == \"/usr/bin/su\" or audit.paths == \"/usr/bin/su\") "
		"and event.outcome != null");
	CHECK_CONTAINS(meaning("-a always,exit -F path=/etc/shadow -F perm=r -k a"), "event.action == \"open\"");
	CHECK_CONTAINS(meaning("-a always,exit -F dir=/srv/*x -k a"), "\"/srv/\\\\*x\"");
	CHECK_CONTAINS(meaning("-a always,exit -F arch=b64 -S connect -F path=/run/docker.sock -k a"),
		"network where event.action == \"connect\" and destination.address == \"/run/docker.sock\"");
}

static void test_values(void)
{
	CHECK_CONTAINS(meaning("-a always,exit -S all -F auid>=1000"), "(number(user.audit.id) >= 1000 or user.audit.id == null)");
	CHECK_CONTAINS(meaning("-a always,exit -S all -F auid<1000"), "and number(user.audit.id) < 1000 and");
	CHECK_CONTAINS(meaning("-a always,exit -S all -F exit>10"), "(audit.exit < 0 or audit.exit > 10)");
	CHECK_CONTAINS(meaning("-a always,exit -S all -F exit<10"), "audit.exit >= 0 and audit.exit < 10");
	CHECK_CONTAINS(meaning("-a always,exit -S all -F exit=-EPERM"), "audit.exit == -1");
	CHECK_CONTAINS(meaning("-a always,exit -S all -F success!=0"), "event.outcome == \"success\"");
	CHECK_CONTAINS(meaning("-a always,exit -S all -C auid!=uid"), "not user.audit.id == process.real_user.id");
	CHECK_CONTAINS(meaning("-a always,exit -S all -F a0=-1"), "audit.a0 in (\"ffffffff\", \"ffffffffffffffff\")");
	CHECK_CONTAINS(meaning("-a always,exit -S all -F subj_type=crond_t"), "audit.subject regex \"[^:]*:[^:]*:crond_t(:.*)?\"");
	CHECK_CONTAINS(meaning("-a always,exit -S all -F a0>5"), "note: a0>5 is left out");
	CHECK_CONTAINS(meaning("-a always,exit -S all -F filetype=dir"), "note: filetype=dir is left out");
}

/* --- the judge --- */

static struct world world;

/* "file key, …" of the rules that fire; the first gives the key. */
static struct text fires(const char *rules, const char *facets)
{
	struct pack_text file = {TEXT("1.rules"), text_of(rules)};
	struct diagnostics d = {0};
	struct judge *judge = auditd_judging.open(&world.arena, &world.catalog, &file, 1, &d);
	struct event *event = world_event(&world, 1, 1, facets);
	struct sights sights = {0};
	struct judgements judgements = {0};
	struct buffer out = {0};

	struct text said = unit_printed(&world.arena, &d);

	diagnostics_free(&d);
	if (judge == NULL)
		return said;
	auditd_judging.view(judge, event, &world.arena, &sights);
	auditd_judging.fires(judge, event, &sights, &world.arena, &judgements);
	for (size_t i = 0; i < judgements.count; i++)
		buffer_printf(&out, "%s%.*s", i > 0 ? ", " : "", TEXT_ARGS(judgements.items[i].rule));
	struct text text = text_copy(&world.arena, buffer_view(&out));

	buffer_free(&out);
	return text;
}

#define ACTOR " process.executable=/usr/bin/docker user.id=0 process.pid=4242 process.parent.pid=1"
#define EXEC "process.exec" ACTOR
#define WRITE "file.modify file.path=/etc/passwd event.outcome=success" ACTOR

static void test_order(void)
{
	CHECK_TEXT(fires("-w /etc/passwd -p w -k one\n-a always,exit -F dir=/etc -k two\n", WRITE), "1.rules one, 1.rules two");
	CHECK_TEXT(fires("-a always,exit -F dir=/etc -k two\n-w /etc/passwd -p w -k one\n", WRITE), "1.rules two, 1.rules one");
	CHECK_TEXT(fires("-a never,exit -F dir=/etc\n-w /etc/passwd -p w -k one\n", WRITE), "");
	CHECK_TEXT(fires("-w /etc/passwd -p w -k one\n-a never,exit -F dir=/etc\n", WRITE), "1.rules one");
	CHECK_TEXT(fires("-w /etc/passwd -p w -k one\n-A never,exit -F dir=/etc\n", WRITE), "");
	CHECK_TEXT(fires("-w /etc/passwd -p w -k one\n-D\n", WRITE), "");
	CHECK_TEXT(fires("-w /etc/passwd -p w -k one\n-a never,task\n", WRITE), "");
	CHECK_CONTAINS(fires("-w /etc/passwd -p w -k one\nnonsense\n", WRITE), "auditctl refuses the line");
}

static void test_fits(void)
{
	CHECK_TEXT(fires("-a always,exit -F arch=b64 -S execve -F euid=0 -k a", EXEC), "1.rules a");
	CHECK_TEXT(fires("-a always,exit -F arch=b32 -S execve -k a", EXEC), "");
	CHECK_TEXT(fires("-a always,exit -F arch=b64 -S execve -F exe=/usr/bin/docker -k a", EXEC), "1.rules a");
	CHECK_TEXT(fires("-a always,exit -F arch=b64 -S execve -F exe=/usr/bin/docker -k a", EXEC " process.in_container=true"), "");
	CHECK_TEXT(fires("-a always,exit -F arch=b64 -S execve -F auid=unset -k a", EXEC), "1.rules a");
	CHECK_TEXT(fires("-a always,exit -F arch=b64 -S execve -F auid>=1000 -F auid!=unset -k a", EXEC), "");
	CHECK_TEXT(fires("-a always,exit -F arch=b64 -S execve -F auid>=1000 -k a", EXEC), "1.rules a");
	CHECK_TEXT(fires("-a always,exit -F arch=b64 -S openat -F a2&3 -k a", WRITE), "1.rules a");
	CHECK_TEXT(fires("-w /etc -p w -k a", WRITE), "1.rules a");
	CHECK_TEXT(fires("-w /etc/passwd -p r -k a", WRITE), "");
	CHECK_TEXT(fires("-a always,exit -F path=/etc -F perm=w -k a", WRITE), "");
	CHECK_TEXT(fires("-a always,exit -S 257 -k a", WRITE " audit.arch=x86_64"), "1.rules a");
	CHECK_TEXT(fires("-a always,exit -S all -F success>1 -k a", WRITE), "");
	CHECK_TEXT(fires("-a always,exit -S all -F success>1 -k a", "file.modify file.path=/a event.outcome=failure" ACTOR), "1.rules a");
	CHECK_TEXT(fires("-a always,exit -S all -F exit>5 -k a", WRITE " audit.exit=-13"), "1.rules a");
	CHECK_TEXT(fires("-a always,exit -F arch=b64 -S connect -F a2=16 -k a", "network.connect destination.ip=192.0.2.1" ACTOR),
		"1.rules a");
	CHECK_TEXT(fires("-a always,exit -F dir=/run -F perm=rwxa -k a", "network.connect destination.address=/run/docker.sock" ACTOR), "");
	CHECK_TEXT(fires("-a always,exit -F arch=b64 -S connect -F path=/run/docker.sock -k a",
		"network.connect destination.address=/run/docker.sock" ACTOR), "1.rules a");
	CHECK_TEXT(fires("-a always,exit -S all -k a", "container.run container.image.name=x" ACTOR), "");
	CHECK_TEXT(fires("-a always,exit -S all -k a", "file.modify file.path=/a"), "");
}

static void test_begin(void)
{
	reading_begin(&reading, "auditd");
	world_begin(&world);
	world_detection(&world, "none", "low", "a: process where process.name == \"x\"");
	world_load(&world);
}

static void test_end(void)
{
	reading_end(&reading);
	world_end(&world);
}

void suite_auditd_judge(void)
{
	CU_pSuite suite = unit_suite("auditd_judge");

	UNIT_TEST(suite, test_begin);
	UNIT_TEST(suite, test_acts);
	UNIT_TEST(suite, test_paths);
	UNIT_TEST(suite, test_values);
	UNIT_TEST(suite, test_order);
	UNIT_TEST(suite, test_fits);
	UNIT_TEST(suite, test_end);
}
