/* Silent sources, detection on them, the ledger per file, finding files. */
#include "replay/readers/files.h"
#include "replay/readers/plain.h"
#include "replay/readers/rotation.h"
#include "tests/unit/reading.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A source that is silent between its pieces, and ends behind the last. */
struct pieces {
	const char *const *at;
	bool spoke;
	unsigned silences, told;
};

static ssize_t read_piece(void *context, void *data, size_t size, struct diagnostics *d)
{
	struct pieces *p = context;
	(void)d;
	if (p->spoke) {
		p->spoke = false;
		p->silences++;
		return INPUT_SILENT;
	}
	if (!*p->at)
		return 0;
	size_t length = strlen(*p->at);
	CU_ASSERT_FATAL(length <= size);
	memcpy(data, *p->at++, length);
	p->spoke = true;
	return (ssize_t)length;
}

static int count_silence(void *context)
{
	struct pieces *p = context;
	return ++p->told == 4;
}

static void test_silence(void)
{
	static const char *const text[] = {"one\n", "two\n", "thr", "ee\n", "four\n", "never\n", NULL};
	struct pieces p = {.at = text};
	struct diagnostics d = {0};
	struct text begin;
	struct input_line line;
	struct input *input = input_from("pieces", (struct input_source){read_piece, NULL, &p});
	CHECK_LONG(input_peek(input, 100, &begin, &d), 0); /* what came before the silence is shown */
	CHECK_TEXT(begin, "one\n");
	CHECK_LONG(input_peek(input, 2, &begin, &d), 0);
	CHECK_TEXT(begin, "on");
	input_when_silent(input, count_silence, &p);
	CHECK_LONG(input_next(input, &line, &d), 1);
	CHECK_TEXT(line.text, "one");
	CHECK_LONG(input_next(input, &line, &d), 1);
	CHECK_TEXT(line.text, "two");
	CHECK_LONG(p.told, 0); /* the silence before it was the peek's */
	CHECK_LONG(input_next(input, &line, &d), 1);
	CHECK_TEXT(line.text, "three"); /* a line in two pieces */
	CHECK_LONG(p.told, 2);
	input_begin_lines(input);
	CHECK_LONG(input_next(input, &line, &d), 1);
	CHECK_TEXT(line.text, "four");
	CHECK_LONG(line.number, 1);
	CHECK_LONG(input_next(input, &line, &d), 0); /* the fourth silence was enough */
	CHECK_LONG(p.told, 4);
	input_close(input);
	diagnostics_free(&d);
}

static int count_events(void *context, struct event *event)
{
	(void)event;
	++*(unsigned *)context;
	return 0;
}

/* An event of an audit log that nothing ends is handed on when the log is silent. */
static void test_silent_audit(void)
{
	static const char *const text[] = {"type=SYSCALL msg=audit(1.000:1): arch=c000003e syscall=59 success=yes exit=0 pid=2\n",
		"type=PATH msg=audit(1.000:1): item=0 name=\"/bin/ls\" nametype=NORMAL\n", NULL};
	struct pieces p = {.at = text};
	struct reading r;
	unsigned events = 0;
	reading_begin(&r, "auditd");
	struct input *input = input_from("pieces", (struct input_source){read_piece, NULL, &p});
	CHECK_LONG(reader_read(reader_find(TEXT("auditd")), input, &r.options, (struct event_sink){count_events, &events}, &r.ledger,
		&r.diagnostics), 0);
	CHECK_LONG(events, 2); /* the second record came too late: an event of its own */
	CHECK_LONG(r.ledger.event_lines, 2);
	input_close(input);
	reading_end(&r);
}

static void test_ledger(void)
{
	struct ledger sum = {0}, part = {.lines = 4, .events = 2, .event_lines = 2};
	for (int i = 0; i < 20; i++) {
		char kind[16];
		snprintf(kind, sizeof kind, "kind=%d", i % 10);
		ledger_unmapped(&part, text_of(kind));
	}
	CHECK_LONG(part.kind_count, LEDGER_KINDS);
	CHECK_LONG(part.kinds[0].count, 2);
	CHECK_LONG(part.unmapped, 20);
	ledger_unmapped(&part, TEXT("kind=0"));
	ledger_unmapped_undo(&part);
	CHECK_LONG(part.kinds[0].count, 2);
	CHECK_LONG(part.unmapped, 20);
	ledger_reject(&part, "a", 3, "odd %d", 7);
	ledger_add_file(&sum, &part, "a", "json", NULL);
	ledger_add_file(&sum, &part, "b", "json", "ecs");
	ledger_free(&part);
	CHECK_LONG(sum.file_count, 2);
	CHECK_LONG(sum.lines, 8);
	CHECK_LONG(sum.unmapped, 40);
	CHECK_LONG(sum.kinds[0].count, 4);
	CHECK_LONG(sum.first_count, 2);
	CHECK_TEXT(text_of(sum.files[1].first[0].reason), "odd 7");
	CHECK_TEXT(text_of(sum.files[1].file), "b");
	CHECK_LONG(sum.files[0].rejected, 1);
	ledger_free(&sum);
}

static void test_files(void)
{
	struct arena arena = {0};
	struct found_file *found = NULL;
	size_t count = 0;
	const char *folder = unit_folder(&arena), *names = "";
	unit_file(&arena, folder, "b/z.log", TEXT(""));
	unit_file(&arena, folder, "b.log", TEXT(""));
	unit_file(&arena, folder, "a.log", TEXT(""));
	unit_file(&arena, folder, ".hidden/c", TEXT(""));
	CU_ASSERT_EQUAL(symlink("b", arena_printf(&arena, "%s/link", folder)), 0);
	CU_ASSERT_EQUAL(symlink("nowhere", arena_printf(&arena, "%s/lost", folder)), 0);
	CU_ASSERT_EQUAL(mkfifo(arena_printf(&arena, "%s/pipe", folder), 0600), 0);
	files_below(&arena, folder, &found, &count);
	for (size_t i = 0; i < count; i++)
		names = arena_printf(&arena, "%s%s%s ", names, found[i].path + strlen(folder) + 1, found[i].skipped ? "!" : "");
	CHECK_TEXT(text_of(names), ".hidden! a.log b/z.log b.log link! lost! pipe! ");
	CU_ASSERT_TRUE(files_is_glob("a*") && files_is_glob("a[b]") && !files_is_glob("a.log"));
	unlink(arena_printf(&arena, "%s/link", folder));
	arena_free(&arena);
}

static void test_rotation(void)
{
	static const char *const paths[] = {"a.log", "audit.log", "audit.log.1", "audit.log.10.gz", "audit.log.2.zst", "b.1", "messages",
		"messages-20261101", "messages-20261108.gz", "release-2.0.12345", "z-1.log", "z-2.log"};
	static const char expected[] = "a.log audit.log.10.gz audit.log.2.zst audit.log.1 audit.log b.1 messages-20261101 "
		"messages-20261108.gz messages release-2.0.12345 z-1.log z-2.log ";
	enum { COUNT = sizeof paths / sizeof *paths };
	size_t order[COUNT];
	struct buffer got = {0};
	rotation_order(paths, COUNT, order);
	for (size_t i = 0; i < COUNT; i++)
		buffer_printf(&got, "%s ", paths[order[i]]);
	CHECK_TEXT(buffer_view(&got), expected);
	buffer_free(&got);
	rotation_order(paths, 0, order);
}

void suite_intake(void);
void suite_intake(void)
{
	CU_pSuite suite = unit_suite("intake");
	UNIT_TEST(suite, test_silence);
	UNIT_TEST(suite, test_silent_audit);
	UNIT_TEST(suite, test_ledger);
	UNIT_TEST(suite, test_files);
	UNIT_TEST(suite, test_rotation);
}
