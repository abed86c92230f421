/*
 * command_pipes: pipelines in which what comes out of one command is run, sent or stored by another one.
 *
 *   curl -s http://x/i.sh | sudo bash -s; ls     one: "curl -s http://x/i.sh | sudo bash -s", from curl to bash
 *
 * What such a line does shows in none of its commands alone. Commands belong together where nothing but a | and what
 * closes a compound command stands between them; of `(a || b) | c` it is b and c. Where nobody behind a | runs, sends or
 * stores what it reads (`ps | grep x | wc`), each command says all that there is to say. Where a shell opens a connection
 * by itself (`exec 3<>/dev/tcp/…; sh <&3 >&3`), all commands of the text belong together. A lone `echo TEXT > /FILE` is
 * listed, too: what is written is the command's, where it goes is the shell's; and so is `LD_PRELOAD=/x ls`, whose setting is
 * in none of its words. What stands within quoted text (sh -c TEXT)
 * is not told: that text is a word of its command already. The list is in the arena.
 */
#ifndef MEWS_COMMAND_PIPES_H
#define MEWS_COMMAND_PIPES_H

#include "replay/readers/command_line.h"

struct command_pipe {
	size_t begin, end;  /* bytes of the text */
	size_t first, last; /* its first command, and its last; of an echo the same */
};

/* How many there are. */
size_t command_pipes_find(struct arena *arena, struct text text, const struct command_line *line, struct command_pipe **pipes);

#endif
