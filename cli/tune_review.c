/* tune_review: what review found, for people and programs (see tune_review.h). */
#include "cli/tune_review.h"

#include <inttypes.h>
#include <limits.h>

/* In words: what it removes that is anything. */
static void print_removed(const struct review_item *item, FILE *out)
{
	static const struct {
		enum outcome outcome;
		const char *one, *many;
	} words[] = {
		{OUTCOME_FP, "false positive", "false positives"},
		{OUTCOME_BTP, "risky alert", "risky alerts"},
		{OUTCOME_TP, "alert of an attack", "alerts of attacks"},
		{OUTCOME_UNATTRIBUTED, "unattributed alert in an attack", "unattributed alerts in attacks"},
		{OUTCOME_UNKNOWN, "alert that nobody judged", "alerts that nobody judged"},
	};
	bool any = false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		uint64_t count = item->removed[words[i].outcome], only = item->only[words[i].outcome];
		if (count == 0)
			continue;
		fprintf(out, "%s%" PRIu64 " %s", any ? ", " : item->expired ? "  would remove " : "  removes ", count,
			count == 1 ? words[i].one : words[i].many);
		if (only < count)
			fprintf(out, " (%" PRIu64 " that nothing else does)", only);
		any = true;
	}
	fputs(any ? "\n" : "  removes nothing here\n", out);
}

static void print_place(const struct exception *exception, FILE *out)
{
	if (exception->place.file)
		fprintf(out, "%s:%u", exception->place.file, exception->place.line);
}

static void print_finding(const struct review_finding *finding, FILE *out)
{
	const struct review_item *item = finding->item;
	fputc('\n', out);
	print_place(item->exception, out);
	fprintf(out, ": %s: %.*s", review_kind_name(finding->kind), TEXT_ARGS(item->exception->name));
	if (item->detection)
		fprintf(out, " (shipped with %.*s)", TEXT_ARGS(item->detection->name));
	fprintf(out, "\n  %.*s\n", TEXT_ARGS(finding->message));
	if (finding->kind != REVIEW_UNUSED && finding->kind != REVIEW_UNREACHABLE)
		print_removed(item, out);
	for (size_t i = 1; finding->kind == REVIEW_HIDES_ATTACK && i < item->attack_count; i++)
		if (item->attacks[i].file)
			fprintf(out, "  also %s:%" PRIu64 "\n", item->attacks[i].file, item->attacks[i].line);
	fprintf(out, "  → %.*s\n", TEXT_ARGS(finding->advice));
}

void tune_review_table(const struct review *review, FILE *out)
{
	const char *many = review->count == 1 ? "" : "s";
	struct text name = review->organization ? review->organization->name : TEXT("no organization");
	fprintf(out, "Review of %.*s: ", TEXT_ARGS(name));
	if (review->count == 0)
		fprintf(out, "there are no exceptions.\n");
	else if (review->finding_count == 0)
		fprintf(out, "%zu exception%s, nothing to mend.\n", review->count, many);
	else
		fprintf(out, "%zu exception%s, %zu finding%s.\n", review->count, many, review->finding_count,
			review->finding_count == 1 ? "" : "s");
	for (size_t i = 0; i < review->finding_count; i++)
		print_finding(&review->findings[i], out);
}

/* --- for programs --- */

static void json_counts(struct json_write *json, const char *key, const uint64_t *counts)
{
	jsonw_key(json, key);
	jsonw_open_flat(json, '{');
	for (size_t i = 0; i < OUTCOME_COUNT; i++)
		jsonw_pair_unsigned(json, outcome_name((enum outcome)i), counts[i]);
	jsonw_close(json, '}');
}

static void json_attack(struct json_write *json, const struct hidden_event *attack)
{
	jsonw_open_flat(json, '{');
	jsonw_pair(json, "detection", attack->detection->name);
	jsonw_pair(json, "dataset", attack->dataset->name);
	jsonw_pair(json, "episode", attack->episode ? attack->episode->name : TEXT(""));
	jsonw_pair_string(json, "file", attack->file);
	jsonw_pair_unsigned(json, "line", attack->line);
	jsonw_close(json, '}');
}

static void json_name(struct json_write *json, const struct review_item *item)
{
	jsonw_pair(json, "exception", item->exception->name);
	jsonw_pair_string(json, "shipped_with", item->detection ? item->detection->name.data : NULL);
	jsonw_pair_string(json, "file", item->exception->place.file);
	jsonw_pair_unsigned(json, "line", item->exception->place.line);
}

static void json_item(struct json_write *json, const struct review_item *item)
{
	jsonw_open(json, '{');
	json_name(json, item);
	jsonw_pair_bool(json, "expired", item->expired);
	jsonw_key(json, "days_left");
	if (item->days_left == LONG_MAX)
		jsonw_null(json);
	else
		jsonw_signed(json, item->days_left);
	jsonw_pair_unsigned(json, "matches", item->asked);
	jsonw_pair_unsigned(json, "answerable", item->answerable);
	json_counts(json, "removed", item->removed);
	json_counts(json, "only", item->only);
	jsonw_pair_unsigned(json, "missed", item->missed);
	jsonw_pair_open(json, "attacks", '[');
	for (size_t i = 0; i < item->attack_count; i++)
		json_attack(json, &item->attacks[i]);
	jsonw_close(json, ']');
	jsonw_close(json, '}');
}

static void json_finding(struct json_write *json, const struct review_finding *finding)
{
	jsonw_open(json, '{');
	jsonw_pair_string(json, "kind", review_kind_name(finding->kind));
	json_name(json, finding->item);
	jsonw_pair_string(json, "shadowed_by", finding->other ? finding->other->exception->name.data : NULL);
	jsonw_pair(json, "message", finding->message);
	jsonw_pair(json, "advice", finding->advice);
	jsonw_close(json, '}');
}

void tune_review_json(const struct review *review, struct json_write *json)
{
	jsonw_open(json, '{');
	jsonw_pair(json, "organization", review->organization ? review->organization->name : TEXT(""));
	jsonw_pair_open(json, "exceptions", '[');
	for (size_t i = 0; i < review->count; i++)
		json_item(json, &review->items[i]);
	jsonw_close(json, ']');
	jsonw_pair_open(json, "findings", '[');
	for (size_t i = 0; i < review->finding_count; i++)
		json_finding(json, &review->findings[i]);
	jsonw_close(json, ']');
	jsonw_close(json, '}');
}
