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
/* Bytes in memory as if they were a file's; they must outlive the input. Where they are not packed, lines are slices of
 * them, and stay what they are. */
struct input *input_of(const char *name, struct text bytes);
/* The same of bytes out of the middle of a file: they are taken as they stand, without a look at what they begin with. */
struct input *input_over(const char *name, struct text bytes);
/* A source that is no file by itself (follow.h). */
enum { INPUT_SILENT = -2 };
struct input_source {
	/* At most `size` bytes as they come; 0: the end; -1: reported; INPUT_SILENT: nothing came for a while, more may. */
	ssize_t (*read)(void *context, void *data, size_t size, struct diagnostics *d);
	void (*close)(void *context);
	void *context;
};
struct input *input_from(const char *name, struct input_source source);
void input_close(struct input *input);
/* `idle` is called, inside of input_next and the like, each time that such a source has been silent for a while: what a
 * reader holds back until further lines come is handed on then. Not 0: the input ends here. NULL: nobody is called. */
void input_when_silent(struct input *input, int (*idle)(void *context), void *context);
/* Another file begins where the source stands: its first line is line 1. */
void input_begin_lines(struct input *input);
const char *input_name(const struct input *input); /* as given; lives as long as the input */

struct input_line {
	struct text text;  /* without its newline (and CR before it); valid until the next call */
	uint64_t number;   /* from 1 */
	bool too_long;
};
/* 1: a line; 0: the end; -1: a read or decompression error, reported (what was read before stands). */
int input_next(struct input *input, struct input_line *line, struct diagnostics *d);
/* Passes over lines: what input_next gives next is the one of that number, or a later one if that came already. */
void input_pass(struct input *input, uint64_t number, struct diagnostics *d);
/* Whole lines together, as many as lie there, with their newlines (the last one of all may lack it); CRs stand. `number` is the
 * first one's: whoever takes them says how many they were, before the next call. A line that is too long comes alone, cut. */
int input_block(struct input *input, struct input_line *block, struct diagnostics *d);
void input_count(struct input *input, uint64_t lines);
/* Up to the last newline in the bytes, itself included; 0: there is none. */
size_t input_whole_lines(struct text bytes);
/* All that is left, at most `limit` bytes (0: 64 MiB); -1: reported, and `content` is empty. For formats that are read whole. */
int input_rest(struct input *input, struct arena *arena, size_t limit, struct text *content, struct diagnostics *d);
/* Shows at most `size` of the bytes that come next, unpacked, without taking them; fewer only where the source ends or
 * is silent (a pipe is waited for). Valid until the next call. -1: reported. */
int input_peek(struct input *input, size_t size, struct text *begin, struct diagnostics *d);
/* Takes the next bytes as they are, for formats without lines: how many (fewer than `size` only at the end), or -1. */
ssize_t input_take(struct input *input, void *bytes, size_t size, struct diagnostics *d);
/* The same for formats that have lines, which somebody else will tell apart. */
ssize_t input_piece(struct input *input, void *bytes, size_t size, struct diagnostics *d);
/* Drops what is left of the line; false: nothing follows it. */
bool input_skip_line(struct input *input, struct diagnostics *d);
/* Was something met that cannot be read, and reported? */
bool input_broken(const struct input *input);
uint64_t input_bytes(const struct input *input); /* unpacked bytes so far */
uint64_t input_size_of(const char *path); /* of the file, as it stands there; 0: it is no regular one */
uint64_t input_position(const struct input *input); /* bytes that were read so far as they stand in the source, packed or not */
uint64_t input_lines(const struct input *input); /* that were handed out so far */

#endif
