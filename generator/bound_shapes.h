/*
 * bound_shapes: bounds on raw values that show only a part, or the part in another notation. Rows of bound.c's table.
 *
 *   container.mounts like "/etc:*"        MOUNT_SOURCE hostPath     upper: is "/etc"; lower: FALSE
 *   destination.port == 2375              SOCKET_PORT saddr         exact: starts with 02000947 or 0A000947
 *   destination.address == "/run/x"       SOCKET_ADDRESS saddr      exact: is 01002F72756E2F78, or starts with that and 00
 *   process.args == "-x"                  POSITIONAL a0, a1, …      OR of the names: items beyond the last name are not
 *                                                                   seen, so a dialect must mark the row `approximate`
 */
#ifndef MEWS_BOUND_SHAPES_H
#define MEWS_BOUND_SHAPES_H

#include "generator/bound.h"

struct bounds bound_mount_source(const struct bounding *bounding);
struct bounds bound_positional(const struct bounding *bounding);
struct bounds bound_ip_address(const struct bounding *bounding);
struct bounds bound_socket_address(const struct bounding *bounding);
struct bounds bound_socket_ip(const struct bounding *bounding);
struct bounds bound_socket_port(const struct bounding *bounding);
/* There is a value: of a family that has such a part. */
struct bounds bound_socket_exists(const struct bounding *bounding);

#endif
