/* ruling: what the generator's unit tests share. */
#include "tests/unit/ruling.h"

#include "catalog/pattern.h"
#include "catalog/regex.h"
#include "generator/falco/condition.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void raw_set(struct raw_record *record, const char *name, struct text value)
{
	record->items[record->count++] = (struct raw){name, value};
}

static const struct text *raw_get(const struct raw_record *record, struct text name)
{
	for (size_t i = 0; i < record->count; i++) {
		if (text_is(name, record->items[i].name))
			return &record->items[i].value;
	}
	return NULL;
}

static bool regex_of(struct text pattern, struct text value, bool fold)
{
	const char *error = NULL;
	size_t offset = 0;
	struct regex *regex = regex_compile(pattern, fold, &error, &offset);
	bool limited = false;

	CU_ASSERT_PTR_NOT_NULL_FATAL(regex);
	struct regex_match *match = regex_match_new();
	bool holds = regex_holds(regex, match, value, &limited);

	regex_match_free(match);
	regex_free(regex);
	return holds;
}

static bool number_of(const struct rule_test *test, struct text value, struct text asked)
{
	int64_t have, want;

	if (!text_to_long(value, &have) || !text_to_long(asked, &want))
		return test->op == TEST_EQUAL && text_equal(value, asked);
	switch (test->op) {
	case TEST_EQUAL:
		return have == want;
	case TEST_LESS:
		return have < want;
	case TEST_LESS_EQUAL:
		return have <= want;
	case TEST_GREATER:
		return have > want;
	default:
		return have >= want;
	}
}

static bool mask_of(const struct rule_test *test, struct text value, struct text asked)
{
	uint64_t have = 0, want = 0;

	if (!text_to_ulong_base(value, test->hex ? 16 : 10, &have) || !text_to_ulong_base(asked, 10, &want))
		return false;
	return test->op == TEST_MASK ? (have & want) != 0 : (have & want) == want;
}

static bool value_of(const struct rule_test *test, struct text value, struct text asked, bool fold)
{
	if (test->number)
		return number_of(test, value, asked);
	switch (test->op) {
	case TEST_EQUAL:
		return fold ? text_equal_fold(value, asked) : text_equal(value, asked);
	case TEST_STARTS:
		return text_starts(value, asked, fold);
	case TEST_ENDS:
		return text_ends(value, asked, fold);
	case TEST_CONTAINS:
		return text_contains(value, asked, fold);
	case TEST_LIKE:
		return pattern_match(asked, value, fold);
	case TEST_REGEX:
		return regex_of(asked, value, test->fold);
	case TEST_MASK:
	case TEST_MASK_ALL:
		return mask_of(test, value, asked);
	default:
		return number_of(test, value, asked);
	}
}

static bool test_holds(const struct rule_test *test, const struct raw_record *record, bool folds)
{
	const struct text *value = raw_get(record, test->name);

	if (value == NULL || test->op == TEST_PRESENT)
		return value != NULL;
	for (size_t i = 0; i < test->count; i++) {
		if (value_of(test, *value, test->values[i], test->fold || folds))
			return true;
	}
	return false;
}

bool ruling_holds(const struct rule_node *node, const struct raw_record *record, bool folds)
{
	bool any = node->kind == RULE_AND;

	switch (node->kind) {
	case RULE_TRUE:
	case RULE_FALSE:
		return node->kind == RULE_TRUE;
	case RULE_TEST:
		return test_holds(&node->test, record, folds);
	case RULE_NOT:
		return !ruling_holds(node->children[0], record, folds);
	default:
		for (size_t i = 0; i < node->count; i++) {
			if (ruling_holds(node->children[i], record, folds) != any)
				return !any;
		}
		return any;
	}
}

struct text ruling_print(struct arena *arena, const struct rule_node *node)
{
	struct buffer out = {0};

	falco_print(&out, node, NULL);
	struct text text = text_copy(arena, buffer_view(&out));

	buffer_free(&out);
	return text;
}

void ruling_begin(struct ruling *ruling, const char *dialect)
{
	*ruling = (struct ruling){.catalog = mem_alloc(sizeof(struct catalog))};
	memset(ruling->catalog, 0, sizeof(struct catalog));
	ruling->catalog->registry = *unit_registry(&ruling->arena);
	ruling->catalog->scope.registry = &ruling->catalog->registry;
	ruling->dialect = dialect_load(&ruling->arena, &ruling->catalog->registry, unit_yaml(&ruling->arena, dialect),
		&ruling->diagnostics);
	diagnostics_print(&ruling->diagnostics, stderr);
	CU_ASSERT_PTR_NOT_NULL_FATAL(ruling->dialect);
}

void ruling_end(struct ruling *ruling)
{
	diagnostics_free(&ruling->diagnostics);
	arena_free(&ruling->arena);
	free(ruling->catalog);
}

struct condition *ruling_condition(struct ruling *ruling, const char *source)
{
	struct condition *condition = condition_parse(&ruling->arena, &ruling->catalog->scope, text_of(source),
		(struct place){"test", 1, 1}, 0, text_of(source), &ruling->diagnostics);

	if (condition == NULL)
		diagnostics_print(&ruling->diagnostics, stderr);
	CU_ASSERT_PTR_NOT_NULL_FATAL(condition);
	condition->name = TEXT("asked");
	return condition;
}

struct lowered *ruling_lower(struct ruling *ruling, const char *target, const char *source, const char *except)
{
	struct lowered *lowered = arena_alloc(&ruling->arena, sizeof(*lowered));
	struct detection *detection = arena_alloc(&ruling->arena, sizeof(*detection));
	struct exception *exception = arena_alloc(&ruling->arena, sizeof(*exception));
	const struct exception **exceptions = arena_array(&ruling->arena, 1, sizeof(*exceptions));
	struct lowering lowering = {.arena = &ruling->arena, .catalog = ruling->catalog, .target = target_find(text_of(target)),
		.dialect = ruling->dialect, .exceptions = exceptions, .exception_count = except != NULL};

	if (except != NULL)
		exception->condition = ruling_condition(ruling, except);
	exceptions[0] = exception;
	lower_condition(&lowering, detection, ruling_condition(ruling, source), lowered);
	return lowered;
}

uint64_t ruling_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}
