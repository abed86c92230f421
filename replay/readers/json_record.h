/*
 * json_record: one JSON object → the raw names and values of a record (docs/dialects.md, "Records and raw names").
 *
 * The one place where JSON becomes names: lines of a JSON file, a message inside a syslog line, a journal's entry. It
 * keeps what it learns and its scratch memory between objects, so that many of them cost no allocation.
 */
#ifndef MEWS_JSON_RECORD_H
#define MEWS_JSON_RECORD_H

#include "replay/readers/json_lines.h"
#include "replay/readers/reader.h"

/*
 * Parts: for an event of the dialect with `each: spec.containers`, every object in that array is a part of this kind whose
 * names begin at the object (`image`, `securityContext.privileged`); `spec.containers.image` is still there, with the values
 * of all of them. Names are looked up in the part first, then in the record.
 */
struct json_names;
struct event;
struct record; /* record.h */
struct record_plan;

/* Names that no row of options->dialect can ask for may be left out (dialect NULL: all are kept). */
struct json_names *json_names_new(const struct reader_options *options);
/* The same with a plan of the options' dialect that is there already. */
struct json_names *json_names_new_plan(const struct reader_options *options, const struct record_plan *plan);
/* The same at a level of the machine (json_bits.h), for tests. */
struct json_names *json_names_new_level(const struct reader_options *options, enum simd_level level);
void json_names_free(struct json_names *names);

/* Adds the object's names to a record that has begun. NULL, or why the text is no single object (a phrase in the
 * record's arena). Values live as long as the record's arena or the text, whichever ends first. */
const char *json_record(struct json_names *names, struct text object, struct record *record);
/* The event of an object, where records like it are known (recipes.h): in the record's arena, and the record is not filled.
 * NULL: the same as json_record, and *why is what that returns. `lines`: the object is the line at hand there, or NULL. */
struct event *json_event(struct json_names *names, struct text object, const struct json_lines *lines, struct record *record,
	const char **why);
/* false: whatever can be done by json_event is done by meaning.c all the same. For tests. */
void json_names_hurry(struct json_names *names, bool hurry);
/* How many events went by lanes (json_lane.h). For tests. */
uint64_t json_names_laned(const struct json_names *names);

#endif
