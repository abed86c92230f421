/* bound_lines: values with something around them. */
#include "generator/bound_lines.h"

#include "generator/item.h"
#include "generator/pieces.h"

/* The item as an expression of the whole value, in brackets. */
static void put_item(const struct bounding *b, struct buffer *out, const struct item *item)
{
	buffer_char(out, '(');
	if (item->op == TEST_REGEX)
		buffer_text(out, item->text);
	else
		rule_regex_pattern(b->arena, out, item_pattern(b->arena, item), "(.|\\n)*", "(.|\\n)");
	buffer_char(out, ')');
}

/* --- ends of sockets --- */

static void gather_end_of(struct gathered *g, const struct item *item)
{
	struct buffer regex = {0};
	struct ip ip;
	bool address = item->op == TEST_EQUAL && ip_parse(item->text, &ip);
	bool path = item->op == TEST_EQUAL && !address;

	if (!address) { /* of unix: kernel addresses, then the path; the path alone before it is connected */
		buffer_string(&regex, "([0-9a-f]+->[0-9a-f]+ )?");
		put_item(g->bounding, &regex, item);
	}
	if (!address && !path)
		buffer_char(&regex, '|');
	if (!path) {
		buffer_string(&regex, "([^ ]*->)?");
		put_item(g->bounding, &regex, item);
		buffer_string(&regex, ":[0-9]+");
	}
	gather_regex(g, &regex, item->sure);
	buffer_free(&regex);
}

struct bounds bound_endpoint(const struct bounding *b)
{
	struct items items = items_of(b);
	struct gathered g;

	gather_begin(&g, b);
	for (size_t i = 0; i < items.count; i++)
		gather_end_of(&g, &items.items[i]);
	return gather_end(&g, "a path under /var/run is read as one under /run, which the pattern cannot tell from others");
}

/* --- command lines --- */

static bool has_blank(struct text text)
{
	return text_find(text, ' ') < text.length;
}

/* Does it end in anything, so that it takes a blank behind what it takes? */
static bool open_ended(const struct bounding *b, const struct item *item)
{
	struct text *branches, text = item->text;
	bool any = text_ends(text, TEXT("[\\s\\S]*"), false) || text_ends(text, TEXT("(.|\\n)*"), false);

	if (item->op == TEST_LIKE)
		return text_ends(text, TEXT("*"), false) && !text_ends(text, TEXT("\\*"), false);
	any = any || (text_ends(text, TEXT(".*"), false) && !text_ends(text, TEXT("\\.*"), false));
	return item->op == TEST_REGEX && any && pieces_branches(b->arena, text, &branches) == 1;
}

/* Does the blank behind a lone word make no difference? */
static bool unmoved(const struct item *item)
{
	bool open = text_ends(item->text, TEXT(" "), false);

	if (item->op == TEST_CONTAINS || item->op == TEST_STARTS)
		return !open;
	return item->op == TEST_EQUAL && has_blank(item->text) && !open;
}

static struct rule_node *item_test(const struct bounding *b, enum test_operator op, struct text text)
{
	struct text *values = arena_array(b->arena, 1, sizeof(*values));
	struct rule_test test = {.name = bound_name(b->row), .op = op, .values = values, .count = 1};

	values[0] = text;
	test.fold = b->predicate->fold;
	return rule_test(b->arena, &test);
}

struct bounds bound_command_line(const struct bounding *b)
{
	struct items items = items_plain(b);
	struct bounds all = bounds_exact(rule_false());

	for (size_t i = 0; i < items.count; i++) {
		const struct item *item = &items.items[i];
		struct rule_node *as_is = item_test(b, item->op, item->text), *upper = as_is, *lower = as_is;

		if (!unmoved(item)) {
			struct buffer padded = {0};

			put_item(b, &padded, item);
			buffer_string(&padded, " ?");
			if (!open_ended(b, item))
				upper = item_test(b, TEST_REGEX, text_copy(b->arena, buffer_view(&padded)));
			buffer_free(&padded);
			lower = rule_both(b->arena, as_is, rule_not(b->arena, item_test(b, TEST_ENDS, TEXT(" "))));
			all.exact = false;
			all.reason = "a command without arguments ends in a blank there";
		}
		all.upper = rule_either(b->arena, all.upper, upper);
		all.lower = rule_either(b->arena, all.lower, lower);
	}
	return all;
}

/* --- directories with a slash behind them --- */

struct bounds bound_slashed(const struct bounding *b)
{
	struct items items = items_of(b);
	struct gathered g;

	gather_begin(&g, b);
	for (size_t i = 0; i < items.count; i++) {
		const struct item *item = &items.items[i];
		struct buffer regex = {0};

		if (item->op == TEST_EQUAL && item->text.length > 0) {
			bool root = text_is(item->text, "/");

			struct text slashed = text_of(arena_printf(b->arena, "%.*s%s", TEXT_ARGS(item->text), root ? "" : "/"));

			gather(&g, TEST_EQUAL, slashed, item->sure);
			continue;
		}
		put_item(b, &regex, item);
		buffer_string(&regex, "/?");
		gather_regex(&g, &regex, false);
		buffer_free(&regex);
	}
	return gather_end(&g, "directories end in a slash there");
}
