/* filter: Falco's condition language, read token by token as the engine does. */
#include "generator/falco/filter.h"

#include "generator/falco/lexer.h"

#include <string.h>

const char *const filter_operators[FILTER_OPERATOR_COUNT] = {
	"exists", "=", "!=", "<", "<=", ">", ">=", "contains", "icontains", "bcontains", "startswith", "bstartswith",
	"endswith", "glob", "iglob", "regex", "in", "intersects", "pmatch",
};

struct parser {
	struct falco_lexer lexer;
	struct arena *arena;
	unsigned depth;
};

static struct filter *parse_or(struct parser *p);

static void *fail(struct parser *p, const char *what)
{
	falco_lex_fail(&p->lexer, what);
	return NULL;
}

static bool deeper(struct parser *p)
{
	if (++p->depth <= FILTER_DEPTH_MAX)
		return true;
	fail(p, "is nested too deeply");
	return false;
}

/* --- operands --- */

static struct filter_operand *parse_operand(struct parser *p, bool in_list);

static void add_operand(struct parser *p, struct filter_operand *to, struct filter_operand *operand)
{
	to->operands = arena_grow(p->arena, to->operands, to->count, sizeof(struct filter_operand *));
	to->operands[to->count++] = operand;
}

/* Text of a constant in quotes, as it can be read again. */
static void spell_constant(struct buffer *out, struct text value)
{
	char quote = text_find(value, '"') < value.length ? '\'' : '"';

	buffer_char(out, quote);
	for (size_t i = 0; i < value.length; i++) {
		if (value.data[i] == '\\' || value.data[i] == quote)
			buffer_char(out, '\\');
		buffer_char(out, value.data[i]);
	}
	buffer_char(out, quote);
}

static bool bare_argument(struct text argument)
{
	for (size_t i = 0; i < argument.length; i++) {
		if (memchr("][\"' \t\r\n\v\f\\", argument.data[i], 11) != NULL)
			return false;
	}
	return argument.length > 0;
}

static void spell(struct parser *p, struct filter_operand *operand)
{
	struct buffer text = {0};

	buffer_text(&text, operand->name);
	if (operand->transformer || operand->list) {
		buffer_char(&text, '(');
		for (size_t i = 0; i < operand->count; i++) {
			buffer_string(&text, i > 0 ? ", " : "");
			buffer_text(&text, operand->operands[i]->text);
		}
		buffer_char(&text, ')');
	}
	if (operand->constant)
		spell_constant(&text, operand->value);
	if (operand->has_argument) {
		buffer_char(&text, '[');
		if (bare_argument(operand->argument))
			buffer_text(&text, operand->argument);
		else
			spell_constant(&text, operand->argument);
		buffer_char(&text, ']');
	}
	operand->text = text_copy(p->arena, buffer_view(&text));
	buffer_free(&text);
}

/* [ … ] right behind a field or a transformer. */
static bool parse_argument(struct parser *p, struct filter_operand *operand)
{
	if (!falco_lex_string(&p->lexer, "["))
		return true;
	if (!falco_lex_quoted(&p->lexer, &operand->argument) && !falco_lex_argument(&p->lexer, &operand->argument))
		return fail(p, "needs an argument between the brackets"), false;
	operand->has_argument = true;
	if (!falco_lex_string(&p->lexer, "]"))
		return fail(p, "needs a ] here"), false;
	return true;
}

static struct filter_operand *finished(struct parser *p, struct filter_operand *operand)
{
	if (!parse_argument(p, operand))
		return NULL;
	spell(p, operand);
	return operand;
}

/* What stands in the brackets of a transformer or of a list among its arguments. */
static bool parse_operands(struct parser *p, struct filter_operand *operand, bool in_list)
{
	falco_lex_blank(&p->lexer);
	if (in_list && falco_lex_string(&p->lexer, ")"))
		return true;
	do {
		falco_lex_blank(&p->lexer);
		struct filter_operand *inner = parse_operand(p, in_list);

		if (inner == NULL)
			return false;
		add_operand(p, operand, inner);
		falco_lex_blank(&p->lexer);
	} while (falco_lex_string(&p->lexer, ","));
	if (!falco_lex_string(&p->lexer, ")"))
		return fail(p, "needs a ) that closes the transformer"), false;
	return true;
}

static struct filter_operand *parse_transformer(struct parser *p, struct text name)
{
	struct filter_operand *operand = arena_alloc(p->arena, sizeof(*operand));

	operand->name = name;
	operand->transformer = true;
	if (!parse_operands(p, operand, false))
		return NULL;
	return finished(p, operand);
}

static struct filter_operand *parse_inner_list(struct parser *p)
{
	struct filter_operand *operand = arena_alloc(p->arena, sizeof(*operand));

	operand->list = true;
	if (!parse_operands(p, operand, true))
		return NULL;
	spell(p, operand);
	return operand;
}

/* Field, transformer, text or number among a transformer's arguments; and lists, but not within lists. */
static struct filter_operand *parse_operand(struct parser *p, bool in_list)
{
	struct filter_operand *operand = NULL;
	struct text token;

	if (!deeper(p))
		return NULL;
	if (falco_lex_number(&p->lexer, &token) || falco_lex_quoted(&p->lexer, &token)) {
		operand = arena_alloc(p->arena, sizeof(*operand));
		operand->constant = true;
		operand->value = token;
		spell(p, operand);
	} else if (!in_list && falco_lex_string(&p->lexer, "(")) {
		operand = parse_inner_list(p);
	} else if (falco_lex_transformer(&p->lexer, &token)) {
		operand = parse_transformer(p, token);
	} else if (falco_lex_field(&p->lexer, &token)) {
		operand = arena_alloc(p->arena, sizeof(*operand));
		operand->name = token;
		operand = finished(p, operand);
	} else {
		fail(p, "needs a field, a transformer, a number or a text in quotes as an argument");
	}
	p->depth--;
	return operand;
}

/* val(field), or a transformer, on the right side of a comparison. *none: there is none. */
static struct filter_operand *parse_right_operand(struct parser *p, bool *none)
{
	struct text token;

	falco_lex_blank(&p->lexer);
	*none = false;
	if (falco_lex_transformer(&p->lexer, &token))
		return parse_transformer(p, token);
	if (!falco_lex_string(&p->lexer, "val(")) {
		*none = true;
		return NULL;
	}
	falco_lex_blank(&p->lexer);
	if (!falco_lex_field(&p->lexer, &token))
		return fail(p, "needs a field in val( )");
	struct filter_operand *operand = arena_alloc(p->arena, sizeof(*operand));

	operand->name = token;
	operand = finished(p, operand);
	falco_lex_blank(&p->lexer);
	if (operand != NULL && !falco_lex_string(&p->lexer, ")"))
		return fail(p, "needs a ) that closes val(");
	return operand;
}

/* --- comparisons --- */

static void add_value(struct parser *p, struct filter *check, struct text value)
{
	struct text *items = arena_array(p->arena, check->values.count + 1, sizeof(*items));

	if (check->values.count > 0)
		memcpy(items, check->values.items, check->values.count * sizeof(*items));
	items[check->values.count] = value;
	check->values = (struct texts){items, check->values.count + 1};
}

/* "( a, b )": false where no bracket opens. */
static bool parse_list(struct parser *p, struct filter *check)
{
	struct text *items = NULL, token;
	size_t count = 0;

	if (!falco_lex_string(&p->lexer, "("))
		return false;
	falco_lex_blank(&p->lexer);
	if (falco_lex_quoted(&p->lexer, &token) || falco_lex_bare(&p->lexer, &token)) {
		do {
			falco_lex_blank(&p->lexer);
			if (count > 0 && !falco_lex_quoted(&p->lexer, &token) && !falco_lex_bare(&p->lexer, &token)) {
				fail(p, "needs a value after the comma");
				return true;
			}
			items = arena_grow(p->arena, items, count, sizeof(*items));
			items[count++] = token;
			falco_lex_blank(&p->lexer);
		} while (falco_lex_string(&p->lexer, ","));
	}
	if (!falco_lex_string(&p->lexer, ")"))
		fail(p, "needs a ) that closes the list");
	check->values = (struct texts){items, count};
	return true;
}

/* A list, or one word in its place. */
static void parse_list_value(struct parser *p, struct filter *check)
{
	struct text token;

	falco_lex_blank(&p->lexer);
	if (parse_list(p, check))
		return;
	if (falco_lex_identifier(&p->lexer, &token))
		add_value(p, check, token);
	else
		fail(p, "needs a list in brackets");
}

/* "oneof (…)" after the operator; everything is as before where it is none. */
static bool parse_modifier(struct parser *p, struct filter *check)
{
	static const char *const words[] = {NULL, "oneof", "anyof", "allof"};
	size_t before = p->lexer.at;

	for (size_t i = FILTER_ONEOF; i <= FILTER_ALLOF; i++) {
		if (falco_lex_word(&p->lexer, words[i]) && falco_lex_list_follows(&p->lexer)) {
			check->modifier = (enum filter_modifier)i;
			parse_list_value(p, check);
			return true;
		}
		p->lexer.at = before;
	}
	return false;
}

static void parse_text_value(struct parser *p, struct filter *check, bool blank)
{
	struct text token;
	bool none;

	if (blank && parse_modifier(p, check))
		return;
	check->right = parse_right_operand(p, &none);
	if (!none)
		return;
	if (falco_lex_quoted(&p->lexer, &token) || falco_lex_bare(&p->lexer, &token))
		add_value(p, check, token);
	else
		fail(p, "needs a value");
}

static void parse_number_value(struct parser *p, struct filter *check)
{
	struct text token;
	bool none;

	check->right = parse_right_operand(p, &none);
	if (!none)
		return;
	if (falco_lex_number(&p->lexer, &token))
		add_value(p, check, token);
	else
		fail(p, "needs a number");
}

static bool parse_operator(struct parser *p, struct filter *check)
{
	static const enum filter_operator numbers[] = {FILTER_LESS_EQUAL, FILTER_LESS, FILTER_GREATER_EQUAL, FILTER_GREATER};
	static const enum filter_operator lists[] = {FILTER_INTERSECTS, FILTER_IN, FILTER_PMATCH};
	bool none;

	if (falco_lex_string(&p->lexer, "exists")) {
		check->op = FILTER_EXISTS;
		return true;
	}
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		if (falco_lex_string(&p->lexer, filter_operators[numbers[i]])) {
			check->op = numbers[i];
			parse_number_value(p, check);
			return true;
		}
	}
	check->op = FILTER_EQUAL;
	bool symbol = falco_lex_string(&p->lexer, "==") || falco_lex_string(&p->lexer, "=");

	if (!symbol && falco_lex_string(&p->lexer, "!=")) {
		check->op = FILTER_NOT_EQUAL;
		symbol = true;
	}
	if (symbol) {
		parse_text_value(p, check, falco_lex_blank(&p->lexer));
		return true;
	}
	for (enum filter_operator op = FILTER_CONTAINS; op <= FILTER_REGEX; op++) {
		if (falco_lex_word(&p->lexer, filter_operators[op])) {
			check->op = op;
			parse_text_value(p, check, true);
			return true;
		}
	}
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		if (!falco_lex_string(&p->lexer, filter_operators[lists[i]]))
			continue;
		check->op = lists[i];
		falco_lex_blank(&p->lexer);
		check->right = falco_lex_at(&p->lexer) == '(' ? NULL : parse_right_operand(p, &none);
		if (check->right == NULL && p->lexer.error == NULL)
			parse_list_value(p, check);
		return true;
	}
	return false;
}

static struct filter *parse_comparison(struct parser *p, struct filter_operand *left)
{
	struct filter *check = arena_alloc(p->arena, sizeof(*check));

	if (left == NULL)
		return NULL;
	check->kind = FILTER_CHECK;
	check->size = 1;
	check->left = left;
	falco_lex_blank(&p->lexer);
	if (!parse_operator(p, check))
		return fail(p, "needs an operator");
	return p->lexer.error == NULL ? check : NULL;
}

/* --- and, or, not --- */

static struct filter *embedded(struct parser *p)
{
	falco_lex_blank(&p->lexer);
	struct filter *child = parse_or(p);

	falco_lex_blank(&p->lexer);
	if (child != NULL && !falco_lex_string(&p->lexer, ")"))
		return fail(p, "needs a ) here");
	return child;
}

static struct filter *parse_check(struct parser *p)
{
	struct text token;

	falco_lex_blank(&p->lexer);
	if (falco_lex_string(&p->lexer, "("))
		return embedded(p);
	if (falco_lex_field(&p->lexer, &token)) {
		struct filter_operand *left = arena_alloc(p->arena, sizeof(*left));

		left->name = token;
		return parse_comparison(p, finished(p, left));
	}
	if (falco_lex_transformer(&p->lexer, &token))
		return parse_comparison(p, parse_transformer(p, token));
	if (falco_lex_identifier(&p->lexer, &token)) {
		struct filter *macro = arena_alloc(p->arena, sizeof(*macro));

		macro->kind = FILTER_MACRO;
		macro->size = 1;
		macro->macro = token;
		return macro;
	}
	return fail(p, "needs a (, a field or the name of a macro");
}

static struct filter *parse_not(struct parser *p)
{
	bool negated = false;
	struct filter *child;

	falco_lex_blank(&p->lexer);
	while (falco_lex_word(&p->lexer, "not"))
		negated = !negated;
	if (falco_lex_string(&p->lexer, "not(")) {
		negated = !negated;
		child = embedded(p);
	} else {
		child = parse_check(p);
	}
	if (child == NULL || !negated)
		return child;
	struct filter *not = arena_alloc(p->arena, sizeof(*not));

	not->kind = FILTER_NOT;
	not->children = arena_array(p->arena, 1, sizeof(*not->children));
	not->children[0] = child;
	not->count = 1;
	not->size = child->size;
	return not;
}

/* Operands joined by `word`; right behind it a bracket stands for the whole operand. */
static struct filter *parse_row(struct parser *p, enum filter_kind kind, const char *word,
	struct filter *(*next)(struct parser *))
{
	struct filter *row = arena_alloc(p->arena, sizeof(*row));
	struct filter *child;

	falco_lex_blank(&p->lexer);
	child = next(p);
	row->kind = kind;
	while (child != NULL) {
		row->children = arena_grow(p->arena, row->children, row->count, sizeof(*row->children));
		row->children[row->count++] = child;
		row->size += child->size;
		falco_lex_blank(&p->lexer);
		if (!falco_lex_string(&p->lexer, word))
			return row->count == 1 ? row->children[0] : row;
		if (falco_lex_blank(&p->lexer))
			child = next(p);
		else if (falco_lex_string(&p->lexer, "("))
			child = embedded(p);
		else
			child = fail(p, "needs a blank or a ( behind `and` or `or`");
	}
	return NULL;
}

static struct filter *parse_and(struct parser *p)
{
	return parse_row(p, FILTER_AND, "and", parse_not);
}

static struct filter *parse_or(struct parser *p)
{
	if (!deeper(p))
		return NULL;
	struct filter *row = parse_row(p, FILTER_OR, "or", parse_and);

	p->depth--;
	return row;
}

struct filter *filter_parse(struct arena *arena, struct text text, const char **error)
{
	struct parser parser = {{arena, text_copy(arena, text), 0, NULL}, arena, 0};
	struct filter *filter = text_trim(text).length == 0 ? fail(&parser, "is empty") : parse_or(&parser);

	if (filter != NULL && parser.lexer.error == NULL && parser.lexer.at < parser.lexer.text.length)
		fail(&parser, "needs `and` or `or`");
	*error = parser.lexer.error;
	return *error == NULL ? filter : NULL;
}
