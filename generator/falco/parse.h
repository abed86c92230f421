/*
 * parse: Falco's rule files → lists, macros and rules, each condition as a tree.
 *
 *   falco_rules.yaml, local_rules.yaml (in the order in which the engine loads them)
 *     → what is defined, appended to (`append`, `override`) and switched (`enabled`), the last file having the last word
 *     → list names pasted over, exceptions put behind the condition, macros put in place
 *
 * It goes wrong where the engine goes wrong, and is textual where the engine is: an appended text makes
 * `A and B or C and D`; a list's name is replaced within quotes too; an item `x,y` of a list becomes two; of lists in lists
 * only one level is opened. What the engine refuses is a fault of its item, in a sentence; the rest goes on.
 */
#ifndef MEWS_FALCO_PARSE_H
#define MEWS_FALCO_PARSE_H

#include "generator/falco/filter.h"

enum falco_priority {
	FALCO_EMERGENCY, FALCO_ALERT, FALCO_CRITICAL, FALCO_ERROR, FALCO_WARNING, FALCO_NOTICE, FALCO_INFORMATIONAL, FALCO_DEBUG
};

struct falco_list {
	struct text name;
	struct texts items;        /* as written */
	struct texts opened;       /* lists among them replaced by their items */
	size_t index, visibility;  /* first and last definition */
};

struct falco_macro {
	struct text name, condition;
	struct filter *filter;     /* resolved; NULL: error */
	const char *error;
	size_t index, visibility;
	bool begun, done;          /* while it is being resolved */
	struct place place;
};

/* A scalar, or a list of such, as exceptions have them. */
struct falco_entry {
	bool there, list;
	struct text text;
	struct falco_entry *items;
	size_t count;
};

struct falco_exception {
	struct text name;
	struct falco_entry fields, comps; /* comps: filled with what the engine takes where they are left out */
	struct falco_entry *values;
	size_t value_count;
	struct filter *filter;     /* what it excludes; NULL: nothing, or its rule has an error */
};

struct falco_rule {
	struct text name, condition, output, description, source;
	enum falco_priority priority;
	struct texts tags;
	struct falco_exception *exceptions;
	size_t exception_count;
	bool enabled, skip_unknown;
	struct filter *bare;       /* the condition alone */
	struct filter *filter;     /* with its exceptions */
	const char *error;         /* then both are NULL */
	struct place place;
};

enum falco_kind { FALCO_OTHER, FALCO_ENGINE, FALCO_PLUGINS, FALCO_LIST, FALCO_MACRO, FALCO_RULE, FALCO_FILE };
/* One item of a file, in order. */
struct falco_item {
	enum falco_kind kind;
	struct text name;
	struct place place;
	const char *fault;         /* a sentence; NULL: fine */
	struct texts notes;
	bool defines;              /* a whole rule, not a part of one that is there */
	bool replaced;             /* a later item defines it again */
};

struct falco_source {
	struct text name, content; /* `name` lives as long as the rules, and ends with NUL */
};

struct falco_rules {
	struct arena *arena;
	struct falco_list *lists;
	struct falco_macro *macros;
	struct falco_rule *rules;
	struct falco_item *items;
	size_t list_count, macro_count, rule_count, item_count;
	size_t definitions;        /* counted over lists and over macros: for index and visibility */
	struct text engine_version; /* the last one that is required, or empty */
};

enum { FALCO_CHECKS_MAX = 20000 }; /* in one condition, macros put in */

/* Reads all files in this order. Never NULL. */
struct falco_rules *falco_parse(struct arena *arena, const struct falco_source *sources, size_t count);

struct falco_rule *falco_rule_find(const struct falco_rules *rules, struct text name);

#endif
