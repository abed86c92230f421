/*
 * threat: ATT&CK techniques → the `threat` of Elastic's rules, which lists techniques under the tactics they serve.
 */
#ifndef MEWS_ELASTIC_THREAT_H
#define MEWS_ELASTIC_THREAT_H

#include "catalog/detection.h"

#include <jansson.h>

/* A list, with one object for each tactic; techniques whose tactics are not known stand under none and are left out. */
json_t *elastic_threat(struct arena *arena, const struct texts *techniques);

#endif
