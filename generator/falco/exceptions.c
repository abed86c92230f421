/* exceptions: an organization's exceptions as Falco's own `exceptions`. */
#include "generator/falco/exceptions.h"

#include "generator/falco/quote.h"

static const char *const comparisons[TEST_OPERATOR_COUNT] = {
	[TEST_EQUAL] = "=",
	[TEST_STARTS] = "startswith",
	[TEST_ENDS] = "endswith",
	[TEST_CONTAINS] = "contains",
	[TEST_LIKE] = "glob",
};

enum { CONJUNCTS_MAX = 32 };

static bool literal_fits(const struct rule_literal *literal)
{
	const struct rule_test *test = literal->test;
	struct buffer scratch = {0};
	bool fits = !literal->negated && !test->number && !test->fold && comparisons[test->op] != NULL
		&& (test->count == 1 || test->op == TEST_EQUAL);

	for (size_t i = 0; fits && i < test->count; i++)
		fits = falco_exception_value(&scratch, test->values[i]);
	buffer_free(&scratch);
	return fits;
}

static bool conjunct_fits(const struct rule_conjunct *conjunct)
{
	for (size_t i = 0; i < conjunct->count; i++) {
		if (!literal_fits(&conjunct->literals[i]))
			return false;
	}
	return conjunct->count > 0;
}

static bool keeps_values(const struct rule_test *test)
{
	return test->op == TEST_EQUAL;
}

static bool same_shape(const struct rule_conjunct *a, const struct rule_conjunct *b)
{
	for (size_t i = 0; i < a->count && a->count == b->count; i++) {
		const struct rule_test *x = a->literals[i].test, *y = b->literals[i].test;

		if (!text_equal(x->name, y->name) || x->op != y->op || (x->count > 1) != (y->count > 1))
			return false;
	}
	return a->count == b->count;
}

static const char *comparison(const struct rule_test *test)
{
	return test->count > 1 ? "in" : comparisons[test->op];
}

static void print_values(struct buffer *out, const struct rule_conjunct *conjunct)
{
	buffer_string(out, "        - [");
	for (size_t i = 0; i < conjunct->count; i++) {
		const struct rule_test *test = conjunct->literals[i].test;

		buffer_string(out, i > 0 ? ", " : "");
		buffer_string(out, test->count > 1 ? "[" : "");
		for (size_t k = 0; k < test->count; k++) {
			buffer_string(out, k > 0 ? ", " : "");
			falco_exception_value(out, test->values[k]);
		}
		buffer_string(out, test->count > 1 ? "]" : "");
	}
	buffer_string(out, "]\n");
}

/* One entry: all conjuncts of the first's shape. */
static void print_entry(struct buffer *out, struct text name, size_t number, struct rule_conjunct *conjuncts, size_t count,
	size_t first)
{
	struct rule_conjunct lead = conjuncts[first];

	buffer_printf(out, "    - name: %.*s", TEXT_ARGS(name));
	if (number > 1)
		buffer_printf(out, "_%zu", number);
	buffer_string(out, "\n      fields: [");
	for (size_t i = 0; i < lead.count; i++)
		buffer_printf(out, "%s%.*s", i > 0 ? ", " : "", TEXT_ARGS(lead.literals[i].test->name));
	buffer_string(out, "]\n      comps: [");
	for (size_t i = 0; i < lead.count; i++)
		buffer_printf(out, "%s\"%s\"", i > 0 ? ", " : "", comparison(lead.literals[i].test));
	buffer_string(out, "]\n      values:\n");
	for (size_t i = first; i < count; i++) {
		if (conjuncts[i].count > 0 && same_shape(&conjuncts[i], &lead)) {
			print_values(out, &conjuncts[i]);
			conjuncts[i].count = 0;
		}
	}
}

static struct text entry_name(struct arena *arena, struct text name)
{
	char *copy = arena_printf(arena, "mews_%.*s", TEXT_ARGS(name));

	for (char *at = copy; *at; at++) {
		if (*at == '-')
			*at = '_';
	}
	return text_of(copy);
}

bool falco_exception(struct arena *arena, struct buffer *out, const struct rule_exception *exception)
{
	struct rule_conjunct *conjuncts;
	size_t count = rule_dnf(arena, rule_spread(arena, exception->node, keeps_values), CONJUNCTS_MAX, &conjuncts), number = 0;

	if (count == SIZE_MAX)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!conjunct_fits(&conjuncts[i]))
			return false;
	}
	for (size_t i = 0; i < count; i++) {
		if (conjuncts[i].count > 0)
			print_entry(out, entry_name(arena, exception->exception->name), ++number, conjuncts, count, i);
	}
	return true;
}
