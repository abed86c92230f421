/* tune_proposals: proposals with all that makes them safe (see tune_proposals.h). */
#include "cli/tune_proposals.h"

#include "catalog/hint.h"
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

static const struct proposal *find(const struct proposals *proposals, const char *name)
{
	for (size_t i = 0; i < proposals->count; i++)
		if (text_is(proposals->items[i].name, name))
			return &proposals->items[i];
	return NULL;
}

static int fail_name(const struct proposals *proposals, const char *name, struct diagnostics *d)
{
	char words[HINT_LENGTH];
	struct hint hint = {.word = text_of(name)};
	for (size_t i = 0; i < proposals->count; i++)
		hint_offer(&hint, proposals->items[i].name);
	return diagnostics_error(d, ((struct place){NULL, 0, 0}), "no proposal is called \"%s\"%s", name, hint_words(&hint, words));
}

static bool is_named(const struct proposal *proposal, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text_is(proposal->name, names[i]))
			return true;
	return count == 0;
}

struct proposals *tune_take(struct proposals *proposals, const char *const *names, size_t count, bool stable,
	struct diagnostics *d)
{
	struct proposals *taken = arena_alloc(&proposals->arena, sizeof *taken);
	int failed = 0;
	for (size_t i = 0; i < count; i++)
		if (!find(proposals, names[i]))
			failed = fail_name(proposals, names[i], d);
	if (failed)
		return NULL;
	*taken = *proposals;
	taken->items = arena_array(&proposals->arena, proposals->count + 1, sizeof *taken->items);
	taken->count = 0;
	for (size_t i = 0; i < proposals->count; i++)
		if (is_named(&proposals->items[i], names, count) && (!stable || proposals->items[i].stability == STABLE))
			taken->items[taken->count++] = proposals->items[i];
	return taken;
}
