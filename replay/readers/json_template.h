/*
 * json_template: the order in which a producer writes its keys, learnt from texts that were read before.
 *
 * One producer writes the same bytes between its values, record by record. A state is the place behind a value (which
 * objects, arrays and keys are around it); an edge leads from it to the next value, by the bytes in between:
 *
 *   {"pid":7,"args":["ls","-l"],"ok":true}
 *   start ─{"pid":─ number ─,"args":["─ string ─","─ string ⟲ ─"],"ok":true─ word ─}─ end
 *
 * A text is read by comparing the bytes of an edge and taking the value behind them, quote by quote of the bitmap. Because
 * a state stands for one nesting of objects and arrays, an edge that was learnt there from a good text is good wherever the
 * state is; strings and numbers between are checked as ever. So what is read is checked as a whole, and whatever no edge
 * fits (also a wanted key that comes twice) is read by the walk, and learnt if it is good and there is room.
 *
 * Many of the values that nobody asks for are the same in every record. A long edge leads over such values, whose bytes are part
 * of it; where one has changed, the edges of its own way are there still.
 *
 * Not learnt: objects in arrays in which something is asked for, keys with escapes.
 */
#ifndef MEWS_JSON_TEMPLATE_H
#define MEWS_JSON_TEMPLATE_H

#include "replay/readers/json_paths.h"
#include "replay/readers/json_text.h"

struct json_template;

/* `paths` and `root` as in json_walk.h. */
struct json_template *json_template_new(const struct json_paths *paths, struct text root);
void json_template_free(struct json_template *learnt);

/* The values of a text that json_text_begin took. false: it is none that was learnt; `finds` may hold some values then, and
 * the text has no fault yet. */
bool json_template_read(struct json_template *learnt, struct json_text *t, struct found_list *finds);
/* Learns from a text that the walk has read and found good. */
void json_template_learn(struct json_template *learnt, const struct json_text *t);

#endif
