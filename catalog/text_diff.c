/*
 * text_diff: which lines two texts share (Myers, "An O(ND) Difference Algorithm and Its Variations", linear space).
 *
 * Lines become numbers, equal lines the same one. A path through the grid of both lists is searched from both corners
 * until the two meet; what lies before and behind the meeting point is compared in turn.
 */
#include "catalog/text_diff.h"

#include "catalog/text_map.h"

#include <string.h>

enum { PATIENCE = 2000 }; /* edits after which a good split is taken in place of the best one */

/* A part of both lists: [from, to) each. */
struct span {
	ptrdiff_t a_from, a_to, b_from, b_to;
};

struct search {
	const size_t *a, *b;       /* numbers of the lines */
	bool *removed, *added;
	ptrdiff_t *forward, *back; /* the furthest point on each diagonal, as a place in a; -1: none */
};

/* Where searching from one corner has come to: a part of n and m lines, its own first ones at a and b. */
struct grid {
	const size_t *a, *b;
	ptrdiff_t n, m;
	ptrdiff_t *forward, *back; /* by diagonal, -m - 1 … n + 1 */
};

static ptrdiff_t step_forward(const struct grid *grid, ptrdiff_t k)
{
	ptrdiff_t x = -1;
	if (grid->forward[k - 1] >= 0 && grid->forward[k - 1] < grid->n)
		x = grid->forward[k - 1] + 1;
	ptrdiff_t down = grid->forward[k + 1];
	if (down > x && down - k <= grid->m)
		x = down;
	if (x < 0)
		return -1;
	while (x < grid->n && x - k < grid->m && grid->a[x] == grid->b[x - k])
		x++;
	return x;
}

static ptrdiff_t step_back(const struct grid *grid, ptrdiff_t k)
{
	ptrdiff_t x = grid->n + 1;
	if (grid->back[k + 1] > 0)
		x = grid->back[k + 1] - 1;
	ptrdiff_t up = grid->back[k - 1];
	if (up >= 0 && up < x && up - k >= 0)
		x = up;
	if (x > grid->n)
		return -1;
	while (x > 0 && x - k > 0 && grid->a[x - 1] == grid->b[x - k - 1])
		x--;
	return x;
}

static bool met(const struct grid *grid, ptrdiff_t k)
{
	return grid->forward[k] >= 0 && grid->back[k] >= 0 && grid->forward[k] >= grid->back[k];
}

/* Diagonals beside those of the last round were not reached. */
static void fence(const struct grid *grid, ptrdiff_t *reached, ptrdiff_t low, ptrdiff_t high)
{
	if (low >= -grid->m - 1)
		reached[low] = -1;
	if (high <= grid->n + 1)
		reached[high] = -1;
}

/* One more edit from either corner. True and where they meet, as a place in a on diagonal *k. */
static bool round_of(const struct grid *grid, ptrdiff_t d, ptrdiff_t *x, ptrdiff_t *k)
{
	ptrdiff_t delta = grid->n - grid->m;
	fence(grid, grid->forward, -d - 1, d + 1);
	for (*k = -d; *k <= d; *k += 2) {
		if (*k < -grid->m || *k > grid->n)
			continue;
		grid->forward[*k] = *x = step_forward(grid, *k);
		if ((delta & 1) != 0 && *k > delta - d && *k < delta + d && met(grid, *k))
			return true;
	}
	fence(grid, grid->back, delta - d - 1, delta + d + 1);
	for (*k = delta - d; *k <= delta + d; *k += 2) {
		if (*k < -grid->m || *k > grid->n)
			continue;
		grid->back[*k] = *x = step_back(grid, *k);
		if ((delta & 1) == 0 && *k >= -d && *k <= d && met(grid, *k))
			return true;
	}
	return false;
}

/* The furthest that the search from the front has come to. */
static void furthest(const struct grid *grid, ptrdiff_t d, ptrdiff_t *x, ptrdiff_t *k)
{
	ptrdiff_t best = -1;
	for (ptrdiff_t at = -d; at <= d; at += 2) {
		if (at < -grid->m || at > grid->n || grid->forward[at] < 0 || 2 * grid->forward[at] - at <= best)
			continue;
		best = 2 * grid->forward[at] - at;
		*x = grid->forward[at];
		*k = at;
	}
}

/* A point within the part, neither of its corners. Both sides have lines, and neither the first nor the last are equal. */
static void split(const struct search *search, const struct span *span, ptrdiff_t *x, ptrdiff_t *y)
{
	struct grid grid = {search->a + span->a_from, search->b + span->b_from, span->a_to - span->a_from,
		span->b_to - span->b_from, NULL, NULL};
	grid.forward = search->forward + grid.m + 1;
	grid.back = search->back + grid.m + 1;
	grid.forward[0] = 0;
	grid.back[grid.n - grid.m] = grid.n;
	ptrdiff_t k = 0;
	ptrdiff_t d = 1;
	*x = 0;
	while (!round_of(&grid, d, x, &k)) {
		if (d++ == PATIENCE) {
			furthest(&grid, PATIENCE, x, &k);
			break;
		}
	}
	*y = *x - k + span->b_from;
	*x += span->a_from;
}

static void compare(const struct search *search, struct span span)
{
	while (span.a_from < span.a_to && span.b_from < span.b_to && search->a[span.a_from] == search->b[span.b_from]) {
		span.a_from++;
		span.b_from++;
	}
	while (span.a_from < span.a_to && span.b_from < span.b_to && search->a[span.a_to - 1] == search->b[span.b_to - 1]) {
		span.a_to--;
		span.b_to--;
	}
	if (span.a_from == span.a_to || span.b_from == span.b_to) {
		for (ptrdiff_t i = span.a_from; i < span.a_to; i++)
			search->removed[i] = true;
		for (ptrdiff_t i = span.b_from; i < span.b_to; i++)
			search->added[i] = true;
		return;
	}
	ptrdiff_t x, y;
	split(search, &span, &x, &y);
	compare(search, (struct span){span.a_from, x, span.b_from, y});
	compare(search, (struct span){x, span.a_to, y, span.b_to});
}

/* A text's lines; *open: the last one lacks its LF. */
static struct text *lines_of(struct arena *arena, struct text text, size_t *count, bool *open)
{
	struct text *lines = NULL;
	*count = 0;
	*open = text.length > 0 && text.data[text.length - 1] != '\n';
	while (text.length > 0) {
		size_t end = text_find(text, '\n');
		lines = arena_grow(arena, lines, *count, sizeof *lines);
		lines[(*count)++] = text_slice(text, 0, end);
		text = end < text.length ? text_slice(text, end + 1, text.length) : (struct text){0};
	}
	return lines;
}

/* Equal lines get equal numbers. An open line equals an open one only. */
static size_t *numbers_of(struct text_map *map, const struct text *lines, size_t count, bool open)
{
	size_t *numbers = arena_array(map->arena, count + 1, sizeof *numbers);
	for (size_t i = 0; i < count; i++) {
		size_t *number = text_map_at(map, lines[i]);
		if (*number == 0)
			*number = map->count;
		numbers[i] = 2 * *number + (open && i + 1 == count);
	}
	return numbers;
}

struct side {
	const struct text *lines;
	size_t count;
	bool open;
};

static void add_line(struct text_diff *diff, struct diff_line *lines, enum diff_kind kind, const struct side *side, size_t before,
	size_t after)
{
	size_t at = kind == DIFF_ADDED ? after : before;
	lines[diff->count++] = (struct diff_line){.kind = kind,
		.open = side->open && at == side->count,
		.text = side->lines[at - 1],
		.before = kind == DIFF_ADDED ? 0 : before,
		.after = kind == DIFF_REMOVED ? 0 : after};
	*(kind == DIFF_KEPT ? &diff->kept : kind == DIFF_REMOVED ? &diff->removed : &diff->added) += 1;
}

static struct text_diff diff_of(struct arena *arena, const struct side *before, const struct side *after)
{
	struct arena room = {0};
	struct text_map map = {.arena = &room};
	size_t all = before->count + after->count;
	struct search search = {.removed = arena_array(&room, before->count + 1, sizeof(bool)),
		.added = arena_array(&room, after->count + 1, sizeof(bool)),
		.forward = arena_array(&room, all + 3, sizeof(ptrdiff_t)),
		.back = arena_array(&room, all + 3, sizeof(ptrdiff_t))};
	search.a = numbers_of(&map, before->lines, before->count, before->open);
	search.b = numbers_of(&map, after->lines, after->count, after->open);
	compare(&search, (struct span){0, (ptrdiff_t)before->count, 0, (ptrdiff_t)after->count});
	struct diff_line *lines = arena_array(arena, all + 1, sizeof *lines);
	struct text_diff diff = {.lines = lines};
	for (size_t i = 0, j = 0; i < before->count || j < after->count;) {
		for (; i < before->count && search.removed[i]; i++)
			add_line(&diff, lines, DIFF_REMOVED, before, i + 1, 0);
		for (; j < after->count && search.added[j]; j++)
			add_line(&diff, lines, DIFF_ADDED, after, 0, j + 1);
		for (; i < before->count && j < after->count && !search.removed[i] && !search.added[j]; i++, j++)
			add_line(&diff, lines, DIFF_KEPT, before, i + 1, j + 1);
	}
	arena_free(&room);
	return diff;
}

struct text_diff text_diff(struct arena *arena, struct text before, struct text after)
{
	struct arena room = {0};
	struct side old = {0};
	struct side new = {0};
	old.lines = lines_of(&room, before, &old.count, &old.open);
	new.lines = lines_of(&room, after, &new.count, &new.open);
	struct text_diff diff = diff_of(arena, &old, &new);
	arena_free(&room);
	return diff;
}

struct text_diff text_diff_lines(struct arena *arena, const struct text *before, size_t before_count,
	const struct text *after, size_t after_count)
{
	return diff_of(arena, &(struct side){before, before_count, false}, &(struct side){after, after_count, false});
}

/* Lines from … to (exclusive) that belong together: changes whose contexts touch. False: no more changes. */
static bool next_hunk(const struct text_diff *diff, size_t context, size_t *from, size_t *to)
{
	size_t at = *to;
	while (at < diff->count && diff->lines[at].kind == DIFF_KEPT)
		at++;
	if (at == diff->count)
		return false;
	*from = at - *to > context ? at - context : *to;
	size_t kept = 0;
	size_t end = at;
	for (; at < diff->count && (kept <= context || kept - context <= context); at++) {
		kept = diff->lines[at].kind == DIFF_KEPT ? kept + 1 : 0;
		if (kept == 0)
			end = at + 1;
	}
	*to = diff->count - end > context ? end + context : diff->count;
	return true;
}

static void print_range(char sign, size_t first, size_t count, size_t gone_by, struct buffer *out)
{
	if (count == 1)
		buffer_printf(out, " %c%zu", sign, first);
	else
		buffer_printf(out, " %c%zu,%zu", sign, count == 0 ? gone_by : first, count);
}

/* `before` and `after`: lines that went by. */
static void print_hunk_head(const struct diff_line *lines, size_t count, size_t before, size_t after,
	const struct text_diff_style *style, struct buffer *out)
{
	size_t old = 0, new = 0;
	for (size_t i = 0; i < count; i++) {
		old += lines[i].kind != DIFF_ADDED;
		new += lines[i].kind != DIFF_REMOVED;
	}
	buffer_string(out, style->colour ? "\033[36m@@" : "@@");
	print_range('-', before + 1, old, before, out);
	print_range('+', after + 1, new, after, out);
	buffer_string(out, style->colour ? " @@\033[0m\n" : " @@\n");
}

static void add_safely(struct text text, struct buffer *out)
{
	for (size_t i = 0; i < text.length;) {
		size_t step = utf8_step(text.data + i, text.length - i);
		unsigned char first = (unsigned char)text.data[i];
		bool control = step == 1 ? (first < 0x20 && first != '\t') || first >= 0x7f
		                         : step == 2 && first == 0xc2 && (unsigned char)text.data[i + 1] < 0xa0;
		if (control)
			buffer_char(out, '?');
		else
			buffer_add(out, text.data + i, step);
		i += step;
	}
}

static void print_line(const struct diff_line *line, const struct text_diff_style *style, struct buffer *out)
{
	static const struct {
		char sign;
		const char *colour;
	} looks[] = {[DIFF_KEPT] = {' ', NULL}, [DIFF_REMOVED] = {'-', "\033[31m"}, [DIFF_ADDED] = {'+', "\033[32m"}};
	const char *colour = style->colour ? looks[line->kind].colour : NULL;
	if (colour)
		buffer_string(out, colour);
	buffer_char(out, looks[line->kind].sign);
	/* A CR of the line's end is no danger to a terminal and no news to anybody. */
	bool cr = style->safe && text_ends(line->text, TEXT("\r"), false);
	if (style->safe)
		add_safely(text_slice(line->text, 0, line->text.length - cr), out);
	else
		buffer_text(out, line->text);
	buffer_string(out, colour ? "\033[0m\n" : "\n");
	if (line->open)
		buffer_string(out, "\\ No newline at end of file\n");
}

static void print_head(const struct text_diff_style *style, struct buffer *out)
{
	const char *const names[] = {style->before, style->after};
	for (size_t i = 0; i < 2; i++) {
		buffer_printf(out, "%s%s ", style->colour ? "\033[1m" : "", i == 0 ? "---" : "+++");
		if (style->safe)
			add_safely(text_of(names[i]), out);
		else
			buffer_string(out, names[i]);
		if (text_find(text_of(names[i]), ' ') < text_of(names[i]).length)
			buffer_char(out, '\t'); /* ends a name with blanks, for whoever reads it */
		buffer_string(out, style->colour ? "\033[0m\n" : "\n");
	}
}

void text_diff_print(const struct text_diff *diff, const struct text_diff_style *style, struct buffer *out)
{
	size_t from = 0, to = 0, before = 0, after = 0, passed = 0;
	if (diff->removed + diff->added == 0)
		return;
	if (style->before && style->after)
		print_head(style, out);
	while (next_hunk(diff, style->context, &from, &to)) {
		for (; passed < from; passed++) { /* kept, all of them */
			before++;
			after++;
		}
		print_hunk_head(diff->lines + from, to - from, before, after, style, out);
		for (; passed < to; passed++) {
			const struct diff_line *line = &diff->lines[passed];
			before += line->kind != DIFF_ADDED;
			after += line->kind != DIFF_REMOVED;
			print_line(line, style, out);
		}
	}
}
