/*
 * detection_test: the tests in a detection's file: an event, and whether the detection matches it.
 */
#ifndef MEWS_DETECTION_TEST_H
#define MEWS_DETECTION_TEST_H

#include "catalog/load.h"

/* Loads the sequence `tests:`. Values are read by the type of their field, whatever YAML takes them for. */
int detection_tests_load(struct arena *arena, const struct registry *registry, const struct yaml *document,
	struct diagnostics *d, const struct detection_test **tests, size_t *count);

#endif
