/* row_source: raw values that are put together, taken out of others, or gathered from parts (meaning.h). */
#include "replay/readers/meaning.h"

#include "catalog/regex.h"

#include <string.h>

struct gathering {
	const struct meaning *m;
	const struct plan_row *row;
	struct text *values;
	size_t count;
};

static void add(struct gathering *g, struct text value)
{
	if (!value.length || dialect_field_is_missing(g->m->plan->dialect, g->row->field, value))
		return;
	g->values = arena_grow(g->m->event->arena, g->values, g->count, sizeof *g->values);
	g->values[g->count++] = value;
}

/* --- relative paths --- */

static void append(struct text *path, struct text more)
{
	if (more.length)
		memcpy((char *)(uintptr_t)path->data + path->length, more.data, more.length);
	path->length += more.length;
}

/* A path below a folder, with `..` at its beginning taken off the folder by name. */
static struct text below(struct arena *arena, struct text folder, struct text path)
{
	while (text_starts(path, TEXT("../"), false) || text_starts(path, TEXT("./"), false) || text_is(path, "..")) {
		bool up = path.length > 1 && path.data[1] == '.';
		path = text_slice(path, up ? 3 : 2, path.length);
		while (up && folder.length && folder.data[--folder.length] != '/')
			;
	}
	struct text joined = {arena_alloc(arena, folder.length + path.length + 2), 0};
	append(&joined, folder);
	append(&joined, TEXT("/"));
	append(&joined, text_is(path, ".") ? TEXT("") : path);
	return joined;
}

/* false: it is relative, and nobody knows to what. */
static bool find_path(const struct gathering *g, const struct record_part *part, struct text *value)
{
	if (!value->length || value->data[0] == '/')
		return value->length > 0;
	const struct raw_value *folder = meaning_value(g->m, part, g->row->base);
	if (meaning_absent(g->m, folder) || folder->values[0].data[0] != '/')
		return false;
	*value = below(g->m->event->arena, folder->values[0], *value);
	return true;
}

/* What `take` and `base` leave of a value. */
static void add_taken(struct gathering *g, const struct record_part *part, struct text value)
{
	const struct dialect_source *source = g->row->field->source;
	if (!source) {
		add(g, value);
		return;
	}
	if (source->take && !regex_take(source->take, g->m->plan->match, value, &value))
		return;
	if (source->base.length && !find_path(g, part, &value))
		return;
	add(g, value);
}

/* --- formats --- */

/* The text of one piece; false: its name is missing, and must not be. */
static bool piece_text(const struct gathering *g, const struct record_part *part, size_t index, struct text *text)
{
	const struct format_piece *piece = &g->row->field->source->format[index];
	const struct raw_value *raw = meaning_value(g->m, part, g->row->names[index]);
	*text = piece->otherwise;
	if (!piece->name.length)
		return true;
	if (meaning_absent(g->m, raw) ||
		(raw->count == 1 && dialect_field_is_missing(g->m->plan->dialect, g->row->field, raw->values[0])))
		return piece->optional;
	*text = raw->count == 1 ? raw->values[0] : text_join(g->m->event->arena, raw->values, raw->count, ' ');
	return !piece->word_count || shape_map_find(piece->words, piece->word_count, *text, text) || piece->optional;
}

static void add_formatted(struct gathering *g, const struct record_part *part)
{
	const struct dialect_source *source = g->row->field->source;
	struct text *texts = arena_array(g->m->event->arena, source->format_count, sizeof *texts);
	size_t length = 0;
	for (size_t i = 0; i < source->format_count; i++) {
		if (!piece_text(g, part, i, &texts[i]))
			return;
		length += source->format[i].before.length + texts[i].length;
	}
	struct text value = {arena_alloc(g->m->event->arena, length + 1), 0};
	for (size_t i = 0; i < source->format_count; i++) {
		append(&value, source->format[i].before);
		append(&value, texts[i]);
	}
	add_taken(g, part, value);
}

/* --- names --- */

static void add_named(struct gathering *g, const struct record_part *part)
{
	size_t before = g->count;
	for (size_t i = 0; i < g->row->field->name_count && g->count == before; i++) {
		const struct raw_value *raw = meaning_value(g->m, part, g->row->names[i]);
		size_t item = g->row->field->source ? g->row->field->source->item : 0;
		for (size_t k = 0; raw && k < raw->count; k++)
			if (!item || item == k + 1)
				add_taken(g, part, raw->values[k]);
	}
}

static void add_of(struct gathering *g, const struct record_part *part)
{
	if (g->row->field->source->format_count)
		add_formatted(g, part);
	else
		add_named(g, part);
}

size_t row_source_values(const struct meaning *m, const struct plan_row *row, const struct record_part *part,
	struct text **values)
{
	struct gathering gathering = {.m = m, .row = row}, *g = &gathering;
	struct text each = row->field->source->each;
	if (!each.length)
		add_of(g, part);
	for (size_t i = 0; each.length && i < m->record->part_count; i++)
		if (text_equal(m->record->parts[i].kind, each) &&
			meaning_all_hold(m, row->where, row->field->source->where_count, &m->record->parts[i]))
			add_of(g, &m->record->parts[i]);
	*values = g->values;
	return g->count;
}

size_t row_values(const struct meaning *m, const struct plan_row *row, const struct record_part *part, struct text **values)
{
	struct gathering gathering = {.m = m, .row = row};
	if (row->field->source)
		return row_source_values(m, row, part, values);
	add_named(&gathering, part);
	*values = gathering.values;
	return gathering.count;
}
