/*
 * watcher: which files of a project somebody saved (inotify), and whether it shall end (Ctrl-C, SIGTERM, SIGHUP).
 *
 *   struct watcher *watcher = watcher_open(&d);
 *   watcher_add(watcher, "rulesets");             -- a folder with all below it, or one file; need not be there yet
 *   while (watcher_wait(watcher, &arena, &files) == WATCH_SAVED) …
 *   watcher_close(watcher);                       -- signals are as they were before
 *
 * Editors save in many ways: into the file, into another one that takes its name, by way of a backup. All of them end in
 * a file that was closed after writing or got its name; what comes close together is one save. Only *.yaml and *.yml
 * count, and none whose name begins with a dot (locks and swap files). New folders are watched as they come, those that
 * are gone are waited for.
 */
#ifndef MEWS_WATCHER_H
#define MEWS_WATCHER_H

#include "catalog/detection.h"

struct watcher;

enum watch_news { WATCH_SAVED, WATCH_ENDED };

struct watcher *watcher_open(struct diagnostics *d); /* NULL: reported */
void watcher_close(struct watcher *watcher);         /* NULL is fine */
/* -1: reported (there may be too many folders for the kernel's limit). */
int watcher_add(struct watcher *watcher, const char *path, struct diagnostics *d);
/* Waits. *files: what was saved or removed, each once; the list lives in the arena. */
enum watch_news watcher_wait(struct watcher *watcher, struct arena *arena, struct texts *files);
/* Is there news already? Then whatever is under way is out of date. Does not wait. */
bool watcher_pending(struct watcher *watcher);

#endif
