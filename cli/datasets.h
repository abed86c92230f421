/*
 * datasets: what a verb that replays is asked to replay: names of the project's corpus, folders, plain files, or nothing,
 * which is the whole corpus.
 */
#ifndef MEWS_DATASETS_H
#define MEWS_DATASETS_H

#include "cli/project.h"
#include "replay/measure/results.h"
#include "replay/readers/plain.h"

struct datasets {
	struct dataset **items;
	size_t count;
	const struct follow_control *follow; /* set before: plain files are followed */
	struct plain plain; /* the files that were named or found, each with what it was taken for or why it is skipped */
};

/* --use, --reader and --dialect of the options count. -1: reported. */
int datasets_find(struct project *project, const struct options *options, char *const *operands, size_t operand_count,
	struct datasets *datasets);

/* replay_options.complete; the context is datasets.plain: the results say which files were skipped. */
int datasets_complete(void *plain, struct results *results, struct diagnostics *d);

/* Says what plain files were taken for, and which are skipped: a line each; many alike as one. */
void datasets_tell(const struct datasets *datasets, bool all, FILE *out);

#endif
