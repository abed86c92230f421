/*
 * yaml_snippet: what editors put in when somebody asks for what must stand in a place (defaultSnippets of a JSON Schema).
 *
 * A snippet is the value as JSON, in which `${1:docker-socket-mount}` is the first place to fill in, with what stands there
 * meanwhile, and `${2|low,medium|}` one with words to choose from. Internal to yaml_schema.c. Each gives a new reference.
 */
#ifndef MEWS_YAML_SNIPPET_H
#define MEWS_YAML_SNIPPET_H

#include "catalog/catalog.h"
#include "catalog/yaml_form.h"

#include <jansson.h>

/* The keys that a record must have, in their order. The catalog (or NULL) knows actions. */
json_t *yaml_snippets_of_record(const struct yaml_form *form, const struct catalog *catalog);
/* A facet of each category. */
json_t *yaml_snippets_of_events(const struct registry *registry);
/* A condition on each category; without `whole` on none, and then NULL. NULL without a catalog, too. */
json_t *yaml_snippets_of_conditions(const struct catalog *catalog, bool whole);

#endif
