/* sight: records as a target's sensor shows them, and tests of raw names on them. */
#include "generator/sight.h"

#include "catalog/pattern.h"

#include <string.h>

/* --- making --- */

struct sight *sight_add(struct arena *arena, struct sights *sights, const struct facet *facet, struct text kind)
{
	sights->items = arena_grow(arena, sights->items, sights->count, sizeof(*sights->items));
	struct sight *sight = &sights->items[sights->count++];

	*sight = (struct sight){.kind = kind, .facet = facet};
	return sight;
}

static void set_named(struct arena *arena, struct sight *sight, struct text name, const struct text *values, size_t count)
{
	if (sight_get(sight, name) != NULL)
		return;
	sight->values = arena_grow(arena, sight->values, sight->count, sizeof(*sight->values));
	sight->values[sight->count++] = (struct sight_value){name, values, count};
}

void sight_set_list(struct arena *arena, struct sight *sight, const char *name, const struct text *values, size_t count)
{
	set_named(arena, sight, text_of(name), values, count);
}

void sight_set(struct arena *arena, struct sight *sight, const char *name, struct text value)
{
	if (value.length == 0)
		return;
	struct text *kept = arena_alloc(arena, sizeof(*kept));

	*kept = value;
	sight_set_list(arena, sight, name, kept, 1);
}

void sight_set_number(struct arena *arena, struct sight *sight, const char *name, int64_t number)
{
	sight_set(arena, sight, name, text_of(arena_printf(arena, "%lld", (long long)number)));
}

/* Asked for each test of each rule on each record: names that differ mostly do so in length or at their end. */
const struct sight_value *sight_get(const struct sight *sight, struct text name)
{
	for (size_t i = 0; i < sight->count; i++) {
		struct text own = sight->values[i].name;

		if (own.length == name.length
			&& (name.length == 0 || (own.data[name.length - 1] == name.data[name.length - 1] && text_equal(own, name))))
			return &sight->values[i];
	}
	return NULL;
}

void sight_set_natives(struct arena *arena, struct sight *sight, const struct registry *registry, struct text dialect)
{
	for (size_t i = 0; i < sight->facet->count; i++) {
		const struct facet_entry *entry = &sight->facet->entries[i];
		const struct field *field = &registry->fields[entry->field];

		if (!field_native(field, dialect))
			continue;
		struct text *texts = arena_array(arena, entry->values.count + 1, sizeof(*texts));

		for (size_t k = 0; k < entry->values.count; k++)
			texts[k] = entry->values.items[k].text;
		set_named(arena, sight, field->name, texts, entry->values.count);
	}
}

void sight_print(const struct sight *sight, struct buffer *out)
{
	if (sight->kind.length > 0)
		buffer_printf(out, "(%.*s)\n", TEXT_ARGS(sight->kind));
	for (size_t i = 0; i < sight->count; i++) {
		const struct sight_value *value = &sight->values[i];

		buffer_printf(out, "%.*s=%s", TEXT_ARGS(value->name), value->count == 1 ? "" : "[");
		for (size_t k = 0; k < value->count; k++) {
			buffer_string(out, k > 0 ? ", " : "");
			buffer_text(out, value->values[k]);
		}
		buffer_string(out, value->count == 1 ? "\n" : "]\n");
	}
}

/* --- asking --- */

static bool ordered(enum test_operator op, int order)
{
	switch (op) {
	case TEST_LESS:
		return order < 0;
	case TEST_LESS_EQUAL:
		return order <= 0;
	case TEST_GREATER:
		return order > 0;
	case TEST_GREATER_EQUAL:
		return order >= 0;
	default:
		return order == 0;
	}
}

/* Numbers by their size; what is none (true, false) is only equal to itself. */
static bool number_fits(const struct rule_test *test, struct text have, struct text want)
{
	int64_t a, b;

	if (!text_to_long(have, &a) || !text_to_long(want, &b))
		return test->op == TEST_EQUAL && text_equal(have, want);
	return ordered(test->op, a < b ? -1 : a > b);
}

static bool mask_fits(const struct rule_test *test, struct text have, struct text want)
{
	uint64_t bits, mask;

	if (!text_to_ulong_base(have, test->hex ? 16 : 10, &bits) || !text_to_ulong_base(want, 10, &mask))
		return false;
	return test->op == TEST_MASK ? (bits & mask) != 0 : (bits & mask) == mask;
}

static bool cidr_fits(struct text have, struct text want)
{
	struct ip ip;
	struct cidr cidr;

	return ip_parse(have, &ip) && cidr_parse(want, &cidr) && cidr_holds(&cidr, &ip);
}

static bool value_fits(struct evaluator *evaluator, const struct rule_test *test, struct text have, struct text want)
{
	switch (test->op) {
	case TEST_PRESENT:
		return true;
	case TEST_EQUAL:
		if (test->number)
			return number_fits(test, have, want);
		return test->fold ? text_equal_fold(have, want) : text_equal(have, want);
	case TEST_LIKE:
		return pattern_match(want, have, test->fold);
	case TEST_REGEX:
		return evaluate_regex(evaluator, want, test->fold, have);
	case TEST_STARTS:
		return text_starts(have, want, test->fold);
	case TEST_ENDS:
		return text_ends(have, want, test->fold);
	case TEST_CONTAINS:
		return text_contains(have, want, test->fold);
	case TEST_CIDR:
		return cidr_fits(have, want);
	case TEST_MASK:
	case TEST_MASK_ALL:
		return mask_fits(test, have, want);
	default:
		return number_fits(test, have, want);
	}
}

static bool value_holds(struct evaluator *evaluator, const struct rule_test *test, const struct sight *sight,
	const struct sight_value *value)
{
	const struct sight_value *other = test->other.length > 0 ? sight_get(sight, test->other) : NULL;
	const struct text *wants = test->other.length == 0 ? test->values : other != NULL ? other->values : NULL;
	size_t want_count = test->other.length == 0 ? test->count : other != NULL ? other->count : 0;

	for (size_t i = 0; i < value->count; i++) {
		for (size_t k = 0; k < want_count; k++) {
			if (value_fits(evaluator, test, value->values[i], wants[k]))
				return true;
		}
	}
	return false;
}

bool sight_test(struct evaluator *evaluator, const struct rule_test *test, const struct sight *sight)
{
	if (test->name.length > 0) {
		const struct sight_value *value = sight_get(sight, test->name);

		return value != NULL && (test->op == TEST_PRESENT || value_holds(evaluator, test, sight, value));
	}
	for (size_t i = 0; i < sight->count; i++) {
		if (value_holds(evaluator, test, sight, &sight->values[i]))
			return true;
	}
	return false;
}

bool sight_holds(struct evaluator *evaluator, const struct rule_node *node, const struct sight *sight)
{
	bool all = node->kind == RULE_AND;

	switch (node->kind) {
	case RULE_FALSE:
	case RULE_TRUE:
		return node->kind == RULE_TRUE;
	case RULE_TEST:
		return sight_test(evaluator, &node->test, sight);
	case RULE_NOT:
		return !sight_holds(evaluator, node->children[0], sight);
	default:
		for (size_t i = 0; i < node->count; i++) {
			if (sight_holds(evaluator, node->children[i], sight) != all)
				return !all;
		}
		return all;
	}
}
