/* form: what a query asks, with two answers instead of three. */
#include "generator/elastic/form.h"

#include <string.h>

const struct form *form_true(void)
{
	static const struct form form = {.kind = FORM_TRUE};

	return &form;
}

const struct form *form_false(void)
{
	static const struct form form = {.kind = FORM_FALSE};

	return &form;
}

const struct form *form_leaf(struct arena *arena, const struct form *leaf)
{
	struct form *form = arena_alloc(arena, sizeof(*form));

	*form = *leaf;
	return form;
}

static const struct form *leaf_of(struct arena *arena, enum form_kind kind, const struct form *like)
{
	struct form form = *like;

	form.kind = kind;
	return form_leaf(arena, &form);
}

static const struct form *negated_list(struct arena *arena, const struct form *form)
{
	const struct form **children = arena_array(arena, form->count, sizeof(const struct form *));

	for (size_t i = 0; i < form->count; i++)
		children[i] = form_negated(arena, form->children[i]);
	return form->kind == FORM_AND ? form_or(arena, children, form->count) : form_and(arena, children, form->count);
}

const struct form *form_negated(struct arena *arena, const struct form *leaf)
{
	struct form second = {.kind = FORM_THERE, .field = leaf->second};

	switch (leaf->kind) {
	case FORM_FALSE:
	case FORM_TRUE:
		return leaf->kind == FORM_FALSE ? form_true() : form_false();
	case FORM_AND:
	case FORM_OR:
		return negated_list(arena, leaf);
	case FORM_THERE:
		return leaf_of(arena, FORM_MISSING, leaf);
	case FORM_MISSING:
		return leaf_of(arena, FORM_THERE, leaf);
	case FORM_OTHER:
		return leaf_of(arena, FORM_HOLDS, leaf);
	default:
		break;
	}
	if (leaf->other.length > 0)
		return leaf_of(arena, FORM_OTHER, leaf);
	const struct form *parts[] = {leaf_of(arena, FORM_THERE, leaf), form_leaf(arena, &second), leaf_of(arena, FORM_NOT, leaf)};

	parts[1] = leaf->second.length > 0 ? parts[1] : form_true();
	return form_and(arena, parts, 3);
}

const struct form *form_opposite(struct arena *arena, const struct form *form)
{
	const struct form **children;

	if (form->kind == FORM_HOLDS || form->kind == FORM_NOT)
		return leaf_of(arena, form->kind == FORM_HOLDS ? FORM_NOT : FORM_HOLDS, form);
	if (form->kind == FORM_OTHER)
		return form_either(arena, leaf_of(arena, FORM_MISSING, form), leaf_of(arena, FORM_HOLDS, form));
	if (form->kind != FORM_AND && form->kind != FORM_OR)
		return form_negated(arena, form);
	children = arena_array(arena, form->count, sizeof(const struct form *));
	for (size_t i = 0; i < form->count; i++)
		children[i] = form_opposite(arena, form->children[i]);
	return form->kind == FORM_AND ? form_or(arena, children, form->count) : form_and(arena, children, form->count);
}

bool form_equal(const struct form *a, const struct form *b)
{
	if (a == b)
		return true;
	if (a->kind != b->kind || a->count != b->count || !text_equal(a->field, b->field))
		return false;
	if (a->kind >= FORM_HOLDS && !text_equal(a->holds, b->holds))
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (!form_equal(a->children[i], b->children[i]))
			return false;
	}
	return true;
}

bool form_names(const struct form *form, struct text field)
{
	if (form->kind >= FORM_THERE)
		return text_equal(form->field, field);
	for (size_t i = 0; i < form->count; i++) {
		if (form_names(form->children[i], field))
			return true;
	}
	return false;
}

/* --- lists --- */

struct list {
	struct arena *arena;
	const struct form **items;
	size_t count;
};

static void list_add(struct list *list, enum form_kind kind, const struct form *form)
{
	if (form->kind == kind) {
		for (size_t i = 0; i < form->count; i++)
			list_add(list, kind, form->children[i]);
		return;
	}
	for (size_t i = 0; i < list->count; i++) {
		if (form_equal(list->items[i], form))
			return;
	}
	list->items = arena_grow(list->arena, list->items, list->count, sizeof(*list->items));
	list->items[list->count++] = form;
}

static void list_drop(struct list *list, size_t index)
{
	memmove(&list->items[index], &list->items[index + 1], (list->count - index - 1) * sizeof(*list->items));
	list->count--;
}

/* In a conjunction "f is there" is said by any comparison of f that presumes it. */
static void drop_presence(struct list *list)
{
	for (size_t i = list->count; i-- > 0;) {
		bool said = false;

		for (size_t k = 0; k < list->count && list->items[i]->kind == FORM_THERE; k++)
			said = said || ((list->items[k]->kind == FORM_HOLDS || list->items[k]->kind == FORM_OTHER)
				&& text_equal(list->items[k]->field, list->items[i]->field));
		if (said)
			list_drop(list, i);
	}
}

/* The conjunction without "f is there"; itself where it does not say that. */
static const struct form *without_presence(struct arena *arena, const struct form *form, struct text field)
{
	struct list rest = {arena, NULL, 0};
	bool found = false;

	if (form->kind == FORM_OTHER && text_equal(form->field, field))
		return leaf_of(arena, FORM_NOT, form);
	if (form->kind != FORM_AND)
		return form;
	for (size_t i = 0; i < form->count; i++) {
		const struct form *child = form->children[i];
		bool same = text_equal(child->field, field);

		found = found || (same && (child->kind == FORM_THERE || child->kind == FORM_OTHER));
		if (same && child->kind == FORM_OTHER)
			list_add(&rest, FORM_AND, leaf_of(arena, FORM_NOT, child));
		else if (!same || child->kind != FORM_THERE)
			list_add(&rest, FORM_AND, child);
	}
	return found ? form_and(arena, rest.items, rest.count) : form;
}

/* In a disjunction, beside "f is missing" nobody needs to say that f is there; and where a negated comparison of f stands
 * alone, it holds for a missing f as well. */
static bool absorb_missing(struct list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct form *missing = list->items[i];

		if (missing->kind != FORM_MISSING)
			continue;
		for (size_t k = 0; k < list->count; k++) {
			if (k == i)
				continue;
			list->items[k] = without_presence(list->arena, list->items[k], missing->field);
			if (list->items[k]->kind == FORM_NOT && text_equal(list->items[k]->field, missing->field)) {
				list_drop(list, i);
				return true;
			}
		}
	}
	return false;
}

static const struct form *combine(struct arena *arena, enum form_kind kind, const struct form *const *children, size_t count)
{
	enum form_kind absorbing = kind == FORM_AND ? FORM_FALSE : FORM_TRUE, neutral = kind == FORM_AND ? FORM_TRUE : FORM_FALSE;
	struct list list = {arena, NULL, 0};

	for (size_t i = 0; i < count; i++) {
		if (children[i]->kind == absorbing)
			return children[i];
		if (children[i]->kind != neutral)
			list_add(&list, kind, children[i]);
	}
	if (kind == FORM_AND)
		drop_presence(&list);
	while (kind == FORM_OR && absorb_missing(&list))
		continue;
	if (list.count == 0)
		return neutral == FORM_TRUE ? form_true() : form_false();
	if (list.count == 1)
		return list.items[0];
	struct form *form = arena_alloc(arena, sizeof(*form));

	*form = (struct form){.kind = kind, .children = list.items, .count = list.count};
	return form;
}

const struct form *form_and(struct arena *arena, const struct form *const *children, size_t count)
{
	return combine(arena, FORM_AND, children, count);
}

const struct form *form_or(struct arena *arena, const struct form *const *children, size_t count)
{
	return combine(arena, FORM_OR, children, count);
}

const struct form *form_both(struct arena *arena, const struct form *a, const struct form *b)
{
	const struct form *both[] = {a, b};

	return form_and(arena, both, 2);
}

const struct form *form_either(struct arena *arena, const struct form *a, const struct form *b)
{
	const struct form *both[] = {a, b};

	return form_or(arena, both, 2);
}

/* --- printing --- */

static void print_list(const struct form *form, enum form_kind around, struct buffer *out)
{
	bool brackets = around != FORM_TRUE && around != form->kind;

	buffer_string(out, brackets ? "(" : "");
	for (size_t i = 0; i < form->count; i++) {
		buffer_string(out, i == 0 ? "" : form->kind == FORM_AND ? " and " : " or ");
		form_print(form->children[i], form->kind, out);
	}
	buffer_string(out, brackets ? ")" : "");
}

void form_print(const struct form *form, enum form_kind around, struct buffer *out)
{
	switch (form->kind) {
	case FORM_FALSE:
		buffer_string(out, "false");
		break;
	case FORM_TRUE:
		buffer_string(out, "true");
		break;
	case FORM_THERE:
		buffer_printf(out, "%.*s != null", TEXT_ARGS(form->field));
		break;
	case FORM_MISSING:
		buffer_printf(out, "%.*s == null", TEXT_ARGS(form->field));
		break;
	case FORM_HOLDS:
		buffer_text(out, form->holds);
		break;
	case FORM_OTHER:
		buffer_text(out, form->other);
		break;
	case FORM_NOT:
		buffer_printf(out, "not %.*s", TEXT_ARGS(form->holds));
		break;
	default:
		print_list(form, around, out);
	}
}
