/* expression: see expression.h. */
#include "generator/rsyslog/expression.h"

#include <string.h>

enum { DEPTH_MAX = 200, REGEX_GROUPS_MAX = 50 };

/* Bison's `%left` lines, loosest first; words before signs that begin alike. */
struct sign {
	const char *sign;
	unsigned level;
	enum script_operator op;
};
static const struct sign signs[] = {
	{"and", 1, SCRIPT_AND}, {"or", 1, SCRIPT_OR},
	{"contains_i", 2, SCRIPT_CONTAINS_I}, {"contains", 2, SCRIPT_CONTAINS},
	{"startswith_i", 2, SCRIPT_STARTS_I}, {"startswith", 2, SCRIPT_STARTS},
	{"==", 2, SCRIPT_EQUAL}, {"!=", 2, SCRIPT_NOT_EQUAL}, {"<>", 2, SCRIPT_NOT_EQUAL},
	{"<=", 2, SCRIPT_LESS_EQUAL}, {">=", 2, SCRIPT_GREATER_EQUAL}, {"<", 2, SCRIPT_LESS}, {">", 2, SCRIPT_GREATER},
	{"+", 3, SCRIPT_ADD}, {"-", 3, SCRIPT_SUBTRACT}, {"&", 3, SCRIPT_JOIN},
	{"*", 4, SCRIPT_MULTIPLY}, {"/", 4, SCRIPT_DIVIDE}, {"%", 4, SCRIPT_REMAINDER},
};
enum { LEVEL_FIRST = 1, LEVEL_LAST = 4 };

struct function {
	const char *name;
	size_t arguments;
	bool regex; /* the second argument is one, and a constant */
};
static const struct function functions[FUNCTION_COUNT] = {
	[FUNCTION_RE_MATCH] = {"re_match", 2, true},
	[FUNCTION_RE_MATCH_I] = {"re_match_i", 2, true},
	[FUNCTION_RE_EXTRACT] = {"re_extract", 5, true},
	[FUNCTION_RE_EXTRACT_I] = {"re_extract_i", 5, true},
	[FUNCTION_REPLACE] = {"replace", 3, false},
	[FUNCTION_CNUM] = {"cnum", 1, false},
	[FUNCTION_CSTR] = {"cstr", 1, false},
	[FUNCTION_TOLOWER] = {"tolower", 1, false},
	[FUNCTION_STRLEN] = {"strlen", 1, false},
};

static struct script_expression *make(struct rslexer *lexer, enum script_operator op)
{
	struct script_expression *made = arena_alloc(lexer->arena, sizeof(*made));

	made->op = op;
	return made;
}

/* --- functions --- */

static void free_regex(void *regex)
{
	regfree(regex);
}

static bool compile(struct rslexer *lexer, struct script_expression *call)
{
	bool fold = call->function == FUNCTION_RE_MATCH_I || call->function == FUNCTION_RE_EXTRACT_I;
	char message[256];

	if (call->arguments[1]->op != SCRIPT_TEXT)
		return rslexer_fail(lexer, "the regular expression must be a constant text");
	call->regex = arena_alloc(lexer->arena, sizeof(*call->regex));
	int code = regcomp(call->regex, call->arguments[1]->text.data, REG_EXTENDED | (fold ? REG_ICASE : 0));

	if (code != 0) {
		regerror(code, call->regex, message, sizeof(message));
		return rslexer_fail(lexer, "the regular expression is no good: %s", message);
	}
	arena_defer(lexer->arena, free_regex, call->regex);
	return true;
}

static bool find_function(struct rslexer *lexer, struct text name, struct script_expression *call)
{
	for (size_t i = 0; i < FUNCTION_COUNT; i++) {
		if (text_equal_fold(name, text_of(functions[i].name))) {
			call->function = (enum script_function)i;
			return true;
		}
	}
	return rslexer_fail(lexer, "the function %.*s is not known here", TEXT_ARGS(name));
}

static struct script_expression *parse_call(struct rslexer *lexer, unsigned depth)
{
	struct script_expression *call = make(lexer, SCRIPT_CALL);
	struct text name = rslexer_peek(lexer, true);

	if (name.length == 0) {
		rslexer_fail(lexer, "an expression is wanted here");
		return NULL;
	}
	if (!find_function(lexer, name, call))
		return NULL;
	lexer->at += name.length;
	if (!rslexer_want(lexer, '(', true))
		return NULL;
	do {
		struct script_expression *argument = script_expression_parse(lexer, depth + 1);

		if (argument == NULL)
			return NULL;
		call->arguments = arena_grow(lexer->arena, call->arguments, call->count, sizeof(*call->arguments));
		call->arguments[call->count++] = argument;
	} while (rslexer_byte(lexer, ',', true));
	if (!rslexer_want(lexer, ')', true))
		return NULL;
	const struct function *function = &functions[call->function];

	if (call->count != function->arguments) {
		rslexer_fail(lexer, "%s takes %zu arguments, not %zu", function->name, function->arguments, call->count);
		return NULL;
	}
	return !function->regex || compile(lexer, call) ? call : NULL;
}

/* --- what stands alone --- */

static struct script_expression *parse_list(struct rslexer *lexer)
{
	struct script_expression *list = make(lexer, SCRIPT_LIST);

	do {
		struct text item;

		rslexer_skip(lexer, true);
		if (!rslexer_string(lexer, false, &item))
			return NULL;
		list->items = arena_grow(lexer->arena, list->items, list->count, sizeof(*list->items));
		list->items[list->count++] = item;
	} while (rslexer_byte(lexer, ',', true));
	return rslexer_want(lexer, ']', true) ? list : NULL;
}

static struct script_expression *parse_level(struct rslexer *lexer, unsigned level, unsigned depth);

/* `not` and a minus sign bind tightest: what they stand before is one operand. */
static struct script_expression *parse_unary(struct rslexer *lexer, enum script_operator op, unsigned depth)
{
	struct script_expression *made = make(lexer, op);

	made->right = parse_level(lexer, LEVEL_LAST + 1, depth + 1);
	return made->right != NULL ? made : NULL;
}

static struct script_expression *parse_operand(struct rslexer *lexer, unsigned depth)
{
	struct script_expression *made;

	if (depth > DEPTH_MAX) {
		rslexer_fail(lexer, "the expression is nested too deep");
		return NULL;
	}
	rslexer_skip(lexer, true);
	char byte = lexer->at < lexer->text.length ? lexer->text.data[lexer->at] : '\0';

	if (rslexer_word(lexer, "not", true))
		return parse_unary(lexer, SCRIPT_NOT, depth);
	if (rslexer_byte(lexer, '-', true))
		return parse_unary(lexer, SCRIPT_NEGATE, depth);
	if (rslexer_byte(lexer, '(', true)) {
		made = script_expression_parse(lexer, depth + 1);
		return made != NULL && rslexer_want(lexer, ')', true) ? made : NULL;
	}
	if (rslexer_byte(lexer, '[', true))
		return parse_list(lexer);
	if (byte == '"' || byte == '\'') {
		made = make(lexer, SCRIPT_TEXT);
		return rslexer_string(lexer, false, &made->text) ? made : NULL;
	}
	if (byte == '$') {
		made = make(lexer, SCRIPT_VARIABLE);
		return rslexer_variable(lexer, &made->text) ? made : NULL;
	}
	if (byte >= '0' && byte <= '9') {
		made = make(lexer, SCRIPT_NUMBER);
		return rslexer_number(lexer, &made->number) ? made : NULL;
	}
	return parse_call(lexer, depth);
}

/* --- operators --- */

static bool take_sign(struct rslexer *lexer, const struct sign *sign)
{
	size_t length = strlen(sign->sign);

	if (sign->sign[0] >= 'a')
		return rslexer_word(lexer, sign->sign, true);
	if (!text_equal(text_slice(lexer->text, lexer->at, lexer->at + length), text_of(sign->sign)))
		return false;
	lexer->at += length;
	return true;
}

static const struct sign *next_sign(struct rslexer *lexer, unsigned level)
{
	rslexer_skip(lexer, true);
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		if (signs[i].level == level && take_sign(lexer, &signs[i]))
			return &signs[i];
	}
	return NULL;
}

static bool is_number(const struct script_expression *e)
{
	return e->op == SCRIPT_NUMBER || (e->op >= SCRIPT_ADD && e->op <= SCRIPT_NEGATE)
		|| (e->op == SCRIPT_CALL && (e->function == FUNCTION_CNUM || e->function == FUNCTION_STRLEN));
}

/* How rsyslog orders texts depends on what they look like: no pack asks for that, and it is not read. */
static bool ordered_well(struct rslexer *lexer, const struct script_expression *both)
{
	if (both->op < SCRIPT_LESS || both->op > SCRIPT_GREATER_EQUAL || (is_number(both->left) && is_number(both->right)))
		return true;
	return rslexer_fail(lexer, "only numbers are compared by order here: cnum(…) makes one of a text");
}

static struct script_expression *parse_level(struct rslexer *lexer, unsigned level, unsigned depth)
{
	if (level > LEVEL_LAST)
		return parse_operand(lexer, depth);
	struct script_expression *left = parse_level(lexer, level + 1, depth);
	const struct sign *sign;

	while (left != NULL && (sign = next_sign(lexer, level)) != NULL) {
		struct script_expression *both = make(lexer, sign->op);

		both->left = left;
		both->right = parse_level(lexer, level + 1, depth);
		left = both->right != NULL && ordered_well(lexer, both) ? both : NULL;
	}
	return left;
}

struct script_expression *script_expression_parse(struct rslexer *lexer, unsigned depth)
{
	return parse_level(lexer, LEVEL_FIRST, depth);
}
