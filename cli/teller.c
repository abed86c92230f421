/* teller: see teller.h. */
#include "cli/teller.h"

#include <string.h>

enum { MOST_ERRORS = 8 };

void tell(struct teller *teller, const char *kind, enum tone tone, const char *words, json_t *object)
{
	static const char *const colours[] = {
		[TONE_PLAIN] = "\033[1m", [TONE_BAD] = "\033[1;31m", [TONE_GOOD] = "\033[1;32m", [TONE_FAINT] = "\033[2m"};
	if (teller->json) {
		json_t *whole = json_pack("{s:s}", "event", kind);
		if (object != NULL) {
			json_object_update(whole, object);
			json_dumpf(whole, teller->out, JSON_COMPACT);
			fputc('\n', teller->out);
		}
		json_decref(whole);
	} else if (words != NULL) {
		fprintf(teller->out, "%s%-9s%s ", teller->colour ? colours[tone] : "", kind, teller->colour ? "\033[0m" : "");
		diagnostic_print_safely(words, teller->out);
		fputc('\n', teller->out);
	}
	json_decref(object);
	fflush(teller->out);
}

static const char *place_words(struct arena *arena, struct place place)
{
	if (place.file == NULL)
		return "";
	if (place.line == 0)
		return arena_printf(arena, "%s: ", place.file);
	if (place.column == 0)
		return arena_printf(arena, "%s:%u: ", place.file, place.line);
	return arena_printf(arena, "%s:%u:%u: ", place.file, place.line, place.column);
}

void tell_wrong(struct teller *teller, const struct diagnostics *d)
{
	size_t told = 0;
	for (size_t i = 0; i < d->count; i++) {
		const struct diagnostic *item = &d->items[i];
		if (item->severity != DIAGNOSTIC_ERROR)
			continue;
		if (++told > MOST_ERRORS && !teller->json)
			continue;
		const char *words = arena_printf(&teller->arena, "%s%s", place_words(&teller->arena, item->place), item->message);
		tell(teller, "error", TONE_BAD, words,
			json_pack("{s:s?, s:i, s:i, s:s}", "file", item->place.file, "line", (int)item->place.line, "column",
				(int)item->place.column, "message", item->message));
	}
	if (told > MOST_ERRORS)
		tell(teller, "error", TONE_BAD, arena_printf(&teller->arena, "… and %zu more: mews check", told - MOST_ERRORS), NULL);
}

/* By name: places and detections are another catalog's. */
static bool fails_in(const struct tally *tally, const struct verdict *verdict)
{
	for (size_t i = 0; tally != NULL && i < tally->failed_count; i++)
		if (text_equal(tally->failed[i].detection->id, verdict->detection->id) &&
			text_equal(tally->failed[i].test->name, verdict->test->name))
			return true;
	return false;
}

static void tell_test(struct teller *teller, const struct verdict *verdict, bool fails)
{
	struct arena *arena = &teller->arena;
	const struct place place = verdict->test->place;
	const char *words = fails ? verdict_words(arena, verdict)
				  : arena_printf(arena, "%.*s: \"%.*s\" does not fail any more", TEXT_ARGS(verdict->detection->name),
					    TEXT_ARGS(verdict->test->name));
	tell(teller, "test", fails ? TONE_BAD : TONE_GOOD, arena_printf(arena, "%s%s", fails ? place_words(arena, place) : "", words),
		json_pack("{s:b, s:s, s:i, s:s%, s:s%, s:s}", "fails", fails, "file", place.file, "line", (int)place.line, "detection",
			verdict->detection->name.data, verdict->detection->name.length, "test", verdict->test->name.data,
			verdict->test->name.length, "message", words));
}

size_t tell_tests(struct teller *teller, const struct tally *before, const struct tally *tally)
{
	for (size_t i = 0; i < tally->failed_count; i++)
		if (!fails_in(before, &tally->failed[i]))
			tell_test(teller, &tally->failed[i], true);
	for (size_t i = 0; before != NULL && i < before->failed_count; i++)
		if (!fails_in(tally, &before->failed[i]))
			tell_test(teller, &before->failed[i], false);
	return tally->failed_count;
}
