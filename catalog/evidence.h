/*
 * evidence: by which kind of record a condition sees an act, told from the events that it can be true of.
 *
 *   unsigned kinds = evidence_of(condition, &catalog.registry);
 *   kinds & 1u << EVIDENCE_FILE           can a file event make it true?
 *   evidence_name(EVIDENCE_FILE), evidence_about(EVIDENCE_FILE)
 *
 * Looked at are the condition's category and what it asks of event.action; other predicates count as possible, so no kind
 * is left out that could be. Of a sequence all steps count.
 */
#ifndef MEWS_EVIDENCE_H
#define MEWS_EVIDENCE_H

#include "catalog/condition.h"

enum evidence {
	EVIDENCE_COMMAND, /* a program that is started, with its arguments */
	EVIDENCE_REQUEST, /* a container that is asked for: command line, manifest, API body, engine event */
	EVIDENCE_API,     /* audit log of an API server */
	EVIDENCE_FILE,
	EVIDENCE_NETWORK,
	EVIDENCE_KERNEL,  /* system calls that no file's name and no command's words tell */
	EVIDENCE_LOG,     /* log-ins, sessions, accounts, messages */
	EVIDENCE_COUNT
};
const char *evidence_name(enum evidence kind);  /* command, request, api, file, network, kernel, log */
const char *evidence_about(enum evidence kind); /* a sentence */

unsigned evidence_of(const struct condition *condition, const struct registry *registry);

#endif
