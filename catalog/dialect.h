/*
 * dialect: one product's names for fields and events; the same table to read its events and to write
 * its rules (rulesets/dialects/NAME.yaml; format: docs/dialects.md).
 *
 * A record of a product is a set of raw names with raw values ("proc.name" → "docker", "SYSCALL.exe" →
 * "/usr/bin/docker"). A group is one way in which the product presents events (a Sigma logsource, one
 * JSON layout): which records belong to it (`when`), which of its records are which event, and which
 * raw name holds which field.
 */
#ifndef MEWS_DIALECT_H
#define MEWS_DIALECT_H

#include "catalog/shape.h"

enum { DIALECT_WRAPPED_MAX = 32 };
enum dialect_use { USE_READ = 1, USE_WRITE = 2, USE_BOTH = 3 };

/* One test of raw values; a `match` holds if all its tests hold. Written in YAML as name: value(s):
 *   evt.type: [execve, execveat]   one of them        a2&: 3          a bit of the mask is set
 *   fd.name: "*"                   is there           proc.vpid: 1    equals (as text)
 *   SYSCALL: "!"                   is not there       call~: "sys_.*" one value is such a text, whole
 *   kind!: [ping, pong]            none of them       flags&10: 0x40  as &, of a raw number in decimal */
enum match_kind { MATCH_EQUAL, MATCH_MASK, MATCH_PRESENT, MATCH_ABSENT, MATCH_REGEX, MATCH_NONE };
struct dialect_match {
	struct text name;
	enum match_kind kind;
	const struct text *values;
	size_t count;
	uint64_t mask;
	int base;                   /* MASK: of the raw number */
	const struct regex *regex;  /* REGEX */
};

struct dialect_event {
	unsigned category, action;
	const struct dialect_match *matches;
	size_t match_count;
	struct text each;      /* the repeated part (PATH) that gives a facet each; empty: one facet */
	enum dialect_use use;
	const struct text *needs; /* fields or parts without which no facet is made (reading) */
	size_t need_count;
	struct place place;
};

/* One raw name in a `format`, with the text before it. */
struct format_piece {
	struct text before, name;    /* name empty: text only, at the end */
	bool optional;               /* `{name|otherwise}`: otherwise it is a format of nothing where the name is missing */
	struct text otherwise;
	const struct shape_map *words; /* of the row's `words` for this name */
	size_t word_count;
};

/* How a row comes by its raw values, where they are not simply those of a raw name. Such a row is for reading only. */
struct dialect_source {
	struct text each;            /* a kind of parts: one value for each of them */
	const struct dialect_match *where; /* … in which these tests hold */
	size_t where_count;
	size_t item;                 /* of several values 1 + which one counts; 0: all */
	const struct format_piece *format;
	size_t format_count;
	const struct regex *take;    /* of a value, what its first group holds */
	struct text base;            /* raw name of the folder that a relative path stands in */
	bool members;                /* some of the names end in `.*`: every raw name below, as key=value */
};

struct dialect_field {
	unsigned field;
	const struct text *names; /* raw names: reading takes the first that is there, writing the first */
	size_t name_count;
	struct shape_use shape;
	const struct dialect_source *source; /* NULL: the values of the raw name */
	struct text rule;        /* its name in rules where that differs from the first raw name (auditd: exe) */
	struct text approximate; /* why equality here may also miss (inode), or empty */
	struct text fails;       /* why a question may miss of an act that failed, where the condition asks for such; or empty */
	struct text misses;      /* why any question may miss: values that stand in a form that rules do not read; or empty */
	enum dialect_use use;
	struct text since;       /* version that has it, or empty */
	const struct text *missing; /* raw values that mean missing in this row, beside the dialect's own */
	size_t missing_count;
	const unsigned *events;  /* pairs (category, action) that carry it; NULL: all of the group */
	size_t event_count;
	struct place place;
};

struct dialect_attribute { /* free key: value of a group, for its writer (logsource product, category, service) */
	struct text name, value;
};

/* Where a record tells its time. */
struct dialect_time {
	struct text name;
	struct shape_use shape;
};

/* An array of objects that are name and value: `args: [{name: flags, value: 3}]` → args.flags. */
struct dialect_pairs {
	struct text array, name, value;
};

/* A raw name that is made of others, for tests and rows to ask for. */
struct dialect_made {
	struct text name;
	const struct dialect_field *rows; /* the first that gives a value; of their shapes only plain and mapped count */
	size_t row_count;
};

struct dialect_plan;

struct dialect_group {
	struct text name;
	const struct dialect_match *when;
	size_t when_count;
	const struct dialect_attribute *attributes;
	size_t attribute_count;
	const struct dialect_event *events; /* reading: of each category the first whose match holds gives a facet (with
	                                     * `each`: those parts where it holds); writing: all of them */
	size_t event_count;
	const struct dialect_field *fields; /* as written; then the native fields (registry.h) that have no row */
	size_t field_count;
	const uint16_t *first;   /* [first_count], by field: 1 + its first row; 0: it has none */
	size_t first_count;
	bool other; /* records that no event matches are CATEGORY.other of `other_category`, else unmapped */
	unsigned other_category;
	const struct dialect_plan *plan; /* dialect_plan.h: which rows a record can be */
	struct place place;
};

struct dialect {
	struct text name, title, version;
	struct text reads;       /* audit | json | csv | empty: writing only */
	struct text root;        /* json: where the fields stand ("output_fields"), or empty */
	const struct text *missing; /* raw values that mean missing, both ways */
	size_t missing_count;
	const struct text *wrapped; /* json: members that hold the records themselves (one, an array of them, or their text) */
	size_t wrapped_count;
	/* json: raw name that the records of one happening share; those after the first have the raw name `repeated` too.
	 * Empty: none. */
	struct text once;
	const struct dialect_match *once_unless; /* records that do not count as the first */
	size_t once_unless_count;
	const struct text *manifests; /* json: members that hold a Kubernetes object that is asked for */
	size_t manifest_count;
	const struct text *requests; /* json: members that hold what a container engine is asked for; `.` is the record itself */
	size_t request_count;
	const struct dialect_group *groups;
	size_t group_count;
	struct text id;          /* raw name of the event's own name, or empty */
	struct text records;     /* raw name that says in how many records the event stands, one after the other and with the same
	                          * id; or empty: each record is an event */
	const struct dialect_time *times; /* the first that is there */
	size_t time_count;
	const struct text *splits; /* arrays whose objects are records of their own */
	size_t split_count;
	const struct dialect_pairs *pairs;
	size_t pair_count;
	const struct text *unpacks; /* raw names that hold a document, as text */
	size_t unpack_count;
	const struct dialect_made *made; /* in order: later ones may ask for earlier ones */
	size_t made_count;
	struct regex_match *match; /* for its expressions; NULL where it has none */
	struct place place;
};

struct dialect *dialect_load(struct arena *arena, const struct registry *registry, const struct yaml *document,
	struct diagnostics *d);
/* The row of a field for one event of a group, or NULL. */
const struct dialect_field *dialect_field_of(const struct dialect_group *group, unsigned field, unsigned category,
	unsigned action, enum dialect_use use);
bool dialect_is_missing(const struct dialect *dialect, struct text raw);
/* The same for one row: the dialect's own missing values and the row's. */
bool dialect_field_is_missing(const struct dialect *dialect, const struct dialect_field *field, struct text raw);
/* Is the row for these events? */
bool dialect_field_carries(const struct dialect_field *field, unsigned category, unsigned action);
/* The attribute's value, or an empty text. */
struct text dialect_attribute(const struct dialect_group *group, const char *name);

extern const struct yaml_form dialect_form; /* the file, as a table: yaml_form.h */

#endif
