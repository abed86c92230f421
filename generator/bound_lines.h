/*
 * bound_lines: bounds on raw values that put something around the field. Rows of bound.c's table.
 *
 *   destination.address == "/run/x"     ENDPOINT fd.name           exact: is that, behind two addresses of the kernel
 *   destination.address == "10.0.0.1"   ENDPOINT fd.name           exact: is that and a port, behind "source:port->"
 *   process.command_line like "ls*"     COMMAND_LINE proc.exeline  upper: is that; lower: and does not end in a blank
 *   process.working_directory == "/a"   SLASHED proc.cwd           exact: is "/a/"
 */
#ifndef MEWS_BOUND_LINES_H
#define MEWS_BOUND_LINES_H

#include "generator/bound.h"

struct bounds bound_endpoint(const struct bounding *bounding);
struct bounds bound_command_line(const struct bounding *bounding);
struct bounds bound_slashed(const struct bounding *bounding);

#endif
