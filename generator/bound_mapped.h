/*
 * bound_mapped: rows of bound.h's table for raw words that stand for values, and for fields that say whether something is
 * there.
 */
#ifndef MEWS_BOUND_MAPPED_H
#define MEWS_BOUND_MAPPED_H

#include "generator/bound.h"

struct bounds bound_mapped(const struct bounding *bounding);
struct bounds bound_presence(const struct bounding *bounding);

#endif
