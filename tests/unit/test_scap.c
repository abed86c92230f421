/* scap: captures made here block by block; what they say, the account of blocks, and what is wrong with them. */
#include "replay/readers/scap_bytes.h"
#include "replay/readers/scap_head.h"
#include "replay/readers/scap_names.h"
#include "replay/readers/scap_table.h"
#include "tests/unit/reading.h"

#include <stdlib.h>
#include <string.h>

static void put(struct buffer *into, size_t size, uint64_t number)
{
	for (size_t i = 0; i < size; i++)
		buffer_char(into, (char)(number >> 8 * i & 0xff));
}

static void put_text(struct buffer *into, const char *text)
{
	put(into, 2, strlen(text));
	buffer_string(into, text);
}

static void block(struct buffer *file, uint32_t type, struct buffer *body)
{
	while (body->length % 4)
		buffer_char(body, '\0');
	put(file, 4, type);
	put(file, 4, body->length + 12);
	buffer_text(file, buffer_view(body));
	put(file, 4, body->length + 12);
	buffer_free(body);
}

static void section(struct buffer *file)
{
	struct buffer body = {0};
	put(&body, 4, SCAP_MAGIC);
	put(&body, 2, 1);
	put(&body, 2, 2);
	put(&body, 8, UINT64_MAX);
	block(file, SCAP_BLOCK_SECTION, &body);
}

/* Parameters: letters for the sizes of numbers (8, 4, 2, 1), s for a text with its NUL, b for bytes that end in |, - none. */
struct parameter {
	char form;
	uint64_t number;
	const char *text;
};
#define N(size, number) {size, (uint64_t)(number), NULL}
#define S(text) {'s', 0, text}
#define B(text) {'b', sizeof(text) - 1, text}

static void event(struct buffer *file, uint32_t type_of_block, uint16_t type, int64_t tid, uint64_t time,
	const struct parameter *parameters, size_t count)
{
	struct buffer body = {0}, lengths = {0}, values = {0};
	bool old = type_of_block == SCAP_BLOCK_EVENT, flags = type_of_block == SCAP_BLOCK_EVENT_FLAGS_2;
	for (size_t i = 0; i < count; i++) {
		const struct parameter *p = &parameters[i];
		size_t before = values.length;
		if (p->form == 's')
			buffer_add(&values, p->text, strlen(p->text) + 1);
		else if (p->form == 'b')
			buffer_add(&values, p->text, p->number);
		else
			put(&values, (size_t)(p->form - '0'), p->number);
		put(&lengths, type == 402 || type == 324 ? 4 : 2, values.length - before);
	}
	put(&body, 2, 0);
	if (flags)
		put(&body, 4, SCAP_STATE_ONLY);
	put(&body, 8, time);
	put(&body, 8, (uint64_t)tid);
	put(&body, 4, (old ? 22 : 26) + lengths.length + values.length);
	put(&body, 2, type);
	if (!old)
		put(&body, 4, count);
	buffer_text(&body, buffer_view(&lengths));
	buffer_text(&body, buffer_view(&values));
	block(file, type_of_block, &body);
	buffer_free(&lengths);
	buffer_free(&values);
}
#define EVENT(file, type, tid, ...) \
	event((file), SCAP_BLOCK_EVENT_2, (type), (tid), UINT64_C(1700000000000000000), (const struct parameter[]){__VA_ARGS__}, \
		sizeof((const struct parameter[]){__VA_ARGS__}) / sizeof(struct parameter))

/* A child of 1 that is a shell: the clone as the child returns from it, and its execve. */
static void shell(struct buffer *file, int64_t pid)
{
	EVENT(file, 223, pid, N('8', 0), S("init"), B(""), N('8', pid), N('8', pid), N('8', 1), S(""), N('8', 1024), N('8', 0),
		N('8', 0), N('4', 0), N('4', 0), N('4', 0), S("init"), B("cpuset=/\0"), N('4', 0), N('4', 1000), N('4', 100),
		N('8', pid), N('8', pid));
	EVENT(file, 292, pid, S("/bin/../usr/bin/bash"));
	EVENT(file, 293, pid, N('8', 0), S("-bash"), B("-c\0ls -l\0"), N('8', pid), N('8', pid), N('8', 1), S(""), N('8', 1024),
		N('8', 0), N('8', 0), N('4', 0), N('4', 0), N('4', 0), S("bash"), B("cpuset=/\0"), B(""), N('4', 34816), N('8', 0),
		N('4', 1000), N('4', 0));
}

static void check(struct reading *r, struct buffer *file)
{
	reading_begin(r, "falco");
	reading_run(r, "scap", buffer_view(file));
	buffer_free(file);
}

static void test_exec(void)
{
	struct buffer file = {0};
	struct reading r;
	section(&file);
	shell(&file, 77);
	check(&r, &file);
	CU_ASSERT(reading_counts(&r, 2, 2, 1, 1, 0)); /* clone, execve; its beginning; the section */
	CHECK_CONTAINS(r.events, "1 process.fork @2023-11-14T22:13:20Z");
	CHECK_CONTAINS(r.events, "3 process.exec");
	CHECK_CONTAINS(r.events, "process.args=[-bash][-c][ls -l]");
	CHECK_CONTAINS(r.events, "process.executable=[/usr/bin/bash]");
	CHECK_CONTAINS(r.events, "process.command_line=[-bash -c ls -l]");
	CHECK_CONTAINS(r.events, "process.parent.pid=[1]");
	CHECK_CONTAINS(r.events, "user.id=[1000]");
	CHECK_CONTAINS(r.events, "user.audit.id=[1000]");
	CHECK_CONTAINS(r.events, "event.outcome=[success]");
	reading_end(&r);
}

/* What a thread does is said of its process: its descriptors, its directory. */
static void test_files(void)
{
	struct buffer file = {0};
	struct reading r;
	section(&file);
	shell(&file, 77);
	EVENT(&file, 94, 77, N('8', 0));
	EVENT(&file, 95, 77, N('8', 0), S("/etc"));
	EVENT(&file, 306, 77, N('8', -100), S("ssh/../passwd"), N('4', 1), N('4', 0));
	EVENT(&file, 307, 77, N('8', 5), N('8', -100), S("ssh/../passwd"), N('4', 1), N('4', 0), N('4', 0));
	EVENT(&file, 307, 77, N('8', -2), N('8', 5), S("x"), N('4', 2), N('4', 0), N('4', 0)); /* by a descriptor, in vain */
	EVENT(&file, 303, 77, N('8', 0), N('8', -100), S("shadow"), N('4', 0));
	EVENT(&file, 309, 77, N('8', 0), S("passwd"), S("/tmp/link"));
	EVENT(&file, 315, 77, N('8', 0), S("/bin/sh"), N('4', 04755));
	check(&r, &file);
	CHECK_CONTAINS(r.events, "7 file.open @2023-11-14T22:13:20Z audit.exit=[5] event.outcome=[success] file.directory=[/etc] file.name=[passwd] file.path=[/etc/passwd]");
	CHECK_CONTAINS(r.events, "8 file.modify @2023-11-14T22:13:20Z audit.exit=[-2] event.outcome=[failure] file.directory=[/etc/passwd] file.name=[x]");
	CHECK_CONTAINS(r.events, "9 file.delete @2023-11-14T22:13:20Z audit.exit=[0] event.outcome=[success] file.directory=[/etc] file.name=[shadow]");
	CHECK_CONTAINS(r.events, "file.path=[/tmp/link] file.target_name=[passwd] file.target_path=[/etc/passwd]");
	CHECK_CONTAINS(r.events, "11 file.chmod");
	CHECK_CONTAINS(r.events, "process.working_directory=[/etc]");
	CU_ASSERT(reading_counts(&r, 7, 7, 3, 2, 0));
	reading_end(&r);
}

static void test_sockets(void)
{
	struct buffer file = {0};
	struct reading r;
	section(&file);
	shell(&file, 77);
	EVENT(&file, 18, 77, N('4', 2), N('4', 1), N('4', 0));
	EVENT(&file, 19, 77, N('8', 3));
	EVENT(&file, 22, 77, N('8', 3), B("\2\x7f\0\0\1\x47\x09"));
	EVENT(&file, 23, 77, N('8', 0), B("\2\x7f\0\0\1\x39\x30\x7f\0\0\1\x47\x09"));
	EVENT(&file, 125, 77, N('8', 9)); /* dup, with no beginning: of what is not known */
	EVENT(&file, 363, 77, N('8', 0), N('8', 3), N('8', 0)); /* dup2 to standard input */
	EVENT(&file, 22, 77, N('8', 0), B("\1/run/docker.sock\0"));
	EVENT(&file, 23, 77, N('8', -111), B("\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0/run/docker.sock\0"));
	EVENT(&file, 20, 77, N('8', 3));
	EVENT(&file, 21, 77, N('8', 0), B("\x0a\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x47\x09"));
	check(&r, &file);
	CHECK_CONTAINS(r.events, "destination.address=[127.0.0.1] destination.ip=[127.0.0.1] destination.port=[2375]");
	CHECK_CONTAINS(r.events, "source.ip=[127.0.0.1] source.port=[12345]");
	CHECK_CONTAINS(r.events, "network.transport=[tcp]");
	CHECK_CONTAINS(r.events, "11 network.connect @2023-11-14T22:13:20Z destination.address=[/run/docker.sock]");
	CHECK_CONTAINS(r.events, "13 network.bind @2023-11-14T22:13:20Z destination.address=[::1]");
	reading_end(&r);
}

/* Children have the descriptors of their parents; threads those of their process; an end takes them away. */
static void test_family(void)
{
	struct buffer file = {0};
	struct reading r;
	section(&file);
	shell(&file, 77);
	EVENT(&file, 307, 77, N('8', 4), N('8', -100), S("/etc/cron.d"), N('4', 1), N('4', 0), N('4', 0));
	EVENT(&file, 223, 77, N('8', 78), S("-bash"), B("-c\0ls -l\0"), N('8', 77), N('8', 77), N('8', 1), S(""), N('8', 1024),
		N('8', 0), N('8', 0), N('4', 0), N('4', 0), N('4', 0), S("bash"), B("cpuset=/\0"), N('4', 0), N('4', 1000),
		N('4', 100), N('8', 77), N('8', 77));
	EVENT(&file, 303, 78, N('8', 0), N('8', 4), S("job"), N('4', 0));
	EVENT(&file, 223, 79, N('8', 0), S("-bash"), B(""), N('8', 79), N('8', 78), N('8', 77), S(""), N('8', 1024), N('8', 0),
		N('8', 0), N('4', 0), N('4', 0), N('4', 0), S("worker"), B("cpuset=/\0"), N('4', SCAP_CLONE_THREAD), N('4', 1000),
		N('4', 100), N('8', 79), N('8', 78));
	EVENT(&file, 303, 79, N('8', 0), N('8', 4), S("of-thread"), N('4', 0));
	EVENT(&file, 186, 78, N('8', 256), N('8', 1), N('1', 0), N('1', 0)); /* the first thread ends before the other */
	EVENT(&file, 303, 79, N('8', 0), N('8', 4), S("later"), N('4', 0));
	EVENT(&file, 186, 79, N('8', 0), N('8', 0), N('1', 0), N('1', 0));
	EVENT(&file, 303, 79, N('8', 0), N('8', 4), S("nobody"), N('4', 0));
	check(&r, &file);
	CHECK_CONTAINS(r.events, "file.path=[/etc/cron.d/job]");
	CHECK_CONTAINS(r.events, "file.path=[/etc/cron.d/of-thread]");
	CHECK_CONTAINS(r.events, "file.path=[/etc/cron.d/later]");
	CHECK_CONTAINS(r.events, "9 process.exit");
	CU_ASSERT(!text_contains(r.events, TEXT("nobody"), false)); /* seen from a descriptor that nobody knows */
	CHECK_CONTAINS(r.events, "process.parent.executable=[/usr/bin/bash]");
	reading_end(&r);
}

#define LONG_ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void test_containers(void)
{
	static const char json[] = "{\"container\":{\"id\":\"0123456789ab\",\"type\":0,\"name\":\"web\",\"imagerepo\":\"nginx\","
		"\"imagetag\":\"1.25\",\"privileged\":true,\"Mounts\":[{\"Source\":\"/etc\",\"Destination\":\"/e\",\"Mode\":\"\",\"RW\":false}],"
		"\"labels\":{\"io.kubernetes.pod.name\":\"p\",\"io.kubernetes.pod.namespace\":\"n\"}}}";
	static const struct {
		uint16_t type;
		bool async;
	} forms[] = {{272, false}, {324, false}, {402, true}};
	for (size_t i = 0; i < 3; i++) {
		struct buffer file = {0};
		struct reading r;
		section(&file);
		if (forms[i].async)
			EVENT(&file, 402, 1, N('4', 0), S("container"), S(json));
		else
			EVENT(&file, forms[i].type, 1, S(json));
		EVENT(&file, 223, 5, N('8', 0), S("nginx"), B(""), N('8', 5), N('8', 5), N('8', 1), S(""), N('8', 1024), N('8', 0),
			N('8', 0), N('4', 0), N('4', 0), N('4', 0), S("nginx"), B("cpuset=/docker/" LONG_ID "\0"), N('4', 0), N('4', 0),
			N('4', 0), N('8', 1), N('8', 1));
		EVENT(&file, 293, 5, N('8', 0), S("nginx"), B("-g\0"), N('8', 5), N('8', 5), N('8', 1), S(""));
		check(&r, &file);
		CHECK_CONTAINS(r.events, "3 container.run");
		CHECK_CONTAINS(r.events, "container.id=[0123456789ab]");
		CHECK_CONTAINS(r.events, "container.image.name=[nginx] container.image.tag=[1.25]");
		CHECK_CONTAINS(r.events, "container.mounts=[/etc:/e:ro]");
		CHECK_CONTAINS(r.events, "container.security_context.privileged=[true]");
		CHECK_CONTAINS(r.events, "orchestrator.resource.name=[p]");
		reading_end(&r);
	}
}

static void test_container_ids(void)
{
	CHECK_TEXT(scap_container_of(TEXT("cpu=/docker/" LONG_ID)), "0123456789ab");
	CHECK_TEXT(scap_container_of(TEXT("a=/system.slice/docker-" LONG_ID ".scope")), "0123456789ab");
	CHECK_TEXT(scap_container_of(TEXT("a=/kubepods/besteffort/pod1/cri-containerd-" LONG_ID ".scope")), "0123456789ab");
	CHECK_TEXT(scap_container_of(TEXT("a=/x/" LONG_ID "0")), "");
	CHECK_TEXT(scap_container_of(TEXT("a=/user.slice/" "\0" "b=/")), "");
	CHECK_TEXT(scap_container_of(TEXT("")), "");
}

/* Tables before the events: nine versions of processes, two of descriptors. */
static void processes(struct buffer *file, unsigned version)
{
	static const uint32_t blocks[] = {0x202, 0x207, 0x209, 0x210, 0x211, 0x212, 0x213, 0x214, 0x215};
	struct buffer entry = {0}, body = {0};
	put(&entry, 8, 10);
	put(&entry, 8, 10);
	put(&entry, 8, 1);
	if (version >= 6)
		put(&entry, 8, 10);
	if (version >= 8)
		put(&entry, 8, 10);
	put_text(&entry, "cat");
	put_text(&entry, "/bin/cat");
	if (version >= 7)
		put_text(&entry, "/usr/bin/cat");
	put_text(&entry, "file");
	put_text(&entry, "/srv");
	put(&entry, 8, 1024);
	put(&entry, 4, 0);
	put(&entry, 4, 33);
	put(&entry, 4, 33);
	if (version >= 2)
		for (size_t i = 0; i < 28; i++)
			put(&entry, 1, 0);
	if (version >= 3)
		put_text(&entry, "A=1");
	if (version >= 4) {
		put(&entry, 8, 10);
		put(&entry, 8, 10);
		put_text(&entry, "cpuset=/docker/" LONG_ID);
	}
	if (version >= 5)
		put_text(&entry, "/");
	if (version == 9) {
		put(&entry, 8, 0);
		put(&entry, 4, 0);
		put(&entry, 4, 500);
		put(&entry, 1, 0);
		put(&entry, 8, 0);
		put(&entry, 8, 1);
		put(&entry, 8, 1);
		put(&entry, 8, 0); /* what a later version has behind */
		put(&body, 4, entry.length + 4);
	}
	buffer_text(&body, buffer_view(&entry));
	block(file, blocks[version - 1], &body);
	buffer_free(&entry);
}

static void descriptors(struct buffer *file, bool lengths)
{
	struct buffer body = {0};
	put(&body, 8, 10);
	if (lengths)
		put(&body, 4, 4 + 8 + 8 + 1 + 4 + 2 + 6 + 4);
	put(&body, 8, 3);
	put(&body, 8, 0);
	put(&body, 1, SCAP_FD_FILE_2);
	put(&body, 4, 1);
	put_text(&body, "/srv/d");
	if (lengths)
		put(&body, 4, 0); /* its device */
	block(file, lengths ? SCAP_BLOCK_DESCRIPTORS_2 : SCAP_BLOCK_DESCRIPTORS, &body);
}

static void test_tables(void)
{
	for (unsigned version = 1; version <= 9; version++) {
		struct buffer file = {0};
		struct reading r;
		section(&file);
		processes(&file, version);
		descriptors(&file, version == 9);
		EVENT(&file, 303, 10, N('8', 0), N('8', 3), S("x"), N('4', 0));
		check(&r, &file);
		CU_ASSERT(reading_counts(&r, 1, 1, 0, 3, 0));
		CHECK_CONTAINS(r.events, "file.path=[/srv/d/x]");
		CHECK_CONTAINS(r.events, "process.args=[/bin/cat][file]");
		CHECK_CONTAINS(r.events, "process.working_directory=[/srv]");
		CHECK_CONTAINS(r.events, "user.id=[33]");
		CU_ASSERT(text_contains(r.events, TEXT("process.executable=[/usr/bin/cat]"), false) == (version >= 7));
		CU_ASSERT(text_contains(r.events, TEXT("container.id=[0123456789ab]"), false) == (version >= 4));
		CU_ASSERT(text_contains(r.events, TEXT("capabilities.permitted=[CAP_CHOWN]"), false) == (version == 9));
		CU_ASSERT(text_contains(r.events, TEXT("user.audit.id=[500]"), false) == (version == 9));
		reading_end(&r);
	}
}

/* Events of the first format do not say how many parameters they have. */
static void test_old_events(void)
{
	struct buffer file = {0};
	struct reading r;
	const struct parameter begins[] = {S("/etc/hosts"), N('4', 1), N('4', 0)};
	const struct parameter ends[] = {N('8', 3), S("/etc/hosts"), N('4', 1), N('4', 0)};
	section(&file);
	event(&file, SCAP_BLOCK_EVENT, 2, 5, 1, begins, 3);
	event(&file, SCAP_BLOCK_EVENT, 3, 5, 2, ends, 4);
	event(&file, SCAP_BLOCK_EVENT, 3, 5, 3, ends, 3); /* cut by its recorder: fewer parameters */
	check(&r, &file);
	CU_ASSERT(reading_counts(&r, 2, 2, 1, 1, 0));
	CHECK_CONTAINS(r.events, "2 file.open @1970-01-01T00:00:00.000000002Z");
	CHECK_CONTAINS(r.events, "file.path=[/etc/hosts]");
	reading_end(&r);
}

static void test_hidden(void)
{
	struct buffer file = {0};
	struct reading r;
	const struct parameter opened[] = {N('8', 3), N('8', -100), S("/etc"), N('4', 1), N('4', 0), N('4', 0)};
	section(&file);
	event(&file, SCAP_BLOCK_EVENT_FLAGS_2, 307, 5, 1, opened, 6);
	EVENT(&file, 303, 5, N('8', 0), N('8', 3), S("x"), N('4', 0));
	check(&r, &file);
	CU_ASSERT(reading_counts(&r, 1, 1, 1, 1, 0));
	CHECK_CONTAINS(r.events, "2 file.delete");
	CHECK_CONTAINS(r.events, "file.path=[/etc/x]");
	reading_end(&r);
}

/* What is wrong: a change of a capture with one event, and the reason that is given. */
static void test_wrong(void)
{
	static const struct {
		const char *name;
		size_t at, size; /* the last bytes are cut away where size is 0 */
		uint32_t number;
		uint64_t events, blank, rejected;
		const char *reason;
	} cases[] = {
		{"cut in an event", 100, 0, 0, 0, 1, 1, "it is cut"},
		{"cut in a head", 32, 0, 0, 0, 1, 1, "it is cut"},
		{"a block too short", 32, 4, 8, 0, 1, 1, "its length is none"},
		{"a block too long", 32, 4, 0x7fffffff, 0, 1, 1, "its length is none"},
		{"lengths that differ", 24, 4, 12, 1, 0, 1, "its two lengths differ"},
		{"another byte order", 8, 4, 0x4d3c2b1a, 1, 0, 1, "byte order"},
		{"a later format", 12, 2, 2, 1, 0, 1, "later major version"},
		{"a block that nobody knows", 28, 4, 0x999, 0, 1, 1, "of type 0x999"},
		{"an event that nobody knows", 58, 2, 1000, 0, 1, 1, "of type 1000"},
		{"an event too long", 54, 4, 1000, 0, 1, 1, "does not fit its block"},
		{"an event too short", 54, 4, 3, 0, 1, 1, "does not fit its block"},
		{"more parameters than fit", 60, 4, 60000, 0, 1, 1, "parameters do not fit"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buffer file = {0};
		struct reading r;
		section(&file);
		EVENT(&file, 303, 5, N('8', 0), N('8', -100), S("/etc/a/longer/name/of/a/file"), N('4', 0));
		if (!cases[i].size)
			file.length = cases[i].at;
		for (size_t k = 0; k < cases[i].size; k++)
			file.data[cases[i].at + k] = (char)(cases[i].number >> 8 * k & 0xff);
		check(&r, &file);
		bool fine = reading_counts(&r, cases[i].events, cases[i].events, 0, cases[i].blank, cases[i].rejected);
		CU_ASSERT(fine);
		if (!fine)
			fprintf(stderr, "%s: %llu events, %llu blank, %llu rejected\n", cases[i].name,
				(unsigned long long)r.ledger.events, (unsigned long long)r.ledger.blank, (unsigned long long)r.ledger.rejected);
		CHECK_CONTAINS(text_of(r.ledger.first_count ? r.ledger.first[0].reason : ""), cases[i].reason);
		reading_end(&r);
	}
}

static void test_paths(void)
{
	static const char *const cases[][3] = {
		{"/etc/", "passwd", "/etc/passwd"}, {"/etc/", "../tmp/x", "/tmp/x"}, {"/etc/", "./a/./b//c/", "/etc/a/b/c"},
		{"/etc/", "/x/../y", "/y"}, {"/etc/", "..", "/"}, {"/", "../..", "/"}, {"/etc/", ".hidden", "/etc/.hidden"},
		{"/etc/", "..x", "/etc/..x"}, {"", "a/../b", "b"}, {"/etc/", ".", "/etc"}, {"/etc/", "", ""},
	};
	struct arena arena = {0};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK_TEXT(scap_path_join(&arena, text_of(cases[i][0]), text_of(cases[i][1])), cases[i][2]);
	arena_free(&arena);
}

static void test_words(void)
{
	struct arena arena = {0};
	const struct scap_kind *kinds = scap_kinds_make(&arena);
	const struct scap_kind *open = &kinds[307];
	int at = scap_parameter(open, "flags");
	CU_ASSERT_FATAL(at == 3);
	CHECK_TEXT(scap_flags_text(&arena, open->parameters[at].names, 0x1006, false), "O_CREAT|O_WRONLY|O_CLOEXEC");
	CHECK_TEXT(scap_flags_text(&arena, open->parameters[at].names, 3, false), "O_RDWR");
	CHECK_TEXT(scap_flags_text(&arena, open->parameters[at].names, 0, false), "O_NONE");
	CHECK_LONG(scap_flags_value("open", TEXT("O_CREAT|O_WRONLY|NOPE"), '|'), 6);
	CHECK_TEXT(text_of(scap_errno_name(13)), "EACCES");
	CHECK_LONG(scap_signal_number(TEXT("SIGKILL")), 9);
	CHECK_TEXT(scap_address_text(&arena, TEXT("\2\x7f\0\0\1\x47\x09")), "127.0.0.1:2375");
	CHECK_TEXT(scap_address_text(&arena, TEXT("\2\x7f\0")), "");
	CHECK_TEXT(scap_address_text(&arena, TEXT("\x10zz")), "");
	CHECK_TEXT(scap_tuple_text(&arena, TEXT("\1\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0/x\0")), "1->2 /x");
	CU_ASSERT(kinds[6].name == NULL && kinds[6].act == SCAP_QUIET);
	arena_free(&arena);
}

static void test_fits(void)
{
	struct buffer file = {0};
	section(&file);
	CHECK_LONG(reader_find(TEXT("scap"))->fits(buffer_view(&file)), 60);
	EVENT(&file, 303, 5, N('8', 0));
	CHECK_LONG(reader_find(TEXT("scap"))->fits(buffer_view(&file)), 100);
	file.data[28] = 1; /* an interface of pcapng */
	file.data[29] = 0;
	CHECK_LONG(reader_find(TEXT("scap"))->fits(buffer_view(&file)), 0);
	CHECK_LONG(reader_find(TEXT("scap"))->fits(TEXT("{\"a\": 1}")), 0);
	buffer_free(&file);
}

void suite_scap(void);
void suite_scap(void)
{
	CU_pSuite suite = unit_suite("scap");
	UNIT_TEST(suite, test_exec);
	UNIT_TEST(suite, test_files);
	UNIT_TEST(suite, test_sockets);
	UNIT_TEST(suite, test_family);
	UNIT_TEST(suite, test_containers);
	UNIT_TEST(suite, test_container_ids);
	UNIT_TEST(suite, test_tables);
	UNIT_TEST(suite, test_old_events);
	UNIT_TEST(suite, test_hidden);
	UNIT_TEST(suite, test_wrong);
	UNIT_TEST(suite, test_paths);
	UNIT_TEST(suite, test_words);
	UNIT_TEST(suite, test_fits);
}
