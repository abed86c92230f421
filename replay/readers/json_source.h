/*
 * json_source: one JSON object of a source → its records → events.
 *
 * Between the bytes (json.c) and the names (json_record.h) stands what a dialect says of its records as a whole:
 *
 *   wrapped: [items, properties.log]   an object with such a member is an envelope; the member holds the records: one, an
 *                                      array of them, or a string that is one. Envelopes may be nested (4 deep).
 *   once: {name: auditID}              records that share its value are one happening: those after the first get the raw
 *                                      name `repeated`
 *
 * An envelope is looked through whole before its first record is handed on, so that it counts or is rejected as one. Its
 * label (options->label_name) is that of its records. One that holds nothing is a record itself.
 */
#ifndef MEWS_JSON_SOURCE_H
#define MEWS_JSON_SOURCE_H

#include "replay/readers/json_record.h"

struct json_source;

/* `names` is used, not owned; `file` must live as long. */
struct json_source *json_source_new(const struct reader_options *options, struct json_names *names, struct event_sink sink,
	struct ledger *ledger, const char *file);
void json_source_free(struct json_source *source);

/* `line`: of the object's first byte; an array's items stand where they begin. *why: set, and nothing handed on, where the
 * text or a record in it cannot be read (it lives until the next call). `lines`: the object is the line at hand there, or NULL.
 * Counts events, no lines. Returns what the sink returned. */
int json_source_take(struct json_source *source, struct text object, uint64_t line, const struct json_lines *lines,
	const char **why);

#endif
