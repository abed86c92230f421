/*
 * pages: the catalog as Markdown pages (mews docs): one of each detection, and indexes by technique, by surface and by ATT&CK's
 * matrix of containers.
 *
 *   struct pages pages = {.catalog = &catalog, .results = run->results};
 *   pages_make(&pages, &diagnostics);          proofs, fidelity and scores are worked out once
 *   pages_detection(&pages, detection, &out);   out is the page's text
 *   pages_free(&pages);
 *
 * All is said by the catalog, a stored run of it, the generator's own words of fidelity and mews mutate's score; nothing is
 * written by hand, so the same catalog and recordings give the same pages, byte for byte. What no page can know is who reads
 * it: the figures are of the organizations of the run, each by name.
 */
#ifndef MEWS_PAGES_H
#define MEWS_PAGES_H

#include "replay/mutate/mutate.h"
#include "replay/report/proof.h"
#include "replay/tune/aspect.h"

struct pages {
	const struct catalog *catalog;
	const struct results *results;       /* of a run that was read with its alerts */
	struct arena arena;
	struct proofs proofs;
	const struct proof **proof;          /* [detection] */
	struct mutate_score *scores;         /* [detection] */
	struct results targets;              /* fidelity alone, without a baseline */
	struct aspects aspects;
};

int pages_make(struct pages *pages, struct diagnostics *d); /* -1: reported */
void pages_free(struct pages *pages);

/* A page of the folder: NAME.md. */
void pages_detection(const struct pages *pages, size_t detection, struct buffer *out);
/* README.md, by-technique.md, by-surface.md, containers.md; ends with NULL. */
struct pages_index {
	const char *file;
	void (*write)(const struct pages *pages, struct buffer *out);
};
extern const struct pages_index pages_indexes[];
/* The table of detections that are not measured, for a README. `folder`: where the pages are, as a link from there. */
void pages_gaps(const struct pages *pages, const char *folder, struct buffer *out);

/* --- shared by the files of pages --- */

/* "thin", "missed", … */
const char *pages_state(const struct proof *proof);
/* [name](name.md), or `folder`/name.md. */
void pages_link(struct buffer *out, struct text detection, const char *folder);
void pages_technique(const struct pages *pages, struct text id, struct buffer *out); /* [T1611 Escape to Host](https://…) */
/* The first line of every page: who wrote it. Files that begin so are the program's. */
extern const char pages_mark[];
const char *pages_robustness(struct arena *arena, const struct mutate_score *score); /* "0.98 (195/200, 48/50)" */

#endif
