/*
 * syslog: lines of syslog files and streams. Heads come off (syslog_parse), messages go on (messages).
 *
 * A line that begins with a blank goes on with the message before it, and is a message of the same origin. A line
 * without a head is taken if some kind of message knows it, else rejected. Where a line begins with a length (RFC 6587),
 * that many bytes are one message, whatever they hold: each counts as a line.
 */
#include "replay/readers/formats.h"
#include "replay/readers/log_clock.h"
#include "replay/readers/messages.h"
#include "replay/readers/syslog_parse.h"

#include <string.h>

struct syslog_run {
	struct ledger *ledger;
	const char *file;
	struct syslog_clock clock;
	struct messages *messages;
	struct buffer frame; /* a message of RFC 6587 that goes on on the next line */
	size_t missing;      /* bytes of it; 0: there is none */
	uint64_t begins;     /* its line */
};

static bool is_indented(struct text line)
{
	return line.length > 1 && (line.data[0] == ' ' || line.data[0] == '\t');
}

/* `kubectl logs --timestamps` and `docker logs -t` write a time and the message: what looks like a host is its first word. */
static void take_back_host(struct envelope *envelope)
{
	const char *end = envelope->message.data + envelope->message.length;
	if (!envelope->host.length || envelope->program.length || end < envelope->host.data)
		return;
	struct text whole = {envelope->host.data, (size_t)(end - envelope->host.data)};
	if (!messages_know(whole))
		return;
	envelope->message = whole;
	envelope->host = TEXT("");
}

/* Takes one message: a line, or a frame. */
static int take_message(struct syslog_run *run, struct text text, uint64_t number)
{
	struct envelope envelope;
	run->ledger->lines++;
	if (!text_trim(text).length || syslog_is_remark(text)) {
		run->ledger->blank++;
		return 0;
	}
	messages_begin(run->messages, number);
	if (is_indented(text) && messages_before(run->messages, &envelope)) {
		envelope.message = text_trim(text);
		return messages_take(run->messages, &envelope);
	}
	const char *why = syslog_parse(&run->clock, text, &envelope);
	if (why && !messages_know(text)) {
		ledger_reject(run->ledger, run->file, number, "no syslog: %s", why);
		return 0;
	}
	if (why)
		envelope = (struct envelope){.time = INT64_MIN, .priority = -1, .message = text};
	else
		take_back_host(&envelope);
	return messages_take(run->messages, &envelope);
}

static int end_frame(struct syslog_run *run)
{
	struct text frame = buffer_view(&run->frame);
	/* The newline that ends a message may be counted with it. */
	while (frame.length && (frame.data[frame.length - 1] == '\n' || frame.data[frame.length - 1] == '\r'))
		frame.length--;
	int status = take_message(run, frame, run->begins);
	buffer_clear(&run->frame);
	run->missing = 0;
	return status;
}

/* Frames at the beginning of the text, or the rest of one that began before. *rest: what follows them. */
static int take_frames(struct syslog_run *run, struct text text, uint64_t number, struct text *rest)
{
	struct text message;
	int status = run->missing == 1 && syslog_frame(text, &message) ? end_frame(run) : 0;
	while (!status) {
		if (!run->missing) {
			size_t length = syslog_frame(text, &message);
			if (!length)
				break;
			run->missing = length;
			run->begins = number;
			text = message;
		}
		size_t here = run->missing < text.length ? run->missing : text.length;
		buffer_add(&run->frame, text.data, here);
		run->missing -= here;
		text = text_slice(text, here, text.length);
		/* A newline that is counted ends the frame. Two bytes may be CR and LF: the next line tells. */
		if (run->missing > 1) {
			buffer_char(&run->frame, '\n');
			run->missing--;
			break;
		}
		status = end_frame(run);
		if (status || !text.length)
			break;
	}
	*rest = text;
	return status;
}

static int take_line(struct syslog_run *run, const struct input_line *line)
{
	struct text text = line->text;
	if (line->too_long) {
		run->ledger->lines++;
		ledger_reject(run->ledger, run->file, line->number, "the line is longer than %u bytes", INPUT_LINE_MAX);
		return 0;
	}
	bool framed = run->missing || syslog_frame(text, &text);
	text = line->text;
	if (!framed)
		return take_message(run, text, line->number);
	int status = take_frames(run, text, line->number, &text);
	return status || !text.length ? status : take_message(run, text, line->number);
}

int syslog_run(struct input *input, const struct reader_options *options, struct event_sink sink, struct ledger *ledger,
	struct diagnostics *d)
{
	struct syslog_run run = {.ledger = ledger, .file = input_name(input)};
	struct input_line line;
	int status = 0, got = 1;
	if (log_clock(&run.clock, input, options, d))
		return -1;
	run.messages = messages_new(options, sink, ledger, run.file, &run.clock);
	messages_follow(run.messages, input);
	while (!status && (got = input_next(input, &line, d)) > 0)
		status = take_line(&run, &line);
	if (!status && run.missing)
		status = end_frame(&run);
	if (!status)
		status = messages_end(run.messages);
	messages_free(run.messages);
	buffer_free(&run.frame);
	return status ? status : got;
}

static bool is_syslog(struct text line)
{
	struct syslog_clock clock = {.newest = 0};
	struct envelope envelope;
	struct text message;
	if (syslog_is_remark(line) || syslog_frame(line, &message) || messages_stand_alone(line))
		return true;
	return !syslog_parse(&clock, line, &envelope);
}

unsigned syslog_fits(struct text sample)
{
	return reader_share(sample, is_syslog);
}
