/* syslog: heads of lines, times with half of them left out, frames, and the account of lines. */
#include "replay/readers/syslog_parse.h"
#include "tests/unit/reading.h"

#define SECOND INT64_C(1000000000)
/* 2024-03-01T00:00:00Z */
#define NEWEST (INT64_C(1709251200) * SECOND)

struct head_case {
	const char *line;
	const char *why; /* NULL: it has a head */
	const char *time, *host, *program, *pid, *message;
	int priority;
};

static const struct head_case heads[] = {
	{"<34>Oct 11 22:14:15 web1 su: 'su root' failed", NULL, "2023-10-11T22:14:15Z", "web1", "su", "", "'su root' failed", 34},
	{"Oct 11 22:14:15 web1 sshd[812]: hello", NULL, "2023-10-11T22:14:15Z", "web1", "sshd", "812", "hello", -1},
	{"Mar  1 10:00:00 web1 sshd[812]: today", NULL, "2024-03-01T10:00:00Z", "web1", "sshd", "812", "today", -1},
	{"Mar  2 10:00:00 web1 a: a year ago", NULL, "2023-03-02T10:00:00Z", "web1", "a", "", "a year ago", -1},
	{"Feb 29 10:00:00 web1 a: leap", NULL, "2024-02-29T10:00:00Z", "web1", "a", "", "leap", -1},
	{"Oct 11 22:14:15.123456 web1 a[1]: short-precise", NULL, "2023-10-11T22:14:15.123456Z", "web1", "a", "1",
		"short-precise", -1},
	{"Oct 11 2020 22:14:15 web1 a: year inside", NULL, "2020-10-11T22:14:15Z", "web1", "a", "", "year inside", -1},
	{"Oct 11 22:14:15 2020 web1 a: year behind", NULL, "2020-10-11T22:14:15Z", "web1", "a", "", "year behind", -1},
	{"Oct 11 22:14:15 sshd[3]: no host", NULL, "2023-10-11T22:14:15Z", "", "sshd", "3", "no host", -1},
	{"Oct 11 22:14:15 web1 no program at all", NULL, "2023-10-11T22:14:15Z", "web1", "", "", "no program at all", -1},
	{"Oct 11 22:14:15 web1 postfix/smtpd[3]: slash", NULL, "2023-10-11T22:14:15Z", "web1", "postfix/smtpd", "3", "slash", -1},
	{"Oct 11 22:14:15 web1 sshd(pam_unix)[3]: old", NULL, "2023-10-11T22:14:15Z", "web1", "sshd(pam_unix)", "3", "old", -1},
	{"Oct 11 22:14:15 web1 kernel: [   12.345678] audit: x", NULL, "2023-10-11T22:14:15Z", "web1", "kernel", "", "audit: x", -1},
	{"Oct 11 22:14:15 fe80::1 a: colons", NULL, "2023-10-11T22:14:15Z", "fe80::1", "a", "", "colons", -1},
	{"Oct 11 22:14:15 web1 a:", NULL, "2023-10-11T22:14:15Z", "web1", "a", "", "", -1},
	{"2020-11-10T07:48:16.1+01:00 web1 sshd[812]: iso", NULL, "2020-11-10T06:48:16.100Z", "web1", "sshd", "812", "iso", -1},
	{"2020-11-10T07:48:16+0100 web1 sshd[812]: iso", NULL, "2020-11-10T06:48:16Z", "web1", "sshd", "812", "iso", -1},
	{"Tue 2020-11-10 07:48:16 CET web1 a[1]: full", NULL, "2020-11-10T06:48:16Z", "web1", "a", "1", "full", -1},
	{"1604994496.155123 web1 a[1]: unix", NULL, "2020-11-10T07:48:16.155123Z", "web1", "a", "1", "unix", -1},
	{"[   12.345678] audit: type=1400 x", NULL, "-", "", "kernel", "", "audit: type=1400 x", -1},
	{"[   12.345678] web1 sshd[4]: monotonic", NULL, "-", "web1", "sshd", "4", "monotonic", -1},
	{"[Tue Nov 10 07:48:16 2020] usb 1-1: new", NULL, "2020-11-10T07:48:16Z", "", "kernel", "", "usb 1-1: new", -1},
	{"<6>[   12.345678] x y", NULL, "-", "", "kernel", "", "x y", 6},
	{"<13>app: no time", NULL, "-", "", "app", "", "no time", 13},
	{"<165>1 2003-08-24T05:14:15.000003-07:00 h app 8710 - - text", NULL, "2003-08-24T12:14:15.000003Z", "h", "app", "8710", "text",
		165},
	{"<165>1 - - - - - - \xef\xbb\xbftext", NULL, "-", "", "", "", "text", 165},
	{"<165>1 2003-08-24T05:14:15Z h a - ID [x@1 b=\"c\\\"]\"][y] text", NULL, "2003-08-24T05:14:15Z", "h", "a", "", "text", 165},
	{"1 2003-08-24T05:14:15Z h a - - -", NULL, "2003-08-24T05:14:15Z", "h", "a", "", "", -1},
	{"<165>1 2003-08-24T05:14:15Z h a - ID [x@1 b=\"c] text", "its structured data is broken", NULL, NULL, NULL, NULL, NULL, 0},
	{"<165>1 203-08-24T05:14:15Z h a - - - x", "its time is none of RFC 5424", NULL, NULL, NULL, NULL, NULL, 0},
	{"<192>Oct 11 22:14:15 h a: x", "its priority is above 191", NULL, NULL, NULL, NULL, NULL, 0},
	{"<x>Oct 11 22:14:15 h a: x", "it begins with < but has no priority", NULL, NULL, NULL, NULL, NULL, 0},
	{"<7>words without anything", "behind its priority there is neither a time nor a program", NULL, NULL, NULL, NULL, NULL, 0},
	{"Oct 32 22:14:15 h a: x", "it begins with no time that a log line begins with", NULL, NULL, NULL, NULL, NULL, 0},
	{"Oct 11 25:14:15 h a: x", "it begins with no time that a log line begins with", NULL, NULL, NULL, NULL, NULL, 0},
	{"hello", "it begins with no time that a log line begins with", NULL, NULL, NULL, NULL, NULL, 0},
	{"", "it begins with no time that a log line begins with", NULL, NULL, NULL, NULL, NULL, 0},
};

static void check_time(int64_t time, const char *expected)
{
	char text[32] = "-";
	if (time != INT64_MIN)
		date_format(time, text);
	CHECK_TEXT(text_of(text), expected);
}

static void test_heads(void)
{
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		const struct head_case *c = &heads[i];
		struct syslog_clock clock = {.newest = NEWEST};
		struct envelope e;
		const char *why = syslog_parse(&clock, text_of(c->line), &e);
		CHECK_TEXT(text_of(why), c->why ? c->why : "");
		if (why || c->why)
			continue;
		check_time(e.time, c->time);
		CHECK_TEXT(e.host, c->host);
		CHECK_TEXT(e.program, c->program);
		CHECK_TEXT(e.pid, c->pid);
		CHECK_TEXT(e.message, c->message);
		CHECK_LONG(e.priority, c->priority);
	}
}

/* Every beginning of every line is read within its bounds, and says why it has no head or what its parts are. */
static void test_prefixes(void)
{
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		for (size_t length = 0; length < strlen(heads[i].line); length++) {
			struct arena arena = {0};
			struct syslog_clock clock = {.newest = NEWEST};
			struct envelope e;
			struct text line = {arena_strndup(&arena, heads[i].line, length), length};
			const char *why = syslog_parse(&clock, line, &e);
			CU_ASSERT(why || e.message.length <= length);
			arena_free(&arena);
		}
}

/* The year of the first line is known: it counts up with each new year, and a late line belongs to the old one. */
static void test_years(void)
{
	static const char *const lines[][2] = {
		{"Nov 10 07:48:16 h a: x", "2019-11-10T07:48:16Z"}, {"Dec 31 23:59:59 h a: x", "2019-12-31T23:59:59Z"},
		{"Jan  1 00:00:01 h a: x", "2020-01-01T00:00:01Z"}, {"Dec 31 23:59:58 h a: x", "2019-12-31T23:59:58Z"},
		{"Feb 29 10:00:00 h a: x", "2020-02-29T10:00:00Z"}, {"Jul  1 10:00:00 h a: x", "2020-07-01T10:00:00Z"},
		{"Dec 24 10:00:00 h a: x", "2020-12-24T10:00:00Z"}, {"Jan  2 10:00:00 h a: x", "2021-01-02T10:00:00Z"},
	};
	struct syslog_clock clock = {.newest = NEWEST, .year = 2019};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct envelope e;
		CU_ASSERT_PTR_NULL(syslog_parse(&clock, text_of(lines[i][0]), &e));
		check_time(e.time, lines[i][1]);
	}
}

static void test_time_of_day(void)
{
	int64_t time;
	CU_ASSERT_TRUE(syslog_time_of_day(TEXT("23:59:59.5"), NEWEST, &time));
	check_time(time, "2024-02-29T23:59:59.500Z");
	CU_ASSERT_TRUE(syslog_time_of_day(TEXT("00:00:01"), NEWEST - SECOND, &time));
	check_time(time, "2024-03-01T00:00:01Z");
	CU_ASSERT_FALSE(syslog_time_of_day(TEXT("00:00:01"), INT64_MIN, &time));
	CU_ASSERT_FALSE(syslog_time_of_day(TEXT("0:00:01"), NEWEST, &time));
}

static void test_structured(void)
{
	struct arena arena = {0};
	struct record record;
	struct envelope e = {.priority = 86, .repeated = 3, .time = 0, .structured = TEXT("[a@1 b=\"c\" d=\"\\\"\\]\\\\\\x\"][e]")};
	record_begin(&record, &arena, "f", 1);
	envelope_record(&e, &record);
	CHECK_TEXT(record_get(&record, NULL, TEXT("syslog.sd.a@1.b"))->first, "c");
	CHECK_TEXT(record_get(&record, NULL, TEXT("syslog.sd.a@1.d"))->first, "\"]\\\\x");
	CHECK_TEXT(record_get(&record, NULL, TEXT("syslog.facility"))->first, "authpriv");
	CHECK_TEXT(record_get(&record, NULL, TEXT("syslog.severity"))->first, "info");
	CHECK_TEXT(record_get(&record, NULL, TEXT("syslog.repeated"))->first, "3");
	CU_ASSERT_PTR_NULL(record_get(&record, NULL, TEXT("syslog.host")));
	arena_free(&arena);
}

static void begin(struct reading *r)
{
	reading_begin(r, "syslog");
	reading_add_dialect(r, "auditd");
	reading_add_dialect(r, "falco");
	reading_add_dialect(r, "sysmon");
	r->options.year = 2020;
}

struct account_case {
	const char *content, *expected;
	uint64_t events, first, continued, blank, rejected;
};

#define AUDIT(type, rest) "type=" type " msg=audit(1604994498.155:92733): " rest

static const struct account_case accounts[] = {
	{"Nov 10 07:48:16 h a: x\n\n-- Boot 1 --\nnonsense\n", "log.message", 1, 1, 0, 2, 1},
	/* an audit event over two lines, with another line between */
	{"Nov 10 07:48:16 h audispd: " AUDIT("SYSCALL", "arch=c000003e syscall=59 success=yes exe=\"/bin/ls\"") "\nNov 10 07:48:16 h a: x\n"
	 "Nov 10 07:48:16 h audispd: " AUDIT("EXECVE", "argc=1 a0=\"ls\"") "\n", "process.args=[ls]", 2, 2, 1, 0, 0},
	/* what only looks like a record is a message */
	{"Nov 10 07:48:16 h a: type=SYSCALL msg=audit(x)\n", "message=[type=SYSCALL msg=audit(x)]", 1, 1, 0, 0, 0},
	/* indented lines are of the message before */
	{"Nov 10 07:48:16 h java[3]: Exception\n\tat a.b\n", "message=[at a.b] process.name=[java]", 2, 2, 0, 0, 0},
	{"\tat a.b\n", NULL, 0, 0, 0, 0, 1},
	/* frames: two on a line, one over two lines, one that does not end */
	{"26 <13>Nov 10 07:48:16 h a: x26 <13>Nov 10 07:48:16 h a: y\n", "message=[y]", 2, 2, 0, 0, 0},
	{"28 <13>Nov 10 07:48:16 h a: x\ny26 <13>Nov 10 07:48:16 h a: z", "message=[x\ny]", 2, 2, 0, 0, 0},
	{"99 <13>Nov 10 07:48:16 h a: x\n", "message=[x]", 1, 1, 0, 0, 0},
	/* repeated */
	{"Nov 10 07:48:16 h sshd[1]: Invalid user x from 10.0.0.1\nNov 10 07:48:20 h last message repeated 3 times\n",
		"authentication.login @2020-11-10T07:48:20Z", 2, 2, 0, 0, 0},
	{"Nov 10 07:48:16 h sshd[1]: message repeated 2 times: [ Failed password for root from 10.0.0.1 port 1 ssh2]\n",
		"event.outcome=[failure]", 1, 1, 0, 0, 0},
	{"Nov 10 07:48:16 h last message repeated 3 times\n", "log.message", 1, 1, 0, 0, 0},
};

static void test_accounts(void)
{
	for (size_t i = 0; i < sizeof accounts / sizeof *accounts; i++) {
		const struct account_case *c = &accounts[i];
		struct reading r;
		begin(&r);
		reading_run(&r, "syslog", text_of(c->content));
		CU_ASSERT_TRUE(reading_counts(&r, c->events, c->first, c->continued, c->blank, c->rejected));
		if (c->expected)
			CHECK_CONTAINS(r.events, c->expected);
		reading_end(&r);
	}
}

/* A command of sudo over three lines is one event, at the first of them; another message before its end leaves it as it is. */
static void test_long_command(void)
{
	static const char head[] = "Nov 10 07:48:16 h sudo:   ci : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/echo";
	struct buffer log = {0};
	struct reading r;
	for (int cut = 0; cut < 2; cut++) {
		buffer_string(&log, head);
		for (int i = 0; i < 100; i++)
			buffer_printf(&log, " word-%03d", i);
		buffer_printf(&log, "\n%sNov 10 07:48:16 h sudo:   ci : (command continued) more 'and more'\n", cut ? "Nov 10 07:48:16 h a: x\n" : "");
		buffer_string(&log, "Nov 10 07:48:16 h sudo:   ci : (command continued) end\n");
	}
	begin(&r);
	reading_run(&r, "syslog", buffer_view(&log));
	CU_ASSERT_TRUE(reading_counts(&r, 5, 5, 2, 0, 0));
	CHECK_CONTAINS(r.events, "[word-099][more][and more][end] process.command_line");
	CHECK_CONTAINS(r.events, "[word-099] process.command_line");
	CHECK_CONTAINS(r.events, "6 log.other");
	buffer_free(&log);
	reading_end(&r);
}

/* An audit record tells the year of the heads around it. */
static void test_year_of_record(void)
{
	struct reading r;
	begin(&r);
	r.options.year = 0;
	reading_run(&r, "syslog", TEXT("Nov 10 07:48:16 h a: x\nNov 10 07:48:18 h audispd: " AUDIT("USER_AUTH", "pid=1") "\n"));
	CHECK_CONTAINS(r.events, "@2020-11-10T07:48:16Z");
	reading_end(&r);
}

static void test_stops(void)
{
	struct reading r;
	begin(&r);
	r.stop_after = 1;
	reading_run(&r, "syslog", TEXT("Nov 10 07:48:16 h a: x\nNov 10 07:48:16 h a: y\n"));
	CHECK_LONG(r.status, 7);
	CHECK_LONG(r.taken, 1);
	reading_end(&r);
}

static void test_fits(void)
{
	const struct reader *syslog = reader_find(TEXT("syslog"));
	CHECK_LONG(syslog->fits(TEXT("Nov 10 07:48:16 h a: x\n")), 100);
	CHECK_LONG(syslog->fits(TEXT("<13>1 - h a - - - x\n")), 100);
	CHECK_LONG(syslog->fits(TEXT("CEF:0|a|b|1|2|n|3|k=v\n")), 100);
	CHECK_LONG(syslog->fits(TEXT("type=SYSCALL msg=audit(1.5:9): a=b\n")), 0);
	CHECK_LONG(syslog->fits(TEXT("{\"a\":1}\n")), 0);
	CHECK_LONG(syslog->fits(TEXT("services:\n  web:\n    image: x\n")), 0);
	CHECK_LONG(syslog->fits(TEXT("a,b,c\n1,2,3\n")), 0);
}

void suite_syslog(void);
void suite_syslog(void)
{
	CU_pSuite suite = unit_suite("syslog");
	UNIT_TEST(suite, test_heads);
	UNIT_TEST(suite, test_prefixes);
	UNIT_TEST(suite, test_years);
	UNIT_TEST(suite, test_time_of_day);
	UNIT_TEST(suite, test_structured);
	UNIT_TEST(suite, test_accounts);
	UNIT_TEST(suite, test_long_command);
	UNIT_TEST(suite, test_year_of_record);
	UNIT_TEST(suite, test_stops);
	UNIT_TEST(suite, test_fits);
}
