/* export: recorded events → another format, for other engines to read. */
#include "cli/datasets.h"

#include "catalog/hint.h"
#include "cli/export_files.h"
#include "replay/measure/json_write.h"

#include <string.h>
#include <unistd.h>

struct exporting {
	const struct export_format *format;
	struct datasets datasets;
	struct export_files files;
	struct export_account account;
	bool json;
	double max_rejected;
};

static const char *verdict_word(enum export_verdict verdict)
{
	return verdict == EXPORT_PARTLY ? "partly" : "unsaid";
}

/* The account */

static void print_text(const struct exporting *e, FILE *out)
{
	const struct export_account *account = &e->account;
	const struct ledger *ledger = &account->ledger;
	fprintf(out, "%llu events as %s: %llu written, %llu written in part, %llu that it cannot say\n",
		(unsigned long long)account->events, e->format->name, (unsigned long long)account->written,
		(unsigned long long)account->partly, (unsigned long long)account->unsaid);
	for (size_t i = 0; i < account->reason_count; i++) {
		const struct export_reason *reason = &account->reasons[i];
		fprintf(out, "%9llu %s: %s\n", (unsigned long long)reason->count,
			reason->verdict == EXPORT_PARTLY ? "in part" : "not said", reason->text);
	}
	for (size_t i = 0; i < account->first_count; i++) {
		diagnostic_print_safely(account->first[i].file, out);
		fprintf(out, ":%llu: %s\n", (unsigned long long)account->first[i].line, account->first[i].reason);
	}
	if (ledger->rejected == 0 && ledger->unmapped == 0)
		return;
	fprintf(out, "%llu lines were read and %llu rejected; %llu events were not understood\n",
		(unsigned long long)ledger->lines, (unsigned long long)ledger->rejected, (unsigned long long)ledger->unmapped);
	for (size_t i = 0; i < ledger->first_count; i++) {
		diagnostic_print_safely(ledger->first[i].file, out);
		fprintf(out, ":%llu: ", (unsigned long long)ledger->first[i].line);
		diagnostic_print_safely(ledger->first[i].reason, out);
		fputc('\n', out);
	}
}

static void put_count(struct json_write *json, const char *key, uint64_t count)
{
	jsonw_key(json, key);
	jsonw_unsigned(json, count);
}

static void put_places(struct json_write *json, const struct exporting *e)
{
	jsonw_pair_open(json, "first", '[');
	for (size_t i = 0; i < e->account.first_count; i++) {
		jsonw_open_flat(json, '{');
		jsonw_key(json, "file");
		jsonw_string(json, e->account.first[i].file);
		put_count(json, "line", e->account.first[i].line);
		jsonw_key(json, "reason");
		jsonw_string(json, e->account.first[i].reason);
		jsonw_close(json, '}');
	}
	jsonw_close(json, ']');
}

static void put_ledger(struct json_write *json, const struct ledger *ledger)
{
	jsonw_key(json, "read");
	jsonw_open_flat(json, '{');
	put_count(json, "lines", ledger->lines);
	put_count(json, "events", ledger->events);
	put_count(json, "continued", ledger->continued);
	put_count(json, "blank", ledger->blank);
	put_count(json, "rejected", ledger->rejected);
	put_count(json, "unmapped", ledger->unmapped);
	jsonw_close(json, '}');
}

static void print_json(const struct exporting *e, FILE *out)
{
	const struct export_account *account = &e->account;
	struct buffer text = {0};
	struct json_write json;
	jsonw_begin(&json, &text);
	jsonw_open(&json, '{');
	jsonw_key(&json, "format");
	jsonw_string(&json, e->format->name);
	put_count(&json, "datasets", e->datasets.count);
	put_count(&json, "events", account->events);
	put_count(&json, "written", account->written);
	put_count(&json, "partly", account->partly);
	put_count(&json, "unsaid", account->unsaid);
	jsonw_key(&json, "reasons");
	jsonw_open(&json, '[');
	for (size_t i = 0; i < account->reason_count; i++) {
		jsonw_open_flat(&json, '{');
		jsonw_key(&json, "verdict");
		jsonw_string(&json, verdict_word(account->reasons[i].verdict));
		jsonw_key(&json, "reason");
		jsonw_string(&json, account->reasons[i].text);
		put_count(&json, "count", account->reasons[i].count);
		jsonw_close(&json, '}');
	}
	jsonw_close(&json, ']');
	put_places(&json, e);
	put_ledger(&json, &account->ledger);
	jsonw_close(&json, '}');
	buffer_char(&text, '\n');
	fwrite(text.data, 1, text.length, out);
	buffer_free(&text);
}

/* Where too much was rejected, what was read is not what was recorded. */
static int check_rejected(struct project *project, const struct ledger *ledger, double allowed)
{
	double share = ledger->lines > 0 ? (double)ledger->rejected / (double)ledger->lines : 0;
	if (ledger->rejected == 0 || share <= allowed)
		return 0;
	struct place place = {.file = NULL};
	if (ledger->first_count > 0)
		place = (struct place){ledger->first[0].file, (unsigned)ledger->first[0].line, 0};
	return diagnostics_error(&project->diagnostics, place,
		"%llu of %llu lines were rejected, more than the share of %g that is allowed; the first: %s",
		(unsigned long long)ledger->rejected, (unsigned long long)ledger->lines, allowed,
		ledger->first_count > 0 ? ledger->first[0].reason : "not kept");
}

/* Of the one organization that is named; empty: none is. */
static int find_organization(struct project *project, const struct options *options, struct text *name)
{
	const char *named = options_value(options, "org", NULL);
	const struct organization **list = NULL;
	size_t count = 0;
	*name = TEXT("");
	if (named == NULL)
		return 0;
	if (project_named(project, &named, 1, &list, &count) != 0)
		return -1;
	*name = text_of(named);
	return 0;
}

static int export_all(struct project *project, const struct options *options, struct exporting *e)
{
	struct export_request request = {
		.format = e->format, .open = export_files_open, .close = export_files_close, .context = &e->files,
		.separate = e->files.folder, .options = {.catalog = &project->catalog},
	};
	if (project_max_rejected(project, options, &e->max_rejected) != 0 || project_open(project) != 0 ||
		find_organization(project, options, &request.organization) != 0 ||
		datasets_find(project, options, options->operands, options->operand_count, &e->datasets) != 0)
		return -1;
	datasets_tell(&e->datasets, false, stderr);
	request.datasets = e->datasets.items;
	request.dataset_count = e->datasets.count;
	e->files.arena = &project->arena;
	e->files.format = e->format;
	e->files.organization = request.organization;
	int failed = export_run(&request, &e->account, &project->diagnostics);
	failed |= check_rejected(project, &e->account.ledger, e->max_rejected);
	if (failed == 0)
		failed = export_files_finish(&e->files, &project->diagnostics);
	else
		export_files_abandon(&e->files);
	if (failed == 0) /* the account stands where the events do not */
		(e->json ? print_json : print_text)(e, e->files.output != NULL ? stdout : stderr);
	return failed;
}

static enum exit_status no_format(const char *as)
{
	struct hint hint = {.word = text_of(as)};
	char words[HINT_LENGTH];
	for (const struct export_format *format = export_formats; format->name != NULL; format++)
		hint_offer(&hint, text_of(format->name));
	return verb_wrong(&verb_export, "there is no format \"%s\" to export%s (mews list formats)", as, hint_words(&hint, words));
}

static enum exit_status run(const struct global *global, const struct options *options)
{
	struct project project;
	struct exporting e = {.json = false};
	const char *as = options_value(options, "as", NULL), *format = options_value(options, "format", "text");
	e.files.output = options_value(options, "output", NULL);
	if (e.files.output != NULL && strcmp(e.files.output, "-") == 0)
		e.files.output = NULL;
	e.json = strcmp(format, "json") == 0;
	if (!e.json && strcmp(format, "text") != 0)
		return verb_wrong(&verb_export, "--format takes text or json, not \"%s\"", format);
	if (as == NULL)
		return verb_wrong(&verb_export, "say which format: --as FORMAT (mews list formats)");
	e.format = export_format_find(text_of(as));
	if (e.format == NULL)
		return no_format(as);
	if (e.format->binary && e.files.output == NULL && isatty(STDOUT_FILENO))
		return verb_wrong(&verb_export, "%s is not for a terminal: say where it goes, -o FILE", as);
	e.files.folder = e.files.output != NULL && export_files_folder(e.files.output);
	int failed = project_begin(&project, global) != 0 || export_all(&project, options, &e) != 0;
	export_account_free(&e.account);
	return project_end(&project, failed ? EXIT_WRONG : EXIT_FINE);
}

static const struct option_spec options[] = {
	{"as", 0, "FORMAT", "what is written (mews list formats)"},
	{"output", 'o', "FILE", "where it goes; a folder (or a name with a slash at its end) gets a corpus with its labels"},
	{"org", 'O', "ORG", "labels as this organization has them (default: those that hold by default)"},
	{"use", 'u', "USE", "only datasets of use develop or hold-out"},
	{"reader", 'r', "READER", "how plain files are read (default: told from them)"},
	{"dialect", 'd', "DIALECT", "whose names json and csv files use (mews list dialects)"},
	{"year", 0, "YEAR", "of the first line, where times name no year (default: told from the file)"},
	{"max-rejected", 0, "SHARE", "rejected lines beyond which nothing is exported, as 2% (default: mews.yaml's, else 1%)"},
	{"format", 'f', "FORMAT", "of the account: text (default) or json; where events go to standard output, on the other"},
	OPTION_HELP,
	OPTION_END,
};

const struct verb verb_export = {
	.group = GROUP_MEASURE,
	.name = "export",
	.usage = "[OPTION]… --as FORMAT [DATASET|FOLDER|FILE|-]…",
	.about = "Writes recorded events in another format, for other engines to read",
	.details = "What is exported is what `mews replay` would replay, with all that it derives. Each event is written, written\n"
		   "in part, or counted with the reason why the format cannot say it. A file is there whole or not at all. In a\n"
		   "folder each dataset gets a file for each episode and a corpus.yaml with the same labels and expectations.",
	.examples = "  mews export --as ecs -o corpus.jsonl                    the corpus, one file\n"
		    "  mews export --as ecs -o out/ everyday-holdout           a dataset that can be replayed\n"
		    "  mews export --as ecs /var/log/audit/audit.log | jq .    your own log\n",
	.see = "replay",
	.options = options,
	.run = run,
};
