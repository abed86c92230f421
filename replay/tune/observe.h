/*
 * observe: one pass over the datasets that keeps what tuning asks for: every match that alerts, as a projection to the
 * fields that an exception may name.
 *
 * Matches of one detection and outcome that are equal but for numbers, hashes and dates are one sighting. It counts all of
 * them, by dataset, episode and hour, and keeps a few of the different projections (samples): a flood of a million false
 * positives takes no more room than forty. Beside them stand samples of all other events, by which the width of a condition
 * is judged.
 *
 *   struct observations *o = observe(&options, NULL, d);   options: as for replay_run; its organizations: the one to tune
 *   for each o->sightings[i]: detection, outcome, count, samples[k].facets (what matched), units
 *   observations_free(o);
 */
#ifndef MEWS_TUNE_OBSERVE_H
#define MEWS_TUNE_OBSERVE_H

#include "replay/replay.h"
#include "replay/tune/aspect.h"
#include "replay/tune/mine.h"

enum { SIGHTING_SAMPLES = 16, SIGHTINGS_MAX = 12000, BACKGROUND_MAX = 6000 };

/* One projection: the facets that matched, each with the fields that an exception may name. */
struct sample {
	struct facet **facets;
	size_t facet_count;
	uint64_t hash, count;
	const struct dataset *dataset;
	const struct episode *episode; /* NULL: outside */
	const char *file;              /* where it stood first */
	uint64_t line;
};

struct sighting_unit {
	const struct dataset *dataset;
	const struct episode *episode;
	int64_t hour;                  /* since 1970; INT64_MIN: not known */
	uint64_t count;
};

struct sighting {
	uint32_t detection;            /* index in catalog->detections */
	enum outcome outcome;
	bool own;                      /* of the organization's datasets, or everybody's */
	bool malicious;                /* the event's label */
	bool held_out;                 /* of a dataset of use hold-out */
	uint64_t hash, count;
	struct sample *samples;
	size_t sample_count;
	struct sighting_unit *units;
	size_t unit_count;
};

/* A facet of some event, whatever matched. */
struct background {
	struct facet *facet;
	bool malicious;
};

struct observations {
	struct arena arena;
	const struct catalog *catalog;
	const struct organization *organization;
	struct aspects aspects;
	struct sighting *sightings;
	size_t sighting_count;
	bool develops;                 /* benign events of own datasets that are not held out were seen */
	uint64_t overflow;             /* alerts beyond SIGHTINGS_MAX kinds: counted nowhere else */
	struct background *background;
	size_t background_count;
	struct results *results;       /* of the same pass */
};

/* `fold`: the false positives of own datasets that are seen (mine.h); NULL: all. NULL: reported. */
struct observations *observe(const struct replay_options *options, const struct fold *fold, struct diagnostics *d);
void observations_free(struct observations *observations);

#endif
