/*
 * yaml_form: what a value in one of our files may be, as a table that documents itself.
 *
 * A file format is a `struct yaml_form`. Its keys are rows of `struct yaml_shape`: name, need, form of the value, and the
 * sentence that explains it. The loaders check with these rows (yaml_check), `mews schema` makes JSON Schemas of them
 * (yaml_schema.h), `mews fmt` takes the order of keys from them: the three cannot drift apart.
 *
 *   static const struct yaml_shape budget_shape[] = {
 *           {"alert_groups_per_day", YAML_REQUIRED, YAML_FORM(.sort = YAML_REAL), "Alert groups a day, at most"},
 *           {0},
 *   };
 *   static const struct yaml_form budget_form = {.sort = YAML_RECORD, .shape = budget_shape};
 *
 * What a table cannot say (names that must be unique, conditions that must compile) the loaders check alone.
 */
#ifndef MEWS_YAML_FORM_H
#define MEWS_YAML_FORM_H

#include "catalog/yaml.h"

enum yaml_sort {
	YAML_ANYTHING, /* what the loader makes of it */
	YAML_TEXT,     /* a single value, read as the text that it is */
	YAML_FLAG,     /* true or false, without quotes */
	YAML_WHOLE,    /* a whole number, without quotes */
	YAML_REAL,     /* a number, quoted or not */
	YAML_EQL,      /* a condition: CATEGORY where EXPRESSION */
	YAML_EQL_PART, /* an expression of a condition, with or without CATEGORY where */
	YAML_FACET,    /* fields of one facet of a test's event */
	YAML_LIST,     /* a list of `of` */
	YAML_RECORD,   /* a mapping with the keys of `shape` */
	YAML_TABLE,    /* a mapping with free keys, each value an `of`; the order of its keys stays */
	YAML_EITHER,   /* one of `of`, an array that ends with YAML_END; no two take the same kind of node */
	YAML_END
};

enum yaml_flags {
	YAML_OR_ONE = 1,   /* of a list: one item may stand alone */
	YAML_OR_NULL = 2,  /* nothing may stand there */
	YAML_UNIQUE = 4,   /* of a list: no item twice */
	YAML_FILLED = 8,   /* at least one item */
	YAML_ALIGNED = 16, /* of a table: its values stand in one column (fields.yaml) */
	YAML_DATE = 32,    /* of a text: a day */
	YAML_DIGITS = 64   /* of a text with a pattern: it may look like a number */
};

/* Names that only a catalog knows; `mews schema` lists those of the catalog at hand. */
enum yaml_names {
	YAML_NO_NAMES,
	YAML_FIELDS,
	YAML_CATEGORIES,
	YAML_EVENTS, /* category.action, category.* */
	YAML_ACTIONS_OF_CONTAINERS,
	YAML_DETECTIONS,
	YAML_ORGANIZATIONS,
	YAML_DIALECTS,
	YAML_FORMATS,
	YAML_SHAPES /* of raw values in dialects */
};

struct yaml_form {
	enum yaml_sort sort;
	unsigned flags;
	const char *pattern;            /* a text's, or a table's keys': an expression of ECMA 262 */
	const char *const *words;       /* a text's closed set; ends with NULL */
	enum yaml_names names;          /* of a text, or a table's keys */
	bool open;                      /* `names` are proposals: others are allowed */
	const struct yaml_form *of;     /* LIST, TABLE: of each; EITHER: see there */
	const struct yaml_shape *shape; /* RECORD */
	const char *rules;              /* what else must hold: members of a JSON Schema */
	const char *sample;             /* an example of the value, as YAML */
};

#define YAML_FORM(...) (&(const struct yaml_form){__VA_ARGS__})
/* Of the forms of EITHER. */
#define YAML_FORMS(...) ((const struct yaml_form[]){__VA_ARGS__, {.sort = YAML_END}})

/* The kind of node that the form must be (or nothing, with YAML_OR_NULL); YAML_NULL: more than one kind can be right. */
enum yaml_kind yaml_form_kind(const struct yaml_form *form);
/* The alternative of an EITHER that a node's kind takes; the form itself where it is none. NULL: no alternative. */
const struct yaml_form *yaml_form_of(const struct yaml_form *form, enum yaml_kind kind);

/* Forms that many files share. */
extern const struct yaml_form yaml_any_text, yaml_some_text, yaml_slug, yaml_day, yaml_flag, yaml_whole, yaml_texts_of,
	yaml_condition, yaml_expression;

#endif
