/*
 * packs: which targets and organizations a verb about packs is asked for; shared by generate, verify and replay --as.
 */
#ifndef MEWS_PACKS_H
#define MEWS_PACKS_H

#include "cli/project.h"
#include "generator/pack.h"

struct packs {
	const struct target **targets;
	size_t target_count;
	const struct organization **organizations; /* NULL in it: the plain pack */
	size_t organization_count;
};

/* Is the word a target's name, or `all`? */
bool packs_is_target(const char *word);
/* The target of that name, or all of them, each once. -1: there is none (reported). */
int packs_add_target(struct project *project, struct packs *packs, const char *word);
/* -O/--org: the plain pack first, then one for each organization that is named; `--org plain` asks for the plain one
 * alone. None: the plain one and all. -1: reported. */
int packs_organizations(struct project *project, const struct options *options, struct packs *packs);
const char *packs_name(const struct organization *organization); /* plain */

#endif
