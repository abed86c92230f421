/*
 * stats: what a replay cost, and which detections it cost that.
 *
 *   struct stats stats = {0};
 *   options.stats = &stats;
 *   replay_run(&options, …)          -- fills it where events were read to their end
 *   stats.detections[0].detection    -- the one that took longest
 *   stats_free(&stats);
 *
 * Counts follow from the events and the catalog alone; times do not, and those of a detection are estimated from one event
 * in ENGINE_TIMED. Detections that no event was a candidate of are there too, last.
 */
#ifndef MEWS_STATS_H
#define MEWS_STATS_H

#include "replay/engine/engine.h"

struct stats_detection {
	const struct detection *detection;
	struct engine_cost cost;
	size_t asked, untriggered; /* conditions and steps of sequences; of these: asked of every event of their kind */
	const char *why; /* of the first of these; NULL: there is none */
};

struct stats {
	struct arena arena;
	uint64_t bytes; /* of the files, as they lie on the disk */
	uint64_t events, alerts;
	uint64_t peak; /* bytes of memory of the whole process, so far */
	double seconds, processor; /* on the clock; of all threads */
	unsigned jobs;
	struct engine_sums sums;
	size_t asked, untriggered; /* over all detections */
	struct stats_detection *detections; /* by time, then candidates: the dearest first */
	size_t detection_count;
	uint64_t nanoseconds; /* of all of them together */
};

/* What the engine knows; the run's own figures are the caller's. */
void stats_take(struct stats *stats, const struct catalog *catalog, struct engine *first);
void stats_free(struct stats *stats);

#endif
