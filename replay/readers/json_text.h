/*
 * json_text: the scalars of a JSON text, on the bitmap of its quotes and backslashes (json_bits.h): what json_walk,
 * json_template and json_lane share.
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
	size_t near;   /* up to there bytes can be looked at; behind the text begins another line */
	struct json_bits bits;
	struct arena *arena; /* for values that do not stand in the text */
	char *spare;         /* room in it for those that follow */
	size_t spare_size;
	const char *why;     /* NULL: all is well so far */
	size_t where;
};

/* Finds the marks. false: it is no UTF-8. */
bool json_text_begin(struct json_text *t, struct text text, struct arena *arena);
/* The same of the line at hand, whose marks are known; until the next one is. */
bool json_text_begin_line(struct json_text *t, const struct json_lines *lines, struct arena *arena);
/* Notes what is wrong, if it is the first thing; false. */
bool json_text_fail(struct json_text *t, size_t at, const char *why);

/* The quote that ends the string whose first byte is at `at`; `length`: there is none. *escaped: it has escapes. */
size_t json_text_close(const struct json_text *t, size_t at, bool *escaped);
/* Control characters, and escapes that are none, in the string between the quotes. *escaped: it has escapes. */
bool json_text_check(struct json_text *t, size_t from, size_t to, bool *escaped);
/* The string at `at`, which was checked, with its escapes resolved, in the arena. */
struct text json_text_decode(struct json_text *t, size_t at);
/* Both in one, of a string without control characters at *at, which goes to its end: false, and noted, where an escape is
 * none, or there is no end. */
bool json_text_resolve(struct json_text *t, size_t *at, struct text *text);
/* The same; a string without escapes stays where it is, and one that is not wanted is left as it stands. */
bool json_text_string(struct json_text *t, size_t *at, bool wanted, struct text *text);

/* The number at *at, which goes behind it. Its text is as it stands, but 7.0 is 7 and 1e3 is 1000. */
bool json_text_number(struct json_text *t, size_t *at, struct text *number);

#endif
