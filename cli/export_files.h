/*
 * export_files: where an export goes: standard output, a file, or a folder of datasets; whole or not at all.
 *
 * A file is written beside (NAME.XXXXXX) and renamed when all went well; what is no plain file (/dev/stdout, a pipe) is
 * written as it is. In a folder each dataset gets one of its own, with a file for each episode and a corpus.yaml that
 * says the same labels and expectations as the one that it came from:
 *
 *   OUT/docker-host-lab/corpus.yaml
 *   OUT/docker-host-lab/events/etc-rw.jsonl     the episode etc-rw
 *   OUT/docker-host-lab/events/events.jsonl     what lies in no episode
 *
 * Where events have labels of their own and the format cannot carry them, they get a file for each label, which is an
 * episode then: etc-rw-benign.
 */
#ifndef MEWS_EXPORT_FILES_H
#define MEWS_EXPORT_FILES_H

#include "replay/export/export.h"

struct made_dataset;

struct export_files {
	struct arena *arena;
	const struct export_format *format;
	struct text organization;  /* whose labels corpus.yaml has; empty: all as they are */
	const char *output;        /* NULL: standard output */
	bool folder;
	const char *written;       /* the file under way, or NULL */
	struct made_dataset *made; /* the folder's */
	size_t made_count;
};

/* Is `output` a folder: one that stands there, or a name that ends in a slash? */
bool export_files_folder(const char *output);
/* For struct export_request; `context` is the struct export_files. */
FILE *export_files_open(void *context, const struct export_kind *kind, struct diagnostics *d);
int export_files_close(void *context, FILE *file, struct diagnostics *d);
/* All went well: what was written gets its name. -1: reported, and nothing stands there. */
int export_files_finish(struct export_files *files, struct diagnostics *d);
/* It did not: what was written is removed. */
void export_files_abandon(struct export_files *files);

#endif
