/*
 * parser: the grammar, by recursive descent.
 *
 *   or:         and ("or" and)*
 *   and:        not ("and" not)*
 *   not:        "not" not | primary
 *   primary:    "(" or ")" | "true" | "false" | function | comparison | boolean field | macro
 *   comparison: FIELD ("==" | "!=" | "<" | "<=" | ">" | ">=") value | FIELD ["not"] "in" values
 *             | value ("==" | "!=" | "<" | "<=" | ">" | ">=") FIELD
 *             | FIELD (":" | "like" | "regex") values
 *   function:   NAME "(" FIELD ("," value)* ")" | "length" "(" FIELD ")" operator values
 *   values:     value | "(" value ("," value)* ")"
 *   value:      STRING | NUMBER | "true" | "false" | "null" | name of a list | another field, alone
 */
#include "catalog/parser.h"

static struct node *parse_or(struct parser *p);

/* ---- places and errors ---- */

struct place parser_place(struct parser *p, size_t offset)
{
	bool ahead = p->known.line != 0 && p->known_offset <= offset;
	struct place place = ahead ? p->known : p->place;

	if (place.line == 0)
		return place;
	for (size_t at = ahead ? p->known_offset : 0; at < offset && at < p->source.length;) {
		if (p->source.data[at] == '\n') {
			place.line++;
			place.column = p->indent + 1;
			at++;
		} else {
			place.column++;
			at += utf8_step(p->source.data + at, p->source.length - at);
		}
	}
	p->known = place;
	p->known_offset = offset;
	return place;
}

static void report(struct parser *p, size_t offset, const char *format, va_list arguments)
{
	const char *message = arena_vprintf(p->arena, format, arguments);
	diagnostics_error(p->d, parser_place(p, offset), "%s", message);
	if (p->document.length > 0)
		diagnostics_show_line(p->d, p->document);
	p->failed = true;
}

void parser_error(struct parser *p, size_t offset, const char *format, ...)
{
	va_list arguments;
	if (p->stopped)
		return;
	va_start(arguments, format);
	report(p, offset, format, arguments);
	va_end(arguments);
}

/* What belongs to sequences alone and stands elsewhere: a better sentence than what is expected there. */
static const char *misplaced(const struct parser *p, size_t offset)
{
	const struct token *token = parser_token(p, 0);

	if (token->offset != offset || (p->sequence && !p->step))
		return NULL;
	switch (token->kind) {
	case TOKEN_ASSIGN:
		return "= is not in the language: write ==";
	case TOKEN_DURATION:
		return "a number ends before a letter: text is written in \"quotes\"";
	case TOKEN_BRACKET_OPEN:
		return "[ is not in the language: lists stand in ( )";
	case TOKEN_BRACKET_CLOSE:
		return p->step ? NULL : "] is not in the language: lists stand in ( )";
	case TOKEN_MISSING_OPEN:
		return "! is not in the language: write not";
	default:
		return NULL;
	}
}

void parser_stop(struct parser *p, size_t offset, const char *format, ...)
{
	va_list arguments;
	if (p->stopped)
		return;
	p->stopped = true;
	const char *better = p->tokens.count > 0 ? misplaced(p, offset) : NULL;
	if (better != NULL)
		format = better;
	/* Where the lexer gave up, what it refused is the better sentence. */
	if (p->tokens.error != NULL && parser_token(p, 0)->kind == TOKEN_END) {
		diagnostics_error(p->d, parser_place(p, p->tokens.error_offset), "%s", p->tokens.error);
		if (p->document.length > 0)
			diagnostics_show_line(p->d, p->document);
		p->failed = true;
		return;
	}
	va_start(arguments, format);
	report(p, offset, format, arguments);
	va_end(arguments);
}

/* ---- tokens ---- */

void parser_begin(struct parser *p)
{
	lexer_run(p->arena, p->scratch, p->source, &p->tokens);
}

const struct token *parser_token(const struct parser *p, size_t ahead)
{
	size_t at = p->at + ahead;
	return &p->tokens.items[at < p->tokens.count ? at : p->tokens.count - 1];
}

const struct token *parser_take(struct parser *p)
{
	const struct token *token = parser_token(p, 0);
	if (p->at + 1 < p->tokens.count)
		p->at++;
	return token;
}

bool parser_is_word(const struct token *token, const char *word)
{
	return token->kind == TOKEN_NAME && !token->quoted && !token->optional && text_is(token->text, word);
}

bool parser_take_kind(struct parser *p, enum token_kind kind)
{
	if (parser_token(p, 0)->kind != kind)
		return false;
	parser_take(p);
	return true;
}

static const char *const reserved[] = {"and", "or", "not", "in", "like", "regex", "where", "true", "false", "null"};

/* The reserved word that the token is but for its case, or NULL. */
static const char *shouted(const struct token *token)
{
	if (token->kind != TOKEN_NAME || token->quoted)
		return NULL;
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (text_equal_fold(token->text, text_of(reserved[i])) && !text_is(token->text, reserved[i]))
			return reserved[i];
	return NULL;
}

static bool stop_if_shouted(struct parser *p, const struct token *token)
{
	const char *word = shouted(token);
	if (word != NULL)
		parser_stop(p, token->offset, "write %s: the words of the language are in lower case", word);
	return word != NULL;
}

/* ---- names ---- */

const struct named_list *scope_list(const struct scope *scope, struct text name)
{
	for (; scope != NULL; scope = scope->outer)
		for (size_t i = 0; i < scope->list_count; i++)
			if (text_equal(scope->lists[i].name, name))
				return &scope->lists[i];
	return NULL;
}

const struct named_macro *scope_macro(const struct scope *scope, struct text name)
{
	for (; scope != NULL; scope = scope->outer)
		for (size_t i = 0; i < scope->macro_count; i++)
			if (text_equal(scope->macros[i].name, name))
				return &scope->macros[i];
	return NULL;
}

/* ` (did you mean NAME?)`, or nothing. */
static const char *hint(struct parser *p, struct text nearest)
{
	if (nearest.length == 0)
		return "";
	return arena_printf(p->arena, " (did you mean %.*s?)", TEXT_ARGS(nearest));
}

static struct text nearest_list(const struct scope *scope, struct text name)
{
	struct text nearest = {0};
	size_t best = SIZE_MAX;
	for (; scope != NULL; scope = scope->outer)
		for (size_t i = 0; i < scope->list_count; i++)
			if (text_nearer(name, scope->lists[i].name, &best))
				nearest = scope->lists[i].name;
	return nearest;
}

static struct text nearest_macro_or_field(struct parser *p, struct text name)
{
	struct text nearest = {0};
	size_t best = SIZE_MAX;
	for (const struct scope *scope = p->scope; scope != NULL; scope = scope->outer)
		for (size_t i = 0; i < scope->macro_count; i++)
			if (text_nearer(name, scope->macros[i].name, &best))
				nearest = scope->macros[i].name;
	return nearest.length > 0 ? nearest : registry_nearest_field(p->registry, name);
}

unsigned parser_field(struct parser *p, const struct token *token, enum value_type type)
{
	unsigned field = registry_field(p->registry, token->text);
	const struct adopting *adopting = p->scope->adopting;

	if (field == FIELD_NONE && adopting != NULL)
		field = adopting->adopt(adopting->context, token->text, type);
	if (field == FIELD_NONE)
		parser_error(p, token->offset, "there is no field %.*s%s", TEXT_ARGS(token->text),
			hint(p, registry_nearest_field(p->registry, token->text)));
	return field;
}

/* ---- values ---- */

static bool parse_name_value(struct parser *p, struct literal *literal)
{
	const struct token *token = literal->token;

	if (parser_is_word(token, "true") || parser_is_word(token, "false")) {
		literal->kind = LITERAL_BOOLEAN;
		return true;
	}
	if (parser_is_word(token, "null")) {
		literal->kind = LITERAL_NULL;
		return true;
	}
	if (stop_if_shouted(p, token))
		return false;
	bool plain = !token->quoted && !token->optional;
	literal->kind = LITERAL_LIST;
	literal->list = plain ? scope_list(p->scope, token->text) : NULL;
	if (literal->list != NULL)
		return true;
	literal->kind = LITERAL_FIELD;
	if (p->scope->adopting != NULL || registry_field(p->registry, token->text) != FIELD_NONE)
		return true;
	parser_stop(p, token->offset, "there is no list or field %.*s%s; text is written in \"quotes\"", TEXT_ARGS(token->text),
		hint(p, nearest_list(p->scope, token->text)));
	return false;
}

static bool parse_value(struct parser *p, struct literal *literal)
{
	const struct token *token = parser_token(p, 0);

	*literal = (struct literal){.token = token};
	if (token->kind == TOKEN_STRING)
		literal->kind = LITERAL_STRING;
	else if (token->kind == TOKEN_NUMBER)
		literal->kind = LITERAL_NUMBER;
	else if (token->kind != TOKEN_NAME) {
		parser_stop(p, token->offset, "a value is expected here");
		return false;
	} else if (!parse_name_value(p, literal))
		return false;
	parser_take(p);
	return true;
}

static bool add_value(struct parser *p, struct comparison *c)
{
	c->literals = arena_grow(p->arena, c->literals, c->count, sizeof(*c->literals));
	if (!parse_value(p, &c->literals[c->count]))
		return false;
	c->count++;
	return true;
}

/* One value, or a list in parentheses. */
static bool parse_values(struct parser *p, struct comparison *c)
{
	if (!parser_take_kind(p, TOKEN_OPEN))
		return add_value(p, c);
	if (parser_token(p, 0)->kind == TOKEN_CLOSE) {
		parser_stop(p, parser_token(p, 0)->offset, "the list is empty");
		return false;
	}
	do {
		if (!add_value(p, c))
			return false;
	} while (parser_take_kind(p, TOKEN_COMMA));
	if (parser_take_kind(p, TOKEN_CLOSE))
		return true;
	parser_stop(p, parser_token(p, 0)->offset, "a comma or the ) of the list is expected here");
	return false;
}

/* Behind == and its like stands exactly one value, written out. */
static bool parse_one_value(struct parser *p, struct comparison *c)
{
	const struct token *token = parser_token(p, 0);
	bool equality = c->op == OPERATOR_EQUAL || c->op == OPERATOR_NOT_EQUAL;
	const char *advice = !equality ? "" : c->op == OPERATOR_EQUAL ? ": for several write in"
								      : ": for several write not in";

	if (token->kind == TOKEN_OPEN) {
		parser_stop(p, token->offset, "%s takes one value%s", operator_name(c->op), advice);
		return false;
	}
	if (!add_value(p, c))
		return false;
	if (c->literals[0].kind == LITERAL_LIST) {
		parser_stop(p, token->offset, "%s takes one value, and %.*s is a list%s", operator_name(c->op),
			TEXT_ARGS(token->text), advice);
		return false;
	}
	return true;
}

/* ---- comparisons ---- */

static const struct operator_word {
	enum token_kind token;
	const char *word; /* of a NAME */
	enum predicate_operator op;
	bool many, fold;
} operator_words[] = {
	{TOKEN_EQUAL, NULL, OPERATOR_EQUAL, false, false},
	{TOKEN_NOT_EQUAL, NULL, OPERATOR_NOT_EQUAL, false, false},
	{TOKEN_LESS, NULL, OPERATOR_LESS, false, false},
	{TOKEN_LESS_EQUAL, NULL, OPERATOR_LESS_EQUAL, false, false},
	{TOKEN_GREATER, NULL, OPERATOR_GREATER, false, false},
	{TOKEN_GREATER_EQUAL, NULL, OPERATOR_GREATER_EQUAL, false, false},
	{TOKEN_COLON, NULL, OPERATOR_LIKE, true, true},
	{TOKEN_NAME, "in", OPERATOR_EQUAL, true, false},
	{TOKEN_NAME, "like", OPERATOR_LIKE, true, false},
	{TOKEN_NAME, "regex", OPERATOR_REGEX, true, false},
};

static const struct operator_word *operator_word(const struct token *token)
{
	for (size_t i = 0; i < sizeof(operator_words) / sizeof(operator_words[0]); i++) {
		const struct operator_word *word = &operator_words[i];
		if (token->kind == word->token && (word->word == NULL || parser_is_word(token, word->word)))
			return word;
	}
	return NULL;
}

/* `not in`: the `not` is taken; false where something else follows it. */
static bool take_not(struct parser *p)
{
	const struct token *token = parser_token(p, 0);
	if (!parser_is_word(token, "not"))
		return true;
	if (parser_is_word(parser_token(p, 1), "in")) {
		parser_take(p);
		return true;
	}
	parser_stop(p, token->offset, "only in may follow a field's not: write not (FIELD %.*s …)",
		TEXT_ARGS(parser_token(p, 1)->text));
	return false;
}

static struct node *parse_operator(struct parser *p, struct comparison *c)
{
	bool negated = parser_is_word(parser_token(p, 0), "not");
	if (!take_not(p))
		return node_false();
	c->operator= parser_token(p, 0);
	const struct operator_word *word = operator_word(c->operator);
	if (word == NULL) {
		if (!stop_if_shouted(p, c->operator))
			parser_stop(p, c->operator->offset,
				"an operator is expected here: == != < <= > >= in, not in, like, regex or :");
		return node_false();
	}
	parser_take(p);
	c->op = negated ? OPERATOR_NOT_EQUAL : word->op;
	c->fold = word->fold || c->operator->fold;
	if (!(word->many ? parse_values(p, c) : parse_one_value(p, c)))
		return node_false();
	return comparison_check(p, c);
}

static struct node *parse_comparison(struct parser *p)
{
	struct comparison c = {.field = parser_take(p)};
	if (c.field->fold) {
		parser_stop(p, c.field->offset, "~ stands directly behind in, like, regex or a function's name");
		return node_false();
	}
	return parse_operator(p, &c);
}

/* A value before its field: the two change places. */
static struct node *parse_mirrored(struct parser *p)
{
	static const enum predicate_operator mirrored[][2] = {{OPERATOR_LESS, OPERATOR_GREATER},
		{OPERATOR_LESS_EQUAL, OPERATOR_GREATER_EQUAL}, {OPERATOR_GREATER, OPERATOR_LESS},
		{OPERATOR_GREATER_EQUAL, OPERATOR_LESS_EQUAL}};
	struct comparison c = {0};

	if (!add_value(p, &c))
		return node_false();
	c.operator= parser_take(p);
	c.op = operator_word(c.operator)->op;
	for (size_t i = 0; i < sizeof(mirrored) / sizeof(mirrored[0]); i++)
		if (mirrored[i][0] == c.op) {
			c.op = mirrored[i][1];
			break;
		}
	c.field = parser_take(p);
	return comparison_check(p, &c);
}

/* ---- functions ---- */

static const struct function_word {
	const char *name;
	enum predicate_operator op;
	bool compared; /* length(f) > 3: a comparison follows */
	bool may_fold;
} function_words[] = {
	{"length", OPERATOR_EQUAL, true, false},
	{"number", OPERATOR_EQUAL, true, false},
	{"startswith", OPERATOR_STARTS, false, true},
	{"endswith", OPERATOR_ENDS, false, true},
	{"stringcontains", OPERATOR_CONTAINS, false, true},
	{"cidrmatch", OPERATOR_CIDR, false, false},
	{"wildcard", OPERATOR_LIKE, false, false}, /* `f like~ (…)`, and printed so */
};

static const struct function_word *function_word(struct parser *p, const struct token *token)
{
	enum { COUNT = sizeof(function_words) / sizeof(function_words[0]) };
	struct text nearest = {0};
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < COUNT; i++)
		if (text_is(token->text, function_words[i].name) && (function_words[i].may_fold || !token->fold))
			return &function_words[i];
	for (size_t i = 0; i < COUNT; i++) {
		if (text_nearer(token->text, text_of(function_words[i].name), &best))
			nearest = text_of(function_words[i].name);
	}
	if (stop_if_shouted(p, token))
		return NULL;
	if (best == 0)
		parser_stop(p, token->offset, "%.*s has no form with ~", TEXT_ARGS(token->text));
	else
		parser_stop(p, token->offset,
			"there is no function %.*s%s; there are length, number, startswith, endswith, stringcontains, cidrmatch and "
			"wildcard",
			TEXT_ARGS(token->text), hint(p, nearest));
	return NULL;
}

static bool close_function(struct parser *p)
{
	if (parser_take_kind(p, TOKEN_CLOSE))
		return true;
	parser_stop(p, parser_token(p, 0)->offset, "a comma or the ) of the function is expected here");
	return false;
}

static struct node *parse_function(struct parser *p)
{
	struct comparison c = {.operator= parser_take(p)};
	const struct function_word *word = function_word(p, c.operator);

	if (word == NULL)
		return node_false();
	parser_take(p); /* ( */
	c.field = parser_token(p, 0);
	if (c.field->kind != TOKEN_NAME) {
		parser_stop(p, c.field->offset, "a function begins with the field that it asks");
		return node_false();
	}
	parser_take(p);
	c.op = word->op;
	c.fold = c.operator->fold || word->op == OPERATOR_LIKE;
	c.length = text_is(text_of(word->name), "length");
	c.number = word->compared && !c.length;
	if (word->compared)
		return close_function(p) ? parse_operator(p, &c) : node_false();
	while (parser_take_kind(p, TOKEN_COMMA))
		if (!add_value(p, &c))
			return node_false();
	if (!close_function(p))
		return node_false();
	if (c.count > 0)
		return comparison_check(p, &c);
	parser_stop(p, c.operator->offset, "%.*s takes a field and at least one value", TEXT_ARGS(c.operator->text));
	return node_false();
}

/* ---- macros and boolean fields ---- */

static bool recursive(const struct parser *p, const struct named_macro *macro)
{
	for (; p != NULL; p = p->user)
		if (p->macro == macro)
			return true;
	return false;
}

static struct node *expand_macro(struct parser *p, const struct named_macro *macro, const struct token *token)
{
	if (recursive(p, macro)) {
		parser_stop(p, token->offset, "the macro %.*s contains itself", TEXT_ARGS(macro->name));
		return node_false();
	}
	struct parser inner = *p;
	inner.source = text_copy(p->arena, macro->source);
	inner.document = (struct text){0};
	inner.place = macro->place;
	inner.indent = 0;
	inner.known = (struct place){0};
	inner.at = 0;
	inner.macro = macro;
	inner.user = p;
	parser_begin(&inner);
	struct node *node = parser_expression(&inner);
	if (inner.failed && !p->stopped) {
		diagnostics_add(p->d, DIAGNOSTIC_NOTE, parser_place(p, token->offset), "the macro %.*s is used here",
			TEXT_ARGS(macro->name));
		if (p->document.length > 0)
			diagnostics_show_line(p->d, p->document);
		p->failed = true;
		p->stopped = inner.stopped;
	}
	return node;
}

static struct node *parse_boolean_field(struct parser *p, const struct token *token, unsigned field)
{
	const struct field *registered = &p->registry->fields[field];

	if (registered->type != TYPE_BOOLEAN) {
		if (!stop_if_shouted(p, parser_token(p, 0)))
			parser_stop(p, token->offset, "%.*s is a %s, so an operator must follow it: == != < <= > >= in, not in, "
						      "like, regex or :",
				TEXT_ARGS(registered->name), value_type_name(registered->type));
		return node_false();
	}
	static const struct token truth = {.kind = TOKEN_NAME, .text = {"true", 4}};
	struct literal literal = {.kind = LITERAL_BOOLEAN, .token = &truth};
	struct comparison c = {.field = token, .operator= token, .op = OPERATOR_EQUAL, .literals = &literal, .count = 1};
	return comparison_check(p, &c);
}

/* A name alone. */
static struct node *parse_name(struct parser *p)
{
	const struct token *token = parser_take(p);
	unsigned field = registry_field(p->registry, token->text);
	const struct named_macro *macro;

	if (field != FIELD_NONE)
		return parse_boolean_field(p, token, field);
	if (!token->quoted && !token->optional && (macro = scope_macro(p->scope, token->text)) != NULL)
		return expand_macro(p, macro, token);
	if (scope_list(p->scope, token->text) != NULL)
		parser_stop(p, token->offset, "%.*s is a list: it stands behind an operator, as in FIELD in %.*s",
			TEXT_ARGS(token->text), TEXT_ARGS(token->text));
	else
		parser_stop(p, token->offset, "there is no field or macro %.*s%s", TEXT_ARGS(token->text),
			hint(p, nearest_macro_or_field(p, token->text)));
	return node_false();
}

/* ---- expressions ---- */

static struct node *parse_parentheses(struct parser *p)
{
	const struct token *open = parser_take(p);
	struct node *node = parse_or(p);

	if (p->stopped || parser_take_kind(p, TOKEN_CLOSE))
		return node;
	const struct token *token = parser_token(p, 0);
	if (token->kind == TOKEN_END)
		parser_stop(p, open->offset, "this ( is not closed");
	else if (!stop_if_shouted(p, token))
		parser_stop(p, token->offset, "and, or or ) is expected here");
	return node_false();
}

static bool begins_comparison(const struct token *token)
{
	return operator_word(token) != NULL || token->kind == TOKEN_ASSIGN || parser_is_word(token, "not");
}

static struct node *parse_primary_name(struct parser *p)
{
	const struct token *token = parser_token(p, 0);

	if (parser_is_word(token, "true") || parser_is_word(token, "false"))
		return parser_is_word(parser_take(p), "true") ? node_true() : node_false();
	if (stop_if_shouted(p, token))
		return node_false();
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (parser_is_word(token, reserved[i])) {
			parser_stop(p, token->offset, "a comparison is expected here, not %s", reserved[i]);
			return node_false();
		}
	if (parser_token(p, 1)->kind == TOKEN_OPEN && !token->quoted && !token->optional)
		return parse_function(p);
	if (begins_comparison(parser_token(p, 1)))
		return parse_comparison(p);
	return parse_name(p);
}

/* VALUE == FIELD and its like. */
static bool mirrors(const struct parser *p)
{
	const struct operator_word *word = operator_word(parser_token(p, 1));
	return word != NULL && !word->many && parser_token(p, 2)->kind == TOKEN_NAME;
}

static struct node *parse_primary(struct parser *p)
{
	const struct token *token = parser_token(p, 0);

	switch (token->kind) {
	case TOKEN_OPEN:
		return parse_parentheses(p);
	case TOKEN_NAME:
		return parse_primary_name(p);
	case TOKEN_END:
		parser_stop(p, token->offset, "a comparison is expected here, but the condition ends");
		break;
	case TOKEN_STRING:
	case TOKEN_NUMBER:
		if (mirrors(p))
			return parse_mirrored(p);
		parser_stop(p, token->offset, "a comparison begins with a field, not with a value");
		break;
	default:
		parser_stop(p, token->offset, "a comparison is expected here");
		break;
	}
	return node_false();
}

static struct node *parse_not(struct parser *p)
{
	const struct token *token = parser_token(p, 0);
	struct node *node;

	if (p->depth >= PARSER_DEPTH_MAX) {
		parser_stop(p, token->offset, "the condition is nested too deeply (%d at most)", PARSER_DEPTH_MAX);
		return node_false();
	}
	p->depth++;
	if (parser_is_word(token, "not")) {
		parser_take(p);
		node = node_not(p->arena, parse_not(p));
	} else {
		node = parse_primary(p);
	}
	p->depth--;
	return node;
}

static struct node *parse_joined(struct parser *p, const char *word, struct node *(*part)(struct parser *),
	struct node *(*join)(struct arena *, struct node **, size_t))
{
	struct node **parts = NULL;
	size_t count = 0;

	do {
		parts = arena_grow(p->arena, parts, count, sizeof(struct node *));
		parts[count++] = part(p);
	} while (!p->stopped && parser_is_word(parser_token(p, 0), word) && parser_take(p) != NULL);
	return join(p->arena, parts, count);
}

static struct node *parse_and(struct parser *p)
{
	return parse_joined(p, "and", parse_not, node_and);
}

static struct node *parse_or(struct parser *p)
{
	return parse_joined(p, "or", parse_and, node_or);
}

struct node *parser_part(struct parser *p)
{
	return parse_or(p);
}

bool parser_at_sequence(const struct parser *p)
{
	const struct token *token = parser_token(p, 0), *next = parser_token(p, 1);

	if (!parser_is_word(token, "sequence") && !parser_is_word(token, "sample"))
		return false;
	return parser_is_word(next, "by") || parser_is_word(next, "with") || next->kind == TOKEN_BRACKET_OPEN ||
		next->kind == TOKEN_MISSING_OPEN;
}

struct node *parser_expression(struct parser *p)
{
	if (parser_at_sequence(p)) {
		parser_stop(p, parser_token(p, 0)->offset, "a %.*s asks several events: here one event is asked, by an expression",
			TEXT_ARGS(parser_token(p, 0)->text));
		return node_false();
	}

	struct node *node = parse_or(p);
	const struct token *token = parser_token(p, 0);

	if (p->stopped)
		return node_false();
	if (token->kind == TOKEN_CLOSE)
		parser_stop(p, token->offset, "this ) closes nothing");
	else if ((token->kind != TOKEN_END || p->tokens.error != NULL) && !stop_if_shouted(p, token))
		parser_stop(p, token->offset, "and, or or the end of the condition is expected here");
	return p->failed ? node_false() : node;
}
