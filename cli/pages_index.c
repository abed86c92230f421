/* pages: indexes of the pages, and the table of what is not measured. See pages.h. */
#include "cli/pages.h"

#include "replay/report/markdown_text.h"
#include "replay/report/show.h"

#include <stdlib.h>

static void prose(struct buffer *out, struct text text)
{
	markdown_prose(out, text_trim(text), 0);
}

static const enum coverage_state order[] = {COVERAGE_BLIND, COVERAGE_UNTESTED, COVERAGE_THIN, COVERAGE_BRIEF, COVERAGE_MEASURED};
enum { ORDERS = sizeof order / sizeof *order };

static void row(const struct pages *pages, size_t number, bool surface, struct buffer *out)
{
	const struct detection *detection = pages->catalog->detections[number];
	const struct proof *proof = pages->proof[number];
	struct arena arena = {0};
	const char *kinds = proof_kinds(&arena, proof, true);
	buffer_string(out, "| ");
	pages_link(out, detection->name, "");
	buffer_printf(out, " | %s | ", severity_name(detection->severity));
	if (surface)
		buffer_printf(out, "%.*s | ", TEXT_ARGS(detection->surface));
	buffer_printf(out, "%s | %s | %s |\n", pages_state(proof), kinds[0] != '\0' ? kinds : show_nothing,
		pages_robustness(&arena, &pages->scores[number]));
	arena_free(&arena);
}

static void write_readme(const struct pages *pages, struct buffer *out)
{
	const struct catalog *catalog = pages->catalog;
	size_t counts[COVERAGE_OFF + 1] = {0}, missed = 0;
	buffer_string(out, pages_mark);
	for (size_t i = 0; i < catalog->detection_count; i++) {
		missed += proof_misses(pages->proof[i]);
		counts[pages->proof[i]->state] += !proof_misses(pages->proof[i]);
	}
	buffer_printf(out, "# The detections of the catalog\n\n%zu detections, [by technique](by-technique.md), [by "
		"surface](by-surface.md), "
		"[over ATT&CK's matrix of containers](containers.md). Figures are of a replay of the recorded corpus, with "
			"exceptions as of "
		"%.*s: %zu measured, %zu brief, %zu thin, %zu untested, %zu blind, %zu with a missed episode "
		"([what that says](../how-to/read-coverage.md)).\n\n", catalog->detection_count,
		TEXT_ARGS(pages->results->as_of), counts[COVERAGE_MEASURED], counts[COVERAGE_BRIEF], counts[COVERAGE_THIN],
		counts[COVERAGE_UNTESTED], counts[COVERAGE_BLIND], missed);
	buffer_string(out, "*Shown by*: the kinds of evidence by which a recorded episode has shown it. *Robust*: the share of other "
		"spellings caught and near misses silent.\n\n| detection | severity | surface | coverage | shown by | robust |\n"
		"|---|---|---|---|---|---|\n");
	for (size_t i = 0; i < catalog->detection_count; i++)
		row(pages, i, true, out);
}

static void list_row(const struct pages *pages, size_t number, struct buffer *out)
{
	const struct detection *detection = pages->catalog->detections[number];
	buffer_string(out, "- ");
	pages_link(out, detection->name, "");
	buffer_printf(out, ": ");
	prose(out, detection->title);
	buffer_printf(out, " (%s, %s)\n", severity_name(detection->severity), pages_state(pages->proof[number]));
}

static int by_text(const void *left, const void *right)
{
	return text_compare(*(const struct text *)left, *(const struct text *)right);
}

static void write_techniques(const struct pages *pages, struct buffer *out)
{
	const struct catalog *catalog = pages->catalog;
	struct arena arena = {0};
	struct text *ids = NULL;
	size_t count = 0;
	for (size_t i = 0; i < catalog->detection_count; i++)
		for (size_t k = 0; k < catalog->detections[i]->techniques.count; k++) {
			ids = arena_grow(&arena, ids, count, sizeof *ids);
			ids[count++] = catalog->detections[i]->techniques.items[k];
		}
	if (count)
		qsort(ids, count, sizeof *ids, by_text);
	buffer_string(out, pages_mark);
	buffer_string(out, "# Detections by technique\n");
	for (size_t i = 0; i < count; i++) {
		if (i && text_equal(ids[i], ids[i - 1]))
			continue;
		buffer_string(out, "\n## ");
		pages_technique(pages, ids[i], out);
		buffer_string(out, "\n\n");
		for (size_t k = 0; k < catalog->detection_count; k++)
			for (size_t t = 0; t < catalog->detections[k]->techniques.count; t++)
				if (text_equal(catalog->detections[k]->techniques.items[t], ids[i]))
					list_row(pages, k, out);
	}
	arena_free(&arena);
}

static void write_surfaces(const struct pages *pages, struct buffer *out)
{
	const struct catalog *catalog = pages->catalog;
	struct arena arena = {0};
	struct text *names = arena_array(&arena, catalog->detection_count + 1, sizeof *names);
	for (size_t i = 0; i < catalog->detection_count; i++)
		names[i] = catalog->detections[i]->surface;
	if (catalog->detection_count)
		qsort(names, catalog->detection_count, sizeof *names, by_text);
	buffer_string(out, pages_mark);
	buffer_string(out, "# Detections by surface\n\nWhere the act happens.\n");
	for (size_t i = 0; i < catalog->detection_count; i++) {
		if (i && text_equal(names[i], names[i - 1]))
			continue;
		buffer_printf(out, "\n## %.*s\n\n| detection | severity | coverage | shown by | robust |\n|---|---|---|---|---|\n",
			TEXT_ARGS(names[i].length ? names[i] : TEXT("not said")));
		for (size_t k = 0; k < catalog->detection_count; k++)
			if (text_equal(catalog->detections[k]->surface, names[i]))
				row(pages, k, false, out);
	}
	arena_free(&arena);
}

/* --- the matrix of containers --- */

static void put_covering(const struct pages *pages, const struct attack_technique *technique, struct buffer *out)
{
	const struct catalog *catalog = pages->catalog;
	bool any = false;
	for (size_t i = 0; i < catalog->detection_count; i++) {
		const struct texts *own = &catalog->detections[i]->techniques;
		bool covers = false;
		for (size_t k = 0; k < own->count; k++)
			covers = covers || technique_within(own->items[k], technique->id);
		if (!covers)
			continue;
		buffer_string(out, any ? ", " : "");
		pages_link(out, catalog->detections[i]->name, "");
		any = true;
	}
	if (any)
		return;
	buffer_string(out, "*none*: ");
	prose(out, technique->untraced.length ? technique->untraced : TEXT("nothing says why"));
}

static bool in_tactic(const struct attack_technique *technique, struct text tactic)
{
	for (size_t i = 0; i < technique->tactics.count; i++)
		if (text_equal(technique->tactics.items[i], tactic))
			return true;
	return false;
}

static void write_matrix(const struct pages *pages, struct buffer *out)
{
	static const char *const tactics[] = {"initial-access", "execution", "persistence", "privilege-escalation", "defense-evasion",
		"credential-access", "discovery", "lateral-movement", "collection", "command-and-control", "exfiltration", "impact"};
	const struct attack_techniques *known = &pages->catalog->techniques;
	buffer_string(out, pages_mark);
	buffer_string(out, "# ATT&CK's matrix of containers\n\n");
	if (!known->count) {
		buffer_string(out, "The catalog has no techniques.yaml, which says what the matrix is.\n");
		return;
	}
	buffer_printf(out, "Every technique of the platform Containers (ATT&CK %.*s), with the detections that name it "
		"or one below it, or why "
		"there is none.\n", TEXT_ARGS(known->attack));
	for (size_t t = 0; t < sizeof tactics / sizeof *tactics; t++) {
		bool any = false;
		for (size_t i = 0; i < known->count; i++) {
			const struct attack_technique *it = &known->items[i];
			if (!it->containers || !in_tactic(it, text_of(tactics[t])))
				continue;
			if (!any)
				buffer_printf(out, "\n## %s\n\n| technique | detections |\n|---|---|\n", tactics[t]);
			any = true;
			buffer_string(out, "| ");
			pages_technique(pages, it->id, out);
			buffer_string(out, " | ");
			put_covering(pages, it, out);
			buffer_string(out, " |\n");
		}
	}
}

const struct pages_index pages_indexes[] = {
	{"README.md", write_readme},
	{"by-technique.md", write_techniques},
	{"by-surface.md", write_surfaces},
	{"containers.md", write_matrix},
	{NULL, NULL},
};

/* --- what is not measured --- */

static bool is_gap(const struct pages *pages, size_t number, size_t state)
{
	const struct proof *proof = pages->proof[number];
	return state == ORDERS ? proof_misses(proof) : !proof_misses(proof) && proof->state == order[state];
}

enum { NAMED_GAPS = 40 };

static void gaps_row(const struct pages *pages, size_t state, const char *name, const char *means, const char *folder,
	struct buffer *out)
{
	size_t count = 0;
	for (size_t i = 0; i < pages->catalog->detection_count; i++)
		count += is_gap(pages, i, state);
	buffer_printf(out, "| %s | %s | %zu | ", name, means, count);
	if (count > NAMED_GAPS) { /* a table that names hundreds tells nobody anything */
		buffer_printf(out, "[all of them](%sREADME.md) |\n", folder);
		return;
	}
	for (size_t i = 0, any = 0; i < pages->catalog->detection_count; i++)
		if (is_gap(pages, i, state)) {
			buffer_string(out, any++ ? ", " : "");
			pages_link(out, pages->catalog->detections[i]->name, folder);
		}
	buffer_string(out, count ? " |\n" : "none |\n");
}

void pages_gaps(const struct pages *pages, const char *folder, struct buffer *out)
{
	size_t measured = 0;
	for (size_t i = 0; i < pages->catalog->detection_count; i++)
		measured += is_gap(pages, i, ORDERS - 1);
	buffer_printf(out, "Of %zu detections %zu %s measured: recorded attacks expect them, and benign work came near "
		"enough to show a false "
		"positive. The others, by what the recordings can say of them:\n\n| coverage | | | detections |\n|---|---|---:|---|\n",
		pages->catalog->detection_count, measured, measured == 1 ? "is" : "are");
	gaps_row(pages, ORDERS, "missed", "an episode expects it, and nobody had the alert", folder, out);
	gaps_row(pages, 0, "blind", "no recorded event reaches it", folder, out);
	gaps_row(pages, 1, "untested", "benign events reach it, no episode expects it", folder, out);
	gaps_row(pages, 2, "thin", "episodes show it; benign work hardly came near, so what it costs is not known", folder, out);
	gaps_row(pages, 3, "brief", "episodes show it, benign work came one predicate near and was silent; for a budget of a day the "
		"recorded hours are too few", folder, out);
}
