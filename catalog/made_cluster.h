/*
 * made_cluster: which fields vary together, and the values that they take. Internal to made.c.
 *
 * A cluster has one part, the field that its predicates are met by. Two fields that a predicate compares with each other
 * (process.name == process.parent.name) are two parts of one cluster: their values are tried in all combinations.
 */
#ifndef MEWS_MADE_CLUSTER_H
#define MEWS_MADE_CLUSTER_H

#include "catalog/made_search.h"

/* Puts the atom into its cluster, and values that meet and miss it into the pools of the cluster's parts. */
void cluster_atom(struct search *search, const struct registry *registry, size_t atom);

#endif
