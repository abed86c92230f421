/*
 * random_tree: random conditions and events from a seed, for property tests. The vocabulary is small, so
 * that conditions and events meet often.
 */
#ifndef MEWS_TESTS_RANDOM_TREE_H
#define MEWS_TESTS_RANDOM_TREE_H

#include "tests/unit/cases.h"

#include <inttypes.h>

/* splitmix64: small, and the same everywhere. */
static uint64_t random_next(uint64_t *state)
{
	uint64_t z = (*state += 0x9E3779B97F4A7C15u);
	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

static size_t random_below(uint64_t *state, size_t limit)
{
	return (size_t)(random_next(state) % limit);
}

static struct text random_text(uint64_t *state, struct arena *arena, size_t most)
{
	static const char *const letters[] = {"a", "b", "B", "*", "?", "\\", "\"", "/", ":", "é", "\n", "[", ".", "k"};
	struct buffer out = {0};
	size_t length = 1 + random_below(state, most);
	for (size_t i = 0; i < length; i++)
		buffer_string(&out, letters[random_below(state, sizeof(letters) / sizeof(letters[0]))]);
	struct text text = text_copy(arena, buffer_view(&out));
	buffer_free(&out);
	return text;
}

static void random_literal(uint64_t *state, struct arena *arena, const struct field *field, const char *op, struct buffer *out)
{
	static const char *const ips[] = {"10.0.0.1", "10.0.0.2", "::1", "fd00::1"};
	static const char *const networks[] = {"10.0.0.0/8", "fd00::/8", "10.0.0.1", "::/0"};
	static const char *const regexes[] = {"a+", "[a-b]*", "(?:a|b)é?", "\\\\w+", "[^a]", "a{1,3}"};
	struct text text;

	if (text_is(text_of(op), "regex") || text_is(text_of(op), "regex~"))
		buffer_printf(out, "\"%s\"", regexes[random_below(state, 6)]);
	else if (field->type == TYPE_LONG || text_is(text_of(op), "length"))
		buffer_printf(out, "%d", (int)random_below(state, 5) - 1);
	else if (field->type == TYPE_BOOLEAN)
		buffer_string(out, random_below(state, 2) ? "true" : "false");
	else if (field->type == TYPE_IP)
		buffer_printf(out, "\"%s\"", text_is(text_of(op), "cidrmatch") ? networks[random_below(state, 4)] : ips[random_below(state, 4)]);
	else {
		buffer_char(out, '"');
		text = random_text(state, arena, 4);
		for (size_t i = 0; i < text.length; i++) {
			if (text.data[i] == '"' || text.data[i] == '\\')
				buffer_char(out, '\\');
			if (text.data[i] == '\n')
				buffer_string(out, "\\n");
			else
				buffer_char(out, text.data[i]);
		}
		buffer_char(out, '"');
	}
}

static const char *const random_fields[] = {"process.name", "process.args", "file.path", "container.mounts", "process.pid",
	"process.in_container", "destination.ip", "container.capabilities.added"};

/* The field and another one of its type (or itself). */
static void random_fields_compared(uint64_t *state, const struct registry *registry, const struct field *field, struct buffer *out)
{
	static const char *const operators[] = {"==", "!=", "<", ">=", "in~", "not in~", "startswith", "endswith~", "stringcontains"};
	const struct field *other = field;
	for (size_t tries = 0; tries < 8; tries++) {
		const struct field *candidate = &registry->fields[registry_field(registry, text_of(random_fields[random_below(state, 8)]))];
		other = candidate->type == field->type ? candidate : other;
	}
	size_t op = field->type == TYPE_KEYWORD ? random_below(state, 7) : field->type == TYPE_LONG ? random_below(state, 4) : random_below(state, 2);
	if (field->type == TYPE_KEYWORD)
		op = op < 2 ? op : op + 2;
	if (op >= 6)
		buffer_printf(out, "%s(%.*s, %.*s)", operators[op], TEXT_ARGS(field->name), TEXT_ARGS(other->name));
	else
		buffer_printf(out, "%.*s %s %.*s", TEXT_ARGS(field->name), operators[op], TEXT_ARGS(other->name));
}

static void random_predicate(uint64_t *state, struct arena *arena, const struct registry *registry, struct buffer *out)
{
	static const char *const keyword_operators[] = {"==", "!=", "in", "in~", "not in", "not in~", "like", "like~", "regex", "regex~",
		"startswith", "startswith~", "endswith", "stringcontains", "stringcontains~", "length"};
	static const char *const long_operators[] = {"==", "!=", "<", "<=", ">", ">=", "in", "not in"};
	static const char *const ip_operators[] = {"==", "!=", "in", "not in", "cidrmatch"};
	unsigned number = registry_field(registry, text_of(random_fields[random_below(state, 8)]));
	const struct field *field = &registry->fields[number];
	const char *op = field->type == TYPE_KEYWORD ? keyword_operators[random_below(state, 16)]
		: field->type == TYPE_LONG           ? long_operators[random_below(state, 8)]
		: field->type == TYPE_IP             ? ip_operators[random_below(state, 5)]
						     : long_operators[random_below(state, 2)];
	bool function = op[0] >= 'a' && !text_is(text_of(op), "in") && op[0] != 'n' && op[0] != 'i' && op[0] != 'r' &&
		!text_starts(text_of(op), TEXT("like"), false);
	size_t most = text_starts(text_of(op), TEXT("="), false) || op[0] == '!' || op[0] == '<' || op[0] == '>' ? 1 : 3;

	if (random_below(state, 12) == 0) {
		random_fields_compared(state, registry, field, out);
		return;
	}
	if (random_below(state, 10) == 0) {
		buffer_printf(out, "%.*s %s null", TEXT_ARGS(field->name), random_below(state, 2) ? "==" : "!=");
		return;
	}
	if (text_is(text_of(op), "length")) {
		buffer_printf(out, "length(%.*s) %s (", TEXT_ARGS(field->name), random_below(state, 2) ? "in" : "not in");
		function = false;
	} else if (function)
		buffer_printf(out, "%s(%.*s, ", op, TEXT_ARGS(field->name));
	else
		buffer_printf(out, "%.*s %s %s", TEXT_ARGS(field->name), op, most > 1 ? "(" : "");
	size_t count = 1 + random_below(state, most);
	for (size_t i = 0; i < count; i++) {
		buffer_string(out, i > 0 ? ", " : "");
		random_literal(state, arena, field, op, out);
	}
	buffer_string(out, most > 1 ? ")" : "");
}

static void random_expression(uint64_t *state, struct arena *arena, const struct registry *registry, unsigned depth, struct buffer *out)
{
	static const char *const words[] = {" and ", " or "};
	size_t kind = depth == 0 ? 9 : random_below(state, 10);

	if (kind < 5) {
		size_t word = random_below(state, 2), count = 2 + random_below(state, 2);
		for (size_t i = 0; i < count; i++) {
			buffer_string(out, i > 0 ? words[word] : "");
			buffer_char(out, '(');
			random_expression(state, arena, registry, depth - 1, out);
			buffer_char(out, ')');
		}
	} else if (kind < 7) {
		buffer_string(out, "not (");
		random_expression(state, arena, registry, depth - 1, out);
		buffer_char(out, ')');
	} else if (random_below(state, 30) == 0)
		buffer_string(out, random_below(state, 2) ? "true" : "event.outcome == \"failure\"");
	else
		random_predicate(state, arena, registry, out);
}

/* A random condition; made as text and parsed, so that its tree is one that can exist. */
__attribute__((unused)) static struct condition *random_condition(struct arena *arena, const struct cases *cases, uint64_t seed)
{
	static const char *const categories[] = {"process", "any", "container"};
	uint64_t state = seed;
	struct buffer out = {0};
	struct diagnostics d = {0};

	buffer_printf(&out, "%s where ", categories[random_below(&state, 3)]);
	random_expression(&state, arena, &cases->registry, 4, &out);
	struct condition *condition = condition_parse(arena, &cases->scope, buffer_view(&out), (struct place){"random", 1, 1}, 0,
		(struct text){0}, &d);
	if (condition == NULL) {
		fprintf(stderr, "%s\n", out.data);
		cases_give_up(&d, "a random condition does not parse");
	}
	diagnostics_free(&d);
	buffer_free(&out);
	return condition;
}

static void random_values(uint64_t *state, struct event *event, struct facet *facet, unsigned field)
{
	static const char *const ips[] = {"10.0.0.1", "10.0.0.2", "::1", "11.0.0.1"};
	const struct field *registered = &event->registry->fields[field];
	struct text texts[3];
	size_t count = random_below(state, 4);

	if (registered->type == TYPE_LONG)
		facet_set_long(event, facet, field, (int64_t)random_below(state, 5) - 1);
	else if (registered->type == TYPE_BOOLEAN)
		facet_set_bool(event, facet, field, random_below(state, 2));
	else if (registered->type == TYPE_IP)
		facet_set_text(event, facet, field, text_of(ips[random_below(state, 4)]));
	else if (registered->list) {
		for (size_t i = 0; i < count; i++)
			texts[i] = random_text(state, event->arena, 4);
		facet_set_texts(event, facet, field, texts, count);
	} else
		facet_set_text(event, facet, field, random_text(state, event->arena, 4));
}

/* An event of one or two random facets over the same fields. */
__attribute__((unused)) static void random_event(struct arena *arena, const struct registry *registry, uint64_t seed, struct event *event)
{
	static const char *const categories[] = {"process", "container"};
	uint64_t state = seed;
	bool found;

	event_begin(event, arena, registry);
	for (size_t i = random_below(&state, 2); i < 2; i++) {
		unsigned category = registry_category(registry, text_of(categories[random_below(&state, 2)]), &found);
		struct facet *facet = event_add_facet(event, category, registry->categories[category].first_action);
		for (size_t f = 0; f < sizeof(random_fields) / sizeof(random_fields[0]); f++)
			if (random_below(&state, 10) < 6)
				random_values(&state, event, facet, registry_field(registry, text_of(random_fields[f])));
		if (random_below(&state, 4) == 0)
			facet_set_text(event, facet, FIELD_OUTCOME, random_below(&state, 2) ? TEXT("failure") : TEXT("success"));
	}
	event_share(event);
}

/* Equal in everything but places. */
static bool predicates_equal(const struct predicate *a, const struct predicate *b)
{
	if (a->field != b->field || a->op != b->op || a->fold != b->fold || a->length != b->length || a->count != b->count || a->other != b->other ||
		!text_equal(a->list, b->list))
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!text_equal(a->values[i].text, b->values[i].text))
			return false;
	return true;
}

__attribute__((unused)) static bool trees_equal(const struct node *a, const struct node *b)
{
	if (a->kind != b->kind || a->count != b->count)
		return false;
	if (a->kind == NODE_PREDICATE)
		return predicates_equal(&a->predicate, &b->predicate);
	for (size_t i = 0; i < a->count; i++)
		if (!trees_equal(a->children[i], b->children[i]))
			return false;
	return true;
}

#endif
