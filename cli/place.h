/*
 * place (place_): which dataset a user means: by name, by folder, or by one of its files.
 */
#ifndef MEWS_PLACE_H
#define MEWS_PLACE_H

#include "cli/project.h"
#include "replay/readers/corpus.h"

/* `docker-host-lab`, `corpus/docker-host-lab`: a folder with a corpus.yaml, below the project's corpus or as it is
 * given, or the name that a corpus.yaml there says. NULL: reported. */
struct dataset *place_dataset(struct project *project, const char *operand);
/* DATASET/EPISODE. *episode: its number. NULL: reported, with the names that there are. */
struct dataset *place_episode(struct project *project, const char *operand, size_t *episode);
/* The dataset that reads this file, from a corpus.yaml up to three folders above it. NULL: none does. */
struct dataset *place_of_file(struct project *project, const char *file);

#endif
