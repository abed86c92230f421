/* join: records that are one event. */
#include "tests/unit/reading.h"

/* An event of `id` that stands in `count` records. */
#define RECORD(id, count, category, action, more) \
	"{\"event\": {\"id\": \"" id "\", \"category\": [\"" category "\"], \"action\": \"" action "\"}, \"mews\": {\"facets\": " count "}" more "}\n"

static void test_join(void)
{
	static const struct reading_case joined[] = {
		{"two records", RECORD("1", "2", "process", "exec", ", \"process\": {\"pid\": 7}") RECORD("1", "2", "container", "run", ", \"container\": {\"mounts\": []}"),
			1, 1, 1, 0, 0, "1 container.run @- container.mounts=", NULL},
		{"then another event", RECORD("1", "2", "process", "exec", "") RECORD("1", "2", "container", "run", "") RECORD("2", "1", "file", "open", ""),
			2, 2, 1, 0, 0, "3 file.open", NULL},
		{"the same id does not join what is whole", RECORD("1", "2", "process", "exec", "") RECORD("1", "2", "container", "run", "") RECORD("1", "2", "file", "open", ""),
			2, 2, 1, 0, 0, "3 file.open", NULL},
		{"a record is missing", RECORD("1", "3", "process", "exec", "") RECORD("1", "3", "container", "run", "") RECORD("2", "2", "file", "open", ""),
			2, 2, 1, 0, 0, "3 file.open", NULL},
		{"without an id there is nothing to join by", "{\"event\": {\"category\": \"process\", \"action\": \"exec\"}, \"mews\": {\"facets\": 2}}\n"
			"{\"event\": {\"category\": \"process\", \"action\": \"exec\"}, \"mews\": {\"facets\": 2}}\n", 2, 2, 0, 0, 0, "2 process.exec", NULL},
		{"nonsense as a number", RECORD("1", "\"x\"", "process", "exec", "") RECORD("1", "-4", "process", "exec", ""), 2, 2, 0, 0, 0, "2 process.exec", NULL},
		{"on one line", "[{\"event\": {\"id\": \"1\", \"category\": \"process\", \"action\": \"exec\"}, \"mews\": {\"facets\": 2}}, "
			"{\"event\": {\"id\": \"1\", \"category\": \"container\", \"action\": \"run\"}, \"mews\": {\"facets\": 2}}]\n", 1, 1, 0, 0, 0, "1 container.run", NULL},
	};
	reading_check("json", joined, sizeof joined / sizeof *joined);
}

/* The sink's wish to stop is heard, and what waits then is let go. */
static void test_stop(void)
{
	struct reading r;
	reading_begin(&r, "ecs");
	r.stop_after = 1;
	reading_run(&r, "json", TEXT(RECORD("1", "2", "process", "exec", "") RECORD("1", "2", "container", "run", "") RECORD("2", "2", "file", "open", "")));
	CHECK_LONG(r.status, 7);
	CHECK_LONG(r.taken, 1);
	reading_end(&r);
}

void suite_join(void);
void suite_join(void)
{
	CU_pSuite suite = unit_suite("join");
	UNIT_TEST(suite, test_join);
	UNIT_TEST(suite, test_stop);
}
