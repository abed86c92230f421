/*
 * tune_text: a long condition over several lines, as people write it.
 */
#ifndef MEWS_TUNE_TEXT_H
#define MEWS_TUNE_TEXT_H

#include "catalog/text.h"

/* Breaks before `and` and `or` outside of strings, so that lines have `width` bytes where that can be; ends with a line
 * end then. What is short enough stays as it is. */
struct text tune_wrap(struct arena *arena, struct text condition, size_t width);

#endif
