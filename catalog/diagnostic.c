/*
 * diagnostic: what is wrong, and where.
 */
#include "catalog/diagnostic.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum {
	SHOWN = 100,       /* characters of a source line that are shown */
	SHOWN_BEFORE = 60, /* of these, at most before the column */
};

static const char *const severity_names[] = {
	[DIAGNOSTIC_ERROR] = "error",
	[DIAGNOSTIC_WARNING] = "warning",
	[DIAGNOSTIC_NOTE] = "note",
};

/* Diagnostics outlive what they speak of, so the name is copied; most name the file of the one before. */
static const char *keep_file(struct diagnostics *d, const char *file)
{
	if (!file)
		return NULL;
	const char *last = d->count ? d->items[d->count - 1].place.file : NULL;
	return last && strcmp(last, file) == 0 ? last : arena_strdup(&d->arena, file);
}

int diagnostics_add(struct diagnostics *d, enum severity_of_diagnostic severity, struct place place,
	const char *format, ...)
{
	place.file = keep_file(d, place.file);
	va_list arguments;
	va_start(arguments, format);
	const char *message = arena_vprintf(&d->arena, format, arguments);
	va_end(arguments);
	d->items = arena_grow(&d->arena, d->items, d->count, sizeof *d->items);
	d->items[d->count++] = (struct diagnostic){.severity = severity, .place = place, .message = message};
	if (severity != DIAGNOSTIC_ERROR)
		return 0;
	d->errors++;
	return -1;
}

static bool find_line(struct text document, unsigned number, struct text *line)
{
	size_t from = 0;
	for (unsigned at = 1; from <= document.length; at++) {
		size_t to = from;
		while (to < document.length && document.data[to] != '\n' && document.data[to] != '\r')
			to++;
		if (at == number) {
			*line = text_slice(document, from, to);
			return true;
		}
		bool both = to + 1 < document.length && document.data[to] == '\r' && document.data[to + 1] == '\n';
		from = to + (both ? 2 : 1);
	}
	return false;
}

static size_t count_characters(struct text line)
{
	size_t count = 0;
	for (size_t i = 0; i < line.length; count++)
		i += utf8_step(line.data + i, line.length - i);
	return count;
}

void diagnostics_show_line(struct diagnostics *d, struct text document)
{
	struct text line;
	if (!d->count || !document.length)
		return;
	struct diagnostic *newest = &d->items[d->count - 1];
	if (!newest->place.line || !find_line(document, newest->place.line, &line))
		return;
	size_t total = count_characters(line);
	size_t caret = newest->place.column ? newest->place.column - 1 : 0;
	if (caret > total)
		caret = total;
	size_t first = 0;
	if (total > SHOWN && caret > SHOWN_BEFORE)
		first = caret - SHOWN_BEFORE < total - SHOWN ? caret - SHOWN_BEFORE : total - SHOWN;
	size_t from = utf8_skip(line, 0, first);
	size_t to = utf8_skip(line, from, SHOWN);
	const char *head = first ? "…" : "", *tail = to < line.length ? "…" : "";
	struct text part = text_slice(line, from, to);
	newest->source_line = arena_printf(&d->arena, "%s%.*s%s", head, TEXT_ARGS(part), tail);
	newest->caret = (unsigned)(caret - first + (first ? 1 : 0));
}

static int compare_places(const struct place *a, const struct place *b)
{
	int order = strcmp(a->file ? a->file : "", b->file ? b->file : "");
	if (order)
		return order;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return (a->column > b->column) - (a->column < b->column);
}

struct ordered {
	struct diagnostic diagnostic;
	size_t index;
};

static int compare_ordered(const void *left, const void *right)
{
	const struct ordered *a = left, *b = right;
	int order = compare_places(&a->diagnostic.place, &b->diagnostic.place);
	return order ? order : (a->index > b->index) - (a->index < b->index);
}

/* Is this one already among the kept ones of the same place? */
static bool is_repetition(const struct diagnostics *d, size_t kept, const struct diagnostic *item)
{
	while (kept--) {
		const struct diagnostic *other = &d->items[kept];
		if (compare_places(&other->place, &item->place) != 0)
			return false;
		if (other->severity == item->severity && strcmp(other->message, item->message) == 0)
			return true;
	}
	return false;
}

void diagnostics_sort(struct diagnostics *d)
{
	if (d->count < 2)
		return;
	struct ordered *all = mem_alloc(d->count * sizeof *all);
	for (size_t i = 0; i < d->count; i++)
		all[i] = (struct ordered){d->items[i], i};
	qsort(all, d->count, sizeof *all, compare_ordered);
	size_t kept = 0, errors = 0;
	for (size_t i = 0; i < d->count; i++) {
		if (is_repetition(d, kept, &all[i].diagnostic))
			continue;
		d->items[kept++] = all[i].diagnostic;
		errors += all[i].diagnostic.severity == DIAGNOSTIC_ERROR;
	}
	free(all);
	d->count = kept;
	d->errors = errors;
}

void diagnostic_print_safely(const char *string, FILE *out)
{
	size_t left = strlen(string), step;
	for (; left; string += step, left -= step) {
		unsigned char first = (unsigned char)string[0];
		step = utf8_step(string, left);
		bool control = (first < 0x20 && first != '\t') || first == 0x7f;
		bool alien = step == 1 && first >= 0x80;
		bool high_control = step == 2 && first == 0xc2 && (unsigned char)string[1] < 0xa0;
		if (control || alien || high_control)
			fputc('?', out);
		else
			fwrite(string, 1, step, out);
	}
}

static void print_source(const struct diagnostic *item, FILE *out)
{
	diagnostic_print_safely(item->source_line, out);
	fputc('\n', out);
	if (!item->place.column)
		return;
	struct text line = text_of(item->source_line);
	size_t at = 0;
	for (unsigned i = 0; i < item->caret && at < line.length; i++) {
		fputc(line.data[at] == '\t' ? '\t' : ' ', out);
		at += utf8_step(line.data + at, line.length - at);
	}
	fputs("^\n", out);
}

void diagnostics_print(const struct diagnostics *d, FILE *out)
{
	for (size_t i = 0; i < d->count; i++) {
		const struct diagnostic *item = &d->items[i];
		if (item->place.file) {
			diagnostic_print_safely(item->place.file, out);
			if (item->place.line)
				fprintf(out, ":%u", item->place.line);
			if (item->place.line && item->place.column)
				fprintf(out, ":%u", item->place.column);
			fputs(": ", out);
		} else {
			fputs("mews: ", out); /* in a pipeline of many programs: who says it */
		}
		fprintf(out, "%s: ", severity_names[item->severity]);
		diagnostic_print_safely(item->message, out);
		fputc('\n', out);
		if (item->source_line)
			print_source(item, out);
	}
}

void diagnostics_free(struct diagnostics *d)
{
	arena_free(&d->arena);
	*d = (struct diagnostics){0};
}
