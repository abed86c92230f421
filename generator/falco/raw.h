/*
 * raw: a Falco condition → a tree of tests of raw names (rule.h), for readers of rules.
 *
 *   fd.sport != 22                   → AND( fd.sport PRESENT, NOT( fd.sport EQUAL 22 ) )
 *   tolower(proc.name) startswith sh → proc.name STARTS sh, without regard to case
 *   fd.directory pmatch (/etc)       → fd.directory EQUAL /etc, or STARTS /etc/
 *   fd.snet in ("10.0.0.0/8")        → fd.snet CIDR 10.0.0.0/8
 *   container.mount.rdwr[/etc] = true → container.mounts LIKE /etc:*:rw (with a note)
 *   evt.buffer bcontains cafebabe    → `evt.buffer bcontains cafebabe` EQUAL true: a name of its own, with a note
 *
 * What no test says is kept whole under its own text as a name, so that it is written again as it was.
 */
#ifndef MEWS_FALCO_RAW_H
#define MEWS_FALCO_RAW_H

#include "generator/falco/filter.h"
#include "generator/rule.h"

struct falco_raw {
	struct arena *arena;
	bool placeholders;    /* `evt.num = 0`, which is never, stays a test instead of FALSE */
	struct texts notes;   /* what does not say quite the same */
	const char *error;    /* what the engine itself refuses; NULL: nothing */
};

/* Never NULL; FALSE where raw->error is set. */
struct rule_node *falco_raw_tree(struct falco_raw *raw, const struct filter *filter);

/* A comparison in canonical spelling. Names with a blank in a rule's tree are such texts. */
struct text falco_check_text(struct arena *arena, const struct filter *check);
bool falco_opaque(struct text name);

#endif
