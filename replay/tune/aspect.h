/*
 * aspect: what each field says about the cause of an alert, and whether an exception may speak of it.
 *
 * One table: what was acted upon (mounts, files, addresses), which program, by which words, whose child, which user, where.
 * Fields that change from one time to the next (process ids, times, inodes, container ids) are VOLATILE: no exception names
 * them. A field that another one implies (process.name by process.executable) yields to it.
 *
 *   struct aspects aspects;
 *   aspects_make(&aspects, &arena, &catalog->registry);
 *   aspects.items[field].use, .weight, aspects_covers(&aspects, executable, name)
 */
#ifndef MEWS_TUNE_ASPECT_H
#define MEWS_TUNE_ASPECT_H

#include "catalog/event.h"

enum aspect_use {
	ASPECT_SKIPPED,  /* volatile, or what sort of event it is */
	ASPECT_SPARE,    /* only where nothing else tells */
	ASPECT_USED,
};

/* In the order in which an exception names them. */
enum aspect_kind { ASPECT_PROGRAM, ASPECT_OBJECT, ASPECT_WORDS, ASPECT_PARENT, ASPECT_WHO, ASPECT_WHERE, ASPECT_KINDS };

struct aspect {
	enum aspect_use use;
	enum aspect_kind kind;
	double weight;           /* how much it tells one cause from another */
	bool place;              /* several values of it are one cause at several places: hosts, users, folders */
};

struct aspects {
	const struct registry *registry;
	struct aspect *items;    /* [registry.field_count] */
	const unsigned (*covers)[2]; /* a field, and one that it implies; ends with FIELD_NONE */
};

void aspects_make(struct aspects *aspects, struct arena *arena, const struct registry *registry);
/* Where `field` is pinned, is `other` too? */
bool aspects_covers(const struct aspects *aspects, unsigned field, unsigned other);

#endif
