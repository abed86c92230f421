/*
 * reader: the table of formats, and the account of lines.
 */
#include "replay/readers/audit_batch.h"
#include "replay/readers/formats.h"
#include "replay/readers/join.h"

#include <string.h>

const struct reader readers[] = {
	{"auditd", "Linux audit logs, raw or enriched", "auditd", false, audit_run, audit_fits, NULL, NULL,
		&audit_gathering},
	{"journald", "journalctl -o json or -o export: messages of each entry by their own readers", "syslog", false, journal_run,
		journal_fits, NULL, NULL, NULL},
	{"container-log", "logs of containers by Docker (json-file) or a CRI: messages by their own readers", "syslog", false,
		container_log_run, container_log_fits, NULL, NULL, NULL},
	{"syslog", "syslog of any form, and what programs write without a head: messages by their own readers", "syslog", false,
		syslog_run, syslog_fits, NULL, NULL, NULL},
	{"json", "JSON objects: one a line, one after the other, or in an array", NULL, true, json_run, json_fits,
		json_border, NULL, NULL},
	{"csv", "CSV with a header, or with `columns`", NULL, true, csv_run, csv_fits, csv_border, csv_head,
		NULL},
	{"compose", "compose files: each service is an event", NULL, false, compose_run, compose_fits, NULL, NULL, NULL},
	{"kubernetes", "Kubernetes manifests: each container is an event", NULL, false, kubernetes_run, kubernetes_fits, NULL, NULL,
		NULL},
	{"commands", "shell command lines: scripts, histories, sessions, tables of commands", "commands", false, commands_run,
		commands_fits, NULL, NULL, NULL},
	{"scap", "captures of sysdig and Falco (.scap)", "falco", false, scap_run, scap_fits, NULL, NULL, NULL},
	{NULL, NULL, NULL, false, NULL, NULL, NULL, NULL, NULL},
};

const struct reader *reader_find(struct text name)
{
	for (const struct reader *reader = readers; reader->name; reader++)
		if (text_is(name, reader->name))
			return reader;
	return NULL;
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

/* Events of a chunk ask for the options for as long as they live. */
static const struct reader_options *options_of(const struct reader_options *given, struct reader_options *local)
{
	struct reader_options *all = given->chunk ? arena_alloc(given->chunk->arena, sizeof *all) : local;
	*all = *given;
	return all;
}

int reader_read(const struct reader *reader, struct input *input, const struct reader_options *options,
	struct event_sink sink, struct ledger *ledger, struct diagnostics *d)
{
	struct reader_options whole = *options, local;
	struct reader_plans plans;
	bool own = !options->plans && !options->watch && !options->chunk;
	if (complete_options(reader, input_name(input), &whole, d))
		return -1;
	if (own) {
		reader_plans_begin(&plans);
		whole.plans = &plans;
	}
	const struct reader_options *all = options_of(&whole, &local);
	struct joiner joiner = {.sink = sink, .ledger = ledger};
	bool joins = !all->chunk && all->dialect && all->dialect->records.length;
	int status = reader->run(input, all, joins ? joiner_sink(&joiner) : sink, ledger, d);
	bool broken = input_broken(input); /* what was read before that stands, whatever the reader made of the end */
	status = joiner_end(&joiner, broken && status < 0 ? 0 : status);
	if (own)
		reader_plans_end(&plans);
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
