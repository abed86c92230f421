/* watcher: see watcher.h. */
#include "cli/watcher.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	QUIET = 60,      /* milliseconds without news that end a save */
	LONGEST = 1000,  /* …of which a save has this many at most */
	RETURN = 500,    /* how often folders that are gone are looked for */
	DEEPEST = 16,
	MASK = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE | IN_DELETE_SELF | IN_MOVE_SELF,
};

/* A folder that is watched. */
struct watched {
	int wd; /* -1: no more */
	const char *path;
	const char *only; /* the name of the one file that counts there; NULL: all */
};

struct root {
	const char *path;
	bool is_file, missing;
};

struct watcher {
	struct arena arena;
	int notify, signals;
	sigset_t before;
	struct root *roots;
	size_t root_count;
	struct watched *folders;
	size_t folder_count;
	const char **changed; /* since watcher_wait last returned */
	size_t changed_count;
	bool ended, stale;    /* stale: folders came or went */
};

static void ending_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGHUP);
}

struct watcher *watcher_open(struct diagnostics *d)
{
	struct watcher *watcher = mem_alloc(sizeof *watcher);
	sigset_t set;
	*watcher = (struct watcher){.notify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC)};
	ending_signals(&set);
	pthread_sigmask(SIG_BLOCK, &set, &watcher->before);
	watcher->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (watcher->notify >= 0 && watcher->signals >= 0)
		return watcher;
	diagnostics_error(d, ((struct place){NULL, 0, 0}), "files cannot be watched: %s", strerror(errno));
	watcher_close(watcher);
	return NULL;
}

void watcher_close(struct watcher *watcher)
{
	if (watcher == NULL)
		return;
	if (watcher->notify >= 0)
		close(watcher->notify);
	if (watcher->signals >= 0)
		close(watcher->signals);
	pthread_sigmask(SIG_SETMASK, &watcher->before, NULL);
	arena_free(&watcher->arena);
	free(watcher);
}

static void note_changed(struct watcher *watcher, const char *path)
{
	for (size_t i = 0; i < watcher->changed_count; i++)
		if (strcmp(watcher->changed[i], path) == 0)
			return;
	watcher->changed = arena_grow(&watcher->arena, watcher->changed, watcher->changed_count, sizeof *watcher->changed);
	watcher->changed[watcher->changed_count++] = arena_strdup(&watcher->arena, path);
}

static bool counts(const char *name)
{
	struct text text = text_of(name);
	return name[0] != '.' && (text_ends(text, TEXT(".yaml"), false) || text_ends(text, TEXT(".yml"), false));
}

/* true: the folder was not watched before. */
static bool watch_folder(struct watcher *watcher, const char *path, const char *only, bool *failed)
{
	const int wd = inotify_add_watch(watcher->notify, path, (uint32_t)MASK | IN_ONLYDIR | IN_MASK_ADD);
	struct watched *free_row = NULL;
	if (wd < 0) {
		*failed = *failed || errno == ENOSPC;
		return false;
	}
	for (size_t i = 0; i < watcher->folder_count; i++) {
		struct watched *row = &watcher->folders[i];
		if (row->wd == wd && (row->only == NULL ? only == NULL : only != NULL && strcmp(row->only, only) == 0)) {
			if (strcmp(row->path, path) != 0) /* it was moved */
				row->path = arena_strdup(&watcher->arena, path);
			return false;
		}
		if (row->wd == -1)
			free_row = row;
	}
	if (free_row == NULL) {
		watcher->folders = arena_grow(&watcher->arena, watcher->folders, watcher->folder_count, sizeof *watcher->folders);
		free_row = &watcher->folders[watcher->folder_count++];
	}
	*free_row = (struct watched){wd, arena_strdup(&watcher->arena, path), only};
	return true;
}

/* A folder and all below it. `news`: files in folders that were not watched before have come just now. */
static void watch_below(struct watcher *watcher, const char *path, bool news, bool *failed, int depth)
{
	const bool is_new = watch_folder(watcher, path, NULL, failed);
	DIR *folder = depth < DEEPEST ? opendir(path) : NULL;
	struct dirent *entry;
	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		struct arena arena = {0};
		struct stat status;
		const char *inner = arena_printf(&arena, "%s/%s", path, entry->d_name);
		if (entry->d_name[0] != '.' && stat(inner, &status) == 0) {
			if (S_ISDIR(status.st_mode))
				watch_below(watcher, inner, news, failed, depth + 1);
			else if (news && is_new && counts(entry->d_name))
				note_changed(watcher, inner);
		}
		arena_free(&arena);
	}
	if (folder != NULL)
		closedir(folder);
}

static void scan(struct watcher *watcher, struct root *root, bool news, bool *failed)
{
	struct stat status;
	const bool was_missing = root->missing;
	const char *folder = root->path, *slash = strrchr(root->path, '/');
	root->missing = stat(root->path, &status) != 0;
	if (root->is_file) {
		const size_t length = slash == NULL ? 0 : (size_t)(slash - root->path) + (slash == root->path);
		folder = length == 0 ? "." : arena_strndup(&watcher->arena, root->path, length);
		watch_folder(watcher, folder, slash == NULL ? root->path : slash + 1, failed);
	} else if (!root->missing) {
		watch_below(watcher, folder, news, failed, 0);
	}
	if (news && was_missing != root->missing)
		note_changed(watcher, root->path);
}

int watcher_add(struct watcher *watcher, const char *path, struct diagnostics *d)
{
	struct stat status;
	bool failed = false;
	watcher->roots = arena_grow(&watcher->arena, watcher->roots, watcher->root_count, sizeof *watcher->roots);
	struct root *root = &watcher->roots[watcher->root_count++];
	*root = (struct root){.path = arena_strdup(&watcher->arena, path)};
	root->is_file = counts(path) && !(stat(path, &status) == 0 && S_ISDIR(status.st_mode));
	scan(watcher, root, false, &failed);
	if (failed)
		return diagnostics_error(d, ((struct place){path, 0, 0}),
			"there are more folders than the kernel watches for one user (fs.inotify.max_user_watches)");
	return 0;
}

static void take(struct watcher *watcher, const struct inotify_event *event)
{
	if (event->mask & IN_Q_OVERFLOW) {
		note_changed(watcher, "more files than could be told apart");
		watcher->stale = true;
	}
	for (size_t i = 0; i < watcher->folder_count; i++) {
		struct watched *row = &watcher->folders[i];
		if (row->wd != event->wd)
			continue;
		if (event->mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED)) {
			watcher->stale = true;
			if (event->mask & IN_IGNORED)
				row->wd = -1;
			else
				inotify_rm_watch(watcher->notify, row->wd);
		} else if (event->mask & IN_ISDIR) {
			watcher->stale = watcher->stale || row->only == NULL;
		} else if (event->len > 0 && !(event->mask & IN_CREATE) &&
			(row->only != NULL ? strcmp(row->only, event->name) == 0 : counts(event->name))) {
			struct arena arena = {0};
			bool here = row->only != NULL && strcmp(row->path, ".") == 0;
			note_changed(watcher, here ? event->name : arena_printf(&arena, "%s/%s", row->path, event->name));
			arena_free(&arena);
		}
	}
}

/* What the kernel has kept for us. */
static void drain(struct watcher *watcher)
{
	_Alignas(struct inotify_event) char block[16384];
	struct signalfd_siginfo ending;
	bool failed = false;
	ssize_t got;
	while ((got = read(watcher->notify, block, sizeof block)) > 0)
		for (const char *at = block; at < block + got;) {
			const struct inotify_event *event = (const void *)at;
			take(watcher, event);
			at += sizeof *event + event->len;
		}
	while (read(watcher->signals, &ending, sizeof ending) > 0)
		watcher->ended = true;
	for (size_t i = 0; i < watcher->root_count; i++)
		if (watcher->stale || watcher->roots[i].missing)
			scan(watcher, &watcher->roots[i], true, &failed);
	watcher->stale = false;
}

static bool wait_for(struct watcher *watcher, int milliseconds)
{
	struct pollfd files[] = {{watcher->notify, POLLIN, 0}, {watcher->signals, POLLIN, 0}};
	return poll(files, 2, milliseconds) > 0;
}

bool watcher_pending(struct watcher *watcher)
{
	if (wait_for(watcher, 0))
		drain(watcher);
	return watcher->ended || watcher->changed_count > 0;
}

static bool any_missing(const struct watcher *watcher)
{
	for (size_t i = 0; i < watcher->root_count; i++)
		if (watcher->roots[i].missing)
			return true;
	return false;
}

enum watch_news watcher_wait(struct watcher *watcher, struct arena *arena, struct texts *files)
{
	while (!watcher->ended && watcher->changed_count == 0) {
		wait_for(watcher, any_missing(watcher) ? RETURN : -1);
		drain(watcher);
	}
	for (int waited = 0; !watcher->ended && waited < LONGEST && wait_for(watcher, QUIET); waited += QUIET)
		drain(watcher);
	struct text *list = arena_array(arena, watcher->changed_count + 1, sizeof *list);
	for (size_t i = 0; i < watcher->changed_count; i++)
		list[i] = text_of(arena_strdup(arena, watcher->changed[i]));
	*files = (struct texts){list, watcher->changed_count};
	watcher->changed = NULL;
	watcher->changed_count = 0;
	return watcher->ended ? WATCH_ENDED : WATCH_SAVED;
}
