/* label_file: see label_file.h. */
#include "cli/label_file.h"

#include "catalog/file_write.h"
#include "catalog/yaml_scalar.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char head[] = "# Decisions about single events, written by `mews label` (docs/corpus.md). Comments are kept.\n";

/* What comes in place of the lines [first, last]; last < first: before `first`. */
struct edit {
	unsigned first, last;
	struct text text;
};

struct label_file {
	struct arena *arena;
	const char *path;
	struct text content;     /* as it was */
	const struct yaml *list; /* its decisions, or NULL */
	unsigned key_line;       /* of `decisions:`; 0: there is none */
	struct edit *edits;
	size_t edit_count;
	struct buffer added;     /* new entries */
	struct written {         /* what must be there in the end */
		const char *id, *label;
	} *written;
	size_t written_count, added_count;
};

/* YAML knows more ends of lines than editors do; what is written by lines must not hold them. */
static bool has_odd_breaks(struct text content)
{
	static const char *const breaks[] = {"\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9"};
	for (size_t i = 0; i < content.length; i++)
		if (content.data[i] == '\r' && (i + 1 == content.length || content.data[i + 1] != '\n'))
			return true;
	for (size_t i = 0; i < sizeof breaks / sizeof *breaks; i++)
		if (text_contains(content, text_of(breaks[i]), false))
			return true;
	return false;
}

static int parse(struct label_file *file, struct diagnostics *d)
{
	struct yaml *documents = NULL;
	size_t count = 0;
	if (has_odd_breaks(file->content))
		return diagnostics_error(d, ((struct place){file->path, 0, 0}),
			"its lines end in other ways than with a newline: turn those into newlines, then label again");
	if (yaml_parse(file->arena, file->content, file->path, NULL, d, &documents, &count) != 0)
		return -1;
	if (count == 0)
		return 0;
	if (count > 1 || documents->kind != YAML_MAPPING)
		return diagnostics_error(d, ((struct place){file->path, 1, 1}), "a label file is one mapping with `decisions`");
	file->list = yaml_get(documents, "decisions");
	for (size_t i = 0; i < documents->count; i++)
		if (text_is(documents->keys[i].text, "decisions"))
			file->key_line = documents->keys[i].place.line;
	if (file->list != NULL && file->list->kind != YAML_SEQUENCE && file->list->kind != YAML_NULL)
		return yaml_error(d, file->list, "decisions is a list");
	return 0;
}

static void free_added(void *added)
{
	buffer_free(added);
}

struct label_file *label_file_open(struct arena *arena, const char *path, struct diagnostics *d)
{
	struct label_file *file = arena_alloc(arena, sizeof *file);
	*file = (struct label_file){.arena = arena, .path = path};
	arena_defer(arena, free_added, &file->added);
	if (access(path, F_OK) != 0)
		file->content = text_of(head);
	else if (file_read(arena, path, 0, d, &file->content) != 0)
		return NULL;
	return parse(file, d) == 0 ? file : NULL;
}

static void put_text(struct buffer *out, unsigned indent, const char *key, const char *value)
{
	if (value[0] == '\0')
		return;
	buffer_printf(out, "%*s%s: ", (int)indent, "", key);
	yaml_scalar_print(text_of(value), false, out);
	buffer_char(out, '\n');
}

static void put_entry(struct buffer *out, unsigned indent, const struct label_entry *entry)
{
	buffer_printf(out, "%*s- id: ", (int)indent, "");
	yaml_scalar_print(text_of(entry->id), false, out);
	buffer_char(out, '\n');
	indent += 2;
	put_text(out, indent, "file", entry->file);
	buffer_printf(out, "%*sline: %llu\n", (int)indent, "", (unsigned long long)entry->line);
	if (entry->time[0] != '\0')
		buffer_printf(out, "%*stime: %s\n", (int)indent, "", entry->time);
	buffer_printf(out, "%*sdetections: [", (int)indent, "");
	for (size_t i = 0; i < entry->detection_count; i++)
		buffer_printf(out, "%s%s", i > 0 ? ", " : "", entry->detections[i]);
	buffer_string(out, "]\n");
	buffer_printf(out, "%*slabel: %s\n", (int)indent, "", entry->label);
	put_text(out, indent, "by", entry->by);
	put_text(out, indent, "why", entry->why);
	buffer_printf(out, "%*sat: %s\n", (int)indent, "", entry->at);
}

/* The byte where a line (from 1) begins, or the end. */
static size_t line_at(struct text content, unsigned line)
{
	size_t at = 0;
	while (--line > 0 && at < content.length)
		at += text_find(text_slice(content, at, content.length), '\n') + 1;
	return at < content.length ? at : content.length;
}

static struct text line_text(struct text content, unsigned line)
{
	const size_t from = line_at(content, line);
	return text_slice(content, from, line_at(content, line + 1));
}

/* What stands behind an item's last word belongs to nobody: blank lines and comments. */
static unsigned last_line(struct text content, const struct yaml *item)
{
	unsigned last = item->end_line;
	while (last > item->place.line) {
		const struct text line = text_trim(line_text(content, last));
		if (line.length > 0 && line.data[0] != '#' && line.data[0] != '-')
			break;
		last--;
	}
	return last;
}

static void add_edit(struct label_file *file, unsigned first, unsigned last, const struct buffer *text)
{
	file->edits = arena_grow(file->arena, file->edits, file->edit_count, sizeof *file->edits);
	file->edits[file->edit_count++] = (struct edit){first, last, text_copy(file->arena, buffer_view(text))};
}

/* Comments of an entry that gets new values. */
static void keep_comments(const struct label_file *file, unsigned first, unsigned last, struct buffer *out)
{
	for (unsigned line = first; line <= last; line++) {
		const struct text text = line_text(file->content, line);
		const struct text trimmed = text_trim(text);
		if (trimmed.length > 0 && trimmed.data[0] == '#')
			buffer_text(out, text);
	}
}

static bool says(const struct yaml *item, const char *key, const char *value)
{
	const struct yaml *node = yaml_get(item, key);
	return node != NULL && node->kind == YAML_SCALAR && text_is(node->text, value);
}

static int change_entry(struct label_file *file, const struct yaml *item, const struct label_entry *entry,
	enum label_change *change, struct text *before, struct diagnostics *d)
{
	const struct yaml *label = yaml_get(item, "label");
	const unsigned first = item->place.line, last = last_line(file->content, item);
	const struct text begin = text_trim(line_text(file->content, first));
	struct buffer out = {0};
	if (label != NULL)
		*before = label->text;
	*change = LABEL_SAME;
	if (says(item, "label", entry->label) && says(item, "by", entry->by) && says(item, "why", entry->why))
		return 0;
	*change = LABEL_CHANGED;
	if (begin.length == 0 || begin.data[0] != '-')
		return yaml_error(d, item, "this decision does not stand on lines of its own: write it as a list, then label again");
	const unsigned indent = (unsigned)(begin.data - line_text(file->content, first).data);
	keep_comments(file, first, last, &out);
	put_entry(&out, indent, entry);
	add_edit(file, first, last, &out);
	buffer_free(&out);
	return 0;
}

/* The last entry; NULL: there is none. */
static const struct yaml *last_entry(const struct label_file *file)
{
	return file->list != NULL && file->list->count > 0 ? &file->list->items[file->list->count - 1] : NULL;
}

static int add_entry(struct label_file *file, const struct label_entry *entry, struct diagnostics *d)
{
	const struct yaml *last = last_entry(file);
	unsigned indent = 2;
	if (last != NULL) {
		const struct text begin = line_text(file->content, last->place.line), trimmed = text_trim(begin);
		if (trimmed.length == 0 || trimmed.data[0] != '-')
			return yaml_error(d, last, "decisions do not stand on lines of their own: write them as a list, then label again");
		indent = (unsigned)(trimmed.data - begin.data);
	} else if (file->list != NULL && file->list->end_line > file->key_line && file->list->kind == YAML_SEQUENCE) {
		return yaml_error(d, file->list, "an empty list over several lines cannot be added to: remove it, then label again");
	}
	put_entry(&file->added, indent, entry);
	file->added_count++;
	return 0;
}

int label_file_put(struct label_file *file, const struct label_entry *entry, enum label_change *change, struct text *before,
	struct diagnostics *d)
{
	const struct yaml *list = file->list;
	file->written = arena_grow(file->arena, file->written, file->written_count, sizeof *file->written);
	file->written[file->written_count++] = (struct written){entry->id, entry->label};
	*before = (struct text){"", 0};
	for (size_t i = 0; list != NULL && i < list->count; i++)
		if (list->items[i].kind == YAML_MAPPING && says(&list->items[i], "id", entry->id) &&
			(entry->file[0] == '\0' || says(&list->items[i], "file", entry->file)))
			return change_entry(file, &list->items[i], entry, change, before, d);
	*change = LABEL_ADDED;
	return add_entry(file, entry, d);
}

static struct text spliced(const struct label_file *file, struct text content, const struct edit *edit)
{
	const size_t from = line_at(content, edit->first);
	const size_t to = edit->last < edit->first ? from : line_at(content, edit->last + 1);
	struct buffer out = {0};
	buffer_add(&out, content.data, from);
	if (from > 0 && content.data[from - 1] != '\n')
		buffer_char(&out, '\n');
	buffer_text(&out, edit->text);
	buffer_text(&out, text_slice(content, to, content.length));
	content = text_copy(file->arena, buffer_view(&out));
	buffer_free(&out);
	return content;
}

/* The content as it will be: edits from the last line to the first, so that lines keep their numbers. */
static struct text edited(struct label_file *file)
{
	struct text content = file->content;
	if (file->added.length > 0) {
		const struct yaml *last = last_entry(file);
		struct edit end = {.first = UINT32_MAX - 1, .last = 0};
		const bool headed = last != NULL;
		if (headed)
			end.first = last_line(content, last) + 1;
		else if (file->key_line > 0)
			end.first = end.last = file->key_line;
		end.text = text_of(arena_printf(file->arena, "%s%.*s", headed ? "" : "decisions:\n",
			TEXT_ARGS(buffer_view(&file->added))));
		content = spliced(file, content, &end);
	}
	for (size_t left = file->edit_count; left > 0; left--) {
		size_t latest = 0;
		for (size_t i = 1; i < left; i++)
			if (file->edits[i].first > file->edits[latest].first)
				latest = i;
		content = spliced(file, content, &file->edits[latest]);
		file->edits[latest] = file->edits[left - 1];
	}
	return content;
}

/* Text was cut and put by lines: is it what it was meant to be? */
static bool holds_all(const struct label_file *file, const struct label_file *result)
{
	const size_t before = file->list != NULL ? file->list->count : 0;
	if (result->list == NULL || result->list->count != before + file->added_count)
		return false;
	for (size_t i = 0; i < file->written_count; i++) {
		bool found = false;
		for (size_t k = 0; k < result->list->count && !found; k++) {
			const struct yaml *item = &result->list->items[k];
			found = item->kind == YAML_MAPPING && says(item, "id", file->written[i].id) &&
				says(item, "label", file->written[i].label);
		}
		if (!found)
			return false;
	}
	return true;
}

int label_file_write(struct label_file *file, struct diagnostics *d)
{
	const struct place place = {file->path, 0, 0};
	if (file->edit_count == 0 && file->added.length == 0)
		return 0;
	struct label_file written = {.arena = file->arena, .path = file->path, .content = edited(file)};
	if (parse(&written, d) != 0) /* never leave behind what cannot be read */
		return -1;
	if (!holds_all(file, &written))
		return diagnostics_error(d, place, "its decisions are written in a way that none can be added to by lines: write them "
			"as a list of mappings, a key a line, then label again");
	return file_put(file->path, written.content, d);
}
