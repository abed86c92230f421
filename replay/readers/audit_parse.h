/*
 * audit_parse: the fields of an audit record, one by one.
 *
 * Values of kernel records, of the nested msg='…' of user messages, and what enriched logs add after 0x1d. Nothing is
 * allocated and nothing copied: all texts point into the record.
 */
#ifndef MEWS_AUDIT_PARSE_H
#define MEWS_AUDIT_PARSE_H

#include "replay/readers/audit_head.h"

#include <string.h>

/* So many bytes behind a body can be read, whatever they are, where audit_event.h hands records on. */
enum { AUDIT_SLACK = 64 };

/* Goes through the fields of a body. */
struct audit_cursor {
	struct text body;
	size_t at;
	size_t quote;       /* where the nested msg='…' ends; 0: not inside one */
	bool enriched;      /* beyond 0x1d */
};
struct audit_field {
	struct text key;
	struct text value;  /* without quotes */
	bool quoted;        /* stood in double quotes: exactly this text, never hex */
	bool enriched;      /* an interpretation that auditd added (UID="root") */
};
void audit_fields(struct audit_cursor *cursor, struct text body);
bool audit_next(struct audit_cursor *cursor, struct audit_field *field); /* false: no more */

/* User-space messages (USER_AUTH, ADD_USER, …), which carry their fields in a nested msg. */
bool audit_type_is_user(unsigned number);

/* Hex digits (upper case, as the kernel writes untrusted strings) → bytes, with room for seven more behind them; false where it
 * is no such text. */
bool audit_unhex(struct arena *arena, struct text hex, struct text *bytes);
#endif
