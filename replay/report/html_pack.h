/*
 * html_pack: rows of a table that the page's script adds, in a fraction of their bytes: each cell that is said once is named
 * by a number afterwards. Without the script they are not there: what a reader needs first does not belong into them.
 *
 *   struct html_pack pack;
 *   html_pack_begin(&pack, &arena);
 *   html_pack_row(&pack, "r0.7", "0", true, cells, 13);
 *   html_pack_write(&pack, out, "figures");      the template; its rows go behind those of table#figures
 *
 * In the template stand lines: class, words, small words and bar of a cell, parted by tabs; an empty line; and for each row its
 * id, its organization or -, s where it asks for nothing or -, and the numbers of its cells (base 36), the first of which is the
 * row's head. The text is escaped as everywhere; tabs and line feeds in it become pictures.
 */
#ifndef MEWS_HTML_PACK_H
#define MEWS_HTML_PACK_H

#include "catalog/text_map.h"
#include "replay/report/html_page.h"

struct html_pack {
	struct arena *arena;
	struct text_map places; /* of a cell's line, from 1 */
	struct buffer cells, rows;
	size_t cell_count, row_count;
};

void html_pack_begin(struct html_pack *pack, struct arena *arena);
/* `organization`: its number, or NULL. */
void html_pack_row(struct html_pack *pack, const char *id, const char *organization, bool needs, const struct html_cell *cells,
	size_t count);
size_t html_pack_size(const struct html_pack *pack); /* bytes that it will take */
void html_pack_write(struct html_pack *pack, FILE *out, const char *table); /* and frees it */

#endif
