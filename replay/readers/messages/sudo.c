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

/* #ooo stands for a byte that is a blank or cannot be printed, as an octal number: its length, or 0. */
static size_t octal(struct text text, size_t at, char *byte)
{
	uint64_t number;
	if (text.data[at] != '#' || !text_to_ulong_base(text_slice(text, at + 1, at + 4), 8, &number) || at + 4 > text.length)
		return 0;
	if (number == 0 || number > 255 || (number > ' ' && number < 127))
		return 0;
	*byte = (char)number;
	return 4;
}

static struct text unescape(struct arena *arena, struct text text)
{
	if (!text.length || !memchr(text.data, '#', text.length))
		return text;
	char *out = arena_alloc(arena, text.length + 1);
	size_t length = 0;
	for (size_t i = 0; i < text.length;) {
		size_t escaped = octal(text, i, &out[length]);
		if (!escaped)
			out[length] = text.data[i];
		i += escaped ? escaped : 1;
		length++;
	}
	return (struct text){out, length};
}

/* Does a word in quotes end, with a blank or the text behind it? Older sudo writes no quotes of its own. */
static size_t quoted_length(struct text text, size_t at)
{
	for (size_t i = at + 1; i < text.length; i++) {
		if (text.data[i] == '\\')
			i++;
		else if (text.data[i] == '\'' && (i + 1 == text.length || text.data[i + 1] == ' '))
			return i + 1 - at;
	}
	return 0;
}

/* The word's bytes: backslashes stand before backslashes and single quotes. */
static struct text word_of(struct arena *arena, struct text text)
{
	char *out = arena_alloc(arena, text.length + 1);
	size_t length = 0;
	for (size_t i = 0; i < text.length;) {
		size_t escaped = octal(text, i, &out[length]);
		if (!escaped) {
			bool escape = text.data[i] == '\\' && i + 1 < text.length && (text.data[i + 1] == '\\' || text.data[i + 1] == '\'');
			out[length] = text.data[i + escape];
			escaped = 1 + escape;
		}
		i += escaped;
		length++;
	}
	return (struct text){out, length};
}

/* COMMAND: words with blanks between them, those with blanks of their own in single quotes. */
static void add_command(struct record *record, struct text command)
{
	struct text *words = NULL;
	size_t count = 0, at = 0;
	while (at < command.length) {
		size_t quoted = command.data[at] == '\'' ? quoted_length(command, at) : 0;
		size_t length = quoted ? quoted : text_find(text_slice(command, at, command.length), ' ');
		struct text word = text_slice(command, at + (quoted > 0), at + length - (quoted > 0));
		words = arena_grow(record->arena, words, count, sizeof *words);
		words[count++] = word_of(record->arena, word);
		at += length + 1;
		/* An empty word at the end leaves its blank alone. */
		if (at == command.length) {
			words = arena_grow(record->arena, words, count, sizeof *words);
			words[count++] = TEXT("");
		}
	}
	record_add(record, TEXT("sudo.command"), command);
	/* sudo -l and sudo -v start nothing. */
	if (count != 1 || !(text_is(words[0], "list") || text_is(words[0], "validate")))
		message_add_words(record, words, count);
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
	if (text_is(item->name, "COMMAND"))
		add_command(record, item->value);
}

static bool take(struct message *message)
{
	struct text text = message->envelope->message;
	struct record *record = message->record;
	struct item item;
	size_t colon = 0;
	while (text.length && text.data[0] == ' ')
		text = text_slice(text, 1, text.length);
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

const struct message_kind message_sudo = {.name = "sudo", .programs = "sudo", .begins = "", .fits = fits, .take = take};
