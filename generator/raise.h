/*
 * raise: from tests of raw names back to conditions on fields; the way back of lower.h.
 *
 * A target's parser gives a tree of tests (rule.h) of the names that stand in the rule. Here each test becomes a predicate:
 *
 *   falco   evt.type in (open, openat) and evt.is_open_write = true and fd.name startswith /etc/
 *     event map of the dialect: evt.* as above is file.modify
 *     → file where event.action == "modify" and startswith(file.path, "/etc/")
 *   sigma   Image|endswith: /docker            → process.executable like~ "* /docker" (without the blank)
 *   falco   fd.typechar = 'f'                  → `fd.typechar` == "f", a native field: nothing maps it
 *
 * A raw name whose row has another shape than plain is turned round where that says the same (basename, joined list of
 * capabilities, mapped words, missing markers); where it does not, the raw name stays as a native field. So raising never
 * widens or narrows by itself; what it cannot keep it says through `note`.
 */
#ifndef MEWS_RAISE_H
#define MEWS_RAISE_H

#include "generator/import.h"

struct raising {
	struct import *import;
	struct import_item *item;
	const struct dialect_group *group; /* NULL: every name is native */
	unsigned category, action;         /* of the events; action 0: any of the category */
};

/* One test, and a whole tree, of events of one category and action. Never NULL. */
struct node *raise_test(const struct raising *raising, const struct rule_test *test);
struct node *raise_tree(const struct raising *raising, const struct rule_node *node);

/* The tree over all events of the group: for each event row the names that its match asks for (evt.type, SYSCALL …) are
 * fixed, the tree is simplified, and what is not false is raised; equal ones are joined (event.action in (…)). Adds
 * a condition for each category to the draft, named `name` (or name-CATEGORY). A tree that asks for values of those
 * names that no event row knows (evt.type = nanosleep) keeps them as tests of native fields under CATEGORY.other of the group.
 * Returns the number of conditions added. */
size_t raise_events(const struct raising *raising, const struct rule_node *node, struct text name);

#endif
