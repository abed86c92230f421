/*
 * recipes: what a dialect makes of records that are alike, worked out once.
 *
 * Which facets a record gives, and which raw value fills which field, follows from the names that it has and from the few
 * values that the dialect's tests look at. So records are told apart by just that, and what was worked out for the first of a
 * kind (by meaning.c) is done for all others of it without a test:
 *
 *   record   event.category=process  event.action=exec  process.pid=7  process.args=ls,-l
 *   kind     event.category:one,is "process"  event.action:one,is "exec"  process.pid:one  process.args:several
 *   recipe   a facet process.exec: process.pid from the 3rd value, a number; process.args from the 4th and on, texts
 *
 * Of a value that tests look at counts which of the texts that they ask for it is, if any; whether it says "missing"; and
 * which expressions and masks hold for it. Everything else about values is seen to when a field is filled, as meaning.c does:
 * markers of "missing", values that do not fit, the next name where the first gives nothing, fields that an event needs.
 *
 * Parts of a record are seen likewise, one after the other, behind what is the record's own; which facets are of which part is
 * in the recipe.
 *
 * Records with a name's values in several places are for meaning.c; so are dialects whose records are opened
 * (record_open.h), hold documents (`manifests`, `requests`), or have names by their end or beginning (`*.x`, `labels.*`).
 * meaning.c stays the measure of all this: tests read everything both ways.
 */
#ifndef MEWS_RECIPES_H
#define MEWS_RECIPES_H

#include "catalog/event.h"
#include "replay/readers/found.h"
#include "replay/readers/record_plan.h"

struct recipes;
struct recipe;
struct run;

/* What is known of records whose names follow each other in one and the same way: the recipes that such records had, newest
 * first. They lie apart in values that tests look at. */
enum { ALIKE_MAX = 8 };
struct alike {
	struct recipe *recipes[ALIKE_MAX];
	size_t count;
	uint64_t stay; /* of the first 64 runs, by bit: values that are the same in all of these records */
};

/* NULL: the plan's dialect is one of those that have none. `plan` and `registry` must outlive them. */
struct recipes *recipes_new(const struct record_plan *plan, const struct registry *registry);
void recipes_free(struct recipes *recipes); /* NULL is fine */

/* What was found in a record → its event, in the arena: as record_mean would make it, with its label, `file` and `line`; the
 * values are not copied. `parts`: the kinds of its parts, as positions in plan->kinds. `time`: the reader's, or INT64_MIN.
 * NULL: do it by record_mean (also where no facet comes of it). */
struct event *recipes_make(struct recipes *recipes, const struct found *found, size_t count, const uint16_t *parts,
	size_t part_count, struct arena *arena, int64_t time);

/* The same for a record whose values are in runs (recipe.h), one for each name in the order of records that `alike` knows.
 * NULL: none of its recipes is the record's, or it is for record_mean. */
struct event *recipes_make_alike(struct recipes *recipes, struct alike *alike, const struct found *found,
	const struct run *runs, size_t run_count, struct arena *arena, int64_t time);
/* `alike` gets to know the recipe that recipes_make used last. false: it is not one to be used so. */
bool recipes_note_alike(struct recipes *recipes, struct alike *alike, size_t run_count);

#endif
