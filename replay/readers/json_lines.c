/* json_lines: see json_lines.h. */
#include "replay/readers/json_lines.h"

#include <stdlib.h>
#include <string.h>

enum { PIECE = 64 << 10 };

/* Whole lines of about PIECE bytes, or one that is longer. */
static size_t piece_length(struct text block)
{
	if (block.length <= PIECE + PIECE / 2)
		return block.length;
	const char *newline = memchr(block.data + PIECE, '\n', block.length - PIECE);
	return newline ? (size_t)(newline - block.data) + 1 : block.length;
}

static void next_piece(struct json_lines *lines)
{
	size_t length = piece_length(lines->left);
	struct text piece = text_slice(lines->left, 0, length);
	if (lines->separator)
		json_bits_mark(&lines->bits, piece, lines->separator, &lines->of);
	else
		json_bits_find_lines(&lines->bits, piece, &lines->of);
	lines->piece = lines->left.data;
	lines->left = text_slice(lines->left, length, lines->left.length);
	lines->behind = lines->taken = 0;
}

void json_lines_begin(struct json_lines *lines, struct text block)
{
	lines->left = block;
	lines->of.count = lines->taken = 0;
}

bool json_lines_next(struct json_lines *lines)
{
	if (lines->taken == lines->of.count) {
		if (!lines->left.length)
			return false;
		next_piece(lines);
	}
	const struct json_line *line = &lines->of.items[lines->taken++];
	size_t from = lines->behind, end = line->end;
	lines->from = from;
	lines->behind = end + 1;
	lines->end = end - (end > from && lines->piece[end - 1] == '\r');
	lines->bits.control = line->control;
	lines->bits.bad = line->bad;
	return true;
}

void json_lines_free(struct json_lines *lines)
{
	json_bits_free(&lines->bits);
	free(lines->of.items);
	lines->of = (struct json_lines_of){0};
}
