/*
 * meanings: what the names of arguments (ORG, FILE, …) in the verbs' tables stand for.
 */
#ifndef MEWS_MEANINGS_H
#define MEWS_MEANINGS_H

#include "catalog/text.h"
#include "cli/verb.h"

enum meant {
	MEANT_FREE, /* whatever somebody writes: a day, a text */
	MEANT_WORDS, MEANT_FILES, MEANT_FOLDERS, MEANT_ORGANIZATIONS, MEANT_DETECTIONS, MEANT_TESTS, MEANT_TARGETS,
	MEANT_DATASETS, MEANT_EPISODES, MEANT_READERS, MEANT_DIALECTS, MEANT_REPORTS, MEANT_EXPORTS, MEANT_KINDS,
	MEANT_RUNS, MEANT_VERBS, MEANT_FILE_KINDS, MEANT_REPORT_FILES, /* json=… */
};

struct meaning {
	const char *verb, *option; /* of this verb, of this option alone; NULL: of any */
	const char *name;          /* ORG */
	enum meant meant;
	const char *words;         /* these as well, with blanks between; or NULL */
};

/* NULL: nothing is known of it. `option`: NULL for an operand. */
const struct meaning *meaning_find(const char *verb, const char *option, struct text name);

/* The operand at a position of one usage form, as "DATASET|FOLDER|FILE"; empty: none stands there. */
struct text meaning_operand(const struct verb *verb, struct text form, size_t position);

#endif
