/* asker: one predicate on one facet (see asker.h). Each answer equals evaluate_predicate's. */
#include "replay/engine/asker.h"

#include "catalog/pattern.h"
#include "catalog/regex.h"

#include <stdlib.h>
#include <string.h>

void asker_make(struct asker *asker, const struct predicates *predicates, struct evaluator *evaluator, enum simd_level level)
{
	*asker = (struct asker){.predicates = predicates, .evaluator = evaluator, .match = regex_match_new(),
		.find = bytes_finder_of(level)};
}

void asker_free(struct asker *asker)
{
	regex_match_free(asker->match);
	free(asker->memo);
}

void asker_begin(struct asker *asker, const struct facet *facet)
{
	size_t count = asker->predicates->count;
	if (count > asker->capacity) {
		size_t room = 2 * count > 64 ? 2 * count : 64;
		asker->memo = mem_resize(asker->memo, room * sizeof *asker->memo);
		memset(asker->memo, 0, room * sizeof *asker->memo);
		asker->capacity = room;
		asker->epoch = 0;
	}
	asker->facet = facet;
	asker->decided = NULL;
	asker->remembered = NULL;
	asker->decided_count = 0;
	asker->epoch += 1u << ANSWER_BITS;
	if (asker->epoch)
		return;
	memset(asker->memo, 0, asker->capacity * sizeof *asker->memo); /* a billion facets later */
	asker->epoch = 1u << ANSWER_BITS;
}

/* ---- one value ---- */

static bool is_named(const struct interned *p, struct text value)
{
	for (size_t i = 0; i < p->count; i++)
		if (bytes_equal(value, p->literals[i], p->fold))
			return true;
	return false;
}

static bool is_in_names(const struct interned *p, struct text value)
{
	uint32_t at = (uint32_t)bytes_hash(value, p->fold) & p->mask;
	for (; p->slots[at]; at = (at + 1) & p->mask)
		if (bytes_equal(value, p->literals[p->slots[at] - 1], p->fold))
			return true;
	return false;
}

static bool is_in_numbers(const struct interned *p, int64_t number)
{
	size_t low = 0, high = p->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (p->numbers[middle] < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low < p->count && p->numbers[low] == number;
}

static bool any_literal(const struct interned *p, struct text value, bool (*fits)(struct text, struct text, bool))
{
	for (size_t i = 0; i < p->count; i++)
		if (fits(value, p->literals[i], p->fold))
			return true;
	return false;
}

static bool contains_any(bytes_finder *find, const struct interned *p, struct text value)
{
	for (size_t i = 0; i < p->count; i++)
		if (find(value, p->literals[i], p->fold) != SIZE_MAX)
			return true;
	return false;
}

/* The parts in the middle: each as far in front as it can stand. */
static bool holds_between(bytes_finder *find, const struct wildcard *w, size_t first, size_t end, struct text value, bool fold)
{
	for (size_t i = first; i < end; i++) {
		size_t at = find(value, w->parts[i], fold);
		if (at == SIZE_MAX)
			return false;
		value = text_slice(value, at + w->parts[i].length, value.length);
	}
	return true;
}

static bool fits_wildcard(bytes_finder *find, const struct wildcard *w, struct text value, bool fold)
{
	size_t first = 0, end = w->count;
	if (w->whole)
		return w->count ? bytes_equal(value, w->parts[0], fold) : !value.length;
	if (w->at_start) {
		if (!bytes_starts(value, w->parts[first], fold))
			return false;
		value = text_slice(value, w->parts[first++].length, value.length);
	}
	if (w->at_end) {
		if (!bytes_ends(value, w->parts[--end], fold))
			return false;
		value = text_slice(value, 0, value.length - w->parts[end].length);
	}
	return holds_between(find, w, first, end, value, fold);
}

static bool is_like(bytes_finder *find, const struct interned *p, struct text value)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->wildcards[i].plain ? pattern_match(p->predicate->values[i].text, value, p->fold)
					  : fits_wildcard(find, &p->wildcards[i], value, p->fold))
			return true;
	return false;
}

static bool is_matched(struct asker *asker, const struct predicate *p, struct text value, bool *limited)
{
	for (size_t i = 0; i < p->count; i++)
		if (regex_holds(p->regexes[i], asker->match, value, limited))
			return true;
	return false;
}

static bool fits(struct asker *asker, const struct interned *p, const struct value *value, bool *limited)
{
	if (value->text.length < p->least)
		return false;
	switch (p->asking) {
	case ASK_NAMES:
		return is_named(p, value->text);
	case ASK_NAME_SET:
		return is_in_names(p, value->text);
	case ASK_NUMBERS:
		return is_in_numbers(p, value->number);
	case ASK_STARTS:
		return any_literal(p, value->text, bytes_starts);
	case ASK_ENDS:
		return any_literal(p, value->text, bytes_ends);
	case ASK_CONTAINS:
		return contains_any(asker->find, p, value->text);
	case ASK_LIKE:
		return is_like(asker->find, p, value->text);
	case ASK_REGEX:
		return is_matched(asker, p->predicate, value->text, limited);
	case ASK_PRESENT:
	case ASK_ABSENT:
	case ASK_PLAIN:
		break;
	}
	return false; /* these are not asked of a value */
}

/* ---- the facet ---- */

static bool ask_plainly(struct asker *asker, const struct interned *p, bool *limited)
{
	size_t before = evaluator_limited(asker->evaluator);
	bool holds = evaluate_predicate(asker->evaluator, p->predicate, asker->facet);
	*limited = evaluator_limited(asker->evaluator) > before;
	return holds;
}

static bool ask_values(struct asker *asker, const struct interned *p, bool *limited)
{
	const struct values *values = facet_get(asker->facet, p->field);
	bool any = false;
	if (p->asking == ASK_PRESENT || p->asking == ASK_ABSENT)
		return (values != NULL) == (p->asking == ASK_PRESENT);
	if (!values)
		return false;
	if (p->asking == ASK_PLAIN)
		return ask_plainly(asker, p, limited);
	for (size_t i = 0; i < values->count && !any; i++)
		any = fits(asker, p, &values->items[i], limited);
	return any != p->negated;
}

/* What is remembered of the value that the predicate asks for, and the bit of its answer there; NULL: nothing. */
static struct recalled *recalled_of(const struct asker *asker, uint32_t predicate, uint64_t *bit)
{
	unsigned place = asker->remembered ? asker->remembered[predicate] : 0;
	if (!place)
		return NULL;
	const struct trigger_recalled *of = &asker->recalled[(place - 1) / VALUE_MEMO_QUESTIONS];
	*bit = UINT64_C(1) << (place - 1) % VALUE_MEMO_QUESTIONS;
	return of->search == asker->search ? of->known : NULL;
}

static inline unsigned remember(struct asker *asker, uint32_t predicate, unsigned answer)
{
	asker->memo[predicate] = asker->epoch | answer;
	return answer;
}

unsigned asker_work_out(struct asker *asker, uint32_t predicate)
{
	struct recalled *value = NULL;
	uint64_t bit = 0;
	bool limited = false;
	if (predicate < asker->decided_count) {
		if (asker->decided[predicate / 64] >> (predicate % 64) & 1)
			return remember(asker, predicate, asker->certain[predicate / 64] >> (predicate % 64) & 1 ? ANSWER_HOLDS : 0u);
		value = recalled_of(asker, predicate, &bit);
	}
	asker->worked_out++;
	if (value && value->asked & bit)
		return remember(asker, predicate, value->held & bit ? ANSWER_HOLDS : 0u);
	bool holds = ask_values(asker, &asker->predicates->items[predicate], &limited);
	if (value && !limited) {
		value->asked |= bit;
		value->held |= holds ? bit : 0;
	}
	return remember(asker, predicate, (holds ? ANSWER_HOLDS : 0u) | (limited ? ANSWER_LIMITED : 0u));
}
