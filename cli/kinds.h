/*
 * kinds: the sorts of YAML files that are mews's own, each with its table (catalog/yaml_form.h).
 *
 * A row tells a file by its place (a folder's or a file's name), else by the keys that stand in it. Files of others, whose
 * place or keys look alike, are told by name, so that nobody is left to wonder why a Kubernetes manifest is not ours.
 */
#ifndef MEWS_KINDS_H
#define MEWS_KINDS_H

#include "catalog/yaml_form.h"

struct file_kind {
	const char *name;          /* detection */
	const char *places[3];     /* globs for editors, seen from the project's folder; `CATALOG` stands for the catalog's folder */
	const char *title, *about; /* what it is, in words; a sentence */
	const struct yaml_form *form;
	const char *keys[4];       /* a file that stands elsewhere is of the kind if it has these; none: never */
};

extern const struct file_kind file_kinds[]; /* ends with name NULL */

const struct file_kind *file_kind_find(struct text name);
/* By the path alone; NULL: it tells nothing. */
const struct file_kind *file_kind_of_path(const char *path);
/* By the keys; NULL: none of ours. */
const struct file_kind *file_kind_of_keys(const struct yaml *document);
/* What else the document is ("a Kubernetes manifest"), or NULL. */
const char *file_kind_of_others(const struct yaml *document);

#endif
