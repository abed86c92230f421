/*
 * reader: the table of formats, and the account of lines.
 */
#include "replay/readers/engine_body.h"
#include "replay/readers/formats.h"
#include "replay/readers/join.h"
#include "replay/readers/kubernetes_body.h"
#include "replay/readers/record_open.h"

#include <string.h>

const struct reader readers[] = {
	{"auditd", "Linux audit logs, raw or enriched", "auditd", false, audit_run, audit_fits, NULL, NULL},
	{"journald", "journalctl -o json or -o export: messages of each entry by their own readers", "syslog", false, journal_run,
		journal_fits, NULL, NULL},
	{"container-log", "logs of containers by Docker (json-file) or a CRI: messages by their own readers", "syslog", false,
		container_log_run, container_log_fits, NULL, NULL},
	{"syslog", "syslog of any form, and what programs write without a head: messages by their own readers", "syslog", false,
		syslog_run, syslog_fits, NULL, NULL},
	{"json", "JSON objects: one a line, one after the other, or in an array", NULL, true, json_run, json_fits, NULL, NULL},
	{"csv", "CSV with a header, or with `columns`", NULL, true, csv_run, csv_fits, NULL, NULL},
	{"compose", "compose files: each service is an event", NULL, false, compose_run, compose_fits, NULL, NULL},
	{"kubernetes", "Kubernetes manifests: each container is an event", NULL, false, kubernetes_run, kubernetes_fits, NULL, NULL},
	{"commands", "shell command lines: scripts, histories, sessions, tables of commands", "commands", false, commands_run,
		commands_fits, NULL, NULL},
	{"scap", "captures of sysdig and Falco (.scap)", "falco", false, scap_run, scap_fits, NULL, NULL},
	{NULL, NULL, NULL, false, NULL, NULL, NULL, NULL},
};

const struct reader *reader_find(struct text name)
{
	for (const struct reader *reader = readers; reader->name; reader++)
		if (text_is(name, reader->name))
			return reader;
	return NULL;
}

static const struct record_plan *find_plan(struct reader_plans *plans, const struct reader_options *options,
	const uint8_t *wanted)
{
	for (size_t i = 0; i < plans->count; i++)
		if (plans->items[i].plan->dialect == options->dialect && plans->items[i].wanted == wanted &&
			text_equal(plans->items[i].label, options->label_name))
			return plans->items[i].plan;
	plans->items = arena_grow(&plans->arena, plans->items, plans->count, sizeof *plans->items);
	struct reader_plan *item = &plans->items[plans->count++];
	*item = (struct reader_plan){.wanted = wanted, .label = options->label_name};
	item->plan = record_plan_make(&plans->arena, options->dialect, &options->catalog->registry, wanted, options->label_name);
	return item->plan;
}

const struct record_plan *reader_plan(const struct reader_options *options)
{
	return options->plans && options->dialect ? find_plan(options->plans, options, options->wanted) : NULL;
}

/* What stands in a record as a document of its own. */
static void read_bodies(const struct record *record, const struct reader_options *options, const uint8_t *wanted,
	struct event *event)
{
	if (options->dialect->manifest_count)
		kubernetes_body(record, options, wanted, event);
	if (options->dialect->request_count)
		engine_body(record, options, wanted, event);
}

/* A record on its way to the sink: what a whole event is made of, should somebody ask for it. */
struct delivery {
	struct record *record;
	size_t piece; /* 1 + which of its parts is the record itself (the dialect's `split`); 0: none */
	const struct reader_options *options;
};

/* All names of the record's source, and those that somebody added to it beside the source. */
static void add_again(const struct record *record, struct record *full)
{
	record_begin(full, record->arena, record->file, record->line);
	full->id = record->id;
	full->text = record->text;
	full->time = record->time;
	record->again(record->again_context, full);
	for (size_t i = 0; i < record->count; i++) {
		const struct raw_value *raw = &record->values[i];
		bool there = record_get(full, NULL, raw->name) != NULL;
		for (size_t k = 0; k < raw->count && !there; k++)
			record_add(full, raw->name, raw->values[k]);
	}
}

static const struct event *complete(const struct event *event)
{
	const struct delivery *delivery = event->source;
	struct record full = *delivery->record;
	struct event whole;
	if (full.again)
		add_again(delivery->record, &full);
	event_begin(&whole, event->arena, event->registry);
	const struct record_plan *plan = find_plan(delivery->options->plans, delivery->options, NULL);
	record_use(&full, plan);
	record_open(&full);
	if (delivery->piece > full.part_count)
		return event;
	if (record_mean_piece(&full, delivery->piece ? &full.parts[delivery->piece - 1] : NULL, plan, &whole))
		return event;
	read_bodies(&full, delivery->options, NULL, &whole);
	return event_join(event, &whole);
}

/* What a dialect looks at first to tell its events apart, as far as the record has it: "evt.type=close". */
static struct text kind_of(const struct record *record, const struct record_part *piece, const struct dialect *dialect)
{
	for (size_t i = 0; dialect && i < dialect->group_count; i++) {
		const struct dialect_group *group = &dialect->groups[i];
		for (size_t k = 0; k < group->event_count; k++)
			for (size_t j = 0; j < group->events[k].match_count; j++) {
				const struct dialect_match *match = &group->events[k].matches[j];
				const struct raw_value *raw = match->kind == MATCH_EQUAL ? record_get(record, piece, match->name) : NULL;
				if (raw && raw->count)
					return text_of(arena_printf(record->arena, "%.*s=%.*s", TEXT_ARGS(match->name),
						TEXT_ARGS(raw->first)));
			}
	}
	return TEXT("");
}

/* The record, or the part of it that is one itself, as an event. */
static int deliver_piece(struct delivery *delivery, const struct record_plan *plan, struct event_sink sink,
	struct ledger *ledger)
{
	const struct reader_options *options = delivery->options;
	struct record *record = delivery->record;
	const struct record_part *piece = delivery->piece ? &record->parts[delivery->piece - 1] : NULL;
	struct event event;
	event_begin(&event, record->arena, &options->catalog->registry);
	int unmapped = record_mean_piece(record, piece, plan, &event);
	if (!unmapped)
		read_bodies(record, options, options->wanted, &event);
	const struct raw_value *label = options->label_name.length ? record_get(record, piece, options->label_name) : NULL;
	if (label && label->count)
		event.label = label->values[0];
	if (options->wanted && options->plans) {
		event.complete = complete;
		event.source = delivery;
	}
	if (options->watch)
		options->watch->see(options->watch->context, record, piece, &event);
	ledger->events++;
	ledger->unfilled += event.unfilled;
	if (unmapped) {
		ledger_unmapped(ledger, kind_of(record, piece, options->dialect));
		return 0;
	}
	return sink.take(sink.context, &event);
}

int reader_deliver(struct record *record, const struct reader_options *options, struct event_sink sink,
	struct ledger *ledger)
{
	struct delivery delivery = {.record = record, .options = options};
	const struct record_plan *plan = reader_plan(options);
	int status = 0;
	if (!plan)
		plan = record_plan_make(record->arena, options->dialect, &options->catalog->registry, NULL, options->label_name);
	record_use(record, plan);
	record->keep = options->watch != NULL;
	record_open(record);
	for (size_t i = 0; !status && options->dialect->split_count && i < record->part_count; i++) {
		if (!record_plan_splits(plan, record->parts[i].kind))
			continue;
		delivery.piece = i + 1;
		status = deliver_piece(&delivery, plan, sink, ledger);
	}
	return delivery.piece ? status : deliver_piece(&delivery, plan, sink, ledger);
}

const struct dialect *reader_dialect(const struct reader *reader, const struct reader_options *options)
{
	if (options->dialect || !reader->dialect)
		return options->dialect;
	return catalog_dialect(options->catalog, text_of(reader->dialect));
}

/* The options with the format's own dialect, where none was named. */
static int complete_options(const struct reader *reader, const char *path, struct reader_options *options,
	struct diagnostics *d)
{
	struct place place = {.file = path};
	options->dialect = reader_dialect(reader, options);
	if (!options->dialect && reader->dialect)
		return diagnostics_error(d, place, "the catalog has no dialect `%s`, which the format %s needs", reader->dialect,
			reader->name);
	if (reader->named && !options->dialect)
		return diagnostics_error(d, place, "the format %s needs a dialect", reader->name);
	return 0;
}

int reader_read(const struct reader *reader, struct input *input, const struct reader_options *options,
	struct event_sink sink, struct ledger *ledger, struct diagnostics *d)
{
	struct reader_options all = *options;
	struct reader_plans plans = {0};
	if (complete_options(reader, input_name(input), &all, d))
		return -1;
	if (!all.plans && !all.watch)
		all.plans = &plans;
	struct joiner joiner = {.sink = sink, .ledger = ledger};
	bool joins = all.dialect && all.dialect->records.length;
	int status = reader->run(input, &all, joins ? joiner_sink(&joiner) : sink, ledger, d);
	bool broken = input_broken(input); /* what was read before that stands, whatever the reader made of the end */
	status = joiner_end(&joiner, broken && status < 0 ? 0 : status);
	arena_free(&plans.arena);
	return broken && !status ? -1 : status;
}

int reader_run(const struct reader *reader, const char *path, const struct reader_options *options,
	struct event_sink sink, struct ledger *ledger, struct diagnostics *d)
{
	struct input *input = input_open(path, d);
	if (!input)
		return -1;
	int status = reader_read(reader, input, options, sink, ledger, d);
	input_close(input);
	return status;
}

unsigned reader_share(struct text sample, bool (*is)(struct text line))
{
	size_t lines = 0, held = 0;
	while (sample.length) {
		const char *newline = memchr(sample.data, '\n', sample.length);
		if (!newline && lines)
			break; /* it may be cut */
		size_t length = newline ? (size_t)(newline - sample.data) : sample.length;
		struct text line = text_trim((struct text){sample.data, length});
		lines += line.length > 0;
		held += line.length > 0 && is(line);
		sample = text_slice(sample, newline ? length + 1 : length, sample.length);
	}
	return held ? (unsigned)(1 + held * 99 / lines) : 0;
}
