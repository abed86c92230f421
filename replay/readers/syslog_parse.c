/*
 * syslog_parse: heads of syslog lines.
 */
#include "replay/readers/syslog_parse.h"

#include <string.h>

enum { PRIORITY_MAX = 191, TAG_MAX = 256, FRAME_MAX = 8 << 20 };

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static struct text skip(struct text text, size_t count)
{
	return text_slice(text, count, text.length);
}

static struct text skip_blanks(struct text text)
{
	size_t at = 0;
	while (at < text.length && text.data[at] == ' ')
		at++;
	return skip(text, at);
}

/* The next word and the blank behind it. */
static struct text take_word(struct text *rest)
{
	size_t length = text_find(*rest, ' ');
	struct text word = text_slice(*rest, 0, length);
	*rest = skip(*rest, length + (length < rest->length));
	return word;
}

/* <PRI>. */
static const char *take_priority(struct text *rest, struct envelope *envelope)
{
	uint64_t number;
	if (!rest->length || rest->data[0] != '<')
		return NULL;
	size_t end = text_find(text_slice(*rest, 0, 6), '>');
	if (end >= 6 || end >= rest->length || !text_to_ulong_base(text_slice(*rest, 1, end), 10, &number))
		return "it begins with < but has no priority";
	if (number > PRIORITY_MAX)
		return "its priority is above 191";
	envelope->priority = (int)number;
	*rest = skip(*rest, end + 1);
	return NULL;
}

/* `-` is no value in RFC 5424. */
static struct text take_value(struct text *rest)
{
	struct text word = take_word(rest);
	return text_is(word, "-") ? TEXT("") : word;
}

/* What follows the version: TIME HOST APP PROCID MSGID STRUCTURED [MESSAGE]. */
static const char *take_5424(struct syslog_clock *clock, struct text rest, struct envelope *envelope)
{
	struct text after;
	struct text time = text_slice(rest, 0, text_find(rest, ' '));
	if (text_is(time, "-"))
		rest = skip(rest, 2);
	else if (time.length < 19 || !syslog_time(clock, rest, &envelope->time, &after))
		return "its time is none of RFC 5424";
	else
		rest = after;
	envelope->host = take_value(&rest);
	envelope->program = take_value(&rest);
	envelope->pid = take_value(&rest);
	envelope->msgid = take_value(&rest);
	if (!structured_take(rest, &envelope->structured, &rest))
		return "its structured data is broken";
	if (text_starts(rest, TEXT("\xef\xbb\xbf"), false))
		rest = skip(rest, 3);
	/* rsyslog writes the blank behind a tag as part of the message. */
	envelope->message = skip(rest, rest.length && rest.data[0] == ' ');
	return NULL;
}

/* A version of one or two digits, and a blank. */
static bool take_version(struct text *rest)
{
	size_t digits = 0;
	while (digits < 3 && digits < rest->length && is_digit(rest->data[digits]))
		digits++;
	if (!digits || digits > 2 || digits >= rest->length || rest->data[digits] != ' ' || rest->data[0] == '0')
		return false;
	*rest = skip(*rest, digits + 1);
	return true;
}

/* Does the rest look like the tail of RFC 5424, APP PROCID MSGID and structured data, though there is no version? */
static bool is_5424_tail(struct text rest)
{
	struct text structured;
	take_word(&rest);
	for (int i = 0; i < 3; i++) {
		struct text word = take_word(&rest);
		if (!word.length || word.data[word.length - 1] == ':')
			return false;
	}
	return rest.length > 2 && rest.data[0] == '[' && structured_take(rest, &structured, &rest);
}

/* Length of PROGRAM, which ends before `[`, `:` or a blank; a part in parentheses belongs to older logs. */
static size_t program_length(struct text text)
{
	size_t at = 0;
	while (at < text.length && at < TAG_MAX && text.data[at] > ' ' && text.data[at] != '[' && text.data[at] != ':' &&
		text.data[at] != '(')
		at++;
	return at;
}

/* PROGRAM[PID]: or PROGRAM: at the beginning of the text. false: none stands there. */
static bool take_tag(struct text *rest, struct envelope *envelope)
{
	struct text text = *rest, pid = TEXT("");
	size_t at = program_length(text);
	struct text program = text_slice(text, 0, at);
	if (!at || at == text.length)
		return false;
	if (text.data[at] == '(') {
		at += text_find(skip(text, at), ')') + 1;
		program = text_slice(text, 0, at);
		if (at >= text.length || memchr(program.data, ' ', program.length))
			return false;
	}
	if (text.data[at] == '[') {
		size_t end = at + text_find(text_slice(text, at, at + TAG_MAX), ']');
		if (end >= text.length || text.data[end] != ']')
			return false;
		pid = text_slice(text, at + 1, end);
		at = end + 1;
	}
	if (at >= text.length || text.data[at] != ':' || (at + 1 < text.length && text.data[at + 1] != ' '))
		return false;
	envelope->program = program;
	envelope->pid = pid;
	*rest = skip(text, at + 1);
	return true;
}

/* `[   12.345678] ` before what the kernel wrote. */
static bool take_uptime(struct text *rest)
{
	size_t at = 1, digits = 0;
	if (rest->length < 4 || rest->data[0] != '[')
		return false;
	for (; at < rest->length && at < 24 && (rest->data[at] == ' ' || rest->data[at] == '.' || is_digit(rest->data[at])); at++)
		digits += is_digit(rest->data[at]);
	if (at >= rest->length || rest->data[at] != ']' || digits < 2)
		return false;
	*rest = skip_blanks(skip(*rest, at + 1));
	return true;
}

/* HOST PROGRAM[PID]: MESSAGE, where the host may be left out, and the program too. */
static void take_origin(struct text rest, struct envelope *envelope)
{
	rest = skip_blanks(rest);
	if (!take_tag(&rest, envelope)) {
		envelope->host = take_word(&rest);
		take_tag(&rest, envelope);
	} else if (text_starts(rest, TEXT(" last message repeated "), false)) {
		/* What looks like a program is the host. */
		envelope->host = envelope->program;
		envelope->program = TEXT("");
	}
	envelope->message = skip(rest, rest.length && rest.data[0] == ' ');
	if (text_is(envelope->program, "kernel"))
		take_uptime(&envelope->message);
}

/* The kernel's own: [uptime] or [date], then the message. */
static bool take_kernel(struct syslog_clock *clock, struct text rest, struct envelope *envelope)
{
	struct text message = rest, after;
	size_t end = text_find(text_slice(rest, 0, 40), ']');
	bool uptime = take_uptime(&message);
	if (!uptime && (end >= rest.length || rest.data[end] != ']' || rest.data[0] != '[' ||
					   !syslog_time(clock, text_slice(rest, 1, end), &envelope->time, &after) || after.length))
		return false;
	if (!uptime)
		message = skip_blanks(skip(rest, end + 1));
	/* journalctl -o short-monotonic goes on with a host and a program; what the kernel wrote has no such place. */
	struct envelope origin = *envelope;
	size_t host = text_find(message, ' ');
	struct text behind = skip(message, host + 1);
	if (uptime && host && host < message.length && message.data[host - 1] != ':' && take_tag(&behind, &origin) &&
		(origin.pid.length || text_is(origin.program, "kernel"))) {
		take_origin(message, envelope);
		return true;
	}
	envelope->program = TEXT("kernel");
	envelope->message = message;
	return true;
}

/* <PRI> and no time that can be read: RFC 3164 takes all that follows as the message. */
static const char *take_untimed(struct text rest, struct envelope *envelope)
{
	if (envelope->priority < 0)
		return "it begins with no time that a log line begins with";
	if (!take_tag(&rest, envelope))
		return "behind its priority there is neither a time nor a program";
	envelope->message = skip(rest, rest.length && rest.data[0] == ' ');
	return NULL;
}

const char *syslog_parse(struct syslog_clock *clock, struct text line, struct envelope *envelope)
{
	struct text rest = line, after;
	*envelope = (struct envelope){.time = INT64_MIN, .priority = -1, .message = line};
	const char *why = take_priority(&rest, envelope);
	if (why)
		return why;
	after = rest;
	if (take_version(&after))
		return take_5424(clock, after, envelope);
	if (rest.length && rest.data[0] == '[' && take_kernel(clock, rest, envelope))
		return NULL;
	if (!syslog_time(clock, rest, &envelope->time, &after))
		return take_untimed(rest, envelope);
	if (rest.data[4] == '-' && is_5424_tail(after))
		return take_5424(clock, rest, envelope);
	take_origin(after, envelope);
	return NULL;
}

bool syslog_is_remark(struct text line)
{
	return text_starts(line, TEXT("-- "), false) || text_starts(line, TEXT("Hint: "), false);
}

size_t syslog_frame(struct text line, struct text *message)
{
	size_t digits = 0, length = 0;
	for (; digits < line.length && digits < 8 && is_digit(line.data[digits]); digits++)
		length = length * 10 + (size_t)(line.data[digits] - '0');
	if (!digits || line.data[0] == '0' || digits + 2 >= line.length || length > FRAME_MAX)
		return 0;
	if (line.data[digits] != ' ' || line.data[digits + 1] != '<' || !is_digit(line.data[digits + 2]))
		return 0;
	*message = skip(line, digits + 1);
	return length;
}
