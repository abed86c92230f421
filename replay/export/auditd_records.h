/*
 * auditd_records: the records of one event, written as the kernel and auditd write them.
 *
 * Quoted where a value is plain, in hex where it holds a blank, a quote or a byte that is no plain text. What is missing
 * is left out, but for what every record has (auid, ses, tty).
 */
#ifndef MEWS_AUDITD_RECORDS_H
#define MEWS_AUDITD_RECORDS_H

#include "catalog/dialect.h"
#include "replay/export/auditd_fields.h"

struct auditd_writer {
	const struct registry *registry;
	const struct dialect *dialect; /* auditd's, or NULL */
	struct auditd_fields fields;
	struct arena arena;    /* of the event in hand */
	struct buffer text;    /* its records */
	struct text node;
	int64_t time;
	uint64_t serial, last; /* of the event; the highest so far */
	const char *lost;      /* why something of it is not in the records */
	size_t item;           /* paths so far */
};

void auditd_writer_begin(struct auditd_writer *writer, const struct event *event, const struct facet *facet);
/* false: it is not known which call, and nothing was written. */
bool auditd_write_call(struct auditd_writer *writer, const struct facet *const *facets, size_t count);
bool auditd_write_message(struct auditd_writer *writer, const struct facet *facet);

#endif
