/*
 * trigger_index: which of many literals stand in the values of a facet.
 *
 * A trigger is one literal that a condition cannot be true without (plan.h says how they are chosen). The index finds
 * those that hold, at a cost that grows with what holds, not with how many there are:
 *
 *   equal, starts, ends   the first or last byte, hashes of the first or last 8 or 4 bytes, then the whole literal is compared
 *   contains              the rarest 4-gram of the literal in a filter, one for all of a field; then the literal
 *   numbers               sorted bounds
 *   networks              a prefix tree
 *   exists                the field
 *
 * What is found does hold: triggers are verified here (short literals too), so each is found at most once a facet.
 * Folding is ASCII's. The bytes are looked at 16, 32 or 64 at a time where the machine can; every level finds the same.
 * Texts are compared as texts, whatever the field: of a number, a date or an address that has several spellings, ask for
 * a range or a network. The empty text starts, ends and stands in every value.
 *
 * A value that came before need not be searched again: what was found on it is remembered (value_memo.h).
 *
 * What it costs: the coarse look at a value grows with its length alone (gram_scan.h), what is then compared with the
 * logarithm of how many literals share a key (literal_table.h). So neither a thousand literals that begin alike nor one that
 * stands at every byte of a long value make it more than that.
 *
 *   struct trigger triggers[] = {{.field = args, .kind = TRIGGER_CONTAINS, .text = TEXT("--privileged")}, …};
 *   struct trigger_index *index = trigger_index_make(&arena, registry, triggers, count, NULL, level);
 *   size_t found = trigger_index_search(index, scratch, facet, ids);     -- ids[]: positions in triggers, in any order
 */
#ifndef MEWS_TRIGGER_INDEX_H
#define MEWS_TRIGGER_INDEX_H

#include "catalog/simd_level.h"
#include "replay/engine/facet_form.h"
#include "replay/engine/gram.h"
#include "replay/engine/value_memo.h"

enum trigger_kind {
	TRIGGER_EXISTS,   /* the field is there */
	TRIGGER_EQUAL,    /* a value of it is the text */
	TRIGGER_STARTS,
	TRIGGER_ENDS,
	TRIGGER_CONTAINS,
	TRIGGER_RANGE,    /* a value of it is a number from low to high: of a long, date or boolean field (0, 1), or the whole
			   * number that a text is (`number(field)` in conditions) */
	TRIGGER_NETWORK   /* a value of it is an address in the network (ip fields, or texts that are addresses) */
};

struct trigger {
	unsigned field;
	enum trigger_kind kind;
	bool fold;
	struct text text;
	int64_t low, high;
	const struct cidr *cidr;
};

struct trigger_index;    /* immutable once made: any number of threads search it */
struct trigger_scratch;  /* one a thread */

/* Triggers and their texts must outlive the index; `counts` may be NULL. */
struct trigger_index *trigger_index_make(struct arena *arena, const struct registry *registry, const struct trigger *triggers,
	size_t count, const struct gram_counts *counts, enum simd_level level);
struct trigger_scratch *trigger_scratch_new(const struct trigger_index *index);
void trigger_scratch_free(struct trigger_scratch *scratch);
/* Writes the positions of all triggers that hold on the facet, each once; `found` has room for all. */
size_t trigger_index_search(const struct trigger_index *index, struct trigger_scratch *scratch, const struct facet *facet,
	uint32_t *found);
/* The same of a facet whose form is known, by the same forms each time: what is asked of it is looked up. */
size_t trigger_index_search_form(const struct trigger_index *index, struct trigger_scratch *scratch, const struct facet *facet,
	struct facet_form form, uint32_t *found);
/* What is remembered of the only value that the facet searched last has in each field of the index: where the number is that
 * search's, and not NULL. The answers to questions about a value are the caller's to read and to write there, until the next. */
struct trigger_recalled {
	struct recalled *known;
	uint32_t search;
};
const struct trigger_recalled *trigger_scratch_recalled(const struct trigger_scratch *scratch, uint32_t *search);
/* The field's place among them; SIZE_MAX: nothing is ever remembered of its values. */
size_t trigger_index_field(const struct trigger_index *index, unsigned field);
/* Candidates that were compared with their literal since the scratch was made: what searching costs. It follows from the
 * triggers, the counts and the facets alone. */
uint64_t trigger_scratch_compared(const struct trigger_scratch *scratch);

#endif
