/*
 * fuzz_triggers: the index of triggers at every level of the machine against one comparison after the other. Each line of the
 * input is a literal, its first byte says of which kind and whether it folds; what stands behind an empty line are two values.
 */
#include "replay/engine/trigger_index.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TRIGGERS_MAX = 200, FIELD = 1 };

static struct trigger trigger_of(struct text line)
{
	static const enum trigger_kind kinds[] = {TRIGGER_CONTAINS, TRIGGER_EQUAL, TRIGGER_STARTS, TRIGGER_ENDS};
	unsigned first = (unsigned char)line.data[0];
	return (struct trigger){.field = FIELD, .kind = kinds[first % 4], .fold = first & 4, .text = text_slice(line, 1, line.length)};
}

static bool value_holds(const struct trigger *t, struct text value)
{
	switch (t->kind) {
	case TRIGGER_EQUAL:
		return t->fold ? text_equal_fold(value, t->text) : text_equal(value, t->text);
	case TRIGGER_STARTS:
		return text_starts(value, t->text, t->fold);
	case TRIGGER_ENDS:
		return text_ends(value, t->text, t->fold);
	default:
		return text_contains(value, t->text, t->fold);
	}
}

static void check_level(enum simd_level level, const struct trigger *triggers, size_t count, const struct facet *facet)
{
	struct arena arena = {0};
	const struct values *values = &facet->entries[0].values;
	const struct trigger_index *index = trigger_index_make(&arena, facet->registry, triggers, count, NULL, level);
	struct trigger_scratch *scratch = trigger_scratch_new(index);
	uint32_t found[TRIGGERS_MAX];
	bool is_found[TRIGGERS_MAX] = {false};
	for (int again = 0; again < 2; again++) {
		size_t found_count = trigger_index_search(index, scratch, facet, found);
		memset(is_found, 0, sizeof is_found);
		for (size_t i = 0; i < found_count; i++) {
			if (found[i] >= count || is_found[found[i]])
				abort();
			is_found[found[i]] = true;
		}
		for (size_t i = 0; i < count; i++)
			if (is_found[i] != (value_holds(&triggers[i], values->items[0].text) ||
						   value_holds(&triggers[i], values->items[1].text)))
				abort();
	}
	trigger_scratch_free(scratch);
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct field fields[FIELD + 1] = {[FIELD] = {.type = TYPE_KEYWORD, .list = true}};
	struct registry registry = {.fields = fields, .field_count = FIELD + 1};
	struct text rest = {(const char *)data, size};
	struct trigger triggers[TRIGGERS_MAX];
	size_t count = 0;
	while (rest.length && count < TRIGGERS_MAX) {
		size_t newline = text_find(rest, '\n');
		struct text line = text_slice(rest, 0, newline);
		rest = text_slice(rest, newline + 1, rest.length);
		if (!line.length)
			break;
		triggers[count++] = trigger_of(line);
	}
	size_t half = rest.length / 2;
	/* Copies of their own size, so that a byte beyond them is seen. */
	char *first = mem_alloc(half + 1), *second = mem_alloc(rest.length - half + 1);
	first = half ? memcpy(mem_resize(first, half), rest.data, half) : first;
	second = rest.length > half ? memcpy(mem_resize(second, rest.length - half), rest.data + half, rest.length - half) : second;
	struct value values[] = {{.text = {first, half}}, {.text = {second, rest.length - half}}};
	struct facet_entry entry = {FIELD, {values, 2}};
	uint16_t position[FIELD + 1] = {[FIELD] = 1};
	struct facet facet = {.registry = &registry, .position = position, .entries = &entry, .count = 1};
	for (unsigned level = 0; level <= (unsigned)simd_level_best(); level++)
		check_level((enum simd_level)level, triggers, count, &facet);
	free(first);
	free(second);
	return 0;
}
