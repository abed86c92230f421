/* loosen: bounds of a long regular expression. */
#include "generator/loosen.h"

#include <string.h>

static const char anything[] = "[\\s\\S]*";

enum {
	SHORT = 12, /* a group of fewer bytes is no gain */
	CONTEXT = 64 /* bytes that a part is asked with of what stands beside it */
};

struct loosening {
	struct arena *arena;
	const struct pieces_limit *limit;
	const char *reason;
};

static struct bounds loosened(const struct loosening *l, struct text regex, unsigned depth);

static bool fits(const struct loosening *l, struct text regex)
{
	return l->limit->fits(l->limit->test, regex);
}

static size_t written_length(const struct loosening *l, struct text regex)
{
	return l->limit->length(l->limit->test, regex);
}

static struct bounds asked(const struct loosening *l, struct text regex)
{
	struct text *value = arena_array(l->arena, 1, sizeof(*value));
	struct rule_test test = *l->limit->test;

	value[0] = regex;
	test.values = value;
	test.count = 1;
	test.list = (struct text){NULL, 0};
	return bounds_exact(rule_test(l->arena, &test));
}

static struct bounds either(const struct loosening *l, struct bounds a, struct bounds b)
{
	return (struct bounds){rule_either(l->arena, a.upper, b.upper), rule_either(l->arena, a.lower, b.lower), a.exact && b.exact,
		a.exact && b.exact ? NULL : l->reason, NULL};
}

/* The parts one behind another; `anything` is not said twice. */
static struct text chain(const struct loosening *l, struct text a, struct text b)
{
	struct text any = text_of(anything);

	if (text_ends(a, any, false) && text_starts(b, any, false))
		b = text_slice(b, any.length, b.length);
	return text_of(arena_printf(l->arena, "%.*s%.*s", TEXT_ARGS(a), TEXT_ARGS(b)));
}

/* --- forms --- */

static struct bounds by_branches(const struct loosening *l, const struct pieces_group *group, const struct text *branches,
	size_t count, unsigned depth)
{
	struct bounds all = bounds_exact(rule_false());

	for (size_t from = 0; from < count;) {
		size_t taken = pieces_fitting(l->arena, l->limit, group, branches + from, count - from);

		all = either(l, all, loosened(l, pieces_joined(l->arena, group, branches + from, taken), depth + 1));
		from += taken;
	}
	return all;
}

/* How much of a chain, from its beginning, is written in at most so many bytes; from its end. */
static size_t reach(const struct loosening *l, struct text regex, size_t most)
{
	size_t at = 0, next;

	while (at < regex.length && written_length(l, text_slice(regex, 0, next = pieces_atom(regex, at))) <= most)
		at = next;
	return at;
}

static size_t reach_back(const struct loosening *l, struct text regex, size_t most)
{
	size_t at = 0;

	while (at < regex.length && written_length(l, text_slice(regex, at, regex.length)) > most)
		at = pieces_atom(regex, at);
	return at;
}

static struct text any_behind(const struct loosening *l, struct text a)
{
	return chain(l, a, text_of(anything));
}

static struct text any_before(const struct loosening *l, struct text a)
{
	return chain(l, text_of(anything), a);
}

/* The group as it stands, once. */
static struct text once(const struct loosening *l, const struct pieces_group *group)
{
	return text_of(arena_printf(l->arena, "(%.*s)", TEXT_ARGS(group->inside)));
}

/* The group is left out, or stands once and then anything; and the end is there. Where the whole begins with the group, the
 * first word decides: what follows if it is left out is asked for as it is. */
static struct bounds by_repetition(const struct loosening *l, const struct pieces_group *group, unsigned depth)
{
	size_t near = reach(l, group->after, CONTEXT);
	bool whole = near == group->after.length || group->before.length == 0;
	struct text first = whole ? group->after : any_behind(l, text_slice(group->after, 0, near));
	struct bounds without = bounds_exact(rule_false());

	if (group->optional)
		without = loosened(l, chain(l, group->before, first), depth + 1);
	struct bounds with = loosened(l, any_behind(l, chain(l, group->before, once(l, group))), depth + 1);
	struct bounds ends = loosened(l, any_before(l, group->after), depth + 1);

	with = bounds_upper(rule_both(l->arena, with.upper, ends.upper), l->reason);
	if (whole)
		return either(l, without, with);
	with.upper = rule_either(l->arena, rule_both(l->arena, without.upper, ends.upper), with.upper);
	return with;
}

static struct bounds by_group(const struct loosening *l, const struct pieces_group *group, unsigned depth)
{
	struct bounds without = bounds_exact(rule_false());
	struct text *branches;
	size_t count = pieces_branches(l->arena, group->inside, &branches);

	if (group->optional)
		without = loosened(l, chain(l, group->before, group->after), depth + 1);
	return either(l, without, by_branches(l, group, branches, count, depth));
}

/* The longest beginning and the longest end that fit, each with anything beyond. */
static struct bounds by_ends(const struct loosening *l, struct text regex)
{
	struct text first = TEXT(""), last = TEXT(""), any = text_of(anything);

	for (size_t at = pieces_atom(regex, 0); at < regex.length; at = pieces_atom(regex, at)) {
		struct text head = chain(l, text_slice(regex, 0, at), any), tail = chain(l, any, text_slice(regex, at, regex.length));

		if (fits(l, head))
			first = head;
		if (last.length == 0 && fits(l, tail))
			last = tail;
	}
	struct rule_node *begins = first.length > 0 ? asked(l, first).upper : rule_true();
	struct rule_node *ends = last.length > 0 ? asked(l, last).upper : rule_true();

	return bounds_upper(rule_both(l->arena, begins, ends), l->reason);
}

/* A group between long neighbours: what stands before it, it with the nearest of both, and what stands behind it. */
static struct bounds by_neighbours(const struct loosening *l, const struct pieces_group *group, unsigned depth)
{
	size_t back = reach_back(l, group->before, CONTEXT), near = reach(l, group->after, CONTEXT);
	struct pieces_group middle = *group;
	struct bounds all;

	middle.before = text_slice(group->before, back, group->before.length);
	middle.after = text_slice(group->after, 0, near);
	middle.before = back > 0 ? any_before(l, middle.before) : middle.before;
	middle.after = near < group->after.length ? any_behind(l, middle.after) : middle.after;
	all = by_group(l, &middle, depth + 1);
	if (back > 0)
		all.upper = rule_both(l->arena, loosened(l, any_behind(l, group->before), depth + 1).upper, all.upper);
	if (near < group->after.length)
		all.upper = rule_both(l->arena, all.upper, loosened(l, any_before(l, group->after), depth + 1).upper);
	return bounds_upper(all.upper, l->reason);
}

/* Anything, and beside it only what may be left out: it asks nothing. */
static bool is_everything(struct text regex)
{
	bool any = false;

	for (size_t at = 0; at < regex.length;) {
		struct text rest = text_slice(regex, at, regex.length);
		size_t next = pieces_atom(regex, at), mark = next - 1;

		if (text_starts(rest, text_of(anything), false))
			any = true;
		mark -= mark > at + 1 && regex.data[mark] == '?' && memchr("*?}", regex.data[mark - 1], 3) != NULL; /* lazy */
		if (mark == at || regex.data[mark - 1] == '\\' || (regex.data[mark] != '*' && regex.data[mark] != '?'))
			return false;
		at = next;
	}
	return any;
}

static struct bounds loosened(const struct loosening *l, struct text regex, unsigned depth)
{
	enum { DEPTH_MOST = 24 };
	struct pieces_group group = {0};
	struct text *branches;

	size_t count = pieces_branches(l->arena, regex, &branches);

	if (count == 1 && is_everything(regex))
		return bounds_exact(rule_true());
	if (fits(l, regex))
		return asked(l, regex);
	if (depth > DEPTH_MOST)
		return bounds_none(l->reason);
	if (count > 1)
		return by_branches(l, &group, branches, count, depth);
	if (!pieces_group(regex, PIECES_ANY, &group) || group.inside.length < SHORT)
		return by_ends(l, regex);
	if (group.repeated)
		return by_repetition(l, &group, depth);
	size_t beside = written_length(l, group.before) + written_length(l, group.after);

	if (beside <= 2 * CONTEXT)
		return by_group(l, &group, depth);
	return by_neighbours(l, &group, depth);
}

struct bounds loosen(struct arena *arena, const struct pieces_limit *limit, struct text regex, const char *reason)
{
	struct loosening l = {arena, limit, reason};

	return loosened(&l, regex, 0);
}
