/*
 * fuzz_borders: a file that is cut anywhere gives the same events. Any bytes, by a reader that the first one chooses, in one
 * pass and in batches of a size that the second one chooses, by one thread or by two: the same events in the same places,
 * the same account of lines, the same diagnostics.
 */
#include "replay/measure/json_write.h"
#include "replay/pipeline/pipeline.h"
#include "tests/fuzz/reader.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct {
	const char *format, *dialect;
} formats[] = {
	{"json", "ecs"}, {"auditd", NULL}, {"csv", "ecs"}, {"syslog", NULL}, {"commands", NULL}, {"journald", NULL}, {"json", "falco"},
	{"json", "kubernetes-audit"}, {"json", "docker-events"}, {"json", "sysmon"}, {"json", "tetragon"}, {"container-log", NULL},
	{"json", "docker-inspect"}, {"json", "docker-api"}, {"compose", NULL}, {"kubernetes", NULL},
};
enum { FORMATS = sizeof(formats) / sizeof(formats[0]), HEAD = 3 };

/* Loaded once. */
struct all {
	struct catalog catalog; /* without detections: they are not what is asked */
	struct engine *engine;
	struct deriver *deriver;
	uint8_t *wanted;
};

struct pass {
	struct buffer out;
	struct deriver *deriver;
};

static int write_down(void *context, struct event *event, const struct answer *answer)
{
	struct pass *pass = context;
	const struct event *whole = event_complete(event);
	struct json_write json;
	(void)answer;
	buffer_printf(&pass->out, "%llu %lld %u", (unsigned long long)event->line, (long long)event->time, event->records);
	buffer_text(&pass->out, event->id);
	buffer_text(&pass->out, event->label);
	jsonw_begin(&json, &pass->out);
	jsonw_event(&json, whole);
	buffer_char(&pass->out, '\n');
	return 0;
}

static int take(void *context, struct event *event)
{
	struct pass *pass = context;
	derive_event(pass->deriver, event);
	return write_down(context, event, NULL);
}

static int moved(void *context, uint64_t bytes)
{
	(void)context;
	return bytes > (UINT64_C(1) << 40); /* it is never that many */
}

static void write_account(struct buffer *out, const struct ledger *ledger)
{
	buffer_printf(out, "%llu = %llu + %llu + %llu + %llu; %llu %llu %llu\n", (unsigned long long)ledger->lines,
		(unsigned long long)ledger->event_lines, (unsigned long long)ledger->continued, (unsigned long long)ledger->blank,
		(unsigned long long)ledger->rejected, (unsigned long long)ledger->events, (unsigned long long)ledger->unmapped,
		(unsigned long long)ledger->unfilled);
	for (size_t i = 0; i < ledger->first_count; i++)
		buffer_printf(out, "%llu %s\n", (unsigned long long)ledger->first[i].line, ledger->first[i].reason);
	for (size_t i = 0; i < ledger->kind_count; i++)
		buffer_printf(out, "%.*s %llu\n", TEXT_ARGS(ledger->kinds[i].kind), (unsigned long long)ledger->kinds[i].count);
}

static void end_pass(struct pass *pass, int status, struct ledger *ledger, struct diagnostics *d)
{
	buffer_printf(&pass->out, "status %d\n", status);
	write_account(&pass->out, ledger);
	for (size_t i = 0; i < d->count; i++)
		buffer_printf(&pass->out, "%s\n", d->items[i].message);
	ledger_free(ledger);
	diagnostics_free(d);
}

static struct pass read_whole(const struct all *all, const struct dataset *dataset)
{
	struct pass pass = {.deriver = all->deriver};
	struct ledger ledger = {0};
	struct diagnostics d = {0};
	deriver_reset(all->deriver, dataset);
	int status = dataset_read(dataset, (struct event_sink){take, &pass}, &ledger, &d);
	end_pass(&pass, status, &ledger, &d);
	return pass;
}

static struct pass read_cut(const struct all *all, const struct dataset *dataset, unsigned jobs, size_t batch)
{
	struct pass pass = {.deriver = all->deriver};
	struct ledger ledger = {0};
	struct diagnostics d = {0};
	deriver_reset(all->deriver, dataset);
	struct pipeline *pipeline = pipeline_new(&(struct pipeline_options){.catalog = &all->catalog, .engine = all->engine,
		.deriver = all->deriver, .jobs = jobs, .batch = batch, .take = write_down, .moved = moved, .context = &pass});
	int status = pipeline_run(pipeline, dataset, &ledger, &d);
	pipeline_free(pipeline);
	end_pass(&pass, status, &ledger, &d);
	return pass;
}

static void compare(const struct pass *whole, const struct pass *cut, const char *format, unsigned jobs, size_t batch)
{
	struct text a = buffer_view(&whole->out), b = buffer_view(&cut->out);
	size_t at = 0, begin = 0;
	if (text_equal(a, b))
		return;
	for (; at < a.length && at < b.length && a.data[at] == b.data[at]; at++)
		begin = a.data[at] == '\n' ? at + 1 : begin;
	fprintf(stderr, "%s, %u jobs, batches of %zu bytes:\n  one pass %.*s\n  batches  %.*s\n", format, jobs, batch,
		(int)text_find(text_slice(a, begin, a.length), '\n'), a.data + begin, (int)text_find(text_slice(b, begin, b.length), '\n'),
		b.data + begin);
	abort();
}

static void load(struct all *all)
{
	struct diagnostics d = {0};
	if (catalog_load(&all->catalog, "rulesets", &d) != 0)
		abort();
	diagnostics_free(&d);
	all->catalog.detection_count = 0;
	all->engine = engine_new(&all->catalog);
	all->deriver = deriver_new(&all->catalog);
	all->wanted = arena_array(&all->catalog.arena, all->catalog.registry.field_count, 1);
	deriver_wants(&all->catalog.registry, all->wanted);
	all->wanted[registry_field(&all->catalog.registry, TEXT("file.path"))] = 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct all all;
	char path[] = "/tmp/mews-borders-XXXXXX", *files[] = {path};
	if (size < HEAD)
		return 0;
	if (!all.engine)
		load(&all);
	size_t format = data[0] % FORMATS, batch = data[1] < 128 ? 1u + data[1] : (size_t)data[1] << (data[1] % 8);
	unsigned jobs = 1 + data[2] % 2;
	fuzz_file(path, data + HEAD, size - HEAD);
	struct source source = {.reader = reader_find(text_of(formats[format].format)), .files = files, .file_count = 1};
	if (!source.reader)
		abort();
	source.options = (struct reader_options){.catalog = &all.catalog, .csv_header = true, .year = 2026,
		.wanted = data[2] & 2 ? all.wanted : NULL};
	source.options.dialect = formats[format].dialect ? catalog_dialect(&all.catalog, text_of(formats[format].dialect)) : NULL;
	struct dataset dataset = {.name = TEXT("fuzz"), .sources = &source, .source_count = 1, .files = files, .file_count = 1};
	struct pass whole = read_whole(&all, &dataset), cut = read_cut(&all, &dataset, jobs, batch);
	compare(&whole, &cut, formats[format].format, jobs, batch);
	buffer_free(&whole.out);
	buffer_free(&cut.out);
	unlink(path);
	return 0;
}
