/*
 * made_search: truth assignments of a condition's tree. Internal to made.c.
 *
 * Fields fall into clusters that vary independently of each other; each value of a cluster (a candidate) answers the
 * cluster's predicates (atoms) in some way, and candidates that answer alike share a vector. A choice of one vector for
 * each cluster decides the tree.
 */
#ifndef MEWS_MADE_SEARCH_H
#define MEWS_MADE_SEARCH_H

#include "catalog/made_facet.h"

/* The tree with event fields decided. */
struct shape_node {
	enum node_kind kind;
	struct shape_node **children;
	size_t count;
	size_t atom;
};

struct candidate {
	const struct made_value **values; /* beside the cluster's parts */
	size_t vector;
};

struct cluster {
	unsigned *parts;             /* primary fields */
	struct made_pool *pools;     /* beside parts */
	size_t part_count;
	size_t *atoms;
	size_t atom_count;
	struct candidate *candidates;
	size_t candidate_count;
	bool **vectors;              /* [vector_count][atom_count] */
	size_t *first;               /* a candidate of each vector */
	size_t vector_count;
};

struct search {
	struct arena *arena;
	bool words_only; /* of closed lists of words no others (made_values.h) */
	const struct shape_node *root;
	const struct predicate **atoms;
	size_t atom_count;
	struct cluster *clusters;
	size_t cluster_count;
};

enum truth { TRUTH_NO, TRUTH_YES, TRUTH_OPEN };

/* The tree's answer where `choice` has a vector for each cluster; SIZE_MAX: none yet. */
enum truth search_answer(const struct search *search, const size_t *choice);
/* Chooses vectors for all clusters that have none, so that the tree answers `wanted`. false: none was found. */
bool search_choose(const struct search *search, size_t *choice, bool wanted);
/* Chooses vectors for all clusters but `cluster`, so that the tree holds with `yes` there and not with `no`. */
bool search_decide(const struct search *search, size_t *choice, size_t cluster, size_t yes, size_t no);
/* Assignments that there are; SIZE_MAX for too many to count. */
size_t search_total(const struct search *search);

#endif
