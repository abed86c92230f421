/* turn: one step of a query → what it asks of each event of ours. */
#include "generator/elastic/turn.h"

#include "generator/elastic/turn_form.h"

/* --- all events --- */

struct part {
	unsigned category, action;
	const struct form *form;
	struct text text;
	bool done;
};

struct parts {
	struct part *items;
	size_t count;
	bool failures; /* some sensor shows failed acts, and the query takes them */
	bool asks;     /* the query itself says which acts it means */
};

static void add_part(struct turning *t, struct parts *parts, unsigned category, unsigned action, const struct form *form)
{
	for (size_t i = 0; i < parts->count; i++) {
		struct part *part = &parts->items[i];

		if (part->category != category || part->action != action)
			continue;
		part->form = part->form->kind == FORM_FALSE ? form : form_either(t->import->arena, part->form, form);
		return;
	}
	parts->items = arena_grow(t->import->arena, parts->items, parts->count, sizeof(*parts->items));
	parts->items[parts->count++] = (struct part){category, action, form, {NULL, 0}, false};
}

static bool wants(const struct turning *t, const struct eql_step *step, unsigned category)
{
	return step->category.length == 0 || text_equal(step->category, t->import->catalog->registry.categories[category].name);
}

/* Every event of every group, asked. Returns how many may hold; -1: something cannot be said. */
static long ask_rows(struct turning *t, const struct eql_step *step, bool any_system, struct parts *parts, const char **error)
{
	long holding = 0;

	for (size_t g = 0; g < t->group_count; g++) {
		for (size_t i = 0; i < t->groups[g]->event_count; i++) {
			const struct dialect_event *event = &t->groups[g]->events[i];
			struct sightline s = {t, t->groups[g], event, event->category, event->action, any_system, NULL};

			if (!wants(t, step, event->category) || !(event->use & USE_READ))
				continue;
			const struct form *form = turn_form(&s, step->where, &parts->failures);

			if (s.error != NULL) {
				*error = s.error;
				return -1;
			}
			add_part(t, parts, event->category, event->action, form);
			holding += form->kind != FORM_FALSE;
		}
	}
	return holding;
}

/* Events that no row knows: CATEGORY.other, or any event where no category is asked for. */
static long ask_unknown(struct turning *t, const struct eql_step *step, struct parts *parts, const char **error)
{
	const struct registry *registry = &t->import->catalog->registry;
	bool found;
	unsigned category = registry_category(registry, step->category, &found);
	struct sightline s = {.t = t, .group = t->groups[0]};

	if (step->category.length > 0 && !found)
		return 0;
	s.category = step->category.length > 0 ? category : CATEGORY_ANY;
	s.action = s.category != CATEGORY_ANY ? registry_action(registry, category, TEXT("other")) : 0;
	const struct form *form = turn_form(&s, step->where, &parts->failures);

	if (s.error != NULL) {
		*error = s.error;
		return -1;
	}
	parts->count = 0;
	add_part(t, parts, s.category, s.action, form);
	return form->kind != FORM_FALSE;
}

/* --- queries --- */

static void print_actions(struct turning *t, const struct parts *parts, size_t first, struct buffer *out, struct buffer *name)
{
	const struct registry *registry = &t->import->catalog->registry;
	const struct part *lead = &parts->items[first];
	size_t count = 0;
	struct buffer list = {0};

	for (size_t i = first; i < parts->count; i++) {
		const struct part *part = &parts->items[i];

		if (part->category != lead->category || part->form->kind == FORM_FALSE || !text_equal(part->text, lead->text))
			continue;
		struct text action = registry->actions[part->action].name;

		buffer_printf(&list, "%s\"%.*s\"", count > 0 ? ", " : "", TEXT_ARGS(action));
		buffer_printf(name, "%s%.*s", count > 0 ? "-" : "", TEXT_ARGS(action));
		count++;
	}
	buffer_printf(out, count == 1 ? "event.action == %.*s" : "event.action in (%.*s)", TEXT_ARGS(buffer_view(&list)));
	buffer_free(&list);
	if (count > 2) {
		buffer_clear(name);
		buffer_text(name, registry->categories[lead->category].name);
	}
}

/* Is the answer the same for every event of the category that is known? */
static bool same_for_all(const struct parts *parts, unsigned category)
{
	const struct part *first = NULL;

	for (size_t i = 0; i < parts->count && !parts->asks; i++) {
		const struct part *part = &parts->items[i];

		if (category != CATEGORY_ANY && part->category != category)
			continue;
		if (part->form->kind == FORM_FALSE || (first != NULL && !text_equal(first->text, part->text)))
			return false;
		first = first != NULL ? first : part;
	}
	return first != NULL;
}

/* What one category's events of one answer are asked, without the category. */
static void print_part(
	struct turning *t, struct parts *parts, size_t first, bool brackets, struct buffer *out, struct buffer *name)
{
	struct part *lead = &parts->items[first];
	bool all = same_for_all(parts, lead->category), plain = lead->form->kind == FORM_TRUE;
	unsigned other = registry_action(&t->import->catalog->registry, lead->category, TEXT("other"));

	if (all && lead->action != other) {
		buffer_text(name, t->import->catalog->registry.categories[lead->category].name);
		if (brackets && !plain)
			buffer_char(out, '(');
		form_print(lead->form, FORM_TRUE, out);
		if (brackets && !plain)
			buffer_char(out, ')');
	} else {
		buffer_string(out, brackets ? "(" : "");
		print_actions(t, parts, first, out, name);
		if (!plain) {
			buffer_string(out, " and ");
			form_print(lead->form, FORM_AND, out);
		}
		buffer_string(out, brackets ? ")" : "");
	}
	for (size_t i = first; i < parts->count; i++) {
		if (parts->items[i].category == lead->category && text_equal(parts->items[i].text, lead->text))
			parts->items[i].done = true;
	}
}

static bool is_open(const struct part *part)
{
	return !part->done && part->form->kind != FORM_FALSE;
}

static void add_query(struct turning *t, struct turned *turned, struct text query, struct text name)
{
	struct arena *arena = t->import->arena;

	turned->queries = arena_grow(arena, turned->queries, turned->count, sizeof(*turned->queries));
	turned->names = arena_grow(arena, turned->names, turned->count, sizeof(*turned->names));
	turned->queries[turned->count] = text_copy(arena, query);
	turned->names[turned->count++] = text_copy(arena, name);
}

static size_t categories_open(const struct parts *parts)
{
	size_t count = 0;

	for (size_t i = 0; i < parts->count; i++) {
		bool seen = false;

		for (size_t k = 0; k < i && !seen; k++)
			seen = is_open(&parts->items[k]) && parts->items[k].category == parts->items[i].category;
		count += is_open(&parts->items[i]) && !seen;
	}
	return count;
}

/* All parts as one query: of one category, or `any where` with the category asked in each part. */
static void print_single(struct turning *t, struct parts *parts, struct turned *turned)
{
	const struct registry *registry = &t->import->catalog->registry;
	bool several = categories_open(parts) > 1;
	struct buffer out = {0}, name = {0};
	size_t made = 0, first = 0, open = 0;

	while (!is_open(&parts->items[first]))
		first++;
	for (size_t i = 0; i < parts->count; i++)
		open += is_open(&parts->items[i]) && !text_equal(parts->items[i].text, parts->items[first].text);
	buffer_printf(&out, "%.*s where ",
		TEXT_ARGS(several ? TEXT("any") : registry->categories[parts->items[first].category].name));
	for (size_t i = 0; i < parts->count; i++) {
		if (!is_open(&parts->items[i]))
			continue;
		buffer_string(&out, made++ > 0 ? " or " : "");
		if (several)
			buffer_printf(&out, "(event.category == \"%.*s\" and ",
				TEXT_ARGS(registry->categories[parts->items[i].category].name));
		buffer_clear(&name);
		print_part(t, parts, i, several || open > 0, &out, &name);
		buffer_string(&out, several ? ")" : "");
	}
	add_query(t, turned, buffer_view(&out), buffer_view(&name));
	buffer_free(&out);
	buffer_free(&name);
}

static void print_each(struct turning *t, struct parts *parts, struct turned *turned)
{
	const struct registry *registry = &t->import->catalog->registry;

	for (size_t i = 0; i < parts->count; i++) {
		struct buffer out = {0}, name = {0};

		if (!is_open(&parts->items[i]))
			continue;
		buffer_printf(&out, "%.*s where ", TEXT_ARGS(registry->categories[parts->items[i].category].name));
		print_part(t, parts, i, false, &out, &name);
		add_query(t, turned, buffer_view(&out), buffer_view(&name));
		buffer_free(&out);
		buffer_free(&name);
	}
}

static void print_texts(struct turning *t, struct parts *parts)
{
	for (size_t i = 0; i < parts->count; i++) {
		struct buffer out = {0};

		if (parts->failures)
			parts->items[i].form = turn_failures(t->import->arena, parts->items[i].form);
		form_print(parts->items[i].form, FORM_TRUE, &out);
		parts->items[i].text = text_copy(t->import->arena, buffer_view(&out));
		buffer_free(&out);
	}
}

static void print_any(struct turning *t, const struct parts *parts, struct turned *turned)
{
	struct buffer out = {0};

	buffer_printf(&out, "any where %.*s", TEXT_ARGS(parts->items[0].text));
	add_query(t, turned, buffer_view(&out), TEXT("event"));
	buffer_free(&out);
}

/* Does the query say which acts it means? */
static bool asks_act(const struct eql_node *node)
{
	if (node->kind == EQL_TEST)
		return text_is(node->test.field, "event.action") || text_is(node->test.field, "event.type")
			|| text_is(node->test.field, "kubernetes.audit.verb");
	for (size_t i = 0; i < node->count; i++) {
		if (asks_act(node->children[i]))
			return true;
	}
	return false;
}

static const char *no_event(struct turning *t, const struct eql_step *step)
{
	struct parts parts = {.asks = asks_act(step->where)};
	const char *error = NULL;
	bool found;

	registry_category(&t->import->catalog->registry, step->category, &found);
	if (step->category.length > 0 && !found)
		return arena_printf(
			t->import->arena, "it asks for %.*s events, which mews has no category for", TEXT_ARGS(step->category));
	if (ask_rows(t, step, true, &parts, &error) > 0)
		return "it asks for systems other than Linux only";
	return "no integration sends what it asks for";
}

int turn_step(struct turning *t, const struct eql_step *step, bool single, struct turned *turned, const char **error)
{
	struct parts parts = {.asks = asks_act(step->where)};
	long holding = ask_rows(t, step, false, &parts, error);

	*turned = (struct turned){NULL, NULL, 0};
	if (holding == 0)
		holding = ask_unknown(t, step, &parts, error);
	if (holding == 0)
		*error = no_event(t, step);
	if (holding <= 0)
		return -1;
	print_texts(t, &parts);
	if (parts.items[0].category == CATEGORY_ANY || (step->category.length == 0 && same_for_all(&parts, CATEGORY_ANY)))
		print_any(t, &parts, turned);
	else if (single)
		print_single(t, &parts, turned);
	else
		print_each(t, &parts, turned);
	return 0;
}

/* --- groups and keys --- */

/* Can one text fit both patterns? Stars only. */
static bool patterns_meet(struct text a, struct text b)
{
	size_t star_a = text_find(a, '*'), star_b = text_find(b, '*');
	size_t shared = star_a < star_b ? star_a : star_b;

	if (star_a == a.length && star_b == b.length)
		return text_equal(a, b);
	if (shared > a.length || shared > b.length)
		return false;
	return text_equal(text_slice(a, 0, shared), text_slice(b, 0, shared));
}

static bool reaches(struct arena *arena, const struct dialect_group *group, const struct texts *indices)
{
	struct text *patterns;
	size_t count = text_split(arena, dialect_attribute(group, "index"), ' ', &patterns);

	for (size_t i = 0; i < indices->count; i++) {
		for (size_t k = 0; k < count; k++) {
			if (patterns_meet(indices->items[i], patterns[k]))
				return true;
		}
	}
	return false;
}

void turn_groups(struct turning *t, const struct texts *indices)
{
	const struct dialect *dialect = t->import->dialect;

	t->groups = arena_array(t->import->arena, dialect->group_count, sizeof(const struct dialect_group *));
	for (size_t i = 0; i < dialect->group_count; i++) {
		if (reaches(t->import->arena, &dialect->groups[i], indices))
			t->groups[t->group_count++] = &dialect->groups[i];
	}
	if (t->group_count > 0)
		return;
	for (size_t i = 0; i < dialect->group_count; i++)
		t->groups[t->group_count++] = &dialect->groups[i];
}

struct text turn_key(struct turning *t, const struct eql_step *step, struct text name)
{
	const struct registry *registry = &t->import->catalog->registry;
	struct text key = {NULL, 0};
	bool failures = false;

	for (size_t g = 0; g < t->group_count; g++) {
		for (size_t i = 0; i < t->groups[g]->event_count; i++) {
			const struct dialect_event *event = &t->groups[g]->events[i];
			struct sightline s = {t, t->groups[g], event, event->category, event->action, false, NULL};

			if (!wants(t, step, event->category) || turn_form(&s, step->where, &failures)->kind == FORM_FALSE)
				continue;
			unsigned field = turn_field(&s, turn_raw_name(name));
			struct text here = field != FIELD_NONE ? registry->fields[field].name : name;

			if (key.length > 0 && !text_equal(key, here))
				return TEXT("");
			key = here;
		}
	}
	return key.length > 0 ? key : name;
}
