/* query: a rule's tree as an EQL query. */
#include "generator/elastic/query.h"

#include "generator/elastic/lucene.h"
#include "generator/elastic/quote.h"
#include "generator/elastic/rows.h"

#include "catalog/pattern.h"
#include "generator/pieces.h"

#include <string.h>

/* --- what can be written --- */

/* index.max_regex_length, as every index has it unless somebody raised it: a longer expression fails the whole search. */
enum { REGEX_MOST = 1000 };

static size_t regex_length(const struct rule_test *test, struct text regex)
{
	struct buffer out = {0};

	(void)test;
	lucene_write(&out, regex);
	size_t length = out.length;

	buffer_free(&out);
	return length;
}

static bool regex_short(const struct rule_test *test, struct text regex)
{
	return regex_length(test, regex) <= REGEX_MOST;
}

static size_t regex_pieces(struct arena *arena, const struct rule_test *test, struct text regex, struct text **pieces)
{
	struct pieces_limit limit = {regex_length, regex_short, REGEX_MOST, test};

	return pieces_of(arena, &limit, regex, pieces);
}

static bool accepts_value(const struct rule_test *test, struct text value)
{
	struct arena scratch = {0};
	struct buffer out = {0};
	struct text *pieces;
	bool can = elastic_quotable(value);

	if (test->op == TEST_LIKE)
		can = can && elastic_can_like(&scratch, value);
	else if (test->op == TEST_REGEX)
		can = can && lucene_write(&out, value) && (out.length <= REGEX_MOST || regex_pieces(&scratch, test, value, &pieces) > 0);
	buffer_free(&out);
	arena_free(&scratch);
	return can;
}

bool elastic_accepts(const struct rule_test *test)
{
	if (test->name.length == 0) /* no keywords */
		return false;
	if (test->other.length > 0) /* the functions take a field; the signs do not */
		return test->op == TEST_STARTS || test->op == TEST_ENDS || test->op == TEST_CONTAINS;
	for (size_t i = 0; i < test->count; i++) {
		if (!test->number && !accepts_value(test, test->values[i]))
			return false;
	}
	return true;
}

/* --- pieces of an expression --- */

/* Fields that a surrounding `and` has asked to be there. */
struct known {
	const struct known *outer;
	struct text name;
};

struct printing {
	struct arena *arena;
	struct buffer *out;
	unsigned indent;
	bool flat; /* all on one line */
};

enum { LINE_MAX_BYTES = 110 };

static bool is_known(const struct known *known, struct text name)
{
	for (; known != NULL; known = known->outer) {
		if (text_equal(known->name, name))
			return true;
	}
	return false;
}

static struct text parts_text(struct arena *arena, const char *before, struct text text, const char *after)
{
	return text_of(arena_printf(arena, "%s%.*s%s", before, TEXT_ARGS(text), after));
}

/* The value as an item of a list of `like`; false: it is none. */
static bool as_pattern(struct arena *arena, enum test_operator op, struct text value, struct text *pattern)
{
	struct buffer out = {0};

	if (op == TEST_LIKE) {
		elastic_like(arena, &out, value);
		*pattern = text_copy(arena, buffer_view(&out));
		buffer_free(&out);
		return true;
	}
	if (!elastic_plain(value))
		return false;
	*pattern = parts_text(arena, op == TEST_ENDS || op == TEST_CONTAINS ? "*" : "", value,
		op == TEST_STARTS || op == TEST_CONTAINS ? "*" : "");
	return true;
}

static void print_values(struct printing *p, const struct text *values, size_t count, bool bare)
{
	struct buffer *out = p->out;

	if (count != 1)
		buffer_char(out, '(');
	for (size_t i = 0; i < count; i++) {
		buffer_string(out, i > 0 ? ", " : "");
		if (bare)
			buffer_text(out, values[i]);
		else
			elastic_quote(out, values[i]);
	}
	if (count != 1)
		buffer_char(out, ')');
}

static const char *const words[TEST_OPERATOR_COUNT] = {
	[TEST_LESS] = "<",
	[TEST_LESS_EQUAL] = "<=",
	[TEST_GREATER] = ">",
	[TEST_GREATER_EQUAL] = ">=",
	[TEST_STARTS] = "startsWith",
	[TEST_ENDS] = "endsWith",
	[TEST_CONTAINS] = "stringContains",
	[TEST_CIDR] = "cidrMatch",
};

static void print_equal(struct printing *p, const struct rule_test *test, bool negated)
{
	bool list = test->count != 1 || test->fold;

	elastic_name(p->out, test->name);
	if (!list) {
		buffer_string(p->out, negated ? " != " : " == ");
		print_values(p, test->values, 1, test->number);
		return;
	}
	buffer_printf(p->out, " %sin%s ", negated ? "not " : "", test->fold ? "~" : "");
	if (test->count == 1)
		buffer_char(p->out, '(');
	print_values(p, test->values, test->count, test->number);
	if (test->count == 1)
		buffer_char(p->out, ')');
}

static void print_like(struct printing *p, const struct rule_test *test, const struct text *patterns)
{
	elastic_name(p->out, test->name);
	buffer_string(p->out, test->fold ? " like~ " : " like ");
	print_values(p, patterns, test->count, false);
}

/* The values as Lucene has them, none of them too long. */
static size_t regexes_of(const struct printing *p, const struct rule_test *test, struct text **regexes)
{
	struct buffer one = {0};
	size_t count = 0;

	*regexes = NULL;
	for (size_t i = 0; i < test->count; i++) {
		struct text *pieces;
		size_t found = regex_pieces(p->arena, test, test->values[i], &pieces);

		for (size_t k = 0; k < found; k++) {
			lucene_write(&one, pieces[k]);
			*regexes = arena_grow(p->arena, *regexes, count, sizeof(**regexes));
			(*regexes)[count++] = text_copy(p->arena, buffer_view(&one));
			buffer_clear(&one);
		}
	}
	buffer_free(&one);
	return count;
}

/* How many, at least one, can stand in one list: Elasticsearch may make one expression of a list. */
static size_t regexes_together(const struct text *regexes, size_t count)
{
	size_t taken = 1, length = regexes[0].length;

	while (taken < count && length + 1 + regexes[taken].length <= REGEX_MOST)
		length += 1 + regexes[taken++].length;
	return taken;
}

static void print_regex(struct printing *p, const struct rule_test *test)
{
	struct text *regexes;
	size_t count = regexes_of(p, test, &regexes);
	bool several = count > 0 && regexes_together(regexes, count) < count;

	buffer_string(p->out, several ? "(" : "");
	for (size_t from = 0; from < count;) {
		size_t taken = regexes_together(regexes + from, count - from);

		buffer_string(p->out, from > 0 ? " or " : "");
		elastic_name(p->out, test->name);
		buffer_string(p->out, test->fold ? " regex~ " : " regex ");
		print_values(p, regexes + from, taken, false);
		from += taken;
	}
	buffer_string(p->out, several ? ")" : "");
}

/* One function for each value, or one for all where it takes several (cidrMatch). */
static void print_functions(struct printing *p, const struct rule_test *test)
{
	bool several = test->op == TEST_CIDR || test->other.length > 0;
	size_t calls = several ? 1 : test->count;

	if (calls > 1)
		buffer_char(p->out, '(');
	for (size_t i = 0; i < calls; i++) {
		buffer_printf(p->out, "%s%s%s(", i > 0 ? " or " : "", words[test->op], test->fold && test->op != TEST_CIDR ? "~" : "");
		elastic_name(p->out, test->name);
		if (test->other.length > 0) {
			buffer_string(p->out, ", ");
			elastic_name(p->out, test->other);
		}
		for (size_t k = i; k < (several ? test->count : i + 1); k++) {
			buffer_string(p->out, ", ");
			elastic_quote(p->out, test->values[k]);
		}
		buffer_char(p->out, ')');
	}
	if (calls > 1)
		buffer_char(p->out, ')');
}

static bool is_pattern(enum test_operator op)
{
	return op == TEST_LIKE || op == TEST_STARTS || op == TEST_ENDS || op == TEST_CONTAINS;
}

/* All values as patterns of one list. */
static bool all_patterns(struct printing *p, const struct rule_test *test, struct text **patterns)
{
	bool all = (is_pattern(test->op) || (test->op == TEST_EQUAL && !test->number)) && test->other.length == 0;

	*patterns = arena_array(p->arena, test->count + 1, sizeof(**patterns));
	for (size_t i = 0; i < test->count && all; i++)
		all = as_pattern(p->arena, test->op, test->values[i], &(*patterns)[i]);
	return all;
}

static void print_order(struct printing *p, const struct rule_test *test)
{
	if (test->count > 1)
		buffer_char(p->out, '(');
	for (size_t i = 0; i < test->count; i++) {
		buffer_string(p->out, i > 0 ? " or " : "");
		elastic_name(p->out, test->name);
		buffer_printf(p->out, " %s %.*s", words[test->op], TEXT_ARGS(test->values[i]));
	}
	if (test->count > 1)
		buffer_char(p->out, ')');
}

/* The test of a field that is there. */
static void print_bare(struct printing *p, const struct rule_test *test, bool negated)
{
	struct text *patterns;

	if (test->op == TEST_EQUAL) {
		print_equal(p, test, negated);
		return;
	}
	buffer_string(p->out, negated ? "not " : "");
	if (test->op == TEST_REGEX)
		print_regex(p, test);
	else if (test->op >= TEST_LESS && test->op <= TEST_GREATER_EQUAL)
		print_order(p, test);
	else if (all_patterns(p, test, &patterns))
		print_like(p, test, patterns);
	else
		print_functions(p, test);
}

static void print_test(struct printing *p, const struct rule_test *test, bool negated, const struct known *known)
{
	if (test->op == TEST_PRESENT) {
		elastic_name(p->out, test->name);
		buffer_string(p->out, negated ? " == null" : " != null");
		return;
	}
	if (!negated || (is_known(known, test->name) && (test->other.length == 0 || is_known(known, test->other)))) {
		print_bare(p, test, negated);
		return;
	}
	buffer_char(p->out, '(');
	elastic_name(p->out, test->name);
	buffer_string(p->out, " == null or ");
	if (test->other.length > 0) {
		elastic_name(p->out, test->other);
		buffer_string(p->out, " == null or ");
	}
	print_bare(p, test, true);
	buffer_char(p->out, ')');
}

/* --- trees --- */

static void print_tree(struct printing *p, const struct rule_node *node, bool negated, enum rule_kind around,
	const struct known *known);

static bool has_letters(const struct rule_test *test)
{
	for (size_t i = 0; i < test->count; i++) {
		for (size_t k = 0; k < test->values[i].length; k++) {
			char small = (char)(test->values[i].data[k] | 0x20);

			if (small >= 'a' && small <= 'z')
				return true;
		}
	}
	return false;
}

/* Patterns of one field, and texts without wildcards beside them, that stand side by side in an `or` go into one list. */
static bool joins(const struct rule_node *a, const struct rule_node *b)
{
	return a->kind == RULE_TEST && b->kind == RULE_TEST && text_equal(a->test.name, b->test.name);
}

static bool pattern_beside(const struct rule_node *node, size_t index, const bool *taken)
{
	for (size_t i = index; i < node->count; i++) {
		if (!taken[i] && joins(node->children[index], node->children[i]) && is_pattern(node->children[i]->test.op))
			return true;
	}
	return false;
}

static struct rule_node *joined(struct printing *p, const struct rule_node *node, size_t index, bool *taken)
{
	struct rule_node *made = arena_alloc(p->arena, sizeof(*made));
	struct text *values = NULL, *own, pattern;
	bool decided = false; /* without letters case is the same either way */
	size_t count = 0;

	if (!pattern_beside(node, index, taken) || !all_patterns(p, &node->children[index]->test, &own))
		return NULL;
	*made = *node->children[index];
	for (size_t i = index; i < node->count; i++) {
		const struct rule_test *test = &node->children[i]->test;
		struct text *patterns;

		if (taken[i] || !joins(node->children[index], node->children[i]) || !all_patterns(p, test, &patterns))
			continue;
		if (has_letters(test)) {
			if (decided && made->test.fold != test->fold)
				continue;
			decided = true;
			made->test.fold = test->fold;
		}
		taken[i] = true;
		for (size_t k = 0; k < test->count; k++) {
			as_pattern(p->arena, test->op, test->values[k], &pattern);
			values = arena_grow(p->arena, values, count, sizeof(*values));
			values[count++] = elastic_like_read(p->arena, pattern);
		}
	}
	taken[index] = true;
	if (count == 0)
		return NULL;
	made->test.op = TEST_LIKE;
	made->test.values = values;
	made->test.count = count;
	return made;
}

/* The tree's children with the patterns of each field in one test. */
static size_t children_of(struct printing *p, const struct rule_node *node, const struct rule_node ***list)
{
	bool *taken = arena_array(p->arena, node->count, sizeof(*taken));
	size_t count = 0;

	*list = arena_array(p->arena, node->count, sizeof(**list));
	for (size_t i = 0; i < node->count; i++) {
		const struct rule_node *child = node->children[i];

		if (taken[i])
			continue;
		if (node->kind == RULE_OR && child->kind == RULE_TEST) {
			struct rule_node *made = joined(p, node, i, taken);

			child = made != NULL ? made : child;
		}
		taken[i] = true;
		(*list)[count++] = child;
	}
	return count;
}

/* Does the child, as it stands in a conjunction, ask that a field be there? */
static const struct rule_test *presence(const struct rule_node *child, bool negated)
{
	bool test = child->kind == RULE_TEST && !negated;

	return test ? &child->test : NULL;
}

static void new_line(struct printing *p)
{
	if (p->flat)
		buffer_char(p->out, ' ');
	else
		buffer_printf(p->out, "\n%*s", (int)p->indent, "");
}

struct parts {
	const struct rule_node **list;
	size_t count;
	bool negated;
	enum rule_kind kind;
	const struct known *known;
};

static void print_parts(struct printing *p, const struct parts *parts)
{
	for (size_t i = 0; i < parts->count; i++) {
		if (i > 0) {
			buffer_string(p->out, parts->kind == RULE_AND ? " and" : " or");
			new_line(p);
		}
		print_tree(p, parts->list[i], parts->negated, parts->kind, parts->known);
	}
}

/* On one line, if that is short enough. */
static bool print_short(struct printing *p, const struct parts *parts)
{
	struct buffer line = {0};
	struct printing flat = {p->arena, &line, 0, true};

	print_parts(&flat, parts);
	bool fits = line.length + p->indent <= LINE_MAX_BYTES;

	if (fits)
		buffer_text(p->out, buffer_view(&line));
	buffer_free(&line);
	return fits;
}

static void print_list(struct printing *p, const struct rule_node *node, bool negated, enum rule_kind around,
	const struct known *known)
{
	enum rule_kind kind = (node->kind == RULE_AND) != negated ? RULE_AND : RULE_OR;
	bool brackets = around != kind && around != RULE_TRUE;
	const struct rule_node **list;
	size_t count = children_of(p, node, &list);

	if (count == 1) {
		print_tree(p, list[0], negated, around, known);
		return;
	}
	/* What is asked beside it is known to be there. */
	for (size_t i = 0; i < count && kind == RULE_AND; i++) {
		const struct rule_test *test = presence(list[i], negated);

		if (test == NULL)
			continue;
		struct known *more = arena_alloc(p->arena, sizeof(*more));

		*more = (struct known){known, test->name};
		known = more;
	}
	struct parts parts = {list, count, negated, kind, known};

	buffer_string(p->out, brackets ? "(" : "");
	if (p->flat || !brackets || !print_short(p, &parts)) {
		p->indent += brackets ? 2 : 0;
		print_parts(p, &parts);
		p->indent -= brackets ? 2 : 0;
	}
	buffer_string(p->out, brackets ? ")" : "");
}

static void print_tree(struct printing *p, const struct rule_node *node, bool negated, enum rule_kind around,
	const struct known *known)
{
	switch (node->kind) {
	case RULE_TRUE:
	case RULE_FALSE:
		buffer_string(p->out, (node->kind == RULE_TRUE) != negated ? "true" : "false");
		break;
	case RULE_NOT:
		print_tree(p, node->children[0], !negated, around, known);
		break;
	case RULE_TEST:
		print_test(p, &node->test, negated, known);
		break;
	default:
		print_list(p, node, negated, around, known);
	}
}

bool elastic_possible(struct arena *arena, const struct rule_node *events, const struct rule_node *node)
{
	return rows_left(arena, events, node)->kind != RULE_FALSE;
}

void elastic_query(struct arena *arena, struct buffer *out, const struct rule_node *events, const struct rule_node *node,
	unsigned indent)
{
	struct printing p = {arena, out, indent, false};
	struct text category;

	events = rows_left(arena, events, node);
	const struct rule_node *rest = rows_merged(arena, events, &category);
	struct rule_node *parts[] = {(struct rule_node *)(uintptr_t)rest, (struct rule_node *)(uintptr_t)node};

	buffer_printf(out, "%.*s where ", TEXT_ARGS(category.length > 0 ? category : TEXT("any")));
	print_tree(&p, rule_and(arena, parts, 2), false, RULE_TRUE, NULL);
}
