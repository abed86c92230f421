/* selections: a rule's tree as Sigma search identifiers and the condition that joins them. */
#include "generator/sigma/selections.h"

#include "generator/sigma/quote.h"

static const char *const modifiers[TEST_OPERATOR_COUNT] = {
	[TEST_EQUAL] = "",
	[TEST_LIKE] = "",
	[TEST_LESS] = "|lt",
	[TEST_LESS_EQUAL] = "|lte",
	[TEST_GREATER] = "|gt",
	[TEST_GREATER_EQUAL] = "|gte",
	[TEST_REGEX] = "|re",
	[TEST_STARTS] = "|startswith",
	[TEST_ENDS] = "|endswith",
	[TEST_CONTAINS] = "|contains",
	[TEST_CIDR] = "|cidr",
};

static void print_value(struct selections *s, const struct rule_test *test, struct text value)
{
	struct buffer text = {0};

	if (test->number) {
		buffer_text(&s->definitions, value);
		return;
	}
	if (test->op == TEST_REGEX)
		sigma_regex(&text, value);
	else if (test->op == TEST_LIKE)
		sigma_pattern(s->arena, &text, value);
	else
		sigma_literal(&text, value);
	sigma_yaml(&s->definitions, buffer_view(&text));
	buffer_free(&text);
}

/* "Image|endswith: '/docker'" with a list where there are several; `first` comes before it, `next` before list items. */
static void print_item(struct selections *s, const struct rule_test *test, const char *first, const char *next)
{
	struct buffer *out = &s->definitions;

	buffer_printf(out, "%s%s%.*s", s->indent, first, TEXT_ARGS(test->name));
	if (test->op == TEST_PRESENT) { /* asked for by its opposite */
		buffer_string(out, ": null\n");
		return;
	}
	buffer_printf(out, "%s%s:", modifiers[test->op], test->op == TEST_REGEX && test->fold ? "|i" : "");
	for (size_t i = 0; i < test->count; i++) {
		if (test->count > 1)
			buffer_printf(out, "\n%s%s    - ", s->indent, next);
		else
			buffer_char(out, ' ');
		print_value(s, test, test->values[i]);
	}
	buffer_char(out, '\n');
}

static struct text new_name(struct selections *s, bool negated)
{
	bool filter = negated && !s->plain;
	unsigned number = filter ? ++s->filters : ++s->selections;
	const char *base = filter ? "filter" : "selection";
	char *name = number == 1 ? arena_printf(s->arena, "%s", base) : arena_printf(s->arena, "%s_%u", base, number);

	buffer_printf(&s->definitions, "%s%s:\n", s->indent, name);
	return text_of(name);
}

/* A test that can stand in a map. */
static bool is_item(const struct rule_node *node)
{
	return node->kind == RULE_TEST && node->test.op != TEST_PRESENT;
}

static bool same_key(const struct rule_test *a, const struct rule_test *b)
{
	return text_equal(a->name, b->name) && modifiers[a->op] == modifiers[b->op]
		&& (a->op != TEST_REGEX || a->fold == b->fold);
}

/* Is it the first test of its key among its brothers? A map holds a key once. */
static bool first_of_key(const struct rule_node *node, size_t index)
{
	for (size_t i = 0; i < index; i++) {
		if (is_item(node->children[i]) && same_key(&node->children[i]->test, &node->children[index]->test))
			return false;
	}
	return true;
}

static bool is_map(const struct rule_node *node)
{
	if (node->kind != RULE_AND)
		return is_item(node);
	for (size_t i = 0; i < node->count; i++) {
		if (!is_item(node->children[i]) || !first_of_key(node, i))
			return false;
	}
	return true;
}

struct joined {
	struct buffer text;
	size_t parts;
	enum rule_kind kind; /* AND or OR */
};

static void join(struct joined *joined, struct text part, enum rule_kind kind)
{
	bool brackets = kind != joined->kind && (kind == RULE_AND || kind == RULE_OR);

	if (joined->parts++ > 0)
		buffer_string(&joined->text, joined->kind == RULE_AND ? " and " : " or ");
	buffer_printf(&joined->text, brackets ? "(%.*s)" : "%.*s", TEXT_ARGS(part));
}

static struct text joined_end(struct selections *s, struct joined *joined, enum rule_kind *kind)
{
	struct text text = text_copy(s->arena, buffer_view(&joined->text));

	if (joined->parts > 1)
		*kind = joined->kind;
	buffer_free(&joined->text);
	return text;
}

static struct text print_and(struct selections *s, const struct rule_node *node, bool filter, enum rule_kind *kind)
{
	struct joined joined = {.kind = RULE_AND};
	bool named = false;
	enum rule_kind inner;

	for (size_t i = 0; i < node->count; i++) {
		if (!is_item(node->children[i]) || !first_of_key(node, i))
			continue;
		if (!named)
			join(&joined, new_name(s, filter), RULE_TEST);
		named = true;
		print_item(s, &node->children[i]->test, "    ", "    ");
	}
	for (size_t i = 0; i < node->count; i++) {
		if (is_item(node->children[i]) && first_of_key(node, i))
			continue;
		struct text part = selections_print(s, node->children[i], filter, &inner);

		*kind = inner;
		join(&joined, part, inner);
	}
	return joined_end(s, &joined, kind);
}

static void print_map(struct selections *s, const struct rule_node *node)
{
	if (node->kind == RULE_TEST) {
		print_item(s, &node->test, "    - ", "      ");
		return;
	}
	for (size_t i = 0; i < node->count; i++)
		print_item(s, &node->children[i]->test, i == 0 ? "    - " : "      ", "      ");
}

static struct text print_or(struct selections *s, const struct rule_node *node, bool filter, enum rule_kind *kind)
{
	struct joined joined = {.kind = RULE_OR};
	size_t maps = 0;
	enum rule_kind inner;

	for (size_t i = 0; i < node->count; i++)
		maps += is_map(node->children[i]);
	for (size_t i = 0; i < node->count && maps > 1; i++) {
		if (!is_map(node->children[i]))
			continue;
		if (joined.parts == 0)
			join(&joined, new_name(s, filter), RULE_TEST);
		print_map(s, node->children[i]);
	}
	for (size_t i = 0; i < node->count; i++) {
		if (maps > 1 && is_map(node->children[i]))
			continue;
		struct text part = selections_print(s, node->children[i], filter, &inner);

		*kind = inner;
		join(&joined, part, inner);
	}
	return joined_end(s, &joined, kind);
}

struct text selections_print(struct selections *s, const struct rule_node *node, bool filter, enum rule_kind *kind)
{
	*kind = RULE_TEST;
	if (node->kind == RULE_AND)
		return print_and(s, node, filter, kind);
	if (node->kind == RULE_OR)
		return print_or(s, node, filter, kind);
	if (node->kind == RULE_NOT && node->children[0]->kind == RULE_TEST && node->children[0]->test.op == TEST_PRESENT) {
		struct text missing = new_name(s, true);

		print_item(s, &node->children[0]->test, "    ", "    ");
		return missing;
	}
	if (node->kind == RULE_NOT) {
		struct text inner = selections_print(s, node->children[0], true, kind);
		bool brackets = *kind == RULE_AND || *kind == RULE_OR;

		*kind = RULE_NOT;
		return text_of(arena_printf(s->arena, brackets ? "not (%.*s)" : "not %.*s", TEXT_ARGS(inner)));
	}
	bool absent = node->test.op == TEST_PRESENT;
	struct text name = new_name(s, filter || absent);

	print_item(s, &node->test, "    ", "    ");
	return absent ? text_of(arena_printf(s->arena, "not %.*s", TEXT_ARGS(name))) : name;
}

void selections_free(struct selections *s)
{
	buffer_free(&s->definitions);
}
