/* import_write: what was taken in, as a catalog folder. Declared in generator/import.h. */
#include "generator/import.h"

#include "catalog/load.h"
#include "catalog/text_map.h"
#include "generator/emit.h"
#include "generator/files.h"
#include "generator/tests.h"

#include <string.h>
#include <sys/stat.h>

/* Namespace of ids that are made of a rule's name: UUIDv5 of this and TARGET:PATH:NAME. */
#define NAMESPACE "5b1f0f3c-70a1-5c0e-9a4e-3f7f2f6f8f11"

struct writing {
	struct import *import;
	struct arena scratch; /* of one detection: the events that are tried as its tests, and what is read of its text */
	const char *directory;
	bool force;
	struct made_file **files;
	size_t count;
	struct text_map names; /* of detections, taken already → the number to try next for another of that name */
	struct text_map ids;   /* taken already → 1 */
};

static struct buffer *new_file(struct writing *w, struct text name)
{
	struct made_file *file = arena_alloc(w->import->arena, sizeof(*file));

	file->name = name;
	w->files = arena_grow(w->import->arena, w->files, w->count, sizeof(*w->files));
	w->files[w->count++] = file;
	return &file->content;
}

static bool is_there(const struct writing *w, const char *name)
{
	struct stat status;

	return w->directory != NULL && stat(arena_printf(w->import->arena, "%s/%s", w->directory, name), &status) == 0;
}

/* --- names and ids --- */

static void settle_name(struct writing *w, struct draft *draft)
{
	struct arena *arena = w->import->arena;
	struct text slug = draft_slug(arena, draft->name), name = slug;
	struct text stem = text_slice(slug, 0, slug.length < 90 ? slug.length : 90);
	size_t number = text_map_get(&w->names, slug);

	if (number > 0) {
		do
			name = text_of(arena_printf(arena, "%.*s-%zu", TEXT_ARGS(stem), number++));
		while (text_map_get(&w->names, name) > 0);
		*text_map_at(&w->names, slug) = number;
	}
	draft->name = name;
	*text_map_at(&w->names, name) = 2;
}

static void settle_id(struct writing *w, const struct import_item *item, struct draft *draft)
{
	struct arena *arena = w->import->arena;
	bool valid = uuid_is_valid(draft->id);
	struct text id = valid ? text_fold(arena, draft->id) : TEXT("");

	if (!valid || text_map_get(&w->ids, id) > 0) {
		char *made = arena_alloc(arena, 37);
		struct text seed = text_of(arena_printf(arena, "%s:%.*s:%.*s", w->import->target->name, TEXT_ARGS(item->name),
			TEXT_ARGS(draft->name)));

		uuid5(TEXT(NAMESPACE), seed, made);
		id = text_of(made);
	}
	draft->id = id;
	*text_map_at(&w->ids, id) = 1;
}

/* --- one detection --- */

static struct texts comments_of(struct writing *w, const struct import_item *item)
{
	struct arena *arena = w->import->arena;
	struct text *lines = arena_array(arena, item->notes.count + 1, sizeof(*lines));

	lines[0] = text_of(arena_printf(arena, "Taken in from %s: %.*s", w->import->target->name, TEXT_ARGS(item->name)));
	for (size_t i = 0; i < item->notes.count; i++)
		lines[i + 1] = text_of(arena_printf(arena, "note: %.*s", TEXT_ARGS(item->notes.items[i])));
	return (struct texts){lines, item->notes.count + 1};
}

/* What is made is read again before it is written: an import never makes a catalog that does not load. */
static const char *why_unreadable(struct writing *w, struct text document, const char *file)
{
	struct diagnostics d = {0};
	struct yaml *documents;
	size_t count;
	const char *why = NULL;
	struct arena *arena = &w->scratch;

	if (yaml_parse(arena, document, file, NULL, &d, &documents, &count) == 0 && count == 1)
		detection_load(arena, &w->import->catalog->scope, documents, &d);
	for (size_t i = 0; i < d.count && why == NULL; i++) {
		if (d.items[i].severity == DIAGNOSTIC_ERROR)
			why = arena_strdup(w->import->arena, d.items[i].message);
	}
	diagnostics_free(&d);
	return why;
}

static bool has_match(const struct draft_tests *tests)
{
	for (size_t i = 0; i < tests->count; i++) {
		if (tests->items[i].expect == EXPECT_MATCH)
			return true;
	}
	return false;
}

static void write_detection(struct writing *w, struct import_item *item)
{
	struct import *import = w->import;
	struct draft *draft = item->draft;
	struct draft_tests tests = {NULL, 0};

	if (draft->condition_count == 0) {
		import_refuse(import, item, "nothing is left that a condition could ask");
		return;
	}
	settle_name(w, draft);
	settle_id(w, item, draft);
	draft_settle(import->arena, draft);
	struct import own = *import;

	own.arena = &w->scratch;
	bool shown = tests_make(&own, draft, &tests);

	if (!shown && !has_match(&tests)) {
		import_refuse(import, item, "no event was found on which it could hold, so no test can show what it means");
		return;
	}
	if (!shown)
		import_note(import, item, "for some condition no event could be made that it holds on, so no test shows it");
	struct texts comments = comments_of(w, item);
	const char *name = arena_printf(import->arena, "detections/%.*s.yaml", TEXT_ARGS(draft->name));
	struct buffer made = {0};

	draft_print(draft, &import->catalog->registry, &tests, &comments, &made);
	const char *why = why_unreadable(w, buffer_view(&made), name);

	if (why != NULL) {
		import_refuse(import, item, "what was made of it does not load: %s", why);
		buffer_free(&made);
		return;
	}
	item->file = text_of(name);
	*new_file(w, item->file) = made;
}

/* --- the rest of the catalog --- */

static void write_fields(struct writing *w)
{
	struct import *import = w->import;
	const struct registry *registry = &import->catalog->registry;
	struct buffer *out = NULL;
	struct emitter *e = NULL;

	for (unsigned i = FIELD_FIRST_OTHER; i < registry->field_count; i++) {
		const struct field *field = &registry->fields[i];

		if (!field_native(field, import->dialect->name))
			continue;
		if (out == NULL) {
			out = new_file(w, text_of(arena_printf(import->arena, "fields/%s.yaml", import->target->name)));
			buffer_printf(out, "# Names of %s rules that no dialect maps: fields under those names.\n", import->target->name);
			e = emit_begin(import->arena, out);
			emit_mapping(e, false);
			emit_key(e, "fields");
			emit_mapping(e, false);
		}
		emit_text(e, field->name);
		emit_mapping(e, true);
		emit_pair(e, "type", text_of(value_type_name(field->type)));
		if (field->list) {
			emit_key(e, "list");
			emit_plain(e, TEXT("true"));
		}
		emit_texts(e, "native", (struct texts){&import->dialect->name, 1}, true);
		emit_pair(e, "about", field->about);
		emit_end(e);
	}
	if (e == NULL)
		return;
	emit_end(e);
	emit_end(e);
	emit_finish(e);
}

/* A folder that is no catalog yet gets what a catalog needs from the one that is used. */
static void write_base(struct writing *w)
{
	static const char *const needed[] = {"fields.yaml", "lists.yaml", "clients.yaml", "dialects/", "fields/"};
	const struct catalog *catalog = w->import->catalog;

	if (is_there(w, "fields.yaml"))
		return;
	for (size_t i = 0; i < catalog->document_count; i++) {
		const struct document *document = &catalog->documents[i];
		bool kept = false;

		for (size_t k = 0; k < sizeof(needed) / sizeof(*needed) && !kept; k++)
			kept = text_starts(document->path, text_of(needed[k]), false);
		for (size_t k = 0; k < w->count && kept; k++)
			kept = !text_equal(w->files[k]->name, document->path);
		if (kept)
			buffer_text(new_file(w, document->path), document->content);
	}
}

static void write_organization(struct writing *w)
{
	struct import *import = w->import;
	const struct registry *registry = &import->catalog->registry;

	struct draft all = {0};

	if (import->exception_count == 0)
		return;
	for (size_t i = 0; i < import->exception_count; i++)
		draft_add_exception(import->arena, &all, import->exceptions[i].exception.name, TEXT(""), NULL);
	draft_settle(import->arena, &all);
	struct buffer *out = new_file(w, TEXT("organizations/imported.yaml"));
	struct emitter *e = emit_begin(import->arena, out);

	emit_mapping(e, false);
	emit_pair(e, "name", TEXT("imported"));
	emit_pair(e, "title", text_of(arena_printf(import->arena, "Filters of %s rules that were taken in", import->target->name)));
	emit_key(e, "exceptions");
	emit_sequence(e, false);
	for (size_t i = 0; i < import->exception_count; i++) {
		const struct import_exception *exception = &import->exceptions[i];
		struct text *names = arena_array(import->arena, exception->covered_count + 1, sizeof(*names));
		size_t count = 0;

		for (size_t k = 0; k < exception->covered_count; k++) {
			if (exception->covered[k]->draft != NULL)
				names[count++] = exception->covered[k]->draft->name;
		}
		if (exception->covered_count == 0)
			names[count++] = TEXT("*");
		if (count > 0)
			emit_exception(e, registry, all.exceptions[i].name, &exception->exception, names, count);
	}
	emit_end(e);
	emit_end(e);
	emit_finish(e);
}

/* --- all of it --- */

static void take_known(struct writing *w)
{
	const struct catalog *catalog = w->import->catalog;

	for (size_t i = 0; i < catalog->detection_count; i++) {
		const char *file = arena_printf(w->import->arena, "detections/%.*s.yaml", TEXT_ARGS(catalog->detections[i]->name));

		if (!is_there(w, file) || w->force) /* what is overwritten gives its name and id away */
			continue;
		*text_map_at(&w->ids, catalog->detections[i]->id) = 1;
	}
}

static int refuse_to_overwrite(struct writing *w)
{
	int status = 0;

	for (size_t i = 0; i < w->count && !w->force && w->directory != NULL; i++) {
		const char *name = arena_printf(w->import->arena, "%.*s", TEXT_ARGS(w->files[i]->name));
		bool fields = text_starts(w->files[i]->name, TEXT("fields/"), false);
		struct place place = {arena_printf(w->import->arena, "%s/%s", w->directory, name), 0, 0};

		if (!fields && is_there(w, name))
			status = diagnostics_error(w->import->d, place, "is there already; --force writes it again");
	}
	return status;
}

static void count_items(struct import *import)
{
	import->taken = import->noted = import->refused = import->parts = 0;
	for (size_t i = 0; i < import->count; i++) {
		enum taken taken = import->items[i]->taken;
		bool part = import->items[i]->part;

		import->parts += part && taken != REFUSED;
		import->taken += taken == TAKEN_EXACTLY && !part;
		import->noted += taken == TAKEN_WITH_NOTE && !part;
		import->refused += taken == REFUSED;
	}
}

int import_run(struct import *import, const char *directory, bool force)
{
	struct writing w = {.import = import, .directory = directory, .force = force, .names = {.arena = import->arena},
		.ids = {.arena = import->arena}};

	if (import->target->read(import) != 0)
		return -1;
	take_known(&w);
	for (size_t i = 0; i < import->count; i++) {
		if (import->items[i]->draft != NULL)
			write_detection(&w, import->items[i]);
		arena_reset(&w.scratch);
	}
	arena_free(&w.scratch);
	count_items(import);
	write_fields(&w);
	write_organization(&w);
	if (directory != NULL)
		write_base(&w);
	int status = refuse_to_overwrite(&w);

	if (status == 0 && directory != NULL && import->taken + import->noted > 0)
		status = files_store(import->arena, directory, w.files, w.count, import->d);
	for (size_t i = 0; i < w.count; i++)
		buffer_free(&w.files[i]->content);
	return status;
}
