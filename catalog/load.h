/*
 * load: what the loaders of detections, organizations and lists share.
 *
 * Each load_ function reads one key of a mapping. A key that is not there leaves the result empty and
 * is no error here (yaml_check has reported it where it is required). Each returns 0, or -1 after it
 * reported the fault at its place.
 */
#ifndef MEWS_LOAD_H
#define MEWS_LOAD_H

#include "catalog/condition.h"
#include "catalog/detection.h"
#include "catalog/yaml_form.h"

/* docker-socket-mount: lower-case letters and digits, single hyphens between, at most 100 bytes. */
bool name_is_slug(struct text name);
/* [A-Za-z_][A-Za-z0-9_]*, at most 100 bytes: what a condition can name without quotes. */
bool name_is_identifier(struct text name);
bool date_is_valid(struct text date);           /* YYYY-MM-DD of the calendar */
bool uuid_is_valid(struct text uuid);           /* 8-4-4-4-12 hex digits, either case */
bool technique_is_valid(struct text technique); /* T1234 or T1234.001 */

/* What the files are, as tables (yaml_form.h). */
extern const struct yaml_form detection_form, detection_test_form, organization_form, exception_form, shipped_exception_form,
	lists_form, named_lists_form, targets_form, severity_form;

/* A text without blanks at its ends; an empty one is an error. */
int load_text(const struct yaml *mapping, const char *key, struct diagnostics *d, struct text *text);
/* A text that `valid` accepts; `shape` says what it should look like. */
int load_valid(const struct yaml *mapping, const char *key, bool (*valid)(struct text), const char *shape,
	struct diagnostics *d, struct text *text);
/* One of `names`; *choice is untouched where the key is missing or wrong. */
int load_choice(const struct yaml *mapping, const char *key, const char *const *names, size_t count,
	struct diagnostics *d, unsigned *choice);
/* A list of texts without repetitions; `valid` may be NULL. */
int load_texts(struct arena *arena, const struct yaml *mapping, const char *key, bool (*valid)(struct text),
	const char *shape, struct diagnostics *d, struct texts *texts);

/* The places of what load_texts gave, beside them; NULL where it gave nothing. */
const struct place *load_places(struct arena *arena, const struct yaml *mapping, const char *key);

/* The file of a detection or organization is named after it: NAME.yaml. */
int load_file_name(const struct yaml *document, struct text name, struct diagnostics *d);

/* The scalar's text as a condition's source, with the place of its first character. For literal blocks
 * and scalars on one line the text is the scalar's; where YAML folded lines, it is the same text as it
 * stands in the file, so that lines and columns stay right (unless a string or a comment crosses the
 * fold: then only the first line's columns are right). */
struct scalar_source {
	struct text text;
	struct place place;
	unsigned indent;
};
struct scalar_source scalar_source(const struct yaml *scalar);

/* Parses a scalar as a condition (`CATEGORY where EXPR`), or, when `expression` is set and the text
 * does not begin with `WORD where`, as an expression over any category. NULL: reported. */
struct condition *load_condition(struct arena *arena, const struct scope *scope, const struct yaml *scalar,
	bool expression, struct diagnostics *d);

/* `targets:` of a detection or an exception: target → text, or target → {condition: text}. */
int load_targets(struct arena *arena, const struct yaml *mapping, struct diagnostics *d,
	struct target_override **targets, size_t *count);

#endif
