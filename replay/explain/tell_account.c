/* tell: an account in words. */
#include "replay/explain/tell.h"

#include "replay/report/show.h"

#include <inttypes.h>

enum { FIELD_COLUMN = 39 };

static void print_facet(const struct facet *facet, const struct registry *registry, FILE *out)
{
	struct arena arena = {0};
	for (size_t i = 0; i < facet->count; i++) {
		unsigned field = facet->entries[i].field;
		if (field == FIELD_CATEGORY || field == FIELD_ACTION)
			continue;
		const char *values = because_values(&arena, &facet->entries[i].values);
		tell_wrap(out, 4, FIELD_COLUMN, arena_printf(&arena, "%-34.*s %s", TEXT_ARGS(registry->fields[field].name), values));
	}
	arena_free(&arena);
}

static void print_condition(const struct asked *asked, const struct registry *registry, FILE *out)
{
	struct text name = asked->condition->name;
	const char *verdict = asked->step ? (asked->holds ? "fits" : "does not fit") : asked->holds ? "MATCH" : "no match";
	fprintf(out, "  %s%.*s: %s\n", asked->step && name.length == 0 ? "until" : "condition ", TEXT_ARGS(name), verdict);
	tell_asked(out, registry, asked, 4);
	if (asked->no_key != NULL)
		fprintf(out, "    but %s of the sequence's key is missing: the event takes part in no chain\n", asked->no_key);
	if (asked->failed_act)
		fputs("    the act failed (event.outcome is failure), and the condition does not ask for failures\n", out);
}

static void print_facets(const struct account *account, const struct registry *registry, FILE *out)
{
	const struct event *event = account->event;
	size_t at = 0;
	for (size_t i = 0; i < event->facet_count; i++) {
		const struct facet *facet = event->facets[i];
		size_t before = at;
		fprintf(out, "\nfacet %zu of %zu: %.*s %.*s%s\n", i + 1, event->facet_count,
			TEXT_ARGS(registry->categories[facet->category].name), TEXT_ARGS(registry->actions[facet->action].name),
			facet->derived ? " (derived)" : "");
		print_facet(facet, registry, out);
		for (; at < account->count && account->asked[at].number == i; at++)
			print_condition(&account->asked[at], registry, out);
		if (at == before)
			fputs("  no condition asks this category\n", out);
	}
	if (event->facet_count == 0)
		fputs("the dialect gives this record no meaning: it has no facet\n", out);
}

static const char *exception_verdict(const struct organization_account *account, const struct exception_account *one)
{
	if (one->expired)
		return one->holds ? "would hold, but has expired" : "has expired, and would not hold";
	if (one == account->decided)
		return "holds, and decided";
	return one->holds ? "holds too" : "does not hold";
}

static void print_exception(const struct organization_account *account, const struct exception_account *one,
	const struct account *of, const struct registry *registry, FILE *out)
{
	struct arena arena = {0};
	tell_wrap(out, 4, 6, arena_printf(&arena, "exception %s: %s", tell_exception(&arena, one->exception, one->shipped),
		exception_verdict(account, one)));
	for (size_t i = 0; i < one->count; i++) {
		if (of->event->facet_count > 1)
			fprintf(out, "      asked of facet %zu\n", one->asked[i].number + 1);
		tell_asked(out, registry, &one->asked[i], 6);
	}
	arena_free(&arena);
}

static void print_organization(const struct account *account, const struct organization_account *one,
	const struct registry *registry, FILE *out)
{
	struct arena arena = {0};
	const char *verdict = tell_verdict(&arena, one->verdict, one->organization, one->decision, one->overridden);
	if (one->decided != NULL)
		verdict = arena_printf(&arena, "no alert: excepted by %.*s", TEXT_ARGS(one->decided->exception->name));
	tell_wrap(out, 2, 4, arena_printf(&arena, "%.*s: %s", TEXT_ARGS(show_organization(one->organization)), verdict));
	for (size_t i = 0; i < one->count; i++)
		print_exception(one, &one->exceptions[i], account, registry, out);
	arena_free(&arena);
}

/* Nothing matched: what would stand in the way of a match besides. */
static void print_standing(const struct account *account, FILE *out)
{
	struct arena arena = {0};
	for (size_t i = 0; i < account->organization_count; i++) {
		const struct organization_account *one = &account->organizations[i];
		if (one->verdict == VERDICT_ALERT)
			continue;
		const char *verdict = tell_verdict(&arena, one->verdict, one->organization, one->decision, one->overridden);
		tell_wrap(out, 2, 4, arena_printf(&arena, "%.*s: %s", TEXT_ARGS(show_organization(one->organization)), verdict));
	}
	arena_free(&arena);
}

void account_print(const struct account *account, const struct catalog *catalog, FILE *out)
{
	const struct event *event = account->event;
	struct arena arena = {0};
	tell_detection(out, account->detection);
	if (event->file != NULL)
		tell_wrap(out, 0, 4, arena_printf(&arena, "event at %s:%" PRIu64 "%s%s", event->file, event->line,
			event->time != INT64_MIN ? ", " : "", event->time != INT64_MIN ? show_time(&arena, event->time) : ""));
	print_facets(account, &catalog->registry, out);
	fprintf(out, "\n%.*s %s\n", TEXT_ARGS(account->detection->name),
		account->matches ? "matches this event" : "does not match this event");
	if (account->sequences && !account->matches)
		fputs(account->alone ? "  it stands alone here: a sequence is decided by the events around it\n"
			: "  no sequence ends at it\n", out);
	for (size_t i = 0; account->matches && i < account->organization_count; i++)
		print_organization(account, &account->organizations[i], &catalog->registry, out);
	if (!account->matches)
		print_standing(account, out);
	arena_free(&arena);
}
