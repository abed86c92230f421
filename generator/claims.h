/*
 * claims: what a pack says of itself in its fidelity.json, against the catalog: the rows that `mews verify` judges.
 *
 *   {"detection": "docker-socket-mount", "rows": [{"condition": "requested", "action": "container.run",
 *     "source": "derived", "fidelity": "wider", "events": "process_creation", "rule": "8765d562-…"}]}
 *
 * A pack that names what the catalog lacks is of another catalog: that is an error.
 */
#ifndef MEWS_CLAIMS_H
#define MEWS_CLAIMS_H

#include "generator/pack.h"

/* An exception that the pack folds into its rules. */
struct claimed_exception {
	const struct exception *exception;
	bool shipped;
	enum fidelity fidelity; /* EXACT; WIDER: narrowed; UNSUPPORTED: lost */
};

struct claim {
	const struct detection *detection;
	const struct condition *condition;
	bool any;                  /* of events of all actions: its condition names a log source */
	bool over_events;          /* a sequence or sample: judged on its last event */
	bool derived;              /* from a client's command line */
	unsigned *actions;         /* registry numbers */
	size_t action_count;
	struct text action, group; /* as fidelity.json has them */
	enum fidelity fidelity;
	struct text rule;          /* empty: none */
	struct texts reasons;
	const struct claimed_exception **exceptions; /* that speak of the detection */
	size_t exception_count;
};

struct claims {
	struct claim *items;
	size_t count;
	struct claimed_exception *exceptions;
	size_t exception_count;
	size_t rules;
};

/* `text` is fidelity.json; `file` names it in diagnostics. -1: reported. */
int claims_read(struct arena *arena, const struct catalog *catalog, const struct organization *organization,
	struct text text, const char *file, struct claims *claims, struct diagnostics *d);

#endif
