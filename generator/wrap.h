/*
 * wrap: canonical EQL on lines that people can read.
 *
 *   process where event.action == "exec" and process.name in ("a", "b") and process.args like "*x*"
 *   → process where event.action == "exec"
 *       and process.name in ("a", "b") and process.args like "*x*"
 *
 * Breaks stand outside of strings only, and where there is a choice as far out of parentheses as they can, before
 * `and` and `or` or behind a comma. What fits on one line stays on one. The text means the same.
 */
#ifndef MEWS_WRAP_H
#define MEWS_WRAP_H

#include "catalog/text.h"

void wrap_eql(struct text line, size_t width, struct buffer *out);

#endif
