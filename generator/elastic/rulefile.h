/*
 * rulefile: detection rules as Elastic keeps them: TOML files of its public rules, and Kibana's exports as NDJSON.
 *
 *   [metadata]                             or    {"rule_id": "…", "name": "…", "type": "eql", "query": "…", …}
 *   creation_date = "2024/03/13"
 *   [rule]
 *   name = "…"                             → the same struct
 */
#ifndef MEWS_ELASTIC_RULEFILE_H
#define MEWS_ELASTIC_RULEFILE_H

#include "catalog/detection.h"

#include <jansson.h>

struct elastic_rule {
	struct text id, name, description, type, language, query;
	struct text author, date, modified; /* dates as YYYY-MM-DD, or empty */
	struct text from;                   /* how far it looks back: now-9m */
	enum severity severity;
	enum status status;
	struct texts indices, techniques, references, false_positives;
	bool filters, exceptions;           /* it has filters in Kibana's form; exceptions that are kept elsewhere */
};

/* `rule`: the object that holds the rule's keys; `metadata`: of a TOML file, or NULL. Texts are copied into the arena. */
void elastic_rule_read(struct arena *arena, const json_t *rule, const json_t *metadata, struct elastic_rule *out);

#endif
