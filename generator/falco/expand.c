/* expand: lists, exceptions and macros, put in as the engine does it. */
#include "generator/falco/expand.h"

#include "generator/falco/fields.h"

#include <string.h>

/* --- lists --- */

static const struct falco_list *list_named(const struct falco_rules *rules, struct text name)
{
	for (size_t i = 0; i < rules->list_count; i++) {
		if (text_equal(rules->lists[i].name, name))
			return &rules->lists[i];
	}
	return NULL;
}

/* A list among the items gives its own items, as they are written: one level only. */
static void open_list(struct falco_rules *rules, struct falco_list *list)
{
	struct text *items = NULL;
	size_t count = 0;

	for (size_t i = 0; i < list->items.count; i++) {
		const struct falco_list *inner = list_named(rules, list->items.items[i]);
		struct texts from = {&list->items.items[i], 1};

		if (inner != NULL && inner->index < list->visibility)
			from = inner->items;
		for (size_t k = 0; k < from.count; k++) {
			items = arena_grow(rules->arena, items, count, sizeof(*items));
			items[count++] = from.items[k];
		}
	}
	list->opened = (struct texts){items, count};
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static bool is_border(char byte)
{
	return is_blank(byte) || byte == '(' || byte == ')' || byte == ',' || byte == '=';
}

static void put_item(struct buffer *out, struct text item)
{
	bool quote = text_find(item, ' ') < item.length && item.data[0] != '"' && item.data[0] != '\'';

	buffer_string(out, quote ? "\"" : "");
	buffer_text(out, item);
	buffer_string(out, quote ? "\"" : "");
}

/* Where `name` stands in the text from `from` on, or the text's length. */
static size_t find(struct text text, struct text name, size_t from)
{
	for (size_t at = from; at + name.length <= text.length; at++) {
		if (memcmp(text.data + at, name.data, name.length) == 0)
			return at;
	}
	return text.length;
}

/* The text with [start, end) replaced by the list's items, blanks around it eaten up; *next: where to look on. */
static struct text replace(struct arena *arena, struct text text, const struct falco_list *list, size_t start, size_t end,
	size_t *next)
{
	struct buffer items = {0}, out = {0};

	while (start > 0 && is_blank(text.data[start - 1]))
		start--;
	while (end < text.length && is_blank(text.data[end]))
		end++;
	for (size_t i = 0; i < list->opened.count; i++) {
		buffer_string(&items, items.length > 0 ? ", " : "");
		put_item(&items, list->opened.items[i]);
	}
	if (items.length == 0 && start > 0 && text.data[start - 1] == ',')
		start--;
	else if (items.length == 0 && end < text.length && text.data[end] == ',')
		end++;
	buffer_text(&out, text_slice(text, 0, start));
	buffer_string(&out, start > 0 ? " " : "");
	buffer_text(&out, buffer_view(&items));
	buffer_char(&out, ' ');
	buffer_text(&out, text_slice(text, end, text.length));
	*next = start + items.length + 2;
	text = text_copy(arena, buffer_view(&out));
	buffer_free(&items);
	buffer_free(&out);
	return text;
}

struct text falco_paste(const struct falco_rules *rules, struct text text)
{
	enum { TEXT_MAX = 4 << 20 };

	for (size_t i = 0; i < rules->list_count && text.length < TEXT_MAX; i++) {
		struct text name = rules->lists[i].name;
		size_t at = name.length > 0 ? find(text, name, 0) : text.length;

		while (at < text.length && text.length < TEXT_MAX) {
			size_t end = at + name.length, next = at + 1;

			if ((at == 0 || is_border(text.data[at - 1])) && (end >= text.length || is_border(text.data[end])))
				text = replace(rules->arena, text, &rules->lists[i], at, end, &next);
			at = find(text, name, next);
		}
	}
	return text;
}

/* --- exceptions --- */

static bool takes_list(struct text comparison)
{
	return text_is(comparison, "in") || text_is(comparison, "intersects") || text_is(comparison, "pmatch")
		|| text_ends(comparison, TEXT(" oneof"), false) || text_ends(comparison, TEXT(" anyof"), false)
		|| text_ends(comparison, TEXT(" allof"), false);
}

static const char *put_single(struct buffer *out, const struct falco_exception *exception)
{
	for (size_t i = 0; i < exception->value_count; i++) {
		if (exception->values[i].list)
			return "an exception of one field takes values that are no lists";
		if (i == 0)
			buffer_printf(out, "(%.*s %.*s (", TEXT_ARGS(exception->fields.text), TEXT_ARGS(exception->comps.text));
		buffer_string(out, i > 0 ? ", " : "");
		put_item(out, exception->values[i].text);
	}
	buffer_string(out, exception->value_count > 0 ? "))" : "");
	return NULL;
}

static void put_value(struct buffer *out, const struct falco_entry *value, struct text comparison)
{
	bool bracket = !value->list && takes_list(comparison) && (value->text.length == 0 || value->text.data[0] != '(');

	if (value->list) {
		buffer_char(out, '(');
		for (size_t i = 0; i < value->count; i++) {
			buffer_string(out, i > 0 ? ", " : "");
			put_item(out, value->items[i].text);
		}
		buffer_char(out, ')');
	} else if (takes_list(comparison)) {
		buffer_string(out, bracket ? "(" : "");
		buffer_text(out, value->text);
		buffer_string(out, bracket ? ")" : "");
	} else {
		put_item(out, value->text);
	}
}

static const char *put_rows(struct buffer *out, const struct falco_exception *exception)
{
	const struct falco_entry *fields = &exception->fields, *comps = &exception->comps;

	for (size_t i = 0; i < exception->value_count; i++) {
		const struct falco_entry *row = &exception->values[i];

		if (row->count != fields->count)
			return "an exception's values must be as many as its fields";
		buffer_string(out, i == 0 ? "((" : " or (");
		for (size_t k = 0; k < fields->count; k++) {
			buffer_printf(out, "%s %.*s %.*s ", k > 0 ? " and" : "", TEXT_ARGS(fields->items[k].text),
				TEXT_ARGS(comps->items[k].text));
			put_value(out, &row->items[k], comps->items[k].text);
		}
		buffer_char(out, ')');
	}
	buffer_string(out, exception->value_count > 0 ? ")" : "");
	return NULL;
}

struct text falco_exception_text(struct arena *arena, const struct falco_exception *exception, const char **error)
{
	struct buffer out = {0};

	*error = exception->fields.list ? put_rows(&out, exception) : put_single(&out, exception);
	struct text text = text_copy(arena, buffer_view(&out));

	buffer_free(&out);
	return text;
}

/* --- macros --- */

struct resolving {
	struct falco_rules *rules;
	size_t visibility;
	const char *error;
	unsigned nested;
};

/* Macros that were not resolved yet when another one needs them; levels of a whole condition. */
enum { NESTED_MAX = 16, DEPTH_MAX = 1000 };

static struct falco_macro *macro_named(const struct falco_rules *rules, struct text name)
{
	for (size_t i = 0; i < rules->macro_count; i++) {
		if (text_equal(rules->macros[i].name, name))
			return &rules->macros[i];
	}
	return NULL;
}

static void resolve(struct resolving *r, struct filter *filter);

static void resolve_macro(struct resolving *r, struct filter *filter)
{
	struct arena *arena = r->rules->arena;
	struct falco_macro *macro = macro_named(r->rules, filter->macro);

	if (macro == NULL || macro->index >= r->visibility) {
		r->error = arena_printf(arena, "the macro %.*s is not defined%s", TEXT_ARGS(filter->macro),
			macro != NULL ? " before its use" : "");
	} else if (macro->error != NULL) {
		r->error = arena_printf(arena, "macro %.*s: %s", TEXT_ARGS(macro->name), macro->error);
	} else if (macro->begun) {
		r->error = arena_printf(arena, "the macro %.*s stands for itself", TEXT_ARGS(macro->name));
	} else if (!macro->done && r->nested >= NESTED_MAX) {
		r->error = "macros are nested too deeply";
	} else {
		macro->begun = !macro->done;
		r->nested++;
		if (!macro->done)
			resolve(r, macro->filter);
		r->nested--;
		macro->begun = false;
		macro->done = r->error == NULL;
		filter->children = arena_array(arena, 1, sizeof(*filter->children));
		filter->children[0] = macro->filter;
		filter->count = 1;
		filter->size = macro->filter->size;
		filter->depth = macro->filter->depth + 1;
	}
}

static void resolve(struct resolving *r, struct filter *filter)
{
	if (filter->kind == FILTER_MACRO && filter->count == 0)
		resolve_macro(r, filter);
	else if (filter->kind != FILTER_CHECK && filter->kind != FILTER_MACRO) {
		filter->size = 0;
		for (size_t i = 0; i < filter->count && r->error == NULL; i++) {
			const struct filter *child = filter->children[i];

			resolve(r, filter->children[i]);
			filter->size += child->size;
			filter->depth = child->depth >= filter->depth ? child->depth + 1 : filter->depth;
		}
	}
	if (r->error == NULL && (filter->size > FALCO_CHECKS_MAX || filter->depth > DEPTH_MAX))
		r->error = "the condition is too large once its macros are put in";
}

static struct filter *parsed(const struct falco_rules *rules, struct text condition, const char **error)
{
	return filter_parse(rules->arena, falco_paste(rules, condition), error);
}

static struct filter *complete(struct falco_rules *rules, struct text condition, size_t visibility, const char **error)
{
	struct filter *filter = parsed(rules, condition, error);
	struct resolving r = {rules, visibility, NULL, 0};

	if (filter == NULL)
		return NULL;
	resolve(&r, filter);
	*error = r.error;
	return r.error == NULL ? filter : NULL;
}

static void expand_macros(struct falco_rules *rules)
{
	for (size_t i = 0; i < rules->macro_count; i++)
		rules->macros[i].filter = parsed(rules, rules->macros[i].condition, &rules->macros[i].error);
	for (size_t i = 0; i < rules->macro_count; i++) {
		struct falco_macro *macro = &rules->macros[i];
		struct resolving r = {rules, macro->visibility, NULL, 0};

		if (macro->error != NULL || macro->done)
			continue;
		macro->begun = true;
		resolve(&r, macro->filter);
		macro->begun = false;
		macro->done = true;
		macro->error = r.error;
	}
}

static void expand_rule(struct falco_rules *rules, struct falco_rule *rule)
{
	struct buffer text = {0};

	rule->bare = complete(rules, rule->condition, SIZE_MAX, &rule->error);
	buffer_printf(&text, "(%.*s)", TEXT_ARGS(rule->condition));
	for (size_t i = 0; rule->error == NULL && i < rule->exception_count; i++) {
		struct falco_exception *exception = &rule->exceptions[i];
		struct text excluded = falco_exception_text(rules->arena, exception, &rule->error);

		if (rule->error == NULL && excluded.length > 0) {
			exception->filter = complete(rules, excluded, SIZE_MAX, &rule->error);
			buffer_printf(&text, " and not %.*s", TEXT_ARGS(excluded));
		}
		if (rule->error != NULL)
			rule->error = arena_printf(rules->arena, "exception %.*s: %s", TEXT_ARGS(exception->name), rule->error);
	}
	if (rule->error == NULL)
		rule->filter = complete(rules, buffer_view(&text), SIZE_MAX, &rule->error);
	buffer_free(&text);
}

void falco_expand(struct falco_rules *rules)
{
	for (size_t i = 0; i < rules->list_count; i++)
		open_list(rules, &rules->lists[i]);
	expand_macros(rules);
	for (size_t i = 0; i < rules->rule_count; i++)
		expand_rule(rules, &rules->rules[i]);
}
