/*
 * syslog_time: see syslog_time.h.
 */
#include "replay/readers/syslog_time.h"

#include <string.h>

#define SECOND INT64_C(1000000000)
#define DAY (86400 * SECOND)

enum { HALF_YEAR = 6 * 32 };

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static struct text skip(struct text text, size_t count)
{
	return text_slice(text, count, text.length);
}

/* Up to the next blank. */
static struct text word_of(struct text text)
{
	return text_slice(text, 0, text_find(text, ' '));
}

static int month_of(struct text text)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	for (int i = 0; text.length >= 3 && i < 12; i++)
		if (memcmp(text.data, names + 3 * i, 3) == 0)
			return i + 1;
	return 0;
}

static bool is_weekday(struct text word)
{
	static const char names[] = "MonTueWedThuFriSatSun";
	for (int i = 0; word.length == 3 && i < 7; i++)
		if (memcmp(word.data, names + 3 * i, 3) == 0)
			return true;
	return false;
}

static void put_digits(char *out, int count, int number)
{
	while (count-- > 0) {
		out[count] = (char)('0' + number % 10);
		number /= 10;
	}
}

/* Year, month and day with HH:MM:SS and a fraction, as UTC. */
static bool join(int year, int month, int day, struct text clock, int64_t *time)
{
	char text[64] = "0000-00-00T";
	enum { HEAD = 11 };
	if (year < 0 || year > 9999 || month < 0 || month > 99 || day < 0 || day > 99 || clock.length > sizeof text - HEAD)
		return false;
	put_digits(text, 4, year);
	put_digits(text + 5, 2, month);
	put_digits(text + 8, 2, day);
	memcpy(text + HEAD, clock.data, clock.length);
	return date_parse((struct text){text, HEAD + clock.length}, time);
}

/* HH:MM:SS[.fraction], which ends before a blank, a colon or with the text; *length is 0 where there is none. */
static struct text clock_of(struct text text)
{
	static const char form[] = "dd:dd:dd";
	size_t length = sizeof form - 1;
	if (text.length < length)
		return TEXT("");
	for (size_t i = 0; i < length; i++)
		if (form[i] == 'd' ? !is_digit(text.data[i]) : text.data[i] != form[i])
			return TEXT("");
	if (length + 1 < text.length && (text.data[length] == '.' || text.data[length] == ',') && is_digit(text.data[length + 1]))
		for (length++; length < text.length && is_digit(text.data[length]);)
			length++;
	return text_slice(text, 0, length);
}

/* Zones by name, in minutes east. What several places call their own (IST, CST, BST) is read as UTC. */
static const struct zone {
	char name[6];
	int east;
} zones[] = {{"UTC", 0}, {"GMT", 0}, {"Z", 0}, {"CET", 60}, {"CEST", 120}, {"EET", 120}, {"EEST", 180}, {"WET", 0}, {"WEST", 60},
	{"MSK", 180}, {"EST", -300}, {"EDT", -240}, {"CDT", -300}, {"MST", -420}, {"MDT", -360}, {"PST", -480}, {"PDT", -420},
	{"JST", 540}, {"KST", 540}, {"AEST", 600}, {"AEDT", 660}, {"NZST", 720}, {"NZDT", 780}, {"IST", 0}, {"CST", 0}, {"BST", 0}};

static void take_zone(struct text *rest, int64_t *time)
{
	/* Nearly always a host stands there. */
	if (!rest->length || rest->data[0] < 'A' || rest->data[0] > 'Z')
		return;
	struct text word = word_of(*rest);
	for (size_t i = 0; word.length && word.length < sizeof zones->name && i < sizeof zones / sizeof *zones; i++) {
		if (!text_is(word, zones[i].name))
			continue;
		int64_t east = zones[i].east * 60 * SECOND;
		if (!__builtin_sub_overflow(*time, east, time))
			*rest = skip(*rest, word.length + (word.length < rest->length));
		return;
	}
}

static bool take_year(struct text *rest, int *year)
{
	struct text word = word_of(*rest);
	uint64_t number;
	if (word.length != 4 || !text_to_ulong_base(word, 10, &number) || number < 1900)
		return false;
	*year = (int)number;
	*rest = skip(*rest, word.length + (word.length < rest->length));
	return true;
}

static int year_of(int64_t time)
{
	char text[32];
	uint64_t year = 0;
	date_format(time, text);
	text_to_ulong_base((struct text){text, 4}, 10, &year);
	return (int)year;
}

/* Follows the months from line to line. A line that is late by months was written before new year. */
static bool count_years(struct syslog_clock *c, int month, int day, struct text clock, int64_t *time)
{
	int here = month * 32 + day, year = c->year;
	if (c->day && here + HALF_YEAR < c->day)
		year = ++c->year;
	else if (c->day && here > c->day + HALF_YEAR)
		return join(year - 1, month, day, clock, time);
	c->day = here;
	return join(year, month, day, clock, time);
}

/* The 29th of February is there once in eight years at least. */
static bool newest_year(struct syslog_clock *c, int month, int day, struct text clock, int64_t *time)
{
	if (!c->newest_year)
		c->newest_year = year_of(c->newest + DAY);
	for (int back = 0; back <= 8; back++)
		if (join(c->newest_year - back, month, day, clock, time) && *time <= c->newest + DAY)
			return true;
	return false;
}

bool syslog_time_of_month(struct syslog_clock *clock, int month, int day, struct text clock_text, int64_t *time)
{
	struct text text = clock_of(clock_text);
	if (!text.length)
		return false;
	return clock->year ? count_years(clock, month, day, text, time) : newest_year(clock, month, day, text, time);
}

/* Mmm dd [yyyy] HH:MM:SS[.fraction] [yyyy] */
static bool month_first(struct syslog_clock *c, struct text text, int64_t *time, struct text *rest)
{
	int month = month_of(text), year = 0;
	if (!month || text.length < 15 || text.data[3] != ' ')
		return false;
	text = skip(text, 4);
	text = skip(text, text.data[0] == ' ');
	struct text word = word_of(text);
	uint64_t day;
	if (word.length > 2 || !text_to_ulong_base(word, 10, &day) || word.length == text.length)
		return false;
	text = skip(text, word.length + 1);
	take_year(&text, &year);
	struct text clock = clock_of(text);
	text = skip(text, clock.length);
	if (!clock.length || (text.length && text.data[0] != ' ' && text.data[0] != ':'))
		return false;
	/* Routers end the time with a colon. */
	text = skip(text, text.length && text.data[0] == ':');
	text = skip(text, text.length > 0 && text.data[0] == ' ');
	if (!year)
		take_year(&text, &year);
	bool read = year ? join(year, month, (int)day, clock, time) : syslog_time_of_month(c, month, (int)day, clock, time);
	if (read)
		take_zone(&text, time);
	*rest = text;
	return read;
}

/* Lines of one second have the same time, byte for byte. A lower-case letter behind it begins no year and no zone. */
static bool month_again(struct syslog_clock *c, struct text text, int64_t *time, struct text *rest)
{
	bool alone = text.length > SYSLOG_SAME + 1 && text.data[SYSLOG_SAME] == ' ' && text.data[SYSLOG_SAME + 1] >= 'a' &&
		text.data[SYSLOG_SAME + 1] <= 'z';
	if (alone && memcmp(text.data, c->same, SYSLOG_SAME) == 0) {
		*time = c->same_time;
		*rest = skip(text, SYSLOG_SAME + 1);
		return true;
	}
	if (!month_first(c, text, time, rest))
		return false;
	if (alone && rest->data == text.data + SYSLOG_SAME + 1) {
		memcpy(c->same, text.data, SYSLOG_SAME);
		c->same_time = *time;
	}
	return true;
}

/* yyyy-mm-dd HH:MM:SS [zone], and with a T between. */
static bool year_first(struct text text, int64_t *time, struct text *rest)
{
	struct text word = word_of(text);
	if (word.length == 10) {
		struct text clock = clock_of(skip(text, 11));
		if (!clock.length || !date_parse(text_slice(text, 0, 11 + clock.length), time))
			return false;
		text = skip(text, 11 + clock.length);
		if (text.length && text.data[0] != ' ')
			return false;
		*rest = skip(text, text.length > 0);
		take_zone(rest, time);
		return true;
	}
	*rest = skip(text, word.length + (word.length < text.length));
	return date_parse(word, time);
}

/* Seconds since 1970 with a fraction. */
static bool seconds_first(struct text text, int64_t *time, struct text *rest)
{
	struct text word = word_of(text);
	size_t dot = text_find(word, '.');
	if (dot < 9 || dot > 10 || dot == word.length || word.length < dot + 4)
		return false;
	for (size_t i = 0; i < word.length; i++)
		if (i != dot && !is_digit(word.data[i]))
			return false;
	*rest = skip(text, word.length + (word.length < text.length));
	return date_parse(word, time);
}

bool syslog_time(struct syslog_clock *clock, struct text text, int64_t *time, struct text *rest)
{
	if (text.length < 11)
		return false;
	if (is_digit(text.data[0])) {
		if (text.data[4] == '-')
			return year_first(text, time, rest);
		return seconds_first(text, time, rest);
	}
	if (text.data[0] < 'A' || text.data[0] > 'W')
		return false;
	if (is_weekday(text_slice(text, 0, 3)) && text.data[3] == ' ') {
		text = skip(text, 4);
		if (text.length > 10 && text.data[4] == '-' && is_digit(text.data[0]))
			return year_first(text, time, rest);
	}
	return month_again(clock, text, time, rest);
}

bool syslog_time_of_day(struct text text, int64_t near, int64_t *time)
{
	struct text clock = clock_of(text);
	int64_t of_day;
	if (!clock.length || near < INT64_MIN + 2 * DAY || near > INT64_MAX - 2 * DAY || !join(1970, 1, 1, clock, &of_day))
		return false;
	int64_t day = near - (near % DAY + DAY) % DAY;
	*time = day + of_day;
	if (*time - near > DAY / 2)
		*time -= DAY;
	else if (near - *time > DAY / 2)
		*time += DAY;
	return true;
}
