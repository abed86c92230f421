/*
 * reader: what the fuzzers of readers share. The input is read from memory, as a file would be.
 */
#ifndef MEWS_FUZZ_READER_H
#define MEWS_FUZZ_READER_H

#include "replay/readers/formats.h"

#include <stdlib.h>
#include <unistd.h>

static int fuzz_take(void *context, struct event *event)
{
	const struct ledger *ledger = context;
	if (!event->facet_count || !event->line || event->line > ledger->lines + (1u << 24) || !event->file)
		abort();
	for (size_t i = 0; i < event->facet_count; i++) {
		const struct facet *facet = event->facets[i];
		for (size_t k = 0; k < facet->count; k++) {
			const struct facet_entry *entry = &facet->entries[k];
			bool list = event->registry->fields[entry->field].list;
			if (!list && (entry->values.count != 1 || !entry->values.items[0].text.length))
				abort();
		}
	}
	return 0;
}

static void fuzz_parse(struct catalog *catalog, const char *path, struct yaml **document)
{
	struct diagnostics d = {0};
	size_t count;
	if (yaml_parse_file(&catalog->arena, path, NULL, &d, document, &count) || count != 1)
		abort();
	diagnostics_free(&d);
}

/* `dialects`: paths with blanks between them, or NULL. All go into the catalog; *first is the first of them. */
static void fuzz_load(struct catalog *catalog, const char *dialects, const struct dialect **first)
{
	struct diagnostics d = {0};
	struct yaml *document;
	struct text *paths = NULL;
	fuzz_parse(catalog, "rulesets/fields.yaml", &document);
	if (registry_load(&catalog->registry, &catalog->arena, document, &d))
		abort();
	size_t count = dialects ? text_split(&catalog->arena, text_of(dialects), ' ', &paths) : 0;
	catalog->dialects = arena_array(&catalog->arena, count + 1, sizeof *catalog->dialects);
	for (size_t i = 0; i < count; i++) {
		fuzz_parse(catalog, text_copy(&catalog->arena, paths[i]).data, &document);
		struct dialect *loaded = dialect_load(&catalog->arena, &catalog->registry, document, &d);
		if (!loaded)
			abort();
		catalog->dialects[catalog->dialect_count++] = loaded;
	}
	*first = count ? catalog->dialects[0] : NULL;
	diagnostics_free(&d);
}

/* A file that holds the bytes; the caller removes it. */
static inline void fuzz_file(char *path, const uint8_t *data, size_t size)
{
	int fd = mkstemp(path);
	while (fd >= 0 && size) {
		ssize_t written = write(fd, data, size);
		if (written <= 0)
			abort();
		data += written;
		size -= (size_t)written;
	}
	if (fd < 0 || close(fd))
		abort();
}

/* Loaded once: they are constant, and reading them costs a hundred times what most inputs do. */
struct fuzz_catalog {
	struct catalog catalog;
	const struct dialect *dialect;
	struct reader_plans plans;
	bool begun;
};

static int fuzz_reader_in(struct fuzz_catalog *with, const char *format, const char *dialect, const uint8_t *data, size_t size)
{
	struct reader_options options = {.catalog = &with->catalog, .csv_header = true};
	struct ledger ledger = {0};
	struct diagnostics d = {0};
	if (!with->catalog.registry.field_count)
		fuzz_load(&with->catalog, dialect, &with->dialect);
	if (!with->begun)
		reader_plans_begin(&with->plans);
	with->begun = true;
	options.dialect = with->dialect;
	options.plans = &with->plans;
	struct input *input = input_of("fuzz", (struct text){(const char *)data, size});
	int status = reader_read(reader_find(text_of(format)), input, &options, (struct event_sink){fuzz_take, &ledger}, &ledger, &d);
	input_close(input);
	if (status == 0 && ledger.lines != ledger.event_lines + ledger.continued + ledger.blank + ledger.rejected)
		abort();
	if ((status < 0) != (d.errors > 0))
		abort();
	diagnostics_free(&d);
	ledger_free(&ledger);
	return 0;
}

static inline int fuzz_reader(const char *format, const char *dialect, const uint8_t *data, size_t size)
{
	static struct fuzz_catalog with;
	return fuzz_reader_in(&with, format, dialect, data, size);
}

#endif
