/*
 * command_word: one word of shell text: its quotes taken off, its braces expanded.
 *
 * The commands within `$( )`, ` ` and `<( )` are not this module's matter: it hands their text to `inside`. A word keeps
 * substitutions, variables, globs and ~ as they are written.
 */
#ifndef MEWS_COMMAND_WORD_H
#define MEWS_COMMAND_WORD_H

#include "catalog/text.h"

/* Where one reads. `at` moves; errors are set once. */
struct command_source {
	const char *begin, *at, *end;
	const char *reason;   /* set: what is wrong */
	const char *noticed;
	bool final;           /* nothing can follow: a backslash at the end is one (sh -c) */
	bool incomplete;      /* the text ended too early */
	struct text awaits;
	unsigned depth;
	/* Reads commands up to the `)` that closes them (source->at stands behind the opening one) and takes that, too. */
	void (*inside)(struct command_source *source);
	/* Commands in a text of their own: of ` `, whose backslashes were taken off. */
	void (*apart)(struct command_source *source, struct text script, const char *where);
	struct buffer value, marks; /* of the words in hand, used as a stack: marks tells quoted bytes from others */
};

struct command_word {
	struct text value, marks; /* marks[i]: 'q' quoted, '.' not, 'e' left to the shell */
	bool quoted;       /* a part of it was: no reserved word, no assignment's name */
	bool left;         /* a variable, substitution, glob or ~ is left in it */
	bool substitutes;  /* `$( )` or ` ` is left in it */
	bool braces;       /* has an open brace that was not quoted */
};

/* The word at source->at. false: there is none (an operator, a blank, the end), or the source has a reason now. */
bool command_word_read(struct command_source *source, struct arena *arena, struct command_word *word);
/* Is what begins behind `((` arithmetic, not a subshell in a subshell? */
bool command_is_arithmetic(const struct command_source *source, const char *open);
/* Goes over text in which only expansions count (a here-document, arithmetic), up to `to`. */
void command_word_scan(struct command_source *source, struct arena *arena, const char *to);
/* From behind an opening `((` or `[[` over its end, `close`; commands of expansions on the way are read. */
void command_word_skip(struct command_source *source, struct arena *arena, const char *close);

void command_wrong(struct command_source *source, const char *reason);
void command_incomplete(struct command_source *source, const char *reason, const char *awaits);

#endif
