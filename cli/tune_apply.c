/* tune_apply: proposals go into the organization's YAML file (see tune_apply.h). */
#include "cli/tune_apply.h"

#include "catalog/canonical.h"
#include "catalog/eql_layout.h"
#include "catalog/file_write.h"
#include "catalog/text_diff.h"
#include "catalog/yaml_scalar.h"
#include "catalog/yaml_splice.h"
#include "cli/tune_organization.h"
#include "replay/tune/observe.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { INDENT = 6, KEY_END = 15 }; /* columns before a condition's lines, and before one that stands behind its key */

struct applying {
	const struct tune_apply *how;
	struct arena arena;
	struct diagnostics *d;
	const char *path;
	struct text before, after;           /* the file */
	struct organization *organization;   /* as the new file has it */
};

static int fail(const struct applying *a, const char *format, const char *value)
{
	return diagnostics_error(a->d, ((struct place){a->path, 0, 0}), format, value);
}

/* --- the file --------------------------------------------------------------------------------- */

static int find_file(struct applying *a)
{
	const struct organization *organization = a->how->proposals->organization;
	a->path = organization->place.file;
	if (access(a->how->project->catalog_folder, F_OK) != 0)
		return fail(a,
			"the catalog came from the store alone, there is no folder to write to: `mews load` from a folder that holds %s",
			"this file, or name it with --catalog");
	return file_read(&a->arena, a->path, 0, a->d, &a->before);
}

/* As `mews fmt` lays it out: behind its key, or in lines of its own. */
static struct text lay_out(struct applying *a, struct text condition)
{
	struct eql_lines lines;
	if (!eql_layout(&a->arena, condition, CANONICAL_WIDTH - INDENT, &lines))
		return condition;
	if (lines.count == 1 && KEY_END + lines.items[0].length <= CANONICAL_WIDTH && yaml_is_plain(lines.items[0], false))
		return lines.items[0];
	struct text joined = text_join(&a->arena, lines.items, lines.count, '\n');
	return text_of(arena_printf(&a->arena, "%.*s\n", TEXT_ARGS(joined)));
}

static struct yaml item_of(struct applying *a, const struct proposal *proposal)
{
	struct arena *arena = &a->arena;
	struct yaml item = {.kind = YAML_MAPPING};
	struct text *names = arena_array(arena, proposal->detection_count + 1, sizeof *names);
	for (size_t i = 0; i < proposal->detection_count; i++)
		names[i] = proposal->detections[i]->name;
	yaml_set(arena, &item, "name", yaml_new_text(proposal->name));
	yaml_set(arena, &item, "detections", yaml_new_texts(arena, names, proposal->detection_count));
	yaml_set(arena, &item, "condition", yaml_new_text(lay_out(a, proposal->condition)));
	yaml_set(arena, &item, "reason", yaml_new_text(proposal->reason));
	yaml_set(arena, &item, "owner", yaml_new_text(proposal->owner));
	if (proposal->expires.length > 0)
		yaml_set(arena, &item, "expires", yaml_new_text(proposal->expires));
	return item;
}

static int splice_all(struct applying *a)
{
	a->after = a->before;
	for (size_t i = 0; i < a->how->proposals->count; i++) {
		struct yaml *item = arena_alloc(&a->arena, sizeof *item);
		struct splice splice = {.kind = SPLICE_INSERT, .key = "exceptions", .at = SPLICE_END, .item = item};
		*item = item_of(a, &a->how->proposals->items[i]);
		if (yaml_splice(&a->arena, a->after, a->path, &splice, a->d, &a->after))
			return -1;
	}
	return 0;
}

static void show_diff(struct applying *a)
{
	struct buffer out = {0};
	struct text_diff diff = text_diff(&a->arena, a->before, a->after);
	struct text_diff_style style = {.before = a->path, .after = a->path, .context = 3, .colour = a->how->colour,
		.safe = a->how->terminal};
	text_diff_print(&diff, &style, &out);
	fwrite(out.data, 1, out.length, a->how->out);
	buffer_free(&out);
}

/* --- is it what was proposed? ----------------------------------------------------------------- */

/* The catalog of the folder with the new text in the file's place. */
static int check_catalog(struct applying *a)
{
	struct catalog catalog = {0};
	const struct project *project = a->how->project;
	size_t folder = strlen(project->catalog_folder);
	int failed = catalog_read_folder(&catalog, project->catalog_folder, a->d);
	bool found = false;
	for (size_t i = 0; failed == 0 && i < catalog.document_count; i++) {
		struct document *document = &catalog.documents[i];
		struct text whole = text_of(a->path);
		if (whole.length <= folder || !text_ends(whole, document->path, false) ||
			!text_starts(whole, text_of(project->catalog_folder), false) || document->path.length + folder + 1 < whole.length)
			continue;
		found = true;
		document->content = a->after;
		sha256_hex(a->after, document->hash);
	}
	if (failed == 0 && !found)
		failed = fail(a, "is not below the catalog's folder %s any more", project->catalog_folder);
	if (failed == 0) {
		catalog_revise(&catalog);
		failed = catalog_parse(&catalog, project->catalog_folder, a->d);
	}
	catalog_free(&catalog);
	return failed;
}

static int load_organization(struct applying *a)
{
	struct yaml *documents;
	size_t count;
	const struct catalog *catalog = &a->how->project->catalog;
	struct scope scope = catalog_scope(catalog, NULL);
	if (yaml_parse(&a->arena, a->after, a->path, NULL, a->d, &documents, &count) || count == 0)
		return -1;
	a->organization = organization_load(&a->arena, &scope, documents, a->d);
	return a->organization ? 0 : -1;
}

/* Conditions were wrapped and quoted: do they mean the same? */
static bool same_condition(const struct applying *a, const struct condition *one, const struct condition *other)
{
	struct buffer first = {0}, second = {0};
	const struct registry *registry = &a->how->project->catalog.registry;
	condition_print(one, registry, &first);
	condition_print(other, registry, &second);
	bool same = text_equal(buffer_view(&first), buffer_view(&second));
	buffer_free(&first);
	buffer_free(&second);
	return same;
}

static int compare_exceptions(struct applying *a)
{
	const struct organization *wanted = tune_organization(&a->arena, &a->how->project->catalog, a->how->proposals, a->d);
	if (!wanted)
		return -1;
	if (wanted->exception_count != a->organization->exception_count)
		return fail(a, "%s", "the file changed since the catalog was loaded; nothing was written: try again");
	for (size_t i = 0; i < wanted->exception_count; i++) {
		const struct exception *one = &wanted->exceptions[i], *other = &a->organization->exceptions[i];
		if (!text_equal(one->name, other->name) || !same_condition(a, one->condition, other->condition))
			return fail(a, "%s",
				"the file's exceptions are not those of the catalog that was loaded; nothing was written: try again");
	}
	return 0;
}

/* --- before and after ------------------------------------------------------------------------- */

static void print_count(FILE *out, const char *name, uint64_t before, uint64_t after)
{
	fprintf(out, "%-34s %10" PRIu64 " %10" PRIu64 "\n", name, before, after);
}

static void print_number(FILE *out, const char *name, double before, double after)
{
	if (!isnan(before) && !isnan(after))
		fprintf(out, "%-34s %10.2f %10.2f\n", name, before, after);
}

static void print_share(FILE *out, const char *name, const struct rate *before, const struct rate *after)
{
	if (before->denominator && after->denominator)
		fprintf(out, "%-34s %9.1f%% %9.1f%%\n", name, 100 * before->value, 100 * after->value);
}

static void print_totals(FILE *out, const struct total *before, const struct total *after)
{
	fprintf(out, "\n%-34s %10s %10s\n", "replayed again", "before", "after");
	print_count(out, "false positives", before->alerts[OUTCOME_FP], after->alerts[OUTCOME_FP]);
	print_number(out, "false alert groups a day", before->false_groups_per_day, after->false_groups_per_day);
	print_count(out, "true positives", before->alerts[OUTCOME_TP], after->alerts[OUTCOME_TP]);
	print_count(out, "risky (benign true positives)", before->alerts[OUTCOME_BTP], after->alerts[OUTCOME_BTP]);
	print_count(out, "not judged", before->alerts[OUTCOME_UNKNOWN] + before->alerts[OUTCOME_UNATTRIBUTED],
		after->alerts[OUTCOME_UNKNOWN] + after->alerts[OUTCOME_UNATTRIBUTED]);
	print_share(out, "recall of attacks (episodes)", &before->recall, &after->recall);
	print_share(out, "false-positive rate", &before->false_positive_rate, &after->false_positive_rate);
}

static int replay_after(struct applying *a, struct results **results)
{
	struct replay_options how = *a->how->replay;
	const struct organization *list[] = {a->organization};
	how.organizations = list;
	how.organization_count = 1;
	how.store = NULL;
	how.observer = NULL;
	return replay_run(&how, results, a->d);
}

static int judge_after(struct applying *a, const struct total *before, const struct total *after)
{
	if (after->alerts[OUTCOME_TP] < before->alerts[OUTCOME_TP] || after->recall.numerator < before->recall.numerator)
		return fail(a, "%s", "with these exceptions a labelled attack would not be seen any more; nothing was written");
	return 0;
}

static int apply_all(struct applying *a, struct results **results, const struct results *before)
{
	if (check_catalog(a) || load_organization(a) || compare_exceptions(a) || replay_after(a, results))
		return -1;
	const struct total *now = &before->parts[PART_ALL].totals[0], *then = &(*results)->parts[PART_ALL].totals[0];
	if (judge_after(a, now, then) || file_write(a->path, a->before, a->after, a->d))
		return -1;
	size_t count = a->how->proposals->count;
	print_totals(a->how->out, now, then);
	fprintf(a->how->out, "\n%zu exception%s written to %s. Read %s, name the owner, and commit the file.\n", count,
		count == 1 ? "" : "s", a->path, count == 1 ? "it" : "them");
	return 0;
}

int tune_apply(const struct tune_apply *how)
{
	struct applying a = {.how = how, .d = &how->project->diagnostics};
	struct results *results = NULL;
	if (how->proposals->count == 0) {
		fprintf(how->out, "Nothing to write: no exception is proposed.\n");
		return 0;
	}
	int failed = find_file(&a) || splice_all(&a);
	if (!failed)
		show_diff(&a);
	if (!failed && !how->dry)
		failed = apply_all(&a, &results, how->proposals->observations->results);
	results_free(results);
	arena_free(&a.arena);
	return failed ? -1 : 0;
}
