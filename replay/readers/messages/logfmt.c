/*
 * logfmt: what dockerd, containerd, runc and many programs in Go write.
 *
 *   time="2024-01-02T03:04:05.678901234Z" level=info msg="Container failed to exit" container=4f3c… error="…"
 *
 * Raw names: logfmt.KEY for each. A value in quotes has its escapes undone. A key alone is true.
 */
#include "replay/readers/messages/kinds.h"

#include <string.h>

static bool is_key(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_' ||
		byte == '.' || byte == '-' || byte == '/' || byte == '@';
}

static bool fits(const struct envelope *envelope)
{
	struct text message = envelope->message;
	return text_starts(message, TEXT("time="), false) || text_starts(message, TEXT("level="), false) ||
		text_starts(message, TEXT("ts="), false) || text_starts(message, TEXT("t="), false);
}

/* What stands between quotes, with \n, \t, \" and \\ undone. */
static struct text unquote(struct arena *arena, struct text text)
{
	if (!text.length || !memchr(text.data, '\\', text.length))
		return text;
	char *out = arena_alloc(arena, text.length + 1);
	size_t length = 0;
	for (size_t i = 0; i < text.length; i++) {
		char byte = text.data[i];
		if (byte == '\\' && i + 1 < text.length) {
			byte = text.data[++i];
			byte = byte == 'n' ? '\n' : byte == 't' ? '\t' : byte == 'r' ? '\r' : byte;
		}
		out[length++] = byte;
	}
	return (struct text){out, length};
}

static size_t quoted_end(struct text text, size_t at)
{
	while (at < text.length && text.data[at] != '"')
		at += text.data[at] == '\\' ? 2 : 1;
	return at < text.length ? at : text.length;
}

static void add(struct message *message, struct text key, struct text value)
{
	if (message->record->count >= ENVELOPE_NAMES_MAX)
		return;
	if (text_is(key, "time") || text_is(key, "ts") || text_is(key, "t")) {
		int64_t time;
		if (message->time == INT64_MIN && date_parse(value, &time))
			message->time = time;
	}
	record_add(message->record, message_name(message->record->arena, TEXT("logfmt."), key), value);
}

/* The pair at `at`, which moves behind it. false: what stands there is no key, so the text is no logfmt from here on. */
static bool take_pair(struct message *message, struct text text, size_t *at)
{
	size_t from = *at;
	while (*at < text.length && is_key(text.data[*at]))
		++*at;
	struct text key = text_slice(text, from, *at);
	if (!key.length || (*at < text.length && text.data[*at] != '=' && text.data[*at] != ' '))
		return false;
	if (*at >= text.length || text.data[*at] == ' ') {
		add(message, key, TEXT("true"));
		return true;
	}
	from = ++*at;
	if (from < text.length && text.data[from] == '"') {
		size_t end = quoted_end(text, from + 1);
		*at = end + (end < text.length);
		add(message, key, unquote(message->record->arena, text_slice(text, from + 1, end)));
		return true;
	}
	while (*at < text.length && text.data[*at] != ' ')
		++*at;
	add(message, key, text_slice(text, from, *at));
	return true;
}

static bool take(struct message *message)
{
	struct text text = text_trim(message->envelope->message);
	size_t at = 0, pairs = 0;
	while (at < text.length) {
		if (text.data[at] == ' ') {
			at++;
			continue;
		}
		if (!take_pair(message, text, &at))
			break;
		pairs++;
	}
	return pairs > 1 && at >= text.length;
}

const struct message_kind message_logfmt = {
	.name = "logfmt", .alone = true, .programs = "", .begins = "tl", .fits = fits, .take = take};
