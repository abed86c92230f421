/*
 * gather: what the options of a command line say, collected field by field, in canonical spelling.
 *
 * Lists grow with each option, scalars keep the last value, as in the clients. Nothing is put into an
 * event before the whole line was read: gather_apply does that, with the defaults of a complete request.
 */
#ifndef MEWS_GATHER_H
#define MEWS_GATHER_H

#include "catalog/client.h"

struct gathered {
	unsigned field;
	struct text *items;
	size_t count;
	bool truth;      /* of a boolean field, where `count` is 1 */
	bool open;       /* there is more than the line says: no default */
};

struct gather {
	struct arena *arena;
	const struct registry *registry;
	struct text directory; /* working directory of the client, or empty */
	struct gathered *items;
	size_t count;
	bool help;    /* the client only prints */
	bool rootfs;  /* the image operand is a folder */
	bool latest;  /* the container operand is left out */
};

/* One option with its value ("" for a boolean without =value: true). false: the client would refuse it. */
bool gather_option(struct gather *gather, const struct client_option *option, struct text value);
void gather_text(struct gather *gather, unsigned field, struct text text);
void gather_image(struct gather *gather, struct text image);
void gather_container(struct gather *gather, struct text operand);
/* Sets the fields of `facet`. `set` not NULL: a complete request of that option set, with its defaults. */
void gather_apply(const struct gather *gather, struct event *event, struct facet *facet, const struct option_set *set);

#endif
