/* pipeline: whatever the jobs and wherever sources are cut, it is one pass: events, lines, accounts, diagnostics, and what
 * the events of a whole dataset say of each other. */
#include "replay/measure/json_write.h"
#include "replay/pipeline/pipeline.h"
#include "tests/unit/reading.h"

#include <string.h>
#include <zlib.h>

/* One run over a dataset, written down. */
struct pass {
	struct buffer out;
	struct deriver *deriver;
	uint64_t events, stop_after; /* 0: never */
	uint64_t position;
};

struct set {
	struct reading r;
	const char *folder;
	struct source source;
	struct dataset dataset;
	struct engine *engine;
	struct buffer expected;
};

static int write_down(void *context, struct event *event, const struct answer *answer)
{
	struct pass *pass = context;
	struct json_write json;
	buffer_printf(&pass->out, "%s:%llu ", event->file, (unsigned long long)event->line);
	jsonw_begin(&json, &pass->out);
	jsonw_event(&json, event_complete(event));
	buffer_printf(&pass->out, " %zu\n", answer ? answer->count : 0);
	return ++pass->events == pass->stop_after ? 7 : 0;
}

static int take_one_pass(void *context, struct event *event)
{
	struct pass *pass = context;
	derive_event(pass->deriver, event);
	return write_down(context, event, NULL);
}

static int moved(void *context, uint64_t bytes)
{
	struct pass *pass = context;
	CU_ASSERT(bytes >= pass->position);
	pass->position = bytes;
	return 0;
}

static void write_account(struct buffer *out, const struct ledger *ledger)
{
	buffer_printf(out, "%s %llu = %llu + %llu + %llu + %llu; %llu %llu %llu\n", ledger->file ? ledger->file : "all",
		(unsigned long long)ledger->lines, (unsigned long long)ledger->event_lines, (unsigned long long)ledger->continued,
		(unsigned long long)ledger->blank, (unsigned long long)ledger->rejected, (unsigned long long)ledger->events,
		(unsigned long long)ledger->unmapped, (unsigned long long)ledger->unfilled);
	for (size_t i = 0; i < ledger->first_count; i++)
		buffer_printf(out, "  %s:%llu %s\n", ledger->first[i].file, (unsigned long long)ledger->first[i].line,
			ledger->first[i].reason);
	for (size_t i = 0; i < ledger->kind_count; i++)
		buffer_printf(out, "  %.*s %llu\n", TEXT_ARGS(ledger->kinds[i].kind), (unsigned long long)ledger->kinds[i].count);
	for (size_t i = 0; i < ledger->file_count; i++)
		write_account(out, &ledger->files[i]);
}

static void end_pass(struct set *set, struct pass *pass, int status, struct ledger *ledger, struct diagnostics *d)
{
	buffer_printf(&pass->out, "status %d\n", status);
	if (status <= 0)
		write_account(&pass->out, ledger);
	for (size_t i = 0; i < d->count; i++)
		buffer_printf(&pass->out, "%s: %s\n", d->items[i].place.file, d->items[i].message);
	ledger_free(ledger);
	diagnostics_free(d);
	(void)set;
}

static void one_pass(struct set *set, uint64_t stop_after)
{
	struct pass pass = {.deriver = deriver_new(&set->r.catalog), .stop_after = stop_after};
	struct ledger ledger = {0};
	struct diagnostics d = {0};
	int status = dataset_read(&set->dataset, (struct event_sink){take_one_pass, &pass}, &ledger, &d);
	end_pass(set, &pass, status, &ledger, &d);
	deriver_free(pass.deriver);
	buffer_free(&set->expected);
	set->expected = pass.out;
}

/* The first line in which they differ says more than both. */
static bool same(struct text got, struct text expected, unsigned jobs, size_t batch)
{
	size_t at = 0, begin = 0;
	while (at < got.length && at < expected.length && got.data[at] == expected.data[at])
		begin = got.data[at++] == '\n' ? at : begin;
	if (at == got.length && at == expected.length)
		return true;
	got = text_slice(got, begin, got.length);
	expected = text_slice(expected, begin, expected.length);
	fprintf(stderr, "jobs %u, batches of %zu bytes:\n  got      %.*s\n  expected %.*s\n", jobs, batch,
		(int)text_find(got, '\n'), got.data, (int)text_find(expected, '\n'), expected.data);
	return false;
}

static void piped(struct set *set, unsigned jobs, size_t batch, uint64_t stop_after)
{
	struct pass pass = {.deriver = deriver_new(&set->r.catalog), .stop_after = stop_after};
	struct ledger ledger = {0};
	struct diagnostics d = {0};
	struct pipeline *pipeline = pipeline_new(&(struct pipeline_options){.catalog = &set->r.catalog, .engine = set->engine,
		.deriver = pass.deriver, .jobs = jobs, .batch = batch, .take = write_down, .moved = moved, .context = &pass});
	int status = pipeline_run(pipeline, &set->dataset, &ledger, &d);
	pipeline_free(pipeline);
	end_pass(set, &pass, status, &ledger, &d);
	CU_ASSERT(same(buffer_view(&pass.out), buffer_view(&set->expected), jobs, batch));
	buffer_free(&pass.out);
	deriver_free(pass.deriver);
}

static void set_begin(struct set *set, const char *format, const char *dialect, const char *wanted)
{
	*set = (struct set){.folder = NULL};
	reading_begin(&set->r, dialect);
	set->folder = unit_folder(&set->r.arena);
	unit_clients(&set->r.arena, &set->r.catalog.registry, &set->r.catalog.clients);
	set->source = (struct source){.reader = reader_find(text_of(format)), .options = set->r.options};
	if (wanted) {
		uint8_t *fields = arena_array(&set->r.arena, set->r.catalog.registry.field_count, 1);
		deriver_wants(&set->r.catalog.registry, fields);
		fields[unit_field(&set->r.catalog.registry, wanted)] = 1;
		set->source.options.wanted = fields;
	}
	set->dataset = (struct dataset){.name = TEXT("set"), .sources = &set->source, .source_count = 1};
	set->engine = engine_new(&set->r.catalog);
}

static void set_add(struct set *set, const char *path)
{
	struct source *source = &set->source;
	source->files = arena_grow(&set->r.arena, source->files, source->file_count, sizeof *source->files);
	source->files[source->file_count++] = arena_strdup(&set->r.arena, path);
	set->dataset.files = source->files;
	set->dataset.file_count = source->file_count;
}

static void set_end(struct set *set)
{
	engine_free(set->engine);
	buffer_free(&set->expected);
	reading_end(&set->r);
}

static const size_t sizes[] = {1, 30, 200, 1000, 4096, 1 << 20};

static void check_all(struct set *set)
{
	one_pass(set, 0);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		for (unsigned jobs = 1; jobs <= 3; jobs++)
			piped(set, jobs, sizes[i], 0);
}

static void process(struct buffer *out, unsigned i, const char *more)
{
	buffer_printf(out, "{\"@timestamp\": \"2026-11-01T00:%02u:%02uZ\", \"event\": {\"category\": [\"process\"], \"action\": \"exec\", "
		"\"id\": \"e%u\"%s}, \"process\": {\"pid\": %u, \"name\": \"a\\u0062%u\", \"args\": [\"docker\", \"run\", \"--privileged\", "
		"\"i%u\"], \"executable\": \"/bin/docker\", \"parent\": {\"pid\": %u}}, \"labels\": {\"a\": \"b%u\"}%s}\n", i / 60 % 60, i % 60,
		i, i % 9 == 4 ? ", \"outcome\": \"failure\"" : "", 100 + i % 17, i, i, 100 + i % 5, i, more);
}

/* What JSON files hold: lines, objects over lines, arrays of several styles, records that are one event, garbage. */
static void json_text(struct buffer *out, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		process(out, i, "");
		if (i % 7 == 0)
			buffer_printf(out, "{\n\"event\":\n{\n\"category\":\"process\"\n}, \"list\": [\n{\"a\":\n1},\n{\"b\":2}\n], "
				"\"process\": {\"name\": \"long %u\"}}\n", i);
		if (i % 11 == 3)
			buffer_string(out, "garbage\n\n{\"open\": \n");
		if (i % 10 == 5)
			buffer_printf(out, "[ {\n  \"process\": {\n\"pid\": %u\n}, \"event\": {\"category\": \"process\"}\n}, {\n\"a\": 1\n}, {\n"
				"\"event\": {\"category\": \"process\"}, \"process\": {\"name\": \"last %u\"\n} }\n]\n", i, i);
		if (i % 10 == 6)
			buffer_printf(out, "[\n  {\n    \"event\": {\"category\": \"file\"}\n  }, {\"a\":2},\n  {\n    \"event\": {\"category\": \"x%u\"}\n"
				"  }\n]\n", i);
		for (unsigned k = 0; i % 6 == 2 && k < 3; k++)
			buffer_printf(out, "{\"event\":{\"category\":\"process\",\"action\":\"exec\",\"id\":\"j%u\"},\"mews\":{\"facets\":3},\"process\":{"
				"\"pid\":%u,\"args\":[\"docker\",\"run\",\"i\"]}}\n", i, 100 + k);
	}
	buffer_string(out, "{\"event\":{\"category\":\"process\",\"id\":\"lonely\"},\"mews\":{\"facets\":3},\"process\":{\"pid\":1}}\n");
}

static void test_json(void)
{
	struct buffer text = {0};
	json_text(&text, 60);
	for (unsigned partly = 0; partly < 2; partly++) {
		struct set set;
		set_begin(&set, "json", "ecs", partly ? "process.name" : NULL);
		set_add(&set, unit_file(&set.r.arena, set.folder, "a.json", buffer_view(&text)));
		set_add(&set, "/nowhere/b.json");
		set_add(&set, unit_file(&set.r.arena, set.folder, "empty.json", TEXT("")));
		set_add(&set, unit_file(&set.r.arena, set.folder, "c.json", text_slice(buffer_view(&text), 0, text.length * 2 / 3 + 5)));
		check_all(&set);
		set_end(&set);
	}
	buffer_free(&text);
}

/* A border at each place: with batches of one byte every line is cut from the next. Texts are made of pieces by chance. */
static void test_random_json(void)
{
	static const char *const pieces[] = {"{\"event\":{\"category\":\"process\"},\"process\":{\"pid\":7}}", "{", "}", "\n", "\n", "\n", "[",
		"]", ",", "\"a\": 1", "\"a\": \"{\\\"\"", " ", "{\"a\":", "}, {", "{}", "x", "\r\n"};
	uint64_t state = 88172645463325252u;
	struct set set;
	set_begin(&set, "json", "ecs", NULL);
	for (unsigned run = 0; run < 150; run++) {
		struct buffer text = {0};
		for (unsigned i = 0; i < 60; i++) {
			state = state * 6364136223846793005u + 1442695040888963407u;
			buffer_string(&text, pieces[(state >> 33) % (sizeof pieces / sizeof *pieces)]);
		}
		set.source.file_count = 0;
		set_add(&set, unit_file(&set.r.arena, set.folder, "a.json", buffer_view(&text)));
		one_pass(&set, 0);
		for (size_t i = 0; i < 3; i++)
			piped(&set, run % 10 ? 1 : 2, sizes[i] + i, 0);
		buffer_free(&text);
	}
	set_end(&set);
}

static void test_stop(void)
{
	struct buffer text = {0};
	struct set set;
	json_text(&text, 60);
	set_begin(&set, "json", "ecs", NULL);
	set_add(&set, unit_file(&set.r.arena, set.folder, "a.json", buffer_view(&text)));
	for (uint64_t after = 1; after < 90; after += 22) {
		one_pass(&set, after);
		for (unsigned jobs = 1; jobs <= 3; jobs++)
			piped(&set, jobs, 300, after);
	}
	set_end(&set);
	buffer_free(&text);
}

static void write_gzip(struct set *set, const char *name, struct text text, size_t damage)
{
	size_t room = compressBound(text.length) + 64;
	unsigned char *packed = arena_alloc(&set->r.arena, room);
	z_stream stream = {.next_in = (unsigned char *)text_copy(&set->r.arena, text).data, .avail_in = (unsigned)text.length,
		.next_out = packed, .avail_out = (unsigned)room};
	CU_ASSERT_EQUAL_FATAL(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	CU_ASSERT_EQUAL_FATAL(deflate(&stream, Z_FINISH), Z_STREAM_END);
	size_t length = stream.total_out;
	deflateEnd(&stream);
	if (damage)
		memset(packed + length / 2, 0xff, damage);
	set_add(set, unit_file(&set->r.arena, set->folder, name, (struct text){(char *)packed, damage ? length - damage : length}));
}

/* Packed, cut, damaged: what stands before the damage is read, and it is told by the same line. */
static void test_packed(void)
{
	struct buffer text = {0};
	struct set set;
	json_text(&text, 3000);
	set_begin(&set, "json", "ecs", "process.name");
	write_gzip(&set, "a.json.gz", buffer_view(&text), 0);
	write_gzip(&set, "b.json.gz", buffer_view(&text), 40);
	one_pass(&set, 0);
	piped(&set, 1, 4096, 0);
	piped(&set, 1, 100000, 0);
	piped(&set, 2, 0, 0);
	piped(&set, 3, 4096, 0);
	set_end(&set);
	buffer_free(&text);
}

static void audit_text(struct buffer *out)
{
	for (unsigned i = 1; i < 120; i++) {
		buffer_printf(out, "type=SYSCALL msg=audit(1700000%03u.001:%u): arch=c000003e syscall=59 success=yes exit=0 a0=1 pid=%u ppid=%u "
			"comm=\"runc:[2:INIT]\" exe=\"/bin/a%u\" key=\"k\"\n", i, i, 10 + i % 13, 10 + i % 3, i);
		if (i % 5 == 0)
			buffer_printf(out, "type=SYSCALL msg=audit(1700000%03u.001:%u): arch=c000003e syscall=42 success=no exit=-115 pid=%u\n", i,
				i + 1000, i);
		buffer_printf(out, "type=EXECVE msg=audit(1700000%03u.001:%u): argc=3 a0=\"docker\" a1=\"run\" a2=\"i\"\n", i, i);
		if (i % 9 == 0)
			buffer_string(out, "no record\n\n");
		buffer_printf(out, "type=PATH msg=audit(1700000%03u.001:%u): item=0 name=\"/bin/a\" inode=1 mode=0100644 nametype=NORMAL\n", i, i);
		buffer_printf(out, "type=PROCTITLE msg=audit(1700000%03u.001:%u): proctitle=\"a\"\n", i, i);
	}
}

static void test_audit(void)
{
	struct buffer text = {0};
	audit_text(&text);
	for (unsigned partly = 0; partly < 2; partly++) {
		struct set set;
		set_begin(&set, "auditd", "auditd", partly ? "process.name" : NULL);
		set_add(&set, unit_file(&set.r.arena, set.folder, "audit.log.1", buffer_view(&text)));
		set_add(&set, unit_file(&set.r.arena, set.folder, "audit.log", text_slice(buffer_view(&text), 100, text.length - 90)));
		check_all(&set);
		set_end(&set);
	}
	buffer_free(&text);
}

static void test_csv(void)
{
	struct buffer text = {0};
	struct set set;
	buffer_string(&text, "\n\nevent.category,process.pid,process.name,label\n");
	for (unsigned i = 0; i < 100; i++) {
		buffer_printf(&text, "process,%u,\"a \"\"%u\"\"\",x\n", i % 7, i);
		if (i % 8 == 3)
			buffer_printf(&text, "process,%u,\"over\nlines,\n%u\n\",y\n\nprocess,1\n", i, i);
		if (i % 31 == 9)
			buffer_string(&text, "process,1,a\"b,c\n");
	}
	buffer_string(&text, "process,1,\"open,");
	set_begin(&set, "csv", "ecs", NULL);
	set.source.options.label_name = TEXT("label");
	set_add(&set, unit_file(&set.r.arena, set.folder, "a.csv", buffer_view(&text)));
	set_add(&set, unit_file(&set.r.arena, set.folder, "b.csv", text_slice(buffer_view(&text), 0, text.length - 30)));
	check_all(&set);
	set_end(&set);
	buffer_free(&text);
}

/* What is read in one piece: dialects with `once`, several sources side by side, manifests. */
static void test_whole(void)
{
	struct buffer text = {0};
	struct source sources[2];
	struct set set;
	json_text(&text, 40);
	set_begin(&set, "json", "ecs", "process.name");
	set_add(&set, unit_file(&set.r.arena, set.folder, "a.json", buffer_view(&text)));
	set_add(&set, unit_file(&set.r.arena, set.folder, "b.json", text_slice(buffer_view(&text), 400, text.length)));
	sources[0] = sources[1] = set.source;
	sources[0].file_count = sources[1].file_count = 1;
	sources[1].files++;
	set.dataset.sources = sources;
	set.dataset.source_count = 2;
	check_all(&set);
	set_end(&set);
	buffer_free(&text);
	set_begin(&set, "compose", NULL, NULL);
	set_add(&set, unit_file(&set.r.arena, set.folder, "a.yaml", TEXT("services:\n  a:\n    image: x\n  b:\n    image: y\n")));
	set_add(&set, unit_file(&set.r.arena, set.folder, "b.yaml", TEXT("services: [\n")));
	set_add(&set, unit_file(&set.r.arena, set.folder, "c.yaml", TEXT("services:\n  a:\n    image: z\n")));
	check_all(&set);
	set_end(&set);
}

/* A line that is longer than any may be, in front of others. */
static void test_long_line(void)
{
	struct buffer text = {0};
	struct set set;
	process(&text, 1, "");
	for (size_t i = 0; i < INPUT_LINE_MAX / 16 + 99; i++)
		buffer_string(&text, "{\"a\": \"bcdefg\"} ");
	buffer_char(&text, '\n');
	process(&text, 2, "");
	set_begin(&set, "json", "ecs", NULL);
	set_add(&set, unit_file(&set.r.arena, set.folder, "a.json", buffer_view(&text)));
	one_pass(&set, 0);
	piped(&set, 1, 1000, 0);
	piped(&set, 2, 0, 0);
	set_end(&set);
	buffer_free(&text);
}

void suite_pipeline(void);
void suite_pipeline(void)
{
	CU_pSuite suite = unit_suite("pipeline");
	UNIT_TEST(suite, test_json);
	UNIT_TEST(suite, test_random_json);
	UNIT_TEST(suite, test_stop);
	UNIT_TEST(suite, test_packed);
	UNIT_TEST(suite, test_audit);
	UNIT_TEST(suite, test_csv);
	UNIT_TEST(suite, test_whole);
	UNIT_TEST(suite, test_long_line);
}
