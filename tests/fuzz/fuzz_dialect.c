/*
 * Any bytes up to a line `%%%` as a dialect, all behind it as records of JSON (or of CSV, where the dialect reads that). What
 * loads reads: the account of lines balances whether all names are kept or only those that are asked for, both make as
 * many events, and a check of the dialect counts no more of them understood than there are.
 */
#include "replay/readers/dialect_check.h"
#include "tests/fuzz/reader.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void balance(const struct ledger *l)
{
	if (l->lines != l->event_lines + l->continued + l->blank + l->rejected)
		abort();
}

static void read_records(const struct catalog *catalog, const struct dialect *dialect, const struct reader *reader, struct text records)
{
	struct reader_options options = {.catalog = catalog, .dialect = dialect, .csv_header = true};
	struct ledger ledger = {0}, watched = {0};
	struct arena arena = {0};
	struct diagnostics d = {0};
	char path[] = "/tmp/mews-fuzz-XXXXXX";
	struct input *input = input_of("sample", records);
	reader_read(reader, input, &options, (struct event_sink){fuzz_take, &ledger}, &ledger, &d);
	input_close(input);
	balance(&ledger);
	fuzz_file(path, (const uint8_t *)records.data, records.length);
	struct dialect_check *check = dialect_check_new(&arena, catalog, dialect);
	dialect_check_file(check, reader, path, &options, &d);
	dialect_check_end(check);
	unlink(path);
	balance(&check->ledger);
	if (check->understood > check->ledger.events)
		abort();
	/* A byte order mark and packed data are a file's alone. */
	bool packed = records.length > 1 && strchr("\x1f\x28\xef", records.data[0]);
	if (!packed && check->ledger.events != ledger.events)
		abort();
	dialect_check_free(check);
	arena_free(&arena);
	ledger_free(&ledger);
	ledger_free(&watched);
	diagnostics_free(&d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_catalog with;
	struct text all = {(const char *)data, size}, yaml = all, records = {"", 0};
	struct arena arena = {0};
	struct diagnostics d = {0};
	struct yaml *documents;
	size_t count;
	if (!with.catalog.registry.field_count)
		fuzz_load(&with.catalog, "rulesets/dialects/ecs.yaml", &with.dialect);
	for (size_t at = 0; at + 4 <= size; at++) {
		if (memcmp(data + at, "%%%\n", 4) != 0 || (at && data[at - 1] != '\n'))
			continue;
		yaml = text_slice(all, 0, at);
		records = text_slice(all, at + 4, size);
		break;
	}
	if (yaml_parse(&arena, yaml, "dialect.yaml", NULL, &d, &documents, &count) == 0 && count == 1) {
		const struct dialect *dialect = dialect_load(&arena, &with.catalog.registry, documents, &d);
		if (!dialect && !d.errors)
			abort();
		if (dialect)
			read_records(&with.catalog, dialect, reader_find(text_is(dialect->reads, "csv") ? TEXT("csv") : TEXT("json")), records);
	}
	diagnostics_free(&d);
	arena_free(&arena);
	return 0;
}
