/*
 * record: what a reader took from its source, before any dialect gave it meaning.
 *
 * A bag of raw names with one or more raw values ("SYSCALL.exe" → "/usr/bin/docker"), and repeated
 * parts of one kind (an audit event's PATH records), each a bag of its own whose names are looked up
 * first. Everything is in the arena of the event that is being built.
 */
#ifndef MEWS_RECORD_H
#define MEWS_RECORD_H

#include "replay/readers/record_plan.h"

struct raw_value {
	struct text name;
	struct text *values; /* &first where there is one */
	size_t count;
	struct text first;
	unsigned number;     /* of the name in the record's plan; 0: it has no plan, or nothing asks for it */
};

struct record_part {
	struct text kind; /* PATH */
	struct raw_value *values;
	size_t count, capacity;
};

struct record_index; /* name → value, of a record without a plan */

struct record {
	struct arena *arena;
	const struct record_plan *plan;
	uint16_t *slots; /* with a plan: by number, 1 + position in values */
	struct record_index *index;
	struct raw_value *values;
	size_t count, capacity;
	struct record_part *parts;
	size_t part_count;
	const char *file;
	uint64_t line;
	struct text id;
	struct text text; /* json: the object that it was made of; else empty */
	int64_t time;   /* ns; INT64_MIN where the dialect has to find it */
	/* Of a reader that took in only the names of its plan: adds all names of its source to `full`, which has begun and
	 * has no plan; while the event is in the sink's hands. NULL: the record has all that its source holds. */
	void (*again)(void *context, struct record *full);
	void *again_context;
	bool keep;                    /* somebody looks at names that nothing asks for */
	const struct dialect *opened; /* whose `unpack` and `pairs` have been followed (record_open.h) */
};

void record_begin(struct record *record, struct arena *arena, const char *file, uint64_t line);
/* From here on names are numbers of the plan; those that the record holds are numbered. Names that the plan does not know
 * are kept, but found slowly. Nothing happens where it is in use by the plan already. */
void record_use(struct record *record, const struct record_plan *plan);
void record_add(struct record *record, struct text name, struct text value); /* again: one more value */
/* A name without a value: a list that is there, and empty. */
void record_add_empty(struct record *record, struct record_part *part, struct text name);
struct record_part *record_add_part(struct record *record, struct text kind);
void record_part_add(struct record *record, struct record_part *part, struct text name, struct text value);
/* The same by a number of the record's plan; part NULL: the record itself; a value with data NULL: none, as above. */
void record_add_number(struct record *record, struct record_part *part, unsigned number, struct text value);
/* Values of a name; a part (may be NULL) is looked into first. NULL: not there. */
const struct raw_value *record_get(const struct record *record, const struct record_part *part, struct text name);

/* The dialect's meaning of a record: 0 and facets in the event; 1 where no group or event fits (the event
 * then has no facet, and the caller counts it as unmapped). The event must have begun.
 * Every group whose `when` holds gives, for each category, a facet of its first event that matches; an
 * event with `each` gives one for each part of that kind in which its tests hold. Where nothing matched,
 * the first group with `other` gives one. */
int record_mean(struct record *record, const struct record_plan *plan, struct event *event);
/* The same of a part that is a record of its own: its names stand before the record's. After record_mean's own first two
 * steps, record_use and record_open (record_open.h). */
int record_mean_piece(struct record *record, const struct record_part *piece, const struct record_plan *plan,
	struct event *event);
/* The same with a plan made for this one record: for whoever has only one. */
int record_to_event(struct record *record, const struct dialect *dialect, struct event *event);

#endif
