/*
 * navigator: ATT&CK Navigator layers, format 4.5 (docs/reports.md): each technique's score is its *measured* recall, in
 * percent; what no attack of the corpus tests has none, and says so by its colour.
 *
 * One organization is one layer; several are a list of layers, which the format has since 4.5: the Navigator opens each in
 * a tab of its own.
 */
#include "replay/measure/json_write.h"
#include "replay/report/coverage.h"
#include "replay/report/formats.h"
#include "replay/report/show.h"

#include <math.h>

/* Colours of techniques without a score; scores have the gradient. */
static const struct legend {
	enum coverage_state state;
	const char *colour, *label;
} legends[] = {
	{COVERAGE_UNTESTED, "#b8c7e0", "untested: no attack of the corpus expects it"},
	{COVERAGE_BLIND, "#d9d9d9", "blind: neither an attack nor a benign event reaches it"},
};
static const char *const gradient[] = {"#d7301f", "#fdcc8a", "#3a9d5d"};
static const struct legend scored[] = {
	{COVERAGE_THIN, "#d7301f", "0 % of attack episodes seen"},
	{COVERAGE_THIN, "#fdcc8a", "50 %"},
	{COVERAGE_MEASURED, "#3a9d5d", "100 %"},
};

static void metadata(struct json_write *json, const char *name, const char *value)
{
	jsonw_open_flat(json, '{');
	jsonw_pair_string(json, "name", name);
	jsonw_pair_string(json, "value", value);
	jsonw_close(json, '}');
}

static const char *names_of(struct arena *arena, const struct covered *it)
{
	struct buffer out = {0};
	for (size_t i = 0; i < it->measure_count; i++) {
		buffer_string(&out, i ? ", " : "");
		buffer_text(&out, it->measures[i]->detection->name);
		if (it->measures[i]->disabled || it->measures[i]->below)
			buffer_printf(&out, " (%s)", show_reach(it->measures[i]));
	}
	const char *names = arena_strndup(arena, out.data ? out.data : "", out.length);
	buffer_free(&out);
	return names;
}

static const char *comment_of(struct arena *arena, const struct covered *it)
{
	const char *names = names_of(arena, it);
	if (it->state == COVERAGE_OFF)
		return arena_printf(arena, "Off in this organization: %s", names);
	if (!it->recall.denominator)
		return arena_printf(arena, "%s: no attack of the corpus expects %s", coverage_state_name(it->state), names);
	return arena_printf(arena, "%s of expected alerts came (95 %%: %s), reachability %s, %s false positive%s: %s",
		show_fraction(arena, &it->recall), show_interval(arena, &it->recall), reachability_name(it->reachability),
		show_count(arena, it->false_positives), it->false_positives == 1 ? "" : "s", names);
}

static void write_technique(struct json_write *json, struct arena *arena, const struct covered *it)
{
	jsonw_open(json, '{');
	jsonw_pair(json, "techniqueID", it->technique);
	if (it->recall.denominator && it->state != COVERAGE_OFF)
		jsonw_pair_unsigned(json, "score", (uint64_t)lround(it->recall.value * 100));
	for (size_t i = 0; i < sizeof legends / sizeof *legends; i++)
		if (legends[i].state == it->state)
			jsonw_pair_string(json, "color", legends[i].colour);
	jsonw_pair_bool(json, "enabled", it->state != COVERAGE_OFF);
	jsonw_pair_string(json, "comment", comment_of(arena, it));
	jsonw_pair_open(json, "metadata", '[');
	metadata(json, "coverage", coverage_state_name(it->state));
	metadata(json, "recall", show_fraction(arena, &it->recall));
	metadata(json, "95 %", show_interval(arena, &it->recall));
	metadata(json, "reachability", reachability_name(it->reachability));
	for (size_t i = 0; i < it->measure_count; i++) {
		const struct measure *measure = it->measures[i];
		metadata(json, arena_printf(arena, "%.*s", TEXT_ARGS(measure->detection->name)), arena_printf(arena,
			"recall %s, FP rate %s, %s", show_fraction(arena, &measure->recall),
			show_fraction(arena, &measure->false_positive_rate), show_reach(measure)));
	}
	jsonw_close(json, ']');
	jsonw_close(json, '}');
}

static void write_legend(struct json_write *json, const struct legend *items, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		jsonw_open_flat(json, '{');
		jsonw_pair_string(json, "label", items[i].label);
		jsonw_pair_string(json, "color", items[i].colour);
		jsonw_close(json, '}');
	}
}

static void write_looks(struct json_write *json)
{
	/* Techniques of the cloud are what a container's tokens open. */
	static const char *const platforms[] = {"Containers", "Linux", "IaaS"};
	jsonw_key(json, "filters");
	jsonw_open_flat(json, '{');
	jsonw_key(json, "platforms");
	jsonw_open_flat(json, '[');
	for (size_t i = 0; i < sizeof platforms / sizeof *platforms; i++)
		jsonw_string(json, platforms[i]);
	jsonw_close(json, ']');
	jsonw_close(json, '}');
	jsonw_pair_unsigned(json, "sorting", 0);
	jsonw_key(json, "layout");
	jsonw_open_flat(json, '{');
	jsonw_pair(json, "layout", TEXT("side"));
	jsonw_pair_bool(json, "showID", true);
	jsonw_pair_bool(json, "showName", true);
	jsonw_pair(json, "expandedSubtechniques", TEXT("annotated"));
	jsonw_close(json, '}');
	jsonw_pair_bool(json, "hideDisabled", false);
	jsonw_key(json, "gradient");
	jsonw_open_flat(json, '{');
	jsonw_key(json, "colors");
	jsonw_open_flat(json, '[');
	for (size_t i = 0; i < sizeof gradient / sizeof *gradient; i++)
		jsonw_string(json, gradient[i]);
	jsonw_close(json, ']');
	jsonw_pair_unsigned(json, "minValue", 0);
	jsonw_pair_unsigned(json, "maxValue", 100);
	jsonw_close(json, '}');
	jsonw_pair_open(json, "legendItems", '[');
	write_legend(json, scored, sizeof scored / sizeof *scored);
	write_legend(json, legends, sizeof legends / sizeof *legends);
	jsonw_close(json, ']');
}

/* "18" of techniques.yaml's "18.1": layers name whole versions. A catalog without the file names none. */
static void write_attack_version(struct json_write *json, struct text version)
{
	size_t length = 0;
	while (length < version.length && version.data[length] != '.')
		length++;
	if (length)
		jsonw_pair(json, "attack", (struct text){version.data, length});
}

static void write_layer(struct json_write *json, const struct results *results, size_t total)
{
	struct arena arena = {0};
	struct coverage coverage = coverage_of(&arena, results, total);
	const struct organization *organization = results->totals[total].organization;
	struct text name = show_organization(organization);
	struct text title = organization && organization->title.length ? organization->title : name;
	size_t measured = 0;
	for (size_t i = 0; i < coverage.count; i++)
		measured += coverage.items[i].recall.denominator && coverage.items[i].state != COVERAGE_OFF;
	jsonw_open(json, '{');
	jsonw_pair_string(json, "name", arena_printf(&arena, "mews: %.*s", TEXT_ARGS(name)));
	jsonw_key(json, "versions");
	jsonw_open_flat(json, '{');
	write_attack_version(json, results->catalog->techniques.attack);
	jsonw_pair(json, "navigator", TEXT("5.1.0"));
	jsonw_pair(json, "layer", TEXT("4.5"));
	jsonw_close(json, '}');
	jsonw_pair(json, "domain", TEXT("enterprise-attack"));
	jsonw_pair_string(json, "description", arena_printf(&arena, "%.*s: measured recall of attack episodes, in percent. "
		"%zu of %zu techniques with a detection are tested by the corpus.", TEXT_ARGS(title), measured, coverage.count));
	write_looks(json);
	jsonw_pair_open(json, "techniques", '[');
	for (size_t i = 0; i < coverage.count; i++)
		write_technique(json, &arena, &coverage.items[i]);
	jsonw_close(json, ']');
	jsonw_pair_open(json, "metadata", '[');
	metadata(json, "catalog", results->catalog->revision);
	metadata(json, "corpus", results->corpus_hash);
	metadata(json, "as of", arena_printf(&arena, "%.*s", TEXT_ARGS(results->as_of)));
	if (results->target)
		metadata(json, "rules of", results->target);
	jsonw_close(json, ']');
	jsonw_close(json, '}');
	arena_free(&arena);
}

int report_navigator(const struct results *results, const struct report_options *options, FILE *out)
{
	struct buffer buffer = {0};
	struct json_write json;
	(void)options;
	jsonw_begin(&json, &buffer);
	if (results->total_count != 1)
		jsonw_open(&json, '[');
	for (size_t i = 0; i < results->total_count; i++)
		write_layer(&json, results, i);
	if (results->total_count != 1)
		jsonw_close(&json, ']');
	buffer_char(&buffer, '\n');
	fwrite(buffer.data, 1, buffer.length, out);
	buffer_free(&buffer);
	return ferror(out) ? -1 : 0;
}
