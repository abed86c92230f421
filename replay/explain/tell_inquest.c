/* tell: an inquest in words. */
#include "replay/explain/tell.h"

#include "replay/report/show.h"

#include <inttypes.h>

static const char *sighted(struct arena *arena, const struct sighting *at)
{
	const char *when = at->time != INT64_MIN ? arena_printf(arena, ", %s", show_time(arena, at->time)) : "";
	return arena_printf(arena, "%s:%" PRIu64 "%s, %s%s%s", at->file ? at->file : "-", at->line, when, at->kind,
		at->what[0] != '\0' ? ": " : "", at->what);
}

static const char *counted(struct arena *arena, uint64_t count, const char *one, const char *many)
{
	return arena_printf(arena, "%s %s", show_count(arena, count), count == 1 ? one : many);
}

/* --- the episode --- */

static void print_head(const struct inquest *inquest, struct arena *arena, FILE *out)
{
	const struct dataset *dataset = inquest->question.dataset;
	const struct episode *episode = &dataset->episodes[inquest->question.episode];
	const struct registry *registry = &inquest->question.catalog->registry;
	const char *times = "", *kinds = "";
	if (inquest->first <= inquest->last)
		times = arena_printf(arena, ", %s to %s", show_time(arena, inquest->first), show_time(arena, inquest->last));
	tell_wrap(out, 0, 2, arena_printf(arena, "episode %.*s of %.*s (%s): %s%s", TEXT_ARGS(episode->name),
		TEXT_ARGS(dataset->name), label_name(episode->label.otherwise),
		counted(arena, inquest->events, "event", "events"), times));
	for (size_t i = 0; i < inquest->action_count; i++) {
		const struct action *action = &registry->actions[i];
		if (inquest->actions[i].facets == 0)
			continue;
		kinds = arena_printf(arena, "%s%s%.*s.%.*s %s", kinds, kinds[0] != '\0' ? ", " : "",
			TEXT_ARGS(registry->categories[action->category].name), TEXT_ARGS(action->name),
			show_count(arena, inquest->actions[i].facets));
	}
	tell_wrap(out, 2, 4, arena_printf(arena, "facets: %s", kinds[0] != '\0' ? kinds : "none"));
	if (episode->gap.length > 0)
		tell_wrap(out, 2, 4, arena_printf(arena, "known gap: %.*s", TEXT_ARGS(episode->gap)));
}

/* --- what is lacking, and what was near --- */

static const char *asked_actions(struct arena *arena, const struct condition_scope *scope, const struct registry *registry)
{
	const char *names = "";
	for (size_t i = 0; i < scope->action_count && i < 6; i++) {
		const struct action *action = &registry->actions[scope->actions[i]];
		names = arena_printf(arena, "%s%s%.*s.%.*s", names, i > 0 ? ", " : "",
			TEXT_ARGS(registry->categories[action->category].name), TEXT_ARGS(action->name));
	}
	return scope->action_count > 6 ? arena_printf(arena, "%s and %zu more", names, scope->action_count - 6) : names;
}

static void print_lack(const struct condition_scope *scope, const struct registry *registry, FILE *out)
{
	struct arena arena = {0};
	const char *asks = asked_actions(&arena, scope, registry), *why = "";
	if (scope->facets == 0) {
		tell_wrap(out, 4, 6, arena_printf(&arena, "condition %.*s asks %s: the recording has no such event here",
			TEXT_ARGS(scope->condition->name), asks));
		arena_free(&arena);
		return;
	}
	if (scope->failed > 0)
		why = arena_printf(&arena, "; the act failed in %s, and it asks for acts that succeed",
			show_count(&arena, scope->failed));
	for (size_t i = 0; i < scope->lacking_count; i++)
		why = arena_printf(&arena, "%s; %.*s is missing in %s", why, TEXT_ARGS(registry->fields[scope->lacking[i].field].name),
			show_count(&arena, scope->lacking[i].facets));
	tell_wrap(out, 4, 6, arena_printf(&arena, "condition %.*s asks %s: %s of that kind, none could have matched%s",
		TEXT_ARGS(scope->condition->name), asks, counted(&arena, scope->facets, "event", "events"), why));
	arena_free(&arena);
}

static void print_near(const struct near_miss *near, const struct registry *registry, unsigned indent, FILE *out)
{
	struct arena arena = {0};
	const char *alike = near->events > 1
		? arena_printf(&arena, " (%s alike; the first)", counted(&arena, near->events, "event", "events")) : "";
	tell_wrap(out, indent, indent + 2, arena_printf(&arena, "%s from condition %.*s%s: %s",
		counted(&arena, near->count, "predicate", "predicates"), TEXT_ARGS(near->condition->name), alike,
		sighted(&arena, &near->first)));
	for (size_t i = 0; i < near->count; i++) {
		const struct near_line *line = &near->lines[i];
		struct buffer text = {0};
		predicate_print(line->predicate, registry, &text);
		const char *why = line->because.why;
		tell_wrap(out, indent + 2, indent + 10, arena_printf(&arena, "%s %.*s", line->wanted ? "wanted" : "not   ",
			TEXT_ARGS(buffer_view(&text))));
		tell_wrap(out, indent + 2, indent + 10, arena_printf(&arena, "found  %s%s%s", line->because.found, why ? ": " : "",
			why ? why : ""));
		buffer_free(&text);
	}
	arena_free(&arena);
}

/* --- sequences --- */

static void print_step(const struct step_inquest *step, const struct registry *registry, FILE *out)
{
	struct arena arena = {0};
	struct text name = step->until ? TEXT("until") : step->step->condition->name;
	const char *kind = step->step->missing ? " (must be missing)"
		: step->step->runs > 1 ? arena_printf(&arena, " (%zu times)", step->step->runs) : "";
	const char *keyless = step->keyless > 0
		? arena_printf(&arena, ", %s of them without the key", show_count(&arena, step->keyless)) : "";
	if (step->fits > 0)
		tell_wrap(out, 4, 6, arena_printf(&arena, "%.*s%s: %s%s, the first: %s", TEXT_ARGS(name), kind,
			counted(&arena, step->fits, "event fits", "events fit"), keyless, sighted(&arena, &step->first)));
	else
		tell_wrap(out, 4, 6, arena_printf(&arena, "%.*s%s: no event fits", TEXT_ARGS(name), kind));
	for (size_t i = 0; step->fits == 0 && !step->until && !step->step->missing && i < step->near_count; i++)
		print_near(&step->near[i], registry, 6, out);
	arena_free(&arena);
}

/* Where it stopped, and whether that is for order, key or time. */
static void print_reached(const struct chain_inquest *chain, const char *span, FILE *out)
{
	const struct sequence *sequence = chain->condition->sequence;
	struct arena arena = {0};
	size_t next = chain->reached;
	if (chain->reached > 0)
		tell_wrap(out, 4, 6, arena_printf(&arena, "it got as far as step %zu of %zu: %s", chain->reached, sequence->count,
			sighted(&arena, &chain->furthest)));
	while (next < sequence->count && sequence->steps[next].missing)
		next++;
	if (next < sequence->count && chain->steps[next].fits > 0 && !sequence->sample)
		tell_wrap(out, 4, 6, arena_printf(&arena, "events fit step %zu, but not %s behind it with the same key within %s",
			next + 1, sequence->steps[next].runs > 1 ? "often enough" : "one", span));
	arena_free(&arena);
}

static void print_chain(const struct chain_inquest *chain, const struct registry *registry, FILE *out)
{
	struct arena arena = {0};
	const struct sequence *sequence = chain->condition->sequence;
	struct buffer span = {0};
	duration_print(sequence->maxspan, &span);
	tell_wrap(out, 2, 4, arena_printf(&arena, "%s %.*s, within %.*s%s:", sequence->sample ? "sample" : "sequence",
		TEXT_ARGS(chain->condition->name), TEXT_ARGS(buffer_view(&span)), sequence->sample ? "" : ", step by step"));
	for (size_t i = 0; i < chain->step_count; i++)
		print_step(&chain->steps[i], registry, out);
	print_reached(chain, span.data, out);
	if (chain->cut)
		tell_wrap(out, 4, 6, arena_printf(&arena, "only the first %d events that fit a step were followed", INQUEST_CHAIN_MAX));
	buffer_free(&span);
	arena_free(&arena);
}

/* --- organizations --- */

static void print_tally(const struct exception_tally *tally, const struct registry *registry, FILE *out)
{
	struct arena arena = {0};
	const char *events = counted(&arena, tally->events, "match", "matches");
	tell_wrap(out, 6, 8, arena_printf(&arena, "exception %s %s %s; the first: %s",
		tell_exception(&arena, tally->exception, tally->shipped),
		tally->expired ? "has expired; it would have taken away" : "took away", events, sighted(&arena, &tally->first)));
	for (size_t i = 0; i < tally->asked_count; i++)
		tell_asked(out, registry, &tally->asked[i], 8);
	arena_free(&arena);
}

static const char *side_verdict(struct arena *arena, const struct detection_inquest *of, const struct side_inquest *side)
{
	enum verdict verdict = side->decision.below ? VERDICT_BELOW_SEVERITY
		: side->decision.disabled ? VERDICT_DISABLED : side->alerts > 0 ? VERDICT_ALERT : VERDICT_EXCEPTED;
	const char *said = tell_verdict(arena, verdict, side->organization, side->decision, side->overridden);
	if (verdict == VERDICT_EXCEPTED && of->matched == 0)
		return "no alert: nothing matched";
	if (verdict != VERDICT_ALERT)
		return said;
	bool same = side->first.line == of->first_match.line && side->first.time == of->first_match.time;
	return arena_printf(arena, "%s; %s%s%s", said, counted(arena, side->alerts, "alert", "alerts"),
		same ? "" : ", the first: ", same ? "" : sighted(arena, &side->first));
}

static void print_side(const struct detection_inquest *of, const struct side_inquest *side, const struct registry *registry,
	FILE *out)
{
	struct arena arena = {0};
	const char *tolerated = of->expected && !side->expects ? " (nothing is expected of it here)" : "";
	tell_wrap(out, 2, 4, arena_printf(&arena, "%.*s%s: %s", TEXT_ARGS(show_organization(side->organization)), tolerated,
		side_verdict(&arena, of, side)));
	for (size_t i = 0; i < side->exception_count; i++)
		print_tally(&side->exceptions[i], registry, out);
	arena_free(&arena);
}

/* --- one detection --- */

static const char *standing(const struct detection_inquest *of)
{
	if (of->expected)
		return "expected here";
	return of->allowed ? "allowed here" : "not expected here";
}

static void print_detection(const struct detection_inquest *of, const struct registry *registry, FILE *out)
{
	struct arena arena = {0};
	fputc('\n', out);
	tell_wrap(out, 0, 2, arena_printf(&arena, "%.*s (%s, %s): %s in scope, %s", TEXT_ARGS(of->detection->name),
		severity_name(of->detection->severity), standing(of), counted(&arena, of->in_scope, "event", "events"),
		of->matched > 0 ? counted(&arena, of->matched, "match", "matches") : "no match"));
	if (of->matched > 0)
		tell_wrap(out, 2, 4, arena_printf(&arena, "matched by %s; the first: %s", of->conditions,
			sighted(&arena, &of->first_match)));
	if (of->in_scope == 0) {
		fputs("  nothing in this recording could have matched:\n", out);
		for (size_t i = 0; i < of->scope_count; i++)
			print_lack(&of->scopes[i], registry, out);
	}
	if (of->matched == 0 && of->near_count > 0) {
		fputs("  nearest were:\n", out);
		for (size_t i = 0; i < of->near_count; i++)
			print_near(&of->near[i], registry, 4, out);
	}
	for (size_t i = 0; of->matched == 0 && of->in_scope > 0 && i < of->chain_count; i++)
		print_chain(&of->chains[i], registry, out);
	for (size_t i = 0; i < of->side_count; i++)
		print_side(of, &of->sides[i], registry, out);
	arena_free(&arena);
}

void inquest_print(const struct inquest *inquest, FILE *out)
{
	struct arena arena = {0};
	print_head(inquest, &arena, out);
	for (size_t i = 0; i < inquest->detection_count; i++)
		print_detection(&inquest->detections[i], &inquest->question.catalog->registry, out);
	if (inquest->detection_count == 0)
		fputs("\nthe episode expects no detection: name one to ask about it\n", out);
	arena_free(&arena);
}
