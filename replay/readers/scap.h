/*
 * scap: the events of a capture as records, before a dialect gives them meaning.
 *
 *   struct scap_sink sink = {take, context};
 *   scap_records(input, sink, &ledger, d); // take sees evt.type, proc.name, fd.name … of each event
 *
 * Counts `lines`, `event_lines`, `continued`, `blank` and `rejected`; what becomes of the events is the sink's.
 */
#ifndef MEWS_SCAP_H
#define MEWS_SCAP_H

#include "replay/readers/reader.h"
#include "replay/readers/record.h"

struct scap_sink {
	/* The record lives until the call returns. Not 0: stop reading, and scap_records returns it. */
	int (*take)(void *context, struct record *record);
	void *context;
};

int scap_records(struct input *input, struct scap_sink sink, struct ledger *ledger, struct diagnostics *d);

#endif
