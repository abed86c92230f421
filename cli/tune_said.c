/* tune_said: how each target can say the proposed exceptions (see tune_said.h). */
#include "cli/tune_said.h"

#include "cli/tune_organization.h"
#include "generator/pack.h"

static void take_rows(const struct organization *organization, size_t before, const struct target *target,
	const struct pack_summary *summary, struct proposals *proposals)
{
	for (size_t i = 0; i < proposals->count; i++) {
		struct proposal *proposal = &proposals->items[i];
		struct said said = {target->name, "lost", "none of its detections has a rule there"};
		for (size_t k = 0; k < summary->exception_count; k++) {
			const struct exception_row *row = &summary->exceptions[k];
			if (row->exception != &organization->exceptions[before + i])
				continue;
			said.fidelity = row->word;
			said.reason = row->reason ? arena_strdup(&proposals->arena,
				row->reason) : row->used ? NULL : "no rule has to be changed for it";
		}
		proposal->said = arena_grow(&proposals->arena, proposal->said, proposal->said_count, sizeof *proposal->said);
		proposal->said[proposal->said_count++] = said;
	}
}

int tune_said(const struct catalog *catalog, struct text as_of, struct proposals *proposals, struct diagnostics *d)
{
	struct arena arena = {0};
	int failed = 0;
	if (proposals->count == 0)
		return 0;
	const struct organization *organization = tune_organization(&arena, catalog, proposals, d);
	for (const struct target *target = targets; organization && target->name && failed == 0; target++) {
		struct pack_summary summary = {0};
		struct pack_request request = {.catalog = catalog, .organization = organization, .target = target, .as_of = as_of};
		failed = pack_build(&request, &summary, d);
		if (failed == 0)
			take_rows(organization, proposals->organization->exception_count, target, &summary, proposals);
		pack_summary_free(&summary);
	}
	arena_free(&arena);
	return organization && failed == 0 ? 0 : -1;
}
