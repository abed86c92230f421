/*
 * sightings: events that a replay alerted on, in groups of those that somebody would judge together.
 *
 * A group is of one dataset, the same detections, the same entity and label, within five minutes of its first event, as
 * alert groups are (measures.md). Takes alerts as replay hands them out; only a group's first event keeps its texts.
 */
#ifndef MEWS_SIGHTINGS_H
#define MEWS_SIGHTINGS_H

#include "replay/readers/labels.h"
#include "replay/replay.h"

struct sighting {
	const struct dataset *dataset;
	const char *file;
	uint64_t line;
	int64_t time;
	size_t group;
	char id[LABEL_ID_LENGTH + 1]; /* after sightings_name; empty: it has none */
};

struct sighting_group {
	const struct dataset *dataset;
	const struct detection **detections;
	size_t detection_count, count;
	enum severity severity; /* the highest */
	enum label label;       /* of its events now */
	enum outcome outcome;   /* unknown or unattributed: nobody has judged it */
	bool decided;           /* by a label file */
	struct text entity, fields;
	size_t first;           /* index of its first sighting */
};

struct sightings {
	struct arena arena;
	struct sighting *items; /* in the order of the replay */
	size_t count;
	struct sighting_group *groups;
	size_t group_count;
	/* the event in hand */
	struct arena scratch;
	struct alert *alerts;
	size_t alert_count;
};

/* For replay_options: `alert` and `event_done`. The context is the sightings. */
void sightings_alert(void *context, const struct alert *alert);
void sightings_event_done(void *context);
/* Gives every event its id. -1: reported. */
int sightings_name(struct sightings *sightings, struct dataset *const *datasets, size_t count, struct diagnostics *d);
/* Was it judged already? */
bool sightings_is_open(const struct sighting_group *group);
void sightings_free(struct sightings *sightings);

#endif
