/* date_layout: times in ways of their own, and what is none. */
#include "catalog/date_layout.h"
#include "catalog/value.h"
#include "tests/unit/unit.h"

struct layout_case {
	const char *layout, *text, *expected; /* NULL: no time */
};

static const struct layout_case cases[] = {
	{"%d/%b/%Y:%H:%M:%S %z", "25/Nov/2026:22:50:00 +0100", "2026-11-25T21:50:00Z"},
	{"%d/%b/%Y:%H:%M:%S%f %z", "25/Nov/2026:22:50:00.5 -01:30", "2026-11-26T00:20:00.500Z"},
	{"%d/%b/%Y:%H:%M:%S%f %z", "25/Nov/2026:22:50:00 Z", "2026-11-25T22:50:00Z"},
	{"%Y-%m-%d %H:%M:%S%f", "2026-11-25 22:50:00,123456789123", "2026-11-25T22:50:00.123456789Z"},
	{"%a %b %d %H:%M:%S %Y %z", "Mon Jul  7 05:55:48 2025 UTC", "2025-07-07T05:55:48Z"},
	{"%A, %d %B %Y %I:%M %p", "Wednesday, 25 november 2026 12:05 am", "2026-11-25T00:05:00Z"},
	{"%m/%d/%y %I:%M:%S %p", "1/2/69 1:02:03 PM", "1969-01-02T13:02:03Z"},
	{"%d.%m.%Y", "3.4.2026", "2026-04-03T00:00:00Z"},
	{"%Y%m%d%H%M%S", "20261125225000", "2026-11-25T22:50:00Z"},
	{"%d%% %m %Y", "3% 4 2026", "2026-04-03T00:00:00Z"},
	{"%d %m %Y", "3   4 2026  ", "2026-04-03T00:00:00Z"},
	{"%d.%m.%Y", "31.2.2026", NULL},
	{"%d.%m.%Y", "3.13.2026", NULL},
	{"%d.%m.%Y", "3.4.2026x", NULL},
	{"%d.%m.%Y", "3.4.", NULL},
	{"%d.%b.%Y", "3.Mai.2026", NULL},
	{"%d.%m.%Y %H:%M %p", "3.4.2026 1:02 noon", NULL},
	{"%d.%m.%Y %z", "3.4.2026 CET", NULL},
	{"%d.%m.%Y %z", "3.4.2026 +", NULL},
	{"%d.%m.%Y", "", NULL},
};

static void test_layouts(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t nanoseconds;
		char written[40] = "none";
		if (date_by_layout(text_of(cases[i].layout), text_of(cases[i].text), &nanoseconds))
			date_format(nanoseconds, written);
		CHECK_TEXT(text_of(written), cases[i].expected ? cases[i].expected : "none");
	}
}

/* Every beginning of a good text is judged without reading on. */
static void test_beginnings(void)
{
	static const char text[] = "Mon Jul  7 05:55:48.25 2025 +0100";
	for (size_t length = 0; length <= sizeof text - 1; length++) {
		int64_t nanoseconds;
		bool whole = date_by_layout(TEXT("%a %b %d %H:%M:%S%f %Y %z"), (struct text){text, length}, &nanoseconds);
		CU_ASSERT_EQUAL(whole, length == sizeof text - 1 || length == sizeof text - 2 || length == sizeof text - 3 ||
			length == sizeof text - 4);
	}
}

static void test_faults(void)
{
	CU_ASSERT_PTR_NULL(date_layout_fault(TEXT("%y%b%d")));
	CU_ASSERT_PTR_NOT_NULL(date_layout_fault(TEXT("%Y-%m")));
	CU_ASSERT_PTR_NOT_NULL(date_layout_fault(TEXT("%Y-%m-%d %")));
	CU_ASSERT_PTR_NOT_NULL(date_layout_fault(TEXT("%Y-%m-%d %T")));
}

void suite_date_layout(void)
{
	CU_pSuite suite = unit_suite("date_layout");
	UNIT_TEST(suite, test_layouts);
	UNIT_TEST(suite, test_beginnings);
	UNIT_TEST(suite, test_faults);
}
