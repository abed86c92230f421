/*
 * scap: a capture that sysdig and Falco read (docs/scap.md).
 *
 * Events go to a temporary file first: users and the host stand before them, and are known when all are written.
 */
#include "replay/export/formats.h"
#include "replay/export/scap_calls.h"

#include <stdlib.h>
#include <string.h>

enum { MADE_UP_PIDS = 3 << 20, COPY = 64 << 10 };

struct capture {
	FILE *out;
	struct scap_writer *writer; /* NULL: there is no temporary file */
	struct scap_field_numbers numbers;
	int64_t made_up; /* pids of events that have none */
};

void *scap_begin(const struct export_options *options, FILE *out)
{
	struct capture *capture = mem_alloc(sizeof *capture);
	FILE *events = tmpfile();
	*capture = (struct capture){.out = out, .writer = events ? scap_writer_new(events) : NULL, .made_up = MADE_UP_PIDS};
	scap_fields_resolve(&capture->numbers, &options->catalog->registry);
	return capture;
}

static void note(enum export_verdict *verdict, const char **reason, const char *why)
{
	if (*verdict == EXPORT_WRITTEN)
		*reason = why;
	*verdict = EXPORT_PARTLY;
}

/* A host has one name; a later one cannot be said. */
static bool take_host(struct capture *capture, struct text host)
{
	char *known = capture->writer->state->host;
	if (!host.length || text_is(text_slice(host, 0, 127), known))
		return true;
	if (known[0])
		return false;
	host = text_slice(host, 0, 127);
	memcpy(known, host.data, host.length);
	known[host.length] = '\0';
	return true;
}

/* Opening, creating and changing one file is one call. */
static bool is_said(const struct capture *capture, const struct event *event, size_t at)
{
	const struct registry *registry = event->registry;
	struct text path = facet_text(event->facets[at], capture->numbers.path);
	if (!text_is(registry->categories[event->facets[at]->category].name, "file"))
		return false;
	for (size_t i = 0; i < at; i++)
		if (!event->facets[i]->derived && event->facets[i]->category == event->facets[at]->category &&
			text_equal(path, facet_text(event->facets[i], capture->numbers.path)))
			return true;
	return false;
}

static bool of_container(const struct facet *facet)
{
	return text_is(facet->registry->categories[facet->category].name, "container");
}

/* Does the event say that the process is the first of its container? */
static bool is_first(const struct event *event)
{
	for (size_t i = 0; i < event->facet_count; i++)
		if (!event->facets[i]->derived && of_container(event->facets[i]) &&
			text_is(event->registry->actions[event->facets[i]->action].name, "run"))
			return true;
	return false;
}

static bool is_call(const struct facet *facet)
{
	struct text category = facet->registry->categories[facet->category].name;
	static const char *const called[] = {"process", "file", "network", "driver"};
	for (size_t i = 0; i < sizeof called / sizeof *called; i++)
		if (text_is(category, called[i]))
			return true;
	return false;
}

static const struct facet *first_call(const struct event *event)
{
	for (size_t i = 0; i < event->facet_count; i++)
		if (!event->facets[i]->derived && is_call(event->facets[i]))
			return event->facets[i];
	return NULL;
}

enum export_verdict scap_take_event(void *state, const struct export_item *item, const char **reason)
{
	struct capture *capture = state;
	const struct event *event = item->event;
	const struct facet *first = first_call(event);
	enum export_verdict verdict = EXPORT_WRITTEN;
	size_t said = 0;
	if (!first || !capture->writer || ferror(capture->writer->events)) {
		*reason = first ? "no temporary file can be written" : "it is no system call";
		return EXPORT_UNSAID;
	}
	struct scap_writer *writer = capture->writer;
	arena_reset(&writer->arena);
	struct scap_actor actor = {.writer = writer, .numbers = &capture->numbers, .facet = first, .first = is_first(event)};
	actor.pid = scap_said_number(&actor, capture->numbers.pid, 0);
	if (actor.pid <= 0) {
		actor.pid = capture->made_up++;
		note(&verdict, reason, "the process id is not known: one is made up");
	}
	if (event->time == INT64_MIN)
		note(&verdict, reason, "the time is not known: that of the event before stands there");
	else
		writer->time = event->time;
	if (!take_host(capture, scap_said(&actor, capture->numbers.host)))
		note(&verdict, reason, "a capture is of one host: its name is that of the first event");
	scap_tell_actor(&actor, !scap_begins_program(first));
	for (size_t i = 0; i < event->facet_count; i++) {
		actor.facet = event->facets[i];
		if (actor.facet->derived || is_said(capture, event, i) || (of_container(actor.facet) && actor.first))
			continue;
		const char *why = "a part of it is no system call";
		if (is_call(actor.facet) && scap_say(&actor, event, &why))
			said++;
		else
			note(&verdict, reason, why);
	}
	if (actor.lacks)
		note(&verdict, reason, actor.lacks);
	if (writer->cut)
		note(&verdict, reason, "a text is longer than 32 KiB: it is cut");
	writer->cut = false;
	return said ? verdict : EXPORT_UNSAID;
}

void scap_end(void *state)
{
	struct capture *capture = state;
	struct scap_writer *writer = capture->writer;
	if (writer) {
		char *bytes = mem_alloc(COPY);
		size_t got;
		scap_write_tables(writer, capture->out);
		rewind(writer->events);
		while ((got = fread(bytes, 1, COPY, writer->events)) > 0)
			fwrite(bytes, 1, got, capture->out);
		fclose(writer->events);
		free(bytes);
		scap_writer_free(writer);
	}
	free(capture);
}
