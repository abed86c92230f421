/* audit_batch: a log that is gathered in pieces, read piece by piece, gives what one pass gives, wherever it is cut. */
#include "replay/readers/audit_lines.h"
#include "tests/unit/reading.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

/* Interleaved serials, late records, ends that are missing, garbage, several hosts, CRs, enriched and wrapped records. */
#define LOG \
	"type=SYSCALL msg=audit(100.001:1): arch=c000003e syscall=59 success=yes exit=0 a0=1 pid=10 ppid=1 exe=\"/bin/a\" key=\"k\"\n" \
	"type=SYSCALL msg=audit(100.002:2): arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a2=241 pid=11 exe=\"/bin/b\"\r\n" \
	"type=EXECVE msg=audit(100.001:1): argc=2 a0=\"a\" a1=6220202D63\n" \
	"type=CWD msg=audit(100.002:2): cwd=\"/root\"\n" \
	"\n" \
	"node=web1 type=SYSCALL msg=audit(100.002:2): arch=c000003e syscall=42 success=no exit=-115 pid=12\n" \
	"type=PATH msg=audit(100.002:2): item=0 name=\"x\" inode=1 mode=0100644 nametype=NORMAL\n" \
	"no record\n" \
	"type=PROCTITLE msg=audit(100.002:2): proctitle=\"b\"\n" \
	"node=web1 type=SOCKADDR msg=audit(100.002:2): saddr=020009477F0000010000000000000000\n" \
	"type=PROCTITLE msg=audit(100.001:1): proctitle=6100622063\n" \
	"type=EOE msg=audit(100.001:1): \n" \
	"type=USER_LOGIN msg=audit(100.500:3): pid=9 uid=0 auid=1000 ses=4 msg='op=login acct=\"ann\" res=failed'\r\n" \
	"Nov 10 07:48:16 web2 audispd: type=SYSCALL msg=audit(100.6:4): arch=c000003e syscall=59 success=yes pid=13#035ARCH=x86_64 SYSCALL=execve\n" \
	"   \t \n" \
	"Nov 10 07:48:16 web2 audispd: type=EXECVE msg=audit(100.6:4): argc=1 a0=\"w\"\n" \
	"node=web1 type=EOE msg=audit(100.002:2): \nnode=web2 type=PROCTITLE msg=audit(100.6:4): proctitle=\"w\"\n" \
	"type=SYSCALL msg=audit(101.001:5): arch=c000003e syscall=87 success=yes pid=14\x1d" "ARCH=x86_64 SYSCALL=unlink UID=\"root\"\n" \
	"type=1302 audit(101.001:5): item=0 name=\"/tmp/x\" inode=4 nametype=DELETE\n" \
	"type=SYSCALL msg=audit(103.001:6): arch=c000003e syscall=59 success=yes pid=15\n" \
	"type=CWD msg=audit(101.001:5): cwd=\"/late\"\n" \
	"type=SYSCALL msg=audit(30.001:7): arch=c000003e syscall=231 a0=1f pid=16\n" \
	"type=PROCTITLE msg=audit(103.001:6): proctitle=\"late\"\n" \
	"type=CONFIG_CHANGE msg=audit(104.001:8): op=set"

/* A piece of the log on its way: the bytes lie alone, so that nothing can be read beyond them. */
struct piece {
	char *bytes;
	size_t length;
	struct arena arena;
	const void *gathered;
	struct text events;
};

struct pieces {
	struct reading *r;
	struct piece *items;
	size_t count;
	bool complete; /* the whole event is asked for */
	struct buffer written;
};

static int by_field(const void *a, const void *b)
{
	unsigned left = ((const struct facet_entry *)a)->field, right = ((const struct facet_entry *)b)->field;
	return (left > right) - (left < right);
}

static int write_event(void *context, struct event *event)
{
	struct pieces *pieces = context;
	const struct event *whole = pieces->complete ? event_complete(event) : event;
	if (whole == event)
		event_share(event); /* as the joining of a whole one does */
	for (size_t i = 0; i < whole->facet_count; i++) {
		const struct facet *facet = whole->facets[i];
		struct facet_entry *entries = arena_array(event->arena, facet->count, sizeof *entries);
		memcpy(entries, facet->entries, facet->count * sizeof *entries);
		qsort(entries, facet->count, sizeof *entries, by_field);
		buffer_printf(&pieces->written, "%s:%llu %lld %.*s", whole->file, (unsigned long long)whole->line, (long long)whole->time,
			TEXT_ARGS(whole->id));
		for (size_t k = 0; k < facet->count; k++) {
			buffer_printf(&pieces->written, " %u=", entries[k].field);
			for (size_t n = 0; n < entries[k].values.count; n++)
				buffer_printf(&pieces->written, "[%.*s]", TEXT_ARGS(entries[k].values.items[n].text));
		}
		buffer_char(&pieces->written, '\n');
	}
	return 0;
}

static struct text one_pass(struct pieces *pieces, struct text log, struct ledger *ledger)
{
	struct reading *r = pieces->r;
	buffer_clear(&pieces->written);
	struct input *input = input_of("log", log);
	CHECK_LONG(reader_read(reader_find(TEXT("auditd")), input, &r->options, (struct event_sink){write_event, pieces}, ledger,
		&r->diagnostics), 0);
	input_close(input);
	return text_copy(&r->arena, buffer_view(&pieces->written));
}

static void add_piece(struct pieces *pieces, struct text bytes)
{
	pieces->items = arena_grow(&pieces->r->arena, pieces->items, pieces->count, sizeof *pieces->items);
	struct piece *piece = &pieces->items[pieces->count++];
	*piece = (struct piece){.bytes = mem_alloc(bytes.length), .length = bytes.length};
	if (bytes.length)
		memcpy(piece->bytes, bytes.data, bytes.length);
}

/* Reads what was gathered from the last piece to the first, by two readings in turn: pieces do not know of each other. */
static void read_pieces(struct pieces *pieces, struct ledger *ledger)
{
	const struct reader_gathering *steps = reader_find(TEXT("auditd"))->gathering;
	struct reader_options options = pieces->r->options;
	struct reader_plans plans = {0};
	reader_plans_begin(&plans);
	options.plans = &plans;
	void *readings[] = {steps->open(&options, "log"), steps->open(&options, "log")};
	for (size_t i = pieces->count; i-- > 0;) {
		struct piece *piece = &pieces->items[i];
		struct reader_chunk chunk = {.arena = &piece->arena};
		options.chunk = &chunk;
		buffer_clear(&pieces->written);
		CHECK_LONG(steps->read(readings[i % 2], piece->gathered, &options, (struct event_sink){write_event, pieces}, ledger), 0);
		piece->events = text_copy(&pieces->r->arena, buffer_view(&pieces->written));
		arena_free(&piece->arena);
		free(piece->bytes);
	}
	steps->close(readings[0]);
	steps->close(readings[1]);
	reader_plans_end(&plans);
}

static struct text in_pieces(struct pieces *pieces, struct ledger *ledger)
{
	const struct reader_gathering *steps = reader_find(TEXT("auditd"))->gathering;
	struct ledger read = {0};
	struct buffer all = {0};
	void *state = steps->begin("log", ledger);
	for (size_t i = 0; i < pieces->count; i++) {
		struct piece *piece = &pieces->items[i];
		piece->gathered = steps->take(state, (struct text){piece->bytes, piece->length}, i + 1 == pieces->count, &piece->arena);
	}
	steps->end(state);
	read_pieces(pieces, &read);
	ledger_add(ledger, &read);
	ledger_free(&read);
	for (size_t i = 0; i < pieces->count; i++)
		buffer_text(&all, pieces->items[i].events);
	struct text events = text_copy(&pieces->r->arena, buffer_view(&all));
	buffer_free(&all);
	pieces->items = NULL;
	pieces->count = 0;
	return events;
}

static void same_ledger(const struct ledger *a, const struct ledger *b)
{
	CHECK_LONG(a->lines, b->lines);
	CHECK_LONG(a->events, b->events);
	CHECK_LONG(a->event_lines, b->event_lines);
	CHECK_LONG(a->continued, b->continued);
	CHECK_LONG(a->blank, b->blank);
	CHECK_LONG(a->rejected, b->rejected);
	CHECK_LONG(a->unmapped, b->unmapped);
	CHECK_LONG(a->unfilled, b->unfilled);
	CHECK_LONG(a->first_count, b->first_count);
	for (size_t i = 0; i < a->first_count && i < b->first_count; i++) {
		CHECK_LONG(a->first[i].line, b->first[i].line);
		CHECK_TEXT(text_of(a->first[i].reason), b->first[i].reason);
	}
}

static void see_nothing(void *context, const struct record *record, const struct record_part *piece, const struct event *event)
{
	(void)context;
	(void)record;
	(void)piece;
	(void)event;
}

/* Who watches gets records, and events made of them one test after the other; else they are made by recipes. */
static void check_recipes(struct pieces *pieces, struct text log, struct text expected)
{
	const struct record_watch watch = {see_nothing, NULL};
	struct ledger ledger = {0};
	pieces->r->options.watch = &watch;
	struct text events = one_pass(pieces, log, &ledger);
	pieces->r->options.watch = NULL;
	CU_ASSERT(text_equal(events, expected));
	ledger_free(&ledger);
}

/* Compares pieces that were added with one pass over the whole log. */
static void check(struct pieces *pieces, struct text expected, const struct ledger *one)
{
	struct ledger ledger = {0};
	struct text events = in_pieces(pieces, &ledger);
	CU_ASSERT(text_equal(events, expected));
	same_ledger(&ledger, one);
	ledger_free(&ledger);
}

static size_t line_end(struct text log, size_t from)
{
	size_t end = from + text_find(text_slice(log, from, log.length), '\n');
	return end < log.length ? end + 1 : log.length;
}

static void begin(struct reading *r, struct pieces *pieces)
{
	reading_begin(r, "auditd");
	*pieces = (struct pieces){.r = r};
}

static void finish(struct reading *r, struct pieces *pieces)
{
	buffer_free(&pieces->written);
	reading_end(r);
}

/* One cut at each line; then each line alone; then an empty piece at the end. */
static void test_every_line(void)
{
	struct reading r;
	struct pieces pieces;
	struct ledger ledger = {0};
	struct text log = TEXT(LOG);
	begin(&r, &pieces);
	struct text expected = one_pass(&pieces, log, &ledger);
	CHECK_LONG(ledger.rejected, 1);
	CHECK_LONG(ledger.blank, 2);
	CHECK_LONG(ledger.events, 10);
	check_recipes(&pieces, log, expected);
	for (size_t cut = 0; cut < log.length; cut = line_end(log, cut)) {
		add_piece(&pieces, text_slice(log, 0, cut));
		add_piece(&pieces, text_slice(log, cut, log.length));
		check(&pieces, expected, &ledger);
	}
	for (size_t from = 0; from < log.length; from = line_end(log, from))
		add_piece(&pieces, text_slice(log, from, line_end(log, from)));
	add_piece(&pieces, TEXT(""));
	check(&pieces, expected, &ledger);
	ledger_free(&ledger);
	finish(&r, &pieces);
}

static unsigned draw(uint64_t *state, unsigned below)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)((*state >> 33) % below);
}

/* Events of few stamps whose records come in any order, so that they interleave, time out, come late and begin again. */
static void add_record(struct buffer *log, uint64_t *state)
{
	static const char *const types[] = {"SYSCALL", "CWD", "PATH", "PROCTITLE", "EOE", "USER_AUTH", "LOGIN", "EXECVE", "1337", "NEW"};
	static const char *const nodes[] = {"", "", "", "node=a ", "node=b "};
	unsigned what = draw(state, 40);
	if (what == 0)
		buffer_string(log, "garbage\n");
	else if (what == 1)
		buffer_string(log, "\r\n");
	else
		buffer_printf(log, "%stype=%s msg=audit(%u.00%u:%u): arch=c000003e syscall=%u pid=%u name=\"%0*u\" a0=\"x\"%s",
			nodes[draw(state, 5)], types[draw(state, 10)], 100 + draw(state, 4) + draw(state, 2) * 70, draw(state, 2), draw(state, 4),
			draw(state, 300), draw(state, 1000), 1 + (int)draw(state, 200), draw(state, 9), draw(state, 8) ? "\n" : "\r\n");
}

static void test_random(void)
{
	struct reading r;
	struct pieces pieces;
	begin(&r, &pieces);
	for (uint64_t seed = 1; seed <= 60; seed++) {
		struct ledger ledger = {0};
		struct buffer log = {0};
		uint64_t state = seed;
		for (unsigned i = draw(&state, 200); i; i--)
			add_record(&log, &state);
		struct text text = buffer_view(&log), expected = one_pass(&pieces, text, &ledger);
		unsigned most = 1 + draw(&state, 2000);
		check_recipes(&pieces, text, expected);
		for (size_t from = 0, to; from < text.length; from = to) {
			size_t wished = from + draw(&state, most);
			to = line_end(text, wished < text.length ? wished : text.length - 1);
			add_piece(&pieces, text_slice(text, from, to));
		}
		add_piece(&pieces, TEXT(""));
		check(&pieces, expected, &ledger);
		ledger_free(&ledger);
		buffer_free(&log);
	}
	finish(&r, &pieces);
}

/* Lines longer than a record may be, and than a block; whole events where only some fields are wanted. */
static void test_long_lines(void)
{
	struct reading r;
	struct pieces pieces;
	struct ledger ledger = {0};
	struct buffer log = {0};
	begin(&r, &pieces);
	uint8_t *wanted = arena_alloc(&r.arena, r.catalog.registry.field_count);
	wanted[registry_field(&r.catalog.registry, TEXT("process.name"))] = 1;
	r.options.wanted = wanted;
	pieces.complete = true;
	for (unsigned i = 0; i < 6; i++) {
		buffer_printf(&log, "type=SYSCALL msg=audit(10.1:%u): arch=c000003e syscall=59 success=yes pid=%u exe=\"/bin/x\"\n", i, i);
		buffer_printf(&log, "type=EXECVE msg=audit(10.1:%u): argc=2 a0=\"x\" a1=\"%0*u\"\n", i, (int)(i * 250000), i);
		buffer_printf(&log, "type=PROCTITLE msg=audit(10.1:%u): proctitle=\"x\"\n", i);
	}
	struct text text = buffer_view(&log), expected = one_pass(&pieces, text, &ledger);
	CHECK_LONG(ledger.rejected, 1);
	CHECK_LONG(ledger.events, 6);
	CU_ASSERT(text_contains(expected, TEXT("=[x 0]"), false)); /* the command line, which is not wanted */
	for (size_t cut = 0; cut < text.length; cut = line_end(text, cut)) {
		add_piece(&pieces, text_slice(text, 0, cut));
		add_piece(&pieces, text_slice(text, cut, text.length));
		check(&pieces, expected, &ledger);
	}
	ledger_free(&ledger);
	buffer_free(&log);
	finish(&r, &pieces);
}

/* The first whole lines of a log: those of an hour are too large to be held whole. */
static struct text beginning(struct reading *r, const char *path)
{
	enum { MOST = 1 << 18 };
	char *bytes = arena_alloc(&r->arena, MOST);
	struct input *input = input_open(path, &r->diagnostics);
	CU_ASSERT_PTR_NOT_NULL_FATAL(input);
	ssize_t got = input_take(input, bytes, MOST, &r->diagnostics);
	input_close(input);
	CU_ASSERT_FATAL(got > 0);
	while (got == MOST && got > 0 && bytes[got - 1] != '\n')
		got--;
	return (struct text){bytes, (size_t)got};
}

/* Every second log by a few fields, and then completed: the other events are by all of them from the beginning. */
static void test_every_recording(void)
{
	glob_t logs;
	CHECK_LONG(glob("corpus/*/events/*.log.zst", 0, NULL, &logs), 0);
	CU_ASSERT(logs.gl_pathc > 40);
	for (size_t i = 0; i < logs.gl_pathc; i += UNIT_EVERY == 1 ? 1 : UNIT_EVERY - 1) {
		struct reading r;
		struct pieces pieces;
		struct ledger ledger = {0};
		begin(&r, &pieces);
		struct text log = beginning(&r, logs.gl_pathv[i]);
		if (i % 2) {
			uint8_t *wanted = arena_alloc(&r.arena, r.catalog.registry.field_count);
			memset(wanted + 10, 1, r.catalog.registry.field_count / 2);
			r.options.wanted = wanted;
			pieces.complete = true;
		}
		struct text expected = one_pass(&pieces, log, &ledger);
		pieces.complete = false;
		r.options.wanted = NULL;
		check_recipes(&pieces, log, expected);
		ledger_free(&ledger);
		finish(&r, &pieces);
	}
	globfree(&logs);
}

/* A real log. */
static void test_recorded(void)
{
	struct reading r;
	struct pieces pieces;
	struct ledger ledger = {0};
	struct text log;
	begin(&r, &pieces);
	struct input *input = input_open("corpus/everyday-develop/events/ci-runner.log.zst", &r.diagnostics);
	CU_ASSERT_PTR_NOT_NULL_FATAL(input);
	CHECK_LONG(input_rest(input, &r.arena, 0, &log, &r.diagnostics), 0);
	input_close(input);
	struct text expected = one_pass(&pieces, log, &ledger);
	uint64_t state = 7;
	for (unsigned most = 200; most < 200000; most *= 10) {
		for (size_t from = 0, to; from < log.length; from = to) {
			size_t wished = from + draw(&state, most);
			to = line_end(log, wished < log.length ? wished : log.length - 1);
			add_piece(&pieces, text_slice(log, from, to));
		}
		check(&pieces, expected, &ledger);
	}
	ledger_free(&ledger);
	finish(&r, &pieces);
}

void suite_audit_batch(void);
void suite_audit_batch(void)
{
	CU_pSuite suite = unit_suite("audit_batch");
	UNIT_TEST(suite, test_every_line);
	UNIT_TEST(suite, test_random);
	UNIT_TEST(suite, test_long_lines);
	UNIT_TEST(suite, test_recorded);
	UNIT_TEST(suite, test_every_recording);
}
