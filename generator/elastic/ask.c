/* ask: a query's expression asked of a document, with EQL's three answers. */
#include "generator/elastic/ask.h"

#include "generator/elastic/lucene.h"

/* --- one value --- */

static bool same_byte(char a, char b, bool fold)
{
	if (fold && a >= 'A' && a <= 'Z')
		a = (char)(a - 'A' + 'a');
	if (fold && b >= 'A' && b <= 'Z')
		b = (char)(b - 'A' + 'a');
	return a == b;
}

bool elastic_wildcard(struct text pattern, struct text value, bool fold)
{
	size_t p = 0, v = 0, star = SIZE_MAX, from = 0;

	while (v < value.length) {
		if (p < pattern.length && pattern.data[p] == '*') {
			star = p++;
			from = v;
		} else if (p < pattern.length && pattern.data[p] == '?') {
			v += utf8_step(value.data + v, value.length - v);
			p++;
		} else if (p < pattern.length && same_byte(pattern.data[p], value.data[v], fold)) {
			p++;
			v++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			from += utf8_step(value.data + from, value.length - from);
			v = from;
		} else {
			return false;
		}
	}
	while (p < pattern.length && pattern.data[p] == '*')
		p++;
	return p == pattern.length;
}

static bool regex_fits(struct evaluator *evaluator, const struct eql_test *test, size_t index, struct text value)
{
	struct buffer regex = {0};
	const char *error;

	if (test->regexes != NULL)
		return evaluate_regex(evaluator, test->regexes[index], test->fold, value);
	bool fits = lucene_read(&regex, test->values[index].text, &error) &&
		evaluate_regex(evaluator, buffer_view(&regex), test->fold, value);

	buffer_free(&regex);
	return fits;
}

/* Where one cannot be read, all are left as they are: each question finds it again, and it matches nothing. */
static void prepare_test(struct arena *arena, struct eql_test *test)
{
	struct text *regexes = arena_array(arena, test->count, sizeof(*regexes));
	const char *error;

	for (size_t i = 0; i < test->count; i++) {
		struct buffer regex = {0};

		if (!lucene_read(&regex, test->values[i].text, &error)) {
			buffer_free(&regex);
			return;
		}
		regexes[i] = text_copy(arena, buffer_view(&regex));
		buffer_free(&regex);
	}
	test->regexes = regexes;
}

void elastic_prepare(struct arena *arena, struct eql_node *node)
{
	for (size_t i = 0; i < node->count; i++)
		elastic_prepare(arena, node->children[i]);
	if (node->kind == EQL_TEST && node->test.op == EQL_REGEX && node->test.other.length == 0)
		prepare_test(arena, &node->test);
}

static bool cidr_fits(struct text asked, struct text value)
{
	struct cidr cidr;
	struct ip ip;

	return cidr_parse(asked, &cidr) && ip_parse(value, &ip) && cidr_holds(&cidr, &ip);
}

static size_t characters(struct text value)
{
	size_t count = 0;

	for (size_t i = 0; i < value.length; count++)
		i += utf8_step(value.data + i, value.length - i);
	return count;
}

/* -1, 0, 1 as the numbers are; false: one is none. */
static bool compare_numbers(struct text a, struct text b, int *order)
{
	int64_t x, y;

	if (!text_to_long(a, &x) || !text_to_long(b, &y))
		return false;
	*order = x < y ? -1 : x > y;
	return true;
}

static bool equal_fits(const struct eql_test *test, const struct eql_value *asked, struct text value)
{
	struct ip a, b;
	int order;

	if (asked->kind == EQL_NUMBER && compare_numbers(value, asked->text, &order))
		return order == 0;
	if (ip_parse(asked->text, &a) && ip_parse(value, &b)) /* 1.2.3.4 is ::ffff:1.2.3.4 */
		return value_compare(TYPE_IP, &(struct value){.ip = a}, &(struct value){.ip = b}) == 0;
	return test->fold ? text_equal_fold(value, asked->text) : text_equal(value, asked->text);
}

static bool order_fits(enum eql_operator op, struct text asked, struct text value)
{
	int order;

	if (!compare_numbers(value, asked, &order))
		return false;
	switch (op) {
	case EQL_LESS:
		return order < 0;
	case EQL_LESS_EQUAL:
		return order <= 0;
	case EQL_GREATER:
		return order > 0;
	default:
		return order >= 0;
	}
}

static bool text_fits(const struct eql_test *test, struct text asked, struct text value)
{
	switch (test->op) {
	case EQL_STARTS:
		return text_starts(value, asked, test->fold);
	case EQL_ENDS:
		return text_ends(value, asked, test->fold);
	case EQL_CONTAINS:
		return text_contains(value, asked, test->fold);
	default:
		return test->fold ? text_equal_fold(value, asked) : text_equal(value, asked);
	}
}

static bool value_fits(
	struct evaluator *evaluator, const struct eql_test *test, const struct eql_value *asked, struct text value)
{
	char digits[32];

	if (test->length) {
		snprintf(digits, sizeof(digits), "%zu", characters(value));
		value = text_of(digits);
	}
	switch (test->op) {
	case EQL_EQUAL:
	case EQL_NOT_EQUAL:
		return equal_fits(test, asked, value);
	case EQL_LESS:
	case EQL_LESS_EQUAL:
	case EQL_GREATER:
	case EQL_GREATER_EQUAL:
		return order_fits(test->op, asked->text, value);
	case EQL_LIKE:
		return elastic_wildcard(asked->text, value, test->fold);
	case EQL_REGEX:
		return regex_fits(evaluator, test, (size_t)(asked - test->values), value);
	case EQL_CIDR:
		return cidr_fits(asked->text, value);
	default:
		return text_fits(test, asked->text, value);
	}
}

/* --- one comparison --- */

static enum answer answer(bool holds)
{
	return holds ? ANSWER_TRUE : ANSWER_FALSE;
}

static enum answer ask_fields(const struct eql_test *test, const struct sight_value *have, const struct sight_value *other)
{
	bool holds = false;

	for (size_t i = 0; i < have->count; i++) {
		for (size_t k = 0; k < other->count; k++)
			holds = holds || text_fits(test, other->values[k], have->values[i]);
	}
	return answer(holds != (test->op == EQL_NOT_EQUAL));
}

static enum answer ask_test(struct evaluator *evaluator, const struct eql_test *test, const struct sight *sight)
{
	const struct sight_value *have = sight_get(sight, test->field);
	bool there = have != NULL && have->count > 0, holds = false;

	if (test->op == EQL_NULL || test->op == EQL_THERE)
		return answer(there == (test->op == EQL_THERE));
	if (!there)
		return ANSWER_UNKNOWN;
	if (test->other.length > 0) {
		const struct sight_value *other = sight_get(sight, test->other);

		return other == NULL || other->count == 0 ? ANSWER_UNKNOWN : ask_fields(test, have, other);
	}
	if (test->op == EQL_BARE)
		return answer(text_is(have->values[0], "true"));
	for (size_t i = 0; i < have->count && !holds; i++) {
		for (size_t k = 0; k < test->count && !holds; k++)
			holds = value_fits(evaluator, test, &test->values[k], have->values[i]);
	}
	return answer(holds != (test->op == EQL_NOT_EQUAL));
}

enum answer elastic_ask(struct evaluator *evaluator, const struct eql_node *node, const struct sight *sight)
{
	enum answer least = ANSWER_TRUE, most = ANSWER_FALSE;

	switch (node->kind) {
	case EQL_FALSE:
	case EQL_TRUE:
		return answer(node->kind == EQL_TRUE);
	case EQL_NOT:
		return (enum answer)(ANSWER_TRUE - elastic_ask(evaluator, node->children[0], sight));
	case EQL_TEST:
		return ask_test(evaluator, &node->test, sight);
	default:
		break;
	}
	for (size_t i = 0; i < node->count; i++) {
		enum answer one = elastic_ask(evaluator, node->children[i], sight);

		least = one < least ? one : least;
		most = one > most ? one : most;
		if (node->kind == EQL_AND ? least == ANSWER_FALSE : most == ANSWER_TRUE)
			break;
	}
	return node->kind == EQL_AND ? least : most;
}

bool elastic_fits(struct evaluator *evaluator, const struct eql_step *step, const struct sight *sight)
{
	const struct sight_value *category = sight_get(sight, TEXT("event.category"));
	bool fits = step->category.length == 0;

	for (size_t i = 0; category != NULL && i < category->count && !fits; i++)
		fits = text_equal(category->values[i], step->category);
	return fits && elastic_ask(evaluator, step->where, sight) == ANSWER_TRUE;
}
