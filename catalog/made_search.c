/* made_search: backtracking over clusters with a three-valued look at the tree. */
#include "catalog/made_search.h"

enum { STEPS_MOST = 20000 };

static enum truth atom_answer(const struct search *s, const size_t *choice, size_t atom)
{
	for (size_t i = 0; i < s->cluster_count; i++) {
		const struct cluster *cluster = &s->clusters[i];

		for (size_t k = 0; k < cluster->atom_count; k++) {
			if (cluster->atoms[k] != atom)
				continue;
			if (choice[i] == SIZE_MAX)
				return TRUTH_OPEN;
			return cluster->vectors[choice[i]][k] ? TRUTH_YES : TRUTH_NO;
		}
	}
	return TRUTH_NO;
}

static enum truth answer(const struct search *s, const size_t *choice, const struct shape_node *node)
{
	enum truth ends = node->kind == NODE_AND ? TRUTH_NO : TRUTH_YES, all = ends == TRUTH_NO ? TRUTH_YES : TRUTH_NO;

	switch (node->kind) {
	case NODE_FALSE:
		return TRUTH_NO;
	case NODE_TRUE:
		return TRUTH_YES;
	case NODE_PREDICATE:
		return atom_answer(s, choice, node->atom);
	case NODE_NOT:
		all = answer(s, choice, node->children[0]);
		return all == TRUTH_OPEN ? all : all == TRUTH_YES ? TRUTH_NO : TRUTH_YES;
	default:
		for (size_t i = 0; i < node->count; i++) {
			enum truth one = answer(s, choice, node->children[i]);

			if (one == ends)
				return one;
			all = one == TRUTH_OPEN ? one : all;
		}
		return all;
	}
}

enum truth search_answer(const struct search *s, const size_t *choice)
{
	return answer(s, choice, s->root);
}

/* What is still open once the answer stands: the first vector of each. */
static void fill_choice(const struct search *s, size_t *choice, size_t except)
{
	for (size_t i = 0; i < s->cluster_count; i++) {
		if (choice[i] == SIZE_MAX && i != except)
			choice[i] = 0;
	}
}

/* One question, or two at once: with `yes` in the cluster the tree must hold, with `no` it must not. */
struct aim {
	const struct search *search;
	size_t *choice;
	size_t cluster, yes, no; /* cluster SIZE_MAX: one question */
	bool wanted;
	size_t steps;
};

/* NO: cannot be; YES: is so already, whatever the rest; OPEN. */
static enum truth reached(struct aim *aim)
{
	enum truth one;

	if (aim->cluster == SIZE_MAX) {
		one = search_answer(aim->search, aim->choice);
		return one == TRUTH_OPEN ? one : (one == TRUTH_YES) == aim->wanted ? TRUTH_YES : TRUTH_NO;
	}
	aim->choice[aim->cluster] = aim->yes;
	one = search_answer(aim->search, aim->choice);
	aim->choice[aim->cluster] = aim->no;
	enum truth other = search_answer(aim->search, aim->choice);

	aim->choice[aim->cluster] = SIZE_MAX;
	if (one == TRUTH_NO || other == TRUTH_YES)
		return TRUTH_NO;
	return one == TRUTH_YES && other == TRUTH_NO ? TRUTH_YES : TRUTH_OPEN;
}

static bool aim_from(struct aim *aim, size_t from)
{
	enum truth now = reached(aim);
	size_t next = from;

	if (now != TRUTH_OPEN || ++aim->steps > STEPS_MOST)
		return now == TRUTH_YES;
	while (next < aim->search->cluster_count && (aim->choice[next] != SIZE_MAX || next == aim->cluster))
		next++;
	if (next == aim->search->cluster_count)
		return false;
	for (size_t v = 0; v < aim->search->clusters[next].vector_count; v++) {
		aim->choice[next] = v;
		if (aim_from(aim, next + 1))
			return true;
	}
	aim->choice[next] = SIZE_MAX;
	return false;
}

bool search_choose(const struct search *s, size_t *choice, bool wanted)
{
	struct aim aim = {.search = s, .choice = choice, .cluster = SIZE_MAX, .wanted = wanted};

	if (!aim_from(&aim, 0))
		return false;
	fill_choice(s, choice, SIZE_MAX);
	return true;
}

bool search_decide(const struct search *s, size_t *choice, size_t cluster, size_t yes, size_t no)
{
	struct aim aim = {.search = s, .choice = choice, .cluster = cluster, .yes = yes, .no = no};

	if (!aim_from(&aim, 0))
		return false;
	fill_choice(s, choice, cluster);
	return true;
}

size_t search_total(const struct search *s)
{
	size_t total = 1;

	for (size_t i = 0; i < s->cluster_count; i++) {
		if (s->clusters[i].vector_count > 0 && total > SIZE_MAX / s->clusters[i].vector_count)
			return SIZE_MAX;
		total *= s->clusters[i].vector_count;
	}
	return total;
}
