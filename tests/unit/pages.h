/*
 * pages: made results for the HTML page, without a corpus: any number of detections and organizations, with everything that
 * may stand beside figures. Numbers come from a fixed seed. Nothing of it was ever recorded.
 *
 *   struct pages pages;
 *   made_pages_begin(&pages, &(struct pages_size){.detections = 150, .organizations = 5, .episodes = 60, .hours = 720}, "plain");
 *   report_find(TEXT("html"))->write(&pages.results, &pages.options, out);
 *   made_pages_end(&pages);
 */
#ifndef MEWS_UNIT_PAGES_H
#define MEWS_UNIT_PAGES_H

#include "replay/report/report.h"
#include "tests/unit/unit.h"

struct pages_size {
	size_t detections, organizations, episodes, hours; /* hours: with alerts, of each organization */
	unsigned quiet; /* per cent of the detections that say nothing */
	bool beside;    /* comparison, gates, proposals, fidelity */
};

struct pages {
	struct arena arena;
	uint64_t seed;
	struct pages_size size;
	struct text name; /* stands in every name and text: hostile, or long */
	struct catalog catalog;
	struct detection *detections;
	struct organization *organizations;
	struct dataset dataset;
	struct results results;
	struct comparison comparison;
	struct gate_results gates;
	struct report_options options;
};

void made_pages_begin(struct pages *pages, const struct pages_size *size, struct text name);
void made_pages_end(struct pages *pages);

#endif
