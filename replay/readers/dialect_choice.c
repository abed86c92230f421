/* dialect_choice: see dialect_choice.h. */
#include "replay/readers/dialect_choice.h"

#include "replay/readers/json_record.h"

#include <stdlib.h>
#include <string.h>

struct candidate {
	struct dialect_figures figures;
	struct json_names *names; /* JSON's names hang on the dialect's root; NULL until an object comes */
	const struct record_plan *plan;   /* made when first needed */
};

struct dialect_choice {
	struct arena plans;
	const struct catalog *catalog;
	struct text reads;
	struct candidate *candidates;
	size_t count;
	uint64_t records;
	struct arena arena; /* of the record in hand */
};

/* Columns of CSV are named like members of JSON where a product exports both. */
static bool reads_like(struct text dialect, struct text format)
{
	return text_equal(dialect, format) || (text_is(format, "csv") && text_is(dialect, "json"));
}

struct dialect_choice *dialect_choice_new(const struct catalog *catalog, struct text reads)
{
	struct dialect_choice *choice = mem_alloc(sizeof *choice);
	*choice = (struct dialect_choice){.catalog = catalog, .reads = reads};
	choice->candidates = mem_alloc((catalog->dialect_count + 1) * sizeof *choice->candidates);
	for (size_t i = 0; i < catalog->dialect_count; i++)
		if (reads_like(catalog->dialects[i]->reads, reads))
			choice->candidates[choice->count++] = (struct candidate){.figures.dialect = catalog->dialects[i]};
	return choice;
}

void dialect_choice_free(struct dialect_choice *choice)
{
	if (!choice)
		return;
	for (size_t i = 0; i < choice->count; i++)
		if (choice->candidates[i].names)
			json_names_free(choice->candidates[i].names);
	arena_free(&choice->arena);
	arena_free(&choice->plans);
	free(choice->candidates);
	free(choice);
}

/* Fields of the facet that has most: several facets of one event tell the same again. */
static uint64_t fields_of(const struct event *event)
{
	unsigned dataset = registry_field(event->registry, TEXT("event.dataset"));
	uint64_t most = 0;
	for (size_t i = 0; i < event->facet_count; i++) {
		const struct facet *facet = event->facets[i];
		uint64_t filled = 0;
		for (size_t k = 0; k < facet->count; k++) {
			unsigned field = facet->entries[k].field;
			filled += field != FIELD_CATEGORY && field != FIELD_ACTION && field != FIELD_TYPE && field != dataset;
		}
		most = filled > most ? filled : most;
	}
	return most;
}

static void count_event(struct dialect_figures *figures, const struct event *event)
{
	figures->understood += event->facet_count && !event->other;
	figures->other += event->other;
	figures->fields += fields_of(event);
	figures->unfilled += event->unfilled;
}

static void try_record(struct dialect_choice *choice, struct candidate *candidate, const struct record *record)
{
	struct event event;
	struct record own = *record; /* its names are numbered by this candidate's plan */
	if (!candidate->plan)
		candidate->plan = record_plan_make(&choice->plans, candidate->figures.dialect, &choice->catalog->registry, NULL,
			TEXT(""));
	event_begin(&event, &choice->arena, &choice->catalog->registry);
	candidate->figures.records++;
	if (record_mean(&own, candidate->plan, &event) == 0)
		count_event(&candidate->figures, &event);
}

void dialect_choice_record(struct dialect_choice *choice, const struct record *record)
{
	choice->records++;
	for (size_t i = 0; i < choice->count; i++) {
		arena_reset(&choice->arena);
		try_record(choice, &choice->candidates[i], record);
	}
}

bool dialect_choice_object(struct dialect_choice *choice, struct text object)
{
	bool good = false;
	for (size_t i = 0; i < choice->count; i++) {
		struct candidate *candidate = &choice->candidates[i];
		struct reader_options options = {.catalog = choice->catalog, .dialect = candidate->figures.dialect};
		struct record record;
		if (!candidate->names)
			candidate->names = json_names_new(&options);
		arena_reset(&choice->arena);
		record_begin(&record, &choice->arena, "", 0);
		if (json_record(candidate->names, object, &record))
			break;
		try_record(choice, candidate, &record);
		good = true;
	}
	choice->records += good;
	return good;
}

/* More than 0: a is better. */
static int compare(const struct dialect_figures *a, const struct dialect_figures *b)
{
	if (a->fields != b->fields)
		return a->fields > b->fields ? 1 : -1;
	return (a->understood > b->understood) - (a->understood < b->understood);
}

/* The best of all; `*second` is as good, or NULL. */
static const struct dialect_figures *best_of(const struct dialect_choice *choice, const struct dialect_figures **second)
{
	const struct dialect_figures *best = NULL;
	*second = NULL;
	for (size_t i = 0; i < choice->count; i++) {
		const struct dialect_figures *figures = &choice->candidates[i].figures;
		int order = best ? compare(figures, best) : 1;
		if (!figures->fields)
			continue;
		if (order > 0) {
			best = figures;
			*second = NULL;
		} else if (order == 0 && !*second) {
			*second = figures;
		}
	}
	return best;
}

const struct dialect *dialect_choice_best(const struct dialect_choice *choice, struct arena *arena,
	struct dialect_figures *figures, const char **why)
{
	const struct dialect_figures *second, *best = best_of(choice, &second);
	*figures = best ? *best : (struct dialect_figures){.records = choice->records};
	*why = NULL;
	if (!choice->records)
		*why = "no record is whole in what was shown";
	else if (!best)
		*why = arena_printf(arena, "no dialect that reads %.*s understands any of %llu records", TEXT_ARGS(choice->reads),
			(unsigned long long)choice->records);
	else if (second)
		*why = arena_printf(arena, "the dialects %.*s and %.*s understand it equally well: name one",
			TEXT_ARGS(best->dialect->name), TEXT_ARGS(second->dialect->name));
	else if (!best->understood)
		*why = arena_printf(arena, "the dialect %.*s comes nearest, but none of its events fits any of %llu records: "
					   "name it, if it is right",
			TEXT_ARGS(best->dialect->name), (unsigned long long)choice->records);
	return *why || !best ? NULL : best->dialect;
}

static int count_taken(void *context, struct event *event)
{
	count_event(context, event);
	return 0;
}

const struct dialect *dialect_choose(const struct catalog *catalog, const struct reader *reader, struct text sample,
	const struct reader_options *options, struct arena *arena, struct dialect_figures *figures, const char **why)
{
	struct dialect_choice *choice = dialect_choice_new(catalog, text_of(reader->name));
	for (size_t i = 0; i < choice->count; i++) {
		struct dialect_figures *tried = &choice->candidates[i].figures;
		struct reader_options own = options ? *options : (struct reader_options){.csv_header = true};
		struct diagnostics d = {0};
		struct ledger ledger = {0};
		struct input *input = input_of("", sample);
		own.catalog = catalog;
		own.dialect = tried->dialect;
		own.wanted = NULL;
		reader_read(reader, input, &own, (struct event_sink){count_taken, tried}, &ledger, &d);
		tried->records = ledger.events;
		choice->records = ledger.events > choice->records ? ledger.events : choice->records;
		input_close(input);
		ledger_free(&ledger);
		diagnostics_free(&d);
	}
	const struct dialect *best = dialect_choice_best(choice, arena, figures, why);
	dialect_choice_free(choice);
	return best;
}

const char *dialect_figures_text(struct arena *arena, const struct dialect_figures *figures)
{
	const char *text = arena_printf(arena, "%llu of %llu events understood", (unsigned long long)figures->understood,
		(unsigned long long)figures->records);
	if (!figures->other)
		return text;
	return arena_printf(arena, "%s, %llu more only by their group", text, (unsigned long long)figures->other);
}
