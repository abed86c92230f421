/*
 * sequence: a condition over several events as an EQL sequence or sample.
 *
 *   sequence by host.name with maxspan=1m
 *     [process where …] with runs=3
 *     ![file where …]
 *   until [process where …]
 *
 * All steps are asked of one integration where one can show them all, since keys are its names; else each step of the
 * first that shows it.
 */
#ifndef MEWS_ELASTIC_SEQUENCE_H
#define MEWS_ELASTIC_SEQUENCE_H

#include "generator/build.h"

/* Prints the query. false: it cannot be written, and the sequence's reasons say why. *groups: those that are asked,
 * *count of them. May lower the sequence's fidelity. */
bool elastic_sequence(struct pack *pack, struct pack_sequence *sequence, struct buffer *out,
	const struct dialect_group ***groups, size_t *count);

#endif
