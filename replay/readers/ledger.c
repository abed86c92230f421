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

/* One of all kinds, by its number from 0. */
static struct unmapped_kind *kind_at(struct ledger *ledger, size_t i)
{
	return i < LEDGER_KINDS ? &ledger->kinds[i] : &ledger->more[i - LEDGER_KINDS];
}

/* Where the kind stands, from 1; 0: it came when there was no more room. */
static size_t add_kind(struct ledger *ledger, struct arena *arena, struct text kind, uint64_t count)
{
	size_t i = 0, all = ledger->kind_count + ledger->more_count;
	kind = text_slice(kind, 0, kind.length < KIND_LENGTH ? kind.length : KIND_LENGTH);
	while (i < all && !text_equal(kind_at(ledger, i)->kind, kind))
		i++;
	if (i == all && i >= LEDGER_KINDS) {
		if (!ledger->chunk)
			return 0;
		ledger->more = arena_grow(arena, ledger->more, ledger->more_count, sizeof *ledger->more);
		ledger->more[ledger->more_count++] = (struct unmapped_kind){text_copy(arena, kind), 0};
	} else if (i == all) {
		ledger->kinds[ledger->kind_count++] = (struct unmapped_kind){text_copy(arena, kind), 0};
	}
	kind_at(ledger, i)->count += count;
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
		kind_at(ledger, ledger->newest_kind - 1)->count--;
	ledger->newest_kind = 0;
}

/* Texts are copied into `arena`; line 1 of the part is the one behind `lines`. */
static void add(struct ledger *sum, struct arena *arena, const struct ledger *part, uint64_t lines)
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
			part->first[i].line + lines, arena_strdup(arena, part->first[i].reason)};
	for (size_t i = 0; i < part->kind_count; i++)
		add_kind(sum, arena, part->kinds[i].kind, part->kinds[i].count);
	for (size_t i = 0; i < part->more_count; i++)
		add_kind(sum, arena, part->more[i].kind, part->more[i].count);
}

void ledger_add(struct ledger *sum, const struct ledger *part)
{
	add(sum, &sum->arena, part, 0);
}

void ledger_add_chunk(struct ledger *sum, const struct ledger *part, uint64_t lines)
{
	add(sum, &sum->arena, part, lines);
}

void ledger_add_file(struct ledger *sum, const struct ledger *part, const char *file, const char *reader,
	const char *dialect)
{
	ledger_add(sum, part);
	sum->files = arena_grow(&sum->arena, sum->files, sum->file_count, sizeof *sum->files);
	struct ledger *kept = &sum->files[sum->file_count++];
	*kept = (struct ledger){.file = arena_strdup(&sum->arena, file), .reader = reader, .dialect = dialect};
	add(kept, &sum->arena, part, 0);
}

void ledger_free(struct ledger *ledger)
{
	arena_free(&ledger->arena);
	memset(ledger, 0, sizeof *ledger);
}
