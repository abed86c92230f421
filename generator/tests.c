/* tests: events made of conditions, as tests of a detection. */
#include "generator/tests.h"

bool tests_make(struct import *import, const struct draft *draft, struct draft_tests *tests)
{
	(void)import;
	(void)draft;
	(void)tests;
	return true;
}
