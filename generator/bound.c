/* bound: what predicates on fields say about raw values, one row for each shape. */
#include "generator/bound_lines.h"
#include "generator/bound_shapes.h"
#include "generator/item.h"
#include "generator/mounts.h"

#include "catalog/pattern.h"
#include "catalog/regex.h"

#include <inttypes.h>
#include <string.h>

struct bounds bounds_exact(struct rule_node *node)
{
	return (struct bounds){node, node, true, NULL, NULL};
}

struct bounds bounds_upper(struct rule_node *node, const char *reason)
{
	return (struct bounds){node, rule_false(), false, reason, NULL};
}

struct bounds bounds_none(const char *reason)
{
	return bounds_upper(rule_true(), reason);
}

struct bounds bounds_not(struct arena *arena, struct bounds b)
{
	/* Where the upper bound misses something, that it does not hold proves nothing. */
	struct rule_node *lower = b.misses != NULL ? rule_false() : rule_not(arena, b.upper);

	return (struct bounds){rule_not(arena, b.lower), lower, b.exact && b.misses == NULL, b.reason, NULL};
}

struct text bound_name(const struct dialect_field *row)
{
	return row->rule.length ? row->rule : row->names[0];
}

static enum value_type type_of(const struct bounding *b)
{
	return b->registry->fields[b->predicate->field].type;
}

static struct rule_node *test_of(const struct bounding *b, enum test_operator op, const struct text *values, size_t count,
	bool number)
{
	struct rule_test test = {.name = bound_name(b->row), .op = op, .values = values, .count = count, .number = number};

	return rule_test(b->arena, &test);
}

/* --- presence --- */

/* Values that mean missing: the dialect's, then the row's. */
static size_t marker_count(const struct bounding *b)
{
	return b->dialect->missing_count + b->row->missing_count;
}

static struct text marker(const struct bounding *b, size_t index)
{
	size_t common = b->dialect->missing_count;

	return index < common ? b->dialect->missing[index] : b->row->missing[index - common];
}

static bool number_fits(struct text text)
{
	int64_t number;

	return text_to_long(text, &number);
}

/* The markers of the dialect that can stand where the field is missing. */
static struct rule_node *missing_marker(const struct bounding *b)
{
	bool number = type_of(b) == TYPE_LONG;
	struct text *values = NULL;
	size_t count = 0;

	for (size_t i = 0; i < marker_count(b); i++) {
		if (number && !number_fits(marker(b, i)))
			continue;
		values = arena_grow(b->arena, values, count, sizeof(*values));
		values[count++] = marker(b, i);
	}
	return test_of(b, TEST_EQUAL, values, count, number);
}

static struct rule_node *present(const struct bounding *b)
{
	struct rule_node *there = test_of(b, TEST_PRESENT, NULL, 0, false);

	if (type_of(b) == TYPE_BOOLEAN && b->row->shape.shape != SHAPE_PRESENT)
		return there;
	return rule_both(b->arena, there, rule_not(b->arena, missing_marker(b)));
}

/* --- plain values --- */

static bool item_holds(const struct bounding *b, const struct item *item, struct text text)
{
	if (item->op != TEST_REGEX)
		return pattern_match(item_pattern(b->arena, item), text, b->predicate->fold);
	const char *error;
	size_t offset;
	struct regex *regex = regex_compile(item->text, b->predicate->fold, &error, &offset);

	if (regex == NULL)
		return true;
	struct regex_match *match = regex_match_new();
	bool limited = false;
	bool holds = regex_holds(regex, match, text, &limited);

	regex_match_free(match);
	regex_free(regex);
	return holds || limited;
}

/* A pattern must not take a marker of missing values for a value. */
static struct rule_node *without_markers(const struct bounding *b, const struct items *items, struct rule_node *node)
{
	struct rule_node *not_marked = rule_true();

	for (size_t m = 0; m < marker_count(b); m++) {
		bool hit = false;

		for (size_t i = 0; i < items->count && !hit; i++)
			hit = item_holds(b, &items->items[i], marker(b, m));
		if (hit)
			not_marked = rule_both(b->arena, not_marked,
				rule_not(b->arena, rule_one(b->arena, bound_name(b->row), TEST_EQUAL, marker(b, m))));
	}
	return rule_both(b->arena, node, not_marked);
}

static const char reason_alias[] = "a path under /var/run is read as one under /run, which the pattern cannot tell from others";

static struct bounds text_plain(const struct bounding *b)
{
	struct items items = items_of(b);
	struct gathered g;

	gather_begin(&g, b);
	for (size_t i = 0; i < items.count; i++) {
		if (items.items[i].op == TEST_EQUAL && dialect_field_is_missing(b->dialect, b->row, items.items[i].text))
			continue;
		gather(&g, items.items[i].op, items.items[i].text, items.items[i].sure);
	}
	struct bounds bounds = gather_end(&g, reason_alias);

	if (b->predicate->op == OPERATOR_EQUAL && !b->predicate->fold)
		return bounds;
	bounds.upper = without_markers(b, &items, bounds.upper);
	bounds.lower = without_markers(b, &items, bounds.lower);
	return bounds;
}

static const enum test_operator number_operators[] = {
	[OPERATOR_EQUAL] = TEST_EQUAL,
	[OPERATOR_LESS] = TEST_LESS,
	[OPERATOR_LESS_EQUAL] = TEST_LESS_EQUAL,
	[OPERATOR_GREATER] = TEST_GREATER,
	[OPERATOR_GREATER_EQUAL] = TEST_GREATER_EQUAL,
};

static struct bounds value_plain(const struct bounding *b)
{
	const struct predicate *p = b->predicate;
	struct text *values = arena_array(b->arena, p->count, sizeof(*values));
	size_t count = 0;

	for (size_t i = 0; i < p->count; i++) {
		if (!dialect_field_is_missing(b->dialect, b->row, p->values[i].text))
			values[count++] = p->values[i].text;
	}
	if (p->op == OPERATOR_CIDR)
		return bounds_exact(test_of(b, TEST_CIDR, values, count, false));
	struct rule_node *node = test_of(b, number_operators[p->op], values, count, type_of(b) != TYPE_IP);

	if (p->op == OPERATOR_EQUAL || (type_of(b) != TYPE_LONG && !p->number))
		return bounds_exact(node);
	return bounds_exact(rule_both(b->arena, node, rule_not(b->arena, missing_marker(b))));
}

static struct bounds shape_plain(const struct bounding *b)
{
	const struct predicate *p = b->predicate;
	bool ordered = p->op >= OPERATOR_LESS && p->op <= OPERATOR_GREATER_EQUAL;

	switch (type_of(b)) {
	case TYPE_KEYWORD:
		if (p->number || p->op == OPERATOR_CIDR)
			return value_plain(b);
		return ordered ? bounds_none("texts cannot be compared by order in rules") : text_plain(b);
	case TYPE_LONG:
	case TYPE_BOOLEAN:
	case TYPE_IP:
		return value_plain(b);
	case TYPE_DATE:
		break;
	}
	return bounds_none("times are not judged by rules");
}

/* --- lists in one text --- */

static const char reason_joined[] = "arguments are joined by blanks there, so one argument cannot be told from a part of another";

/* The item as a word among words. */
static void gather_word(struct gathered *g, const struct item *item, struct text separator)
{
	struct arena *arena = g->bounding->arena;
	bool open_start = item->op == TEST_ENDS || item->op == TEST_CONTAINS;
	bool open_end = item->op == TEST_STARTS || item->op == TEST_CONTAINS;
	struct text before = open_start ? TEXT("") : separator, after = open_end ? TEXT("") : separator;
	struct text left = text_of(arena_printf(arena, "%.*s%.*s", TEXT_ARGS(before), TEXT_ARGS(item->text)));
	struct text right = text_of(arena_printf(arena, "%.*s%.*s", TEXT_ARGS(item->text), TEXT_ARGS(after)));
	struct text both = text_of(arena_printf(arena, "%.*s%.*s", TEXT_ARGS(left), TEXT_ARGS(after)));

	gather(g, TEST_CONTAINS, both, false);
	if (!open_end)
		gather(g, TEST_ENDS, left, false);
	if (!open_start)
		gather(g, TEST_STARTS, right, false);
	if (!open_start && !open_end)
		gather(g, TEST_EQUAL, item->text, false);
}

static struct bounds shape_joined(const struct bounding *b)
{
	struct items items = items_of(b);
	struct gathered g;

	gather_begin(&g, b);
	g.lines = true;
	for (size_t i = 0; i < items.count; i++) {
		const struct item *item = &items.items[i];
		struct buffer regex = {0};

		if (item->op != TEST_REGEX && item->op != TEST_LIKE) {
			gather_word(&g, item, TEXT(" "));
			continue;
		}
		bool pattern = item->op == TEST_LIKE;

		buffer_string(&regex, pattern && item->text.data[0] == '*' ? "" : "(.* )?");
		if (pattern)
			rule_regex_pattern(b->arena, &regex, item->text, ".*", ".");
		else
			buffer_printf(&regex, "(%.*s)", TEXT_ARGS(item->text));
		buffer_string(&regex, pattern && text_ends(buffer_view(&regex), TEXT(".*"), false) ? "" : "( .*)?");
		gather_regex(&g, &regex, false);
		buffer_free(&regex);
	}
	return gather_end(&g, reason_joined);
}

static struct bounds shape_separated(const struct bounding *b)
{
	char separator[2] = {b->row->shape.separator ? b->row->shape.separator : ',', '\0'}, other[5];
	struct items items = items_of(b);
	struct buffer regex = {0};
	struct gathered g;

	snprintf(other, sizeof(other), "[^%c]", separator[0]);
	char any[8];

	snprintf(any, sizeof(any), "%s*", other);
	gather_begin(&g, b);
	for (size_t i = 0; i < items.count; i++) {
		const struct item *item = &items.items[i];

		buffer_string(&regex, "(.*");
		rule_regex_literal(&regex, text_of(separator));
		buffer_string(&regex, ")?");
		if (item->op == TEST_REGEX)
			buffer_printf(&regex, "(%.*s)", TEXT_ARGS(item->text));
		else
			rule_regex_pattern(b->arena, &regex, item_pattern(b->arena, item), any, other);
		buffer_char(&regex, '(');
		rule_regex_literal(&regex, text_of(separator));
		buffer_string(&regex, ".*)?");
		gather_regex(&g, &regex, item->sure && item->op != TEST_REGEX);
	}
	buffer_free(&regex);
	return gather_end(&g, "the items of the list are joined in one text there");
}

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

static struct bounds shape_capability_names(const struct bounding *b)
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
			return bounds_upper(present(b), "patterns of capability names are not judged in a joined list");
	}
	return gather_end(&g, "capability names are joined in one text there");
}

/* As somebody asked for them: with or without CAP_, in any case. */
static struct bounds shape_capability_words(const struct bounding *b)
{
	struct items items = items_plain(b);
	struct gathered g;

	gather_begin(&g, b);
	for (size_t i = 0; i < items.count; i++) {
		const struct item *item = &items.items[i];
		struct text *word = arena_alloc(b->arena, sizeof(*word));
		struct rule_test test = {.name = bound_name(b->row), .op = TEST_CONTAINS, .fold = true, .values = word, .count = 1};

		if (item->op == TEST_LIKE || item->op == TEST_REGEX || item->op == TEST_STARTS || item->op == TEST_ENDS)
			return bounds_upper(present(b), "patterns of capability names are not judged in a joined list");
		*word = text_starts(item->text, TEXT("CAP_"), true) ? text_slice(item->text, 4, item->text.length) : item->text;
		struct rule_node *node = rule_test(b->arena, &test);

		g.upper = rule_either(b->arena, g.upper, node);
		int bit = text_starts(item->text, TEXT("CAP_"), false) ? capability_bit(item->text) : -1;

		g.exact = g.exact && item->op == TEST_EQUAL && (bit >= 0 || text_is(item->text, "ALL"));
		g.lower = g.exact ? rule_either(b->arena, g.lower, node) : g.lower;
	}
	return gather_end(&g, "capability names are joined in one text there");
}

/* --- parts of a text --- */

static const char reason_cut[] = "the value is cut there, and its end cannot be seen";

static struct text full_length(const struct bounding *b)
{
	return text_of(arena_printf(b->arena, ".{%" PRIu64 "}", b->row->shape.size));
}

static struct bounds shape_truncated(const struct bounding *b)
{
	struct items items = items_of(b);
	size_t size = (size_t)b->row->shape.size;
	struct gathered g;

	gather_begin(&g, b);
	for (size_t i = 0; i < items.count; i++) {
		const struct item *item = &items.items[i];
		struct text head = text_slice(item->text, 0, item->text.length < size ? item->text.length : size);
		bool fits = item->text.length < size;

		if (item->op == TEST_EQUAL || item->op == TEST_STARTS) {
			bool whole = item->sure && (fits || (item->op == TEST_STARTS && item->text.length == size));
			gather(&g, item->op == TEST_STARTS && fits ? TEST_STARTS : TEST_EQUAL, head, whole);
		} else {
			gather(&g, item->op, item->text, false);
			gather(&g, TEST_REGEX, full_length(b), false);
		}
	}
	struct bounds bounds = gather_end(&g, reason_cut);

	bounds.upper = without_markers(b, &items, bounds.upper);
	bounds.lower = without_markers(b, &items, bounds.lower);
	return bounds;
}

static void gather_basename(struct gathered *g, const struct item *item)
{
	struct arena *arena = g->bounding->arena;
	struct buffer regex = {0};
	bool slash = text_find(item->text, '/') < item->text.length;

	if (item->op == TEST_EQUAL && slash)
		return; /* no last component holds a slash */
	if (item->op == TEST_EQUAL) {
		gather(g, TEST_ENDS, text_of(arena_printf(arena, "/%.*s", TEXT_ARGS(item->text))), true);
		gather(g, TEST_EQUAL, item->text, true);
		return;
	}
	if (item->op == TEST_ENDS && !slash) {
		gather(g, TEST_ENDS, item->text, true);
		return;
	}
	buffer_string(&regex, "(.*/)?");
	if (item->op == TEST_REGEX)
		buffer_printf(&regex, "(%.*s)", TEXT_ARGS(item->text));
	else
		rule_regex_pattern(arena, &regex, item_pattern(arena, item), "[^/]*", "[^/]");
	gather_regex(g, &regex, item->op != TEST_REGEX && !slash);
	buffer_free(&regex);
}

static struct bounds shape_basename(const struct bounding *b)
{
	struct items items = items_plain(b);
	struct gathered g;

	gather_begin(&g, b);
	for (size_t i = 0; i < items.count; i++) {
		if (items.items[i].op != TEST_EQUAL || !dialect_field_is_missing(b->dialect, b->row, items.items[i].text))
			gather_basename(&g, &items.items[i]);
	}
	struct bounds bounds = gather_end(&g, "only the whole path is there, not its last component");

	if (b->predicate->op == OPERATOR_EQUAL && !b->predicate->fold)
		return bounds;
	bounds.upper = without_markers(b, &items, bounds.upper);
	bounds.lower = without_markers(b, &items, bounds.lower);
	return bounds;
}

static struct bounds shape_dirname(const struct bounding *b)
{
	struct items items = items_of(b);
	struct buffer regex = {0};
	struct gathered g;

	gather_begin(&g, b);
	for (size_t i = 0; i < items.count; i++) {
		const struct item *item = &items.items[i];

		if (item->op == TEST_REGEX)
			buffer_printf(&regex, "(%.*s)", TEXT_ARGS(item->text));
		else if (item->op != TEST_EQUAL || !text_is(item->text, "/"))
			rule_regex_pattern(b->arena, &regex, item_pattern(b->arena, item), ".*", ".");
		buffer_string(&regex, item->op == TEST_EQUAL ? "/[^/]*" : "/?[^/]*");
		gather_regex(&g, &regex, item->op == TEST_EQUAL && item->sure);
	}
	buffer_free(&regex);
	return gather_end(&g, "only the whole path is there, not its directory");
}

/* --- values that stand for others --- */

/* Does the predicate hold where the raw value is this one? */
static bool raw_holds(const struct bounding *b, struct text raw)
{
	struct arena scratch = {0};
	struct event event;

	event_begin(&event, &scratch, b->registry);
	struct facet *facet = event_add_facet(&event, 1, b->registry->categories[1].first_action);

	shape_read(&b->row->shape, &event, facet, b->predicate->field, &raw, 1);
	bool holds = evaluate_predicate(b->evaluator, b->predicate, facet);

	arena_free(&scratch);
	return holds;
}

/* Raw values of the map for which the answer is `wanted`; *other: what it is for any other value. */
static struct rule_node *mapped_values(const struct bounding *b, bool wanted, bool *other)
{
	struct text *values = NULL;
	size_t count = 0;

	*other = false;
	for (size_t i = 0; i < b->row->shape.map_count; i++) {
		struct text raw = b->row->shape.map[i].raw;

		if (text_is(raw, "*")) { /* stands last */
			*other = raw_holds(b, raw);
			continue;
		}
		if (raw_holds(b, raw) != wanted)
			continue;
		values = arena_grow(b->arena, values, count, sizeof(*values));
		values[count++] = raw;
	}
	struct rule_test test = {.name = bound_name(b->row), .op = TEST_EQUAL, .closed = true, .values = values, .count = count};

	return rule_test(b->arena, &test);
}

/* One of the pieces that a separator joins. */
static struct bounds mapped_pieces(const struct bounding *b, const struct rule_node *pieces)
{
	char separator[2] = {b->row->shape.separator, '\0'};
	struct buffer regex = {0};
	struct gathered g;

	gather_begin(&g, b);
	for (size_t i = 0; i < pieces->test.count; i++) {
		buffer_string(&regex, i == 0 ? "(.*" : "|");
		if (i == 0) {
			rule_regex_literal(&regex, text_of(separator));
			buffer_string(&regex, ")?(");
		}
		rule_regex_literal(&regex, pieces->test.values[i]);
	}
	buffer_string(&regex, ")(");
	rule_regex_literal(&regex, text_of(separator));
	buffer_string(&regex, ".*)?");
	gather_regex(&g, &regex, true);
	buffer_free(&regex);
	g.upper->test.fold = false;
	return gather_end(&g, NULL);
}

/* Is only asked for values that the map knows? */
static bool asks_known(const struct bounding *b)
{
	const struct predicate *p = b->predicate;
	bool known = p->op == OPERATOR_EQUAL && !p->fold;

	for (size_t i = 0; known && i < p->count; i++) {
		size_t k = 0;

		while (k < b->row->shape.map_count && !text_equal(b->row->shape.map[k].value, p->values[i].text))
			k++;
		known = k < b->row->shape.map_count;
	}
	return known;
}

/* Words that the map lacks may be what is asked for. */
static struct bounds mapped_open(const struct bounding *b, struct rule_node *holding)
{
	bool other;
	struct rule_node *known = rule_either(b->arena, holding, mapped_values(b, false, &other));
	struct rule_node *unknown = rule_both(b->arena, present(b), rule_not(b->arena, known));

	return (struct bounds){rule_either(b->arena, holding, unknown), holding, false,
		"words that are not known there may stand for what is asked for", NULL};
}

/* A truth that a piece of the raw value says: it is false where no piece does. */
static struct bounds mapped_flag(const struct bounding *b)
{
	const struct predicate *p = b->predicate;
	const struct value yes = {.text = TEXT("true"), .truth = true};
	struct predicate set = {.field = p->field, .op = OPERATOR_EQUAL, .values = &yes, .count = 1};
	struct bounding asking = *b;
	bool truth = p->op == OPERATOR_EXISTS, lie = truth, other;

	asking.predicate = &set;
	struct bounds holds = mapped_pieces(&asking, mapped_values(&asking, true, &other));
	struct bounds not = bounds_not(b->arena, holds);

	for (size_t i = 0; i < p->count; i++) {
		truth = truth || p->values[i].truth;
		lie = lie || !p->values[i].truth;
	}
	if (truth && lie)
		return bounds_exact(present(b));
	if (truth)
		return holds;
	not.upper = rule_both(b->arena, present(b), not.upper);
	not.lower = rule_both(b->arena, present(b), not.lower);
	return not;
}

static struct bounds shape_mapped(const struct bounding *b)
{
	bool other;

	if (b->row->shape.separator && type_of(b) == TYPE_BOOLEAN)
		return mapped_flag(b);
	struct rule_node *holding = mapped_values(b, true, &other);

	if (b->row->shape.open && b->predicate->op == OPERATOR_EXISTS)
		return bounds_exact(present(b));
	if (b->row->shape.open && !asks_known(b))
		return mapped_open(b, holding);
	if (b->row->shape.separator && other)
		return bounds_none("a list of pieces of which others count is not judged");
	if (holding->kind == RULE_FALSE && !other)
		return bounds_exact(rule_false());
	if (b->row->shape.separator)
		return mapped_pieces(b, holding);
	if (other)
		return bounds_exact(rule_both(b->arena, present(b), rule_not(b->arena, mapped_values(b, false, &other))));
	return bounds_exact(holding);
}

static struct bounds shape_present(const struct bounding *b)
{
	const struct predicate *p = b->predicate;
	struct rule_node *node = rule_false();

	for (size_t i = 0; i < p->count; i++)
		node = rule_either(b->arena, node, p->values[i].truth ? present(b) : rule_not(b->arena, present(b)));
	return bounds_exact(node);
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
static struct bounds shape_bits(const struct bounding *b)
{
	uint64_t mask = 0;

	for (unsigned bit = 0; bit < 64; bit++) {
		if (raw_holds(b, text_of(arena_printf(b->arena, "%" PRIx64, UINT64_C(1) << bit))))
			mask |= UINT64_C(1) << bit;
	}
	return bounds_exact(mask_test(b, TEST_MASK, mask));
}

/* A boolean of a number: `node` where it is true. */
static struct bounds truth_of(const struct bounding *b, struct rule_node *node)
{
	struct rule_node *other = rule_both(b->arena, present(b), rule_not(b->arena, node)), *result = rule_false();

	for (size_t i = 0; i < b->predicate->count; i++)
		result = rule_either(b->arena, result, b->predicate->values[i].truth ? node : other);
	return bounds_exact(result);
}

static struct bounds shape_capabilities_full(const struct bounding *b)
{
	return truth_of(b, mask_test(b, TEST_MASK_ALL, full_mask()));
}

static struct bounds shape_capability_names_full(const struct bounding *b)
{
	return truth_of(b, all_names(b));
}

static struct bounds shape_bits_set(const struct bounding *b)
{
	return truth_of(b, mask_test(b, TEST_MASK, b->row->shape.size));
}

static struct bounds shape_hex(const struct bounding *b)
{
	(void)b;
	return bounds_none("the text stands in hexadecimal there");
}

static struct bounds shape_hex_number(const struct bounding *b)
{
	const struct predicate *p = b->predicate;
	struct buffer regex = {0};
	struct gathered g;

	if (p->op != OPERATOR_EQUAL)
		return bounds_none("numbers in hexadecimal cannot be compared by order");
	gather_begin(&g, b);
	for (size_t i = 0; i < p->count; i++) {
		for (const char *digit = arena_printf(b->arena, "%" PRIx64, (uint64_t)p->values[i].number); *digit; digit++) {
			if (*digit > '9')
				buffer_printf(&regex, "[%c%c]", *digit, *digit - 'a' + 'A');
			else
				buffer_char(&regex, *digit);
		}
		struct text digits = text_copy(b->arena, buffer_view(&regex));

		buffer_clear(&regex);
		buffer_printf(&regex, "(0[xX])?0*%.*s", TEXT_ARGS(digits));
		gather_regex(&g, &regex, true);
	}
	buffer_free(&regex);
	return gather_end(&g, NULL);
}

static struct bounds shape_time_bound(const struct bounding *b)
{
	(void)b;
	return bounds_none("times are not judged by rules");
}

/* --- images and mounts --- */

static struct bounds image_part(const struct bounding *b, const char *before, const char *after, const char *any)
{
	struct items items = items_plain(b);
	struct buffer regex = {0};
	struct gathered g;

	gather_begin(&g, b);
	for (size_t i = 0; i < items.count; i++) {
		const struct item *item = &items.items[i];

		buffer_string(&regex, before);
		if (item->op == TEST_REGEX)
			buffer_printf(&regex, "(%.*s)", TEXT_ARGS(item->text));
		else
			rule_regex_pattern(b->arena, &regex, item_pattern(b->arena, item), any, ".");
		buffer_string(&regex, after);
		gather_regex(&g, &regex, item->op == TEST_EQUAL);
	}
	buffer_free(&regex);
	return gather_end(&g, "the image's name and tag stand in one text there");
}

static struct bounds shape_image_name(const struct bounding *b)
{
	return image_part(b, "", "(:[^/@]*)?(@.*)?", ".*");
}

static struct bounds shape_image_tag(const struct bounding *b)
{
	return image_part(b, ".*:", "(@.*)?", "[^/@]*");
}

/* A path of a mount in a regular expression: /run may stand as /var/run. */
static void mount_path(const struct bounding *b, struct buffer *out, struct text path)
{
	if (mounts_under_run(path))
		buffer_string(out, "(/var)?");
	rule_regex_pattern(b->arena, out, path, "[^:]*", "[^:]");
}

static const char *mount_truth(unsigned modes)
{
	return modes == (MOUNT_RW | MOUNT_RO) ? "(true|false)" : modes == MOUNT_RW ? "true" : "false";
}

/* One expression for all sources that share destination and mode. */
static void gather_mounts(struct gathered *g, struct mount_pattern *patterns, size_t count, size_t first)
{
	const struct bounding *b = g->bounding;
	const struct mount_pattern lead = patterns[first];
	struct buffer regex = {0};

	buffer_string(&regex, "(.*[ ,])?(");
	for (size_t i = first; i < count; i++) {
		if (patterns[i].modes != lead.modes || !text_equal(patterns[i].destination, lead.destination))
			continue;
		if (i > first)
			buffer_char(&regex, '|');
		mount_path(b, &regex, patterns[i].source);
		patterns[i].modes = 0;
	}
	buffer_string(&regex, "):");
	mount_path(b, &regex, lead.destination);
	buffer_printf(&regex, ":[^:]*:%s:[^ ,]*([ ,].*)?", mount_truth(lead.modes));
	gather_regex(g, &regex, true);
	buffer_free(&regex);
}

static struct bounds shape_mounts(const struct bounding *b)
{
	struct items items = items_plain(b);
	struct mount_pattern *patterns = NULL;
	size_t count = 0;
	struct gathered g;

	for (size_t i = 0; i < items.count; i++) {
		if (items.items[i].op == TEST_REGEX)
			return bounds_upper(present(b), "a regular expression on mounts is not judged in a joined list");
		count = mounts_split(b->arena, item_pattern(b->arena, &items.items[i]), b->predicate->fold, &patterns, count);
	}
	gather_begin(&g, b);
	for (size_t i = 0; i < count; i++) {
		patterns[i].modes &= MOUNT_RW | MOUNT_RO; /* the engine always tells */
	}
	for (size_t i = 0; i < count; i++) {
		if (patterns[i].modes)
			gather_mounts(&g, patterns, count, i);
	}
	return gather_end(&g, NULL);
}

/* No rule looks into a query's parameters. */
static struct bounds shape_query(const struct bounding *b)
{
	return bounds_upper(present(b), "the parameters of a URL are not told apart");
}

/* --- the table --- */

typedef struct bounds (*bound_function)(const struct bounding *);

static const bound_function bound_by_shape[SHAPE_COUNT] = {
	[SHAPE_PLAIN] = shape_plain,
	[SHAPE_JOINED] = shape_joined,
	[SHAPE_SEPARATED] = shape_separated,
	[SHAPE_TRUNCATED] = shape_truncated,
	[SHAPE_BASENAME] = shape_basename,
	[SHAPE_DIRNAME] = shape_dirname,
	[SHAPE_MAPPED] = shape_mapped,
	[SHAPE_PRESENT] = shape_present,
	[SHAPE_HEX] = shape_hex,
	[SHAPE_HEX_NUMBER] = shape_hex_number,
	[SHAPE_CAPABILITIES] = shape_bits,
	[SHAPE_CAPABILITIES_FULL] = shape_capabilities_full,
	[SHAPE_CAPABILITY_NAMES] = shape_capability_names,
	[SHAPE_CAPABILITY_NAMES_FULL] = shape_capability_names_full,
	[SHAPE_CAPABILITY_WORDS] = shape_capability_words,
	[SHAPE_SECONDS] = shape_time_bound,
	[SHAPE_MILLISECONDS] = shape_time_bound,
	[SHAPE_NANOSECONDS] = shape_time_bound,
	[SHAPE_IMAGE_NAME] = shape_image_name,
	[SHAPE_IMAGE_TAG] = shape_image_tag,
	[SHAPE_MOUNTS] = shape_mounts,
	[SHAPE_CLONE_FLAGS] = shape_bits,
	[SHAPE_MOUNT_FLAGS] = shape_bits,
	[SHAPE_BITS_SET] = shape_bits_set,
	[SHAPE_POSITIONAL] = bound_positional,
	[SHAPE_MOUNT_SOURCE] = bound_mount_source,
	[SHAPE_IP_ADDRESS] = bound_ip_address,
	[SHAPE_SOCKET_ADDRESS] = bound_socket_address,
	[SHAPE_SOCKET_IP] = bound_socket_ip,
	[SHAPE_SOCKET_PORT] = bound_socket_port,
	[SHAPE_ENDPOINT] = bound_endpoint,
	[SHAPE_COMMAND_LINE] = bound_command_line,
	[SHAPE_SLASHED] = bound_slashed,
	[SHAPE_QUERY] = shape_query,
};

/* There is a value, whatever the shape makes of it. */
static struct bounds exists(const struct bounding *b)
{
	struct predicate there = {.field = b->predicate->field, .op = OPERATOR_EXISTS};
	struct bounding asking = *b;

	asking.predicate = &there;
	switch (b->row->shape.shape) {
	case SHAPE_PRESENT:
		return bounds_exact(rule_true());
	case SHAPE_MAPPED:
		return shape_mapped(&asking);
	case SHAPE_CLONE_FLAGS:
		return shape_bits(&asking);
	case SHAPE_MOUNT_SOURCE:
		return bounds_none("mounts without a host path are not there");
	case SHAPE_SOCKET_ADDRESS:
	case SHAPE_SOCKET_IP:
	case SHAPE_SOCKET_PORT:
		return bound_socket_exists(b);
	case SHAPE_QUERY:
		return shape_query(b);
	case SHAPE_IMAGE_TAG:
		return bounds_upper(present(b), "an image without a tag cannot be told from one with a tag");
	default:
		return bounds_exact(present(b));
	}
}

static struct bounds not_equal(const struct bounding *b, struct bounds equal)
{
	struct bounds there = exists(b);

	return (struct bounds){
		rule_both(b->arena, there.upper, rule_not(b->arena, equal.lower)),
		rule_both(b->arena, there.lower, rule_not(b->arena, equal.upper)),
		there.exact && equal.exact,
		equal.reason ? equal.reason : there.reason,
		NULL,
	};
}

static struct bounds bound_row(const struct bounding *b)
{
	const struct predicate *p = b->predicate;
	struct bounding positive = *b;
	struct predicate equal = *p;

	if (p->op == OPERATOR_EXISTS)
		return exists(b);
	if (p->op == OPERATOR_MISSING) {
		equal.op = OPERATOR_EXISTS;
		positive.predicate = &equal;
		return bounds_not(b->arena, exists(&positive));
	}
	if (p->length)
		return bounds_upper(present(b), "the length of a value is not judged by rules");
	if (p->number && b->row->shape.shape != SHAPE_PLAIN)
		return bounds_upper(present(b), "the number that a text is, is not judged there by rules");
	if (p->op != OPERATOR_NOT_EQUAL)
		return bound_by_shape[b->row->shape.shape](b);
	equal.op = OPERATOR_EQUAL;
	positive.predicate = &equal;
	return not_equal(&positive, bound_by_shape[b->row->shape.shape](&positive));
}

struct bounds bound_predicate(const struct bounding *b)
{
	struct bounds bounds = bound_row(b);

	if (b->row->misses.length == 0)
		return bounds;
	bounds.misses = arena_printf(b->arena, "%.*s", TEXT_ARGS(b->row->misses));
	bounds.reason = bounds.reason ? bounds.reason : bounds.misses;
	bounds.exact = false;
	if (b->predicate->op == OPERATOR_MISSING) { /* a value that is not read is not missing */
		bounds.lower = rule_false();
		bounds.misses = NULL;
	}
	return bounds;
}

/* The folder in which every match lies: what stands before the last slash of the literal beginning. */
static struct text folder_of(const struct bounding *b, const struct item *item)
{
	struct pattern_part *parts;
	struct text head = item->text;

	if (item->op == TEST_LIKE)
		head = pattern_parts(b->arena, item->text, &parts) > 0 && parts[0].kind == PATTERN_LITERAL ? parts[0].text : TEXT("");
	else if (item->op != TEST_STARTS)
		return TEXT("");
	while (head.length > 0 && head.data[head.length - 1] != '/')
		head.length--;
	return head;
}

struct rule_node *bound_approximate(const struct bounding *b)
{
	struct items items = items_plain(b); /* an inode has no aliases */
	struct gathered g;

	gather_begin(&g, b);
	if (b->predicate->op == OPERATOR_NOT_EQUAL || b->predicate->fold || b->row->approximate.length == 0)
		return rule_false();
	if (!b->registry->fields[b->predicate->field].path)
		return bound_predicate(b).upper;
	for (size_t i = 0; i < items.count; i++) {
		const struct item *item = &items.items[i];
		struct text folder = folder_of(b, item);

		if (item->op == TEST_EQUAL && item->text.length > 1 && item->text.data[0] == '/')
			gather(&g, TEST_EQUAL, item->text, false);
		else if (folder.length > 1 && folder.data[0] == '/')
			gather(&g, TEST_STARTS, folder, false);
	}
	return g.upper;
}
