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
	bool *runs, *excepts, *asked; /* [detection]: by the organization at hand */
	bool alike;                   /* it runs the detections that the first one does */
	bool *ran;                    /* [detection]: by the first one */
	/* What is known for all organizations that have no exception of their own from the detection. */
	struct said *plain; /* [rows × targets] */
	bool *known;        /* [detection × targets]: it is there */
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

static void keep_rows(struct filling *f, const struct pack_summary *summary, size_t number)
{
	for (size_t i = 0; i < summary->row_count; i++) {
		const struct fidelity_row *row = &summary->rows[i];
		size_t place = 0;
		if (!row_of(f, row, &place))
			continue;
		struct said *said = &f->said[place * f->target_count + number];
		if (said->known && said->fidelity <= row->fidelity)
			continue;
		*said = (struct said){true, row->fidelity, row->fidelity != FIDELITY_EXACT
			? joined(&f->results->arena, row->reasons) : TEXT("")};
	}
}

/* Copies what is known of a detection from one table to the other. */
static void copy_said(const struct filling *f, struct said *to, const struct said *from, size_t detection, size_t number)
{
	for (size_t row = f->first[detection]; row < f->first[detection + 1]; row++)
		to[row * f->target_count + number] = from[row * f->target_count + number];
}

/* Are the rows those of this organization alone? A target without exceptions says the same for all who run the same
 * detections, and may say less of one because of another. */
static bool its_own(const struct filling *f, size_t detection, size_t number)
{
	return targets[number].exceptions ? f->excepts[detection] : !f->alike;
}

/* Which detections the organization's pack has to be made of; what is known is copied. false: none. */
static bool choose_asked(struct filling *f, size_t number)
{
	bool any = false;
	for (size_t i = 0; i < f->results->catalog->detection_count; i++) {
		f->asked[i] = f->runs[i] && (its_own(f, i, number) || !f->known[i * f->target_count + number]);
		any = any || f->asked[i];
		if (f->runs[i] && !f->asked[i])
			copy_said(f, f->said, f->plain, i, number);
	}
	return any;
}

static void keep_plain(struct filling *f, size_t number)
{
	for (size_t i = 0; i < f->results->catalog->detection_count; i++) {
		if (!f->asked[i] || its_own(f, i, number))
			continue;
		f->known[i * f->target_count + number] = true;
		copy_said(f, f->plain, f->said, i, number);
	}
}

static int ask_target(struct filling *f, const struct organization *organization, size_t number, struct diagnostics *d)
{
	struct pack_summary summary = {0};
	struct pack_request request = {.catalog = f->results->catalog, .organization = organization, .target = &targets[number],
		.as_of = f->results->as_of, .only = f->asked};
	if (!choose_asked(f, number))
		return 0;
	int failed = pack_build(&request, &summary, d);
	if (failed == 0) {
		keep_rows(f, &summary, number);
		keep_plain(f, number);
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

static void begin(struct filling *f, struct arena *scratch)
{
	const struct catalog *catalog = f->results->catalog;
	size_t count = catalog->detection_count;
	f->first = arena_array(scratch, count + 1, sizeof *f->first);
	for (size_t i = 0; i < count; i++) {
		f->first[i] = f->rows;
		f->rows += catalog->detections[i]->condition_count;
	}
	f->first[count] = f->rows;
	while (targets[f->target_count].name != NULL)
		f->target_count++;
	f->runs = arena_array(scratch, count + 1, sizeof *f->runs);
	f->excepts = arena_array(scratch, count + 1, sizeof *f->excepts);
	f->asked = arena_array(scratch, count + 1, sizeof *f->asked);
	f->ran = arena_array(scratch, count + 1, sizeof *f->ran);
	f->plain = arena_array(scratch, f->rows * f->target_count + 1, sizeof *f->plain);
	f->known = arena_array(scratch, count * f->target_count + 1, sizeof *f->known);
}

static void begin_organization(struct filling *f, struct arena *scratch, const struct organization *organization, bool first)
{
	const struct catalog *catalog = f->results->catalog;
	f->said = arena_array(scratch, f->rows * f->target_count + 1, sizeof *f->said);
	f->alike = true;
	for (size_t i = 0; i < catalog->detection_count; i++) {
		struct baseline_decision decision = catalog_decide(organization, catalog->detections[i]);
		f->runs[i] = !decision.disabled && !decision.below;
		f->excepts[i] = pack_excepts(organization, catalog->detections[i], f->results->as_of);
		if (first)
			f->ran[i] = f->runs[i];
		f->alike = f->alike && f->runs[i] == f->ran[i];
	}
}

int fidelity_fill(struct results *results, struct diagnostics *d)
{
	struct arena scratch = {0};
	struct filling f = {.results = results};
	int failed = 0;
	results->fidelity = NULL;
	results->fidelity_count = 0;
	begin(&f, &scratch);
	for (size_t i = 0; failed == 0 && i < results->total_count; i++) {
		const struct organization *organization = results->totals[i].organization;
		begin_organization(&f, &scratch, organization, i == 0);
		for (size_t target = 0; failed == 0 && target < f.target_count; target++)
			failed = ask_target(&f, organization, target, d);
		if (failed == 0)
			add_rows(&f, organization);
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
