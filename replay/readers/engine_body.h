/*
 * engine_body: the documents of container engines inside records: what a container is asked to be.
 *
 * A dialect's `requests: [".", body]` names the members that may hold such a document (engine_request.h says which there
 * are): an object, its text (also behind `form data: `, as dockerd -D logs it), or that text in base64, as an authorization
 * plugin gets it. `.` is the record itself; of a record that is no JSON they are raw names. The first
 * facet of the event that asks for a container (container.create, run, start or exec) is filled from the first member that
 * can be read. Fields that the dialect's rows have set stay.
 */
#ifndef MEWS_ENGINE_BODY_H
#define MEWS_ENGINE_BODY_H

#include "replay/readers/reader.h"

struct record; /* record.h */

/* Uses record->text. `wanted` as in reader_options. */
void engine_body(const struct record *record, const struct reader_options *options, const uint8_t *wanted,
	struct event *event);

#endif
