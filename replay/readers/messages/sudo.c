/*
 * sudo: what sudo did for whom, and what it refused.
 *
 *   ci : TTY=pts/0 ; PWD=/home/ci ; USER=root ; COMMAND=/usr/bin/docker run …
 *   ci : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/home/ci ; USER=root ; COMMAND=/bin/su
 *   ci : command not allowed ; TTY=… ; …              ci : user NOT in sudoers ; TTY=… ; …
 *
 * Raw names: sudo.user (who asked), sudo.reason (of a refusal), sudo.tty, sudo.pwd, sudo.runas, sudo.group, sudo.env,
 * sudo.command, sudo.tsid, sudo.chroot, sudo.host, and a part COMMAND for the command and each
 * that it runs. sudo.result is run, refused, or continued for a line that goes on with a long command.
 */
#include "replay/readers/messages/kinds.h"

#include <string.h>

static bool fits(const struct envelope *envelope)
{
	return text_is(envelope->program, "sudo");
}

/* #ooo stands for a byte that cannot be printed, as an octal number. */
static struct text unescape(struct arena *arena, struct text text)
{
	if (!memchr(text.data, '#', text.length))
		return text;
	char *out = arena_alloc(arena, text.length + 1);
	size_t length = 0;
	for (size_t i = 0; i < text.length; i++) {
		uint64_t byte;
		if (text.data[i] == '#' && i + 3 < text.length + 0 && text_to_ulong_base(text_slice(text, i + 1, i + 4), 8, &byte) &&
			byte > 0 && byte < 256) {
			out[length++] = (char)byte;
			i += 3;
		} else {
			out[length++] = text.data[i];
		}
	}
	return (struct text){out, length};
}

/* NAME=value up to the next ` ; NAME=`, which COMMAND has none of: it is the last. */
struct item {
	struct text name, value;
};

static bool is_name(struct text name)
{
	for (size_t i = 0; i < name.length; i++)
		if ((name.data[i] < 'A' || name.data[i] > 'Z') && name.data[i] != '_')
			return false;
	return name.length > 0;
}

static bool next_item(struct text *rest, struct item *item)
{
	size_t equals = text_find(*rest, '=');
	item->name = text_slice(*rest, 0, equals);
	if (equals == rest->length || !is_name(item->name))
		return false;
	struct text value = text_slice(*rest, equals + 1, rest->length);
	if (text_is(item->name, "COMMAND")) {
		item->value = value;
		*rest = TEXT("");
		return true;
	}
	for (size_t at = 0; at + 3 <= value.length; at++) {
		struct text behind = text_slice(value, at + 3, value.length);
		if (memcmp(value.data + at, " ; ", 3) == 0 && is_name(text_slice(behind, 0, text_find(behind, '=')))) {
			item->value = text_slice(value, 0, at);
			*rest = behind;
			return true;
		}
	}
	item->value = value;
	*rest = TEXT("");
	return true;
}

static void add_item(struct record *record, const struct item *item)
{
	static const struct {
		const char *name, *raw;
	} names[] = {{"TTY", "sudo.tty"}, {"PWD", "sudo.pwd"}, {"USER", "sudo.runas"}, {"GROUP", "sudo.group"},
		{"ENV", "sudo.env"}, {"TSID", "sudo.tsid"}, {"CHROOT", "sudo.chroot"}, {"HOST", "sudo.host"}};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (text_is(item->name, names[i].name))
			record_add(record, text_of(names[i].raw), unescape(record->arena, item->value));
	if (text_is(item->name, "COMMAND")) {
		struct text command = unescape(record->arena, item->value);
		record_add(record, TEXT("sudo.command"), command);
		message_add_commands(record, command, true);
	}
}

static bool take(struct message *message)
{
	struct text text = text_trim(message->envelope->message);
	struct record *record = message->record;
	struct item item;
	size_t colon = 0;
	while (colon + 3 <= text.length && memcmp(text.data + colon, " : ", 3) != 0)
		colon++;
	if (!colon || colon + 3 > text.length)
		return false;
	struct text user = text_slice(text, 0, colon), rest = text_slice(text, colon + 3, text.length), reason = TEXT("");
	if (text_starts(rest, TEXT("(command continued)"), false)) {
		record_add(record, TEXT("sudo.user"), user);
		record_add(record, TEXT("sudo.result"), TEXT("continued"));
		return true;
	}
	if (!is_name(text_slice(rest, 0, text_find(rest, '=')))) {
		size_t end = 0;
		while (end + 3 <= rest.length && memcmp(rest.data + end, " ; ", 3) != 0)
			end++;
		if (end + 3 > rest.length)
			return false;
		reason = text_slice(rest, 0, end);
		rest = text_slice(rest, end + 3, rest.length);
	}
	record_add(record, TEXT("sudo.user"), user);
	record_add(record, TEXT("sudo.result"), reason.length ? TEXT("refused") : TEXT("run"));
	if (reason.length)
		record_add(record, TEXT("sudo.reason"), reason);
	while (rest.length && next_item(&rest, &item))
		add_item(record, &item);
	return true;
}

const struct message_kind message_sudo = {.name = "sudo", .fits = fits, .take = take};
