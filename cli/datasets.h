/*
 * datasets: what a verb that replays is asked to replay: names of the project's corpus, folders, plain files, or nothing,
 * which is the whole corpus.
 */
#ifndef MEWS_DATASETS_H
#define MEWS_DATASETS_H

#include "cli/project.h"
#include "replay/readers/corpus.h"

struct datasets {
	struct dataset **items;
	size_t count;
};

/* --use, --reader and --dialect of the options count. -1: reported. */
int datasets_find(struct project *project, const struct options *options, char *const *operands, size_t operand_count,
	struct datasets *datasets);

#endif
