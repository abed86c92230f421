/*
 * display: how a text looks on a terminal: how many columns it takes, and that it does not steer it.
 *
 * East Asian wide characters and pictures take two columns, what combines with the character before it none. Control
 * characters, what turns the direction of writing, and bytes that are no UTF-8 are shown as `?`, so they take one.
 */
#ifndef MEWS_DISPLAY_H
#define MEWS_DISPLAY_H

#include "catalog/text.h"

#include <stdio.h>

size_t display_width(struct text text);
/* Bytes of the longest beginning, or of the longest end, that takes at most so many columns. */
size_t display_head(struct text text, size_t columns);
size_t display_tail(struct text text, size_t columns);
void display_put(struct text text, FILE *out);

#endif
