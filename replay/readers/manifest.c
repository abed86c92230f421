/*
 * manifest: YAML streams → documents → containers, and the account of their lines.
 */
#include "replay/readers/manifest.h"

#include "catalog/container.h"

#include <string.h>

enum { FILE_MAX = 16 << 20 };
enum line_kind { LINE_BLANK, LINE_PART, LINE_EVENT, LINE_REJECTED };

static const char *const yes_words[] = {"true", "yes", "on", "y", NULL}, *const no_words[] = {"false", "no", "off", "n", NULL};

static bool is_word(struct text text, const char *const *words)
{
	for (; *words; words++)
		if (text_equal_fold(text, text_of(*words)))
			return true;
	return false;
}

void manifest_add_propagation(struct manifest *m, struct manifest_list *list, struct text source, struct text words,
	char separator)
{
	struct text word = container_propagation(words, separator);
	if (source.length && word.length)
		manifest_add(m, list,
			text_of(arena_printf(m->arena, "%.*s:%.*s", TEXT_ARGS(path_clean(m->arena, source)), TEXT_ARGS(word))));
}

void manifest_add_joined(struct manifest *m, struct manifest_list *list, struct text type, struct text mode)
{
	struct text joined = container_joined(m->arena, type, mode);
	if (joined.length)
		manifest_add(m, list, joined);
}

int manifest_truth(struct text text)
{
	if (is_word(text, yes_words))
		return 1;
	return is_word(text, no_words) ? 0 : -1;
}

struct text manifest_text(const struct yaml *node)
{
	return node && node->kind == YAML_SCALAR ? node->text : TEXT("");
}

static unsigned field_of(const struct manifest *m, const char *name)
{
	unsigned number = registry_field(m->event->registry, text_of(name));
	return m->wanted && !m->wanted[number] ? FIELD_NONE : number;
}

static void begin(struct manifest *m, const struct yaml *node, struct text category_name, struct text action_name)
{
	const struct registry *registry = &m->options->catalog->registry;
	bool found;
	unsigned category = registry_category(registry, category_name, &found);
	unsigned action = registry_action(registry, category, action_name);
	m->event = &m->made;
	event_begin(m->event, m->arena, registry);
	m->event->file = m->file;
	m->event->line = m->offset + node->place.line;
	m->facet = event_add_facet(m->event, category, action);
}

void manifest_begin(struct manifest *m, const struct yaml *container)
{
	begin(m, container, TEXT("container"), TEXT("create"));
}

void manifest_begin_exec(struct manifest *m, const struct yaml *command)
{
	begin(m, command, TEXT("container"), TEXT("exec"));
}

void manifest_begin_object(struct manifest *m, const struct yaml *object)
{
	begin(m, object, TEXT("api"), TEXT("create"));
}

void manifest_deliver(struct manifest *m, const struct yaml *container)
{
	size_t line = m->offset + container->place.line;
	if (m->status)
		return;
	if (line <= m->line_count)
		m->lines[line] = LINE_EVENT;
	m->ledger->events++;
	m->ledger->unfilled += m->event->unfilled;
	m->status = m->sink.take(m->sink.context, m->event);
}

void manifest_set(struct manifest *m, const char *field, struct text text)
{
	unsigned number = field_of(m, field);
	if (number != FIELD_NONE && text.length)
		facet_set_text(m->event, m->facet, number, text);
}

void manifest_set_bool(struct manifest *m, const char *field, bool truth)
{
	unsigned number = field_of(m, field);
	if (number != FIELD_NONE)
		facet_set_bool(m->event, m->facet, number, truth);
}

void manifest_set_list(struct manifest *m, const char *field, const struct manifest_list *list)
{
	unsigned number = field_of(m, field);
	if (number != FIELD_NONE && (list->count || !(list->unresolved || m->partial)))
		facet_set_texts(m->event, m->facet, number, list->items, list->count);
}

void manifest_set_image(struct manifest *m, struct text image)
{
	struct text name, tag;
	if (!image.length || !container_image(image, &name, &tag))
		return;
	manifest_set(m, "container.image.name", name);
	manifest_set(m, "container.image.tag", tag);
	manifest_set(m, "container.image.hash.all", text_slice(image, text_find(image, '@') + 1, image.length));
}

void manifest_add(struct manifest *m, struct manifest_list *list, struct text item)
{
	list->items = arena_grow(m->arena, list->items, list->count, sizeof *list->items);
	list->items[list->count++] = item;
}

void manifest_add_mount(struct manifest *m, struct manifest_list *list, struct text source, struct text destination,
	struct text mode)
{
	manifest_add(m, list, container_mount(m->arena, source, destination, mode));
}

/* The lines of a document, as the file has them. */
struct slice {
	struct text text;
	size_t first, last; /* lines, from 1; last < first: none */
};

static struct text next_line(struct text text, size_t *at)
{
	struct text rest = text_slice(text, *at, text.length);
	size_t length = text_find(rest, '\n');
	*at += length + 1;
	return text_slice(rest, 0, length);
}

/* `---` at the beginning of a line always begins a document, even inside a text. */
static bool is_marker(struct text line)
{
	struct text rest = text_slice(line, 3, line.length);
	return text_starts(line, TEXT("---"), false) && (!rest.length || rest.data[0] == ' ' || text_trim(rest).length == 0);
}

static bool is_comment(struct text line)
{
	struct text trimmed = text_trim(line);
	return !trimmed.length || trimmed.data[0] == '#';
}

/* Blank lines are told here; a marker is a part of the document that it begins. Returns false for a
 * document of nothing but blanks. */
static bool mark_lines(struct manifest *m, const struct slice *slice)
{
	bool content = false;
	size_t at = 0;
	for (size_t line = slice->first; line <= slice->last; line++) {
		struct text text = next_line(slice->text, &at);
		bool comment = is_comment(text);
		m->lines[line] = comment ? LINE_BLANK : LINE_PART;
		content |= !comment && !is_marker(text);
	}
	return content;
}

static const char *reason_of(const struct slice *slice, const struct diagnostics *d)
{
	if (text_contains(slice->text, TEXT("{{"), false))
		return "a template, with {{ }} that nobody filled in, is no YAML";
	return d->count ? d->items[0].message : "the YAML cannot be read";
}

/* All lines of the document; the reason stands once, at the line of the error. */
static void reject_slice(struct manifest *m, const struct slice *slice, const struct diagnostics *d)
{
	size_t fault = slice->first + (d->count && d->items[0].place.line ? d->items[0].place.line - 1 : 0);
	uint64_t rejected = 0;
	for (size_t line = slice->first; line <= slice->last; line++) {
		if (m->lines[line] == LINE_BLANK)
			continue;
		m->lines[line] = LINE_REJECTED;
		rejected++;
	}
	ledger_reject(m->ledger, m->file, fault, "%s (a document of %llu lines)", reason_of(slice, d), (unsigned long long)rejected);
	m->ledger->rejected += rejected - 1;
}

static void take_slice(struct manifest *m, const struct slice *slice,
	void (*take)(struct manifest *m, const struct yaml *document))
{
	struct diagnostics d = {0};
	struct yaml *documents = NULL;
	size_t count = 0;
	if (m->status || slice->last < slice->first || !mark_lines(m, slice))
		return;
	m->offset = slice->first - 1;
	if (yaml_parse(m->arena, slice->text, m->file, m->limits, &d, &documents, &count))
		reject_slice(m, slice, &d);
	else
		for (size_t i = 0; i < count && !m->status; i++)
			take(m, &documents[i]);
	diagnostics_free(&d);
}

static size_t count_lines(struct text text)
{
	size_t count = 0;
	for (size_t at = 0; at < text.length; count++)
		next_line(text, &at);
	return count;
}

static void take_text(struct manifest *m, struct text text, void (*take)(struct manifest *m, const struct yaml *document))
{
	struct slice slice = {.first = 1};
	size_t start = 0, line = 0;
	for (size_t at = 0; at < text.length; line++) {
		size_t before = at;
		struct text content = next_line(text, &at);
		if (is_marker(content) && before > start) {
			slice.text = text_slice(text, start, before);
			slice.last = line;
			take_slice(m, &slice, take);
			slice.first = line + 1;
			start = before;
		}
	}
	slice.text = text_slice(text, start, text.length);
	slice.last = line;
	take_slice(m, &slice, take);
}

static void count_kinds(struct manifest *m)
{
	m->ledger->lines += m->line_count;
	for (size_t line = 1; line <= m->line_count; line++) {
		m->ledger->blank += m->lines[line] == LINE_BLANK;
		m->ledger->continued += m->lines[line] == LINE_PART;
		m->ledger->event_lines += m->lines[line] == LINE_EVENT;
	}
}

int manifest_run(struct input *input, const struct reader_options *options, const struct yaml_limits *limits,
	struct event_sink sink, struct ledger *ledger, struct diagnostics *d,
	void (*take)(struct manifest *m, const struct yaml *document))
{
	struct arena arena = {0};
	struct manifest m = {.options = options, .limits = limits, .sink = sink, .ledger = ledger, .file = input_name(input),
		.arena = &arena};
	struct text text;
	if (input_rest(input, &arena, FILE_MAX, &text, d)) {
		arena_free(&arena);
		return -1;
	}
	m.line_count = count_lines(text);
	m.lines = arena_array(&arena, m.line_count + 2, sizeof *m.lines);
	take_text(&m, text, take);
	count_kinds(&m);
	arena_free(&arena);
	return m.status;
}
