/*
 * registry: the closed set of fields, categories and actions (rulesets/fields.yaml).
 *
 * Fields, categories and actions are small numbers in everything that runs; names stand here only.
 * The first fields are known to the C code by the constants below (the loader puts them there and
 * insists that the file has them).
 */
#ifndef MEWS_REGISTRY_H
#define MEWS_REGISTRY_H

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
};

/* Returns -1 after errors were reported. Texts are the document's: it must live as long. */
int registry_load(struct registry *registry, struct arena *arena, const struct yaml *document, struct diagnostics *d);

unsigned registry_field(const struct registry *registry, struct text name); /* FIELD_NONE: not there */
unsigned registry_category(const struct registry *registry, struct text name, bool *found);
/* The action of that name in the category; 0: not there. */
unsigned registry_action(const struct registry *registry, unsigned category, struct text name);
/* The registered field nearest to a misspelt name, or an empty text. */
struct text registry_nearest_field(const struct registry *registry, struct text name);
const char *value_type_name(enum value_type type);

#endif
