/*
 * recipes: recorded events as recipes.h makes them against meaning.c.
 *
 *   recipes FORMAT DIALECT FILE…     prints `EVENTS FACETS DIFFERENT`; the first differences on standard error
 *
 * Each file is read several times over in one go, so that its records are alike those before them: with all fields and with
 * every third one wanted; and by meaning.c, as those get it who watch records.
 */
#include "replay/readers/formats.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { TIMES = 24, SHOWN = 3 };

struct side {
	struct buffer out;
	uint64_t events, facets;
	const uint8_t *wanted; /* NULL: all are compared */
};

static void write_values(struct buffer *out, const struct facet *facet, const struct facet_entry *entry)
{
	const struct field *field = &facet->registry->fields[entry->field];
	buffer_printf(out, " %.*s", TEXT_ARGS(field->name));
	for (size_t i = 0; i < entry->values.count; i++) {
		buffer_char(out, '[');
		buffer_text(out, entry->values.items[i].text);
		if (field->type == TYPE_LONG || field->type == TYPE_DATE)
			buffer_printf(out, "|%" PRId64, entry->values.items[i].number);
		buffer_char(out, ']');
	}
}

static int take(void *context, struct event *event)
{
	struct side *side = context;
	side->events++;
	buffer_printf(&side->out, "%" PRIu64 " %" PRId64 " %.*s %.*s %u %d %u", event->line, event->time, TEXT_ARGS(event->id),
		TEXT_ARGS(event->label), event->unfilled, event->other, event->records);
	for (size_t i = 0; i < event->facet_count; i++) {
		const struct facet *facet = event->facets[i];
		side->facets++;
		buffer_printf(&side->out, " (%u.%u %u", facet->category, facet->action, facet->record);
		for (size_t k = 0; k < facet->count; k++)
			if (!side->wanted || side->wanted[facet->entries[k].field])
				write_values(&side->out, facet, &facet->entries[k]);
		buffer_char(&side->out, ')');
	}
	buffer_char(&side->out, '\n');
	return 0;
}

static void see(void *context, const struct record *record, const struct record_part *piece, const struct event *event)
{
	(void)context, (void)record, (void)piece, (void)event;
}

static void read_side(const struct reader_options *options, const char *format, struct text content, struct side *side)
{
	struct ledger ledger = {0};
	struct diagnostics d = {0};
	struct input *input = input_of("recorded", content);
	buffer_clear(&side->out);
	reader_read(reader_find(text_of(format)), input, options, (struct event_sink){take, side}, &ledger, &d);
	buffer_printf(&side->out, "%" PRIu64 " %" PRIu64 " ", ledger.events, ledger.rejected);
	buffer_printf(&side->out, "%" PRIu64 " %" PRIu64 "\n", ledger.unmapped, ledger.unfilled);
	input_close(input);
	diagnostics_free(&d);
	ledger_free(&ledger);
}

static struct text line_of(struct text *rest)
{
	size_t end = text_find(*rest, '\n');
	struct text line = text_slice(*rest, 0, end);
	*rest = text_slice(*rest, end + 1, rest->length);
	return line;
}

static uint64_t compare(const struct side *fast, const struct side *slow, const char *path)
{
	struct text a = buffer_view(&fast->out), b = buffer_view(&slow->out);
	uint64_t different = 0;
	while (a.length || b.length) {
		struct text left = line_of(&a), right = line_of(&b);
		if (text_equal(left, right))
			continue;
		if (different++ < SHOWN)
			fprintf(stderr, "%s\n  recipe  %.*s\n  meaning %.*s\n", path, TEXT_ARGS(left), TEXT_ARGS(right));
	}
	return different;
}

static bool read_file(const char *path, struct buffer *content)
{
	char block[4096];
	size_t got;
	FILE *file = fopen(path, "rb");
	if (!file)
		return false;
	struct buffer once = {0};
	while ((got = fread(block, 1, sizeof block, file)) > 0)
		buffer_add(&once, block, got);
	fclose(file);
	for (int i = 0; i < TIMES; i++) {
		buffer_text(content, buffer_view(&once));
		buffer_char(content, '\n');
	}
	buffer_free(&once);
	return true;
}

int main(int count, char **arguments)
{
	struct catalog catalog = {0};
	struct diagnostics d = {0};
	struct side fast = {.events = 0}, slow = {.events = 0};
	const struct record_watch watch = {see, NULL};
	uint64_t different = 0;
	if (count < 4 || catalog_load(&catalog, "rulesets", &d)) {
		fprintf(stderr, "usage: recipes FORMAT DIALECT FILE…\n");
		return 2;
	}
	uint8_t *wanted = arena_array(&catalog.arena, catalog.registry.field_count, 1);
	for (size_t i = 0; i < catalog.registry.field_count; i += 3)
		wanted[i] = 1;
	for (int i = 3; i < count; i++) {
		struct buffer content = {0};
		struct reader_options options = {.catalog = &catalog, .csv_header = true};
		options.dialect = catalog_dialect(&catalog, text_of(arguments[2]));
		if (!options.dialect || !read_file(arguments[i], &content))
			return 2;
		for (int some = 0; some < 2; some++) {
			options.wanted = fast.wanted = slow.wanted = some ? wanted : NULL;
			options.watch = NULL;
			read_side(&options, arguments[1], buffer_view(&content), &fast);
			options.watch = &watch;
			read_side(&options, arguments[1], buffer_view(&content), &slow);
			different += compare(&fast, &slow, arguments[i]);
		}
		buffer_free(&content);
	}
	printf("%" PRIu64 " %" PRIu64 " %" PRIu64 "\n", fast.events, fast.facets, different);
	buffer_free(&fast.out);
	buffer_free(&slow.out);
	catalog_free(&catalog);
	diagnostics_free(&d);
	return different ? 1 : 0;
}
