/*
 * auparse: our grouping and fields of audit logs against libauparse's, event by event.
 *
 *   auparse FILE…      exit status 0: all equal or explained, 1: a difference that is not, 77: no libauparse
 *
 * Both sides are printed in one form (time, serial, node, then each record's type and its fields with raw
 * values), sorted, and compared as lists. Differences that are known are told by a table with their reason.
 */
#include "replay/readers/audit_event.h"
#include "replay/readers/input.h"

#include <stdlib.h>
#include <string.h>

#if __has_include(<auparse.h>)
#include <auparse.h>
#define HAVE_AUPARSE 1
#endif

struct listing {
	struct arena arena;
	char **events;
	size_t count;
};

#ifdef HAVE_AUPARSE

/* What a difference holds, and why it is right. */
struct known {
	const char *holds, *reason;
};
static const struct known known[] = {
	{"\nLOGIN", "libauparse 3.0 splits LOGIN off the event of the write that caused it; 4.x joins them, as we do"},
	{"\nANOM_", "libauparse takes kernel anomalies for events of one record; the kernel gives them their SYSCALL's serial"},
	{"\nNETFILTER_CFG table=filter family=2 entries=0",
		"a collection of samples in no order of time: both time out after two seconds, but count from different lines"},
};

/* A quoted value that holds a blank: no kernel writes one but for the words of AppArmor, user space does. libauparse takes
 * it to the blank and drops the rest. */
static bool has_blank_in_quotes(const char *event)
{
	bool quoted = false;
	for (const char *at = event; *at; at++) {
		if (*at == '"' && at > event && (quoted || at[-1] == '='))
			quoted = !quoted;
		else if (*at == '\n')
			quoted = false;
		else if (*at == ' ' && quoted)
			return true;
	}
	return false;
}

static void add(struct listing *listing, const struct buffer *event)
{
	listing->events = arena_grow(&listing->arena, listing->events, listing->count, sizeof *listing->events);
	listing->events[listing->count++] = arena_strndup(&listing->arena, event->data, event->length);
}

/* In libauparse's words: keys that are joined by 0x01 (in hex) are fields of their own, and a field without
 * a value is none. */
static void print_field(struct buffer *out, struct arena *arena, const struct audit_field *field)
{
	struct text keys, *pieces;
	if (text_is(field->key, "key") && !field->quoted && audit_unhex(arena, field->value, &keys)) {
		size_t count = text_split(arena, keys, '\x01', &pieces);
		for (size_t i = 0; i < count; i++)
			buffer_printf(out, " key=\"%.*s\"", TEXT_ARGS(pieces[i]));
		return;
	}
	if (!field->value.length && !field->quoted)
		return;
	const char *quote = field->quoted ? "\"" : "";
	buffer_printf(out, " %.*s=%s%.*s%s", TEXT_ARGS(field->key), quote, TEXT_ARGS(field->value), quote);
}

static int take_ours(void *context, const struct audit_event *event)
{
	struct listing *listing = context;
	struct buffer text = {0};
	buffer_printf(&text, "%lld.%03u:%llu %.*s", (long long)event->seconds, event->milliseconds,
		(unsigned long long)event->serial, TEXT_ARGS(event->node));
	for (size_t i = 0; i < event->count; i++) {
		struct audit_cursor cursor;
		struct audit_field field;
		if (event->records[i].number == AUDIT_EOE)
			continue; /* libauparse keeps it to itself */
		buffer_printf(&text, "\n%.*s", TEXT_ARGS(event->records[i].type));
		audit_fields(&cursor, event->records[i].body);
		while (audit_next(&cursor, &field) && !field.enriched)
			print_field(&text, &listing->arena, &field);
	}
	add(listing, &text);
	buffer_free(&text);
	return 0;
}

static int list_ours(const char *path, struct listing *listing)
{
	struct diagnostics d = {0};
	struct input *input = input_open(path, &d);
	struct audit_events *events = audit_events_new(take_ours, listing);
	struct input_line line;
	struct audit_line parsed;
	enum audit_role role;
	while (input && input_next(input, &line, &d) > 0)
		if (!audit_parse_line(line.text, &parsed))
			audit_events_add(events, &parsed, line.number, &role);
	audit_events_end(events);
	audit_events_free(events);
	input_close(input);
	diagnostics_print(&d, stderr);
	int status = d.errors ? -1 : 0;
	diagnostics_free(&d);
	return status;
}

static void print_record(auparse_state_t *au, struct buffer *text)
{
	const char *type = auparse_get_type_name(au);
	struct text newer = type ? TEXT("") : audit_type_name((unsigned)auparse_get_type(au)); /* than the library */
	if (type)
		buffer_printf(text, "\n%s", type);
	else if (newer.length)
		buffer_printf(text, "\n%.*s", TEXT_ARGS(newer));
	else
		buffer_printf(text, "\nUNKNOWN[%d]", auparse_get_type(au));
	if (!auparse_first_field(au))
		return;
	do {
		const char *name = auparse_get_field_name(au), *value = auparse_get_field_str(au);
		/* It makes fields of an AVC's words (denied { read }), which are none of the log. */
		bool words = strcmp(name, "seresult") == 0 || strcmp(name, "seperms") == 0;
		if (strcmp(name, "type") && strcmp(name, "node") && !words)
			buffer_printf(text, " %s=%s", name, value ? value : "");
	} while (auparse_next_field(au) > 0);
}

static void list_theirs(const char *path, struct listing *listing)
{
	auparse_state_t *au = auparse_init(AUSOURCE_FILE, path);
	struct buffer text = {0};
	while (au && auparse_next_event(au) > 0) {
		const au_event_t *stamp = auparse_get_timestamp(au);
		buffer_clear(&text);
		if (!stamp) /* a line that is no record */
			continue;
		buffer_printf(&text, "%lld.%03u:%lu %s", (long long)stamp->sec, stamp->milli, stamp->serial,
			stamp->host ? stamp->host : "");
		auparse_first_record(au);
		do
			if (auparse_get_type(au) != AUDIT_EOE)
				print_record(au, &text);
		while (auparse_next_record(au) > 0);
		if (strchr(text.data, '\n'))
			add(listing, &text);
	}
	buffer_free(&text);
	if (au)
		auparse_destroy(au);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The reason of a known difference, or NULL. */
static const char *explain(const char *event)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strstr(event, known[i].holds))
			return known[i].reason;
	if (has_blank_in_quotes(event))
		return "libauparse ends a quoted value at its first blank";
	return NULL;
}

struct tally {
	size_t equal, explained, different;
};

static void differ(struct tally *tally, const char *side, const char *event, bool explained)
{
	tally->explained += explained;
	tally->different += !explained;
	if (!explained && tally->different <= 20)
		printf("  only %s: %s\n", side, event);
}

/* Events of one stamp that differ are explained together: a split shows on both sides. */
static bool stamp_explained(const struct listing *a, size_t i, const struct listing *b, size_t j)
{
	const char *event = i < a->count ? a->events[i] : b->events[j];
	size_t stamp = strcspn(event, " ");
	const struct listing *both[] = {a, b};
	for (size_t side = 0; side < 2; side++)
		for (size_t k = 0; k < both[side]->count; k++)
			if (strncmp(both[side]->events[k], event, stamp + 1) == 0 && explain(both[side]->events[k]))
				return true;
	return false;
}

static void compare(struct listing *ours, struct listing *theirs, struct tally *tally)
{
	size_t i = 0, j = 0;
	if (ours->count)
		qsort(ours->events, ours->count, sizeof *ours->events, by_text);
	if (theirs->count)
		qsort(theirs->events, theirs->count, sizeof *theirs->events, by_text);
	while (i < ours->count || j < theirs->count) {
		int order = i == ours->count ? 1 : j == theirs->count ? -1 : strcmp(ours->events[i], theirs->events[j]);
		if (order < 0) {
			differ(tally, "ours", ours->events[i], stamp_explained(ours, i, theirs, j));
			i++;
		} else if (order > 0) {
			differ(tally, "theirs", theirs->events[j], stamp_explained(theirs, j, ours, i));
			j++;
		} else {
			tally->equal++;
			i++;
			j++;
		}
	}
}

int main(int argc, char **argv)
{
	bool failed = argc < 2;
	struct tally all = {0};
	for (int i = 1; i < argc; i++) {
		struct listing ours = {0}, theirs = {0};
		struct tally tally = {0};
		failed |= list_ours(argv[i], &ours) != 0;
		list_theirs(argv[i], &theirs);
		compare(&ours, &theirs, &tally);
		printf("%s: %zu equal, %zu explained, %zu different\n", argv[i], tally.equal, tally.explained, tally.different);
		failed |= tally.different > 0;
		all.equal += tally.equal;
		all.explained += tally.explained;
		all.different += tally.different;
		arena_free(&ours.arena);
		arena_free(&theirs.arena);
	}
	if (argc > 2)
		printf("all: %zu equal, %zu explained, %zu different\n", all.equal, all.explained, all.different);
	return failed;
}

#else

int main(void)
{
	puts("no libauparse");
	return 77;
}

#endif
