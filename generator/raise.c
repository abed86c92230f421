/* raise: tests of raw names → predicates on fields. */
#include "generator/raise.h"

#include "catalog/pattern.h"

#include <string.h>

/* A predicate that is being made. It is printed and read by the conditions' own parser, which cleans paths, compiles
 * regular expressions and checks types: what it refuses cannot be said of this field. */
struct asking {
	const struct raising *r;
	unsigned field;
	enum predicate_operator op;
	bool fold, number;
	const struct text *values;
	size_t count;
};

static struct node *ask(const struct asking *a, const char **error)
{
	struct arena *arena = a->r->import->arena;
	struct value *values = arena_array(arena, a->count + 1, sizeof(*values));
	const struct registry *registry = &a->r->import->catalog->registry;
	struct predicate p = {.field = a->field, .op = a->op, .fold = a->fold, .number = a->number};
	struct buffer out = {0};

	for (size_t i = 0; i < a->count; i++) {
		values[i].text = a->values[i];
		if ((registry->fields[a->field].type == TYPE_LONG || a->number) && !text_to_long(a->values[i], &values[i].number)) {
			*error = arena_printf(arena, "%.*s is no whole number", TEXT_ARGS(a->values[i]));
			return NULL;
		}
		if (registry->fields[a->field].type == TYPE_BOOLEAN)
			values[i].truth = text_equal_fold(a->values[i], TEXT("true"));
	}
	p.values = values;
	p.count = a->count;
	predicate_print(&p, registry, &out);
	struct node *node = import_expression(a->r->import, buffer_view(&out), error);

	buffer_free(&out);
	return node;
}

static const enum predicate_operator operators[TEST_OPERATOR_COUNT] = {
	[TEST_PRESENT] = OPERATOR_EXISTS,
	[TEST_EQUAL] = OPERATOR_EQUAL,
	[TEST_LESS] = OPERATOR_LESS,
	[TEST_LESS_EQUAL] = OPERATOR_LESS_EQUAL,
	[TEST_GREATER] = OPERATOR_GREATER,
	[TEST_GREATER_EQUAL] = OPERATOR_GREATER_EQUAL,
	[TEST_LIKE] = OPERATOR_LIKE,
	[TEST_REGEX] = OPERATOR_REGEX,
	[TEST_STARTS] = OPERATOR_STARTS,
	[TEST_ENDS] = OPERATOR_ENDS,
	[TEST_CONTAINS] = OPERATOR_CONTAINS,
	[TEST_CIDR] = OPERATOR_CIDR,
};

static bool by_order(enum test_operator op)
{
	return op == TEST_LESS || op == TEST_LESS_EQUAL || op == TEST_GREATER || op == TEST_GREATER_EQUAL;
}

/* --- values one at a time: what the empty text and missing markers mean --- */

static bool same_predicate(const struct predicate *a, const struct predicate *b)
{
	if (a->field != b->field || a->op != b->op || a->fold != b->fold || a->length != b->length || a->number != b->number
		|| a->other != b->other || a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (!text_equal(a->values[i].text, b->values[i].text))
			return false;
	}
	return a->op != OPERATOR_CIDR || a->count == 0;
}

static bool same_node(const struct node *a, const struct node *b)
{
	if (a->kind != b->kind || a->count != b->count)
		return false;
	if (a->kind == NODE_PREDICATE)
		return same_predicate(&a->predicate, &b->predicate);
	for (size_t i = 0; i < a->count; i++) {
		if (!same_node(a->children[i], b->children[i]))
			return false;
	}
	return true;
}

/* AND or OR, in which what is said already is not said again. */
static struct node *joined(const struct raising *r, bool and, struct node **children, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		bool known = false;

		for (size_t k = 0; k < kept && !known; k++)
			known = same_node(children[k], children[i]);
		if (!known)
			children[kept++] = children[i];
	}
	return and ? node_and(r->import->arena, children, kept) : node_or(r->import->arena, children, kept);
}

static struct node *or_of(const struct raising *r, struct node *a, struct node *b)
{
	struct node *both[] = {a, b};

	return joined(r, false, both, 2);
}

static struct node *presence(const struct raising *r, unsigned field, enum predicate_operator op)
{
	struct predicate p = {.field = field, .op = op};

	return node_predicate(r->import->arena, &p);
}

/* An empty text is a missing value here: to equal it is to be missing, to contain it is to be there. */
static struct node *ask_empty(const struct raising *r, unsigned field, enum test_operator op)
{
	bool equal = op == TEST_EQUAL || op == TEST_LIKE || op == TEST_REGEX;

	return presence(r, field, equal ? OPERATOR_MISSING : OPERATOR_EXISTS);
}

static bool is_marker(const struct raising *r, const struct dialect_field *row, const struct rule_test *test, struct text value)
{
	if (test->op != TEST_EQUAL && test->op != TEST_LIKE)
		return false;
	if (row == NULL)
		return value.length > 0 && dialect_is_missing(r->import->dialect, value);
	return value.length > 0 && dialect_field_is_missing(r->import->dialect, row, value);
}

/* The test's values without those that mean "missing", asked of a field; *error where that cannot be. */
static struct node *ask_values(const struct raising *r, const struct dialect_field *row, unsigned field,
	const struct rule_test *test, const char **error)
{
	struct asking a = {.r = r, .field = field, .op = operators[test->op], .fold = test->fold};
	struct text *kept = arena_array(r->import->arena, test->count + 1, sizeof(*kept));
	struct node *node = node_false();
	enum value_type type = r->import->catalog->registry.fields[field].type;

	a.number = by_order(test->op) && type == TYPE_KEYWORD;
	a.fold = a.fold && type == TYPE_KEYWORD && test->op != TEST_CIDR && !a.number;
	a.values = kept;
	for (size_t i = 0; i < test->count; i++) {
		if (test->values[i].length == 0)
			node = or_of(r, node, ask_empty(r, field, test->op));
		else if (is_marker(r, row, test, test->values[i]))
			node = or_of(r, node, presence(r, field, OPERATOR_MISSING));
		else
			kept[a.count++] = test->values[i];
	}
	if (test->op == TEST_PRESENT)
		return presence(r, field, OPERATOR_EXISTS);
	if (a.count == 0)
		return node;
	struct node *asked = ask(&a, error);

	return asked != NULL ? or_of(r, node, asked) : NULL;
}

/* --- shapes --- */

/* The values whose raw words the map turns into something; false: a word is in no row of it. */
static bool through_map(const struct raising *r, const struct shape_use *shape, const struct rule_test *test,
	struct rule_test *mapped)
{
	struct text *values = arena_array(r->import->arena, test->count * (shape->map_count + 1) + 1, sizeof(*values));
	size_t count = 0;

	for (size_t i = 0; i < test->count; i++) {
		bool found = false;

		for (size_t k = 0; k < shape->map_count && !found; k++) {
			found = text_equal(shape->map[k].raw, test->values[i]);
			if (found && shape->map[k].value.length == 0)
				return false;
			if (found)
				values[count++] = shape->map[k].value;
		}
		if (!found)
			return false;
	}
	*mapped = *test;
	mapped->op = TEST_EQUAL;
	mapped->fold = false; /* the map knows its words in one spelling */
	mapped->values = values;
	mapped->count = count;
	return count > 0;
}

static struct node *from_map(const struct raising *r, const struct dialect_field *row, const struct rule_test *test)
{
	bool piece = row->shape.separator != '\0' && test->op == TEST_CONTAINS;
	struct rule_test mapped;
	const char *error = NULL;

	if (test->op == TEST_PRESENT)
		return presence(r, row->field, OPERATOR_EXISTS);
	if ((test->op != TEST_EQUAL && !piece) || (row->shape.separator != '\0' && !piece)
		|| !through_map(r, &row->shape, test, &mapped))
		return NULL;
	return ask_values(r, NULL, row->field, &mapped, &error);
}

/* A raw value that is cut to `size` bytes: only shorter texts are whole, and none is longer. */
static struct node *from_cut(const struct raising *r, const struct dialect_field *row, const struct rule_test *test)
{
	struct rule_test whole = *test, begun = *test;
	struct text *values = arena_array(r->import->arena, 2 * test->count + 1, sizeof(*values));
	const char *error = NULL;

	if (test->op == TEST_PRESENT)
		return presence(r, row->field, OPERATOR_EXISTS);
	whole.values = values;
	begun.values = values + test->count;
	begun.op = TEST_STARTS;
	whole.count = begun.count = 0;
	for (size_t i = 0; i < test->count; i++) {
		if (test->values[i].length < row->shape.size || (test->op != TEST_EQUAL && test->values[i].length == row->shape.size))
			values[whole.count++] = test->values[i];
		else if (test->values[i].length == row->shape.size)
			values[test->count + begun.count++] = test->values[i];
	}
	if (test->op != TEST_EQUAL && test->op != TEST_STARTS)
		import_note(r->import, r->item, "%.*s is cut to %u bytes there, and %.*s is whole here", TEXT_ARGS(test->name),
			(unsigned)row->shape.size, TEXT_ARGS(r->import->catalog->registry.fields[row->field].name));
	struct node *short_ones = whole.count > 0 ? ask_values(r, row, row->field, &whole, &error) : node_false();
	struct node *long_ones = begun.count > 0 ? ask_values(r, row, row->field, &begun, &error) : node_false();

	return short_ones != NULL && long_ones != NULL ? or_of(r, short_ones, long_ones) : NULL;
}

/* Names of capabilities in a list: to hold one is to have it. */
static struct node *from_capabilities(const struct raising *r, const struct dialect_field *row, const struct rule_test *test)
{
	struct rule_test names = *test;
	const char *error = NULL;

	if (test->op != TEST_CONTAINS && test->op != TEST_EQUAL)
		return NULL;
	for (size_t i = 0; i < test->count; i++) {
		if (capability_bit(test->values[i]) < 0 || !text_starts(test->values[i], TEXT("CAP_"), false))
			return NULL;
	}
	names.op = TEST_EQUAL;
	return ask_values(r, row, row->field, &names, &error);
}

/* The test through the row's shape, or NULL where its raw value must be asked. */
static struct node *through_row(const struct raising *r, const struct dialect_field *row, const struct rule_test *test)
{
	const char *error = NULL;

	switch (row->shape.shape) {
	case SHAPE_PLAIN:
		return ask_values(r, row, row->field, test, &error);
	case SHAPE_TRUNCATED:
		return from_cut(r, row, test);
	case SHAPE_MAPPED:
		return from_map(r, row, test);
	case SHAPE_CAPABILITY_NAMES:
		return from_capabilities(r, row, test);
	default:
		return NULL;
	}
}

/* --- names --- */

static bool row_named(const struct dialect_field *row, struct text name)
{
	for (size_t i = 0; i < row->name_count; i++) {
		if (text_equal(row->names[i], name))
			return true;
	}
	return row->rule.length > 0 && text_equal(row->rule, name);
}

static bool carries(const struct raising *r, const struct dialect_field *row)
{
	if (r->action != 0 || row->events == NULL)
		return row->events == NULL || dialect_field_carries(row, r->category, r->action);
	for (size_t i = 0; i < row->event_count; i++) {
		if (row->events[2 * i] == r->category)
			return true;
	}
	return false;
}

/* How well a row serves: plain ones first, then those that rules are written with. 0: not at all; those that are only near
 * are no use. */
static unsigned worth(const struct dialect_field *row)
{
	unsigned value = row->shape.shape == SHAPE_PLAIN ? 4 : row->shape.shape == SHAPE_TRUNCATED ? 2 : 1;

	return 2 * value + ((row->use & USE_WRITE) ? 1 : 0);
}

static const struct dialect_field *row_of(const struct raising *r, struct text name)
{
	const struct dialect_field *best = NULL;

	for (size_t i = 0; r->group != NULL && i < r->group->field_count; i++) {
		const struct dialect_field *row = &r->group->fields[i];

		if (row->approximate.length == 0 && row_named(row, name) && carries(r, row) && (best == NULL || worth(row) > worth(best)))
			best = row;
	}
	return best;
}

/* Two names compared: both must be plain. */
static struct node *raise_pair(const struct raising *r, const struct rule_test *test)
{
	const struct dialect_field *a = row_of(r, test->name), *b = row_of(r, test->other);
	struct registry *registry = &r->import->catalog->registry;
	struct predicate p = {.op = operators[test->op], .fold = test->fold};

	p.field = a != NULL && a->shape.shape == SHAPE_PLAIN ? a->field : import_native(r->import, test->name, TYPE_KEYWORD);
	p.other = b != NULL && b->shape.shape == SHAPE_PLAIN ? b->field : import_native(r->import, test->other, TYPE_KEYWORD);
	if (registry->fields[p.field].type != registry->fields[p.other].type) {
		import_refuse(r->import, r->item, "%.*s and %.*s are of different types and cannot be compared", TEXT_ARGS(test->name),
			TEXT_ARGS(test->other));
		return node_false();
	}
	return node_predicate(r->import->arena, &p);
}

/* Words that may stand anywhere: they are looked for in the record's text. */
static struct node *raise_keyword(const struct raising *r, const struct rule_test *test)
{
	struct rule_test words = *test;
	unsigned message = registry_field(&r->import->catalog->registry, TEXT("message"));
	const char *error = NULL;

	if (words.op == TEST_EQUAL)
		words.op = TEST_CONTAINS;
	struct node *node = message != FIELD_NONE ? ask_values(r, NULL, message, &words, &error) : NULL;

	if (node != NULL)
		return node;
	import_refuse(r->import, r->item, "the keywords cannot be asked: %s", error != NULL ? error : "there is no field message");
	return node_false();
}

struct node *raise_test(const struct raising *r, const struct rule_test *test)
{
	const char *error = NULL;

	if (test->name.length == 0)
		return raise_keyword(r, test);
	if (test->other.length > 0)
		return raise_pair(r, test);
	const struct dialect_field *row = row_of(r, test->name);
	struct node *node = row != NULL ? through_row(r, row, test) : NULL;

	if (node != NULL)
		return node;
	unsigned native = test->op < TEST_MASK ? import_native(r->import, test->name, TYPE_KEYWORD) : FIELD_NONE;

	node = native != FIELD_NONE ? ask_values(r, row, native, test, &error) : NULL;
	if (node != NULL)
		return node;
	import_refuse(r->import, r->item, "%.*s cannot be asked so: %s", TEXT_ARGS(test->name),
		error != NULL ? error : "conditions have no such comparison");
	return node_false();
}

/* `not f == null` is f != null, and the other way round. */
static struct node *negated(const struct raising *r, struct node *node)
{
	enum predicate_operator op = node->kind == NODE_PREDICATE ? node->predicate.op : OPERATOR_EQUAL;

	if (op == OPERATOR_MISSING || op == OPERATOR_EXISTS)
		return presence(r, node->predicate.field, op == OPERATOR_MISSING ? OPERATOR_EXISTS : OPERATOR_MISSING);
	return node_not(r->import->arena, node);
}

struct node *raise_tree(const struct raising *r, const struct rule_node *tree)
{
	struct arena *arena = r->import->arena;

	switch (tree->kind) {
	case RULE_FALSE:
		return node_false();
	case RULE_TRUE:
		return node_true();
	case RULE_NOT:
		return negated(r, raise_tree(r, tree->children[0]));
	case RULE_TEST:
		return raise_test(r, &tree->test);
	default:
		break;
	}
	struct node **children = arena_array(arena, tree->count, sizeof(*children));

	for (size_t i = 0; i < tree->count; i++)
		children[i] = raise_tree(r, tree->children[i]);
	return joined(r, tree->kind == RULE_AND, children, tree->count);
}
