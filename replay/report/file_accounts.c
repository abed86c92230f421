/* file_accounts: see file_accounts.h. */
#include "replay/report/file_accounts.h"
#include "replay/report/grid.h"
#include "replay/report/show.h"

#include <stdlib.h>

enum { FILES_SHOWN = 5, REJECTS_SHOWN = 3, KINDS_SHOWN = 4 };

struct accounts {
	const struct results *results;
	const struct report_options *options;
	unsigned width;
	struct arena *arena;
	FILE *out;
};

static int by_count(const void *left, const void *right)
{
	const struct unmapped_kind *a = left, *b = right;
	return (a->count < b->count) - (a->count > b->count);
}

const char *file_accounts_kinds(struct arena *arena, const struct ledger *ledger)
{
	struct unmapped_kind kinds[LEDGER_KINDS] = {{{NULL, 0}, 0}};
	const char *text = "";
	size_t count = ledger->kind_count;
	for (size_t i = 0; i < count; i++)
		kinds[i] = ledger->kinds[i];
	qsort(kinds, count, sizeof *kinds, by_count);
	for (size_t i = 0; i < count && i < KINDS_SHOWN && kinds[i].count; i++)
		text = arena_printf(arena, "%s%s%.*s (%s)", text, i ? ", " : "", TEXT_ARGS(kinds[i].kind),
			show_count(arena, kinds[i].count));
	return text;
}

static void line(const struct accounts *a, const char *text, unsigned indent)
{
	grid_wrap(text_of(text), a->width, indent, a->out);
}

/* A file of which lines were rejected. */
static void print_rejects(const struct accounts *a, const struct ledger *file)
{
	size_t shown = a->options->wide || file->first_count < REJECTS_SHOWN ? file->first_count : REJECTS_SHOWN;
	line(a, arena_printf(a->arena, "  %s: %s of %s lines rejected", file->file, show_count(a->arena, file->rejected),
		show_count(a->arena, file->lines)), 4);
	for (size_t i = 0; i < shown; i++)
		line(a, arena_printf(a->arena, "    line %llu: %s", (unsigned long long)file->first[i].line, file->first[i].reason), 6);
	if (file->rejected > shown)
		fprintf(a->out, "    … and %s more\n", show_count(a->arena, file->rejected - shown));
}

static void print_all_rejects(const struct accounts *a)
{
	size_t broken = 0;
	for (size_t i = 0; i < a->results->dataset_count; i++) {
		const struct ledger *ledger = &a->results->datasets[i].ledger;
		for (size_t k = 0; k < ledger->file_count; k++)
			if (ledger->files[k].rejected && (++broken <= FILES_SHOWN || a->options->wide))
				print_rejects(a, &ledger->files[k]);
	}
	if (broken > FILES_SHOWN && !a->options->wide)
		line(a, arena_printf(a->arena, "  … and %zu more files with rejected lines (--wide shows all)",
			broken - FILES_SHOWN), 4);
}

/* An event without meaning can match nothing: often the dialect is the wrong one. */
static void print_unmapped(const struct accounts *a)
{
	for (size_t i = 0; i < a->results->dataset_count; i++) {
		const struct dataset_result *result = &a->results->datasets[i];
		const struct ledger *ledger = &result->ledger;
		const char *kinds = file_accounts_kinds(a->arena, ledger);
		if (ledger->unmapped)
			line(a, arena_printf(a->arena, "  %.*s: to %s of its %s events the dialect gives no meaning%s%s",
				TEXT_ARGS(result->dataset->name), show_count(a->arena, ledger->unmapped),
				show_count(a->arena, ledger->events), kinds[0] ? ": " : "", kinds), 4);
	}
}

static void print_files(const struct accounts *a)
{
	static const char *const heads[] = {"lines", "events", "continued", "blank", "rejected", "unmapped", "unfilled"};
	struct grid grid = {.arena = a->arena};
	fputs("\nFiles\n", a->out);
	grid_column(&grid, "file", true);
	grid_column(&grid, "reader", true);
	grid_column(&grid, "dialect", true);
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		grid_column(&grid, heads[i], false);
	for (size_t i = 0; i < a->results->dataset_count; i++) {
		const struct ledger *ledger = &a->results->datasets[i].ledger;
		for (size_t k = 0; k < ledger->file_count; k++) {
			const struct ledger *file = &ledger->files[k];
			const uint64_t counts[] = {file->lines, file->events, file->continued, file->blank, file->rejected, file->unmapped,
				file->unfilled};
			grid_row(&grid);
			grid_cell(&grid, file->file);
			grid_cell(&grid, file->reader);
			grid_cell(&grid, file->dialect ? file->dialect : show_nothing);
			for (size_t j = 0; j < sizeof counts / sizeof *counts; j++)
				grid_cell(&grid, show_count(a->arena, counts[j]));
		}
	}
	grid_print(&grid, a->width, a->out);
}

void file_accounts_print(const struct results *results, const struct report_options *options, unsigned width,
	struct arena *arena, FILE *out)
{
	const struct accounts a = {results, options, width, arena, out};
	print_all_rejects(&a);
	print_unmapped(&a);
	if (options->wide)
		print_files(&a);
}
