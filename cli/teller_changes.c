/* teller: a comparison. See teller.h. */
#include "cli/teller.h"

#include "replay/report/show.h"

#include <math.h>
#include <string.h>

enum { MOST_ALERTS = 20, MOST_LINES = 12 };

static const char *string(struct arena *arena, struct text text)
{
	return arena_strndup(arena, text.data != NULL ? text.data : "", text.length);
}

static const char *organization_name(struct arena *arena, const struct organization *organization)
{
	return string(arena, show_organization(organization));
}

/* As the tables head their columns. */
static const char *outcome_short(enum outcome outcome)
{
	static const char *const names[OUTCOME_COUNT] = {
		[OUTCOME_TP] = "TP", [OUTCOME_BTP] = "BTP", [OUTCOME_FP] = "FP", [OUTCOME_UNATTRIBUTED] = "unattributed",
		[OUTCOME_UNKNOWN] = "unknown"};
	return names[outcome];
}

/* Differences, line by line; of those that stayed none. */
static void tell_lines(struct teller *teller, struct texts lines)
{
	size_t told = 0;
	for (size_t i = 0; i < lines.count; i++) {
		const struct text line = lines.items[i];
		const bool gone = line.length > 0 && line.data[0] == '-', come = line.length > 0 && line.data[0] == '+';
		if ((gone || come) && ++told <= MOST_LINES)
			tell(teller, "", gone ? TONE_BAD : TONE_GOOD, arena_printf(&teller->arena, "  %.*s", TEXT_ARGS(line)), NULL);
	}
	if (told > MOST_LINES)
		tell(teller, "", TONE_FAINT, arena_printf(&teller->arena, "  … and %zu more lines", told - MOST_LINES), NULL);
}

static void tell_detection(struct teller *teller, const struct detection_change *change)
{
	struct arena *arena = &teller->arena;
	const struct detection *now = change->after != NULL ? change->after : change->before;
	const char *name = string(arena, now->name), *kind = change_kind_name(change->kind);
	const char *words = arena_printf(arena, "%s: %s", name, kind);
	if (change->kind == CHANGE_RENAMED)
		words = arena_printf(arena, "%s: %s, it was %.*s", name, kind, TEXT_ARGS(change->before->name));
	tell(teller, "detection", TONE_PLAIN, words, json_pack("{s:s, s:s}", "detection", name, "change", kind));
	tell_lines(teller, change->lines);
}

static void tell_baseline(struct teller *teller, const struct baseline_change *change)
{
	const char *name = organization_name(&teller->arena, change->after != NULL ? change->after : change->before);
	const char *kind = change->before == NULL ? "added" : change->after == NULL ? "removed" : "changed";
	tell(teller, "baseline", TONE_PLAIN, arena_printf(&teller->arena, "%s: %s", name, kind),
		json_pack("{s:s, s:s}", "organization", name, "change", kind));
	tell_lines(teller, change->lines);
}

static bool same_event(const struct alert_change *a, const struct alert_change *b)
{
	return a->gained == b->gained && a->alert->line == b->alert->line && a->alert->outcome == b->alert->outcome &&
		text_equal(a->alert->detection->id, b->alert->detection->id) &&
		strcmp(a->alert->file != NULL ? a->alert->file : "", b->alert->file != NULL ? b->alert->file : "") == 0;
}

static enum tone alert_tone(const struct alert_change *change)
{
	const bool attack = change->alert->outcome == OUTCOME_TP;
	return attack == change->gained ? TONE_GOOD : TONE_BAD;
}

static void alert_object(struct teller *teller, const struct alert_change *change)
{
	const struct alert *alert = change->alert;
	struct arena *arena = &teller->arena;
	tell(teller, "alert", alert_tone(change), NULL,
		json_pack("{s:s, s:s, s:s, s:s, s:s, s:s?, s:I, s:s, s:s?}", "change", change->gained ? "gained" : "lost", "outcome",
			outcome_name(alert->outcome), "detection", string(arena, alert->detection->name), "organization",
			organization_name(arena, alert->organization), "dataset", string(arena, alert->dataset->name), "file", alert->file,
			"line", (json_int_t)alert->line, "episode",
			alert->episode != NULL ? string(arena, alert->episode->name) : "", "cause", change->cause));
}

/* One line for an event's alerts of several organizations. */
static const char *alert_words(struct arena *arena, const struct comparison *c, size_t at, size_t organizations)
{
	const struct alert_change *change = &c->alerts[at];
	const struct alert *alert = change->alert;
	const char *whose = organization_name(arena, alert->organization), *words;
	size_t count = 1;
	for (size_t i = at + 1; i < c->alert_count; i++)
		if (same_event(change, &c->alerts[i])) {
			whose = arena_printf(arena, "%s, %s", whose, organization_name(arena, c->alerts[i].alert->organization));
			count++;
		}
	if (count > 1 && count == organizations)
		whose = "all";
	words = arena_printf(arena, "%s %.*s [%s] %s:%llu", outcome_short(alert->outcome), TEXT_ARGS(alert->detection->name), whose,
		alert->file != NULL ? alert->file : "-", (unsigned long long)alert->line);
	if (change->cause != NULL)
		words = arena_printf(arena, "%s: %s", words, change->cause);
	else if (change->gained && alert->fields.length > 0)
		words = arena_printf(arena, "%s: %.*s", words, TEXT_ARGS(alert->fields));
	return words;
}

static void tell_alerts(struct teller *teller, const struct comparison *c, size_t organizations)
{
	size_t told = 0;
	for (size_t i = 0; i < c->alert_count; i++) {
		bool first = true;
		if (teller->json) {
			alert_object(teller, &c->alerts[i]);
			continue;
		}
		for (size_t k = 0; k < i && first; k++)
			first = !same_event(&c->alerts[k], &c->alerts[i]);
		if (!first || ++told > MOST_ALERTS)
			continue;
		tell(teller, c->alerts[i].gained ? "gained" : "lost", alert_tone(&c->alerts[i]),
			alert_words(&teller->arena, c, i, organizations), NULL);
	}
	if (told > MOST_ALERTS)
		tell(teller, "", TONE_FAINT, arena_printf(&teller->arena, "… and alerts on %zu more events", told - MOST_ALERTS), NULL);
}

static void tell_episode(struct teller *teller, const struct episode_change *change)
{
	struct arena *arena = &teller->arena;
	const struct episode_result *result = change->after != NULL ? change->after : change->before;
	const char *dataset = string(arena, result->dataset->name), *episode = string(arena, result->episode->name);
	const char *detection = string(arena, change->detection->name);
	const char *organization = organization_name(arena, change->organization);
	const char *words = arena_printf(arena, "%s %s/%s: %s for %s%s%s", change->gained ? "won" : "lost", dataset, episode,
		detection, organization, change->cause != NULL ? ": " : "", change->cause != NULL ? change->cause : "");
	tell(teller, "episode", change->gained ? TONE_GOOD : TONE_BAD, words,
		json_pack("{s:s, s:s, s:s, s:s, s:s, s:s?}", "change", change->gained ? "won" : "lost", "dataset", dataset, "episode",
			episode, "detection", detection, "organization", organization, "cause", change->cause));
}

static const char *moved(struct arena *arena, const char *words, const char *name, const char *before, const char *after)
{
	if (strcmp(before, after) == 0)
		return words;
	return arena_printf(arena, "%s%s%s %s → %s", words, words[0] != '\0' ? ", " : "", name, before, after);
}

static const char *fraction(struct arena *arena, const struct measure *measure, const struct rate *rate)
{
	return measure != NULL ? show_fraction(arena, rate) : show_nothing;
}

static void tell_rate(struct teller *teller, const struct rate_change *change)
{
	static const struct measure none = {0};
	struct arena *arena = &teller->arena;
	const struct measure *before = change->before, *after = change->after;
	const struct measure *b = before != NULL ? before : &none, *a = after != NULL ? after : &none;
	const char *detection = string(arena, (after != NULL ? after : before)->detection->name), *words = "";
	const char *organization = organization_name(arena, change->organization);
	json_t *object = json_pack("{s:s, s:s}", "detection", detection, "organization", organization);
	words = moved(arena, words, "recall", fraction(arena, before, &b->recall), fraction(arena, after, &a->recall));
	words = moved(arena, words, "FP rate", fraction(arena, before, &b->false_positive_rate),
		fraction(arena, after, &a->false_positive_rate));
	for (enum outcome outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
		const char *name = arena_printf(arena, "%s groups", outcome_short(outcome));
		words = moved(arena, words, name, show_count(arena, b->groups[outcome]), show_count(arena, a->groups[outcome]));
		if (b->groups[outcome] != a->groups[outcome])
			json_object_set_new(object, outcome_name(outcome),
				json_pack("[I, I]", (json_int_t)b->groups[outcome], (json_int_t)a->groups[outcome]));
	}
	if (b->fn != a->fn)
		json_object_set_new(object, "FN", json_pack("[I, I]", (json_int_t)b->fn, (json_int_t)a->fn));
	if (words[0] != '\0')
		tell(teller, "rate", TONE_PLAIN, arena_printf(arena, "%s for %s: %s", detection, organization, words), object);
	else
		json_decref(object);
}

static void tell_total(struct teller *teller, const struct total_change *change)
{
	struct arena *arena = &teller->arena;
	const struct total *before = change->before, *after = change->after;
	const char *organization = organization_name(arena, change->organization), *words = "";
	if (before == NULL || after == NULL)
		return;
	words = moved(arena, words, "recall", show_fraction(arena, &before->recall), show_fraction(arena, &after->recall));
	words = moved(arena, words, "benign events with an FP", show_fraction(arena, &before->false_positive_rate),
		show_fraction(arena, &after->false_positive_rate));
	words = moved(arena, words, "FP groups a day", show_daily(arena, before->false_groups_per_day),
		show_daily(arena, after->false_groups_per_day));
	if (words[0] != '\0')
		tell(teller, "total", TONE_PLAIN, arena_printf(arena, "%s: %s", organization, words),
			json_pack("{s:s, s:s}", "organization", organization, "words", words));
}

static bool same_name(const struct organization *a, const struct organization *b)
{
	return a == NULL || b == NULL ? a == b : text_equal(a->name, b->name);
}

void tell_figures(struct teller *teller, const struct results *before, const struct results *after)
{
	for (size_t i = 0; i < after->measure_count; i++)
		for (size_t k = 0; k < before->measure_count; k++) {
			const struct measure *now = &after->measures[i];
			const struct rate_change change = {now->organization, &before->measures[k], now, {0}, {0}};
			if (same_name(change.before->organization, change.organization) &&
				text_equal(change.before->detection->id, change.after->detection->id))
				tell_rate(teller, &change);
		}
	for (size_t i = 0; i < after->total_count; i++)
		for (size_t k = 0; k < before->total_count; k++) {
			const struct total *now = &after->totals[i], *then = &before->totals[k];
			if (same_name(then->organization, now->organization))
				tell_total(teller, &(struct total_change){now->organization, then, now, {0}, {0}});
		}
}

size_t tell_comparison(struct teller *teller, const struct comparison *c, size_t organizations)
{
	size_t lost = 0;
	for (size_t i = 0; i < c->detection_count; i++)
		tell_detection(teller, &c->detections[i]);
	for (size_t i = 0; i < c->baseline_count; i++)
		tell_baseline(teller, &c->baselines[i]);
	for (size_t i = 0; i < c->episode_count; i++) {
		tell_episode(teller, &c->episodes[i]);
		lost += !c->episodes[i].gained;
	}
	tell_alerts(teller, c, organizations);
	for (size_t i = 0; i < c->rate_count; i++)
		tell_rate(teller, &c->rates[i]);
	for (size_t i = 0; i < c->total_count; i++)
		tell_total(teller, &c->totals[i]);
	return lost;
}
