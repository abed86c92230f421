/*
 * json_member: finds members in the text of a JSON object without parsing the rest.
 *
 *   json_member(TEXT("{\"a\": 1, \"b\": {\"c\": [2, 3]}}"), TEXT("b.c"))  →  [2, 3]
 *
 * The text is scanned for its brackets and strings only: whoever uses a member parses it, and learns whether the
 * whole is JSON from whoever parses that. Results point into the text that was handed in.
 */
#ifndef MEWS_JSON_MEMBER_H
#define MEWS_JSON_MEMBER_H

#include "catalog/text.h"

/* The value's text, or an empty one. Names in `path` are joined by dots; a name that holds an escape is not found.
 * Of members with the same name the last counts. */
struct text json_member(struct text object, struct text path);

/* The same for several paths at once, in one pass over the object: values[i] belongs to paths[i]. */
void json_members(struct text object, const struct text *paths, size_t count, struct text *values);

/* The items of an array in turn: *at starts with 0. false: there is none left. */
bool json_item(struct text array, size_t *at, struct text *item);

#endif
