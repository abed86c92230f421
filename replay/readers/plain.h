/*
 * plain: files as they are → datasets, for `mews replay FILE`.
 *
 *   struct plain plain = {.arena = &arena, .catalog = catalog};
 *   plain_add(&plain, "audit.log");            -- named: it must be readable
 *   plain_add_below(&plain, "/var/log");       -- found: what is nothing readable is skipped, with the reason
 *   plain_tell(&plain, &wish, &d);             -- each file's format on its own
 *   plain_datasets(&plain, &datasets, &count, &d);
 *
 * Files of the same format (reader and dialect) are one dataset, read one after the other in the order they were
 * added, rotated logs from the oldest on (rotation.h); another format is another dataset. All is unknown there, but
 * what a label file says (labels.h). The arena closes what had to be kept open.
 */
#ifndef MEWS_PLAIN_H
#define MEWS_PLAIN_H

#include "replay/readers/corpus.h"
#include "replay/readers/detect.h"
#include "replay/readers/follow.h"

struct plain_file {
	const char *path;
	bool found;              /* below a folder: nobody named it */
	const char *skipped;     /* why it is not read, or NULL */
	struct format_told told;
	struct input *input;     /* kept open, since it can be read but once; else NULL */
};

struct plain {
	struct arena *arena;
	const struct catalog *catalog;
	const struct follow_control *follow; /* not NULL: files are followed, all as one dataset with a source each */
	struct plain_file *files;
	size_t count;
	int year; /* of the first line, for times that name none (reader.h); 0: not known */
};

void plain_add(struct plain *plain, const char *path);
void plain_add_below(struct plain *plain, const char *folder);

/* -1: reported (a named file that cannot be read or told, or nothing to read at all). A file that comes twice is skipped. */
int plain_tell(struct plain *plain, const struct format_wish *wish, struct diagnostics *d);

/* Adds the datasets of what was told. 0, or -1 (a label file is wrong; reported). */
int plain_datasets(const struct plain *plain, struct dataset ***datasets, size_t *count, struct diagnostics *d);

/* All of it for one file that is named. NULL: reported. */
struct dataset *plain_dataset(struct arena *arena, const struct catalog *catalog, const char *path,
	const struct format_wish *wish, struct diagnostics *d);

#endif
