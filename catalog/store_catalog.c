/*
 * store_catalog: catalogs in the store. The documents are the truth, from which a catalog is parsed
 * again; the other tables say the same in rows, for those who ask the store in SQL.
 */
#include "catalog/store.h"
#include "catalog/version.h"

#include <stdarg.h>
#include <string.h>
#include <time.h>

enum row {
	ROW_DOCUMENT, ROW_REVISION, ROW_REVISION_DOCUMENT, ROW_FIELD, ROW_ACTION, ROW_MACRO, ROW_LIST_ITEM, ROW_DIALECT,
	ROW_DETECTION, ROW_TECHNIQUE, ROW_REFERENCE, ROW_FALSE_POSITIVE, ROW_TEST, ROW_TARGET, ROW_CONDITION,
	ROW_CONDITION_FIELD, ROW_DETECTION_EXCEPTION, ROW_ORGANIZATION, ROW_SEVERITY, ROW_DISABLED,
	ROW_ORGANIZATION_EXCEPTION, ROW_EXCEPTION_DETECTION, ROW_CURRENT, ROW_COUNT
};

static const char *const statements[ROW_COUNT] = {
	[ROW_DOCUMENT] = "INSERT INTO document VALUES (?, ?) ON CONFLICT DO NOTHING",
	[ROW_REVISION] = "INSERT INTO revision VALUES (?, ?, ?)",
	[ROW_REVISION_DOCUMENT] = "INSERT INTO revision_document VALUES (?, ?, ?)",
	[ROW_FIELD] = "INSERT INTO field VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
	[ROW_ACTION] = "INSERT INTO action VALUES (?, ?, ?, ?)",
	[ROW_MACRO] = "INSERT INTO macro VALUES (?, ?, ?)",
	[ROW_LIST_ITEM] = "INSERT INTO list_item VALUES (?, ?, ?, ?, ?)",
	[ROW_DIALECT] = "INSERT INTO dialect VALUES (?, ?, ?, ?, ?)",
	[ROW_DETECTION] = "INSERT INTO detection VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[ROW_TECHNIQUE] = "INSERT INTO detection_technique VALUES (?, ?, ?)",
	[ROW_REFERENCE] = "INSERT INTO detection_reference VALUES (?, ?, ?, ?)",
	[ROW_FALSE_POSITIVE] = "INSERT INTO detection_false_positive VALUES (?, ?, ?, ?)",
	[ROW_TEST] = "INSERT INTO detection_test VALUES (?, ?, ?, ?, ?)",
	[ROW_TARGET] = "INSERT INTO detection_target VALUES (?, ?, ?, ?)",
	[ROW_CONDITION] = "INSERT INTO condition VALUES (?, ?, ?, ?, ?, ?, ?)",
	[ROW_CONDITION_FIELD] = "INSERT INTO condition_field VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
	[ROW_DETECTION_EXCEPTION] = "INSERT INTO detection_exception VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[ROW_ORGANIZATION] = "INSERT INTO organization VALUES (?, ?, ?, ?, ?, ?, ?)",
	[ROW_SEVERITY] = "INSERT INTO organization_severity VALUES (?, ?, ?, ?)",
	[ROW_DISABLED] = "INSERT INTO organization_disabled VALUES (?, ?, ?)",
	[ROW_ORGANIZATION_EXCEPTION] = "INSERT INTO organization_exception VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[ROW_EXCEPTION_DETECTION] = "INSERT INTO exception_detection VALUES (?, ?, ?, ?)",
	[ROW_CURRENT] = "INSERT INTO current_revision VALUES (1, ?) ON CONFLICT DO UPDATE SET revision = excluded.revision",
};

struct writer {
	struct store *store;
	const struct catalog *catalog;
	struct diagnostics *d;
	struct text revision;
	sqlite3_stmt *prepared[ROW_COUNT];
	struct buffer canonical;
	bool failed; /* reported; all further rows are passed over */
};

static void bind_value(sqlite3_stmt *statement, int index, char kind, va_list *values)
{
	struct text text;
	double number;
	switch (kind) {
	case 't': /* a text */
		store_bind_text(statement, index, va_arg(*values, struct text));
		break;
	case '?': /* a text, NULL where it is empty */
		text = va_arg(*values, struct text);
		if (text.length)
			store_bind_text(statement, index, text);
		break;
	case 's':
		store_bind_text(statement, index, text_of(va_arg(*values, const char *)));
		break;
	case 'n': /* a size_t */
		sqlite3_bind_int64(statement, index, (sqlite3_int64)va_arg(*values, size_t));
		break;
	default: /* 'r': a double, NULL where it is negative */
		number = va_arg(*values, double);
		if (number >= 0)
			sqlite3_bind_double(statement, index, number);
	}
}

/* Writes one row; `kinds` has a letter for each value that follows (see bind_value). */
static void add(struct writer *w, enum row row, const char *kinds, ...)
{
	va_list values;
	if (w->failed)
		return;
	if (!w->prepared[row])
		w->prepared[row] = store_prepare(w->store, statements[row], w->d);
	sqlite3_stmt *statement = w->prepared[row];
	if (!statement) {
		w->failed = true;
		return;
	}
	sqlite3_clear_bindings(statement);
	va_start(values, kinds);
	for (int i = 0; kinds[i]; i++)
		bind_value(statement, i + 1, kinds[i], &values);
	va_end(values);
	int code = sqlite3_step(statement);
	if (code != SQLITE_DONE) {
		store_fail(w->store, "load the catalog", w->d);
		w->failed = true;
	}
	sqlite3_reset(statement);
}

static struct text canonical(struct writer *w, const struct condition *condition)
{
	buffer_clear(&w->canonical);
	condition_print(condition, &w->catalog->registry, &w->canonical);
	return buffer_view(&w->canonical);
}

static struct text category_of(const struct writer *w, const struct condition *condition)
{
	return w->catalog->registry.categories[condition->category].name;
}

static void write_documents(struct writer *w)
{
	struct timespec now = {0};
	char time[32];
	clock_gettime(CLOCK_REALTIME, &now);
	date_format((int64_t)now.tv_sec * 1000000000, time);
	add(w, ROW_REVISION, "tss", w->revision, time, MEWS_VERSION);
	for (size_t i = 0; i < w->catalog->document_count; i++) {
		const struct document *document = &w->catalog->documents[i];
		add(w, ROW_DOCUMENT, "st", document->hash, document->content);
		add(w, ROW_REVISION_DOCUMENT, "tts", w->revision, document->path, document->hash);
	}
}

static void write_lists(struct writer *w, struct text organization, const struct named_list *lists, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < lists[i].count; j++)
			add(w, ROW_LIST_ITEM, "tttnt", w->revision, organization, lists[i].name, j, lists[i].items[j]);
}

static void write_names(struct writer *w)
{
	const struct catalog *c = w->catalog;
	for (size_t i = 1; i < c->registry.field_count; i++) {
		const struct field *f = &c->registry.fields[i];
		add(w, ROW_FIELD, "ttsnnnnt", w->revision, f->name, value_type_name(f->type), (size_t)f->list, (size_t)f->path,
			(size_t)f->shared, (size_t)f->extension, f->about);
	}
	for (size_t i = 1; i < c->registry.action_count; i++) {
		const struct action *a = &c->registry.actions[i];
		add(w, ROW_ACTION, "tttt", w->revision, c->registry.categories[a->category].name, a->name, a->type);
	}
	for (size_t i = 0; i < c->scope.macro_count; i++)
		add(w, ROW_MACRO, "ttt", w->revision, c->scope.macros[i].name, c->scope.macros[i].source);
	write_lists(w, TEXT(""), c->scope.lists, c->scope.list_count);
	for (size_t i = 0; i < c->dialect_count; i++)
		add(w, ROW_DIALECT, "ttttt", w->revision, c->dialects[i]->name, c->dialects[i]->title, c->dialects[i]->version,
			c->dialects[i]->reads);
}

struct field_rows {
	struct writer *writer;
	struct text detection, condition;
};

static void write_field(const struct predicate *predicate, void *context)
{
	const struct field_rows *rows = context;
	struct writer *w = rows->writer;
	add(w, ROW_CONDITION_FIELD, "tttt", w->revision, rows->detection, rows->condition,
		w->catalog->registry.fields[predicate->field].name);
	if (predicate->other != FIELD_NONE)
		add(w, ROW_CONDITION_FIELD, "tttt", w->revision, rows->detection, rows->condition,
			w->catalog->registry.fields[predicate->other].name);
}

static void write_conditions(struct writer *w, const struct detection *detection)
{
	for (size_t i = 0; i < detection->condition_count; i++) {
		const struct condition *condition = detection->conditions[i];
		struct field_rows rows = {w, detection->name, condition->name};
		add(w, ROW_CONDITION, "tttnttt", w->revision, detection->name, condition->name, i, category_of(w, condition),
			condition->source, canonical(w, condition));
		condition_visit(condition, write_field, &rows);
	}
}

static void write_exception(struct writer *w, enum row row, struct text owner, const struct exception *e)
{
	add(w, row, "tttttttt?", w->revision, owner, e->name, category_of(w, e->condition), e->condition->source,
		canonical(w, e->condition), e->reason, e->owner, e->expires);
}

static void write_detection(struct writer *w, const struct detection *t)
{
	add(w, ROW_DETECTION, "tttttssttt?", w->revision, t->name, t->id, t->title, t->description, status_name(t->status),
		severity_name(t->severity), t->surface, t->author, t->date, t->modified);
	for (size_t i = 0; i < t->techniques.count; i++)
		add(w, ROW_TECHNIQUE, "ttt", w->revision, t->name, t->techniques.items[i]);
	for (size_t i = 0; i < t->references.count; i++)
		add(w, ROW_REFERENCE, "ttnt", w->revision, t->name, i, t->references.items[i]);
	for (size_t i = 0; i < t->false_positives.count; i++)
		add(w, ROW_FALSE_POSITIVE, "ttnt", w->revision, t->name, i, t->false_positives.items[i]);
	write_conditions(w, t);
	for (size_t i = 0; i < t->exception_count; i++)
		write_exception(w, ROW_DETECTION_EXCEPTION, t->name, &t->exceptions[i]);
	for (size_t i = 0; i < t->target_count; i++)
		add(w, ROW_TARGET, "tttt", w->revision, t->name, t->targets[i].target, t->targets[i].text);
	for (size_t i = 0; i < t->test_count; i++)
		add(w, ROW_TEST, "ttnts", w->revision, t->name, i, t->tests[i].name, expectation_name(t->tests[i].expect));
}

static void write_organization(struct writer *w, const struct organization *o)
{
	const struct catalog *c = w->catalog;
	add(w, ROW_ORGANIZATION, "ttttssr", w->revision, o->name, o->title, o->description,
		severity_name(o->minimum_severity), o->tolerates_risky ? "tolerate" : "alert", o->budget);
	for (size_t i = 0; i < o->severity_count; i++)
		add(w, ROW_SEVERITY, "ttts", w->revision, o->name, o->severities[i].detection,
			severity_name(o->severities[i].severity));
	for (size_t i = 0; i < o->disable.count; i++)
		add(w, ROW_DISABLED, "ttt", w->revision, o->name, o->disable.items[i]);
	write_lists(w, o->name, o->lists, o->list_count);
	for (size_t i = 0; i < o->exception_count; i++) {
		write_exception(w, ROW_ORGANIZATION_EXCEPTION, o->name, &o->exceptions[i]);
		for (size_t j = 0; j < c->detection_count; j++)
			if (exception_covers(&o->exceptions[i], c->detections[j]))
				add(w, ROW_EXCEPTION_DETECTION, "tttt", w->revision, o->name, o->exceptions[i].name,
					c->detections[j]->name);
	}
}

static void write_catalog(struct writer *w)
{
	write_documents(w);
	write_names(w);
	for (size_t i = 0; i < w->catalog->detection_count; i++)
		write_detection(w, w->catalog->detections[i]);
	for (size_t i = 0; i < w->catalog->organization_count; i++)
		write_organization(w, w->catalog->organizations[i]);
}

/* Is there a revision of that id? -1: reported. */
static int has_revision(struct store *store, struct text revision, struct diagnostics *d)
{
	sqlite3_stmt *statement = store_prepare(store, "SELECT 1 FROM revision WHERE id = ?", d);
	if (!statement)
		return -1;
	store_bind_text(statement, 1, revision);
	int code = sqlite3_step(statement);
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		store_fail(store, "read the store", d);
	sqlite3_finalize(statement);
	return code == SQLITE_ROW ? 1 : code == SQLITE_DONE ? 0 : -1;
}

int store_load_catalog(struct store *store, const struct catalog *catalog, bool *added, struct diagnostics *d)
{
	struct writer w = {.store = store, .catalog = catalog, .d = d, .revision = text_of(catalog->revision)};
	*added = false;
	if (store_begin(store, d))
		return -1;
	int there = has_revision(store, w.revision, d);
	w.failed = there < 0;
	if (there == 0)
		write_catalog(&w);
	add(&w, ROW_CURRENT, "t", w.revision);
	for (size_t i = 0; i < ROW_COUNT; i++)
		sqlite3_finalize(w.prepared[i]);
	buffer_free(&w.canonical);
	if (w.failed || store_commit(store, d)) {
		store_rollback(store);
		return -1;
	}
	*added = there == 0;
	return 0;
}

/* Runs a query that gives at most one revision that is wanted; *rows counts what it gave, up to 2. */
static int find_revision(struct store *store, const char *sql, const char *prefix, char out[65], int *rows,
	struct diagnostics *d)
{
	sqlite3_stmt *statement = store_prepare(store, sql, d);
	int code = SQLITE_DONE;
	*rows = 0;
	if (!statement)
		return -1;
	if (prefix)
		store_bind_text(statement, 1, text_of(prefix));
	while (*rows < 2 && (code = sqlite3_step(statement)) == SQLITE_ROW) {
		const char *id = (const char *)sqlite3_column_text(statement, 0);
		if (*rows == 0 && id && strlen(id) == 64)
			memcpy(out, id, 65);
		++*rows;
	}
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		store_fail(store, "read the store", d);
	sqlite3_finalize(statement);
	return code == SQLITE_ROW || code == SQLITE_DONE ? 0 : -1;
}

int store_current_revision(struct store *store, char out[65], struct diagnostics *d)
{
	int rows;
	out[0] = '\0';
	return find_revision(store, "SELECT revision FROM current_revision", NULL, out, &rows, d);
}

static int choose_revision(struct store *store, const char *prefix, char out[65], struct diagnostics *d)
{
	struct place place = {.file = store_path(store)};
	int rows;
	out[0] = '\0';
	if (!prefix[0]) {
		if (store_current_revision(store, out, d))
			return -1;
		return out[0] ? 0 : diagnostics_error(d, place, "no catalog was loaded yet; `mews load` does it");
	}
	/* Hex digits sort below `g`. */
	static const char sql[] = "SELECT id FROM revision WHERE id >= ?1 AND id < ?1 || 'g' LIMIT 2";
	if (find_revision(store, sql, prefix, out, &rows, d))
		return -1;
	if (rows == 0)
		return diagnostics_error(d, place, "there is no catalog revision %s", prefix);
	if (rows > 1)
		return diagnostics_error(d, place, "several catalog revisions begin with %s", prefix);
	return 0;
}

static int read_document(struct store *store, sqlite3_stmt *row, struct catalog *catalog, struct diagnostics *d)
{
	struct place place = {.file = store_path(store)};
	struct document document = {0};
	const char *path = (const char *)sqlite3_column_text(row, 0), *content = (const char *)sqlite3_column_text(row, 1);
	if (!path || !content)
		return diagnostics_error(d, place, "a document of the catalog is missing");
	document.path = text_copy(&catalog->arena, (struct text){path, (size_t)sqlite3_column_bytes(row, 0)});
	document.content = text_copy(&catalog->arena, (struct text){content, (size_t)sqlite3_column_bytes(row, 1)});
	sha256_hex(document.content, document.hash);
	catalog->documents = arena_grow(&catalog->arena, catalog->documents, catalog->document_count, sizeof document);
	catalog->documents[catalog->document_count++] = document;
	return 0;
}

static int read_documents(struct store *store, struct text revision, struct catalog *catalog, struct diagnostics *d)
{
	sqlite3_stmt *statement = store_prepare(store, "SELECT path, content FROM revision_document"
		" JOIN document USING (hash) WHERE revision = ? ORDER BY path", d);
	int code, failed = 0;
	if (!statement)
		return -1;
	store_bind_text(statement, 1, revision);
	while (!failed && (code = sqlite3_step(statement)) != SQLITE_DONE)
		failed = code == SQLITE_ROW ? read_document(store, statement, catalog, d) : store_fail(store, "read the store", d);
	sqlite3_finalize(statement);
	return failed;
}

int store_read_catalog(struct store *store, const char *revision, const char *folder, struct catalog *catalog,
	struct diagnostics *d)
{
	char id[65];
	struct place place = {.file = store_path(store)};
	if (choose_revision(store, revision, id, d) || read_documents(store, text_of(id), catalog, d))
		return -1;
	catalog_revise(catalog);
	/* Rows that somebody changed by hand must not pass for the catalog that was loaded. */
	if (!text_is(text_of(id), catalog->revision))
		return diagnostics_error(d, place, "the documents of revision %.12s are not those that were loaded", id);
	return catalog_parse(catalog, folder, d);
}
