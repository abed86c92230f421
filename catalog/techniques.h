/*
 * techniques: ATT&CK's techniques, from a catalog's techniques.yaml: which ids there are, what they are called, which
 * belong to the matrix of the platform Containers, and why some of those leave nothing that a detection could see.
 *
 *   attack: "18.1"
 *   techniques: {T1053: Scheduled Task/Job, T1053.007: Container Orchestration Job, T1498: Network Denial of Service}
 *   revoked: [T1064]
 *   containers:
 *     T1053.007: {tactics: [execution, persistence]}
 *     T1498: {tactics: [impact], untraced: A flood is many packets, and no event knows packets}
 *
 * A catalog without the file knows no techniques (count 0): nothing is asked of its detections then.
 */
#ifndef MEWS_TECHNIQUES_H
#define MEWS_TECHNIQUES_H

#include "catalog/detection.h"

struct attack_technique {
	struct text id, name;
	bool containers;      /* of the matrix of the platform Containers */
	struct texts tactics; /* there, in ATT&CK's order */
	struct text untraced; /* why no detection can show it; empty: none is said */
	struct place place;   /* of its row in `containers`, else in `techniques` */
};

struct attack_techniques {
	struct text attack;   /* ATT&CK's version */
	struct attack_technique *items; /* sorted by id */
	size_t count;
	struct texts revoked; /* ids that ATT&CK took back */
};

extern const struct yaml_form techniques_form;

int techniques_load(struct attack_techniques *techniques, struct arena *arena, const struct yaml *document,
	struct diagnostics *d);
const struct attack_technique *techniques_find(const struct attack_techniques *techniques,
	struct text id); /* NULL: there is none */
bool techniques_revoked(const struct attack_techniques *techniques, struct text id);
/* "Scheduled Task/Job: Container Orchestration Job"; the id itself where the name is not known. */
struct text technique_title(struct arena *arena, const struct attack_techniques *techniques, struct text id);
/* https://attack.mitre.org/techniques/T1053/007/ */
struct text technique_link(struct arena *arena, struct text id);
/* Is it the technique, or one below it? T1053 covers T1053.007, not the other way about. */
bool technique_within(struct text id, struct text technique);

#endif
