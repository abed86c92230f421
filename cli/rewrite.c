/* rewrite: see rewrite.h. */
#include "cli/rewrite.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINKS_MAX = 40 };

static bool write_all(int file, struct text content)
{
	while (content.length > 0) {
		ssize_t written = write(file, content.data, content.length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		content = text_slice(content, (size_t)written, content.length);
	}
	return true;
}

static bool replace(const char *target, const char *temporary, mode_t mode, struct text content)
{
	int file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file < 0)
		return false;
	bool good = write_all(file, content) && fchmod(file, mode) == 0 && fsync(file) == 0;
	int reason = errno;
	if (close(file) != 0 && good) {
		good = false;
		reason = errno;
	}
	if (good && rename(temporary, target) == 0)
		return true;
	if (good)
		reason = errno;
	unlink(temporary);
	errno = reason;
	return false;
}

/* What a symbolic link leads to in the end; the path itself where it is none. */
static const char *followed(struct arena *arena, const char *path)
{
	for (unsigned left = LINKS_MAX; left > 0; left--) {
		char target[4096];
		ssize_t length = readlink(path, target, sizeof target);
		if (length < 0 || (size_t)length == sizeof target)
			return path;
		const char *slash = strrchr(path, '/');
		if (target[0] == '/' || slash == NULL)
			path = arena_strndup(arena, target, (size_t)length);
		else
			path = arena_printf(arena, "%.*s/%.*s", (int)(slash - path), path, (int)length, target);
	}
	return path;
}

int file_rewrite(const char *path, struct text content, struct diagnostics *d)
{
	struct arena arena = {0};
	struct stat status;
	const char *target = followed(&arena, path);
	mode_t mode = stat(target, &status) == 0 ? status.st_mode & 07777 : 0644;
	const char *temporary = arena_printf(&arena, "%s.%ld.new", target, (long)getpid());
	bool good = replace(target, temporary, mode, content);
	int reason = errno;
	arena_free(&arena);
	if (good)
		return 0;
	return diagnostics_error(d, ((struct place){path, 0, 0}), "cannot be written: %s", strerror(reason));
}
