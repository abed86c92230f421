/*
 * corpus: datasets, episodes and labels (corpus/NAME/corpus.yaml; DESIGN section 7, docs/corpus.md).
 */
#ifndef MEWS_CORPUS_H
#define MEWS_CORPUS_H

#include "catalog/evaluate.h"
#include "replay/readers/reader.h"

enum label { LABEL_UNKNOWN, LABEL_BENIGN, LABEL_RISKY, LABEL_MALICIOUS };
const char *label_name(enum label label);
bool label_from_name(struct text name, enum label *label);

/* {default: risky, build-farm: benign} */
struct label_rule {
	enum label otherwise;
	const struct text *organizations;
	const enum label *labels;
	size_t count;
};
enum label label_for(const struct label_rule *rule, struct text organization);

/* Where an episode lies: every part that is given must hold. */
struct episode {
	struct text name;
	struct text *files;        /* globs, relative to the dataset */
	size_t file_count;
	int64_t from, to;          /* ns; INT64_MIN / INT64_MAX: open */
	uint64_t first_line, last_line; /* 0: open */
	struct text session, container;
	struct condition *where;   /* field values, or NULL */
	struct label_rule label;
	struct texts expects, allows;  /* detection names */
	struct text gap;           /* why an expected alert is known to be missing, or empty */
	struct place place;
};

/* Some of a dataset's files, and how they are read. */
struct source {
	const struct reader *reader;
	struct reader_options options;
	char **files;              /* paths, sorted; globs resolved */
	size_t file_count;
	/* [file_count] those that are open already, since they can be read but once (standard input, a FIFO); NULL, or a NULL in
	 * it: opened by its name. */
	struct input **inputs;
};

enum dataset_use { USE_DEVELOP, USE_HOLD_OUT, USE_NONE }; /* none: plain files, nobody said what for */
const char *dataset_use_name(enum dataset_use use);

struct decisions; /* labels.h */

struct dataset {
	struct text name, title, origin, license;
	const char *folder;
	struct source *sources;    /* several of one recording: their events are merged by time */
	size_t source_count;
	char **files;              /* of all sources, in their order */
	size_t file_count;
	struct texts organizations; /* whose normal this is; empty: everybody's */
	enum dataset_use use;
	struct episode *episodes;
	size_t episode_count;
	struct label_rule label;   /* `default:` */
	double observed;           /* seconds; < 0: from the events' times */
	bool live;                 /* files that are followed: each source is read as it grows, events come as they come */
	struct decisions *decisions; /* labels that people gave to single events; NULL: none */
	struct place place;
};

/* Loads folder/corpus.yaml (or that file itself). NULL: reported. */
struct dataset *dataset_load(struct arena *arena, const struct catalog *catalog, const char *path, struct diagnostics *d);
/* All datasets below a folder (each folder with a corpus.yaml), sorted by path. */
int corpus_load(struct arena *arena, const struct catalog *catalog, const char *folder, struct dataset ***datasets,
	size_t *count, struct diagnostics *d);

/* The first episode that the event fits, or -1. */
long dataset_episode(const struct dataset *dataset, struct evaluator *evaluator, const struct event *event);
/* Has the event a label of its own: what somebody decided (labels.h), else what its label column says? */
bool dataset_event_label(const struct dataset *dataset, const struct event *event, enum label *label);
/* May single events have labels of their own? */
bool dataset_labels_events(const struct dataset *dataset);
/* Reads every file of the dataset: those of one source in order, several sources side by side, so that their events
 * come by time. The ledger gets an account of each file. Not 0: what the sink returned, or -1 (reported). */
int dataset_read(const struct dataset *dataset, struct event_sink sink, struct ledger *ledger, struct diagnostics *d);
/* The reader's name; `several` where sources differ. */
const char *dataset_format(const struct dataset *dataset);

extern const struct yaml_form dataset_form; /* corpus.yaml, as a table: catalog/yaml_form.h */

#endif
