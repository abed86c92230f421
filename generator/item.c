/* item: values of textual predicates, and the tests that they make. */
#include "generator/item.h"

#include "catalog/pattern.h"

#include <string.h>

static void item_add(const struct bounding *b, struct items *items, enum test_operator op, struct text text, bool sure)
{
	items->items = arena_grow(b->arena, items->items, items->count, sizeof(*items->items));
	items->items[items->count++] = (struct item){op, text, sure};
}

static enum test_operator operator_of_ends(bool open_start, bool open_end)
{
	if (open_start)
		return open_end ? TEST_CONTAINS : TEST_ENDS;
	return open_end ? TEST_STARTS : TEST_EQUAL;
}

/* A pattern of one literal between optional stars needs no wildcards. */
static void item_of_pattern(const struct bounding *b, struct items *items, struct text pattern)
{
	struct pattern_part *parts;
	size_t count = pattern_parts(b->arena, pattern, &parts);
	bool open_start = count > 0 && parts[0].kind == PATTERN_ANY;
	bool open_end = count > 1 && parts[count - 1].kind == PATTERN_ANY;
	size_t inner = count - open_start - open_end;

	if (inner == 1 && parts[open_start].kind == PATTERN_LITERAL)
		item_add(b, items, operator_of_ends(open_start, open_end), parts[open_start].text, true);
	else
		item_add(b, items, TEST_LIKE, pattern, true);
}

struct items items_plain(const struct bounding *b)
{
	const struct predicate *p = b->predicate;
	struct items items = {NULL, 0};

	for (size_t i = 0; i < p->count; i++) {
		struct text text = p->values[i].text;

		switch (p->op) {
		case OPERATOR_LIKE:
			item_of_pattern(b, &items, text);
			break;
		case OPERATOR_REGEX:
			item_add(b, &items, TEST_REGEX, text, true);
			break;
		case OPERATOR_STARTS:
			item_add(b, &items, TEST_STARTS, text, true);
			break;
		case OPERATOR_ENDS:
			item_add(b, &items, TEST_ENDS, text, true);
			break;
		case OPERATOR_CONTAINS:
			item_add(b, &items, TEST_CONTAINS, text, true);
			break;
		default:
			item_add(b, &items, TEST_EQUAL, text, true);
		}
	}
	return items;
}

/* --- aliases of paths --- */

#define RUN "/run"
#define VAR_RUN "/var/run"

/* The text that every match begins with, as far as it is literal. */
static struct text item_head(struct arena *arena, const struct item *item)
{
	struct pattern_part *parts;

	if (item->op == TEST_EQUAL || item->op == TEST_STARTS)
		return item->text;
	if (item->op == TEST_LIKE && pattern_parts(arena, item->text, &parts) > 0 && parts[0].kind == PATTERN_LITERAL)
		return parts[0].text;
	return TEXT("");
}

static bool open_after(const struct item *item, struct text head)
{
	return item->op != TEST_EQUAL || head.length > item->text.length;
}

static struct text with_var(struct arena *arena, struct text text)
{
	return text_of(arena_printf(arena, "/var%.*s", TEXT_ARGS(text)));
}

/* Does the expression begin with any run of characters, whatever alternative is taken? Then it holds with /var before it. */
static bool begins_open(struct text regex)
{
	size_t depth = 0;

	if (!text_starts(regex, TEXT("[\\s\\S]*"), false) && !text_starts(regex, TEXT(".*"), false))
		return false;
	for (size_t i = 0; i < regex.length; i++) {
		if (regex.data[i] == '\\')
			i++;
		else if (regex.data[i] == '|' && depth == 0)
			return false; /* one within a class counts, too: then the alias is merely written */
		else if (regex.data[i] == '(')
			depth++;
		else if (regex.data[i] == ')' && depth > 0)
			depth--;
	}
	return true;
}

/* Does every text that it holds for begin with a letter (C:), so with no /var and no /run? */
static bool begins_elsewhere(struct text regex)
{
	size_t depth = 0;
	char first = regex.length > 1 ? (char)(regex.data[0] | 0x20) : '\0';

	if ((first < 'a' || first > 'z') || memchr("*?{", regex.data[1], 3) != NULL)
		return false;
	for (size_t i = 0; i < regex.length; i++) {
		if (regex.data[i] == '\\')
			i++;
		else if (regex.data[i] == '|' && depth == 0)
			return false;
		else if (regex.data[i] == '(' || regex.data[i] == ')')
			depth += regex.data[i] == '(' ? 1 : depth > 0 ? (size_t)-1 : 0;
	}
	return true;
}

static void alias_of_regex(const struct bounding *b, struct items *items, const struct item *item)
{
	if (item->text.length == 0 || begins_open(item->text) || begins_elsewhere(item->text))
		return;
	item_add(b, items, TEST_REGEX, text_of(arena_printf(b->arena, "/var(%.*s)", TEXT_ARGS(item->text))), false);
}

/* A raw /var/run/x is read as /run/x. What matches the second must match the first as well. */
static void alias_add(const struct bounding *b, struct items *items, const struct item *item)
{
	struct text head = item_head(b->arena, item);
	bool one_first = item->op == TEST_LIKE && item->text.length > 0 && item->text.data[0] == '?';

	if (item->op == TEST_REGEX) {
		alias_of_regex(b, items, item);
	} else if (one_first) {
		item_add(b, items, TEST_LIKE, with_var(b->arena, item->text), false);
	} else if (text_starts(head, TEXT(RUN), false)) {
		bool whole = head.length == strlen(RUN) ? !open_after(item, head) : head.data[strlen(RUN)] == '/';

		if (whole || head.length == strlen(RUN))
			item_add(b, items, item->op, with_var(b->arena, item->text), whole);
	} else if (head.length > 1 && text_starts(TEXT(RUN), head, false) && open_after(item, head)) {
		item_add(b, items, item->op, with_var(b->arena, item->text), false);
	}
}

/* Could the item also match a raw text under /var/run that is read as something else? */
static bool item_doubtful(const struct bounding *b, const struct item *item)
{
	struct text head = item_head(b->arena, item);

	if (item->op == TEST_REGEX)
		return !begins_elsewhere(item->text);
	if (item->op == TEST_EQUAL)
		return false;
	if (head.length > 1 && head.data[0] == '/')
		return text_starts(TEXT(VAR_RUN), head, false) || text_starts(head, TEXT(VAR_RUN), false);
	return item->op != TEST_STARTS && text_contains(item->text, TEXT("var"), b->predicate->fold);
}

struct items items_of(const struct bounding *b)
{
	struct items items = items_plain(b);
	size_t count = items.count;

	if (!b->registry->fields[b->predicate->field].path)
		return items;
	for (size_t i = 0; i < count; i++) {
		struct item item = items.items[i];

		items.items[i].sure = !item_doubtful(b, &item);
		alias_add(b, &items, &item);
	}
	return items;
}

struct text item_pattern(struct arena *arena, const struct item *item)
{
	struct text escaped = item->op == TEST_LIKE ? item->text : pattern_escape(arena, item->text);
	const char *before = item->op == TEST_ENDS || item->op == TEST_CONTAINS ? "*" : "";
	const char *after = item->op == TEST_STARTS || item->op == TEST_CONTAINS ? "*" : "";

	if (*before == '\0' && *after == '\0')
		return escaped;
	return text_of(arena_printf(arena, "%s%.*s%s", before, TEXT_ARGS(escaped), after));
}

/* --- gathering --- */

void gather_begin(struct gathered *g, const struct bounding *b)
{
	*g = (struct gathered){b, rule_false(), rule_false(), true, false};
}

void gather(struct gathered *g, enum test_operator op, struct text text, bool exact)
{
	struct arena *arena = g->bounding->arena;
	struct rule_test test = {.name = bound_name(g->bounding->row), .op = op, .fold = g->bounding->predicate->fold};
	struct text *values = arena_array(arena, 1, sizeof(*values));

	values[0] = text;
	test.values = values;
	test.count = 1;
	test.lines = op == TEST_REGEX && g->lines;
	struct rule_node *node = rule_test(arena, &test);

	g->upper = rule_either(arena, g->upper, node);
	if (exact)
		g->lower = rule_either(arena, g->lower, node);
	else
		g->exact = false;
}

void gather_regex(struct gathered *g, struct buffer *regex, bool exact)
{
	gather(g, TEST_REGEX, text_copy(g->bounding->arena, buffer_view(regex)), exact);
	buffer_clear(regex);
}

struct bounds gather_end(const struct gathered *g, const char *reason)
{
	const struct predicate *p = g->bounding->predicate;

	if (g->upper->kind == RULE_TEST && g->upper->test.count >= p->count)
		g->upper->test.list = p->list;
	if (g->exact)
		return bounds_exact(g->upper);
	return (struct bounds){g->upper, g->lower, false, reason, NULL};
}
