/*
 * klog: what kubelet and other programs of Kubernetes write.
 *
 *   I0102 03:04:05.678901    1234 kubelet.go:1234] "SyncLoop ADD" source="api" pods=["default/web"]
 *
 * Raw names: klog.level (info, warning, error, fatal), klog.pid, klog.source, klog.msg (without its quotes), and
 * klog.KEY for the pairs behind a message in quotes.
 */
#include "replay/readers/messages/kinds.h"
#include "replay/readers/syslog_time.h"

#include <string.h>

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool fits(const struct envelope *envelope)
{
	static const char form[] = "ldddd dd:dd:dd.dddddd";
	struct text message = envelope->message;
	if (message.length < sizeof form || !memchr("IWEF", message.data[0], 4))
		return false;
	for (size_t i = 1; i < sizeof form - 1; i++)
		if (form[i] == 'd' ? !is_digit(message.data[i]) : message.data[i] != form[i])
			return false;
	return true;
}

static const char *level_of(char letter)
{
	switch (letter) {
	case 'I':
		return "info";
	case 'W':
		return "warning";
	case 'E':
		return "error";
	default:
		return "fatal";
	}
}

/* Where the value ends that begins at `at`: behind its closing quote or bracket, or before a blank. */
static size_t value_end(struct text text, size_t at)
{
	char first = at < text.length ? text.data[at] : ' ', closing = first == '[' ? ']' : first == '{' ? '}' : first;
	if (first != '"' && first != '[' && first != '{')
		return at + text_find(text_slice(text, at, text.length), ' ');
	for (at++; at < text.length && text.data[at] != closing; at++)
		at += text.data[at] == '\\';
	return at < text.length ? at + 1 : text.length;
}

static void take_pairs(struct record *record, struct text text)
{
	size_t at = 0;
	while (at < text.length && record->count < ENVELOPE_NAMES_MAX) {
		size_t from = at;
		while (at < text.length && text.data[at] != '=' && text.data[at] != ' ')
			at++;
		if (at >= text.length || text.data[at] == ' ') {
			at++;
			continue;
		}
		struct text key = text_slice(text, from, at);
		size_t end = value_end(text, at + 1);
		bool quoted = end > at + 2 && text.data[at + 1] == '"';
		struct text value = text_slice(text, at + 1 + quoted, end - (quoted && text.data[end - 1] == '"'));
		if (key.length)
			record_add(record, message_name(record->arena, TEXT("klog."), key), value);
		at = end + 1;
	}
}

/* LMMDD HH:MM:SS.ffffff */
static void read_time(struct message *message, struct text text)
{
	uint64_t month, day;
	int64_t time;
	if (message->time == INT64_MIN && text_to_ulong_base(text_slice(text, 1, 3), 10, &month) &&
		text_to_ulong_base(text_slice(text, 3, 5), 10, &day) &&
		syslog_time_of_month(message->place->clock, (int)month, (int)day, text_slice(text, 6, 21), &time))
		message->time = time;
}

static bool take(struct message *message)
{
	struct text text = text_trim(message->envelope->message);
	struct record *record = message->record;
	size_t bracket = text_find(text, ']');
	if (bracket + 2 > text.length)
		return false;
	struct text head = text_slice(text, 21, bracket), body = text_slice(text, bracket + 2, text.length);
	head = text_trim(head);
	read_time(message, text);
	size_t blank = text_find(head, ' ');
	record_add(record, TEXT("klog.level"), text_of(level_of(text.data[0])));
	record_add(record, TEXT("klog.pid"), text_slice(head, 0, blank));
	record_add(record, TEXT("klog.source"), text_trim(text_slice(head, blank, head.length)));
	if (body.length && body.data[0] == '"') {
		size_t end = value_end(body, 0);
		bool closed = end > 1 && body.data[end - 1] == '"';
		record_add(record, TEXT("klog.msg"), text_slice(body, 1, end - closed));
		take_pairs(record, text_slice(body, end, body.length));
	} else {
		record_add(record, TEXT("klog.msg"), body);
	}
	return true;
}

const struct message_kind message_klog = {
	.name = "klog", .alone = true, .programs = "", .begins = "IWEF", .fits = fits, .take = take};
