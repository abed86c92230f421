/*
 * ledger: the account of lines (reader.h).
 */
#include "replay/readers/reader.h"

#include <string.h>

enum { KIND_LENGTH = 80 };

void ledger_reject(struct ledger *ledger, const char *file, uint64_t line, const char *format, ...)
{
	va_list arguments;
	ledger->rejected++;
	if (ledger->first_count == LEDGER_FIRST)
		return;
	va_start(arguments, format);
	ledger->first[ledger->first_count++] = (struct rejected_line){
		arena_strdup(&ledger->arena, file), line, arena_vprintf(&ledger->arena, format, arguments)};
	va_end(arguments);
}

/* Where the kind stands, from 1; 0: it came when there was no more room. */
static size_t add_kind(struct ledger *ledger, struct arena *arena, struct text kind, uint64_t count)
{
	size_t i = 0;
	kind = text_slice(kind, 0, kind.length < KIND_LENGTH ? kind.length : KIND_LENGTH);
	while (i < ledger->kind_count && !text_equal(ledger->kinds[i].kind, kind))
		i++;
	if (i == LEDGER_KINDS)
		return 0;
	if (i == ledger->kind_count)
		ledger->kinds[ledger->kind_count++] = (struct unmapped_kind){text_copy(arena, kind), 0};
	ledger->kinds[i].count += count;
	return i + 1;
}

void ledger_unmapped(struct ledger *ledger, struct text kind)
{
	ledger->unmapped++;
	ledger->newest_kind = kind.length ? add_kind(ledger, &ledger->arena, kind, 1) : 0;
}

void ledger_unmapped_undo(struct ledger *ledger)
{
	ledger->unmapped--;
	if (ledger->newest_kind)
		ledger->kinds[ledger->newest_kind - 1].count--;
	ledger->newest_kind = 0;
}

/* Texts are copied into `arena`. */
static void add(struct ledger *sum, struct arena *arena, const struct ledger *part)
{
	sum->lines += part->lines;
	sum->events += part->events;
	sum->event_lines += part->event_lines;
	sum->continued += part->continued;
	sum->blank += part->blank;
	sum->rejected += part->rejected;
	sum->unmapped += part->unmapped;
	sum->unfilled += part->unfilled;
	for (size_t i = 0; i < part->first_count && sum->first_count < LEDGER_FIRST; i++)
		sum->first[sum->first_count++] = (struct rejected_line){arena_strdup(arena, part->first[i].file),
			part->first[i].line, arena_strdup(arena, part->first[i].reason)};
	for (size_t i = 0; i < part->kind_count; i++)
		add_kind(sum, arena, part->kinds[i].kind, part->kinds[i].count);
}

void ledger_add(struct ledger *sum, const struct ledger *part)
{
	add(sum, &sum->arena, part);
}

void ledger_add_file(struct ledger *sum, const struct ledger *part, const char *file, const char *reader,
	const char *dialect)
{
	ledger_add(sum, part);
	sum->files = arena_grow(&sum->arena, sum->files, sum->file_count, sizeof *sum->files);
	struct ledger *kept = &sum->files[sum->file_count++];
	*kept = (struct ledger){.file = arena_strdup(&sum->arena, file), .reader = reader, .dialect = dialect};
	add(kept, &sum->arena, part);
}

void ledger_free(struct ledger *ledger)
{
	arena_free(&ledger->arena);
	memset(ledger, 0, sizeof *ledger);
}
