/*
 * formats: the functions behind the rows of `readers` (reader.h), and what they share.
 */
#ifndef MEWS_FORMATS_H
#define MEWS_FORMATS_H

#include "replay/readers/reader.h"
#include "replay/readers/record.h"

#include <pthread.h>

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
size_t json_border(struct text bytes, size_t from);
unsigned csv_fits(struct text sample);
size_t csv_border(struct text bytes, size_t from);
bool csv_head(const struct reader_options *options, struct text bytes, size_t *length);
char csv_separator_of(struct text sample); /* of , ; tab | what the first line has most of, outside of quotes; 0: none */
unsigned compose_fits(struct text sample);
unsigned kubernetes_fits(struct text sample);
unsigned syslog_fits(struct text sample);
unsigned journal_fits(struct text sample);
unsigned container_log_fits(struct text sample);
unsigned commands_fits(struct text sample);
unsigned scap_fits(struct text sample);

/*
 * What one thread keeps of a source between its records, and between the chunks that it reads (reader.h): plans of records
 * (record_plan.h), one for each dialect, and what readers have learnt of the order of names.
 *
 *   struct reader_plans plans = {0};
 *   reader_plans_begin(&plans); options.plans = &plans;
 *   … reader_read, chunk after chunk, always by this thread; event_complete by any …
 *   reader_plans_end(&plans);       when no event is left
 *
 * Whoever asks for a whole event may be another thread: what that needs stands in `whole`, and behind the lock.
 */
struct reader_plan {
	const struct record_plan *plan;
	const uint8_t *wanted;
	struct text label;
	struct json_names *names; /* json_record.h; NULL: nobody has asked for them */
	struct recipes *recipes;  /* recipes.h; likewise */
	bool no_recipes;          /* the dialect has none */
};
struct reader_plan_list {
	struct arena arena;
	struct reader_plan *items;
	size_t count;
};
struct reader_plans {
	struct reader_plan_list reading, whole;
	pthread_mutex_t lock; /* of `whole` */
};
void reader_plans_begin(struct reader_plans *plans);
void reader_plans_end(struct reader_plans *plans);
/* The plan of options->dialect; made where it is asked for first. NULL: no dialect, or not within reader_read. */
const struct record_plan *reader_plan(const struct reader_options *options);
/* What JSON objects are read with, kept in the plans; NULL as above. */
struct json_names *reader_json_names(const struct reader_options *options);
/* Recipes of the plan; NULL as above, or where its dialect has none, or records are watched. */
struct recipes *reader_recipes(const struct reader_options *options);
/* The same for whole events; the caller holds the lock. */
const struct record_plan *reader_plan_whole(const struct reader_options *options);
struct json_names *reader_json_names_whole(const struct reader_options *options);

/* Record → event → sink, and into the ledger: `events`, `unmapped`, `unfilled` (the lines are the caller's).
 * An event without facets goes no further. Returns what the sink returns. */
int reader_deliver(struct record *record, const struct reader_options *options, struct event_sink sink,
	struct ledger *ledger);
/* The same of an event that was made without the record's names (recipes.h): of the object `record->text`, or of what
 * `record->again` adds. */
int reader_deliver_event(struct record *record, struct event *event, const struct reader_options *options,
	struct event_sink sink, struct ledger *ledger);

#endif
