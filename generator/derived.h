/*
 * derived: bounds on command lines, for the container request that replay/derive reads from them.
 *
 * Made from the same option table (rulesets/clients.yaml): every spelling of the options that set a field,
 * then what the value must look like. Words in the wrong place look the same in a joined command line, so
 * all bounds are upper ones:
 *
 *   container.mounts like "/run/docker.sock:*"
 *     → .* (-[A-Za-z0-9]*v[= ]?|--volume[= ])/[/.]*(var/[/.]*)?run/[/.]*docker[.]sock…
 */
#ifndef MEWS_DERIVED_H
#define MEWS_DERIVED_H

#include "catalog/client.h"
#include "generator/bound.h"

struct deriving {
	struct arena *arena;
	const struct registry *registry;
	const struct clients *clients;
	struct text command_line; /* raw name of the joined command line */
	const unsigned *actions;  /* of category container, that the condition may ask for */
	size_t action_count;
};

/* Is this a field of the request, and not of the process that makes it? */
bool derived_field(const struct registry *registry, unsigned field);
/* Do the clients ask for such an action at all? */
bool derived_action(const struct clients *clients, unsigned action);
/* File names of the clients that can ask for one of the actions; the words of their commands as a
 * regular expression on the command line. */
size_t derived_names(struct arena *arena, const struct clients *clients, const unsigned *actions, size_t action_count,
	struct text **names);
struct text derived_words(struct arena *arena, const struct clients *clients, const unsigned *actions, size_t action_count);

struct bounds derived_bound(const struct deriving *deriving, const struct predicate *predicate);

#endif
