/* item: values of one item of a rule file. */
#include "generator/falco/item.h"

#include <string.h>

const char *item_fault(struct reading *r, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	const char *sentence = arena_vprintf(r->rules->arena, format, arguments);

	va_end(arguments);
	if (r->item->fault == NULL)
		r->item->fault = sentence;
	return r->item->fault;
}

void item_add_text(struct arena *arena, struct texts *texts, struct text text)
{
	struct text *items = arena_array(arena, texts->count + 1, sizeof(*items));

	if (texts->count > 0)
		memcpy(items, texts->items, texts->count * sizeof(*items));
	items[texts->count] = text;
	*texts = (struct texts){items, texts->count + 1};
}

void item_note(struct reading *r, const char *sentence)
{
	item_add_text(r->rules->arena, &r->item->notes, text_of(sentence));
}

/* --- values --- */

bool item_has(const struct reading *r, const char *key)
{
	return yaml_get(r->node, key) != NULL;
}

/* A scalar that is not empty. `need`: its lack is a fault too. */
bool item_text(struct reading *r, const char *key, bool need, struct text *text)
{
	const struct yaml *value = yaml_get(r->node, key);

	if (value == NULL && !need)
		return false;
	if (value == NULL || value->kind != YAML_SCALAR || value->text.length == 0)
		return item_fault(r, value == NULL ? "%s is missing" : "%s must be a text that is not empty", key) == NULL;
	*text = value->text;
	return true;
}

bool item_bool(struct reading *r, const char *key, bool *truth)
{
	static const char *const yes[] = {"true", "yes", "y", "on"}, *const no[] = {"false", "no", "n", "off"};
	struct text text;

	if (!item_text(r, key, false, &text))
		return false;
	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++) {
		if (text_equal_fold(text, text_of(yes[i])) || text_equal_fold(text, text_of(no[i]))) {
			*truth = text_equal_fold(text, text_of(yes[i]));
			return true;
		}
	}
	item_fault(r, "%s must be true or false", key);
	return false;
}

bool item_texts(struct reading *r, const char *key, bool need, struct texts *texts)
{
	const struct yaml *value = yaml_get(r->node, key);

	if (value == NULL && !need)
		return false;
	if (value == NULL || value->kind != YAML_SEQUENCE)
		return item_fault(r, value == NULL ? "%s are missing" : "%s must be a sequence", key) == NULL;
	*texts = (struct texts){NULL, 0};
	for (size_t i = 0; i < value->count; i++) {
		if (value->items[i].kind != YAML_SCALAR)
			return item_fault(r, "%s must be texts", key) == NULL;
		item_add_text(r->rules->arena, texts, value->items[i].text);
	}
	return true;
}

void item_warn_unknown(struct reading *r, const char *const *known)
{
	for (size_t i = 0; i < r->node->count; i++) {
		struct text key = r->node->keys[i].text;
		size_t k = 0;

		while (known[k] != NULL && !text_is(key, known[k]))
			k++;
		if (known[k] == NULL)
			item_note(r, arena_printf(r->rules->arena, "the key %.*s is not known and is not used", TEXT_ARGS(key)));
	}
}

struct text item_appended(struct arena *arena, struct text before, struct text more)
{
	return text_of(arena_printf(arena, "%.*s %.*s", TEXT_ARGS(before), TEXT_ARGS(more)));
}

/* --- override --- */

enum { EITHER = OVERRIDE_APPEND | OVERRIDE_REPLACE };

const struct override_key falco_rule_keys[] = {
	{"condition", EITHER}, {"output", EITHER}, {"desc", EITHER}, {"tags", EITHER}, {"exceptions", EITHER},
	{"priority", OVERRIDE_REPLACE}, {"enabled", OVERRIDE_REPLACE}, {"capture", OVERRIDE_REPLACE},
	{"capture_duration", OVERRIDE_REPLACE}, {"warn_evttypes", OVERRIDE_REPLACE}, {"skip-if-unknown-filter", OVERRIDE_REPLACE},
	{NULL, 0},
};
const struct override_key falco_macro_keys[] = {{"condition", EITHER}, {NULL, 0}};
const struct override_key falco_list_keys[] = {{"items", EITHER}, {NULL, 0}};

static const struct override_key *key_named(const struct override_key *keys, struct text name)
{
	while (keys->key != NULL && !text_is(name, keys->key))
		keys++;
	return keys->key != NULL ? keys : NULL;
}

/* What `override` says of a key: OVERRIDE_APPEND, OVERRIDE_REPLACE or 0. */
unsigned item_override(const struct reading *r, const char *key)
{
	const struct yaml *override = yaml_get(r->node, "override");
	const struct yaml *how = override != NULL && override->kind == YAML_MAPPING ? yaml_get(override, key) : NULL;

	if (how == NULL || how->kind != YAML_SCALAR)
		return 0;
	return text_is(how->text, "append") ? OVERRIDE_APPEND : text_is(how->text, "replace") ? OVERRIDE_REPLACE : 0;
}

/* Is there an override, or the old `append: true`? *append: the latter. */
bool item_overrides(struct reading *r, const struct override_key *keys, bool *append)
{
	const struct yaml *override = yaml_get(r->node, "override");

	*append = false;
	if (item_bool(r, "append", append))
		item_note(r, "`append` is deprecated: `override` says the same");
	if (override == NULL || override->kind != YAML_MAPPING)
		return *append;
	if (*append)
		item_fault(r, "`append` and `override` cannot stand together");
	for (size_t i = 0; i < override->count; i++) {
		struct text name = override->keys[i].text;
		const struct override_key *key = key_named(keys, name);
		unsigned how = key != NULL ? item_override(r, key->key) : 0;

		if (how == 0 || (key->allowed & how) == 0)
			item_fault(r, "%.*s cannot be overridden so", TEXT_ARGS(name));
		else if (!item_has(r, key->key))
			item_fault(r, "override names %s, which is not there", key->key);
	}
	for (; keys->key != NULL && override->count > 0; keys++) {
		if (item_has(r, keys->key) && item_override(r, keys->key) == 0)
			item_fault(r, "%s is there without an entry under override", keys->key);
	}
	return override->count > 0;
}
