/*
 * compose_project: what surrounds the services of a compose file: other files, variables, volumes, secrets.
 *
 * A compose file is read as `docker compose up` beside it would: variables come from the file `.env` in its folder (nothing
 * of this machine's environment), `extends: {file: …}` and `include:` are followed, a named volume that is a bind
 * (driver_opts: {o: bind, device: /srv}) stands for its folder, and file-based secrets and configs are mounts. Other files
 * are plain files of at most 1 MiB, at most 64 of them; of what comes by standard input there are none.
 */
#ifndef MEWS_COMPOSE_PROJECT_H
#define MEWS_COMPOSE_PROJECT_H

#include "catalog/yaml.h"
#include "replay/readers/compose_text.h"

struct compose_file {
	const char *path, *folder; /* folder NULL: there are no files beside it */
	const struct yaml *document;
};

struct compose_project {
	struct arena *arena;
	struct compose_file main;
	struct compose_variables variables;
	struct compose_file *others; /* read so far; document NULL: could not be read */
	size_t other_count;
};

/* `path` as the input has it. */
void compose_project_begin(struct compose_project *project, struct arena *arena, const char *path, const struct yaml *document);
/* A file named beside another one: an absolute path, or one below that one's folder. NULL: there is none. */
const struct compose_file *compose_project_file(struct compose_project *project, const struct compose_file *beside,
	struct text name);
/* The text with its variables filled in; false: it holds one that nobody knows. */
bool compose_project_resolve(const struct compose_project *project, struct text text, struct text *resolved);
/* What a named volume stands for: its own name, or the folder of the host that it binds. */
struct text compose_project_volume(const struct compose_project *project, struct text name);
/* The file of the host behind a secret or config (`kind`: secrets, configs), or an empty text. */
struct text compose_project_secret(const struct compose_project *project, const char *kind, struct text name);

/* NULL-safe; null is not there. */
const struct yaml *compose_get(const struct yaml *mapping, const char *key);
const struct yaml *compose_get_text(const struct yaml *mapping, struct text key);

#endif
