/*
 * log_clock: see log_clock.h.
 */
#include "replay/readers/log_clock.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { STAMP_DIGITS = 10 };
#define SECOND INT64_C(1000000000)

/* The time of the first `audit(SECONDS.`; false: none stands in the sample. */
static bool first_stamp(struct text sample, int64_t *time)
{
	static const struct text begin = {"audit(", 6};
	for (size_t at = 0; at + begin.length + STAMP_DIGITS < sample.length; at++) {
		const char *next = memchr(sample.data + at, 'a', sample.length - at - begin.length - STAMP_DIGITS);
		uint64_t seconds;
		if (!next)
			return false;
		at = (size_t)(next - sample.data);
		if (memcmp(next, begin.data, begin.length) == 0 &&
			text_to_ulong_base(text_slice(sample, at + begin.length, at + begin.length + STAMP_DIGITS), 10, &seconds) &&
			seconds < UINT64_C(9000000000)) {
			*time = (int64_t)seconds * SECOND;
			return true;
		}
	}
	return false;
}

static void set_day(struct syslog_clock *clock, int64_t time)
{
	char text[32];
	uint64_t year, month, day;
	date_format(time, text);
	if (text_to_ulong_base((struct text){text, 4}, 10, &year) && text_to_ulong_base((struct text){text + 5, 2}, 10, &month) &&
		text_to_ulong_base((struct text){text + 8, 2}, 10, &day)) {
		clock->year = (int)year;
		clock->day = (int)(month * 32 + day);
	}
}

int log_clock(struct syslog_clock *clock, struct input *input, const struct reader_options *options, struct diagnostics *d)
{
	struct text sample;
	struct stat status;
	int64_t stamp;
	*clock = (struct syslog_clock){.newest = (int64_t)time(NULL) * SECOND, .year = options->year};
	if (stat(input_name(input), &status) == 0 && S_ISREG(status.st_mode) && status.st_mtime > 0 &&
		status.st_mtime < INT64_C(9000000000))
		clock->newest = (int64_t)status.st_mtime * SECOND;
	if (clock->year)
		return 0;
	if (input_peek(input, READER_SAMPLE, &sample, d))
		return -1;
	if (first_stamp(sample, &stamp))
		set_day(clock, stamp);
	return 0;
}
