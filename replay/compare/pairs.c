/* pairs: see pairs.h. */
#include "replay/compare/pairs.h"

#include <stdlib.h>
#include <string.h>

bool pairs_same_name(const struct organization *a, const struct organization *b)
{
	return a && b ? text_equal(a->name, b->name) : a == b;
}

static size_t index_of_id(const struct catalog *catalog, struct text id)
{
	for (size_t i = 0; i < catalog->detection_count; i++)
		if (text_equal(catalog->detections[i]->id, id))
			return i;
	return SIZE_MAX;
}

static int by_name(const void *left, const void *right)
{
	const struct detection_pair *a = left, *b = right;
	return text_compare((a->after ? a->after : a->before)->name, (b->after ? b->after : b->before)->name);
}

static void pair_detections(struct comparing *c)
{
	const struct catalog *before = c->before->catalog, *after = c->after->catalog;
	size_t most = before->detection_count + after->detection_count;
	c->detections = arena_array(c->arena, most + 1, sizeof *c->detections);
	c->of_before = arena_array(c->arena, before->detection_count + 1, sizeof *c->of_before);
	c->of_after = arena_array(c->arena, after->detection_count + 1, sizeof *c->of_after);
	for (size_t i = 0; i < after->detection_count; i++) {
		size_t was = index_of_id(before, after->detections[i]->id);
		c->detections[c->detection_count++] = (struct detection_pair){
			was == SIZE_MAX ? NULL : before->detections[was], after->detections[i], was, i, false};
	}
	for (size_t i = 0; i < before->detection_count; i++)
		if (index_of_id(after, before->detections[i]->id) == SIZE_MAX)
			c->detections[c->detection_count++] = (struct detection_pair){before->detections[i], NULL, i, SIZE_MAX, false};
	if (c->detection_count)
		qsort(c->detections, c->detection_count, sizeof *c->detections, by_name);
	for (size_t i = 0; i < c->detection_count; i++) {
		if (c->detections[i].before)
			c->of_before[c->detections[i].before_at] = i;
		if (c->detections[i].after)
			c->of_after[c->detections[i].after_at] = i;
	}
}

static size_t total_of(const struct results *run, const struct organization *organization)
{
	for (size_t i = 0; i < run->total_count; i++)
		if (pairs_same_name(run->totals[i].organization, organization))
			return i;
	return SIZE_MAX;
}

static void say_alone(struct comparing *c, const struct organization *organization, const char *where)
{
	diagnostics_warning(c->d, ((struct place){0}), "%s was replayed in the %s run alone; the organizations of both are compared",
		organization ? organization->name.data : "the catalog without a baseline", where);
}

static void pair_organizations(struct comparing *c)
{
	c->organizations = arena_array(c->arena, c->after->total_count + 1, sizeof *c->organizations);
	for (size_t i = 0; i < c->after->total_count; i++) {
		const struct organization *organization = c->after->totals[i].organization;
		size_t was = total_of(c->before, organization);
		if (was == SIZE_MAX)
			say_alone(c, organization, "newer");
		else
			c->organizations[c->organization_count++] = (struct organization_pair){
				c->before->totals[was].organization, organization, was, i};
	}
	for (size_t i = 0; i < c->before->total_count; i++)
		if (total_of(c->after, c->before->totals[i].organization) == SIZE_MAX)
			say_alone(c, c->before->totals[i].organization, "reference");
}

/* What detections and organizations share: a change there may change any of them. */
static bool is_shared(struct text path)
{
	return !text_starts(path, TEXT("detections/"), false) && !text_starts(path, TEXT("organizations/"), false);
}

static const struct document *document_called(const struct catalog *catalog, struct text path)
{
	for (size_t i = 0; i < catalog->document_count; i++)
		if (text_equal(catalog->documents[i].path, path))
			return &catalog->documents[i];
	return NULL;
}

static void add_document(struct comparing *c, struct text path)
{
	c->documents = c->documents ? arena_printf(c->arena, "%s, %.*s", c->documents, TEXT_ARGS(path))
		: arena_printf(c->arena, "%.*s", TEXT_ARGS(path));
}

static void find_documents(struct comparing *c)
{
	const struct catalog *before = c->before->catalog, *after = c->after->catalog;
	for (size_t i = 0; i < after->document_count; i++) {
		const struct document *was = document_called(before, after->documents[i].path);
		if (is_shared(after->documents[i].path) && (!was || strcmp(was->hash, after->documents[i].hash) != 0))
			add_document(c, after->documents[i].path);
	}
	for (size_t i = 0; i < before->document_count; i++)
		if (is_shared(before->documents[i].path) && !document_called(after, before->documents[i].path))
			add_document(c, before->documents[i].path);
}

void pairs_make(struct comparing *c)
{
	pair_detections(c);
	pair_organizations(c);
	find_documents(c);
}

/* Detections of a run stand in its catalog's order, which is that of names. */
static size_t index_in(const struct catalog *catalog, const struct detection *detection)
{
	size_t low = 0, high = catalog->detection_count;
	while (low + 1 < high) {
		size_t middle = low + (high - low) / 2;
		if (text_compare(catalog->detections[middle]->name, detection->name) <= 0)
			low = middle;
		else
			high = middle;
	}
	return low;
}

const struct detection_pair *pairs_detection(const struct comparing *c, const struct results *run,
	const struct detection *detection)
{
	const size_t *pairs = run == c->before ? c->of_before : c->of_after;
	return &c->detections[pairs[index_in(run->catalog, detection)]];
}

size_t pairs_organization(const struct comparing *c, const struct organization *organization)
{
	for (size_t i = 0; i < c->organization_count; i++)
		if (pairs_same_name(c->organizations[i].after, organization))
			return i;
	return SIZE_MAX;
}

struct text pairs_name(const struct comparing *c, const struct results *run, struct text name)
{
	const struct detection *detection = catalog_detection(run->catalog, name);
	if (!detection)
		return name;
	const struct detection_pair *pair = pairs_detection(c, run, detection);
	return (pair->after ? pair->after : pair->before)->name;
}
