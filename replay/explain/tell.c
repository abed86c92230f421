/* tell: what the texts of accounts and inquests share (see tell.h). */
#include "replay/explain/tell.h"

#include "replay/report/show.h"

#include <string.h>

static size_t characters(const char *text, size_t length)
{
	size_t count = 0;
	for (size_t at = 0; at < length; at += utf8_step(text + at, length - at))
		count++;
	return count;
}

/* Bytes of the text that go into `room` characters: up to a blank, but where the next word is longer than a line. */
static size_t piece(const char *text, size_t room)
{
	size_t length = strlen(text), best = 0, at = 0;
	for (size_t count = 0; at < length && count < room; count++) {
		at += utf8_step(text + at, length - at);
		if (at == length || text[at] == ' ')
			best = at;
	}
	if (at == length || best == 0)
		return at;
	return characters(text + best + 1, strcspn(text + best + 1, " ")) > room ? at : best;
}

void tell_wrap(FILE *out, unsigned first, unsigned next, const char *text)
{
	unsigned indent = first;
	do {
		size_t room = TELL_WIDTH > indent + 20 ? TELL_WIDTH - indent : 20;
		size_t length = piece(text, room);
		fprintf(out, "%*s%.*s\n", (int)indent, "", (int)length, text);
		text += length;
		while (*text == ' ')
			text++;
		indent = next;
	} while (*text != '\0');
}

void tell_detection(FILE *out, const struct detection *detection)
{
	fprintf(out, "%.*s (%s): %.*s\n", TEXT_ARGS(detection->name), severity_name(detection->severity),
		TEXT_ARGS(detection->title));
}

static void tell_line(FILE *out, const struct registry *registry, const struct asked_line *line, unsigned indent)
{
	static const char *const words[] = {"false", "true", "and", "or", "not"};
	struct arena arena = {0};
	struct buffer text = {0};
	unsigned at = indent + 5 + 2 * line->depth;
	bool predicate = line->node->kind == NODE_PREDICATE;
	if (predicate)
		predicate_print(&line->node->predicate, registry, &text);
	else
		buffer_string(&text, words[line->node->kind]);
	const char *said = arena_printf(&arena, "%-*s%.*s", (int)(5 + 2 * line->depth), line->holds ? "yes" : "no",
		TEXT_ARGS(buffer_view(&text)));
	const char *why = line->because.why;
	const char *found = predicate
		? arena_printf(&arena, "<- %s%s%s", line->because.found, why ? ": " : "", why ? why : "") : "";
	const char *whole = arena_printf(&arena, "%s   %s", said, found);
	if (!predicate || indent + characters(whole, strlen(whole)) > TELL_WIDTH) {
		tell_wrap(out, indent, at + 2, said);
		if (predicate)
			tell_wrap(out, at + 2, at + 5, found);
	} else {
		tell_wrap(out, indent, at, whole);
	}
	buffer_free(&text);
	arena_free(&arena);
}

void tell_asked(FILE *out, const struct registry *registry, const struct asked *asked, unsigned indent)
{
	for (size_t i = 0; i < asked->count; i++)
		tell_line(out, registry, &asked->lines[i], indent);
}

/* --- verdicts --- */

const char *tell_verdict_name(enum verdict verdict)
{
	static const char *const names[] = {
		[VERDICT_ALERT] = "alert",
		[VERDICT_BELOW_SEVERITY] = "below severity",
		[VERDICT_DISABLED] = "disabled",
		[VERDICT_EXCEPTED] = "excepted",
	};
	return names[verdict];
}

const char *tell_verdict(struct arena *arena, enum verdict verdict, const struct organization *organization,
	struct baseline_decision decision, bool overridden)
{
	const char *severity = severity_name(decision.severity), *own = overridden ? " (its own)" : "";
	switch (verdict) {
	case VERDICT_ALERT:
		return arena_printf(arena, "alert, %s%s", severity, own);
	case VERDICT_BELOW_SEVERITY:
		return arena_printf(arena, "no alert: severity %s%s is below its minimum, %s", severity, own,
			organization ? severity_name(organization->minimum_severity) : "");
	case VERDICT_DISABLED:
		return "no alert: it has disabled this detection";
	case VERDICT_EXCEPTED:
		break;
	}
	return "no alert: excepted";
}

const char *tell_exception(struct arena *arena, const struct exception *exception, bool shipped)
{
	const char *owner = exception->owner.length > 0
		? arena_printf(arena, ", of %.*s", TEXT_ARGS(exception->owner)) : "";
	const char *end = exception->expires.length > 0
		? arena_printf(arena, ", until %.*s", TEXT_ARGS(exception->expires)) : "";
	const char *from = shipped ? ", shipped with the detection" : "";
	return arena_printf(arena, "%.*s (%s%s%s%s)", TEXT_ARGS(exception->name),
		because_printable(arena, exception->reason), owner, end, from);
}
