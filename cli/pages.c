/* pages: see pages.h. What all pages share, and what is worked out once. */
#include "cli/pages.h"

#include "cli/fidelity.h"
#include "replay/report/markdown_text.h"

const char pages_mark[] = "<!-- Written by `mews docs` from the catalog and the recordings: changes here are lost. -->\n";

int pages_make(struct pages *pages, struct diagnostics *d)
{
	const struct catalog *catalog = pages->catalog;
	struct arena *arena = &pages->arena;
	pages->proofs = proofs_of(arena, pages->results);
	pages->proof = arena_array(arena, catalog->detection_count + 1, sizeof(const struct proof *));
	pages->scores = arena_array(arena, catalog->detection_count + 1, sizeof *pages->scores);
	for (size_t i = 0; i < catalog->detection_count; i++) {
		pages->proof[i] = proofs_find(&pages->proofs, catalog->detections[i]);
		pages->scores[i] = mutate_score(catalog, catalog->detections[i]);
	}
	aspects_make(&pages->aspects, arena, &catalog->registry);
	pages->targets = (struct results){.catalog = catalog, .as_of = pages->results->as_of, .total_count = 1,
		.totals = arena_alloc(arena, sizeof(struct total))};
	return fidelity_fill(&pages->targets, d);
}

void pages_free(struct pages *pages)
{
	arena_free(&pages->targets.arena);
	arena_free(&pages->arena);
}

const char *pages_state(const struct proof *proof)
{
	return proof_misses(proof) ? "missed" : coverage_state_name(proof->state);
}

void pages_link(struct buffer *out, struct text detection, const char *folder)
{
	buffer_printf(out, "[%.*s](%s%.*s.md)", TEXT_ARGS(detection), folder, TEXT_ARGS(detection));
}

void pages_technique(const struct pages *pages, struct text id, struct buffer *out)
{
	struct arena arena = {0};
	const struct text title = technique_title(&arena, &pages->catalog->techniques, id);
	const struct text link = technique_link(&arena, id);
	buffer_printf(out, "[%.*s", TEXT_ARGS(id));
	if (!text_equal(title, id)) {
		buffer_char(out, ' ');
		markdown_prose(out, title, 0);
	}
	buffer_printf(out, "](%.*s)", TEXT_ARGS(link));
	arena_free(&arena);
}

const char *pages_robustness(struct arena *arena, const struct mutate_score *score)
{
	if (score->equivalents + score->near_misses == 0)
		return "–";
	return arena_printf(arena, "%.2f", mutate_value(score));
}
