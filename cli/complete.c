/* complete: see complete.h. */
#include "cli/complete.h"

#include "cli/kinds.h"
#include "cli/list.h"
#include "cli/meanings.h"
#include "cli/project.h"
#include "generator/target.h"
#include "replay/export/export.h"
#include "replay/report/report.h"

#include <string.h>
#include <unistd.h>

struct candidate {
	const char *word, *about;
};

struct completion {
	struct arena *arena;
	const char *prefix;          /* what stands there already */
	const char *before;          /* goes before each candidate: "--format=" */
	const char *program, *verb;
	const struct options *globals;
	const char *detection;       /* that the line names, for the names of its tests */
	bool files, folders, opened;
	struct project project;      /* its catalog, read when first asked for */
	struct candidate *list;
	size_t count;
};

static void offer(struct completion *c, const char *word, const char *about)
{
	if (strncmp(word, c->prefix, strlen(c->prefix)) != 0)
		return;
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->list[i].word, word) == 0)
			return;
	c->list = arena_grow(c->arena, c->list, c->count, sizeof *c->list);
	c->list[c->count++] = (struct candidate){word, about};
}

static void offer_text(struct completion *c, struct text word, struct text about)
{
	offer(c, arena_strndup(c->arena, word.data, word.length), arena_strndup(c->arena, about.data, about.length));
}

static void offer_words(struct completion *c, const char *words)
{
	struct text *pieces = NULL;
	size_t count = text_split(c->arena, text_of(words), ' ', &pieces);
	for (size_t i = 0; i < count; i++)
		offer_text(c, pieces[i], TEXT(""));
}

/* From the folder alone: the store is not touched. What is wrong with it, `mews check` says. */
static const struct catalog *catalog_of(struct completion *c)
{
	if (!c->opened) {
		const struct global global = {
			.catalog = options_value(c->globals, "catalog", NULL),
			.store = options_value(c->globals, "store", NULL),
			.project = options_value(c->globals, "project", NULL),
		};
		c->opened = true;
		if (project_begin(&c->project, &global) == 0 && access(c->project.catalog_folder, R_OK) == 0)
			catalog_load(&c->project.catalog, c->project.catalog_folder, &c->project.diagnostics);
	}
	return &c->project.catalog;
}

static void offer_detections(struct completion *c)
{
	const struct catalog *catalog = catalog_of(c);
	for (size_t i = 0; i < catalog->detection_count; i++)
		offer_text(c, catalog->detections[i]->name, catalog->detections[i]->title);
}

static void offer_organizations(struct completion *c)
{
	const struct catalog *catalog = catalog_of(c);
	for (size_t i = 0; i < catalog->organization_count; i++)
		offer_text(c, catalog->organizations[i]->name, catalog->organizations[i]->title);
}

static void offer_tests(struct completion *c)
{
	const struct catalog *catalog = catalog_of(c);
	const struct detection *detection = c->detection ? catalog_detection(catalog, text_of(c->detection)) : NULL;
	for (size_t i = 0; detection != NULL && i < detection->test_count; i++)
		offer(c, arena_printf(c->arena, "test:%.*s", TEXT_ARGS(detection->tests[i].name)), "");
}

static void offer_dialects(struct completion *c)
{
	const struct catalog *catalog = catalog_of(c);
	for (size_t i = 0; i < catalog->dialect_count; i++)
		offer_text(c, catalog->dialects[i]->name, catalog->dialects[i]->title);
}

/* By the folder's name, as replay takes it; what lies deeper, by its path. */
static void offer_datasets(struct completion *c, bool episodes)
{
	const struct catalog *catalog = catalog_of(c);
	struct dataset **list = NULL;
	size_t count = 0;
	if (access(c->project.corpus_folder, R_OK) != 0 ||
		corpus_load(c->arena, catalog, c->project.corpus_folder, &list, &count, &c->project.diagnostics) != 0)
		return;
	for (size_t i = 0; i < count; i++) {
		const char *folder = list[i]->folder;
		size_t length = strlen(c->project.corpus_folder);
		if (strncmp(folder, c->project.corpus_folder, length) == 0 && folder[length] == '/' &&
			strchr(folder + length + 1, '/') == NULL)
			folder += length + 1;
		if (!episodes)
			offer_text(c, text_of(folder), list[i]->title);
		for (size_t k = 0; episodes && k < list[i]->episode_count; k++)
			offer(c, arena_printf(c->arena, "%s/%.*s", folder, TEXT_ARGS(list[i]->episodes[k].name)), "");
	}
}

/* Read only: completing makes no store and changes none. */
static void offer_runs(struct completion *c)
{
	sqlite3 *connection = NULL;
	sqlite3_stmt *statement = NULL;
	catalog_of(c);
	if (sqlite3_open_v2(c->project.store_file, &connection, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
		sqlite3_prepare_v2(connection, "SELECT id, started, coalesce(arguments, '') FROM run ORDER BY id DESC LIMIT 30", -1,
			&statement, NULL) == SQLITE_OK)
		while (sqlite3_step(statement) == SQLITE_ROW)
			offer(c, arena_strdup(c->arena, (const char *)sqlite3_column_text(statement, 0)),
				arena_printf(c->arena, "%s %s", (const char *)sqlite3_column_text(statement, 1),
					(const char *)sqlite3_column_text(statement, 2)));
	sqlite3_finalize(statement);
	sqlite3_close(connection);
}

static void offer_program(struct completion *c, enum meant meant)
{
	for (const struct target *t = targets; meant == MEANT_TARGETS && t->name != NULL; t++)
		offer(c, t->name, t->about);
	for (const struct reader *r = readers; meant == MEANT_READERS && r->name != NULL; r++)
		offer(c, r->name, r->about);
	for (const struct report *r = reports; meant == MEANT_REPORTS && r->name != NULL; r++)
		offer(c, r->name, r->about);
	for (const struct report *r = reports; meant == MEANT_REPORT_FILES && r->name != NULL; r++)
		offer(c, arena_printf(c->arena, "%s=", r->name), r->about);
	for (const struct export_format *f = export_formats; meant == MEANT_EXPORTS && f->name != NULL; f++)
		offer(c, f->name, f->about);
	for (const struct verb *const *v = verbs; meant == MEANT_VERBS && *v != NULL; v++)
		offer(c, (*v)->name, (*v)->about);
	for (const struct file_kind *k = file_kinds; meant == MEANT_FILE_KINDS && k->name != NULL; k++)
		offer(c, k->name, k->title);
	for (size_t i = 0; meant == MEANT_KINDS && list_kind(i) != NULL; i++)
		offer(c, list_kind(i), list_kind_about(i));
}

static void offer_meaning(struct completion *c, const struct meaning *meaning)
{
	switch (meaning->meant) {
	case MEANT_FILES: c->files = true; break;
	case MEANT_FOLDERS: c->folders = true; break;
	case MEANT_ORGANIZATIONS: offer_organizations(c); break;
	case MEANT_DETECTIONS: offer_detections(c); break;
	case MEANT_TESTS: offer_tests(c); break;
	case MEANT_DIALECTS: offer_dialects(c); break;
	case MEANT_DATASETS: offer_datasets(c, false); break;
	case MEANT_EPISODES: offer_datasets(c, true); break;
	case MEANT_RUNS: offer_runs(c); break;
	default: offer_program(c, meaning->meant); break;
	}
	if (meaning->words != NULL)
		offer_words(c, meaning->words);
	if (c->verb != NULL && strcmp(c->verb, "dialect") == 0 && meaning->meant == MEANT_DIALECTS)
		c->files = true; /* a dialect in the making */
}

/* "DATASET|FOLDER|FILE": each of them; words in lower case stand for themselves. */
static void offer_names(struct completion *c, const char *option, struct text names)
{
	struct text *pieces = NULL;
	size_t count = text_split(c->arena, names, '|', &pieces);
	for (size_t i = 0; i < count; i++) {
		const struct meaning *meaning = meaning_find(c->verb, option, pieces[i]);
		if (meaning != NULL)
			offer_meaning(c, meaning);
		else if (pieces[i].data[0] >= 'a' && pieces[i].data[0] <= 'z')
			offer_text(c, pieces[i], TEXT(""));
	}
}

static void offer_options(struct completion *c, const struct option_spec *specs)
{
	for (; specs->name != NULL; specs++)
		offer(c, arena_printf(c->arena, "--%s", specs->name), specs->about);
}

/* The option that the word is: "-o", "--output", "--output=x". */
static const struct option_spec *option_of(const struct option_spec *specs, const char *word)
{
	if (word[0] != '-' || word[1] == '\0')
		return NULL;
	for (; specs->name != NULL; specs++) {
		size_t length = strlen(specs->name);
		if (word[1] == '-' ? strncmp(word + 2, specs->name, length) == 0 && (word[2 + length] == '\0' || word[2 + length] == '=')
				   : word[1] == specs->letter && word[2] == '\0')
			return specs;
	}
	return NULL;
}

/* Words of one table: options with their values, then `operands` of others. Returns how many words were taken, which is
 * all, or, where `ends_at_word`, those before the first operand. *waiting: the option whose value the last word is. */
static size_t take_words(const struct option_spec *specs, char *const *words, size_t count, bool ends_at_word,
	const struct option_spec **waiting, size_t *operands, bool *only_operands)
{
	*waiting = NULL;
	*operands = 0;
	*only_operands = false;
	for (size_t i = 0; i + 1 < count; i++) {
		const struct option_spec *spec = *only_operands ? NULL : option_of(specs, words[i]);
		if (!*only_operands && strcmp(words[i], "--") == 0) {
			*only_operands = true;
		} else if (spec != NULL && option_waits(spec) && strchr(words[i], '=') == NULL) {
			if (++i + 1 == count)
				*waiting = spec;
		} else if (*only_operands || words[i][0] != '-' || words[i][1] == '\0') {
			if (ends_at_word)
				return i;
			++*operands;
		}
	}
	return count - 1;
}

static void offer_operands(struct completion *c, const struct verb *verb, size_t position)
{
	for (const char *line = verb->usage; *line != '\0';) {
		const struct text form = {line, strcspn(line, "\n")};
		const struct text names = meaning_operand(verb, form, position);
		if (names.length > 0)
			offer_names(c, NULL, names);
		line += form.length + (line[form.length] == '\n');
	}
}

/* The last word: an option's value, an option, or an operand. */
static void offer_last(struct completion *c, const struct option_spec *specs, const struct verb *verb, char *const *words,
	size_t count)
{
	const struct option_spec *waiting;
	size_t operands;
	bool only_operands;
	take_words(specs, words, count, false, &waiting, &operands, &only_operands);
	const char *word = words[count - 1], *equals = strchr(word, '=');
	const struct option_spec *joined = !only_operands && equals != NULL ? option_of(specs, word) : NULL;
	if (waiting == NULL && joined != NULL && joined->argument != NULL && word[1] == '-') {
		c->before = arena_strndup(c->arena, word, (size_t)(equals + 1 - word));
		c->prefix = equals + 1;
		waiting = joined;
	}
	if (waiting != NULL)
		offer_names(c, waiting->name, option_argument(waiting));
	else if (!only_operands && word[0] == '-')
		offer_options(c, specs);
	else if (verb != NULL)
		offer_operands(c, verb, operands);
	else
		offer_program(c, MEANT_VERBS);
}

static void print(const struct completion *c, FILE *out)
{
	fprintf(out, "%s\n", c->files ? "files" : c->folders ? "folders" : "words");
	for (size_t i = 0; i < c->count; i++) {
		fputs(c->before, out);
		diagnostic_print_safely(c->list[i].word, out);
		if (c->list[i].about[0] != '\0')
			fputc('\t', out);
		diagnostic_print_safely(c->list[i].about, out);
		fputc('\n', out);
	}
}

void complete_words(char *const *words, size_t count, FILE *out)
{
	struct arena arena = {0};
	struct options globals = {0};
	struct completion c = {.arena = &arena, .before = "", .globals = &globals};
	const struct option_spec *waiting, *spec;
	const struct verb *verb = NULL;
	size_t operands, at;
	bool only_operands;
	if (count == 0)
		return;
	c.prefix = words[count - 1];
	at = take_words(verb_global_options, words, count, true, &waiting, &operands, &only_operands);
	for (size_t i = 0; i < at; i++)
		if ((spec = option_of(verb_global_options, words[i])) != NULL && option_waits(spec) && i + 1 < count - 1) {
			globals.found = arena_grow(&arena, globals.found, globals.count, sizeof *globals.found);
			globals.found[globals.count++] = (struct option_found){spec, words[++i]};
		}
	for (const struct verb *const *each = verbs; at < count - 1 && *each != NULL; each++)
		if (strcmp((*each)->name, words[at]) == 0)
			verb = *each;
	c.verb = verb != NULL ? verb->name : NULL;
	c.detection = at + 2 < count ? words[at + 1] : NULL;
	if (verb != NULL)
		offer_last(&c, verb->options, verb, words + at + 1, count - at - 1);
	else if (at == count - 1)
		offer_last(&c, verb_global_options, NULL, words, count);
	print(&c, out);
	if (c.opened) {
		diagnostics_free(&c.project.diagnostics);
		catalog_free(&c.project.catalog);
		arena_free(&c.project.arena);
	}
	arena_free(&arena);
}

static size_t unknown_names(struct arena *arena, const char *verb, const char *option, struct text names, FILE *out)
{
	struct text *pieces = NULL;
	size_t count = text_split(arena, names, '|', &pieces), unknown = 0;
	for (size_t i = 0; i < count; i++) {
		bool literal = (pieces[i].data[0] >= 'a' && pieces[i].data[0] <= 'z') || text_is(pieces[i], "-");
		if (literal || meaning_find(verb, option, pieces[i]) != NULL)
			continue;
		fprintf(out, "mews %s %s%s: %.*s\n", verb, option ? "--" : "", option ? option : "", TEXT_ARGS(pieces[i]));
		unknown++;
	}
	return unknown;
}

size_t complete_unknown(FILE *out)
{
	enum { POSITIONS = 4 };
	struct arena arena = {0};
	size_t unknown = 0;
	for (const struct verb *const *verb = verbs; *verb != NULL; verb++) {
		for (const struct option_spec *spec = (*verb)->options; spec->name != NULL; spec++)
			if (spec->argument != NULL)
				unknown += unknown_names(&arena, (*verb)->name, spec->name, option_argument(spec), out);
		for (const char *line = (*verb)->usage; *line != '\0';) {
			const struct text form = {line, strcspn(line, "\n")};
			for (size_t i = 0; i < POSITIONS; i++)
				unknown += unknown_names(&arena, (*verb)->name, NULL, meaning_operand(*verb, form, i), out);
			line += form.length + (line[form.length] == '\n');
		}
	}
	arena_free(&arena);
	return unknown;
}
