/*
 * envelope: its raw names.
 */
#include "replay/readers/envelope.h"

#include <string.h>

static const char *const facilities[] = {"kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron",
	"authpriv", "ftp", "ntp", "security", "console", "solaris-cron", "local0", "local1", "local2", "local3", "local4",
	"local5", "local6", "local7"};
static const char *const severities[] = {"emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"};
enum { FACILITIES = sizeof facilities / sizeof *facilities };

static void add(struct record *record, struct text name, struct text value)
{
	if (value.length)
		record_add(record, name, value);
}

/* Structured data, character by character. */
struct cursor {
	struct text text;
	size_t at;
};

static bool at_byte(const struct cursor *c, char byte)
{
	return c->at < c->text.length && c->text.data[c->at] == byte;
}

/* A name of SD-ID or PARAM-NAME: up to a blank, `=`, `]` or `"`. */
static struct text take_name(struct cursor *c)
{
	size_t from = c->at;
	while (c->at < c->text.length && c->text.data[c->at] > ' ' && !strchr("=]\"", c->text.data[c->at]))
		c->at++;
	return text_slice(c->text, from, c->at);
}

/* "VALUE", with what stands between the quotes; false: it does not end. */
static bool take_value(struct cursor *c, struct text *value, bool *escaped)
{
	if (!at_byte(c, '"'))
		return false;
	size_t from = ++c->at;
	*escaped = false;
	for (; c->at < c->text.length && c->text.data[c->at] != '"'; c->at++) {
		if (c->text.data[c->at] == '\\' && c->at + 1 < c->text.length) {
			*escaped = true;
			c->at++;
		}
	}
	if (c->at >= c->text.length)
		return false;
	*value = text_slice(c->text, from, c->at++);
	return true;
}

/* A backslash stands before `"`, `\` and `]` alone; elsewhere it is itself. */
static struct text unescape(struct arena *arena, struct text value)
{
	char *out = arena_alloc(arena, value.length + 1);
	size_t length = 0;
	for (size_t i = 0; i < value.length; i++) {
		bool escape = value.data[i] == '\\' && i + 1 < value.length && memchr("\"\\]", value.data[i + 1], 3);
		out[length++] = value.data[i += escape];
	}
	return (struct text){out, length};
}

static void add_parameter(struct record *record, struct text id, struct text name, struct text value, bool escaped)
{
	static const struct text prefix = {"syslog.sd.", 10};
	struct text whole = {NULL, prefix.length + id.length + 1 + name.length};
	char *out = arena_alloc(record->arena, whole.length + 1);
	memcpy(out, prefix.data, prefix.length);
	memcpy(out + prefix.length, id.data, id.length);
	out[prefix.length + id.length] = '.';
	memcpy(out + prefix.length + id.length + 1, name.data, name.length);
	whole.data = out;
	record_add(record, whole, escaped ? unescape(record->arena, value) : value);
}

/* One element [ID NAME="VALUE" …]; the record may be NULL. false: it is broken. */
static bool take_element(struct cursor *c, struct record *record)
{
	if (!at_byte(c, '['))
		return false;
	c->at++;
	struct text id = take_name(c);
	if (!id.length)
		return false;
	for (;;) {
		struct text value;
		bool escaped;
		while (at_byte(c, ' '))
			c->at++;
		if (at_byte(c, ']'))
			break;
		struct text name = take_name(c);
		if (!name.length || !at_byte(c, '='))
			return false;
		c->at++;
		if (!take_value(c, &value, &escaped))
			return false;
		if (record && record->count < ENVELOPE_NAMES_MAX)
			add_parameter(record, id, name, value, escaped);
	}
	c->at++;
	return true;
}

bool structured_take(struct text text, struct text *structured, struct text *rest)
{
	struct cursor c = {text, 0};
	if (at_byte(&c, '-')) {
		*structured = TEXT("");
		c.at++;
	} else {
		do
			if (!take_element(&c, NULL))
				return false;
		while (at_byte(&c, '['));
		*structured = text_slice(text, 0, c.at);
	}
	if (c.at < text.length && text.data[c.at] != ' ')
		return false;
	*rest = text_slice(text, c.at + (c.at < text.length), text.length);
	return true;
}

void envelope_record(const struct envelope *envelope, struct record *record)
{
	add(record, TEXT("syslog.host"), envelope->host);
	add(record, TEXT("syslog.program"), envelope->program);
	add(record, TEXT("syslog.pid"), envelope->pid);
	add(record, TEXT("syslog.msgid"), envelope->msgid);
	add(record, TEXT("syslog.stream"), envelope->stream);
	add(record, TEXT("syslog.message"), envelope->message);
	if (envelope->priority >= 0) {
		unsigned facility = (unsigned)envelope->priority / 8;
		record_add(record, TEXT("syslog.severity"), text_of(severities[envelope->priority % 8]));
		if (facility < FACILITIES)
			record_add(record, TEXT("syslog.facility"), text_of(facilities[facility]));
	}
	if (envelope->repeated)
		record_add(record, TEXT("syslog.repeated"),
			text_of(arena_printf(record->arena, "%llu", (unsigned long long)envelope->repeated)));
	struct cursor c = {envelope->structured, 0};
	while (c.at < c.text.length && record->count < ENVELOPE_NAMES_MAX && take_element(&c, record))
		;
}

void envelope_keep(struct envelope_copy *copy, const struct envelope *envelope)
{
	buffer_clear(&copy->text);
	buffer_text(&copy->text, envelope->host);
	buffer_text(&copy->text, envelope->program);
	buffer_text(&copy->text, envelope->pid);
	buffer_text(&copy->text, envelope->message);
	copy->host = envelope->host.length;
	copy->program = envelope->program.length;
	copy->pid = envelope->pid.length;
	copy->time = envelope->time;
	copy->priority = envelope->priority;
	copy->kept = true;
}

bool envelope_kept(const struct envelope_copy *copy, struct envelope *envelope)
{
	struct text text = buffer_view(&copy->text);
	size_t program = copy->host + copy->program, pid = program + copy->pid;
	*envelope = (struct envelope){.time = copy->time, .priority = copy->priority};
	envelope->host = text_slice(text, 0, copy->host);
	envelope->program = text_slice(text, copy->host, program);
	envelope->pid = text_slice(text, program, pid);
	envelope->message = text_slice(text, pid, text.length);
	return copy->kept;
}
