/*
 * json_lane: whole ways through texts of one producer, with what is made of their values.
 *
 * json_template.h knows which bytes may stand between two values; a lane knows which stood there from the text's beginning to its
 * end. What is the same for all texts of one lane is worked out once: the names of its values, each in a slot of its own, and
 * the recipes (recipes.h) that such records had. So such a text is read in one loop, and its event made without a look at names:
 *
 *   text     {"pid":7,"args":["ls","-l"],"ok":true}
 *   nodes    {"pid": number, slot 0 ─ ,"args":[" string, slot 1, or several ─ "],"ok":true word, slot 2 ─ } end
 *
 * Lanes that begin alike share nodes, as a trie: a node leads to those that came behind it, the newest first. An array of
 * strings is one node, however many there are; one or several part ways there, because recipes tell them apart.
 *
 * A string that was the same whenever the template looked becomes part of a node's bytes (`{"kind":"event","pid":`). Another
 * string in its place makes another node beside it; after a few of those it is a value like all others again.
 *
 * Nodes are made of the template's edges for a text that was read by it, when a recipe made its event. All checks are the
 * template's: the bytes of nodes come from texts that were good, the values between them are looked at as ever. What no lane
 * fits is read as if there were none.
 */
#ifndef MEWS_JSON_LANE_H
#define MEWS_JSON_LANE_H

#include "replay/readers/json_template.h"
#include "replay/readers/recipes.h"

struct json_lanes;

/* Where a lane ends. */
struct lane_end {
	struct run *runs; /* the values in order, one run for each name: in json_lanes_found */
	size_t run_count;
	uint16_t *lists;  /* positions of those that may be several, in the order of their nodes */
	size_t list_count;
	struct alike alike; /* what recipes know of such records */
	bool unfit;       /* nothing is made here */
};

/* The template must outlive them. */
struct json_lanes *json_lanes_new(struct json_template *learnt);
void json_lanes_free(struct json_lanes *lanes);

/* The values of a text that json_text_begin took, if it goes one of the ways; else NULL, and the text has no fault yet. */
struct lane_end *json_lanes_read(struct json_lanes *lanes, struct json_text *t);
/* What runs lead to, until the next call. */
const struct found *json_lanes_found(const struct json_lanes *lanes);
/* The way of a text from which the template found these values; NULL: it is too long, or winds. */
struct lane_end *json_lanes_learn(struct json_lanes *lanes, struct json_text *t, const struct found *found, size_t count);

#endif
