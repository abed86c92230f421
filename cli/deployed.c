/* deployed: see deployed.h. */
#include "cli/deployed.h"

#include "cli/packs.h"
#include "generator/claims.h"

#include <stdlib.h>
#include <string.h>

/* One organization's pack. */
struct installed {
	struct pack_summary summary; /* whose texts the judge points into */
	struct judge *judge;
	struct claims claims;
	uint32_t *detections; /* beside claims.items: index in the catalog */
	uint32_t *conditions; /* index in the detection; of a condition for this target alone: 0 */
	struct judgements judgements; /* of the event at hand */
};

struct deployment {
	struct arena arena;
	const struct catalog *catalog;
	const struct target *target;
	struct deployed deployed;
	struct installed *packs;
	size_t count;
	const struct event *event;
};

static uint32_t detection_index(const struct catalog *catalog, const struct detection *detection)
{
	uint32_t index = 0;
	while (index < catalog->detection_count && catalog->detections[index] != detection)
		index++;
	return index;
}

static uint32_t condition_index(const struct detection *detection, const struct condition *condition)
{
	for (uint32_t i = 0; i < detection->condition_count; i++)
		if (detection->conditions[i] == condition)
			return i;
	return 0;
}

static const struct pack_text *fidelity_of(const struct pack_summary *summary)
{
	for (size_t i = 0; i < summary->text_count; i++)
		if (text_is(summary->texts[i].name, "fidelity.json"))
			return &summary->texts[i];
	return NULL;
}

static int install(struct deployment *deployment, const struct organization *organization, struct text as_of,
	struct diagnostics *d)
{
	struct installed *pack = &deployment->packs[deployment->count++];
	struct pack_request request = {.catalog = deployment->catalog, .organization = organization, .target = deployment->target,
		.as_of = as_of};
	if (pack_build(&request, &pack->summary, d) != 0)
		return -1;
	const struct pack_text *fidelity = fidelity_of(&pack->summary);
	if (fidelity == NULL || claims_read(&deployment->arena, deployment->catalog, organization, fidelity->content,
				    "fidelity.json", &pack->claims, d) != 0)
		return -1;
	pack->judge = deployment->target->judging->open(&deployment->arena, deployment->catalog, pack->summary.texts,
		pack->summary.text_count, d);
	pack->detections = arena_array(&deployment->arena, pack->claims.count + 1, sizeof *pack->detections);
	pack->conditions = arena_array(&deployment->arena, pack->claims.count + 1, sizeof *pack->conditions);
	for (size_t i = 0; i < pack->claims.count; i++) {
		const struct claim *claim = &pack->claims.items[i];
		pack->detections[i] = detection_index(deployment->catalog, claim->detection);
		pack->conditions[i] = condition_index(claim->detection, claim->condition);
		deployment->deployed.collects |= claim->fidelity == FIDELITY_COLLECTS;
	}
	return pack->judge != NULL ? 0 : -1;
}

/* --- events --- */

static void begin(void *context)
{
	struct deployment *deployment = context;
	for (size_t i = 0; i < deployment->count && deployment->target->judging->reset != NULL; i++)
		deployment->target->judging->reset(deployment->packs[i].judge);
}

static void take(void *context, const struct event *event)
{
	struct deployment *deployment = context;
	const struct judging *judging = deployment->target->judging;
	deployment->event = event;
	for (size_t i = 0; i < deployment->count; i++) {
		struct installed *pack = &deployment->packs[i];
		struct sights sights = {NULL, 0};
		pack->judgements = (struct judgements){NULL, 0};
		judging->view(pack->judge, event, event->arena, &sights);
		judging->fires(pack->judge, event, &sights, event->arena, &pack->judgements);
	}
}

static bool records(void *context, size_t organization)
{
	const struct deployment *deployment = context;
	return deployment->packs[organization].judgements.count > 0;
}

/* A rule that fires, for one detection. */
struct firing {
	uint32_t detection, condition, facet;
};

static int order_of(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int in_order(const void *a, const void *b)
{
	const struct firing *one = a, *other = b;
	int order = order_of(one->detection, other->detection);
	if (order == 0)
		order = order_of(one->condition, other->condition);
	return order != 0 ? order : order_of(one->facet, other->facet);
}

static uint32_t facet_index(const struct event *event, const struct facet *facet)
{
	for (uint32_t i = 0; i < event->facet_count; i++)
		if (event->facets[i] == facet)
			return i;
	return 0;
}

static struct firing *firings_of(const struct deployment *deployment, const struct installed *pack, size_t *count)
{
	struct arena *arena = deployment->event->arena;
	struct firing *firings = NULL;
	*count = 0;
	for (size_t i = 0; i < pack->judgements.count; i++)
		for (size_t k = 0; k < pack->claims.count; k++) {
			if (pack->claims.items[k].rule.length == 0 ||
				!text_equal(pack->claims.items[k].rule, pack->judgements.items[i].rule))
				continue;
			firings = arena_grow(arena, firings, *count, sizeof *firings);
			firings[(*count)++] = (struct firing){pack->detections[k], pack->conditions[k],
				facet_index(deployment->event, pack->judgements.items[i].sight->facet)};
		}
	if (*count > 1)
		qsort(firings, *count, sizeof *firings, in_order);
	return firings;
}

static void match(void *context, size_t organization, struct matches *matches)
{
	const struct deployment *deployment = context;
	struct arena *arena = deployment->event->arena;
	size_t count = 0, hit_count = 0;
	struct firing *firings = firings_of(deployment, &deployment->packs[organization], &count);
	struct hit *hits = arena_array(arena, count + 1, sizeof *hits);
	*matches = (struct matches){arena_array(arena, count + 1, sizeof *matches->items), 0};
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && in_order(&firings[i - 1], &firings[i]) == 0)
			continue;
		struct match *newest = matches->count > 0 ? &matches->items[matches->count - 1] : NULL;
		hits[hit_count] = (struct hit){firings[i].condition, firings[i].facet};
		if (newest == NULL || newest->detection != firings[i].detection)
			matches->items[matches->count++] = (struct match){firings[i].detection, &hits[hit_count], 1};
		else
			newest->count++;
		hit_count++;
	}
}

/* --- making --- */

struct deployment *deployment_new(struct project *project, const char *name, const struct organization **organizations,
	size_t organization_count, struct text as_of)
{
	struct diagnostics *d = &project->diagnostics;
	const struct target *target = target_find(text_of(name));
	size_t most = organization_count > 0 ? organization_count : 1;
	struct packs packs = {0}; /* asked only because it says what is there instead */
	if (target == NULL || target->judging == NULL) {
		if (target != NULL)
			diagnostics_error(d, ((struct place){NULL, 0, 0}), "packs of %s cannot be judged", name);
		else if (packs_add_target(project, &packs, name) == 0)
			diagnostics_error(d, ((struct place){NULL, 0, 0}), "--as takes one target, not all");
		return NULL;
	}
	struct deployment *deployment = mem_alloc(sizeof *deployment);
	*deployment = (struct deployment){.catalog = &project->catalog, .target = target};
	deployment->deployed = (struct deployed){.target = target->name, .begin = begin, .take = take, .records = records,
		.match = match, .context = deployment};
	deployment->packs = arena_array(&deployment->arena, most, sizeof *deployment->packs);
	for (size_t i = 0; i < most; i++)
		if (install(deployment, organization_count > 0 ? organizations[i] : NULL, as_of, d) != 0) {
			deployment_free(deployment);
			return NULL;
		}
	return deployment;
}

const struct deployed *deployment_deployed(const struct deployment *deployment)
{
	return &deployment->deployed;
}

void deployment_free(struct deployment *deployment)
{
	if (deployment == NULL)
		return;
	for (size_t i = 0; i < deployment->count; i++)
		pack_summary_free(&deployment->packs[i].summary);
	arena_free(&deployment->arena);
	free(deployment);
}
