/*
 * bound_paths: rows of bound.h's table for parts of paths, images and mounts.
 */
#ifndef MEWS_BOUND_PATHS_H
#define MEWS_BOUND_PATHS_H

#include "generator/bound.h"

struct bounds bound_basename(const struct bounding *bounding);
struct bounds bound_dirname(const struct bounding *bounding);
struct bounds bound_image_name(const struct bounding *bounding);
struct bounds bound_image_tag(const struct bounding *bounding);
struct bounds bound_mounts(const struct bounding *bounding);

#endif
