/*
 * json_text: the scalars of a JSON text, on the bitmaps of its quotes (json_bits.h): what json_walk and json_template share.
 */
#ifndef MEWS_JSON_TEXT_H
#define MEWS_JSON_TEXT_H

#include "replay/readers/found.h"
#include "replay/readers/json_lines.h"

/* A text, and what is wrong with it. It may be a line among others: all positions count from the first byte of what was looked
 * at together, and what stands behind its end is somebody else's. */
struct json_text {
	const char *data;
	size_t from;   /* where it begins */
	size_t length; /* where it ends */
	struct json_bits bits;
	struct arena *arena; /* for values that do not stand in the text */
	const char *why;     /* NULL: all is well so far */
	size_t where;
};

/* Finds the quotes. false: it is no UTF-8. */
bool json_text_begin(struct json_text *t, struct text text, struct arena *arena);
/* The same of the line at hand, whose quotes are known; until the next one is. */
bool json_text_begin_line(struct json_text *t, const struct json_lines *lines, struct arena *arena);
/* Notes what is wrong, if it is the first thing; false. */
bool json_text_fail(struct json_text *t, size_t at, const char *why);

/* The first quote from `at` on that begins or ends a string; `length`: there is none. */
size_t json_text_quote(const struct json_text *t, size_t at);
/* Is there a backslash in [from, to)? */
bool json_text_has_slash(const struct json_text *t, size_t from, size_t to);
/* Control characters, and escapes that are none, in the string between the quotes. *escaped: it has escapes. */
bool json_text_check(struct json_text *t, size_t from, size_t to, bool *escaped);
/* A string that was checked, with its escapes resolved, in the arena. */
struct text json_text_decode(struct json_text *t, size_t from, size_t to);
/* Both in one, of a string without control characters: false, and noted, where an escape is none. */
bool json_text_resolve(struct json_text *t, size_t from, size_t to, struct text *text);

/* The number at *at, which goes behind it. Its text is as it stands, but 7.0 is 7 and 1e3 is 1000. */
bool json_text_number(struct json_text *t, size_t *at, struct text *number);

#endif
