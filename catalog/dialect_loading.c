/* dialect_loading: see dialect_loading.h. */
#include "catalog/dialect_loading.h"

#include "catalog/date_layout.h"
#include "catalog/yaml_form.h"

#include <string.h>

struct use_name {
	const char *name;
	enum dialect_use use;
};

static const struct use_name use_names[] = {{"read", USE_READ}, {"write", USE_WRITE}, {"both", USE_BOTH}};

static const char *const use_words[] = {"read", "write", "both", NULL};
const struct yaml_form dialect_use_form = {.sort = YAML_TEXT, .words = use_words};
const struct yaml_form dialect_match_form = {.sort = YAML_TABLE, .sample = "{evt.type: [execve, execveat]}",
	.of = YAML_FORM(.sort = YAML_LIST, .of = &yaml_any_text, .flags = YAML_OR_ONE | YAML_FILLED)};

void loading_note(struct loading *l, int status)
{
	if (status)
		l->failed = true;
}

void loading_text(struct loading *l, const struct yaml *mapping, const char *key, struct text *text)
{
	const struct yaml *node = yaml_get(mapping, key);
	if (node)
		loading_note(l, yaml_text(node, l->d, key, text));
}

void loading_texts(struct loading *l, const struct yaml *mapping, const char *key, const struct text **texts, size_t *count)
{
	const struct yaml *node = yaml_get(mapping, key);
	struct text *items = NULL;
	if (!node)
		return;
	loading_note(l, yaml_texts(node, l->arena, l->d, key, &items, count));
	*texts = items;
}

enum dialect_use loading_use(struct loading *l, const struct yaml *mapping)
{
	const struct yaml *node = yaml_get(mapping, "use");
	struct text name = {0};
	if (!node)
		return l->use;
	loading_note(l, yaml_text(node, l->d, "use", &name));
	for (size_t i = 0; i < sizeof use_names / sizeof *use_names; i++)
		if (text_is(name, use_names[i].name))
			return use_names[i].use;
	loading_note(l, yaml_error(l->d, node, "`use` is read, write or both, not `%.*s`", TEXT_ARGS(name)));
	return l->use;
}

bool loading_event_name(struct loading *l, const struct yaml *node, struct text name, unsigned *category, unsigned *action)
{
	size_t dot = text_find(name, '.');
	struct text wanted = text_slice(name, dot + 1, name.length);
	bool found;
	*category = registry_category(l->registry, text_slice(name, 0, dot), &found);
	if (!found || *category == CATEGORY_ANY || dot == name.length) {
		loading_note(l, yaml_error(l->d, node, "`%.*s` is no registered event: write category.action", TEXT_ARGS(name)));
		return false;
	}
	*action = text_is(wanted, "*") ? 0 : registry_action(l->registry, *category, wanted);
	if (*action || text_is(wanted, "*"))
		return true;
	loading_note(l, yaml_error(l->d, node, "the category has no action `%.*s`", TEXT_ARGS(wanted)));
	return false;
}

/* --- matches --- */

static void release_regex(void *regex)
{
	regex_free(regex);
}

static void release_match(void *match)
{
	regex_match_free(match);
}

const struct regex *loading_regex(struct loading *l, const struct yaml *node, bool takes)
{
	struct text source = {0};
	const char *error = NULL;
	size_t offset;
	if (yaml_text(node, l->d, "an expression", &source)) {
		l->failed = true;
		return NULL;
	}
	struct regex *regex = takes ? regex_compile_taking(source, &error, &offset) : regex_compile(source, false, &error, &offset);
	if (!regex) {
		loading_note(l, yaml_error(l->d, node, "it is no regular expression: %s", error));
		return NULL;
	}
	arena_defer(l->arena, release_regex, regex);
	if (!l->dialect->match) {
		l->dialect->match = regex_match_new();
		arena_defer(l->arena, release_match, l->dialect->match);
	}
	return regex;
}

/* What a raw name's last bytes ask for, longest first. */
static const struct match_mark {
	const char *mark;
	enum match_kind kind;
	int base;
} marks[] = {{"&10", MATCH_MASK, 10}, {"&", MATCH_MASK, 16}, {"~", MATCH_REGEX, 0}, {"!", MATCH_NONE, 0}};

static void read_mark(struct dialect_match *match)
{
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		struct text mark = text_of(marks[i].mark);
		if (match->name.length <= mark.length || !text_ends(match->name, mark, false))
			continue;
		match->name.length -= mark.length;
		match->kind = marks[i].kind;
		match->base = marks[i].base;
		return;
	}
}

static void read_mask(struct loading *l, const struct yaml *node, struct dialect_match *match)
{
	struct text mask = match->count ? match->values[0] : (struct text){0};
	if (text_starts(mask, TEXT("0x"), true))
		mask = text_slice(mask, 2, mask.length);
	if (match->count != 1 || !text_to_ulong_base(mask, 16, &match->mask))
		loading_note(l, yaml_error(l->d, node, "a mask is one number in hex"));
}

static void read_match_value(struct loading *l, const struct yaml *node, struct dialect_match *match)
{
	struct text *values = NULL;
	loading_note(l, yaml_texts(node, l->arena, l->d, "a match", &values, &match->count));
	match->values = values;
	read_mark(match);
	if (match->kind == MATCH_MASK)
		read_mask(l, node, match);
	else if (match->kind == MATCH_REGEX)
		match->regex = loading_regex(l, node, false);
	else if (match->count == 1 && node->kind == YAML_SCALAR && match->kind == MATCH_EQUAL && text_is(values[0], "*"))
		match->kind = MATCH_PRESENT;
	else if (match->count == 1 && node->kind == YAML_SCALAR && match->kind == MATCH_EQUAL && text_is(values[0], "!"))
		match->kind = MATCH_ABSENT;
	else if (!match->count)
		loading_note(l, yaml_error(l->d, node, "a match needs a value; \"*\" means there, \"!\" not there"));
}

void loading_matches(struct loading *l, const struct yaml *mapping, const struct dialect_match **matches, size_t *count)
{
	if (!mapping || mapping->kind != YAML_MAPPING)
		return;
	struct dialect_match *list = arena_array(l->arena, mapping->count, sizeof *list);
	for (size_t i = 0; i < mapping->count; i++) {
		list[i].name = mapping->keys[i].text;
		read_match_value(l, &mapping->items[i], &list[i]);
	}
	*matches = list;
	*count = mapping->count;
}

/* --- shapes --- */

void loading_map(struct loading *l, const struct yaml *node, const struct shape_map **map, size_t *count)
{
	struct shape_map *list = arena_array(l->arena, node->count, sizeof *list);
	for (size_t i = 0; i < node->count; i++) {
		list[i].raw = node->keys[i].text;
		loading_note(l, yaml_text(&node->items[i], l->d, "a mapped value", &list[i].value));
	}
	*map = list;
	*count = node->count;
}

static void read_shape_name(struct loading *l, const struct yaml *mapping, struct shape_use *use)
{
	const struct yaml *node = yaml_get(mapping, "shape");
	struct text name = {0};
	if (!node || (yaml_text(node, l->d, "shape", &name) && (l->failed = true)))
		return;
	if (shape_from_name(name, &use->shape))
		return;
	const char *nearest = NULL;
	size_t best = SIZE_MAX;
	for (size_t i = 0; i < SHAPE_COUNT; i++)
		if (text_nearer(name, text_of(shape_name((enum shape)i)), &best))
			nearest = shape_name((enum shape)i);
	loading_note(l, yaml_error(l->d, node, "there is no shape `%.*s`%s%s%s", TEXT_ARGS(name),
		nearest ? "; did you mean `" : "", nearest ? nearest : "", nearest ? "`?" : ""));
}

static void read_layout(struct loading *l, const struct yaml *mapping, struct shape_use *use)
{
	const struct yaml *layout = yaml_get(mapping, "layout");
	loading_text(l, mapping, "layout", &use->layout);
	if ((use->shape == SHAPE_DATE) != (layout != NULL))
		loading_note(l, yaml_error(l->d, mapping, "the shape date and the key `layout` go together"));
	else if (layout && date_layout_fault(use->layout))
		loading_note(l, yaml_error(l->d, layout, "%s", date_layout_fault(use->layout)));
}

void loading_shape(struct loading *l, const struct yaml *mapping, struct shape_use *use)
{
	read_shape_name(l, mapping, use);
	read_layout(l, mapping, use);
}
