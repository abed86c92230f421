/*
 * names: is a word one of a few that are known beforehand? Made once, asked of each event: it looks at those names alone
 * that begin as the word does.
 *
 *   names_make(&names, items, count);         items: their texts must outlive the names
 *   names_has(&names, TEXT("runc"))           of {runc, containerd-shim*}: yes; so has "containerd-shim-v2"
 */
#ifndef MEWS_NAMES_H
#define MEWS_NAMES_H

#include "catalog/text.h"

struct name {
	struct text stem;
	bool prefix; /* it was written with a `*` at its end: any end will do */
};

struct names {
	struct name *items;  /* ordered by first byte */
	uint16_t begin[257]; /* by first byte: where those begin */
	bool any;            /* `*` is among them */
};

void names_make(struct names *names, const struct text *items, size_t count);
void names_free(struct names *names);
/* As runtimes_name (catalog/client.h) answers over the same items. */
bool names_has(const struct names *names, struct text word);

#endif
