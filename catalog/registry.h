/*
 * registry: the closed set of fields, categories and actions (rulesets/fields.yaml).
 *
 * Fields, categories and actions are small numbers in everything that runs; names stand here only.
 * The first fields are known to the C code by the constants below (the loader puts them there and
 * insists that the file has them).
 *
 * Further files (fields/NAME.yaml of a catalog) add fields that rules brought along which were taken in from
 * elsewhere: names that no dialect maps. Such a field is `native` to dialects: it stands there under its own name.
 *
 *   fields:
 *     ScriptBlockText: {type: keyword, list: true, native: [sigma], about: As Sigma rules name it.}
 */
#ifndef MEWS_REGISTRY_H
#define MEWS_REGISTRY_H

#include "catalog/layout.h"
#include "catalog/yaml.h"

enum value_type { TYPE_KEYWORD, TYPE_LONG, TYPE_BOOLEAN, TYPE_IP, TYPE_DATE };

enum { FIELD_NONE, FIELD_CATEGORY, FIELD_ACTION, FIELD_TYPE, FIELD_OUTCOME, FIELD_TIMESTAMP, FIELD_FIRST_OTHER };
enum { REGISTRY_FIELDS_MAX = 10000 };
enum { CATEGORY_ANY = 0 }; /* categories count from 1 */

struct field {
	struct text name;
	enum value_type type;
	bool list, path, shared, extension;
	bool mount; /* a path field whose values are source:destination:mode (container.mounts) */
	const struct text *native; /* dialects in which it stands under its own name without a row there */
	size_t native_count;
	struct text about;
};

struct action {
	struct text name;       /* exec */
	struct text type;       /* event.type: start */
	unsigned category;
};

struct category {
	struct text name;
	unsigned first_action, action_count; /* a run of registry.actions */
};

struct registry {
	struct field *fields; /* [0] is unused */
	size_t field_count;   /* one more than the highest field */
	struct category *categories; /* [0] is `any` */
	size_t category_count;
	struct action *actions; /* [0] is unused */
	size_t action_count;
	struct registry_index *index; /* name → number */
	struct layouts *layouts;      /* of facets; NULL: each has places of its own */
};

/* Returns -1 after errors were reported. Texts are the document's: it must live as long. */
int registry_load(struct registry *registry, struct arena *arena, const struct yaml *document, struct diagnostics *d);
/* The fields of a further file. A name that is there already must be of the same type; its native dialects add up. */
int registry_extend(struct registry *registry, struct arena *arena, const struct yaml *document, struct diagnostics *d);
/* Adds a field that is not there yet (its texts live as long as the registry); its number, or FIELD_NONE
 * where there are REGISTRY_FIELDS_MAX. Facets that were begun before do not know it. */
unsigned registry_add(struct registry *registry, struct arena *arena, const struct field *field);
/* Is the field native to the dialect? */
bool field_native(const struct field *field, struct text dialect);
/* Adds the dialect to the field's natives. */
void registry_add_native(struct registry *registry, struct arena *arena, unsigned field, struct text dialect);

unsigned registry_field(const struct registry *registry, struct text name); /* FIELD_NONE: not there */
unsigned registry_category(const struct registry *registry, struct text name, bool *found);
/* The action of that name in the category; 0: not there. */
unsigned registry_action(const struct registry *registry, unsigned category, struct text name);
/* The registered field nearest to a misspelt name, or an empty text. */
struct text registry_nearest_field(const struct registry *registry, struct text name);
const char *value_type_name(enum value_type type);

extern const struct yaml_form registry_form, registry_extension_form; /* fields.yaml, and files in fields: yaml_form.h */

#endif
