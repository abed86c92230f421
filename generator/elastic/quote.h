/*
 * quote: texts as Elastic's EQL reads them.
 *
 *   bash          "bash"
 *   say "hi"      "say \"hi\""
 *   C:\temp       """C:\temp"""      a raw string, where a backslash would have to be written twice
 *
 * In the patterns of `like` and `:` a star and a question mark are wildcards that nothing escapes, and a backslash is a
 * backslash; so a text that holds them literally is no pattern there.
 */
#ifndef MEWS_ELASTIC_QUOTE_H
#define MEWS_ELASTIC_QUOTE_H

#include "catalog/text.h"

/* Can it stand in a query at all? JSON holds UTF-8 only, and no NUL goes into a query. */
bool elastic_quotable(struct text text);
void elastic_quote(struct buffer *out, struct text text);
/* In backquotes where it is no plain name: `kubernetes.audit.annotations.authorization_k8s_io/decision`. */
void elastic_name(struct buffer *out, struct text name);

/* Are there no wildcards in the text? Then it may be a part of a pattern. */
bool elastic_plain(struct text literal);
/* Can one of our patterns be said there? */
bool elastic_can_like(struct arena *arena, struct text pattern);
/* One of our patterns that can: without our escapes. */
void elastic_like(struct arena *arena, struct buffer *out, struct text pattern);
/* A pattern of theirs as one of ours: a backslash is escaped. */
struct text elastic_like_read(struct arena *arena, struct text pattern);

#endif
