/*
 * groups: alerts that somebody would look at together.
 *
 * An alert group belongs to one detection × organization × entity (container, else session, else host).
 * It begins with its first alert and ends GROUP_SECONDS later; it never crosses a dataset, an episode or a
 * label. An alert without a container joins the host's open group, and a group without a container
 * takes in the first alert that has one: the command, the engine's event and the kernel's record of
 * one start are one group. Alerts without a time are grouped by episode and file.
 *
 * A container is known by its id, or by descent (entity.id where process.in_container), or by
 * both; two different ids are two containers, an id and a descent may be the same one.
 */
#ifndef MEWS_GROUPS_H
#define MEWS_GROUPS_H

#include "replay/measure/results.h"

enum { GROUP_SECONDS = 300 };

/* What grouping needs to know of an alert. Names are hashed; 0: not known. */
struct group_point {
	uint64_t host, container, descent, file;
	int64_t time;     /* ns; INT64_MIN: not known */
	long episode;     /* -1: outside */
	enum outcome outcome;
};

struct open_group {
	struct group_point first; /* container and descent: of the first alert that had one */
	uint64_t number;          /* from 1, in the order of beginning */
};

/* By which most groups are told from an alert's: of the first alert. */
struct group_key {
	uint64_t host;
	int64_t time;
};

/* The open groups of one detection in one organization. Zeroes are none. */
struct group_set {
	struct open_group *items; /* in the order of beginning, from `begin` on: many hosts have many */
	struct group_key *keys;   /* of each */
	size_t begin, count, capacity;
	uint64_t begun, newest;   /* groups that ever began; the number of the one that the newest alert belongs to */
};

/* Does a new group begin with this alert? Groups that ended are forgotten. */
bool group_add(struct group_set *set, const struct group_point *point);
void group_clear(struct group_set *set); /* keeps the memory, and numbers go on */
void group_free(struct group_set *set);

/* The event's point, from its matched facets first; `entity` (may be NULL) gets a name for people:
 * container:ID, session:ID or host:NAME, in the event's arena. */
struct group_fields {
	unsigned container, descent, in_container, session, host;
};
struct group_fields group_fields_of(const struct registry *registry);
struct group_point group_point_of(const struct group_fields *fields, const struct event *event, struct text *entity);

#endif
