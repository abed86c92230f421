/*
 * scap: captures of sysdig and Falco, block by block (docs/scap.md).
 *
 * The account counts blocks. One that is an event for a dialect is its first line; the beginning of a call belongs to its
 * end, and is `continued`, as is what only keeps the state up; tables, and calls of which nobody asks, are `blank`. An
 * event's line is its number as sysdig counts them (evt.num).
 */
#include "replay/readers/scap.h"

#include "replay/readers/formats.h"
#include "replay/readers/scap_bytes.h"
#include "replay/readers/scap_event.h"
#include "replay/readers/scap_fields.h"
#include "replay/readers/scap_follow.h"
#include "replay/readers/scap_head.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK_MAX = 64 << 20, BLOCK_MIN = 12, HEAD = 8 };

struct scap_reader {
	struct input *input;
	struct scap_sink sink;
	struct ledger *ledger;
	struct diagnostics *d;
	const char *file;
	struct arena facts; /* kinds */
	struct arena arena; /* of the event in hand */
	const struct scap_kind *kinds;
	struct scap_state *state;
	char *block;        /* in hand */
	size_t capacity;
	uint64_t offset;    /* of its first byte, unpacked */
	uint64_t number;    /* of the last event */
	bool settled;       /* the tables before the events are there */
};

static void reject(struct scap_reader *r, const char *why)
{
	ledger_reject(r->ledger, r->file, r->number, "the block at byte %llu: %s", (unsigned long long)r->offset, why);
}

static int deliver(struct scap_reader *r, const struct scap_event *event, const struct scap_seen *seen)
{
	struct record record;
	record_begin(&record, &r->arena, r->file, r->number);
	record.time = event->time;
	scap_fields(&record, r->state, event, seen);
	r->ledger->event_lines++;
	return r->sink.take(r->sink.context, &record);
}

static int take_event(struct scap_reader *r, uint32_t block, struct text payload)
{
	struct scap_event event;
	r->number++;
	arena_reset(&r->arena);
	if (!r->settled)
		scap_settle(r->state);
	r->settled = true;
	const char *wrong = scap_event_take(r->kinds, block, payload, &event);
	if (wrong) {
		reject(r, wrong);
		return 0;
	}
	if (!event.own.kind) {
		ledger_reject(r->ledger, r->file, r->number, "the block at byte %llu is an event of type %u, which is not known here",
			(unsigned long long)r->offset, event.type);
		return 0;
	}
	if (event.own.kind->act == SCAP_QUIET) {
		r->ledger->blank++;
		return 0;
	}
	int status = 0;
	struct scap_seen seen = scap_follow(r->state, &event, &r->arena);
	if (event.own.kind->act == SCAP_ENTER || event.flags & SCAP_STATE_ONLY)
		r->ledger->continued++;
	else if (event.own.kind->told)
		status = deliver(r, &event, &seen);
	else
		r->ledger->blank++;
	if (event.own.kind->act == SCAP_EXIT)
		scap_follow_end(r->state, &seen);
	return status;
}

/* A section: what came before is of another recording. */
static void take_section(struct scap_reader *r, struct text payload)
{
	struct scap_bytes bytes = scap_bytes_of(payload);
	uint32_t magic = scap_u32(&bytes);
	uint16_t major = scap_u16(&bytes);
	scap_state_reset(r->state);
	r->settled = false;
	if (bytes.failed || magic != SCAP_MAGIC)
		reject(r, "a section of another byte order than this machine's");
	else if (major > 1)
		reject(r, "a section of a later major version of the format");
	else
		r->ledger->blank++;
}

static int take_block(struct scap_reader *r, uint32_t block, struct text payload)
{
	if (block == SCAP_BLOCK_SECTION) {
		take_section(r, payload);
	} else if (scap_event_block(block)) {
		return take_event(r, block, payload);
	} else if (scap_head_knows(block)) {
		const char *wrong = scap_head_take(r->state, block, payload);
		if (wrong)
			reject(r, wrong);
		else
			r->ledger->blank++;
	} else {
		ledger_reject(r->ledger, r->file, r->number, "the block at byte %llu is of type 0x%x, which is not known here",
			(unsigned long long)r->offset, block);
	}
	return 0;
}

/* Takes the next bytes into the block. 1: all; 0: the source ends before; -1: reported. */
static int take_bytes(struct scap_reader *r, size_t size)
{
	if (size > r->capacity) {
		r->capacity = size + size / 2;
		r->block = mem_resize(r->block, r->capacity);
	}
	ssize_t got = input_take(r->input, r->block, size, r->d);
	return got < 0 ? -1 : (size_t)got == size;
}

/* No more blocks are read; -1 where the packing is broken further on, which the input reported. */
static int skip_rest(struct scap_reader *r)
{
	ssize_t got;
	while ((got = input_take(r->input, r->block, r->capacity, r->d)) > 0)
		;
	return got < 0 ? -1 : 0;
}

/* 1: a block was read; 0: nothing that could be one follows; -1 or what the sink returned. */
static int next_block(struct scap_reader *r, int *status)
{
	r->offset = input_bytes(r->input);
	ssize_t got = input_take(r->input, r->block, HEAD, r->d);
	if (got <= 0)
		return (int)got;
	r->ledger->lines++;
	struct scap_bytes head = scap_bytes_of((struct text){r->block, (size_t)got});
	uint32_t block = scap_u32(&head), length = scap_u32(&head);
	bool sized = !head.failed && length >= BLOCK_MIN && length <= BLOCK_MAX;
	int whole = sized ? take_bytes(r, length - HEAD) : 0;
	if (whole <= 0) {
		reject(r, head.failed || sized ? "it is cut: the capture ends in it" :
			"its length is none that a block has: what follows is not read");
		return whole < 0 ? -1 : skip_rest(r);
	}
	struct scap_bytes tail = scap_bytes_of((struct text){r->block + length - HEAD - 4, 4});
	if (scap_u32(&tail) != length)
		reject(r, "its two lengths differ");
	else
		*status = take_block(r, block, (struct text){r->block, length - HEAD - 4});
	return 1;
}

int scap_records(struct input *input, struct scap_sink sink, struct ledger *ledger, struct diagnostics *d)
{
	struct scap_reader r = {.input = input, .sink = sink, .ledger = ledger, .d = d, .file = input_name(input),
		.capacity = 64 << 10};
	int status = 0, got;
	r.kinds = scap_kinds_make(&r.facts);
	r.state = scap_state_new();
	r.block = mem_alloc(r.capacity);
	while ((got = next_block(&r, &status)) > 0 && !status)
		;
	scap_state_free(r.state);
	arena_free(&r.facts);
	arena_free(&r.arena);
	free(r.block);
	return got < 0 ? -1 : status;
}

struct delivery {
	const struct reader_options *options;
	struct event_sink sink;
	struct ledger *ledger;
};

static int take_record(void *context, struct record *record)
{
	const struct delivery *delivery = context;
	return reader_deliver(record, delivery->options, delivery->sink, delivery->ledger);
}

int scap_run(struct input *input, const struct reader_options *options, struct event_sink sink, struct ledger *ledger,
	struct diagnostics *d)
{
	struct delivery delivery = {options, sink, ledger};
	return scap_records(input, (struct scap_sink){take_record, &delivery}, ledger, d);
}

/* The section's magic is pcapng's too: the block behind it tells them apart. */
unsigned scap_fits(struct text sample)
{
	struct scap_bytes bytes = scap_bytes_of(sample);
	uint32_t block = scap_u32(&bytes), length = scap_u32(&bytes), magic = scap_u32(&bytes);
	if (bytes.failed || block != SCAP_BLOCK_SECTION || magic != SCAP_MAGIC || length < BLOCK_MIN)
		return 0;
	scap_take(&bytes, length - 12);
	uint32_t next = scap_u32(&bytes);
	if (bytes.failed)
		return 60;
	return scap_head_knows(next) || scap_event_block(next) ? 100 : 0;
}
