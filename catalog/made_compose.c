/* made_compose: see made_compose.h. */
#include "catalog/made_compose.h"

#include "catalog/pattern.h"

enum { PIECES_MOST = 8 };

struct pieces {
	struct arena *arena;
	struct text first[PIECES_MOST], last[PIECES_MOST]; /* [0] is nothing */
	size_t first_count, last_count;
	struct buffer inside;
};

static void add_piece(struct text *pieces, size_t *count, struct text piece)
{
	if (*count < PIECES_MOST)
		pieces[(*count)++] = piece;
}

static void add_inside(struct pieces *p, struct text piece)
{
	if (!text_contains(buffer_view(&p->inside), piece, false))
		buffer_text(&p->inside, piece);
}

/* A pattern's literal parts, in order, with nothing for * and a letter for ?. */
static struct text filled(struct arena *arena, const struct pattern_part *parts, size_t count)
{
	struct buffer out = {0};

	for (size_t i = 0; i < count; i++) {
		if (parts[i].kind == PATTERN_LITERAL)
			buffer_text(&out, parts[i].text);
		else if (parts[i].kind == PATTERN_ONE)
			buffer_char(&out, 'q');
	}
	struct text text = text_copy(arena, buffer_view(&out));

	buffer_free(&out);
	return text;
}

static void add_pattern(struct pieces *p, struct text pattern)
{
	struct pattern_part *parts = NULL;
	size_t count = pattern_parts(p->arena, pattern, &parts);
	struct text text = filled(p->arena, parts, count);
	bool open_first = count > 0 && parts[0].kind == PATTERN_ANY, open_last = count > 0 && parts[count - 1].kind == PATTERN_ANY;

	if (open_first && open_last)
		add_inside(p, text);
	else if (open_last)
		add_piece(p->first, &p->first_count, text);
	else if (open_first)
		add_piece(p->last, &p->last_count, text);
}

static void add_predicate(struct pieces *p, const struct predicate *predicate)
{
	if (predicate->other != FIELD_NONE || predicate->count == 0)
		return;
	if (predicate->op == OPERATOR_CONTAINS)
		add_inside(p, predicate->values[0].text);
	for (size_t i = 0; i < predicate->count; i++) {
		if (predicate->op == OPERATOR_STARTS)
			add_piece(p->first, &p->first_count, predicate->values[i].text);
		else if (predicate->op == OPERATOR_ENDS)
			add_piece(p->last, &p->last_count, predicate->values[i].text);
		else if (predicate->op == OPERATOR_LIKE && i == 0)
			add_pattern(p, predicate->values[i].text);
	}
}

size_t made_compose(const struct search *search, const struct cluster *cluster, struct text **texts)
{
	struct pieces p = {.arena = search->arena, .first_count = 1, .last_count = 1};
	size_t count = 0;

	for (size_t i = 0; i < cluster->atom_count; i++) {
		const struct predicate *predicate = search->atoms[cluster->atoms[i]];

		if (predicate->field == cluster->parts[0] && !predicate->length && !predicate->number)
			add_predicate(&p, predicate);
	}
	*texts = arena_array(search->arena, p.first_count * p.last_count, sizeof(**texts));
	for (size_t i = 0; i < p.first_count; i++) {
		for (size_t k = 0; k < p.last_count; k++)
			(*texts)[count++] = text_of(arena_printf(search->arena, "%.*s%.*s%.*s", TEXT_ARGS(p.first[i]),
				TEXT_ARGS(buffer_view(&p.inside)), TEXT_ARGS(p.last[k])));
	}
	buffer_free(&p.inside);
	return count;
}
