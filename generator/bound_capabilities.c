/* bound_capabilities: see bound_capabilities.h. */
#include "generator/bound_capabilities.h"
#include "generator/bound_test.h"

#include <inttypes.h>

static uint64_t full_mask(void)
{
	uint64_t needed = 0;

	for (unsigned bit = 0; bit < 64; bit++) {
		if (!capability_mask_full(~(UINT64_C(1) << bit)))
			needed |= UINT64_C(1) << bit;
	}
	return needed;
}

/* Every capability of the whole set by its name. */
static struct rule_node *all_names(const struct bounding *b)
{
	struct rule_node *node = rule_true();
	uint64_t needed = full_mask();

	for (unsigned bit = 0; bit < 64 && capability_name(bit) != NULL; bit++) {
		if (needed >> bit & 1)
			node = rule_both(b->arena, node,
				rule_one(b->arena, bound_name(b->row), TEST_CONTAINS, text_of(capability_name(bit))));
	}
	return node;
}

struct bounds bound_capability_names(const struct bounding *b)
{
	struct items items = items_plain(b);
	struct gathered g;

	gather_begin(&g, b);
	for (size_t i = 0; i < items.count; i++) {
		const struct item *item = &items.items[i];

		if (item->op == TEST_EQUAL && capability_bit(item->text) >= 0)
			gather(&g, TEST_CONTAINS, item->text, true);
		else if (item->op == TEST_EQUAL && text_is(item->text, "ALL"))
			g.upper = rule_either(b->arena, g.upper, all_names(b));
		else if (item->op != TEST_LIKE && item->op != TEST_REGEX)
			gather(&g, TEST_CONTAINS, item->text, false);
		else
			return bounds_upper(bound_present(b), "patterns of capability names are not judged in a joined list");
	}
	return gather_end(&g, "capability names are joined in one text there");
}

/* As somebody asked for them: with or without CAP_, in any case. */
struct bounds bound_capability_words(const struct bounding *b)
{
	struct items items = items_plain(b);
	struct gathered g;

	gather_begin(&g, b);
	for (size_t i = 0; i < items.count; i++) {
		const struct item *item = &items.items[i];
		struct text *word = arena_alloc(b->arena, sizeof(*word));
		struct rule_test test = {.name = bound_name(b->row), .op = TEST_CONTAINS, .fold = true, .values = word, .count = 1};

		if (item->op == TEST_LIKE || item->op == TEST_REGEX || item->op == TEST_STARTS || item->op == TEST_ENDS)
			return bounds_upper(bound_present(b), "patterns of capability names are not judged in a joined list");
		*word = text_starts(item->text, TEXT("CAP_"), true) ? text_slice(item->text, 4, item->text.length) : item->text;
		struct rule_node *node = rule_test(b->arena, &test);

		g.upper = rule_either(b->arena, g.upper, node);
		int bit = text_starts(item->text, TEXT("CAP_"), false) ? capability_bit(item->text) : -1;

		g.exact = g.exact && item->op == TEST_EQUAL && (bit >= 0 || text_is(item->text, "ALL"));
		g.lower = g.exact ? rule_either(b->arena, g.lower, node) : g.lower;
	}
	return gather_end(&g, "capability names are joined in one text there");
}

static struct rule_node *mask_test(const struct bounding *b, enum test_operator op, uint64_t mask)
{
	struct text *values = arena_array(b->arena, 1, sizeof(*values));
	struct rule_test test = {.name = bound_name(b->row), .op = op, .hex = true, .values = values, .count = 1};

	if (mask == 0)
		return rule_false();
	values[0] = text_of(arena_printf(b->arena, "%" PRIu64, mask));
	return rule_test(b->arena, &test);
}

/* Any bit whose name satisfies the predicate: the reader is asked which those are. */
struct bounds bound_bits(const struct bounding *b)
{
	uint64_t mask = 0;

	for (unsigned bit = 0; bit < 64; bit++) {
		if (bound_raw_holds(b, text_of(arena_printf(b->arena, "%" PRIx64, UINT64_C(1) << bit))))
			mask |= UINT64_C(1) << bit;
	}
	return bounds_exact(mask_test(b, TEST_MASK, mask));
}

struct bounds bound_capabilities_full(const struct bounding *b)
{
	return bound_truth(b, mask_test(b, TEST_MASK_ALL, full_mask()));
}

struct bounds bound_capability_names_full(const struct bounding *b)
{
	return bound_truth(b, all_names(b));
}

struct bounds bound_bits_set(const struct bounding *b)
{
	return bound_truth(b, mask_test(b, TEST_MASK, b->row->shape.size));
}
