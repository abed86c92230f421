/*
 * spelling: a command line's options as they are spelt, taken apart and put together again.
 *
 *   docker -l error run -itv /run/docker.sock:/s --name=x alpine sh
 *     part 0: docker     options: -l error (apart)
 *     part 1: run        options: -i, -t, -v /run… (apart), --name x (with =)
 *     operands: alpine sh
 *
 * Writing it gives a line that the program reads alike: clusters come apart, and of programs whose options may stand anywhere
 * the options come before the operands. A line with an option that is not known is not taken apart at all.
 */
#ifndef MEWS_MUTATE_SPELLING_H
#define MEWS_MUTATE_SPELLING_H

#include "replay/mutate/tools.h"

enum option_joint { JOINT_NONE /* no value */, JOINT_APART, JOINT_EQUALS, JOINT_DIRECT /* -vX */ };

struct spelled_option {
	const struct client_option *option;
	struct text name, value;
	enum option_joint joint;
};

struct spelled_part {
	const struct text *words; /* the program, or the command's words */
	size_t word_count;
	const struct option_set *set;   /* NULL: none are known here */
	struct spelled_option *options;
	size_t option_count;
};

enum { SPELLED_PARTS = 6 };
struct spelling {
	enum option_style style;
	const struct client *client;          /* NULL: a tool */
	const struct client_command *command; /* its command that asks for a container, or NULL */
	struct spelled_part parts[SPELLED_PARTS];
	size_t part_count;
	bool dashes;                          /* `--` stands before the operands */
	const struct text *operands;
	size_t operand_count;
};

/* `name`: the file name of the program, where words[0] is another. false: not known whole. */
bool spelling_read(struct arena *arena, const struct clients *clients, const struct tools *tools, struct text name,
	const struct text *words, size_t count, struct spelling *spelling);
size_t spelling_write(struct arena *arena, const struct spelling *spelling, struct text **words);
/* A copy whose options may be changed. */
struct spelling spelling_copy(struct arena *arena, const struct spelling *spelling);

bool option_is_long(enum option_style style, struct text name);
/* Can the option be written so? */
bool option_fits(enum option_style style, const struct client_option *option, struct text name, struct text value,
	enum option_joint joint);

#endif
