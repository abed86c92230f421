/*
 * fuzz_literals: what literals.h promises. The input is an expression, a newline and a value; the first line is taken as a wildcard
 * pattern too. Where one of them matches the value, one literal of each set must hold on it.
 */
#include "catalog/pattern.h"
#include "catalog/regex.h"
#include "replay/engine/literals.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool holds(const struct required_literal *literal, struct text value)
{
	switch (literal->kind) {
	case TRIGGER_EQUAL:
		return literal->fold ? text_equal_fold(value, literal->text) : text_equal(value, literal->text);
	case TRIGGER_STARTS:
		return text_starts(value, literal->text, literal->fold);
	case TRIGGER_ENDS:
		return text_ends(value, literal->text, literal->fold);
	default:
		return text_contains(value, literal->text, literal->fold);
	}
}

static void check(const struct literal_sets *sets, bool matches, struct text value)
{
	for (size_t s = 0; s < sets->count; s++) {
		bool one = sets->items[s].count == 0;
		for (size_t i = 0; i < sets->items[s].count && !one; i++)
			one = holds(&sets->items[s].items[i], value);
		if (sets->items[s].count == 0 || (matches && !one))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text input = {(const char *)data, size};
	size_t newline = text_find(input, '\n');
	struct text pattern = text_slice(input, 0, newline), value = text_slice(input, newline + 1, size);
	struct regex_match *match = regex_match_new();
	struct arena arena = {0};

	for (int fold = 0; fold < 2; fold++) {
		const char *error = NULL;
		size_t offset = 0;
		struct literal_sets sets;
		struct regex *regex = regex_compile(pattern, fold, &error, &offset);
		literals_of_regex(&arena, pattern, fold, &sets);
		if (regex != NULL)
			check(&sets, regex_holds(regex, match, value, NULL), value);
		literals_of_pattern(&arena, pattern, fold, &sets);
		check(&sets, pattern_match(pattern, value, fold), value);
		regex_free(regex);
	}
	regex_match_free(match);
	arena_free(&arena);
	return 0;
}
