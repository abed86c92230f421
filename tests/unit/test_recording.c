/*
 * Where one recording of a host ends and another begins.
 */
#include "replay/derive/recording.h"
#include "replay/readers/rotation.h"
#include "tests/unit/unit.h"

#include <stdio.h>

#define SECOND RECORDING_SECOND
enum { HOUR = 3600, UNTIMED = -1 };

/* The next event, and the number of its recording among those of its host. */
struct step {
	const char *file;
	uint64_t host;
	int64_t second;
	const char *id;
	uint64_t expected;
};

static void run_steps(const struct dataset *dataset, const struct step *steps, size_t count)
{
	struct recordings *recordings = recordings_new();
	recordings_begin(recordings, dataset);
	for (size_t i = 0; i < count; i++) {
		struct event event = {.file = steps[i].file, .id = text_of(steps[i].id),
			.time = steps[i].second == UNTIMED ? INT64_MIN : steps[i].second * SECOND};
		size_t place = recordings_place(recordings, steps[i].host);
		uint64_t got = recording_of(recordings, steps[i].host, i % 2 == 0 ? place : 0, &event,
			recording_serial(event.id));
		CU_ASSERT(place == 0 || place == recordings_place(recordings, steps[i].host));
		CHECK_LONG(recording_now(recordings, recordings_place(recordings, steps[i].host)), got);
		if (got != steps[i].expected)
			printf("\n    step %zu (%s, second %lld): ", i, steps[i].file ? steps[i].file : "no file", (long long)steps[i].second);
		CHECK_LONG(got, steps[i].expected);
	}
	recordings_free(recordings);
}
#define RUN(dataset, steps) run_steps((dataset), (steps), sizeof(steps) / sizeof *(steps))

static void test_one_file(void)
{
	static const struct step steps[] = {
		{"a", 0, 100, "", 0}, {"a", 0, 90, "", 0}, {"a", 0, UNTIMED, "", 0},
		{"a", 0, 100 + 11 * HOUR, "", 0},  /* a quiet host */
		{"a", 0, 101 + 23 * HOUR, "", 1},  /* half a day of silence */
		{"a", 0, 42 + 23 * HOUR, "", 1},   /* a little out of order */
		{"a", 0, 23 * HOUR, "", 2},        /* it goes back */
		{"a", 0, 5 + 23 * HOUR, "", 2},
	};
	RUN(NULL, steps);
}

static void test_files(void)
{
	static const struct step steps[] = {
		{"a.log", 0, 1000, "", 0}, {"b.log", 0, 1030, "", 0}, /* they follow one another */
		{"c.log", 0, 1091, "", 1},                            /* not so soon */
		{"d.log", 0, 1031, "", 1}, {"e.log", 0, 900, "", 2},  /* the hour before */
		{"e.log.1", 0, 900 + HOUR, "", 2}, {"e.log", 0, 900 + 2 * HOUR, "", 2}, /* rotated */
		{"f.log", 0, UNTIMED, "", 2}, {"f.log", 0, 901 + 4 * HOUR, "", 3},
	};
	RUN(NULL, steps);
}

static void test_hosts(void)
{
	static const struct step steps[] = {
		{"a.log", 7, 1000, "", 0}, {"a.log", 8, 90000, "", 0}, {"a.log", 7, 1001, "", 0}, /* each has a clock of its own */
		{"b.log", 7, 1000 + HOUR, "", 0},   /* the name says that it is the same */
		{"b.log", 8, 90000 + 2 * HOUR, "", 1},
		{"b.log", 7, 1001 + 12 * HOUR, "", 0}, {"c.log", 7, 1002 + 13 * HOUR, "", 1},
	};
	RUN(NULL, steps);
}

static void test_serials(void)
{
	static const struct step steps[] = {
		{"a.log", 0, 1000, "1000.000:50000", 0},
		{"b.log", 0, 1000 + 20 * HOUR, "73000.000:50003", 0}, /* nothing is missing */
		{"b.log", 0, 1001 + 20 * HOUR, "73001.000:49990", 0},
		{"b.log", 0, 1002 + 20 * HOUR, "73002.000:150", 1},   /* booted */
		{"b.log", 0, 1003 + 20 * HOUR, "73003.000:900", 1},
		{"b.log", 0, 1003 + 21 * HOUR, "76603.000:90000", 1}, /* a filtered log */
		{"b.log", 0, 1004 + 22 * HOUR, "80204.000:180000", 2}, /* much is missing, for long */
		{"b.log", 0, 1005 + 22 * HOUR, "10:30:17", 2}, {"b.log", 0, 1006 + 22 * HOUR, "ab.cde:", 2},
	};
	RUN(NULL, steps);
}

/* Sources of one recording: a source's first file says nothing, and files of two sources come in turns. */
static void test_sources(void)
{
	char *first[] = {"a1", "a2"}, *second[] = {"b1"};
	struct source sources[] = {{.files = first, .file_count = 2}, {.files = second, .file_count = 1}};
	const struct dataset dataset = {.sources = sources, .source_count = 2};
	static const struct step steps[] = {
		{"a1", 0, 1000, "", 0}, {"b1", 0, 1000 + 2 * HOUR, "", 0}, {"a1", 0, 1000 + 4 * HOUR, "", 0},
		{"b1", 0, 1010 + 4 * HOUR, "", 0}, {"a2", 0, 1010 + 5 * HOUR, "", 1}, {"b1", 0, 1010 + 6 * HOUR, "", 1},
		{"a2", 0, 1010 + 8 * HOUR, "", 1},
	};
	RUN(&dataset, steps);
}

static void test_many_hosts(void)
{
	struct recordings *recordings = recordings_new();
	for (uint64_t round = 0; round < 3; round++)
		for (uint64_t host = 1; host <= RECORDING_HOSTS + 10; host++) {
			struct event event = {.file = "a", .time = (int64_t)(100000 - 1000 * round + host) * SECOND};
			CU_ASSERT_EQUAL_FATAL(recording_of(recordings, host, 0, &event, -1), host <= RECORDING_HOSTS ? round : 0);
		}
	recordings_free(recordings);
}

static void test_same_log(void)
{
	CU_ASSERT(rotation_same("/l/audit.log", "/l/audit.log.3"));
	CU_ASSERT(rotation_same("/l/audit.log.2.gz", "/l/audit.log.1"));
	CU_ASSERT(rotation_same("messages-20261101", "messages"));
	CU_ASSERT(!rotation_same("/l/audit.log", "/m/audit.log"));
	CU_ASSERT(!rotation_same("host1.log", "host2.log"));
}

void suite_recording(void)
{
	CU_pSuite suite = unit_suite("recording");
	UNIT_TEST(suite, test_one_file);
	UNIT_TEST(suite, test_files);
	UNIT_TEST(suite, test_hosts);
	UNIT_TEST(suite, test_serials);
	UNIT_TEST(suite, test_sources);
	UNIT_TEST(suite, test_many_hosts);
	UNIT_TEST(suite, test_same_log);
}
