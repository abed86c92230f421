/*
 * complete: which words may stand at the end of a command line. The shells' scripts (mews completion SHELL) ask this.
 *
 *   char *words[] = {"replay", "--org", "web"};     -- what stands after `mews`; the last word is the one in hand
 *   complete_words(words, 3, stdout);
 *
 *   words                                           -- or files, folders: those of the shell may stand there as well
 *   web-shop<TAB>Web shop …
 *
 * Verbs, options and operands are read from the verbs' own tables: what an option's argument or an operand of the usage
 * is called (ORG, FILE, DETECTION) says what it may be. A name of which nothing is known is a defect (complete_unknown).
 * Names come from the catalog, corpus and store that the line's own options and mews.yaml say. Nothing is written, and
 * faults are silent.
 */
#ifndef MEWS_COMPLETE_H
#define MEWS_COMPLETE_H

#include "cli/verb.h"

void complete_words(char *const *words, size_t count, FILE *out);
/* Prints names in the verbs' tables of which nothing is known, each with its verb. Returns how many. */
size_t complete_unknown(FILE *out);

#endif
