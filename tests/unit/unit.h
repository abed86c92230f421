/*
 * unit: what the unit tests share. A file tests/unit/test_NAME.c defines `void suite_NAME(void)`, which
 * adds its suite to CUnit's registry; main.c finds it by the list that the Makefile makes of the files.
 *
 *   void suite_text(void)
 *   {
 *   	CU_pSuite suite = unit_suite("text");
 *   	UNIT_TEST(suite, test_trim);
 *   }
 */
#ifndef MEWS_UNIT_H
#define MEWS_UNIT_H

/* Of what a test asks of each shipped thing, sanitizers see one in so many; without them all are asked. */
#if defined(__has_feature) /* clang */
#if __has_feature(address_sanitizer)
#define UNIT_EVERY 16
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define UNIT_EVERY 16
#endif
#ifndef UNIT_EVERY
#define UNIT_EVERY 1
#endif

#include "catalog/client.h"

#include <CUnit/CUnit.h>

/* A suite of that name; ends the program where CUnit cannot make one. */
CU_pSuite unit_suite(const char *name);
void unit_add(CU_pSuite suite, const char *name, CU_TestFunc function);
#define UNIT_TEST(suite, function) unit_add((suite), #function, (function))

/* Comparisons that print both sides where they differ. Texts may hold any bytes. */
bool unit_text(struct text got, struct text expected, const char *file, unsigned line);
bool unit_long(int64_t got, int64_t expected, const char *file, unsigned line);
#define CHECK_TEXT(got, expected) \
	CU_assertImplementation(unit_text((got), text_of(expected), __FILE__, __LINE__), __LINE__, \
		"CHECK_TEXT(" #got ", " #expected ")", __FILE__, "", CU_FALSE)
#define CHECK_LONG(got, expected) \
	CU_assertImplementation(unit_long((int64_t)(got), (int64_t)(expected), __FILE__, __LINE__), __LINE__, \
		"CHECK_LONG(" #got ", " #expected ")", __FILE__, "", CU_FALSE)
/* `got` holds `part`. */
bool unit_contains(struct text got, struct text part, const char *file, unsigned line);
#define CHECK_CONTAINS(got, part) \
	CU_assertImplementation(unit_contains((got), text_of(part), __FILE__, __LINE__), __LINE__, \
		"CHECK_CONTAINS(" #got ", " #part ")", __FILE__, "", CU_FALSE)

/* The registry of rulesets/fields.yaml, in the arena. Aborts (with the diagnostics) where it cannot be read. */
const struct registry *unit_registry(struct arena *arena);
/* A field, category or action of it by name; aborts where there is none, so that tests cannot misspell. */
unsigned unit_field(const struct registry *registry, const char *name);
unsigned unit_category(const struct registry *registry, const char *name);
unsigned unit_action(const struct registry *registry, const char *category, const char *action);
/* The tables of rulesets/clients.yaml, likewise. */
void unit_clients(struct arena *arena, const struct registry *registry, struct clients *clients);
/* The one document of a YAML text; aborts where it cannot be read. */
struct yaml *unit_yaml(struct arena *arena, const char *source);

/* All diagnostics as they would be printed, in the arena. */
struct text unit_printed(struct arena *arena, const struct diagnostics *d);

/* A new empty folder below $TMPDIR or /tmp, removed with all that is in it when the arena is freed. */
const char *unit_folder(struct arena *arena);
/* Writes a file below a folder (folders on the way are made); returns its path. */
const char *unit_file(struct arena *arena, const char *folder, const char *name, struct text content);

#endif
