/*
 * input: bytes of a file, whatever it is packed in, as lines.
 *
 * Plain, gzip and zstd (told by their first bytes; several members or frames are one text, and data that is cut or damaged
 * is an error once what stands before it was handed out), or "-" for standard input. Reads in blocks; a line
 * may be as long as `INPUT_LINE_MAX`, a longer one is handed over cut, with `too_long` set, and the
 * rest of it is skipped. The last line need not end in a newline.
 */
#ifndef MEWS_INPUT_H
#define MEWS_INPUT_H

#include "catalog/diagnostic.h"

#include <sys/types.h>

#define INPUT_LINE_MAX (16u << 20)

struct input;

struct input *input_open(const char *path, struct diagnostics *d); /* NULL: reported */
/* Bytes in memory as if they were a file's; they must outlive the input. */
struct input *input_of(const char *name, struct text bytes);
void input_close(struct input *input);
const char *input_name(const struct input *input); /* as given; lives as long as the input */

struct input_line {
	struct text text;  /* without its newline (and CR before it); valid until the next call */
	uint64_t number;   /* from 1 */
	bool too_long;
};
/* 1: a line; 0: the end; -1: a read or decompression error, reported (what was read before stands). */
int input_next(struct input *input, struct input_line *line, struct diagnostics *d);
/* All that is left, at most `limit` bytes (0: 64 MiB); -1: reported. For formats that are read whole. */
int input_rest(struct input *input, struct arena *arena, size_t limit, struct text *content, struct diagnostics *d);
/* Shows at most `size` of the bytes that come next, unpacked, without taking them; fewer only where the source ends
 * (a pipe is waited for). Valid until the next call. -1: reported. */
int input_peek(struct input *input, size_t size, struct text *begin, struct diagnostics *d);
/* Takes the next bytes as they are, for formats without lines: how many (fewer than `size` only at the end), or -1. */
ssize_t input_take(struct input *input, void *bytes, size_t size, struct diagnostics *d);
uint64_t input_bytes(const struct input *input); /* unpacked bytes so far */

#endif
