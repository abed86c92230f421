/* list: what the catalog, the program and the store hold, a line each. */
#include "cli/list.h"
#include "cli/coverage.h"
#include "cli/project.h"

#include "catalog/hint.h"
#include "generator/target.h"
#include "replay/export/export.h"
#include "replay/report/coverage.h"
#include "replay/report/display.h"
#include "replay/report/report.h"
#include "replay/report/show.h"
#include "replay/runs/runs.h"

#include <jansson.h>
#include <string.h>

/* A listing is a table of text: columns and rows. */
struct listing {
	struct arena *arena;
	const char *const *columns;
	size_t width;
	struct text *cells;
	size_t cell_count;
};

static void cell(struct listing *listing, struct text text)
{
	listing->cells = arena_grow(listing->arena, listing->cells, listing->cell_count, sizeof *listing->cells);
	listing->cells[listing->cell_count++] = text;
}

static void cell_join(struct listing *listing, struct texts texts)
{
	cell(listing, text_join(listing->arena, texts.items, texts.count, ' '));
}

static void cell_count(struct listing *listing, size_t count)
{
	cell(listing, text_of(arena_printf(listing->arena, "%zu", count)));
}

static int list_detections(struct project *project, struct listing *l)
{
	static const char *const columns[] = {"detection", "severity", "status", "techniques", "title", NULL};
	l->columns = columns;
	for (size_t i = 0; i < project->catalog.detection_count; i++) {
		const struct detection *detection = project->catalog.detections[i];
		cell(l, detection->name);
		cell(l, text_of(severity_name(detection->severity)));
		cell(l, text_of(status_name(detection->status)));
		cell_join(l, detection->techniques);
		cell(l, detection->title);
	}
	return 0;
}

static int list_organizations(struct project *project, struct listing *l)
{
	static const char *const columns[] = {"organization", "minimum", "risky", "exceptions", "title", NULL};
	l->columns = columns;
	for (size_t i = 0; i < project->catalog.organization_count; i++) {
		const struct organization *organization = project->catalog.organizations[i];
		cell(l, organization->name);
		cell(l, text_of(severity_name(organization->minimum_severity)));
		cell(l, organization->tolerates_risky ? TEXT("tolerate") : TEXT("alert"));
		cell_count(l, organization->exception_count);
		cell(l, organization->title);
	}
	return 0;
}

static int list_fields(struct project *project, struct listing *l)
{
	static const char *const columns[] = {"field", "type", "about", NULL};
	const struct registry *registry = &project->catalog.registry;
	l->columns = columns;
	for (size_t i = 1; i < registry->field_count; i++) {
		const struct field *field = &registry->fields[i];
		cell(l, field->name);
		cell(l, text_of(arena_printf(l->arena, "%s%s", value_type_name(field->type), field->list ? " list" : "")));
		cell(l, field->about);
	}
	return 0;
}

static int list_events(struct project *project, struct listing *l)
{
	static const char *const columns[] = {"category", "actions", NULL};
	const struct registry *registry = &project->catalog.registry;
	l->columns = columns;
	for (size_t i = 1; i < registry->category_count; i++) {
		const struct category *category = &registry->categories[i];
		struct text *names = arena_array(l->arena, category->action_count + 1, sizeof *names);
		for (size_t k = 0; k < category->action_count; k++)
			names[k] = registry->actions[category->first_action + k].name;
		cell(l, category->name);
		cell(l, text_join(l->arena, names, category->action_count, ' '));
	}
	return 0;
}

static int list_dialects(struct project *project, struct listing *l)
{
	static const char *const columns[] = {"dialect", "reads", "groups", "title", NULL};
	l->columns = columns;
	for (size_t i = 0; i < project->catalog.dialect_count; i++) {
		const struct dialect *dialect = project->catalog.dialects[i];
		cell(l, dialect->name);
		cell(l, dialect->reads.length > 0 ? dialect->reads : TEXT("-"));
		cell_count(l, dialect->group_count);
		cell(l, dialect->title);
	}
	return 0;
}

static int list_lists(struct project *project, struct listing *l)
{
	static const char *const columns[] = {"list or macro", "holds", NULL};
	const struct scope *scope = &project->catalog.scope;
	l->columns = columns;
	for (size_t i = 0; i < scope->list_count; i++) {
		cell(l, scope->lists[i].name);
		cell(l, text_join(l->arena, scope->lists[i].items, scope->lists[i].count, ' '));
	}
	for (size_t i = 0; i < scope->macro_count; i++) {
		cell(l, scope->macros[i].name);
		cell(l, scope->macros[i].source);
	}
	return 0;
}

static int list_targets(struct project *project, struct listing *l)
{
	static const char *const columns[] = {"target", "version", "about", NULL};
	(void)project;
	l->columns = columns;
	for (const struct target *target = targets; target->name != NULL; target++) {
		cell(l, text_of(target->name));
		cell(l, text_of(target->version));
		cell(l, text_of(target->about));
	}
	return 0;
}

static int list_formats(struct project *project, struct listing *l)
{
	static const char *const columns[] = {"format", "kind", "about", NULL};
	(void)project;
	l->columns = columns;
	for (const struct reader *reader = readers; reader->name != NULL; reader++) {
		cell(l, text_of(reader->name));
		cell(l, TEXT("reader"));
		cell(l, text_of(reader->about));
	}
	for (const struct report *report = reports; report->name != NULL; report++) {
		cell(l, text_of(report->name));
		cell(l, TEXT("report"));
		cell(l, text_of(report->about));
	}
	for (const struct export_format *format = export_formats; format->name != NULL; format++) {
		cell(l, text_of(format->name));
		cell(l, TEXT("export"));
		cell(l, text_of(format->about));
	}
	return 0;
}

static int list_query(struct project *project, struct listing *l, const char *sql)
{
	int step;
	sqlite3_stmt *statement = store_prepare(project->store, sql, &project->diagnostics);
	if (statement == NULL)
		return -1;
	while ((step = sqlite3_step(statement)) == SQLITE_ROW)
		for (int i = 0; i < sqlite3_column_count(statement); i++)
			cell(l, text_copy(l->arena, text_of((const char *)sqlite3_column_text(statement, i))));
	sqlite3_finalize(statement);
	return step == SQLITE_DONE ? 0 : store_fail(project->store, "listing", &project->diagnostics);
}

static int list_runs(struct project *project, struct listing *l)
{
	static const char *const columns[] = {"run", "started", "revision", "as of", "reference", "arguments", NULL};
	l->columns = columns;
	return list_query(project, l, "SELECT id, started, substr(revision, 1, 12), as_of,"
		" coalesce((SELECT group_concat(CASE name WHEN '' THEN 'reference' ELSE name END, ' ') FROM reference r"
		" WHERE r.run = run.id), '-'), arguments FROM run ORDER BY id");
}

static int list_revisions(struct project *project, struct listing *l)
{
	static const char *const columns[] = {"revision", "loaded", "detections", NULL};
	l->columns = columns;
	return list_query(project, l,
		"SELECT r.id, r.loaded_at, (SELECT count(*) FROM detection d WHERE d.revision = r.id) FROM revision r "
		"ORDER BY r.loaded_at");
}

static const char *names_of(struct arena *arena, const struct covered *it)
{
	struct buffer out = {0};
	for (size_t i = 0; i < it->measure_count; i++) {
		buffer_string(&out, i > 0 ? " " : "");
		buffer_text(&out, it->measures[i]->detection->name);
	}
	const char *names = arena_strndup(arena, out.data != NULL ? out.data : "", out.length);
	buffer_free(&out);
	return names;
}

/* Techniques by what the newest run measured of them, organization by organization. */
static int list_coverage(struct project *project, struct listing *l)
{
	static const char *const columns[] = {"organization", "technique", "coverage", "recall", "95 %", "FP", "detections", NULL};
	struct stored_run *run = NULL;
	int64_t id;
	l->columns = columns;
	if (runs_find(project->store, "latest", &id, &project->diagnostics) != 0 ||
		runs_read_deep(project->store, id, RUN_FIGURES, &run, &project->diagnostics) != 0)
		return -1;
	for (size_t i = 0; i < run->results->total_count; i++) {
		struct coverage coverage = coverage_of(l->arena, run->results, i);
		struct text organization = text_copy(l->arena, show_organization(run->results->totals[i].organization));
		for (size_t k = 0; k < coverage.count; k++) {
			const struct covered *it = &coverage.items[k];
			cell(l, organization);
			cell(l, text_copy(l->arena, it->technique));
			cell(l, text_of(coverage_state_name(it->state)));
			cell(l, text_of(show_fraction(l->arena, &it->recall)));
			cell(l, text_of(show_interval(l->arena, &it->recall)));
			cell(l, text_of(show_count(l->arena, it->false_positives)));
			cell(l, text_of(names_of(l->arena, it)));
		}
	}
	stored_run_free(run);
	return 0;
}

static const struct kind {
	const char *name, *about;
	int (*fill)(struct project *project, struct listing *listing);
} kinds[] = {
	{"detections", "the catalog's detections", list_detections},
	{"organizations", "the baselines", list_organizations},
	{"fields", "what a condition may name", list_fields},
	{"events", "categories and their actions", list_events},
	{"lists", "named lists and macros", list_lists},
	{"dialects", "products whose names are known", list_dialects},
	{"targets", "rule languages that generate writes", list_targets},
	{"formats", "what replay reads and reports, and what export writes", list_formats},
	{"coverage", "ATT&CK techniques by what the newest run measured of them", list_coverage},
	{"runs", "replays in the store", list_runs},
	{"revisions", "catalogs in the store", list_revisions},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

const char *list_kind(size_t index)
{
	return index < KINDS ? kinds[index].name : NULL;
}

const char *list_kind_about(size_t index)
{
	return index < KINDS ? kinds[index].about : NULL;
}

static void print_text(const struct listing *l)
{
	size_t *widths = arena_array(l->arena, l->width, sizeof *widths);
	for (size_t i = 0; i < l->width; i++)
		widths[i] = strlen(l->columns[i]);
	for (size_t i = 0; i < l->cell_count; i++)
		if (display_width(l->cells[i]) > widths[i % l->width])
			widths[i % l->width] = display_width(l->cells[i]);
	for (size_t i = 0; i < l->width; i++)
		printf("%-*s%s", i + 1 < l->width ? (int)widths[i] : 0, l->columns[i], i + 1 < l->width ? "  " : "\n");
	for (size_t i = 0; i < l->cell_count; i++) {
		bool last = i % l->width + 1 == l->width;
		display_put(l->cells[i], stdout);
		printf("%*s", last ? 0 : (int)(widths[i % l->width] - display_width(l->cells[i])) + 2, "");
		fputs(last ? "\n" : "", stdout);
	}
}

static void print_json(const struct listing *l)
{
	json_t *array = json_array();
	for (size_t i = 0; i + l->width <= l->cell_count; i += l->width) {
		json_t *row = json_object();
		for (size_t k = 0; k < l->width; k++)
			json_object_set_new(row, l->columns[k], json_stringn(l->cells[i + k].data, l->cells[i + k].length));
		json_array_append_new(array, row);
	}
	json_dumpf(array, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(array);
}

static int list(struct project *project, const struct kind *kind, bool json)
{
	struct listing listing = {.arena = &project->arena};
	if (project_open(project) != 0 || kind->fill(project, &listing) != 0)
		return -1;
	while (listing.columns[listing.width] != NULL)
		listing.width++;
	if (json)
		print_json(&listing);
	else
		print_text(&listing);
	return 0;
}

static enum exit_status no_kind(const char *name)
{
	struct hint hint = {.word = text_of(name)};
	char words[HINT_LENGTH];
	for (size_t i = 0; i < KINDS; i++)
		hint_offer(&hint, text_of(kinds[i].name));
	return verb_wrong(&verb_list, "there is nothing called \"%s\" to list%s", name, hint_words(&hint, words));
}

static bool is_surface(const char *name)
{
	for (size_t i = 0; detection_surfaces[i]; i++)
		if (strcmp(detection_surfaces[i], name) == 0)
			return true;
	return false;
}

static enum exit_status no_surface(const char *name)
{
	struct hint hint = {.word = text_of(name)};
	struct buffer all = {0};
	char words[HINT_LENGTH];
	for (size_t i = 0; detection_surfaces[i]; i++) {
		hint_offer(&hint, text_of(detection_surfaces[i]));
		buffer_printf(&all, "%s%s", i == 0 ? "" : detection_surfaces[i + 1] ? ", " : " or ", detection_surfaces[i]);
	}
	const enum exit_status status = verb_wrong(&verb_list, "--surface takes %.*s, not \"%s\"%s",
		TEXT_ARGS(buffer_view(&all)), name, hint_words(&hint, words));
	buffer_free(&all);
	return status;
}

/* What a run proves of each detection. */
static enum exit_status run_coverage(const struct global *global, const struct options *options)
{
	struct project project;
	const struct coverage_request request = {
		.format = options_value(options, "format", "text"),
		.surface = options_value(options, "surface", NULL),
		.technique = options_value(options, "technique", NULL),
		.state = options_value(options, "state", NULL),
	};
	if (strcmp(request.format, "text") != 0 && strcmp(request.format, "json") != 0 && strcmp(request.format, "markdown") != 0)
		return verb_wrong(&verb_list, "--format takes text, json or markdown here, not \"%s\"", request.format);
	if (request.state != NULL && coverage_no_state(request.state) != NULL)
		return verb_wrong(&verb_list, "--state takes %s, not \"%s\"", coverage_no_state(request.state), request.state);
	if (request.surface != NULL && !is_surface(request.surface))
		return no_surface(request.surface);
	if (options->operand_count > 1 || (options->operand_count == 1 && strcmp(options->operands[0], "detections") != 0))
		return verb_wrong(&verb_list, "--coverage is of detections (mews list coverage is of techniques)");
	const int failed = project_begin(&project, global) != 0 || coverage_list(&project, &request) != 0;
	return project_end(&project, failed ? EXIT_WRONG : EXIT_FINE);
}

static enum exit_status run(const struct global *global, const struct options *options)
{
	struct project project;
	const struct kind *kind = kinds;
	const char *name = options->operand_count > 0 ? options->operands[0] : "detections";
	const char *format = options_value(options, "format", "text");
	bool json = strcmp(format, "json") == 0;
	static const char *const filters[] = {"surface", "technique", "state"};
	if (options_has(options, "coverage"))
		return run_coverage(global, options);
	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
		if (options_has(options, filters[i]))
			return verb_wrong(&verb_list, "--%s goes with --coverage", filters[i]);
	if (!json && strcmp(format, "text") != 0)
		return verb_wrong(&verb_list, "--format takes text or json, not \"%s\"", format);
	if (options->operand_count > 1)
		return verb_wrong(&verb_list, "one kind at a time");
	while (kind < kinds + KINDS && strcmp(kind->name, name) != 0)
		kind++;
	if (kind == kinds + KINDS)
		return no_kind(name);
	int failed = project_begin(&project, global) != 0 || list(&project, kind, json) != 0;
	return project_end(&project, failed ? EXIT_WRONG : EXIT_FINE);
}

static const struct option_spec options[] = {
	{"coverage", 'c', NULL, "what the newest run proves of each detection: what needs work first"},
	{"surface", 0, "SURFACE", "--coverage: only detections of this surface"},
	{"technique", 't', "ID", "--coverage: only detections of this technique, or of one below it"},
	{"state", 0, "STATE", "--coverage: only missed, blind, untested, thin, brief or measured"},
	{"format", 'f', "FORMAT", "text (default) or json; --coverage also markdown"},
	OPTION_HELP,
	OPTION_END,
};

const struct verb verb_list = {
	.group = GROUP_WRITE,
	.name = "list",
	.usage = "[KIND]\n--coverage [OPTION]…",
	.about = "Lists detections, organizations, fields, events, dialects, targets, runs and more",
	.details = "KIND is detections (default), organizations, fields, events, lists, dialects, targets, formats, runs,\n"
		   "revisions or coverage: ATT&CK techniques by the newest run's recall. There, measured says that attacks expect the\n"
		   "technique's detections and that benign events could have shown a false positive; brief, the same of too few\n"
		   "hours for a budget of a day; thin, that attacks expect them and hardly anything benign came near; untested, that\n"
		   "no attack expects them; blind, that nothing reaches them at all;\n"
		   "off, that the organization has all of them disabled or below its minimum severity.\n\n"
		   "--coverage says it of each detection, from the newest stored run: recall over the attack and risky episodes that\n"
		   "expect it, and its false-positive rate, in the organization where each is worst, with intervals; which of its\n"
		   "conditions such an episode has shown, and which not yet. missed: an episode expects it, and nobody had the alert.\n"
		   "What needs work stands first.",
	.examples = "  mews list\n  mews list fields\n  mews list detections --format json\n  mews list coverage\n  "
		"mews list --coverage                   what is proved of each detection\n"
		    "  mews list --coverage --state blind --surface host\n  mews list --coverage --format markdown >coverage.md\n",
	.see = "show",
	.options = options,
	.run = run,
};
