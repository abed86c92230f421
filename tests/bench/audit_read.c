/*
 * audit_read: how long reading an audit log takes: its lines alone, our records and fields, our events, and
 * libauparse's walk over the same records and fields. One thread each, one after the other, best of `rounds`.
 *
 *   audit_read CATALOG LOG [ROUNDS [ONLY]]     ONLY: what is asked for, by words of its line (for a profiler)
 */
#include "catalog/catalog.h"
#include "replay/readers/audit_event.h"
#include "replay/readers/reader.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#if __has_include(<auparse.h>)
#include <auparse.h>
#define HAVE_AUPARSE 1
#endif

static double now(void)
{
	struct timespec at;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
	return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

struct work {
	const char *path, *only;
	const struct catalog *catalog;
	const uint8_t *wanted;
	bool decoded; /* libauparse: values as they are meant (exe=2F… as a path), which is what ours are */
	size_t events, records, fields; /* of the newest round */
};

static void read_lines(struct work *work)
{
	struct diagnostics d = {0};
	struct input *input = input_open(work->path, &d);
	struct input_line line;
	while (input_next(input, &line, &d) > 0)
		work->records++;
	input_close(input);
	diagnostics_free(&d);
}

static int count_event(void *context, struct event *event)
{
	struct work *work = context;
	work->events++;
	for (size_t i = 0; i < event->facet_count; i++)
		work->fields += event->facets[i]->count;
	return 0;
}

static void read_events(struct work *work)
{
	struct diagnostics d = {0};
	struct ledger ledger = {0};
	struct reader_options options = {.catalog = work->catalog, .wanted = work->wanted};
	reader_run(reader_find(TEXT("auditd")), work->path, &options, (struct event_sink){count_event, work}, &ledger, &d);
	work->records = (size_t)(ledger.event_lines + ledger.continued);
	diagnostics_print(&d, stderr);
	diagnostics_free(&d);
	ledger_free(&ledger);
}

static int walk_event(void *context, const struct audit_event *event)
{
	struct work *work = context;
	work->events++;
	for (size_t i = 0; i < event->count; i++) {
		struct audit_cursor cursor;
		struct audit_field field;
		audit_fields(&cursor, event->records[i].body);
		while (audit_next(&cursor, &field))
			work->fields++;
	}
	return 0;
}

/* Our records and all their fields, without any meaning: what libauparse does. */
static void walk_ours(struct work *work)
{
	struct diagnostics d = {0};
	struct input *input = input_open(work->path, &d);
	struct audit_memo memo = {.stamp_length = 0};
	struct audit_events *events = audit_events_new(walk_event, work);
	struct input_line line;
	struct audit_line parsed;
	enum audit_role role;
	while (input_next(input, &line, &d) > 0)
		if (!audit_head_next(&memo, line.text, &parsed)) {
			work->records++;
			audit_events_add(events, &parsed, line.number, &role);
		}
	audit_events_end(events);
	audit_events_free(events);
	input_close(input);
	diagnostics_free(&d);
}

#ifdef HAVE_AUPARSE
static void count_record(auparse_state_t *au, struct work *work)
{
	work->records++;
	if (!auparse_first_field(au))
		return;
	do
		work->fields += (work->decoded ? auparse_interpret_field(au) : auparse_get_field_str(au)) != NULL;
	while (auparse_next_field(au) > 0);
}

static void walk_theirs(struct work *work)
{
	auparse_state_t *au = auparse_init(AUSOURCE_FILE, work->path);
	while (au && auparse_next_event(au) > 0) {
		work->events++;
		auparse_first_record(au);
		do
			count_record(au, work);
		while (auparse_next_record(au) > 0);
	}
	auparse_destroy(au);
}
#endif

/* The same by auparse_feed, in pieces of 64 KiB. */
#ifdef HAVE_AUPARSE
static void feed_event(auparse_state_t *au, auparse_cb_event_t type, void *context)
{
	struct work *work = context;
	if (type != AUPARSE_CB_EVENT_READY)
		return;
	work->events++;
	auparse_first_record(au);
	do
		count_record(au, work);
	while (auparse_next_record(au) > 0);
}

static void feed_theirs(struct work *work)
{
	char bytes[65536];
	FILE *file = fopen(work->path, "rb");
	auparse_state_t *au = auparse_init(AUSOURCE_FEED, NULL);
	auparse_add_callback(au, feed_event, work, NULL);
	for (size_t got; file && (got = fread(bytes, 1, sizeof bytes, file)) > 0;)
		auparse_feed(au, bytes, got);
	auparse_flush_feed(au);
	auparse_destroy(au);
	if (file)
		fclose(file);
}
#endif

static double best_of(int rounds, const char *what, void (*run)(struct work *), struct work *work, double lines)
{
	double best = 0;
	if (work->only && !strstr(what, work->only))
		return 0;
	for (int i = 0; i < rounds; i++) {
		work->events = work->records = work->fields = 0;
		double from = now();
		run(work);
		double took = now() - from;
		if (!i || took < best)
			best = took;
	}
	printf("audit    %-40s %7.3f s  %8zu events %9zu records %10zu fields", what, best, work->events, work->records, work->fields);
	if (lines > 0)
		printf("  %5.1f times its lines alone", best / lines);
	putchar('\n');
	return best;
}

int main(int argc, char **argv)
{
	/* What replaying a pack of detections asks for, about. */
	static const char *const asked[] = {"event.outcome", "process.executable", "process.name", "process.args", "process.command_line",
		"process.pid", "process.parent.pid", "process.working_directory", "user.id", "user.name", "file.path", "file.name",
		"file.mode", "destination.address", "destination.port", "audit.key"};
	struct diagnostics d = {0};
	struct catalog catalog = {0};
	int rounds = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 3;
	if (argc < 3 || catalog_load(&catalog, argv[1], &d)) {
		diagnostics_print(&d, stderr);
		return 2;
	}
	struct work work = {.path = argv[2], .only = argc > 4 ? argv[4] : NULL, .catalog = &catalog};
	uint8_t *wanted = arena_alloc(&catalog.arena, catalog.registry.field_count);
	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
		wanted[registry_field(&catalog.registry, text_of(asked[i]))] = 1;
	double lines = best_of(rounds, "lines alone", read_lines, &work, 0);
	double all = best_of(rounds, "events, all fields", read_events, &work, lines);
	work.wanted = wanted;
	double some = best_of(rounds, "events, 16 wanted fields", read_events, &work, lines);
	best_of(rounds, "records and fields without meaning", walk_ours, &work, lines);
#ifdef HAVE_AUPARSE
	double theirs = best_of(rounds, "libauparse over the file", walk_theirs, &work, lines);
	work.decoded = true;
	double decoded = best_of(rounds, "libauparse, values decoded", walk_theirs, &work, lines);
	work.decoded = false;
	double fed = best_of(rounds, "libauparse, fed", feed_theirs, &work, lines);
	if (work.only)
		return 0;
	printf("audit    libauparse over the file takes %.1f times as long as our events with all fields, %.1f times with 16 wanted\n",
		theirs / all, theirs / some);
	printf("audit    libauparse with decoded values takes %.1f times as long as our events with all fields, %.1f times with 16 wanted\n",
		decoded / all, decoded / some);
	printf("audit    libauparse, fed, takes %.1f times as long as our events with all fields, %.1f times with 16 wanted\n",
		fed / all, fed / some);
#else
	(void)all;
	(void)some;
	puts("audit    skipped: libauparse-dev, to compare with");
#endif
	catalog_free(&catalog);
	diagnostics_free(&d);
	return 0;
}
