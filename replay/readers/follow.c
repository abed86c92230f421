/*
 * follow: files that grow (see follow.h).
 */
#include "replay/readers/follow.h"

#include "replay/readers/merge.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_MS = 250, SILENCE_MS = 2000 };

struct follow {
	char *path;
	int fd;
	bool regular;
	const struct follow_control *control;
	struct input *input;
	uint64_t offset;
	char last;          /* byte that was read */
	unsigned silent_ms;
	bool moved;         /* another file has the name: seen once, since what was written last may still come */
};

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL); /* a signal ends it early, and that is right */
}

static void close_follow(void *context)
{
	struct follow *follow = context;
	if (follow->fd > STDIN_FILENO)
		close(follow->fd);
	free(follow->path);
	free(follow);
}

/* More bytes, 0 where there are none now, -1 at the end of a pipe or after a report (*ended is set). */
static ssize_t read_now(struct follow *follow, void *data, size_t size, bool *ended, struct diagnostics *d)
{
	struct pollfd waiting = {.fd = follow->fd, .events = POLLIN};
	if (!follow->regular && poll(&waiting, 1, LOOK_MS) <= 0)
		return 0;
	ssize_t got = read(follow->fd, data, size);
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (got < 0)
		diagnostics_error(d, ((struct place){follow->path, 0, 0}), "cannot be read: %s", strerror(errno));
	*ended = got < 0 || (got == 0 && !follow->regular);
	return *ended ? -1 : got;
}

enum change { CHANGE_NONE, CHANGE_ANOTHER, CHANGE_SHORTER };

/* What became of the name while nothing more came. */
static enum change look(const struct follow *follow)
{
	struct stat named, open;
	if (stat(follow->path, &named) != 0 || fstat(follow->fd, &open) != 0)
		return CHANGE_NONE; /* in the middle of a rotation: the next one is waited for */
	if (named.st_ino != open.st_ino || named.st_dev != open.st_dev)
		return CHANGE_ANOTHER;
	return (uint64_t)open.st_size < follow->offset ? CHANGE_SHORTER : CHANGE_NONE;
}

/* The input goes on with the new file. */
static void begin_anew(struct follow *follow, enum change change)
{
	if (change == CHANGE_ANOTHER) {
		int fd = open(follow->path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return;
		close(follow->fd);
		follow->fd = fd;
	} else {
		lseek(follow->fd, 0, SEEK_SET);
	}
	follow->offset = 0;
	follow->moved = false;
	follow->last = '\n';
	input_begin_lines(follow->input);
}

/* Is there something to do about it? Then 1 with a newline that ends the old file's last line, or 0. */
static ssize_t take_change(struct follow *follow, char *data)
{
	enum change change = look(follow);
	if (change == CHANGE_NONE)
		return 0;
	if (change == CHANGE_ANOTHER && !follow->moved) {
		follow->moved = true;
		return 0;
	}
	if (follow->last != '\n') {
		follow->last = *data = '\n';
		return 1;
	}
	begin_anew(follow, change);
	return 0;
}

static ssize_t read_follow(void *context, void *data, size_t size, struct diagnostics *d)
{
	struct follow *follow = context;
	while (!follow->control->stopped(follow->control->context)) {
		bool ended = false;
		ssize_t got = read_now(follow, data, size, &ended, d);
		if (ended)
			return follow->regular ? -1 : 0;
		if (got > 0) {
			follow->offset += (uint64_t)got;
			follow->last = ((const char *)data)[got - 1];
			follow->silent_ms = 0;
			return got;
		}
		if (follow->regular && take_change(follow, data) > 0)
			return 1;
		if (follow->regular)
			pause_ms(LOOK_MS);
		follow->silent_ms += LOOK_MS;
		if (follow->silent_ms >= SILENCE_MS) {
			follow->silent_ms = 0;
			return INPUT_SILENT;
		}
	}
	return 0;
}

/* Packed data ends; that of a pipe is not looked at before its time. */
static bool is_packed(int fd)
{
	static const unsigned char gzip[] = {0x1f, 0x8b}, zstd[] = {0x28, 0xb5, 0x2f, 0xfd};
	unsigned char begin[4] = {0};
	ssize_t got = pread(fd, begin, sizeof begin, 0);
	return (got >= 2 && memcmp(begin, gzip, sizeof gzip) == 0) || (got == 4 && memcmp(begin, zstd, sizeof zstd) == 0);
}

struct input *follow_open(const char *path, const struct follow_control *control, struct diagnostics *d)
{
	const struct place place = {path, 0, 0};
	struct stat status;
	int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &status) != 0) {
		diagnostics_error(d, place, "cannot open it: %s", strerror(errno));
		return NULL;
	}
	const bool regular = S_ISREG(status.st_mode) && fd != STDIN_FILENO;
	if (regular && is_packed(fd)) {
		diagnostics_error(d, place, "a packed file does not grow: replay it without --follow");
		close(fd);
		return NULL;
	}
	struct follow *follow = mem_alloc(sizeof *follow);
	*follow = (struct follow){.fd = fd, .regular = regular, .control = control, .last = '\n'};
	follow->path = mem_alloc(strlen(path) + 1);
	memcpy(follow->path, path, strlen(path) + 1);
	follow->input = input_from(path, (struct input_source){read_follow, close_follow, follow});
	return follow->input;
}

/* Several at once */

struct tail {
	pthread_t thread;
	bool started;
	const struct source *source;
	struct event_sink sink;
	pthread_mutex_t *lock;
	struct ledger ledger;
	struct diagnostics diagnostics;
	int status;
};

static int take(void *context, struct event *event)
{
	struct tail *tail = context;
	pthread_mutex_lock(tail->lock);
	int status = tail->sink.take(tail->sink.context, event);
	pthread_mutex_unlock(tail->lock);
	return status;
}

static void *read_tail(void *context)
{
	struct tail *tail = context;
	tail->status = source_read(tail->source, (struct event_sink){take, tail}, &tail->ledger, &tail->diagnostics);
	return NULL;
}

int sources_follow(const struct source *sources, size_t count, struct event_sink sink, struct ledger *ledger,
	struct diagnostics *d)
{
	pthread_mutex_t lock;
	struct tail *tails = mem_alloc(count * sizeof *tails);
	int stopped = 0, failed = 0;
	pthread_mutex_init(&lock, NULL);
	for (size_t i = 0; i < count; i++) {
		tails[i] = (struct tail){.source = &sources[i], .sink = sink, .lock = &lock};
		tails[i].started = pthread_create(&tails[i].thread, NULL, read_tail, &tails[i]) == 0;
		if (!tails[i].started)
			failed = diagnostics_error(d, ((struct place){sources[i].files[0], 0, 0}), "no thread could be made to read it");
	}
	for (size_t i = 0; i < count; i++) {
		struct tail *tail = &tails[i];
		if (tail->started)
			pthread_join(tail->thread, NULL);
		source_account(&tail->ledger, &tail->diagnostics, ledger, d);
		stopped = tail->status > 0 ? tail->status : stopped;
		failed |= tail->status < 0 ? -1 : 0;
	}
	pthread_mutex_destroy(&lock);
	free(tails);
	return stopped ? stopped : failed;
}
