/*
 * pack: all the rules of one target for one organization, as files, with fidelity.json.
 *
 * catalog → for each detection that the organization runs: lower (lower.h) → target's writer → files in
 *   directory/TARGET/ORGANIZATION/…   (the plain pack's organization is `plain`)
 * The same input gives the same bytes: no date, no path of a machine. Files are written beside and
 * renamed, so that a pack is never half there; files of an older pack that are no longer made are removed
 * only if fidelity.json of that pack named them.
 */
#ifndef MEWS_PACK_H
#define MEWS_PACK_H

#include "generator/judge.h"
#include "generator/target.h"

struct pack_request {
	const struct catalog *catalog;
	const struct organization *organization; /* NULL: plain */
	const struct target *target;
	const char *directory;
	struct text as_of; /* YYYY-MM-DD: expired exceptions are left out */
	bool exact_case;   /* texts are compared with regard to case where the target must be asked for that at a price */
	/* [detection]: rules are made of these alone; NULL: of all that the organization runs. Of a target that says exceptions
	 * what a detection's rows claim does not depend on the others. */
	const bool *only;
};

/* Does the organization have an exception of its own that applies to the detection? Where it has none, and runs the
 * detection, its rules of that detection claim what those of the plain pack do. */
bool pack_excepts(const struct organization *organization, const struct detection *detection, struct text as_of);

/* One row of the fidelity table: a rule, or a condition that the target cannot say. */
struct fidelity_row {
	const struct detection *detection;
	const struct condition *condition;
	struct text action;      /* container.run, or several joined by ", " */
	struct text source;      /* native | derived */
	struct text group;       /* of the dialect; empty: none */
	enum fidelity fidelity;
	struct text rule;        /* its name or id in the pack; empty: none */
	struct texts reasons;
};

/* How a target says an exception that applies. */
struct exception_row {
	const struct exception *exception;
	bool shipped;            /* with a detection; else the organization's */
	bool used;               /* some rule excludes something by it */
	const char *word;        /* exact, narrowed, lost */
	const char *reason;      /* why it is no better; NULL for exact */
};

struct pack_summary {
	struct arena arena;
	struct fidelity_row *rows;
	size_t row_count;
	size_t rules, files;
	const char *path;        /* folder of the pack; NULL: not stored */
	struct pack_text *texts; /* of a pack that was built and not stored: its files, fidelity.json among them */
	size_t text_count;
	struct exception_row *exceptions;
	size_t exception_count;
	size_t exceptions_exact, exceptions_narrowed, exceptions_lost;
};

int pack_write(const struct pack_request *request, struct pack_summary *summary, struct diagnostics *d);
/* The same, but nothing is stored: the files' texts stand in the summary. request->directory is not looked at. */
int pack_build(const struct pack_request *request, struct pack_summary *summary, struct diagnostics *d);
void pack_summary_free(struct pack_summary *summary);

#endif
