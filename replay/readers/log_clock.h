/*
 * log_clock: what times without a year are read by (syslog_time.h): the year that the user names, else the one that
 * the first audit record in the log tells (its time stands in the record), else when the file was changed last, else now.
 */
#ifndef MEWS_LOG_CLOCK_H
#define MEWS_LOG_CLOCK_H

#include "replay/readers/reader.h"
#include "replay/readers/syslog_time.h"

/* -1: the input cannot be read; reported. */
int log_clock(struct syslog_clock *clock, struct input *input, const struct reader_options *options, struct diagnostics *d);

#endif
