/*
 * Any bytes as a source whose format is to be told, with all shipped dialects. What is told can be read: nothing of the
 * beginning was taken, the account balances; what is not told says why.
 */
#include "replay/readers/detect.h"
#include "replay/readers/files.h"
#include "tests/fuzz/reader.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void load_all(struct fuzz_catalog *with)
{
	struct arena arena = {0};
	char **files = NULL;
	size_t count = 0;
	const char *names = "";
	files_expand(&arena, "rulesets/dialects/*.yaml", &files, &count);
	for (size_t i = 0; i < count; i++)
		names = arena_printf(&arena, "%s %s", names, files[i]);
	fuzz_load(&with->catalog, names, &with->dialect);
	arena_free(&arena);
}

static void read_all(const struct catalog *catalog, struct input *input, const struct format_told *told)
{
	struct reader_options options = {.catalog = catalog, .dialect = told->dialect, .csv_header = true};
	struct ledger ledger = {0};
	struct diagnostics d = {0};
	int status = reader_read(told->reader, input, &options, (struct event_sink){fuzz_take, &ledger}, &ledger, &d);
	if (status == 0 && ledger.lines != ledger.event_lines + ledger.continued + ledger.blank + ledger.rejected)
		abort();
	diagnostics_free(&d);
	ledger_free(&ledger);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_catalog with;
	const struct format_wish wish = {NULL, NULL};
	struct arena arena = {0};
	struct diagnostics d = {0};
	struct format_told told;
	struct text before, after;
	if (!with.catalog.registry.field_count)
		load_all(&with);
	struct input *input = input_of("fuzz", (struct text){(const char *)data, size});
	if (input_peek(input, READER_SAMPLE, &before, &d)) { /* packed, and damaged from its beginning */
		input_close(input);
		diagnostics_free(&d);
		return 0;
	}
	before = text_copy(&arena, before);
	if (format_tell(&with.catalog, input, &wish, &arena, &told, &d) || !told.what || !told.what[0])
		abort();
	if (input_peek(input, READER_SAMPLE, &after, &d) || !text_equal(before, after))
		abort();
	if (told.reader && told.reader->named && !told.dialect)
		abort();
	if (told.reader)
		read_all(&with.catalog, input, &told);
	input_close(input);
	diagnostics_free(&d);
	arena_free(&arena);
	return 0;
}
