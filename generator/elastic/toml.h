/*
 * toml: TOML 1.0 as JSON values, for the files that Elastic keeps its detection rules in.
 *
 *   [rule]
 *   name = "Docker Socket"          → {"rule": {"name": "Docker Socket", "threat": [{"framework": "MITRE ATT&CK"}]}}
 *   [[rule.threat]]
 *   framework = "MITRE ATT&CK"
 *
 * Tables, arrays of tables, dotted and quoted keys, all four kinds of strings, arrays, inline tables, whole numbers,
 * floats, booleans; dates and times become texts. Strict: what is defined twice, a key without a value, a stray
 * character are errors. Why own code: Debian 12 packages readers of TOML for C++ only, and these files need no more than this.
 */
#ifndef MEWS_ELASTIC_TOML_H
#define MEWS_ELASTIC_TOML_H

#include "catalog/text.h"

#include <jansson.h>

struct toml_error {
	const char *message; /* a sentence */
	unsigned line, column;
};

enum { TOML_DEPTH_MAX = 100 };

/* An object, which the caller releases with json_decref; NULL: *error says why. */
json_t *toml_parse(struct text source, struct toml_error *error);

#endif
