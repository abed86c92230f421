/*
 * syslog_parse: one line of a syslog → its envelope (envelope.h).
 *
 *   <34>Oct 11 22:14:15 mymachine su: 'su root' failed …        RFC 3164, with and without <PRI>, with and without host
 *   <165>1 2003-08-24T05:14:15-07:00 web app 8710 ID47 [a b="c"] …  RFC 5424
 *   2020-11-10T07:48:16.1+01:00 web1 sshd[812]: …                rsyslog's own file format
 *   [   12.345678] audit: type=1400 …                            the kernel's ring buffer: no time is known
 *   [Tue Nov 10 07:48:16 2020] …                                 the same by dmesg -T
 *
 * and what journalctl prints (syslog_time.h). `kernel: [ 12.345678] message` is the message alone. Nothing is copied.
 */
#ifndef MEWS_SYSLOG_PARSE_H
#define MEWS_SYSLOG_PARSE_H

#include "replay/readers/envelope.h"
#include "replay/readers/syslog_time.h"

/* NULL, or why the line has no head (a phrase for `rejected`); the message is then the whole line. */
const char *syslog_parse(struct syslog_clock *clock, struct text line, struct envelope *envelope);

/* Lines that journalctl puts between messages (`-- Boot …`, `-- No entries --`). */
bool syslog_is_remark(struct text line);

/* RFC 6587: a message may go with its length before it, `83 <34>1 …`. The length, and *message what follows the blank;
 * 0: no such head. */
size_t syslog_frame(struct text line, struct text *message);

#endif
