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
			return errno == EINVAL ? path : NULL;
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

/* `path` is no link. errno says why not. */
static int put_in_place(struct arena *arena, const char *path, const struct stat *status, struct text content)
{
	char *temporary = arena_printf(arena, "%s.XXXXXX", path);
	int file = mkstemp(temporary);
	if (file < 0)
		return -1;
	bool failed = write_all(file, content) != 0;
	/* Who may not give files away keeps the file as his own. The owner goes first: a change of it drops bits of the mode. */
	if (fchown(file, status->st_uid, status->st_gid) != 0)
		errno = 0;
	failed = failed || fchmod(file, status->st_mode & 07777) != 0 || fsync(file) != 0;
	failed |= close(file) != 0;
	failed = failed || rename(temporary, path) != 0;
	if (failed) {
		int reason = errno;
		unlink(temporary);
		errno = reason;
		return -1;
	}
	flush_folder(arena, path);
	return 0;
}

static int write_real(struct arena *arena, const char *path, const char *real, struct text before, struct text after,
	struct diagnostics *d)
{
	struct place place = {path, 0, 0};
	struct stat status;
	struct text now;
	if (file_read(arena, real, before.length + 1, d, &now))
		return -1;
	if (!text_equal(now, before))
		return diagnostics_error(d, place, "was changed by somebody else meanwhile; nothing was written: try again");
	if (access(real, W_OK) != 0 || stat(real, &status) != 0 || put_in_place(arena, real, &status, after) != 0)
		return diagnostics_error(d, place, "cannot be written: %s", strerror(errno));
	return 0;
}

int file_write(const char *path, struct text before, struct text after, struct diagnostics *d)
{
	struct arena arena = {0};
	const char *real = follow_links(&arena, path);
	int status;
	if (real)
		status = write_real(&arena, path, real, before, after, d);
	else
		status = diagnostics_error(d, ((struct place){path, 0, 0}), "cannot be written: %s", strerror(errno));
	arena_free(&arena);
	return status;
}
