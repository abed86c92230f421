/*
 * markdown_text: any bytes as text of GitHub's and GitLab's Markdown that means nothing but itself: no markup, no HTML, no
 * link, nobody is mentioned, no issue is referred to, and no cell of a table ends early.
 *
 *   markdown_prose(&out, TEXT("see @all | <b>"), 0);      within a sentence or a cell, not at a line's begin
 *   markdown_code(&out, TEXT("docker run -v a`b"), 120);  as a code span
 *
 * `most`: characters; what is longer is cut with an ellipsis (0: nothing is). Line breaks and control characters become
 * blanks, and so does what turns the direction of writing.
 */
#ifndef MEWS_MARKDOWN_TEXT_H
#define MEWS_MARKDOWN_TEXT_H

#include "catalog/text.h"

void markdown_prose(struct buffer *out, struct text text, size_t most);
void markdown_code(struct buffer *out, struct text text, size_t most);
void markdown_code_cell(struct buffer *out, struct text text, size_t most); /* in a table */
/* A fenced block; the texts are its lines. */
void markdown_block(struct buffer *out, const char *language, const struct text *lines, size_t count);

#endif
