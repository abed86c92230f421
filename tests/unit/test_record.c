/* record: raw names and values, and how groups, events, parts and needs make facets of them. */
#include "tests/unit/reading.h"

#define DIALECT "name: d\nmissing: [\"-\"]\ntime: {name: t, shape: seconds}\ngroups:\n"

struct world {
	struct reading r;
	struct arena arena;
	struct record record;
	struct event event;
	int status;
};

static void begin(struct world *w, const char *dialect)
{
	reading_begin(&w->r, dialect);
	w->arena = (struct arena){0};
	record_begin(&w->record, &w->arena, "f", 3);
	event_begin(&w->event, &w->arena, &w->r.catalog.registry);
}

static void add(struct world *w, const char *name, const char *value)
{
	record_add(&w->record, text_of(name), text_of(value));
}

static void make(struct world *w)
{
	w->status = record_to_event(&w->record, w->r.options.dialect, &w->event);
}

static struct text get(const struct world *w, size_t facet, const char *field)
{
	if (facet >= w->event.facet_count)
		return TEXT("no such facet");
	return facet_text(w->event.facets[facet], unit_field(w->event.registry, field));
}

static void end(struct world *w)
{
	arena_free(&w->arena);
	reading_end(&w->r);
}

static void test_values(void)
{
	struct arena arena = {0};
	struct record record;
	record_begin(&record, &arena, "f", 1);
	CU_ASSERT_PTR_NULL(record_get(&record, NULL, TEXT("a")));
	for (int i = 0; i < 500; i++)
		record_add(&record, text_of(arena_printf(&arena, "name%d", i % 250)), text_of(arena_printf(&arena, "%d", i)));
	CHECK_LONG(record.count, 250);
	for (int i = 0; i < 250; i++) {
		const struct raw_value *raw = record_get(&record, NULL, text_of(arena_printf(&arena, "name%d", i)));
		CU_ASSERT_PTR_NOT_NULL_FATAL(raw);
		CHECK_LONG(raw->count, 2);
		CHECK_TEXT(raw->values[1], arena_printf(&arena, "%d", i + 250));
	}
	CU_ASSERT_PTR_NULL(record_get(&record, NULL, TEXT("name")));
	CU_ASSERT_PTR_NULL(record_get(&record, NULL, TEXT("")));
	struct record_part *part = record_add_part(&record, TEXT("PATH"));
	record_part_add(&record, part, TEXT("name1"), TEXT("of the part"));
	CHECK_TEXT(record_get(&record, part, TEXT("name1"))->values[0], "of the part");
	CHECK_TEXT(record_get(&record, part, TEXT("name2"))->values[0], "2");
	arena_free(&arena);
}

static void test_events_and_missing(void)
{
	struct world w;
	begin(&w, DIALECT "  - name: g\n    when: {kind: k}\n    other: log\n    events:\n"
		"      - {event: process.exec, match: {call: [exec, spawn], flags&: 4}}\n"
		"      - {event: process.fork, match: {call: exec}}\n"
		"      - {event: container.run, match: {box: \"*\"}, needs: [container.id]}\n"
		"    fields:\n      process.name: [comm, {name: exe, shape: basename}]\n      container.id: {name: box, missing: [host]}\n"
		"      process.in_container: {name: box, shape: present, missing: [host]}\n");
	add(&w, "kind", "k");
	add(&w, "call", "spawn");
	add(&w, "flags", "0xc");
	add(&w, "comm", "-");
	add(&w, "exe", "/bin/sh");
	add(&w, "box", "abc");
	add(&w, "t", "1.5");
	make(&w);
	CHECK_LONG(w.status, 0);
	CHECK_LONG(w.event.facet_count, 2);
	CHECK_TEXT(get(&w, 0, "event.action"), "exec");
	CHECK_TEXT(get(&w, 0, "process.name"), "sh");
	CHECK_TEXT(get(&w, 0, "process.in_container"), "true");
	CHECK_TEXT(get(&w, 0, "event.dataset"), "d");
	CHECK_TEXT(get(&w, 1, "event.category"), "container");
	CHECK_TEXT(get(&w, 1, "container.id"), "abc");
	CHECK_LONG(w.event.time, 1500000000);
	CHECK_LONG(w.event.line, 3);
	end(&w);
}

static void test_needs_and_other(void)
{
	const char *dialect = DIALECT "  - name: g\n    when: {kind: k}\n    other: log\n    events:\n"
		"      - {event: container.run, match: {box: \"*\"}, needs: [container.id]}\n"
		"    fields:\n      container.id: {name: box, missing: [host]}\n      process.in_container: {name: box, shape: present, missing: [host]}\n";
	struct world w;
	begin(&w, dialect);
	add(&w, "kind", "k");
	add(&w, "box", "host");
	add(&w, "t", "yesterday");
	make(&w);
	CHECK_LONG(w.status, 0);
	CHECK_LONG(w.event.facet_count, 1);
	CHECK_TEXT(get(&w, 0, "event.category"), "log");
	CHECK_TEXT(get(&w, 0, "process.in_container"), "false");
	CHECK_LONG(w.event.unfilled, 1); /* the time */
	CU_ASSERT_EQUAL(w.event.time, INT64_MIN);
	end(&w);
	begin(&w, dialect);
	add(&w, "kind", "other");
	make(&w);
	CHECK_LONG(w.status, 1);
	CHECK_LONG(w.event.facet_count, 0);
	end(&w);
}

static void test_parts(void)
{
	struct world w;
	begin(&w, DIALECT "  - name: g\n    events:\n"
		"      - {event: file.create, match: {call: open, type: new}, each: PATH}\n"
		"      - {event: file.open, match: {call: open}, each: PATH}\n"
		"    fields: {file.path: path, process.name: comm}\n");
	const char *const paths[][2] = {{"/a", "new"}, {"/b", "old"}, {"/c", "new"}};
	add(&w, "call", "open");
	add(&w, "comm", "sh");
	for (size_t i = 0; i < 3; i++) {
		struct record_part *part = record_add_part(&w.record, TEXT("PATH"));
		record_part_add(&w.record, part, TEXT("path"), text_of(paths[i][0]));
		record_part_add(&w.record, part, TEXT("type"), text_of(paths[i][1]));
	}
	make(&w);
	CHECK_LONG(w.event.facet_count, 2);
	CHECK_TEXT(get(&w, 0, "file.path"), "/a");
	CHECK_TEXT(get(&w, 1, "file.path"), "/c");
	CHECK_TEXT(get(&w, 1, "process.name"), "sh");
	CHECK_TEXT(get(&w, 1, "event.action"), "create");
	end(&w);
}

/* Rows are found by the value of one name (here `call`): with the same answer as one by one. */
static void test_rows_by_value(void)
{
	static const struct {
		const char *calls[2], *own, *expected; /* values of `call`; the part's own; action of the first facet */
	} cases[] = {
		{{"open", NULL}, NULL, "open"}, {{"mkdir", NULL}, NULL, "create"}, {{"chmod", NULL}, NULL, "other"},
		{{NULL, NULL}, NULL, "other"}, {{"chmod", "mkdir"}, NULL, "create"}, {{"unlink", "open"}, NULL, "open"},
		{{"mkdir", NULL}, "rename", "rename"}, {{NULL, NULL}, "rename", "rename"}, {{"rename", NULL}, "chmod", "other"},
		{{"unlink", NULL}, NULL, "delete"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world w;
		begin(&w, DIALECT "  - name: w\n    use: write\n    events: [{event: file.chown, match: {call: [chmod, open]}}]\n"
			"  - name: g\n    other: file\n    events:\n"
			"      - {event: file.rename, match: {call: rename}, each: PATH}\n"
			"      - {event: file.open, match: {call: [open, creat]}}\n"
			"      - {event: file.create, match: {call: [mkdir, open]}}\n"
			"      - {event: file.chown, match: {call: chmod}, use: write}\n"
			"      - {event: file.delete, match: {gone: \"*\", call: unlink}}\n");
		add(&w, "gone", "yes");
		for (size_t k = 0; k < 2 && cases[i].calls[k]; k++)
			add(&w, "call", cases[i].calls[k]);
		if (cases[i].own)
			record_part_add(&w.record, record_add_part(&w.record, TEXT("PATH")), TEXT("call"), text_of(cases[i].own));
		make(&w);
		CHECK_TEXT(get(&w, 0, "event.action"), cases[i].expected);
		end(&w);
	}
}

/* A list holds what it holds; only a value that stands alone can say "missing". */
static void test_markers_in_lists(void)
{
	struct world w;
	begin(&w, DIALECT "  - name: g\n    other: process\n    fields: {process.args: args}\n");
	add(&w, "args", "kill");
	add(&w, "args", "-");
	make(&w);
	CHECK_LONG(facet_get(w.event.facets[0], unit_field(w.event.registry, "process.args"))->count, 2);
	end(&w);
}

void suite_record(void);
void suite_record(void)
{
	CU_pSuite suite = unit_suite("record");
	UNIT_TEST(suite, test_values);
	UNIT_TEST(suite, test_events_and_missing);
	UNIT_TEST(suite, test_needs_and_other);
	UNIT_TEST(suite, test_parts);
	UNIT_TEST(suite, test_rows_by_value);
	UNIT_TEST(suite, test_markers_in_lists);
}
