/* dialect_read: what dialects make of records beyond one raw name for one field. */
#include "tests/unit/reading.h"

#include <string.h>

#define EXEC "name: x\nreads: json\nmissing: [\"-\"]\ngroups:\n  - name: g\n    events: [{event: process.exec}]\n    fields:\n"

struct row_case {
	const char *name, *rows, *record, *expected;
};

static const struct row_case rows[] = {
	{"format", "      process.command_line: {format: '{bin} {args|}', shape: command-line}\n", "{\"bin\":\"/bin/ls\",\"args\":\"-l /\"}",
		"process.command_line=[/bin/ls -l /]"},
	{"format: what may be missing", "      process.command_line: {format: '{bin} {args|}', shape: command-line}\n", "{\"bin\":\"/bin/ls\",\"args\":\"-\"}",
		"process.command_line=[/bin/ls]\n"},
	{"format: what must be there", "      message: {format: '{a}:{b}'}\n", "{\"a\":\"x\"}", "1 process.exec @-\n"},
	{"format: constant", "      container.runtime: {format: podman}\n", "{\"a\":\"x\"}", "container.runtime=[podman]"},
	{"format: braces and words", "      message: {format: '{{{m}}}', words: {m: {\"1\": one, \"*\": many}}}\n", "{\"m\":7}", "message=[{many}]"},
	{"format: a word that is none", "      message: {format: '{m}', words: {m: {\"1\": one}}}\n", "{\"m\":7}", "1 process.exec @-\n"},
	{"format: a list of one name", "      message: {format: '<{m}>'}\n", "{\"m\":[\"a\",\"b\"]}", "message=[<a b>]"},
	{"first row that gives a value", "      message:\n        - {format: '{a}!'}\n        - b\n", "{\"b\":\"x\"}", "message=[x]"},
	{"shell words of a format", "      process.args: {format: \"'{bin}' {args|}\", shape: shell-words}\n",
		"{\"bin\":\"/a b\",\"args\":\"-c \\\"curl x\\\" 'y z' it\\\\ s end\\\"\"}", "process.args=[/a b][-c][curl x][y z][it s][end\"]"},
	{"each", "      container.mounts: {each: m, format: '{src|}:{dst}:{rw|unknown}', words: {rw: {\"true\": rw, \"false\": ro}}}\n",
		"{\"m\":[{\"src\":\"/a\",\"dst\":\"/b\",\"rw\":true},{\"dst\":\"/c\",\"rw\":false},{\"src\":\"/d/\",\"dst\":\"/e\"},{\"src\":\"/f\"}]}",
		"container.mounts=[/a:/b:rw][:/c:ro][/d:/e:unknown]\n"},
	{"each of names", "      container.ports: {each: p, name: [host, guest]}\n", "{\"p\":[{\"guest\":1},{\"host\":2,\"guest\":3},{}]}", "container.ports=[1][2]"},
	{"each, where", "      file.target_path: {each: p, where: {t: new}, name: n}\n", "{\"p\":[{\"t\":\"old\",\"n\":\"/a\"},{\"t\":\"new\",\"n\":\"/b\"}]}",
		"file.target_path=[/b]"},
	{"item", "      audit.a1: {name: v, item: 1}\n      audit.a3: {name: v, item: 3}\n", "{\"v\":[\"x\",\"y\",\"z\"]}", "1 process.exec @- audit.a1=[y]\n"},
	{"take", "      container.id: {name: id, take: '(?:[a-z-]+://)?([0-9a-f]+)'}\n", "{\"id\":\"containerd://0abc\"}", "container.id=[0abc]"},
	{"take: nothing matches", "      container.id: {name: [id, id2], take: '[a-z]+://([0-9]+)'}\n", "{\"id\":\"x\",\"id2\":\"y://7\"}", "container.id=[7]"},
	{"take of a list", "      container.labels: {name: l, take: 'k:(.*)'}\n", "{\"l\":[\"k:1\",\"no\",\"k:\",\"k:2\"]}", "container.labels=[1][2]"},
	{"base", "      file.path: {name: f, base: cwd}\n", "{\"f\":\"../x/y\",\"cwd\":\"/a/b/c\"}", "file.path=[/a/b/x/y]"},
	{"base: absolute", "      file.path: {name: f, base: cwd}\n", "{\"f\":\"/x\",\"cwd\":\"/a\"}", "file.path=[/x]"},
	{"base: unknown", "      file.path: {name: f, base: cwd}\n", "{\"f\":\"x\"}", "1 process.exec @-\n"},
	{"base: beyond the root", "      file.path: {name: f, base: cwd}\n", "{\"f\":\"../../../x\",\"cwd\":\"/a\"}", "file.path=[/x]"},
	{"members", "      container.labels: labels.*\n", "{\"labels\":{\"app.io/x\":\"1\",\"b\":true,\"c\":\"-\"},\"label\":\"no\"}",
		"container.labels=[app.io/x=1][b=true][c=-]"},
	{"members: none", "      container.labels: labels.*\n", "{\"label\":\"no\"}", "1 process.exec @-\n"},
	{"any first part", "      process.pid: '*.p.id'\n      container.labels: '*.l.*'\n", "{\"exec\":{\"p\":{\"id\":7},\"l\":{\"a.b\":1}},\"p\":{\"id\":8}}",
		"container.labels=[a.b=1] process.pid=[7]\n"},
	{"any first part, and one in full", "      process.pid: '*.id'\n      process.parent.pid: b.id\n      message: a.id\n", "{\"b\":{\"id\":7}}",
		"process.parent.pid=[7] process.pid=[7]\n"},
	{"lower", "      file.name: {name: f, shape: lower}\n", "{\"f\":\"AbÄ\"}", "file.name=[abÄ]"},
	{"truth", "      container.security_context.privileged: {name: p, shape: truth}\n", "{\"p\":\"Yes\"}", "privileged=[true]"},
	{"truth: 0", "      container.security_context.privileged: {name: p, shape: truth}\n", "{\"p\":0}", "privileged=[false]"},
	{"base64", "      message: {name: m, shape: base64}\n", "{\"m\":\"bHMgLWw=\"}", "message=[ls -l]"},
	{"base64 without padding", "      message: {name: m, shape: base64}\n", "{\"m\":\"bHMgLQ\"}", "message=[ls -]"},
	{"ip and port", "      destination.ip: {name: d, shape: address-ip}\n      destination.port: {name: d, shape: address-port}\n",
		"{\"d\":\"10.0.0.1:443\"}", "destination.ip=[10.0.0.1] destination.port=[443]"},
	{"ip and port in brackets", "      destination.ip: {name: d, shape: address-ip}\n      destination.port: {name: d, shape: address-port}\n",
		"{\"d\":\"[fe80::1]:53\"}", "destination.ip=[fe80::1] destination.port=[53]"},
	{"an address alone", "      destination.ip: {name: d, shape: address-ip}\n      destination.port: {name: d, shape: address-port}\n",
		"{\"d\":\"fe80::1\"}", "destination.ip=[fe80::1]\n"},
	{"binds", "      container.mounts: {name: b, shape: binds}\n", "{\"b\":[\"/var/run/x:/y:ro,z\",\"v:/d\",\"/only\"]}",
		"container.mounts=[/run/x:/y:ro][v:/d:rw][:/only:rw]"},
	{"microseconds", "      \"@timestamp\": {name: t, shape: microseconds}\n", "{\"t\":1764111600000001}", "@2025-11-25T23:00:00.000001Z"},
	{"a row of its own for presence", "      process.in_container: {name: c, take: '(docker.*)', shape: present}\n", "{\"c\":\"docker-1\"}",
		"in_container=[true]"},
};

static void test_rows(void)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reading r;
		struct buffer dialect = {0};
		buffer_printf(&dialect, "%s%s", EXEC, rows[i].rows);
		reading_of(&r, "json", dialect.data, rows[i].record);
		CHECK_CONTAINS(r.events, rows[i].expected);
		reading_end(&r);
		buffer_free(&dialect);
	}
}

/* A value that does not fit is left out and counted. */
static void test_unfit(void)
{
	struct reading r;
	reading_of(&r, "json", EXEC "      container.security_context.privileged: {name: p, shape: truth}\n      message: {name: m, shape: base64}\n",
		"{\"p\":\"perhaps\",\"m\":\"a\"}\n{\"m\":\"#!\"}");
	CHECK_LONG(r.ledger.unfilled, 3);
	CHECK_LONG(r.ledger.events, 2);
	reading_end(&r);
}

#define MATCHES "name: x\nreads: json\ngroups:\n  - name: g\n    events:\n" \
	"      - {event: file.open, match: {call~: '(__x64_)?sys_open(at)?', flags&10: 0x3}}\n" \
	"      - {event: file.create, match: {kind!: [a, b]}}\n" \
	"      - {event: file.delete, match: {call: unlink}}\n"

static void test_matches(void)
{
	struct reading r;
	reading_of(&r, "json", MATCHES, "{\"call\":\"__x64_sys_openat\",\"flags\":577}\n{\"call\":\"sys_open\",\"flags\":576,\"kind\":\"c\"}\n"
		"{\"call\":\"unlink\",\"kind\":\"b\"}\n{\"call\":\"sys_open\",\"flags\":4}\n{\"call\":\"sys_opens\",\"flags\":1}\n");
	CHECK_TEXT(r.events, "1 file.open @-\n2 file.create @-\n3 file.delete @-\n");
	CHECK_LONG(r.ledger.unmapped, 2);
	reading_end(&r);
}

#define TIMES "name: x\nreads: json\ntime: [{name: a, shape: date, layout: '%d/%b/%Y:%H:%M:%S%f %z'}, {name: b, shape: milliseconds}, c]\n" \
	"groups: [{name: g, events: [{event: process.exec}]}]\n"

static void test_times(void)
{
	struct reading r;
	reading_of(&r, "json", TIMES, "{\"a\":\"25/Nov/2026:23:05:06.5 +0100\"}\n{\"b\":1764111600001}\n{\"c\":\"2026-11-25 23:05:06.123456789Z\"}\n"
		"{\"a\":\"25/Nov/2026:23:05:06 UTC\"}\n{\"a\":\"soon\",\"c\":\"2026-11-25T23:05:06Z\"}\n{}\n");
	CHECK_TEXT(r.events, "1 process.exec @2026-11-25T22:05:06.500Z\n2 process.exec @2025-11-25T23:00:00.001Z\n"
		"3 process.exec @2026-11-25T23:05:06.123456789Z\n4 process.exec @2026-11-25T23:05:06Z\n5 process.exec @2026-11-25T23:05:06Z\n6 process.exec @-\n");
	CHECK_LONG(r.ledger.unfilled, 1);
	reading_end(&r);
}

#define PAIRS "name: x\nreads: json\npairs: {args: {name: name, value: value}}\nunpack: [args, inner]\ngroups:\n  - name: g\n    events:\n" \
	"      - {event: file.modify, match: {args.flags&10: 0x3}}\n      - {event: process.exec, match: {args.argv: \"*\"}}\n" \
	"      - {event: process.other}\n" \
	"    fields: {file.path: args.path, process.args: args.argv, source.port: args.addr.port, process.name: inner.a.b, audit.key: inner.l}\n"

static void test_pairs(void)
{
	struct reading r;
	reading_of(&r, "json", PAIRS, "{\"args\":[{\"name\":\"path\",\"value\":\"/etc/x\"},{\"name\":\"flags\",\"value\":577},{\"value\":3}]}\n"
		"{\"args\":[{\"name\":\"argv\",\"value\":[\"ls\",\"-l\"]},{\"name\":\"addr\",\"value\":{\"port\":80}}]}\n");
	CHECK_TEXT(r.events, "1 file.modify @- file.path=[/etc/x]\n1 process.other @- file.path=[/etc/x]\n"
		"2 process.exec @- process.args=[ls][-l] source.port=[80]\n");
	reading_end(&r);
	reading_of(&r, "csv", PAIRS, "pid,args\n1,\"[{'name': 'path', 'type': 'char*', 'value': '/a \\'b\\''}, {'name': 'flags', 'value': 2}]\"\n"
		"2,\"[{'name': 'argv', 'value': ['ls', \"\"it's\"\"]}, {'name': 'n', 'value': None}]\"\n3,\"[{'name': 'path'\"\n4,[]\n");
	CHECK_TEXT(r.events, "2 file.modify @- file.path=[/a 'b']\n2 process.other @- file.path=[/a 'b']\n"
		"3 process.exec @- process.args=[ls][it's]\n4 process.other @-\n5 process.other @-\n");
	reading_end(&r);
}

static void test_unpack(void)
{
	struct reading r;
	reading_of(&r, "json", PAIRS, "{\"inner\":\"{\\\"a\\\": {\\\"b\\\": \\\"x\\\\u00e4\\\\n\\\"}, \\\"l\\\": (1, True, null, -2.5)}\"}\n"
		"{\"inner\":\"{'a': {'b': 'y'}} trailing\"}\n{\"inner\":\"no document\"}\n");
	CHECK_TEXT(r.events, "1 process.other @- audit.key=[1][true][-2.5] process.name=[x\u00e4\n]\n2 process.other @-\n3 process.other @-\n");
	reading_end(&r);
}

#define SPLIT "name: x\nreads: json\nsplit: [rows, diff.added]\ntime: t\ngroups:\n  - name: g\n    when: {kind: exec}\n" \
	"    events: [{event: process.exec, match: {pid: \"*\"}}]\n    fields: {process.pid: pid, process.name: name, host.name: host}\n"

static void test_split(void)
{
	struct reading r;
	reading_begin(&r, SPLIT);
	r.options.label_name = TEXT("verdict");
	reading_run(&r, "json", TEXT("{\"host\":\"h\",\"kind\":\"exec\",\"name\":\"n\",\"t\":1,\"rows\":[{\"pid\":1,\"verdict\":\"bad\"},{\"pid\":2,\"name\":\"m\",\"t\":2},{\"x\":1}]}\n"
		"{\"kind\":\"exec\",\"diff\":{\"added\":[{\"pid\":3}]}}\n{\"kind\":\"exec\",\"pid\":4,\"rows\":[]}\n"));
	CHECK_TEXT(r.events, "1 process.exec @1970-01-01T00:00:01Z host.name=[h] process.name=[n] process.pid=[1] label=bad\n"
		"1 process.exec @1970-01-01T00:00:02Z host.name=[h] process.name=[m] process.pid=[2]\n"
		"2 process.exec @- process.pid=[3]\n3 process.exec @- process.pid=[4]\n");
	CHECK_LONG(r.ledger.events, 5);
	CHECK_LONG(r.ledger.unmapped, 1);
	CHECK_LONG(r.ledger.event_lines, 3);
	reading_end(&r);
}

#define NAMES "name: x\nreads: json\nnames:\n  call:\n    - {name: fn, take: '(?:__x64_)?sys_(.*)'}\n" \
	"    - {format: '{arch}:{nr}', shape: mapped, map: {'x:59': execve}}\n  twice: {format: '{call}{call}'}\n" \
	"groups:\n  - name: g\n    events: [{event: process.exec, match: {call: execve}}, {event: file.open, match: {call: openat}}]\n" \
	"    fields: {audit.syscall: call, message: twice}\n"

static void test_made_names(void)
{
	struct reading r;
	reading_of(&r, "json", NAMES, "{\"fn\":\"__x64_sys_openat\"}\n{\"arch\":\"x\",\"nr\":59}\n{\"fn\":\"other\",\"arch\":\"x\",\"nr\":1}\n");
	CHECK_TEXT(r.events, "1 file.open @- audit.syscall=[openat] message=[openatopenat]\n"
		"2 process.exec @- audit.syscall=[execve] message=[execveexecve]\n");
	CHECK_LONG(r.ledger.unmapped, 1);
	reading_end(&r);
	reading_of(&r, "json", NAMES, "{\"fn\":\"sys_openat\",\"call\":\"what the record calls so\"}\n");
	CHECK_TEXT(r.events, "1 file.open @- audit.syscall=[openat] message=[openatopenat]\n");
	reading_end(&r);
}

struct whole {
	struct reading *r;
	size_t args, mounts;
};

static int take_whole(void *context, struct event *event)
{
	struct whole *whole = context;
	const struct registry *registry = event->registry;
	const struct event *complete = event_complete(event);
	const struct values *args = facet_get(complete->facets[0], unit_field(registry, "process.args"));
	const struct values *mounts = facet_get(complete->facets[0], unit_field(registry, "container.mounts"));
	CU_ASSERT_PTR_NULL(facet_get(event->facets[0], unit_field(registry, "process.args")));
	CU_ASSERT_PTR_NOT_NULL(facet_get(event->facets[0], unit_field(registry, "process.pid")));
	whole->args += args ? args->count : 0;
	whole->mounts += mounts ? mounts->count : 0;
	return 0;
}

#define WHOLE "name: x\nreads: json\npairs: {args: {name: n, value: v}}\nunpack: [doc]\nsplit: [rows]\ngroups:\n  - name: g\n" \
	"    events: [{event: process.exec}]\n    fields: {process.pid: '*.pid', process.args: args.argv, " \
	"container.mounts: {each: m, format: '{s}:/d:rw'}, container.labels: labels.*}\n"

/* What nobody asks for is left out, and is there when the whole event is shown: not twice. */
static void test_whole(void)
{
	struct reading r;
	struct whole whole = {.r = &r};
	reading_begin(&r, WHOLE);
	uint8_t *wanted = arena_array(&r.arena, r.catalog.registry.field_count, sizeof *wanted);
	wanted[unit_field(&r.catalog.registry, "process.pid")] = 1;
	r.options.wanted = wanted;
	struct input *input = input_of("x", TEXT("{\"e\":{\"pid\":1},\"args\":[{\"n\":\"argv\",\"v\":[\"a\",\"b\"]}],\"m\":[{\"s\":\"/a\"},{\"s\":\"/b\"}]}\n"
		"{\"e\":{\"pid\":1},\"rows\":[{\"k\":1},{\"k\":2}],\"args\":[{\"n\":\"argv\",\"v\":\"a\"}]}\n"));
	CU_ASSERT_EQUAL(reader_read(reader_find(TEXT("json")), input, &r.options, (struct event_sink){take_whole, &whole}, &r.ledger,
		&r.diagnostics), 0);
	input_close(input);
	CHECK_LONG(r.ledger.events, 3);
	CHECK_LONG(whole.args, 4);
	CHECK_LONG(whole.mounts, 2);
	reading_end(&r);
}

#define PARTS "name: x\nreads: json\ngroups:\n  - name: g\n    events:\n" \
	"      - {event: file.open, match: {how: read}, each: o}\n      - {event: file.modify, match: {how: write}, each: o}\n" \
	"      - {event: file.delete, match: {how!: never}, each: o}\n      - {event: file.other, each: o}\n      - {event: file.create}\n" \
	"    fields: {file.path: p}\n"

/* Each object goes to the first row that tells it from the others; rows that do not tell take all, or none. */
static void test_parts(void)
{
	struct reading r;
	reading_of(&r, "json", PARTS, "{\"o\":[{\"p\":\"/a\",\"how\":\"write\"},{\"p\":\"/b\",\"how\":\"read\"},{\"p\":\"/c\",\"how\":\"x\"},{\"p\":\"/d\"}]}\n"
		"{\"o\":[{\"p\":\"/e\"},{\"p\":\"/f\"}]}\n{\"p\":\"/g\"}\n");
	CHECK_TEXT(r.events, "1 file.open @- file.path=[/b]\n1 file.modify @- file.path=[/a]\n1 file.delete @- file.path=[/c]\n"
		"2 file.other @- file.path=[/e]\n2 file.other @- file.path=[/f]\n3 file.create @- file.path=[/g]\n");
	reading_end(&r);
}

void suite_dialect_read(void)
{
	CU_pSuite suite = unit_suite("dialect_read");
	UNIT_TEST(suite, test_rows);
	UNIT_TEST(suite, test_unfit);
	UNIT_TEST(suite, test_matches);
	UNIT_TEST(suite, test_times);
	UNIT_TEST(suite, test_pairs);
	UNIT_TEST(suite, test_unpack);
	UNIT_TEST(suite, test_split);
	UNIT_TEST(suite, test_made_names);
	UNIT_TEST(suite, test_parts);
	UNIT_TEST(suite, test_whole);
}
