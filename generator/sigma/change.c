/* change: a table of modifiers; what they are for, and what they do. */
#include "generator/sigma/change.h"

#include "catalog/pattern.h"
#include "generator/sigma/encode.h"

#include <string.h>

enum { VALUES_MAX = 20000 };

static bool fail(struct item *item, const char *sentence)
{
	return sigma_fault(item->reading, item->place, "%s", sentence);
}

typedef bool (*change)(struct item *item, int argument);

static bool all_texts(const struct item *item)
{
	for (size_t i = 0; i < item->count; i++) {
		for (size_t k = 0; k < item->groups[i].count; k++) {
			if (item->groups[i].values[k].kind != SCALAR_TEXT)
				return false;
		}
	}
	return true;
}

/* The pattern's literal; false: it has wildcards. */
static bool literal_of(struct item *item, const struct meant *value, struct text *literal)
{
	if (pattern_has_wildcard(value->text))
		return fail(item, "a text with wildcards cannot be encoded");
	*literal = pattern_unescape(item->reading->arena, value->text);
	return true;
}

static bool ends_in_star(struct text pattern)
{
	size_t backslashes = 0;

	if (pattern.length == 0 || pattern.data[pattern.length - 1] != '*')
		return false;
	while (backslashes + 1 < pattern.length && pattern.data[pattern.length - 2 - backslashes] == '\\')
		backslashes++;
	return backslashes % 2 == 0;
}

struct text change_starred(struct arena *arena, struct text pattern, int where)
{
	bool before = (where & BEFORE) && !text_starts(pattern, TEXT("*"), false);
	bool behind = (where & BEHIND) && !ends_in_star(pattern);
	char *out = arena_alloc(arena, pattern.length + 3);
	size_t length = 0;

	if (before)
		out[length++] = '*';
	if (pattern.length)
		memcpy(out + length, pattern.data, pattern.length);
	length += pattern.length;
	if (behind && !(before && pattern.length == 0))
		out[length++] = '*';
	return (struct text){out, length};
}

/* contains, startswith, endswith. */
static bool change_stars(struct item *item, int where)
{
	if (item->form == FORM_REGEX && where == (BEFORE | BEHIND))
		return true; /* an expression is looked for anywhere already */
	if (item->form == FORM_FIELD) {
		item->starts = item->starts || (where & BEHIND);
		item->ends = item->ends || (where & BEFORE);
		return true;
	}
	if (item->form != FORM_PLAIN || !all_texts(item))
		return fail(item, "contains, startswith and endswith are for texts");
	for (size_t i = 0; i < item->count; i++) {
		for (size_t k = 0; k < item->groups[i].count; k++) {
			struct meant *value = &item->groups[i].values[k];

			value->text = change_starred(item->reading->arena, value->text, where);
		}
	}
	return true;
}

static bool change_all(struct item *item, int argument)
{
	(void)argument;
	item->all = true;
	return true;
}

static bool change_neq(struct item *item, int argument)
{
	(void)argument;
	item->negated = true;
	return true;
}

static bool change_cased(struct item *item, int argument)
{
	(void)argument;
	if (item->form != FORM_PLAIN || !all_texts(item))
		return fail(item, "cased is for texts");
	item->cased = true;
	return true;
}

/* re, cidr, exists, fieldref: what the values are; they come first. */
static bool change_form(struct item *item, int form)
{
	bool text = form != FORM_EXISTS;

	if (item->changed || item->form != FORM_PLAIN)
		return fail(item, "re, cidr, exists and fieldref must come before the other modifiers");
	if (text && form != FORM_REGEX && !all_texts(item))
		return fail(item, "cidr and fieldref are for texts");
	if (item->name.length == 0 && form != FORM_REGEX)
		return fail(item, "cidr, exists and fieldref need a field");
	for (size_t i = 0; !text && i < item->count; i++) {
		if (item->groups[i].values[0].kind != SCALAR_TRUTH)
			return fail(item, "exists takes true or false");
	}
	item->form = (enum form)form;
	return true;
}

static bool change_flag(struct item *item, int flag)
{
	if (item->form != FORM_REGEX)
		return fail(item, "the modifiers i, m and s belong to re");
	item->flags.fold = item->flags.fold || flag == 'i';
	item->flags.multiline = item->flags.multiline || flag == 'm';
	item->flags.dot_all = item->flags.dot_all || flag == 's';
	return true;
}

static bool change_compare(struct item *item, int op)
{
	for (size_t i = 0; i < item->count; i++) {
		if (item->form != FORM_PLAIN || item->groups[i].values[0].kind != SCALAR_NUMBER)
			return fail(item, "lt, lte, gt and gte are for whole numbers");
	}
	if (item->name.length == 0)
		return fail(item, "lt, lte, gt and gte need a field");
	item->form = FORM_COMPARED;
	item->compare = (enum test_operator)op;
	return true;
}

static bool change_time(struct item *item, int argument)
{
	(void)argument;
	return fail(item, "parts of a time (minute, hour, day, week, month, year) are not compared");
}

static struct text byte_pattern(struct item *item, struct text bytes)
{
	return pattern_escape(item->reading->arena, bytes);
}

static bool change_utf16(struct item *item, int encoding)
{
	for (size_t i = 0; i < item->count; i++) {
		for (size_t k = 0; k < item->groups[i].count; k++) {
			struct meant *value = &item->groups[i].values[k];
			struct text literal;

			if (item->form != FORM_PLAIN || value->kind != SCALAR_TEXT)
				return fail(item, "wide and utf16 are for texts");
			if (!literal_of(item, value, &literal))
				return false;
			value->text = byte_pattern(item, encode_utf16(item->reading->arena, literal, (enum encoding)encoding));
		}
	}
	return true;
}

/* Each value of each group becomes several, by `expand`. */
static bool change_each(struct item *item,
	bool (*expand)(struct item *item, const struct meant *value, struct group *out))
{
	for (size_t i = 0; i < item->count; i++) {
		struct group out = {NULL, 0};

		for (size_t k = 0; k < item->groups[i].count; k++) {
			if (!expand(item, &item->groups[i].values[k], &out))
				return false;
		}
		item->groups[i] = out;
	}
	return true;
}

static bool add_value(struct item *item, struct group *group, struct text text)
{
	if (++item->total > VALUES_MAX)
		return fail(item, "the item stands for more than 20,000 values");
	group->values = arena_grow(item->reading->arena, group->values, group->count, sizeof(*group->values));
	group->values[group->count++] = (struct meant){SCALAR_TEXT, text};
	return true;
}

static bool expand_base64(struct item *item, const struct meant *value, struct group *out)
{
	struct text literal;

	return literal_of(item, value, &literal)
		&& add_value(item, out, byte_pattern(item, encode_base64(item->reading->arena, literal)));
}

static bool expand_offsets(struct item *item, const struct meant *value, struct group *out)
{
	struct text literal;

	if (!literal_of(item, value, &literal))
		return false;
	for (size_t offset = 0; offset < 3; offset++) {
		if (!add_value(item, out, byte_pattern(item, encode_base64_offset(item->reading->arena, literal, offset))))
			return false;
	}
	return true;
}

static bool expand_dashes(struct item *item, const struct meant *value, struct group *out)
{
	struct text *texts;
	size_t count = encode_dashes(item->reading->arena, value->text, &texts);

	if (count == 0)
		return fail(item, "windash is for texts with at most three options");
	for (size_t i = 0; i < count; i++) {
		if (!add_value(item, out, texts[i]))
			return false;
	}
	return true;
}

static bool change_texts(struct item *item, int which)
{
	static bool (*const expanders[])(struct item *, const struct meant *, struct group *)
		= {expand_base64, expand_offsets, expand_dashes};

	if (item->form != FORM_PLAIN || !all_texts(item))
		return fail(item, "base64, base64offset and windash are for texts");
	return change_each(item, expanders[which]);
}

/* --- placeholders --- */

static bool is_name(char byte)
{
	return ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') || (byte >= '0' && byte <= '9') || byte == '_' || byte == '-'
		|| byte == '.';
}

/* The first %name% at or behind `from`. */
static bool find_placeholder(struct text text, size_t *from, size_t *to)
{
	for (size_t i = *from; i < text.length; i++) {
		size_t end = i + 1;

		while (text.data[i] == '%' && end < text.length && is_name(text.data[end]))
			end++;
		if (end > i + 1 && end < text.length && text.data[end] == '%') {
			*from = i;
			*to = end + 1;
			return true;
		}
	}
	return false;
}

static const struct placeholder *placeholder_of(const struct item *item, struct text name)
{
	const struct placeholders *known = item->reading->placeholders;

	for (size_t i = 0; known != NULL && i < known->count; i++) {
		if (text_equal(known->items[i].name, name))
			return &known->items[i];
	}
	return NULL;
}

static bool expand_from(struct item *item, struct text text, size_t at, unsigned depth, struct group *out)
{
	size_t from = at, to;

	if (!find_placeholder(text, &from, &to))
		return add_value(item, out, text);
	struct text name = text_slice(text, from + 1, to - 1);
	const struct placeholder *known = placeholder_of(item, name);

	if (known == NULL)
		return sigma_fault(item->reading, item->place, "nothing says what the placeholder %%%.*s%% stands for", TEXT_ARGS(name));
	if (depth > 4)
		return fail(item, "more than four placeholders stand in one text");
	for (size_t i = 0; i < known->count; i++) {
		struct text value = item->form == FORM_REGEX ? known->values[i]
							    : scalar_pattern(item->reading->arena, known->values[i]);
		char *next = arena_printf(item->reading->arena, "%.*s%.*s%.*s", (int)from, text.data, TEXT_ARGS(value),
			(int)(text.length - to), text.data + to);

		if (!expand_from(item, text_of(next), from + value.length, depth + 1, out))
			return false;
	}
	return true;
}

static bool expand_placeholders(struct item *item, const struct meant *value, struct group *out)
{
	return expand_from(item, value->text, 0, 0, out);
}

static bool change_expand(struct item *item, int argument)
{
	(void)argument;
	if ((item->form != FORM_PLAIN && item->form != FORM_REGEX) || !all_texts(item))
		return fail(item, "expand is for texts");
	return change_each(item, expand_placeholders);
}

static const struct {
	const char *name;
	change change;
	int argument;
} modifiers[] = {
	{"contains", change_stars, BEFORE | BEHIND},
	{"startswith", change_stars, BEHIND},
	{"endswith", change_stars, BEFORE},
	{"all", change_all, 0},
	{"re", change_form, FORM_REGEX},
	{"cidr", change_form, FORM_CIDR},
	{"exists", change_form, FORM_EXISTS},
	{"fieldref", change_form, FORM_FIELD},
	{"i", change_flag, 'i'},
	{"ignorecase", change_flag, 'i'},
	{"m", change_flag, 'm'},
	{"multiline", change_flag, 'm'},
	{"s", change_flag, 's'},
	{"dotall", change_flag, 's'},
	{"cased", change_cased, 0},
	{"neq", change_neq, 0},
	{"lt", change_compare, TEST_LESS},
	{"lte", change_compare, TEST_LESS_EQUAL},
	{"gt", change_compare, TEST_GREATER},
	{"gte", change_compare, TEST_GREATER_EQUAL},
	{"windash", change_texts, 2},
	{"base64", change_texts, 0},
	{"base64offset", change_texts, 1},
	{"wide", change_utf16, ENCODE_WIDE},
	{"utf16le", change_utf16, ENCODE_WIDE},
	{"utf16be", change_utf16, ENCODE_UTF16BE},
	{"utf16", change_utf16, ENCODE_UTF16},
	{"expand", change_expand, 0},
	{"minute", change_time, 0},
	{"hour", change_time, 0},
	{"day", change_time, 0},
	{"week", change_time, 0},
	{"month", change_time, 0},
	{"year", change_time, 0},
};

bool change_apply(struct item *item, struct text name)
{
	for (size_t i = 0; i < sizeof(modifiers) / sizeof(*modifiers); i++) {
		if (!text_is(name, modifiers[i].name))
			continue;
		if (!modifiers[i].change(item, modifiers[i].argument))
			return false;
		item->changed = item->changed || (modifiers[i].change != change_all && modifiers[i].change != change_neq);
		return true;
	}
	return sigma_fault(item->reading, item->place, "the modifier %.*s is not known", TEXT_ARGS(name));
}
