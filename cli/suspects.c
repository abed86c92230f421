/* suspects: see suspects.h. */
#include "cli/suspects.h"

#include <stdlib.h>
#include <string.h>

static const struct document *document_at(const struct catalog *catalog, struct text path)
{
	for (size_t i = 0; i < catalog->document_count; i++)
		if (text_equal(catalog->documents[i].path, path))
			return &catalog->documents[i];
	return NULL;
}

/* The detection that a document holds, or NULL. */
static const struct detection *detection_in(const struct catalog *catalog, const struct document *document)
{
	for (size_t i = 0; i < catalog->detection_count; i++)
		if (text_ends(text_of(catalog->detections[i]->place.file), document->path, false))
			return catalog->detections[i];
	return NULL;
}

/* Where the detection of a document that is gone stands now. */
static const struct document *moved_to(const struct suspects *s, const struct document *before)
{
	const struct detection *detection = detection_in(s->good, before);
	for (size_t i = 0; detection && i < s->bad->document_count; i++) {
		const struct document *after = &s->bad->documents[i];
		if (document_at(s->good, after->path))
			continue;
		const struct detection *other = detection_in(s->bad, after);
		if (other && text_equal(other->id, detection->id))
			return after;
	}
	return NULL;
}

static void add(struct suspects *s, struct arena *arena, const struct document *before, const struct document *after)
{
	s->items = arena_grow(arena, s->items, s->count, sizeof *s->items);
	s->items[s->count++] = (struct suspect){before, after};
}

void suspects_find(struct suspects *s, struct arena *arena, const struct catalog *good, const struct catalog *bad)
{
	*s = (struct suspects){.good = good, .bad = bad};
	for (size_t i = 0; i < good->document_count; i++) {
		const struct document *before = &good->documents[i], *after = document_at(bad, before->path);
		if (!after)
			add(s, arena, before, moved_to(s, before));
		else if (strcmp(before->hash, after->hash) != 0)
			add(s, arena, before, after);
	}
	for (size_t i = 0; i < bad->document_count; i++) {
		const struct document *after = &bad->documents[i];
		bool taken = document_at(good, after->path) != NULL;
		for (size_t k = 0; !taken && k < s->count; k++)
			taken = s->items[k].after == after;
		if (!taken)
			add(s, arena, NULL, after);
	}
}

static void take(struct catalog *catalog, const struct document *document)
{
	catalog->documents = arena_grow(&catalog->arena, catalog->documents, catalog->document_count, sizeof *catalog->documents);
	catalog->documents[catalog->document_count++] = *document;
}

static int by_path(const void *left, const void *right)
{
	const struct document *a = left, *b = right;
	return text_compare(a->path, b->path);
}

int suspects_compose(const struct suspects *s, const size_t *items, size_t count, const char *folder, struct catalog *catalog,
	struct diagnostics *d)
{
	*catalog = (struct catalog){.document_count = 0};
	for (size_t i = 0; i < s->good->document_count; i++) {
		const struct document *document = &s->good->documents[i];
		bool changed = false;
		for (size_t k = 0; k < count; k++)
			changed = changed || s->items[items[k]].before == document;
		if (!changed)
			take(catalog, document);
	}
	for (size_t k = 0; k < count; k++)
		if (s->items[items[k]].after)
			take(catalog, s->items[items[k]].after);
	qsort(catalog->documents, catalog->document_count, sizeof *catalog->documents, by_path);
	catalog_revise(catalog);
	return catalog_parse(catalog, folder, d);
}

const char *suspect_path(const struct suspect *suspect)
{
	return (suspect->after ? suspect->after : suspect->before)->path.data;
}
