/* results: names of outcomes and causes, and the end of a run's figures (see results.h). */
#include "replay/measure/results.h"

#include <stdlib.h>

const char *reachability_name(enum reachability reachability)
{
	static const char *const names[] = {
		[REACH_BLIND] = "blind", [REACH_THIN] = "thin", [REACH_BRIEF] = "brief", [REACH_MEASURED] = "measured"};
	return names[reachability];
}

const char *outcome_name(enum outcome outcome)
{
	static const char *const names[OUTCOME_COUNT] = {
		[OUTCOME_TP] = "tp", [OUTCOME_BTP] = "btp", [OUTCOME_FP] = "fp",
		[OUTCOME_UNATTRIBUTED] = "unattributed", [OUTCOME_UNKNOWN] = "unknown"};
	return names[outcome];
}

const char *miss_cause_name(enum miss_cause cause)
{
	static const char *const names[] = {
		[MISS_NO_EVENT] = "no event in scope", [MISS_UNMATCHED] = "unmatched", [MISS_EXCEPTED] = "excepted",
		[MISS_DISABLED] = "disabled", [MISS_BELOW_SEVERITY] = "below severity"};
	return names[cause];
}

const char *part_name(enum part part)
{
	static const char *const names[PART_COUNT] = {
		[PART_HOLD_OUT] = "hold-out", [PART_DEVELOP] = "develop", [PART_ALL] = "all", [PART_OTHERS] = "others"};
	return names[part];
}

void results_free(struct results *results)
{
	if (!results)
		return;
	for (size_t i = 0; i < results->dataset_count; i++)
		ledger_free(&results->datasets[i].ledger);
	arena_free(&results->arena);
	free(results);
}
