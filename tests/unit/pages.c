/* pages: made results for the HTML page (see pages.h). */
#include "tests/unit/pages.h"

#include <math.h>
#include <string.h>

#define EVENT "{\"event.category\": \"process\", \"event.action\": \"exec\", \"process.name\": \"docker\", \"process.args\": " \
	"[\"docker\", \"run\", \"-v\", \"/run/docker.sock:/run/docker.sock\", \"image\"], \"user.name\": \"ci\"}"

static uint64_t below(struct pages *pages, uint64_t limit)
{
	return interval_random(&pages->seed) % limit;
}

static struct text named(struct pages *pages, const char *kind, size_t number)
{
	return text_of(arena_printf(&pages->arena, "%s-%zu-%.*s", kind, number, TEXT_ARGS(pages->name)));
}

static void make_catalog(struct pages *pages)
{
	static const char *const techniques[] = {"T1611", "T1610", "T1552.007", "T1053.007", "T1496"};
	pages->detections = arena_array(&pages->arena, pages->size.detections + 1, sizeof *pages->detections);
	for (size_t i = 0; i < pages->size.detections; i++) {
		struct detection *it = &pages->detections[i];
		struct text *technique = arena_alloc(&pages->arena, sizeof *technique);
		*technique = text_of(techniques[i % 5]);
		it->name = named(pages, "some-detection", i);
		it->title = named(pages, "A title that says what it is about", i);
		it->severity = (enum severity)(i % 5);
		it->techniques = (struct texts){technique, 1};
		it->conditions = arena_array(&pages->arena, 2, sizeof *it->conditions);
		it->condition_count = 2;
		for (size_t k = 0; k < 2; k++) {
			it->conditions[k] = arena_alloc(&pages->arena, sizeof **it->conditions);
			it->conditions[k]->name = named(pages, "condition", k);
		}
	}
	pages->organizations = arena_array(&pages->arena, pages->size.organizations + 1, sizeof *pages->organizations);
	for (size_t i = 0; i < pages->size.organizations; i++) {
		pages->organizations[i].name = named(pages, "organization", i);
		pages->organizations[i].title = named(pages, "An organization", i);
		pages->organizations[i].budget = 10;
	}
	memset(pages->catalog.revision, 'a', 64);
	pages->dataset = (struct dataset){.name = named(pages, "dataset", 0), .title = named(pages, "What was recorded", 0), .folder = ""};
}

static const struct organization *organization(struct pages *pages, size_t number)
{
	return pages->size.organizations ? &pages->organizations[number] : NULL;
}

static size_t columns(const struct pages *pages)
{
	return pages->size.organizations ? pages->size.organizations : 1;
}

static bool quiet(const struct pages *pages, size_t detection)
{
	return detection * 100 < pages->size.quiet * pages->size.detections;
}

/* Figures */

static void make_loud(struct pages *pages, struct measure *measure)
{
	for (size_t k = 0; k < OUTCOME_COUNT; k++) {
		measure->alerts[k] = below(pages, 3) ? below(pages, 4000) : 0;
		measure->groups[k] = measure->alerts[k] / 7 + (measure->alerts[k] > 0);
	}
	uint64_t expected = below(pages, 12);
	uint64_t caught = expected ? expected - below(pages, 2) : 0;
	measure->fn = expected - caught;
	measure->recall = rate_exact(caught, expected);
	measure->benign_in_scope = 4000 + below(pages, 90000);
	measure->fp_events = measure->alerts[OUTCOME_FP];
	measure->false_positive_rate = rate_exact(measure->fp_events, measure->benign_in_scope);
	measure->groups_per_day = (double)measure->groups[OUTCOME_FP] / 3;
	measure->predictive_value = predictive_value(1, measure->recall.value, measure->groups_per_day);
	measure->excepted = below(pages, 50);
	measure->reachability = REACH_MEASURED;
	uint64_t right = measure->groups[OUTCOME_TP];
	measure->precision = rate_exact(right, right + measure->groups[OUTCOME_FP]);
}

static void make_measures(struct pages *pages, struct results *results)
{
	struct measure *measures = arena_array(&pages->arena, results->measure_count + 1, sizeof *measures);
	for (size_t i = 0; i < results->measure_count; i++) {
		size_t detection = i % pages->size.detections;
		struct measure *measure = &measures[i];
		*measure = (struct measure){.organization = organization(pages, i / pages->size.detections),
			.detection = &pages->detections[detection], .severity = pages->detections[detection].severity,
			.recall = rate_exact(0, 0), .precision = rate_exact(0, 0), .false_positive_rate = rate_exact(0, 0),
			.groups_per_day = NAN, .false_groups_per_day = NAN, .false_groups_per_hour = NAN, .predictive_value = NAN, .budget = 10};
		if (!quiet(pages, detection))
			make_loud(pages, measure);
	}
	results->measures = measures;
}

static void make_totals(struct pages *pages, struct results *results)
{
	struct total *totals = arena_array(&pages->arena, results->total_count + 1, sizeof *totals);
	for (size_t i = 0; i < results->total_count; i++) {
		struct total *total = &totals[i];
		*total = (struct total){.organization = organization(pages, i), .datasets = 1, .observed = 3 * 86400.0,
			.recall = rate_exact(pages->size.episodes - (pages->size.episodes > 0) * i % 2, pages->size.episodes),
			.recall_without_baseline = rate_exact(pages->size.episodes, pages->size.episodes)};
		for (size_t k = 0; k < pages->size.detections; k++) {
			const struct measure *measure = &results->measures[i * pages->size.detections + k];
			for (size_t o = 0; o < OUTCOME_COUNT; o++) {
				total->alerts[o] += measure->alerts[o];
				total->groups[o] += measure->groups[o];
			}
			total->fn += measure->fn;
			total->expected.denominator += measure->recall.denominator;
		}
		total->expected = rate_exact(total->expected.denominator - total->fn, total->expected.denominator);
		total->precision = rate_exact(total->groups[OUTCOME_TP], total->groups[OUTCOME_TP] + total->groups[OUTCOME_FP]);
		total->false_positive_rate = rate_exact(total->alerts[OUTCOME_FP] % 1000, 90000);
		total->groups_per_day = total->false_groups_per_day = (double)total->groups[OUTCOME_FP] / 3;
		total->false_groups_per_hour = total->false_groups_per_day / 24;
	}
	results->totals = totals;
}

/* Evidence */

static struct alert make_alert(struct pages *pages, size_t detection, size_t organization_number, enum outcome outcome)
{
	return (struct alert){.organization = organization(pages, organization_number), .detection = &pages->detections[detection],
		.conditions = pages->detections[detection].conditions[0]->name, .dataset = &pages->dataset, .outcome = outcome,
		.label = outcome == OUTCOME_TP ? LABEL_MALICIOUS : LABEL_BENIGN,
		.file = arena_printf(&pages->arena, "events/%zu-%.*s.log", detection, TEXT_ARGS(pages->name)),
		.line = below(pages, 100000) + 1, .time = INT64_C(1767225600000000000) + (int64_t)detection * 1000000,
		.event = text_of(arena_printf(&pages->arena, "{\"message\": \"%.*s\", \"of\": " EVENT "}", TEXT_ARGS(pages->name))),
		.fields = text_of(arena_printf(&pages->arena, "process.name=docker container.mounts=/run/docker.sock:%.*s:rw",
			TEXT_ARGS(pages->name)))};
}

static void make_samples(struct pages *pages, struct results *results)
{
	static const enum outcome outcomes[] = {OUTCOME_FP, OUTCOME_UNATTRIBUTED, OUTCOME_UNKNOWN};
	results->samples = arena_array(&pages->arena, results->measure_count * 9 + 1, sizeof *results->samples);
	for (size_t i = 0; i < results->measure_count; i++)
		for (size_t k = 0; k < 9; k++)
			if (results->measures[i].alerts[outcomes[k / 3]])
				results->samples[results->sample_count++] = make_alert(pages, i % pages->size.detections,
					i / pages->size.detections, outcomes[k / 3]);
}

static void make_episode(struct pages *pages, struct results *results, size_t number)
{
	struct episode *episode = &pages->dataset.episodes[number];
	struct text *expects = arena_array(&pages->arena, 2, sizeof *expects);
	size_t fired = pages->size.detections < 8 ? pages->size.detections : 8;
	expects[0] = pages->detections[number % pages->size.detections].name;
	*episode = (struct episode){.name = named(pages, "attack", number), .expects = {expects, 1}, .gap = TEXT("")};
	for (size_t k = 0; k < columns(pages); k++) {
		struct episode_result *result = &results->episodes[results->episode_count++];
		*result = (struct episode_result){.organization = organization(pages, k), .dataset = &pages->dataset, .episode = episode,
			.label = number % 5 == 4 ? LABEL_RISKY : LABEL_MALICIOUS, .events = 400 + number,
			.alerted = arena_array(&pages->arena, fired + 1, sizeof *result->alerted),
			.missed = arena_array(&pages->arena, 1, sizeof *result->missed)};
		for (size_t i = 0; i < fired; i++) {
			size_t detection = (number * 7 + i) % pages->size.detections;
			result->alerted[result->alerted_count++] = &pages->detections[detection];
			struct alert *first = &results->firsts[results->first_count++];
			*first = make_alert(pages, detection, k, OUTCOME_TP);
			first->episode = episode;
		}
		if (number % 9 == 3)
			result->missed[result->missed_count++] = (struct missed){&pages->detections[number % pages->size.detections],
				MISS_EXCEPTED, pages->name};
	}
}

static void make_episodes(struct pages *pages, struct results *results)
{
	size_t all = pages->size.episodes * columns(pages);
	if (!pages->size.detections)
		return;
	pages->dataset.episodes = arena_array(&pages->arena, pages->size.episodes + 1, sizeof *pages->dataset.episodes);
	pages->dataset.episode_count = pages->size.episodes;
	results->episodes = arena_array(&pages->arena, all + 1, sizeof *results->episodes);
	results->firsts = arena_array(&pages->arena, all * 8 + 1, sizeof *results->firsts);
	for (size_t i = 0; i < pages->size.episodes; i++)
		make_episode(pages, results, i);
}

static void make_hours(struct pages *pages, struct results *results)
{
	results->hours = arena_array(&pages->arena, pages->size.hours * columns(pages) + 1, sizeof *results->hours);
	for (size_t i = 0; i < columns(pages); i++) {
		int64_t hour = 490896;
		for (size_t k = 0; k < pages->size.hours; k++) {
			struct hour_result *it = &results->hours[results->hour_count++];
			hour += 1 + (below(pages, 40) == 0) * (int64_t)below(pages, 300);
			*it = (struct hour_result){.organization = organization(pages, i), .hour = hour};
			for (size_t o = 0; o < OUTCOME_COUNT; o++)
				it->alerts[o] = below(pages, 3) ? below(pages, 90) : 0;
			it->alerts[OUTCOME_FP]++;
		}
	}
}

static void make_exceptions(struct pages *pages, struct results *results)
{
	enum { EACH = 6 };
	static const struct text everything = {"*", 1};
	struct exception *from = arena_array(&pages->arena, EACH, sizeof *from);
	results->exceptions = arena_array(&pages->arena, EACH * columns(pages), sizeof *results->exceptions);
	for (size_t i = 0; i < EACH; i++)
		from[i] = (struct exception){.name = named(pages, "exception", i), .reason = named(pages, "since builds do that", i),
			.detections = {&everything, 1}, .owner = TEXT("platform"), .expires = i ? TEXT("2027-01-31") : TEXT("")};
	for (size_t i = 0; i < EACH * columns(pages); i++) {
		struct exception_result *it = &results->exceptions[results->exception_count++];
		*it = (struct exception_result){.organization = organization(pages, i / EACH), .exception = &from[i % EACH],
			.expired = i % EACH == 1};
		it->removed[OUTCOME_FP] = i % EACH == 3 ? 0 : i;
		it->removed[OUTCOME_TP] = i % EACH == 2;
	}
}

static void make_datasets(struct pages *pages, struct results *results)
{
	struct ledger *ledger;
	results->datasets = arena_array(&pages->arena, 1, sizeof *results->datasets);
	results->dataset_count = 1;
	results->datasets[0] = (struct dataset_result){.dataset = &pages->dataset, .observed = 3 * 86400.0};
	ledger = &results->datasets[0].ledger;
	struct ledger part = {.lines = 1000, .events = 900, .event_lines = 900, .continued = 89, .blank = 10};
	ledger_reject(&part, arena_printf(&pages->arena, "%.*s.log", TEXT_ARGS(pages->name)), 4, "not JSON: %.*s", TEXT_ARGS(pages->name));
	ledger_add_file(ledger, &part, "events.log", "json", "falco");
	ledger_free(&part);
}

static void make_fidelity(struct pages *pages, struct results *results)
{
	static const struct { const char *target, *fidelity; unsigned rank; } rows[] = {{"auditd", "collects", 3}, {"elastic", "exact", 0},
		{"falco", "wider", 1}, {"rsyslog", "unsupported", 4}, {"sigma", "approximate", 2}};
	results->fidelity = arena_array(&pages->arena, results->measure_count * 10 + 1, sizeof *results->fidelity);
	for (size_t i = 0; i < results->measure_count; i++)
		for (size_t k = 0; k < 10; k++) {
			const struct detection *detection = results->measures[i].detection;
			bool exact = (i + k) % 3 == 0 || rows[k % 5].rank == 0;
			results->fidelity[results->fidelity_count++] = (struct fidelity_result){.organization = results->measures[i].organization,
				.detection = detection, .condition = detection->conditions[k / 5], .target = rows[k % 5].target,
				.fidelity = exact ? "exact" : rows[k % 5].fidelity, .rank = exact ? 0 : rows[k % 5].rank,
				.reason = exact ? TEXT("") : named(pages, "the target has no field for the mounts of a container", k)};
		}
}

/* Beside */

static void make_proposal(struct pages *pages, struct proposal *proposal, size_t number)
{
	struct hidden_event *hidden = arena_array(&pages->arena, 2, sizeof *hidden);
	struct said *said = arena_array(&pages->arena, 2, sizeof *said);
	const struct detection **detections = arena_array(&pages->arena, 1, sizeof *detections);
	struct text *parts = arena_array(&pages->arena, 2, sizeof *parts);
	parts[0] = text_of(arena_printf(&pages->arena, "container.image.name == \"it's %.*s\"", TEXT_ARGS(pages->name)));
	parts[1] = TEXT("user.name == \"ci\"");
	detections[0] = &pages->detections[number % pages->size.detections];
	hidden[0] = (struct hidden_event){.dataset = &pages->dataset, .file = "events/x.log", .line = 12};
	hidden[1] = (struct hidden_event){.dataset = &pages->dataset, .file = "events/y.log", .line = 40, .malicious = true,
		.mutation = arena_printf(&pages->arena, "user.name: root → ci %.*s", TEXT_ARGS(pages->name))};
	said[0] = (struct said){"falco", "exact", NULL};
	said[1] = (struct said){"auditd", "lost", "it cannot ask for the image"};
	*proposal = (struct proposal){.detections = detections, .detection_count = 1, .name = named(pages, "builds-mount", number),
		.parts = parts, .part_count = 2, .owner = TEXT("unassigned"), .expires = TEXT("2027-05-01"), .bare = number == 3, .hidden_recorded = 1,
		.imitation_note = "an attacker must imitate the image and the user",
		.reason = named(pages, "mined", number), .removed_alerts = 400 - number, .removed_groups = 40, .held_out_removed = 38,
		.held_out_all = 40, .stability = (enum stability)(number % 3), .stability_note = "4 days", .mutants = 12, .mutants_hidden = 2,
		.hidden = hidden, .hidden_count = 2, .said = said, .said_count = 2};
}

static void make_proposals(struct pages *pages)
{
	enum { EACH = 4 };
	const struct proposals **list = arena_array(&pages->arena, columns(pages), sizeof *list);
	for (size_t i = 0; i < columns(pages); i++) {
		struct proposals *it = arena_alloc(&pages->arena, sizeof *it);
		it->organization = organization(pages, i);
		it->items = arena_array(&pages->arena, EACH, sizeof *it->items);
		it->tuned = arena_array(&pages->arena, 2, sizeof *it->tuned);
		it->count = i ? EACH : 0;
		it->tuned_count = 2;
		for (size_t k = 0; k < EACH; k++)
			make_proposal(pages, &it->items[k], k);
		it->tuned[0] = (struct tuned){.detection = &pages->detections[0], .false_alerts = 400, .false_groups = 40, .budget = -1};
		it->tuned[1] = (struct tuned){.detection = &pages->detections[0], .false_alerts = 400, .false_groups = 40, .left_alerts = 30,
			.left_groups = 9, .budget = 3, .note = "what is left looks like an attack"};
		list[i] = it;
	}
	pages->options.beside.proposals = list;
	pages->options.beside.proposal_count = columns(pages);
}

static void make_gates(struct pages *pages)
{
	static const char *const names[] = {"minimum_recall", "lost_episodes", "maximum_false_positive_rate", "fidelity"};
	pages->gates.items = arena_array(&pages->arena, 4, sizeof *pages->gates.items);
	pages->gates.count = 4;
	pages->gates.failed = 1;
	pages->gates.undecided = 1;
	for (size_t i = 0; i < 4; i++)
		pages->gates.items[i] = (struct gate_result){.gate = names[i], .place = {"mews.yaml", (unsigned)i + 10, 3},
			.outcome = i == 0 ? GATE_FAILED : i == 1 ? GATE_UNDECIDED : GATE_PASSED, .organization = organization(pages, 0),
			.detection = &pages->detections[0], .observed = i ? NAN : 0.875, .bound = 0.9, .reference_baseline = i == 0,
			.message = arena_printf(&pages->arena, "recall is 7/8, below 0.9 in %.*s", TEXT_ARGS(pages->name)),
			.event = i ? NULL : "dataset/attack-3"};
	pages->options.beside.gates = &pages->gates;
}

static struct paired paired(uint64_t both, uint64_t first, uint64_t second)
{
	struct paired made = {.both = both, .first = first, .second = second};
	paired_test(&made);
	return made;
}

static void make_changed(struct pages *pages, struct comparison *to)
{
	struct text *lines = arena_array(&pages->arena, 3, sizeof *lines);
	to->detections = arena_array(&pages->arena, 3, sizeof *to->detections);
	lines[0] = TEXT("  process where");
	lines[1] = text_of(arena_printf(&pages->arena, "- process.name == \"%.*s\"", TEXT_ARGS(pages->name)));
	lines[2] = TEXT("+ process.name in (\"docker\", \"podman\")");
	to->detections[0] = (struct detection_change){CHANGE_CONDITIONS, &pages->detections[0], &pages->detections[0], {lines, 3}};
	to->detections[1] = (struct detection_change){CHANGE_ADDED, NULL, &pages->detections[0], {NULL, 0}};
	to->detections[2] = (struct detection_change){CHANGE_RENAMED, &pages->detections[0], &pages->detections[0], {NULL, 0}};
	to->detection_count = 3;
	if (!pages->size.organizations)
		return;
	to->baselines = arena_array(&pages->arena, 1, sizeof *to->baselines);
	to->baselines[0] = (struct baseline_change){organization(pages, 0), organization(pages, 0), {lines, 3}};
	to->baseline_count = 1;
}

static void make_comparison(struct pages *pages)
{
	struct comparison *to = &pages->comparison;
	struct results *results = &pages->results;
	to->before = to->after = results;
	make_changed(pages, to);
	to->alerts = arena_array(&pages->arena, results->sample_count + 1, sizeof *to->alerts);
	for (size_t i = 0; i < results->sample_count; i++)
		to->alerts[to->alert_count++] = (struct alert_change){i % 2 == 0, &results->samples[i], i % 3 ? NULL : "below severity"};
	to->episodes = arena_array(&pages->arena, results->episode_count + 1, sizeof *to->episodes);
	for (size_t i = 0; i < results->episode_count && i < 20; i++)
		to->episodes[to->episode_count++] = (struct episode_change){i % 2 == 0, results->episodes[i].organization,
			&pages->detections[0], &results->episodes[i], &results->episodes[i], i % 2 ? "unmatched" : NULL};
	to->rates = arena_array(&pages->arena, results->measure_count + 1, sizeof *to->rates);
	for (size_t i = 0; i < results->measure_count && i < 60; i++)
		to->rates[to->rate_count++] = (struct rate_change){results->measures[i].organization, i % 5 ? &results->measures[i] : NULL,
			i % 7 ? &results->measures[i] : i % 5 ? NULL : &results->measures[i], paired(9, i % 4, 1), paired(40, 2, i % 13)};
	to->totals = arena_array(&pages->arena, results->total_count + 1, sizeof *to->totals);
	for (size_t i = 0; i < results->total_count; i++)
		to->totals[to->total_count++] = (struct total_change){results->totals[i].organization, &results->totals[i],
			&results->totals[i], paired(17, i, 0), paired(400, 3, 30 * i)};
	pages->options.beside.comparison = to;
	pages->options.beside.reference = arena_printf(&pages->arena, "run 12 of 2026-11-25, %.*s", TEXT_ARGS(pages->name));
}

void made_pages_begin(struct pages *pages, const struct pages_size *size, struct text name)
{
	*pages = (struct pages){.seed = 7, .size = *size, .name = name};
	struct results *results = &pages->results;
	make_catalog(pages);
	results->catalog = &pages->catalog;
	results->as_of = TEXT("2026-11-26");
	results->headline = PART_ALL;
	results->measure_count = size->detections * columns(pages);
	results->total_count = columns(pages);
	make_measures(pages, results);
	make_totals(pages, results);
	for (enum part part = 0; part < PART_COUNT; part++)
		results->parts[part] = (struct part_result){results->measures, results->totals};
	make_samples(pages, results);
	make_episodes(pages, results);
	make_hours(pages, results);
	if (size->hours) {
		make_exceptions(pages, results);
		make_datasets(pages, results);
	}
	if (!size->beside)
		return;
	make_fidelity(pages, results);
	make_proposals(pages);
	make_gates(pages);
	make_comparison(pages);
}

void made_pages_end(struct pages *pages)
{
	for (size_t i = 0; i < pages->results.dataset_count; i++)
		ledger_free(&pages->results.datasets[i].ledger);
	arena_free(&pages->arena);
}
