/*
 * made_facet: a facet in the making, whose fields agree with each other.
 *
 * Some fields follow from others (process.name from process.executable): predicates on them are met by values of the
 * field that they follow from. made_finish puts in what follows, and refuses what no sensor could see together: a
 * name that is not the executable's, a container's id on the host, the address of a unix socket with a port.
 */
#ifndef MEWS_MADE_FACET_H
#define MEWS_MADE_FACET_H

#include "catalog/detection.h"
#include "catalog/made_values.h"

/* Numbers of fields that were asked for by a literal, by its address: thousands of facets ask for the same. Zeroes to
 * begin with; one registry's. */
enum { MADE_NAMES = 128 };
struct made_names {
	struct {
		const char *name;
		unsigned field;
	} slots[MADE_NAMES];
};

struct made_facet {
	struct made_names *names; /* NULL: none are kept */
	struct arena *arena;
	const struct registry *registry;
	unsigned category, action;
	struct test_field *fields; /* `null`: missing on purpose */
	size_t count;
	bool plain; /* of made_finish */
};

void made_set(struct made_facet *facet, unsigned field, const struct text *texts, size_t count);
void made_set_missing(struct made_facet *facet, unsigned field);
/* Its entry, a missing one too; NULL: nothing was said of it. */
const struct test_field *made_get(const struct made_facet *facet, unsigned field);

/* The field that the value of this one follows from; itself where there is none. */
unsigned made_primary(const struct registry *registry, unsigned field);
/* Values of a field → values of its primary that have it so. Adds them to the pool. */
void made_lift(struct made_pool *primary, unsigned field, const struct registry *registry, const struct made_pool *values);

/* The first argument, where a value of process.args leaves it to the executable: an empty text without data. */
#define MADE_PROGRAM ((struct text){NULL, 0})

/* Adds what follows, and, unless `plain`, what such events have anyway (user, pid, host; `turn` varies them).
 * false: the fields contradict each other. */
bool made_finish(struct made_facet *facet, bool plain, unsigned turn);
/* As a test's facet: event.category and event.action first, without what is missing. */
struct test_facet made_finished(const struct made_facet *facet);

#endif
