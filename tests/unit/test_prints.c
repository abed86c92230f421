/* prints, fingerprint_files: what a corpus is, and that the store remembers it. */
#include "replay/prints.h"
#include "replay/readers/fingerprint.h"
#include "tests/unit/unit.h"

#include <string.h>

static const char zeros[] = "0000000000000000000000000000000000000000000000000000000000000000";

struct fixture {
	struct arena arena;
	struct diagnostics d;
	struct catalog catalog;
	struct store *store;
	const char *folder;
};

static void begin(struct fixture *f)
{
	*f = (struct fixture){0};
	f->folder = unit_folder(&f->arena);
	f->catalog.registry = *unit_registry(&f->arena);
	f->store = store_open(arena_printf(&f->arena, "%s/mews.db", f->folder), &f->d);
	CU_ASSERT_PTR_NOT_NULL_FATAL(f->store);
}

static void end(struct fixture *f)
{
	store_close(f->store);
	diagnostics_free(&f->d);
	arena_free(&f->arena);
}

static struct dataset *dataset_of(struct fixture *f, const char *folder, const char *path)
{
	struct dataset *dataset = arena_alloc(&f->arena, sizeof *dataset);
	char **files = arena_array(&f->arena, 1, sizeof *files);
	files[0] = arena_strdup(&f->arena, path);
	*dataset = (struct dataset){.name = TEXT("one"), .folder = folder, .files = files, .file_count = 1, .observed = -1};
	return dataset;
}

/* As `xxh128sum` and `sha256sum` print them. */
static void test_hash(void)
{
	struct fixture f;
	char hash[65];
	begin(&f);
	fingerprint_files(dataset_of(&f, f.folder, unit_file(&f.arena, f.folder, "a.log", TEXT("abc\n"))), hash);
	CHECK_TEXT(text_of(hash), "04d214ecb64e7de08e71739862f55a542a02fee984aa1f867ed7efef8ad6e2b6");
	fingerprint_files(dataset_of(&f, f.folder, "-"), hash);
	CHECK_TEXT(text_of(hash), "dc3cff031961f7924952ac3fef0b07cccb2ec7dd95b37346f11c0799164cb50f");
	end(&f);
}

/* A file of a moment ago may change without its time showing it. */
static void test_fresh(void)
{
	struct fixture f;
	char stamp[65];
	begin(&f);
	CU_ASSERT_FALSE(fingerprint_stamp(dataset_of(&f, f.folder, unit_file(&f.arena, f.folder, "a", TEXT("x"))), stamp));
	CU_ASSERT_FALSE(fingerprint_stamp(dataset_of(&f, f.folder, "/nowhere/at/all"), stamp));
	CU_ASSERT_FALSE(fingerprint_stamp(dataset_of(&f, f.folder, "-"), stamp));
	CU_ASSERT_TRUE(fingerprint_stamp(dataset_of(&f, NULL, "/etc/passwd"), stamp));
	end(&f);
}

static void make(struct fixture *f, struct dataset *dataset, struct store *store, char hash[65])
{
	struct prints prints = {0};
	CHECK_LONG(prints_make(&prints, &f->catalog, &dataset, 1, store, &f->d), 0);
	memcpy(hash, prints.items[0].hash, 65);
	CHECK_LONG(strlen(prints.corpus), 64);
	prints_free(&prints);
}

/* What the store says of an old file is believed; without a store, or of a fresh file, nothing is. */
static void test_remembered(void)
{
	struct fixture f;
	char first[65], again[65];
	begin(&f);
	struct dataset *old = dataset_of(&f, NULL, "/etc/passwd");
	struct dataset *fresh = dataset_of(&f, f.folder, unit_file(&f.arena, f.folder, "a", TEXT("x")));
	make(&f, old, f.store, first);
	make(&f, old, f.store, again);
	CHECK_TEXT(text_of(again), first);
	const char *forge = arena_printf(&f.arena, "UPDATE dataset_hash SET hash = '%s'", zeros);
	CHECK_LONG(store_execute(f.store, forge, &f.d), 0);
	make(&f, old, f.store, again);
	CHECK_TEXT(text_of(again), zeros);
	make(&f, old, NULL, again);
	CHECK_TEXT(text_of(again), first);
	make(&f, fresh, f.store, first);
	CHECK_LONG(store_execute(f.store, forge, &f.d), 0);
	make(&f, fresh, f.store, again);
	CHECK_TEXT(text_of(again), first);
	end(&f);
}

void suite_prints(void)
{
	CU_pSuite suite = unit_suite("prints");
	UNIT_TEST(suite, test_hash);
	UNIT_TEST(suite, test_fresh);
	UNIT_TEST(suite, test_remembered);
}
