/*
 * yaml_schema: a file format's table (yaml_form.h) as a JSON Schema (draft-07, which editors' YAML servers read best).
 *
 *   struct schema_source source = {.catalog = &catalog, .formats = names};
 *   yaml_schema_write(&detection_form, "detection", "A mews detection", &source, &buffer);
 *
 * What a schema says is what the loader checks by the same rows, and what helps who writes: each key's sentence as hover text
 * (description, markdownDescription), words and names to choose from (enum), examples, snippets of what must be there
 * (defaultSnippets). Names are those of the catalog: fields, actions, detections, organizations, dialects. Without a
 * catalog names are free. The same catalog gives the same bytes.
 *
 * tests/differential/schema.sh holds loader and schema against each other and lists where they differ, and why.
 */
#ifndef MEWS_YAML_SCHEMA_H
#define MEWS_YAML_SCHEMA_H

#include "catalog/catalog.h"
#include "catalog/yaml_form.h"

struct schema_source {
	const struct catalog *catalog;   /* NULL: names are free */
	const char *const *formats;      /* names of readers; ends with NULL */
};

/* `name` goes into the schema's id, `title` is what editors call it. */
void yaml_schema_write(const struct yaml_form *form, const char *name, const char *title, const struct schema_source *source,
	struct buffer *out);

#endif
