/*
 * label_file: writing decisions into a label file (labels.h) without touching what else stands in it.
 *
 *   struct label_file *file = label_file_open(&arena, "audit.log.labels.yaml", &d);
 *   label_file_put(file, &entry, &change);      -- a new entry at the end, or an old one of that id with new values
 *   label_file_write(file, &d);                 -- whole or not at all
 *
 * Comments and the order of entries stay. An entry that is written in one line with others ({…}, {…}) cannot be changed so;
 * that is an error with its place.
 */
#ifndef MEWS_LABEL_FILE_H
#define MEWS_LABEL_FILE_H

#include "replay/readers/labels.h"

struct label_entry {
	const char *id, *file;     /* file: below the dataset; empty for a plain file */
	uint64_t line;
	const char *time;          /* or empty */
	const char *const *detections;
	size_t detection_count;
	const char *label, *by, *why, *at;
};

enum label_change { LABEL_ADDED, LABEL_CHANGED, LABEL_SAME }; /* same: label, by and why stood there already */

struct label_file;

/* A file that is not there is empty. NULL: reported. */
struct label_file *label_file_open(struct arena *arena, const char *path, struct diagnostics *d);
/* `*before`: the label that stood there, or an empty text. -1: reported. */
int label_file_put(struct label_file *file, const struct label_entry *entry, enum label_change *change, struct text *before,
	struct diagnostics *d);
int label_file_write(struct label_file *file, struct diagnostics *d);

#endif
