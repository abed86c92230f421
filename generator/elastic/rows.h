/*
 * rows: the events that a rule is made for, in few words. Internal to query.c.
 *
 *   (category process, type start, action exec) or (category process, type start, action fork)
 *   → process; event.type == "start" and event.action in ("exec", "fork")
 */
#ifndef MEWS_ELASTIC_ROWS_H
#define MEWS_ELASTIC_ROWS_H

#include "generator/rule.h"

/* The events that the tree does not rule out by what it asks of the names that tell them apart; FALSE: none is left. */
const struct rule_node *rows_left(struct arena *arena, const struct rule_node *events, const struct rule_node *node);
/* Without what the index tells, and without the category where it is one (*category; else empty). */
const struct rule_node *rows_merged(struct arena *arena, const struct rule_node *events, struct text *category);

#endif
