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
int syslog_run(struct input *input, const struct reader_options *options, struct event_sink sink, struct ledger *ledger,
	struct diagnostics *d);
int journal_run(struct input *input, const struct reader_options *options, struct event_sink sink, struct ledger *ledger,
	struct diagnostics *d);
int container_log_run(struct input *input, const struct reader_options *options, struct event_sink sink,
	struct ledger *ledger, struct diagnostics *d);
int commands_run(struct input *input, const struct reader_options *options, struct event_sink sink, struct ledger *ledger,
	struct diagnostics *d);
int scap_run(struct input *input, const struct reader_options *options, struct event_sink sink, struct ledger *ledger,
	struct diagnostics *d);

unsigned audit_fits(struct text sample);
unsigned json_fits(struct text sample);
unsigned csv_fits(struct text sample);
char csv_separator_of(struct text sample); /* of , ; tab | what the first line has most of, outside of quotes; 0: none */
unsigned compose_fits(struct text sample);
unsigned kubernetes_fits(struct text sample);
unsigned syslog_fits(struct text sample);
unsigned journal_fits(struct text sample);
unsigned container_log_fits(struct text sample);
unsigned commands_fits(struct text sample);
unsigned scap_fits(struct text sample);

/* Plans of records (record_plan.h) of one reader_read: one for each dialect, and for whole events a second one. */
struct reader_plan {
	const struct record_plan *plan;
	const uint8_t *wanted;
	struct text label;
};
struct reader_plans {
	struct arena arena;
	struct reader_plan *items;
	size_t count;
};
/* The plan of options->dialect; made where it is asked for first. NULL: no dialect, or not within reader_read. */
const struct record_plan *reader_plan(const struct reader_options *options);

/* Record → event → sink, and into the ledger: `events`, `unmapped`, `unfilled` (the lines are the caller's).
 * An event without facets goes no further. Returns what the sink returns. */
int reader_deliver(struct record *record, const struct reader_options *options, struct event_sink sink,
	struct ledger *ledger);

#endif
