/* review: the exceptions that there are, judged by recorded events (see review.h). */
#include "replay/tune/implies.h"
#include "replay/tune/review_pass.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>

static const char *const kind_names[] = {
	[REVIEW_HIDES_ATTACK] = "hides-attack",
	[REVIEW_EXPIRED] = "expired",
	[REVIEW_EXPIRES_SOON] = "expires-soon",
	[REVIEW_UNREACHABLE] = "unreachable",
	[REVIEW_SHADOWED] = "shadowed",
	[REVIEW_UNUSED] = "unused",
	[REVIEW_WIDE] = "wide",
};

enum { LEAST_WIDE = 2, COMMON_SHOWN = 3, ATTACKS_SHOWN = 3 };

const char *review_kind_name(enum review_kind kind)
{
	return kind_names[kind];
}

/* --- dates ------------------------------------------------------------------------------------ */

static long number_of(struct text date, size_t from, size_t to)
{
	int64_t number = 0;
	text_to_long(text_slice(date, from, to), &number);
	return (long)number;
}

/* Days since 0000-03-01 of a valid date YYYY-MM-DD. */
static long day_of(struct text date)
{
	long year = number_of(date, 0, 4), month = number_of(date, 5, 7), day = number_of(date, 8, 10);
	month = (month + 9) % 12; /* from March on: a leap day is the last */
	year -= month >= 10;
	return year * 365 + year / 4 - year / 100 + year / 400 + (month * 306 + 5) / 10 + day - 1;
}

static long days_left(const struct exception *exception, struct text as_of)
{
	return exception->expires.length ? day_of(exception->expires) - day_of(as_of) : LONG_MAX;
}

/* --- findings --------------------------------------------------------------------------------- */

static uint64_t sum(const uint64_t *counts)
{
	uint64_t all = 0;
	for (size_t i = 0; i < OUTCOME_COUNT; i++)
		all += counts[i];
	return all;
}

static const char *plural(uint64_t count, const char *one, const char *many)
{
	return count == 1 ? one : many;
}

static void add_finding(struct review *review, enum review_kind kind, const struct review_item *item, const char *message,
	const char *advice)
{
	review->findings = arena_grow(&review->arena, review->findings, review->finding_count, sizeof *review->findings);
	review->findings[review->finding_count++] =
		(struct review_finding){.kind = kind, .item = item, .message = text_of(message), .advice = text_of(advice)};
}

static const char *say(struct review *review, const char *format, ...) __attribute__((format(printf, 2, 3)));
static const char *say(struct review *review, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	const char *text = arena_vprintf(&review->arena, format, arguments);
	va_end(arguments);
	return text;
}

/* Is the expected alert missed, and is no gap known that says why? */
static bool is_missed(const struct results *results, const struct excepted *excepted)
{
	for (size_t i = 0; i < results->episode_count; i++) {
		const struct episode_result *episode = &results->episodes[i];
		for (size_t k = 0; episode->episode == excepted->episode && !episode->foreign && k < episode->missed_count; k++)
			if (episode->missed[k].detection == excepted->detection && episode->missed[k].cause == MISS_EXCEPTED &&
				episode->missed[k].gap.length == 0)
				return true;
	}
	return false;
}

static void keep_missed(struct review *review, struct review_item *item, const struct excepted *from)
{
	item->missed++;
	if (item->attack_count == ATTACKS_SHOWN)
		return;
	item->attacks = arena_grow(&review->arena, item->attacks, item->attack_count, sizeof *item->attacks);
	item->attacks[item->attack_count++] = (struct hidden_event){.detection = from->detection, .dataset = from->dataset,
		.episode = from->episode, .file = from->file, .line = from->line, .malicious = true, .what = outcome_name(OUTCOME_TP)};
}

static void judge_attacks(struct review_pass *p, const struct results *results, struct review_item *item)
{
	struct review *review = p->review;
	for (size_t i = 0; i < p->excepted_count; i++)
		if (&review->items[p->excepted[i].item] == item && is_missed(results, &p->excepted[i]))
			keep_missed(review, item, &p->excepted[i]);
	if (item->missed == 0)
		return;
	const struct hidden_event *first = &item->attacks[0];
	const char *place = first->file ? say(review, ", first excepted at %s:%llu", first->file,
		(unsigned long long)first->line) : "";
	const char *more = item->missed > 1 ? say(review, ", and %zu more expected %s", item->missed - 1,
						      plural(item->missed - 1, "alert", "alerts"))
	                                    : "";
	add_finding(review, REVIEW_HIDES_ATTACK, item,
		say(review, "hides an attack: %.*s is expected in episode %.*s of %.*s and does not alert%s%s",
			TEXT_ARGS(first->detection->name),
			TEXT_ARGS(first->episode->name), TEXT_ARGS(first->dataset->name), place, more),
		"narrow its condition until this alerts again: name what the normal cause has and the attack has not");
}

static void judge_dates(struct review *review, const struct review_item *item, long soon)
{
	uint64_t false_alerts = item->only[OUTCOME_FP];
	const char *back = false_alerts > 0 ? say(review, "%llu false %s", (unsigned long long)false_alerts,
							plural(false_alerts, "positive", "positives"))
	                                    : "no false positive";
	if (item->expired)
		add_finding(review, REVIEW_EXPIRED, item,
			say(review, "ended on %.*s and does not apply any more; it would remove %s of these datasets that nothing else does",
				TEXT_ARGS(item->exception->expires), back),
			false_alerts > 0 ? "renew `expires` if its cause is still normal, else remove it" : "remove it");
	else if (item->days_left <= soon)
		add_finding(review, REVIEW_EXPIRES_SOON, item,
			say(review, "ends on %.*s, in %ld %s; then %s of these datasets %s back", TEXT_ARGS(item->exception->expires),
				item->days_left, plural((uint64_t)item->days_left, "day", "days"), back, false_alerts == 1 ? "comes" : "come"),
			false_alerts > 0 ? "ask its owner; renew `expires`, or let it end" : "let it end, and remove it");
}

struct naming {
	struct review *review;
	const bool *present; /* fields that are left out; NULL: none */
	const char *names;
};

static void name_field(const struct predicate *predicate, void *context)
{
	struct naming *naming = context;
	struct text name = naming->review->catalog->registry.fields[predicate->field].name;
	if (naming->present && naming->present[predicate->field])
		return;
	if (naming->names[0] && text_contains(text_of(naming->names), name, false))
		return;
	naming->names = say(naming->review, "%s%s%.*s", naming->names, naming->names[0] ? ", " : "", TEXT_ARGS(name));
}

static void judge_reach(struct review_pass *p, const struct review_item *item)
{
	struct review *review = p->review;
	const struct node *root = item->exception->condition->root;
	struct naming naming = {review, p->present + (size_t)(item - review->items) * review->catalog->registry.field_count, ""};
	if (item->asked == 0 || item->answerable > 0 || item->expired)
		return;
	node_visit(root, name_field, &naming);
	naming.present = NULL; /* each is there at times, never all that are needed */
	if (!naming.names[0])
		node_visit(root, name_field, &naming);
	add_finding(review, REVIEW_UNREACHABLE, item,
		say(review, "can hold on none of the %llu %s that it speaks of: they do not carry what it asks for (%s)",
			(unsigned long long)item->asked, plural(item->asked, "match", "matches"), naming.names),
		"name fields that these events have (`mews explain` shows them), or remove it");
}

static void judge_use(struct review *review, const struct review_item *item)
{
	if (sum(item->removed) > 0 || item->expired || (item->asked > 0 && item->answerable == 0))
		return;
	add_finding(review, REVIEW_UNUSED, item,
		item->asked == 0 ? "removes nothing here: what it speaks of matched no event of these datasets"
		                 : say(review, "removes nothing here: it holds on none of the %llu %s that it speaks of",
					   (unsigned long long)item->asked, plural(item->asked, "match", "matches")),
		item->asked == 0 ? "record events of its cause, so that it can be judged; without a cause remove it"
		                 : "remove it if its cause is gone; else record events of it");
}

/* --- one beside another ----------------------------------------------------------------------- */

static bool item_covers(const struct review_item *item, const struct detection *detection)
{
	return item->detection ? item->detection == detection : exception_covers(item->exception, detection);
}

static bool covers_all_of(const struct review *review, const struct review_item *wide, const struct review_item *narrow)
{
	for (size_t i = 0; i < review->catalog->detection_count; i++)
		if (item_covers(narrow, review->catalog->detections[i]) && !item_covers(wide, review->catalog->detections[i]))
			return false;
	return true;
}

/* Of two that do the same the later one is the shadow. */
static bool judge_pair(struct review_pass *p, size_t i, size_t k)
{
	struct review *review = p->review;
	const struct review_item *item = &review->items[i], *other = &review->items[k];
	uint64_t removed = sum(item->removed), both = p->both[i * review->count + k];
	bool by_alerts = removed > 0 && both == removed;
	bool same = by_alerts && sum(other->removed) == removed;
	size_t asked = 0, back = 0;
	if (i == k || other->expired || (removed > 0 && !by_alerts) || (same && k > i))
		return false;
	bool covered = covers_all_of(review, other, item);
	bool implied = covered && condition_implies(review->catalog, p->evaluator, item->exception->condition,
					  other->exception->condition, &asked);
	if (!by_alerts && !implied)
		return false;
	if (!by_alerts && k > i && covers_all_of(review, item, other) &&
		condition_implies(review->catalog, p->evaluator, other->exception->condition, item->exception->condition, &back))
		return false;
	const char *alerts = !by_alerts ? "" : say(review, "removes all of the %llu %s that it removes here",
		(unsigned long long)removed,
							 plural(removed, "alert", "alerts"));
	const char *logic = !implied ? "" : say(review, "%sholds on all of %zu events made for it%s", by_alerts ? " and " : "", asked,
							by_alerts ? "" : ", which matches nothing here");
	add_finding(review, REVIEW_SHADOWED, item,
		say(review, "is shadowed by `%.*s` (%s:%u), which %s%s", TEXT_ARGS(other->exception->name),
			other->exception->place.file ? other->exception->place.file : "", other->exception->place.line, alerts, logic),
		implied ? "remove it: the other says all that it says"
		        : "remove it if the other's cause is meant; else narrow the other (on other events they may differ)");
	review->findings[review->finding_count - 1].other = other;
	return true;
}

static bool judge_shadows(struct review_pass *p, size_t i)
{
	for (size_t k = 0; k < p->review->count && !p->review->items[i].expired; k++)
		if (judge_pair(p, i, k))
			return true;
	return false;
}

/* --- wider than needed ------------------------------------------------------------------------ */

struct kinds {
	const struct aspects *aspects;
	unsigned seen; /* bits by aspect_kind; 1 << ASPECT_KINDS: something else */
};

static void see_kind(const struct predicate *predicate, void *context)
{
	struct kinds *kinds = context;
	const struct aspect *aspect = &kinds->aspects->items[predicate->field];
	kinds->seen |= 1u << (aspect->use == ASPECT_SKIPPED ||
		predicate->other != FIELD_NONE ? (unsigned)ASPECT_KINDS : aspect->kind);
}

static bool is_wide(const struct aspects *aspects, const struct exception *exception)
{
	struct kinds kinds = {aspects, 0};
	node_visit(exception->condition->root, see_kind, &kinds);
	return kinds.seen == 1u << ASPECT_PROGRAM || kinds.seen == 1u << ASPECT_WHO;
}

/* What the condition asks for already, or what follows from that, narrows nothing. */
static void drop_asked(const struct predicate *predicate, void *context)
{
	struct review_pass *p = context;
	for (size_t i = 0; i < p->review->count; i++)
		for (unsigned field = 1; p->holds[i] && p->commons[i].values && field < p->review->catalog->registry.field_count; field++)
			if (field == predicate->field || aspects_covers(&p->aspects, predicate->field, field) ||
				aspects_covers(&p->aspects, field, predicate->field))
				p->commons[i].values[field] = (struct text){0};
}

static const char *narrower(struct review_pass *p, size_t i)
{
	struct review *review = p->review;
	const char *list = "";
	for (unsigned shown = 0; shown < COMMON_SHOWN; shown++) {
		unsigned best = FIELD_NONE;
		for (unsigned field = 1; field < review->catalog->registry.field_count; field++) {
			const struct aspect *aspect = &p->aspects.items[field];
			if (p->commons[i].values[field].data && aspect->kind != ASPECT_WHERE &&
				(best == FIELD_NONE || aspect->weight > p->aspects.items[best].weight))
				best = field;
		}
		if (best == FIELD_NONE)
			break;
		list = say(review, "%s%s%.*s == \"%.*s\"", list, shown > 0 ? " and " : "",
			TEXT_ARGS(review->catalog->registry.fields[best].name), TEXT_ARGS(p->commons[i].values[best]));
		for (unsigned field = 1; field < review->catalog->registry.field_count; field++)
			if (field == best || aspects_covers(&p->aspects, best, field))
				p->commons[i].values[field] = (struct text){0};
	}
	return list;
}

static void judge_width(struct review_pass *p, size_t i)
{
	struct review *review = p->review;
	const struct review_item *item = &review->items[i];
	if (!p->wide[i] || item->expired || p->commons[i].seen < LEAST_WIDE)
		return;
	for (size_t k = 0; k < review->count; k++)
		p->holds[k] = k == i;
	node_visit(item->exception->condition->root, drop_asked, p);
	const char *list = narrower(p, i);
	if (list[0])
		add_finding(review, REVIEW_WIDE, item,
			say(review, "lets a program or a user do anything, though all %llu alerts that it removes here have more in common",
				(unsigned long long)p->commons[i].seen),
			say(review, "add: and %s", list));
}

/* --- all together ----------------------------------------------------------------------------- */

static void begin(struct review_pass *p, const struct review_options *options)
{
	struct review *review = p->review;
	struct arena *arena = &review->arena;
	review->catalog = options->replay->catalog;
	review->organization = options->replay->organization_count ? options->replay->organizations[0] : NULL;
	baseline_make(&p->baseline, arena, review->catalog, review->organization, options->replay->as_of);
	aspects_make(&p->aspects, arena, &review->catalog->registry);
	review->count = p->baseline.exception_count;
	review->items = arena_array(arena, review->count + 1, sizeof *review->items);
	p->both = arena_array(arena, review->count * review->count + 1, sizeof *p->both);
	p->wide = arena_array(arena, review->count + 1, sizeof *p->wide);
	p->commons = arena_array(arena, review->count + 1, sizeof *p->commons);
	p->present = arena_array(arena, review->count * review->catalog->registry.field_count + 1, sizeof *p->present);
	p->holds = arena_array(arena, review->count + 1, sizeof *p->holds);
	for (size_t i = 0; i < review->count; i++) {
		const struct baseline_exception *from = &p->baseline.exceptions[i];
		review->items[i] = (struct review_item){.exception = from->exception, .detection = from->detection,
			.expired = from->expired,
			.days_left = days_left(from->exception, options->replay->as_of)};
		p->wide[i] = is_wide(&p->aspects, from->exception);
	}
}

static int by_kind(const void *a, const void *b)
{
	const struct review_finding *left = a, *right = b;
	if (left->kind != right->kind)
		return left->kind < right->kind ? -1 : 1;
	return left->item < right->item ? -1 : left->item > right->item;
}

static void judge(struct review_pass *p, const struct results *results, long soon)
{
	for (size_t i = 0; i < p->review->count; i++) {
		struct review_item *item = &p->review->items[i];
		judge_attacks(p, results, item);
		judge_dates(p->review, item, soon);
		judge_reach(p, item);
		if (!judge_shadows(p, i))
			judge_use(p->review, item);
		judge_width(p, i);
	}
	if (p->review->finding_count > 1)
		qsort(p->review->findings, p->review->finding_count, sizeof *p->review->findings, by_kind);
}

struct review *review_run(const struct review_options *options, struct diagnostics *d)
{
	struct review *review = mem_alloc(sizeof *review);
	struct review_pass pass = {.review = review, .evaluator = evaluator_new()};
	*review = (struct review){0};
	begin(&pass, options);
	struct results *results = review_pass(&pass, options->replay, d);
	if (results)
		judge(&pass, results, options->soon);
	evaluator_free(pass.evaluator);
	if (results) {
		results_free(results);
		return review;
	}
	review_free(review);
	return NULL;
}

void review_free(struct review *review)
{
	if (!review)
		return;
	arena_free(&review->arena);
	free(review);
}
