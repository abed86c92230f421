/* condition: a rule's tree in Falco's filter language. */
#include "generator/falco/condition.h"

#include "generator/falco/fields.h"
#include "generator/falco/pieces.h"
#include "generator/falco/quote.h"
#include "generator/falco/raw.h"
#include "generator/falco/write.h"

#include <string.h>

static const char *const operators[TEST_OPERATOR_COUNT] = {
	[TEST_EQUAL] = "=",
	[TEST_LESS] = "<",
	[TEST_LESS_EQUAL] = "<=",
	[TEST_GREATER] = ">",
	[TEST_GREATER_EQUAL] = ">=",
	[TEST_LIKE] = "glob",
	[TEST_REGEX] = "regex",
	[TEST_STARTS] = "startswith",
	[TEST_ENDS] = "endswith",
	[TEST_CONTAINS] = "contains",
};

/* Networks have fields of their own, beside those of addresses. */
static const struct {
	const char *address, *network;
} networks[] = {{"fd.ip", "fd.net"}, {"fd.cip", "fd.cnet"}, {"fd.sip", "fd.snet"}, {"fd.lip", "fd.lnet"}, {"fd.rip", "fd.rnet"}};

/* The field that a network is asked of in place of this one; empty: there is none. */
static struct text network_field(struct text name)
{
	for (size_t i = 0; i < sizeof(networks) / sizeof(*networks); i++) {
		if (text_is(name, networks[i].address) || text_is(name, networks[i].network))
			return text_of(networks[i].network);
	}
	return TEXT("");
}

/* val( ) wants two fields of one type, and none that stands for several. */
static bool comparable(const struct rule_test *test)
{
	const struct falco_field *a = falco_field(test->name), *b = falco_field(test->other);
	bool order = test->op >= TEST_LESS && test->op <= TEST_GREATER_EQUAL;

	if (a == NULL || b == NULL || a->type != b->type || falco_field_ancestors(test->name) || falco_field_ancestors(test->other))
		return false;
	if (network_field(test->name).length > 0 || network_field(test->other).length > 0 || a->type == FALCO_UNKNOWN)
		return false;
	if (test->fold && test->op != TEST_CONTAINS)
		return false;
	return a->type == FALCO_TEXT ? !order && test->op != TEST_LIKE && test->op != TEST_REGEX : test->op == TEST_EQUAL || order;
}

/* Has the field's type such an operator? What its values cannot be is left out when the rule is written (tidy.h). */
static bool typed(const struct rule_test *test)
{
	const struct falco_field *field = falco_field(test->name);
	bool order = test->op >= TEST_LESS && test->op <= TEST_GREATER_EQUAL;

	if (field == NULL || field->type == FALCO_UNKNOWN || test->op == TEST_PRESENT || test->op == TEST_CIDR)
		return true;
	if (field->type == FALCO_TEXT)
		return !order && !test->number;
	if (field->type == FALCO_NUMBER)
		return order || test->op == TEST_EQUAL;
	return test->op == TEST_EQUAL;
}

bool falco_accepts(const struct rule_test *test)
{
	if (falco_opaque(test->name))
		return test->op == TEST_EQUAL || test->op == TEST_PRESENT;
	if (!typed(test))
		return false;
	if (test->other.length > 0)
		return comparable(test);
	if (test->op == TEST_CIDR)
		return network_field(test->name).length > 0;
	for (size_t i = 0; i < test->count; i++) {
		bool zero = memchr(test->values[i].data, '\0', test->values[i].length) != NULL;

		if (test->op == TEST_REGEX ? zero || !falco_cuttable(test, test->values[i]) : !falco_quotable(test->values[i]))
			return false;
		if (test->op != TEST_REGEX && test->values[i].length > FALCO_VALUE_MOST)
			return false;
		if (test->op == TEST_LIKE && !falco_glob(test->values[i]))
			return false;
	}
	return true;
}

/* --- lists --- */

static struct text list_name(struct arena *arena, struct text list)
{
	char *name = arena_printf(arena, "mews_%.*s", TEXT_ARGS(list));

	for (char *at = name; *at; at++) {
		if (*at == '-' || *at == '.')
			*at = '_';
	}
	return text_of(name);
}

static void note_list(const struct rule_test *test, void *context)
{
	struct falco_lists *lists = context;

	if (test->list.length == 0 || test->op != TEST_EQUAL || test->count < 3)
		return;
	for (size_t i = 0; i < test->count; i++) {
		if (!falco_bare(test->values[i]))
			return;
	}
	struct text name = list_name(lists->arena, test->list);

	for (size_t i = 0; i < lists->count; i++) {
		if (text_equal(lists->items[i].name, name))
			return;
	}
	lists->items = arena_grow(lists->arena, lists->items, lists->count, sizeof(*lists->items));
	lists->items[lists->count++] = (struct falco_list){name, test->values, test->count};
}

void falco_lists_add(struct falco_lists *lists, const struct rule_node *node)
{
	rule_visit(node, note_list, lists);
}

static bool has_item(const struct text *items, size_t count, struct text value)
{
	for (size_t i = 0; i < count; i++) {
		if (text_equal(items[i], value))
			return true;
	}
	return false;
}

static bool all_within(const struct falco_list *list, const struct rule_test *test)
{
	if (list->count > test->count)
		return false;
	for (size_t i = 0; i < list->count; i++) {
		if (!has_item(test->values, test->count, list->items[i]))
			return false;
	}
	return true;
}

/* The longest list that all are values of, and that brings at least three that `said` does not have yet. */
static const struct falco_list *list_within(const struct falco_lists *lists, const struct rule_test *test, const bool *said)
{
	const struct falco_list *best = NULL;

	for (size_t i = 0; lists != NULL && test->op == TEST_EQUAL && i < lists->count; i++) {
		const struct falco_list *list = &lists->items[i];
		size_t fresh = 0;

		if ((best != NULL && list->count <= best->count) || !all_within(list, test))
			continue;
		for (size_t k = 0; k < test->count; k++)
			fresh += !said[k] && has_item(list->items, list->count, test->values[k]);
		if (fresh >= 3)
			best = list;
	}
	return best;
}

/* --- tests --- */

static void print_value(struct buffer *out, const struct rule_test *test, struct text value)
{
	if (test->op == TEST_REGEX)
		falco_quote_regex(out, value, test->fold, test->lines);
	else if (test->number)
		buffer_text(out, value);
	else
		falco_quote(out, value);
}

/* Lists by their names, and the values that are in none. */
static void print_in(struct buffer *out, const struct rule_test *test, const struct falco_lists *lists)
{
	struct text name = test->op == TEST_CIDR ? network_field(test->name) : test->name;
	struct arena arena = {0};
	bool *said = arena_array(&arena, test->count + 1, sizeof(*said));
	const struct falco_list *list;
	const char *before = "";

	buffer_printf(out, "%.*s in (", TEXT_ARGS(name));
	while ((list = list_within(lists, test, said)) != NULL) {
		buffer_printf(out, "%s%.*s", before, TEXT_ARGS(list->name));
		for (size_t k = 0; k < test->count; k++)
			said[k] = said[k] || has_item(list->items, list->count, test->values[k]);
		before = ", ";
	}
	for (size_t i = 0; i < test->count; i++) {
		if (said[i])
			continue;
		buffer_string(out, before);
		print_value(out, test, test->values[i]);
		before = ", ";
	}
	buffer_char(out, ')');
	arena_free(&arena);
}

/* One comparison for each value; a long regular expression is several. */
static void print_any(struct buffer *out, const struct rule_test *test, const char *op, const char *between)
{
	struct arena arena = {0};
	struct text *values = NULL, *pieces;
	size_t count = 0;

	for (size_t i = 0; i < test->count; i++) {
		const struct text *of_value = &test->values[i];
		size_t more = 1;

		if (test->op == TEST_REGEX && (more = falco_pieces(&arena, test, test->values[i], &pieces)) > 0)
			of_value = pieces;
		for (size_t k = 0; k < more; k++) {
			values = arena_grow(&arena, values, count, sizeof(*values));
			values[count++] = of_value[k];
		}
	}
	buffer_string(out, count > 1 ? "(" : "");
	for (size_t i = 0; i < count; i++) {
		buffer_printf(out, "%s%.*s %s ", i > 0 ? between : "", TEXT_ARGS(test->name), op);
		print_value(out, test, values[i]);
	}
	buffer_string(out, count > 1 ? ")" : "");
	arena_free(&arena);
}

static void print_test(struct buffer *out, const struct rule_test *test, const struct falco_lists *lists, const char *between)
{
	const char *op = test->op == TEST_CONTAINS && test->fold ? "icontains" : operators[test->op];

	if (falco_opaque(test->name)) { /* a comparison of Falco's own, kept whole */
		bool holds = test->op == TEST_PRESENT || (test->count > 0 && text_is(test->values[0], "true"));

		buffer_printf(out, holds ? "(%.*s)" : "(evt.num < 0 and (%.*s))", TEXT_ARGS(test->name));
		return;
	}
	if (test->op == TEST_PRESENT && text_starts(test->name, TEXT("mews_"), false)) { /* a macro (names.h) */
		buffer_text(out, test->name);
		return;
	}
	if (test->op == TEST_PRESENT) {
		buffer_printf(out, "%.*s exists", TEXT_ARGS(test->name));
		return;
	}
	if (test->other.length > 0) {
		buffer_printf(out, "%.*s %s val(%.*s)", TEXT_ARGS(test->name), op, TEXT_ARGS(test->other));
		return;
	}
	if (test->op == TEST_CIDR || (test->op == TEST_EQUAL && test->count > 1)) {
		print_in(out, test, lists);
		return;
	}
	print_any(out, test, op, between);
}

void falco_print(struct buffer *out, const struct rule_node *node, const struct falco_lists *lists)
{
	switch (node->kind) {
	case RULE_TEST:
		print_test(out, &node->test, lists, " or ");
		break;
	case RULE_NOT:
		buffer_string(out, "not (");
		falco_print(out, node->children[0], lists);
		buffer_char(out, ')');
		break;
	case RULE_AND:
	case RULE_OR:
		buffer_char(out, '(');
		for (size_t i = 0; i < node->count; i++) {
			if (i > 0)
				buffer_string(out, node->kind == RULE_AND ? " and " : " or ");
			falco_print(out, node->children[i], lists);
		}
		buffer_char(out, ')');
		break;
	default: /* a rule's parts are never constant: its events stand in it */
		buffer_string(out, node->kind == RULE_TRUE ? "evt.num >= 0" : "evt.num < 0");
	}
}

void falco_print_lines(struct buffer *out, const struct rule_node *node, const struct falco_lists *lists, const char *between)
{
	if (node->kind == RULE_TEST) {
		print_test(out, &node->test, lists, between);
		return;
	}
	if (node->kind != RULE_OR) {
		falco_print(out, node, lists);
		return;
	}
	for (size_t i = 0; i < node->count; i++) {
		buffer_string(out, i > 0 ? between : "(");
		falco_print(out, node->children[i], lists);
	}
	buffer_char(out, ')');
}
