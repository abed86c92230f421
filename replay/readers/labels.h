/*
 * labels: what people decided about single events, in a file beside the data (docs/corpus.md).
 *
 * `labels.yaml` in a dataset's folder, FILE.labels.yaml beside a plain file; `mews label` writes them (label_file.h).
 * A decision names its event by an id: a hash of the file's name below the dataset's folder (nothing of a plain file's name,
 * so that data and labels may be renamed together), the line where the event begins, and what stands there. A file that
 * has grown keeps its ids; where something else stands there now, the decision is gone, and that is said.
 *
 *   labels_load(&loading, "corpus/lab/labels.yaml", NULL, dataset);   -- after the dataset's files are known
 *   const struct decision *decision = labels_decision(dataset, event);
 *   labels_check(dataset, &d);                                        -- after all events: decisions without an event
 */
#ifndef MEWS_LABELS_H
#define MEWS_LABELS_H

#include "replay/readers/episode.h"

enum { LABEL_ID_LENGTH = 12 };

struct decision {
	struct text id;
	const char *file;          /* as events name it */
	uint64_t line;
	enum label label;
	struct texts detections;   /* with which it was judged: right to alert on it where it is malicious */
	struct text by, why, at;
	struct place place;
	bool stands;               /* the file still has that text there */
	bool met;                  /* an event began there */
};

struct decisions {
	struct decision *items;    /* by line */
	size_t count;
	const char **files;        /* label files that were read */
	size_t file_count;
};

/* The label file of one of the dataset's files: its own, or the dataset's. In the arena. */
const char *labels_path(struct arena *arena, const struct dataset *dataset, const char *file);
/* A file's name below the dataset's folder; of plain files nothing. */
const char *labels_name(const struct dataset *dataset, const char *file);

/* Reads a label file that is there. `file` NULL: it is a dataset's; else that plain file's, which may also hold `default`
 * and `episodes`. -1: reported. */
int labels_load(struct episode_loading *l, const char *path, const char *file, struct dataset *dataset);

/* NULL: nobody decided about the event. */
const struct decision *labels_decision(const struct dataset *dataset, const struct event *event);
/* A warning for each decision that no event stands for any more. */
void labels_check(const struct dataset *dataset, struct diagnostics *d);

/* Events whose ids are asked for: of one dataset, in any order. */
struct labelled_place {
	const char *file;
	uint64_t line;
	char id[LABEL_ID_LENGTH + 1]; /* filled in; empty: what cannot be read again (standard input) has none */
};
int labels_ids(const struct dataset *dataset, struct labelled_place *places, size_t count, struct diagnostics *d);

extern const struct yaml_form labels_form; /* a label file, as a table: catalog/yaml_form.h */

#endif
