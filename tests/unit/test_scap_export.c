/* export as a capture: what is said of an event is read back from it; what cannot be said has its reason. */
#include "replay/export/export.h"
#include "tests/unit/reading.h"

#include <stdlib.h>
#include <string.h>

struct writing {
	const struct export_format *format;
	void *state;
	struct buffer verdicts; /* one letter an event, and the reason of those that are not whole */
	uint64_t number;
};

static int take(void *context, struct event *event)
{
	struct writing *w = context;
	const char *reason = "";
	struct export_item item = {.event = event, .number = ++w->number};
	enum export_verdict verdict = w->format->take(w->state, &item, &reason);
	buffer_printf(&w->verdicts, "%c%s%s\n", "WPU"[verdict], *reason ? " " : "", reason);
	return 0;
}

/* ECS lines → a capture → what is read from it. `verdicts` and r->events are to be looked at, then end() both. */
static void round_trip(struct writing *w, struct reading *r, const char *lines)
{
	struct reading from;
	struct buffer capture = {0};
	char bytes[4096];
	size_t got;
	FILE *file = tmpfile();
	memset(w, 0, sizeof *w);
	reading_begin(&from, "ecs");
	struct export_options options = {.catalog = &from.catalog};
	w->format = export_format_find(TEXT("scap"));
	CU_ASSERT_FATAL(file != NULL && w->format != NULL);
	w->state = w->format->begin(&options, file);
	struct diagnostics d = {0};
	const char *folder = unit_folder(&from.arena);
	struct input *input = input_open(unit_file(&from.arena, folder, "events.jsonl", text_of(lines)), &d);
	reader_read(reader_find(TEXT("json")), input, &from.options, (struct event_sink){take, w}, &from.ledger, &d);
	input_close(input);
	w->format->end(w->state);
	rewind(file);
	while ((got = fread(bytes, 1, sizeof bytes, file)) > 0)
		buffer_add(&capture, bytes, got);
	fclose(file);
	reading_begin(r, "falco");
	reading_run(r, "scap", buffer_view(&capture));
	CHECK_LONG(r->ledger.rejected, 0);
	buffer_free(&capture);
	diagnostics_free(&d);
	reading_end(&from);
}

static void end(struct writing *w, struct reading *r)
{
	buffer_free(&w->verdicts);
	reading_end(r);
}

#define AT "{\"@timestamp\":\"2024-01-02T03:04:05.5Z\",\"host.name\":\"web1\",\"process.pid\":200,\"process.parent.pid\":100,"
#define WHO "\"process.executable\":\"/usr/bin/docker\",\"process.name\":\"docker\",\"user.id\":\"1000\",\"user.name\":\"anna\","

static void test_exec(void)
{
	struct writing w;
	struct reading r;
	round_trip(&w, &r, AT WHO "\"event.category\":\"process\",\"event.action\":\"exec\",\"event.outcome\":\"success\","
		"\"process.args\":[\"docker\",\"run\",\"a b\"],\"process.parent.name\":\"bash\",\"process.parent.executable\":\"/bin/bash\","
		"\"process.parent.command_line\":\"bash -l\",\"process.working_directory\":\"/srv\",\"user.audit.id\":\"1000\","
		"\"process.tty.name\":\"pts3\"}\n");
	CHECK_TEXT(buffer_view(&w.verdicts), "W\n");
	CHECK_CONTAINS(r.events, "process.exec @2024-01-02T03:04:05.500Z event.outcome=[success] host.name=[web1]");
	CHECK_CONTAINS(r.events, "process.args=[docker][run][a b]");
	CHECK_CONTAINS(r.events, "process.executable=[/usr/bin/docker]");
	CHECK_CONTAINS(r.events, "process.parent.command_line=[bash -l] process.parent.executable=[/bin/bash]");
	CHECK_CONTAINS(r.events, "process.parent.name=[bash] process.parent.pid=[100] process.pid=[200]");
	CHECK_CONTAINS(r.events, "process.working_directory=[/srv]");
	CHECK_CONTAINS(r.events, "user.audit.id=[1000]");
	CHECK_CONTAINS(r.events, "user.name=[anna]");
	CHECK_CONTAINS(r.events, "process.tty.name=[34819]");
	CHECK_LONG(r.taken, 1);
	end(&w, &r);
}

static void test_calls(void)
{
	static const struct {
		const char *fields, *expected;
	} cases[] = {
		{"\"event.category\":\"file\",\"event.action\":\"delete\",\"file.path\":\"/etc/shadow\"}", "file.delete @2024-01-02T03:04:05.500Z"},
		{"\"event.category\":\"file\",\"event.action\":\"create\",\"file.path\":\"/etc/x\"}", "file.create"},
		{"\"event.category\":\"file\",\"event.action\":\"modify\",\"file.path\":\"/etc/x\"}", "file.modify"},
		{"\"event.category\":\"file\",\"event.action\":\"rename\",\"file.path\":\"/a\",\"file.target_path\":\"/b\"}",
			"file.path=[/a] file.target_name=[b] file.target_path=[/b]"},
		{"\"event.category\":\"file\",\"event.action\":\"link\",\"file.path\":\"/a\",\"file.target_path\":\"/b\"}",
			"file.path=[/a] file.target_name=[b] file.target_path=[/b]"},
		{"\"event.category\":\"file\",\"event.action\":\"mount\",\"file.path\":\"/mnt\",\"file.mount.source\":\"/etc\","
		 "\"file.mount.flags\":[\"MS_BIND\",\"MS_REC\"]}", "file.mount.flags=[MS_BIND][MS_REC] file.mount.source=[/etc]"},
		{"\"event.category\":\"network\",\"event.action\":\"connect\",\"destination.ip\":\"10.0.0.1\",\"destination.port\":2375}",
			"destination.ip=[10.0.0.1] destination.port=[2375]"},
		{"\"event.category\":\"network\",\"event.action\":\"connect\",\"destination.address\":\"/run/docker.sock\"}",
			"destination.address=[/run/docker.sock]"},
		{"\"event.category\":\"network\",\"event.action\":\"bind\",\"destination.ip\":\"::1\",\"destination.port\":80}",
			"destination.ip=[::1] destination.port=[80]"},
		{"\"event.category\":\"process\",\"event.action\":\"setns\",\"process.namespaces.flags\":[\"mnt\",\"pid\"]}",
			"process.namespaces.flags=[mnt][pid]"},
		{"\"event.category\":\"process\",\"event.action\":\"ptrace\",\"process.ptrace.request\":\"PTRACE_ATTACH\"}",
			"process.ptrace.request=[PTRACE_ATTACH]"},
		{"\"event.category\":\"process\",\"event.action\":\"capset\",\"process.thread.capabilities.permitted\":[\"CAP_SYS_ADMIN\"]}",
			"process.thread.capabilities.permitted=[CAP_SYS_ADMIN]"},
		{"\"event.category\":\"file\",\"event.action\":\"open\",\"event.outcome\":\"failure\",\"file.path\":\"/etc/shadow\"}",
			"file.open @2024-01-02T03:04:05.500Z audit.exit=[-13] event.outcome=[failure]"},
		{"\"event.category\":\"process\",\"event.action\":\"fork\"}", "process.fork"},
		{"\"event.category\":\"process\",\"event.action\":\"exit\"}", "process.exit"},
		{"\"event.category\":\"driver\",\"event.action\":\"load\"}", "driver.load"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct writing w;
		struct reading r;
		struct buffer line = {0};
		buffer_printf(&line, "%s%s\n", AT WHO, cases[i].fields);
		round_trip(&w, &r, line.data);
		CHECK_TEXT(buffer_view(&w.verdicts), "W\n");
		CHECK_CONTAINS(r.events, cases[i].expected);
		CHECK_LONG(r.taken, 1);
		CHECK_CONTAINS(r.events, "process.executable=[/usr/bin/docker]");
		end(&w, &r);
		buffer_free(&line);
	}
}

static void test_container(void)
{
	struct writing w;
	struct reading r;
	round_trip(&w, &r, AT WHO "\"event.category\":\"file\",\"event.action\":\"open\",\"file.path\":\"/x\","
		"\"container.id\":\"0123456789ab\",\"container.name\":\"web\",\"container.image.name\":\"nginx\",\"container.image.tag\":\"1\","
		"\"container.security_context.privileged\":true,\"container.mounts\":[\"/etc:/e:ro\"],"
		"\"orchestrator.resource.name\":\"p\",\"orchestrator.namespace\":\"n\"}\n");
	CHECK_TEXT(buffer_view(&w.verdicts), "W\n");
	CHECK_CONTAINS(r.events, "container.id=[0123456789ab] container.image.name=[nginx] container.image.tag=[1]");
	CHECK_CONTAINS(r.events, "container.mounts=[/etc:/e:ro] container.name=[web]");
	CHECK_CONTAINS(r.events, "container.security_context.privileged=[true]");
	CHECK_CONTAINS(r.events, "orchestrator.namespace=[n] orchestrator.resource.name=[p]");
	end(&w, &r);
}

static void test_what_is_not_said(void)
{
	static const struct {
		const char *line, *verdict;
	} cases[] = {
		{"{\"event.category\":\"log\",\"message\":\"x\"}", "U it is no system call\n"},
		{AT WHO "\"event.category\":\"process\",\"event.action\":\"other\"}", "U no system call that captures have does that\n"},
		{AT WHO "\"event.category\":\"file\",\"event.action\":\"open\"}", "U the file's path is not known\n"},
		{"{\"@timestamp\":\"2024-01-02T03:04:05Z\"," WHO "\"event.category\":\"process\",\"event.action\":\"exec\"}",
			"P the process id is not known: one is made up\n"},
		{AT "\"event.category\":\"process\",\"event.action\":\"exec\",\"process.name\":\"x\"}",
			"P the executable is not known: proc.exepath is empty\n"},
		{AT WHO "\"event.category\":\"process\",\"event.action\":\"exec\",\"container.id\":\"my-container\"}",
			"P the container's id is none that a control group has\n"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct writing w;
		struct reading r;
		struct buffer line = {0};
		buffer_printf(&line, "%s\n", cases[i].line);
		round_trip(&w, &r, line.data);
		CHECK_TEXT(buffer_view(&w.verdicts), cases[i].verdict);
		end(&w, &r);
		buffer_free(&line);
	}
}

/* A second program, user and directory of a process, and another host, are told; what is known is not told again. */
static void test_changes(void)
{
	struct writing w;
	struct reading r;
	round_trip(&w, &r, AT WHO "\"event.category\":\"file\",\"event.action\":\"open\",\"file.path\":\"/1\"}\n"
		AT WHO "\"event.category\":\"file\",\"event.action\":\"open\",\"file.path\":\"/2\"}\n"
		AT "\"process.executable\":\"/bin/sh\",\"process.name\":\"sh\",\"user.id\":\"0\",\"event.category\":\"file\","
		"\"event.action\":\"open\",\"file.path\":\"/3\",\"process.working_directory\":\"/root\"}\n"
		"{\"host.name\":\"web2\",\"process.pid\":200," WHO "\"event.category\":\"file\",\"event.action\":\"open\",\"file.path\":\"/4\"}\n");
	CHECK_TEXT(buffer_view(&w.verdicts), "W\nW\nW\nP the time is not known: that of the event before stands there\n");
	CHECK_CONTAINS(r.events, "file.path=[/3] host.name=[web1] process.args=[/bin/sh] process.command_line=[/bin/sh] process.executable=[/bin/sh]");
	CHECK_CONTAINS(r.events, "process.working_directory=[/root] user.id=[0]");
	CHECK_LONG(r.taken, 4);
	end(&w, &r);
}

void suite_scap_export(void);
void suite_scap_export(void)
{
	CU_pSuite suite = unit_suite("scap_export");
	UNIT_TEST(suite, test_exec);
	UNIT_TEST(suite, test_calls);
	UNIT_TEST(suite, test_container);
	UNIT_TEST(suite, test_what_is_not_said);
	UNIT_TEST(suite, test_changes);
}
