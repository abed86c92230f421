/*
 * made_compose: one text that meets several predicates at once. Internal to made.c.
 *
 *   startswith(f, "C:\Users"), stringcontains(f, "\Desktop\"), endswith(f, ".txt")  →  C:\Users\Desktop\.txt
 */
#ifndef MEWS_MADE_COMPOSE_H
#define MEWS_MADE_COMPOSE_H

#include "catalog/made_search.h"

/* Texts for the cluster's one field: each way to begin with each way to end, and between them all that must be inside. The
 * predicates must be on the field itself. Returns their number. */
size_t made_compose(const struct search *search, const struct cluster *cluster, struct text **texts);

#endif
