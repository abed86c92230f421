/*
 * cron: commands that cron starts.
 *
 *   (root) CMD (cd / && run-parts --report /etc/cron.hourly)
 *
 * Raw names: cron.user, cron.command, and parts COMMAND: the shell that cron starts, and what that runs.
 */
#include "replay/readers/message_pattern.h"
#include "replay/readers/messages/kinds.h"

#define PROGRAMS "CRON cron CROND crond anacron fcron"

static bool fits(const struct envelope *envelope)
{
	return pattern_program(PROGRAMS, envelope->program);
}

static bool take(struct message *message)
{
	static const struct text middle = {") CMD (", 7};
	struct text text = text_trim(message->envelope->message);
	size_t end = text_find(text, ')');
	if (!text.length || text.data[0] != '(' || !text_starts(text_slice(text, end, text.length), middle, false) ||
		!text_ends(text, TEXT(")"), false))
		return false;
	struct text command = text_slice(text, end + middle.length, text.length - 1);
	record_add(message->record, TEXT("cron.user"), text_slice(text, 1, end));
	record_add(message->record, TEXT("cron.command"), command);
	/* It is shell text within an argument of a shell, which takes it apart. */
	const struct text words[] = {TEXT("/bin/sh"), TEXT("-c"), command};
	message_add_words(message->record, words, 3);
	return true;
}

const struct message_kind message_cron = {.name = "cron", .programs = PROGRAMS, .begins = "", .fits = fits, .take = take};
