/* detect: see detect.h. */
#include "replay/readers/detect.h"

#include "catalog/hint.h"
#include "replay/readers/dialect_choice.h"
#include "replay/readers/formats.h"

#include <string.h>

enum { READERS_MAX = 32, SAMPLE_MAX = 16 << 20, BINARY_LOOKED_AT = 4096, LEAST_FIT = 25 };

/* What no reader reads, by its first bytes, and what to do about it. */
static const struct {
	const char *magic;
	size_t length;
	const char *what;
} known[] = {
	{"\xff\xfe", 2, "it is UTF-16 text: turn it into UTF-8 (iconv -f UTF-16 -t UTF-8)"},
	{"\xfe\xff", 2, "it is UTF-16 text: turn it into UTF-8 (iconv -f UTF-16 -t UTF-8)"},
	{"PK\x03\x04", 4, "it is a zip archive: unpack it and name the files in it"},
	{"\xfd""7zXZ", 5, "it is packed by xz: unpack it (xz -dc FILE | mews replay -)"},
	{"BZh", 3, "it is packed by bzip2: unpack it (bzip2 -dc FILE | mews replay -)"},
	{"\x04\x22\x4d\x18", 4, "it is packed by lz4: unpack it (lz4 -dc FILE | mews replay -)"},
	{"7z\xbc\xaf", 4, "it is a 7z archive: unpack it and name the files in it"},
	{"\x7f""ELF", 4, "it is a program"},
	{"\xd4\xc3\xb2\xa1", 4, "it is a capture of network packets, which no reader reads"},
	{"\xa1\xb2\xc3\xd4", 4, "it is a capture of network packets, which no reader reads"},
	{"ElfFile", 7, "it is an event log of Windows (evtx): turn it into JSON lines and write a dialect (docs/dialects.md)"},
	{"LPKSHHRH", 8, "it is a journal of systemd: turn it into JSON (journalctl --file FILE -o json | mews replay -)"},
	{"SQLite format 3", 15, "it is a database of SQLite"},
	{"\x89PNG", 4, "it is a picture"},
	{"\xff\xd8\xff", 3, "it is a picture"},
	{"%PDF", 4, "it is a PDF document"},
	{"-----BEGIN ", 11, "it is a key or a certificate"},
};

static const char *known_as(struct text sample)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (text_starts(sample, (struct text){known[i].magic, known[i].length}, false))
			return known[i].what;
	if (sample.length > 262 && memcmp(sample.data + 257, "ustar", 5) == 0)
		return "it is a tar archive: unpack it and name the files in it";
	if (memchr(sample.data, '\0', sample.length < BINARY_LOOKED_AT ? sample.length : BINARY_LOOKED_AT) != NULL)
		return "it is no text, and no binary format that a reader knows";
	return NULL;
}

int format_wish_check(const struct catalog *catalog, const struct format_wish *wish, struct diagnostics *d)
{
	const struct place place = {NULL, 0, 0};
	const struct reader *reader = wish->reader != NULL ? reader_find(text_of(wish->reader)) : NULL;
	char words[HINT_LENGTH];
	struct hint hint = {.word = text_of(wish->reader)}, of_dialects = {.word = text_of(wish->dialect)};
	int failed = 0;
	for (const struct reader *other = readers; other->name != NULL; other++)
		hint_offer(&hint, text_of(other->name));
	hint_dialects(&of_dialects, catalog);
	if (wish->reader != NULL && reader == NULL)
		failed = diagnostics_error(d, place, "there is no reader \"%s\"%s (mews list formats)", wish->reader,
			hint_words(&hint, words));
	if (wish->dialect != NULL && catalog_dialect(catalog, text_of(wish->dialect)) == NULL)
		failed = diagnostics_error(d, place, "the catalog has no dialect \"%s\"%s (mews list dialects)", wish->dialect,
			hint_words(&of_dialects, words));
	if (failed == 0 && reader != NULL && wish->dialect != NULL && reader->dialect != NULL &&
		strcmp(reader->dialect, wish->dialect) != 0)
		failed = diagnostics_error(d, place, "%s is read by the dialect %s alone, not by %s", reader->name, reader->dialect,
			wish->dialect);
	return failed;
}

/* A reader that fits, and how well. */
struct candidate {
	const struct reader *reader;
	unsigned fit;
};

/* Best first; those that fit alike in the order of the table. */
static size_t candidates_of(struct text sample, const struct format_wish *wish, struct candidate *candidates)
{
	size_t count = 0;
	for (const struct reader *reader = readers; reader->name != NULL && count < READERS_MAX; reader++) {
		const bool named = wish->reader != NULL && strcmp(reader->name, wish->reader) == 0;
		const struct candidate one = {reader, reader->fits(sample)};
		if (wish->reader != NULL ? !named : one.fit == 0)
			continue;
		size_t at = count++;
		for (; at > 0 && candidates[at - 1].fit < one.fit; at--)
			candidates[at] = candidates[at - 1];
		candidates[at] = one;
	}
	return count;
}

/* The dialect that understands the beginning; more of it is shown where not one record was whole. */
static const struct dialect *choose(const struct catalog *catalog, const struct reader *reader, struct input *input,
	char separator, struct arena *arena, struct dialect_figures *figures, const char **why, struct diagnostics *d)
{
	const struct dialect *dialect = NULL;
	for (size_t size = READER_SAMPLE, seen = 0; size <= SAMPLE_MAX; size *= 16) {
		struct text sample;
		*why = "it cannot be read";
		if (input_peek(input, size, &sample, d) != 0)
			return NULL;
		const struct reader_options options = {.csv_header = true, .csv_separator = separator};
		dialect = dialect_choose(catalog, reader, sample, &options, arena, figures, why);
		if (figures->records > 0 || sample.length == seen)
			break;
		seen = sample.length;
	}
	return dialect;
}

static int take_nothing(void *context, struct event *event)
{
	(void)context;
	(void)event;
	return 0;
}

/* Does the name say that it is a document? Then what is broken in it is to be counted, not skipped. */
static bool is_called_document(const char *name)
{
	static const char *const endings[] = {
		".yaml", ".yml", ".json", ".yaml.gz", ".yml.gz", ".json.gz", ".yaml.zst", ".yml.zst", ".json.zst"};
	bool called = false;
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		called = called || text_ends(text_of(name), text_of(endings[i]), true);
	return called;
}

/* A source that is shown whole is tried: what the reader then mostly rejects is not its own, and a compose file without
 * a service is none. NULL, or why not. */
static const char *try(const struct catalog *catalog, const struct reader *reader, struct text sample, struct arena *arena)
{
	struct reader_options options = {.catalog = catalog, .csv_header = true};
	struct ledger ledger = {0};
	struct diagnostics d = {0};
	const char *why = NULL;
	struct input *input = input_of("", sample);
	if (reader_read(reader, input, &options, (struct event_sink){take_nothing, NULL}, &ledger, &d) != 0)
		why = d.count > 0 ? arena_strdup(arena, d.items[0].message) : "it cannot be read so";
	else if (ledger.rejected * 2 > ledger.lines)
		why = arena_printf(arena, "%llu of its %llu lines would be rejected, the first (line %llu) since %s",
			(unsigned long long)ledger.rejected, (unsigned long long)ledger.lines, (unsigned long long)ledger.first[0].line,
			ledger.first[0].reason);
	else if (ledger.events == 0 && strcmp(reader->name, "compose") == 0)
		why = "there is no service in it";
	input_close(input);
	ledger_free(&ledger);
	diagnostics_free(&d);
	return why;
}

/* Can this reader be used? Then `told` is complete; else `*why` says why not. */
static bool use(const struct catalog *catalog, const struct candidate *candidate, struct input *input, struct text sample,
	const struct format_wish *wish, struct arena *arena, struct format_told *told, const char **why, struct diagnostics *d)
{
	const struct reader *reader = candidate->reader;
	struct dialect_figures figures;
	told->dialect = NULL;
	told->what = reader->name;
	told->csv_separator = strcmp(reader->name, "csv") == 0 ? csv_separator_of(sample) : '\0';
	if (wish->dialect != NULL && reader->dialect != NULL && strcmp(reader->dialect, wish->dialect) != 0) {
		*why = arena_printf(arena, "it is read by the dialect %s alone, not by %s", reader->dialect, wish->dialect);
		return false;
	}
	if (wish->reader == NULL && !reader->named && candidate->fit < LEAST_FIT) {
		*why = arena_printf(arena, "too little of its beginning does (%u of 100 lines): name it with --reader %s if it is that",
			candidate->fit, reader->name);
		return false;
	}
	const bool whole = sample.length < READER_SAMPLE && !is_called_document(input_name(input));
	if (wish->reader == NULL && !reader->named && whole && (*why = try(catalog, reader, sample, arena)) != NULL)
		return false;
	if (wish->dialect != NULL) {
		told->dialect = catalog_dialect(catalog, text_of(wish->dialect));
		told->what = arena_printf(arena, "%s, dialect %s", reader->name, wish->dialect);
	} else if (reader->named) {
		told->dialect = choose(catalog, reader, input, told->csv_separator, arena, &figures, why, d);
		if (told->dialect == NULL)
			return false;
		told->what = arena_printf(arena, "%s, dialect %.*s (of its beginning %s)", reader->name,
			TEXT_ARGS(told->dialect->name), dialect_figures_text(arena, &figures));
	}
	told->reader = reader;
	return true;
}

static const char *cannot_tell(struct text sample, const struct candidate *candidates, size_t count, const char *why,
	struct arena *arena)
{
	const char *what = known_as(sample);
	if (what != NULL)
		return what;
	if (count == 0)
		return "its format cannot be told: no reader knows what it begins with; name one with --reader (mews list formats)";
	if (candidates[0].reader->named && candidates[0].fit < LEAST_FIT)
		return arena_printf(arena, "its format cannot be told (it is %s at most, but %s): name one with --reader and --dialect "
			"(mews list formats, mews list dialects)", candidates[0].reader->name, why);
	if (!candidates[0].reader->named)
		return arena_printf(arena, "it looks like %s, but %s", candidates[0].reader->name, why);
	return arena_printf(arena, "it looks like %s, but %s: name a dialect with --dialect (mews list dialects), or write one "
		"(docs/dialects.md)", candidates[0].reader->name, why);
}

int format_tell(const struct catalog *catalog, struct input *input, const struct format_wish *wish, struct arena *arena,
	struct format_told *told, struct diagnostics *d)
{
	struct candidate candidates[READERS_MAX];
	const char *first_why = "nothing can read it";
	struct arena scratch = {0};
	struct text sample;
	bool usable = false;
	*told = (struct format_told){.reader = NULL};
	if (input_peek(input, READER_SAMPLE, &sample, d) != 0)
		return -1;
	sample = text_copy(&scratch, sample); /* looking for a dialect may move it */
	told->empty = sample.length == 0;
	const size_t count = candidates_of(sample, wish, candidates);
	for (size_t i = 0; i < count && !usable; i++) {
		const char *why = NULL;
		usable = (!told->empty || wish->reader != NULL) &&
			use(catalog, &candidates[i], input, sample, wish, arena, told, &why, d);
		if (i == 0 && why != NULL)
			first_why = why;
	}
	if (!usable) {
		told->dialect = NULL;
		told->what = told->empty ? "it is empty" : cannot_tell(sample, candidates, count, first_why, arena);
	}
	arena_free(&scratch);
	return 0;
}
