/*
 * text: slices of bytes, and a growing buffer.
 *
 * A `struct text` points into memory that somebody else owns and need not end in NUL; `length` counts
 * bytes. Text is UTF-8 by convention, never by trust. Folding is ASCII folding everywhere.
 */
#ifndef MEWS_TEXT_H
#define MEWS_TEXT_H

#include "catalog/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct text {
	const char *data;
	size_t length;
};

#define TEXT(literal) ((struct text){(literal), sizeof(literal) - 1})
#define TEXT_ARGS(t) (int)(t).length, (t).data /* for "%.*s" */

/* Of a NUL-terminated string; NULL gives an empty text. */
static inline struct text text_of(const char *string)
{
	return string ? (struct text){string, strlen(string)} : (struct text){"", 0};
}
struct text text_copy(struct arena *arena, struct text text); /* a NUL-terminated copy */
struct text text_fold(struct arena *arena, struct text text); /* a copy in lower case */
static inline struct text text_slice(struct text text, size_t from, size_t to)
{
	if (to > text.length)
		to = text.length;
	if (from > to)
		from = to;
	return (struct text){text.data ? text.data + from : NULL, to - from};
}
struct text text_trim(struct text text); /* without blanks (space, tab, CR, LF) at both ends */

static inline bool text_equal(struct text a, struct text b)
{
	return a.length == b.length && (!a.length || memcmp(a.data, b.data, a.length) == 0);
}
bool text_equal_fold(struct text a, struct text b);
/* Mostly it is not, and the first byte tells. */
static inline bool text_is(struct text a, const char *b)
{
	return (!a.length || (b && a.data[0] == b[0])) && text_equal(a, text_of(b));
}
bool text_among(const struct text *texts, size_t count, struct text text); /* is one of them equal to it? */
int text_compare(struct text a, struct text b); /* order of bytes */
bool text_starts(struct text text, struct text with, bool fold);
bool text_ends(struct text text, struct text with, bool fold);
bool text_contains(struct text text, struct text part, bool fold);
/* Position of `byte`, or text.length. */
size_t text_find(struct text text, char byte);
uint64_t text_hash(struct text text);

/* Writes the number in decimal so that it ends before `end`, without an end of string; returns where it begins. It takes
 * TEXT_NUMBER_MAX bytes at most. */
enum { TEXT_NUMBER_MAX = 20 };
char *text_put_number(char *end, int64_t number);
/* Whole text as a number. Decimal; text_to_long takes a sign. false where it is not one or overflows.
 * Bases 2 to 36, digits only (no 0x). */
bool text_to_long(struct text text, int64_t *number);
bool text_to_ulong_base(struct text text, int base, uint64_t *number);

/* Splits at `separator` into non-empty pieces that point into `text`. */
size_t text_split(struct arena *arena, struct text text, char separator, struct text **pieces);
struct text text_join(struct arena *arena, const struct text *pieces, size_t count, char separator);

/* Insertions, deletions, replacements and swaps of neighbours that turn a into b; SIZE_MAX for a text
 * longer than TEXT_DISTANCE_MAX bytes. */
enum { TEXT_DISTANCE_MAX = 96 };
size_t text_distance(struct text a, struct text b);
/* Is `candidate` a likely spelling of `word`, and nearer than *best (start with SIZE_MAX)? Then *best falls. */
bool text_nearer(struct text word, struct text candidate, size_t *best);

/* Bytes of the well-formed UTF-8 character at `data`, or 1 for a byte that begins none. `left` > 0. */
size_t utf8_step(const char *data, size_t left);
/* The byte after `count` characters from byte `from`, at most text.length. */
size_t utf8_skip(struct text text, size_t from, size_t count);
bool utf8_valid(struct text text);

/* A growing buffer. Zeroes are an empty one; `data` is NUL-terminated once something was added. */
struct buffer {
	char *data;
	size_t length, capacity;
};
void buffer_add(struct buffer *buffer, const char *data, size_t length);
void buffer_text(struct buffer *buffer, struct text text);
void buffer_string(struct buffer *buffer, const char *string);
void buffer_char(struct buffer *buffer, char byte);
void buffer_printf(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct text buffer_view(const struct buffer *buffer);
void buffer_clear(struct buffer *buffer); /* keeps the memory */
void buffer_free(struct buffer *buffer);

/* 0 … 15; -1: it is no hexadecimal digit. */
int text_hex_digit(char byte);

#endif
