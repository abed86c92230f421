/* canonical_proof: see canonical_proof.h. */
#include "catalog/canonical_proof.h"

#include "catalog/eql_layout.h"
#include "catalog/lossless.h"
#include "catalog/yaml_scalar.h"

#include <stdlib.h>

/* The first node that differs; NULL: none does. */
static const struct yaml *difference(struct arena *arena, const struct yaml *a, const struct yaml *b,
	const struct yaml_form *form);

static bool same_scalar(struct arena *arena, const struct yaml *a, const struct yaml *b, const struct yaml_form *form)
{
	bool condition = form != NULL && (form->sort == YAML_EQL || form->sort == YAML_EQL_PART);
	if (a->quoted != b->quoted && yaml_is_typed(a->text))
		return false;
	return text_equal(a->text, b->text) || (condition && eql_same_words(arena, a->text, b->text));
}

static const struct yaml *mapping_difference(struct arena *arena, const struct yaml *a, const struct yaml *b,
	const struct yaml_form *form)
{
	bool record = form != NULL && form->sort == YAML_RECORD;
	for (size_t i = 0; i < a->count; i++) {
		size_t k = i;
		for (k = record ? 0 : i; record && k < b->count && !text_equal(a->keys[i].text, b->keys[k].text);)
			k++;
		if (k >= b->count || !text_equal(a->keys[i].text, b->keys[k].text))
			return a;
		const struct yaml_form *each = form != NULL && form->sort == YAML_TABLE ? form->of : NULL;
		for (const struct yaml_shape *row = record ? form->shape : NULL; row != NULL && row->key != NULL; row++)
			if (text_is(a->keys[i].text, row->key))
				each = row->form;
		const struct yaml *found = difference(arena, &a->items[i], &b->items[k], each);
		if (found != NULL)
			return found;
	}
	return NULL;
}

static const struct yaml *difference(struct arena *arena, const struct yaml *a, const struct yaml *b,
	const struct yaml_form *form)
{
	form = yaml_form_of(form, a->kind);
	if (a->kind != b->kind || a->count != b->count || a->reset != b->reset || a->override != b->override)
		return a;
	if (a->kind == YAML_SCALAR)
		return same_scalar(arena, a, b, form) ? NULL : a;
	if (a->kind == YAML_MAPPING)
		return mapping_difference(arena, a, b, form);
	const struct yaml_form *each = form != NULL && form->sort == YAML_LIST ? form->of : NULL;
	for (size_t i = 0; i < a->count; i++) {
		const struct yaml *found = difference(arena, &a->items[i], &b->items[i], each);
		if (found != NULL)
			return found;
	}
	return NULL;
}

static int by_text(const void *a, const void *b)
{
	return text_compare(*(const struct text *)a, *(const struct text *)b);
}

/* A comment that the one has and the other has not; empty: none. */
static struct text lost_comment(struct arena *arena, struct text source, struct text written)
{
	struct text *before = NULL, *after = NULL;
	size_t count = 0, kept = 0;
	lossless_comments_of(arena, source, &before, &count);
	lossless_comments_of(arena, written, &after, &kept);
	if (count > 0)
		qsort(before, count, sizeof *before, by_text);
	if (kept > 0)
		qsort(after, kept, sizeof *after, by_text);
	for (size_t i = 0; i < count || i < kept; i++)
		if (i >= count || i >= kept || !text_equal(before[i], after[i]))
			return i < count ? before[i] : after[i];
	return (struct text){NULL, 0};
}

int canonical_prove(struct arena *arena, struct text source, const struct yaml *before, struct text written, const char *file,
	const struct yaml_form *form, struct diagnostics *d)
{
	struct diagnostics ignored = {0};
	struct yaml *after = NULL;
	size_t count = 0;
	int failed = yaml_parse(arena, written, file, NULL, &ignored, &after, &count);
	diagnostics_free(&ignored);
	if (failed != 0 || count != 1)
		return yaml_error(d, before, "left as it is: its canonical form could not be read again");
	const struct yaml *differs = difference(arena, before, after, form);
	if (differs != NULL)
		return yaml_error(d, differs, "the file is left as it is: written canonically, this would mean something else");
	struct text lost = lost_comment(arena, source, written);
	if (lost.length > 0)
		return diagnostics_error(d, ((struct place){file, 0, 0}), "left as it is: the comment \"%.*s\" has no place in its "
			"canonical form", TEXT_ARGS(lost));
	return 0;
}
