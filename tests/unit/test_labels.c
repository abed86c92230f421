/* labels: decisions about single events, their ids, and writing them. */
#include "cli/label_file.h"
#include "replay/readers/plain.h"
#include "tests/unit/world.h"

#include <string.h>

struct fixture {
	struct world world;
	const char *folder, *path;
	struct diagnostics d;
	struct dataset *dataset;
};

#define ONE "{\"event.category\":\"process\",\"event.action\":\"exec\",\"process.name\":\"one\"}\n"
#define TWO "{\"event.category\":\"process\",\"event.action\":\"exec\",\"process.name\":\"two\"}\n"

static void begin(struct fixture *f)
{
	struct text content;
	memset(f, 0, sizeof *f);
	world_begin(&f->world);
	world_detection(&f->world, "socket", "high", "a: process where process.name == \"docker\"");
	CU_ASSERT_EQUAL_FATAL(file_read(&f->world.arena, "rulesets/dialects/ecs.yaml", 0, &f->d, &content), 0);
	world_file(&f->world, "dialects/ecs.yaml", arena_strndup(&f->world.arena, content.data, content.length));
	world_load(&f->world);
	f->folder = unit_folder(&f->world.arena);
	f->path = unit_file(&f->world.arena, f->folder, "a.json", TEXT(ONE TWO ONE));
}

/* The file as a dataset, with its label file. */
static void load(struct fixture *f, const char *labels)
{
	const struct format_wish wish = {NULL, NULL};
	if (labels)
		unit_file(&f->world.arena, f->folder, "a.json.labels.yaml", text_of(labels));
	f->dataset = plain_dataset(&f->world.arena, &f->world.catalog, f->path, &wish, &f->d);
}

static void done(struct fixture *f)
{
	diagnostics_free(&f->d);
	world_end(&f->world);
}

static const char *id_of(struct fixture *f, const char *path, uint64_t line)
{
	struct labelled_place place = {.file = path, .line = line};
	CHECK_LONG(labels_ids(f->dataset, &place, 1, &f->d), 0);
	return arena_strdup(&f->world.arena, place.id);
}

static const struct decision *decision_at(struct fixture *f, uint64_t line)
{
	struct event *event = world_event(&f->world, line, 0, "process.exec");
	event->file = f->path;
	return labels_decision(f->dataset, event);
}

/* An id is of a line and what stands there: it lasts when the file grows, and is another one when the text changes. */
static void test_ids(void)
{
	struct fixture f;
	begin(&f);
	load(&f, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(f.dataset);
	const char *one = id_of(&f, f.path, 1), *three = id_of(&f, f.path, 3);
	CHECK_LONG(strlen(one), LABEL_ID_LENGTH);
	CU_ASSERT_STRING_NOT_EQUAL(one, three); /* the same text in another line */
	struct labelled_place places[] = {{.file = f.path, .line = 3}, {.file = f.path, .line = 9}, {.file = f.path, .line = 1}};
	CHECK_LONG(labels_ids(f.dataset, places, 3, &f.d), 0);
	CHECK_TEXT(text_of(places[0].id), three);
	CHECK_TEXT(text_of(places[1].id), ""); /* the file is shorter */
	CHECK_TEXT(text_of(places[2].id), one);
	unit_file(&f.world.arena, f.folder, "a.json", TEXT(ONE TWO ONE TWO));
	CHECK_TEXT(text_of(id_of(&f, f.path, 3)), three);
	unit_file(&f.world.arena, f.folder, "a.json", TEXT(TWO TWO ONE));
	CU_ASSERT_STRING_NOT_EQUAL(id_of(&f, f.path, 1), one);
	done(&f);
}

/* An id is the same whether its line is asked for alone, most of the file being passed over, or among all lines. */
static void test_far_ids(void)
{
	enum { LINES = 3000 };
	struct fixture f;
	struct buffer content = {0};
	begin(&f);
	for (unsigned i = 0; i < LINES; i++) {
		buffer_printf(&content, "{\"event.category\":\"process\",\"event.action\":\"exec\",\"process.name\":\"%0*u\"}", (int)(i % 97) + 1, i);
		buffer_string(&content, i + 1 == LINES ? "" : i % 3 ? "\n" : i % 7 ? "\r\n" : "\n\n");
	}
	unit_file(&f.world.arena, f.folder, "a.json", buffer_view(&content));
	load(&f, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(f.dataset);
	struct labelled_place *places = arena_array(&f.world.arena, LINES, sizeof *places);
	for (unsigned i = 0; i < LINES; i++)
		places[i] = (struct labelled_place){.file = f.path, .line = i + 1};
	CHECK_LONG(labels_ids(f.dataset, places, LINES, &f.d), 0);
	for (unsigned i = 0; i < LINES; i += i < 4 || i > LINES - 4 ? 1 : 61)
		CHECK_TEXT(text_of(id_of(&f, f.path, i + 1)), places[i].id);
	buffer_free(&content);
	done(&f);
}

static void test_decisions(void)
{
	struct fixture f;
	enum label label;
	begin(&f);
	load(&f, NULL);
	load(&f, arena_printf(&f.world.arena,
		"default: benign\nepisodes:\n  - {name: e, lines: [2, 2], label: risky}\ndecisions:\n"
		"  - {id: %s, line: 3, label: malicious, by: a, why: b, detections: [socket]}\n"
		"  - {id: 000000000000, line: 1, label: risky, by: a, why: b}\n", id_of(&f, f.path, 3)));
	CU_ASSERT_PTR_NOT_NULL_FATAL(f.dataset);
	CHECK_TEXT(unit_printed(&f.world.arena, &f.d), "");
	CU_ASSERT_PTR_NULL(decision_at(&f, 1));
	CU_ASSERT_PTR_NULL(decision_at(&f, 2));
	const struct decision *decision = decision_at(&f, 3);
	CU_ASSERT_PTR_NOT_NULL_FATAL(decision);
	CHECK_LONG(decision->label, LABEL_MALICIOUS);
	CHECK_TEXT(decision->detections.items[0], "socket");
	struct event *event = world_event(&f.world, 3, 0, "process.exec");
	event->file = f.path;
	event->label = TEXT("benign"); /* what somebody decided goes before what the event says */
	CU_ASSERT_TRUE(dataset_event_label(f.dataset, event, &label) && label == LABEL_MALICIOUS);
	CHECK_LONG(f.dataset->episode_count, 2);
	labels_check(f.dataset, &f.d);
	CHECK_CONTAINS(unit_printed(&f.world.arena, &f.d), "labels.yaml:6:5: warning: the event 000000000000 is gone: something else stands");
	CHECK_LONG(f.d.count, 1);
	done(&f);
}

static void test_faults(void)
{
	static const char *const cases[][2] = {
		{"- a\n", "a label file is one mapping"},
		{"decisions: [{id: 000000000000, line: 1, label: benign, by: a}]\n", "lacks the key `why`"},
		{"decisions: [{id: 000000000000, line: 1, label: benign, by: a, why: \"\"}]\n", "by whom it is, and why"},
		{"decisions: [{id: 00, line: 1, label: benign, by: a, why: b}]\n", "an id of 12 hexadecimal digits"},
		{"decisions: [{id: 00000000000g, line: 1, label: benign, by: a, why: b}]\n", "an id of 12 hexadecimal digits"},
		{"decisions: [{id: 000000000000, line: 0, label: benign, by: a, why: b}]\n", "from 1"},
		{"decisions: [{id: 000000000000, line: 1, label: fine, by: a, why: b}]\n", "a label is malicious"},
		{"decisions: [{id: 000000000000, line: 1, label: benign, by: a, why: b, file: c}]\n", "name no file"},
		{"decisions: [{id: 000000000000, line: 1, label: benign, by: a, why: b}, {id: 000000000000, line: 2, label: risky, by: a, "
		 "why: b}]\n", "decided about twice"},
		{"episodes: [{name: e, label: benign, files: [x]}]\n", "leave `files` out"},
		{"colour: red\n", "colour"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct fixture f;
		begin(&f);
		load(&f, cases[i][0]);
		CU_ASSERT_PTR_NULL(f.dataset);
		CHECK_CONTAINS(unit_printed(&f.world.arena, &f.d), cases[i][1]);
		CHECK_CONTAINS(unit_printed(&f.world.arena, &f.d), "a.json.labels.yaml:1:");
		done(&f);
	}
}

/* Writing */

static const char *const names[] = {"socket"};
static const struct label_entry entry = {.id = "0123456789ab", .file = "", .line = 7, .time = "", .detections = names,
	.detection_count = 1, .label = "benign", .by = "soc", .why = "so", .at = "2026-01-01T00:00:00Z"};
#define ENTRY(indent) indent "- id: \"0123456789ab\"\n" indent "  line: 7\n" indent "  detections: [socket]\n" indent \
	"  label: benign\n" indent "  by: soc\n" indent "  why: so\n" indent "  at: 2026-01-01T00:00:00Z\n"
#define OLD "  - id: aaaaaaaaaaaa\n    line: 1\n    label: risky\n    by: x\n    why: y\n"
#define HEAD "# Decisions about single events, written by `mews label` (docs/corpus.md). Comments are kept.\n"

static void test_writing(void)
{
	static const struct {
		const char *before, *after; /* before NULL: no file */
		enum label_change change;
	} cases[] = {
		{NULL, HEAD "decisions:\n" ENTRY("  "), LABEL_ADDED},
		{"", "decisions:\n" ENTRY("  "), LABEL_ADDED},
		{"default: benign", "default: benign\ndecisions:\n" ENTRY("  "), LABEL_ADDED},
		{"decisions:\ndefault: benign\n", "decisions:\n" ENTRY("  ") "default: benign\n", LABEL_ADDED},
		{"decisions: []\n# end\n", "decisions:\n" ENTRY("  ") "# end\n", LABEL_ADDED},
		{"# a\ndecisions:\n  # b\n" OLD "  # c\n\ndefault: benign # d\n",
			"# a\ndecisions:\n  # b\n" OLD ENTRY("  ") "  # c\n\ndefault: benign # d\n", LABEL_ADDED},
		{"decisions:\n- id: aaaaaaaaaaaa\n  line: 1\n  label: risky\n  by: x\n  why: y",
			"decisions:\n- id: aaaaaaaaaaaa\n  line: 1\n  label: risky\n  by: x\n  why: y\n" ENTRY(""), LABEL_ADDED},
		{"decisions:\n" OLD "  - id: 0123456789ab\n    # why?\n    line: 7\n    label: risky\n    by: x\n    why: >\n      y\n  # z\n" OLD,
			"decisions:\n" OLD "    # why?\n" ENTRY("  ") "  # z\n" OLD, LABEL_CHANGED},
		{"decisions:\n  - {id: 0123456789ab, line: 7, label: benign, by: soc, why: so}\n",
			"decisions:\n  - {id: 0123456789ab, line: 7, label: benign, by: soc, why: so}\n", LABEL_SAME},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = {0};
		struct diagnostics d = {0};
		struct text before, content;
		enum label_change change;
		const char *path = arena_printf(&arena, "%s/labels.yaml", unit_folder(&arena));
		if (cases[i].before)
			unit_file(&arena, arena_strndup(&arena, path, strlen(path) - strlen("/labels.yaml")), "labels.yaml", text_of(cases[i].before));
		struct label_file *file = label_file_open(&arena, path, &d);
		CU_ASSERT_PTR_NOT_NULL_FATAL(file);
		CHECK_LONG(label_file_put(file, &entry, &change, &before, &d), 0);
		CHECK_LONG(change, cases[i].change);
		CHECK_LONG(label_file_write(file, &d), 0);
		CHECK_LONG(file_read(&arena, path, 0, &d, &content), 0);
		CHECK_TEXT(content, cases[i].after);
		CHECK_TEXT(unit_printed(&arena, &d), "");
		diagnostics_free(&d);
		arena_free(&arena);
	}
}

static void test_writing_refused(void)
{
	static const char *const cases[][2] = {
		{"decisions: [{id: 0123456789ab, line: 7, label: risky, by: a, why: b}]\n", "does not stand on lines of its own"},
		{"decisions: [{id: aaaaaaaaaaaa, line: 7, label: risky, by: a, why: b}]\n", "do not stand on lines of their own"},
		{"decisions: maybe\n", "decisions is a list"},
		{"default: benign\rdecisions: []\n", "turn those into newlines"},
		{"default: benign # \xe2\x80\xa8\n", "turn those into newlines"},
		{"decisions: [\n", "1:"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = {0};
		struct diagnostics d = {0};
		struct text before, content;
		enum label_change change;
		const char *path = unit_file(&arena, unit_folder(&arena), "labels.yaml", text_of(cases[i][0]));
		struct label_file *file = label_file_open(&arena, path, &d);
		if (file)
			CHECK_LONG(label_file_put(file, &entry, &change, &before, &d), -1);
		CHECK_CONTAINS(unit_printed(&arena, &d), cases[i][1]);
		CHECK_LONG(file_read(&arena, path, 0, &d, &content), 0);
		CHECK_TEXT(content, cases[i][0]);
		diagnostics_free(&d);
		arena_free(&arena);
	}
}

/* Whatever somebody says is read back as it was. */
static void test_quoting(void)
{
	static const char *const texts[] = {"plain", "a \"b\" \\ c", "two\nlines\tand # more: yes", "\x01\x7f", "caf\xc3\xa9 \xe2\x80\xa8 \xc2\x85 \xe2\x80\xa9 end",
		" - {x: [", "null", "'", "%"};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct arena arena = {0};
		struct diagnostics d = {0};
		struct text before, content;
		struct label_entry said = entry;
		enum label_change change;
		const char *path = arena_printf(&arena, "%s/labels.yaml", unit_folder(&arena));
		said.why = texts[i];
		for (int again = 0; again < 2; again++) {
			struct label_file *file = label_file_open(&arena, path, &d);
			CU_ASSERT_PTR_NOT_NULL_FATAL(file);
			CHECK_LONG(label_file_put(file, &said, &change, &before, &d), 0);
			CHECK_LONG(label_file_write(file, &d), 0);
			CHECK_LONG(change, again ? LABEL_SAME : LABEL_ADDED);
		}
		CHECK_LONG(file_read(&arena, path, 0, &d, &content), 0);
		const struct yaml *document = unit_yaml(&arena, content.data);
		CHECK_TEXT(yaml_get(&yaml_get(document, "decisions")->items[0], "why")->text, texts[i]);
		diagnostics_free(&d);
		arena_free(&arena);
	}
}

void suite_labels(void);
void suite_labels(void)
{
	CU_pSuite suite = unit_suite("labels");
	UNIT_TEST(suite, test_ids);
	UNIT_TEST(suite, test_far_ids);
	UNIT_TEST(suite, test_decisions);
	UNIT_TEST(suite, test_faults);
	UNIT_TEST(suite, test_writing);
	UNIT_TEST(suite, test_writing_refused);
	UNIT_TEST(suite, test_quoting);
}
