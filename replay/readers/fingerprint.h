/*
 * fingerprint: what a dataset is, so that two runs can tell whether they saw the same.
 *
 * Two things make it: the bytes of its files, as a hash; and how they are read and labelled, as lines of text in one
 * spelling, so that comments, the order of keys and other words about it make no difference. What an episode expects or
 * allows is not among them: it says what detections should do, and changes with them.
 */
#ifndef MEWS_FINGERPRINT_H
#define MEWS_FINGERPRINT_H

#include "replay/readers/corpus.h"

/* In hex, over each file's name below the dataset's folder and its bytes as they lie on the disk: SHA-256 of the names and of
 * sums of 64 KiB each, which tell files apart that nobody made to look alike. What cannot be read twice (standard input) counts
 * by its name. */
void fingerprint_files(const struct dataset *dataset, char out[65]);
/* Each line is one statement: "use: hold-out", "episode etc-rw: label: malicious". */
struct text fingerprint_description(struct arena *arena, const struct dataset *dataset, const struct registry *registry);

/* A file's name below the dataset's folder. */
const char *fingerprint_below(const char *folder, const char *path);

#endif
