/* viewing: what the parts of the view share. Internal to view.c, view_audit.c and view_cluster.c. */
#ifndef MEWS_SIGMA_VIEWING_H
#define MEWS_SIGMA_VIEWING_H

#include "generator/sigma/view.h"

struct viewing {
	const struct registry *registry;
	const struct event *event;
	const struct facet *facet;
	struct arena *arena;
	struct sights *sights;
};

/* The facet's values, or NULL; its first text, or an empty one. */
const struct values *viewing_values(const struct viewing *v, const char *field);
struct text viewing_text(const struct viewing *v, const char *field);
/* Is the facet of that category, and of that action (NULL: any)? */
bool viewing_is(const struct viewing *v, const char *category, const char *action);
/* A new record of the kind. */
struct sight *viewing_add(const struct viewing *v, const char *kind);
/* Puts a field's values under a raw name. */
void viewing_put(const struct viewing *v, struct sight *sight, const char *name, const char *field);
/* Adds the native fields of the facet to the newest record. One whose name the record has already stands for another
 * field: no record shows both, and it is taken away. */
void viewing_natives(const struct viewing *v, struct sight *sight);
/* The arguments joined by single spaces, or the command line. */
struct text viewing_command(const struct viewing *v, const char *line, const char *args);

void view_audit(const struct viewing *v);
void view_cluster(const struct viewing *v);

#endif
