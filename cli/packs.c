/* packs: see packs.h. */
#include "cli/packs.h"

#include "catalog/hint.h"

#include <string.h>

bool packs_is_target(const char *word)
{
	return strcmp(word, "all") == 0 || target_find(text_of(word)) != NULL;
}

static void add_target(struct project *project, struct packs *packs, const struct target *target)
{
	for (size_t i = 0; i < packs->target_count; i++)
		if (packs->targets[i] == target)
			return;
	packs->targets = arena_grow(&project->arena, packs->targets, packs->target_count, sizeof *packs->targets);
	packs->targets[packs->target_count++] = target;
}

int packs_add_target(struct project *project, struct packs *packs, const char *word)
{
	const struct target *named = target_find(text_of(word));
	struct hint hint = {.word = text_of(word)};
	char words[HINT_LENGTH];
	for (const struct target *target = targets; target->name != NULL; target++)
		hint_offer(&hint, text_of(target->name));
	if (named == NULL && strcmp(word, "all") != 0)
		return diagnostics_error(&project->diagnostics, ((struct place){NULL, 0, 0}),
			"there is no target \"%s\"%s (mews list targets)", word, hint_words(&hint, words));
	for (const struct target *target = targets; target->name != NULL; target++)
		if (named == NULL || named == target)
			add_target(project, packs, target);
	return 0;
}

int packs_organizations(struct project *project, const struct options *options, struct packs *packs)
{
	const struct organization **list = NULL;
	const char **names = NULL;
	size_t named = options_values(options, &project->arena, "org", &names), kept = 0, count = 0;
	bool plain = named == 0;
	for (size_t i = 0; i < named; i++) {
		if (strcmp(names[i], "plain") == 0)
			plain = true;
		else
			names[kept++] = names[i];
	}
	packs->organizations = arena_array(&project->arena, project->catalog.organization_count + 2, sizeof *list);
	if (plain)
		packs->organizations[packs->organization_count++] = NULL;
	if (named == 0 ? project_organizations(project, options, &list, &count) != 0
		       : project_named(project, names, kept, &list, &count) != 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		packs->organizations[packs->organization_count++] = list[i];
	return 0;
}

const char *packs_name(const struct organization *organization)
{
	return organization != NULL ? organization->name.data : "plain";
}
