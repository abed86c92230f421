/*
 * pairs: what is the same in two runs, and what the files of this folder share. Nobody else includes it.
 */
#ifndef MEWS_COMPARE_PAIRS_H
#define MEWS_COMPARE_PAIRS_H

#include "catalog/catalog.h"
#include "replay/compare/compare.h"

/* A detection in both runs, or in one: by id. */
struct detection_pair {
	const struct detection *before, *after; /* one may be NULL */
	size_t before_at, after_at;  /* in the catalogs, SIZE_MAX: not there */
	bool conditions_changed;     /* set by changes.c */
};

/* An organization that was replayed in both runs. */
struct organization_pair {
	const struct organization *before, *after; /* both NULL: no baseline */
	size_t before_at, after_at;  /* in the totals */
};

struct comparing {
	struct comparison *out;
	struct arena *arena;         /* the comparison's */
	struct arena scratch;
	struct diagnostics *d;
	const struct results *before, *after;
	struct detection_pair *detections; /* by name, the newer one */
	size_t detection_count;
	size_t *of_before, *of_after; /* catalog's index → pair */
	struct organization_pair *organizations; /* in the order of the newer run */
	size_t organization_count;
	const char *documents;       /* fields, lists, clients, dialects that changed, in words; NULL: none */
};

void pairs_make(struct comparing *c);
const struct detection_pair *pairs_detection(const struct comparing *c, const struct results *run,
	const struct detection *detection);
/* SIZE_MAX: it was not replayed in both. */
size_t pairs_organization(const struct comparing *c, const struct organization *organization);
/* A detection's name as the newer run has it; what names none (a technique, "*") stays. */
struct text pairs_name(const struct comparing *c, const struct results *run, struct text name);
bool pairs_same_name(const struct organization *a, const struct organization *b);

/* corpora.c: were the same data replayed? -1: reported, dataset by dataset. */
int corpora_check(struct comparing *c);
/* changes.c */
void changes_find(struct comparing *c);
/* Why alerts of this detection came or went in this organization, where that can be said; else NULL. */
const char *changes_cause(struct comparing *c, const struct organization_pair *organization,
	const struct detection_pair *detection, bool gained);
/* events.c: alerts and groups. `groups` [organizations × detections] gets the paired groups of the headline. */
void events_find(struct comparing *c, struct paired *groups);
/* figures.c: episodes, rates, totals. */
void figures_find(struct comparing *c, const struct paired *groups);

#endif
