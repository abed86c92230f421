/*
 * syslog_time: the times that heads of log lines begin with, and the year that most of them leave out.
 *
 *   Nov 10 07:48:16            Nov  9 07:48:16.123456        RFC 3164 and journalctl -o short, short-precise
 *   Nov 10 2020 07:48:16       Nov 10 07:48:16 2020          with a year
 *   Tue Nov 10 07:48:16 2020   Tue 2020-11-10 07:48:16 UTC   dmesg -T; journalctl -o short-full
 *   2020-11-10T07:48:16.123456+01:00                         RFC 5424, rsyslog, journalctl -o short-iso
 *   1604994496.155123                                        journalctl -o short-unix
 *
 * A time without a zone (+01:00, CET) is UTC. One without a year is the latest one that is not later than `newest` by
 * more than a day, which is right for every log of less than a year, over new year too.
 * Where the year of the first line is known (`year`), it counts up each time that the months begin anew, however long
 * the log is.
 */
#ifndef MEWS_SYSLOG_TIME_H
#define MEWS_SYSLOG_TIME_H

#include "catalog/value.h"

enum { SYSLOG_SAME = 15 };

struct syslog_clock {
	int64_t newest; /* ns: nothing in the log is newer than a day after this */
	int year;       /* of the line before (in the beginning of the first line); 0: not known */
	int newest_year; /* of `newest`; 0: not looked at yet */
	char same[SYSLOG_SAME]; /* the last `Mmm dd HH:MM:SS`, and its time */
	int64_t same_time;
	int day;        /* month * 32 + day of the line before; 0: there was none */
};

/* The time at the beginning of `text`, which ends before a blank or with the text; `rest` is what follows the blank.
 * false: no time begins here. */
bool syslog_time(struct syslog_clock *clock, struct text text, int64_t *time, struct text *rest);
/* The time of a day whose year is left out, HH:MM:SS[.fraction] in `clock_text`. */
bool syslog_time_of_month(struct syslog_clock *clock, int month, int day, struct text clock_text, int64_t *time);
/* A time of day (07:48:16.123) at the same day as `near`, or at the neighbouring one where that is nearer. */
bool syslog_time_of_day(struct text text, int64_t near, int64_t *time);

#endif
