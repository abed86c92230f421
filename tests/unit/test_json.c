/* json: objects in lines, over lines and in arrays; names, values, and the account of lines. */
#include "tests/unit/reading.h"

#include <stdlib.h>
#include <string.h>

#define E(name) "{\"event.category\":\"process\",\"event.action\":\"exec\",\"process.name\":\"" name "\"}"

static const struct reading_case cases[] = {
	{"nothing", "", 0, 0, 0, 0, 0, NULL, NULL},
	{"lines", E("a") "\n\n" E("b") "\n", 2, 2, 0, 1, 0, "3 process.exec @- process.name=[b]", NULL},
	{"no newline at the end", E("a") "\n" E("b"), 2, 2, 0, 0, 0, NULL, NULL},
	{"two in a line", E("a") " " E("b") "\n", 2, 1, 0, 0, 0, "1 process.exec @- process.name=[b]", NULL},
	{"over lines", "{\n\"event.category\": \"process\",\n\n\"event.action\": \"exec\"\n}\n", 1, 1, 4, 0, 0, "1 process.exec", NULL},
	{"array", "[\n" E("a") ",\n" E("b") "\n]\n", 2, 2, 2, 0, 0, "3 process.exec", NULL},
	{"array in a line", "[" E("a") "," E("b") "]\n", 2, 1, 0, 0, 0, NULL, NULL},
	{"ends and begins in a line", "{\"event.category\":\n\"log\"} " E("b") "\n", 2, 2, 0, 0, 0, NULL, NULL},
	{"one begins where another ended", E("a") " {\n\"event.category\": \"log\"\n}\n", 2, 1, 2, 0, 0, "1 log.other", NULL},
	{"garbage", "garbage\n" E("a") "\n", 1, 1, 0, 0, 1, NULL, "no JSON object begins here"},
	{"cut", E("a") "\n{\"event.cat\n" E("b") "\n", 2, 2, 0, 0, 1, "3 process.exec", "does not end"},
	{"cut at the end", E("a") "\n{\"event\":\n{\n", 1, 1, 0, 0, 2, NULL, "does not end"},
	{"wrong inside", "{\n\"a\": nope\n}\n" E("b") "\n", 1, 1, 0, 0, 3, "4 process.exec", "no JSON"},
	{"scalars", "[1, 2]\n\"text\"\n12\n", 0, 0, 0, 0, 3, NULL, "no JSON object begins here"},
	{"trailing words", E("a") " and more\n", 1, 0, 0, 0, 1, NULL, "no JSON object begins here"},
	{"braces in strings", "{\"event.category\":\"log\",\"message\":\"}{\\\"}\"}\n", 1, 1, 0, 0, 0, "message=[}{\"}]", NULL},
	{"braces in strings over lines", "{\"event.category\":\"log\",\n\"message\":\"}{\\\"\\\\\"}\n", 1, 1, 1, 0, 0, "message=[}{\"\\]", NULL},
	{"bad UTF-8", "{\"event.category\":\"\xff\"}\n", 0, 0, 0, 0, 1, NULL, "no JSON"},
	{"unmapped", "{\"x\": 1}\n", 1, 1, 0, 0, 0, "", NULL},
	{"byte order mark", "\xef\xbb\xbf" E("a") "\n", 1, 1, 0, 0, 0, NULL, NULL},
};

static void test_lines(void)
{
	reading_check("json", cases, sizeof cases / sizeof *cases);
}

/* Objects in arrays count under two names each; what arrays in arrays cost does not double. */
static void test_nested_arrays(void)
{
	struct buffer content = {0};
	struct reading r;
	buffer_string(&content, E("a") "\n");
	for (int i = 0; i < 30; i++)
		buffer_string(&content, "{\"process\":[");
	for (int i = 0; i < 30; i++)
		buffer_string(&content, "]}");
	buffer_string(&content, "\n{\"event.category\": \"log\", \"process\": {\"args\": [{\"a\": [{\"a\": [{\"a\": [{\"a\": 1}]}]}]}]}}\n");
	reading_begin(&r, "ecs");
	reading_run(&r, "json", buffer_view(&content));
	CU_ASSERT(reading_counts(&r, 3, 3, 0, 0, 0));
	CHECK_LONG(r.ledger.unmapped, 1);
	reading_end(&r);
	buffer_free(&content);
}

static void test_values(void)
{
	struct reading r;
	reading_of(&r, "json", "ecs",
		"{\"@timestamp\": \"2024-01-02T03:04:05.5Z\", \"event\": {\"category\": [\"process\"], \"action\": \"exec\", \"outcome\": null},"
		" \"process\": {\"pid\": 12, \"args\": [\"a\", 1, true, null, 2.5, 1e3], \"name\": \"\\u0061\", \"parent\": [{\"pid\": 7}]},"
		" \"container\": {\"security_context\": {\"privileged\": true}, \"capabilities\": {\"added\": []}}}\n");
	CHECK_CONTAINS(r.events, "@2024-01-02T03:04:05.500Z");
	CHECK_CONTAINS(r.events, "process.pid=[12]");
	CHECK_CONTAINS(r.events, "process.args=[a][1][true][2.5][1000]");
	CHECK_CONTAINS(r.events, "process.name=[a]");
	CHECK_CONTAINS(r.events, "process.parent.pid=[7]");
	CHECK_CONTAINS(r.events, "privileged=[true]");
	CU_ASSERT_FALSE(text_contains(r.events, TEXT("event.outcome"), false));
	CHECK_LONG(r.ledger.unfilled, 0);
	reading_end(&r);
	reading_of(&r, "json", "name: d\nreads: json\ngroups:\n  - name: g\n    other: log\n"
		"    fields: {message: a.1.b, process.args: a.b, process.name: big, process.pid: text}\n",
		"{\"a\": [{\"b\": 1}, {\"b\": \"two\"}], \"big\": 123456789012345678901234567890, \"text\": \"x\"}\n");
	CHECK_CONTAINS(r.events, "message=[two]");
	CHECK_CONTAINS(r.events, "process.args=[1][two]");
	CHECK_CONTAINS(r.events, "process.name=[123456789012345678901234567890]");
	CHECK_LONG(r.ledger.unfilled, 1);
	reading_end(&r);
}

/* `each`: an event for every object of an array, whose names begin at the object. */
static void test_each(void)
{
	struct reading r;
	reading_of(&r, "json", "name: d\nreads: json\nroot: o\ngroups:\n  - name: g\n    other: log\n    events:\n"
		"      - {event: container.create, each: spec.containers, match: {image: '*'}}\n"
		"      - {event: process.exec, each: spec.containers.commands}\n"
		"    fields: {container.image.name: image, container.name: name, message: m, process.name: exe.name,\n"
		"      container.mounts: spec.containers.image}\n",
		"{\"m\": \"x\", \"name\": \"pod\", \"o\": {\"spec\": {\"containers\": [{\"name\": \"one\", \"image\": \"a\"}, {\"name\": \"none\"},"
		" {\"image\": \"b\", \"commands\": [{\"exe\": {\"name\": \"sh\"}}, {\"exe\": {\"name\": \"id\"}}]}, 7]}}}\n"
		"{\"spec\": {\"containers\": {\"image\": \"a\"}}}\n");
	CHECK_CONTAINS(r.events, "1 container.create @- container.image.name=[a] container.mounts=[a][b] container.name=[one]");
	CHECK_CONTAINS(r.events, "1 container.create @- container.image.name=[b] container.mounts=[a][b] container.name=[pod]");
	CHECK_CONTAINS(r.events, "message=[x] process.name=[sh]");
	CHECK_CONTAINS(r.events, "message=[x] process.name=[id]");
	CHECK_CONTAINS(r.events, "2 log.other");
	CU_ASSERT_FALSE(text_contains(r.events, TEXT("container.name=[none]"), false));
	CHECK_LONG(r.ledger.events, 2);
	reading_end(&r);
}

static void test_categories(void)
{
	struct reading r;
	reading_of(&r, "json", "ecs", "{\"event\":{\"category\":[\"process\",\"container\"],\"action\":\"exec\"}}\n"
		"{\"event\":{\"category\":\"file\",\"type\":\"creation\",\"action\":\"made\"}}\n{\"event\":{\"category\":\"file\",\"action\":\"seen\"}}\n");
	CHECK_CONTAINS(r.events, "1 process.exec");
	CHECK_CONTAINS(r.events, "1 container.exec");
	CHECK_CONTAINS(r.events, "2 file.create");
	CHECK_CONTAINS(r.events, "3 file.other");
	reading_end(&r);
}

static void test_falco(void)
{
	struct reading r;
	reading_of(&r, "json", "falco",
		"{\"hostname\":\"web1\",\"output\":\"o\",\"output_fields\":{\"evt.type\":\"execve\",\"proc.cmdline\":\"sh -c id\",\"proc.vpid\":1,"
		"\"container.id\":\"0123456789ab\",\"container.privileged\":true,\"container.mounts\":\"/etc:/x:ro:false:rprivate\",\"user.name\":\"<NA>\"},"
		"\"rule\":\"R\",\"time\":\"2023-11-14T22:13:20.005000000Z\"}\n"
		"{\"output\":\"y\",\"output_fields\":{\"evt.type\":\"execve\",\"proc.name\":\"host\",\"proc.vpid\":1,\"container.id\":\"host\"},\"rule\":\"Q\"}\n"
		"{\"output\":\"z\",\"output_fields\":{},\"rule\":\"P\",\"time\":\"2023-11-14T22:13:21Z\"}\n");
	CHECK_CONTAINS(r.events, "1 container.run @2023-11-14T22:13:20.005Z");
	CHECK_CONTAINS(r.events, "container.mounts=[/etc:/x:ro]");
	CHECK_CONTAINS(r.events, "process.in_container=[true]");
	CHECK_CONTAINS(r.events, "2 process.exec @- message=[y] process.in_container=[false] process.name=[host]");
	CU_ASSERT_FALSE(text_contains(r.events, TEXT("2 container.run"), false));
	CU_ASSERT_FALSE(text_contains(r.events, TEXT("<NA>"), false));
	CHECK_CONTAINS(r.events, "3 log.other @2023-11-14T22:13:21Z message=[z]");
	reading_end(&r);
}

static void test_labels_and_stops(void)
{
	struct reading r;
	reading_begin(&r, "ecs");
	r.options.label_name = TEXT("meta.label");
	reading_run(&r, "json", TEXT("{\"event.category\":\"log\",\"meta\":{\"label\":\"benign\"}}\n"));
	CHECK_CONTAINS(r.events, "label=benign");
	reading_end(&r);
	reading_begin(&r, "ecs");
	r.stop_after = 1;
	reading_run(&r, "json", TEXT(E("a") "\n" E("b") "\n"));
	CHECK_LONG(r.status, 7);
	CHECK_LONG(r.taken, 1);
	reading_end(&r);
}

static void test_depth(void)
{
	struct reading r;
	struct buffer deep = {0};
	buffer_string(&deep, "{\"a\":");
	for (int i = 0; i < 200; i++)
		buffer_string(&deep, "[");
	for (int i = 0; i < 200; i++)
		buffer_string(&deep, "]");
	buffer_string(&deep, "}\n" E("b") "\n");
	reading_begin(&r, "ecs");
	reading_run(&r, "json", buffer_view(&deep));
	CU_ASSERT(reading_counts(&r, 1, 1, 0, 0, 1));
	CHECK_CONTAINS(text_of(r.ledger.first[0].reason), "nested deeper");
	reading_end(&r);
	buffer_free(&deep);
}

/* A value that never ends is given up at its bound, and reading goes on. */
static void test_endless(void)
{
	struct reading r;
	struct buffer text = {0};
	buffer_string(&text, "{\n");
	for (int i = 0; i < 100000; i++)
		buffer_string(&text, "  \"key\": \"a value that goes on and on and on and on and on and on and on and on and on\",\n");
	buffer_string(&text, E("b") "\n");
	reading_begin(&r, "ecs");
	reading_run(&r, "json", buffer_view(&text));
	CHECK_LONG(r.ledger.events, 1);
	CHECK_LONG(r.ledger.rejected, 100001);
	CHECK_CONTAINS(text_of(r.ledger.first[0].reason), "larger than 8 MiB");
	reading_end(&r);
	buffer_free(&text);
}

void suite_json(void);
void suite_json(void)
{
	CU_pSuite suite = unit_suite("json");
	UNIT_TEST(suite, test_lines);
	UNIT_TEST(suite, test_nested_arrays);
	UNIT_TEST(suite, test_values);
	UNIT_TEST(suite, test_each);
	UNIT_TEST(suite, test_categories);
	UNIT_TEST(suite, test_falco);
	UNIT_TEST(suite, test_labels_and_stops);
	UNIT_TEST(suite, test_depth);
	UNIT_TEST(suite, test_endless);
}
