/* modifier: values are read, changed (change.h) and become tests. */
#include "generator/sigma/modifier.h"

#include "catalog/pattern.h"
#include "catalog/value.h"
#include "generator/sigma/change.h"

static bool fail(struct item *item, const char *sentence)
{
	return sigma_fault(item->reading, item->place, "%s", sentence);
}

/* --- reading values --- */

static bool read_value(struct item *item, const struct yaml *node, bool raw, struct meant *value)
{
	struct scalar scalar;
	const char *error = NULL;

	if (raw && node->kind == YAML_SCALAR) { /* expressions are texts, and know no escapes of Sigma's */
		*value = (struct meant){SCALAR_TEXT, node->text};
		return true;
	}
	if (!scalar_read(item->reading->arena, node, &scalar, &error))
		return sigma_fault(item->reading, node->place, "%s", error);
	*value = (struct meant){scalar.kind, scalar.text};
	if (scalar.kind == SCALAR_TEXT)
		value->text = scalar_pattern(item->reading->arena, scalar.text);
	return true;
}

static bool read_values(struct item *item, const struct yaml *node, bool raw)
{
	const struct yaml *values = node->kind == YAML_SEQUENCE ? node->items : node;

	item->count = node->kind == YAML_SEQUENCE ? node->count : 1;
	item->total = item->count;
	item->groups = arena_array(item->reading->arena, item->count + 1, sizeof(*item->groups));
	struct meant *room = arena_array(item->reading->arena, item->count + 1, sizeof(*room));

	for (size_t i = 0; i < item->count; i++) {
		item->groups[i] = (struct group){&room[i], 1};
		if (!read_value(item, &values[i], raw, &room[i]))
			return false;
	}
	return true;
}

/* --- tests --- */

/* A pattern without what a plainer test says: *a* is CONTAINS a. */
static struct rule_test test_of_pattern(struct arena *arena, struct text pattern)
{
	size_t begin = 0, end = 0, stars = 0;
	bool inner = false, pending = false;

	while (begin < pattern.length && pattern.data[begin] == '*')
		begin++;
	for (size_t i = begin; i < pattern.length; i++) {
		char byte = pattern.data[i];

		if (byte == '*') {
			stars++;
			pending = true;
			continue;
		}
		inner = inner || pending || byte == '?';
		pending = false;
		i += byte == '\\' && i + 1 < pattern.length;
		end = i + 1;
	}
	bool before = begin > 0, behind = pending;
	enum test_operator op = before && behind ? TEST_CONTAINS : before ? TEST_ENDS : behind ? TEST_STARTS : TEST_EQUAL;
	struct text middle = text_slice(pattern, begin, end > begin ? end : begin);

	if (begin == pattern.length && before)
		return (struct rule_test){.op = TEST_PRESENT};
	struct text *value = arena_alloc(arena, sizeof(*value));

	*value = inner ? text_slice(pattern, before ? begin - 1 : 0, behind ? end + 1 : end) : pattern_unescape(arena, middle);
	return (struct rule_test){.op = inner ? TEST_LIKE : op, .values = value, .count = 1};
}

static struct rule_test test_of_text(struct item *item, struct text pattern)
{
	struct arena *arena = item->reading->arena;
	bool keyword = item->name.length == 0;
	struct rule_test test = test_of_pattern(arena, keyword ? change_starred(arena, pattern, BEFORE | BEHIND) : pattern);

	test.fold = !item->cased && test.op != TEST_PRESENT;
	return test;
}

static bool test_of_regex(struct item *item, struct text regex, struct rule_test *test)
{
	struct search search;
	const char *error = NULL;
	struct text *value = arena_alloc(item->reading->arena, sizeof(*value));

	if (!search_convert(item->reading->arena, regex, item->flags, &search, &error))
		return fail(item, error);
	*value = search.text;
	*test = (struct rule_test){.op = search.op, .fold = search.fold, .values = value, .count = 1};
	if (search.text.length == 0 && search.op != TEST_EQUAL && search.op != TEST_REGEX)
		*test = (struct rule_test){.op = TEST_PRESENT};
	return true;
}

static bool test_of_network(struct item *item, struct text network, struct rule_test *test)
{
	struct cidr cidr;
	struct text *value = arena_alloc(item->reading->arena, sizeof(*value));

	if (!cidr_parse(network, &cidr))
		return sigma_fault(item->reading, item->place, "%.*s is no network, or has bits set behind its mask", TEXT_ARGS(network));
	*value = network;
	*test = (struct rule_test){.op = TEST_CIDR, .values = value, .count = 1};
	return true;
}

static struct rule_test test_of_field(const struct item *item, struct text name)
{
	enum test_operator op = item->starts && item->ends ? TEST_CONTAINS
		: item->starts				   ? TEST_STARTS
		: item->ends				   ? TEST_ENDS
							   : TEST_EQUAL;

	return (struct rule_test){.op = op, .fold = !item->cased, .other = name};
}

static bool test_of(struct item *item, const struct meant *value, struct rule_test *test)
{
	struct text *text = arena_alloc(item->reading->arena, sizeof(*text));

	*text = value->text;
	switch (item->form) {
	case FORM_REGEX:
		return test_of_regex(item, value->text, test);
	case FORM_CIDR:
		return test_of_network(item, value->text, test);
	case FORM_FIELD:
		*test = test_of_field(item, pattern_unescape(item->reading->arena, value->text));
		return true;
	case FORM_COMPARED:
		*test = (struct rule_test){.op = item->compare, .number = true, .values = text, .count = 1};
		return true;
	default:
		break;
	}
	if (value->kind == SCALAR_TEXT) {
		*test = test_of_text(item, value->text);
		return true;
	}
	bool number = value->kind == SCALAR_NUMBER || value->kind == SCALAR_TRUTH;

	*test = (struct rule_test){.op = item->name.length ? TEST_EQUAL : TEST_CONTAINS, .fold = !number || item->name.length == 0,
		.number = number && item->name.length > 0, .values = text, .count = 1};
	return true;
}

/* --- the item --- */

/* Tests of one question that are gathered under an OR. */
struct gathered {
	struct rule_test *tests;
	size_t count;
	struct rule_node *others; /* that there is no value, or any */
};

static bool has_value(const struct rule_test *test, struct text value)
{
	bool fold = test->fold && test->op != TEST_REGEX;

	for (size_t i = 0; i < test->count; i++) {
		if (fold ? text_equal_fold(test->values[i], value) : text_equal(test->values[i], value))
			return true;
	}
	return false;
}

static void gather(struct item *item, struct gathered *all, const struct rule_test *test)
{
	struct arena *arena = item->reading->arena;

	for (size_t i = 0; i < all->count; i++) {
		struct rule_test *known = &all->tests[i];

		if (known->op != test->op || known->fold != test->fold || known->number != test->number || test->count == 0)
			continue;
		if (has_value(known, test->values[0]))
			return;
		known->values = arena_grow(arena, (struct text *)known->values, known->count, sizeof(struct text));
		((struct text *)known->values)[known->count++] = test->values[0];
		return;
	}
	all->tests = arena_grow(arena, all->tests, all->count, sizeof(*all->tests));
	all->tests[all->count] = *test;
	if (test->count == 1) { /* arena_grow must have made it, to let it grow */
		struct text *values = arena_grow(arena, NULL, 0, sizeof(*values));

		values[0] = test->values[0];
		all->tests[all->count].values = values;
	}
	all->count++;
}

static struct rule_node *presence(struct item *item, bool there)
{
	struct rule_test test = {.name = item->name, .op = TEST_PRESENT};
	struct rule_node *node = item->name.length ? rule_test(item->reading->arena, &test) : rule_true();

	return there ? node : rule_not(item->reading->arena, node);
}

static bool gather_value(struct item *item, struct gathered *all, const struct meant *value)
{
	struct arena *arena = item->reading->arena;
	struct rule_test test;

	if (item->form == FORM_EXISTS || (value->kind == SCALAR_NULL && item->form == FORM_PLAIN)) {
		if (item->name.length == 0)
			return fail(item, "a null needs a field");
		bool there = item->form == FORM_EXISTS && text_is(value->text, "true");

		all->others = rule_either(arena, all->others, presence(item, there));
		return true;
	}
	if (!test_of(item, value, &test))
		return false;
	test.name = item->name;
	if (test.op == TEST_PRESENT)
		all->others = rule_either(arena, all->others, presence(item, true));
	else
		gather(item, all, &test);
	return true;
}

static struct rule_node *gathered_node(struct item *item, const struct gathered *all)
{
	struct rule_node **nodes = arena_array(item->reading->arena, all->count + 1, sizeof(*nodes));

	for (size_t i = 0; i < all->count; i++)
		nodes[i] = rule_test(item->reading->arena, &all->tests[i]);
	nodes[all->count] = all->others;
	return rule_or(item->reading->arena, nodes, all->count + 1);
}

static struct rule_node *item_node(struct item *item)
{
	struct arena *arena = item->reading->arena;
	struct rule_node **nodes = arena_array(arena, item->count + 1, sizeof(*nodes));
	struct gathered all = {NULL, 0, rule_false()};

	if (item->count == 0)
		return item->name.length ? presence(item, false) : (fail(item, "the list of keywords is empty"), NULL);
	for (size_t i = 0; i < item->count; i++) {
		for (size_t k = 0; k < item->groups[i].count; k++) {
			if (!gather_value(item, &all, &item->groups[i].values[k]))
				return NULL;
		}
		if (!item->all)
			continue;
		nodes[i] = gathered_node(item, &all);
		all = (struct gathered){NULL, 0, rule_false()};
	}
	struct rule_node *node = item->all ? rule_and(arena, nodes, item->count) : gathered_node(item, &all);

	return item->negated ? rule_not(arena, node) : node;
}

static bool has_modifier(const struct text *pieces, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (text_is(pieces[i], name))
			return true;
	}
	return false;
}

struct rule_node *modifier_item(struct sigma_reading *reading, struct text key, struct place place, const struct yaml *value)
{
	size_t bar = text_find(key, '|');
	struct item item = {.reading = reading, .place = place, .name = text_slice(key, 0, bar)};
	struct text *names = NULL;
	size_t count = bar < key.length ? text_split(reading->arena, text_slice(key, bar + 1, key.length), '|', &names) : 0;

	if (value->kind == YAML_MAPPING) {
		sigma_fault(reading, place, "the value of %.*s is a mapping", TEXT_ARGS(key));
		return NULL;
	}
	if (!read_values(&item, value, has_modifier(names, count, "re")))
		return NULL;
	for (size_t i = 0; i < count; i++) {
		if (!change_apply(&item, names[i]))
			return NULL;
	}
	return item_node(&item);
}
