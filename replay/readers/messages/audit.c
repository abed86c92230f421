/*
 * audit: audit records inside of other logs.
 *
 *   type=SYSCALL msg=audit(1604994496.155:92733): …       audisp's syslog plugin, journald
 *   audit: type=1309 audit(1604994496.155:92733): …       the kernel, where no auditd runs
 *   SYSCALL arch=c000003e syscall=59 …                    journalctl -o short of a journal's audit entries
 *
 * The last form has neither time nor serial: the envelope's time is taken, and records behind a SYSCALL are of its event
 * until the next one. The host goes before the record as `node=`, where it names none.
 */
#include "replay/readers/audit_parse.h"
#include "replay/readers/audit_stream.h"
#include "replay/readers/messages/kinds.h"

#include <stdlib.h>

struct audit_messages {
	struct reader_options options;
	struct audit_stream *stream;
	struct buffer record;
	uint64_t serial; /* of records that have none */
};

static void *open_stream(const struct message_place *place)
{
	struct audit_messages *audit = mem_alloc(sizeof *audit);
	*audit = (struct audit_messages){.options = *place->options};
	audit->options.dialect = catalog_dialect(place->options->catalog, TEXT("auditd"));
	if (audit->options.dialect)
		audit->stream = audit_stream_new(&audit->options, place->sink, place->ledger, place->file);
	return audit;
}

static int end_stream(void *state)
{
	struct audit_messages *audit = state;
	return audit->stream ? audit_stream_end(audit->stream) : 0;
}

static void close_stream(void *state)
{
	struct audit_messages *audit = state;
	audit_stream_free(audit->stream);
	buffer_free(&audit->record);
	free(audit);
}

static bool fits(const struct envelope *envelope)
{
	struct text message = envelope->message;
	if (message.length < 8)
		return false;
	switch (message.data[0]) {
	case 't':
		return text_starts(message, TEXT("type="), false);
	case 'n':
		return text_starts(message, TEXT("node="), false);
	case 'a':
		return text_starts(message, TEXT("audit: type="), false);
	default:
		return text_is(envelope->program, "audit");
	}
}

/* Does the record belong to the SYSCALL before it? */
static bool is_further(unsigned type)
{
	return type > AUDIT_SYSCALL && type <= AUDIT_PROCTITLE + 9 && type != 1305 && type != 1326;
}

/* NAME fields → type=NAME msg=audit(…): fields. false: NAME is no type of record. */
static bool add_untimed(struct audit_messages *audit, const struct message *message)
{
	struct text text = message->envelope->message;
	size_t end = text_find(text, ' ');
	struct text name = text_slice(text, 0, end);
	unsigned type = audit_type_number(name);
	int64_t time = message->envelope->time;
	if (!type || time < 0)
		return false;
	audit->serial += !is_further(type) || !audit->serial;
	buffer_printf(&audit->record, "type=%.*s msg=audit(%lld.%03d:%llu):", TEXT_ARGS(name), (long long)(time / 1000000000),
		(int)(time / 1000000 % 1000), (unsigned long long)audit->serial);
	buffer_text(&audit->record, text_slice(text, end, text.length));
	return true;
}

static bool take(struct message *message)
{
	struct audit_messages *audit = message->state;
	struct text text = message->envelope->message, host = message->envelope->host;
	struct audit_line line;
	if (!audit->stream)
		return false;
	buffer_clear(&audit->record);
	if (text_starts(text, TEXT("audit: "), false))
		text = text_slice(text, 7, text.length);
	if (host.length && !text_starts(text, TEXT("node="), false) && text_find(host, ' ') == host.length) {
		buffer_string(&audit->record, "node=");
		buffer_text(&audit->record, host);
		buffer_char(&audit->record, ' ');
	}
	if (text_starts(text, TEXT("type="), false) || text_starts(text, TEXT("node="), false))
		buffer_text(&audit->record, text);
	else if (!add_untimed(audit, message))
		return false;
	/* What only looks like a record stays a message. */
	if (audit_parse_line(buffer_view(&audit->record), &line))
		return false;
	message->status = audit_stream_take(audit->stream, buffer_view(&audit->record), message->record->line);
	message->delivered = true;
	return true;
}

const struct message_kind message_audit = {"audit", false, "audit", "tna", fits, take, open_stream, end_stream, close_stream};
