/*
 * reading: readers under test.
 */
#include "tests/unit/reading.h"

#include <stdlib.h>
#include <string.h>

static struct dialect *load_dialect(struct reading *r, const char *dialect)
{
	struct yaml *document, *documents;
	size_t count;
	if (strchr(dialect, '\n')) {
		document = unit_yaml(&r->arena, dialect);
	} else {
		char *path = arena_printf(&r->arena, "rulesets/dialects/%s.yaml", dialect);
		if (yaml_parse_file(&r->arena, path, NULL, &r->diagnostics, &documents, &count) || count != 1)
			abort();
		document = documents;
	}
	struct dialect *loaded = dialect_load(&r->arena, &r->catalog.registry, document, &r->diagnostics);
	if (!loaded) {
		diagnostics_print(&r->diagnostics, stderr);
		abort();
	}
	return loaded;
}

void reading_begin(struct reading *r, const char *dialect)
{
	memset(r, 0, sizeof *r);
	r->catalog.registry = *unit_registry(&r->arena);
	r->options = (struct reader_options){.catalog = &r->catalog, .csv_header = true};
	if (dialect)
		r->options.dialect = load_dialect(r, dialect);
}

void reading_add_dialect(struct reading *r, const char *dialect)
{
	struct catalog *catalog = &r->catalog;
	catalog->dialects = arena_grow(&r->arena, catalog->dialects, catalog->dialect_count, sizeof *catalog->dialects);
	catalog->dialects[catalog->dialect_count++] = load_dialect(r, dialect);
}

static const struct registry *sorting; /* tests run in one thread; qsort has no context */

static int by_name(const void *a, const void *b)
{
	unsigned left = ((const struct facet_entry *)a)->field, right = ((const struct facet_entry *)b)->field;
	return text_compare(sorting->fields[left].name, sorting->fields[right].name);
}

static bool is_shown(unsigned field, struct text name)
{
	return field != FIELD_CATEGORY && field != FIELD_ACTION && field != FIELD_TYPE && field != FIELD_TIMESTAMP &&
		!text_is(name, "event.dataset");
}

static void write_facet(struct reading *r, const struct event *event, const struct facet *facet)
{
	char time[40] = "-";
	const struct registry *registry = event->registry;
	struct facet_entry *entries = arena_array(&r->arena, facet->count, sizeof *entries);
	memcpy(entries, facet->entries, facet->count * sizeof *entries);
	sorting = registry;
	qsort(entries, facet->count, sizeof *entries, by_name);
	if (event->time != INT64_MIN)
		date_format(event->time, time);
	buffer_printf(&r->written, "%llu %.*s.%.*s @%s", (unsigned long long)event->line,
		TEXT_ARGS(facet_text(facet, FIELD_CATEGORY)), TEXT_ARGS(facet_text(facet, FIELD_ACTION)), time);
	for (size_t i = 0; i < facet->count; i++) {
		struct text name = registry->fields[entries[i].field].name;
		if (!is_shown(entries[i].field, name))
			continue;
		buffer_printf(&r->written, " %.*s=", TEXT_ARGS(name));
		for (size_t k = 0; k < entries[i].values.count; k++)
			buffer_printf(&r->written, "[%.*s]", TEXT_ARGS(entries[i].values.items[k].text));
	}
	if (event->label.length)
		buffer_printf(&r->written, " label=%.*s", TEXT_ARGS(event->label));
	buffer_char(&r->written, '\n');
}

static int take(void *context, struct event *event)
{
	struct reading *r = context;
	for (size_t i = 0; i < event->facet_count; i++)
		write_facet(r, event, event->facets[i]);
	r->taken++;
	return r->stop_after && r->taken >= r->stop_after ? 7 : 0;
}

void reading_file(struct reading *r, const char *format, const char *path)
{
	const struct reader *reader = reader_find(text_of(format));
	CU_ASSERT_PTR_NOT_NULL_FATAL(reader);
	r->status = reader_run(reader, path, &r->options, (struct event_sink){take, r}, &r->ledger, &r->diagnostics);
	r->events = buffer_view(&r->written);
	const struct ledger *l = &r->ledger;
	CHECK_LONG(l->event_lines + l->continued + l->blank + l->rejected, l->lines);
}

void reading_run(struct reading *r, const char *format, struct text content)
{
	const char *folder = unit_folder(&r->arena);
	reading_file(r, format, unit_file(&r->arena, folder, "input", content));
}

void reading_of(struct reading *r, const char *format, const char *dialect, const char *content)
{
	reading_begin(r, dialect);
	reading_run(r, format, text_of(content));
}

void reading_end(struct reading *r)
{
	buffer_free(&r->written);
	ledger_free(&r->ledger);
	diagnostics_free(&r->diagnostics);
	arena_free(&r->arena);
}

bool reading_counts(const struct reading *r, uint64_t events, uint64_t first, uint64_t continued, uint64_t blank,
	uint64_t rejected)
{
	const struct ledger *l = &r->ledger;
	bool equal = l->events == events && l->event_lines == first && l->continued == continued && l->blank == blank &&
		l->rejected == rejected;
	if (!equal)
		printf("  events %llu, first %llu, continued %llu, blank %llu, rejected %llu\n", (unsigned long long)l->events,
			(unsigned long long)l->event_lines, (unsigned long long)l->continued, (unsigned long long)l->blank,
			(unsigned long long)l->rejected);
	return equal;
}

void reading_check(const char *format, const struct reading_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct reading_case *c = &cases[i];
		struct reading r;
		reading_of(&r, format, "ecs", c->content);
		if (!reading_counts(&r, c->events, c->first, c->continued, c->blank, c->rejected)) {
			printf("  in: %s\n", c->name);
			CU_FAIL("the account differs");
		}
		if (c->expected)
			CHECK_CONTAINS(r.events, c->expected);
		if (c->reason)
			CHECK_CONTAINS(text_of(r.ledger.first_count ? r.ledger.first[0].reason : "none"), c->reason);
		reading_end(&r);
	}
}
