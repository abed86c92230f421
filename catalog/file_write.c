/*
 * file_write: a user's file gets new content, whole or not at all.
 */
#include "catalog/file_write.h"

#include "catalog/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINKS_MAX = 40 }; /* as many as the kernel follows */

static const char *folder_of(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? arena_strndup(arena, path, (size_t)(slash - path) + 1) : "./";
}

/* What a symbolic link points to, and that, if it is one. NULL: errno says why. */
static const char *follow_links(struct arena *arena, const char *path)
{
	char target[4096];
	for (unsigned i = 0; i < LINKS_MAX; i++) {
		ssize_t length = readlink(path, target, sizeof target);
		if (length < 0)
			return errno == EINVAL || errno == ENOENT ? path : NULL;
		const char *folder = length > 0 && target[0] == '/' ? "" : folder_of(arena, path);
		path = arena_printf(arena, "%s%.*s", folder, (int)length, target);
	}
	errno = ELOOP;
	return NULL;
}

static int write_all(int file, struct text content)
{
	while (content.length > 0) {
		ssize_t written = write(file, content.data, content.length);
		if (written < 0 && errno != EINTR)
			return -1;
		if (written > 0)
			content = text_slice(content, (size_t)written, content.length);
	}
	return 0;
}

/* The name in the folder has to reach the disk, too. Some file systems cannot do that; then nothing is lost but this. */
static void flush_folder(struct arena *arena, const char *path)
{
	int folder = open(folder_of(arena, path), O_RDONLY | O_CLOEXEC);
	if (folder < 0)
		return;
	fsync(folder);
	close(folder);
}

/* `path` is no link. `status`: of the file that is there, or NULL. errno says why not. */
static int put_in_place(struct arena *arena, const char *path, const struct stat *status, struct text content)
{
	char *temporary = arena_printf(arena, "%s.XXXXXX", path);
	int file = mkstemp(temporary);
	if (file < 0)
		return -1;
	bool failed = write_all(file, content) != 0;
	/* Who may not give files away keeps the file as his own. The owner goes first: a change of it drops bits of the mode. */
	if (status && fchown(file, status->st_uid, status->st_gid) != 0)
		errno = 0;
	failed = failed || fchmod(file, status ? status->st_mode & 07777 : 0644) != 0 || fsync(file) != 0;
	int reason = errno;
	if (close(file) != 0 && !failed) {
		failed = true;
		reason = errno;
	}
	if (!failed && rename(temporary, path) != 0) {
		failed = true;
		reason = errno;
	}
	if (failed) {
		unlink(temporary);
		errno = reason;
		return -1;
	}
	flush_folder(arena, path);
	return 0;
}

static int fail(const char *path, struct diagnostics *d)
{
	return diagnostics_error(d, ((struct place){path, 0, 0}), "cannot be written: %s", strerror(errno));
}

/* Who may not write the file may not put another in its place, either. */
static int put(struct arena *arena, const char *path, const char *real, struct text content, struct diagnostics *d)
{
	struct stat status;
	bool there = real && stat(real, &status) == 0;
	if (!real || (!there && errno != ENOENT) || (there && access(real, W_OK) != 0) ||
		put_in_place(arena, real, there ? &status : NULL, content) != 0)
		return fail(path, d);
	return 0;
}

int file_put(const char *path, struct text content, struct diagnostics *d)
{
	struct arena arena = {0};
	int status = put(&arena, path, follow_links(&arena, path), content, d);
	arena_free(&arena);
	return status;
}

int file_write(const char *path, struct text before, struct text after, struct diagnostics *d)
{
	struct arena arena = {0};
	struct text now;
	const char *real = follow_links(&arena, path);
	int status = -1;
	if (!real || access(real, F_OK) != 0)
		fail(path, d);
	else if (file_read(&arena, real, before.length + 1, d, &now) != 0)
		status = -1;
	else if (!text_equal(now, before))
		diagnostics_error(d, ((struct place){path, 0, 0}),
			"was changed by somebody else meanwhile; nothing was written: try again");
	else
		status = put(&arena, path, real, after, d);
	arena_free(&arena);
	return status;
}
