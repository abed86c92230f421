/*
 * json_yaml: a JSON text as the tree that the interpreters of manifests read (JSON is YAML).
 *
 * Parsed by jansson. Numbers and truths become plain scalars, strings quoted ones. All nodes stand at the one place that
 * is handed in: the body of a recorded request has no lines of its own.
 */
#ifndef MEWS_JSON_YAML_H
#define MEWS_JSON_YAML_H

#include "catalog/yaml.h"

/* NULL: the text is no JSON, or nested deeper than 64. */
const struct yaml *json_yaml(struct arena *arena, struct text text, const char *file, uint64_t line);

/* A JSON Patch (RFC 6902: a sequence of operations) → the object that its `add` and `replace` operations build from
 * nothing: {"op": "add", "path": "/spec/hostPID", "value": true} → {spec: {hostPID: true}}. Items of a list keep their
 * order of appearance. NULL: the sequence holds no such operation. */
const struct yaml *json_patch_object(struct arena *arena, const struct yaml *operations);

#endif
