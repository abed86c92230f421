/*
 * yaml_splice: items are put into, replaced in, or taken out of a list in a YAML file; every other byte stays.
 *
 *   struct yaml item = {.kind = YAML_MAPPING};
 *   yaml_set(&arena, &item, "name", yaml_new_text(TEXT("build-farm")));
 *   struct splice splice = {.key = "exceptions", .at = SPLICE_END, .item = &item};
 *   if (yaml_splice(&arena, source, "acme.yaml", &splice, &d, &result))
 *   	…reported with line and column…
 *   else
 *   	file_write("acme.yaml", source, result, &d);
 *
 * The list is the value of a key of the file's first document, a mapping. Where the key is missing it is added behind
 * the last one; a list that is nothing, ~ or [] becomes a block; in brackets ([{…}], JSON) the item is written in one
 * line in JSON's form. Comments and the order of everything stay, and so do line ends (LF, CRLF), indentation, a byte
 * order mark, document markers, and the last line's end or its lack. A comment that stands below an item and deeper than
 * its dash is the item's.
 *
 * The result is read again and must hold the old tree with just that change; else nothing is given, and the diagnostic says
 * why at the list's place. So a list that an alias or `<<` brings, or one that is used again elsewhere, is refused.
 */
#ifndef MEWS_YAML_SPLICE_H
#define MEWS_YAML_SPLICE_H

#include "catalog/yaml_write.h"

#define SPLICE_END SIZE_MAX

enum splice_kind { SPLICE_INSERT, SPLICE_REPLACE, SPLICE_REMOVE };

struct splice {
	enum splice_kind kind;
	const char *key;
	size_t at;               /* which item it is, or will be */
	const struct yaml *item; /* not for REMOVE */
};

/* 0 and *result in the arena, or -1 reported. */
int yaml_splice(struct arena *arena, struct text source, const char *file, const struct splice *splice,
	struct diagnostics *d, struct text *result);

#endif
