/*
 * Any text as a label file into which a decision is written. Either that is refused and the file stays as it was, or the
 * decision is in it once, its comments are all there, and writing it again changes nothing.
 */
#include "cli/label_file.h"
#include "tests/fuzz/reader.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const detections[] = {"one", "two"};
static const struct label_entry entry = {.id = "0123456789ab", .file = "", .line = 7, .time = "2026-01-01T00:00:00Z",
	.detections = detections, .detection_count = 2, .label = "benign", .by = "a \"b\"", .why = "c: \\ #d", .at = "2026-01-01T00:00:00Z"};

static struct text content_of(struct arena *arena, const char *path)
{
	struct diagnostics d = {0};
	struct text content;
	if (file_read(arena, path, 0, &d, &content))
		abort();
	diagnostics_free(&d);
	return content;
}

/* Lines that are nothing but a comment. */
static size_t comments(struct text content)
{
	size_t count = 0;
	while (content.length) {
		size_t end = text_find(content, '\n');
		struct text line = text_trim(text_slice(content, 0, end));
		count += line.length && line.data[0] == '#';
		content = text_slice(content, end < content.length ? end + 1 : end, content.length);
	}
	return count;
}

static size_t times_there(struct arena *arena, struct text content)
{
	struct diagnostics d = {0};
	struct yaml *documents;
	size_t count = 0, there = 0;
	if (yaml_parse(arena, content, "fuzz", NULL, &d, &documents, &count) || count != 1)
		abort();
	const struct yaml *list = yaml_get(documents, "decisions");
	for (size_t i = 0; list && i < list->count; i++) {
		const struct yaml *id = list->items[i].kind == YAML_MAPPING ? yaml_get(&list->items[i], "id") : NULL;
		const struct yaml *why = id ? yaml_get(&list->items[i], "why") : NULL;
		there += why && id->kind == YAML_SCALAR && text_is(id->text, entry.id) && why->kind == YAML_SCALAR && text_is(why->text, entry.why);
	}
	diagnostics_free(&d);
	return there;
}

static int put(struct arena *arena, const char *path, enum label_change *change)
{
	struct diagnostics d = {0};
	struct text before;
	struct label_file *file = label_file_open(arena, path, &d);
	int failed = !file || label_file_put(file, &entry, change, &before, &d) || label_file_write(file, &d);
	if (failed != (d.errors > 0))
		abort();
	diagnostics_free(&d);
	return failed;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	enum label_change change;
	char path[] = "/tmp/mews-fuzz-XXXXXX";
	fuzz_file(path, data, size);
	struct text before = content_of(&arena, path);
	int failed = put(&arena, path, &change);
	struct text after = content_of(&arena, path);
	if (failed && !text_equal(before, after))
		abort();
	if (!failed && (times_there(&arena, after) < 1 || comments(after) < comments(before)))
		abort();
	if (!failed && (put(&arena, path, &change) || change != LABEL_SAME || !text_equal(after, content_of(&arena, path))))
		abort();
	unlink(path);
	arena_free(&arena);
	return 0;
}
