/*
 * paths: what a command names, spelt as the kernel finds it.
 *
 *   cat /etc//shadow        cat /etc/./shadow       cat /x/../etc/shadow     cat /proc/self/root/etc/shadow
 *   dd if=//dev/sda         sh -c 'rm -r /var//log'                      (in /etc) cat shadow, (anywhere) cat ../etc/shadow
 *
 * all name paths that a condition asks for in their plain spelling. The words that the source gave stay as they are; a second
 * facet of the exec has them in the plain spelling, and conditions that hold on either facet hold. Cleaned by name:
 * `//`, `/./`, `/x/..`, the root folder of /proc/self, /proc/thread-self and /proc/1, and, where process.working_directory is
 * known, `../x` and what file tools are given in folders of the system. Addresses (https://…) stay.
 */
#ifndef MEWS_PATHS_H
#define MEWS_PATHS_H

#include "catalog/event.h"
#include "replay/derive/names.h"

struct paths {
	unsigned name, args, command_line, directory;
	struct names tools; /* programs whose plain words are mostly files */
	uint8_t folders[27]; /* by the letter behind their slash: where folders of the system begin (paths.c), and where those end */
};

void paths_make(struct paths *paths, const struct registry *registry);
void paths_free(struct paths *paths);

/* Adds a facet to the event where the words of the exec are spelt otherwise than the kernel finds them. */
void paths_derive(const struct paths *paths, struct event *event, const struct facet *exec);

/* One word or text, cleaned; itself where nothing is to be done. `directory`: absolute, or empty: not known. */
struct text paths_clean(struct arena *arena, struct text directory, struct text text);
/* The word as an absolute path, or itself: a relative path that goes up, or that `tool` is given in a folder of the system. */
struct text paths_absolute(const struct paths *paths, struct arena *arena, struct text directory, struct text tool,
	struct text word);

#endif
