/*
 * export: the table of formats, the way of an event into its file, and the account.
 */
#include "replay/export/export.h"
#include "replay/derive/derive.h"
#include "replay/export/formats.h"

#include <stdlib.h>
#include <string.h>

const struct export_format export_formats[] = {
	{"ecs", "JSON lines in the Elastic Common Schema, nested; a line for each facet of an event", "jsonl", false, "json",
		"ecs", "labels.mews_label", ecs_begin, ecs_take, ecs_end},
	{"auditd", "records of Linux audit: calls with their arguments, paths and sockets, messages of logins and users", "log",
		false, "auditd", NULL, NULL, auditd_begin, auditd_take, auditd_end},
	{"scap", "a capture that sysdig and Falco read: system calls with their processes, users and containers", "scap", true,
		"scap", NULL, NULL, scap_begin, scap_take_event, scap_end},
	{NULL, NULL, NULL, false, NULL, NULL, NULL, NULL, NULL, NULL},
};

const struct export_format *export_format_find(struct text name)
{
	for (const struct export_format *format = export_formats; format->name; format++)
		if (text_is(name, format->name))
			return format;
	return NULL;
}

void export_account_free(struct export_account *account)
{
	ledger_free(&account->ledger);
	arena_free(&account->arena);
	memset(account, 0, sizeof *account);
}

enum { KINDS = 2 + LABEL_MALICIOUS }; /* without a label of its own, and one for each label */

/* An open file with its writer. */
struct output {
	FILE *file;
	void *state;
	uint64_t events;
};

struct export {
	const struct export_request *request;
	struct export_account *account;
	struct diagnostics *d;
	struct deriver *deriver;
	struct evaluator *evaluator;
	const struct dataset *dataset; /* in hand */
	struct output whole;           /* of everything, where files are not separate */
	struct output *outputs;        /* [(1 + episode) * KINDS + …], of the dataset */
};

/* The account */

static void count_reason(struct export_account *account, enum export_verdict verdict, const char *reason)
{
	for (size_t i = 0; i < account->reason_count; i++) {
		struct export_reason *known = &account->reasons[i];
		if (known->verdict == verdict && strcmp(known->text, reason) == 0) {
			known->count++;
			return;
		}
	}
	if (account->reason_count == EXPORT_REASONS - 1)
		reason = "further reasons";
	if (account->reason_count == EXPORT_REASONS)
		account->reasons[EXPORT_REASONS - 1].count++;
	else
		account->reasons[account->reason_count++] =
			(struct export_reason){arena_strdup(&account->arena, reason), verdict, 1};
}

static void count_event(struct export_account *account, const struct event *event, enum export_verdict verdict,
	const char *reason)
{
	account->events++;
	account->written += verdict == EXPORT_WRITTEN;
	account->partly += verdict == EXPORT_PARTLY;
	account->unsaid += verdict == EXPORT_UNSAID;
	if (verdict == EXPORT_WRITTEN)
		return;
	count_reason(account, verdict, reason);
	if (account->first_count < EXPORT_FIRST)
		account->first[account->first_count++] = (struct export_place){
			arena_strdup(&account->arena, event->file ? event->file : ""), event->line, arena_strdup(&account->arena, reason)};
}

/* Files */

static int open_output(struct export *e, struct output *output, const struct export_kind *kind)
{
	const struct export_request *request = e->request;
	if (output->file)
		return 0;
	output->file = request->open(request->context, kind, e->d);
	if (!output->file)
		return -1;
	output->state = request->format->begin(&request->options, output->file);
	return 0;
}

static int close_output(struct export *e, struct output *output)
{
	if (!output->file)
		return 0;
	e->request->format->end(output->state);
	int failed = e->request->close(e->request->context, output->file, e->d);
	*output = (struct output){.file = NULL};
	return failed;
}

/* The way of an event */

/* The file of a kind of events: for each episode one without labels of their own, then one for each label. */
static struct output *output_of(struct export *e, const struct export_kind *kind)
{
	size_t episode = kind->episode ? (size_t)(kind->episode - e->dataset->episodes) + 1 : 0;
	if (!e->request->separate)
		return &e->whole;
	struct output *output = &e->outputs[episode * KINDS + (kind->labelled ? 1 + (size_t)kind->label : 0)];
	return open_output(e, output, kind) ? NULL : output;
}

static int take_event(void *context, struct event *event)
{
	struct export *e = context;
	const char *reason = NULL;
	derive_event(e->deriver, event);
	long at = dataset_episode(e->dataset, e->evaluator, event);
	struct export_kind kind = {.dataset = e->dataset, .episode = at >= 0 ? &e->dataset->episodes[at] : NULL};
	bool own = dataset_event_label(e->dataset, event, &kind.label);
	if (!own)
		kind.label = label_for(kind.episode ? &kind.episode->label : &e->dataset->label, e->request->organization);
	kind.labelled = own && !e->request->format->label_name;
	struct output *output = output_of(e, &kind);
	if (!output)
		return -1;
	struct export_item item = {event, e->dataset, kind.episode, kind.label, ++output->events};
	enum export_verdict verdict = e->request->format->take(output->state, &item, &reason);
	count_event(e->account, event, verdict, reason);
	if (!ferror(output->file))
		return 0;
	return diagnostics_error(e->d, (struct place){0}, "the export could not be written: is the disk full, or the pipe closed?");
}

static int run_dataset(struct export *e, const struct dataset *dataset)
{
	struct event_sink sink = {take_event, e};
	size_t count = (dataset->episode_count + 1) * KINDS;
	e->dataset = dataset;
	e->outputs = mem_alloc(count * sizeof *e->outputs);
	memset(e->outputs, 0, count * sizeof *e->outputs);
	deriver_reset(e->deriver, dataset);
	int failed = dataset_read(dataset, sink, &e->account->ledger, e->d);
	for (size_t i = 0; i < count; i++)
		failed |= close_output(e, &e->outputs[i]);
	free(e->outputs);
	e->outputs = NULL;
	return failed ? -1 : 0;
}

int export_run(const struct export_request *request, struct export_account *account, struct diagnostics *d)
{
	struct export e = {.request = request, .account = account, .d = d};
	int failed = 0;
	if (!request->separate && open_output(&e, &e.whole, NULL))
		return -1;
	e.deriver = deriver_new(request->options.catalog);
	e.evaluator = evaluator_new();
	for (size_t i = 0; i < request->dataset_count; i++)
		failed |= run_dataset(&e, request->datasets[i]);
	failed |= close_output(&e, &e.whole);
	evaluator_free(e.evaluator);
	deriver_free(e.deriver);
	return failed;
}
