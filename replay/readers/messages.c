/*
 * messages: hands messages on.
 */
#include "replay/readers/messages.h"

#include "replay/readers/formats.h"
#include "replay/readers/messages/kinds.h"

#include <stdlib.h>
#include <string.h>

enum { KINDS_MAX = 16, REPEATED_LENGTH = 21, PROGRAMS = 256, SUDO_LENGTH = 800, SUDO_MAX = 1 << 20 };

/* Kinds, as bits, by the program's name and by the message's first byte. */
struct kind_index {
	struct text programs[PROGRAMS];
	uint16_t by_program[PROGRAMS], by_byte[256];
};

struct messages {
	struct message_place place;
	struct reader_options options; /* for one dialect or another */
	const struct record_plan *plan; /* of the options' own */
	struct kind_index index;
	void *states[KINDS_MAX];
	struct arena arena;            /* of the record in hand */
	struct record record;
	struct envelope_copy before;
	struct envelope_copy held;     /* of sudo, whose command may go on on the next line */
	bool holds;
	uint64_t held_line;
	struct arena spare;            /* for what was held */
	struct input *input;           /* whose silence is heard, or NULL */
	int silence;                   /* what the sink returned then */
};

/* The program's place; free ones have no name. */
static size_t place_of(const struct kind_index *index, struct text program)
{
	size_t at = program.length * 31;
	if (program.length)
		at += (size_t)(unsigned char)program.data[0] * 7 + (size_t)(unsigned char)program.data[program.length - 1] * 131;
	at %= PROGRAMS;
	while (index->programs[at].length && !text_equal(index->programs[at], program))
		at = (at + 1) % PROGRAMS;
	return at;
}

static void index_kinds(struct kind_index *index)
{
	for (size_t i = 0; message_kinds[i]; i++) {
		struct text rest = text_of(message_kinds[i]->programs);
		for (const char *byte = message_kinds[i]->begins; *byte; byte++)
			index->by_byte[(unsigned char)*byte] |= (uint16_t)(1u << i);
		while (rest.length) {
			size_t end = text_find(rest, ' ');
			size_t place = place_of(index, text_slice(rest, 0, end));
			index->programs[place] = text_slice(rest, 0, end);
			index->by_program[place] |= (uint16_t)(1u << i);
			rest = text_slice(rest, end + 1, rest.length);
		}
	}
}

static unsigned kinds_of(const struct kind_index *index, const struct envelope *envelope)
{
	unsigned kinds = envelope->message.length ? index->by_byte[(unsigned char)envelope->message.data[0]] : 0;
	return envelope->program.length ? kinds | index->by_program[place_of(index, envelope->program)] : kinds;
}

struct messages *messages_new(const struct reader_options *options, struct event_sink sink, struct ledger *ledger,
	const char *file, struct syslog_clock *clock)
{
	struct messages *m = mem_alloc(sizeof *m);
	*m = (struct messages){.place = {options, sink, ledger, file, clock}, .options = *options};
	m->plan = reader_plan(options);
	index_kinds(&m->index);
	for (size_t i = 0; message_kinds[i]; i++)
		if (message_kinds[i]->open)
			m->states[i] = message_kinds[i]->open(&m->place);
	return m;
}

void messages_free(struct messages *m)
{
	if (!m)
		return;
	if (m->input)
		input_when_silent(m->input, NULL, NULL);
	for (size_t i = 0; message_kinds[i]; i++)
		if (message_kinds[i]->close)
			message_kinds[i]->close(m->states[i]);
	buffer_free(&m->before.text);
	buffer_free(&m->held.text);
	arena_free(&m->arena);
	arena_free(&m->spare);
	free(m);
}

struct record *messages_begin(struct messages *m, uint64_t line)
{
	arena_reset(&m->arena);
	record_begin(&m->record, &m->arena, m->place.file, line);
	return &m->record;
}

/* `last message repeated 3 times`: the number; 0: it is no such text. */
static uint64_t repeated_before(struct text message)
{
	static const struct text begin = {"last message repeated ", 22}, end = {" times", 6}, once = {" time", 5};
	uint64_t times;
	if (!text_starts(message, begin, false))
		return 0;
	message = text_trim(text_slice(message, begin.length, message.length));
	size_t tail = text_ends(message, end, false) ? end.length : text_ends(message, once, false) ? once.length : 0;
	return tail && text_to_ulong_base(text_slice(message, 0, message.length - tail), 10, &times) ? times : 0;
}

bool messages_before(struct messages *m, struct envelope *envelope)
{
	struct text *const texts[] = {&envelope->host, &envelope->program, &envelope->pid, &envelope->message};
	bool kept = envelope_kept(&m->before, envelope);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		*texts[i] = text_copy(&m->arena, *texts[i]);
	return kept;
}

/* The message before is taken once more, at the time of this line, if it came from the same host. */
static bool repeat_before(struct messages *m, struct envelope *envelope)
{
	struct envelope before;
	if (!messages_before(m, &before) || !text_equal(envelope->host, before.host))
		return false;
	envelope->program = before.program;
	envelope->pid = before.pid;
	envelope->message = before.message;
	return true;
}

/* `message repeated 3 times: [ MESSAGE]`, as rsyslog writes it. */
static void unwrap_repeated(struct envelope *envelope)
{
	static const struct text begin = {"message repeated ", 17}, middle = {" times: [", 9};
	struct text message = envelope->message;
	if (!text_starts(message, begin, false) || message.data[message.length - 1] != ']')
		return;
	struct text rest = text_slice(message, begin.length, message.length - 1);
	size_t digits = text_find(rest, ' ');
	struct text inner = text_slice(rest, digits + middle.length, rest.length);
	uint64_t times;
	if (!text_starts(text_slice(rest, digits, rest.length), middle, false) ||
		!text_to_ulong_base(text_slice(rest, 0, digits), 10, &times))
		return;
	envelope->repeated = times;
	envelope->message = text_slice(inner, inner.length && inner.data[0] == ' ', inner.length);
}

/* The record's own time, where its dialect names one that is there; else the envelope's. */
static int64_t own_time(const struct record *record, const struct dialect *dialect, int64_t otherwise)
{
	for (size_t i = 0; i < dialect->time_count; i++) {
		const struct raw_value *raw = record_get(record, NULL, dialect->times[i].name);
		int64_t read;
		if (raw && raw->count && shape_time(&dialect->times[i].shape, raw->values[0], &read))
			return read;
	}
	return otherwise;
}

static int deliver(struct messages *m, const struct dialect *dialect, int64_t time)
{
	struct ledger *ledger = m->place.ledger;
	uint64_t unmapped = ledger->unmapped, unfilled = ledger->unfilled, events = ledger->events;
	m->options.dialect = dialect;
	m->record.time = own_time(&m->record, dialect, time);
	int status = reader_deliver(&m->record, &m->options, m->place.sink, ledger);
	if (ledger->unmapped != unmapped + 1 || ledger->events != events + 1 || dialect == m->place.options->dialect)
		return status;
	/* That dialect has no event for it: taken back, and read by our own. */
	ledger->events--;
	ledger_unmapped_undo(ledger);
	ledger->unfilled = unfilled;
	return deliver(m, m->place.options->dialect, time);
}

static int take(struct messages *m, const struct envelope *given)
{
	struct envelope envelope = *given;
	/* By numbers where the names are few and ours; a wrapper may add any number of its own. */
	if (m->plan && !m->record.count)
		record_use(&m->record, m->plan);
	uint64_t times = envelope.repeated ? 0 : repeated_before(envelope.message);
	if (times && repeat_before(m, &envelope))
		envelope.repeated = times;
	else if (envelope.message.length > REPEATED_LENGTH && envelope.message.data[0] == 'm')
		unwrap_repeated(&envelope);
	envelope_keep(&m->before, &envelope);
	struct message message = {.place = &m->place, .envelope = &envelope, .record = &m->record,
		.dialect = m->place.options->dialect, .time = envelope.time};
	bool taken = false, begun = false;
	unsigned kinds = kinds_of(&m->index, &envelope);
	for (size_t i = 0; kinds && !taken; i++, kinds >>= 1) {
		const struct message_kind *kind = message_kinds[i];
		if (!(kinds & 1) || !kind->fits(&envelope))
			continue;
		/* An audit record goes another way: the envelope's names would be for nothing. */
		if (!begun && kind != &message_audit)
			envelope_record(&envelope, &m->record), begun = true;
		message.state = m->states[i];
		message.kind = text_of(kind->name);
		taken = kind->take(&message);
		if (message.delivered)
			return message.status;
	}
	if (!begun)
		envelope_record(&envelope, &m->record);
	if (taken)
		record_add(&m->record, TEXT("syslog.kind"), message.kind);
	m->place.ledger->event_lines++;
	return deliver(m, message.dialect, message.time);
}

/* What goes on with a command of sudo: the text behind `USER : (command continued) `. false: it is none. */
static bool continued_command(struct text message, struct text *user, struct text *rest)
{
	static const struct text mark = {" : (command continued) ", 23};
	message = text_trim(message);
	size_t end = text_find(message, ' ');
	if (!text_starts(text_slice(message, end, message.length), mark, false))
		return false;
	*user = text_slice(message, 0, end);
	*rest = text_slice(message, end + mark.length, message.length);
	return true;
}

/* May the command go on? sudo breaks a message at a blank before its 960th byte. */
static bool may_go_on(const struct envelope *envelope)
{
	struct text user, rest;
	return text_is(envelope->program, "sudo") && envelope->message.length > SUDO_LENGTH &&
		!continued_command(envelope->message, &user, &rest);
}

/* Does the message go on with the one that is held? Then it is put behind it. */
static bool goes_on(struct messages *m, const struct envelope *envelope)
{
	struct envelope held;
	struct text user, rest;
	envelope_kept(&m->held, &held);
	struct text message = text_trim(held.message);
	if (!text_is(envelope->program, "sudo") || !text_equal(envelope->host, held.host) ||
		m->held.text.length > SUDO_MAX || !continued_command(envelope->message, &user, &rest) ||
		!text_equal(user, text_slice(message, 0, text_find(message, ' '))))
		return false;
	buffer_char(&m->held.text, ' ');
	buffer_text(&m->held.text, rest);
	return true;
}

/* Takes what is held, with a record of its own: the one in hand stays. */
static int release(struct messages *m)
{
	struct envelope held;
	if (!m->holds)
		return 0;
	struct record record = m->record;
	struct arena arena = m->arena;
	m->holds = false;
	m->arena = m->spare;
	messages_begin(m, m->held_line);
	envelope_kept(&m->held, &held);
	int status = take(m, &held);
	m->spare = m->arena;
	m->arena = arena;
	m->record = record;
	return status;
}

int messages_take(struct messages *m, const struct envelope *envelope)
{
	if (m->holds && goes_on(m, envelope)) {
		m->place.ledger->continued++;
		return 0;
	}
	int status = release(m);
	/* What the wrapper added to the record would be lost. */
	if (status || m->record.count || !may_go_on(envelope))
		return status ? status : take(m, envelope);
	envelope_keep(&m->held, envelope);
	m->held_line = m->record.line;
	m->holds = true;
	return 0;
}

static int end_all(struct messages *m)
{
	int status = release(m);
	for (size_t i = 0; message_kinds[i] && !status; i++)
		if (message_kinds[i]->end)
			status = message_kinds[i]->end(m->states[i]);
	return status;
}

int messages_end(struct messages *m)
{
	return m->silence ? m->silence : end_all(m);
}

static int flush_silent(void *context)
{
	struct messages *m = context;
	return m->silence = end_all(m);
}

void messages_follow(struct messages *m, struct input *input)
{
	m->input = input;
	input_when_silent(input, flush_silent, m);
}

static bool is_of_kind(struct text line, bool alone)
{
	const struct envelope envelope = {.time = INT64_MIN, .message = line, .priority = -1};
	for (size_t i = 0; message_kinds[i]; i++)
		if ((message_kinds[i]->alone || !alone) && message_kinds[i]->fits(&envelope))
			return true;
	return false;
}

bool messages_know(struct text line)
{
	return is_of_kind(line, false);
}

bool messages_stand_alone(struct text line)
{
	return is_of_kind(line, true);
}
