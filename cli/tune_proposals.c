/* tune_proposals: proposals with all that makes them safe (see tune_proposals.h). */
#include "cli/tune_proposals.h"

#include "cli/tune_organization.h"
#include "cli/tune_said.h"
#include "replay/tune/safety.h"

struct proposals *tune_propose(const struct tune_options *options, struct diagnostics *d)
{
	const struct replay_options *replay = options->replay;
	struct proposals *proposals = tune_run(options, d);
	if (proposals == NULL)
		return NULL;
	tune_name_apart(proposals);
	for (size_t i = 0; options->quick && i < proposals->count; i++)
		proposals->items[i].stability_note = "not looked at (--quick)";
	if ((options->quick || safety_judge(options, proposals, d) == 0) &&
		tune_said(replay->catalog, replay->as_of, proposals, d) == 0)
		return proposals;
	proposals_free(proposals);
	return NULL;
}
