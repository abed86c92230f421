/* losses: see losses.h. */
#include "replay/losses.h"

enum { FILES_NAMED = 3 };

typedef unsigned long long count; /* as it is printed */

static struct place first_place(const struct dataset_result *result)
{
	const struct ledger *ledger = &result->ledger;
	if (ledger->first_count)
		return (struct place){ledger->first[0].file, (unsigned)ledger->first[0].line, 0};
	return (struct place){.file = result->dataset->folder};
}

/* The files with most rejected lines, as "a.log (71 of 91), b.log (3 of 3), …". */
static const char *worst_files(struct arena *arena, const struct ledger *ledger)
{
	const char *names = "";
	uint64_t last = UINT64_MAX;
	size_t named = 0, last_index = 0, broken = 0;
	for (size_t i = 0; i < ledger->file_count; i++)
		broken += ledger->files[i].rejected > 0;
	for (; named < FILES_NAMED && named < broken; named++) {
		const struct ledger *worst = NULL;
		size_t index = 0;
		for (size_t i = 0; i < ledger->file_count; i++) {
			const struct ledger *file = &ledger->files[i];
			bool left = file->rejected < last || (file->rejected == last && i > last_index);
			if (file->rejected && left && (!worst || file->rejected > worst->rejected)) {
				worst = file;
				index = i;
			}
		}
		if (!worst)
			break;
		names = arena_printf(arena, "%s%s%s (%llu of %llu)", names, named ? ", " : "", worst->file, (count)worst->rejected,
			(count)worst->lines);
		last = worst->rejected;
		last_index = index;
	}
	return named < broken ? arena_printf(arena, "%s and %zu more", names, broken - named) : names;
}

static int check_rejected(const struct dataset_result *result, double most, struct diagnostics *d)
{
	const struct ledger *ledger = &result->ledger;
	struct arena arena = {0};
	double share = ledger->lines ? (double)ledger->rejected / (double)ledger->lines : 0;
	if (!ledger->rejected || share <= most)
		return 0;
	const char *where = ledger->file_count > 1 ? arena_printf(&arena, ", in %s", worst_files(&arena, ledger)) : "";
	diagnostics_error(d, first_place(result),
		"%llu of %llu lines of %.*s were rejected%s, more than the share of %g that is allowed (--max-rejected); the first: %s",
		(count)ledger->rejected, (count)ledger->lines, TEXT_ARGS(result->dataset->name), where, most,
		ledger->first_count ? ledger->first[0].reason : "not kept");
	arena_free(&arena);
	return -1;
}

static const char *dialect_of(const struct ledger *file)
{
	return file->dialect ? file->dialect : "none";
}

/* Events, and none of them means anything: the dialect is hardly the right one. */
static bool is_foreign(const struct ledger *ledger)
{
	return ledger->events && ledger->unmapped == ledger->events;
}

static int check_understood(const struct dataset_result *result, struct diagnostics *d)
{
	const struct ledger *ledger = &result->ledger;
	struct place where = {.file = ledger->file_count ? ledger->files[0].file : result->dataset->folder};
	if (is_foreign(ledger))
		return diagnostics_error(d, where,
			"0 of %llu events were understood: read as %s, dialect %s%s%.*s; name another one with --dialect (mews list "
			"dialects) or write one (docs/dialects.md)", (count)ledger->events,
			ledger->file_count ? ledger->files[0].reader : "?", ledger->file_count ? dialect_of(&ledger->files[0]) : "?",
			ledger->kind_count ? "; the first is " : "",
			TEXT_ARGS(ledger->kind_count ? ledger->kinds[0].kind : TEXT("")));
	for (size_t i = 0; i < ledger->file_count; i++) {
		const struct ledger *file = &ledger->files[i];
		struct place place = {.file = file->file};
		if (is_foreign(file))
			diagnostics_warning(d, place, "0 of %llu events were understood: read as %s, dialect %s", (count)file->events,
				file->reader, dialect_of(file));
		else if (!file->events && file->lines && !file->rejected && ledger->file_count == 1)
			diagnostics_warning(d, place, "there is no event in its %llu lines: read as %s, dialect %s", (count)file->lines,
				file->reader, dialect_of(file));
	}
	return 0;
}

int losses_check(struct results *results, double max_rejected, struct diagnostics *d)
{
	int failed = 0;
	for (size_t i = 0; i < results->dataset_count; i++) {
		struct dataset_result *result = &results->datasets[i];
		result->refused = (check_rejected(result, max_rejected, d) | check_understood(result, d)) != 0;
		failed |= result->refused ? -1 : 0;
	}
	return failed;
}
