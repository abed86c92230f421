/*
 * bound_capabilities: rows of bound.h's table for bit masks (capabilities, clone and mount flags) and for names of
 * capabilities.
 */
#ifndef MEWS_BOUND_CAPABILITIES_H
#define MEWS_BOUND_CAPABILITIES_H

#include "generator/bound.h"

struct bounds bound_bits(const struct bounding *bounding);
struct bounds bound_bits_set(const struct bounding *bounding);
struct bounds bound_capabilities_full(const struct bounding *bounding);
struct bounds bound_capability_names(const struct bounding *bounding);
struct bounds bound_capability_names_full(const struct bounding *bounding);
struct bounds bound_capability_words(const struct bounding *bounding);

#endif
