/* changes: what became of each detection and each organization's file between two runs (see compare.h). */
#include "catalog/text_diff.h"
#include "replay/compare/pairs.h"
#include "replay/compare/spell.h"

#include <string.h>

enum { CONTEXT = 2 }; /* kept lines that are shown around a change */

const char *change_kind_name(enum change_kind kind)
{
	static const char *const names[] = {
		[CHANGE_ADDED] = "added", [CHANGE_REMOVED] = "removed", [CHANGE_RENAMED] = "renamed",
		[CHANGE_CONDITIONS] = "conditions", [CHANGE_EXCEPTIONS] = "exceptions", [CHANGE_METADATA] = "metadata"};
	return names[kind];
}

/* Lines with "- ", "+ " and "  " in front; what stands far from a change is "  …". */
static struct texts difference(struct comparing *c, struct text before, struct text after)
{
	struct text_diff diff = text_diff(&c->scratch, before, after);
	struct text *lines = NULL;
	size_t count = 0, newest = SIZE_MAX;
	for (size_t i = 0; i < diff.count; i++) {
		bool near = false;
		for (size_t k = i < CONTEXT ? 0 : i - CONTEXT; k <= i + CONTEXT && k < diff.count; k++)
			near = near || diff.lines[k].kind != DIFF_KEPT;
		if (!near)
			continue;
		if (newest != SIZE_MAX && newest + 1 != i) {
			lines = arena_grow(c->arena, lines, count, sizeof *lines);
			lines[count++] = TEXT("  …");
		}
		newest = i;
		const char *mark = diff.lines[i].kind == DIFF_REMOVED ? "- " : diff.lines[i].kind == DIFF_ADDED ? "+ " : "  ";
		lines = arena_grow(c->arena, lines, count, sizeof *lines);
		lines[count++] = text_of(arena_printf(c->arena, "%s%.*s", mark, TEXT_ARGS(diff.lines[i].text)));
	}
	return (struct texts){lines, count};
}

/* Spelling */

struct side {
	const struct comparing *c;
	const struct results *run;
};

static struct text name_in(const void *context, struct text name)
{
	const struct side *side = context;
	return pairs_name(side->c, side->run, name);
}

static struct text kept(struct comparing *c, struct buffer *buffer)
{
	struct text text = text_copy(&c->scratch, buffer_view(buffer));
	buffer_free(buffer);
	return text;
}

enum aspect { ASPECT_CONDITIONS, ASPECT_EXCEPTIONS, ASPECT_METADATA, ASPECT_COUNT };

static struct text spelled(struct comparing *c, const struct results *run, const struct detection *detection,
	enum aspect aspect, enum spelling spelling)
{
	const struct registry *registry = &run->catalog->registry;
	const struct side side = {c, run};
	const struct spell_names names = {name_in, &side};
	struct buffer out = {0};
	if (!detection)
		return TEXT("");
	switch (aspect) {
	case ASPECT_CONDITIONS: spell_conditions(detection, registry, spelling, &out); break;
	case ASPECT_EXCEPTIONS:
		spell_exceptions(detection->exceptions, detection->exception_count, registry, &names, spelling, &out);
		break;
	case ASPECT_METADATA:
	case ASPECT_COUNT: spell_metadata(detection, &out); break;
	}
	return kept(c, &out);
}

static bool differs(struct comparing *c, const struct detection_pair *pair, enum aspect aspect)
{
	return !text_equal(spelled(c, c->before, pair->before, aspect, SPELL_KEY),
		spelled(c, c->after, pair->after, aspect, SPELL_KEY));
}

/* Detections */

static struct detection_change *add(struct comparing *c, enum change_kind kind, const struct detection_pair *pair)
{
	struct comparison *out = c->out;
	out->detections = arena_grow(c->arena, out->detections, out->detection_count, sizeof *out->detections);
	struct detection_change *change = &out->detections[out->detection_count++];
	*change = (struct detection_change){.kind = kind, .before = pair->before, .after = pair->after};
	return change;
}

static void add_difference(struct comparing *c, enum change_kind kind, const struct detection_pair *pair, enum aspect aspect)
{
	add(c, kind, pair)->lines = difference(c, spelled(c, c->before, pair->before, aspect, SPELL_SHOWN),
		spelled(c, c->after, pair->after, aspect, SPELL_SHOWN));
}

static void compare_detection(struct comparing *c, struct detection_pair *pair)
{
	static const enum change_kind kinds[ASPECT_COUNT] = {
		[ASPECT_CONDITIONS] = CHANGE_CONDITIONS, [ASPECT_EXCEPTIONS] = CHANGE_EXCEPTIONS, [ASPECT_METADATA] = CHANGE_METADATA};
	if (!pair->before || !pair->after) {
		add_difference(c, pair->before ? CHANGE_REMOVED : CHANGE_ADDED, pair, ASPECT_CONDITIONS);
		return;
	}
	if (!text_equal(pair->before->name, pair->after->name)) {
		struct text was = text_of(arena_printf(&c->scratch, "name: %.*s\n", TEXT_ARGS(pair->before->name)));
		struct text is = text_of(arena_printf(&c->scratch, "name: %.*s\n", TEXT_ARGS(pair->after->name)));
		add(c, CHANGE_RENAMED, pair)->lines = difference(c, was, is);
	}
	for (enum aspect aspect = 0; aspect < ASPECT_COUNT; aspect++)
		if (differs(c, pair, aspect))
			add_difference(c, kinds[aspect], pair, aspect);
	pair->conditions_changed = differs(c, pair, ASPECT_CONDITIONS);
}

/* Organizations: all that either catalog has */

static struct text organization_text(struct comparing *c, const struct results *run, const struct organization *organization,
	enum spelling spelling)
{
	const struct side side = {c, run};
	const struct spell_names names = {name_in, &side};
	struct buffer out = {0};
	if (organization)
		spell_organization(organization, &run->catalog->registry, &names, spelling, &out);
	return kept(c, &out);
}

static void compare_baseline(struct comparing *c, const struct organization *before, const struct organization *after)
{
	struct comparison *out = c->out;
	if (text_equal(organization_text(c, c->before, before, SPELL_KEY), organization_text(c, c->after, after, SPELL_KEY)))
		return;
	out->baselines = arena_grow(c->arena, out->baselines, out->baseline_count, sizeof *out->baselines);
	out->baselines[out->baseline_count++] = (struct baseline_change){before, after,
		difference(c, organization_text(c, c->before, before, SPELL_SHOWN),
			organization_text(c, c->after, after, SPELL_SHOWN))};
}

void changes_find(struct comparing *c)
{
	const struct catalog *before = c->before->catalog, *after = c->after->catalog;
	for (size_t i = 0; i < c->detection_count; i++) {
		compare_detection(c, &c->detections[i]);
		arena_reset(&c->scratch);
	}
	for (size_t i = 0; i < after->organization_count; i++)
		compare_baseline(c, catalog_organization(before, after->organizations[i]->name), after->organizations[i]);
	for (size_t i = 0; i < before->organization_count; i++)
		if (!catalog_organization(after, before->organizations[i]->name))
			compare_baseline(c, before->organizations[i], NULL);
	arena_reset(&c->scratch);
}

/* Causes */

static struct text exception_text(struct comparing *c, const struct results *run, const struct exception *exception)
{
	const struct side side = {c, run};
	const struct spell_names names = {name_in, &side};
	struct buffer out = {0};
	spell_exception(exception, &run->catalog->registry, &names, SPELL_KEY, &out);
	return kept(c, &out);
}

/* Of a list of exceptions, those that speak of the detection and are in force. */
struct exceptions {
	const struct exception *list[64];
	size_t count;
};

static void collect(struct exceptions *found, const struct results *run, const struct exception *list, size_t count,
	const struct detection *detection, bool shipped)
{
	for (size_t i = 0; i < count; i++)
		if ((shipped || exception_covers(&list[i], detection)) && !exception_expired(&list[i], run->as_of) &&
			found->count < sizeof found->list / sizeof *found->list)
			found->list[found->count++] = &list[i];
}

static struct exceptions in_force(const struct results *run, const struct organization *organization,
	const struct detection *detection)
{
	struct exceptions found = {{NULL}, 0};
	collect(&found, run, detection->exceptions, detection->exception_count, detection, true);
	if (organization)
		collect(&found, run, organization->exceptions, organization->exception_count, detection, false);
	return found;
}

/* Those of one side that the other does not have. */
static struct exceptions only_in(struct comparing *c, const struct results *run, const struct exceptions *mine,
	const struct results *other_run, const struct exceptions *others)
{
	struct exceptions alone = {{NULL}, 0};
	for (size_t i = 0; i < mine->count; i++) {
		struct text text = exception_text(c, run, mine->list[i]);
		bool there = false;
		for (size_t k = 0; k < others->count; k++)
			there = there || text_equal(text, exception_text(c, other_run, others->list[k]));
		if (!there)
			alone.list[alone.count++] = mine->list[i];
	}
	return alone;
}

static const char *cause_by_exception(struct comparing *c, const struct exceptions *found, bool conditions_changed, bool gained)
{
	const char *by = gained ? "no longer excepted" : "excepted";
	if (conditions_changed)
		return "its conditions or its exceptions changed";
	if (found->count > 1)
		return by;
	return arena_printf(c->arena, "%s by %.*s", by, TEXT_ARGS(found->list[0]->name));
}

const char *changes_cause(struct comparing *c, const struct organization_pair *organization,
	const struct detection_pair *detection, bool gained)
{
	if (!detection->before || !detection->after)
		return detection->before ? "the detection was removed" : "the detection was added";
	struct baseline_decision was = catalog_decide(organization->before, detection->before);
	struct baseline_decision is = catalog_decide(organization->after, detection->after);
	if (gained ? was.disabled : is.disabled)
		return gained ? "no longer disabled" : "disabled";
	if (gained ? was.below : is.below)
		return gained ? "no longer below severity" : "below severity";
	struct exceptions before = in_force(c->before, organization->before, detection->before);
	struct exceptions after = in_force(c->after, organization->after, detection->after);
	struct exceptions found = gained ? only_in(c, c->before, &before, c->after, &after)
		: only_in(c, c->after, &after, c->before, &before);
	if (found.count)
		return cause_by_exception(c, &found, detection->conditions_changed, gained);
	if (detection->conditions_changed)
		return "its conditions changed";
	return c->documents ? arena_printf(c->arena, "%s changed", c->documents) : NULL;
}
