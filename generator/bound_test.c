/* bound_test: see bound_test.h. */
#include "generator/bound_test.h"

#include "catalog/pattern.h"
#include "catalog/regex.h"

enum value_type bound_type(const struct bounding *b)
{
	return b->registry->fields[b->predicate->field].type;
}

struct rule_node *bound_test(const struct bounding *b, enum test_operator op, const struct text *values, size_t count,
	bool number)
{
	struct rule_test test = {.name = bound_name(b->row), .op = op, .values = values, .count = count, .number = number};

	return rule_test(b->arena, &test);
}

/* Values that mean missing: the dialect's, then the row's. */
static size_t marker_count(const struct bounding *b)
{
	return b->dialect->missing_count + b->row->missing_count;
}

static struct text marker(const struct bounding *b, size_t index)
{
	size_t common = b->dialect->missing_count;

	return index < common ? b->dialect->missing[index] : b->row->missing[index - common];
}

static bool number_fits(struct text text)
{
	int64_t number;

	return text_to_long(text, &number);
}

/* The markers of the dialect that can stand where the field is missing. */
struct rule_node *bound_missing_marker(const struct bounding *b)
{
	bool number = bound_type(b) == TYPE_LONG;
	struct text *values = NULL;
	size_t count = 0;

	for (size_t i = 0; i < marker_count(b); i++) {
		if (number && !number_fits(marker(b, i)))
			continue;
		values = arena_grow(b->arena, values, count, sizeof(*values));
		values[count++] = marker(b, i);
	}
	return bound_test(b, TEST_EQUAL, values, count, number);
}

struct rule_node *bound_present(const struct bounding *b)
{
	struct rule_node *there = bound_test(b, TEST_PRESENT, NULL, 0, false);

	if (bound_type(b) == TYPE_BOOLEAN && b->row->shape.shape != SHAPE_PRESENT)
		return there;
	return rule_both(b->arena, there, rule_not(b->arena, bound_missing_marker(b)));
}

bool bound_item_holds(const struct bounding *b, const struct item *item, struct text text)
{
	if (item->op != TEST_REGEX)
		return pattern_match(item_pattern(b->arena, item), text, b->predicate->fold);
	const char *error;
	size_t offset;
	struct regex *regex = regex_compile(item->text, b->predicate->fold, &error, &offset);

	if (regex == NULL)
		return true;
	struct regex_match *match = regex_match_new();
	bool limited = false;
	bool holds = regex_holds(regex, match, text, &limited);

	regex_match_free(match);
	regex_free(regex);
	return holds || limited;
}

/* A pattern must not take a marker of missing values for a value. */
struct rule_node *bound_without_markers(const struct bounding *b, const struct items *items, struct rule_node *node)
{
	struct rule_node *not_marked = rule_true();

	for (size_t m = 0; m < marker_count(b); m++) {
		bool hit = false;

		for (size_t i = 0; i < items->count && !hit; i++)
			hit = bound_item_holds(b, &items->items[i], marker(b, m));
		if (hit)
			not_marked = rule_both(b->arena, not_marked,
				rule_not(b->arena, rule_one(b->arena, bound_name(b->row), TEST_EQUAL, marker(b, m))));
	}
	return rule_both(b->arena, node, not_marked);
}

/* Does the predicate hold where the raw value is this one? */
bool bound_raw_holds(const struct bounding *b, struct text raw)
{
	struct arena scratch = {0};
	struct event event;

	event_begin(&event, &scratch, b->registry);
	struct facet *facet = event_add_facet(&event, 1, b->registry->categories[1].first_action);

	shape_read(&b->row->shape, &event, facet, b->predicate->field, &raw, 1);
	bool holds = evaluate_predicate(b->evaluator, b->predicate, facet);

	arena_free(&scratch);
	return holds;
}

/* A boolean of a number: `node` where it is true. */
struct bounds bound_truth(const struct bounding *b, struct rule_node *node)
{
	struct rule_node *other = rule_both(b->arena, bound_present(b), rule_not(b->arena, node)), *result = rule_false();

	for (size_t i = 0; i < b->predicate->count; i++)
		result = rule_either(b->arena, result, b->predicate->values[i].truth ? node : other);
	return bounds_exact(result);
}
