/* manual: the files that people write, from the tables that the loaders check with. See manual.h. */
#include "cli/manual_roff.h"

#include <string.h>

enum { DEEPEST = 6 };

struct keys {
	struct arena *arena;
	struct manual_key *list;
	size_t count;
};

static const char *value_words(struct arena *arena, const struct yaml_form *form, int depth);

static const char *text_words(struct arena *arena, const struct yaml_form *form)
{
	static const char *const names[] = {
		[YAML_NO_NAMES] = "text", [YAML_FIELDS] = "name of a field", [YAML_CATEGORIES] = "category of events",
		[YAML_EVENTS] = "category.action", [YAML_ACTIONS_OF_CONTAINERS] = "action of a container event",
		[YAML_DETECTIONS] = "name of a detection", [YAML_ORGANIZATIONS] = "name of an organization",
		[YAML_DIALECTS] = "name of a dialect", [YAML_FORMATS] = "name of a reader", [YAML_SHAPES] = "shape of a raw value"};
	const char *words = "";
	if (form->words == NULL)
		return form->flags & YAML_DATE ? "day" : names[form->names];
	for (size_t i = 0; form->words[i] != NULL; i++)
		words = arena_printf(arena, "%s%s%s", words, i > 0 ? " | " : "", form->words[i]);
	return words;
}

/* `of` of an EITHER; the first alternative that says more than its sort counts for lists and tables. */
static const char *either_words(struct arena *arena, const struct yaml_form *form, int depth)
{
	const char *words = "";
	for (const struct yaml_form *of = form->of; of->sort != YAML_END; of++)
		words = arena_printf(arena, "%s%s%s", words, of != form->of ? ", or " : "", value_words(arena, of, depth + 1));
	return words;
}

static const char *value_words(struct arena *arena, const struct yaml_form *form, int depth)
{
	if (form == NULL || depth > DEEPEST)
		return "value";
	switch (form->sort) {
	case YAML_TEXT: return text_words(arena, form);
	case YAML_FLAG: return "true | false";
	case YAML_WHOLE: return "whole number";
	case YAML_REAL: return "number";
	case YAML_EQL: return "condition";
	case YAML_EQL_PART: return "expression";
	case YAML_FACET: return "fields of an event";
	case YAML_LIST: return arena_printf(arena, "list: %s", value_words(arena, form->of, depth + 1));
	case YAML_RECORD: return "keys, see below";
	case YAML_TABLE: return arena_printf(arena, "name → %s", value_words(arena, form->of, depth + 1));
	case YAML_EITHER: return either_words(arena, form, depth);
	default: return "value";
	}
}

static void add_form(struct keys *keys, const char *path, const struct yaml_form *form, int depth);

static void add_shape(struct keys *keys, const char *path, const struct yaml_shape *shape, int depth)
{
	for (; shape != NULL && shape->key != NULL; shape++) {
		const char *whole = arena_printf(keys->arena, "%s%s%s", path, path[0] != '\0' ? "." : "", shape->key);
		for (size_t i = 0; i < keys->count; i++)
			if (strcmp(keys->list[i].path, whole) == 0)
				whole = NULL, i = keys->count; /* two alternatives share it */
		if (whole == NULL)
			continue;
		keys->list = arena_grow(keys->arena, keys->list, keys->count, sizeof *keys->list);
		keys->list[keys->count++] = (struct manual_key){whole, value_words(keys->arena, shape->form, 0),
			shape->about != NULL ? shape->about : "", shape->need == YAML_REQUIRED};
		add_form(keys, whole, shape->form, depth + 1);
	}
}

/* Keys below a value: of a list "[]" stands in the path, of a table "NAME". */
static void add_form(struct keys *keys, const char *path, const struct yaml_form *form, int depth)
{
	if (form == NULL || depth > DEEPEST)
		return;
	if (form->sort == YAML_RECORD)
		add_shape(keys, path, form->shape, depth);
	else if (form->sort == YAML_LIST)
		add_form(keys, arena_printf(keys->arena, "%s[]", path), form->of, depth);
	else if (form->sort == YAML_TABLE)
		add_form(keys, arena_printf(keys->arena, "%s%sNAME", path, path[0] != '\0' ? "." : ""), form->of, depth);
	else if (form->sort == YAML_EITHER)
		for (const struct yaml_form *of = form->of; of->sort != YAML_END; of++)
			add_form(keys, path, of, depth);
}

size_t manual_keys(struct arena *arena, const struct file_kind *kind, struct manual_key **list)
{
	struct keys keys = {.arena = arena};
	add_form(&keys, "", kind->form, 0);
	*list = keys.list;
	return keys.count;
}

static const char *places(struct arena *arena, const struct file_kind *kind)
{
	const char *words = "";
	for (size_t i = 0; i < 3 && kind->places[i] != NULL; i++) {
		const char *place = kind->places[i];
		static const char catalog[] = "CATALOG";
		const char *at = strstr(place, catalog);
		if (at != NULL)
			place = arena_printf(arena, "%.*srulesets%s", (int)(at - place), place, at + strlen(catalog));
		words = arena_printf(arena, "%s%s%s", words, i > 0 ? ", " : "", place);
	}
	return words;
}

void manual_file(const struct file_kind *kind, FILE *out)
{
	enum { DEEPER = 4 };
	struct arena arena = {0};
	struct manual_key *keys;
	size_t count = manual_keys(&arena, kind, &keys);
	manual_wrap(out, arena_printf(&arena, "%s: %s", kind->name, kind->about), 0, 0);
	manual_wrap(out, arena_printf(&arena, "It stands in %s.", places(&arena, kind)), 0, 0);
	fputs("\n[] stands for each item of a list, NAME for a name that you choose.\n\n", out);
	for (size_t i = 0; i < count; i++) {
		fprintf(out, "%s%s\n%*s", keys[i].path, keys[i].required ? " (required)" : "", DEEPER, "");
		manual_wrap(out, arena_printf(&arena, "%s (%s)", keys[i].about, keys[i].value), DEEPER, DEEPER);
	}
	arena_free(&arena);
}

void manual_file_man(const struct file_kind *kind, FILE *out)
{
	struct arena arena = {0};
	struct manual_key *keys;
	size_t count = manual_keys(&arena, kind, &keys);
	roff_head(out, &arena, arena_printf(&arena, "mews-%s", kind->name), 5, kind->title);
	fputs(".SH SYNOPSIS\n", out);
	roff_macro(out, "I", places(&arena, kind));
	fputs(".SH DESCRIPTION\n", out);
	roff_words(out, kind->about);
	fputs(".PP\n[] stands for each item of a list, NAME for a name that you choose.\n.SH KEYS\n", out);
	for (size_t i = 0; i < count; i++) {
		fputs(".TP\n", out);
		roff_macro(out, "B", keys[i].path);
		if (keys[i].about[0] != '\0')
			roff_words(out, keys[i].about);
		roff_words(out, arena_printf(&arena, "(%s%s)", keys[i].required ? "required; " : "", keys[i].value));
	}
	fputs(".SH SEE ALSO\n.BR mews (1),\n.BR mews\\-check (1),\n.BR mews\\-schema (1),\n.BR mews\\-fmt (1)\n", out);
	arena_free(&arena);
}

/* In a cell of a table. */
static void cell(FILE *out, const char *words)
{
	for (; *words != '\0'; words++) {
		if (*words == '|' || *words == '<' || *words == '*' || *words == '_')
			fputc('\\', out);
		fputc(*words == '\n' ? ' ' : *words, out);
	}
}

void manual_files_markdown(FILE *out)
{
	struct arena arena = {0};
	fputs("# Files\n\n<!-- Written by `mews help --as markdown --file all`; tests/e2e/documents.sh compares. -->\n\n"
	      "Keys of the files that people write, from the tables that the loaders check with. `[]` stands for each item "
	      "of a list, `NAME` for a name that you choose. [formats.md](../formats.md) explains them with examples; `mews "
	      "schema` makes JSON Schemas of the same tables; `man mews-detection` and its like have them, too.\n",
		out);
	for (const struct file_kind *kind = file_kinds; kind->name != NULL; kind++) {
		struct manual_key *keys;
		size_t count = manual_keys(&arena, kind, &keys);
		fprintf(out, "\n## %s\n\n`%s`. %s\n\n| key | value | |\n|---|---|---|\n", kind->name, places(&arena, kind),
			kind->about);
		for (size_t i = 0; i < count; i++) {
			fprintf(out, "| `%s`%s | ", keys[i].path, keys[i].required ? " (required)" : "");
			cell(out, keys[i].value);
			fputs(" | ", out);
			cell(out, keys[i].about);
			fputs(" |\n", out);
		}
	}
	arena_free(&arena);
}
