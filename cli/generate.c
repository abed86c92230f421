/* generate: catalog → rule packs, with the table of what each target can say. */
#include "cli/fidelity_table.h"
#include "cli/packs.h"

#include <jansson.h>
#include <string.h>

enum { FIDELITIES = FIDELITY_UNSUPPORTED + 1 };

/* What the verb was asked for. */
struct request {
	struct packs packs;
	const char *directory;
	struct text as_of;
	bool json, exact_case, rows;
	struct fidelity_table table;
};

static void count_fidelities(const struct pack_summary *summary, size_t counts[FIDELITIES])
{
	for (size_t i = 0; i < summary->row_count; i++)
		counts[summary->rows[i].fidelity]++;
}

static void print_text(const struct pack_request *request, const struct pack_summary *summary)
{
	size_t counts[FIDELITIES] = {0};
	char exceptions[64];
	count_fidelities(summary, counts);
	snprintf(exceptions, sizeof exceptions, "%zu/%zu/%zu", summary->exceptions_exact, summary->exceptions_narrowed,
		summary->exceptions_lost);
	printf("%-8s %-16s %5zu %6zu %6zu %7zu %9zu %12zu %11s   %s\n", request->target->name,
		packs_name(request->organization), summary->rules,
		counts[FIDELITY_EXACT], counts[FIDELITY_WIDER], counts[FIDELITY_APPROXIMATE], counts[FIDELITY_COLLECTS],
		counts[FIDELITY_UNSUPPORTED], exceptions, summary->path);
}

static json_t *json_summary(const struct pack_request *request, const struct pack_summary *summary)
{
	size_t counts[FIDELITIES] = {0};
	json_t *fidelity = json_object();
	count_fidelities(summary, counts);
	for (int i = 0; i < FIDELITIES; i++)
		json_object_set_new(fidelity, fidelity_name((enum fidelity)i), json_integer((json_int_t)counts[i]));
	return json_pack("{s:s, s:s, s:I, s:I, s:o, s:{s:I, s:I, s:I}, s:s}", "target", request->target->name, "organization",
		packs_name(request->organization), "rules", (json_int_t)summary->rules,
		"files", (json_int_t)summary->files, "fidelity", fidelity, "exceptions", "exact",
		(json_int_t)summary->exceptions_exact, "narrowed", (json_int_t)summary->exceptions_narrowed, "lost",
		(json_int_t)summary->exceptions_lost, "path", summary->path);
}

static int write_packs(struct project *project, struct request *request, json_t *list)
{
	for (size_t i = 0; i < request->packs.target_count; i++)
		for (size_t k = 0; k < request->packs.organization_count; k++) {
			struct pack_summary summary = {0};
			struct pack_request pack = {&project->catalog, request->packs.organizations[k], request->packs.targets[i],
				request->directory, request->as_of, request->exact_case, NULL};
			if (pack_write(&pack, &summary, &project->diagnostics) != 0) {
				pack_summary_free(&summary);
				return -1;
			}
			if (request->json)
				json_array_append_new(list, json_summary(&pack, &summary));
			else
				print_text(&pack, &summary);
			if (request->rows && !request->json)
				fidelity_rows_print(&summary, stdout);
			if (k == 0)
				fidelity_table_add(&request->table, pack.target->name, &summary);
			pack_summary_free(&summary);
		}
	return 0;
}

static int generate(struct project *project, const struct options *options, struct request *request)
{
	int wrong = project_open(project);
	for (size_t i = 0; i < options->operand_count && wrong == 0; i++)
		wrong = packs_add_target(project, &request->packs, options->operands[i]);
	if (wrong != 0 || packs_organizations(project, options, &request->packs) != 0 ||
		project_as_of(project, options, &request->as_of) != 0)
		return -1;
	json_t *list = json_array();
	request->table = (struct fidelity_table){.arena = &project->arena, .catalog = &project->catalog};
	if (!request->json)
		printf("%-8s %-16s %5s %6s %6s %7s %9s %12s %11s   %s\n", "target", "organization", "rules", "exact", "wider", "approx.",
			"collects", "unsupported", "exceptions", "pack");
	int failed = write_packs(project, request, list);
	if (failed == 0 && request->json) {
		json_dumpf(list, stdout, JSON_INDENT(2));
		putchar('\n');
	} else if (failed == 0) {
		fidelity_table_print(&request->table, stdout);
		puts("Fidelity counts conditions by action. Exceptions are exact/narrowed/lost: what is lost still alerts, or is left\n"
		     "to replay. fidelity.json in each pack gives the reasons.");
	}
	json_decref(list);
	return failed;
}

static enum exit_status run(const struct global *global, const struct options *options)
{
	struct project project;
	struct request request = {.directory = options_value(options, "output", NULL)};
	const char *format = options_value(options, "format", "text");
	int failed;
	request.json = strcmp(format, "json") == 0;
	request.exact_case = options_has(options, "exact-case");
	request.rows = options_has(options, "fidelity");
	if (!request.json && strcmp(format, "text") != 0)
		return verb_wrong(&verb_generate, "--format takes text or json, not \"%s\"", format);
	if (options->operand_count == 0)
		return verb_wrong(&verb_generate, "name a target, or all");
	if (request.directory == NULL)
		return verb_wrong(&verb_generate, "say where the packs go: -o DIR");
	failed = project_begin(&project, global) != 0 || generate(&project, options, &request) != 0;
	return project_end(&project, failed ? EXIT_WRONG : EXIT_FINE);
}

static const struct option_spec options[] = {
	{"output", 'o', "DIR", "where the packs go: DIR/TARGET/ORGANIZATION/"},
	{"org", 'O', "ORG", "an organization, or plain; may be repeated (default: plain and all)"},
	{"as-of", 0, "DAY", "exceptions that expired before this day are left out (default: today)"},
	{"exact-case", 0, NULL, "Sigma: compare texts with regard to case, by regular expressions (default: without)"},
	{"fidelity", 0, NULL, "every row of every pack, with the reasons"},
	{"format", 'f', "FORMAT", "text (default) or json"},
	OPTION_HELP,
	OPTION_END,
};

const struct verb verb_generate = {
	.group = GROUP_RULES,
	.name = "generate",
	.usage = "TARGET… -o DIR [OPTION]…",
	.about = "Writes rule packs for Falco, Sigma, auditd and further targets",
	.details = "Each pack holds the rules that an organization runs: its exceptions folded in, its severities, without what\n"
		   "it disabled. fidelity.json says for each condition how the rule relates to it, and why.",
	.examples = "  mews generate all -o packs                      every target, plain and every organization\n"
		    "  mews generate falco --org web-shop -o packs     one pack\n",
	.see = "verify",
	.options = options,
	.run = run,
};
