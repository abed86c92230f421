/* Files get new content whole or not at all; mode and links stay. */
#include "unit.h"

#include "catalog/file_write.h"
#include "catalog/yaml.h"

#include <sys/stat.h>
#include <unistd.h>

static void check_content(struct arena *arena, const char *path, const char *expected)
{
	struct diagnostics d = {0};
	struct text now = TEXT("");

	CHECK_LONG(file_read(arena, path, 0, &d, &now), 0);
	CHECK_TEXT(now, expected);
	diagnostics_free(&d);
}

static size_t entries(struct arena *arena, const char *folder, const char *pattern)
{
	FILE *list = popen(arena_printf(arena, "ls -A '%s' | grep -c '%s'", folder, pattern), "r");
	unsigned count = 99;

	CU_ASSERT_PTR_NOT_NULL_FATAL(list);
	CHECK_LONG(fscanf(list, "%u", &count), 1);
	pclose(list);
	return count;
}

static void test_mode_and_links(void)
{
	struct arena arena = {0};
	struct diagnostics d = {0};
	const char *folder = unit_folder(&arena), *file = unit_file(&arena, folder, "a/file", TEXT("old"));
	const char *link = arena_printf(&arena, "%s/link", folder), *over = arena_printf(&arena, "%s/over", folder);
	struct stat status;

	CHECK_LONG(chmod(file, 0640), 0);
	CHECK_LONG(symlink("a/file", link), 0);
	CHECK_LONG(symlink(link, over), 0);
	CHECK_LONG(file_write(over, TEXT("old"), TEXT("new"), &d), 0);
	check_content(&arena, file, "new");
	CHECK_LONG(stat(file, &status), 0);
	CHECK_LONG(status.st_mode & 07777, 0640);
	CHECK_LONG(lstat(over, &status), 0);
	CU_ASSERT(S_ISLNK(status.st_mode));
	CHECK_LONG(file_write(file, TEXT("new"), TEXT(""), &d), 0);
	check_content(&arena, file, "");
	CHECK_LONG(entries(&arena, arena_printf(&arena, "%s/a", folder), "."), 1); /* no temporary is left */
	CHECK_LONG(d.errors, 0);
	diagnostics_free(&d);
	arena_free(&arena);
}

static void test_put(void)
{
	struct arena arena = {0};
	struct diagnostics d = {0};
	const char *folder = unit_folder(&arena), *file = arena_printf(&arena, "%s/new", folder);
	const char *link = arena_printf(&arena, "%s/link", folder);
	struct stat status;

	CHECK_LONG(symlink("new", link), 0); /* to what is not there yet */
	CHECK_LONG(file_put(link, TEXT("one"), &d), 0);
	check_content(&arena, file, "one");
	CHECK_LONG(stat(file, &status), 0);
	CHECK_LONG(status.st_mode & 07777, 0644);
	CHECK_LONG(chmod(file, 0600), 0);
	CHECK_LONG(file_put(file, TEXT("other"), &d), 0);
	check_content(&arena, file, "other");
	CHECK_LONG(stat(file, &status), 0);
	CHECK_LONG(status.st_mode & 07777, 0600);
	CHECK_LONG(d.errors, 0);
	CHECK_LONG(file_put(arena_printf(&arena, "%s/no/such", folder), TEXT("x"), &d), -1);
	CHECK_CONTAINS(unit_printed(&arena, &d), "such: error: cannot be written: No such file");
	CHECK_LONG(entries(&arena, folder, "."), 2);
	diagnostics_free(&d);
	arena_free(&arena);
}

static void test_refused(void)
{
	struct arena arena = {0};
	struct diagnostics d = {0};
	const char *folder = unit_folder(&arena), *file = unit_file(&arena, folder, "file", TEXT("older"));
	const char *loop = arena_printf(&arena, "%s/loop", folder);

	CHECK_LONG(file_write(file, TEXT("old"), TEXT("new"), &d), -1);
	CHECK_LONG(file_write(file, TEXT("oldest"), TEXT("new"), &d), -1);
	CHECK_LONG(file_write(arena_printf(&arena, "%s/none", folder), TEXT(""), TEXT("new"), &d), -1);
	CHECK_LONG(symlink("loop", loop), 0);
	CHECK_LONG(file_write(loop, TEXT(""), TEXT("new"), &d), -1);
	check_content(&arena, file, "older");
	struct text printed = unit_printed(&arena, &d);

	CHECK_CONTAINS(printed, "file: error: was changed by somebody else meanwhile");
	CHECK_CONTAINS(printed, "none: error: cannot be written: No such file");
	CHECK_CONTAINS(printed, "loop: error: cannot be written: Too many levels");
	CHECK_LONG(d.errors, 4);
	CHECK_LONG(entries(&arena, folder, "."), 2);
	diagnostics_free(&d);
	arena_free(&arena);
}

void suite_file_write(void)
{
	CU_pSuite suite = unit_suite("file_write");

	UNIT_TEST(suite, test_mode_and_links);
	UNIT_TEST(suite, test_put);
	UNIT_TEST(suite, test_refused);
}
