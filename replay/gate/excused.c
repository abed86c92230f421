/* excused: see excused.h. */
#include "replay/gate/excused.h"

#include "catalog/exception.h"
#include "catalog/lists.h"

#include <stdlib.h>
#include <string.h>

struct excused {
	struct arena arena;
	struct catalog catalog; /* today's, with the arrays below; not freed as a catalog */
	const struct catalog *today, *reference;
	struct scope scope;     /* the reference's lists and macros, over today's fields */
	struct diagnostics *d;
};

/* --- which detection is which --- */

static const struct detection *by_id(const struct catalog *catalog, struct text id)
{
	for (size_t i = 0; i < catalog->detection_count; i++)
		if (text_equal_fold(catalog->detections[i]->id, id))
			return catalog->detections[i];
	return NULL;
}

/* Today's name of a detection that the reference calls so; empty: it is gone. */
static struct text name_today(const struct excused *x, struct text name)
{
	const struct detection *old = catalog_detection(x->reference, name);
	const struct detection *now = old != NULL ? by_id(x->today, old->id) : NULL;
	return now != NULL ? now->name : (struct text){NULL, 0};
}

static bool is_new(const struct excused *x, struct text name)
{
	const struct detection *now = catalog_detection(x->today, name);
	return now != NULL && by_id(x->reference, now->id) == NULL;
}

/* Is a selector of an exception a detection's name (and no technique, nor "*")? */
static bool is_name(const struct excused *x, struct text selector)
{
	return catalog_detection(x->reference, selector) != NULL || catalog_detection(x->today, selector) != NULL;
}

/* --- documents of the reference --- */

static const struct document *document_of(const struct catalog *catalog, const char *path)
{
	for (size_t i = 0; i < catalog->document_count; i++)
		if (text_is(catalog->documents[i].path, path))
			return &catalog->documents[i];
	return NULL;
}

static const struct yaml *root_of(struct excused *x, const struct document *document)
{
	struct yaml *documents = NULL;
	size_t count = 0;
	const char *file = arena_printf(&x->arena, "reference/%.*s", TEXT_ARGS(document->path));
	if (yaml_parse(&x->arena, document->content, file, NULL, x->d, &documents, &count) != 0 || count != 1)
		return NULL;
	return documents;
}

/* What cannot be read against today's fields is said as a warning and left out. */
static void say_left_out(struct excused *x, const struct diagnostics *found)
{
	for (size_t i = 0; i < found->count; i++)
		if (found->items[i].severity == DIAGNOSTIC_ERROR)
			diagnostics_warning(x->d, found->items[i].place, "the reference's baseline cannot be taken whole: %s",
				found->items[i].message);
}

static void read_lists(struct excused *x)
{
	const struct document *lists = document_of(x->reference, "lists.yaml");
	const struct yaml *root = lists != NULL ? root_of(x, lists) : NULL;
	struct diagnostics found = {0};
	x->scope = (struct scope){.registry = &x->today->registry};
	if (root != NULL)
		lists_load_document(&x->arena, &x->scope, root, &found);
	say_left_out(x, &found);
	diagnostics_free(&found);
}

/* --- organizations --- */

static struct texts renamed(struct excused *x, struct texts names, struct texts today, bool *changed)
{
	struct text *items = arena_array(&x->arena, names.count + today.count + 1, sizeof *items);
	size_t count = 0;
	for (size_t i = 0; i < names.count; i++) {
		struct text name = is_name(x, names.items[i]) ? name_today(x, names.items[i]) : names.items[i];
		if (name.length > 0)
			items[count++] = name;
		*changed = *changed || name.length == 0;
	}
	for (size_t i = 0; i < today.count; i++)
		if (is_new(x, today.items[i]))
			items[count++] = today.items[i];
	return (struct texts){items, count};
}

static void take_severities(struct excused *x, const struct organization *today, struct organization *to)
{
	size_t most = to->severity_count + (today != NULL ? today->severity_count : 0), count = 0;
	struct severity_override *all = arena_array(&x->arena, most + 1, sizeof *all);
	for (size_t i = 0; i < to->severity_count; i++) {
		all[count] = to->severities[i];
		all[count].detection = name_today(x, to->severities[i].detection);
		count += all[count].detection.length > 0;
	}
	for (size_t i = 0; today != NULL && i < today->severity_count; i++)
		if (is_new(x, today->severities[i].detection))
			all[count++] = today->severities[i];
	to->severities = all;
	to->severity_count = count;
}

static bool speaks_of_new_ones_alone(const struct excused *x, const struct exception *exception)
{
	for (size_t i = 0; i < exception->detections.count; i++)
		if (!is_new(x, exception->detections.items[i]))
			return false;
	return exception->detections.count > 0;
}

static void take_exceptions(struct excused *x, const struct organization *today, struct organization *to)
{
	size_t most = to->exception_count + (today != NULL ? today->exception_count : 0), count = 0;
	struct exception *all = arena_array(&x->arena, most + 1, sizeof *all);
	for (size_t i = 0; i < to->exception_count; i++) {
		bool changed = false;
		all[count] = to->exceptions[i];
		all[count].detections = renamed(x, to->exceptions[i].detections, (struct texts){NULL, 0}, &changed);
		if (all[count].detections.count > 0)
			count++;
		else
			diagnostics_warning(x->d, to->exceptions[i].place, "all detections of the reference's exception %.*s are gone",
				TEXT_ARGS(to->exceptions[i].name));
	}
	for (size_t i = 0; today != NULL && i < today->exception_count; i++)
		if (speaks_of_new_ones_alone(x, &today->exceptions[i]))
			all[count++] = today->exceptions[i];
	to->exceptions = all;
	to->exception_count = count;
}

static struct organization *take_organization(struct excused *x, const struct document *document)
{
	struct diagnostics found = {0};
	const struct yaml *root = root_of(x, document);
	struct organization *to = root != NULL ? organization_load(&x->arena, &x->scope, root, &found) : NULL;
	bool changed = false;
	say_left_out(x, &found);
	diagnostics_free(&found);
	if (to == NULL)
		return NULL;
	const struct organization *today = catalog_organization(x->today, to->name);
	to->disable = renamed(x, to->disable, today != NULL ? today->disable : (struct texts){NULL, 0}, &changed);
	take_severities(x, today, to);
	take_exceptions(x, today, to);
	return to;
}

static int take_organizations(struct excused *x)
{
	const struct catalog *reference = x->reference;
	x->catalog.organizations = arena_array(&x->arena, reference->document_count + 1, sizeof *x->catalog.organizations);
	x->catalog.organization_count = 0;
	for (size_t i = 0; i < reference->document_count; i++) {
		const struct document *document = &reference->documents[i];
		if (!text_starts(document->path, TEXT("organizations/"), false))
			continue;
		struct organization *organization = take_organization(x, document);
		if (organization == NULL)
			return diagnostics_error(x->d, ((struct place){document->path.data, 0, 0}),
				"the reference's organization cannot be read with today's fields and lists");
		x->catalog.organizations[x->catalog.organization_count++] = organization;
	}
	return 0;
}

/* --- exceptions that are shipped with detections --- */

static const struct document *document_of_detection(const struct catalog *catalog, const struct detection *detection)
{
	struct arena scratch = {0};
	const char *path = arena_printf(&scratch, "detections/%.*s.yaml", TEXT_ARGS(detection->name));
	const struct document *document = document_of(catalog, path);
	arena_free(&scratch);
	return document;
}

static struct detection *with_exceptions(struct excused *x, const struct detection *now, const struct detection *old)
{
	const struct document *document = document_of_detection(x->reference, old);
	const struct yaml *root = document != NULL ? root_of(x, document) : NULL;
	struct detection *copy = arena_alloc(&x->arena, sizeof *copy);
	struct diagnostics found = {0};
	const struct exception *exceptions = NULL;
	size_t count = 0;
	*copy = *now;
	if (root != NULL && exceptions_load(&x->arena, &x->scope, root, old->name, &found, &exceptions, &count) != 0)
		count = 0; /* said below: then nothing is excepted, which hides nothing */
	struct exception *all = arena_array(&x->arena, count + 1, sizeof *all);
	for (size_t i = 0; i < count; i++) {
		all[i] = exceptions[i];
		all[i].detections = (struct texts){NULL, 0}; /* its own detection */
	}
	copy->exceptions = all;
	copy->exception_count = count;
	say_left_out(x, &found);
	diagnostics_free(&found);
	return copy;
}

static void take_detections(struct excused *x)
{
	const struct catalog *today = x->today;
	struct detection **all = arena_array(&x->arena, today->detection_count + 1, sizeof *all);
	for (size_t i = 0; i < today->detection_count; i++) {
		const struct detection *old = by_id(x->reference, today->detections[i]->id);
		bool none = old == NULL || (old->exception_count == 0 && today->detections[i]->exception_count == 0);
		all[i] = none ? today->detections[i] : with_exceptions(x, today->detections[i], old);
	}
	x->catalog.detections = all;
}

struct excused *excused_make(const struct catalog *today, const struct catalog *reference, struct diagnostics *d)
{
	struct excused *x = mem_alloc(sizeof *x);
	*x = (struct excused){.catalog = *today, .today = today, .reference = reference, .d = d};
	read_lists(x);
	take_detections(x);
	if (take_organizations(x) != 0) {
		excused_free(x);
		return NULL;
	}
	return x;
}

const struct catalog *excused_catalog(const struct excused *excused)
{
	return &excused->catalog;
}

const struct organization *excused_organization(const struct excused *excused, struct text name)
{
	for (size_t i = 0; i < excused->catalog.organization_count; i++)
		if (text_equal(excused->catalog.organizations[i]->name, name))
			return excused->catalog.organizations[i];
	return catalog_organization(excused->today, name);
}

void excused_free(struct excused *excused)
{
	if (excused == NULL)
		return;
	arena_free(&excused->arena);
	free(excused);
}

/* --- is there anything to excuse? --- */

static bool same_document(const struct document *a, const struct document *b)
{
	return (a == NULL && b == NULL) || (a != NULL && b != NULL && strcmp(a->hash, b->hash) == 0);
}

static bool same_shipped(const struct detection *a, const struct detection *b, const struct catalog *today,
	const struct catalog *reference)
{
	return (a->exception_count == 0 && b->exception_count == 0) ||
		same_document(document_of_detection(today, a), document_of_detection(reference, b));
}

bool excused_same(const struct catalog *today, const struct catalog *reference)
{
	if (!same_document(document_of(today, "lists.yaml"), document_of(reference, "lists.yaml")))
		return false;
	for (size_t i = 0; i < reference->document_count; i++) {
		const struct document *document = &reference->documents[i];
		if (text_starts(document->path, TEXT("organizations/"), false) &&
			!same_document(document, document_of(today, document->path.data)))
			return false;
	}
	for (size_t i = 0; i < today->detection_count; i++) {
		const struct detection *old = by_id(reference, today->detections[i]->id);
		if (old != NULL && !same_shipped(today->detections[i], old, today, reference))
			return false;
	}
	return true;
}
