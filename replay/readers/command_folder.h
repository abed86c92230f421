/*
 * command_folder: the folder that a shell's commands run in: what cd, pushd and popd leave behind.
 *
 *   cd /etc && cat shadow      cat runs in /etc            (cd /tmp; ls); ls        the second ls runs where it ran before
 *   cd /proc/1; cd ../sys      in /proc/sys                cd "$X"; cat shadow      nobody knows where
 *
 * A folder is absolute and clean, or empty: not known. Nothing is looked up: a cd is taken to succeed.
 */
#ifndef MEWS_COMMAND_FOLDER_H
#define MEWS_COMMAND_FOLDER_H

#include "catalog/text.h"

struct command_folder {
	struct text now, before; /* before: where `cd -` and popd go */
};

/* Takes a cd, pushd or popd; other commands change nothing. `exact`: nothing in its words is left to a shell. */
void command_folder_follow(struct arena *arena, struct command_folder *folder, const struct text *words, size_t count,
	bool exact);
/* A path as it is meant in the folder: absolute, or empty where the folder is not known. */
struct text command_folder_path(struct arena *arena, const struct command_folder *folder, struct text path);

#endif
