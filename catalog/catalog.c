/*
 * catalog: documents → fields, lists, clients, dialects, detections, organizations.
 */
#include "catalog/catalog.h"
#include "catalog/check.h"
#include "catalog/lists.h"

#include <stdlib.h>

struct parsing {
	struct catalog *catalog;
	struct diagnostics *d;
	const struct yaml **roots; /* beside catalog->documents; NULL: no good YAML, or a detection's */
	struct arena trees;        /* of the roots; nothing that is loaded holds on to them */
};

void catalog_revise(struct catalog *catalog)
{
	struct buffer list = {0};
	for (size_t i = 0; i < catalog->document_count; i++)
		buffer_printf(&list, "%s  %.*s\n", catalog->documents[i].hash, TEXT_ARGS(catalog->documents[i].path));
	sha256_hex(buffer_view(&list), catalog->revision);
	buffer_free(&list);
}

/* The document's tree, in `nodes`; NULL, and said, where there is none. */
static const struct yaml *parse_document(struct parsing *p, size_t index, struct arena *nodes)
{
	struct catalog *catalog = p->catalog;
	const struct document *document = &catalog->documents[index];
	struct text before = text_of(catalog->folder);
	const char *slash = !before.length || before.data[before.length - 1] == '/' ? "" : "/";
	const char *file = arena_printf(&catalog->arena, "%s%s%.*s", catalog->folder, slash, TEXT_ARGS(document->path));
	struct yaml *documents;
	size_t count;
	if (yaml_parse_apart(nodes, &catalog->arena, document->content, file, NULL, p->d, &documents, &count))
		return NULL;
	if (count == 1)
		return documents;
	if (count == 0)
		diagnostics_error(p->d, (struct place){.file = file}, "the file is empty");
	else
		yaml_error(p->d, &documents[1], "a file holds one document; this is a second one");
	return NULL;
}

/* The root of the document of that path, or NULL; *found tells one that is no good from none. */
static const struct yaml *root_of(const struct parsing *p, const char *path, bool *found)
{
	*found = false;
	for (size_t i = 0; i < p->catalog->document_count; i++)
		if (text_is(p->catalog->documents[i].path, path)) {
			*found = true;
			return p->roots[i];
		}
	return NULL;
}

static bool is_in(const struct document *document, const char *folder)
{
	return text_starts(document->path, text_of(folder), false);
}

static int load_registry(struct parsing *p)
{
	bool found;
	const struct yaml *fields = root_of(p, "fields.yaml", &found);
	struct place place = {.file = p->catalog->folder};
	if (!found)
		return p->d->errors > 0 ? -1 : diagnostics_error(p->d, place, "the catalog has no fields.yaml");
	if (!fields || registry_load(&p->catalog->registry, &p->catalog->arena, fields, p->d))
		return -1;
	int status = 0;
	for (size_t i = 0; i < p->catalog->document_count; i++)
		if (is_in(&p->catalog->documents[i], "fields/") && p->roots[i])
			status |= registry_extend(&p->catalog->registry, &p->catalog->arena, p->roots[i], p->d);
	return status;
}

static void load_names(struct parsing *p)
{
	struct catalog *catalog = p->catalog;
	bool found;
	const struct yaml *lists = root_of(p, "lists.yaml", &found), *clients = root_of(p, "clients.yaml", &found);
	catalog->scope = (struct scope){.registry = &catalog->registry};
	if (lists)
		lists_load_document(&catalog->arena, &catalog->scope, lists, p->d);
	if (clients)
		clients_load(&catalog->clients, &catalog->arena, &catalog->registry, clients, p->d);
	const struct yaml *techniques = root_of(p, "techniques.yaml", &found);
	if (techniques)
		techniques_load(&catalog->techniques, &catalog->arena, techniques, p->d);
}

/* Appends to an array of pointers in the arena what a loader gave, if it gave anything. */
#define APPEND(arena, array, count, item) \
	do { \
		void *loaded_ = (item); \
		if (loaded_) { \
			(array) = arena_grow((arena), (array), (count), sizeof *(array)); \
			(array)[(count)++] = loaded_; \
		} \
	} while (0)

/* Of detections there may be thousands: each one's tree goes when it is loaded. */
static void load_detections(struct parsing *p)
{
	struct catalog *c = p->catalog;
	struct arena nodes = {0};
	for (size_t i = 0; i < c->document_count; i++) {
		const struct yaml *root = is_in(&c->documents[i], "detections/") ? parse_document(p, i, &nodes) : NULL;
		if (root)
			APPEND(&c->arena, c->detections, c->detection_count, detection_load(&c->arena, &c->scope, root, p->d));
		arena_reset(&nodes);
	}
	arena_free(&nodes);
}

static void load_entries(struct parsing *p)
{
	struct catalog *c = p->catalog;
	for (size_t i = 0; i < c->document_count; i++) {
		const struct yaml *root = p->roots[i];
		if (root && is_in(&c->documents[i], "dialects/"))
			APPEND(&c->arena, c->dialects, c->dialect_count, dialect_load(&c->arena, &c->registry, root, p->d));
		else if (root && is_in(&c->documents[i], "organizations/"))
			APPEND(&c->arena, c->organizations, c->organization_count,
				organization_load(&c->arena, &c->scope, root, p->d));
	}
}

static int compare_detections(const void *a, const void *b)
{
	return text_compare((*(struct detection *const *)a)->name, (*(struct detection *const *)b)->name);
}

static int compare_organizations(const void *a, const void *b)
{
	return text_compare((*(struct organization *const *)a)->name, (*(struct organization *const *)b)->name);
}

static int load_all(struct parsing *p)
{
	struct catalog *catalog = p->catalog;
	struct arena unread = {0};
	for (size_t i = 0; i < catalog->document_count; i++)
		if (!is_in(&catalog->documents[i], "detections/"))
			p->roots[i] = parse_document(p, i, &p->trees);
	if (load_registry(p)) {
		/* without fields nothing else has a meaning, but what is no YAML is said all the same */
		for (size_t i = 0; i < catalog->document_count; i++)
			if (is_in(&catalog->documents[i], "detections/"))
				parse_document(p, i, &unread);
		arena_free(&unread);
		return -1;
	}
	load_names(p);
	load_detections(p);
	load_entries(p);
	return 0;
}

int catalog_parse(struct catalog *catalog, const char *folder, struct diagnostics *d)
{
	struct parsing p = {.catalog = catalog, .d = d};
	size_t errors = d->errors;
	catalog->folder = arena_strdup(&catalog->arena, folder);
	p.roots = arena_array(&p.trees, catalog->document_count, sizeof *p.roots);
	int status = load_all(&p);
	arena_free(&p.trees);
	if (status)
		return -1;
	if (catalog->detection_count)
		qsort(catalog->detections, catalog->detection_count, sizeof *catalog->detections, compare_detections);
	if (catalog->organization_count)
		qsort(catalog->organizations, catalog->organization_count, sizeof *catalog->organizations,
			compare_organizations);
	catalog_check(catalog, d);
	return d->errors == errors ? 0 : -1;
}

int catalog_load(struct catalog *catalog, const char *folder, struct diagnostics *d)
{
	int read = catalog_read_folder(catalog, folder, d);
	if (!catalog->document_count)
		return -1;
	int parsed = catalog_parse(catalog, folder, d);
	return read || parsed ? -1 : 0;
}

void catalog_free(struct catalog *catalog)
{
	arena_free(&catalog->arena);
	*catalog = (struct catalog){0};
}

const struct detection *catalog_detection(const struct catalog *catalog, struct text name)
{
	size_t low = 0, high = catalog->detection_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = text_compare(catalog->detections[middle]->name, name);
		if (order == 0)
			return catalog->detections[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const struct organization *catalog_organization(const struct catalog *catalog, struct text name)
{
	for (size_t i = 0; i < catalog->organization_count; i++)
		if (text_equal(catalog->organizations[i]->name, name))
			return catalog->organizations[i];
	return NULL;
}

const struct dialect *catalog_dialect(const struct catalog *catalog, struct text name)
{
	for (size_t i = 0; i < catalog->dialect_count; i++)
		if (text_equal(catalog->dialects[i]->name, name))
			return catalog->dialects[i];
	return NULL;
}

struct scope catalog_scope(const struct catalog *catalog, const struct organization *organization)
{
	struct scope scope = {.registry = &catalog->registry, .outer = &catalog->scope};
	if (organization) {
		scope.lists = organization->lists;
		scope.list_count = organization->list_count;
	}
	return scope;
}

struct baseline_decision catalog_decide(const struct organization *organization, const struct detection *detection)
{
	struct baseline_decision decision = {.severity = detection->severity};
	if (!organization)
		return decision;
	for (size_t i = 0; i < organization->severity_count; i++)
		if (text_equal(organization->severities[i].detection, detection->name))
			decision.severity = organization->severities[i].severity;
	decision.below = decision.severity < organization->minimum_severity;
	for (size_t i = 0; i < organization->disable.count; i++)
		if (text_equal(organization->disable.items[i], detection->name))
			decision.disabled = true;
	return decision;
}
