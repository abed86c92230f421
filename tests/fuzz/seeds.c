/*
 * seeds: feeds the files of folders (or single files) to a fuzz target, without libFuzzer. So every input
 * that ever mattered runs in `make test`, under the sanitizers. The empty input is always the first.
 */
#include "catalog/yaml.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run_file(const char *path)
{
	struct arena arena = {0};
	struct diagnostics d = {0};
	struct text content;
	int status = file_read(&arena, path, (size_t)1 << 28, &d, &content);
	if (!status)
		LLVMFuzzerTestOneInput((const uint8_t *)content.data, content.length);
	diagnostics_print(&d, stderr);
	diagnostics_free(&d);
	arena_free(&arena);
	return status;
}

/* Runs a file, or all files of a folder. Returns how many could not be read, and counts those that ran. */
static size_t run_path(const char *path, size_t *ran)
{
	struct stat status;
	size_t failed = 0;
	struct arena arena = {0};
	if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode)) {
		failed = run_file(path) != 0;
		*ran += !failed;
		return failed;
	}
	DIR *folder = opendir(path);
	for (struct dirent *entry = folder ? readdir(folder) : NULL; entry; entry = readdir(folder))
		if (entry->d_name[0] != '.')
			failed += run_path(arena_printf(&arena, "%s/%s", path, entry->d_name), ran);
	if (folder)
		closedir(folder);
	arena_free(&arena);
	return failed;
}

int main(int argc, char **argv)
{
	size_t ran = 1, failed = 0;
	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	for (int i = 1; i < argc; i++)
		failed += run_path(argv[i], &ran);
	printf("%zu passed, %zu failed, 0 skipped\n", ran, failed);
	return failed != 0;
}
