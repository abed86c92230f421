/*
 * episode: labels and labelled stretches, as corpus.yaml and label files write them (docs/corpus.md).
 *
 *   struct episode_loading loading = {.arena = &arena, .catalog = catalog, .d = &d, .folder = "corpus/lab"};
 *   episodes_load(&loading, yaml_get(document, "episodes"), &episodes, &count);
 *   episode_warn(&loading, dataset->name);   -- one line for all names that the catalog does not have
 *
 * Everything lives in the arena. Functions return 0, or -1 after a report with its place.
 */
#ifndef MEWS_EPISODE_H
#define MEWS_EPISODE_H

#include "replay/readers/corpus.h"

struct episode_loading {
	struct arena *arena;
	const struct catalog *catalog;
	struct diagnostics *d;
	const char *folder;         /* episodes' files are below it */
	struct texts unknown;       /* detections that episodes name and the catalog has not */
	struct text *unknown_items;
	struct place first_unknown;
};

int episode_label(struct episode_loading *l, const struct yaml *node, enum label *label);
/* `risky`, or {default: risky, build-farm: benign}. */
int episode_label_rule(struct episode_loading *l, const struct yaml *node, struct label_rule *rule);
/* A mapping's optional scalar, list of texts, time. What is not there stays as it is. */
int episode_scalar(struct episode_loading *l, const struct yaml *mapping, const char *key, struct text *text);
int episode_names(struct episode_loading *l, const struct yaml *mapping, const char *key, struct texts *texts);
int episode_time(struct episode_loading *l, const struct yaml *mapping, const char *key, int64_t *time);
/* Detections' names; those that the catalog does not have are kept for episode_warn. */
int episode_detections(struct episode_loading *l, const struct yaml *mapping, const char *key, struct texts *texts);

/* Adds the episodes of a list (NULL: none) to an array that may hold some. */
int episodes_load(struct episode_loading *l, const struct yaml *list, struct episode **episodes, size_t *count);
/* Another catalog than the one that the labels were written for: one line, with the first names. */
void episode_warn(const struct episode_loading *l, struct text name);

/* Forms of the keys, for whoever writes files with them (catalog/yaml_form.h). */
extern const struct yaml_form label_form, label_rule_form, episode_form, episode_detections_form;

#endif
