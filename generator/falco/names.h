/*
 * names: parts of conditions that the catalog has a name for, by that name: its macros, and its lists where they hold
 * patterns.
 *
 *   lists.yaml: macros: { by_runtime_init: process.thread.name in runtime_inits }
 *   a rule of which `proc.name in (…)` is a part, alone or within an AND or OR → macro mews_by_runtime_init
 *   process.name like sandboxes → macro mews_process_name_sandboxes
 *
 * What a macro comes to depends on the act, since fields have other names there, and on whether it stands negated: forms
 * that differ are told apart by the act's category and "surely". Short ones stay as they are.
 */
#ifndef MEWS_FALCO_NAMES_H
#define MEWS_FALCO_NAMES_H

#include "generator/build.h"
#include "generator/falco/condition.h"

struct falco_named {
	struct text name;
	struct rule_node *node;
	bool used;
};
struct falco_names {
	struct arena *arena;
	struct falco_named *items; /* in the catalog's order */
	size_t count;
};

/* What the catalog names, as the pack's rules say it. */
void falco_names_gather(struct falco_names *names, struct pack *pack, const struct falco_lists *lists, struct diagnostics *d);
/* The tree with references in the place of such parts, which are marked as used. */
struct rule_node *falco_names_apply(struct falco_names *names, struct rule_node *node);
/* Has one of them the name? */
bool falco_names_have(const struct falco_names *names, struct text name);
/* A part by its name. */
struct rule_node *falco_reference(struct arena *arena, struct text name);

#endif
