/* corpus: corpus.yaml, its episodes and labels, and telling formats. */
#include "replay/readers/plain.h"
#include "tests/unit/world.h"

#include <string.h>

struct fixture {
	struct world world;
	const char *folder;
	struct diagnostics d;
	struct dataset *dataset;
	struct evaluator *evaluator;
	const char *noted;
	size_t taken, stop_after;
};

#define HEAD "name: d\nformat: json\ndialect: ecs\norigin: here\nlicense: CC0-1.0\nfiles: [\"*.json\"]\n"

static void load_world(struct world *world)
{
	struct arena arena = {0};
	struct diagnostics d = {0};
	struct text content;
	world_begin(world);
	world_detection(world, "socket", "high", "a: process where process.name == \"docker\"");
	world_organization(world, "shop", "risky: tolerate");
	static const char *const dialects[] = {"ecs", "falco", "auditd"};
	for (size_t i = 0; i < 3; i++) {
		char *path = arena_printf(&arena, "rulesets/dialects/%s.yaml", dialects[i]);
		CU_ASSERT_EQUAL_FATAL(file_read(&arena, path, 0, &d, &content), 0);
		world_file(world, arena_printf(&arena, "dialects/%s.yaml", dialects[i]), arena_strndup(&arena, content.data, content.length));
	}
	diagnostics_free(&d);
	arena_free(&arena);
	world_load(world);
}

static void load(struct fixture *f, const char *corpus)
{
	memset(f, 0, sizeof *f);
	load_world(&f->world);
	struct arena *arena = &f->world.arena;
	f->folder = unit_folder(arena);
	unit_file(arena, f->folder, "a.json", TEXT("{\"event.category\":\"log\",\"label\":\"benign\"}\n{\"event.category\":\"process\"}\n"));
	unit_file(arena, f->folder, "b.json", TEXT("{\"event.category\":\"log\",\"label\":\"odd\"}\n"));
	unit_file(arena, f->folder, "corpus.yaml", text_of(corpus));
	f->dataset = dataset_load(arena, &f->world.catalog, f->folder, &f->d);
	f->evaluator = evaluator_new();
}

static void done(struct fixture *f)
{
	evaluator_free(f->evaluator);
	diagnostics_free(&f->d);
	world_end(&f->world);
}

static long episode_of(struct fixture *f, const char *file, uint64_t line, long seconds, const char *facets)
{
	struct event *event = world_event(&f->world, line, seconds, facets);
	event->file = arena_printf(&f->world.arena, "%s/%s", f->folder, file);
	return dataset_episode(f->dataset, f->evaluator, event);
}

static void test_episodes(void)
{
	struct fixture f;
	load(&f, HEAD "default: benign\nobserved: 24h\nuse: hold-out\norganizations: [shop]\nepisodes:\n"
		"  - {name: file, files: [b.json], label: malicious, expects: [socket]}\n"
		"  - {name: lines, lines: [5, 7], label: {default: risky, shop: benign}}\n"
		"  - {name: time, from: \"2026-01-01T00:01:00Z\", to: \"2026-01-01T00:02:00Z\", label: unknown}\n"
		"  - {name: session, session: \"9\", label: benign}\n"
		"  - {name: where, where: 'process.name like \"dock*\"', label: malicious}\n");
	CU_ASSERT_PTR_NOT_NULL_FATAL(f.dataset);
	CHECK_TEXT(unit_printed(&f.world.arena, &f.d), "");
	CHECK_LONG(f.dataset->file_count, 2);
	CU_ASSERT_EQUAL(f.dataset->use, USE_HOLD_OUT);
	CU_ASSERT_EQUAL(f.dataset->observed, 86400.0);
	CHECK_LONG(episode_of(&f, "b.json", 6, 0, "process.exec"), 0);
	CHECK_LONG(episode_of(&f, "a.json", 6, 0, "process.exec"), 1);
	CHECK_LONG(episode_of(&f, "a.json", 8, 60, "process.exec"), 2);
	CHECK_LONG(episode_of(&f, "a.json", 8, 121, "process.exec session.id=9"), 3);
	CHECK_LONG(episode_of(&f, "a.json", 8, 0, "file.open | process.exec process.name=docker"), 4);
	CHECK_LONG(episode_of(&f, "a.json", 8, WORLD_UNTIMED, "process.exec"), -1);
	const struct episode *lines = &f.dataset->episodes[1];
	CU_ASSERT_EQUAL(label_for(&lines->label, TEXT("shop")), LABEL_BENIGN);
	CU_ASSERT_EQUAL(label_for(&lines->label, TEXT("farm")), LABEL_RISKY);
	CU_ASSERT_EQUAL(f.dataset->label.otherwise, LABEL_BENIGN);
	done(&f);
}

static int count_labels(void *context, struct event *event)
{
	enum label label;
	struct fixture *f = context;
	f->world.event.unfilled += dataset_event_label(f->dataset, event, &label) && label == LABEL_BENIGN;
	return 0;
}

static void test_reading_and_labels(void)
{
	struct fixture f;
	struct ledger ledger = {0};
	load(&f, HEAD "default: unknown\nlabel_name: label\n");
	CU_ASSERT_PTR_NOT_NULL_FATAL(f.dataset);
	f.world.event.unfilled = 0;
	CHECK_LONG(dataset_read(f.dataset, (struct event_sink){count_labels, &f}, &ledger, &f.d), 0);
	CHECK_LONG(ledger.events, 3);
	CHECK_LONG(ledger.lines, 3);
	CHECK_LONG(f.world.event.unfilled, 1); /* `odd` is no label */
	ledger_free(&ledger);
	done(&f);
}

static void test_faults(void)
{
	static const char *const cases[][2] = {
		{"name: d\n", "lacks the key `format`"},
		{HEAD, "default"},
		{HEAD "default: good\n", "a label is malicious, risky, benign or unknown"},
		{HEAD "default: benign\nuse: never\n", "use is develop or hold-out"},
		{HEAD "default: benign\nobserved: long\n", "observed is a duration"},
		{HEAD "default: benign\ncolour: red\n", "colour"},
		{HEAD "default: benign\nepisodes: [{name: a, label: benign, lines: [3, 1]}]\n", "lines is [first, last]"},
		{HEAD "default: benign\nepisodes: [{name: a, label: benign, from: now}]\n", "from is a time"},
		{HEAD "default: benign\nepisodes: [{name: a, label: benign, where: x}]\n", "where"},
		{HEAD "default: benign\nepisodes: [{name: a, label: benign}, {name: a, label: benign}]\n", "two episodes"},
		{HEAD "default: benign\nepisodes: [{name: a, label: {shop: benign}}]\n", "needs `default`"},
		{HEAD "default: benign\nepisodes: [{name: a, label: benign, where: 'process.name == \"docker\"'}]\n",
			"this is the condition \"a\" of socket itself"},
		{HEAD "default: benign\nyear: 12\n", "year is that of the first line"},
		{HEAD "default: benign\nsources: []\n", "sources is a list"},
		{HEAD "default: benign\nsources: [{format: json, dialect: ecs, files: [a.json]}]\n", "format belongs into each of the sources"},
		{"name: d\norigin: o\nlicense: l\ndefault: benign\nsources: [{format: json, dialect: ecs, files: [a.json]},"
		 " {format: json, dialect: ecs, files: [a.json]}]\n", "a.json would be read twice"},
		{"name: d\norigin: o\nlicense: l\ndefault: benign\nsources: [{files: [a.json]}]\n", "lacks the key `format`"},
		{"name: d\nformat: morse\norigin: o\nlicense: l\nfiles: [a.json]\ndefault: benign\n", "there is no format \"morse\""},
		{"name: d\nformat: json\ndialect: klingon\norigin: o\nlicense: l\nfiles: [a.json]\ndefault: benign\n", "no dialect \"klingon\""},
		{"name: d\nformat: json\ndialect: ecs\norigin: o\nlicense: l\nfiles: [none]\ndefault: benign\n", "no file is called"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct fixture f;
		load(&f, cases[i][0]);
		CU_ASSERT_PTR_NULL(f.dataset);
		CHECK_CONTAINS(unit_printed(&f.world.arena, &f.d), cases[i][1]);
		done(&f);
	}
}

/* Formats of plain files are told from their beginnings. */
static void test_plain_files(void)
{
	static const char *const cases[][3] = {
		{"type=SYSCALL msg=audit(1.1:1): arch=c000003e\n", "auditd", "auditd"},
		{"{\"event.category\": \"process\", \"event.action\": \"exec\", \"process.name\": \"ls\"}\n", "json", "ecs"},
		{"{\"output_fields\":{\"evt.type\":\"execve\",\"proc.name\":\"ls\"},\"priority\":\"Error\",\"rule\":\"x\"}\n", "json", "falco"},
		{"apiVersion: v1\nkind: Pod\n", "kubernetes", NULL},
		{"version: \"3\"\nservices:\n  a: {}\n", "compose", NULL},
		{"nothing known\n", NULL, NULL},
		{"", NULL, NULL},
		{"\x7f" "ELF", NULL, NULL},
		{"{\"colour\": \"red\"}\n", NULL, NULL},
	};
	struct fixture f;
	load(&f, HEAD "default: benign\n");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct diagnostics d = {0};
		char *path = arena_strdup(&f.world.arena, unit_file(&f.world.arena, f.folder, "plain", text_of(cases[i][0])));
		const struct format_wish wish = {NULL, NULL};
		struct dataset *dataset = plain_dataset(&f.world.arena, &f.world.catalog, path, &wish, &d);
		CU_ASSERT_EQUAL(dataset != NULL, cases[i][1] != NULL);
		CU_ASSERT_EQUAL(d.errors > 0, cases[i][1] == NULL);
		if (dataset && cases[i][1]) {
			CHECK_TEXT(text_of(dataset_format(dataset)), cases[i][1]);
			const struct dialect *dialect = reader_dialect(dataset->sources[0].reader, &dataset->sources[0].options);
			CHECK_TEXT(dialect ? dialect->name : TEXT(""), cases[i][2] ? cases[i][2] : "");
		}
		diagnostics_free(&d);
	}
	done(&f);
}

struct labelled {
	struct fixture *f;
	struct text told;
};

static int tell_label(void *context, struct event *event)
{
	struct labelled *l = context;
	enum label label = LABEL_UNKNOWN;
	bool own = dataset_event_label(l->f->dataset, event, &label);
	long episode = dataset_episode(l->f->dataset, l->f->evaluator, event);
	l->told = text_of(arena_printf(&l->f->world.arena, "%.*s %s:%ld", TEXT_ARGS(l->told), own ? label_name(label) : "-", episode));
	return 0;
}

/* A label column, by name, with separators and columns of the dataset's own; blanks and other words are no label. */
static void test_label_columns(void)
{
	static const char *const cases[][2] = {
		{"separator: \";\"\nlabel_name: verdict\n", "event.category;container.id;verdict\nprocess;c1;malicious\nprocess;c2;\nfile;c2;odd\n"},
		{"separator: \"\\t\"\nlabel_name: verdict\ncolumns: [event.category, container.id, verdict]\n",
			"process\tc1\tmalicious\nprocess\tc2\t\nfile\tc2\todd\n"},
		{"header: false\nlabel_name: c\ncolumns: [event.category, container.id, c]\n", "process,c1,malicious\nprocess,c2,\nfile,c2,odd\n"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct fixture f;
		struct ledger ledger = {0};
		load(&f, HEAD "default: benign\n");
		struct arena *arena = &f.world.arena;
		unit_file(arena, f.folder, "a.csv", text_of(cases[i][1]));
		unit_file(arena, f.folder, "corpus.yaml", text_of(arena_printf(arena,
			"name: d\nformat: csv\ndialect: ecs\norigin: o\nlicense: l\nfiles: [a.csv]\ndefault: benign\n%s"
			"episodes:\n  - {name: c, container: c2, label: risky}\n", cases[i][0])));
		f.dataset = dataset_load(arena, &f.world.catalog, f.folder, &f.d);
		CU_ASSERT_PTR_NOT_NULL_FATAL(f.dataset);
		struct labelled labelled = {.f = &f};
		CHECK_LONG(dataset_read(f.dataset, (struct event_sink){tell_label, &labelled}, &ledger, &f.d), 0);
		CHECK_TEXT(labelled.told, " malicious:-1 -:0 -:0");
		CHECK_LONG(ledger.rejected, 0);
		CHECK_TEXT(unit_printed(arena, &f.d), "");
		ledger_free(&ledger);
		done(&f);
	}
}

static void unit_note(struct fixture *f, const char *more)
{
	f->noted = arena_printf(&f->world.arena, "%s%s", f->noted ? f->noted : "", more);
}

static int note_place(void *context, struct event *event)
{
	struct fixture *f = context;
	const char *slash = strrchr(event->file, '/');
	unit_note(f, arena_printf(&f->world.arena, "%s:%llu ", slash + 1, (unsigned long long)event->line));
	return f->stop_after && ++f->taken == f->stop_after ? 5 : 0;
}

/* Several sources of one recording come by time; an event without a time follows the one before it. */
static void test_sources(void)
{
	static const char head[] = "name: d\norigin: o\nlicense: l\ndefault: benign\nsources:\n"
		"  - {format: json, dialect: ecs, files: [\"*.json\"]}\n  - {format: json, dialect: ecs, files: [late/c.json]}\n";
	struct fixture f;
	struct ledger ledger = {0};
	load(&f, HEAD "default: benign\n");
	struct arena *arena = &f.world.arena;
	unit_file(arena, f.folder, "a.json", TEXT("{\"event.category\":\"log\",\"@timestamp\":\"2026-01-01T00:00:01Z\"}\n"
		"{\"event.category\":\"log\"}\nodd\n{\"event.category\":\"log\",\"@timestamp\":\"2026-01-01T00:00:04Z\"}\n"));
	unit_file(arena, f.folder, "late/c.json", TEXT("{\"event.category\":\"log\",\"@timestamp\":\"2026-01-01T00:00:02Z\"}\n"
		"{\"event.category\":\"log\",\"@timestamp\":\"2026-01-01T00:00:09Z\"}\n"));
	unit_file(arena, f.folder, "corpus.yaml", text_of(head));
	f.dataset = dataset_load(arena, &f.world.catalog, f.folder, &f.d);
	CU_ASSERT_PTR_NOT_NULL_FATAL(f.dataset);
	CHECK_LONG(f.dataset->file_count, 3);
	CHECK_LONG(dataset_read(f.dataset, (struct event_sink){note_place, &f}, &ledger, &f.d), 0);
	CHECK_TEXT(text_of(f.noted), "a.json:1 a.json:2 c.json:1 a.json:4 b.json:1 c.json:2 ");
	CHECK_LONG(ledger.file_count, 3);
	CHECK_LONG(ledger.files[0].rejected, 1);
	CHECK_TEXT(text_of(ledger.files[0].dialect), "ecs");
	CHECK_LONG(ledger.files[0].lines, 4);
	CHECK_LONG(ledger.lines, 7);
	CHECK_LONG(ledger.rejected, 1);
	ledger_free(&ledger);
	f.stop_after = 2; /* the sink has seen enough: nothing hangs */
	CHECK_LONG(dataset_read(f.dataset, (struct event_sink){note_place, &f}, &ledger, &f.d), 5);
	ledger_free(&ledger);
	done(&f);
}

static void test_corpus(void)
{
	struct fixture f;
	struct dataset **datasets;
	size_t count;
	load(&f, HEAD "default: benign\n");
	struct arena *arena = &f.world.arena;
	unit_file(arena, f.folder, "one/corpus.yaml",
		TEXT("name: e\nformat: compose\norigin: o\nlicense: l\nfiles: [c.yaml]\ndefault: benign\n"));
	unit_file(arena, f.folder, "one/c.yaml", TEXT("services: {}\n"));
	CHECK_LONG(corpus_load(arena, &f.world.catalog, f.folder, &datasets, &count, &f.d), 0);
	CHECK_LONG(count, 2);
	CHECK_TEXT(datasets[0]->name, "d");
	CHECK_TEXT(datasets[1]->name, "e");
	unit_file(arena, f.folder, "k/corpus.yaml",
		TEXT("name: k\nformat: kubernetes\norigin: o\nlicense: l\nfiles: [\"*.yaml\"]\ndefault: benign\n"));
	unit_file(arena, f.folder, "k/labels.yaml", TEXT("decisions: []\n"));
	unit_file(arena, f.folder, "k/pod.yaml", TEXT("kind: Pod\n"));
	struct dataset *described = dataset_load(arena, &f.world.catalog, arena_printf(arena, "%s/k", f.folder), &f.d);
	CU_ASSERT_PTR_NOT_NULL_FATAL(described);
	CHECK_LONG(described->file_count, 1); /* what describes the data is none of it */
	unit_file(arena, f.folder, "two/corpus.yaml",
		TEXT("name: e\nformat: compose\norigin: o\nlicense: l\nfiles: [../one/c.yaml]\ndefault: benign\n"));
	CHECK_LONG(corpus_load(arena, &f.world.catalog, f.folder, &datasets, &count, &f.d), -1);
	CHECK_CONTAINS(unit_printed(arena, &f.d), "another dataset is called \"e\"");
	done(&f);
}

void suite_corpus(void);
void suite_corpus(void)
{
	CU_pSuite suite = unit_suite("corpus");
	UNIT_TEST(suite, test_episodes);
	UNIT_TEST(suite, test_reading_and_labels);
	UNIT_TEST(suite, test_faults);
	UNIT_TEST(suite, test_plain_files);
	UNIT_TEST(suite, test_corpus);
	UNIT_TEST(suite, test_sources);
	UNIT_TEST(suite, test_label_columns);
}
