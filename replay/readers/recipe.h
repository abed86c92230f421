/*
 * recipe: one kind of records and what is made of it; what the files behind recipes.h share.
 */
#ifndef MEWS_RECIPE_H
#define MEWS_RECIPE_H

#include "replay/readers/meaning.h"
#include "replay/readers/recipes.h"

enum { RUNS_MAX = 512 };

/* The values of one name, as they follow each other. */
struct run {
	uint32_t from, count; /* in what was found; count 0: an empty array */
	uint16_t number, part; /* part: as in found.h */
};

/* The minute that a time was in: most records are of the same as the one before. */
struct minute {
	char text[17]; /* 2026-11-01T00:00: */
	int64_t begin; /* ns */
};

/* How a step fills its field. */
enum step_kind {
	STEP_TEXT,   /* one text as it stands */
	STEP_PATH,   /* one text, cleaned */
	STEP_SHAPE,  /* by the row's shape (shape.h) */
	STEP_SOURCE, /* a row with a source: by meaning.c, of a record */
	STEP_NUMBER,
	STEP_DATE,
	STEP_TEXTS,  /* a list of texts as they stand */
};

struct step {
	const struct plan_row *row;
	uint64_t missing;  /* lengths of texts that may mean "missing" (may_be_missing) */
	uint16_t run, field;
	uint8_t kind;      /* enum step_kind */
};

/* A step that its value nearly always lets have its way, whatever the values of others: the first of its field. */
struct usual_step {
	uint64_t missing;
	uint16_t run, field;
	uint16_t at;       /* of the step */
	uint8_t kind;
};

struct recipe_facet {
	unsigned category, action;
	unsigned part;                  /* that it is of; 0: of the record itself */
	const struct plan_event *event; /* whose needs are looked at; NULL: it has none */
	const struct step *steps;
	size_t step_count;
	size_t values;                  /* room for single values */
	const struct usual_step *usual; /* the steps before `rest`, but for those whose field has a value by then */
	size_t usual_count, rest;
	const uint16_t *position;       /* the facet's, where all the usual steps filled their fields */
	const struct layout *layout;    /* the same, of recipes that have no other steps; or NULL */
	struct usual_kind {
		struct text name;
		unsigned field;
	} kinds[3];                     /* fields that follow from what the facet is, in front of the steps */
	size_t kind_count;
	struct text dataset;            /* the dialect's name, that the dataset's field gets behind the usual steps; or empty */
};

/* Bytes that the places of fields take in a facet, and the prototype of a recipe's. */
static inline size_t recipe_positions(const struct registry *registry)
{
	return (registry->field_count * sizeof(uint16_t) + 15) / 16 * 16;
}

/* What the next name is in a record like the recipe's own. */
struct expect {
	uint16_t number, part;
	uint8_t values; /* 0: an empty array; 1: one; 2: several */
	bool asked;     /* tests look at it: then the one value that it had, and what they saw in it */
	bool missing;
	uint32_t tests, literal; /* masks and expressions that held; which text it is */
	struct text value;
};

struct recipe {
	const struct expect *expects; /* NULL: likeness cannot be told without a key */
	size_t expect_count;
	uint64_t asked_early;  /* those of the first 64 that tests look at, by bit */
	const uint16_t *asked; /* positions of others that tests look at */
	size_t asked_count;
	const uint16_t *parts;
	size_t part_count;
	struct recipe *follow;        /* of the record that came behind one of this kind last */
	const uint32_t *key;
	size_t key_length;
	uint64_t hash;
	bool general;      /* nothing is made by it */
	bool other, record; /* of the event; some steps need a record */
	const struct recipe_facet *facets;
	size_t facet_count;
	const uint16_t *times; /* beside the dialect's: 1 + run; 0: not there */
	uint16_t id, records, label; /* the same */
	uint64_t missing;            /* as a step's: of these, by the dialect's own markers */
};

/* Lengths by bit, modulo 64: nearly all values are of another length than each marker. */
static inline uint64_t missing_length(struct text marker)
{
	return UINT64_C(1) << marker.length % 64;
}

static inline bool may_be_missing(uint64_t lengths, struct text text)
{
	return lengths >> text.length % 64 & 1;
}

/* What is made of a record, as meaning.c chooses it. */
struct recipe_draft {
	struct arena *arena;
	struct draft_facet {
		unsigned category, action, part;
		const struct plan_event *event;
		const struct plan_carried *carried;
	} *facets;
	size_t facet_count;
	bool unfit; /* a choice hung on more than the record's kind */
};
void recipe_draft_add(struct recipe_draft *draft, const struct draft_facet *facet);

/* The newest is taken back. */
void recipe_draft_drop(struct recipe_draft *draft, bool by_value);

/* What a recipe is made of: a record of its kind, cut into runs. */
struct recipe_case {
	const struct record_plan *plan;
	const struct registry *registry;
	const struct found *found;
	const struct run *runs;
	size_t run_count;
	const uint16_t *parts; /* their kinds, by position in the plan's */
	size_t part_count;
	struct minute *minute; /* NULL, or what is kept from record to record */
};
/* Is the dialect's name, which events get that nothing else names, a value of the dataset's field as it stands? */
static inline bool dataset_is_plain(const struct recipe_case *of)
{
	const struct field *field = &of->registry->fields[of->plan->dataset];
	return of->plan->dialect->name.length && field->type == TYPE_KEYWORD && !field->path;
}
/* A record that holds what was found, in use by the plan. */
void recipe_record(const struct recipe_case *of, struct record *record, struct arena *arena);
/* Works it out; what it makes is in `arena`. */
void recipe_learn(const struct recipe_case *of, struct recipe *recipe, struct arena *arena, struct arena *scratch);
/* NULL: a need is not met, which is for meaning.c. */
struct event *recipe_follow(const struct recipe_case *of, const struct recipe *recipe, struct arena *arena, int64_t time);

#endif
