/* eql_layout: see eql_layout.h. */
#include "catalog/eql_layout.h"

#include "catalog/condition.h"
#include "catalog/lexer.h"

/* A token as it is written, and where lines may begin. */
struct word {
	struct text text;
	enum token_kind kind;
	size_t width;  /* in characters */
	size_t depth;  /* parentheses that are open before it; a closing one is no longer */
	bool joined;   /* no blank before it */
	bool place;    /* a line may begin with it */
	bool step;     /* of a sequence: one that is broken breaks all */
	bool breaks;   /* a line does begin with it */
};

struct laying {
	struct arena *arena;
	struct text source;
	const struct tokens *tokens;
	struct word *words;
	size_t count, width;
	struct eql_lines *lines;
};

static bool is_word(const struct token *token, const char *word)
{
	return token->kind == TOKEN_NAME && !token->quoted && !token->optional && text_is(token->text, word);
}

static bool is_operator(const struct token *token)
{
	return is_word(token, "and") || is_word(token, "or");
}

static bool opens(enum token_kind kind)
{
	return kind == TOKEN_OPEN || kind == TOKEN_BRACKET_OPEN || kind == TOKEN_MISSING_OPEN;
}

static bool closes(enum token_kind kind)
{
	return kind == TOKEN_CLOSE || kind == TOKEN_BRACKET_CLOSE;
}

/* A name before `(` that is no function's. */
static bool is_keyword(const struct token *token)
{
	static const char *const words[] = {"and", "or", "not", "in", "like", "regex", "where", "by", "until"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (is_word(token, words[i]))
			return true;
	return false;
}

static bool is_joined(const struct token *before, const struct token *token)
{
	if (opens(before->kind) || closes(token->kind) || token->kind == TOKEN_COMMA)
		return true;
	if (token->kind == TOKEN_ASSIGN) /* maxspan=5m, distinct(x)=3; two signs side by side would become another */
		return before->kind == TOKEN_NAME || before->kind == TOKEN_CLOSE;
	if (before->kind == TOKEN_ASSIGN)
		return token->kind == TOKEN_NUMBER || token->kind == TOKEN_DURATION;
	return token->kind == TOKEN_OPEN && before->kind == TOKEN_NAME && !is_keyword(before);
}

static bool begins_step(const struct token *token)
{
	return token->kind == TOKEN_BRACKET_OPEN || token->kind == TOKEN_MISSING_OPEN || is_word(token, "until");
}

static bool is_place(const struct token *before, const struct token *token)
{
	if (is_operator(before) || closes(token->kind) || is_word(before, "until"))
		return false;
	return is_operator(token) || before->kind == TOKEN_OPEN || before->kind == TOKEN_COMMA || is_word(before, "where") ||
		begins_step(token);
}

static struct text spelt(struct arena *arena, struct text source, const struct token *token)
{
	struct buffer out = {0};
	if (token->kind != TOKEN_STRING)
		return text_slice(source, token->offset, token->offset + token->length);
	condition_print_string(token->text, &out);
	struct text text = text_copy(arena, buffer_view(&out));
	buffer_free(&out);
	return text;
}

static size_t characters(struct text text)
{
	size_t count = 0;
	for (size_t at = 0; at < text.length; count++)
		at += utf8_step(text.data + at, text.length - at);
	return count;
}

/* Does a line end between two tokens? false in *blank: something else than blanks stands there. */
static bool has_break(struct text source, const struct token *before, const struct token *token, bool *blank)
{
	struct text gap = text_slice(source, before->offset + before->length, token->offset);
	*blank = *blank && text_trim(gap).length == 0;
	return text_find(gap, '\n') < gap.length;
}

static bool make_words(struct laying *l)
{
	size_t depth = 0;
	bool blank = l->tokens->items[0].offset == 0 || text_trim(text_slice(l->source, 0, l->tokens->items[0].offset)).length == 0;
	for (size_t i = 0; i < l->count; i++) {
		const struct token *token = &l->tokens->items[i], *before = i > 0 ? token - 1 : NULL;
		struct word *word = &l->words[i];
		depth -= closes(token->kind) && depth > 0;
		*word = (struct word){.text = spelt(l->arena, l->source, token), .kind = token->kind, .depth = depth};
		word->width = characters(word->text);
		depth += opens(token->kind);
		if (before == NULL)
			continue;
		bool broken = has_break(l->source, before, token, &blank);
		word->joined = is_joined(before, token);
		word->place = is_place(before, token);
		word->step = word->place && begins_step(token);
		if (broken && is_operator(before) && i > 1)
			l->words[i - 1].breaks = l->words[i - 1].place;
		else
			word->breaks = broken && word->place;
	}
	const struct token *last = &l->tokens->items[l->count - 1], *end = last + 1;
	has_break(l->source, last, end, &blank);
	return blank;
}

static size_t indent_of(const struct laying *l, size_t first)
{
	return first == 0 ? 0 : 2 * (l->words[first].depth + 1);
}

/* Columns that the words from `first` up to `end` take, with their indentation. */
static size_t width_of(const struct laying *l, size_t first, size_t end)
{
	size_t width = indent_of(l, first);
	for (size_t i = first; i < end; i++)
		width += l->words[i].width + (i > first && !l->words[i].joined);
	return width;
}

/* Where a line that is too long is broken: at the outermost place, the last one that leaves a head which fits. 0: nowhere. */
static size_t place_to_break(const struct laying *l, size_t first, size_t end)
{
	size_t best = 0, width = indent_of(l, first) + l->words[first].width; /* of what stands before word i */
	for (size_t i = first + 1; i < end; i++) {
		bool outer = best == 0 || l->words[i].depth < l->words[best].depth;
		bool same = best > 0 && l->words[i].depth == l->words[best].depth;
		if (l->words[i].place && (outer || (same && width <= l->width)))
			best = i;
		width += l->words[i].width + !l->words[i].joined;
	}
	return best;
}

static void break_at(struct laying *l, size_t at)
{
	l->words[at].breaks = true;
	for (size_t i = 0; l->words[at].step && i < l->count; i++)
		l->words[i].breaks = l->words[i].breaks || l->words[i].step;
}

static void add_line(struct laying *l, size_t first, size_t end)
{
	struct buffer line = {0};
	for (size_t i = 0; i < indent_of(l, first); i++)
		buffer_char(&line, ' ');
	for (size_t i = first; i < end; i++) {
		if (i > first && !l->words[i].joined)
			buffer_char(&line, ' ');
		buffer_text(&line, l->words[i].text);
	}
	l->lines->items = arena_grow(l->arena, l->lines->items, l->lines->count, sizeof *l->lines->items);
	l->lines->items[l->lines->count++] = text_copy(l->arena, buffer_view(&line));
	buffer_free(&line);
}

static size_t end_of_line(const struct laying *l, size_t first)
{
	size_t end = first + 1;
	while (end < l->count && !l->words[end].breaks)
		end++;
	return end;
}

bool eql_layout(struct arena *arena, struct text source, size_t width, struct eql_lines *lines)
{
	struct tokens tokens;
	lexer_run(arena, arena, source, &tokens);
	*lines = (struct eql_lines){NULL, 0};
	struct laying l = {.arena = arena, .source = source, .tokens = &tokens, .count = tokens.count - 1, .width = width,
		.lines = lines};
	if (tokens.error != NULL || l.count == 0)
		return false;
	l.words = arena_array(arena, l.count, sizeof *l.words);
	if (!make_words(&l))
		return false;
	for (size_t first = 0, at; first < l.count;) {
		size_t end = end_of_line(&l, first);
		if (width_of(&l, first, end) > width && (at = place_to_break(&l, first, end)) > 0)
			break_at(&l, at);
		else
			first = end;
	}
	for (size_t first = 0, end; first < l.count; first = end) {
		end = end_of_line(&l, first);
		add_line(&l, first, end);
	}
	return true;
}

bool eql_same_words(struct arena *arena, struct text one, struct text other)
{
	struct tokens a, b;
	lexer_run(arena, arena, one, &a);
	lexer_run(arena, arena, other, &b);
	if (a.error != NULL || b.error != NULL || a.count != b.count)
		return false;
	for (size_t i = 0; i < a.count; i++) {
		const struct token *x = &a.items[i], *y = &b.items[i];
		if (x->kind != y->kind || x->fold != y->fold || x->optional != y->optional || x->quoted != y->quoted ||
			(x->kind != TOKEN_END && !text_equal(x->text, y->text)))
			return false;
	}
	return true;
}
