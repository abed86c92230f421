/* progress: see progress.h. */
#include "cli/progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define PAUSE 0.2  /* seconds between two lines */
#define ENOUGH 1.0 /* seconds after which speed says something */

static double seconds_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* One more part of the line, where there is room for it. */
static void add(struct buffer *line, size_t width, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void add(struct buffer *line, size_t width, const char *format, ...)
{
	char part[64];
	va_list arguments;
	va_start(arguments, format);
	int length = vsnprintf(part, sizeof part, format, arguments);
	va_end(arguments);
	if (length > 0 && line->length + (size_t)length + 2 <= width)
		buffer_printf(line, "%s%s", line->length ? "  " : "", part);
}

void progress_line(struct buffer *line, const struct progress *p, uint64_t bytes, uint64_t events, uint64_t alerts,
	double seconds)
{
	double total = (double)p->total, now = (double)(p->total && bytes > p->total ? p->total : bytes);
	if (p->total)
		add(line, p->width, "%3.0f %%", now / total * 100);
	if (p->total)
		add(line, p->width, "%.1f of %.1f MB", now / 1e6, total / 1e6);
	else
		add(line, p->width, "%.1f MB", now / 1e6);
	add(line, p->width, "%llu events", (unsigned long long)events);
	add(line, p->width, "%llu alerts", (unsigned long long)alerts);
	if (seconds < ENOUGH)
		return;
	double speed = (double)events / seconds;
	add(line, p->width, speed < 10000 ? "%.0f events/s" : "%.0f k events/s", speed < 10000 ? speed : speed / 1000);
	if (p->total && now > 0) {
		double left = seconds / now * (total - now) + 0.5;
		add(line, p->width, "%d:%02d left", (int)(left / 60), (int)left % 60);
	}
}

static void show(void *context, uint64_t bytes, uint64_t events, uint64_t alerts)
{
	struct progress *p = context;
	struct buffer line = {0};
	double now = seconds_now();
	if (bytes < p->before)
		p->started = now;
	p->before = bytes;
	if (now - p->shown < PAUSE)
		return;
	p->shown = now;
	progress_line(&line, p, bytes, events, alerts, now - p->started);
	fprintf(stderr, "\r%.*s%*s", (int)line.length, line.data ? line.data : "",
		(int)(p->length > line.length ? p->length - line.length : 0), "");
	fflush(stderr);
	p->length = line.length;
	buffer_free(&line);
}

static size_t width_of_terminal(void)
{
	struct winsize size;
	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

void progress_begin(struct progress *p, struct replay_options *how)
{
	*p = (struct progress){.on = isatty(STDERR_FILENO) != 0, .width = width_of_terminal(), .started = seconds_now()};
	for (size_t i = 0; i < how->dataset_count; i++)
		for (size_t k = 0; k < how->datasets[i]->file_count; k++)
			p->total += input_size_of(how->datasets[i]->files[k]);
	how->progress = p->on ? show : NULL;
	how->progress_context = p;
}

void progress_end(struct progress *p)
{
	if (p->on && p->length)
		fprintf(stderr, "\r%*s\r", (int)p->length, "");
	p->length = 0;
}
