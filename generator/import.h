/*
 * import: somebody else's rules → detections. The frame that every target's reader stands in.
 *
 *   mews import sigma rules/linux -o mycatalog
 *     files → import_files → target->read(import) → items, each with a draft or a reason → YAML files and a summary
 *
 * Every rule of the input is one item, and each ends as taken exactly, taken with a note (what differs, in a
 * sentence) or refused (why). Nothing is dropped in silence: a file that cannot be parsed is an item that was refused.
 * A reader never prints; it says what it has to say through import_note and import_refuse.
 *
 * Names: raw names of the target that its dialect maps become registered fields (raise.h). All others keep their
 * own name and become fields of the catalog that is made (`fields/TARGET.yaml`, with `native: [TARGET]`), so that the
 * rule can be written again and be replayed over events that carry them.
 */
#ifndef MEWS_IMPORT_H
#define MEWS_IMPORT_H

#include "generator/draft.h"
#include "generator/target.h"

enum taken { TAKEN_EXACTLY, TAKEN_WITH_NOTE, REFUSED };
const char *taken_name(enum taken taken); /* exactly, with a note, refused */

struct import_item {
	struct text name;        /* as its users know it: the rule's title or name, or the line */
	struct place place;
	bool part;               /* no rule, but a list or a macro that rules use */
	enum taken taken;
	struct texts notes;      /* sentences: what differs; of a refused one: why */
	struct draft *draft;     /* NULL: refused, or a part, or a filter */
	struct text file;        /* that was made: detections/NAME.yaml; empty: none */
};

/* One input file, read whole. */
struct import_file {
	struct text path;        /* as the user named it, or found below a folder that he named */
	struct text content;
};

/* An exception that is no part of one rule. */
struct import_exception {
	struct draft_exception exception;
	struct import_item **covered; /* the rules that it is for; none: all */
	size_t covered_count;
};

struct import {
	struct arena *arena;
	struct catalog *catalog; /* whose registry grows by native fields */
	const struct target *target;
	const struct dialect *dialect;
	struct evaluator *evaluator;
	struct import_file *files; /* in the order named; below a folder by path */
	size_t file_count;
	struct import_item **items;
	size_t count;
	size_t taken, noted, refused, parts; /* counted by import_run; a part that was refused is among the refused */
	struct import_exception *exceptions; /* for an organization (Sigma filters): written to organizations/imported.yaml */
	size_t exception_count;
	struct diagnostics *d;   /* of faults of the run, not of rules: a file that cannot be opened */
};

/* A new item; starts as taken exactly. `name` and `place.file` must live as long as the import. */
struct import_item *import_rule(struct import *import, struct text name, struct place place);
/* Its empty draft (experimental, medium). */
struct draft *import_draft(struct import *import, struct import_item *item);
void import_note(struct import *import, struct import_item *item, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Final: later notes are kept, the draft is not. Returns -1. */
int import_refuse(struct import *import, struct import_item *item, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The field of that own name, native to the import's target from now on: a registered one of that name, whatever its
 * type, or a new list field of this type. Tests of raw values ask for keyword: `number(f) > 5` and `cidrmatch(f, …)` read its
 * text. FIELD_NONE: there are too many fields. */
unsigned import_native(struct import *import, struct text name, enum value_type type);

void import_add_exception(struct import *import, const struct import_exception *exception);

/* A condition of the catalog from a tree. `category` CATEGORY_ANY: any where. */
struct condition *import_condition(struct import *import, unsigned category, struct node *root);
/* EQL text → condition, where names that the registry lacks become native fields. NULL: *error is a sentence.
 * For readers whose conditions are EQL already (Elastic). */
struct condition *import_parse(struct import *import, struct text source, struct place place, const char **error);
/* The same for an expression without `CATEGORY where`. The parser's checks make it the normal form. */
struct node *import_expression(struct import *import, struct text source, const char **error);

/* Collects the files of the paths (files as they are; below folders those whose name ends in one of `endings`, which is
 * NULL-terminated). -1: reported. */
int import_files(struct import *import, const char *const *paths, size_t count, const char *const *endings);

/* Reads everything (target->read) and writes the catalog folder `directory`: detections/, fields/TARGET.yaml, and, where the
 * folder is no catalog yet, the documents of import->catalog that a catalog needs. NULL: nothing is written. All or
 * nothing; files that stand there are not overwritten unless `force`. -1: reported. */
int import_run(struct import *import, const char *directory, bool force);

#endif
