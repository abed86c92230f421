/* read: documents → items; filters and correlations after the rules that they name. */
#include "generator/sigma/read.h"

#include "generator/sigma/card.h"
#include "generator/sigma/correlate.h"

struct reader {
	struct import *import;
	struct taking **takings; /* one a document, in order */
	size_t count;
	struct placeholders placeholders; /* of pipelines among the files */
};

/* --- documents --- */

static struct text name_of(struct reader *r, const struct sigma_document *document, struct text path)
{
	if (document->title.length > 0)
		return document->title;
	return document->place.line > 1 ? text_of(arena_printf(r->import->arena, "%.*s:%u", TEXT_ARGS(path), document->place.line))
					: path;
}

static void add_document(struct reader *r, const struct sigma_document *document, struct text path)
{
	struct import *import = r->import;
	struct taking *t = arena_alloc(import->arena, sizeof(*t));
	struct place place = document->error != NULL ? document->error_place : document->place;

	place.file = path.data;
	*t = (struct taking){.import = import, .document = document};
	t->item = import_rule(import, name_of(r, document, path), place);
	r->takings = arena_grow(import->arena, r->takings, r->count, sizeof(*r->takings));
	r->takings[r->count++] = t;
	if (document->error != NULL)
		import_refuse(import, t->item, "%s", document->error);
}

static void add_placeholders(struct reader *r, const struct placeholders *found)
{
	struct placeholder *items = (struct placeholder *)r->placeholders.items;

	for (size_t i = 0; i < found->count; i++) {
		items = arena_grow(r->import->arena, items, r->placeholders.count, sizeof(*items));
		items[r->placeholders.count++] = found->items[i];
	}
	r->placeholders.items = items;
}

/* Reads every file; documents become takings unless only pipelines are looked for. */
static void read_files(struct reader *r, bool pipelines)
{
	for (size_t i = 0; i < r->import->file_count; i++) {
		const struct import_file *file = &r->import->files[i];
		struct sigma_document **documents;
		size_t count;

		bool has_vars = text_contains(file->content, TEXT("\nvars:"), false) || text_starts(file->content, TEXT("vars:"), false);

		if (pipelines && !has_vars)
			continue;
		sigma_parse(r->import->arena, file->content, text_copy(r->import->arena, file->path).data, &r->placeholders, &documents,
			&count);
		for (size_t k = 0; k < count; k++) {
			if (pipelines && documents[k]->kind == SIGMA_PIPELINE)
				add_placeholders(r, &documents[k]->placeholders);
			else if (!pipelines)
				add_document(r, documents[k], file->path);
		}
	}
}

/* --- rules --- */

static void take_rule(struct taking *t)
{
	import_draft(t->import, t->item);
	card_read(t);
	site_conditions(t);
}

/* --- references --- */

static bool is_called(const struct taking *t, struct text reference)
{
	return reference.length > 0 && t->document->kind != SIGMA_FILTER
		&& (text_equal_fold(t->document->id, reference) || text_equal(t->document->name, reference)
			|| text_equal(t->document->title, reference));
}

static struct taking *find(const struct reader *r, struct text reference)
{
	for (size_t i = 0; i < r->count; i++) {
		if (is_called(r->takings[i], reference))
			return r->takings[i];
	}
	return NULL;
}

/* --- correlations --- */

static void take_correlation(struct reader *r, struct taking *t)
{
	const struct texts *names = &t->document->correlation.rules;
	struct taking **rules = arena_array(r->import->arena, names->count + 1, sizeof(*rules));

	for (size_t i = 0; i < names->count; i++) {
		rules[i] = find(r, names->items[i]);
		if (rules[i] == NULL || rules[i]->document->kind != SIGMA_RULE || rules[i]->item->draft == NULL) {
			import_refuse(r->import, t->item, "the rule %.*s, which the correlation names, %s", TEXT_ARGS(names->items[i]),
				rules[i] == NULL ? "is not among the files" : "was not taken");
			return;
		}
	}
	import_draft(r->import, t->item);
	card_read(t);
	correlate_conditions(t, rules, names->count);
}

/* Rules that only serve a correlation that was taken are parts of it. */
static void drop_parts(struct reader *r)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct taking *t = r->takings[i];
		const struct sigma_correlation *correlation = &t->document->correlation;

		if (t->document->kind != SIGMA_CORRELATION || t->item->draft == NULL || correlation->generate)
			continue;
		for (size_t k = 0; k < correlation->rules.count; k++) {
			struct taking *part = find(r, correlation->rules.items[k]);

			if (part != NULL)
				part->item->draft = NULL;
		}
	}
}

/* --- filters --- */

static bool covers(const struct taking *filter, const struct taking *rule)
{
	if (rule->document->kind != SIGMA_RULE || rule->item->draft == NULL)
		return false;
	if (filter->document->filters_all)
		return sigma_logsource_covers(&filter->document->logsource, &rule->document->logsource);
	for (size_t i = 0; i < filter->document->filtered.count; i++) {
		if (is_called(rule, filter->document->filtered.items[i]))
			return true;
	}
	return false;
}

/* A rule that lives on as a part of correlations: what the filter keeps is asked there, too. */
static bool is_part(const struct reader *r, const struct taking *rule)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct sigma_document *document = r->takings[i]->document;

		for (size_t k = 0; document->error == NULL && document->kind == SIGMA_CORRELATION
				&& k < document->correlation.rules.count; k++) {
			if (is_called(rule, document->correlation.rules.items[k]))
				return true;
		}
	}
	return false;
}

static void keep_only(struct import *import, struct draft *draft, struct node *kept)
{
	for (size_t i = 0; i < draft->condition_count; i++) {
		const struct condition *old = draft->conditions[i].condition;
		struct node *children[] = {old->root, kept};

		draft->conditions[i].condition = import_condition(import, old->category, node_and(import->arena, children, 2));
	}
}

/* The rules that the filter speaks of. A filter and its rule are joined by `and`: what is left out is where it fails. */
static void take_filter(struct reader *r, struct taking *t)
{
	struct import *import = r->import;
	struct import_exception exception = {.covered = arena_array(import->arena, r->count + 1, sizeof(struct import_item *))};
	struct taking **parts = arena_array(import->arena, r->count + 1, sizeof(*parts));
	size_t part_count = 0;
	const struct taking *first = NULL;

	for (size_t i = 0; i < r->count; i++) {
		if (!covers(t, r->takings[i]))
			continue;
		first = first != NULL ? first : r->takings[i];
		if (is_part(r, r->takings[i]))
			parts[part_count++] = r->takings[i];
		else
			exception.covered[exception.covered_count++] = r->takings[i]->item;
	}
	if (first == NULL) {
		import_refuse(import, t->item, "no rule that the filter speaks of was taken");
		return;
	}
	struct raising names = first->names;

	names.item = t->item;
	struct node *kept = raise_tree(&names, site_plain(import->arena, t->document->conditions[0].node));

	exception.exception = (struct draft_exception){.name = t->item->name,
		.reason = t->document->description.length ? t->document->description : t->item->name,
		.node = kept->kind == NODE_NOT ? kept->children[0] : node_not(import->arena, kept)};
	if (t->item->taken == REFUSED)
		return;
	for (size_t i = 0; i < part_count; i++)
		keep_only(import, parts[i]->item->draft, kept);
	if (exception.covered_count > 0)
		import_add_exception(import, &exception);
}

int sigma_read(struct import *import)
{
	struct reader r = {.import = import};

	read_files(&r, true);
	read_files(&r, false);
	for (size_t i = 0; i < r.count; i++) {
		if (r.takings[i]->document->error == NULL && r.takings[i]->document->kind == SIGMA_RULE)
			take_rule(r.takings[i]);
	}
	for (size_t i = 0; i < r.count; i++) {
		if (r.takings[i]->document->error == NULL && r.takings[i]->document->kind == SIGMA_FILTER)
			take_filter(&r, r.takings[i]);
	}
	for (size_t i = 0; i < r.count; i++) {
		if (r.takings[i]->document->error == NULL && r.takings[i]->document->kind == SIGMA_CORRELATION)
			take_correlation(&r, r.takings[i]);
	}
	drop_parts(&r);
	return 0;
}
