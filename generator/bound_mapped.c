/* bound_mapped: see bound_mapped.h. */
#include "generator/bound_mapped.h"
#include "generator/bound_test.h"

/* Raw values of the map for which the answer is `wanted`; *other: what it is for any other value. */
static struct rule_node *mapped_values(const struct bounding *b, bool wanted, bool *other)
{
	struct text *values = NULL;
	size_t count = 0;

	*other = false;
	for (size_t i = 0; i < b->row->shape.map_count; i++) {
		struct text raw = b->row->shape.map[i].raw;

		if (text_is(raw, "*")) { /* stands last */
			*other = bound_raw_holds(b, raw);
			continue;
		}
		if (bound_raw_holds(b, raw) != wanted)
			continue;
		values = arena_grow(b->arena, values, count, sizeof(*values));
		values[count++] = raw;
	}
	struct rule_test test = {.name = bound_name(b->row), .op = TEST_EQUAL, .closed = true, .values = values, .count = count};

	return rule_test(b->arena, &test);
}

/* One of the pieces that a separator joins. */
static struct bounds mapped_pieces(const struct bounding *b, const struct rule_node *pieces)
{
	char separator[2] = {b->row->shape.separator, '\0'};
	struct buffer regex = {0};
	struct gathered g;

	gather_begin(&g, b);
	for (size_t i = 0; i < pieces->test.count; i++) {
		buffer_string(&regex, i == 0 ? "(.*" : "|");
		if (i == 0) {
			rule_regex_literal(&regex, text_of(separator));
			buffer_string(&regex, ")?(");
		}
		rule_regex_literal(&regex, pieces->test.values[i]);
	}
	buffer_string(&regex, ")(");
	rule_regex_literal(&regex, text_of(separator));
	buffer_string(&regex, ".*)?");
	gather_regex(&g, &regex, true);
	buffer_free(&regex);
	g.upper->test.fold = false;
	return gather_end(&g, NULL);
}

/* Is only asked for values that the map knows? */
static bool asks_known(const struct bounding *b)
{
	const struct predicate *p = b->predicate;
	bool known = p->op == OPERATOR_EQUAL && !p->fold;

	for (size_t i = 0; known && i < p->count; i++) {
		size_t k = 0;

		while (k < b->row->shape.map_count && !text_equal(b->row->shape.map[k].value, p->values[i].text))
			k++;
		known = k < b->row->shape.map_count;
	}
	return known;
}

/* Words that the map lacks may be what is asked for. */
static struct bounds mapped_open(const struct bounding *b, struct rule_node *holding)
{
	bool other;
	struct rule_node *known = rule_either(b->arena, holding, mapped_values(b, false, &other));
	struct rule_node *unknown = rule_both(b->arena, bound_present(b), rule_not(b->arena, known));

	return (struct bounds){rule_either(b->arena, holding, unknown), holding, false,
		"words that are not known there may stand for what is asked for", NULL};
}

/* A truth that a piece of the raw value says: it is false where no piece does. */
static struct bounds mapped_flag(const struct bounding *b)
{
	const struct predicate *p = b->predicate;
	const struct value yes = {.text = TEXT("true"), .truth = true};
	struct predicate set = {.field = p->field, .op = OPERATOR_EQUAL, .values = &yes, .count = 1};
	struct bounding asking = *b;
	bool truth = p->op == OPERATOR_EXISTS, lie = truth, other;

	asking.predicate = &set;
	struct bounds holds = mapped_pieces(&asking, mapped_values(&asking, true, &other));
	struct bounds not = bounds_not(b->arena, holds);

	for (size_t i = 0; i < p->count; i++) {
		truth = truth || p->values[i].truth;
		lie = lie || !p->values[i].truth;
	}
	if (truth && lie)
		return bounds_exact(bound_present(b));
	if (truth)
		return holds;
	not.upper = rule_both(b->arena, bound_present(b), not.upper);
	not.lower = rule_both(b->arena, bound_present(b), not.lower);
	return not;
}

struct bounds bound_mapped(const struct bounding *b)
{
	bool other;

	if (b->row->shape.separator && bound_type(b) == TYPE_BOOLEAN)
		return mapped_flag(b);
	struct rule_node *holding = mapped_values(b, true, &other);

	if (b->row->shape.open && b->predicate->op == OPERATOR_EXISTS)
		return bounds_exact(bound_present(b));
	if (b->row->shape.open && !asks_known(b))
		return mapped_open(b, holding);
	if (b->row->shape.separator && other)
		return bounds_none("a list of pieces of which others count is not judged");
	if (holding->kind == RULE_FALSE && !other)
		return bounds_exact(rule_false());
	if (b->row->shape.separator)
		return mapped_pieces(b, holding);
	if (other)
		return bounds_exact(rule_both(b->arena, bound_present(b), rule_not(b->arena, mapped_values(b, false, &other))));
	return bounds_exact(holding);
}

struct bounds bound_presence(const struct bounding *b)
{
	const struct predicate *p = b->predicate;
	struct rule_node *node = rule_false();

	for (size_t i = 0; i < p->count; i++)
		node = rule_either(b->arena, node, p->values[i].truth ? bound_present(b) : rule_not(b->arena, bound_present(b)));
	return bounds_exact(node);
}
