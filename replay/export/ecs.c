/*
 * ecs: JSON lines in the Elastic Common Schema, nested; a line for each facet of an event (docs/export.md).
 *
 * What a line holds is one ordered list of slots, registered fields and what the export adds, so that each nested
 * object is opened once.
 */
#include "replay/export/formats.h"
#include "replay/measure/json_write.h"

#include <stdlib.h>
#include <string.h>

enum { NESTED_MAX = 16 };

/* What a line has beside the fields of the facet. */
enum extra { EXTRA_NONE, EXTRA_VERSION, EXTRA_ID, EXTRA_KIND, EXTRA_LABEL, EXTRA_DATASET, EXTRA_EPISODE, EXTRA_FACET,
	EXTRA_FACETS, EXTRA_LINE, EXTRA_FILE };
static const struct {
	struct text name;
	enum extra extra;
} extras[] = {
	{{"ecs.version", 11}, EXTRA_VERSION}, {{"event.id", 8}, EXTRA_ID}, {{"event.kind", 10}, EXTRA_KIND},
	{{"labels.mews_label", 17}, EXTRA_LABEL}, {{"labels.mews_dataset", 19}, EXTRA_DATASET},
	{{"labels.mews_episode", 19}, EXTRA_EPISODE}, {{"mews.facet", 10}, EXTRA_FACET}, {{"mews.facets", 11}, EXTRA_FACETS},
	{{"mews.line", 9}, EXTRA_LINE}, {{"log.file.path", 13}, EXTRA_FILE},
};
enum { EXTRA_COUNT = sizeof extras / sizeof *extras };

/* a.b.c, split where an object is opened: {"a": {"b.c": …}} where a.b is a field itself. */
struct slot {
	struct text name;
	unsigned field;   /* FIELD_NONE: an extra alone */
	enum extra extra; /* said where the facet has no such field */
	struct text objects[NESTED_MAX];
	size_t object_count;
	struct text key;
};

struct ecs {
	FILE *out;
	const struct registry *registry;
	struct arena arena;
	struct slot *slots;
	size_t slot_count;
	struct buffer line;
};

/* Order in which all that begins with `a.` stands together. */
static int by_name(const void *a, const void *b)
{
	struct text one = ((const struct slot *)a)->name, other = ((const struct slot *)b)->name;
	for (size_t i = 0; i < one.length && i < other.length; i++) {
		unsigned char x = (unsigned char)one.data[i], y = (unsigned char)other.data[i];
		if (x != y)
			return x == '.' ? -1 : y == '.' ? 1 : x < y ? -1 : 1;
	}
	return one.length < other.length ? -1 : one.length > other.length;
}

static void add_slot(struct ecs *ecs, struct text name, unsigned field, enum extra extra)
{
	ecs->slots = arena_grow(&ecs->arena, ecs->slots, ecs->slot_count, sizeof *ecs->slots);
	ecs->slots[ecs->slot_count++] = (struct slot){.name = name, .field = field, .extra = extra};
}

static bool is_slot(const struct ecs *ecs, struct text name)
{
	struct slot key = {.name = name};
	return bsearch(&key, ecs->slots, ecs->slot_count, sizeof key, by_name) != NULL;
}

static void split_slot(const struct ecs *ecs, struct slot *slot)
{
	size_t from = 0;
	for (size_t dot = text_find(slot->name, '.'); dot < slot->name.length && slot->object_count < NESTED_MAX;) {
		if (is_slot(ecs, text_slice(slot->name, 0, dot)))
			break;
		slot->objects[slot->object_count++] = text_slice(slot->name, from, dot);
		from = dot + 1;
		dot = from + text_find(text_slice(slot->name, from, slot->name.length), '.');
	}
	slot->key = text_slice(slot->name, from, slot->name.length);
}

static enum extra extra_named(struct text name)
{
	for (size_t i = 0; i < EXTRA_COUNT; i++)
		if (text_equal(extras[i].name, name))
			return extras[i].extra;
	return EXTRA_NONE;
}

void *ecs_begin(const struct export_options *options, FILE *out)
{
	struct ecs *ecs = mem_alloc(sizeof *ecs);
	const struct registry *registry = &options->catalog->registry;
	*ecs = (struct ecs){.out = out, .registry = registry};
	for (unsigned i = 1; i < registry->field_count; i++)
		add_slot(ecs, registry->fields[i].name, i, extra_named(registry->fields[i].name));
	for (size_t i = 0; i < EXTRA_COUNT; i++)
		if (registry_field(registry, extras[i].name) == FIELD_NONE)
			add_slot(ecs, extras[i].name, FIELD_NONE, extras[i].extra);
	qsort(ecs->slots, ecs->slot_count, sizeof *ecs->slots, by_name);
	for (size_t i = 0; i < ecs->slot_count; i++)
		split_slot(ecs, &ecs->slots[i]);
	return ecs;
}

void ecs_end(void *state)
{
	struct ecs *ecs = state;
	buffer_free(&ecs->line);
	arena_free(&ecs->arena);
	free(ecs);
}

/* One line under way. */
struct line {
	struct json_write json;
	const struct export_item *item;
	const struct facet *facet;
	size_t number; /* of the facet, from 1 */
	const struct slot *last; /* whose objects are open */
	size_t open;
	bool mended; /* bytes that are no UTF-8 were replaced */
};

static void put_text(struct line *line, struct text text)
{
	line->mended |= !utf8_valid(text);
	jsonw_text(&line->json, text);
}

static void put_value(struct line *line, enum value_type type, const struct value *value)
{
	char date[40];
	if (type == TYPE_LONG)
		jsonw_signed(&line->json, value->number);
	else if (type == TYPE_BOOLEAN)
		jsonw_bool(&line->json, value->truth);
	else if (type == TYPE_DATE)
		jsonw_text(&line->json, (struct text){date, date_format(value->number, date)});
	else
		put_text(line, value->text);
}

/* ECS has event.category and event.type as lists, whatever their number. */
static void put_field(struct line *line, const struct field *field, unsigned number, const struct values *values)
{
	bool many = field->list || values->count != 1 || number == FIELD_CATEGORY || number == FIELD_TYPE;
	if (many)
		jsonw_open_flat(&line->json, '[');
	for (size_t i = 0; i < values->count; i++)
		put_value(line, field->type, &values->items[i]);
	if (many)
		jsonw_close(&line->json, ']');
}

static void put_id(struct line *line)
{
	const struct event *event = line->item->event;
	if (event->id.length)
		put_text(line, event->id);
	else
		jsonw_string(&line->json, arena_printf(event->arena, "%llu", (unsigned long long)line->item->number));
}

static bool has_extra(const struct line *line, enum extra extra)
{
	const struct event *event = line->item->event;
	switch (extra) {
	case EXTRA_FACET:
	case EXTRA_FACETS:
		return event->facet_count > 1;
	case EXTRA_EPISODE:
		return line->item->episode != NULL;
	case EXTRA_FILE:
		return event->file != NULL;
	default:
		return extra != EXTRA_NONE;
	}
}

static void put_extra(struct line *line, enum extra extra)
{
	const struct export_item *item = line->item;
	switch (extra) {
	case EXTRA_NONE:
		break;
	case EXTRA_VERSION:
		jsonw_string(&line->json, "8.17.0");
		break;
	case EXTRA_ID:
		put_id(line);
		break;
	case EXTRA_KIND:
		jsonw_string(&line->json, "event");
		break;
	case EXTRA_LABEL:
		jsonw_string(&line->json, label_name(item->label));
		break;
	case EXTRA_DATASET:
		jsonw_text(&line->json, item->dataset->name);
		break;
	case EXTRA_EPISODE:
		jsonw_text(&line->json, item->episode->name);
		break;
	case EXTRA_FACET:
		jsonw_unsigned(&line->json, line->number);
		break;
	case EXTRA_FACETS:
		jsonw_unsigned(&line->json, item->event->facet_count);
		break;
	case EXTRA_LINE:
		jsonw_unsigned(&line->json, item->event->line);
		break;
	case EXTRA_FILE:
		jsonw_string(&line->json, item->event->file);
		break;
	}
}

/* Closes and opens objects until those of the slot are open, and writes its key. */
static void put_key(struct line *line, const struct slot *slot)
{
	size_t same = 0;
	while (same < line->open && same < slot->object_count &&
		text_equal(line->last->objects[same], slot->objects[same]))
		same++;
	for (; line->open > same; line->open--)
		jsonw_close(&line->json, '}');
	for (; line->open < slot->object_count; line->open++) {
		jsonw_key_text(&line->json, slot->objects[line->open]);
		jsonw_open_flat(&line->json, '{');
	}
	line->last = slot;
	jsonw_key_text(&line->json, slot->key);
}

static void put_line(struct ecs *ecs, struct line *line)
{
	buffer_clear(&ecs->line);
	jsonw_begin(&line->json, &ecs->line);
	jsonw_open_flat(&line->json, '{');
	line->open = 0;
	for (size_t i = 0; i < ecs->slot_count; i++) {
		const struct slot *slot = &ecs->slots[i];
		const struct values *values = slot->field != FIELD_NONE ? facet_get(line->facet, slot->field) : NULL;
		if (!values && !has_extra(line, slot->extra))
			continue;
		put_key(line, slot);
		if (values)
			put_field(line, &ecs->registry->fields[slot->field], slot->field, values);
		else
			put_extra(line, slot->extra);
	}
	for (; line->open > 0; line->open--)
		jsonw_close(&line->json, '}');
	jsonw_close(&line->json, '}');
	buffer_char(&ecs->line, '\n');
	fwrite(ecs->line.data, 1, ecs->line.length, ecs->out);
}

enum export_verdict ecs_take(void *state, const struct export_item *item, const char **reason)
{
	struct line line = {.item = item};
	for (size_t i = 0; i < item->event->facet_count; i++) {
		line.facet = item->event->facets[i];
		line.number = i + 1;
		put_line(state, &line);
	}
	if (!line.mended)
		return EXPORT_WRITTEN;
	*reason = "JSON holds no bytes that are no UTF-8: they stand as U+FFFD";
	return EXPORT_PARTLY;
}
