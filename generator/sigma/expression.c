/* expression: a recursive descent over words and parentheses. */
#include "generator/sigma/expression.h"

#include "catalog/pattern.h"

enum { DEPTH_MAX = 200 };

struct expression {
	struct sigma_reading *reading;
	const struct identifiers *identifiers;
	struct text source;
	struct place place;
	size_t at;
	struct text word; /* the next one; empty: the end */
	unsigned depth;
};

static struct rule_node *fail(struct expression *e, const char *sentence)
{
	sigma_fault(e->reading, e->place, "%s", sentence);
	return NULL;
}

static bool in_word(char byte)
{
	return (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') || byte == '_' || byte == '-'
		|| byte == '*' || byte == '.' || (byte & 0x80);
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static void next(struct expression *e)
{
	while (e->at < e->source.length && is_blank(e->source.data[e->at]))
		e->at++;
	size_t start = e->at;

	while (e->at < e->source.length && in_word(e->source.data[e->at]))
		e->at++;
	if (e->at == start && e->at < e->source.length)
		e->at++;
	e->word = text_slice(e->source, start, e->at);
}

static bool take(struct expression *e, const char *word)
{
	if (!text_is(e->word, word))
		return false;
	next(e);
	return true;
}

static struct rule_node *identifier(struct expression *e, struct text name)
{
	for (size_t i = 0; i < e->identifiers->count; i++) {
		if (text_equal(e->identifiers->items[i].name, name))
			return e->identifiers->items[i].node;
	}
	sigma_fault(e->reading, e->place, "the condition names %.*s, which the detection does not define", TEXT_ARGS(name));
	return NULL;
}

/* `1 of PATTERN`, `all of PATTERN`; the next word is `of`. */
static struct rule_node *selector(struct expression *e, bool all)
{
	struct arena *arena = e->reading->arena;
	struct rule_node **nodes = arena_array(arena, e->identifiers->count + 1, sizeof(*nodes));
	size_t count = 0;

	next(e);
	struct text pattern = e->word;
	bool them = text_is(pattern, "them"), hidden = text_starts(pattern, TEXT("_"), false);

	if (pattern.length == 0 || !in_word(pattern.data[0]))
		return fail(e, "the condition lacks a name behind `of`");
	for (size_t i = 0; i < e->identifiers->count; i++) {
		struct text name = e->identifiers->items[i].name;

		if ((hidden || !text_starts(name, TEXT("_"), false)) && (them || pattern_match(pattern, name, false)))
			nodes[count++] = e->identifiers->items[i].node;
	}
	if (count == 0) {
		sigma_fault(e->reading, e->place, "nothing in the detection fits %.*s", TEXT_ARGS(pattern));
		return NULL;
	}
	next(e);
	return all ? rule_and(arena, nodes, count) : rule_or(arena, nodes, count);
}

static struct rule_node *parse_or(struct expression *e);

static struct rule_node *parse_operand(struct expression *e)
{
	struct text word = e->word;

	if (e->depth > DEPTH_MAX)
		return fail(e, "the condition is nested too deeply");
	if (take(e, "(")) {
		struct rule_node *node = parse_or(e);

		if (node != NULL && !take(e, ")"))
			return fail(e, "a parenthesis of the condition is not closed");
		return node;
	}
	if (word.length == 0)
		return fail(e, "the condition ends too early");
	if (text_is(word, "|"))
		return fail(e, "aggregations behind | are no longer part of Sigma: a correlation says that");
	if (!in_word(word.data[0]))
		return fail(e, "the condition has a character that belongs nowhere");
	next(e);
	if (!text_is(e->word, "of"))
		return identifier(e, word);
	if (text_is(word, "1") || text_is(word, "any") || text_is(word, "all"))
		return selector(e, text_is(word, "all"));
	return fail(e, "only `1 of` and `all of` exist");
}

static struct rule_node *parse_not(struct expression *e)
{
	struct rule_node *node;

	if (!take(e, "not"))
		return parse_operand(e);
	e->depth++;
	node = e->depth > DEPTH_MAX ? fail(e, "the condition is nested too deeply") : parse_not(e);
	e->depth--;
	return node ? rule_not(e->reading->arena, node) : NULL;
}

static struct rule_node *parse_list(struct expression *e, bool and)
{
	struct rule_node **nodes = NULL;
	size_t count = 0;

	do {
		struct rule_node *node = and ? parse_not(e) : parse_list(e, true);

		if (node == NULL)
			return NULL;
		nodes = arena_grow(e->reading->arena, nodes, count, sizeof(struct rule_node *));
		nodes[count++] = node;
	} while (take(e, and ? "and" : "or"));
	return and ? rule_and(e->reading->arena, nodes, count) : rule_or(e->reading->arena, nodes, count);
}

static struct rule_node *parse_or(struct expression *e)
{
	struct rule_node *node;

	e->depth++;
	node = parse_list(e, false);
	e->depth--;
	return node;
}

struct rule_node *expression_parse(struct sigma_reading *reading, const struct identifiers *identifiers, struct text source,
	struct place place)
{
	struct expression e = {.reading = reading, .identifiers = identifiers, .source = source, .place = place};

	next(&e);
	struct rule_node *node = parse_or(&e);

	if (node == NULL)
		return NULL;
	if (text_is(e.word, "|"))
		return fail(&e, "aggregations behind | are no longer part of Sigma: a correlation says that");
	if (e.word.length > 0) {
		sigma_fault(reading, place, "the condition has %.*s where `and` or `or` is expected", TEXT_ARGS(e.word));
		return NULL;
	}
	return node;
}
