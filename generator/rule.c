/* rule: trees of tests of raw names. */
#include "generator/rule.h"

#include "catalog/pattern.h"

#include <string.h>


struct rule_node *rule_true(void)
{
	static const struct rule_node node = {.kind = RULE_TRUE};
	return (struct rule_node *)&node; /* nobody changes a node */
}

struct rule_node *rule_false(void)
{
	static const struct rule_node node = {.kind = RULE_FALSE};
	return (struct rule_node *)&node; /* nobody changes a node */
}

static struct rule_node *node_of(struct arena *arena, enum rule_kind kind, struct rule_node **children, size_t count)
{
	struct rule_node *node = arena_alloc(arena, sizeof(*node));

	node->kind = kind;
	node->children = children;
	node->count = count;
	return node;
}

struct rule_node *rule_not(struct arena *arena, struct rule_node *child)
{
	if (child->kind == RULE_TRUE)
		return rule_false();
	if (child->kind == RULE_FALSE)
		return rule_true();
	if (child->kind == RULE_NOT)
		return child->children[0];
	struct rule_node **children = arena_array(arena, 1, sizeof(*children));

	children[0] = child;
	return node_of(arena, RULE_NOT, children, 1);
}

struct rule_node *rule_test(struct arena *arena, const struct rule_test *test)
{
	if (test->op != TEST_PRESENT && test->count == 0 && test->other.length == 0)
		return rule_false();
	struct rule_node *node = node_of(arena, RULE_TEST, NULL, 0);

	node->test = *test;
	return node;
}

struct rule_node *rule_one(struct arena *arena, struct text name, enum test_operator op, struct text value)
{
	struct text *values = arena_array(arena, 1, sizeof(*values));
	struct rule_test test = {.name = name, .op = op, .values = values, .count = op == TEST_PRESENT ? 0 : 1};

	values[0] = value;
	return rule_test(arena, &test);
}

static bool same_values(const struct rule_test *a, const struct rule_test *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (!text_equal(a->values[i], b->values[i]))
			return false;
	}
	return true;
}

static bool same_question(const struct rule_test *a, const struct rule_test *b)
{
	return a->op == b->op && a->fold == b->fold && a->number == b->number && a->hex == b->hex && a->lines == b->lines
		&& text_equal(a->name, b->name) && text_equal(a->other, b->other);
}

bool rule_same_test(const struct rule_test *a, const struct rule_test *b)
{
	return same_question(a, b) && same_values(a, b);
}

bool rule_equal(const struct rule_node *a, const struct rule_node *b)
{
	if (a == b)
		return true;
	if (a->kind != b->kind || a->count != b->count)
		return false;
	if (a->kind == RULE_TEST)
		return rule_same_test(&a->test, &b->test);
	for (size_t i = 0; i < a->count; i++) {
		if (!rule_equal(a->children[i], b->children[i]))
			return false;
	}
	return true;
}

/* All values of two tests that ask the same of one name. */
static struct rule_node *join_tests(struct arena *arena, const struct rule_test *a, const struct rule_test *b)
{
	struct rule_test joined = *a;
	struct text *values = arena_array(arena, a->count + b->count, sizeof(*values));
	size_t count = a->count;

	if (a->count)
		memcpy(values, a->values, a->count * sizeof(*values));
	for (size_t i = 0; i < b->count; i++) {
		bool known = false;

		for (size_t k = 0; k < count && !known; k++)
			known = text_equal(values[k], b->values[i]);
		if (!known)
			values[count++] = b->values[i];
	}
	if (!text_equal(a->list, b->list) || count != a->count)
		joined.list = (struct text){NULL, 0};
	joined.values = values;
	joined.count = count;
	return rule_test(arena, &joined);
}

struct children {
	struct arena *arena;
	struct rule_node **items;
	size_t count;
};

static void child_add(struct children *children, enum rule_kind kind, struct rule_node *node)
{
	if (node->kind == kind) {
		for (size_t i = 0; i < node->count; i++)
			child_add(children, kind, node->children[i]);
		return;
	}
	for (size_t i = 0; i < children->count; i++) {
		struct rule_node *other = children->items[i];

		if (rule_equal(other, node))
			return;
		if (kind == RULE_OR && other->kind == RULE_TEST && node->kind == RULE_TEST
			&& other->test.op != TEST_PRESENT && same_question(&other->test, &node->test)) {
			children->items[i] = join_tests(children->arena, &other->test, &node->test);
			return;
		}
	}
	children->items = arena_grow(children->arena, children->items, children->count, sizeof(*children->items));
	children->items[children->count++] = node;
}

/* Can the node only hold where the name is there? */
static bool presumes(const struct rule_node *node, struct text name)
{
	size_t needing = 0;

	if (node->kind == RULE_TEST)
		return node->test.op != TEST_PRESENT && text_equal(node->test.name, name);
	if (node->kind != RULE_AND && node->kind != RULE_OR)
		return false;
	for (size_t i = 0; i < node->count; i++)
		needing += presumes(node->children[i], name);
	return node->kind == RULE_AND ? needing > 0 : needing == node->count;
}

/* "f is there" beside a test of f says nothing. */
static void drop_presence(struct children *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct rule_node *node = list->items[i];
		bool needless = false;

		for (size_t k = 0; k < list->count && !needless; k++)
			needless = node->kind == RULE_TEST && node->test.op == TEST_PRESENT && presumes(list->items[k], node->test.name);
		if (!needless)
			list->items[kept++] = list->items[i];
	}
	list->count = kept;
}

/* Is one of them the negation of another? "a or not a" holds always, "a and not a" never. */
static bool has_opposites(const struct children *list)
{
	for (size_t i = 0; i < list->count; i++) {
		for (size_t k = 0; list->items[i]->kind == RULE_NOT && k < list->count; k++) {
			if (rule_equal(list->items[i]->children[0], list->items[k]))
				return true;
		}
	}
	return false;
}

static struct rule_node *combine(struct arena *arena, enum rule_kind kind, struct rule_node *const *children, size_t count)
{
	enum rule_kind absorbing = kind == RULE_AND ? RULE_FALSE : RULE_TRUE;
	enum rule_kind neutral = kind == RULE_AND ? RULE_TRUE : RULE_FALSE;
	struct children list = {arena, NULL, 0};

	for (size_t i = 0; i < count; i++) {
		if (children[i]->kind == absorbing)
			return children[i];
		if (children[i]->kind != neutral)
			child_add(&list, kind, children[i]);
	}
	if (kind == RULE_AND)
		drop_presence(&list);
	if (has_opposites(&list))
		return absorbing == RULE_TRUE ? rule_true() : rule_false();
	if (list.count == 0)
		return neutral == RULE_TRUE ? rule_true() : rule_false();
	return list.count == 1 ? list.items[0] : node_of(arena, kind, list.items, list.count);
}

struct rule_node *rule_and(struct arena *arena, struct rule_node *const *children, size_t count)
{
	return combine(arena, RULE_AND, children, count);
}

struct rule_node *rule_or(struct arena *arena, struct rule_node *const *children, size_t count)
{
	return combine(arena, RULE_OR, children, count);
}

struct rule_node *rule_both(struct arena *arena, struct rule_node *a, struct rule_node *b)
{
	struct rule_node *both[] = {a, b};

	return rule_and(arena, both, 2);
}

struct rule_node *rule_either(struct arena *arena, struct rule_node *a, struct rule_node *b)
{
	struct rule_node *both[] = {a, b};

	return rule_or(arena, both, 2);
}

void rule_visit(const struct rule_node *node, void (*visit)(const struct rule_test *, void *), void *context)
{
	if (node->kind == RULE_TEST)
		visit(&node->test, context);
	for (size_t i = 0; i < node->count; i++)
		rule_visit(node->children[i], visit, context);
}

size_t rule_size(const struct rule_node *node)
{
	size_t size = node->kind == RULE_TEST;

	for (size_t i = 0; i < node->count; i++)
		size += rule_size(node->children[i]);
	return size;
}

static struct rule_node *spread_test(struct arena *arena, const struct rule_test *test)
{
	struct rule_node **children = arena_array(arena, test->count, sizeof(struct rule_node *));

	for (size_t i = 0; i < test->count; i++) {
		struct rule_test one = *test;

		one.values = &test->values[i];
		one.count = 1;
		children[i] = rule_test(arena, &one);
	}
	return node_of(arena, RULE_OR, children, test->count);
}

struct rule_node *rule_spread(struct arena *arena, struct rule_node *node, bool (*keep)(const struct rule_test *))
{
	if (node->kind == RULE_TEST)
		return node->test.count < 2 || keep(&node->test) ? node : spread_test(arena, &node->test);
	if (node->count == 0)
		return node;
	struct rule_node **children = arena_array(arena, node->count, sizeof(struct rule_node *));

	for (size_t i = 0; i < node->count; i++)
		children[i] = rule_spread(arena, node->children[i], keep);
	return node_of(arena, node->kind, children, node->count);
}

/* --- disjunctive normal form --- */

struct dnf {
	struct arena *arena;
	size_t limit;
	struct rule_conjunct *items;
	size_t count;
};

static bool dnf_add(struct dnf *dnf, struct rule_conjunct conjunct)
{
	if (dnf->count >= dnf->limit)
		return false;
	dnf->items = arena_grow(dnf->arena, dnf->items, dnf->count, sizeof(*dnf->items));
	dnf->items[dnf->count++] = conjunct;
	return true;
}

static bool dnf_literal(struct dnf *dnf, const struct rule_test *test, bool negated)
{
	struct rule_conjunct conjunct = {arena_array(dnf->arena, 1, sizeof(struct rule_literal)), 1};

	conjunct.literals[0] = (struct rule_literal){test, negated};
	return dnf_add(dnf, conjunct);
}

static struct rule_conjunct conjunct_join(struct arena *arena, struct rule_conjunct a, struct rule_conjunct b)
{
	struct rule_conjunct joined = {arena_array(arena, a.count + b.count + 1, sizeof(*joined.literals)), a.count};

	if (a.count)
		memcpy(joined.literals, a.literals, a.count * sizeof(*a.literals));
	for (size_t i = 0; i < b.count; i++) {
		bool known = false;

		for (size_t k = 0; k < a.count && !known; k++)
			known = a.literals[k].negated == b.literals[i].negated
				&& rule_same_test(a.literals[k].test, b.literals[i].test);
		if (!known)
			joined.literals[joined.count++] = b.literals[i];
	}
	return joined;
}

static bool dnf_build(struct dnf *dnf, const struct rule_node *node, bool negated);

static bool dnf_product(struct dnf *dnf, const struct rule_node *node, bool negated)
{
	struct dnf product = {dnf->arena, dnf->limit, NULL, 0};

	dnf_add(&product, (struct rule_conjunct){NULL, 0});
	for (size_t i = 0; i < node->count; i++) {
		struct dnf factor = {dnf->arena, dnf->limit, NULL, 0}, next = factor;

		if (!dnf_build(&factor, node->children[i], negated))
			return false;
		for (size_t k = 0; k < product.count; k++) {
			for (size_t j = 0; j < factor.count; j++) {
				if (!dnf_add(&next, conjunct_join(dnf->arena, product.items[k], factor.items[j])))
					return false;
			}
		}
		product = next;
	}
	for (size_t i = 0; i < product.count; i++) {
		if (!dnf_add(dnf, product.items[i]))
			return false;
	}
	return true;
}

static bool dnf_build(struct dnf *dnf, const struct rule_node *node, bool negated)
{
	switch (node->kind) {
	case RULE_TRUE:
	case RULE_FALSE:
		return (node->kind == RULE_TRUE) == negated || dnf_add(dnf, (struct rule_conjunct){NULL, 0});
	case RULE_TEST:
		return dnf_literal(dnf, &node->test, negated);
	case RULE_NOT:
		return dnf_build(dnf, node->children[0], !negated);
	case RULE_AND:
	case RULE_OR:
		if ((node->kind == RULE_AND) != negated)
			return dnf_product(dnf, node, negated);
		for (size_t i = 0; i < node->count; i++) {
			if (!dnf_build(dnf, node->children[i], negated))
				return false;
		}
		return true;
	}
	return true;
}

size_t rule_dnf(struct arena *arena, const struct rule_node *node, size_t limit, struct rule_conjunct **conjuncts)
{
	struct dnf dnf = {arena, limit, NULL, 0};

	if (!dnf_build(&dnf, node, false))
		return SIZE_MAX;
	*conjuncts = dnf.items;
	return dnf.count;
}

/* --- regular expressions --- */

void rule_regex_literal(struct buffer *out, struct text literal)
{
	for (size_t i = 0; i < literal.length; i++) {
		char byte = literal.data[i];

		if (byte != '\0' && strchr(".*+?|(){}$", byte) != NULL) {
			buffer_char(out, '[');
			buffer_char(out, byte);
			buffer_char(out, ']');
		} else {
			if (byte != '\0' && strchr("[]^\\", byte) != NULL)
				buffer_char(out, '\\');
			buffer_char(out, byte);
		}
	}
}

void rule_regex_pattern(struct arena *arena, struct buffer *out, struct text pattern, const char *any, const char *one)
{
	struct pattern_part *parts;
	size_t count = pattern_parts(arena, pattern, &parts);

	for (size_t i = 0; i < count; i++) {
		if (parts[i].kind == PATTERN_LITERAL)
			rule_regex_literal(out, parts[i].text);
		else
			buffer_string(out, parts[i].kind == PATTERN_ANY ? any : one);
	}
}

/* The hex digits in which all, or one, of the four bits are set, as a class. */
static void digit_class(struct buffer *out, unsigned bits, bool all)
{
	static const char digits[] = "0123456789abcdef";

	buffer_char(out, '[');
	for (unsigned digit = 0; digit < 16; digit++) {
		if (all ? (digit & bits) == bits : (digit & bits) != 0) {
			buffer_char(out, digits[digit]);
			if (digit > 9)
				buffer_char(out, (char)(digits[digit] - 'a' + 'A'));
		}
	}
	buffer_char(out, ']');
}

static void bits_of_digits(struct buffer *out, uint64_t mask)
{
	int digit = 15;

	while (digit > 0 && ((mask >> (4 * digit)) & 15) == 0)
		digit--;
	buffer_string(out, "[0-9a-fA-F]*");
	for (; digit >= 0; digit--) {
		unsigned bits = (unsigned)((mask >> (4 * digit)) & 15);

		if (bits == 0)
			buffer_string(out, "[0-9a-fA-F]");
		else
			digit_class(out, bits, true);
	}
}

struct text rule_regex_bits(struct arena *arena, uint64_t mask, bool all)
{
	struct buffer out = {0};
	struct text regex;
	bool first = true;

	if (all) {
		bits_of_digits(&out, mask);
	} else {
		buffer_string(&out, "[0-9a-fA-F]*(");
		for (int digit = 0; digit < 16; digit++) {
			unsigned bits = (unsigned)((mask >> (4 * digit)) & 15);

			if (bits == 0)
				continue;
			if (!first)
				buffer_char(&out, '|');
			first = false;
			digit_class(&out, bits, false);
			if (digit > 0)
				buffer_printf(&out, "[0-9a-fA-F]{%d}", digit);
		}
		buffer_char(&out, ')');
	}
	regex = text_copy(arena, buffer_view(&out));
	buffer_free(&out);
	return regex;
}
