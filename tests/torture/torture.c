/*
 * torture: what every reader must survive, done to a sample of each.
 *
 *   torture [--runs N] [--large] [--all] SAMPLE…     a sample is READER[.DIALECT].EXT
 *
 * With --all, for each row of readers[] that no sample is of, a failure. For each sample: every beginning of it; every byte changed;
 * bytes put in (NUL, line ends, what is no UTF-8, quotes) and taken out; CRLF; a byte order mark; the whole twice; packed
 * by gzip and zstd, cut and changed; with `wanted` and without. Where a sample has more places than N (default 1500), as
 * many that are spread evenly. With --large instead: lines of 100 MB, a million empty lines, brackets 100,000 deep, within
 * 1 GiB of address space.
 *
 * Each run must end within 20 s of processor time, without a crash, with an account of lines that adds up, no event without a facet or
 * beyond the input, and an error if and only if it failed. A sample is tried in a process of its own, which tells in shared
 * memory what it is at.
 */
#include "replay/readers/formats.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum { RUN_SECONDS = 20, LARGE = 100 << 20, DEEP = 100000, RUNS = 1500 };

/* What the process that tries a sample tells the one that waits for it. */
struct report {
	char doing[160];
	uint64_t runs, faults;
	char first_fault[320];
};

struct torture {
	struct catalog catalog;
	struct diagnostics d;
	struct reader_options options;
	struct reader_plans plans;
	const struct reader *reader;
	struct text sample;
	bool is_text; /* no NUL in it */
	uint64_t events;
	size_t runs;
	uint8_t *some_wanted;
	struct report *report;
	struct buffer changed, block;
	timer_t clock; /* of the process's time */
};

/* Of one run. */
struct outcome {
	struct ledger ledger;
	int status;
	unsigned errors;
	uint64_t events, bad, bytes;
};

static int take(void *context, struct event *event)
{
	struct outcome *outcome = context;
	const struct event *whole = event_complete(event);
	outcome->events++;
	outcome->bad += !event->facet_count || !event->file || !event->line || whole->facet_count < event->facet_count;
	for (size_t i = 0; i < whole->facet_count; i++)
		for (size_t k = 0; k < whole->facets[i]->count; k++) {
			const struct values *values = &whole->facets[i]->entries[k].values;
			for (size_t n = 0; n < values->count; n++)
				for (size_t at = 0; at < values->items[n].text.length; at++)
					outcome->bytes += (unsigned char)values->items[n].text.data[at]; /* it is there */
		}
	return 0;
}

static void fault(struct torture *t, const char *why)
{
	if (t->report->faults++ == 0)
		snprintf(t->report->first_fault, sizeof t->report->first_fault, "%.150s: %.150s", t->report->doing, why);
}

/* Ends the process after so many seconds of its own time, or when it waits for much longer; 0: does not. */
static void set_clock(struct torture *t, int seconds)
{
	struct itimerspec limit = {.it_value.tv_sec = seconds};
	timer_settime(t->clock, 0, &limit, NULL);
	alarm((unsigned)seconds * 20);
}

/* Reads the bytes and checks what must hold of every run. */
static uint64_t run(struct torture *t, struct text bytes, bool packed)
{
	struct outcome outcome = {0};
	struct diagnostics d = {0};
	struct reader_options options = t->options;
	options.plans = &t->plans;
	options.wanted = t->report->runs++ % 2 ? t->some_wanted : NULL;
	struct input *input = input_of("sample", bytes);
	set_clock(t, RUN_SECONDS);
	outcome.status = reader_read(t->reader, input, &options, (struct event_sink){take, &outcome}, &outcome.ledger, &d);
	set_clock(t, 0);
	const struct ledger *l = &outcome.ledger;
	if (l->lines != l->event_lines + l->continued + l->blank + l->rejected)
		fault(t, "the account of lines does not add up");
	if (l->rejected && (!l->first_count || !l->first[0].reason || !*l->first[0].reason))
		fault(t, "a line was rejected without a reason");
	if (outcome.bad)
		fault(t, "an event has no facet or no place");
	if ((outcome.status != 0) != (d.errors > 0))
		fault(t, "an error is told that is none, or none where there is one");
	if (packed && d.errors > 1)
		fault(t, "damaged packed data is told more than once");
	input_close(input);
	ledger_free(&outcome.ledger);
	diagnostics_free(&d);
	return outcome.status ? UINT64_MAX : outcome.events;
}

/* What the changed bytes are, for whoever has to look for them. */
static void doing(struct torture *t, const char *what, size_t at, unsigned byte)
{
	snprintf(t->report->doing, sizeof t->report->doing, "%s at byte %zu (0x%02x)", what, at, byte);
}

static size_t step_of(const struct torture *t, size_t places)
{
	return 1 + places / t->runs;
}

static void try_beginnings(struct torture *t, struct text bytes, bool packed)
{
	for (size_t length = 0; length < bytes.length; length += step_of(t, bytes.length)) {
		doing(t, packed ? "packed and cut" : "cut", length, 0);
		/* A copy of its own: what is read beyond the end is found. */
		char *copy = mem_alloc(length);
		memcpy(copy, bytes.data, length);
		uint64_t events = run(t, (struct text){copy, length}, packed);
		if (packed && length >= 4 && events != UINT64_MAX)
			fault(t, "packed data that is cut is taken as whole");
		free(copy);
	}
}

static void try_changes(struct torture *t, struct text bytes, bool packed)
{
	static const unsigned char interesting[] = {0x00, '\n', '"', '\\', '{', '}', '[', ':', ',', '=', '(', ' ', '\'', 0x7f, 0xff, 0xc3};
	size_t step = step_of(t, bytes.length);
	buffer_clear(&t->changed);
	buffer_text(&t->changed, bytes);
	for (size_t at = 0, turn = 0; at < bytes.length; at += step, turn++) {
		char before = bytes.data[at];
		unsigned char byte = turn % 3 ? (unsigned char)(before ^ (1 << (turn / 3 % 8))) : interesting[turn / 3 % sizeof interesting];
		doing(t, packed ? "packed and changed" : "changed", at, byte);
		t->changed.data[at] = (char)byte;
		run(t, buffer_view(&t->changed), packed);
		t->changed.data[at] = before;
	}
}

static void with_insert(struct torture *t, size_t at, struct text insert, size_t without)
{
	buffer_clear(&t->changed);
	buffer_add(&t->changed, t->sample.data, at);
	buffer_text(&t->changed, insert);
	buffer_add(&t->changed, t->sample.data + at + without, t->sample.length - at - without);
	run(t, buffer_view(&t->changed), false);
}

static void try_inserts(struct torture *t)
{
	static const struct text inserts[] = {{"\0", 1}, {"\n", 1}, {"\xff", 1}, {"\xc0\x80", 2}, {"\xe2\x82", 2}, {"\xed\xa0\x80", 3}, {"\"", 1},
		{"\r", 1}, {"", 0}, {"\0\0\0\0\0\0\0\0", 8}, {"\xf4\x90\x80\x80", 4}, {"{", 1}, {"\\", 1}};
	enum { INSERTS = sizeof inserts / sizeof *inserts };
	size_t step = step_of(t, t->sample.length);
	for (size_t at = 0, turn = 0; at < t->sample.length; at += step, turn++) {
		const struct text *insert = &inserts[turn % INSERTS];
		doing(t, insert->length ? "put in" : "taken out", at, insert->length ? (unsigned char)insert->data[0] : 0);
		with_insert(t, at, *insert, insert->length == 0);
	}
}

static void expect_events(struct torture *t, const char *what, struct text bytes, uint64_t events, bool packed)
{
	snprintf(t->report->doing, sizeof t->report->doing, "%s", what);
	uint64_t got = run(t, bytes, packed);
	if (got == events)
		return;
	snprintf(t->report->doing, sizeof t->report->doing, "%s: %" PRIu64 " events, not %" PRIu64, what, got, events);
	fault(t, "other events than without");
}

/* The same events, however the lines end and whatever stands before them. */
static void try_dress(struct torture *t)
{
	if (!t->is_text)
		return;
	buffer_clear(&t->changed);
	for (size_t i = 0; i < t->sample.length; i++) {
		if (t->sample.data[i] == '\n' && (!i || t->sample.data[i - 1] != '\r'))
			buffer_char(&t->changed, '\r');
		buffer_char(&t->changed, t->sample.data[i]);
	}
	expect_events(t, "lines that end in CRLF", buffer_view(&t->changed), t->events, false);
	buffer_clear(&t->changed);
	buffer_string(&t->changed, "\xef\xbb\xbf");
	buffer_text(&t->changed, t->sample);
	expect_events(t, "a byte order mark", buffer_view(&t->changed), t->events, false);
}

static struct text gzip(struct buffer *out, struct text bytes)
{
	z_stream stream = {0};
	deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
	size_t room = deflateBound(&stream, bytes.length);
	char *packed = mem_alloc(room);
	stream.next_in = (unsigned char *)(uintptr_t)bytes.data;
	stream.avail_in = (unsigned)bytes.length;
	stream.next_out = (unsigned char *)packed;
	stream.avail_out = (unsigned)room;
	deflate(&stream, Z_FINISH);
	buffer_add(out, packed, room - stream.avail_out);
	deflateEnd(&stream);
	free(packed);
	return buffer_view(out);
}

static struct text zstd(struct buffer *out, struct text bytes)
{
	size_t room = ZSTD_compressBound(bytes.length);
	char *packed = mem_alloc(room);
	size_t length = ZSTD_compress(packed, room, bytes.data, bytes.length, 3);
	if (!ZSTD_isError(length))
		buffer_add(out, packed, length);
	free(packed);
	return buffer_view(out);
}

static void try_packed(struct torture *t, struct text (*pack)(struct buffer *, struct text))
{
	struct buffer packed = {0};
	size_t half = t->sample.length / 2;
	expect_events(t, "packed", pack(&packed, t->sample), t->events, true);
	try_beginnings(t, buffer_view(&packed), true);
	try_changes(t, buffer_view(&packed), true);
	buffer_clear(&packed);
	pack(&packed, text_slice(t->sample, 0, half));
	pack(&packed, text_slice(t->sample, half, t->sample.length));
	expect_events(t, "packed in two pieces", buffer_view(&packed), t->events, true);
	buffer_free(&packed);
}

static void try_sample(struct torture *t)
{
	snprintf(t->report->doing, sizeof t->report->doing, "as it is");
	t->events = run(t, t->sample, false);
	if (!t->events || t->events == UINT64_MAX)
		fault(t, "no event is read from it");
	run(t, TEXT(""), false);
	try_dress(t);
	try_beginnings(t, t->sample, false);
	try_changes(t, t->sample, false);
	try_inserts(t);
	try_packed(t, gzip);
	try_packed(t, zstd);
	snprintf(t->report->doing, sizeof t->report->doing, "twice");
	buffer_clear(&t->changed);
	buffer_text(&t->changed, t->sample);
	buffer_text(&t->changed, t->sample);
	run(t, buffer_view(&t->changed), false);
}

/* `head`, `piece` so often that it is `size` bytes, `tail`; between two samples. */
static void try_large(struct torture *t, const char *head, const char *piece, size_t size, const char *tail)
{
	size_t length = *piece ? strlen(piece) : 1; /* "": a NUL */
	snprintf(t->report->doing, sizeof t->report->doing, "%s%.20s… of %zu bytes", head, piece, size);
	buffer_clear(&t->changed);
	buffer_text(&t->changed, t->sample);
	buffer_string(&t->changed, head);
	for (size_t put = 0; put < size; put += length) { /* doubled while it can be */
		size_t begin = t->changed.length;
		buffer_add(&t->changed, piece, length);
		while (t->changed.length - begin < 1 << 16 && put + 2 * (t->changed.length - begin) <= size) {
			size_t have = t->changed.length - begin;
			buffer_text(&t->block, text_slice(buffer_view(&t->changed), begin, t->changed.length));
			buffer_text(&t->changed, buffer_view(&t->block));
			buffer_clear(&t->block);
			put += have;
		}
	}
	buffer_string(&t->changed, tail);
	buffer_text(&t->changed, t->sample);
	run(t, buffer_view(&t->changed), false);
}

static void try_large_ones(struct torture *t)
{
	static const struct {
		const char *head, *piece;
		size_t size;
		const char *tail;
	} large[] = {
		{"", "x", LARGE, "\n"}, {"{\"a\":\"", "x", LARGE, "\"}\n"}, {"\"", "a,b\n", LARGE / 16, "\n"}, {"", "\n", 1000000, ""},
		{"", "", 100000, "\n"}, {"", " ", LARGE / 16, "\n"}, {"", "a=b ", LARGE / 16, "\n"}, {"", "\"", LARGE / 16, "\n"},
		{"{\"a\":", "[", DEEP, "\n"}, {"", "{\"a\":", DEEP * 5, "1}\n"}, {"", "[", DEEP, "]\n"}, {"", "- ", DEEP * 2, "a\n"},
		{"", "a: {", DEEP * 4, "\n"}, {"", "(", DEEP, "\n"}, {"<", "<a>", DEEP * 3, "\n"}, {"", "$(", DEEP * 2, "\n"},
		{"type=SYSCALL msg=audit(1.0:1): a0=", "61", LARGE, "\n"}, {"a: &a [", "*a,", DEEP * 3, "]\n"},
	};
	struct rlimit limit = {(rlim_t)1 << 30, (rlim_t)1 << 30};
	setrlimit(RLIMIT_AS, &limit);
	snprintf(t->report->doing, sizeof t->report->doing, "as it is");
	t->events = run(t, t->sample, false);
	for (size_t i = 0; i < sizeof large / sizeof *large; i++)
		try_large(t, large[i].head, large[i].piece, large[i].size, large[i].tail);
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	snprintf(t->report->first_fault + (t->report->faults ? sizeof t->report->first_fault - 1 : 0), t->report->faults ? 1 : 40,
		"peak %ld MiB", usage.ru_maxrss / 1024);
}

static bool read_whole(struct arena *arena, const char *path, struct text *content)
{
	struct buffer bytes = {0};
	char block[1 << 14];
	size_t got;
	FILE *file = fopen(path, "rb");
	while (file && (got = fread(block, 1, sizeof block, file)) > 0)
		buffer_add(&bytes, block, got);
	*content = text_copy(arena, buffer_view(&bytes));
	buffer_free(&bytes);
	return file && fclose(file) == 0;
}

/* READER[.DIALECT].EXT */
static bool prepare(struct torture *t, const char *path)
{
	struct text name = path_name(text_of(path)), *parts;
	size_t count = text_split(&t->catalog.arena, name, '.', &parts);
	t->reader = count ? reader_find(parts[0]) : NULL;
	t->options = (struct reader_options){.catalog = &t->catalog, .csv_header = true};
	t->options.dialect = count > 2 ? catalog_dialect(&t->catalog, parts[1]) : NULL;
	if (!t->reader || (t->reader->named && !t->options.dialect) || !read_whole(&t->catalog.arena, path, &t->sample))
		return false;
	t->is_text = !t->sample.length || !memchr(t->sample.data, '\0', t->sample.length);
	t->some_wanted = arena_array(&t->catalog.arena, t->catalog.registry.field_count, 1);
	for (size_t i = 0; i < t->catalog.registry.field_count; i += 3)
		t->some_wanted[i] = 1;
	return true;
}

/* Tries one sample in a process of its own. True: all is well. */
static bool torment(struct torture *t, const char *path, bool large)
{
	struct report *report = t->report;
	memset(report, 0, sizeof *report);
	if (!prepare(t, path)) {
		printf("FAILED  %s: its name is no READER[.DIALECT].EXT with a reader and, where one is needed, a dialect\n", path);
		return false;
	}
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
		signal(SIGALRM, SIG_DFL);
		if (timer_create(CLOCK_PROCESS_CPUTIME_ID, &event, &t->clock))
			_exit(2);
		if (large)
			try_large_ones(t);
		else
			try_sample(t);
		_exit(0);
	}
	int status = 0;
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	bool died = child < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0;
	if (died)
		printf("FAILED  %s: %s: %s (run %" PRIu64 ")\n", path, report->doing,
			WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM ? "did not end within 20 s" : "crashed", report->runs);
	else if (report->faults)
		printf("FAILED  %s: %" PRIu64 " of %" PRIu64 " runs; the first: %s\n", path, report->faults, report->runs, report->first_fault);
	else
		printf("ok      %s: %" PRIu64 " runs%s%s\n", path, report->runs, large ? ", " : "", large ? report->first_fault : "");
	return !died && !report->faults;
}

/* Rows of readers[] without a sample. */
static int find_lacking(char **paths, int count)
{
	int lacking = 0;
	for (const struct reader *reader = readers; reader->name; reader++) {
		bool found = false;
		for (int i = 0; i < count; i++) {
			struct text name = path_name(text_of(paths[i]));
			found = found || text_is(text_slice(name, 0, text_find(name, '.')), reader->name);
		}
		if (!found)
			printf("FAILED  no sample of the reader %s stands in tests/torture/samples\n", reader->name);
		lacking += !found;
	}
	return lacking;
}

/* Is an earlier sample of the same reader? What is large is the same for all of them. */
static bool is_repeated(char **paths, int at)
{
	struct text name = path_name(text_of(paths[at]));
	struct text reader = text_slice(name, 0, text_find(name, '.') + 1);
	for (int i = 0; i < at; i++)
		if (text_starts(path_name(text_of(paths[i])), reader, false))
			return true;
	return false;
}

int main(int count, char **arguments)
{
	struct torture t = {.runs = RUNS};
	reader_plans_begin(&t.plans);
	bool large = false, all = false;
	int first = 1, passed = 0, failed = 0;
	for (; first < count && arguments[first][0] == '-'; first++) {
		if (strcmp(arguments[first], "--large") == 0)
			large = true;
		else if (strcmp(arguments[first], "--all") == 0)
			all = true;
		else if (strcmp(arguments[first], "--runs") == 0 && first + 1 < count)
			t.runs = (size_t)strtoul(arguments[++first], NULL, 10);
	}
	FILE *shared = tmpfile();
	if (!shared || ftruncate(fileno(shared), sizeof *t.report))
		return 2;
	t.report = mmap(NULL, sizeof *t.report, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(shared), 0);
	if (t.report == MAP_FAILED || !t.runs || catalog_load(&t.catalog, "rulesets", &t.d)) {
		diagnostics_print(&t.d, stderr);
		return 2;
	}
	for (int i = first; i < count; i++) {
		if (large && is_repeated(arguments + first, i - first))
			continue;
		bool good = torment(&t, arguments[i], large);
		passed += good;
		failed += !good;
	}
	if (all)
		failed += find_lacking(arguments + first, count - first);
	printf("%d passed, %d failed\n", passed, failed);
	return failed ? 1 : 0;
}
