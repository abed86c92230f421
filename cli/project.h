/*
 * project: where a user's catalog, corpus and store are (mews.yaml), and the catalog opened through the store.
 *
 *   # mews.yaml, in the folder where mews is called
 *   catalog: rulesets
 *   corpus: corpus
 *   store: mews.db
 *   organizations: [web-shop, build-farm]   # whom replay and generate serve when none is named
 *   max_rejected: 0.01                      # share of rejected lines that fails a replay
 *   gates: {lost_episodes: 0}               # what a change must not do (replay/gate/gate.h, docs/gates.md)
 *
 * Paths are relative to the project file. What stands before the verb (--catalog, --store) goes first; another catalog
 * brings organizations of its own, so those that the project file names are not asked for then.
 */
#ifndef MEWS_PROJECT_H
#define MEWS_PROJECT_H

#include "catalog/store.h"
#include "cli/verb.h"
#include "replay/gate/gate.h"

struct project {
	struct arena arena;
	struct diagnostics diagnostics;
	const char *catalog_folder, *corpus_folder, *store_file;
	const char **organizations;
	size_t organization_count;
	double max_rejected;
	const struct gates *gates; /* NULL: the file says none */
	struct store *store;
	struct catalog catalog;
};

/* Reads the project file and settles the paths. 0, or -1 (reported in project->diagnostics). */
int project_begin(struct project *project, const struct global *global);
/* Brings the store up to date with the folder (loading it when its hash differs), then reads the catalog
 * from the store. Where there is no such folder, the store's current revision serves. */
int project_open(struct project *project);
/* The store alone, which must be there: for verbs that look at stored runs, whatever becomes of the catalog meanwhile. */
int project_open_store(struct project *project);
/* The gates of another project file. *gates is NULL where it has none. -1: reported. */
int project_gates(struct project *project, const char *file, const struct gates **gates);
/* Prints what was reported and frees everything; `status`, or EXIT_WRONG where an error was reported. */
enum exit_status project_end(struct project *project, enum exit_status status);

/* The organizations of these names, each once. -1: reported. The list is the arena's. */
int project_named(struct project *project, const char *const *names, size_t named, const struct organization ***list,
	size_t *count);
/* The organizations named by -O/--org, else the project's, else all of the catalog. -1: reported. */
int project_organizations(struct project *project, const struct options *options, const struct organization ***list,
	size_t *count);
/* --max-rejected (0.02 or 2%), else the project's share. -1: reported. */
int project_max_rejected(struct project *project, const struct options *options, double *share);
/* --jobs N (0: not given, as many threads as there are CPUs), and the size of batches, which MEWS_TEST_BATCH sets so that
 * tests meet the borders between them. */
int project_jobs(struct project *project, const struct options *options, unsigned *jobs, size_t *batch);
#define OPTION_JOBS {"jobs", 'j', "N", "threads (default: the CPUs that mews may use); results do not depend on it"}
/* YYYY-MM-DD: --as-of, or today in UTC. -1: reported. */
int project_as_of(struct project *project, const struct options *options, struct text *day);

extern const struct yaml_form project_form; /* mews.yaml, as a table: catalog/yaml_form.h */

#endif
