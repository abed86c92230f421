/*
 * formats: the functions behind the rows of `readers` (reader.h), and what they share.
 */
#ifndef MEWS_FORMATS_H
#define MEWS_FORMATS_H

#include "replay/readers/reader.h"
#include "replay/readers/record.h"

int audit_run(struct input *input, const struct reader_options *options, struct event_sink sink, struct ledger *ledger,
	struct diagnostics *d);
int json_run(struct input *input, const struct reader_options *options, struct event_sink sink, struct ledger *ledger,
	struct diagnostics *d);
int csv_run(struct input *input, const struct reader_options *options, struct event_sink sink, struct ledger *ledger,
	struct diagnostics *d);
int compose_run(struct input *input, const struct reader_options *options, struct event_sink sink,
	struct ledger *ledger, struct diagnostics *d);
int kubernetes_run(struct input *input, const struct reader_options *options, struct event_sink sink,
	struct ledger *ledger, struct diagnostics *d);

unsigned audit_fits(struct text sample);
unsigned json_fits(struct text sample);
unsigned csv_fits(struct text sample);
unsigned compose_fits(struct text sample);
unsigned kubernetes_fits(struct text sample);

/* Record → event → sink, and into the ledger: `events`, `unmapped`, `unfilled` (the lines are the caller's).
 * An event without facets goes no further. Returns what the sink returns. */
int reader_deliver(const struct record *record, const struct reader_options *options, struct event_sink sink,
	struct ledger *ledger);

#endif
