/*
 * query: a rule's tree as an EQL query.
 *
 *   category process, events (type start, action exec), node process.name == docker and not process.args == version
 *   → process where host.os.type == "linux" and event.type == "start" and event.action == "exec" and
 *       process.name == "docker" and (process.args == null or process.args != "version")
 *
 * Two readings of a negation are around. EQL's own answer about a missing field is unknown, and `not` keeps it;
 * Elasticsearch makes a `must_not` of it, which lets a missing field pass. The trees here have two answers: a test of a
 * missing field is false, and its negation holds. So `not` is pushed down to the tests, and stands beside
 * `f == null` or `f != null` wherever a field may be missing: then both readings agree with the tree.
 */
#ifndef MEWS_ELASTIC_QUERY_H
#define MEWS_ELASTIC_QUERY_H

#include "generator/rule.h"

/* CATEGORY where …; `events` gives the category (event.category) and what tells the acts apart. Lines are
 * indented by `indent` blanks after the first. */
void elastic_query(struct arena *arena, struct buffer *out, const struct rule_node *events, const struct rule_node *node,
	unsigned indent);
/* Can any event be both? What the tree asks of the names that tell acts and products apart may be none of the events. */
bool elastic_possible(struct arena *arena, const struct rule_node *events, const struct rule_node *node);
/* Can the test be written at all? For generator/target.c. */
bool elastic_accepts(const struct rule_test *test);

#endif
