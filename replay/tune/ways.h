/*
 * ways: the ways in which one cause alerts, as one expression.
 *
 *   file.path == "/etc/shadow", file.path == "/etc/gshadow"   → file.path in ("/etc/shadow", "/etc/gshadow")
 *   file.path == "/etc/shadow", destination.port == 8443      → ((file.path == "/etc/shadow") or (destination.port == 8443))
 */
#ifndef MEWS_WAYS_H
#define MEWS_WAYS_H

#include "catalog/text.h"

/* At least one way; appended to `out`. */
void ways_print(const struct text *ways, size_t count, struct buffer *out);

#endif
