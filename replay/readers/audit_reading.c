/* audit_reading: see audit_reading.h. */
#include "replay/readers/audit_reading.h"

#include "replay/readers/audit_record.h"
#include "replay/readers/formats.h"

#include <stdlib.h>

struct audit_reading {
	const char *file;
	struct reader_options options; /* for a plan of all names */
	struct arena kept, kept_whole; /* tables and plans */
	struct audit_tables *tables, *whole; /* whole: of all names that the dialect asks for; made when first needed */
};

/* What an event is made of, should somebody ask for the whole of it. */
struct origin {
	struct audit_reading *reading;
	const struct audit_event *event;
};

struct audit_reading *audit_reading_new(const struct reader_options *options, const char *file)
{
	struct audit_reading *reading = mem_alloc(sizeof *reading);
	*reading = (struct audit_reading){.file = file, .options = *options};
	const struct record_plan *plan = reader_plan(options);
	if (!plan)
		plan = record_plan_make(&reading->kept, options->dialect, &options->catalog->registry, options->wanted,
			options->label_name);
	reading->tables = audit_tables_new(&reading->kept, plan);
	return reading;
}

void audit_reading_free(struct audit_reading *reading)
{
	if (!reading)
		return;
	arena_free(&reading->kept);
	arena_free(&reading->kept_whole);
	free(reading);
}

/* The caller holds the plans' lock (formats.h): no other thread asks for the whole of an event of this reading. */
static void add_all(void *context, struct record *full)
{
	const struct origin *origin = context;
	struct audit_reading *reading = origin->reading;
	if (!reading->whole)
		reading->whole = audit_tables_new(&reading->kept_whole, reader_plan_whole(&reading->options));
	audit_record(reading->whole, origin->event, full->arena, reading->file, full);
}

int audit_reading_take(struct audit_reading *reading, const struct audit_event *event, struct arena *arena,
	const struct reader_options *options, struct event_sink sink, struct ledger *ledger)
{
	struct record record;
	struct origin *origin = arena_alloc(arena, sizeof *origin);
	*origin = (struct origin){reading, event};
	audit_record(reading->tables, event, arena, reading->file, &record);
	record.again = add_all;
	record.again_context = origin;
	return reader_deliver(&record, options, sink, ledger);
}
