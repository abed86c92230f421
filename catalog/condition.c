/*
 * condition: the entry points: `CATEGORY where`, then an expression; or a sequence.
 */
#include "catalog/condition.h"

#include "catalog/parser.h"
#include "catalog/sequence.h"

static void see_outcome(const struct predicate *predicate, void *names_outcome)
{
	if (predicate->field == FIELD_OUTCOME || predicate->other == FIELD_OUTCOME)
		*(bool *)names_outcome = true;
}

static struct condition *make(struct parser *p, struct node *root)
{
	struct condition *condition = arena_alloc(p->arena, sizeof(*condition));
	condition->category = p->category;
	condition->root = root;
	condition->source = p->source;
	condition->place = p->place;
	return condition;
}

static struct condition *finish(struct parser *p)
{
	struct node *root = parser_expression(p);
	if (p->failed)
		return NULL;
	struct condition *condition = make(p, root);
	node_visit(root, see_outcome, &condition->names_outcome);
	return condition;
}

/* Every category's name, for a message. */
static const char *known_categories(const struct parser *p)
{
	const char *names = "any";
	for (size_t i = 1; i < p->registry->category_count; i++)
		names = arena_printf(p->arena, "%s, %.*s", names, TEXT_ARGS(p->registry->categories[i].name));
	return names;
}

static bool is_where(const struct token *token)
{
	return token->kind == TOKEN_NAME && !token->quoted && text_is(token->text, "where");
}

static struct condition *finish_sequence(struct parser *p)
{
	struct sequence *sequence = parser_sequence(p);
	if (sequence == NULL || p->failed)
		return NULL;
	p->category = CATEGORY_ANY;
	struct condition *condition = make(p, node_false());
	condition->sequence = sequence;
	return condition;
}

void parser_category(struct parser *p)
{
	const struct token *token = parser_token(p, 0), *where = parser_token(p, 1);
	bool found;

	if (token->kind == TOKEN_NAME && !is_where(where) && text_equal_fold(where->text, TEXT("where"))) {
		parser_stop(p, where->offset, "write where: the words of the language are in lower case");
		return;
	}
	if (token->kind != TOKEN_NAME || !is_where(where)) {
		parser_stop(p, token->offset, "a condition begins with CATEGORY where, or with any where");
		return;
	}
	p->category = registry_category(p->registry, token->text, &found);
	if (!found) {
		parser_error(p, token->offset, "there is no category %.*s; there are %s", TEXT_ARGS(token->text),
			known_categories(p));
		p->category = CATEGORY_ANY;
	}
	p->at += 2;
}

static struct condition *parse(struct parser *p)
{
	if (parser_at_sequence(p))
		return finish_sequence(p);
	parser_category(p);
	return p->stopped ? NULL : finish(p);
}

static struct condition *parse_expression(struct parser *p)
{
	if (parser_token(p, 0)->kind == TOKEN_NAME && is_where(parser_token(p, 1))) {
		parser_stop(p, 0, "no category is named here: leave %.*s where out", TEXT_ARGS(parser_token(p, 0)->text));
		return NULL;
	}
	return finish(p);
}

static void begin(struct parser *p, struct text source)
{
	p->registry = p->scope->registry;
	p->source = text_copy(p->arena, source);
	p->predicates = arena_alloc(p->arena, sizeof(*p->predicates));
	p->category = CATEGORY_ANY;
	parser_begin(p);
}

struct condition *condition_parse(struct arena *arena, const struct scope *scope, struct text source,
	struct place place, unsigned indent, struct text document, struct diagnostics *d)
{
	struct arena scratch = {0};
	struct parser p = {.arena = arena, .scratch = &scratch, .scope = scope, .place = place, .indent = indent,
		.document = document, .d = d};

	begin(&p, source);
	struct condition *condition = parse(&p);
	arena_free(&scratch);
	return condition;
}

struct condition *condition_parse_expression(struct arena *arena, const struct scope *scope, struct text source,
	struct place place, unsigned indent, struct text document, struct diagnostics *d)
{
	struct arena scratch = {0};
	struct parser p = {.arena = arena, .scratch = &scratch, .scope = scope, .place = place, .indent = indent,
		.document = document, .d = d};

	begin(&p, source);
	struct condition *condition = parse_expression(&p);
	arena_free(&scratch);
	return condition;
}
