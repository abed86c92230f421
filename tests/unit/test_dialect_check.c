/* dialect_check: every row and every name of a sample is accounted for. */
#include "replay/readers/dialect_check.h"
#include "tests/unit/world.h"

#define DIALECT "name: x\nreads: json\nmissing: [\"-\"]\nsplit: [rows]\ngroups:\n  - name: g\n    when: {kind: \"*\"}\n    other: process\n" \
	"    events:\n      - {event: process.exec, match: {act: run}}\n      - {event: file.open, match: {act: read}}\n" \
	"    fields:\n      process.pid: [pid, tid]\n      process.name: name\n      source.ip: ip\n      host.name: host\n" \
	"      file.path: {name: path, events: file.*}\n      container.labels: labels.*\n" \
	"  - name: h\n    when: {extra: \"*\"}\n    events: [{event: network.connect}]\n    fields: {destination.port: extra}\n"

static const char sample[] =
	"{\"kind\":1,\"act\":\"run\",\"pid\":1,\"name\":\"-\",\"ip\":\"nowhere\",\"labels\":{\"a\":1},\"deep\":[{\"x\":1},{\"x\":2}]}\n"
	"{\"kind\":1,\"act\":\"run\",\"tid\":2,\"name\":\"b\",\"extra\":80,\"parentProcessId\":9}\n"
	"{\"kind\":1,\"act\":\"nap\",\"pid\":3,\"parentProcessId\":8}\n"
	"{\"act\":\"run\"}\nbroken\n";

struct fixture {
	struct world w;
	struct dialect_check *check;
	struct diagnostics d;
};

static void check_text(struct fixture *f, const char *text)
{
	struct diagnostics d = {0};
	struct reader_options options = {.csv_header = true};
	world_begin(&f->w);
	world_file(&f->w, "dialects/known.yaml", "name: known\nreads: json\ngroups: [{name: g, events: [{event: process.exec}], fields: {process.parent.pid: parent_process_id}}]\n");
	world_load(&f->w);
	const struct dialect *dialect = dialect_load(&f->w.arena, &f->w.catalog.registry, unit_yaml(&f->w.arena, DIALECT), &d);
	CU_ASSERT_PTR_NOT_NULL_FATAL(dialect);
	f->check = dialect_check_new(&f->w.arena, &f->w.catalog, dialect);
	const char *path = unit_file(&f->w.arena, unit_folder(&f->w.arena), "sample.json", text_of(text));
	CU_ASSERT_EQUAL(dialect_check_file(f->check, reader_find(TEXT("json")), path, &options, &d), 0);
	dialect_check_end(f->check);
	diagnostics_free(&d);
}

static void done(struct fixture *f)
{
	dialect_check_free(f->check);
	world_end(&f->w);
}

static const struct check_row *row_of(const struct fixture *f, const char *field, size_t index)
{
	for (size_t i = 0; i < f->check->row_count; i++)
		if (f->check->rows[i].row->field == unit_field(&f->w.catalog.registry, field) && index-- == 0)
			return &f->check->rows[i];
	CU_FAIL_FATAL("there is no such row");
	return NULL;
}

static const struct check_name *name_of(const struct fixture *f, const char *name)
{
	for (size_t i = 0; i < f->check->name_count; i++)
		if (text_is(f->check->names[i].name, name))
			return &f->check->names[i];
	return NULL;
}

static void test_figures(void)
{
	struct fixture f;
	check_text(&f, sample);
	CHECK_LONG(f.check->ledger.events, 4);
	CHECK_LONG(f.check->ledger.rejected, 1);
	CHECK_LONG(f.check->ledger.unmapped, 1);
	CHECK_LONG(f.check->understood, 2);
	CHECK_LONG(f.check->event_count, 3); /* process.exec, network.connect, process.other */
	const struct check_row *pid = row_of(&f, "process.pid", 0), *tid = row_of(&f, "process.pid", 1);
	CHECK_LONG(pid->filled, 2);
	CHECK_LONG(tid->filled, 1);
	CHECK_LONG(row_of(&f, "process.name", 0)->marked, 1);
	CHECK_LONG(row_of(&f, "process.name", 0)->filled, 1);
	CHECK_LONG(row_of(&f, "host.name", 0)->there, 0);
	CHECK_LONG(row_of(&f, "file.path", 0)->asked, 0);
	CHECK_LONG(row_of(&f, "container.labels", 0)->filled, 1);
	const struct check_row *ip = row_of(&f, "source.ip", 0);
	CHECK_LONG(ip->unfit, 1);
	CHECK_TEXT(ip->example, "nowhere");
	CHECK_LONG(ip->line, 1);
	done(&f);
}

static void test_names(void)
{
	struct fixture f;
	check_text(&f, sample);
	CU_ASSERT_PTR_NULL(name_of(&f, "labels.a"));
	CU_ASSERT_PTR_NULL(name_of(&f, "deep.0.x"));
	CU_ASSERT_PTR_NULL(name_of(&f, "kind"));
	const struct check_name *parent = name_of(&f, "parentProcessId"), *deep = name_of(&f, "deep.x");
	CU_ASSERT_PTR_NOT_NULL_FATAL(parent);
	CU_ASSERT_PTR_NOT_NULL_FATAL(deep);
	CHECK_LONG(parent->count, 2);
	CHECK_TEXT(parent->hint, "process.parent.pid (known)");
	CHECK_LONG(parent->value_count, 2);
	CHECK_TEXT(deep->hint, "");
	CU_ASSERT(parent < deep); /* more frequent */
	done(&f);
}

/* Objects that are records of their own are counted each. */
static void test_split(void)
{
	struct fixture f;
	check_text(&f, "{\"kind\":1,\"host\":\"h\",\"rows\":[{\"act\":\"run\",\"pid\":1},{\"act\":\"read\",\"path\":\"/a\"}]}\n");
	CHECK_LONG(f.check->ledger.events, 2);
	CHECK_LONG(f.check->understood, 2);
	CHECK_LONG(row_of(&f, "host.name", 0)->filled, 2);
	CHECK_LONG(row_of(&f, "file.path", 0)->filled, 1);
	CHECK_LONG(f.check->name_count, 0);
	done(&f);
}

void suite_dialect_check(void)
{
	CU_pSuite suite = unit_suite("dialect_check");
	UNIT_TEST(suite, test_figures);
	UNIT_TEST(suite, test_names);
	UNIT_TEST(suite, test_split);
}
