/*
 * kql: a query in Kibana's query language, as the same tree that EQL gives.
 *
 *   event.action:(exec or executed) and process.name:* and not process.args:*localhost*
 *   → any where event.action in ("exec", "executed") and process.name != null and not process.args like "*localhost*"
 *
 * Two answers: what is said of a missing field is false, and `not` of it true. Unquoted stars are wildcards, a backslash takes
 * the next character as it stands. Left out: nested fields, words without a field, and fields whose text is taken apart into
 * words there (message).
 */
#ifndef MEWS_ELASTIC_KQL_H
#define MEWS_ELASTIC_KQL_H

#include "generator/elastic/eql.h"

/* NULL: *error is a sentence, *offset where. */
struct eql_query *kql_parse(struct arena *arena, struct text source, const char **error, size_t *offset);

#endif
