/*
 * recipe_follow: what a recipe says, done for one record (recipe.h).
 */
#include "replay/readers/recipe.h"

#include <string.h>

enum { ENTRIES_FIRST = 32, FACETS_FIRST = 4 };

struct cook {
	const struct recipe_case *of;
	const struct recipe *recipe;
	struct event *event;
	struct facet *facet;
	struct value *values;   /* room for those of single texts */
	struct record *record;  /* for rows with a source; NULL: no step has one */
	const char *time_text;  /* that the event's time was read of, as RFC 3339; or NULL */
};

static inline struct text value_of(const struct cook *c, unsigned run)
{
	return c->of->found[c->of->runs[run].from].value;
}

static inline struct value *set(struct cook *c, unsigned field)
{
	struct facet *facet = c->facet;
	struct value *value = c->values++;
	facet->entries[facet->count] = (struct facet_entry){field, {value, 1}};
	facet_append(c->event->arena, facet, field);
	return value;
}

static inline void set_text(struct cook *c, unsigned field, struct text text)
{
	*set(c, field) = (struct value){.text = text};
}

static inline bool is_missing(const struct cook *c, const struct step *step, struct text text)
{
	return may_be_missing(step->missing, text) &&
		dialect_field_is_missing(c->of->plan->dialect, step->row->field, text);
}

/* A number as most are written; else *number is not set. */
static inline bool usual_number(struct text text, int64_t *number)
{
	uint64_t sum = 0;
	if (!text.length || text.length > 18 || (text.data[0] == '0' && text.length > 1))
		return false;
	for (size_t i = 0; i < text.length; i++) {
		unsigned digit = (unsigned)(unsigned char)text.data[i] - '0';
		if (digit > 9)
			return false;
		sum = sum * 10 + digit;
	}
	*number = (int64_t)sum;
	return true;
}

static void set_number(struct cook *c, unsigned field, struct text text)
{
	struct value value = {.text = text};
	if (!usual_number(text, &value.number) &&
		!value_make(c->event->arena, &c->of->registry->fields[field], text, &value))
		c->event->unfilled++;
	else
		*set(c, field) = value;
}

static void set_date(struct cook *c, unsigned field, struct text text)
{
	struct value value = {.text = text, .number = c->event->time};
	if (text.data == c->time_text)
		value_canonical_date(c->event->arena, &value);
	else if (!value_make(c->event->arena, &c->of->registry->fields[field], text, &value)) {
		c->event->unfilled++;
		return;
	}
	*set(c, field) = value;
}

/* Several texts of a list: empty ones keep their place, and alone they are none. */
static bool make_texts(const struct cook *c, const struct run *run, struct values *values)
{
	struct value *items = arena_room(c->event->arena, run->count * sizeof *items);
	bool filled = false;
	for (size_t i = 0; i < run->count; i++) {
		items[i] = (struct value){.text = c->of->found[run->from + i].value};
		filled = filled || items[i].text.length;
	}
	*values = (struct values){items, run->count};
	return filled;
}

static void set_texts(struct cook *c, unsigned field, const struct run *run)
{
	struct facet *facet = c->facet;
	struct values values;
	if (!make_texts(c, run, &values))
		return;
	facet->entries[facet->count] = (struct facet_entry){field, values};
	facet_append(c->event->arena, facet, field);
}

static void by_shape(struct cook *c, const struct step *step, bool missing)
{
	const struct run *run = &c->of->runs[step->run];
	struct text one, *texts = &one;
	size_t count = missing ? 0 : run->count;
	if (count > 1)
		texts = arena_room(c->event->arena, count * sizeof *texts);
	for (size_t i = 0; i < count; i++)
		texts[i] = c->of->found[run->from + i].value;
	shape_read(&step->row->field->shape, c->event, c->facet, step->field, texts, count);
}

static void by_source(struct cook *c, const struct step *step)
{
	struct meaning m = {.record = c->record, .plan = c->of->plan, .event = c->event};
	meaning_fill_row(&m, c->facet, step->row, c->facet->record ? &c->record->parts[c->facet->record - 1] : NULL);
}

static void follow_step(struct cook *c, const struct step *step)
{
	const struct run *run = &c->of->runs[step->run];
	if (step->kind == STEP_SOURCE) {
		by_source(c, step);
		return;
	}
	struct text text = run->count ? value_of(c, step->run) : TEXT("");
	bool missing = run->count == 1 && is_missing(c, step, text);
	if (step->kind == STEP_SHAPE) {
		if (!missing || step->row->field->shape.shape == SHAPE_PRESENT)
			by_shape(c, step, missing);
		return;
	}
	if (missing || (!text.length && step->kind != STEP_TEXTS))
		return;
	switch ((enum step_kind)step->kind) {
	case STEP_TEXT:
		set_text(c, step->field, text);
		break;
	case STEP_PATH:
		set_text(c, step->field, path_clean(c->event->arena, text));
		break;
	case STEP_NUMBER:
		set_number(c, step->field, text);
		break;
	case STEP_DATE:
		set_date(c, step->field, text);
		break;
	case STEP_TEXTS:
		set_texts(c, step->field, run);
		break;
	case STEP_SHAPE:
	case STEP_SOURCE:
		break;
	}
}

/* One text as it stands, or a path: most steps are that. The field has no value yet. */
static inline bool is_simple(const struct step *step, const struct run *run)
{
	return step->kind <= STEP_PATH && run->count;
}

/* The value of a usual step that is no simple one, as most are; false: it is none. */
static bool take_usual(const struct cook *c, const struct usual_step *step, const struct run *run, struct value *value,
	struct values *values)
{
	*values = (struct values){value, 1};
	switch ((enum step_kind)step->kind) {
	case STEP_NUMBER:
		return usual_number(value->text, &value->number);
	case STEP_DATE:
		value->number = c->event->time;
		if (value->text.data != c->time_text)
			return false;
		value_canonical_date(c->event->arena, value);
		return true;
	case STEP_TEXTS:
		return make_texts(c, run, values);
	case STEP_TEXT:
	case STEP_PATH:
	case STEP_SHAPE:
	case STEP_SOURCE:
		break;
	}
	return false;
}

static bool is_usual_missing(const struct cook *c, const struct recipe_facet *from, const struct usual_step *step,
	const struct run *run, struct text text)
{
	return !text.length || (run->count == 1 && is_missing(c, &from->steps[step->at], text));
}

/* The fields that stand there are all that there are. */
static void place_fields(struct cook *c)
{
	struct facet *facet = c->facet;
	uint16_t *position = facet_own_positions(c->event->arena, facet);
	memset(position, 0, facet->registry->field_count * sizeof *position);
	for (size_t i = 0; i < facet->count; i++)
		position[facet->entries[i].field] = (uint16_t)(i + 1);
}

/* The usual steps, whose fields have their places already. Returns the step to go on with: the first that is no usual one, or
 * whose value is not. */
static size_t follow_usual(struct cook *c, const struct recipe_facet *from)
{
	const struct found *const found = c->of->found;
	const struct run *const runs = c->of->runs;
	const struct usual_step *step = from->usual, *const end = step + from->usual_count;
	struct facet_entry *entry = c->facet->entries + c->facet->count;
	struct value *value = c->values;
	for (; step < end; step++, entry++, value++) {
		const struct run *run = &runs[step->run];
		struct text text = found[run->from].value;
		if (may_be_missing(step->missing, text) && is_usual_missing(c, from, step, run, text))
			break;
		if (step->kind == STEP_PATH)
			text = path_clean(c->event->arena, text);
		*value = (struct value){.text = text};
		entry->field = step->field;
		entry->values = (struct values){value, 1};
		if (step->kind > STEP_PATH && !take_usual(c, step, run, value, &entry->values))
			break;
	}
	if (step == end && from->dataset.length) {
		*value = (struct value){.text = from->dataset};
		*entry++ = (struct facet_entry){c->of->plan->dataset, {value++, 1}};
	}
	c->facet->count = (size_t)(entry - c->facet->entries);
	c->values = value;
	if (step == end)
		return from->rest;
	place_fields(c);
	return step->at;
}

static void follow_steps(struct cook *c, const struct recipe_facet *from, size_t first)
{
	const struct found *const found = c->of->found;
	const struct run *const runs = c->of->runs;
	struct facet *const facet = c->facet;
	for (size_t i = first; i < from->step_count; i++) {
		const struct step *step = &from->steps[i];
		const struct run *run = &runs[step->run];
		if (facet->position[step->field])
			continue;
		if (!is_simple(step, run)) {
			follow_step(c, step);
			continue;
		}
		struct text text = found[run->from].value;
		if (!text.length || (run->count == 1 && is_missing(c, step, text)))
			continue;
		if (step->kind == STEP_PATH)
			text = path_clean(c->event->arena, text);
		set_text(c, step->field, text);
	}
}

static size_t power_of_two(size_t least, size_t count)
{
	while (least < count)
		least *= 2;
	return least;
}

/* One piece of memory: the facet, where its fields stand, values, and its entries behind them. */
static struct facet *begin_facet(struct cook *c, const struct recipe_facet *from)
{
	const struct registry *registry = c->of->registry;
	size_t positions = from->layout ? 0 : recipe_positions(registry);
	size_t entries = power_of_two(ENTRIES_FIRST, from->values) * sizeof(struct facet_entry);
	char *room = arena_room(c->event->arena, sizeof(struct facet) + positions + from->values * sizeof(struct value) +
		entries);
	struct facet *facet = c->facet = (struct facet *)(void *)room;
	*facet = (struct facet){.registry = registry, .category = from->category, .action = from->action,
		.record = from->part};
	facet->layout = from->layout;
	facet->position = from->layout ? from->layout->position : memcpy(room + sizeof *facet, from->position, positions);
	c->values = (struct value *)(void *)(room + sizeof *facet + positions);
	facet->entries = (struct facet_entry *)(void *)(room + sizeof *facet + positions + from->values * sizeof(struct value));
	for (size_t i = 0; i < from->kind_count; i++) {
		*c->values = (struct value){.text = from->kinds[i].name};
		facet->entries[i] = (struct facet_entry){from->kinds[i].field, {c->values++, 1}};
	}
	facet->count = from->kind_count;
	return facet;
}

/* The fields that the event cannot be without; other needs are part of the key. */
static bool meets_needs(const struct facet *facet, const struct plan_event *event)
{
	for (size_t i = 0; event && i < event->need_count; i++)
		if (event->needs[i].field != FIELD_NONE && !facet->position[event->needs[i].field])
			return false;
	return true;
}

static inline unsigned digit_of(char byte)
{
	return (unsigned)(unsigned char)byte - '0';
}

/* Nanoseconds of `05.250Z`, as most are written; -1: it is something else. */
static inline int64_t usual_seconds(const char *text)
{
	unsigned tens = digit_of(text[0]), ones = digit_of(text[1]), a = digit_of(text[3]), b = digit_of(text[4]);
	unsigned c = digit_of(text[5]);
	if (tens > 5 || ones > 9 || a > 9 || b > 9 || c > 9 || text[2] != '.' || text[6] != 'Z')
		return -1;
	return (int64_t)((tens * 10 + ones) * 1000 + a * 100 + b * 10 + c) * 1000000;
}

/* Nanoseconds of `05.25Z`, as shape_time reads it; -1: it is something else. */
static int64_t seconds_of(struct text text)
{
	int64_t nanoseconds = text.length == strlen("05.250Z") ? usual_seconds(text.data) : -1;
	if (nanoseconds >= 0)
		return nanoseconds;
	nanoseconds = 0;
	size_t last = text.length - 1, digits = last > 2 ? last - 3 : 0;
	if (text.data[last] != 'Z' || last == 3 || digits > 9 || (last > 2 && text.data[2] != '.') || text.data[0] > '5')
		return -1;
	for (size_t i = 0; i < last; i++) {
		unsigned digit = (unsigned)(unsigned char)text.data[i] - '0';
		if (i == 2 && last > 2)
			continue;
		if (digit > 9)
			return -1;
		nanoseconds = nanoseconds * 10 + digit;
	}
	for (; digits < 9; digits++)
		nanoseconds *= 10;
	return nanoseconds;
}

/* The time by date_parse; the minute of the newest one is known. */
static bool plain_time(struct minute *minute, struct text text, int64_t *time)
{
	int64_t seconds = minute && text.length >= sizeof minute->text + 3
		? seconds_of(text_slice(text, sizeof minute->text, text.length)) : -1;
	if (seconds >= 0 && memcmp(text.data, minute->text, sizeof minute->text) == 0) {
		*time = minute->begin + seconds;
		return true;
	}
	if (!date_parse(text, time))
		return false;
	static const int64_t last = INT64_MAX - INT64_C(61000000000); /* what a minute begins at, at most; and -last at least */
	bool whole = seconds >= 0 && text.data[10] == 'T' && text.data[16] == ':';
	if (whole && last > *time && *time > -last) {
		memcpy(minute->text, text.data, sizeof minute->text);
		minute->begin = *time - seconds;
	}
	return true;
}

/* Of a value that the event itself gets: is it alone, and says "missing"? */
static inline bool is_own_missing(const struct cook *c, const struct run *run, struct text text)
{
	return may_be_missing(c->recipe->missing, text) && run->count == 1 && dialect_is_missing(c->of->plan->dialect, text);
}

static void find_time(struct cook *c, int64_t time)
{
	const struct dialect *dialect = c->of->plan->dialect;
	struct event *event = c->event;
	event->time = time;
	for (size_t i = 0; i < dialect->time_count && event->time == INT64_MIN; i++) {
		const struct run *run = c->recipe->times[i] ? &c->of->runs[c->recipe->times[i] - 1] : NULL;
		struct text text = run && run->count ? c->of->found[run->from].value : TEXT("");
		if (!run || !run->count || is_own_missing(c, run, text))
			continue;
		bool plain = shape_time_is_plain(&dialect->times[i].shape);
		if (plain ? plain_time(c->of->minute, text, &event->time) : shape_time(&dialect->times[i].shape, text, &event->time)) {
			c->time_text = plain ? text.data : NULL;
			continue;
		}
		event->time = INT64_MIN;
		event->unfilled++;
	}
}

/* The first value of a run (1 + its position), or an empty text where it says "missing". */
static struct text own_value(const struct cook *c, unsigned run)
{
	if (!run || !c->of->runs[run - 1].count)
		return TEXT("");
	struct text text = value_of(c, run - 1);
	return is_own_missing(c, &c->of->runs[run - 1], text) ? TEXT("") : text;
}

static void name_event(struct cook *c)
{
	const struct recipe *recipe = c->recipe;
	int64_t records;
	c->event->id = own_value(c, recipe->id);
	if (recipe->records && text_to_long(own_value(c, recipe->records), &records) && records > 1 && records <= UINT32_MAX)
		c->event->records = (unsigned)records;
	if (recipe->label && c->of->runs[recipe->label - 1].count)
		c->event->label = value_of(c, recipe->label - 1u);
}

static void name_dataset(struct cook *c, struct facet *facet)
{
	unsigned field = c->of->plan->dataset;
	if (field == FIELD_NONE || facet->position[field])
		return;
	struct text name = c->of->plan->dialect->name;
	if (facet == c->facet && dataset_is_plain(c->of))
		set_text(c, field, name);
	else
		facet_set_text(c->event, facet, field, name);
}

static struct event *begin_event(const struct recipe_case *of, const struct recipe *recipe, struct arena *arena)
{
	size_t facets = power_of_two(FACETS_FIRST, recipe->facet_count);
	struct event *event = arena_room(arena, sizeof *event + facets * sizeof *event->facets);
	event_begin(event, arena, of->registry);
	event->facets = (struct facet **)(void *)(event + 1);
	event->other = recipe->other;
	return event;
}

struct event *recipe_follow(const struct recipe_case *of, const struct recipe *recipe, struct arena *arena, int64_t time)
{
	struct cook cook = {.of = of, .recipe = recipe, .event = begin_event(of, recipe, arena)}, *c = &cook;
	struct record record;
	if (recipe->record) {
		recipe_record(of, &record, arena);
		c->record = &record;
	}
	name_event(c);
	find_time(c, time);
	for (size_t i = 0; i < recipe->facet_count; i++) {
		const struct recipe_facet *from = &recipe->facets[i];
		struct facet *facet = begin_facet(c, from);
		follow_steps(c, from, follow_usual(c, from));
		if (!meets_needs(facet, from->event))
			return NULL;
		c->event->facets[c->event->facet_count++] = facet;
	}
	const struct values *stamp = facet_get(c->event->facets[0], FIELD_TIMESTAMP);
	if (c->event->time == INT64_MIN && stamp && stamp->count)
		c->event->time = stamp->items[0].number;
	name_dataset(c, c->event->facets[0]);
	return c->event;
}
