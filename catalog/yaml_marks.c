/*
 * yaml_marks: at which bytes of a YAML file a mapping, one of its lists, and the list's items stand.
 */
#include "catalog/yaml_marks.h"

#include <string.h>
#include <yaml.h>

struct walker {
	yaml_parser_t parser;
	yaml_event_t event;
	size_t *bytes; /* of each character's number: marks count characters */
	size_t characters;
	bool failed;
};

static void next(struct walker *w)
{
	yaml_event_delete(&w->event);
	if (!yaml_parser_parse(&w->parser, &w->event)) {
		w->failed = true;
		memset(&w->event, 0, sizeof w->event);
	}
}

static size_t byte_of(const struct walker *w, yaml_mark_t mark)
{
	return w->bytes[mark.index < w->characters ? mark.index : w->characters];
}

static bool is_null(const yaml_event_t *event)
{
	static const char *const words[] = {"", "~", "null", "Null", "NULL"};
	if (event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE || event->data.scalar.tag)
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp((const char *)event->data.scalar.value, words[i]) == 0)
			return true;
	return false;
}

static bool ends(const yaml_event_t *event)
{
	return event->type == YAML_SEQUENCE_END_EVENT || event->type == YAML_MAPPING_END_EVENT;
}

/* What the event at hand begins, without going on. */
static struct yaml_extent begin(const struct walker *w)
{
	const yaml_event_t *event = &w->event;
	struct yaml_extent e = {.from = byte_of(w, event->start_mark), .to = byte_of(w, event->end_mark), .kind = YAML_SCALAR};
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		e.block_scalar = event->data.scalar.style == YAML_LITERAL_SCALAR_STYLE ||
			event->data.scalar.style == YAML_FOLDED_SCALAR_STYLE;
		e.null = is_null(event);
		break;
	case YAML_SEQUENCE_START_EVENT:
		e.kind = YAML_SEQUENCE;
		e.flow = event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
		break;
	case YAML_MAPPING_START_EVENT:
		e.kind = YAML_MAPPING;
		e.flow = event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
		break;
	default:
		e.alias = event->type == YAML_ALIAS_EVENT;
		break;
	}
	return e;
}

static void reach(struct yaml_extent *whole, const struct yaml_extent *part)
{
	if (part->to < whole->to)
		return;
	whole->to = part->to;
	whole->block_scalar = part->block_scalar;
}

/* The event at hand ends a list or mapping. */
static void finish(const struct walker *w, struct yaml_extent *e)
{
	if (e->flow) {
		e->to = byte_of(w, w->event.end_mark);
		e->block_scalar = false;
	}
}

/* A node whose first event is at hand; its last one is in the end. */
static struct yaml_extent walk(struct walker *w)
{
	struct yaml_extent e = begin(w);
	if (e.kind == YAML_SCALAR)
		return e;
	for (next(w); !w->failed && !ends(&w->event); next(w)) {
		struct yaml_extent part = walk(w); /* no deeper than yaml_parse went */
		reach(&e, &part);
	}
	finish(w, &e);
	return e;
}

static void walk_value(struct walker *w, struct arena *arena, const char *file, struct yaml_marks *marks)
{
	marks->found = true;
	marks->value = begin(w);
	marks->place = (struct place){file, (unsigned)w->event.start_mark.line + 1, (unsigned)w->event.start_mark.column + 1};
	if (marks->value.kind != YAML_SEQUENCE) {
		marks->value = walk(w);
		return;
	}
	for (next(w); !w->failed && !ends(&w->event); next(w)) {
		marks->items = arena_grow(arena, marks->items, marks->count, sizeof *marks->items);
		marks->items[marks->count] = walk(w);
		reach(&marks->value, &marks->items[marks->count++]);
	}
	finish(w, &marks->value);
}

static void walk_root(struct walker *w, struct arena *arena, const char *file, const char *wanted, struct yaml_marks *marks)
{
	while (!w->failed && w->event.type != YAML_DOCUMENT_START_EVENT && w->event.type != YAML_STREAM_END_EVENT)
		next(w);
	next(w);
	marks->root = begin(w);
	marks->place = (struct place){file, (unsigned)w->event.start_mark.line + 1, (unsigned)w->event.start_mark.column + 1};
	if (marks->root.kind != YAML_MAPPING)
		return;
	bool first = true;
	for (next(w); !w->failed && !ends(&w->event); next(w), first = false) {
		bool it = w->event.type == YAML_SCALAR_EVENT && strcmp((const char *)w->event.data.scalar.value, wanted) == 0;
		if (first)
			marks->root_column = w->event.start_mark.column;
		struct yaml_extent key = walk(w);
		next(w);
		if (it) {
			marks->key = key;
			walk_value(w, arena, file, marks);
		}
		struct yaml_extent value = it ? marks->value : walk(w);
		reach(&marks->root, &key);
		reach(&marks->root, &value);
	}
	finish(w, &marks->root);
}

void yaml_marks_find(struct arena *arena, struct text source, const char *file, const char *key, struct yaml_marks *marks)
{
	struct arena room = {0};
	struct walker w = {.bytes = arena_array(&room, source.length + 1, sizeof *w.bytes)};
	*marks = (struct yaml_marks){0};
	for (size_t at = 0; at < source.length; at += utf8_step(source.data + at, source.length - at))
		w.bytes[w.characters++] = at;
	w.bytes[w.characters] = source.length;
	if (!yaml_parser_initialize(&w.parser))
		mem_alloc(SIZE_MAX); /* says so and ends */
	yaml_parser_set_encoding(&w.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&w.parser, (const unsigned char *)source.data, source.length);
	walk_root(&w, arena, file, key, marks);
	yaml_event_delete(&w.event);
	yaml_parser_delete(&w.parser);
	arena_free(&room);
}
