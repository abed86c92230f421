/*
 * draft: a detection that is still being made, from somebody else's rule; and its YAML.
 *
 * A reader of rules fills a draft; import.c gives it a free name and an id, and prints it in canonical form:
 *
 *   # Taken from Sigma: linux/process_creation/proc_creation_lnx_doas.yml
 *   # note: the log source names no product; every host is meant
 *   id: 067d8238-7127-451c-a9ec-fa78045b618b
 *   name: linux-doas-tool-execution
 *   …
 *
 * All texts live in the import's arena. An empty text is left out of the YAML.
 */
#ifndef MEWS_DRAFT_H
#define MEWS_DRAFT_H

#include "catalog/detection.h"

struct draft_condition {
	struct text name;             /* `selection`; draft_settle makes it a valid name that no other has */
	const struct condition *condition;
};

struct draft_exception {
	struct text name, reason;
	const struct node *node;      /* an expression: any where */
};

struct draft {
	struct text id;               /* a UUID, or empty: made from name and origin */
	struct text name;             /* any text; becomes a slug that is free in the catalog */
	struct text title, description, author, date, modified, surface;
	enum status status;           /* experimental unless the source says more */
	enum severity severity;
	struct texts techniques, references, false_positives;
	struct draft_condition *conditions;
	size_t condition_count;
	struct draft_exception *exceptions;
	size_t exception_count;
};

void draft_add_condition(struct arena *arena, struct draft *draft, struct text name, const struct condition *condition);
void draft_add_exception(struct arena *arena, struct draft *draft, struct text name, struct text reason,
	const struct node *node);

/* "Linux Doas Tool Execution!" → "linux-doas-tool-execution": a valid name, at most 100 bytes; "rule" where nothing is left. */
struct text draft_slug(struct arena *arena, struct text text);

/* Makes the names of conditions and exceptions valid and unique. */
void draft_settle(struct arena *arena, struct draft *draft);

/* What goes under `tests:`. */
struct draft_tests {
	const struct detection_test *items;
	size_t count;
};

/* The whole document of a settled draft. `comments` are lines without "# ". */
void draft_print(const struct draft *draft, const struct registry *registry, const struct draft_tests *tests,
	const struct texts *comments, struct buffer *out);

#endif
