/*
 * ask: a query's expression asked of a document, with EQL's three answers.
 *
 * A comparison with a missing field is unknown; `not` of unknown is unknown; `and` is false if a part is false, else unknown if
 * one is; `or` likewise. `f == null` is always known. A field with several values fits if one of them does; its
 * negation asks that none does. Only what is true matches.
 */
#ifndef MEWS_ELASTIC_ASK_H
#define MEWS_ELASTIC_ASK_H

#include "generator/elastic/eql.h"
#include "generator/sight.h"

enum answer { ANSWER_FALSE, ANSWER_UNKNOWN, ANSWER_TRUE };

/* Takes in what would be taken in again for each question: worth it for trees that are asked of many events. */
void elastic_prepare(struct arena *arena, struct eql_node *node);
enum answer elastic_ask(struct evaluator *evaluator, const struct eql_node *node, const struct sight *sight);
/* Is it an event of the step: its category and its expression? */
bool elastic_fits(struct evaluator *evaluator, const struct eql_step *step, const struct sight *sight);
/* Wildcards as Elasticsearch has them: `*` and `?`, and nothing that escapes them. */
bool elastic_wildcard(struct text pattern, struct text value, bool fold);

#endif
