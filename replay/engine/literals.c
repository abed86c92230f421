/* literals: choosing among sets, and wildcard patterns. Expressions are read in literals_regex.c. */
#include "replay/engine/literals_regex.h"

#include "catalog/pattern.h"
#include "catalog/regex.h"

/* A text is somewhere in a value about so much more often than at one place of it. */
enum { PLACES = 32, EQUAL_GAIN = 8 };

static const enum string_side sides[] = {
	[TRIGGER_EQUAL] = STRING_SIDE_ANY, [TRIGGER_STARTS] = STRING_SIDE_START,
	[TRIGGER_ENDS] = STRING_SIDE_END, [TRIGGER_CONTAINS] = STRING_SIDE_ANY,
};

static double share_of(enum trigger_kind kind, struct string_set strings)
{
	double share = string_set_share(strings);
	if (kind == TRIGGER_CONTAINS)
		share *= PLACES;
	if (kind == TRIGGER_EQUAL)
		share /= EQUAL_GAIN;
	return share < 1 ? share : 1;
}

/* In its place by share; the worst falls out where there are too many. */
static void insert(struct literal_sets *sets, struct literal_set set)
{
	size_t at = sets->count;
	while (at > 0 && sets->items[at - 1].share > set.share)
		at--;
	if (at == LITERAL_SETS_MAX)
		return;
	if (sets->count < LITERAL_SETS_MAX)
		sets->count++;
	for (size_t i = sets->count - 1; i > at; i--)
		sets->items[i] = sets->items[i - 1];
	sets->items[at] = set;
}

void literal_sets_add(struct arena *arena, struct literal_sets *sets, enum trigger_kind kind, struct string_set strings)
{
	for (size_t i = 0; i < strings.count; i++)
		if (!strings.items[i].text.length && kind != TRIGGER_EQUAL)
			return;
	if (!strings.count)
		return;
	struct string_set kept = {arena_array(arena, strings.count, sizeof(struct string)), strings.count};
	memcpy(kept.items, strings.items, strings.count * sizeof *strings.items);
	if (kind != TRIGGER_EQUAL)
		string_set_reduce(&kept, sides[kind]);
	struct required_literal *items = arena_array(arena, kept.count, sizeof *items);
	for (size_t i = 0; i < kept.count; i++)
		items[i] = (struct required_literal){kind, kept.items[i].fold, text_copy(arena, kept.items[i].text)};
	insert(sets, (struct literal_set){items, kept.count, share_of(kind, kept)});
}

static enum trigger_kind kind_of_part(size_t part, size_t count)
{
	if (count == 1)
		return TRIGGER_EQUAL;
	return part == 0 ? TRIGGER_STARTS : part == count - 1 ? TRIGGER_ENDS
							      : TRIGGER_CONTAINS;
}

void literals_of_pattern(struct arena *arena, struct text pattern, bool fold, struct literal_sets *sets)
{
	struct pattern_part *parts;
	size_t count = pattern_parts(arena, pattern, &parts);
	sets->count = 0;
	if (!count)
		literal_sets_add(arena, sets, TRIGGER_EQUAL, string_set_of(arena, TEXT(""), fold));
	for (size_t i = 0; i < count; i++)
		if (parts[i].kind == PATTERN_LITERAL)
			literal_sets_add(arena, sets, kind_of_part(i, count), string_set_of(arena, parts[i].text, fold));
}

void literals_of(struct arena *arena, const struct predicate *predicate, size_t index, struct literal_sets *sets)
{
	sets->count = 0;
	if (predicate->other != FIELD_NONE || predicate->length || predicate->number || index >= predicate->count)
		return;
	struct text text = predicate->values[index].text;
	switch (predicate->op) {
	case OPERATOR_LIKE:
		literals_of_pattern(arena, text, predicate->fold, sets);
		break;
	case OPERATOR_REGEX:
		literals_of_regex(arena, regex_pattern(predicate->regexes[index]), predicate->fold, sets);
		break;
	case OPERATOR_STARTS:
		literal_sets_add(arena, sets, TRIGGER_STARTS, string_set_of(arena, text, predicate->fold));
		break;
	case OPERATOR_ENDS:
		literal_sets_add(arena, sets, TRIGGER_ENDS, string_set_of(arena, text, predicate->fold));
		break;
	case OPERATOR_CONTAINS:
		literal_sets_add(arena, sets, TRIGGER_CONTAINS, string_set_of(arena, text, predicate->fold));
		break;
	default:
		break;
	}
}
