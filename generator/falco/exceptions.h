/* exceptions: an organization's exceptions as Falco's own `exceptions`, where they have that shape. */
#ifndef MEWS_FALCO_EXCEPTIONS_H
#define MEWS_FALCO_EXCEPTIONS_H

#include "generator/lower.h"

/* Writes the entries of one exception (indented as part of a rule). false: nothing was written, since
 * the exception is no "or" of "and"s of plain comparisons; it belongs into the condition then. */
bool falco_exception(struct arena *arena, struct buffer *out, const struct rule_exception *exception);

#endif
