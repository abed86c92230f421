/*
 * normal: a condition's tree in a form in which equal meanings of the usual kinds are equal texts.
 *
 * Negations stand at the comparisons, lists are taken apart into one comparison a value, wildcards without wildcards are
 * equal signs, and what stands side by side is sorted and said once; "f is there" goes where a comparison of f says so.
 * What an event of one act in one dialect's group has by itself (event.action, the words that the group's rows
 * fix) is put in, so that rules for one act can be compared with a condition for many.
 */
#ifndef MEWS_TEST_NORMAL_H
#define MEWS_TEST_NORMAL_H

#include "catalog/catalog.h"

struct normal_act {
	const struct registry *registry;
	const struct dialect_group *group; /* NULL: nothing but the act is fixed */
	unsigned category, action;
};

struct text normal_form(struct arena *arena, const struct normal_act *act, const struct node *node);

#endif
