/*
 * cef: ArcSight's Common Event Format.
 *
 *   CEF:0|Vendor|Product|1.0|100|Name of it|5|src=10.0.0.1 msg=what happened cs1=web cs1Label=Zone
 *
 * Raw names: cef.version, cef.deviceVendor, cef.deviceProduct, cef.deviceVersion, cef.deviceEventClassId, cef.name,
 * cef.agentSeverity; cef.KEY for each key of the extension, and where cs1Label (cn1Label, …) names what cs1 is, also
 * cef.LABEL. In the head `\|` and `\\` are escapes, in values `\=`, `\\`, `\n` and `\r`. Blanks belong to values: one
 * ends where the next ` key=` begins.
 */
#include "replay/readers/messages/kinds.h"

#include <string.h>

static bool fits(const struct envelope *envelope)
{
	struct text message = envelope->message;
	return text_starts(message, TEXT("CEF:"), false) ||
		(text_is(envelope->program, "CEF") && message.length && message.data[0] >= '0' && message.data[0] <= '9');
}

static struct text unescape(struct arena *arena, struct text text)
{
	if (!text.length || !memchr(text.data, '\\', text.length))
		return text;
	char *out = arena_alloc(arena, text.length + 1);
	size_t length = 0;
	for (size_t i = 0; i < text.length; i++) {
		char next = i + 1 < text.length ? text.data[i + 1] : '\0';
		if (text.data[i] != '\\' || !next || !memchr("|\\=nr]\"", next, 7)) {
			out[length++] = text.data[i];
			continue;
		}
		out[length++] = next == 'n' ? '\n' : next == 'r' ? '\r' : next;
		i++;
	}
	return (struct text){out, length};
}

/* Up to the next `|` that is not escaped; false: there is none. The last part may end with the text. */
static bool take_part(struct text *rest, struct text *part, bool last)
{
	size_t at = 0;
	while (at < rest->length && rest->data[at] != '|')
		at += rest->data[at] == '\\' ? 2 : 1;
	if (at >= rest->length && !last)
		return false;
	*part = text_slice(*rest, 0, at);
	*rest = text_slice(*rest, at + 1, rest->length);
	return true;
}

static bool is_key_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_' ||
		byte == '.' || byte == '-' || byte == '[' || byte == ']';
}

/* The next key in `text` from `at` on, behind a blank or at the beginning, with its `=`; false: none. */
static bool find_key(struct text text, size_t at, size_t *from, size_t *equals)
{
	for (; at < text.length; at++) {
		if (at && text.data[at - 1] != ' ')
			continue;
		size_t end = at;
		while (end < text.length && is_key_byte(text.data[end]))
			end++;
		if (end > at && end < text.length && text.data[end] == '=') {
			*from = at;
			*equals = end;
			return true;
		}
	}
	return false;
}

static void take_extension(struct record *record, struct text text)
{
	size_t from, equals;
	bool found = find_key(text, 0, &from, &equals);
	while (found && record->count < ENVELOPE_NAMES_MAX) {
		struct text key = text_slice(text, from, equals);
		size_t start = equals + 1;
		found = find_key(text, start, &from, &equals);
		struct text value = text_trim(text_slice(text, start, found ? from : text.length));
		record_add(record, message_name(record->arena, TEXT("cef."), key), unescape(record->arena, value));
	}
}

/* cs1 under the name that cs1Label gives it. */
static void add_labelled(struct record *record)
{
	size_t count = record->count;
	for (size_t i = 0; i < count; i++) {
		struct text name = record->values[i].name;
		if (!text_starts(name, TEXT("cef."), false) || !text_ends(name, TEXT("Label"), false))
			continue;
		struct text label = record->values[i].values[0];
		const struct raw_value *labelled = record_get(record, NULL, text_slice(name, 0, name.length - 5));
		if (label.length && labelled) {
			struct text value = labelled->values[0];
			record_add(record, message_name(record->arena, TEXT("cef."), label), value);
		}
	}
}

static bool take(struct message *message)
{
	static const char *const parts[] = {"cef.version", "cef.deviceVendor", "cef.deviceProduct", "cef.deviceVersion",
		"cef.deviceEventClassId", "cef.name", "cef.agentSeverity"};
	enum { PARTS = sizeof parts / sizeof *parts };
	struct text rest = message->envelope->message, values[PARTS];
	if (text_starts(rest, TEXT("CEF:"), false))
		rest = text_slice(rest, 4, rest.length);
	for (size_t i = 0; i < PARTS; i++)
		if (!take_part(&rest, &values[i], i + 1 == PARTS))
			return false;
	for (size_t i = 0; i < PARTS; i++)
		record_add(message->record, text_of(parts[i]), unescape(message->record->arena, text_trim(values[i])));
	take_extension(message->record, rest);
	add_labelled(message->record);
	return true;
}

const struct message_kind message_cef = {
	.name = "cef", .alone = true, .programs = "CEF", .begins = "C", .fits = fits, .take = take};
