/* eql: queries of Elastic's EQL. */
#include "generator/elastic/eql.h"

#include "generator/elastic/words.h"

#include <string.h>

struct reader {
	struct arena *arena;
	struct text source;
	size_t at;         /* behind `word` */
	struct word word;  /* the next one */
	unsigned depth;
	const char *error;
	size_t offset;
};

static void fail(struct reader *r, size_t offset, const char *error)
{
	if (r->error != NULL)
		return;
	r->error = error;
	r->offset = offset;
}

static void take(struct reader *r)
{
	const char *error = NULL;

	if (r->error != NULL)
		return;
	if (!word_next(r->arena, r->source, &r->at, &r->word, &error)) {
		fail(r, r->word.offset, error);
		r->word.kind = WORD_END;
	}
}

static bool is_sign(const struct reader *r, const char *sign)
{
	return r->word.kind == WORD_SIGN && text_is(r->word.text, sign);
}

static bool is_word(const struct reader *r, const char *name)
{
	return r->word.kind == WORD_NAME && !r->word.quoted && text_is(r->word.text, name);
}

static bool take_sign(struct reader *r, const char *sign)
{
	bool is = is_sign(r, sign);

	if (is)
		take(r);
	return is;
}

static bool take_word(struct reader *r, const char *name)
{
	bool is = is_word(r, name);

	if (is)
		take(r);
	return is;
}

static void want_sign(struct reader *r, const char *sign)
{
	if (!take_sign(r, sign))
		fail(r, r->word.offset, arena_printf(r->arena, "%s is expected here", sign));
}

/* --- nodes --- */

static struct eql_node *node_of(struct reader *r, enum eql_kind kind)
{
	struct eql_node *node = arena_alloc(r->arena, sizeof(*node));

	node->kind = kind;
	return node;
}

static void node_add(struct reader *r, struct eql_node *node, struct eql_node *child)
{
	node->children = arena_grow(r->arena, node->children, node->count, sizeof(*node->children));
	node->children[node->count++] = child;
}

static struct eql_node *test_of(struct reader *r, const struct eql_test *test)
{
	struct eql_node *node = node_of(r, EQL_TEST);

	node->test = *test;
	return node;
}

static struct eql_node *not_of(struct reader *r, struct eql_node *child)
{
	struct eql_node *node = node_of(r, EQL_NOT);

	node_add(r, node, child);
	return node;
}

/* --- values --- */

static bool is_value(const struct reader *r)
{
	return r->word.kind == WORD_STRING || r->word.kind == WORD_NUMBER || is_word(r, "true") || is_word(r, "false");
}

static void add_value(struct reader *r, struct eql_test *test)
{
	struct eql_value *values = arena_grow(r->arena, (void *)(uintptr_t)test->values, test->count, sizeof(*values));
	enum eql_value_kind kind = EQL_BOOLEAN;

	if (!is_value(r)) {
		bool field = r->word.kind == WORD_NAME && !is_word(r, "null");

		fail(r, r->word.offset, field ? "comparing with a field or a function is not taken" : "a value is expected here");
		return;
	}
	if (r->word.kind == WORD_STRING)
		kind = EQL_STRING;
	else if (r->word.kind == WORD_NUMBER)
		kind = EQL_NUMBER;
	values[test->count] = (struct eql_value){kind, r->word.text};
	test->values = values;
	test->count++;
	take(r);
}

/* A value, or another field. */
static void add_operand(struct reader *r, struct eql_test *test)
{
	bool field = r->word.kind == WORD_NAME && !is_value(r) && !is_word(r, "null");

	if (!field || test->count > 0 || test->other.length > 0 || test->length) {
		add_value(r, test);
		return;
	}
	test->other = r->word.text;
	take(r);
	if (is_sign(r, "("))
		fail(r, r->word.offset, "comparing with a function is not taken");
}

/* One value, or a list in parentheses. */
static void read_values(struct reader *r, struct eql_test *test, bool list)
{
	if (!is_sign(r, "(")) {
		if (list)
			fail(r, r->word.offset, "a list in parentheses is expected here");
		add_value(r, test);
		return;
	}
	take(r);
	do
		add_value(r, test);
	while (r->error == NULL && take_sign(r, ","));
	want_sign(r, ")");
}

/* --- comparisons --- */

static const struct {
	const char *sign;
	enum eql_operator op, turned; /* the value stands before the field */
} signs[] = {
	{"==", EQL_EQUAL, EQL_EQUAL},
	{"!=", EQL_NOT_EQUAL, EQL_NOT_EQUAL},
	{"<", EQL_LESS, EQL_GREATER},
	{"<=", EQL_LESS_EQUAL, EQL_GREATER_EQUAL},
	{">", EQL_GREATER, EQL_LESS},
	{">=", EQL_GREATER_EQUAL, EQL_LESS_EQUAL},
};
enum { SIGNS = sizeof(signs) / sizeof(*signs) };

static bool find_sign(const struct reader *r, size_t *index)
{
	for (size_t i = 0; i < SIGNS; i++) {
		if (is_sign(r, signs[i].sign)) {
			*index = i;
			return true;
		}
	}
	return false;
}

/* Behind a field, or length(field). */
static struct eql_node *read_operator(struct reader *r, struct eql_test *test)
{
	bool negated = false;
	size_t sign;

	if (find_sign(r, &sign)) {
		test->op = signs[sign].op;
		take(r);
		if (test->op <= EQL_NOT_EQUAL && take_word(r, "null"))
			test->op = test->op == EQL_EQUAL ? EQL_NULL : EQL_THERE;
		else if (test->op <= EQL_NOT_EQUAL)
			add_operand(r, test);
		else
			add_value(r, test);
		return test_of(r, test);
	}
	if (take_sign(r, ":")) {
		test->op = EQL_LIKE;
		test->fold = true;
		read_values(r, test, false);
		return test_of(r, test);
	}
	negated = take_word(r, "not");
	bool in = is_word(r, "in"), like = is_word(r, "like"), regex = is_word(r, "regex");

	if (!in && !like && !regex) {
		if (negated || test->length)
			fail(r, r->word.offset, "a comparison is expected here");
		test->op = EQL_BARE;
		return test_of(r, test);
	}
	test->op = in ? EQL_EQUAL : like ? EQL_LIKE : EQL_REGEX;
	test->fold = r->word.fold;
	take(r);
	read_values(r, test, in);
	struct eql_node *node = test_of(r, test);

	return negated ? not_of(r, node) : node;
}

static const struct {
	const char *name; /* in small letters */
	enum eql_operator op;
	bool fold;        /* always */
} functions[] = {
	{"startswith", EQL_STARTS, false},
	{"endswith", EQL_ENDS, false},
	{"stringcontains", EQL_CONTAINS, false},
	{"cidrmatch", EQL_CIDR, false},
	{"wildcard", EQL_LIKE, true},
};

static void read_field(struct reader *r, struct eql_test *test)
{
	if (r->word.kind != WORD_NAME) {
		fail(r, r->word.offset, "a field is expected here");
		return;
	}
	test->field = r->word.text;
	test->offset = r->word.offset;
	take(r);
	if (is_sign(r, "("))
		fail(r, test->offset, arena_printf(r->arena, "the function %.*s is not taken here", TEXT_ARGS(test->field)));
}

static struct eql_node *read_function(struct reader *r, struct text name, bool fold, size_t offset)
{
	struct eql_test test = {.offset = offset, .fold = fold};
	struct text small = text_fold(r->arena, name);

	take(r);
	if (text_is(small, "length")) {
		test.length = true;
		read_field(r, &test);
		want_sign(r, ")");
		return read_operator(r, &test);
	}
	for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++) {
		if (!text_is(small, functions[i].name))
			continue;
		test.op = functions[i].op;
		test.fold = fold || functions[i].fold;
		read_field(r, &test);
		while (r->error == NULL && take_sign(r, ",")) {
			if (test.op >= EQL_STARTS && test.op <= EQL_CONTAINS)
				add_operand(r, &test);
			else
				add_value(r, &test);
		}
		want_sign(r, ")");
		if (test.count == 0 && test.other.length == 0)
			fail(r, offset, "the function asks for nothing");
		return test_of(r, &test);
	}
	fail(r, offset, arena_printf(r->arena, "the function %.*s is not taken", TEXT_ARGS(name)));
	return node_of(r, EQL_FALSE);
}

/* VALUE == field */
static struct eql_node *read_turned(struct reader *r)
{
	struct eql_test test = {.offset = r->word.offset};
	bool null = is_word(r, "null");
	size_t sign = 0;

	if (null)
		take(r);
	else
		add_value(r, &test);
	if (!find_sign(r, &sign)) {
		fail(r, r->word.offset, "a comparison is expected here");
		return node_of(r, EQL_FALSE);
	}
	test.op = signs[sign].turned;
	take(r);
	struct word word = r->word;

	take(r);
	if (word.kind == WORD_NAME && !word.quoted && text_is(text_fold(r->arena, word.text), "length") && take_sign(r, "(")) {
		test.length = true;
		word = r->word;
		take(r);
		want_sign(r, ")");
	}
	if (word.kind != WORD_NAME)
		fail(r, word.offset, "a field is expected here");
	test.field = word.text;
	test.offset = word.offset;
	if (is_sign(r, "("))
		fail(r, word.offset, arena_printf(r->arena, "the function %.*s is not taken here", TEXT_ARGS(word.text)));
	if (null && test.op > EQL_NOT_EQUAL)
		fail(r, test.offset, "null has no order");
	if (null)
		test.op = test.op == EQL_EQUAL ? EQL_NULL : EQL_THERE;
	return test_of(r, &test);
}

/* --- expressions --- */

static struct eql_node *read_or(struct reader *r);

static struct eql_node *read_constant(struct reader *r)
{
	bool truth = is_word(r, "true");
	struct reader before = *r;
	size_t sign;

	take(r);
	if (find_sign(r, &sign)) { /* true == f */
		*r = before;
		return read_turned(r);
	}
	return node_of(r, truth ? EQL_TRUE : EQL_FALSE);
}

static struct eql_node *read_primary(struct reader *r)
{
	struct eql_test test = {.offset = r->word.offset};
	struct word word = r->word;

	if (take_sign(r, "(")) {
		struct eql_node *node = read_or(r);

		want_sign(r, ")");
		if (r->word.kind == WORD_SIGN && !is_sign(r, ")") && !is_sign(r, "]") && !is_sign(r, "|"))
			fail(r, r->word.offset, "comparing an expression is not taken");
		return node;
	}
	if (is_word(r, "true") || is_word(r, "false"))
		return read_constant(r);
	if (is_value(r) || is_word(r, "null"))
		return read_turned(r);
	if (word.kind != WORD_NAME) {
		fail(r, word.offset, "a comparison is expected here");
		return node_of(r, EQL_FALSE);
	}
	take(r);
	if (is_sign(r, "(") && !word.quoted && !word.optional)
		return read_function(r, word.text, word.fold, word.offset);
	test.field = word.text;
	return read_operator(r, &test);
}

static struct eql_node *read_not(struct reader *r)
{
	struct eql_node *node;

	if (++r->depth > EQL_DEPTH_MAX)
		fail(r, r->word.offset, "the expression is nested too deeply");
	if (r->error != NULL)
		node = node_of(r, EQL_FALSE);
	else if (take_word(r, "not"))
		node = not_of(r, read_not(r));
	else
		node = read_primary(r);
	r->depth--;
	return node;
}

static struct eql_node *read_list(struct reader *r, const char *word, enum eql_kind kind,
	struct eql_node *(*part)(struct reader *))
{
	struct eql_node *first = part(r), *list = NULL;

	while (r->error == NULL && take_word(r, word)) {
		if (list == NULL) {
			list = node_of(r, kind);
			node_add(r, list, first);
		}
		node_add(r, list, part(r));
	}
	return list != NULL ? list : first;
}

static struct eql_node *read_and(struct reader *r)
{
	return read_list(r, "and", EQL_AND, read_not);
}

static struct eql_node *read_or(struct reader *r)
{
	return read_list(r, "or", EQL_OR, read_and);
}

/* --- queries --- */

static void read_event(struct reader *r, struct eql_step *step)
{
	bool any = is_word(r, "any");

	step->runs = 1;
	if (r->word.kind != WORD_NAME && r->word.kind != WORD_STRING)
		fail(r, r->word.offset, "an event category is expected here");
	if (!any)
		step->category = r->word.text;
	take(r);
	if (!take_word(r, "where"))
		fail(r, r->word.offset, "where is expected here");
	step->where = read_or(r);
}

static void read_names(struct reader *r, const struct text **names, size_t *count)
{
	do {
		struct text *grown = arena_grow(r->arena, (void *)(uintptr_t)*names, *count, sizeof(*grown));

		if (r->word.kind != WORD_NAME)
			fail(r, r->word.offset, "a field is expected here");
		grown[*count] = r->word.text;
		*names = grown;
		(*count)++;
		take(r);
		if (is_sign(r, "("))
			fail(r, r->word.offset, "joining by a function is not taken");
	} while (r->error == NULL && take_sign(r, ","));
}

static void read_runs(struct reader *r, struct eql_step *step)
{
	int64_t runs = 0;

	if (!take_word(r, "runs"))
		fail(r, r->word.offset, "runs is expected here");
	want_sign(r, "=");
	if (r->word.kind != WORD_NUMBER || !text_to_long(r->word.text, &runs) || runs < 1 || runs > 100)
		fail(r, r->word.offset, "runs is a number from 1 to 100");
	step->runs = runs > 0 ? (size_t)runs : 1;
	take(r);
}

static void read_step(struct reader *r, struct eql_step *step)
{
	*step = (struct eql_step){.missing = is_sign(r, "![")};
	if (!take_sign(r, "![") && !take_sign(r, "["))
		fail(r, r->word.offset, "a step in brackets is expected here");
	read_event(r, step);
	want_sign(r, "]");
	if (take_word(r, "fork"))
		fail(r, r->word.offset, "fork is not taken");
	if (take_word(r, "by"))
		read_names(r, &step->by, &step->by_count);
	if (take_word(r, "with"))
		read_runs(r, step);
	if (step->by_count == 0 && take_word(r, "by"))
		read_names(r, &step->by, &step->by_count);
}

/* A duration is a number and a unit, which are two words where a blank stands between them. */
static void read_maxspan(struct reader *r, struct eql_query *query)
{
	if (!take_word(r, "maxspan"))
		fail(r, r->word.offset, "maxspan is expected here");
	want_sign(r, "=");
	struct text number = r->word.text;

	if (r->word.kind != WORD_NUMBER)
		fail(r, r->word.offset, "a time is expected here");
	take(r);
	struct text unit = r->word.text;

	if (r->word.kind != WORD_NAME)
		fail(r, r->word.offset, "a unit of time is expected here");
	query->maxspan = text_of(arena_printf(r->arena, "%.*s%.*s", TEXT_ARGS(number), TEXT_ARGS(unit)));
	take(r);
}

static void read_steps(struct reader *r, struct eql_query *query)
{
	while (r->error == NULL && (is_sign(r, "[") || is_sign(r, "!["))) {
		if (query->count == EQL_STEPS_MAX) {
			fail(r, r->word.offset, "it has too many steps");
			return;
		}
		query->steps = arena_grow(r->arena, query->steps, query->count, sizeof(*query->steps));
		read_step(r, &query->steps[query->count]);
		query->count++;
	}
	if (take_word(r, "until")) {
		query->until = arena_alloc(r->arena, sizeof(*query->until));
		read_step(r, query->until);
	}
}

static void check_keys(struct reader *r, const struct eql_query *query)
{
	for (size_t i = 1; i < query->count; i++) {
		if (query->steps[i].by_count != query->steps[0].by_count)
			fail(r, 0, "the steps are joined by different numbers of fields");
	}
	if (query->until != NULL && query->until->by_count != query->steps[0].by_count)
		fail(r, 0, "the steps are joined by different numbers of fields");
}

static void read_joined(struct reader *r, struct eql_query *query)
{
	query->kind = is_word(r, "sample") ? EQL_SAMPLE : EQL_SEQUENCE;
	take(r);
	if (take_word(r, "by"))
		read_names(r, &query->by, &query->by_count);
	if (take_word(r, "with"))
		read_maxspan(r, query);
	if (query->by_count == 0 && take_word(r, "by"))
		read_names(r, &query->by, &query->by_count);
	read_steps(r, query);
	if (query->count < 2 && (query->count == 0 || query->steps[0].runs < 2))
		fail(r, r->word.offset, "a sequence has two steps or more");
	if (r->error == NULL)
		check_keys(r, query);
}

struct eql_query *eql_parse(struct arena *arena, struct text source, const char **error, size_t *offset)
{
	struct reader r = {.arena = arena, .source = source};
	struct eql_query *query = arena_alloc(arena, sizeof(*query));

	take(&r);
	if (is_word(&r, "sequence") || is_word(&r, "sample")) {
		read_joined(&r, query);
	} else {
		query->steps = arena_alloc(arena, sizeof(*query->steps));
		query->count = 1;
		read_event(&r, query->steps);
	}
	if (is_sign(&r, "|"))
		fail(&r, r.word.offset, "pipes are not taken");
	if (r.word.kind != WORD_END)
		fail(&r, r.word.offset, "the query goes on where it should end");
	*error = r.error;
	*offset = r.offset;
	return r.error == NULL ? query : NULL;
}
