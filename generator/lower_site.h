/*
 * lower_site: the parts of lowering (lower.h): predicates and trees at one site, which is one action in one group.
 *
 *   lower.c            which actions, groups, exceptions and fidelity
 *   lower_site.c       a condition's tree at a site: bounds of each predicate by the row of its field
 *   lower_events.c     which records of a group are an action: event maps as tests
 *   lower_logsource.c  conditions that name their log source themselves, or the system that it is of
 *
 * All that is made lives in the lowering's arena.
 */
#ifndef MEWS_LOWER_SITE_H
#define MEWS_LOWER_SITE_H

#include "generator/derived.h"
#include "generator/lower.h"
#include "generator/target.h"

struct site {
	const struct lowering *l;
	struct evaluator *evaluator;
	const struct dialect_group *group; /* NULL: asks only whether the action can matter */
	const struct dialect_group **groups; /* that there are: the dialect's, and those of further systems */
	size_t group_count;
	const struct facet *fixed;         /* event.category, event.action, event.type, known outcome */
	unsigned category, action;
	struct deriving *deriving;         /* NULL: native */
	const unsigned *actions;           /* all actions of the category that the condition may ask for */
	size_t action_count;
	bool negated;                      /* rules are made of lower bounds */
	bool whole;                        /* a log source as it is: no category and no action are fixed */
	bool approximate;                  /* second pass: rows' approximate forms may be used */
	bool failed;                       /* the condition speaks of the outcome: it may ask for acts that failed */
	bool lost;
	const char *misses;
	struct texts reasons;
};

/* The action whose rows are meant: of a derived rule, the exec of a client. */
unsigned site_row_action(const struct site *site, unsigned *category);
/* Bounds as the target can write them, without and with noting the reasons in the site. */
struct bounds site_bounds(struct site *site, const struct predicate *predicate);
struct bounds site_predicate(struct site *site, const struct predicate *predicate);
struct bounds site_node(struct site *site, const struct node *node);
/* A whole condition: an action means a successful one, unless the condition speaks of the outcome itself or
 * `judged` says that this was asked already. */
struct bounds site_root(struct site *site, const struct condition *condition, bool judged);

/* Can records of the group be the action? The group's own condition, and which of its records are one of these. */
bool events_known(const struct lowering *lowering, const struct dialect_group *group, unsigned category, unsigned action);
struct rule_node *events_of(const struct lowering *lowering, const struct dialect_group *group, unsigned category,
	const unsigned *actions, size_t count);

/* The dialect's groups; where the condition asks for a system (host.os.type), those that have the attribute `systems` once
 * more for each of these, with the attributes `product` and `os` of that name. */
void groups_of(const struct lowering *lowering, const struct condition *condition, struct site *site);
/* What the group's records say of the system, by its attribute `os`; false: nothing, or the field is another. */
bool group_system(const struct site *site, const struct predicate *predicate, bool *holds);

/* any where logsource.product == "windows" and logsource.category == "process_creation" and …: product, category, service. */
enum { LOGSOURCE_COUNT = 3 };
/* The log source that the condition is of; *rest: what else it asks. false: it names none. */
bool logsource_of(const struct lowering *lowering, const struct condition *condition, struct text named[LOGSOURCE_COUNT],
	struct node **rest);
/* The dialect's group for any log source (attribute `logsource: any`), as one for this log source. NULL: it has none. */
const struct dialect_group *logsource_group(const struct lowering *lowering, const struct text named[LOGSOURCE_COUNT]);

#endif
