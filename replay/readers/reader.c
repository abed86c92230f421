/*
 * reader: the table of formats, and the account of lines.
 */
#include "replay/readers/formats.h"

#include <string.h>

const struct reader readers[] = {
	{"auditd", "Linux audit logs, raw or enriched", "auditd", false, audit_run, audit_fits},
	{"json", "JSON objects: one a line, one after the other, or in an array", NULL, true, json_run, json_fits},
	{"csv", "CSV with a header, or with `columns`", NULL, true, csv_run, csv_fits},
	{"compose", "compose files: each service is an event", NULL, false, compose_run, compose_fits},
	{"kubernetes", "Kubernetes manifests: each container is an event", NULL, false, kubernetes_run, kubernetes_fits},
	{NULL, NULL, NULL, false, NULL, NULL},
};

const struct reader *reader_find(struct text name)
{
	for (const struct reader *reader = readers; reader->name; reader++)
		if (text_is(name, reader->name))
			return reader;
	return NULL;
}

void ledger_reject(struct ledger *ledger, const char *file, uint64_t line, const char *format, ...)
{
	va_list arguments;
	ledger->rejected++;
	if (ledger->first_count == LEDGER_FIRST)
		return;
	va_start(arguments, format);
	ledger->first[ledger->first_count++] = (struct rejected_line){
		arena_strdup(&ledger->arena, file), line, arena_vprintf(&ledger->arena, format, arguments)};
	va_end(arguments);
}

void ledger_add(struct ledger *sum, const struct ledger *part)
{
	sum->lines += part->lines;
	sum->events += part->events;
	sum->event_lines += part->event_lines;
	sum->continued += part->continued;
	sum->blank += part->blank;
	sum->rejected += part->rejected;
	sum->unmapped += part->unmapped;
	sum->unfilled += part->unfilled;
	for (size_t i = 0; i < part->first_count && sum->first_count < LEDGER_FIRST; i++)
		sum->first[sum->first_count++] = (struct rejected_line){arena_strdup(&sum->arena, part->first[i].file),
			part->first[i].line, arena_strdup(&sum->arena, part->first[i].reason)};
}

void ledger_free(struct ledger *ledger)
{
	arena_free(&ledger->arena);
	memset(ledger, 0, sizeof *ledger);
}

static struct text label_of(const struct record *record, struct text name)
{
	const struct raw_value *raw = name.length ? record_get(record, NULL, name) : NULL;
	return raw && raw->count ? raw->values[0] : TEXT("");
}

int reader_deliver(const struct record *record, const struct reader_options *options, struct event_sink sink,
	struct ledger *ledger)
{
	struct event event;
	event_begin(&event, record->arena, &options->catalog->registry);
	int unmapped = record_to_event(record, options->dialect, &event);
	event.label = label_of(record, options->label_name);
	ledger->events++;
	ledger->unfilled += event.unfilled;
	if (unmapped) {
		ledger->unmapped++;
		return 0;
	}
	return sink.take(sink.context, &event);
}

/* The options with the format's own dialect, where none was named. */
static int complete_options(const struct reader *reader, const char *path, struct reader_options *options,
	struct diagnostics *d)
{
	struct place place = {.file = path};
	if (!options->dialect && reader->dialect) {
		options->dialect = catalog_dialect(options->catalog, text_of(reader->dialect));
		if (!options->dialect)
			return diagnostics_error(d, place, "the catalog has no dialect `%s`, which the format %s needs", reader->dialect,
				reader->name);
	}
	if (reader->named && !options->dialect)
		return diagnostics_error(d, place, "the format %s needs a dialect", reader->name);
	return 0;
}

int reader_read(const struct reader *reader, struct input *input, const struct reader_options *options,
	struct event_sink sink, struct ledger *ledger, struct diagnostics *d)
{
	struct reader_options complete = *options;
	if (complete_options(reader, input_name(input), &complete, d))
		return -1;
	return reader->run(input, &complete, sink, ledger, d);
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
