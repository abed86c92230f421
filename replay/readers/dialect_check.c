/* dialect_check: see dialect_check.h. */
#include "replay/readers/dialect_check.h"

#include "replay/readers/record.h"

#include <stdlib.h>
#include <string.h>

enum { NAMES_MAX = 20000 };

struct name_slot {
	size_t position; /* 1 + in names; 0: free */
};

struct group_trial { /* the dialect with this group alone, to see what it gives */
	struct dialect dialect;
	const struct record_plan *plan;
};

struct check_state {
	const struct record_plan *plan; /* of the whole dialect: which names it asks for */
	struct group_trial *groups;
	struct arena arena;   /* of the record in hand */
	size_t *by_field;     /* 1 + position in fields */
	struct name_slot *slots;
	size_t slot_count;
};

static struct text example(struct dialect_check *check, struct text text)
{
	size_t end = text.length > EXAMPLE_LENGTH ? EXAMPLE_LENGTH : text.length;
	while (end < text.length && end > 0 && ((unsigned char)text.data[end] & 0xc0) == 0x80)
		end--; /* in the middle of a character */
	return text_copy(check->arena, text_slice(text, 0, end));
}

/* --- setting up --- */

/* Rows that `registered` or a native field made stand under the field's own name at the place of another. */
static bool is_written(const struct dialect_group *group, const struct registry *registry, const struct dialect_field *row)
{
	bool own_name = !row->source && row->name_count == 1 && text_equal(row->names[0], registry->fields[row->field].name);
	for (size_t i = 0; own_name && i < group->field_count; i++)
		if (&group->fields[i] != row && group->fields[i].place.line == row->place.line)
			return false;
	return row->place.line != group->place.line || !own_name;
}

static void add_rows(struct dialect_check *check, const struct dialect_group *group)
{
	for (size_t i = 0; group->plan->reads && i < group->field_count; i++) {
		const struct dialect_field *row = &group->fields[i];
		if (!(row->use & USE_READ) || !is_written(group, &check->catalog->registry, row))
			continue;
		check->rows = arena_grow(check->arena, check->rows, check->row_count, sizeof *check->rows);
		check->rows[check->row_count++] = (struct check_row){.group = group, .row = row};
	}
}

struct dialect_check *dialect_check_new(struct arena *arena, const struct catalog *catalog, const struct dialect *dialect)
{
	const struct registry *registry = &catalog->registry;
	struct dialect_check *check = arena_alloc(arena, sizeof *check);
	*check = (struct dialect_check){.arena = arena, .catalog = catalog, .dialect = dialect};
	struct check_state *state = check->state = arena_alloc(arena, sizeof *state);
	state->plan = record_plan_make(arena, dialect, registry, NULL, TEXT(""));
	state->groups = arena_array(arena, dialect->group_count + 1, sizeof *state->groups);
	state->by_field = arena_array(arena, registry->field_count, sizeof *state->by_field);
	state->slot_count = 1024;
	state->slots = arena_array(arena, state->slot_count, sizeof *state->slots);
	for (size_t i = 0; i < dialect->group_count; i++) {
		struct group_trial *trial = &state->groups[i];
		trial->dialect = *dialect;
		trial->dialect.groups = &dialect->groups[i];
		trial->dialect.group_count = 1;
		trial->plan = record_plan_make(arena, &trial->dialect, registry, NULL, TEXT(""));
		add_rows(check, &dialect->groups[i]);
	}
	return check;
}

void dialect_check_free(struct dialect_check *check)
{
	arena_free(&check->state->arena);
	ledger_free(&check->ledger);
}

/* --- names that nobody asks for --- */

static struct check_name *name_of(struct dialect_check *check, struct text name)
{
	struct check_state *state = check->state;
	size_t at = text_hash(name) & (state->slot_count - 1);
	while (state->slots[at].position && !text_equal(check->names[state->slots[at].position - 1].name, name))
		at = (at + 1) & (state->slot_count - 1);
	if (state->slots[at].position)
		return &check->names[state->slots[at].position - 1];
	if (check->name_count >= NAMES_MAX)
		return NULL;
	check->names = arena_grow(check->arena, check->names, check->name_count, sizeof *check->names);
	check->names[check->name_count] = (struct check_name){.name = text_copy(check->arena, name)};
	state->slots[at].position = ++check->name_count;
	if (check->name_count * 2 < state->slot_count)
		return &check->names[check->name_count - 1];
	state->slot_count *= 2;
	state->slots = arena_array(check->arena, state->slot_count, sizeof *state->slots);
	for (size_t i = 0; i < check->name_count; i++) {
		at = text_hash(check->names[i].name) & (state->slot_count - 1);
		while (state->slots[at].position)
			at = (at + 1) & (state->slot_count - 1);
		state->slots[at].position = i + 1;
	}
	return &check->names[check->name_count - 1];
}

/* `a.0.b` repeats what `a.b` says. */
static bool is_numbered(struct text name)
{
	size_t digits = 0, length = 0;
	for (size_t i = 0; i <= name.length; i++) {
		if (i == name.length || name.data[i] == '.') {
			if (length && digits == length && i < name.length)
				return true;
			digits = length = 0;
			continue;
		}
		length++;
		digits += name.data[i] >= '0' && name.data[i] <= '9';
	}
	return false;
}

static bool is_asked(const struct check_state *state, struct text name)
{
	const struct record_plan *plan = state->plan;
	if (record_plan_name(plan, name))
		return true;
	struct text starred = text_slice(name, text_find(name, '.'), name.length);
	for (size_t i = 0; i < plan->member_count; i++)
		if (text_starts(plan->members[i].prefix.data[0] == '.' ? starred : name, plan->members[i].prefix, false))
			return true;
	/* What stands in objects that are parts: `args.name` is asked for as the part's `name`. */
	for (size_t i = 0; i < plan->kind_count; i++) {
		struct text kind = plan->kinds[i];
		bool below = text_starts(name, kind, false) && name.length > kind.length && name.data[kind.length] == '.';
		if (below && record_plan_name(plan, text_slice(name, kind.length + 1, name.length)))
			return true;
	}
	return false;
}

/* In a dialect of `*.` names, what is alike behind the first dot is one. */
static struct check_name *starred_name(struct dialect_check *check, struct text name)
{
	char starred[256] = "*";
	size_t dot = text_find(name, '.'), rest = name.length - dot;
	if (!check->state->plan->starred || !rest || rest + 1 > sizeof starred)
		return name_of(check, name);
	memcpy(starred + 1, name.data + dot, rest);
	return name_of(check, (struct text){starred, rest + 1});
}

static void see_value(struct dialect_check *check, struct check_name *name, struct text value)
{
	value = text_slice(value, 0, EXAMPLE_LENGTH);
	for (size_t i = 0; i < name->value_count; i++) {
		if (!text_equal(name->values[i].text, value))
			continue;
		name->values[i].count++;
		return;
	}
	name->many = name->value_count == CHECK_VALUES_MAX;
	if (name->many)
		return;
	name->values = arena_grow(check->arena, name->values, name->value_count, sizeof *name->values);
	name->values[name->value_count++] = (struct check_value){text_copy(check->arena, value), 1};
}

static void see_names(struct dialect_check *check, const struct record *record)
{
	for (size_t i = 0; i < record->count; i++) {
		const struct raw_value *raw = &record->values[i];
		if (!raw->count || is_numbered(raw->name) || is_asked(check->state, raw->name))
			continue;
		struct check_name *name = starred_name(check, raw->name);
		if (name && !name->count++)
			name->example = example(check, raw->values[0]);
		if (name && !name->many)
			see_value(check, name, raw->values[0]);
	}
}

/* --- events, fields and rows --- */

static void count_facet(struct dialect_check *check, const struct dialect_group *group, const struct facet *facet, bool other)
{
	for (size_t i = 0; i < check->event_count; i++) {
		struct check_event *known = &check->events[i];
		if (known->group != group || known->category != facet->category || known->action != facet->action ||
			known->other != other)
			continue;
		known->count++;
		return;
	}
	check->events = arena_grow(check->arena, check->events, check->event_count, sizeof *check->events);
	check->events[check->event_count++] = (struct check_event){group, facet->category, facet->action, other, 1};
}

static void count_field(struct dialect_check *check, unsigned number, const struct values *values)
{
	size_t *position = &check->state->by_field[number];
	if (!*position) {
		check->fields = arena_grow(check->arena, check->fields, check->field_count, sizeof *check->fields);
		check->fields[check->field_count] = (struct check_field){.field = number};
		*position = ++check->field_count;
		if (values->count)
			check->fields[*position - 1].example = example(check, values->items[0].text);
	}
	check->fields[*position - 1].count++;
}

/* The first value of a row's names in the record: 2 there, 1 only a marker of none, 0 not there. */
static int row_value(const struct dialect_check *check, const struct check_row *row, const struct record *record,
	const struct record_part *part, struct text *value)
{
	int found = 0;
	for (size_t i = 0; i < row->row->name_count; i++) {
		const struct raw_value *raw = record_get(record, part, row->row->names[i]);
		if (!raw || !raw->count)
			continue;
		*value = raw->values[0];
		if (raw->count > 1 || !dialect_field_is_missing(check->dialect, row->row, *value))
			return 2;
		found = 1;
	}
	return found;
}

static void count_row(struct dialect_check *check, struct check_row *row, const struct record *record,
	const struct record_part *part, const struct facet *facet, bool *earlier)
{
	struct text value = {0};
	row->asked++;
	int there = row_value(check, row, record, part, &value);
	row->there += there == 2;
	row->marked += there == 1;
	bool each = row->row->source && (row->row->source->each.length || !there);
	bool filled = facet->position[row->row->field] != 0;
	if (filled && !*earlier && (there || each)) {
		row->filled++;
		*earlier = true;
	} else if (!filled && there == 2 && !row->unfit++) {
		row->example = example(check, value);
		row->file = arena_strdup(check->arena, record->file);
		row->line = record->line;
	}
}

static void count_rows(struct dialect_check *check, const struct dialect_group *group, const struct record *record,
	const struct record_part *piece, const struct facet *facet)
{
	const struct record_part *part = facet->record ? &record->parts[facet->record - 1] : piece;
	unsigned field = FIELD_NONE;
	bool earlier = false;
	for (size_t i = 0; i < check->row_count; i++) {
		struct check_row *row = &check->rows[i];
		if (row->group != group || !dialect_field_carries(row->row, facet->category, facet->action))
			continue;
		if (row->row->field != field)
			earlier = false;
		field = row->row->field;
		count_row(check, row, record, part, facet, &earlier);
	}
}

/* What this group alone makes of the record; true: an event of it fits. */
static bool see_group(struct dialect_check *check, size_t index, const struct record *record, const struct record_part *piece)
{
	struct check_state *state = check->state;
	const struct dialect_group *group = &check->dialect->groups[index];
	struct record own = *record;
	struct event event;
	event_begin(&event, record->arena, &check->catalog->registry);
	record_use(&own, state->groups[index].plan);
	if (!group->plan->reads || record_mean_piece(&own, piece, own.plan, &event))
		return false;
	for (size_t i = 0; i < event.facet_count; i++) {
		const struct facet *facet = event.facets[i];
		count_facet(check, group, facet, event.other);
		count_rows(check, group, record, piece, facet);
	}
	return !event.other;
}

static void see(void *context, const struct record *record, const struct record_part *piece, const struct event *event)
{
	struct dialect_check *check = context;
	bool named = false;
	/* Messages inside syslog go through dialects of their own. */
	if (record->plan && record->plan->dialect != check->dialect) {
		check->elsewhere++;
		return;
	}
	if (!piece || piece == record->parts)
		see_names(check, record);
	for (size_t i = 0; i < event->facet_count; i++) {
		const struct facet *facet = event->facets[i];
		for (size_t k = 0; k < facet->count; k++)
			count_field(check, facet->entries[k].field, &facet->entries[k].values);
	}
	for (size_t i = 0; i < check->dialect->group_count; i++)
		named = see_group(check, i, record, piece) || named;
	check->understood += named;
}

static int ignore(void *context, struct event *event)
{
	(void)context;
	(void)event;
	return 0;
}

int dialect_check_file(struct dialect_check *check, const struct reader *reader, const char *path,
	const struct reader_options *options, struct diagnostics *d)
{
	struct reader_options own = *options;
	struct record_watch watch = {see, check};
	own.catalog = check->catalog;
	own.dialect = check->dialect;
	own.watch = &watch;
	own.wanted = NULL;
	return reader_run(reader, path, &own, (struct event_sink){ignore, NULL}, &check->ledger, d);
}

/* --- hints --- */

static struct text last_part(struct text name)
{
	size_t at = name.length;
	while (at > 0 && name.data[at - 1] != '.')
		at--;
	return text_slice(name, at, name.length);
}

/* The same but for case, `_` and `-`: parentProcessId and parent_process_id. */
static bool same_word(struct text a, struct text b)
{
	size_t i = 0, k = 0;
	for (;;) {
		while (i < a.length && (a.data[i] == '_' || a.data[i] == '-'))
			i++;
		while (k < b.length && (b.data[k] == '_' || b.data[k] == '-'))
			k++;
		if (i == a.length || k == b.length)
			return i == a.length && k == b.length;
		if (!text_equal_fold(text_slice(a, i, i + 1), text_slice(b, k, k + 1)))
			return false;
		i++;
		k++;
	}
}

/* A last part that says nothing by itself. */
static bool is_common(struct text last)
{
	static const char *const words[] = {"id", "name", "type", "path", "value", "key", "kind", "status", "state", "text",
		"data", "args", "action"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (text_equal_fold(last, text_of(words[i])))
			return true;
	return false;
}

/* How alike two raw names are: 3 the same, 2 the same last two parts, 1 the same last part. */
static unsigned likeness(struct text a, struct text b)
{
	struct text a_last = last_part(a), b_last = last_part(b);
	if (same_word(a, b))
		return 3;
	if (!same_word(a_last, b_last))
		return 0;
	bool more = a_last.length < a.length && b_last.length < b.length;
	if (more && same_word(last_part(text_slice(a, 0, a.length - a_last.length - 1)),
			    last_part(text_slice(b, 0, b.length - b_last.length - 1))))
		return 2;
	return !is_common(a_last);
}

struct hint {
	const struct dialect *dialect;
	unsigned field, likeness;
};

static void look_into(const struct dialect *dialect, struct text name, struct hint *best)
{
	for (size_t i = 0; i < dialect->group_count; i++) {
		for (size_t k = 0; dialect->groups[i].plan->reads && k < dialect->groups[i].field_count; k++) {
			const struct dialect_field *row = &dialect->groups[i].fields[k];
			for (size_t n = 0; (row->use & USE_READ) && n < row->name_count; n++) {
				unsigned alike = likeness(name, row->names[n]);
				if (alike > best->likeness)
					*best = (struct hint){dialect, row->field, alike};
			}
		}
	}
}

void dialect_hint(struct arena *arena, const struct catalog *catalog, const struct dialect *but, struct check_name *name)
{
	struct hint best = {.field = FIELD_NONE};
	unsigned own = registry_field(&catalog->registry, name->name);
	for (size_t i = 0; own == FIELD_NONE && i < catalog->dialect_count; i++) {
		const struct dialect *dialect = catalog->dialects[i];
		if (dialect->reads.length && (!but || !text_equal(dialect->name, but->name)))
			look_into(dialect, name->name, &best);
	}
	name->field = own != FIELD_NONE ? own : best.field;
	name->likeness = own != FIELD_NONE ? 3 : best.likeness;
	if (own != FIELD_NONE)
		name->hint = text_of(arena_printf(arena, "%.*s (its own name)", TEXT_ARGS(name->name)));
	else if (best.dialect)
		name->hint = text_of(arena_printf(arena, "%.*s (%.*s)", TEXT_ARGS(catalog->registry.fields[best.field].name),
			TEXT_ARGS(best.dialect->name)));
}

static int by_count(const void *a, const void *b)
{
	const struct check_name *left = a, *right = b;
	if (left->count != right->count)
		return left->count < right->count ? 1 : -1;
	return text_compare(left->name, right->name);
}

static int by_number(const void *a, const void *b)
{
	unsigned left = ((const struct check_field *)a)->field, right = ((const struct check_field *)b)->field;
	return (left > right) - (left < right);
}

void dialect_check_end(struct dialect_check *check)
{
	if (check->name_count)
		qsort(check->names, check->name_count, sizeof *check->names, by_count);
	if (check->field_count)
		qsort(check->fields, check->field_count, sizeof *check->fields, by_number);
	for (size_t i = 0; i < check->name_count; i++)
		dialect_hint(check->arena, check->catalog, check->dialect, &check->names[i]);
}
