/*
 * yaml_scalar: a text as a YAML scalar, with quotes only where they are needed.
 *
 * Plain where every reader of YAML takes it for that text: not what YAML 1.1 or 1.2 take for a number, a truth, a day or
 * nothing, no sign of structure, and in [] or {} nothing with a colon or a question mark. Else in double quotes; in single
 * ones where it holds quotes or backslashes that would need escapes.
 */
#ifndef MEWS_YAML_SCALAR_H
#define MEWS_YAML_SCALAR_H

#include "catalog/text.h"

/* Would YAML, read without quotes, take the text for something else than a text? */
bool yaml_is_typed(struct text text);
/* May it stand without quotes, as what it is (a number stays one)? `flow`: inside [] or {}. */
bool yaml_is_plain(struct text text, bool flow);
/* Does it hold a character that only an escape can write, or that would break the line? */
bool yaml_needs_escape(struct text text);
/* The text as a string in one line. */
void yaml_scalar_print(struct text text, bool flow, struct buffer *out);
/* The same in quotes, whatever it is. */
void yaml_quoted_print(struct text text, struct buffer *out);

#endif
