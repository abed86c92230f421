/*
 * facet_form: which fields a facet has, and in which order.
 *
 *   process.pid process.name user.name      form 1
 *   process.name process.pid                form 2
 *   process.pid process.name user.name      form 1
 *
 * One producer's events have few forms, so what follows from the form alone is found out once for each and looked up by number.
 * Of a facet that shares its layout (catalog/layout.h) that is the form. Of others a few forms are remembered; a facet that is
 * like none of them has a new number. Two facets with one number have the same fields in the same entries, always; how often
 * they have one is a matter of time alone.
 *
 * One thread's.
 */
#ifndef MEWS_FACET_FORM_H
#define MEWS_FACET_FORM_H

#include "catalog/event.h"

enum { FORM_LAYOUTS = 32, FORM_OTHERS = 8, FORM_PLACES = FORM_LAYOUTS + FORM_OTHERS };

struct facet_form {
	uint64_t number; /* 0: it is not known */
	size_t place;    /* below FORM_PLACES: where to keep what follows from it */
};

struct facet_forms {
	uint16_t *positions; /* [FORM_OTHERS][fields] */
	size_t fields;
	uint64_t numbers[FORM_OTHERS], last;
};

void facet_forms_make(struct facet_forms *forms, const struct registry *registry);
void facet_forms_free(struct facet_forms *forms);
struct facet_form facet_form_of(struct facet_forms *forms, const struct facet *facet);

#endif
