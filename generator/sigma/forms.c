/* forms: tests in the forms that a Sigma map has for them. */
#include "generator/sigma/forms.h"

#include "generator/sigma/quote.h"

#include "catalog/pattern.h"

bool sigma_keyword(const struct rule_test *test)
{
	return test->name.length == 0 || text_is(test->name, SIGMA_KEYWORDS);
}

static bool digits(struct text text)
{
	for (size_t i = 0; i < text.length; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
	}
	return text.length > 0;
}

bool sigma_number(struct text text)
{
	int64_t number;
	bool minus = text.length > 0 && text.data[0] == '-';
	struct text whole = text_slice(text, minus, text.length);

	return digits(whole) && text_to_long(text, &number) && (whole.data[0] != '0' || (whole.length == 1 && !minus));
}

/* Digits, perhaps with a sign or underscores: some readers take it for a number, and others do not. */
static bool number_like(struct text text)
{
	bool any = false;

	for (size_t i = 0; i < text.length; i++) {
		char byte = text.data[i];
		bool digit = byte >= '0' && byte <= '9';

		if (!digit && byte != '_' && !(i == 0 && (byte == '-' || byte == '+')))
			return false;
		any = any || digit;
	}
	return any;
}

static bool has_control(struct text text)
{
	for (size_t i = 0; i < text.length; i++) {
		if ((unsigned char)text.data[i] < ' ' || text.data[i] == 127)
			return true;
	}
	return false;
}

/* Is the literal text easily misread where it stands as a value? */
static bool is_delicate(struct text literal)
{
	return has_control(literal) || text_find(literal, '*') < literal.length || text_find(literal, '?') < literal.length;
}

struct form {
	enum test_operator op;
	struct text *values;
	size_t count;
};

struct forming {
	struct arena *arena;
	const struct rule_test *test;
	struct form forms[TEST_OPERATOR_COUNT]; /* any of them, in order of first use */
	size_t count;
};

static void add(struct forming *f, enum test_operator op, struct text value)
{
	size_t i = 0;

	while (i < f->count && f->forms[i].op != op)
		i++;
	struct form *form = &f->forms[i];

	if (i == f->count)
		f->forms[f->count++] = (struct form){op, NULL, 0};
	/* Of two texts that differ in case only, one says all. */
	for (size_t k = 0; k < form->count; k++) {
		if (op == TEST_REGEX ? text_equal(form->values[k], value) : text_equal_fold(form->values[k], value))
			return;
	}
	form->values = arena_grow(f->arena, form->values, form->count, sizeof(*form->values));
	form->values[form->count++] = value;
}

/* All of them as one tree. */
static struct rule_node *any_of(const struct forming *f)
{
	struct rule_node **tests = arena_array(f->arena, f->count + 1, sizeof(*tests));

	for (size_t i = 0; i < f->count; i++) {
		struct rule_test made = *f->test;

		made.op = f->forms[i].op;
		made.fold = made.op == TEST_REGEX ? f->test->fold : true;
		made.values = f->forms[i].values;
		made.count = made.op == TEST_PRESENT ? 0 : f->forms[i].count;
		made.list = (struct text){NULL, 0};
		tests[i] = rule_test(f->arena, &made);
	}
	return rule_or(f->arena, tests, f->count);
}

/* ".*a\x09" of a pattern. */
static void add_regex(struct forming *f, struct text pattern)
{
	struct buffer regex = {0};
	struct pattern_part *parts;
	size_t count = pattern_parts(f->arena, pattern, &parts);

	for (size_t i = 0; i < count; i++) {
		struct text literal = parts[i].text;

		if (parts[i].kind != PATTERN_LITERAL)
			buffer_string(&regex, parts[i].kind == PATTERN_ANY ? "[\\s\\S]*" : "[\\s\\S]");
		for (size_t k = 0; parts[i].kind == PATTERN_LITERAL && k < literal.length; k++) {
			struct text one = text_slice(literal, k, k + 1);

			if (has_control(one))
				buffer_printf(&regex, "\\x%02x", (unsigned char)*one.data);
			else if (*one.data == '*' || *one.data == '?')
				buffer_printf(&regex, "\\%c", *one.data);
			else
				rule_regex_literal(&regex, one);
		}
	}
	add(f, TEST_REGEX, text_copy(f->arena, buffer_view(&regex)));
	buffer_free(&regex);
}

static bool delicate_pattern(struct arena *arena, struct text pattern)
{
	struct pattern_part *parts;
	size_t count = pattern_parts(arena, pattern, &parts);
	bool delicate = false;

	for (size_t i = 0; i < count; i++)
		delicate = delicate || (parts[i].kind == PATTERN_LITERAL && is_delicate(parts[i].text));
	bool whole = count == 1 && parts[0].kind == PATTERN_LITERAL;

	return delicate || (whole && !sigma_number(parts[0].text) && number_like(parts[0].text));
}

/* A pattern by what its ends are: STARTS, ENDS, CONTAINS or EQUAL of what stands between. */
static void add_pattern(struct forming *f, struct text pattern)
{
	static const enum test_operator by_ends[2][2] = {{TEST_EQUAL, TEST_STARTS}, {TEST_ENDS, TEST_CONTAINS}};
	struct pattern_part *parts;
	size_t count = pattern_parts(f->arena, pattern, &parts), from = 0, to = count;
	struct buffer out = {0};

	while (from < to && parts[from].kind == PATTERN_ANY)
		from++;
	while (to > from && parts[to - 1].kind == PATTERN_ANY)
		to--;
	for (size_t i = from; i < to; i++) {
		if (parts[i].kind == PATTERN_LITERAL)
			sigma_literal(&out, parts[i].text);
		else if (parts[i].kind == PATTERN_ONE || parts[i - 1].kind != PATTERN_ANY) /* ** is * */
			buffer_char(&out, parts[i].kind == PATTERN_ANY ? '*' : '?');
	}
	struct text inner = text_copy(f->arena, buffer_view(&out));
	enum test_operator op = by_ends[from > 0][to < count];

	buffer_free(&out);
	if (from == to && count > 0)
		add(f, TEST_PRESENT, TEXT(""));
	else if (delicate_pattern(f->arena, pattern) || (op != TEST_EQUAL && number_like(inner)))
		add_regex(f, pattern);
	else
		add(f, op, inner);
}

static struct text pattern_of(struct arena *arena, enum test_operator op, struct text value)
{
	struct text escaped = op == TEST_LIKE ? value : pattern_escape(arena, value);
	bool before = op == TEST_ENDS || op == TEST_CONTAINS, after = op == TEST_STARTS || op == TEST_CONTAINS;

	return text_of(arena_printf(arena, "%s%.*s%s", before ? "*" : "", TEXT_ARGS(escaped), after ? "*" : ""));
}

static bool is_text(enum test_operator op)
{
	return op == TEST_EQUAL || op == TEST_LIKE || op == TEST_STARTS || op == TEST_ENDS || op == TEST_CONTAINS;
}

/* A keyword is a part of the record: only what may stand anywhere is one. */
static void add_keyword(struct forming *f, struct text pattern)
{
	bool anywhere = text_starts(pattern, TEXT("*"), false) && text_ends(pattern, TEXT("*"), false) && pattern.length > 1;

	if (anywhere && !text_ends(pattern, TEXT("\\*"), false))
		add_pattern(f, pattern);
	else
		add_regex(f, pattern);
}

static struct rule_node *form_test(struct arena *arena, const struct rule_test *test)
{
	struct forming f = {.arena = arena, .test = test};

	if (!is_text(test->op) || test->number || test->other.length > 0)
		return rule_test(arena, test);
	for (size_t i = 0; i < test->count; i++) {
		struct text pattern = pattern_of(arena, test->op, test->values[i]);

		if (sigma_keyword(test))
			add_keyword(&f, pattern);
		else
			add_pattern(&f, pattern);
	}
	return any_of(&f);
}

static bool is_equal(const struct rule_node *node)
{
	return node->kind == RULE_TEST && node->test.op == TEST_EQUAL && node->test.other.length == 0;
}

/* Does a test of equality hold wherever the narrower one does? Sigma compares without regard to case. */
static bool implies(const struct rule_node *narrow, const struct rule_node *wide)
{
	if (!is_equal(narrow) || !is_equal(wide) || !text_equal(narrow->test.name, wide->test.name))
		return false;
	for (size_t i = 0; i < narrow->test.count; i++) {
		bool found = false;

		for (size_t k = 0; k < wide->test.count && !found; k++)
			found = text_equal_fold(narrow->test.values[i], wide->test.values[k]);
		if (!found)
			return false;
	}
	return true;
}

/* A rule for one call of those that an act has needs that one alone. */
static size_t drop_implied(struct rule_node **children, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		bool implied = false;

		for (size_t k = 0; k < count && !implied; k++) /* those before `kept` stand there still; the others were not moved */
			implied = (k < kept || k > i) && implies(children[k], children[i]);
		if (!implied)
			children[kept++] = children[i];
	}
	return kept;
}

/* Can they not hold of one record? One of them asks what the record is, and it is one thing. */
static bool contradict(const struct rule_node *a, const struct rule_node *b)
{
	if (!is_equal(a) || !is_equal(b) || !text_equal(a->test.name, b->test.name) || !(a->test.act || b->test.act))
		return false;
	for (size_t i = 0; i < a->test.count; i++) {
		for (size_t k = 0; k < b->test.count; k++) {
			if (text_equal_fold(a->test.values[i], b->test.values[k]))
				return false;
		}
	}
	return true;
}

static bool excluded(const struct rule_node *alternative, struct rule_node *const *beside, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bool found = contradict(alternative, beside[i]);

		for (size_t k = 0; alternative->kind == RULE_AND && k < alternative->count && !found; k++)
			found = contradict(alternative->children[k], beside[i]);
		if (found)
			return true;
	}
	return false;
}

/* Of the ways in which an act may be told, those that the rest of the rule leaves. */
static struct rule_node *form_and(struct arena *arena, struct rule_node **children, size_t count)
{
	struct rule_node *all = rule_and(arena, children, count);

	if (all->kind != RULE_AND)
		return all;
	for (size_t i = 0; i < all->count; i++) {
		const struct rule_node *ways = all->children[i];
		struct rule_node **left = arena_array(arena, ways->count + 1, sizeof(*left));
		size_t kept = 0;

		for (size_t k = 0; ways->kind == RULE_OR && k < ways->count; k++) {
			if (!excluded(ways->children[k], all->children, all->count))
				left[kept++] = ways->children[k];
		}
		if (ways->kind == RULE_OR && kept < ways->count)
			all->children[i] = rule_or(arena, left, kept);
	}
	all = rule_and(arena, all->children, all->count);
	return all->kind == RULE_AND ? rule_and(arena, all->children, drop_implied(all->children, all->count)) : all;
}

struct rule_node *sigma_forms(struct arena *arena, const struct rule_node *node)
{
	struct rule_node **children = arena_array(arena, node->count + 1, sizeof(*children));

	if (node->kind == RULE_TEST)
		return form_test(arena, &node->test);
	for (size_t i = 0; i < node->count; i++)
		children[i] = sigma_forms(arena, node->children[i]);
	switch (node->kind) {
	case RULE_NOT:
		return rule_not(arena, children[0]);
	case RULE_AND:
		return form_and(arena, children, node->count);
	case RULE_OR:
		return rule_or(arena, children, node->count);
	default:
		return node->kind == RULE_TRUE ? rule_true() : rule_false();
	}
}
