/*
 * lucene: regular expressions of Lucene, which Elastic's EQL asks with, and those of our subset; both match the
 * whole value.
 *
 *   ours                 theirs
 *   a.b*?c               a[^<newline>]b*c       a dot of ours is no newline; what is lazy matches the same values
 *   \d \w \s             [0-9] [A-Za-z0-9_] [ <tab><newline>…]
 *   x@y~z                x\@y\~z                characters that are operators there
 *   [\s\S]               .
 *
 * What is left out: their complement, intersection, empty language and number intervals (`~ & # <1-9>`), and negated
 * classes inside a set.
 */
#ifndef MEWS_ELASTIC_LUCENE_H
#define MEWS_ELASTIC_LUCENE_H

#include "catalog/text.h"

/* Ours → theirs. false: it cannot be said exactly; `out` then holds a part. */
bool lucene_write(struct buffer *out, struct text regex);
/* Theirs → ours, valid in our subset. false: *error is a sentence. */
bool lucene_read(struct buffer *out, struct text regex, const char **error);

#endif
