/* fidelity: see fidelity.h. */
#include "cli/fidelity.h"

#include "generator/pack.h"

/* What a target's pack of one organization says of a condition. */
struct said {
	bool known;
	enum fidelity fidelity;
	struct text reason;
};

struct filling {
	struct results *results;
	size_t target_count;
	size_t *first;     /* [detection]: its first condition's row */
	size_t rows;
	struct said *said; /* [rows × targets], of the organization at hand */
};

static struct text joined(struct arena *arena, struct texts reasons)
{
	struct buffer line = {0};
	for (size_t i = 0; i < reasons.count; i++)
		buffer_printf(&line, "%s%.*s", i > 0 ? "; " : "", TEXT_ARGS(reasons.items[i]));
	struct text text = text_copy(arena, buffer_view(&line));
	buffer_free(&line);
	return text;
}

static bool row_of(const struct filling *f, const struct fidelity_row *row, size_t *place)
{
	const struct catalog *catalog = f->results->catalog;
	for (size_t i = 0; i < catalog->detection_count; i++) {
		const struct detection *detection = catalog->detections[i];
		for (size_t k = 0; detection == row->detection && k < detection->condition_count; k++)
			if (detection->conditions[k] == row->condition) {
				*place = f->first[i] + k;
				return true;
			}
	}
	return false; /* a condition written for this target alone */
}

static int ask_target(struct filling *f, const struct organization *organization, size_t number, struct diagnostics *d)
{
	struct pack_summary summary = {0};
	struct pack_request request = {.catalog = f->results->catalog, .organization = organization, .target = &targets[number],
		.as_of = f->results->as_of};
	int failed = pack_build(&request, &summary, d);
	for (size_t i = 0; failed == 0 && i < summary.row_count; i++) {
		const struct fidelity_row *row = &summary.rows[i];
		size_t place = 0;
		if (!row_of(f, row, &place))
			continue;
		struct said *said = &f->said[place * f->target_count + number];
		if (said->known && said->fidelity <= row->fidelity)
			continue;
		*said = (struct said){true, row->fidelity, row->fidelity != FIDELITY_EXACT
			? joined(&f->results->arena, row->reasons) : TEXT("")};
	}
	pack_summary_free(&summary);
	return failed;
}

static void add_rows(struct filling *f, const struct organization *organization)
{
	struct results *results = f->results;
	const struct catalog *catalog = results->catalog;
	for (size_t i = 0; i < catalog->detection_count; i++)
		for (size_t k = 0; k < catalog->detections[i]->condition_count; k++)
			for (size_t target = 0; target < f->target_count; target++) {
				const struct said *said = &f->said[(f->first[i] + k) * f->target_count + target];
				if (!said->known)
					continue;
				results->fidelity = arena_grow(&results->arena, results->fidelity, results->fidelity_count,
					sizeof *results->fidelity);
				results->fidelity[results->fidelity_count++] = (struct fidelity_result){
					.organization = organization,
					.detection = catalog->detections[i],
					.condition = catalog->detections[i]->conditions[k],
					.target = targets[target].name,
					.fidelity = fidelity_name(said->fidelity),
					.rank = (unsigned)said->fidelity,
					.reason = said->reason,
				};
			}
}

int fidelity_fill(struct results *results, struct diagnostics *d)
{
	struct arena scratch = {0};
	struct filling f = {.results = results};
	const struct catalog *catalog = results->catalog;
	int failed = 0;
	results->fidelity = NULL;
	results->fidelity_count = 0;
	f.first = arena_array(&scratch, catalog->detection_count + 1, sizeof *f.first);
	for (size_t i = 0; i < catalog->detection_count; i++) {
		f.first[i] = f.rows;
		f.rows += catalog->detections[i]->condition_count;
	}
	while (targets[f.target_count].name != NULL)
		f.target_count++;
	for (size_t i = 0; failed == 0 && i < results->total_count; i++) {
		f.said = arena_array(&scratch, f.rows * f.target_count + 1, sizeof *f.said);
		for (size_t target = 0; failed == 0 && target < f.target_count; target++)
			failed = ask_target(&f, results->totals[i].organization, target, d);
		if (failed == 0)
			add_rows(&f, results->totals[i].organization);
	}
	arena_free(&scratch);
	if (failed != 0)
		results->fidelity_count = 0;
	return failed;
}

int fidelity_complete(void *context, struct results *results, struct diagnostics *d)
{
	(void)context;
	return fidelity_fill(results, d);
}
