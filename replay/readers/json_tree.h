/*
 * json_tree: one JSON object → all its names and values, by jansson and the whole tree in memory.
 *
 * For whoever wants every name (no dialect), and for objects that have a key twice, of which the last one counts
 * (json_walk.h). Objects in arrays count under the array's name and under their index, so arrays in arrays double what
 * there is; where that exceeds 16 times the text's length the object is refused. Real numbers are written anew.
 */
#ifndef MEWS_JSON_TREE_H
#define MEWS_JSON_TREE_H

#include "replay/readers/record.h"

struct json_tree_options {
	struct text root;         /* the member of the top whose own members go by their own names; may be empty */
	const struct text *kinds; /* arrays whose objects are parts of the record */
	size_t kind_count;
};

/* Adds the names to the record. NULL, or why not (a phrase in the record's arena). Values are in that arena. */
const char *json_tree(const struct json_tree_options *options, struct text object, struct record *record);

#endif
