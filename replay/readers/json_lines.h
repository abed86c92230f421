/*
 * json_lines: the lines of a block of bytes, with the marks of their quotes and backslashes (json_bits.h).
 *
 * The block is looked at in pieces of many lines, each in one pass that finds the lines' ends and all that reading JSON asks
 * of bytes as such; so it costs the same whatever the length of lines. The marks of a line are those of its piece: positions
 * count from the piece's first byte (json_text_begin_line).
 */
#ifndef MEWS_JSON_LINES_H
#define MEWS_JSON_LINES_H

#include "replay/readers/json_bits.h"

/* Zeroes with bits.level are empty ones. */
struct json_lines {
	char separator;        /* not 0: the lines are CSV's, marks are quotes and these (json_bits_mark) */
	struct json_bits bits; /* of the piece; their flags are those of the line at hand */
	const char *piece;     /* its first byte */
	size_t from, end;      /* the line at hand in it, without its newline (and a CR before that) */
	size_t behind;         /* where the next one begins */
	struct json_lines_of of;
	size_t taken;
	struct text left;      /* of the block, behind the piece */
};

/* The bytes must stay as they are while lines are taken. The last line need not end in a newline. */
void json_lines_begin(struct json_lines *lines, struct text block);
/* The next line is at hand; false: there is none. What the bits say of the line before is gone. */
bool json_lines_next(struct json_lines *lines);
void json_lines_free(struct json_lines *lines);

static inline struct text json_lines_text(const struct json_lines *lines)
{
	return (struct text){lines->piece + lines->from, lines->end - lines->from};
}

#endif
