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

enum { NAMES_LONG = 31 };

struct name {
	struct text stem;
	bool prefix; /* it was written with a `*` at its end: any end will do */
};

struct names {
	struct name *items;  /* ordered by first byte */
	uint16_t begin[257]; /* by first byte: where those begin */
	uint32_t lengths[256]; /* by first byte: bit n: a word of n bytes (31: or of more) may be one */
	bool any;            /* `*` is among them */
};

void names_make(struct names *names, const struct text *items, size_t count);
void names_free(struct names *names);
bool names_look(const struct names *names, struct text word);
/* As runtimes_name (catalog/client.h) answers over the same items. Of most words their first byte and length tell that they are
 * none. */
static inline bool names_has(const struct names *names, struct text word)
{
	if (names->any || word.length == 0)
		return names->any;
	uint32_t lengths = names->lengths[(unsigned char)word.data[0]];
	return (lengths >> (word.length < NAMES_LONG ? word.length : NAMES_LONG) & 1) && names_look(names, word);
}

#endif
