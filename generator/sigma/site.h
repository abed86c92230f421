/*
 * site: where a Sigma log source stands in the catalog: which events, under which names.
 */
#ifndef MEWS_SIGMA_SITE_H
#define MEWS_SIGMA_SITE_H

#include "generator/raise.h"
#include "generator/sigma/parse.h"

/* A document on its way into the catalog. */
struct taking {
	struct import *import;
	struct import_item *item;
	const struct sigma_document *document;
	struct raising names; /* by which group's rows its names become fields: set by site_conditions */
};

/* The document's conditions, added to the item's draft. What cannot be kept is noted, or the item refused. */
void site_conditions(struct taking *taking);

/* The field of a raw name of the document, by the same names. FIELD_NONE: it is no plain field. */
unsigned site_field(const struct taking *taking, struct text name);

/* A tree of tests in the form that is raised: numbers are texts, and case is told apart only where there are letters. */
struct rule_node *site_plain(struct arena *arena, const struct rule_node *node);

#endif
