/*
 * audit_layout: records whose keys stand in an order that was seen before.
 *
 * One kernel writes the fields of a type of record in one order: PATH is `item= name= inode= … nametype=`, SYSCALL is
 * `arch= syscall= success= …`. What is learnt from a record is each field's separator, key and `=`:
 *
 *   body     item=0 name="/etc/passwd" inode=42 nametype=NORMAL
 *   breaks         ^                  ^        ^                    bytes up to 0x20, found 16 at a time
 *   layout   |item=| name=| inode=| nametype=|                      compared behind each break, 16 bytes at once
 *
 * A body fits if it has as many breaks, the same bytes behind each, and no quotes but those around whole values. Then its
 * fields are what audit_next would give, for: every break is a separator that audit_next breaks at (another control byte fails
 * the comparison); no key holds a break, `(` or `=`; a value without quotes ends at the next break; a quoted one ends at
 * its next quote, which is the byte before the next break, as all quotes of the body are first or last bytes of values; nothing
 * is nested, since `msg` is never learnt. A value that audit_next would trim or that begins an enclosed list fits none. So
 * whoever asks gets the same fields, or none and has to walk (audit_parse.h), after which the order is learnt.
 *
 * Of each type a few layouts are kept, the newest that fitted first; learning ends after AUDIT_LAYOUT_LEARNT, so that
 * records in no order cost little more than the walk.
 */
#ifndef MEWS_AUDIT_LAYOUT_H
#define MEWS_AUDIT_LAYOUT_H

#include "replay/readers/audit_parse.h"
#include "replay/readers/audit_tables.h"

enum { AUDIT_LAYOUT_FIELDS = 48, AUDIT_LAYOUT_ROOM = 16, AUDIT_LAYOUTS = 4, AUDIT_LAYOUT_LEARNT = 256 };

struct audit_layout_field {
	char bytes[AUDIT_LAYOUT_ROOM]; /* separator (not of the first field), key, = */
	uint32_t mask;                 /* a bit for each of them */
	uint32_t length;
	bool enriched;
	const struct audit_key *key;   /* NULL: nobody asks for it */
};

struct audit_layout {
	size_t count;
	struct audit_layout_field fields[AUDIT_LAYOUT_FIELDS];
};

/* Of one type of record, and its table of keys. Begins as zeroes. */
struct audit_layouts {
	struct audit_layout *items[AUDIT_LAYOUTS]; /* in the arena of whoever learns */
	size_t count, newest, learnt;
};

struct audit_found {
	const struct audit_key *key;
	struct audit_field field; /* without its key */
};

enum { AUDIT_LAYOUT_UNKNOWN = -1 };
/* The fields that are asked for, in order; AUDIT_LAYOUT_UNKNOWN: no layout fits. AUDIT_SLACK bytes behind the body can be
 * read. */
int audit_layout_find(struct audit_layouts *layouts, struct text body, struct audit_found found[AUDIT_LAYOUT_FIELDS]);
/* Keeps the order of a body that no layout fitted, if it is one that can be learnt. */
void audit_layout_learn(struct audit_layouts *layouts, struct arena *arena, const struct audit_keys *keys, struct text body);

#endif
