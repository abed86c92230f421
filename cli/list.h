/*
 * list: the kinds of things that `mews list` lists.
 */
#ifndef MEWS_LIST_H
#define MEWS_LIST_H

#include <stddef.h>

/* Name and explanation of the kind of this index; NULL: there are no more. */
const char *list_kind(size_t index);
const char *list_kind_about(size_t index);

#endif
