/* html_pack: rows for the script (see html_pack.h). */
#include "replay/report/html_pack.h"

#include <stdlib.h>
#include <string.h>

void html_pack_begin(struct html_pack *pack, struct arena *arena)
{
	*pack = (struct html_pack){.arena = arena, .places = {.arena = arena}};
}

/* What parts fields and lines does not stand in them. */
static struct text without_parters(struct arena *arena, struct text text)
{
	struct buffer clean = {0};
	for (size_t i = 0; i < text.length; i++)
		if (text.data[i] == '\t' || text.data[i] == '\n')
			buffer_string(&clean, text.data[i] == '\t' ? "\xe2\x90\x89" : "\xe2\x90\x8a");
		else
			buffer_char(&clean, text.data[i]);
	struct text copy = text_copy(arena, buffer_view(&clean));
	buffer_free(&clean);
	return copy;
}

static struct text line_of(struct html_pack *pack, const struct html_cell *cell)
{
	char *data = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&data, &size);
	if (!out)
		return TEXT("");
	fprintf(out, "%s\t", cell->class_name ? cell->class_name : "");
	html_cut(out, without_parters(pack->arena, cell->words), cell->most ? cell->most : SIZE_MAX);
	if (cell->small || cell->bar) {
		fputc('\t', out);
		html_text(out, without_parters(pack->arena, text_of(cell->small)));
	}
	if (cell->bar)
		fprintf(out, "\t%s", cell->bar);
	fclose(out);
	struct text line = text_copy(pack->arena, (struct text){data, size});
	free(data);
	return line;
}

static void put_base36(struct buffer *out, size_t number)
{
	char digits[16], *at = digits + sizeof digits;
	do {
		*--at = "0123456789abcdefghijklmnopqrstuvwxyz"[number % 36];
	} while (number /= 36);
	buffer_add(out, at, (size_t)(digits + sizeof digits - at));
}

void html_pack_row(struct html_pack *pack, const char *id, const char *organization, bool needs, const struct html_cell *cells,
	size_t count)
{
	buffer_printf(&pack->rows, "%s %s %s", id, organization ? organization : "-", needs ? "-" : "s");
	for (size_t i = 0; i < count; i++) {
		struct text line = line_of(pack, &cells[i]);
		size_t *place = text_map_at(&pack->places, line);
		if (!*place) {
			*place = ++pack->cell_count;
			buffer_text(&pack->cells, line);
			buffer_char(&pack->cells, '\n');
		}
		buffer_char(&pack->rows, ' ');
		put_base36(&pack->rows, *place - 1);
	}
	buffer_char(&pack->rows, '\n');
	pack->row_count++;
}

size_t html_pack_size(const struct html_pack *pack)
{
	return pack->cells.length + pack->rows.length;
}

void html_pack_write(struct html_pack *pack, FILE *out, const char *table)
{
	if (pack->row_count) {
		fprintf(out, "<template data-rows=\"%s\">", table);
		fwrite(pack->cells.data, 1, pack->cells.length, out);
		fputc('\n', out);
		fwrite(pack->rows.data, 1, pack->rows.length, out);
		fputs("</template>\n", out);
	}
	buffer_free(&pack->cells);
	buffer_free(&pack->rows);
}
