/* lower_site: a condition's tree at one action in one group. */
#include "generator/lower_site.h"

#include "catalog/carried.h"

static bool fixed_field(const struct site *s, unsigned field)
{
	if (s->whole)
		return false;
	return field == FIELD_CATEGORY || field == FIELD_ACTION || field == FIELD_TYPE
		|| (field == FIELD_OUTCOME && facet_get(s->fixed, FIELD_OUTCOME) != NULL);
}

unsigned site_row_action(const struct site *s, unsigned *category)
{
	const struct registry *registry = &s->l->catalog->registry;

	if (s->deriving == NULL) {
		*category = s->category;
		return s->action;
	}
	bool found;

	*category = registry_category(registry, TEXT("process"), &found);
	return registry_action(registry, *category, TEXT("exec"));
}

/* "0.44.1" against "0.40.0": is a there already in b? */
static bool version_reached(struct text since, const char *version)
{
	struct text have = text_of(version);

	while (since.length > 0) {
		size_t a = text_find(since, '.'), b = text_find(have, '.');
		int64_t need = 0, got = 0;

		if (!text_to_long(text_slice(since, 0, a), &need))
			return true;
		text_to_long(text_slice(have, 0, b), &got);
		if (need != got)
			return got > need;
		since = text_slice(since, a < since.length ? a + 1 : a, since.length);
		have = text_slice(have, b < have.length ? b + 1 : b, have.length);
	}
	return true;
}

static const char *no_field(const struct site *s, unsigned field)
{
	return arena_printf(s->l->arena, "%s has nothing that holds %.*s in %.*s events", s->l->target->name,
		TEXT_ARGS(s->l->catalog->registry.fields[field].name), TEXT_ARGS(s->group->name));
}

/* Other events of the group carry the field and this one does not: it is missing here. Where records have it
 * (a row for reading) and only rules cannot ask for it, it is not. */
static bool never_carried(const struct site *s, unsigned field, unsigned category, unsigned action)
{
	bool elsewhere = false;

	for (size_t i = 0; i < s->group->field_count; i++) {
		const struct dialect_field *row = &s->group->fields[i];

		if (row->field != field)
			continue;
		if (dialect_field_carries(row, category, action))
			return false;
		elsewhere = elsewhere || (row->use & USE_WRITE);
	}
	return elsewhere;
}

/* Items that have names of their own are seen, those beyond are not: what holds for one of the former holds. */
static struct bounds lower_positional(const struct bounding *bounding, bool approximate, const char *reason)
{
	struct bounds seen = bound_predicate(bounding);

	if (bounding->predicate->op == OPERATOR_EXISTS || bounding->predicate->op == OPERATOR_MISSING)
		return seen;
	if (bounding->predicate->op == OPERATOR_NOT_EQUAL)
		return bounds_upper(seen.upper, reason);
	struct bounds bounds = {rule_true(), seen.lower, false, reason, NULL};

	if (approximate) {
		bounds.upper = seen.upper;
		bounds.misses = reason;
	}
	return bounds;
}

static struct rule_node *there(struct arena *arena, struct text name)
{
	struct rule_test test = {.name = name, .op = TEST_PRESENT};

	return rule_test(arena, &test);
}

/* The name of a field that stands in records just as it is; empty: it does not. */
static struct text plain_name(const struct site *s, unsigned field, unsigned category, unsigned action)
{
	const struct dialect_field *row = s->group ? dialect_field_of(s->group, field, category, action, USE_WRITE) : NULL;
	bool plain = row != NULL && row->shape.shape == SHAPE_PLAIN && row->approximate.length == 0 && row->misses.length == 0 &&
		row->fails.length == 0 && row->missing_count == 0 && s->l->dialect->missing_count == 0 &&
		version_reached(row->since, s->l->target->version);

	return plain && !(s->deriving != NULL && derived_field(&s->l->catalog->registry, field)) ? bound_name(row) : TEXT("");
}

/* Two fields compared with one another. */
static struct bounds lower_fields(struct site *s, const struct predicate *p, unsigned category, unsigned action)
{
	static const enum test_operator operators[] = {[OPERATOR_EQUAL] = TEST_EQUAL, [OPERATOR_NOT_EQUAL] = TEST_EQUAL,
		[OPERATOR_STARTS] = TEST_STARTS, [OPERATOR_ENDS] = TEST_ENDS, [OPERATOR_CONTAINS] = TEST_CONTAINS};
	struct arena *arena = s->l->arena;
	const struct field *field = &s->l->catalog->registry.fields[p->field];
	struct text name = plain_name(s, p->field, category, action), other = plain_name(s, p->other, category, action);
	bool able = p->op == OPERATOR_EQUAL || (p->op < sizeof(operators) / sizeof(*operators) && operators[p->op] != 0);

	if (!s->l->target->fields || !able || name.length == 0 || other.length == 0)
		return bounds_none(arena_printf(arena, "%s cannot compare these two fields", s->l->target->name));
	bool fold = p->fold || field->type != TYPE_KEYWORD;
	struct rule_test test = {.name = name, .other = other, .op = operators[p->op], .fold = fold};
	struct bounds equal = bounds_exact(rule_test(arena, &test));

	if (field->path) {
		equal.exact = false;
		equal.lower = rule_false();
		equal.misses = equal.reason = "a path that stands in another way on the other side is not seen as the same";
	}
	if (p->op != OPERATOR_NOT_EQUAL)
		return equal;
	struct rule_node *both = rule_both(arena, there(arena, name), there(arena, other));

	return (struct bounds){rule_both(arena, both, rule_not(arena, equal.lower)),
		field->path ? rule_false() : rule_both(arena, both, rule_not(arena, equal.upper)), equal.exact, equal.reason, NULL};
}

/* The raw bounds of a predicate, before the target's abilities. */
static struct bounds bounds_raw(struct site *s, const struct predicate *p)
{
	unsigned category, action = site_row_action(s, &category);
	const struct registry *registry = &s->l->catalog->registry;

	if (p->other != FIELD_NONE && !(fixed_field(s, p->field) && fixed_field(s, p->other)))
		return lower_fields(s, p, category, action);
	if (fixed_field(s, p->field))
		return bounds_exact(evaluate_predicate(s->evaluator, p, s->fixed) ? rule_true() : rule_false());
	bool holds;

	if (s->group == NULL)
		return bounds_none(NULL);
	if (group_system(s, p, &holds))
		return bounds_exact(holds ? rule_true() : rule_false());
	if (s->deriving != NULL && derived_field(registry, p->field))
		return derived_bound(s->deriving, p);
	const struct dialect_field *row = dialect_field_of(s->group, p->field, category, action, USE_WRITE);

	if (never_carried(s, p->field, category, action) || (row == NULL && !s->whole && !field_carried(registry, p->field, action)))
		return bounds_exact(p->op == OPERATOR_MISSING ? rule_true() : rule_false());
	if (row == NULL || !version_reached(row->since, s->l->target->version))
		return bounds_none(no_field(s, p->field));
	struct bounding bounding = {s->l->arena, registry, s->l->dialect, row, p, s->evaluator, s->failed};

	if (row->approximate.length == 0)
		return bound_predicate(&bounding);
	struct rule_node *near = s->approximate ? bound_approximate(&bounding) : rule_false();
	struct bounds bounds = bounds_none(arena_printf(s->l->arena, "%.*s", TEXT_ARGS(row->approximate)));

	if (row->shape.shape == SHAPE_POSITIONAL)
		return lower_positional(&bounding, s->approximate, bounds.reason);

	if (near->kind != RULE_FALSE) {
		bounds.upper = near;
		bounds.misses = bounds.reason;
	}
	return bounds;
}

struct bounds site_bounds(struct site *s, const struct predicate *p)
{
	struct bounds raw = bounds_raw(s, p);
	struct bounds upper = target_fit(s->l->arena, s->l->target, raw.upper);
	struct bounds lower = raw.exact ? upper : target_fit(s->l->arena, s->l->target, raw.lower);

	raw.upper = upper.upper;
	raw.lower = lower.lower;
	raw.exact = raw.exact && upper.exact;
	if (!upper.exact)
		raw.reason = upper.reason;
	return raw;
}

struct bounds site_predicate(struct site *s, const struct predicate *p)
{
	struct bounds bounds = site_bounds(s, p);

	if (!bounds.exact)
		reason_add(s->l->arena, &s->reasons, bounds.reason);
	if (bounds.misses != NULL) {
		reason_add(s->l->arena, &s->reasons, bounds.misses);
		s->misses = bounds.misses;
	}
	return bounds;
}

static struct bounds lower_list(struct site *s, const struct node *node)
{
	struct arena *arena = s->l->arena;
	struct rule_node **upper = arena_array(arena, node->count, sizeof(struct rule_node *));
	struct rule_node **lower = arena_array(arena, node->count, sizeof(struct rule_node *));
	enum rule_kind absorbing = node->kind == NODE_AND ? RULE_FALSE : RULE_TRUE;
	const char *misses = NULL;
	bool exact = true, absorbed = false;

	for (size_t i = 0; i < node->count; i++) {
		struct bounds child = site_node(s, node->children[i]);

		upper[i] = child.upper;
		lower[i] = child.lower;
		exact = exact && child.exact;
		misses = misses ? misses : child.misses;
		absorbed = absorbed || (child.exact && child.upper->kind == absorbing);
		s->lost = s->lost || (node->kind == NODE_AND && !child.exact && child.upper->kind == RULE_TRUE);
	}
	bool and = node->kind == NODE_AND;

	return (struct bounds){
		and ? rule_and(arena, upper, node->count) : rule_or(arena, upper, node->count),
		and ? rule_and(arena, lower, node->count) : rule_or(arena, lower, node->count),
		exact || absorbed, NULL, absorbed ? NULL : misses,
	};
}

static struct bounds lower_not(struct site *s, struct bounds child)
{
	struct bounds bounds = target_not(s->l->arena, s->l->target, child);

	if (child.exact && !bounds.exact)
		reason_add(s->l->arena, &s->reasons, bounds.reason);
	return bounds;
}

struct bounds site_node(struct site *s, const struct node *node)
{
	switch (node->kind) {
	case NODE_TRUE:
		return bounds_exact(rule_true());
	case NODE_FALSE:
		return bounds_exact(rule_false());
	case NODE_NOT:
		return lower_not(s, site_node(s, node->children[0]));
	case NODE_PREDICATE:
		return site_predicate(s, &node->predicate);
	default:
		return lower_list(s, node);
	}
}

/* An action means a successful one, unless the condition speaks of the outcome itself. */
struct bounds site_root(struct site *s, const struct condition *condition, bool judged)
{
	static const struct value failure[] = {{.text = {"failure", 7}}};
	struct predicate failed = {.field = FIELD_OUTCOME, .op = OPERATOR_EQUAL, .values = failure, .count = 1};

	s->failed = condition->names_outcome;
	struct bounds bounds = site_node(s, condition->root);

	if (condition->names_outcome || judged || s->whole || bounds.upper->kind == RULE_FALSE)
		return bounds;
	struct bounds succeeded = bounds_not(s->l->arena, site_predicate(s, &failed));

	bounds.upper = rule_both(s->l->arena, bounds.upper, succeeded.upper);
	bounds.lower = rule_both(s->l->arena, bounds.lower, succeeded.lower);
	bounds.exact = bounds.exact && succeeded.exact;
	return bounds;
}
