/*
 * scap_blocks: bytes of a capture, and the state that a reader of them has.
 *
 * Events are put together from parameters, written, and followed by the reader's own state machine, so that the writer
 * knows at each point what a reader knows.
 *
 *   scap_call_begin(writer, 300);                    // unlink begins
 *   scap_call_end(writer, tid, SCAP_SHOWN);
 *   scap_call_begin(writer, 301);                    // and ends
 *   scap_put_number(writer, 8, 0);                   // with 0,
 *   scap_put_text(writer, TEXT("/etc/shadow"));      // this path
 *   scap_call_end(writer, tid, SCAP_SHOWN);
 */
#ifndef MEWS_SCAP_BLOCKS_H
#define MEWS_SCAP_BLOCKS_H

#include "replay/readers/scap_state.h"
#include "replay/readers/scap_table.h"

#include <stdio.h>

enum scap_sight { SCAP_SHOWN, SCAP_HIDDEN /* for the state of the reader alone */ };
enum { SCAP_TEXT_MAX = 32 << 10 }; /* bytes of a parameter; of events 64 KiB are read everywhere */

struct scap_writer {
	FILE *events;             /* blocks of events: what stands before them is known when all are written */
	const struct scap_kind *kinds;
	struct scap_state *state; /* of whoever reads what was written */
	struct arena facts, arena; /* of kinds; of the event in hand, for whoever writes it */
	int64_t time;
	bool cut;                 /* a parameter was longer than may be */

	uint16_t type;            /* of the event that is put together */
	uint32_t count;
	struct buffer lengths, values, block;
};

struct scap_writer *scap_writer_new(FILE *events);
void scap_writer_free(struct scap_writer *writer);

void scap_call_begin(struct scap_writer *writer, uint16_t type);
void scap_put_number(struct scap_writer *writer, size_t size, uint64_t number);
void scap_put_text(struct scap_writer *writer, struct text text); /* with its NUL */
void scap_put_bytes(struct scap_writer *writer, struct text bytes);
void scap_call_end(struct scap_writer *writer, int64_t tid, enum scap_sight sight);

/* What stands before the events: section, machine, users and groups of the state. */
void scap_write_tables(const struct scap_writer *writer, FILE *out);

#endif
