/*
 * A log in pieces, read one by one, gives the events and the account of one pass, wherever it is cut. The first byte of the
 * input says how far the cuts lie apart.
 */
#include "tests/fuzz/reader.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PIECES_MAX = 512 };

static int write_event(void *context, struct event *event)
{
	struct buffer *out = context;
	for (size_t i = 0; i < event->facet_count; i++) {
		const struct facet *facet = event->facets[i];
		buffer_printf(out, "%llu %.*s", (unsigned long long)event->line, TEXT_ARGS(event->id));
		for (size_t k = 0; k < facet->count; k++)
			for (size_t n = 0; n < facet->entries[k].values.count; n++)
				buffer_printf(out, " %u=%.*s", facet->entries[k].field, TEXT_ARGS(facet->entries[k].values.items[n].text));
		buffer_char(out, '\n');
	}
	return 0;
}

/* A piece of the log, alone in its memory. */
struct piece {
	char *bytes;
	struct arena arena;
	const void *gathered;
};

/* Whole lines of about that many bytes. */
static size_t cut(const char *log, size_t from, size_t size, size_t distance)
{
	size_t to = size - from > distance ? from + distance : size;
	while (to < size && log[to - 1] != '\n')
		to++;
	return to;
}

static void in_pieces(struct reader_options *options, struct text log, size_t distance, struct buffer *out, struct ledger *ledger)
{
	const struct reader_gathering *steps = reader_find(TEXT("auditd"))->gathering;
	struct piece *pieces = calloc(PIECES_MAX, sizeof *pieces);
	size_t count = 0;
	void *state = steps->begin("fuzz", ledger);
	for (size_t from = 0, to = 0; count < PIECES_MAX && (from < log.length || !count); from = to, count++) {
		to = count + 1 == PIECES_MAX ? log.length : cut(log.data, from, log.length, distance);
		struct piece *piece = &pieces[count];
		piece->bytes = mem_alloc(to - from);
		if (to > from)
			memcpy(piece->bytes, log.data + from, to - from);
		piece->gathered = steps->take(state, (struct text){piece->bytes, to - from}, to == log.length, &piece->arena);
	}
	steps->end(state);
	void *mine = steps->open(options, "fuzz");
	for (size_t i = 0; i < count; i++) {
		options->chunk = &(struct reader_chunk){.arena = &pieces[i].arena};
		steps->read(mine, pieces[i].gathered, options, (struct event_sink){write_event, out}, ledger);
		arena_free(&pieces[i].arena);
		free(pieces[i].bytes);
	}
	steps->close(mine);
	free(pieces);
}

static void compare(const struct buffer *a, const struct ledger *one, const struct buffer *b, const struct ledger *many)
{
	if (!text_equal(buffer_view(a), buffer_view(b)))
		abort();
	if (one->lines != many->lines || one->events != many->events || one->event_lines != many->event_lines ||
		one->continued != many->continued || one->blank != many->blank || one->rejected != many->rejected ||
		one->unmapped != many->unmapped || one->unfilled != many->unfilled)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_catalog with;
	struct reader_options options = {.catalog = &with.catalog, .csv_header = true, .plans = &with.plans};
	struct ledger one = {0}, many = {0};
	struct diagnostics d = {0};
	struct buffer whole = {0}, joined = {0};
	if (size < 5)
		return 0;
	struct text log = {(const char *)data + 1, size - 1};
	/* What input.h takes for something else than text. */
	if (memcmp(log.data, "\xef\xbb\xbf", 3) == 0 || memcmp(log.data, "\x1f\x8b", 2) == 0 ||
		memcmp(log.data, "\x28\xb5\x2f\xfd", 4) == 0)
		return 0;
	if (!with.catalog.registry.field_count) {
		fuzz_load(&with.catalog, "rulesets/dialects/auditd.yaml", &with.dialect);
		reader_plans_begin(&with.plans);
	}
	options.dialect = with.dialect;
	struct input *input = input_of("fuzz", log);
	reader_read(reader_find(TEXT("auditd")), input, &options, (struct event_sink){write_event, &whole}, &one, &d);
	input_close(input);
	in_pieces(&options, log, 1 + (size_t)data[0] * 4, &joined, &many);
	compare(&whole, &one, &joined, &many);
	buffer_free(&whole);
	buffer_free(&joined);
	ledger_free(&one);
	ledger_free(&many);
	diagnostics_free(&d);
	return 0;
}
