/*
 * input: files as lines, unpacked on the way.
 */
#include "replay/readers/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum { PACKED_SIZE = 128 << 10, BUFFER_SIZE = 256 << 10, REST_LIMIT = 64 << 20 };
/* Bytes that are unpacked at once: how much of damaged data is read does not depend on what was taken before. */
enum { UNPACKED_SIZE = 128 << 10 };

enum packing { PACKING_UNKNOWN, PACKING_NONE, PACKING_GZIP, PACKING_ZSTD };

struct input {
	char *name;
	int fd;             /* -1: `bytes_left` are the source */
	struct text bytes_left;
	struct input_source source; /* with `read`: instead of both */
	int (*idle)(void *context);
	void *idle_context;
	bool peeking, silent;
	bool borrowed;      /* the buffer is the caller's, and holds all */
	enum packing packing;
	z_stream gzip;
	ZSTD_DStream *zstd;
	bool frame_open;    /* in the middle of a packed stream */
	bool member_ended;  /* a gzip member ended, and what follows is not known yet */
	bool source_ended;  /* nothing more to read from the file */
	bool ended;         /* nothing more to unpack */
	bool broken;        /* since what follows cannot be read, which was reported */
	bool skipping;      /* over the rest of a line that was too long */
	size_t packed_from, packed_to;
	char *buffer;       /* unpacked: [from, to) is not yet handed out */
	size_t from, to, capacity;
	uint64_t line, bytes;
	bool counts;        /* lines of what is taken in pieces */
	uint64_t position;  /* bytes that were read from the source, as they stand there */
	unsigned char packed[PACKED_SIZE];
};

static int fail(const struct input *input, struct diagnostics *d, const char *why)
{
	return diagnostics_error(d, ((struct place){.file = input->name}), "%s", why);
}

static int fail_damaged(const struct input *input, struct diagnostics *d, const char *packing, const char *why)
{
	return diagnostics_error(d, ((struct place){.file = input->name}), "the %s data is damaged behind line %llu%s%s", packing,
		(unsigned long long)input->line, why ? ": " : "", why ? why : "");
}

static struct input *input_new(const char *name, int fd, size_t capacity)
{
	struct input *input = mem_alloc(sizeof *input);
	memset(input, 0, offsetof(struct input, packed));
	input->fd = fd;
	input->name = mem_alloc(strlen(name) + 1);
	memcpy(input->name, name, strlen(name) + 1);
	input->buffer = mem_alloc(capacity);
	input->capacity = capacity;
	return input;
}

struct input *input_open(const char *path, struct diagnostics *d)
{
	bool standard = strcmp(path, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		diagnostics_error(d, ((struct place){.file = path}), "cannot open it: %s", strerror(errno));
		return NULL;
	}
	return input_new(path, fd, BUFFER_SIZE);
}

struct input *input_from(const char *name, struct input_source source)
{
	struct input *input = input_new(name, -1, BUFFER_SIZE);
	input->source = source;
	return input;
}

void input_when_silent(struct input *input, int (*idle)(void *context), void *context)
{
	input->idle = idle;
	input->idle_context = context;
}

void input_begin_lines(struct input *input)
{
	input->line = 0;
}

void input_close(struct input *input)
{
	if (!input)
		return;
	if (input->source.close)
		input->source.close(input->source.context);
	if (input->packing == PACKING_GZIP)
		inflateEnd(&input->gzip);
	ZSTD_freeDStream(input->zstd);
	if (input->fd > STDIN_FILENO)
		close(input->fd);
	if (!input->borrowed)
		free(input->buffer);
	free(input->name);
	free(input);
}

const char *input_name(const struct input *input)
{
	return input->name;
}

bool input_broken(const struct input *input)
{
	return input->broken;
}

uint64_t input_bytes(const struct input *input)
{
	return input->bytes;
}

uint64_t input_size_of(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0 && S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0;
}

uint64_t input_position(const struct input *input)
{
	return input->position;
}

uint64_t input_lines(const struct input *input)
{
	return input->line;
}

static ssize_t read_text(struct input *input, void *data, size_t size)
{
	size_t part = input->bytes_left.length < size ? input->bytes_left.length : size;
	if (part)
		memcpy(data, input->bytes_left.data, part);
	input->bytes_left = text_slice(input->bytes_left, part, input->bytes_left.length);
	input->source_ended = part == 0;
	return (ssize_t)part;
}

/* 0 with source_ended: the end; without: silence, while somebody only looks. */
static ssize_t read_given(struct input *input, void *data, size_t size, struct diagnostics *d)
{
	ssize_t got;
	while ((got = input->source.read(input->source.context, data, size, d)) == INPUT_SILENT) {
		input->silent = true;
		if (input->peeking)
			return 0;
		if (input->idle && input->idle(input->idle_context))
			break;
	}
	if (got <= 0)
		input->source_ended = true;
	return got == INPUT_SILENT ? 0 : got;
}

static ssize_t read_file(struct input *input, void *data, size_t size, struct diagnostics *d)
{
	ssize_t got;
	do
		got = read(input->fd, data, size);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		fail(input, d, strerror(errno));
	if (got <= 0)
		input->source_ended = true;
	return got;
}

/* Reads once from the source into `data`. 0: it ended. */
static ssize_t read_source(struct input *input, void *data, size_t size, struct diagnostics *d)
{
	ssize_t got = input->source.read ? read_given(input, data, size, d)
		: input->fd < 0				 ? read_text(input, data, size)
									 : read_file(input, data, size, d);
	input->position += got > 0 ? (uint64_t)got : 0;
	return got;
}

static const unsigned char gzip_magic[] = {0x1f, 0x8b}, zstd_magic[] = {0x28, 0xb5, 0x2f, 0xfd};

static enum packing packing_of(struct text begin)
{
	if (begin.length >= sizeof gzip_magic && memcmp(begin.data, gzip_magic, sizeof gzip_magic) == 0)
		return PACKING_GZIP;
	if (begin.length >= sizeof zstd_magic && memcmp(begin.data, zstd_magic, sizeof zstd_magic) == 0)
		return PACKING_ZSTD;
	return PACKING_NONE;
}

/* Takes more packed bytes when there are none left. */
static int refill(struct input *input, struct diagnostics *d)
{
	if (input->packed_from < input->packed_to || input->source_ended)
		return 0;
	ssize_t got = read_source(input, input->packed, sizeof input->packed, d);
	if (got < 0)
		return -1;
	input->packed_from = 0;
	input->packed_to = (size_t)got;
	return 0;
}

/* There is nothing to be taken down then. */
static int fail_unpacker(struct input *input, struct diagnostics *d, const char *why)
{
	input->packing = PACKING_NONE;
	return fail(input, d, why);
}

/* The first bytes tell the packing. A pipe may give them one by one. */
static int detect(struct input *input, struct diagnostics *d)
{
	while (input->packed_to < sizeof zstd_magic && !input->source_ended) {
		ssize_t got = read_source(input, input->packed + input->packed_to, sizeof input->packed - input->packed_to, d);
		if (got < 0)
			return -1;
		input->packed_to += (size_t)got;
		if (input->peeking && input->silent)
			return 0;
	}
	input->packing = packing_of((struct text){(const char *)input->packed, input->packed_to});
	if (input->packing == PACKING_GZIP) {
		if (inflateInit2(&input->gzip, 15 + 16) != Z_OK)
			return fail_unpacker(input, d, "zlib has no memory");
	} else if (input->packing == PACKING_ZSTD) {
		input->zstd = ZSTD_createDStream();
		if (!input->zstd)
			return fail_unpacker(input, d, "zstd has no memory");
	}
	return 0;
}

/* The unpackers add to buffer[to, capacity); they return -1 after a report. */
static int unpack_none(struct input *input, struct diagnostics *d)
{
	size_t room = input->capacity - input->to, left = input->packed_to - input->packed_from;
	if (left) {
		size_t size = left < room ? left : room;
		memcpy(input->buffer + input->to, input->packed + input->packed_from, size);
		input->packed_from += size;
		input->to += size;
		return 0;
	}
	ssize_t got = input->source_ended ? 0 : read_source(input, input->buffer + input->to, room, d);
	if (got < 0)
		return -1;
	input->to += (size_t)got;
	input->ended = input->source_ended;
	return 0;
}

/* Behind a gzip member stand the end, another member, or zeroes up to the end of a block (tapes, and tools like them). */
static int skip_padding(struct input *input, struct diagnostics *d)
{
	do {
		if (refill(input, d))
			return -1;
		while (input->packed_from < input->packed_to && !input->packed[input->packed_from])
			input->packed_from++;
	} while (input->packed_from == input->packed_to && !input->source_ended);
	input->member_ended = false;
	if (input->packed_from < input->packed_to && input->packed[input->packed_from] != 0x1f)
		return fail(input, d, "behind the gzip data stands something else");
	return 0;
}

static int unpack_gzip(struct input *input, struct diagnostics *d)
{
	z_stream *gzip = &input->gzip;
	if (input->member_ended ? skip_padding(input, d) : refill(input, d))
		return -1;
	if (input->packed_from == input->packed_to) {
		input->ended = true;
		return input->frame_open ? fail(input, d, "the gzip data ends too early; what it held up to there was read") : 0;
	}
	gzip->next_in = input->packed + input->packed_from;
	gzip->avail_in = (unsigned)(input->packed_to - input->packed_from);
	gzip->next_out = (unsigned char *)input->buffer + input->to;
	gzip->avail_out = UNPACKED_SIZE;
	int status = inflate(gzip, Z_NO_FLUSH);
	input->packed_from = input->packed_to - gzip->avail_in;
	input->to += UNPACKED_SIZE - gzip->avail_out;
	input->frame_open = status != Z_STREAM_END;
	input->member_ended = status == Z_STREAM_END;
	if (status == Z_STREAM_END)
		inflateReset(gzip); /* a further member may follow */
	else if (status != Z_OK && status != Z_BUF_ERROR)
		return fail_damaged(input, d, "gzip", gzip->msg);
	return 0;
}

static int unpack_zstd(struct input *input, struct diagnostics *d)
{
	if (refill(input, d))
		return -1;
	ZSTD_inBuffer in = {input->packed, input->packed_to, input->packed_from};
	ZSTD_outBuffer out = {input->buffer, input->to + UNPACKED_SIZE, input->to};
	bool starved = in.pos == in.size;
	if (starved && !input->frame_open) {
		input->ended = true;
		return 0;
	}
	size_t status = ZSTD_decompressStream(input->zstd, &out, &in);
	if (ZSTD_isError(status))
		return fail_damaged(input, d, "zstd", ZSTD_getErrorName(status));
	bool moved = out.pos > input->to || in.pos > input->packed_from;
	input->packed_from = in.pos;
	input->to = out.pos;
	input->frame_open = status != 0;
	if (starved && !moved)
		return fail(input, d, "the zstd data ends too early; what it held up to there was read");
	return 0;
}

/* A byte order mark at the very beginning is no part of the text. */
static void skip_mark(struct input *input)
{
	if (input->to >= 3 && memcmp(input->buffer, "\xef\xbb\xbf", 3) == 0)
		input->from = 3;
}

/* Makes room, then adds at least one byte to the buffer or sets `ended`. */
static void fill(struct input *input, struct diagnostics *d)
{
	if (input->from) {
		memmove(input->buffer, input->buffer + input->from, input->to - input->from);
		input->to -= input->from;
		input->from = 0;
	}
	while (input->capacity - input->to < UNPACKED_SIZE) {
		input->capacity *= 2;
		input->buffer = mem_resize(input->buffer, input->capacity);
	}
	if (input->packing == PACKING_UNKNOWN && detect(input, d))
		input->broken = input->ended = true;
	if (input->packing == PACKING_UNKNOWN)
		return; /* silence came before enough to know it */
	size_t before = input->to;
	while (input->to == before && !input->ended && !(input->peeking && input->silent)) {
		int status = input->packing == PACKING_GZIP ? unpack_gzip(input, d)
			: input->packing == PACKING_ZSTD	? unpack_zstd(input, d)
								: unpack_none(input, d);
		if (status)
			input->broken = input->ended = true; /* what was unpacked up to here is still handed out */
	}
	if (!input->bytes && input->to < 3 && !input->ended && !(input->peeking && input->silent))
		fill(input, d); /* until there is enough to see a byte order mark */
	else if (!input->bytes) {
		input->bytes = input->to;
		skip_mark(input);
	} else {
		input->bytes += input->to - before;
	}
}

struct input *input_over(const char *name, struct text bytes)
{
	struct input *input = input_new(name, -1, 0);
	free(input->buffer);
	input->borrowed = input->source_ended = input->ended = true;
	input->packing = PACKING_NONE;
	input->buffer = (char *)(uintptr_t)(bytes.data ? bytes.data : "");
	input->to = input->capacity = input->bytes = bytes.length;
	return input;
}

struct input *input_of(const char *name, struct text bytes)
{
	bool plain = packing_of(bytes) == PACKING_NONE;
	struct input *input = plain ? input_over(name, bytes) : input_new(name, -1, BUFFER_SIZE);
	if (plain)
		skip_mark(input);
	else
		input->bytes_left = bytes;
	return input;
}

static struct text without_return(const char *data, size_t length)
{
	return (struct text){data, length && data[length - 1] == '\r' ? length - 1 : length};
}

/* Hands out `length` bytes as the next line and goes on after `used`. */
static int hand_out(struct input *input, struct input_line *line, size_t length, size_t used, bool too_long)
{
	*line = (struct input_line){without_return(input->buffer + input->from, length), ++input->line, too_long};
	input->from += used;
	input->skipping = too_long;
	return 1;
}

/* Drops what is left of a line that was cut. */
static void skip_line(struct input *input, struct diagnostics *d)
{
	for (;;) {
		char *newline = memchr(input->buffer + input->from, '\n', input->to - input->from);
		if (newline) {
			input->from = (size_t)(newline - input->buffer) + 1;
			break;
		}
		input->from = input->to;
		if (input->ended)
			break;
		fill(input, d);
	}
	input->skipping = false;
}

bool input_skip_line(struct input *input, struct diagnostics *d)
{
	skip_line(input, d);
	input->line++;
	return input->from < input->to || !input->ended;
}

int input_next(struct input *input, struct input_line *line, struct diagnostics *d)
{
	if (input->skipping)
		skip_line(input, d);
	for (size_t seen = 0;;) {
		size_t left = input->to - input->from;
		const char *start = input->buffer + input->from;
		const char *newline = left > seen ? memchr(start + seen, '\n', left - seen) : NULL;
		size_t length = newline ? (size_t)(newline - start) : left;
		if (length > INPUT_LINE_MAX)
			return hand_out(input, line, INPUT_LINE_MAX, INPUT_LINE_MAX, true);
		if (newline)
			return hand_out(input, line, length, length + 1, false);
		if (input->ended)
			return left ? hand_out(input, line, left, left, false) : input->broken ? -1 : 0;
		seen = left;
		fill(input, d);
	}
}

void input_pass(struct input *input, uint64_t number, struct diagnostics *d)
{
	if (input->skipping)
		skip_line(input, d);
	while (input->line + 1 < number) {
		if (input->from == input->to && !input->ended)
			fill(input, d);
		if (input->from == input->to)
			break;
		skip_line(input, d);
		input->line++;
	}
}

size_t input_whole_lines(struct text bytes)
{
	enum { WORD = 8 };
	const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
	size_t length = bytes.length;
	for (; length >= WORD; length -= WORD) { /* while there is none in the last eight */
		uint64_t word;
		memcpy(&word, bytes.data + length - WORD, WORD);
		word ^= ones * '\n';
		if ((word - ones) & ~word & tops)
			break;
	}
	while (length && bytes.data[length - 1] != '\n')
		length--;
	return length;
}

int input_block(struct input *input, struct input_line *block, struct diagnostics *d)
{
	if (input->skipping)
		skip_line(input, d);
	for (size_t seen = 0;;) {
		size_t left = input->to - input->from;
		const char *start = input->buffer + input->from;
		size_t length = seen < left ? input_whole_lines((struct text){start + seen, left - seen}) : 0;
		if (length)
			length += seen;
		else if (left > INPUT_LINE_MAX) {
			int got = hand_out(input, block, INPUT_LINE_MAX, INPUT_LINE_MAX, true);
			input->line--; /* it is counted by input_count, as others are */
			return got;
		} else if (input->ended)
			length = left;
		if (length || input->ended) {
			*block = (struct input_line){{start, length}, input->line + 1, false};
			input->from += length;
			return length ? 1 : input->broken ? -1 : 0;
		}
		seen = left;
		fill(input, d);
	}
}

void input_count(struct input *input, uint64_t lines)
{
	input->line += lines;
}

int input_rest(struct input *input, struct arena *arena, size_t limit, struct text *content, struct diagnostics *d)
{
	size_t most = limit ? limit : REST_LIMIT;
	*content = (struct text){0};
	while (!input->ended && input->to - input->from <= most)
		fill(input, d);
	if (input->broken)
		return -1;
	size_t length = input->to - input->from;
	if (length > most)
		return diagnostics_error(d, ((struct place){.file = input->name}), "it holds more than %zu bytes", most);
	*content = text_copy(arena, (struct text){input->buffer + input->from, length});
	input->from = input->to;
	return 0;
}

int input_peek(struct input *input, size_t size, struct text *begin, struct diagnostics *d)
{
	input->peeking = true;
	input->silent = false;
	while (!input->ended && !input->silent && input->to - input->from < size)
		fill(input, d);
	input->peeking = false;
	size_t left = input->to - input->from;
	*begin = (struct text){input->buffer + input->from, left < size ? left : size};
	return input->broken && !left ? -1 : 0;
}

/* Damage is told by the lines in front of it. */
static void count_lines(struct input *input, const char *bytes, size_t length)
{
	const char *end = bytes + length;
	for (const char *at = bytes; input->counts && at < end && (at = memchr(at, '\n', (size_t)(end - at))); at++)
		input->line++;
}

/* Straight from the file to where they are wanted; 0: that is not possible here, or the end. */
static size_t take_plain(struct input *input, char *bytes, size_t size, struct diagnostics *d)
{
	if (input->packing != PACKING_NONE || input->packed_from < input->packed_to || input->ended || !input->bytes)
		return 0;
	ssize_t got = read_source(input, bytes, size, d);
	input->broken = got < 0;
	input->ended = input->source_ended;
	input->bytes += got > 0 ? (uint64_t)got : 0;
	return got > 0 ? (size_t)got : 0;
}

ssize_t input_take(struct input *input, void *bytes, size_t size, struct diagnostics *d)
{
	size_t taken = 0;
	while (taken < size) {
		size_t left = input->to - input->from, part = left < size - taken ? left : size - taken;
		memcpy((char *)bytes + taken, input->buffer + input->from, part);
		count_lines(input, input->buffer + input->from, part);
		input->from += part;
		taken += part;
		if (taken == size || input->ended)
			break;
		size_t plain = input->from == input->to ? take_plain(input, (char *)bytes + taken, size - taken, d) : 0;
		taken += plain;
		if (!plain && !input->ended)
			fill(input, d);
	}
	return input->broken && !taken && size ? -1 : (ssize_t)taken;
}

ssize_t input_piece(struct input *input, void *bytes, size_t size, struct diagnostics *d)
{
	input->counts = input->packing == PACKING_GZIP || input->packing == PACKING_ZSTD;
	return input_take(input, bytes, size, d);
}
