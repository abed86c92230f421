/*
 * view: an event as the syslog messages that it would be: records of Linux audit, one a message, sudo's line and sshd's.
 *
 * Written apart from the writer, after what the kernel, sudo and sshd print: strings in quotes, or in hex where they hold a
 * blank, a quote, a control character or a byte beyond ASCII; identifiers in decimal, arguments of calls in hex.
 */
#ifndef MEWS_RSYSLOG_VIEW_H
#define MEWS_RSYSLOG_VIEW_H

#include "generator/sight.h"

/* Sights, their kind a group of the dialect, with the values programname, hostname and msg. Facets that were derived
 * show nothing of their own. */
void rsyslog_view(const struct event *event, struct arena *arena, struct sights *sights);

/* A string as audit logs it. */
void rsyslog_audit_text(struct buffer *out, struct text text);

#endif
