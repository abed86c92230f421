/* selections: a rule's tree as Sigma search identifiers and the condition that joins them. */
#include "generator/sigma/selections.h"

#include "generator/sigma/forms.h"
#include "generator/sigma/quote.h"

static const char *const modifiers[TEST_OPERATOR_COUNT] = {
	[TEST_PRESENT] = "|exists",
	[TEST_EQUAL] = "",
	[TEST_LESS] = "|lt",
	[TEST_LESS_EQUAL] = "|lte",
	[TEST_GREATER] = "|gt",
	[TEST_GREATER_EQUAL] = "|gte",
	[TEST_REGEX] = "|re",
	[TEST_STARTS] = "|startswith",
	[TEST_ENDS] = "|endswith",
	[TEST_CONTAINS] = "|contains",
	[TEST_CIDR] = "|cidr",
};

/* --- items of a map --- */

/* What stands in a map: a test, or "is not there". `all`: other tests of the same field that must hold as well. */
struct item {
	const struct rule_test *test;
	bool absent;
	const struct rule_test **all;
	size_t all_count;
};

static bool item_of(const struct rule_node *node, struct item *item)
{
	bool absent = node->kind == RULE_NOT && node->children[0]->kind == RULE_TEST && node->children[0]->test.op == TEST_PRESENT;

	if ((node->kind != RULE_TEST && !absent) || (node->kind == RULE_TEST && sigma_keyword(&node->test)))
		return false;
	*item = (struct item){absent ? &node->children[0]->test : &node->test, absent, NULL, 0};
	return true;
}


static bool same_key(const struct item *a, const struct item *b)
{
	return text_equal(a->test->name, b->test->name) && a->test->op == b->test->op
		&& (a->all_count > 0) == (b->all_count > 0) && (a->test->other.length > 0) == (b->test->other.length > 0)
		&& (a->test->op != TEST_REGEX || a->test->fold == b->test->fold);
}

static bool is_one_part(const struct item *item)
{
	return item->test->op == TEST_CONTAINS && item->test->count == 1;
}

/* The items of one map. */
struct map {
	struct item *items;
	size_t count;
};

/* Puts the node into the map. false: it is no item, or its key is taken. */
static bool map_add(struct arena *arena, struct map *map, const struct rule_node *node)
{
	struct item item;

	if (!item_of(node, &item))
		return false;
	for (size_t i = 0; i < map->count; i++) {
		struct item *known = &map->items[i];

		if (is_one_part(&item) && is_one_part(known) && text_equal(item.test->name, known->test->name)) {
			known->all = arena_grow(arena, known->all, known->all_count, sizeof(*known->all));
			known->all[known->all_count++] = item.test;
			return true;
		}
	}
	for (size_t i = 0; i < map->count; i++) {
		if (same_key(&map->items[i], &item))
			return false;
	}
	map->items = arena_grow(arena, map->items, map->count, sizeof(*map->items));
	map->items[map->count++] = item;
	return true;
}

/* The node as one map; false: it needs more than that. */
static bool map_of(struct arena *arena, const struct rule_node *node, struct map *map)
{
	*map = (struct map){NULL, 0};
	if (node->kind != RULE_AND)
		return map_add(arena, map, node);
	for (size_t i = 0; i < node->count; i++) {
		if (!map_add(arena, map, node->children[i]))
			return false;
	}
	return true;
}

/* --- printing --- */

static void print_value(struct selections *s, const struct rule_test *test, struct text value)
{
	struct buffer text = {0};

	if (test->number || (test->op == TEST_EQUAL && sigma_number(value))) {
		buffer_text(&s->definitions, value);
		return;
	}
	if (test->op == TEST_REGEX)
		sigma_regex(&text, value);
	else
		buffer_text(&text, value);
	sigma_yaml(&s->definitions, buffer_view(&text));
	buffer_free(&text);
}

/* Behind "key:", on the same line or as a list; `next` stands before each item of a list. */
static void print_values(struct selections *s, const struct item *item, const char *next)
{
	struct buffer *out = &s->definitions;
	const struct rule_test *test = item->test;

	for (size_t i = 0; i < test->count + item->all_count; i++) {
		const struct rule_test *one = i < test->count ? test : item->all[i - test->count];

		if (test->count + item->all_count > 1)
			buffer_printf(out, "\n%s%s    - ", s->indent, next);
		else
			buffer_char(out, ' ');
		print_value(s, one, one == test ? one->values[i] : one->values[0]);
	}
	buffer_char(out, '\n');
}

/* "Image|endswith: '/docker'"; `first` comes before it, `next` before the lines that follow. */
static void print_item(struct selections *s, const struct item *item, const char *first, const char *next)
{
	struct buffer *out = &s->definitions;
	const struct rule_test *test = item->test;
	const char *regex = test->op == TEST_REGEX && test->fold ? "|i" : "";
	const char *field = test->other.length > 0 ? "|fieldref" : "";

	buffer_printf(out, "%s%s%.*s%s%s%s%s:", s->indent, first, TEXT_ARGS(test->name), field, modifiers[test->op], regex,
		item->all_count > 0 ? "|all" : "");
	if (test->op == TEST_PRESENT)
		buffer_printf(out, " %s\n", item->absent ? "false" : "true");
	else if (test->other.length > 0)
		buffer_printf(out, " %.*s\n", TEXT_ARGS(test->other));
	else
		print_values(s, item, next);
}

static struct text new_name(struct selections *s, bool negated, bool keywords)
{
	bool filter = negated && !s->plain;
	unsigned *number = keywords && !s->plain ? &s->keywords : filter ? &s->filters : &s->selections;
	const char *base = keywords && !s->plain ? "keywords" : filter ? "filter" : "selection";

	(*number)++;
	char *name = *number == 1 ? arena_printf(s->arena, "%s", base) : arena_printf(s->arena, "%s_%u", base, *number);

	buffer_printf(&s->definitions, "%s%s:\n", s->indent, name);
	return text_of(name);
}

/* Keywords: a list, any of them; of expressions a map without a field. */
static struct text print_keywords(struct selections *s, const struct rule_test *test, bool filter)
{
	struct item item = {test, false, NULL, 0};
	struct text name = new_name(s, filter, true);
	const char *bare = test->op == TEST_REGEX ? "|re" : "";

	if (*bare != '\0') {
		buffer_printf(&s->definitions, "%s    '%s%s':", s->indent, bare, test->fold ? "|i" : "");
		print_values(s, &item, "    ");
		return name;
	}
	for (size_t i = 0; i < test->count; i++) {
		buffer_printf(&s->definitions, "%s    - ", s->indent);
		print_value(s, test, test->values[i]);
		buffer_char(&s->definitions, '\n');
	}
	return name;
}

static bool is_keyword(const struct rule_node *node)
{
	return node->kind == RULE_TEST && sigma_keyword(&node->test);
}

/* Several keywords of which each must be there. */
static bool joins_keywords(const struct rule_node *node)
{
	return is_keyword(node) && node->test.op == TEST_CONTAINS && node->test.count == 1;
}

static void print_all_keywords(struct selections *s, const struct rule_node *node)
{
	buffer_printf(&s->definitions, "%s    '|all':\n", s->indent);
	for (size_t i = 0; i < node->count; i++) {
		if (!joins_keywords(node->children[i]))
			continue;
		buffer_printf(&s->definitions, "%s        - ", s->indent);
		print_value(s, &node->children[i]->test, node->children[i]->test.values[0]);
		buffer_char(&s->definitions, '\n');
	}
}

/* --- the condition --- */

struct joined {
	struct buffer text;
	size_t parts;
	enum rule_kind kind; /* AND or OR */
};

static void join(struct joined *joined, struct text part, enum rule_kind kind)
{
	bool brackets = kind != joined->kind && (kind == RULE_AND || kind == RULE_OR);

	if (joined->parts++ > 0)
		buffer_string(&joined->text, joined->kind == RULE_AND ? " and " : " or ");
	buffer_printf(&joined->text, brackets ? "(%.*s)" : "%.*s", TEXT_ARGS(part));
}

static struct text joined_end(struct selections *s, struct joined *joined, enum rule_kind *kind)
{
	struct text text = text_copy(s->arena, buffer_view(&joined->text));

	if (joined->parts > 1)
		*kind = joined->kind;
	buffer_free(&joined->text);
	return text;
}

static struct text print_node(struct selections *s, const struct rule_node *node, bool filter, enum rule_kind *kind);

static void print_map(struct selections *s, const struct map *map, const char *first, const char *next)
{
	for (size_t i = 0; i < map->count; i++)
		print_item(s, &map->items[i], i == 0 ? first : next, next);
}

static struct text print_and(struct selections *s, const struct rule_node *node, bool filter, enum rule_kind *kind)
{
	struct joined joined = {.kind = RULE_AND};
	struct map map = {NULL, 0};
	bool *done = arena_array(s->arena, node->count, sizeof(*done));
	size_t keywords = 0;
	bool mapped = false, worded = false; /* written already, where the first of them stood */
	enum rule_kind inner;

	for (size_t i = 0; i < node->count; i++) {
		done[i] = map_add(s->arena, &map, node->children[i]);
		keywords += joins_keywords(node->children[i]);
	}
	for (size_t i = 0; i < node->count; i++) {
		const struct rule_node *child = node->children[i];
		bool word = keywords > 1 && joins_keywords(child);

		if (done[i] && !mapped) {
			join(&joined, new_name(s, filter, false), RULE_TEST);
			print_map(s, &map, "    ", "    ");
			mapped = true;
		} else if (word && !worded) {
			join(&joined, new_name(s, filter, true), RULE_TEST);
			print_all_keywords(s, node);
			worded = true;
		} else if (!done[i] && !word) {
			struct text part = print_node(s, child, filter, &inner);

			*kind = inner;
			join(&joined, part, inner);
		}
	}
	return joined_end(s, &joined, kind);
}

static struct text print_or(struct selections *s, const struct rule_node *node, bool filter, enum rule_kind *kind)
{
	struct joined joined = {.kind = RULE_OR};
	struct map *maps = arena_array(s->arena, node->count, sizeof(*maps));
	bool *is_map = arena_array(s->arena, node->count, sizeof(*is_map));
	size_t count = 0;
	enum rule_kind inner;

	for (size_t i = 0; i < node->count; i++) {
		is_map[i] = map_of(s->arena, node->children[i], &maps[i]);
		count += is_map[i];
	}
	for (size_t i = 0; i < node->count && count > 1; i++) {
		if (!is_map[i])
			continue;
		if (joined.parts == 0)
			join(&joined, new_name(s, filter, false), RULE_TEST);
		print_map(s, &maps[i], "    - ", "      ");
	}
	for (size_t i = 0; i < node->count; i++) {
		if (count > 1 && is_map[i])
			continue;
		struct text part = print_node(s, node->children[i], filter, &inner);

		*kind = inner;
		join(&joined, part, inner);
	}
	return joined_end(s, &joined, kind);
}

static struct text print_node(struct selections *s, const struct rule_node *node, bool filter, enum rule_kind *kind)
{
	struct item item;

	*kind = RULE_TEST;
	if (node->kind == RULE_AND)
		return print_and(s, node, filter, kind);
	if (node->kind == RULE_OR)
		return print_or(s, node, filter, kind);
	if (is_keyword(node))
		return print_keywords(s, &node->test, filter);
	if (item_of(node, &item)) {
		struct text name = new_name(s, filter, false);

		print_item(s, &item, "    ", "    ");
		return name;
	}
	struct text inner = print_node(s, node->children[0], true, kind);
	bool brackets = *kind == RULE_AND || *kind == RULE_OR;

	*kind = RULE_NOT;
	return text_of(arena_printf(s->arena, brackets ? "not (%.*s)" : "not %.*s", TEXT_ARGS(inner)));
}

/* Sigma has no word for always and never. */
static struct text print_constant(struct selections *s, bool truth, enum rule_kind *kind)
{
	struct rule_test some = {.name = s->some, .op = TEST_PRESENT};
	struct text name = print_node(s, rule_test(s->arena, &some), false, kind);

	*kind = truth ? RULE_OR : RULE_AND;
	return text_of(arena_printf(s->arena, "%.*s %s not %.*s", TEXT_ARGS(name), truth ? "or" : "and", TEXT_ARGS(name)));
}

struct text selections_print(struct selections *s, const struct rule_node *node, enum rule_kind *kind)
{
	const struct rule_node *formed = sigma_forms(s->arena, node);

	if (formed->kind == RULE_TRUE || formed->kind == RULE_FALSE)
		return print_constant(s, formed->kind == RULE_TRUE, kind);
	return print_node(s, formed, false, kind);
}

void selections_free(struct selections *s)
{
	buffer_free(&s->definitions);
}
