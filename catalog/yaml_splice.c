/*
 * yaml_splice: items are put into, replaced in, or taken out of a list in a YAML file.
 *
 * One stretch of bytes is cut out and a text comes in its place. Where that is follows from the marks of the tree; where
 * two places would do (blank lines at the end of a block of text may belong to it) each is tried, and the tree that is
 * read back decides.
 */
#include "catalog/yaml_splice.h"

#include "catalog/yaml_marks.h"

#include <string.h>

struct cut {
	size_t from, to;
	struct text text;
};

enum { CUTS_MAX = 3 };

struct splicer {
	struct arena *arena;
	struct text source; /* without its byte order mark */
	const struct splice *splice;
	const char *line_end;
	struct yaml_marks marks;
	struct cut cuts[CUTS_MAX]; /* best first */
	size_t count;
};

/* --- lines ------------------------------------------------------------------------------------ */

/* Bytes of the line end at `at`; 0: there is none. YAML knows more of them than editors do. */
static size_t break_at(struct text source, size_t at)
{
	static const struct text breaks[] = {{"\r\n", 2}, {"\n", 1}, {"\r", 1}, {"\xc2\x85", 2},
		{"\xe2\x80\xa8", 3}, {"\xe2\x80\xa9", 3}};
	struct text rest = text_slice(source, at, source.length);
	for (size_t i = 0; i < sizeof breaks / sizeof *breaks; i++)
		if (text_starts(rest, breaks[i], false))
			return breaks[i].length;
	return 0;
}

static const char *line_end_of(struct text source)
{
	for (size_t at = 0; at < source.length; at++)
		if (source.data[at] == '\n' || source.data[at] == '\r')
			return source.data[at] == '\n' ? "\n" : break_at(source, at) == 2 ? "\r\n" : "\r";
	return "\n";
}

/* Behind the line end of the line that `at` stands in. */
static size_t next_line(struct text source, size_t at)
{
	while (at < source.length && break_at(source, at) == 0)
		at++;
	return at + break_at(source, at);
}

static bool starts_line(struct text source, size_t at)
{
	struct text before = text_slice(source, 0, at);
	if (at == 0 || text_ends(before, TEXT("\n"), false))
		return true;
	if (text_ends(before, TEXT("\r"), false))
		return at == source.length || source.data[at] != '\n';
	return text_ends(before, TEXT("\xc2\x85"), false) || text_ends(before, TEXT("\xe2\x80\xa8"), false) ||
		text_ends(before, TEXT("\xe2\x80\xa9"), false);
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

static size_t skip_blanks(struct text source, size_t at)
{
	while (at < source.length && is_blank(source.data[at]))
		at++;
	return at;
}

/* The beginning of the line before the one that begins at `at`. */
static size_t line_before(struct text source, size_t at)
{
	size_t line = 0;
	for (size_t next = 0; next < at; next = next_line(source, next))
		line = next;
	return line;
}

static size_t line_start(struct text source, size_t at)
{
	size_t start = 0;
	for (size_t next = 0; next <= at && next < source.length; next = next_line(source, next))
		start = next;
	return start;
}

static size_t column_of(struct text source, size_t at)
{
	size_t column = 0;
	for (size_t i = line_start(source, at); i < at; i += utf8_step(source.data + i, source.length - i))
		column++;
	return column;
}

/* --- where blocks end ------------------------------------------------------------------------- */

/* The beginning of the line behind a block and the comments below it that stand deeper than `column`. */
static size_t behind(struct text source, const struct yaml_extent *extent, size_t column)
{
	size_t at = extent->to;
	if (!extent->block_scalar || !starts_line(source, at))
		at = next_line(source, at);
	for (;;) {
		size_t text = skip_blanks(source, at);
		if (text == source.length || source.data[text] != '#' || text - at <= column)
			return at;
		at = next_line(source, at);
	}
}

/* The same before the blank lines that end a | block, which may not be its own. */
static size_t before_blank_lines(struct text source, size_t at)
{
	while (at > 0) {
		size_t line = line_before(source, at);
		size_t text = skip_blanks(source, line);
		if (text >= at || break_at(source, text) == 0)
			return at;
		at = line;
	}
	return at;
}

static void add_cut(struct splicer *s, size_t from, size_t to, struct text text)
{
	if (s->count < CUTS_MAX)
		s->cuts[s->count++] = (struct cut){from, to, text};
}

/* Whole lines come in at `at`, which begins a line or ends the file. */
static void add_lines(struct splicer *s, size_t at, struct text lines)
{
	size_t length = text_of(s->line_end).length;
	if (!starts_line(s->source, at)) /* the last line keeps its lack of an end */
		lines = text_of(arena_printf(s->arena, "%s%.*s", s->line_end, TEXT_ARGS(text_slice(lines, 0, lines.length - length))));
	add_cut(s, at, at, lines);
}

static void add_lines_behind(struct splicer *s, const struct yaml_extent *extent, size_t column, struct text lines)
{
	size_t at = behind(s->source, extent, column);
	if (extent->block_scalar && at == extent->to)
		add_lines(s, before_blank_lines(s->source, at), lines);
	add_lines(s, at, lines);
}

/* --- what is written -------------------------------------------------------------------------- */

static struct text write_item(struct splicer *s, unsigned dash, bool flow, const char *head)
{
	struct buffer out = {0};
	struct yaml_style style = {.indent = dash + 2, .line_end = s->line_end, .flow = flow};
	if (head)
		buffer_string(&out, head);
	if (!flow)
		buffer_printf(&out, "%*s- ", (int)dash, "");
	yaml_write(s->splice->item, &style, &out);
	if (!flow)
		buffer_string(&out, s->line_end);
	struct text text = text_copy(s->arena, buffer_view(&out));
	buffer_free(&out);
	return text;
}

/* --- items of a block ------------------------------------------------------------------------- */

/* The dash of an item: the first character between what stands before it and the item that is neither blank nor comment
 * nor a property of the list. */
static size_t dash_of(const struct splicer *s, size_t item)
{
	const struct text source = s->source;
	size_t end = s->marks.items[item].from;
	size_t at = item > 0 ? s->marks.items[item - 1].to : s->marks.key.to;
	bool colon = item == 0;
	while (at < end) {
		char byte = source.data[at];
		if (byte == '#')
			at = next_line(source, at);
		else if (byte == '&' || byte == '!')
			while (at < end && !is_blank(source.data[at]) && break_at(source, at) == 0)
				at++;
		else if (byte == '-')
			return at;
		else if (colon || is_blank(byte) || break_at(source, at) > 0)
			at++;
		else
			return end;
	}
	return end;
}

static bool begins_line(struct text source, size_t at)
{
	return skip_blanks(source, line_start(source, at)) == at;
}

static void insert_into_block(struct splicer *s)
{
	const struct yaml_marks *marks = &s->marks;
	size_t first = dash_of(s, 0);
	unsigned column = (unsigned)column_of(s->source, first);
	struct text lines = write_item(s, column, false, NULL);
	if (s->splice->at == 0) {
		if (begins_line(s->source, first)) {
			add_lines(s, next_line(s->source, marks->key.to), lines);
			add_lines(s, line_start(s->source, first), lines);
		}
		return;
	}
	size_t before = s->splice->at < marks->count ? s->splice->at - 1 : marks->count - 1;
	add_lines_behind(s, &marks->items[before], column, lines);
}

/* An item's lines, [from, to). */
static bool lines_of(const struct splicer *s, size_t item, size_t *from, size_t *to)
{
	const struct yaml_extent *extent = &s->marks.items[item];
	size_t dash = dash_of(s, item);
	if (!begins_line(s->source, dash))
		return false;
	*from = line_start(s->source, dash);
	*to = behind(s->source, extent, column_of(s->source, dash));
	if (extent->block_scalar && *to == extent->to)
		*to = before_blank_lines(s->source, *to);
	return *to > *from;
}

/* Where a colon behind a key ends. */
static size_t colon_end(struct text source, size_t key_end)
{
	size_t at = key_end;
	while (at < source.length && source.data[at] != ':')
		at++;
	return at < source.length ? at + 1 : at;
}

static void remove_from_block(struct splicer *s)
{
	size_t from, to;
	if (!lines_of(s, s->splice->at, &from, &to))
		return;
	if (s->marks.count > 1) {
		add_cut(s, from, to, (struct text){0});
		return;
	}
	size_t colon = colon_end(s->source, s->marks.key.to);
	struct text between = text_slice(s->source, colon, from);
	add_cut(s, colon, to, text_of(arena_printf(s->arena, " []%.*s", TEXT_ARGS(between))));
}

/* Comments inside of an item that gets new values stay, above it. */
static void replace_in_block(struct splicer *s)
{
	size_t from, to;
	struct buffer out = {0};
	if (!lines_of(s, s->splice->at, &from, &to))
		return;
	for (size_t at = from, end; at < to; at = end) {
		end = next_line(s->source, at);
		size_t text = skip_blanks(s->source, at);
		if (text < end && s->source.data[text] == '#')
			buffer_text(&out, text_slice(s->source, at, end));
	}
	buffer_text(&out, write_item(s, (unsigned)column_of(s->source, dash_of(s, s->splice->at)), false, NULL));
	if (!starts_line(s->source, to))
		out.length -= text_of(s->line_end).length;
	add_cut(s, from, to, text_copy(s->arena, buffer_view(&out)));
	buffer_free(&out);
}

/* --- items in brackets ------------------------------------------------------------------------ */

static void insert_into_flow(struct splicer *s)
{
	const struct yaml_marks *marks = &s->marks;
	size_t at = s->splice->at < marks->count ? s->splice->at : marks->count;
	struct text item = write_item(s, 0, true, at > 0 ? ", " : NULL);
	size_t place = at > 0 ? marks->items[at - 1].to : marks->count > 0 ? marks->items[0].from : marks->value.to - 1;
	if (at == 0 && marks->count > 0)
		item = text_of(arena_printf(s->arena, "%.*s, ", TEXT_ARGS(item)));
	add_cut(s, place, place, item);
}

static void change_in_flow(struct splicer *s)
{
	const struct yaml_marks *marks = &s->marks;
	const struct yaml_extent *it = &marks->items[s->splice->at];
	if (s->splice->kind == SPLICE_REPLACE)
		add_cut(s, it->from, it->to, write_item(s, 0, true, NULL));
	else if (s->splice->at + 1 < marks->count)
		add_cut(s, it->from, marks->items[s->splice->at + 1].from, (struct text){0});
	else if (s->splice->at > 0)
		add_cut(s, marks->items[s->splice->at - 1].to, it->to, (struct text){0});
	else
		add_cut(s, it->from, marks->value.to - 1, (struct text){0});
}

/* --- a list that is not there ----------------------------------------------------------------- */

/* `exceptions:`, `exceptions: ~` and `exceptions: []`: what stands there goes, the items come below. */
static void insert_into_nothing(struct splicer *s)
{
	const struct yaml_extent *value = &s->marks.value;
	size_t from = value->from, to = value->to;
	size_t line = next_line(s->source, to);
	while (from > s->marks.key.to && is_blank(s->source.data[from - 1]))
		from--;
	if (from == to && to < colon_end(s->source, s->marks.key.to))
		from = to = colon_end(s->source, s->marks.key.to);
	struct text lines = write_item(s, (unsigned)s->marks.root_column + 2, false, NULL);
	struct text rest = text_slice(s->source, to, line);
	if (!starts_line(s->source, line))
		add_cut(s, from, line, text_of(arena_printf(s->arena, "%.*s%s%.*s", TEXT_ARGS(rest), s->line_end,
			TEXT_ARGS(text_slice(lines, 0, lines.length - text_of(s->line_end).length)))));
	else
		add_cut(s, from, line, text_of(arena_printf(s->arena, "%.*s%.*s", TEXT_ARGS(rest), TEXT_ARGS(lines))));
}

static void insert_key(struct splicer *s)
{
	const struct yaml_marks *marks = &s->marks;
	if (marks->root.flow) {
		bool any = marks->root.to > marks->root.from + 2;
		size_t at = marks->root.to - 1;
		while (at > marks->root.from + 1 && (is_blank(s->source.data[at - 1]) || break_at(s->source, at - 1)))
			at--;
		const char *head = arena_printf(s->arena, "%s\"%s\": [", any ? ", " : "", s->splice->key);
		add_cut(s, at, at, text_of(arena_printf(s->arena, "%.*s]", TEXT_ARGS(write_item(s, 0, true, head)))));
		return;
	}
	const char *head = arena_printf(s->arena, "%*s%s:%s", (int)marks->root_column, "", s->splice->key, s->line_end);
	add_lines_behind(s, &marks->root, marks->root_column, write_item(s, (unsigned)marks->root_column + 2, false, head));
}

/* --- all together ----------------------------------------------------------------------------- */

static void insert(struct splicer *s)
{
	const struct yaml_extent *value = &s->marks.value;
	struct text written = text_slice(s->source, value->from, value->to);
	bool flow_item = s->marks.root.flow || text_find(written, '#') < written.length || next_line(written, 0) < written.length;
	if (!s->marks.found)
		insert_key(s);
	else if (value->kind == YAML_SEQUENCE && !value->flow && s->marks.count > 0)
		insert_into_block(s);
	else if (value->kind == YAML_SEQUENCE && (s->marks.count > 0 || flow_item))
		insert_into_flow(s);
	else if (value->null && s->marks.root.flow)
		add_cut(s, value->from, value->to, text_of(arena_printf(s->arena, "%s%.*s]", value->from == value->to ? " [" : "[",
			TEXT_ARGS(write_item(s, 0, true, NULL)))));
	else if (value->kind == YAML_SEQUENCE || value->null)
		insert_into_nothing(s);
}

static void choose_cuts(struct splicer *s)
{
	if (s->splice->kind == SPLICE_INSERT)
		insert(s);
	else if (s->marks.value.flow)
		change_in_flow(s);
	else if (s->splice->kind == SPLICE_REMOVE)
		remove_from_block(s);
	else
		replace_in_block(s);
}

/* --- is it what it was to be? ----------------------------------------------------------------- */

static struct yaml changed_list(struct arena *arena, const struct yaml *list, const struct splice *splice)
{
	size_t count = list && list->kind == YAML_SEQUENCE ? list->count : 0;
	struct yaml new = {.kind = YAML_SEQUENCE, .items = arena_array(arena, count + 1, sizeof *new.items)};
	size_t at = splice->at < count ? splice->at : count;
	for (size_t i = 0; i <= count; i++) {
		if (i == at && splice->kind != SPLICE_REMOVE)
			new.items[new.count++] = *splice->item;
		if (i < count && (i != at || splice->kind == SPLICE_INSERT))
			new.items[new.count++] = list->items[i];
	}
	return new;
}

static struct yaml changed_root(struct arena *arena, const struct yaml *root, const struct splice *splice)
{
	struct yaml new = {.kind = YAML_MAPPING};
	bool found = false;
	for (size_t i = 0; i < root->count; i++) {
		bool it = text_is(root->keys[i].text, splice->key);
		found = found || it;
		yaml_set(arena, &new, root->keys[i].text.data, it ? changed_list(arena, &root->items[i], splice) : root->items[i]);
	}
	if (!found)
		yaml_set(arena, &new, splice->key, changed_list(arena, NULL, splice));
	return new;
}

static bool holds(struct splicer *s, struct text result, const struct yaml *expected, const struct yaml *documents, size_t count,
	const char *file)
{
	struct diagnostics d = {0};
	struct yaml *got = NULL;
	size_t got_count = 0;
	bool fine = yaml_parse(s->arena, result, file, NULL, &d, &got, &got_count) == 0 && got_count == count &&
		yaml_equal(&got[0], expected);
	for (size_t i = 1; fine && i < count; i++)
		fine = yaml_equal(&got[i], &documents[i]);
	diagnostics_free(&d);
	return fine;
}

static int refuse(const struct splicer *s, struct text source, struct diagnostics *d, const char *sentence)
{
	diagnostics_error(d, s->marks.place, "%s", sentence);
	diagnostics_show_line(d, source);
	return -1;
}

static int check(const struct splicer *s, const struct yaml *documents, size_t count, struct diagnostics *d)
{
	const struct yaml *list = count > 0 ? yaml_get(documents, s->splice->key) : NULL;
	if (count == 0 || documents->kind != YAML_MAPPING)
		return refuse(s, s->source, d, "the file must hold a mapping to be changed by mews");
	if (list && list->kind != YAML_SEQUENCE && list->kind != YAML_NULL)
		return yaml_error(d, list, "`%s` must be a list to be changed by mews", s->splice->key);
	if ((list && !s->marks.found) || s->marks.value.alias)
		return yaml_error(d, list, "`%s` is brought here by an alias or `<<`: write the list out, so that mews can change it",
			s->splice->key);
	if (s->splice->kind != SPLICE_INSERT && (!list || s->splice->at >= list->count))
		return refuse(s, s->source, d, "the list has no such item");
	return 0;
}

int yaml_splice(struct arena *arena, struct text source, const char *file, const struct splice *splice,
	struct diagnostics *d, struct text *result)
{
	struct splicer s = {.arena = arena, .splice = splice, .source = source};
	struct text mark = text_starts(source, TEXT("\xef\xbb\xbf"), false) ? text_slice(source, 0, 3) : (struct text){"", 0};
	struct yaml *documents;
	size_t count;
	if (yaml_parse(arena, source, file, NULL, d, &documents, &count))
		return -1;
	s.source = text_slice(source, mark.length, source.length);
	s.line_end = line_end_of(s.source);
	yaml_marks_find(arena, s.source, file, splice->key, &s.marks);
	if (check(&s, documents, count, d))
		return -1;
	struct yaml expected = changed_root(arena, documents, splice);
	choose_cuts(&s);
	for (size_t i = 0; i < s.count; i++) {
		const struct cut *cut = &s.cuts[i];
		*result = text_of(arena_printf(arena, "%.*s%.*s%.*s%.*s", TEXT_ARGS(mark), TEXT_ARGS(text_slice(s.source, 0, cut->from)),
			TEXT_ARGS(cut->text), TEXT_ARGS(text_slice(s.source, cut->to, s.source.length))));
		if (holds(&s, *result, &expected, documents, count, file))
			return 0;
	}
	return refuse(&s, s.source, d, "this list is written in a way that mews cannot change without changing more than it: "
		"write it as a list of mappings, a key a line");
}
