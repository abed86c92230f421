/*
 * Any bytes, read as ECS JSON lines and exported: what was written is read back as the same events, so that a second
 * export writes the same bytes.
 */
#include "replay/derive/derive.h"
#include "replay/export/formats.h"
#include "tests/fuzz/reader.h"

#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One pass: a text read, derived and written. */
struct pass {
	struct deriver *deriver;
	void *writer;
	uint64_t events;
	int failed; /* packed, and damaged */
	struct ledger ledger;
};

static int take(void *context, struct event *event)
{
	static const struct dataset dataset = {.name = {"fuzz", 4}};
	struct pass *pass = context;
	const char *reason = NULL;
	derive_event(pass->deriver, event);
	event->file = NULL; /* where it stood is told apart from what it is */
	event->line = ++pass->events;
	struct export_item item = {.event = event, .dataset = &dataset, .number = pass->events};
	enum export_verdict verdict = ecs_take(pass->writer, &item, &reason);
	if (verdict == EXPORT_UNSAID || (verdict == EXPORT_WRITTEN) != !reason)
		abort();
	return 0;
}

static void run(struct fuzz_catalog *with, const uint8_t *data, size_t size, struct pass *pass, char **out, size_t *length)
{
	struct reader_options options = {.catalog = &with->catalog, .dialect = with->dialect};
	struct export_options how = {.catalog = &with->catalog};
	static struct deriver *deriver;
	struct diagnostics d = {0};
	char path[] = "/tmp/mews-fuzz-XXXXXX";
	FILE *file = open_memstream(out, length);
	if (!deriver)
		deriver = deriver_new(&with->catalog);
	fuzz_file(path, data, size);
	pass->deriver = deriver; /* its tables are large: made once */
	deriver_reset(deriver, NULL);
	pass->writer = ecs_begin(&how, file);
	pass->failed = reader_run(reader_find(TEXT("json")), path, &options, (struct event_sink){take, pass}, &pass->ledger, &d);
	ecs_end(pass->writer);
	unlink(path);
	fclose(file);
	diagnostics_free(&d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_catalog with;
	struct pass first = {0}, second = {0};
	char *once = NULL, *twice = NULL;
	size_t once_length = 0, twice_length = 0;
	if (!with.catalog.registry.field_count) {
		struct diagnostics d = {0};
		struct yaml *documents;
		size_t count;
		fuzz_load(&with.catalog, "rulesets/dialects/ecs.yaml", &with.dialect);
		if (yaml_parse_file(&with.catalog.arena, "rulesets/clients.yaml", NULL, &d, &documents, &count) || count != 1 ||
			clients_load(&with.catalog.clients, &with.catalog.arena, &with.catalog.registry, documents, &d))
			abort();
	}
	run(&with, data, size, &first, &once, &once_length);
	run(&with, (const uint8_t *)once, once_length, &second, &twice, &twice_length);
	if (second.failed || second.ledger.rejected || first.events != second.events || once_length != twice_length ||
		memcmp(once, twice, once_length) != 0)
		abort();
	ledger_free(&first.ledger);
	ledger_free(&second.ledger);
	free(once);
	free(twice);
	return 0;
}
