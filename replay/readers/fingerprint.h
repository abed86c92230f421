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

/* SHA-256 in hex over a line a file: the XXH3 hash (128 bits) of its bytes as they lie on the disk, two blanks, its name below
 * the dataset's folder. What cannot be read twice (standard input) has - for its bytes. It tells one corpus from another,
 * and is no seal: who wants to can make other bytes with the same XXH3. */
void fingerprint_files(const struct dataset *dataset, char out[65]);
/* What the file system says of the files (device, inode, size, times), hashed: while it is the same, so are their bytes. false:
 * that cannot be relied on, since a file is none, or was changed less than FINGERPRINT_SETTLED ago, in the grain of its time. */
#define FINGERPRINT_SETTLED (INT64_C(2) * 1000000000) /* ns */
bool fingerprint_stamp(const struct dataset *dataset, char out[65]);
/* Each line is one statement: "use: hold-out", "episode etc-rw: label: malicious". */
struct text fingerprint_description(struct arena *arena, const struct dataset *dataset, const struct registry *registry);

/* A file's name below the dataset's folder. */
const char *fingerprint_below(const char *folder, const char *path);

#endif
