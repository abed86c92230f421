/* live: see live.h. */
#include "cli/live.h"

#include "replay/report/show.h"

#include <stdio.h>
#include <time.h>

/* A detection's alerts of one event. */
struct live_line {
	const struct detection *detection;
	enum severity severity;
	const char *organizations, *text; /* text: what follows */
	const char *time;
};

/* Signals that end it; kept back, so that whoever reads finds them waiting. */
static sigset_t ending_signals(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	return set;
}

static bool is_stopped(void *context)
{
	sigset_t waiting;
	(void)context;
	return sigpending(&waiting) == 0 && (sigismember(&waiting, SIGINT) == 1 || sigismember(&waiting, SIGTERM) == 1);
}

void live_begin(struct live *live, bool json)
{
	const sigset_t set = ending_signals();
	*live = (struct live){.control = {is_stopped, NULL}, .json = json};
	pthread_sigmask(SIG_BLOCK, &set, &live->before);
}

void live_end(struct live *live)
{
	const sigset_t set = ending_signals();
	const struct timespec now = {0, 0};
	while (sigtimedwait(&set, NULL, &now) > 0)
		continue; /* it was obeyed */
	pthread_sigmask(SIG_SETMASK, &live->before, NULL);
	arena_free(&live->arena);
}

void live_alert(void *context, const struct alert *alert)
{
	struct live *live = context;
	struct arena *arena = &live->arena;
	const struct text name = show_organization(alert->organization);
	if (live->json) {
		report_json_alert(alert, stdout);
		fflush(stdout);
		return;
	}
	for (size_t i = 0; i < live->count; i++)
		if (live->lines[i].detection == alert->detection && live->lines[i].severity == alert->severity) {
			live->lines[i].organizations = arena_printf(arena, "%s, %.*s", live->lines[i].organizations, TEXT_ARGS(name));
			return;
		}
	live->lines = arena_grow(arena, live->lines, live->count, sizeof *live->lines);
	live->lines[live->count++] = (struct live_line){
		.detection = alert->detection,
		.severity = alert->severity,
		.organizations = arena_strndup(arena, name.data, name.length),
		.time = alert->time == INT64_MIN ? "-" : show_time(arena, alert->time),
		.text = arena_printf(arena, "%s:%llu %.*s %.*s", alert->file, (unsigned long long)alert->line,
			TEXT_ARGS(alert->entity), TEXT_ARGS(alert->fields)),
	};
}

void live_event_done(void *context)
{
	struct live *live = context;
	for (size_t i = 0; i < live->count; i++) {
		const struct live_line *line = &live->lines[i];
		const char *whole = arena_printf(&live->arena, "%s %s %.*s [%s] %s", line->time, severity_name(line->severity),
			TEXT_ARGS(line->detection->name), line->organizations, line->text);
		diagnostic_print_safely(whole, stdout);
		fputc('\n', stdout);
	}
	if (live->count > 0) {
		fflush(stdout);
		arena_reset(&live->arena);
	}
	live->lines = NULL;
	live->count = 0;
}
