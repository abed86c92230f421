/*
 * tests: the tests of a detection that was taken in, made of its conditions.
 *
 * A detection must show one event that it matches and one that it does not. For rules that bring none they are made
 * (catalog/made.h): for each condition one event on which it holds and one that misses it by as little as can be. They say
 * what the condition meant when it was taken in, so that a later change of it does not go unnoticed.
 */
#ifndef MEWS_TESTS_H
#define MEWS_TESTS_H

#include "generator/import.h"

/* false: for some condition no event could be made that it holds on. */
bool tests_make(struct import *import, const struct draft *draft, struct draft_tests *tests);

#endif
