/*
 * date_layout: times that are written in a way of their own.
 *
 *   date_by_layout(TEXT("%d/%b/%Y:%H:%M:%S%f %z"), TEXT("25/Nov/2026:22:50:00.5 +0100"), &nanoseconds)
 *
 * %Y %m %d %H %M %S are numbers (%d and %H may stand with a blank or without their zero); %y is a year of 1969 to
 * 2068; %f a second's fraction with the point or comma before it, where there is one; %b and %B a month's English
 * name, at least its first three letters; %a and %A a weekday, which says nothing; %I and %p the twelve hours'
 * clock; %z +hh:mm, +hhmm, Z, UTC or GMT; %% a percent sign. A blank of the layout stands for any number of
 * blanks. Without %z the time is UTC.
 */
#ifndef MEWS_DATE_LAYOUT_H
#define MEWS_DATE_LAYOUT_H

#include "catalog/text.h"

/* false: the text is not written so, or there is no such time. */
bool date_by_layout(struct text layout, struct text text, int64_t *nanoseconds);
/* NULL, or why the layout is none: it knows no letter like that, or lacks the year, the month or the day. */
const char *date_layout_fault(struct text layout);

#endif
