/*
 * fields: the engine's fields, of what type their values are, and which of them hold several at once.
 *
 *   fd.sport        a number: compared by size
 *   fd.net          networks, of either end: `=` holds if one fits, `!=` if none does
 *   proc.aname      without a number the names of all ancestors
 *   ka.verb         not known here: another source's, taken as text
 */
#ifndef MEWS_FALCO_FIELDS_H
#define MEWS_FALCO_FIELDS_H

#include "catalog/text.h"

enum falco_type { FALCO_UNKNOWN, FALCO_TEXT, FALCO_NUMBER, FALCO_TRUTH, FALCO_ADDRESS, FALCO_NETWORK, FALCO_BYTES };
enum falco_argument { FALCO_NONE, FALCO_MAY, FALCO_NEEDS };

struct falco_field {
	const char *name;
	enum falco_type type;
	enum falco_argument argument;
};

/* The engine's row, or NULL: not its own (another source's, or none at all). evt.arg.flags is evt.arg. */
const struct falco_field *falco_field(struct text name);
/* Is it one of the prefixes of fields of the system call source (evt, proc, fd …)? Then an unknown name is a mistake. */
bool falco_field_prefix(struct text name);
/* Without an argument the values of all ancestors: each comparison holds if one of them does. */
bool falco_field_ancestors(struct text name);

#endif
