/*
 * parse: Sigma documents (specification 2.1.0) → rules, correlations and filters.
 *
 *   title: Doas                          logsource  linux / process_creation
 *   logsource: {product: linux, …}       condition  ENDS Image, fold: /doas
 *   detection:
 *       selection:
 *           Image|endswith: /doas
 *       condition: selection
 *
 * A file is a stream of documents; `action: global`, `reset` and `repeat` of older files are honoured. Trees are of rule.h:
 * names as the rule writes them (a keyword has an empty name); expressions are of the whole value (search.h); `field: ''`
 * is EQUAL "" and `field: null` is not PRESENT. Every document of the input comes out; one that cannot be taken says
 * why and where in `error` and `error_place`. A file that is no YAML is one such document. All memory is the arena's.
 */
#ifndef MEWS_SIGMA_PARSE_H
#define MEWS_SIGMA_PARSE_H

#include "catalog/detection.h"
#include "generator/sigma/fault.h"

enum sigma_kind { SIGMA_RULE, SIGMA_CORRELATION, SIGMA_FILTER, SIGMA_PIPELINE /* whose `vars` are placeholders */ };

struct sigma_logsource {
	struct text product, category, service; /* lower case; empty: not named */
};

struct sigma_condition {
	struct text source;
	struct rule_node *node;
};

enum sigma_correlation_type {
	SIGMA_EVENT_COUNT, SIGMA_VALUE_COUNT, SIGMA_TEMPORAL, SIGMA_TEMPORAL_ORDERED, SIGMA_OTHER_CORRELATION
};
struct sigma_alias {
	struct text name;  /* of group-by */
	struct text rule, field;
};
struct sigma_bound {
	struct text op; /* gt, gte, lt, lte, eq, neq */
	int64_t count;
};
struct sigma_correlation {
	enum sigma_correlation_type type;
	struct texts rules;  /* names or ids */
	struct texts group_by;
	int64_t timespan;    /* seconds */
	struct sigma_bound bounds[4];
	size_t bound_count;  /* 0: none */
	struct texts fields; /* of value_count */
	struct sigma_alias *aliases;
	size_t alias_count;
	bool generate;       /* the rules alert by themselves, too */
};

struct sigma_document {
	enum sigma_kind kind;
	struct place place;
	struct text title, id, name, status, description, author, date, modified, level;
	struct texts references, tags, false_positives;
	struct text unkept;  /* names of further keys, joined by commas */
	struct sigma_logsource logsource;
	struct sigma_condition *conditions; /* of a rule, one or more; of a filter one */
	size_t condition_count;
	struct sigma_correlation correlation;
	bool filters_all;    /* a filter: of every rule of its log source */
	struct texts filtered; /* else: names or ids of rules */
	struct placeholders placeholders; /* of a pipeline */
	const char *error;   /* a sentence; NULL: it can be taken */
	struct place error_place;
};

/* The documents of a file. `placeholders` may be NULL. */
void sigma_parse(struct arena *arena, struct text content, const char *file, const struct placeholders *placeholders,
	struct sigma_document ***documents, size_t *count);

/* Is it a log source that the other one covers: all that `of` names is the same here? */
bool sigma_logsource_covers(const struct sigma_logsource *of, const struct sigma_logsource *logsource);

#endif
