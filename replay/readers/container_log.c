/*
 * container_log: what containers wrote, as their engine keeps it.
 *
 *   {"log":"listening\n","stream":"stdout","time":"2024-01-02T03:04:05.678901234Z"}     Docker's json-file
 *   2024-01-02T03:04:05.678901234Z stdout F listening                                   CRI: containerd, cri-o
 *
 * Long lines stand there in parts (no \n at the end of `log`, P for F), which are joined for each stream; the parts count
 * as continued but for the first. What Docker adds by its log options (attrs) stays in the record as docker.NAME.
 */
#include "replay/readers/formats.h"
#include "replay/readers/json_record.h"
#include "replay/readers/json_text.h"
#include "replay/readers/log_clock.h"
#include "replay/readers/messages.h"

#include <string.h>

enum { MESSAGE_MAX = 16 << 20, STREAMS = 2 };

struct part {
	struct buffer text;
	uint64_t begins, lines; /* not in the account yet */
	int64_t time;
};

struct container_run {
	struct ledger *ledger;
	const char *file;
	struct syslog_clock clock;
	struct messages *messages;
	struct json_names *names;
	struct json_text json; /* of a line as most are */
	struct arena arena; /* of Docker's own names: the message may have such, too */
	struct part parts[STREAMS];
};

/* One line's share of a message. */
struct piece {
	struct text stream, text;
	int64_t time;
	bool whole; /* the message ends with it */
};

static const char *take_cri(struct text line, struct piece *piece)
{
	size_t time = text_find(line, ' ');
	if (time < 20 || !date_parse(text_slice(line, 0, time), &piece->time))
		return "it begins with no time";
	struct text rest = text_slice(line, time + 1, line.length);
	size_t stream = text_find(rest, ' ');
	piece->stream = text_slice(rest, 0, stream);
	if (!text_is(piece->stream, "stdout") && !text_is(piece->stream, "stderr"))
		return "behind its time there is no stdout or stderr";
	rest = text_slice(rest, stream + 1, rest.length);
	size_t tags = text_find(rest, ' ');
	char tag = rest.length ? rest.data[0] : '\0';
	if ((tag != 'F' && tag != 'P') || (tags > 1 && rest.data[1] != ':'))
		return "behind its stream there is no F or P";
	piece->whole = tag == 'F';
	piece->text = text_slice(rest, tags + 1, rest.length);
	return NULL;
}

static struct text value_of(const struct record *record, const char *name)
{
	const struct raw_value *raw = record_get(record, NULL, text_of(name));
	return raw && raw->count ? raw->values[0] : TEXT("");
}

static void keep_attributes(const struct record *docker, struct record *record)
{
	static const struct text prefix = {"attrs.", 6};
	for (size_t i = 0; i < docker->count; i++) {
		struct text name = docker->values[i].name;
		if (!text_starts(name, prefix, false))
			continue;
		name = text_of(arena_printf(record->arena, "docker.%.*s", (int)(name.length - prefix.length), name.data + prefix.length));
		for (size_t k = 0; k < docker->values[i].count; k++)
			record_add(record, name, docker->values[i].values[k]);
	}
}

/* What stands before the end of the text, if it does, is taken off. */
static bool take_end(struct text *text, struct text end)
{
	if (!text_ends(*text, end, false))
		return false;
	text->length -= end.length;
	return true;
}

/* A line as Docker writes it where no attributes are asked for: three members in their order, nothing between them. false: it
 * is another one. */
static bool take_usual(struct container_run *run, struct text line, struct piece *piece)
{
	static const struct text head = {"{\"log\":\"", 8};
	enum { TIME_MAX = 40 };
	struct text rest = line;
	if (!text_starts(line, head, false) || !take_end(&rest, TEXT("\"}")))
		return false;
	size_t time = rest.length, least = time > TIME_MAX ? time - TIME_MAX : 0;
	while (time > least && rest.data[time - 1] != '"')
		time--;
	struct text stamp = text_slice(rest, time, rest.length);
	rest.length = time;
	if (!take_end(&rest, TEXT("\",\"time\":\"")))
		return false;
	bool error = take_end(&rest, TEXT("\",\"stream\":\"stderr"));
	if ((!error && !take_end(&rest, TEXT("\",\"stream\":\"stdout"))) || rest.length < head.length)
		return false;
	bool escaped, good = json_text_begin(&run->json, line, &run->arena);
	if (!good || json_text_close(&run->json, head.length, &escaped) != rest.length || !date_parse(stamp, &piece->time) ||
		!json_text_check(&run->json, head.length, rest.length, &escaped))
		return false;
	piece->stream = error ? TEXT("stderr") : TEXT("stdout");
	piece->text = escaped ? json_text_decode(&run->json, head.length) : text_slice(line, head.length, rest.length);
	return true;
}

static const char *take_other(struct container_run *run, struct text line, struct record *record, struct piece *piece)
{
	struct record docker;
	record_begin(&docker, &run->arena, run->file, record->line);
	const char *why = json_record(run->names, line, &docker);
	if (why)
		return why;
	struct text time = value_of(&docker, "time");
	piece->text = value_of(&docker, "log");
	piece->stream = value_of(&docker, "stream");
	keep_attributes(&docker, record);
	if (!time.length || !date_parse(time, &piece->time) || !piece->stream.length)
		return "it has no stream and time, as Docker's logs have";
	return NULL;
}

static const char *take_docker(struct container_run *run, struct text line, struct record *record, struct piece *piece)
{
	arena_reset(&run->arena);
	const char *why = take_usual(run, line, piece) ? NULL : take_other(run, line, record, piece);
	if (why)
		return why;
	piece->whole = text_ends(piece->text, TEXT("\n"), false);
	while (text_ends(piece->text, TEXT("\n"), false) || text_ends(piece->text, TEXT("\r"), false))
		piece->text.length--;
	return NULL;
}

static struct text stream_name(bool error)
{
	return error ? TEXT("stderr") : TEXT("stdout");
}

/* The message that the parts are. */
static int take_parts(struct container_run *run, struct part *part, struct text stream)
{
	struct envelope envelope = {.time = part->time, .priority = -1, .message = buffer_view(&part->text), .stream = stream};
	if (part->lines) {
		messages_begin(run->messages, part->begins);
		run->ledger->continued += part->lines - 1;
		part->lines = 0;
		int status = messages_take(run->messages, &envelope);
		buffer_clear(&part->text);
		return status;
	}
	return 0;
}

static int take_piece(struct container_run *run, const struct piece *piece, uint64_t number)
{
	bool error = text_is(piece->stream, "stderr");
	struct part *part = &run->parts[error];
	if (!part->lines && piece->whole) {
		struct envelope envelope = {.time = piece->time, .priority = -1, .message = piece->text, .stream = piece->stream};
		return messages_take(run->messages, &envelope);
	}
	if (!part->lines) {
		part->begins = number;
		part->time = piece->time;
	}
	part->lines++;
	buffer_text(&part->text, piece->text);
	/* Longer messages go on as another one. */
	return piece->whole || part->text.length > MESSAGE_MAX ? take_parts(run, part, stream_name(error)) : 0;
}

static int take_line(struct container_run *run, const struct input_line *line)
{
	struct piece piece = {.time = INT64_MIN};
	struct ledger *ledger = run->ledger;
	ledger->lines++;
	if (!text_trim(line->text).length) {
		ledger->blank++;
		return 0;
	}
	struct record *record = messages_begin(run->messages, line->number);
	const char *why = line->too_long ? "the line is longer than 16 MiB"
		: line->text.data[0] == '{'  ? take_docker(run, line->text, record, &piece)
									 : take_cri(line->text, &piece);
	if (why) {
		ledger_reject(ledger, run->file, line->number, "no container's log: %s", why);
		return 0;
	}
	return take_piece(run, &piece, line->number);
}

int container_log_run(struct input *input, const struct reader_options *options, struct event_sink sink,
	struct ledger *ledger, struct diagnostics *d)
{
	struct container_run run = {.ledger = ledger, .file = input_name(input)};
	struct reader_options all = *options;
	struct input_line line;
	int status = 0, got = 1;
	if (log_clock(&run.clock, input, options, d))
		return -1;
	all.dialect = NULL;
	run.names = json_names_new(&all);
	run.json.bits.level = simd_level_best();
	run.messages = messages_new(options, sink, ledger, run.file, &run.clock);
	messages_follow(run.messages, input);
	while (!status && (got = input_next(input, &line, d)) > 0)
		status = take_line(&run, &line);
	for (size_t i = 0; i < STREAMS && !status; i++)
		status = take_parts(&run, &run.parts[i], stream_name(i));
	if (!status)
		status = messages_end(run.messages);
	messages_free(run.messages);
	json_names_free(run.names);
	json_bits_free(&run.json.bits);
	arena_free(&run.arena);
	for (size_t i = 0; i < STREAMS; i++)
		buffer_free(&run.parts[i].text);
	return status ? status : got;
}

static bool is_container_log(struct text line)
{
	struct piece piece;
	if (text_starts(line, TEXT("{\"log\":"), false))
		return text_contains(line, TEXT("\"stream\":\"std"), false) && text_contains(line, TEXT("\"time\":\""), false);
	return !take_cri(line, &piece);
}

unsigned container_log_fits(struct text sample)
{
	return reader_share(sample, is_container_log);
}
