/*
 * regex: the catalog's regular expressions as POSIX extended ones, which rsyslog hands to the C library.
 *
 *   [^:]*\.sock(:\d+)?   →   ^([^:]*\.sock(:[0-9]+)?)$
 *
 * Groups that capture nothing become plain ones, lazy repetitions greedy ones (what is matched is the same), classes
 * by letter sets; a backslash within brackets is itself there. A message is one line and holds no control
 * characters, so `.` is any character and `\s` is a blank.
 */
#ifndef MEWS_RSYSLOG_REGEX_H
#define MEWS_RSYSLOG_REGEX_H

#include "catalog/text.h"

/* Of the whole text. false: it cannot be said (a set of characters beyond ASCII); `out` is as it was. */
bool rsyslog_regex(struct buffer *out, struct text regex);
/* Does the C library take it, and does it match the empty text? false: it does not take it. */
bool rsyslog_regex_try(struct text posix, bool *empty);

#endif
