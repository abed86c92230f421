/*
 * html_page: what every page of ours is made of; its style and script, escaping, and interval bars.
 *
 * The page needs nothing from anywhere else and reads well without its script, which only sorts and
 * filters. All text from data goes through html_text.
 */
#ifndef MEWS_HTML_PAGE_H
#define MEWS_HTML_PAGE_H

#include "replay/measure/results.h"

#include <stdio.h>

void html_head(FILE *out, const char *title);
void html_foot(FILE *out);
void html_text(FILE *out, struct text text);   /* escaped; bytes that are no UTF-8 become U+FFFD */
void html_string(FILE *out, const char *string);

/* Table cells. `order` is what the script sorts by. */
void html_cell(FILE *out, struct text text);
void html_number(FILE *out, uint64_t number, const char *shown, const char *class_name);
enum bar_scale { BAR_LINEAR, BAR_LOG }; /* 0 to 1; 10^-5 to 1 */
void html_rate(FILE *out, struct arena *arena, const struct rate *rate, enum bar_scale scale);

#endif
