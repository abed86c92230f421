/*
 * auditd_put: what the writers of audit records share: a record's head and end, its keys and values.
 */
#ifndef MEWS_AUDITD_PUT_H
#define MEWS_AUDITD_PUT_H

#include "replay/export/auditd_records.h"

/* The facet's values of the field, or NULL; its first value, or an empty text. */
const struct values *auditd_get(const struct auditd_writer *w, const struct facet *facet, enum auditd_field field);
struct text auditd_text(const struct auditd_writer *w, const struct facet *facet, enum auditd_field field);

/* `node=… type=… msg=audit(…):`, and the newline. */
void auditd_record_begin(struct auditd_writer *w, const char *type);
void auditd_record_end(struct auditd_writer *w);
/* In quotes, or in hex where the value holds a blank, a quote or no plain text. */
void auditd_put_untrusted(struct auditd_writer *w, const char *key, struct text value);
/* A bare value; nothing where it is empty. One that would not be read back is lost. */
void auditd_put_bare(struct auditd_writer *w, const char *key, struct text value);

/* A name that an enriched log adds behind the record. */
struct auditd_name {
	const char *key;
	enum auditd_field field;
};
void auditd_put_names(struct auditd_writer *w, const struct facet *facet, const struct auditd_name *added, size_t count);

#endif
