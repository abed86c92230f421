/*
 * filters: an organization's exceptions as Sigma filters, one for each exception, log source and form.
 *
 *   title: 'acme-ci: ci-runner-builds'
 *   logsource: {product: linux, category: process_creation}
 *   filter:
 *       rules: [the rules' ids]
 *       selection: {User: ci}
 *       condition: not selection      pySigma joins this to the rule's condition with `and` as it stands
 */
#ifndef MEWS_SIGMA_FILTERS_H
#define MEWS_SIGMA_FILTERS_H

#include "generator/sigma/names.h"

struct sigma_filters {
	struct sigma_pack *sigma;
	struct sigma_filter *items;
	size_t count;
};

/* What the rule's exceptions of the organization exclude; `id` is what the rule is called. */
void filters_add(struct sigma_filters *filters, const struct rule *rule, struct text id);
/* Puts a file for each into the pack. */
void filters_write(struct sigma_filters *filters);

#endif
