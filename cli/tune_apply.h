/*
 * tune_apply: proposals go into the organization's YAML file.
 *
 *   struct tune_apply apply = {.project = &project, .replay = &replay, .proposals = proposals, .dry = dry, .out = stdout};
 *   if (tune_apply(&apply)) …reported; the file is as it was…
 *
 * The proposals are spliced in behind the exceptions that are there (catalog/yaml_splice.h); what changes is shown as a diff.
 * Before anything is written the whole catalog is parsed and checked with the new file, and the same events are replayed with
 * the new organization: an attack that would not be seen any more stops it. Then the figures before and after are shown.
 */
#ifndef MEWS_TUNE_APPLY_H
#define MEWS_TUNE_APPLY_H

#include "cli/project.h"
#include "replay/tune/tune.h"

#include <stdio.h>

struct tune_apply {
	struct project *project;
	const struct replay_options *replay; /* what the proposals were mined from */
	struct proposals *proposals;
	bool dry;                            /* the diff alone */
	bool colour, terminal;
	FILE *out;
};

/* 0, or -1 reported in the project's diagnostics. Without proposals it says so, and does nothing. */
int tune_apply(const struct tune_apply *apply);

#endif
