/*
 * value: one value of a field. Dates and addresses are read here, once, for readers and conditions alike.
 */
#include "catalog/value.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#define NANOSECONDS INT64_C(1000000000)

enum { DAY_SECONDS = 86400, DAYS_PER_400_YEARS = 146097, DAYS_0000_TO_1970 = 719528 };

static bool is_leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in_month(int64_t year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days from 0000-01-01 to the first of January of a year ≥ 0. */
static int64_t days_to_year(int64_t year)
{
	if (!year)
		return 0;
	int64_t last = year - 1; /* the year 0 is a leap year */
	return year * 365 + last / 4 - last / 100 + last / 400 + 1;
}

struct clock {
	int64_t year;
	int month, day, hour, minute, second;
};

static int64_t clock_to_seconds(const struct clock *clock)
{
	int64_t days = days_to_year(clock->year) - DAYS_0000_TO_1970 + clock->day - 1;
	static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
	days += before[clock->month - 1] + (clock->month > 2 && is_leap(clock->year));
	return days * DAY_SECONDS + clock->hour * 3600 + clock->minute * 60 + clock->second;
}

/* Years are counted from March on, so that the leap day is a year's last one and months follow in steps of 153 days for five. */
static struct clock seconds_to_clock(int64_t seconds)
{
	enum { MARCH_TO_1970 = DAYS_0000_TO_1970 - 60 };
	int64_t days = seconds / DAY_SECONDS, rest = seconds % DAY_SECONDS;
	if (rest < 0) {
		rest += DAY_SECONDS;
		days--;
	}
	days += MARCH_TO_1970;
	int64_t ages = (days >= 0 ? days : days - (DAYS_PER_400_YEARS - 1)) / DAYS_PER_400_YEARS;
	unsigned day = (unsigned)(days - ages * DAYS_PER_400_YEARS), second = (unsigned)rest;
	unsigned year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	day -= 365 * year + year / 4 - year / 100;
	unsigned month = (5 * day + 2) / 153;
	return (struct clock){.year = (int64_t)year + ages * 400 + (month > 9),
		.month = (int)(month < 10 ? month + 3 : month - 9), .day = (int)(day - (153 * month + 2) / 5 + 1),
		.hour = (int)(second / 3600), .minute = (int)(second / 60 % 60), .second = (int)(second % 60)};
}

/* A number of exactly `width` digits at the start of `rest`, which moves on. */
static bool take_number(struct text *rest, size_t width, int *number)
{
	*number = 0;
	if (rest->length < width)
		return false;
	for (size_t i = 0; i < width; i++) {
		if (rest->data[i] < '0' || rest->data[i] > '9')
			return false;
		*number = *number * 10 + (rest->data[i] - '0');
	}
	*rest = text_slice(*rest, width, rest->length);
	return true;
}

static bool take_byte(struct text *rest, const char *one_of)
{
	if (!rest->length || !rest->data[0] || !strchr(one_of, rest->data[0]))
		return false;
	*rest = text_slice(*rest, 1, rest->length);
	return true;
}

/* ".25" → 250000000; further digits than nine are read and dropped. Nothing there is 0. */
static bool take_fraction(struct text *rest, int64_t *nanoseconds)
{
	*nanoseconds = 0;
	if (!take_byte(rest, ".,"))
		return true;
	size_t digits = 0;
	for (; digits < rest->length && rest->data[digits] >= '0' && rest->data[digits] <= '9'; digits++)
		if (digits < 9)
			*nanoseconds = *nanoseconds * 10 + (rest->data[digits] - '0');
	for (size_t i = digits; i < 9; i++)
		*nanoseconds *= 10;
	*rest = text_slice(*rest, digits, rest->length);
	return digits > 0;
}

/* "Z", "+02:00", "-0330" or nothing (UTC), as seconds east of Greenwich. */
static bool take_zone(struct text *rest, int64_t *east)
{
	int hours, minutes;
	*east = 0;
	if (!rest->length || take_byte(rest, "Zz"))
		return true;
	bool west = rest->data[0] == '-';
	if (!take_byte(rest, "+-") || !take_number(rest, 2, &hours))
		return false;
	take_byte(rest, ":");
	if (!take_number(rest, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*east = (hours * 60 + minutes) * (west ? -60 : 60);
	return true;
}

static bool take_day(struct text *rest, struct clock *clock)
{
	int year;
	if (!take_number(rest, 4, &year) || !take_byte(rest, "-") || !take_number(rest, 2, &clock->month))
		return false;
	if (!take_byte(rest, "-") || !take_number(rest, 2, &clock->day))
		return false;
	clock->year = year;
	if (clock->month < 1 || clock->month > 12)
		return false;
	return clock->day >= 1 && clock->day <= days_in_month(year, clock->month);
}

static bool take_time(struct text *rest, struct clock *clock)
{
	if (!take_number(rest, 2, &clock->hour) || !take_byte(rest, ":") || !take_number(rest, 2, &clock->minute))
		return false;
	if (!take_byte(rest, ":") || !take_number(rest, 2, &clock->second))
		return false;
	return clock->hour < 24 && clock->minute < 60 && clock->second <= 60;
}

/* Seconds and nanoseconds → one number. INT64_MIN is not given: it means "not known" elsewhere. */
static bool join_time(int64_t seconds, int64_t fraction, int64_t *nanoseconds)
{
	int64_t sum;
	if (__builtin_mul_overflow(seconds, NANOSECONDS, &sum) || __builtin_add_overflow(sum, fraction, &sum))
		return false;
	if (sum == INT64_MIN)
		return false;
	*nanoseconds = sum;
	return true;
}

static bool parse_seconds(struct text text, int64_t *nanoseconds)
{
	int64_t seconds, fraction;
	size_t dot = text_find(text, '.');
	struct text rest = text_slice(text, dot, text.length);
	if (!text_to_long(text_slice(text, 0, dot), &seconds) || !take_fraction(&rest, &fraction) || rest.length)
		return false;
	return join_time(seconds, text.data[0] == '-' ? -fraction : fraction, nanoseconds);
}

/* Digits from `data` as a number; `*good` falls where one is none. */
static int digits_at(const char *data, size_t width, bool *good)
{
	int number = 0;
	for (size_t i = 0; i < width; i++) {
		unsigned digit = (unsigned)(unsigned char)data[i] - '0';
		*good &= digit < 10;
		number = number * 10 + (digit < 10 ? (int)digit : 0);
	}
	return number;
}

/* The form that most records have: 2026-11-23T10:00:00Z, with or without a fraction. false: it is another one, or none. */
static bool parse_usual(struct text text, int64_t *nanoseconds)
{
	const char *d = text.data;
	if (text.length < 20 || text.length > 30 || text.length == 21 || d[text.length - 1] != 'Z' || d[10] != 'T')
		return false;
	bool good = d[4] == '-' && d[7] == '-' && d[13] == ':' && d[16] == ':' && (text.length == 20 || d[19] == '.');
	struct clock clock = {digits_at(d, 4, &good), digits_at(d + 5, 2, &good), digits_at(d + 8, 2, &good),
		digits_at(d + 11, 2, &good), digits_at(d + 14, 2, &good), digits_at(d + 17, 2, &good)};
	size_t digits = text.length == 20 ? 0 : text.length - 21;
	int64_t fraction = digits_at(d + text.length - 1 - digits, digits, &good);
	if (!good || clock.year < 1700 || clock.month < 1 || clock.month > 12 || clock.hour > 23 || clock.minute > 59)
		return false;
	if (clock.day < 1 || clock.day > days_in_month(clock.year, clock.month) || clock.second > 59)
		return false;
	for (; digits < 9; digits++)
		fraction *= 10;
	return join_time(clock_to_seconds(&clock), fraction, nanoseconds);
}

bool date_parse(struct text text, int64_t *nanoseconds)
{
	struct text rest = text;
	struct clock clock = {0};
	int64_t fraction = 0, east = 0;
	if (parse_usual(text, nanoseconds))
		return true;
	if (text.length < 5 || text.data[4] != '-')
		return parse_seconds(text, nanoseconds);
	if (!take_day(&rest, &clock))
		return false;
	if (rest.length) {
		if (!take_byte(&rest, "Tt ") || !take_time(&rest, &clock) || !take_fraction(&rest, &fraction))
			return false;
		if (!take_zone(&rest, &east) || rest.length)
			return false;
	}
	return join_time(clock_to_seconds(&clock) - east, fraction, nanoseconds);
}

static char *put_digits(char *at, unsigned number, int digits)
{
	for (int i = digits; i-- > 0; number /= 10)
		at[i] = (char)('0' + number % 10);
	return at + digits;
}

static inline char *put_two(char *at, unsigned number)
{
	at[0] = (char)('0' + number / 10);
	at[1] = (char)('0' + number % 10);
	return at + 2;
}

static inline char *put_part(char *at, char before, unsigned number)
{
	*at = before;
	return put_two(at + 1, number);
}

size_t date_format(int64_t nanoseconds, char *out)
{
	int64_t seconds = nanoseconds / NANOSECONDS, fraction = nanoseconds % NANOSECONDS;
	if (fraction < 0) {
		fraction += NANOSECONDS;
		seconds--;
	}
	struct clock clock = seconds_to_clock(seconds);
	int digits = fraction == 0 ? 0 : fraction % 1000000 == 0 ? 3 : fraction % 1000 == 0 ? 6 : 9;
	fraction /= digits == 3 ? 1000000 : digits == 6 ? 1000 : 1;
	char *at = out;
	if (clock.year < 0 || clock.year > 9999)
		at += snprintf(out, 16, "%04d", (int)clock.year); /* no other number is as long as that can be */
	else
		at = put_two(put_two(at, (unsigned)clock.year / 100), (unsigned)clock.year % 100);
	at = put_part(at, '-', (unsigned)clock.month);
	at = put_part(at, '-', (unsigned)clock.day);
	at = put_part(at, 'T', (unsigned)clock.hour);
	at = put_part(at, ':', (unsigned)clock.minute);
	at = put_part(at, ':', (unsigned)clock.second);
	if (digits) {
		*at++ = '.';
		at = put_digits(at, (unsigned)fraction, digits);
	}
	*at++ = 'Z';
	*at = '\0';
	return (size_t)(at - out);
}

bool ip_parse(struct text text, struct ip *ip)
{
	char string[INET6_ADDRSTRLEN];
	if (!text.length || text.length >= sizeof string || memchr(text.data, '\0', text.length))
		return false;
	memcpy(string, text.data, text.length);
	string[text.length] = '\0';
	struct ip parsed = {{[10] = 0xff, [11] = 0xff}};
	int family = strchr(string, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(family, string, family == AF_INET ? parsed.bytes + 12 : parsed.bytes) != 1)
		return false;
	*ip = parsed;
	return true;
}

static bool bit_of(const struct ip *ip, unsigned bit)
{
	return ip->bytes[bit / 8] >> (7 - bit % 8) & 1;
}

bool cidr_parse(struct text text, struct cidr *cidr)
{
	size_t slash = text_find(text, '/');
	struct text address = text_slice(text, 0, slash);
	if (!ip_parse(address, &cidr->network))
		return false;
	unsigned offset = text_find(address, ':') == address.length ? 96 : 0;
	uint64_t bits = 128 - offset;
	if (slash < text.length) {
		struct text length = text_slice(text, slash + 1, text.length);
		bool padded = length.length > 1 && length.data[0] == '0';
		if (padded || !text_to_ulong_base(length, 10, &bits) || bits > 128 - offset)
			return false;
	}
	cidr->bits = (unsigned)bits + offset;
	for (unsigned bit = cidr->bits; bit < 128; bit++)
		if (bit_of(&cidr->network, bit))
			return false;
	return true;
}

bool cidr_holds(const struct cidr *cidr, const struct ip *ip)
{
	unsigned whole = cidr->bits / 8, rest = cidr->bits % 8;
	if (memcmp(cidr->network.bytes, ip->bytes, whole) != 0)
		return false;
	return !rest || (cidr->network.bytes[whole] ^ ip->bytes[whole]) >> (8 - rest) == 0;
}

bool value_parse(enum value_type type, struct text text, struct value *value)
{
	memset(value, 0, sizeof *value);
	value->text = text;
	switch (type) {
	case TYPE_KEYWORD:
		return true;
	case TYPE_LONG:
		return text_to_long(text, &value->number);
	case TYPE_DATE:
		return date_parse(text, &value->number);
	case TYPE_IP:
		return ip_parse(text, &value->ip);
	case TYPE_BOOLEAN:
		value->truth = text_equal_fold(text, TEXT("true"));
		value->text = value->truth ? TEXT("true") : TEXT("false");
		return value->truth || text_equal_fold(text, TEXT("false"));
	}
	return false;
}

int value_compare(enum value_type type, const struct value *a, const struct value *b)
{
	switch (type) {
	case TYPE_LONG:
	case TYPE_DATE:
		return (a->number > b->number) - (a->number < b->number);
	case TYPE_BOOLEAN:
		return (int)a->truth - (int)b->truth;
	case TYPE_IP:
		return memcmp(a->ip.bytes, b->ip.bytes, sizeof a->ip.bytes);
	case TYPE_KEYWORD:
		break;
	}
	return text_compare(a->text, b->text);
}
