/* compare: two runs side by side (see compare.h). */
#include "replay/compare/pairs.h"

#include <stdlib.h>

struct comparison *compare_runs(const struct results *before, const struct results *after, struct diagnostics *d)
{
	struct comparison *out = mem_alloc(sizeof *out);
	*out = (struct comparison){.before = before, .after = after};
	struct comparing c = {.out = out, .arena = &out->arena, .d = d, .before = before, .after = after};
	if (corpora_check(&c)) {
		arena_free(&c.scratch);
		compare_free(out);
		return NULL;
	}
	pairs_make(&c);
	struct paired *groups = arena_array(&out->arena, c.organization_count * c.detection_count + 1, sizeof *groups);
	changes_find(&c);
	events_find(&c, groups);
	figures_find(&c, groups);
	out->same = !out->detection_count && !out->baseline_count && !out->alert_count && !out->episode_count;
	arena_free(&c.scratch);
	return out;
}

void compare_free(struct comparison *comparison)
{
	if (!comparison)
		return;
	arena_free(&comparison->arena);
	free(comparison);
}
