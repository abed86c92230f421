/*
 * export: the corpus in another format, so that other engines can run over the same events (docs/export.md).
 *
 * A format is one row of a table and one file beside this one (ecs.c, auditd.c, scap.c). Events come as replay sees
 * them: read, derived and shared, in the order of the source. A writer says of each event whether it could be said:
 *
 *   static enum export_verdict take(void *state, const struct export_item *item, const char **reason)
 *   {
 *           const struct facet *exec = facet_of(item->event, "process", "exec");
 *           if (!exec) {
 *                   *reason = "auditd has no record of such an event";
 *                   return EXPORT_UNSAID;
 *           }
 *           …
 *           return EXPORT_WRITTEN;
 *   }
 *
 * Reasons are counted by their text: a phrase of a closed set (a literal), never with values of the event in it. A
 * writer does not open, close or flush its file, and need not look at ferror: the frame does, and nothing half-written
 * stays. Memory does not grow with the events, save where a format needs tables (then bounded).
 */
#ifndef MEWS_EXPORT_H
#define MEWS_EXPORT_H

#include "replay/readers/corpus.h"

#include <stdio.h>

/* One event with what is known of it. Lives until take returns. */
struct export_item {
	const struct event *event;   /* facets with `derived` set are implied by others: a reader of records makes them anew */
	const struct dataset *dataset;
	const struct episode *episode; /* NULL: outside of all */
	enum label label;            /* the event's own, else its episode's, else the dataset's default */
	uint64_t number;             /* of the event in its file, from 1 */
};

enum export_verdict {
	EXPORT_WRITTEN, /* the event, whole */
	EXPORT_PARTLY,  /* some of it, as *reason says */
	EXPORT_UNSAID,  /* nothing of it: the format cannot say it, as *reason says */
};

struct export_options {
	const struct catalog *catalog;
};

struct export_format {
	const char *name;      /* ecs */
	const char *about;     /* one line */
	const char *ending;    /* of its files: jsonl */
	bool binary;           /* not for a terminal: needs -o */
	const char *reader, *dialect; /* how mews reads it back; dialect NULL: the reader's own */
	const char *label_name; /* raw name under which the label is found again, or NULL: it cannot carry one */
	/* What stands before the first event. The state, which `end` frees; never NULL. */
	void *(*begin)(const struct export_options *options, FILE *out);
	enum export_verdict (*take)(void *state, const struct export_item *item, const char **reason);
	void (*end)(void *state);
};
extern const struct export_format export_formats[]; /* ends with name NULL */
const struct export_format *export_format_find(struct text name);

enum { EXPORT_FIRST = 10, EXPORT_REASONS = 64 };

struct export_place {
	const char *file; /* lives in the account's arena */
	uint64_t line;
	const char *reason;
};
struct export_reason {
	const char *text;
	enum export_verdict verdict;
	uint64_t count;
};
/* events == written + partly + unsaid */
struct export_account {
	struct arena arena;
	uint64_t events, written, partly, unsaid;
	struct export_reason reasons[EXPORT_REASONS]; /* beyond so many, the last one is "further reasons" */
	size_t reason_count;
	struct export_place first[EXPORT_FIRST]; /* of those that were not written whole */
	size_t first_count;
	struct ledger ledger; /* of what was read */
};
void export_account_free(struct export_account *account);

/* Events that one file holds where files are separate. */
struct export_kind {
	const struct dataset *dataset;
	const struct episode *episode; /* NULL: outside of all */
	bool labelled;                 /* by themselves, and the format cannot carry a label: those of `label` */
	enum label label;
};

struct export_request {
	struct export_options options;
	const struct export_format *format;
	struct dataset *const *datasets;
	size_t dataset_count;
	struct text organization; /* whose labels; empty: the default ones */
	/* The file that events of such a kind go to, and its end. Where `separate` is false it is asked for once, with all
	 * of it NULL. NULL, and not 0: reported. */
	FILE *(*open)(void *context, const struct export_kind *kind, struct diagnostics *d);
	int (*close)(void *context, FILE *file, struct diagnostics *d);
	void *context;
	bool separate;            /* a file for each kind of events */
};

/* Reads the datasets and writes their events. -1: reported; the account holds what was done until then. */
int export_run(const struct export_request *request, struct export_account *account, struct diagnostics *d);

#endif
