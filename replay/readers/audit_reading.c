/* audit_reading: see audit_reading.h. */
#include "replay/readers/audit_reading.h"

#include "replay/readers/audit_record.h"
#include "replay/readers/formats.h"
#include "replay/readers/recipes.h"

#include <stdlib.h>

enum { PARTS_MAX = 32 }; /* of events that are made by a recipe */

/* A plan, its tables, and what they are used with. The findings are those of the event in hand. */
struct making {
	struct arena arena;
	struct audit_tables *tables; /* NULL: not made yet */
	struct recipes *recipes;     /* NULL: none for the dialect */
	struct audit_findings findings;
	uint16_t parts[PARTS_MAX];   /* their kind, again and again */
	bool paths;                  /* the plan has that kind */
};

struct audit_reading {
	const char *file;
	struct reader_options options; /* for a plan of all names */
	struct making making, whole;   /* whole: of all names that the dialect asks for; made when first needed */
};

/* What an event is made of, should somebody ask for the whole of it. */
struct origin {
	struct audit_reading *reading;
	const struct audit_event *event;
	const struct reader_options *options;
};

static void begin(struct making *making, const struct record_plan *plan, const struct registry *registry)
{
	making->tables = audit_tables_new(&making->arena, plan);
	making->recipes = recipes_new(plan, registry);
	for (size_t i = 0; i < plan->kind_count; i++)
		if (text_is(plan->kinds[i], "PATH")) {
			making->paths = true;
			for (size_t k = 0; k < PARTS_MAX; k++)
				making->parts[k] = (uint16_t)i;
		}
}

static void end(struct making *making)
{
	recipes_free(making->recipes);
	audit_findings_free(&making->findings);
	arena_free(&making->arena);
}

struct audit_reading *audit_reading_new(const struct reader_options *options, const char *file)
{
	struct audit_reading *reading = mem_alloc(sizeof *reading);
	*reading = (struct audit_reading){.file = file, .options = *options};
	const struct record_plan *plan = reader_plan(options);
	if (!plan)
		plan = record_plan_make(&reading->making.arena, options->dialect, &options->catalog->registry, options->wanted,
			options->label_name);
	begin(&reading->making, plan, &options->catalog->registry);
	reading->making.tables->any_type = reading->making.tables->any_type || options->watch; /* who watches sees all */
	reading->making.tables->all = options->watch != NULL;
	return reading;
}

void audit_reading_free(struct audit_reading *reading)
{
	if (!reading)
		return;
	end(&reading->making);
	end(&reading->whole);
	free(reading);
}

/* Finds, and makes the event by a recipe. NULL: there is none for it; what was found is in the making. */
static struct event *make(struct making *making, const struct audit_event *event, struct arena *arena)
{
	struct audit_findings *findings = &making->findings;
	struct event *made = NULL;
	audit_find(making->tables, event, arena, findings);
	if (making->recipes && findings->parts <= (making->paths ? PARTS_MAX : 0))
		made = recipes_make(making->recipes, findings->list.items, findings->list.count, making->parts, findings->parts, arena,
			findings->time);
	if (made)
		made->id = findings->id;
	return made;
}

static void begin_whole(struct audit_reading *reading)
{
	if (reading->whole.tables)
		return;
	begin(&reading->whole, reader_plan_whole(&reading->options), &reading->options.catalog->registry);
	reading->whole.tables->all = true;
}

/* The caller holds the plans' lock (formats.h): no other thread asks for the whole of an event of this reading. */
static const struct event *make_whole(const struct origin *origin, const struct event *event)
{
	struct audit_reading *reading = origin->reading;
	begin_whole(reading);
	struct event *whole = make(&reading->whole, origin->event, event->arena);
	if (!whole) {
		struct record record;
		whole = arena_alloc(event->arena, sizeof *whole);
		event_begin(whole, event->arena, event->registry);
		audit_record(reading->whole.tables, origin->event, &reading->whole.findings, event->arena, reading->file, &record);
		if (record_mean(&record, reading->whole.tables->plan, whole))
			return event;
	}
	return event_join(event, whole);
}

static const struct event *complete(const struct event *event)
{
	const struct origin *origin = event->source;
	struct reader_plans *plans = origin->options->plans;
	pthread_mutex_lock(&plans->lock);
	const struct event *whole = make_whole(origin, event);
	pthread_mutex_unlock(&plans->lock);
	return whole;
}

/* The same for an event that was made of a record (deliver.c). */
static void add_all(void *context, struct record *full)
{
	const struct origin *origin = context;
	struct audit_reading *reading = origin->reading;
	begin_whole(reading);
	audit_find(reading->whole.tables, origin->event, full->arena, &reading->whole.findings);
	audit_record(reading->whole.tables, origin->event, &reading->whole.findings, full->arena, reading->file, full);
}

static struct origin *origin_of(struct audit_reading *reading, const struct audit_event *event, struct arena *arena,
	const struct reader_options *options)
{
	struct origin *origin = arena_alloc(arena, sizeof *origin);
	*origin = (struct origin){reading, event, options};
	return origin;
}

static int deliver_record(struct audit_reading *reading, const struct audit_event *event, struct arena *arena,
	const struct reader_options *options, struct event_sink sink, struct ledger *ledger)
{
	struct record record;
	audit_record(reading->making.tables, event, &reading->making.findings, arena, reading->file, &record);
	record.again = add_all;
	record.again_context = origin_of(reading, event, arena, options);
	return reader_deliver(&record, options, sink, ledger);
}

int audit_reading_take(struct audit_reading *reading, const struct audit_event *event, struct arena *arena,
	const struct reader_options *options, struct event_sink sink, struct ledger *ledger)
{
	struct event *made = make(&reading->making, event, arena);
	if (!made || options->watch)
		return deliver_record(reading, event, arena, options, sink, ledger);
	made->file = reading->file;
	made->line = event->records[0].line;
	if (options->wanted && options->plans) {
		made->complete = complete;
		made->source = origin_of(reading, event, arena, options);
	}
	ledger->events++;
	ledger->unfilled += made->unfilled;
	return sink.take(sink.context, made);
}
