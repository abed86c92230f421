/* parse: RainerScript's statements and objects (script.h). */
#include "generator/rsyslog/expression.h"

#include <string.h>

enum { BLOCKS_MAX = 100, STATEMENTS_MAX = 100000 };

struct parsing {
	struct rslexer lexer;
	struct script *script;
	size_t statements;
};

static bool parse_block(struct parsing *p, struct script_statement **first, unsigned depth);
static bool parse_statement(struct parsing *p, struct script_statement **made, unsigned depth);

/* --- objects --- */

static bool parse_value(struct parsing *p, struct text *value)
{
	struct rslexer *lexer = &p->lexer;

	if (!rslexer_byte(lexer, '[', false)) {
		rslexer_skip(lexer, false);
		return rslexer_string(lexer, true, value);
	}
	do {
		rslexer_skip(lexer, true);
		if (!rslexer_string(lexer, true, value))
			return false;
	} while (rslexer_byte(lexer, ',', true));
	return rslexer_want(lexer, ']', true);
}

/* Words of a parameter's name may hold dots (option.jsonf). */
static bool parse_name(struct parsing *p, struct text *name)
{
	struct rslexer *lexer = &p->lexer;
	struct text rest = text_slice(lexer->text, lexer->at, lexer->text.length);
	size_t length = 0;

	while (length < rest.length && strchr(" \t\n\r=()\"'", rest.data[length]) == NULL)
		length++;
	*name = text_slice(rest, 0, length);
	lexer->at += length;
	return length > 0 || rslexer_fail(lexer, "the name of a parameter is wanted here");
}

/* ( name="value" … ); `name`: the parameter of that name, where it is not NULL. */
static bool parse_parameters(struct parsing *p, struct text *name)
{
	struct rslexer *lexer = &p->lexer;

	if (!rslexer_want(lexer, '(', false))
		return false;
	while (!rslexer_byte(lexer, ')', false)) {
		struct text key, value = {NULL, 0};

		if (!parse_name(p, &key) || !rslexer_want(lexer, '=', false) || !parse_value(p, &value))
			return false;
		if (name != NULL && text_equal_fold(key, TEXT("name")))
			*name = value;
	}
	return true;
}

/* What a template is made of: property(…) and constant(…). */
static bool parse_parts(struct parsing *p)
{
	struct rslexer *lexer = &p->lexer;

	while (!rslexer_byte(lexer, '}', false)) {
		if (!rslexer_word(lexer, "property", false) && !rslexer_word(lexer, "constant", false))
			return rslexer_fail(lexer, "property or constant is wanted here");
		if (!parse_parameters(p, NULL))
			return false;
	}
	return true;
}

/* --- statements --- */

static struct script_statement *make(struct parsing *p, enum script_kind kind)
{
	struct script_statement *made = arena_alloc(p->lexer.arena, sizeof(*made));

	made->kind = kind;
	return made;
}

static bool parse_set(struct parsing *p, struct script_statement *made)
{
	struct rslexer *lexer = &p->lexer;

	rslexer_skip(lexer, true);
	if (!rslexer_variable(lexer, &made->name))
		return false;
	if (made->name.length < 3 || strchr("!./", made->name.data[1]) == NULL)
		return rslexer_fail(lexer, "only $!, $. and $/ variables can be set");
	if (made->kind == STATEMENT_UNSET)
		return rslexer_want(lexer, ';', true);
	if (!rslexer_want(lexer, '=', true))
		return false;
	made->expression = script_expression_parse(lexer, 0);
	return made->expression != NULL && rslexer_want(lexer, ';', true);
}

static bool parse_if(struct parsing *p, struct script_statement *made, unsigned depth)
{
	struct rslexer *lexer = &p->lexer;

	made->expression = script_expression_parse(lexer, 0);
	if (made->expression == NULL)
		return false;
	if (!rslexer_word(lexer, "then", true))
		return rslexer_fail(lexer, "`then` is wanted here");
	if (!parse_block(p, &made->then, depth + 1))
		return false;
	return !rslexer_word(lexer, "else", false) || parse_block(p, &made->otherwise, depth + 1);
}

static bool parse_statement(struct parsing *p, struct script_statement **out, unsigned depth)
{
	struct rslexer *lexer = &p->lexer;
	struct script_statement *made = NULL;
	bool good;

	if (++p->statements > STATEMENTS_MAX || depth > BLOCKS_MAX)
		return rslexer_fail(lexer, "too many statements, or nested too deep");
	if (rslexer_word(lexer, "set", false) || rslexer_word(lexer, "reset", false)) {
		made = make(p, STATEMENT_SET);
		good = parse_set(p, made);
	} else if (rslexer_word(lexer, "unset", false)) {
		made = make(p, STATEMENT_UNSET);
		good = parse_set(p, made);
	} else if (rslexer_word(lexer, "if", false)) {
		made = make(p, STATEMENT_IF);
		good = parse_if(p, made, depth);
	} else if (rslexer_word(lexer, "call", false)) {
		made = make(p, STATEMENT_CALL);
		good = rslexer_name(lexer, &made->name);
	} else if (rslexer_word(lexer, "stop", false)) {
		made = make(p, STATEMENT_STOP);
		good = true;
	} else if (rslexer_word(lexer, "action", false)) {
		made = make(p, STATEMENT_ACTION);
		good = parse_parameters(p, NULL);
	} else {
		good = rslexer_fail(lexer, "a statement is wanted here");
	}
	*out = made;
	return good;
}

/* One statement, or several in braces. */
static bool parse_block(struct parsing *p, struct script_statement **first, unsigned depth)
{
	struct script_statement **end = first;

	if (!rslexer_byte(&p->lexer, '{', false))
		return parse_statement(p, first, depth);
	while (!rslexer_byte(&p->lexer, '}', false)) {
		if (!parse_statement(p, end, depth))
			return false;
		end = &(*end)->next;
	}
	return true;
}

/* --- the file --- */

static bool parse_ruleset(struct parsing *p)
{
	struct script *script = p->script;
	struct script_ruleset made = {{NULL, 0}, NULL};

	if (!parse_parameters(p, &made.name))
		return false;
	if (!rslexer_byte(&p->lexer, '{', false))
		return rslexer_fail(&p->lexer, "the ruleset's statements are wanted here, in braces");
	p->lexer.at--;
	if (!parse_block(p, &made.first, 0))
		return false;
	script->rulesets = arena_grow(p->lexer.arena, script->rulesets, script->ruleset_count, sizeof(*script->rulesets));
	script->rulesets[script->ruleset_count++] = made;
	return true;
}

/* Objects that decide nothing about messages. */
static const char *const settings[] = {"module", "input", "global", "main_queue", "parser", "timezone"};

static bool parse_setting(struct parsing *p, bool *found)
{
	*found = false;
	for (size_t i = 0; i < sizeof(settings) / sizeof(*settings) && !*found; i++)
		*found = rslexer_word(&p->lexer, settings[i], false);
	return !*found || parse_parameters(p, NULL);
}

static bool parse_top(struct parsing *p, struct script_statement ***end)
{
	struct rslexer *lexer = &p->lexer;
	bool found;

	if (rslexer_word(lexer, "template", false))
		return parse_parameters(p, NULL) && (!rslexer_byte(lexer, '{', false) || parse_parts(p));
	if (rslexer_word(lexer, "ruleset", false))
		return parse_ruleset(p);
	if (!parse_setting(p, &found) || found)
		return found && !lexer->failed;
	if (!parse_statement(p, *end, 0))
		return false;
	*end = &(**end)->next;
	return true;
}

static bool names_known(struct parsing *p, const struct script_statement *first)
{
	for (const struct script_statement *at = first; at != NULL; at = at->next) {
		if (at->kind == STATEMENT_CALL && script_ruleset(p->script, at->name) == NULL)
			return rslexer_fail(&p->lexer, "there is no ruleset %.*s", TEXT_ARGS(at->name));
		if (!names_known(p, at->then) || !names_known(p, at->otherwise))
			return false;
	}
	return true;
}

struct script *script_parse(struct arena *arena, const char *file, struct text text, struct diagnostics *d)
{
	struct parsing p = {.script = arena_alloc(arena, sizeof(struct script))};
	struct script_statement **end = &p.script->first;

	rslexer_begin(&p.lexer, arena, file, text, d);
	while (!p.lexer.failed && !rslexer_end(&p.lexer) && parse_top(&p, &end))
		;
	for (size_t i = 0; !p.lexer.failed && i < p.script->ruleset_count; i++)
		names_known(&p, p.script->rulesets[i].first);
	if (!p.lexer.failed)
		names_known(&p, p.script->first);
	return p.lexer.failed ? NULL : p.script;
}

const struct script_ruleset *script_ruleset(const struct script *script, struct text name)
{
	for (size_t i = 0; i < script->ruleset_count; i++) {
		if (text_equal(script->rulesets[i].name, name))
			return &script->rulesets[i];
	}
	return NULL;
}
