/* value: dates, addresses, and text as each type. */
#include "tests/unit/unit.h"

static void test_dates(void)
{
	static const struct {
		const char *text;
		int64_t nanoseconds;
	} cases[] = {
		{"1970-01-01T00:00:00Z", 0},
		{"1970-01-01", 0},
		{"1969-12-31T23:59:59.5Z", -500000000},
		{"2026-11-23T20:41:00Z", INT64_C(1795466460000000000)},
		{"2026-11-23 20:41:00", INT64_C(1795466460000000000)},
		{"2026-11-23t20:41:00z", INT64_C(1795466460000000000)},
		{"2026-11-23T22:41:00+02:00", INT64_C(1795466460000000000)},
		{"2026-11-23T15:11:00-0530", INT64_C(1795466460000000000)},
		{"2026-11-23T20:41:00.123456789Z", INT64_C(1795466460123456789)},
		{"2026-11-23T20:41:00.1234567899999Z", INT64_C(1795466460123456789)},
		{"2026-11-23T20:41:00,25Z", INT64_C(1795466460250000000)},
		{"2000-02-29T00:00:00Z", INT64_C(951782400000000000)},
		{"2016-12-31T23:59:60Z", INT64_C(1483228800000000000)}, /* a leap second is the next second's start */
		{"1795466460", INT64_C(1795466460000000000)},
		{"1795466460.123", INT64_C(1795466460123000000)},
		{"0", 0},
		{"-1.5", -1500000000},
		{"-0.25", -250000000},
		{"2262-04-11T23:47:16.854775807Z", INT64_MAX},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int64_t nanoseconds = 1;
		CU_ASSERT(date_parse(text_of(cases[i].text), &nanoseconds));
		CHECK_LONG(nanoseconds, cases[i].nanoseconds);
	}
}

static void test_no_dates(void)
{
	static const char *const cases[] = {
		"", "now", "2026-", "2026-1-01x", "2026-13-01", "2026-00-01", "2026-02-29", "1900-02-29", "2026-04-31",
		"2026-11-23T", "2026-11-23T24:00:00Z", "2026-11-23T20:60:00Z", "2026-11-23T20:41:61Z", "2026-11-23T20:41Z",
		"2026-11-23T20:41:00.Z", "2026-11-23T20:41:00X", "2026-11-23T20:41:00+2", "2026-11-23T20:41:00+24:00",
		"2026-11-23T20:41:00Z ", "2262-04-11T23:47:16.854775808Z", "1677-01-01", "9223372037", "1.", "1.5x", ".5",
		"-", "1e9", "99999999999999999999",
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int64_t nanoseconds = 77;
		if (date_parse(text_of(cases[i]), &nanoseconds))
			CHECK_TEXT(text_of(cases[i]), "(no date)");
		CHECK_LONG(nanoseconds, 77);
	}
	int64_t nanoseconds;
	CU_ASSERT_FALSE(date_parse(TEXT("2026-11-23T20:41:00\0"), &nanoseconds));
	CU_ASSERT_FALSE(date_parse(TEXT("2026-11-23\0" "20:41:00"), &nanoseconds));
}

static void test_date_format(void)
{
	static const struct {
		int64_t nanoseconds;
		const char *text;
	} cases[] = {
		{0, "1970-01-01T00:00:00Z"},
		{-1, "1969-12-31T23:59:59.999999999Z"},
		{INT64_C(1795466460000000000), "2026-11-23T20:41:00Z"},
		{INT64_C(1795466460120000000), "2026-11-23T20:41:00.120Z"},
		{INT64_C(1795466460120001000), "2026-11-23T20:41:00.120001Z"},
		{INT64_C(1795466460000000001), "2026-11-23T20:41:00.000000001Z"},
		{INT64_C(951782399000000000), "2000-02-28T23:59:59Z"},
		{INT64_C(951782400000000000), "2000-02-29T00:00:00Z"},
		{INT64_C(951868800000000000), "2000-03-01T00:00:00Z"},
		{INT64_MAX, "2262-04-11T23:47:16.854775807Z"},
		{INT64_MIN + 1, "1677-09-21T00:12:43.145224193Z"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char string[32];
		size_t length = date_format(cases[i].nanoseconds, string);
		CHECK_TEXT(((struct text){string, length}), cases[i].text);
	}
	/* Every 31.7 days of the whole range there and back. */
	for (int64_t t = INT64_MIN / 1000 * 999; t < INT64_MAX / 1000 * 999; t += INT64_C(2739123456789012)) {
		char string[32];
		int64_t again = 0;
		size_t length = date_format(t, string);
		if (!date_parse((struct text){string, length}, &again) || again != t)
			CHECK_LONG(again, t);
	}
}

static void test_addresses(void)
{
	struct ip ip, other;
	CU_ASSERT(ip_parse(TEXT("10.1.2.3"), &ip));
	CHECK_LONG(ip.bytes[12], 10);
	CHECK_LONG(ip.bytes[15], 3);
	CHECK_LONG(ip.bytes[10], 0xff);
	CU_ASSERT(ip_parse(TEXT("::ffff:10.1.2.3"), &other));
	CHECK_LONG(value_compare(TYPE_IP, &(struct value){.ip = ip}, &(struct value){.ip = other}), 0);
	CU_ASSERT(ip_parse(TEXT("2001:db8::1"), &ip));
	CHECK_LONG(ip.bytes[0], 0x20);
	CHECK_LONG(ip.bytes[15], 1);
	CU_ASSERT(ip_parse(TEXT("::"), &ip));
	static const char *const bad[] = {"", "10.1.2", "10.1.2.256", "10.1.2.3.4", "010.1.2.3", " 10.1.2.3", "10.1.2.3/8",
		"1::2::3", "g::", "fe80::1%eth0", "localhost", "12345::", "1:2:3:4:5:6:7:8:9"};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		CU_ASSERT_FALSE(ip_parse(text_of(bad[i]), &ip));
	CU_ASSERT_FALSE(ip_parse(TEXT("10.1.2.3\0x"), &ip));
}

static bool holds(const char *network, const char *address)
{
	struct cidr cidr;
	struct ip ip;
	CU_ASSERT(cidr_parse(text_of(network), &cidr));
	CU_ASSERT(ip_parse(text_of(address), &ip));
	return cidr_holds(&cidr, &ip);
}

static void test_networks(void)
{
	CU_ASSERT(holds("10.0.0.0/8", "10.255.255.255"));
	CU_ASSERT_FALSE(holds("10.0.0.0/8", "11.0.0.0"));
	CU_ASSERT(holds("192.168.4.0/22", "192.168.7.255"));
	CU_ASSERT_FALSE(holds("192.168.4.0/22", "192.168.8.0"));
	CU_ASSERT(holds("127.0.0.1", "127.0.0.1"));
	CU_ASSERT_FALSE(holds("127.0.0.1", "127.0.0.0"));
	CU_ASSERT(holds("0.0.0.0/0", "1.2.3.4"));
	CU_ASSERT_FALSE(holds("0.0.0.0/0", "2001:db8::1"));
	CU_ASSERT(holds("2001:db8::/33", "2001:db8:7fff::1"));
	CU_ASSERT_FALSE(holds("2001:db8::/33", "2001:db8:8000::1"));
	CU_ASSERT(holds("::1/128", "::1"));
	CU_ASSERT(holds("::/0", "2001:db8::1"));
	struct cidr cidr;
	CU_ASSERT(cidr_parse(TEXT("10.0.0.0/8"), &cidr));
	CHECK_LONG(cidr.bits, 104);
	static const char *const bad[] = {"", "/8", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/08",
		"10.0.0.0/8/8", "2001:db8::1/64", "::/129", "10.0.0.0/255.0.0.0", "*"};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		CU_ASSERT_FALSE(cidr_parse(text_of(bad[i]), &cidr));
}

static void test_types(void)
{
	struct value value;
	CU_ASSERT(value_parse(TYPE_KEYWORD, TEXT("any thing"), &value));
	CHECK_TEXT(value.text, "any thing");
	CU_ASSERT(value_parse(TYPE_LONG, TEXT("-5"), &value));
	CHECK_LONG(value.number, -5);
	CU_ASSERT_FALSE(value_parse(TYPE_LONG, TEXT("5s"), &value));
	CU_ASSERT(value_parse(TYPE_BOOLEAN, TEXT("True"), &value));
	CU_ASSERT(value.truth);
	CHECK_TEXT(value.text, "true");
	CU_ASSERT(value_parse(TYPE_BOOLEAN, TEXT("false"), &value));
	CU_ASSERT_FALSE(value.truth);
	CU_ASSERT_FALSE(value_parse(TYPE_BOOLEAN, TEXT("1"), &value));
	CU_ASSERT_FALSE(value_parse(TYPE_BOOLEAN, TEXT("yes"), &value));
	CU_ASSERT(value_parse(TYPE_IP, TEXT("::1"), &value));
	CHECK_LONG(value.ip.bytes[15], 1);
	CU_ASSERT_FALSE(value_parse(TYPE_IP, TEXT("host"), &value));
	CU_ASSERT(value_parse(TYPE_DATE, TEXT("2000-01-01"), &value));
	CHECK_LONG(value.number, INT64_C(946684800000000000));
}

static int compared(enum value_type type, const char *left, const char *right)
{
	struct value a, b;
	CU_ASSERT(value_parse(type, text_of(left), &a));
	CU_ASSERT(value_parse(type, text_of(right), &b));
	int order = value_compare(type, &a, &b), back = value_compare(type, &b, &a);
	CU_ASSERT((order < 0) == (back > 0) && (order == 0) == (back == 0));
	return (order > 0) - (order < 0);
}

static void test_order(void)
{
	CHECK_LONG(compared(TYPE_LONG, "9", "10"), -1);
	CHECK_LONG(compared(TYPE_LONG, "-9223372036854775808", "9223372036854775807"), -1);
	CHECK_LONG(compared(TYPE_LONG, "007", "7"), 0);
	CHECK_LONG(compared(TYPE_KEYWORD, "9", "10"), 1);
	CHECK_LONG(compared(TYPE_BOOLEAN, "false", "true"), -1);
	CHECK_LONG(compared(TYPE_IP, "9.0.0.0", "10.0.0.0"), -1);
	CHECK_LONG(compared(TYPE_DATE, "2000-01-01T00:00:00+01:00", "2000-01-01"), -1);
}

void suite_value(void)
{
	CU_pSuite suite = unit_suite("value");
	UNIT_TEST(suite, test_dates);
	UNIT_TEST(suite, test_no_dates);
	UNIT_TEST(suite, test_date_format);
	UNIT_TEST(suite, test_addresses);
	UNIT_TEST(suite, test_networks);
	UNIT_TEST(suite, test_types);
	UNIT_TEST(suite, test_order);
}
