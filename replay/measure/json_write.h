/*
 * json_write (jsonw_): JSON into a buffer, a piece at a time.
 *
 * Commas come by themselves. Bytes that are no UTF-8 become U+FFFD, so that what is written always is
 * JSON; NAN and infinities become null. Line breaks and indentation stand between the items of
 * containers that were opened with `open`; those opened with `open_flat` stay on one line.
 */
#ifndef MEWS_JSON_WRITE_H
#define MEWS_JSON_WRITE_H

#include "catalog/event.h"

enum { JSON_DEPTH = 32 };

struct json_write {
	struct buffer *out;
	unsigned depth;
	bool any[JSON_DEPTH + 1];  /* does the container hold an item yet? */
	bool flat[JSON_DEPTH + 1];
	bool after_key;
};

void jsonw_begin(struct json_write *json, struct buffer *out);
void jsonw_open(struct json_write *json, char bracket);      /* '{' or '[' */
void jsonw_open_flat(struct json_write *json, char bracket);
void jsonw_close(struct json_write *json, char bracket);     /* '}' or ']' */
void jsonw_key(struct json_write *json, const char *key);
void jsonw_key_text(struct json_write *json, struct text key);
void jsonw_text(struct json_write *json, struct text text);
void jsonw_string(struct json_write *json, const char *string); /* NULL: null */
void jsonw_unsigned(struct json_write *json, uint64_t number);
void jsonw_signed(struct json_write *json, int64_t number);
void jsonw_double(struct json_write *json, double number);   /* 12 digits: beyond, machines differ */
void jsonw_bool(struct json_write *json, bool truth);
void jsonw_null(struct json_write *json);
void jsonw_raw(struct json_write *json, struct text json_text); /* already JSON */

/* A key and its value. */
void jsonw_pair(struct json_write *json, const char *key, struct text text);
void jsonw_pair_string(struct json_write *json, const char *key, const char *string); /* NULL: null */
void jsonw_pair_open(struct json_write *json, const char *key, char bracket); /* '{' or '[' */
void jsonw_pair_unsigned(struct json_write *json, const char *key, uint64_t number);
void jsonw_pair_double(struct json_write *json, const char *key, double number);
void jsonw_pair_bool(struct json_write *json, const char *key, bool truth);

/* The event as a detection's test would write it: one facet as an object of its fields, several as a list
 * of such. Fields stand in the order of the registry; lists are arrays, dates RFC 3339. */
void jsonw_event(struct json_write *json, const struct event *event);

#endif
