/*
 * correlation: conditions over several events as Sigma correlations, one file for each family of log sources.
 *
 *   sequence by user.name with maxspan=10m            rules/correlation_…_auditd.yml, documents of one file:
 *     [authentication where …failure] with runs=5       a rule for each step (level informational)
 *     [authentication where …success]                   event_count of the first, gte 5
 *                                                       temporal_ordered of that and the second
 *
 * A step of several rules of one log source is one rule of any of them; of several log sources in one family (what Sysmon's
 * categories show, auditd, Kubernetes' audit) a correlation is written for each choice. `sample` becomes temporal,
 * distinct(F)=N value_count. Keys that stand under different names are aliases.
 * A correlation fires for every event that ends such an occurrence, where the condition takes the first; ![ ] and until
 * cannot be said: so it is wider at best. Without a key that all steps have by its own name there is none.
 */
#ifndef MEWS_SIGMA_CORRELATION_H
#define MEWS_SIGMA_CORRELATION_H

#include "generator/sigma/filters.h"

/* Writes the sequence's files, and leaves name, fidelity and reasons in it. Returns the number of correlations. */
size_t correlation_write(struct sigma_pack *sigma, struct sigma_filters *filters, struct pack_sequence *sequence);

#endif
