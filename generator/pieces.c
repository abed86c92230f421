/* pieces: long regular expressions, cut at their alternatives. */
#include "generator/pieces.h"

#include <string.h>

struct cutting {
	struct arena *arena;
	const struct pieces_limit *limit;
	struct text *pieces;
	size_t count;
	bool failed;
};

/* --- the expression's parts --- */

/* The byte behind the character, class or group that begins at `at`. */
static size_t behind_atom(struct text regex, size_t at)
{
	size_t i = at + 1;

	if (regex.data[at] == '\\')
		return at + 2 < regex.length ? at + 2 : regex.length;
	if (regex.data[at] == '[') {
		i += i < regex.length && regex.data[i] == '^';
		for (i += i < regex.length && regex.data[i] == ']'; i < regex.length && regex.data[i] != ']'; i++)
			i += regex.data[i] == '\\';
		return i < regex.length ? i + 1 : regex.length;
	}
	if (regex.data[at] != '(')
		return i;
	while (i < regex.length && regex.data[i] != ')')
		i = behind_atom(regex, i);
	return i < regex.length ? i + 1 : regex.length;
}

/* The byte behind a repetition that may stand at `at`, with its lazy mark. */
static size_t behind_repetition(struct text regex, size_t at)
{
	size_t i = at;

	if (i >= regex.length || memchr("*+?{", regex.data[i], 4) == NULL)
		return at;
	while (regex.data[at] == '{' && i + 1 < regex.length && regex.data[i] != '}')
		i++;
	i++;
	return i < regex.length && regex.data[i] == '?' ? i + 1 : i;
}

size_t pieces_atom(struct text regex, size_t at)
{
	return behind_repetition(regex, behind_atom(regex, at));
}

size_t pieces_branches(struct arena *arena, struct text regex, struct text **branches)
{
	size_t count = 0, from = 0;

	*branches = NULL;
	for (size_t i = 0; i <= regex.length;) {
		if (i < regex.length && regex.data[i] != '|') {
			i = behind_atom(regex, i);
			continue;
		}
		*branches = arena_grow(arena, *branches, count, sizeof(**branches));
		(*branches)[count++] = text_slice(regex, from, i);
		from = ++i;
	}
	return count;
}

bool pieces_group(struct text regex, enum pieces_kind kind, struct pieces_group *group)
{
	size_t longest = 0;

	for (size_t i = 0; i < regex.length;) {
		size_t end = behind_atom(regex, i), behind = behind_repetition(regex, end), from = i + 1;
		char next = behind > end ? regex.data[end] : '\0';
		bool repeated = next == '*' || next == '+' || next == '{';

		if (regex.data[i] == '(' && end - i > longest && (kind == PIECES_ANY || !repeated)) {
			longest = end - i;
			from += text_starts(text_slice(regex, from, regex.length), TEXT("?:"), false) ? 2 : 0;
			group->before = text_slice(regex, 0, i);
			group->inside = text_slice(regex, from, end - 1);
			group->repeated = repeated;
			group->optional = next == '?' || next == '*' || text_starts(text_slice(regex, end, behind), TEXT("{0"), false);
			group->after = text_slice(regex, behind, regex.length);
		}
		i = behind;
	}
	return longest > 0;
}

struct text pieces_joined(struct arena *arena, const struct pieces_group *group, const struct text *branches, size_t count)
{
	struct buffer out = {0};

	buffer_text(&out, group->before);
	buffer_string(&out, count > 1 ? "(" : "");
	for (size_t i = 0; i < count; i++) {
		buffer_string(&out, i > 0 ? "|" : "");
		buffer_text(&out, branches[i]);
	}
	buffer_string(&out, count > 1 ? ")" : "");
	buffer_text(&out, group->after);
	struct text text = text_copy(arena, buffer_view(&out));

	buffer_free(&out);
	return text;
}

/* Parts are written one by one, so that their lengths add up; in one they may be shorter (Falco's "(.|\n)"), so what seems
 * too long is measured. */
size_t pieces_fitting(struct arena *arena, const struct pieces_limit *limit, const struct pieces_group *group,
	const struct text *branches, size_t count)
{
	size_t taken = 1, length = strlen("()");

	if (count == 1)
		return 1;
	length += limit->length(limit->test, group->before) + limit->length(limit->test, group->after);
	length += limit->length(limit->test, branches[0]);
	while (taken < count) {
		length += 1 + limit->length(limit->test, branches[taken]);
		if (length > limit->most && !limit->fits(limit->test, pieces_joined(arena, group, branches, taken + 1)))
			break;
		taken++;
	}
	return taken;
}

/* --- cutting --- */

static void cut(struct cutting *c, struct text regex, unsigned depth);

/* As many branches in each piece as fit, in their order; a branch that does not fit alone is cut by itself. */
static void cut_branches(struct cutting *c, const struct pieces_group *group, const struct text *branches, size_t count,
	unsigned depth)
{
	for (size_t from = 0; from < count && !c->failed;) {
		size_t taken = pieces_fitting(c->arena, c->limit, group, branches + from, count - from);

		cut(c, pieces_joined(c->arena, group, branches + from, taken), depth + 1);
		from += taken;
	}
}

static void cut(struct cutting *c, struct text regex, unsigned depth)
{
	enum { DEPTH_MOST = 64 };
	struct pieces_group group = {0};
	struct text *branches;

	if (c->failed)
		return;
	if (c->limit->fits(c->limit->test, regex)) {
		c->pieces = arena_grow(c->arena, c->pieces, c->count, sizeof(*c->pieces));
		c->pieces[c->count++] = regex;
		c->failed = c->count > PIECES_MOST;
		return;
	}
	size_t count = pieces_branches(c->arena, regex, &branches);

	if (count > 1) {
		cut_branches(c, &group, branches, count, depth);
		return;
	}
	if (depth > DEPTH_MOST || !pieces_group(regex, PIECES_SINGLE, &group)) {
		c->failed = true;
		return;
	}
	if (group.optional)
		cut(c, text_of(arena_printf(c->arena, "%.*s%.*s", TEXT_ARGS(group.before), TEXT_ARGS(group.after))), depth + 1);
	count = pieces_branches(c->arena, group.inside, &branches);
	cut_branches(c, &group, branches, count, depth);
}

size_t pieces_of(struct arena *arena, const struct pieces_limit *limit, struct text regex, struct text **pieces)
{
	struct cutting c = {.arena = arena, .limit = limit};

	cut(&c, regex, 0);
	*pieces = c.pieces;
	return c.failed ? 0 : c.count;
}
