/*
 * json_beside: gates, comparisons and proposals as JSON, the same wherever they are written (docs/report.schema.json).
 * Each writes one value, after a key; NULL is written as null.
 */
#ifndef MEWS_JSON_BESIDE_H
#define MEWS_JSON_BESIDE_H

#include "replay/measure/json_write.h"
#include "replay/report/report.h"

void json_gates(struct json_write *json, const struct gate_results *gates);
void json_comparison(struct json_write *json, const struct comparison *comparison);
void json_proposal(struct json_write *json, const struct proposal *proposal);
void json_proposals(struct json_write *json, const struct proposals *const *proposals, size_t count);
/* "organization": its name, or null without a baseline. */
void json_organization(struct json_write *json, const struct organization *organization);
void json_rate(struct json_write *json, const char *key, const struct rate *rate);

#endif
