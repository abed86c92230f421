/* normal: conditions' trees in a normal form. */
#include "tests/unit/normal.h"

#include "catalog/pattern.h"

#include <stdlib.h>
#include <string.h>

enum kind { N_FALSE, N_TRUE, N_ATOM, N_AND, N_OR };
struct normal {
	enum kind kind;
	bool negated, presence;  /* of an ATOM */
	struct text field, text; /* of an ATOM: what it asks, without the negation */
	struct normal **items;
	size_t count;
};

struct making {
	struct arena *arena;
	const struct normal_act *act;
};

static struct normal *constant(bool truth)
{
	static struct normal f = {.kind = N_FALSE}, t = {.kind = N_TRUE};

	return truth ? &t : &f;
}

static struct normal *atom(struct making *m, struct text field, const char *text, bool presence, bool negated)
{
	struct normal *n = arena_alloc(m->arena, sizeof(*n));

	*n = (struct normal){.kind = N_ATOM, .negated = negated, .presence = presence, .field = field, .text = text_of(text)};
	return n;
}

static bool same_atom(const struct normal *a, const struct normal *b)
{
	return a->kind == N_ATOM && b->kind == N_ATOM && text_equal(a->text, b->text);
}

static void print(const struct normal *n, struct buffer *out)
{
	if (n->kind == N_FALSE || n->kind == N_TRUE) {
		buffer_string(out, n->kind == N_TRUE ? "true" : "false");
		return;
	}
	if (n->kind == N_ATOM) {
		buffer_printf(out, "%s%.*s", n->negated ? "!" : "", TEXT_ARGS(n->text));
		return;
	}
	buffer_string(out, n->kind == N_AND ? "and(" : "or(");
	for (size_t i = 0; i < n->count; i++) {
		buffer_string(out, i > 0 ? " ; " : "");
		print(n->items[i], out);
	}
	buffer_char(out, ')');
}

static int by_text(const void *a, const void *b)
{
	struct buffer x = {0}, y = {0};

	print(*(struct normal *const *)a, &x);
	print(*(struct normal *const *)b, &y);
	int order = text_compare(buffer_view(&x), buffer_view(&y));

	buffer_free(&x);
	buffer_free(&y);
	return order;
}

/* Can it hold only where the field is there? */
static bool presumes(const struct normal *n, struct text field)
{
	size_t needing = 0;

	if (n->kind == N_ATOM)
		return !n->negated && text_equal(n->field, field);
	for (size_t i = 0; i < n->count; i++)
		needing += presumes(n->items[i], field);
	return n->kind == N_AND ? needing > 0 : n->kind == N_OR && needing == n->count;
}

static struct normal *join(struct making *m, enum kind kind, struct normal **items, size_t count);

/* The same where the field is known to be there. */
static struct normal *assuming(struct making *m, struct normal *n, struct text field)
{
	struct normal **items;

	if (n->kind == N_ATOM && n->presence && text_equal(n->field, field))
		return constant(!n->negated);
	if (n->kind != N_AND && n->kind != N_OR)
		return n;
	items = arena_array(m->arena, n->count, sizeof(*items));
	for (size_t i = 0; i < n->count; i++)
		items[i] = assuming(m, n->items[i], field);
	return join(m, n->kind, items, n->count);
}

static bool needless(struct normal **items, size_t count, size_t index, enum kind kind)
{
	const struct normal *n = items[index];

	if (n->kind != N_ATOM || !n->presence || n->negated != (kind == N_OR))
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct normal *other = items[i];
		bool says = kind == N_AND ? presumes(other, n->field)
			: other->kind == N_ATOM && other->negated && text_equal(other->field, n->field);

		if (i != index && !(other->kind == N_ATOM && other->presence) && says)
			return true;
	}
	return false;
}

static size_t add(struct normal **list, size_t count, struct normal *n, enum kind kind)
{
	if (n->kind == kind) {
		for (size_t i = 0; i < n->count; i++)
			count = add(list, count, n->items[i], kind);
		return count;
	}
	list[count++] = n;
	return count;
}

static size_t leaves(struct normal **items, size_t count, enum kind kind)
{
	size_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += items[i]->kind == kind ? items[i]->count : 1;
	return sum;
}

enum { FIELDS_MAX = 32 };

/* Fields whose presence is asked somewhere in it. */
static size_t presences(const struct normal *n, struct text *fields, size_t count)
{
	if (n->kind == N_ATOM && n->presence && count < FIELDS_MAX) {
		for (size_t i = 0; i < count; i++) {
			if (text_equal(fields[i], n->field))
				return count;
		}
		fields[count++] = n->field;
	}
	for (size_t i = 0; i < n->count; i++)
		count = presences(n->items[i], fields, count);
	return count;
}

/* Need the field's presence only be looked at where it is there? In an AND since another item presumes it, in an OR since
 * another holds where it is missing. */
static bool settled(struct normal **list, size_t size, size_t index, struct text field, enum kind kind)
{
	for (size_t i = 0; i < size; i++) {
		const struct normal *n = list[i];

		if (i == index)
			continue;
		if (kind == N_AND ? presumes(n, field) : n->kind == N_ATOM && n->negated && text_equal(n->field, field))
			return true;
	}
	return false;
}

static struct normal *join(struct making *m, enum kind kind, struct normal **items, size_t count)
{
	enum kind absorbing = kind == N_AND ? N_FALSE : N_TRUE, neutral = kind == N_AND ? N_TRUE : N_FALSE;
	struct normal **list = arena_array(m->arena, leaves(items, count, kind) + 1, sizeof(*list)), *n;
	size_t size = 0, kept = 0;

	for (size_t i = 0; i < count; i++)
		size = add(list, size, items[i], kind);
	/* What one says of a field's presence, the others need not. */
	for (size_t i = 0; i < size; i++) {
		struct text fields[FIELDS_MAX];
		size_t asked = list[i]->kind == N_ATOM ? 0 : presences(list[i], fields, 0);

		for (size_t k = 0; k < asked; k++) {
			if (settled(list, size, i, fields[k], kind))
				list[i] = assuming(m, list[i], fields[k]);
		}
	}
	for (size_t i = 0; i < size; i++) {
		if (list[i]->kind == absorbing)
			return list[i];
	}
	if (size > 1)
		qsort(list, size, sizeof(*list), by_text);
	for (size_t i = 0; i < size; i++) {
		if (list[i]->kind == neutral || needless(list, size, i, kind) || (kept > 0 && by_text(&list[kept - 1], &list[i]) == 0))
			continue;
		list[kept++] = list[i];
	}
	for (size_t i = 0; i < kept; i++) {
		for (size_t k = i + 1; k < kept; k++) {
			if (same_atom(list[i], list[k]) && list[i]->negated != list[k]->negated)
				return constant(kind == N_OR);
		}
	}
	if (kept == 0)
		return constant(neutral == N_TRUE);
	if (kept == 1)
		return list[0];
	n = arena_alloc(m->arena, sizeof(*n));
	*n = (struct normal){.kind = kind, .items = list, .count = kept};
	return n;
}

/* --- comparisons --- */

static struct text pattern_of(struct making *m, enum predicate_operator op, struct text value)
{
	struct text literal = pattern_escape(m->arena, value);

	if (op == OPERATOR_LIKE) { /* several stars are one */
		char *out = arena_strndup(m->arena, value.data, value.length);
		size_t size = 0;

		for (size_t i = 0; i < value.length; i++) {
			if (value.data[i] == '\\' && i + 1 < value.length)
				out[size++] = value.data[i++];
			else if (value.data[i] == '*' && size > 0 && i > 0 && value.data[i - 1] == '*'
				&& (size < 2 || out[size - 2] != '\\'))
				continue;
			out[size++] = value.data[i];
		}
		return (struct text){out, size};
	}
	return text_of(arena_printf(m->arena, "%s%.*s%s", op == OPERATOR_ENDS || op == OPERATOR_CONTAINS ? "*" : "",
		TEXT_ARGS(literal), op == OPERATOR_STARTS || op == OPERATOR_CONTAINS ? "*" : ""));
}

static bool has_letters(struct text text)
{
	for (size_t i = 0; i < text.length; i++) {
		if ((text.data[i] | 0x20) >= 'a' && (text.data[i] | 0x20) <= 'z')
			return true;
	}
	return false;
}

static struct normal *value_atom(
	struct making *m, const struct predicate *p, struct text field, struct text value, bool negated)
{
	enum predicate_operator op = p->op == OPERATOR_NOT_EQUAL ? OPERATOR_EQUAL : p->op;
	bool pattern = op == OPERATOR_LIKE || op == OPERATOR_STARTS || op == OPERATOR_ENDS || op == OPERATOR_CONTAINS;

	if (pattern) {
		value = pattern_of(m, op, value);
		op = OPERATOR_LIKE;
		if (!pattern_has_wildcard(value)) {
			value = pattern_unescape(m->arena, value);
			op = OPERATOR_EQUAL;
		}
	}
	bool fold = p->fold && (op == OPERATOR_REGEX || has_letters(value));

	if (fold)
		value = text_fold(m->arena, value);
	const char *text = arena_printf(m->arena, "%.*s %s%s%s %s \"%.*s\"", TEXT_ARGS(field), p->length ? "length " : "",
		p->number ? "number " : "", fold ? "folded" : "", operator_name(op), TEXT_ARGS(value));

	return atom(m, field, text, false, negated);
}

static struct normal *presence(struct making *m, struct text field, bool negated)
{
	return atom(m, field, arena_printf(m->arena, "%.*s is there", TEXT_ARGS(field)), true, negated);
}

/* The values that the act fixes, or NULL. `type`: all of them are there. */
static const struct dialect_match *match_of(const struct normal_act *act, struct text name)
{
	const struct dialect_match *found = NULL;

	for (size_t i = 0; act->group != NULL && i < act->group->when_count; i++) {
		if (act->group->when[i].kind == MATCH_EQUAL && text_equal(act->group->when[i].name, name))
			found = &act->group->when[i];
	}
	for (size_t i = 0; act->group != NULL && i < act->group->event_count; i++) {
		const struct dialect_event *event = &act->group->events[i];

		for (size_t k = 0; event->category == act->category && event->action == act->action && k < event->match_count; k++) {
			if (event->matches[k].kind != MATCH_EQUAL || !text_equal(event->matches[k].name, name))
				continue;
			if (found != NULL)
				return NULL; /* several rows */
			found = &event->matches[k];
		}
	}
	return found != NULL && found->count == 1 ? found : NULL;
}

static bool fixed(const struct normal_act *act, unsigned field, struct text *value)
{
	struct text name = act->registry->fields[field].name;
	const struct dialect_match *match;

	if (field == FIELD_CATEGORY || field == FIELD_ACTION || field == FIELD_TYPE) {
		const struct action *action = &act->registry->actions[act->action];

		*value = field == FIELD_CATEGORY ? act->registry->categories[act->category].name : field == FIELD_ACTION ? action->name : action->type;
		return true;
	}
	if (field == FIELD_OUTCOME && act->group != NULL && text_is(dialect_attribute(act->group, "outcome"), "success")) {
		*value = TEXT("success");
		return true;
	}
	if (text_is(name, "event.reported_action"))
		name = TEXT("event.action");
	match = match_of(act, name);
	if (match != NULL)
		*value = match->values[0];
	return match != NULL;
}

static struct normal *fixed_predicate(const struct predicate *p, struct text value, bool negated)
{
	bool holds = p->op == OPERATOR_EXISTS;

	for (size_t i = 0; i < p->count && !holds; i++) {
		struct text asked = p->values[i].text;

		if (p->op == OPERATOR_LIKE)
			holds = pattern_match(asked, value, p->fold);
		else
			holds = p->fold ? text_equal_fold(asked, value) : text_equal(asked, value);
	}
	if (p->op == OPERATOR_NOT_EQUAL)
		holds = !holds;
	return constant(holds != negated);
}

static struct normal *predicate(struct making *m, const struct predicate *p, bool negated)
{
	struct text field = m->act->registry->fields[p->field].name, value;
	struct normal **items = arena_array(m->arena, p->count + 2, sizeof(*items));
	bool not_equal = p->op == OPERATOR_NOT_EQUAL;
	size_t count = 0;

	if (p->other == FIELD_NONE && fixed(m->act, p->field, &value))
		return fixed_predicate(p, value, negated);
	if (p->op == OPERATOR_EXISTS || p->op == OPERATOR_MISSING)
		return presence(m, field, negated != (p->op == OPERATOR_MISSING));
	if (p->other != FIELD_NONE) {
		struct buffer out = {0};

		predicate_print(p, m->act->registry, &out);
		struct normal *n = atom(m, field, text_copy(m->arena, buffer_view(&out)).data, false, negated);

		buffer_free(&out);
		return n;
	}
	for (size_t i = 0; i < p->count; i++)
		items[count++] = value_atom(m, p, field, p->values[i].text, negated != not_equal);
	if (not_equal)
		items[count++] = presence(m, field, negated);
	/* A list is an "or"; what is not one of it is an "and". */
	return join(m, negated != not_equal ? N_AND : N_OR, items, count);
}

static struct normal *tree(struct making *m, const struct node *node, bool negated)
{
	struct normal **items;

	switch (node->kind) {
	case NODE_FALSE:
	case NODE_TRUE:
		return constant((node->kind == NODE_TRUE) != negated);
	case NODE_NOT:
		return tree(m, node->children[0], !negated);
	case NODE_PREDICATE:
		return predicate(m, &node->predicate, negated);
	default:
		break;
	}
	items = arena_array(m->arena, node->count, sizeof(*items));
	for (size_t i = 0; i < node->count; i++)
		items[i] = tree(m, node->children[i], negated);
	return join(m, (node->kind == NODE_AND) != negated ? N_AND : N_OR, items, node->count);
}

struct text normal_form(struct arena *arena, const struct normal_act *act, const struct node *node)
{
	struct making m = {arena, act};
	struct buffer out = {0};

	print(tree(&m, node, false), &out);
	struct text text = text_copy(arena, buffer_view(&out));

	buffer_free(&out);
	return text;
}
