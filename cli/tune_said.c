/* tune_said: how each target can say the proposed exceptions (see tune_said.h). */
#include "cli/tune_said.h"

#include "cli/tune_organization.h"
#include "generator/pack.h"

#include <string.h>

struct saying {
	const struct catalog *catalog;
	struct text as_of;
	struct proposals *proposals;
	struct diagnostics *d;
	struct arena arena;
	const struct organization *whole; /* with the proposals */
	const struct organization *parts; /* with each clause of each proposal as an exception of its own */
};

static int build(struct saying *s, const struct target *target, const struct organization *organization,
	struct pack_summary *summary)
{
	struct pack_request request = {.catalog = s->catalog, .organization = organization, .target = target, .as_of = s->as_of};
	return pack_build(&request, summary, s->d);
}

static const struct exception_row *row_of(const struct pack_summary *summary, const struct exception *exception)
{
	for (size_t i = 0; i < summary->exception_count; i++)
		if (summary->exceptions[i].exception == exception)
			return &summary->exceptions[i];
	return NULL;
}

static void take_rows(struct saying *s, const struct target *target, const struct pack_summary *summary)
{
	struct proposals *proposals = s->proposals;
	size_t before = proposals->organization->exception_count;
	for (size_t i = 0; i < proposals->count; i++) {
		struct proposal *proposal = &proposals->items[i];
		const struct exception_row *row = row_of(summary, &s->whole->exceptions[before + i]);
		struct said said = {target->name, "lost", "none of its detections has a rule there"};
		if (row) {
			said.fidelity = row->word;
			said.reason = row->reason ? arena_strdup(&proposals->arena, row->reason) :
				row->used         ? NULL
						  : "no rule has to be changed for it";
		}
		proposal->said = arena_grow(&proposals->arena, proposal->said, proposal->said_count, sizeof *proposal->said);
		proposal->said[proposal->said_count++] = said;
	}
}

/* --- which clauses it is ---------------------------------------------------------------------- */

static void find_field(const struct predicate *predicate, void *context)
{
	*(unsigned *)context = predicate->field;
}

/* Adds what a clause speaks of to the list, once. */
static const char *add_name(struct saying *s, const char *names, const struct exception *clause)
{
	unsigned field = FIELD_NONE;
	node_visit(clause->condition->root, find_field, &field);
	struct text name = s->catalog->registry.fields[field].name;
	if (text_contains(text_of(names), name, false))
		return names;
	return arena_printf(&s->proposals->arena, "%s%s%.*s", names, names[0] ? ", " : "", TEXT_ARGS(name));
}

static void name_clauses(struct saying *s, const struct pack_summary *summary)
{
	const struct exception *clause = s->parts->exceptions;
	for (size_t i = 0; i < s->proposals->count; i++) {
		struct proposal *proposal = &s->proposals->items[i];
		struct said *said = &proposal->said[proposal->said_count - 1];
		const char *names = "";
		for (size_t k = 0; k < proposal->part_count; k++, clause++) {
			const struct exception_row *row = row_of(summary, clause);
			if (row && strcmp(row->word, "lost") == 0)
				names = add_name(s, names, clause);
		}
		if (strcmp(said->fidelity, "exact") != 0 && names[0])
			said->reason = arena_printf(&s->proposals->arena, "%s: %s", said->reason, names);
	}
}

static bool is_not_exact(const struct saying *s)
{
	for (size_t i = 0; i < s->proposals->count; i++) {
		const struct proposal *proposal = &s->proposals->items[i];
		if (strcmp(proposal->said[proposal->said_count - 1].fidelity, "exact") != 0)
			return true;
	}
	return false;
}

static int ask(struct saying *s, const struct target *target)
{
	struct pack_summary summary = {0}, clauses = {0};
	int failed = build(s, target, s->whole, &summary);
	if (failed == 0)
		take_rows(s, target, &summary);
	if (failed == 0 && target->exceptions && is_not_exact(s)) {
		failed = build(s, target, s->parts, &clauses);
		if (failed == 0)
			name_clauses(s, &clauses);
	}
	pack_summary_free(&summary);
	pack_summary_free(&clauses);
	return failed;
}

/* --- what is built ----------------------------------------------------------------------------- */

static bool is_named(const struct proposals *proposals, const struct detection *detection)
{
	for (size_t i = 0; i < proposals->count; i++)
		for (size_t k = 0; k < proposals->items[i].detection_count; k++)
			if (proposals->items[i].detections[k] == detection)
				return true;
	return false;
}

/* Of a pack only the detections that a proposal names say anything about it: the organization without the others. */
static const struct organization *narrowed(struct saying *s, const struct organization *from)
{
	const struct catalog *catalog = s->catalog;
	if (!from)
		return NULL;
	struct text *names = arena_array(&s->arena, catalog->detection_count + 1, sizeof *names);
	struct organization *organization = arena_alloc(&s->arena, sizeof *organization);
	*organization = *from;
	organization->disable = (struct texts){names, 0};
	for (size_t i = 0; i < catalog->detection_count; i++)
		if (!is_named(s->proposals, catalog->detections[i]))
			names[organization->disable.count++] = catalog->detections[i]->name;
	return organization;
}

int tune_said(const struct catalog *catalog, struct text as_of, struct proposals *proposals, struct diagnostics *d)
{
	struct saying s = {.catalog = catalog, .as_of = as_of, .proposals = proposals, .d = d};
	int failed = 0;
	if (proposals->count == 0)
		return 0;
	s.whole = narrowed(&s, tune_organization(&s.arena, catalog, proposals, d));
	s.parts = narrowed(&s, tune_organization_of_parts(&s.arena, catalog, proposals, d));
	if (!s.whole || !s.parts)
		failed = -1;
	for (const struct target *target = targets; target->name && failed == 0; target++)
		failed = ask(&s, target);
	arena_free(&s.arena);
	return failed;
}
