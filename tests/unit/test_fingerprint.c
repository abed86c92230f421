/* fingerprint: files that differ in a byte, in their length or in their name are told apart. */
#include "replay/readers/fingerprint.h"
#include "tests/unit/unit.h"

#include <string.h>

enum { SIZE = 3 * 65536 + 17 };

static struct text print_of(struct arena *arena, const char *folder, const char *name, struct text content)
{
	char *paths[] = {arena_strdup(arena, unit_file(arena, folder, name, content))};
	struct dataset dataset = {.folder = folder, .files = paths, .file_count = 1};
	char *out = arena_alloc(arena, 65);
	fingerprint_files(&dataset, out);
	return text_of(out);
}

static void test_bytes(void)
{
	static const size_t places[] = {0, 1, 31, 32, 65535, 65536, 131071, 131072, SIZE - 18, SIZE - 1};
	struct arena arena = {0};
	const char *folder = unit_folder(&arena);
	char *bytes = arena_alloc(&arena, SIZE + 1);
	struct text whole = {bytes, SIZE};
	memset(bytes, 'x', SIZE);
	struct text print = print_of(&arena, folder, "a", whole);
	CHECK_LONG(print.length, 64);
	CU_ASSERT(text_equal(print, print_of(&arena, folder, "a", whole)));
	CU_ASSERT_FALSE(text_equal(print, print_of(&arena, folder, "b", whole)));
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			bytes[places[i]] ^= (char)(1u << bit);
			CU_ASSERT_FALSE(text_equal(print, print_of(&arena, folder, "a", whole)));
			bytes[places[i]] ^= (char)(1u << bit);
		}
	}
	whole.length++; /* a zero more */
	CU_ASSERT_FALSE(text_equal(print, print_of(&arena, folder, "a", whole)));
	whole.length -= 2;
	CU_ASSERT_FALSE(text_equal(print, print_of(&arena, folder, "a", whole)));
	/* Two blocks in another order. */
	bytes[0] = 'y';
	struct text first = print_of(&arena, folder, "a", whole);
	bytes[0] = 'x';
	bytes[65536] = 'y';
	CU_ASSERT_FALSE(text_equal(first, print_of(&arena, folder, "a", whole)));
	arena_free(&arena);
}

void suite_fingerprint(void);
void suite_fingerprint(void)
{
	CU_pSuite suite = unit_suite("fingerprint");
	UNIT_TEST(suite, test_bytes);
}
