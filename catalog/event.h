/*
 * event: what happened, as facets of registered fields.
 *
 * An event has one or more facets; each has one category, one action and its own fields. A condition
 * is asked of one facet at a time. Field values of shared fields (host, user, time) are put into every
 * facet. All memory is the arena's; an event is rebuilt for each record after arena_reset.
 *
 * Missing: a field that was never set, or was set to an empty string. A list that was set with
 * no values is there, and empty ("no capability was added").
 */
#ifndef MEWS_EVENT_H
#define MEWS_EVENT_H

#include "catalog/path.h"
#include "catalog/value.h"

struct values {
	const struct value *items;
	size_t count;
};

struct facet_entry {
	unsigned field;
	struct values values;
};

struct facet {
	const struct registry *registry;
	unsigned category, action;
	const uint16_t *position; /* [field_count]: 0 missing, else 1 + index in entries */
	const struct layout *layout; /* whose those are; NULL: the facet's own */
	struct facet_entry *entries; /* in the order they were set */
	size_t count;
	bool derived;           /* implied by another facet (a command line's container request) */
	unsigned record;        /* which of the event's records it came from, for diagnostics */
	const struct facet *copied; /* event_copy_facet: the facet of the same event that it is a copy of */
};

struct event {
	struct arena *arena;
	const struct registry *registry;
	struct facet **facets;
	size_t facet_count;
	int64_t time;           /* ns since 1970; INT64_MIN: not known */
	const char *file;       /* where its first record stands */
	uint64_t line;
	struct text id;         /* the source's own name of it (audit serial), or empty */
	struct text label;      /* the source's own label of it, or empty */
	unsigned unfilled;      /* values that did not fit their field's type and were left out */
	bool other;             /* no event of its dialect fits: it is CATEGORY.other of a group that takes it */
	unsigned records;       /* more than 1: it stands in so many records of the source, and this is one of them (join.h) */
	/* Of an event that holds only the fields that somebody asks for: the whole of it, made of its source. NULL: it is
	 * whole. See event_complete. */
	const struct event *(*complete)(const struct event *event);
	const void *source;     /* what `complete` makes it of; dies when the sink returns */
};

void event_begin(struct event *event, struct arena *arena, const struct registry *registry);
/* A new facet; sets event.category, event.action and event.type. */
struct facet *event_add_facet(struct event *event, unsigned category, unsigned action);
/* A copy of `from` under another category and action, without its derived marks. */
struct facet *event_copy_facet(struct event *event, const struct facet *from, unsigned category, unsigned action);
/* Sets shared fields into every facet that lacks them: call once, when all facets stand. */
void event_share(struct event *event);

/* The event with all fields that its source holds, in its arena; itself where nothing was left out. Derived fields and
 * facets stand in both. For whoever shows or keeps a whole event; before the sink returns. */
const struct event *event_complete(const struct event *event);
/* A new event: the facets of `event`, and what the facet in the same place of `whole` (made of the same record, before
 * any derivation) has beside them. */
const struct event *event_join(const struct event *event, const struct event *whole);

/* A copy of the whole event with all that it points to, in an arena of its own: it outlives the reader's. */
struct event *event_clone(const struct event *event, struct arena *arena);
/* Adds copies of the other whole event's facets, with all that they point to. */
void event_take_facets(struct event *event, const struct event *from);

/* Setters replace. Text is not copied: it must live as long as the arena. An empty text is not set: the
 * field is missing then. facet_set_text parses by the field's type and cleans paths; false (and ++unfilled)
 * where it does not fit; what stood there stays. event.category, event.action and event.type follow from the
 * facet: setting them changes nothing and is false where the text differs. Numbers fit long, date and keyword
 * fields, truths boolean and keyword fields. Among several texts of a keyword list the empty ones keep their
 * place (`docker run --name "" …`), elsewhere they are dropped; only empty ones are a missing field, none at
 * all are an empty list; a field that is no list takes the first. */
bool facet_set_text(struct event *event, struct facet *facet, unsigned field, struct text text);
/* As facet_set_text, of a text that is clean already: a value of another field, or a part of one. */
void facet_set_keyword(struct event *event, struct facet *facet, unsigned field, struct text text);
void facet_set_long(struct event *event, struct facet *facet, unsigned field, int64_t number);
void facet_set_bool(struct event *event, struct facet *facet, unsigned field, bool truth);
bool facet_set_texts(struct event *event, struct facet *facet, unsigned field, const struct text *texts, size_t count);
void facet_unset(struct arena *arena, struct facet *facet, unsigned field); /* the event's arena */
/* The values of the field that `from`, another facet of the event, has are this one's too. */
void facet_share(struct event *event, struct facet *facet, const struct facet *from, unsigned field);

/* For who fills entries himself. The field, which is missing, is the facet's next entry, which there is room for. */
void facet_append(struct arena *arena, struct facet *facet, unsigned field);
/* The facet's places, to be written: from now on they are its own. */
uint16_t *facet_own_positions(struct arena *arena, struct facet *facet);

/* The values, or NULL where the field is missing. */
static inline const struct values *facet_get(const struct facet *facet, unsigned field)
{
	size_t at = facet->position[field];
	return at ? &facet->entries[at - 1].values : NULL;
}
/* Are they the same texts in the same order? Of two that are NULL, yes. */
bool values_equal(const struct values *a, const struct values *b);
/* First value's text, or an empty text. */
static inline struct text facet_text(const struct facet *facet, unsigned field)
{
	const struct values *values = facet_get(facet, field);
	return values && values->count ? values->items[0].text : TEXT("");
}

/* Text → value of a field, in canonical form. false where it does not fit the field's type. */
bool value_make(struct arena *arena, const struct field *field, struct text text, struct value *value);
/* Of a date whose text and number are there: the text becomes the canonical one. */
void value_canonical_date(struct arena *arena, struct value *value);

/* What values and literals of a path field get: path_clean or, for mounts, mount_clean; other fields' text
 * as it is. A literal that is only the beginning or end of a path (startswith, endswith) is not for this:
 * its last slash counts. */
struct text field_clean(struct arena *arena, const struct field *field, struct text text);

#endif
