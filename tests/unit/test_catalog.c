/* catalog, folder, check, hash: whole catalogs, good and bad. */
#include "catalog/catalog.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

/* A detection: name, last digits of its id, its technique. */
#define DETECTION(name, id, technique) \
	"id: 7c1f9a52-1b60-4c1e-9d5e-52a2f8f6f" id "\nname: " name "\ntitle: T\ndescription: d\nstatus: test\nseverity: low\n" \
	"techniques: [" technique "]\nsurface: host\nauthor: a\ndate: 2026-01-01\nconditions:\n" \
	"  asked: container where container.name in names\n" \
	"tests:\n  - {name: hit, event: {event.category: container, event.action: run, container.name: web}, expect: match}\n" \
	"  - {name: miss, event: {event.category: log, event.action: message}, expect: no-match}\n"

struct fixture {
	struct arena arena;
	struct diagnostics d;
	struct catalog catalog;
	const char *folder;
	struct text printed;
};

static void write(struct fixture *f, const char *path, const char *content)
{
	unit_file(&f->arena, f->folder, path, text_of(content));
}

/* A folder with fields, one list and two detections. */
static void begin(struct fixture *f)
{
	*f = (struct fixture){0};
	f->folder = unit_folder(&f->arena);
	struct text fields;
	if (file_read(&f->arena, "rulesets/fields.yaml", 1 << 20, &f->d, &fields))
		CU_FAIL_FATAL("rulesets/fields.yaml");
	unit_file(&f->arena, f->folder, "fields.yaml", fields);
	write(f, "lists.yaml", "lists: {names: [web]}\n");
	write(f, "detections/a.yaml", DETECTION("a", "0a1", "T1611"));
	write(f, "detections/a-b.yaml", DETECTION("a-b", "0a2", "T1610.001"));
}

static int load(struct fixture *f)
{
	diagnostics_free(&f->d);
	catalog_free(&f->catalog);
	int status = catalog_load(&f->catalog, f->folder, &f->d);
	diagnostics_sort(&f->d);
	f->printed = unit_printed(&f->arena, &f->d);
	return status;
}

static void end(struct fixture *f)
{
	catalog_free(&f->catalog);
	diagnostics_free(&f->d);
	arena_free(&f->arena);
}

static void test_good(void)
{
	struct fixture f;
	begin(&f);
	write(&f, "organizations/acme.yaml", "name: acme\nmonitor: {disable: [a], severity: {a-b: high}}\n"
		"lists: {mine: [x]}\n");
	CHECK_LONG(load(&f), 0);
	CHECK_TEXT(f.printed, "");
	CHECK_LONG(f.catalog.document_count, 5);
	CHECK_TEXT(f.catalog.documents[0].path, "detections/a-b.yaml");
	CHECK_LONG(f.catalog.detection_count, 2);
	/* Sorted by name, although the paths sort otherwise. */
	CHECK_TEXT(f.catalog.detections[0]->name, "a");
	CHECK_TEXT(f.catalog.detections[1]->name, "a-b");
	CU_ASSERT_PTR_EQUAL(catalog_detection(&f.catalog, TEXT("a-b")), f.catalog.detections[1]);
	CU_ASSERT_PTR_NULL(catalog_detection(&f.catalog, TEXT("a-")));
	const struct organization *acme = catalog_organization(&f.catalog, TEXT("acme"));
	CU_ASSERT_PTR_NOT_NULL_FATAL(acme);
	CU_ASSERT_PTR_NULL(catalog_organization(&f.catalog, TEXT("acm")));
	CU_ASSERT_PTR_NULL(catalog_dialect(&f.catalog, TEXT("falco")));
	struct scope scope = catalog_scope(&f.catalog, acme), plain = catalog_scope(&f.catalog, NULL);
	CHECK_TEXT(scope.lists[0].name, "mine");
	CHECK_TEXT(scope.outer->lists[0].name, "names");
	CHECK_LONG(plain.list_count, 0);
	end(&f);
}

static void test_shipped_rulesets(void)
{
	struct fixture f = {.folder = "rulesets"};
	CHECK_LONG(load(&f), 0);
	CHECK_TEXT(f.printed, "");
	CU_ASSERT(f.catalog.detection_count >= 17);
	CU_ASSERT(f.catalog.organization_count >= 3);
	end(&f);
}

/* The revision is what `sha256sum FILES | sha256sum` prints: the same files, the same revision. */
static void test_revision(void)
{
	struct fixture f, other;
	begin(&f);
	begin(&other);
	CHECK_LONG(load(&f), 0);
	CHECK_LONG(load(&other), 0);
	CHECK_TEXT(text_of(f.catalog.revision), other.catalog.revision);
	struct buffer lines = {0};
	char expected[65];
	for (size_t i = 0; i < f.catalog.document_count; i++) {
		sha256_hex(f.catalog.documents[i].content, expected);
		buffer_printf(&lines, "%s  %.*s\n", expected, TEXT_ARGS(f.catalog.documents[i].path));
	}
	sha256_hex(buffer_view(&lines), expected);
	CHECK_TEXT(text_of(f.catalog.revision), expected);
	buffer_free(&lines);
	write(&f, "lists.yaml", "lists: {names: [web] }\n");
	CHECK_LONG(load(&f), 0);
	CU_ASSERT(strcmp(f.catalog.revision, other.catalog.revision) != 0);
	end(&f);
	end(&other);
}

/* Ten faults in ten files and more: all told, with their places. */
static void test_bad_catalog(void)
{
	struct fixture f = {.folder = "tests/bad/catalog"};
	struct text expected;
	CHECK_LONG(load(&f), -1);
	CHECK_LONG(file_read(&f.arena, "tests/bad/expected.txt", 1 << 20, &f.d, &expected), 0);
	CU_ASSERT(unit_text(f.printed, expected, __FILE__, __LINE__));
	end(&f);
}

/* Files to add to the good catalog; the sentence that follows; how many errors. */
static const struct {
	const char *path, *content, *expected;
	size_t errors;
} additions[] = {
	{"detections/c.yaml", DETECTION("c", "0A1", "T1611"), "c.yaml:1:5: error: the id 7c1f9a52-1b60-4c1e-9d5e-52a2f8f6f0a1 is "
		"already that of \"a\"", 1},
	{"detections/c.yml", DETECTION("c", "0a3", "T1611"), "c.yml:2:7: error: the file of \"c\" must be named c.yaml", 1},
	{"detections/c.yaml", "", "c.yaml: error: the file is empty", 1},
	{"detections/c.yaml", "a: 1\n---\nb: 1\n", "a file holds one document; this is a second one", 1},
	{"detections/c.yaml", "a: [1\n", "c.yaml:2:1: error", 1},
	{"detections/notes.txt", "x", "notes.txt: warning: is not read: only *.yaml and *.yml files are", 0},
	{"detections/more/c.yaml", "x", "more: warning: folders in detections are not read", 0},
	{"detections/.c.yaml.swp", "x", "", 0},
	{"organizations/o.yaml", "name: o\nmonitor: {disable: [a-c]}\n",
		"o.yaml:2:21: error: there is no detection \"a-c\"; is it a-b?", 1},
	{"organizations/o.yaml", "name: o\nmonitor: {severity: {zebra-crossing: low}}\n",
		"o.yaml:2:22: error: there is no detection \"zebra-crossing\"\n", 1},
	{"organizations/o.yaml", "name: o\nexceptions:\n  - {name: x, detections: [a, b-c], condition: user.name == \"u\", "
		"reason: r, owner: o}\n", "o.yaml:3:31: error: there is no detection \"b-c\"", 1},
	{"organizations/o.yaml", "name: o\nexceptions:\n  - {name: x, detections: [T1610, T1059], condition: user.name == \"u\", "
		"reason: r, owner: o}\n", "o.yaml:3:35: warning: no detection has the technique T1059 that the exception \"x\" names", 0},
	{"organizations/o.yaml", "name: o\nexceptions:\n  - {name: x, detections: '*', condition: file where user.name == \"u\", "
		"reason: r, owner: o}\n", "o.yaml:3:12: warning: the exception \"x\" can never apply: it asks file events", 0},
	{"organizations/o.yaml", "name: o\nexceptions:\n  - {name: x, detections: '*', condition: container where user.name == "
		"\"u\", reason: r, owner: o}\n", "", 0},
	{"organizations/o.yaml", "name: o\nlists: {names: [db]}\nexceptions:\n  - {name: x, detections: a, "
		"condition: container.name in names, reason: r, owner: o}\n", "", 0},
	{"lists.yaml", "lists: {names: [web]}\nmacros: {m: user.nobody == \"x\"}\n", "lists.yaml:2:13: error", 1},
	{"fields.yaml", "a: [\n", "fields.yaml:2:1: error", 1},
};

static void test_additions(void)
{
	for (size_t i = 0; i < sizeof additions / sizeof *additions; i++) {
		struct fixture f;
		begin(&f);
		write(&f, additions[i].path, additions[i].content);
		CHECK_LONG(load(&f), additions[i].errors ? -1 : 0);
		CHECK_LONG(f.d.errors, additions[i].errors);
		if (additions[i].expected[0])
			CHECK_CONTAINS(f.printed, additions[i].expected);
		else
			CHECK_TEXT(f.printed, "");
		end(&f);
	}
}

/* A detection that is wrong in itself is no second fault of the organization that names it. */
static void test_one_fault_once(void)
{
	struct fixture f;
	begin(&f);
	write(&f, "detections/c.yaml", "id: [");
	write(&f, "organizations/o.yaml", "name: o\nmonitor: {disable: [c]}\n");
	CHECK_LONG(load(&f), -1);
	CHECK_LONG(f.d.errors, 1);
	end(&f);
}

static void test_no_folder(void)
{
	struct fixture f = {.folder = "/nonexistent/catalog"};
	CHECK_LONG(load(&f), -1);
	CHECK_TEXT(f.printed, "/nonexistent/catalog: error: the catalog cannot be read: No such file or directory (name the folder of one with mews --catalog DIR)\n");
	end(&f);
	f = (struct fixture){.folder = "rulesets/fields.yaml"};
	CHECK_LONG(load(&f), -1);
	CHECK_TEXT(f.printed, "rulesets/fields.yaml: error: the catalog must be a folder\n");
	end(&f);
	f = (struct fixture){0};
	f.folder = unit_folder(&f.arena);
	CHECK_LONG(load(&f), -1);
	CHECK_LONG(f.d.errors, 1);
	CHECK_CONTAINS(f.printed, "fields.yaml");
	end(&f);
}

static void test_expired(void)
{
	struct fixture f;
	begin(&f);
	write(&f, "organizations/o.yaml", "name: o\nexceptions:\n  - {name: x, detections: a, condition: user.name == \"u\", "
		"reason: r, owner: o, expires: 2026-11-22}\n");
	CHECK_LONG(load(&f), 0);
	CHECK_LONG(f.d.count, 0);
	catalog_warn_expired(&f.catalog, TEXT("2026-11-22"), &f.d);
	CHECK_LONG(f.d.count, 0);
	catalog_warn_expired(&f.catalog, TEXT("2026-11-23"), &f.d);
	CHECK_LONG(f.d.count, 1);
	CHECK_LONG(f.d.errors, 0);
	CHECK_CONTAINS(unit_printed(&f.arena, &f.d),
		"o.yaml:3:12: warning: the exception \"x\" expired on 2026-11-22 and applies no more\n  - {name: x");
	end(&f);
}

/* Digests of FIPS 180-2's examples; UUIDs of RFC 4122's DNS namespace. */
static void test_hashes(void)
{
	char hash[65], uuid[37];
	sha256_hex(TEXT("abc"), hash);
	CHECK_TEXT(text_of(hash), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	sha256_hex((struct text){0}, hash);
	CHECK_TEXT(text_of(hash), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	uuid5(TEXT("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), TEXT("python.org"), uuid);
	CHECK_TEXT(text_of(uuid), "886313e1-3b8a-5372-9b90-0c9aee199e5d");
	uuid5(TEXT("6BA7B810-9DAD-11D1-80B4-00C04FD430C8"), TEXT("python.org"), uuid);
	CHECK_TEXT(text_of(uuid), "886313e1-3b8a-5372-9b90-0c9aee199e5d");
}

void suite_catalog(void);
void suite_catalog(void)
{
	CU_pSuite suite = unit_suite("catalog");
	UNIT_TEST(suite, test_good);
	UNIT_TEST(suite, test_shipped_rulesets);
	UNIT_TEST(suite, test_revision);
	UNIT_TEST(suite, test_bad_catalog);
	UNIT_TEST(suite, test_additions);
	UNIT_TEST(suite, test_one_fault_once);
	UNIT_TEST(suite, test_no_folder);
	UNIT_TEST(suite, test_expired);
	UNIT_TEST(suite, test_hashes);
}
